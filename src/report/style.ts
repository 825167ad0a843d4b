/** The style sheet of the report: system fonts, two themes, narrow and wide screens, paper. */
import { themeDeclarations } from "./palette.js";

/** CSS of the report. Nothing in it refers to the network; its hash is the only style that the page's policy allows. */
export const reportStyle = `
:root{color-scheme:light dark;${themeDeclarations("light")};--page:#f5f6f8;--line:#dde1e6;--warn:#fff3d6;--warn-ink:#6b4700;--warn-line:#e0b040;--shade:rgba(29,35,43,.28)}
@media (prefers-color-scheme:dark){:root{${themeDeclarations("dark")};--page:#0e1217;--line:#2b343f;--warn:#3a2c0a;--warn-ink:#ffd98a;--warn-line:#8a6a1c;--shade:rgba(233,237,242,.34)}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,Helvetica,Arial,sans-serif}
main{max-width:1440px;margin:0 auto;padding:clamp(14px,3vw,40px) clamp(14px,4vw,48px) 64px}
h1{font-size:clamp(1.55rem,1.1rem + 2vw,2.3rem);line-height:1.2;margin:.35em 0 .5em;letter-spacing:-.015em;text-wrap:balance}
h2{font-size:1.3rem;line-height:1.3;margin:0 0 .5rem;letter-spacing:-.01em}
h3{font-size:1rem;margin:1.6rem 0 .5rem}
h4{font-size:.94rem;margin:1.2rem 0 .4rem}
p,ul,ol,dl{margin:.5rem 0}
a{color:var(--network)}
section{background:var(--paper);border:1px solid var(--line);border-radius:12px;padding:clamp(14px,2.4vw,28px);margin:20px 0}
.data{margin:0;color:var(--muted);overflow-wrap:anywhere}
.data strong{color:var(--ink)}
.generated{background:var(--warn);color:var(--warn-ink);border:2px solid var(--warn-line);border-radius:10px;padding:12px 16px;font-weight:600}
.generated strong{color:inherit;font-size:1.15em;letter-spacing:.02em}
.lead{border-left:5px solid var(--network)}
.lead details ul{padding-left:1.2em;margin:.4rem 0 .2rem}
.lead details li{margin:.3rem 0;max-width:100ch}
.lead details h3{margin:.9rem 0 .2rem}
.summary{font-size:1.12rem;font-weight:600;max-width:80ch}
.chip{font-weight:400;letter-spacing:0;vertical-align:2px;margin-left:.5em;display:inline-block;border:1px solid var(--axis);border-radius:99px;padding:1px 12px;font-size:.86rem;color:var(--muted)}
.note,figcaption,.key{color:var(--muted);font-size:.9rem}
.note{max-width:96ch}
.instead{border-left:3px solid var(--axis);padding-left:12px;max-width:96ch}
sub,sup{line-height:0}
figcaption{max-width:130ch}
nav{font-size:.92rem;display:flex;flex-wrap:wrap;gap:2px 16px;margin:14px 0 0}
.panels{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,290px),1fr));gap:14px 26px;margin:12px 0;align-items:start}
.panels>svg,.panels figure svg{display:block;width:100%;height:auto;max-width:480px}
.panels.large>svg{max-width:620px}
figure{margin:0}
.key{list-style:none;display:flex;flex-wrap:wrap;gap:2px 20px;padding:0;margin:.6rem 0 0}
.key svg{vertical-align:-3px;margin-right:6px}
.scroll{overflow-x:auto;margin:.6rem 0;border:1px solid var(--line);border-radius:8px;background:linear-gradient(to left,var(--paper) 30%,transparent) right/48px 100% no-repeat local,linear-gradient(to left,var(--shade),transparent) right/22px 100% no-repeat scroll}
.scroll:focus-visible{outline:2px solid var(--network)}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums;font-size:.9rem}
.caption{margin:1.1rem 0 .3rem;color:var(--muted);font-size:.92rem}
@media (min-width:1000px){.cols-1{grid-template-columns:minmax(0,480px)}.cols-2{grid-template-columns:repeat(2,minmax(0,480px))}.cols-2.large{grid-template-columns:repeat(2,minmax(0,620px))}.cols-3{grid-template-columns:repeat(3,minmax(0,480px))}}
@media (min-width:1280px){.cols-4{grid-template-columns:repeat(4,minmax(0,1fr))}}
.side .panels{grid-template-columns:repeat(auto-fit,minmax(min(100%,290px),1fr))}
.side{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,420px),1fr));gap:0 32px;align-items:start}
@media (min-width:1100px){.side{grid-template-columns:1fr 2fr}.side.even{grid-template-columns:1fr 1fr}}
th,td{padding:5px 8px;text-align:right;white-space:nowrap;border-bottom:1px solid var(--line)}
tbody tr:last-child>*{border-bottom:0}
th{font-weight:550}
thead th{color:var(--muted);font-weight:500}
thead th[colspan]{text-align:center;color:var(--ink);border-left:1px solid var(--line)}
.first{border-left:1px solid var(--line)}
th[scope=row],.words{text-align:left}
th[scope=row],thead tr:first-child>th:first-child{position:sticky;left:0;background:var(--paper);box-shadow:1px 0 var(--line)}
thead th.words{white-space:normal}
.mark{color:var(--muted);font-size:.82em}
.notes{font-size:.88rem;color:var(--muted);margin:.3rem 0 1rem;padding-left:2em}
.range{color:var(--muted);font-size:.88em}
td>.range{display:block;line-height:1.2}
.names th .range{display:block;font-weight:400}
.names th[scope=row]{white-space:normal;min-width:8.5em;line-height:1.25}
.reference td,.reference th[scope=row]{color:var(--input);background:var(--page)}
.wrap{white-space:normal;min-width:7em}
.scroll:has(>.compact){width:fit-content;max-width:100%}
.compact{width:auto;min-width:min(100%,32em)}
.glance{width:auto;min-width:min(100%,46em)}
.glance td{max-width:34em}
.glance th[scope=row]{width:30%;min-width:7.5em}
.glance th .range{display:block;font-weight:400}
.glance thead th{color:var(--ink);font-weight:600}
.glance td .range{display:block;line-height:1.35}
.glance .answer>*{background:var(--page)}
details{margin:.5rem 0}
details>figure{margin-top:.6rem}
summary{cursor:pointer;color:var(--network)}
.findings{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,340px),1fr));gap:8px 28px}
.findings dt{font-weight:600;margin-top:.6rem}
.findings dd{margin:0 0 .2rem}
dl.facts{display:grid;grid-template-columns:minmax(11em,max-content) 1fr;gap:2px 18px}
dl.facts dt{color:var(--muted)}
dl.facts dd{margin:0;overflow-wrap:anywhere}
code{font:.9em ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
.links{columns:16em;font-size:.9rem;padding-left:1.2em}
footer{color:var(--muted);font-size:.88rem}
@media (max-width:1320px){main{padding-left:clamp(14px,2vw,40px);padding-right:clamp(14px,2vw,40px)}section{padding:clamp(12px,1.8vw,28px)}table{font-size:.84rem}th,td{padding:4px 6px}}
@media (max-width:560px){dl.facts{grid-template-columns:1fr}dl.facts dd{margin-bottom:.4rem}th,td{padding:5px 9px}}
@media print{:root{${themeDeclarations("light")};--page:#fff;--line:#ccc;--warn:#fff;--warn-ink:#1d232b;--warn-line:#1d232b}body{font-size:10.5pt}main{padding:0;max-width:none}section{border:0;padding:0;break-inside:auto;border-radius:0}.lead{border-left:3px solid var(--network);padding-left:12px}table{font-size:7.5pt}th,td{padding:2px 4px;white-space:normal}h2,h3,h4,.caption{break-after:avoid}nav{display:none}figure,tr,.panels>svg{break-inside:avoid}.scroll{overflow:visible;border:0}details::details-content{content-visibility:visible;display:block}a{color:inherit}}
`.trim();

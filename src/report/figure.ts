/** Pictures inside a page: they follow its theme and fonts, and wrap on a narrow screen. */
import type { Chart } from "./charts/chart.js";
import { html, type Markup, trusted } from "./markup.js";
import { toThemeVariables, variableName } from "./palette.js";
import { chartTable } from "./sections/table.js";

/** A chart with its panels drawn, in the order of `chart.panels`. */
export interface DrawnChart {
  readonly chart: Chart;
  readonly panels: readonly string[];
  /** Folder of its files; null where it stands in the page only. @default charts */
  readonly folder?: string | null;
}

/** A chart as a figure: heading, key, panels, caption, links to its files and its numbers. */
export function chartMarkup({ chart, panels, folder = "charts" }: DrawnChart, heading: "h3" | "h4"): Markup {
  if (chart.instead !== undefined) return html`<p class="instead">${chart.instead}</p>\n`;
  const key = chart.key.map(
    ({ label, colour, shape, dash }) => html`<li>${trusted(keySymbol(colour, shape, dash))}${label}</li>`,
  );
  const name = heading === "h3" ? html`<h3>${chart.title}</h3>` : html`<h4>${chart.title}</h4>`;
  return html`<figure>
${name}
<ul class="key">${key}</ul>
<div class="${`panels cols-${chart.columns}`}">
${panels.map((svg, i) => [inlineSvg(svg, `${chart.title}: ${chart.panels[i]!.title}`), html`\n`])}</div>
<figcaption>${chart.caption}${
    folder === null
      ? null
      : html` <a href="${`${folder}/${chart.name}.svg`}">Picture</a>, <a href="${`${folder}/${chart.name}.vl.json`}">specification</a>.`
  }</figcaption>
${chart.table ? chartTable(chart.title, chart.table) : null}</figure>
`;
}

/** A line with its marker, as in the charts. */
function keySymbol(colour: string, shape: string, dash: readonly [number, number] | null): string {
  const markers: Record<string, string> = {
    circle: '<circle cx="15" cy="7" r="4"/>',
    square: '<rect x="11" y="3" width="8" height="8"/>',
    "triangle-up": '<path d="M15 2.5l4.6 8.5h-9.2z"/>',
    diamond: '<path d="M15 2l5 5-5 5-5-5z"/>',
    stroke: "",
  };
  const variable = `var(${variableName(colour)})`;
  const dashes = dash === null || dash[1] === 0 ? "" : ` stroke-dasharray="${dash.join(" ")}"`;
  const line = dash === null ? "" : `<path d="M0 7h30" stroke="${variable}" stroke-width="2"${dashes}/>`;
  return `<svg width="30" height="14" viewBox="0 0 30 14" aria-hidden="true" fill="${variable}">${line}${markers[shape] ?? ""}</svg>`;
}

/** A picture inside the page: it follows the page's theme and fonts, has no background and a name for readers. */
export function inlineSvg(svg: string, title: string): Markup {
  const body = toThemeVariables(svg)
    .replace(/<rect width="[\d.]+" height="[\d.]+" fill="var\(--paper\)"\/>/, "")
    .replace(/<title>[^<]*<\/title>/, "")
    .replace(/^<svg (?:font-family="[^"]*" )?/, "")
    .replace('xmlns="http://www.w3.org/2000/svg" version="1.1" class="marks" ', "");
  return html`<svg role="img" aria-label="${title}" ${trusted(body.trimStart())}`;
}

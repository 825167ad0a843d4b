/**
 * The report: one HTML file that needs nothing else. No script, no request, a content policy that forbids both, system
 * fonts, light and dark. Pure: the same result and pictures give the same bytes.
 */
import { createHash } from "node:crypto";
import type { StudyResult } from "../study/result.js";
import type { Chart } from "./charts/chart.js";
import { html, type Markup, trusted } from "./markup.js";
import { toThemeVariables } from "./palette.js";
import {
  accuracySection,
  barcodeSection,
  bettiSection,
  boundsSection,
  controlsSection,
  everyNumberSection,
  failuresSection,
  headSection,
  manifestSection,
} from "./sections/all.js";
import { reportStyle } from "./style.js";
import { datasetLine } from "./words.js";

/** A chart with its panels drawn, in the order of `chart.panels`. */
export interface DrawnChart {
  readonly chart: Chart;
  readonly panels: readonly string[];
}

/** A picture of a barcode; `svg` is absent when the report only links to its file. */
export interface DrawnBarcode {
  readonly title: string;
  /** Path from the study's folder, with forward slashes. */
  readonly file: string;
  readonly svg?: string;
}

/** Everything drawn that goes into a report. */
export interface ReportPictures {
  readonly charts: readonly DrawnChart[];
  readonly barcodes: readonly DrawnBarcode[];
}

/** Writes the report of a study as one HTML document. */
export function reportHtml(result: StudyResult, pictures: ReportPictures): string {
  const drawn = (name: string): Markup[] =>
    pictures.charts.filter(({ chart }) => chart.name.startsWith(name)).map(chartMarkup);
  const policy = [
    "default-src 'none'",
    `style-src 'sha256-${createHash("sha256").update(reportStyle).digest("base64")}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${`bettina, ${result.config.preset} study: ${datasetLine(result.dataset)}`}</title>
<style>${trusted(reportStyle)}</style>
</head>
<body>
<main>
${headSection(result)}
${bettiSection(result, drawn("betti-"))}
${accuracySection(result, [...drawn("accuracy"), ...drawn("loss")])}
${controlsSection(result)}
${boundsSection(result, drawn("bounds"))}
${barcodeSection(
  pictures.barcodes.map(({ title, file, svg }) => ({
    title,
    file,
    picture: svg === undefined ? undefined : inlineSvg(svg, title),
  })),
)}
${everyNumberSection(result)}
${failuresSection(result)}
${manifestSection(result)}
<footer>Made by bettina ${result.versions.bettina}. Everything here is computed from <code>study.json</code> in the same folder.</footer>
</main>
</body>
</html>
`;
  return page.text;
}

function chartMarkup({ chart, panels }: DrawnChart): Markup {
  const key = chart.key.map(
    ({ label, colour, shape, dash }) => html`<li>${trusted(keySymbol(colour, shape, dash))}${label}</li>`,
  );
  return html`<figure>
<h3>${chart.title}</h3>
<ul class="key">${key}</ul>
<div class="panels">
${panels.map((svg, i) => [inlineSvg(svg, `${chart.title}: ${chart.panels[i]!.title}`), html`\n`])}</div>
<figcaption>${chart.caption} <a href="${`charts/${chart.name}.svg`}">Picture</a>, <a href="${`charts/${chart.name}.vl.json`}">specification</a>.</figcaption>
</figure>
`;
}

/** A line with its marker, as in the charts. */
function keySymbol(colour: string, shape: string, dash: readonly [number, number]): string {
  const markers: Record<string, string> = {
    circle: '<circle cx="15" cy="7" r="4"/>',
    square: '<rect x="11" y="3" width="8" height="8"/>',
    "triangle-up": '<path d="M15 2.5l4.6 8.5h-9.2z"/>',
    diamond: '<path d="M15 2l5 5-5 5-5-5z"/>',
    stroke: "",
  };
  const variable = `var(--${colour})`;
  const dashes = dash[1] === 0 ? "" : ` stroke-dasharray="${dash.join(" ")}"`;
  return (
    `<svg width="30" height="14" viewBox="0 0 30 14" aria-hidden="true" fill="${variable}">` +
    `<path d="M0 7h30" stroke="${variable}" stroke-width="2"${dashes}/>${markers[shape] ?? ""}</svg>`
  );
}

/** A picture inside the page: it follows the page's theme and fonts, has no background and a name for readers. */
function inlineSvg(svg: string, title: string): Markup {
  const body = toThemeVariables(svg)
    .replace(/<rect width="[\d.]+" height="[\d.]+" fill="var\(--paper\)"\/>/, "")
    .replace(/<title>[^<]*<\/title>/, "")
    .replace(/^<svg (?:font-family="[^"]*" )?/, "")
    .replace(' xmlns="http://www.w3.org/2000/svg" version="1.1" class="marks"', "");
  return html`<svg role="img" aria-label="${title}" ${trusted(body.trimStart())}`;
}

/**
 * The report: one HTML file that needs nothing else. No script, no request, a content policy that forbids both, system
 * fonts, light and dark. Pure: the same result and pictures give the same bytes.
 */
import { createHash } from "node:crypto";
import type { EnvironmentRecord } from "../study/manifest.js";
import type { StudyResult } from "../study/result.js";
import type { Chart } from "./charts/chart.js";
import { html, type Markup, trusted } from "./markup.js";
import { toThemeVariables, variableName } from "./palette.js";
import { bettiSection, curvesSection, distancesSection } from "./sections/betti.js";
import { boundsSection } from "./sections/bounds.js";
import { comparisonSection } from "./sections/comparison.js";
import { controlsSection } from "./sections/controls.js";
import { headSection } from "./sections/head.js";
import { knownSection } from "./sections/known.js";
import { failuresSection, manifestSection } from "./sections/manifest.js";
import { numbersSection } from "./sections/numbers.js";
import { type PictureLink, picturesSection } from "./sections/pictures.js";
import { protocolSection } from "./sections/protocol.js";
import { chartTable } from "./sections/table.js";
import { trainingSection } from "./sections/training.js";
import { reportStyle } from "./style.js";
import { datasetLine } from "./words.js";

/** A chart with its panels drawn, in the order of `chart.panels`. */
export interface DrawnChart {
  readonly chart: Chart;
  readonly panels: readonly string[];
  /** Folder of its files. @default charts */
  readonly folder?: string;
}

/** A barcode drawn. */
export interface DrawnBarcode {
  readonly title: string;
  readonly svg: string;
}

/** The input's and one network's pictures, class by class. */
export interface DrawnNetwork {
  readonly title: string;
  readonly classes: readonly {
    readonly name: string;
    readonly barcodes: readonly DrawnBarcode[];
    readonly scatter: DrawnChart | null;
  }[];
}

/** Everything that goes into a report beside the result. */
export interface ReportParts {
  readonly charts: readonly DrawnChart[];
  readonly networks: readonly DrawnNetwork[];
  /** Pictures in files beside the report. */
  readonly links: readonly PictureLink[];
  /** Times and machine, where they are known. */
  readonly environment: EnvironmentRecord | null;
}

/** Writes the report of a study as one HTML document. */
export function reportHtml(result: StudyResult, parts: ReportParts): string {
  const drawn = (name: string): Markup[] =>
    parts.charts.filter(({ chart }) => chart.name.startsWith(name)).map((one) => chartMarkup(one, "h3"));
  const groups = parts.networks.map(({ title, classes }) => ({
    title,
    classes: classes.map(({ name, barcodes, scatter }) => ({
      name,
      barcodes: barcodes.map(({ title, svg }) => inlineSvg(svg, title)),
      scatter: scatter && chartMarkup(scatter, "h4"),
    })),
  }));
  const sections: readonly (readonly [string, Markup])[] = [
    ["Betti numbers", bettiSection(result, drawn("betti-"))],
    ["Known numbers", knownSection(result)],
    ["Betti curves", curvesSection(result, drawn("curves-"))],
    ["Does it help?", comparisonSection(result)],
    ["Accuracy", trainingSection(result, [...drawn("accuracy"), ...drawn("loss")])],
    ["Layer to layer", distancesSection(drawn("distances-"))],
    ["Bounds", boundsSection(result, drawn("bounds"))],
    ["Barcodes and diagrams", picturesSection(groups, parts.links)],
    ["Controls and readouts", controlsSection(result)],
    ["Protocol", protocolSection(result)],
    ["Every number", numbersSection(result)],
    ["Failed jobs", failuresSection(result)],
    ["Manifest", manifestSection(result, parts.environment)],
  ];
  const links = sections.flatMap(([name, { text }]) => {
    const id = /^<section id="([^"]+)"/.exec(text)?.[1];
    return id === undefined ? [] : [{ id, name }];
  });
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
${headSection(result, [{ id: "recommendation", name: "Recommendation" }, ...links], drawn("choice"), parts.environment)}
${sections.map(([, markup]) => [markup, html`\n`])}
<footer>Made by bettina ${result.versions.bettina}. Everything here is computed from <code>study.json</code> and the diagrams in the same folder.</footer>
</main>
</body>
</html>
`;
  return page.text.replace(/(\d) (?=(?:%|s|min|h|MB|GB)\b|%)/g, "$1\u00a0");
}

function chartMarkup({ chart, panels, folder = "charts" }: DrawnChart, heading: "h3" | "h4"): Markup {
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
<figcaption>${chart.caption} <a href="${`${folder}/${chart.name}.svg`}">Picture</a>, <a href="${`${folder}/${chart.name}.vl.json`}">specification</a>.</figcaption>
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
function inlineSvg(svg: string, title: string): Markup {
  const body = toThemeVariables(svg)
    .replace(/<rect width="[\d.]+" height="[\d.]+" fill="var\(--paper\)"\/>/, "")
    .replace(/<title>[^<]*<\/title>/, "")
    .replace(/^<svg (?:font-family="[^"]*" )?/, "")
    .replace(' xmlns="http://www.w3.org/2000/svg" version="1.1" class="marks"', "");
  return html`<svg role="img" aria-label="${title}" ${trusted(body.trimStart())}`;
}

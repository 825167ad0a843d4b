/** The report of a study as one page. Pure: the same result and pictures give the same bytes. */
import type { EnvironmentRecord } from "../study/manifest.js";
import type { StudyResult } from "../study/result.js";
import { chartMarkup, type DrawnChart, inlineSvg } from "./figure.js";
import { html, type Markup } from "./markup.js";
import { pageDocument, sectionLinks } from "./page.js";
import { bettiSection, curvesSection, distancesSection } from "./sections/betti.js";
import { boundsSection } from "./sections/bounds.js";
import { claimsSection } from "./sections/claims.js";
import { comparisonSection } from "./sections/comparison.js";
import { controlsSection } from "./sections/controls.js";
import { headSection } from "./sections/head.js";
import { knownSection } from "./sections/known.js";
import { failuresSection, manifestSection } from "./sections/manifest.js";
import { numbersSection } from "./sections/numbers.js";
import { type PictureLink, picturesSection } from "./sections/pictures.js";
import { protocolSection } from "./sections/protocol.js";
import { trainingSection } from "./sections/training.js";
import { datasetLine } from "./words.js";

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
    ["The paper's claims", claimsSection(result, drawn("layers-"))],
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
  const links = sectionLinks(sections);
  return pageDocument(
    `bettina, ${result.config.preset} study: ${datasetLine(result.dataset)}`,
    html`${headSection(result, [{ id: "recommendation", name: "Recommendation" }, ...links], drawn("choice"), parts.environment)}
${sections.map(([, markup]) => [markup, html`\n`])}
<footer>Made by bettina ${result.versions.bettina}. Everything here is computed from <code>study.json</code> and the diagrams in the same folder.</footer>`,
  );
}

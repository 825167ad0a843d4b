/** Writes everything people look at into a study's folder: the report, the charts, the barcodes. */
import { readdir, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { throwIfAborted } from "../errors.js";
import { writeFileAtomic } from "../io/atomic.js";
import type { CloudDiagrams } from "../study/measure.js";
import type { MeasurementRecord, StudyResult } from "../study/result.js";
import { diagramFromJson } from "../topology/diagram.js";
import { barcodeSpec } from "./barcode.js";
import type { ChartSpec } from "./chart-style.js";
import { chartSpec, panelSpec } from "./charts/chart.js";
import { studyCharts } from "./charts/study-charts.js";
import { type DiagramsLoader, diagramsFromFolder } from "./diagrams.js";
import { type DrawnBarcode, type DrawnChart, reportHtml } from "./html.js";
import { renderSvg } from "./render.js";
import { widthsOf } from "./summary.js";

/** Options of {@link writeReport}. */
export interface WriteReportOptions {
  /** Where diagrams come from. @default the folder's own `diagrams/<job>.json` */
  readonly loadDiagrams?: DiagramsLoader;
  /** Called before each picture; for a progress line. */
  readonly onProgress?: (event: { readonly done: number; readonly total: number; readonly name: string }) => void;
  readonly signal?: AbortSignal;
}

/** What {@link writeReport} wrote. */
export interface WrittenReport {
  /** Path of the HTML file. */
  readonly report: string;
  /** Number of pictures beside it. */
  readonly pictures: number;
}

/**
 * Writes `report.html`, `charts/*.svg` with their specifications (`*.vl.json`) and `barcodes/*.svg` into the folder:
 * for the input a barcode per class, for each network one per layer, all of the first class. Every file is written
 * whole or not at all, and the same result gives the same bytes.
 *
 * Cost: some 20 ms a picture.
 * @throws BackendError when vega or vega-lite is not installed
 */
export async function writeReport(
  directory: string,
  result: StudyResult,
  options: WriteReportOptions = {},
): Promise<WrittenReport> {
  const { loadDiagrams = diagramsFromFolder(directory), onProgress, signal } = options;
  const charts = studyCharts(result);
  const clouds = cloudsToDraw(result);
  const total = charts.length + clouds.length;
  let done = 0;
  const step = async (name: string): Promise<void> => {
    throwIfAborted(signal);
    onProgress?.({ done: done++, total, name });
    // Rendering never waits for anything, so without a turn of the event loop no signal would be heard.
    await new Promise((resolve) => setImmediate(resolve));
  };

  const drawnCharts: DrawnChart[] = [];
  for (const chart of charts) {
    await step(chart.name);
    await save(directory, "charts", chart.name, chartSpec(chart), true);
    const panels: string[] = [];
    for (const panel of chart.panels) panels.push(await renderSvg(panelSpec(panel)));
    drawnCharts.push({ chart, panels });
  }

  const shownWidths = widthsShown(result);
  const barcodes: DrawnBarcode[] = [];
  let held: { job: string; clouds: readonly CloudDiagrams[] } | undefined;
  for (const measurement of clouds) {
    const name = barcodeName(measurement);
    await step(name);
    if (held?.job !== measurement.job)
      held = { job: measurement.job, clouds: (await loadDiagrams(measurement.job))?.clouds ?? [] };
    const cloud = held.clouds.find(
      ({ source, layer, class: label }) =>
        source === measurement.source && layer === measurement.layer && label === measurement.class,
    );
    if (!cloud) continue;
    const title = barcodeTitle(measurement);
    const subtitle = barcodeSubtitle(measurement);
    const svg = await save(
      directory,
      "barcodes",
      name,
      barcodeSpec({
        title,
        subtitle,
        diagrams: cloud.diagrams.map((intervals, dimension) => diagramFromJson(dimension, intervals)),
        threshold: cloud.threshold,
      }),
      false,
    );
    const shown =
      measurement.class === result.config.classes[0] &&
      (measurement.source === "input" ||
        (measurement.seed === result.config.seeds[0] && shownWidths.includes(measurement.width ?? 0)));
    barcodes.push({ title: `${title}: ${subtitle}`, file: `barcodes/${name}.svg`, ...(shown ? { svg } : {}) });
  }

  await removeOthers(
    join(directory, "charts"),
    new Set(charts.flatMap(({ name }) => [`${name}.svg`, `${name}.vl.json`])),
  );
  await removeOthers(join(directory, "barcodes"), new Set(barcodes.map(({ file }) => basename(file))));
  throwIfAborted(signal);
  const report = join(directory, "report.html");
  await writeFileAtomic(report, reportHtml(result, { charts: drawnCharts, barcodes }));
  return { report, pictures: charts.length + barcodes.length };
}

/** Removes pictures of an earlier study from a folder of pictures. */
async function removeOthers(folder: string, names: ReadonlySet<string>): Promise<void> {
  for (const name of await readdir(folder).catch(() => []))
    if (/\.(svg|vl\.json)$/.test(name) && !names.has(name)) await rm(join(folder, name), { force: true });
}

/** The clouds that get a barcode: the input in every class, each layer of each network in the first class. */
function cloudsToDraw(result: StudyResult): MeasurementRecord[] {
  return result.measurements.filter(
    ({ source, class: label }) => source === "input" || (source === "network" && label === result.config.classes[0]),
  );
}

/** The narrowest and the widest network's barcodes stand in the report; all others are files beside it. */
function widthsShown(result: StudyResult): number[] {
  const widths = widthsOf(result);
  return [...new Set([widths[0]!, widths[widths.length - 1]!])];
}

function barcodeName({ source, job, layer, class: label }: MeasurementRecord): string {
  return source === "input" ? `input-class${label}` : `${job}-layer${layer}-class${label}`;
}

function barcodeTitle({ source, activation, width, layer }: MeasurementRecord): string {
  return source === "input" ? "input" : `${activation}, width ${width}, layer ${layer}`;
}

function barcodeSubtitle({ source, seed, class: label, points, distinctPoints }: MeasurementRecord): string {
  const images = distinctPoints < points ? `${distinctPoints} distinct points of ${points} images` : `${points} images`;
  return `class ${label}, ${images}${source === "input" ? "" : `, seed ${seed}`}`;
}

async function save(
  directory: string,
  folder: string,
  name: string,
  spec: ChartSpec,
  withSpec: boolean,
): Promise<string> {
  const svg = await renderSvg(spec);
  if (withSpec) await writeFileAtomic(join(directory, folder, `${name}.vl.json`), `${JSON.stringify(spec, null, 1)}\n`);
  await writeFileAtomic(join(directory, folder, `${name}.svg`), `${svg}\n`);
  return svg;
}

/** Writes everything people look at into a study's folder: the report, the charts, barcodes and diagrams. */
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { throwIfAborted } from "../errors.js";
import { checkWritable, writeFileAtomic } from "../io/atomic.js";
import { bytesDigest, faultsOf, readManifest, writeManifest } from "../study/folder-manifest.js";
import type { EnvironmentRecord } from "../study/manifest.js";
import type { StudyResult } from "../study/result.js";
import { manifestName, reportManifestName } from "../study/store.js";
import { type Chart, chartSpec, panelSpec } from "./charts/chart.js";
import { studyCharts } from "./charts/study-charts.js";
import { cloudPictures } from "./cloud-pictures.js";
import { type DiagramsLoader, diagramsFromFolder } from "./diagrams.js";
import type { DrawnChart } from "./figure.js";
import { type DrawnNetwork, reportHtml } from "./html.js";
import { renderPng, renderSvg } from "./render.js";
import type { PictureLink } from "./sections/pictures.js";

/** Options of {@link writeReport}. */
export interface WriteReportOptions {
  /** Where diagrams come from. @default the folder's own `diagrams/<job>.json` */
  readonly loadDiagrams?: DiagramsLoader;
  /** SHA-256 of the folder's files by its manifest: diagrams that differ are refused. @default they are believed */
  readonly digests?: Readonly<Record<string, string>>;
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

/** Characters of barcodes and diagrams that a report holds; what does not fit is only linked. */
const inlineBudget = 2_000_000;

/**
 * Writes `report.html`, `charts/*.svg` and `*.png` with their specifications (`*.vl.json`), and of the first seed and
 * sample `barcodes/*.svg` and `persistence/*.svg`: the input and the network of the width that accuracy chooses in every
 * class, every other network in the first class. `report.manifest.json`, the digests of all these, comes last. Every
 * file is written whole or not at all, and the same result and `environment.json` give the same bytes.
 *
 * Cost: some 20 ms a picture.
 * @throws BackendError when vega, vega-lite or resvg is not installed
 */
export async function writeReport(
  directory: string,
  result: StudyResult,
  options: WriteReportOptions = {},
): Promise<WrittenReport> {
  const { loadDiagrams = diagramsFromFolder(directory, options.digests), onProgress, signal } = options;
  const charts = studyCharts(result);
  const plan = cloudPictures(result);
  const total = charts.length + plan.reduce((sum, { classes }) => sum + classes.length, 0);
  let done = 0;
  // A disk that takes nothing says so now.
  await checkWritable(join(directory, "report.html"));
  await rm(join(directory, reportManifestName), { force: true });
  const step = async (name: string): Promise<void> => {
    throwIfAborted(signal);
    onProgress?.({ done: done++, total, name });
    // Rendering never waits for anything, so without a turn of the event loop no signal would be heard.
    await new Promise((resolve) => setImmediate(resolve));
  };
  const folders = { charts: new Set<string>(), barcodes: new Set<string>(), persistence: new Set<string>() };
  const save = async (folder: keyof typeof folders, name: string, content: string | Uint8Array): Promise<void> => {
    folders[folder].add(name);
    await writeFileAtomic(join(directory, folder, name), content);
  };
  const saveChart = async (folder: "charts" | "persistence", chart: Chart): Promise<DrawnChart> => {
    const spec = chartSpec(chart);
    const svg = await renderSvg(spec);
    await save(folder, `${chart.name}.vl.json`, `${JSON.stringify(spec, null, folder === "charts" ? 1 : undefined)}\n`);
    await save(folder, `${chart.name}.svg`, `${svg}\n`);
    if (folder === "charts") await save(folder, `${chart.name}.png`, await renderPng(svg));
    const panels: string[] = [];
    for (const panel of chart.panels) panels.push(await renderSvg(panelSpec(panel)));
    return { chart, panels, folder };
  };

  const drawnCharts: DrawnChart[] = [];
  for (const chart of charts) {
    await step(chart.name);
    drawnCharts.push(await saveChart("charts", chart));
  }

  const links: PictureLink[] = [];
  const networks: DrawnNetwork[] = [];
  const inputs = new Map<string, string>();
  let room = inlineBudget;
  for (const group of plan) {
    const held = new Map((await loadAll(group.jobs, loadDiagrams)).map((cloud) => [group.keyOf(cloud), cloud]));
    const classes: DrawnNetwork["classes"][number][] = [];
    for (const { label, name, barcodes, scatter } of group.classes) {
      await step(`${group.title}, ${name}`);
      const drawn = [];
      for (const barcode of barcodes) {
        const cloud = held.get(barcode.key);
        if (!cloud) continue;
        // The input is in every group; its picture is drawn once.
        const svg = inputs.get(barcode.name) ?? (await renderSvg(barcode.spec(cloud)));
        if (!inputs.has(barcode.name)) {
          await save("barcodes", `${barcode.name}.svg`, `${svg}\n`);
          links.push({ title: barcode.title, file: `barcodes/${barcode.name}.svg` });
          if (cloud.source === "input") inputs.set(barcode.name, svg);
        }
        drawn.push({ title: barcode.title, svg });
      }
      const chart = scatter?.(held);
      const diagrams = chart ? await saveChart("persistence", chart) : null;
      if (chart) links.push({ title: chart.title, file: `persistence/${chart.name}.svg` });
      const size = [...drawn.map(({ svg }) => svg), ...(diagrams?.panels ?? [])].reduce(
        (sum, svg) => sum + svg.length,
        0,
      );
      if (!group.inline(label) || size === 0 || size > room) continue;
      room -= size;
      classes.push({ name, barcodes: drawn, scatter: diagrams });
    }
    if (classes.length > 0) networks.push({ title: group.title, classes });
  }

  for (const [folder, names] of Object.entries(folders)) await removeOthers(join(directory, folder), names);
  throwIfAborted(signal);
  const report = join(directory, "report.html");
  const environment = await readEnvironment(directory);
  await writeFileAtomic(report, reportHtml(result, { charts: drawnCharts, networks, links, environment }));
  const files = Object.entries(folders).flatMap(([folder, names]) => [...names].map((name) => `${folder}/${name}`));
  await writeManifest(directory, reportManifestName, { study: await studyDigest(directory) }, [
    "report.html",
    ...files,
  ]);
  return { report, pictures: charts.length + links.length };
}

/**
 * Whether the folder has a report that was drawn from the study it holds now, and no file of it has changed. Cost: every
 * picture is read.
 */
export async function hasReport(directory: string): Promise<boolean> {
  const { manifest } = await readManifest(directory, reportManifestName);
  if (manifest === null || manifest.of.study !== (await studyDigest(directory))) return false;
  return (await faultsOf(directory, manifest)).length === 0;
}

/** SHA-256 of the study's manifest; empty without one. */
async function studyDigest(directory: string): Promise<string> {
  const manifest = await readFile(join(directory, manifestName)).catch(() => undefined);
  return manifest === undefined ? "" : bytesDigest(manifest);
}

async function loadAll(jobs: readonly string[], load: DiagramsLoader) {
  const clouds = [];
  for (const job of jobs) for (const cloud of (await load(job))?.clouds ?? []) clouds.push({ job, ...cloud });
  return clouds;
}

/** Removes pictures of an earlier study from a folder of pictures. */
async function removeOthers(folder: string, names: ReadonlySet<string>): Promise<void> {
  for (const name of await readdir(folder).catch(() => []))
    if (/\.(svg|png|vl\.json)$/.test(name) && !names.has(name)) await rm(join(folder, name), { force: true });
}

/** The folder's `environment.json`; null where there is none or it is not bettina's, for a report does without it. */
async function readEnvironment(directory: string): Promise<EnvironmentRecord | null> {
  try {
    const held = JSON.parse(await readFile(join(directory, "environment.json"), "utf8")) as Partial<EnvironmentRecord>;
    if (!Array.isArray(held.jobs) || typeof held.seconds !== "number") return null;
    const { startedAt = "", endedAt = "", seconds, threads = 1 } = held;
    // Earlier versions knew of the last run only.
    const runs = held.runs ?? [{ startedAt, endedAt, seconds, threads, jobs: held.jobs.length }];
    return { ...(held as EnvironmentRecord), runs };
  } catch {
    return null;
  }
}

/** `bettina study`: the main job, from data to report. */
import { access } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { checkAddress, type Dataset, loadDataset } from "../../data/dataset.js";
import { BackendError, type BettinaError, CancelledError, ConfigError, expected } from "../../errors.js";
import { checkWritable } from "../../io/atomic.js";
import { openBackend, trainingInstalled } from "../../network/backend.js";
import { divergedWords, hasDiverged } from "../../network/diverged.js";
import { printable } from "../../printable.js";
import { formatComparison } from "../../report/comparison-text.js";
import { formatReasons, formatRecommendation, formatStudyTable } from "../../report/text.js";
import { datasetLine } from "../../report/words.js";
import { configDigest, configJsonSchema, type StudyConfig, withDataset } from "../../study/config.js";
import type { StudyEvent } from "../../study/events.js";
import { planStudy } from "../../study/job.js";
import { datasetRecord } from "../../study/manifest.js";
import type { BackendRecord, StudyResult } from "../../study/result.js";
import { resultJsonSchema } from "../../study/result-schema.js";
import { runStudy } from "../../study/run-study.js";
import { OtherStudyError, Store } from "../../study/store.js";
import { EXIT_FAILED_JOBS, EXIT_OK } from "../exit-codes.js";
import { isInstalled } from "../installed.js";
import { type CliIo, textOptions } from "../io.js";
import { memory, ProgressLine, roughly } from "../output.js";
import { type StudyConfigOptions, studyConfig } from "../study-config.js";
import { dataPlaces } from "./data.js";

/** Options of `bettina study`, as parsed. */
export interface StudyOptions extends StudyConfigOptions {
  readonly data?: string;
  readonly url?: string;
  readonly out?: string;
  readonly threads?: number;
  readonly backend?: "auto" | "node" | "wasm" | "cpu";
  /** undefined: finished jobs are kept; true: failed ones are tried again; false: everything is done again. */
  readonly resume?: boolean;
  readonly force?: boolean;
  readonly saveWeights?: boolean;
  readonly dryRun?: boolean;
  readonly schema?: "config" | "result";
  readonly json?: boolean;
  readonly ndjson?: boolean;
  readonly quiet?: boolean;
  /** Print the reasons of the recommendation too. */
  readonly verbose?: boolean;
}

/** Runs a study, writes its folder and prints what it found. */
export async function study(options: StudyOptions, io: CliIo): Promise<number> {
  if (options.schema !== undefined) {
    const schema = options.schema === "config" ? configJsonSchema() : resultJsonSchema();
    io.stdout.write(`${JSON.stringify(schema, null, 2)}\n`);
    return EXIT_OK;
  }
  if (options.json && options.ndjson)
    throw new ConfigError(expected("either --json or --ndjson", "output", "both"), { hint: "Leave one out." });
  const asked = await studyConfig(options, io.signal);
  const threads = options.threads ?? availableParallelism();
  if (options.dryRun) return await dryRun(asked, threads, options, io);

  await checkBeforeWork(asked, options, io);
  const machine = options.json === true || options.ndjson === true;
  const progress = new ProgressLine(io.stderr, io.environment, options.quiet === true || options.ndjson === true);
  const emit = (event: object): void => {
    if (options.ndjson) io.stdout.write(`${JSON.stringify(event)}\n`);
  };
  let directory = options.out;
  try {
    const { data, place } = await load(asked, options, io, progress, emit);
    const config = withDataset(asked, data.name);
    directory ??= defaultDirectory(config);
    if (!machine) io.stdout.write(`${datasetLine(datasetRecord(data))} ${place}\n`);
    let shown = false;
    const result = await runStudy(config, {
      directory,
      data,
      threads,
      signal: io.signal,
      ...(options.backend === undefined ? {} : { backend: options.backend }),
      ...(options.resume === undefined ? {} : { resume: options.resume }),
      ...(options.force === undefined ? {} : { force: options.force }),
      ...(options.saveWeights === undefined ? {} : { saveWeights: options.saveWeights }),
      onEvent: (event) => {
        emit(event);
        if (event.type === "study-end") shown = event.shown;
        show(event, progress, machine ? undefined : io);
      },
    });
    const pictures = await drawReport(directory, result, io, progress, shown);
    progress.clear();
    if (options.json) io.stdout.write(`${JSON.stringify(result)}\n`);
    else if (options.ndjson) {
      const { recommendation, failures } = result;
      emit({ type: "result", directory, recommendation, failures });
    } else await print(directory, result, options, io);
    if (pictures !== undefined) throw pictures;
    return result.failures.length > 0 ? EXIT_FAILED_JOBS : EXIT_OK;
  } catch (error) {
    progress.clear();
    if (error instanceof CancelledError && !options.quiet && directory !== undefined && (await exists(directory)))
      io.stderr.write(
        `Interrupted. Finished jobs are kept in ${printable(directory)}; run the same command again to go on.\n`,
      );
    throw error;
  } finally {
    progress.clear();
  }
}

/** Says what would end a study that is not finished yet, before data are fetched or drawn. */
async function checkBeforeWork(asked: StudyConfig, options: StudyOptions, io: CliIo): Promise<void> {
  const names = asked.dataset === "auto" ? (["mnist", "digits"] as const) : [asked.dataset];
  const folders =
    options.out === undefined ? names.map((name) => defaultDirectory(withDataset(asked, name))) : [options.out];
  for (const folder of folders) if (await exists(join(folder, "study.json"))) return;
  await checkWritable(join(folders[0]!, "study.json"));
  // Loading the library takes a second, so only where it is sure to fail.
  if (!trainingInstalled()) await openBackend({ prefer: options.backend ?? "auto" });
  if (!options.quiet && ["vega", "vega-lite"].some((name) => !isInstalled(name)))
    io.stderr.write("No report will be drawn: the optional packages vega and vega-lite are not installed.\n");
}

/** Where a study goes that is given no folder. The config names its data set, so that studies on different data stay apart. */
function defaultDirectory(config: StudyConfig): string {
  return join("runs", `${config.preset}-${configDigest(config).slice(0, 8)}`);
}

/** Loads the data and says from which kind of place they came. */
async function load(
  config: StudyConfig,
  options: StudyOptions,
  io: CliIo,
  progress: ProgressLine,
  emit: (event: object) => void,
): Promise<{ data: Dataset; place: string }> {
  let downloaded = false;
  const data = await loadDataset({
    dataset: config.dataset,
    seed: config.seed,
    environment: io.environment,
    signal: io.signal,
    ...(options.data === undefined ? {} : { directory: options.data }),
    ...(options.url === undefined ? {} : { url: options.url }),
    onProgress: (event) => {
      emit({ type: "data", ...event });
      if (event.phase.startsWith("download")) downloaded = true;
      progress.update(event.phase, event.total === null ? null : event.done / event.total);
    },
  });
  progress.clear();
  const place = data.generated
    ? "Drawn just now."
    : options.data !== undefined
      ? "Read from the folder given by --data."
      : io.environment.BETTINA_MNIST
        ? "Read from the folder named by BETTINA_MNIST."
        : downloaded
          ? "Downloaded into the user's cache."
          : "Read from the user's cache.";
  return { data, place };
}

/** Tells people what is going on. */
function show(event: StudyEvent, progress: ProgressLine, io: CliIo | undefined): void {
  switch (event.type) {
    case "study-start":
      io?.stdout.write(`${backendLine(event.backend)}\n`);
      if (event.finished > 0) progress.say(`${event.finished} of ${event.jobs} jobs were finished by an earlier run.`);
      progress.update(`${event.jobs} jobs, ${event.clouds} clouds`, event.fraction, event.etaSeconds);
      break;
    case "job-start":
    case "job-end":
      progress.update(event.job, event.fraction, event.etaSeconds);
      break;
    case "job-progress":
      progress.update(`${event.phase} ${event.job}`, event.fraction, event.etaSeconds);
      break;
    case "job-failed":
      progress.say(`Job ${event.job} failed: ${event.message}`);
      break;
    case "study-end":
      progress.clear();
      if (event.shown) io?.stdout.write("This study was finished earlier; these are its results.\n");
      break;
    case "damaged":
      for (const { name, what } of event.files)
        progress.say(
          `${name} ${what === "missing" ? "is missing" : "was changed"} since the study was finished: it is made anew.`,
        );
      break;
    case "data":
      break;
  }
}

/**
 * Which backend trains, in one line. That the native one is not installed is nothing to mention; that an installed one
 * does not work, or that one which belongs to every installation is missing, is.
 */
export function backendLine({ name, tried }: BackendRecord): string {
  const chosen = tried.at(-1);
  const how = /\(([^()]*)\)$/.exec(chosen?.outcome ?? "")?.[1];
  const passedOver = tried
    .slice(0, -1)
    .filter((attempt) => !(attempt.name === "node" && attempt.outcome.includes("tfjs-node is not installed")))
    .map((attempt) => `${attempt.name}: ${attempt.outcome}`);
  const rest = passedOver.length > 0 ? `; passed over ${passedOver.join("; ")}` : " (bettina doctor lists the others)";
  return `Training backend: ${name}${how === undefined ? "" : `, ${how}`}${rest}`;
}

/**
 * Draws the report, unless the study was finished earlier and has one that is whole. Where it cannot be drawn, for lack
 * of packages or a disk that takes nothing, everything else is still shown, then the error.
 */
async function drawReport(
  directory: string,
  result: StudyResult,
  io: CliIo,
  progress: ProgressLine,
  shown: boolean,
): Promise<BettinaError | undefined> {
  try {
    const { hasReport, writeReport } = await import("../../report/write-report.js");
    if (shown && (await hasReport(directory))) return undefined;
    await writeReport(directory, result, {
      signal: io.signal,
      onProgress: ({ done, total, name }) => progress.update(`drawing ${name}`, done / total),
    });
    return undefined;
  } catch (error) {
    if (error instanceof BackendError || error instanceof ConfigError) return error;
    throw error;
  }
}

async function print(directory: string, result: StudyResult, options: StudyOptions, io: CliIo): Promise<void> {
  const text = textOptions(io);
  const times = await new Store(directory).readTimes();
  const lines = ["", formatStudyTable(result, text), ""];
  if (options.verbose) lines.push(formatReasons(result, text), "");
  lines.push(formatComparison(result, times, text), "");
  for (const { job, message } of result.failures) lines.push(`Failed: ${job}: ${printable(message)}`);
  const diverged = result.networks.filter(hasDiverged);
  for (const network of diverged) lines.push(`${network.id} ${divergedWords(network)}; no evidence.`);
  if (result.failures.length + diverged.length > 0) lines.push("");
  lines.push(formatRecommendation(result, text), "");
  if (!options.verbose) lines.push("The reasons are in the report; --verbose prints them.");
  lines.push(`Everything is in ${printable(directory)}; open ${printable(join(directory, "report.html"))}`);
  io.stdout.write(`${lines.join("\n")}\n`);
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}

/** The plan. Wrong data and a folder with another study are said as the study itself would say them. */
async function dryRun(asked: StudyConfig, threads: number, options: StudyOptions, io: CliIo): Promise<number> {
  const data = await dataAtHand(asked, options, io);
  const config = withDataset(asked, data.name);
  const directory = options.out ?? defaultDirectory(config);
  const held = await new Store(directory).holds(config, data.digest).catch((error: unknown) => {
    if (options.force && error instanceof OtherStudyError) return "another";
    throw error;
  });
  const { jobs, networks, clouds, estimatedSeconds, estimatedBytes } = planStudy(config, threads);
  if (options.json || options.ndjson) {
    const plan = {
      directory,
      begun: held === true,
      data: { name: data.name, found: data.found },
      jobs: jobs.map(({ id }) => id),
      networks,
      clouds,
      estimatedSeconds,
      estimatedBytes,
      config,
    };
    io.stdout.write(`${JSON.stringify(plan, null, options.json ? 2 : undefined)}\n`);
    return EXIT_OK;
  }
  const already =
    held === "another"
      ? " (the other study in it is removed)"
      : !held
        ? ""
        : options.force || options.resume === false
          ? " (begun earlier: everything is done again)"
          : " (begun earlier: finished jobs are kept)";
  io.stdout.write(
    [
      `${config.preset} study of ${data.text}: ${jobs.length} jobs, ${networks} networks, ${clouds} clouds`,
      `  widths ${config.widths.join(", ")}; ${depth(config)}; ${config.activations.join(", ")}; seeds ${config.seeds.join(", ")}`,
      `  ${config.training.steps} training steps each; readouts ${config.readouts.join(", ")}`,
      `  about ${roughly(estimatedSeconds)} on ${threads} ${threads === 1 ? "thread" : "threads"} of a common machine, ${memory(estimatedBytes)} of memory`,
      `  into ${printable(directory)}${already}`,
      "Nothing was done.",
      "",
    ].join("\n"),
  );
  return EXIT_OK;
}

/** How deep its networks are. */
function depth({ widths, hiddenLayers }: StudyConfig): string {
  const layers = `${hiddenLayers} hidden ${hiddenLayers === 1 ? "layer" : "layers"}`;
  if (widths.every((width) => typeof width === "number")) return layers;
  return widths.some((width) => typeof width === "number") ? `${layers} where one width is given` : "layer by layer";
}

/**
 * The data a study would use, as far as that can be known without downloading or drawing them. MNIST that is there is
 * read, so that what is wrong with it is said now.
 */
async function dataAtHand(config: StudyConfig, options: StudyOptions, io: CliIo) {
  const { data: directory, url } = options;
  const drawn = config.dataset !== "auto" && config.dataset !== "mnist" ? config.dataset : undefined;
  if (drawn !== undefined && directory === undefined && url === undefined)
    return { name: drawn, digest: null, found: true, text: drawn === "digits" ? "drawn digits" : drawn };
  const address = url ?? (io.environment.BETTINA_MNIST_URL || undefined);
  if (address !== undefined) checkAddress(address);
  const places = await dataPlaces(directory, io.environment);
  // A folder that was named ends the search, complete or not; the cache, which comes last, can still be filled.
  if (drawn !== undefined || places.length > 1 || places[0]!.complete) {
    const { data } = await load(config, options, io, new ProgressLine(io.stderr, io.environment, true), () => {});
    return { name: data.name, digest: data.digest, found: true, text: "MNIST" };
  }
  const otherwise =
    config.dataset === "auto" ? "; where it cannot be had, of drawn digits in a folder of their own" : "";
  return { name: "mnist" as const, digest: null, found: false, text: `MNIST, downloaded first${otherwise}` };
}

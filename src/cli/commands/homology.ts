/** `bettina homology`: files in, diagrams out. Loads neither the training library nor, without a picture, the charts. */

import { availableParallelism } from "node:os";
import { extname } from "node:path";
import { defaultMemoryLimit } from "../../engine/estimate.js";
import type { Progress } from "../../engine/stream.js";
import { ConfigError, expected } from "../../errors.js";
import { writeFileAtomic } from "../../io/atomic.js";
import { printable } from "../../printable.js";
import {
  type Approximation,
  errorInWords,
  errorOf,
  formatApproximation,
  landmarkApproximation,
  sparseApproximation,
} from "../../report/approximation-text.js";
import { formatHomology } from "../../report/homology-text.js";
import type { BettiReading } from "../../topology/betti.js";
import { type Diagram, diagramToJson, representativesToJson } from "../../topology/diagram.js";
import { explainPlan } from "../../topology/explain.js";
import { checkForecast, type ForecastOptions, forecast, type Range } from "../../topology/forecast.js";
import type { LandmarkReplicates } from "../../topology/landmark-bounds.js";
import { Rest } from "../../topology/landmarks.js";
import {
  checkOptions,
  type PersistenceOptions,
  type PersistenceResult,
  persistence,
} from "../../topology/persistence.js";
import { persistenceSettled } from "../../topology/persistence-many.js";
import type { PersistenceInput } from "../../topology/point-cloud.js";
import { sparseRips } from "../../topology/sparse-rips.js";
import { Failures } from "../failures.js";
import { announcement, forecastInWords, guarantee, shapeOf, worthForecast } from "../homology-forecast.js";
import { checkStandardInput, type NamedInput, namedInputs } from "../homology-inputs.js";
import {
  callOptions,
  checkApproximation,
  checkFormat,
  checkPlan,
  checkPlanServes,
  type HomologyOptions,
  threadsFor,
} from "../homology-options.js";
import { checkOutputs } from "../homology-outputs.js";
import { checkReport, remembering, writePage } from "../homology-page.js";
import { formatReadings, readingsOf } from "../homology-readout.js";
import { formatReplicates, replicatesOf, replicatesToJson } from "../homology-replicates.js";
import { type CliIo, textOptions } from "../io.js";
import { ProgressLine } from "../output.js";

/** Computes and prints the diagrams of every input. */
export async function homology(files: readonly string[], options: HomologyOptions, io: CliIo): Promise<number> {
  const format = checkFormat(options.format);
  checkStandardInput(files, options.config);
  const { sources, input } = remembering(namedInputs(files, format, options, io));
  checkReport(options);
  checkApproximation(options, sources.length);
  checkOptions(callOptions(options, io));
  checkPlan(options);
  const json = options.json === true || options.ndjson === true;
  if (options.representatives && !json)
    throw new ConfigError(expected("--json", "--representatives", "no --json"), { hint: "Add --json." });
  await checkOutputs(
    options,
    [options.config, ...sources.map(({ file }) => file)].filter((file) => file !== undefined),
    sources.length,
  );
  if (options.barcode !== undefined || options.diagram !== undefined || options.report !== undefined) {
    const { checkPictures } = await import("../../report/render.js");
    await checkPictures([options.barcode, options.diagram].some((path) => path !== undefined && isPng(path)));
  }
  const failures = new Failures(io, options.debug === true);
  if (options.dryRun) return dryRun(sources, failures, options, io);
  const results = compute(sources, options, io);
  // Only where it cannot mix with the results.
  const silent = options.quiet === true || sources.length === 1 || !io.stderr.isTTY || io.stdout.isTTY === true;
  const progress = new ProgressLine(io.stderr, io.environment, silent);
  const parts: string[] = [];
  let number = 0;
  let answered = 0;
  for await (const settled of results) {
    const { name, remarks, tell } = sources[number++]!;
    progress.update(`${number} of ${sources.length} inputs`, number / sources.length);
    if (remarks.length > 0) progress.clear();
    tell();
    if (settled.status === "rejected") {
      progress.clear();
      const failed = failures.add(name, settled.reason);
      const line = json ? `${JSON.stringify(failed.document)}\n` : `${failed.text}\n`;
      if (options.out !== undefined) parts.push(line);
      else if (json) io.stdout.write(line);
      continue;
    }
    const { result: computed, replicates, readings } = settled.value;
    const title = printable(name);
    const result = withRatio(computed, options.ratio);
    if (options.explain) io.stderr.write(`${explainPlan(title, computed, options.plan)}\n`);
    const found = approximation(computed, options);
    const text = json
      ? `${JSON.stringify(document(name, result, options.ratio, found, replicates, remarks, readings))}\n`
      : "";
    const proof = `${readings.length > 0 ? `${formatReadings(computed, readings)}\n` : ""}${found ? `${formatApproximation(found)}\n` : ""}${replicates ? `${formatReplicates(replicates)}\n` : ""}`;
    if (options.out !== undefined) parts.push(text || `${formatHomology(title, result)}\n${proof}`);
    else
      io.stdout.write(text || `${answered > 0 ? "\n" : ""}${formatHomology(title, result, textOptions(io))}\n${proof}`);
    answered += 1;
    await draw(title, result, found, options, io);
    if (options.report !== undefined) {
      const parts = {
        result: computed,
        ...(found ? { approximation: found } : {}),
        ...(replicates ? { replicates } : {}),
      };
      await writePage(title, input()!, parts, options, io);
    }
  }
  progress.clear();
  // A file of complaints alone would look like a result.
  if (options.out !== undefined && answered > 0) {
    await writeFileAtomic(options.out, parts.join(json ? "" : "\n"));
    if (!options.quiet) io.stderr.write(`Written to ${printable(options.out)}\n`);
  }
  return failures.exitCode;
}

/** What `--dry-run` prints: some lines, or with --json a document, an input. */
async function dryRun(
  sources: readonly NamedInput[],
  failures: Failures,
  options: HomologyOptions,
  io: CliIo,
): Promise<number> {
  for (const source of sources)
    try {
      io.stdout.write(await forecastOf(source, sources.length > 1, options, io));
    } catch (error) {
      const { document } = failures.add(source.name, error);
      if (options.json || options.ndjson) io.stdout.write(`${JSON.stringify(document)}\n`);
    }
  return failures.exitCode;
}

/** The forecast of one input. */
async function forecastOf(
  { name, read, remarks, tell }: NamedInput,
  several: boolean,
  options: HomologyOptions,
  io: CliIo,
): Promise<string> {
  const input = await read();
  tell();
  checkPlanServes(input, options);
  const limit = options.memoryLimit ?? defaultMemoryLimit();
  const alone = forecastOptions(input, { ...callOptions(options, io), memoryLimit: limit }, options);
  // Several inputs share the threads, one each.
  const asked = several ? { ...alone, threads: 1 } : alone;
  const told = await forecast(input, asked);
  // What would be refused is refused now, in the same words.
  checkForecast(told);
  const { pilot, seconds, memory, ...rest } = told;
  const finite = (range: Range) => ({ ...range, high: Number.isFinite(range.high) ? range.high : null });
  return options.json || options.ndjson
    ? `${JSON.stringify({
        ...rest,
        ...shapeOf(input),
        ...(options.landmarks === undefined ? {} : { landmarks: told.n }),
        ...(options.replicates === undefined ? {} : { replicates: options.replicates }),
        guarantee: guarantee(asked),
        seconds: finite(seconds),
        memory: { ...memory, engine: finite(memory.engine) },
        pilot,
        ...(remarks.length > 0 ? { remarks } : {}),
        input: name,
      })}\n`
    : `${forecastInWords(printable(name), input, told, asked, options.replicates)}\n`;
}

/** The call that is to follow, as a forecast takes it. */
function forecastOptions(
  input: PersistenceInput,
  shared: Omit<PersistenceOptions, "onProgress">,
  options: HomologyOptions,
): ForecastOptions {
  const { epsilon, seed } = options;
  return {
    ...shared,
    threads: threadsFor(input, options),
    ...(epsilon === undefined ? {} : { epsilon }),
    ...(seed === undefined ? {} : { seed }),
  };
}

/** Says what a long call should take, and refuses what will not fit. */
async function announce(
  name: string,
  input: PersistenceInput,
  asked: ForecastOptions,
  options: HomologyOptions,
  io: CliIo,
) {
  if (options.quiet || !worthForecast(input, asked, options.explain)) return undefined;
  const told = await forecast(input, asked);
  checkForecast(told);
  io.stderr.write(`${announcement(printable(name), told, asked, options.replicates)}\n`);
  return told;
}

/**
 * The results in the order of the inputs, or why there is none: several inputs share the threads, a single large one has
 * all of them to itself.
 */
async function* compute(
  sources: readonly NamedInput[],
  options: HomologyOptions,
  io: CliIo,
): AsyncGenerator<PromiseSettledResult<Computed>, void, undefined> {
  if (sources.length === 1) {
    const [computed] = await Promise.allSettled([computeAlone(sources[0]!, options, io)]);
    yield computed;
    return;
  }
  // More files than that may be at work at the same time, but one call has no more threads.
  const { threads = availableParallelism() } = options;
  const inputs = sources.map(({ read }) => async () => {
    const input = await read();
    checkPlanServes(input, options);
    return await prepared(input, options, io);
  });
  const many = persistenceSettled(inputs, {
    ...callOptions(options, io),
    threads: Math.min(sources.length, threads),
  });
  for await (const settled of many)
    if (settled.status === "rejected") yield settled;
    else {
      const readings = await readingsOf(settled.value, undefined, options);
      yield { status: "fulfilled", value: { result: settled.value, readings } };
    }
}

/** One input that has all threads to itself. */
async function computeAlone({ name, read, tell }: NamedInput, options: HomologyOptions, io: CliIo): Promise<Computed> {
  const shared = callOptions(options, io);
  const progress = new ProgressLine(io.stderr, io.environment, options.quiet === true);
  const input = await read();
  tell();
  checkPlanServes(input, options);
  const told = await announce(name, input, forecastOptions(input, shared, options), options, io);
  const start = performance.now();
  // All that is done for a file has one time-out together.
  const whole = new Rest(io.signal, shared.timeout);
  const ready = await prepared(input, options, io);
  const threads = threadsFor(input, options);
  const call = { ...shared, threads, onProgress: showing(progress, start, told?.phases) };
  const result = await whole.part((left) => persistence(ready, { ...call, ...left })).finally(() => progress.clear());
  if (options.explain)
    io.stderr.write(`${printable(name)}: took ${((performance.now() - start) / 1000).toFixed(1)} s\n`);
  const { landmarks } = shared;
  const readings = await readingsOf(result, input, options);
  if (options.replicates === undefined || landmarks === undefined) return { result, readings };
  const { rule: _, ...chosen } = landmarks;
  const given = options.landmarkRule === undefined ? chosen : landmarks;
  const { replicates, readout, scale } = options;
  const show = (done: number) => progress.update(`${done} of ${replicates} choices of landmarks`, done / replicates);
  const spread = whole.part((left) =>
    replicatesOf(input, { ...shared, threads, landmarks: given, ...left }, { replicates, readout, scale }, show),
  );
  return { result, readings, replicates: await spread.finally(() => progress.clear()) };
}

/** What is known of one input. */
interface Computed {
  readonly result: PersistenceResult;
  /** Betti numbers by the rule asked for. */
  readonly readings: readonly BettiReading[];
  readonly replicates?: LandmarkReplicates;
}

/** How long each phase of a computation is, in their order, where no forecast has told: fitted to images of digits. */
const usualPhases = { distances: 0.8, graph: 0.1, loops: 0.1 };

/**
 * Shows how far one long computation is, and when it should end.
 * @param phases how long each is, in any unit
 */
function showing(
  line: ProgressLine,
  start: number,
  phases: Readonly<Record<string, number>> = usualPhases,
): (progress: Progress) => void {
  const whole = Object.values(phases).reduce((sum, part) => sum + part, 0);
  return ({ phase, done, total }) => {
    let fraction = 0;
    for (const [name, part] of Object.entries(phases)) {
      const share = part / whole;
      if (name === phase) {
        fraction += total === 0 ? 0 : (share * done) / total;
        break;
      }
      fraction += share;
    }
    const seconds = (performance.now() - start) / 1000;
    line.update(phase, fraction, fraction < 0.02 ? null : (seconds * (1 - fraction)) / fraction);
  };
}

/** The input itself, or under --epsilon the edges of a sparse filtration of it. */
async function prepared(
  input: PersistenceInput,
  { epsilon, metric, seed, memoryLimit, timeout }: HomologyOptions,
  io: CliIo,
): Promise<PersistenceInput> {
  if (epsilon === undefined) return input;
  return sparseRips(input, epsilon, {
    signal: io.signal,
    ...(timeout === undefined ? {} : { timeout: timeout * 1000 }),
    ...(metric === undefined ? {} : { metric }),
    ...(seed === undefined ? {} : { seed }),
    ...(memoryLimit === undefined ? {} : { memoryLimit }),
  });
}

/** What the result of an approximation proves about all points. */
function approximation(result: PersistenceResult, { epsilon, scale }: HomologyOptions): Approximation | undefined {
  if (result.landmarks) return landmarkApproximation(result, scale);
  return epsilon === undefined ? undefined : sparseApproximation(result, epsilon);
}

/** Only the intervals with death / birth above the ratio; those born at 0 and the essential ones always stay. */
function withRatio(result: PersistenceResult, ratio: number | undefined): PersistenceResult {
  if (ratio === undefined) return result;
  const diagrams = result.diagrams.map(({ dimension, births, deaths, representatives }): Diagram => {
    const kept = (_: unknown, i: number): boolean => deaths[i]! > ratio * births[i]!;
    const rest = representatives && {
      representatives: { cocycles: representatives.cocycles.filter(kept), cycles: representatives.cycles.filter(kept) },
    };
    return { dimension, births: births.filter(kept), deaths: deaths.filter(kept), ...rest };
  });
  return { ...result, diagrams };
}

function document(
  input: string,
  result: PersistenceResult,
  ratio: number | undefined,
  approximation: Approximation | undefined,
  replicates: LandmarkReplicates | undefined,
  remarks: readonly string[],
  readings: readonly BettiReading[],
): object {
  const { landmarks } = result;
  return {
    diagrams: result.diagrams.map(diagramToJson),
    threshold: shortest(result.threshold),
    modulus: result.modulus,
    maxDim: result.maxDim,
    n: result.n,
    metric: result.metric,
    ...(ratio === undefined ? {} : { ratio }),
    ...(result.diagrams[0]?.representatives ? { representatives: result.diagrams.map(representativesToJson) } : {}),
    ...(landmarks
      ? {
          landmarks: {
            count: landmarks.indices.length,
            of: landmarks.of,
            rule: landmarks.rule,
            seed: landmarks.seed,
            coveringRadius: shortest(landmarks.coveringRadius),
            indices: [...landmarks.indices],
          },
        }
      : {}),
    ...(approximation ? { approximation } : {}),
    ...(readings.length > 0 ? { readings } : {}),
    ...(replicates ? { replicates: replicatesToJson(replicates) } : {}),
    ...(remarks.length > 0 ? { remarks } : {}),
    input,
  };
}

/** The threshold as the diagrams write their numbers; null for infinity. */
function shortest(threshold: number): number | null {
  const value = Float32Array.of(threshold);
  return Number.isFinite(threshold) ? diagramToJson({ dimension: 0, births: value, deaths: value })[0]![0] : null;
}

async function draw(
  title: string,
  result: PersistenceResult,
  found: Approximation | undefined,
  options: HomologyOptions,
  io: CliIo,
): Promise<void> {
  for (const kind of ["barcode", "diagram"] as const) {
    const path = options[kind];
    if (path === undefined) continue;
    const { barcodeSpec, diagramSpec } = await import("../../report/barcode.js");
    const { renderPng, renderSvg } = await import("../../report/render.js");
    const spec = (kind === "barcode" ? barcodeSpec : diagramSpec)({
      title,
      subtitle: [`${result.n} points, coefficients in Z/${result.modulus}`, ...errorInWords(found)].join("; "),
      diagrams: result.diagrams,
      threshold: result.threshold,
      ...(found ? { error: errorOf(found) } : {}),
      cut: (options.threshold ?? Infinity) < result.enclosingRadius,
    });
    const svg = await renderSvg(spec);
    await writeFileAtomic(path, isPng(path) ? await renderPng(svg) : `${svg}\n`);
    if (!options.quiet) io.stderr.write(`Drawn in ${printable(path)}\n`);
  }
}

function isPng(path: string): boolean {
  return extname(path).toLowerCase() === ".png";
}

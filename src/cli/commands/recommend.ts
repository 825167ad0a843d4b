/** `bettina recommend`: from Betti numbers and a family of networks to the sizes that are left. */
import { stat } from "node:fs/promises";
import { ConfigError, DataFormatError, expected, InputError } from "../../errors.js";
import { readBytes } from "../../io/bytes.js";
import { formatAdvice } from "../../report/advice-text.js";
import { wrap } from "../../report/terminal.js";
import { type Advice, advise, type Target } from "../../selection/advice.js";
import { type EmpiricalTest, empiricalTest } from "../../selection/empirical.js";
import { inputEvidence } from "../../selection/evidence.js";
import type { Family } from "../../selection/inverse.js";
import { mergingOf } from "../../selection/merging.js";
import { divergedSentences, withoutDiverged } from "../../study/diverged.js";
import type { StudyResult } from "../../study/result.js";
import { bettiNumbers } from "../../topology/betti.js";
import { type DiagramJson, diagramFromJson } from "../../topology/diagram.js";
import { needsContext, parseReadout } from "../../topology/readout.js";
import { EXIT_OK } from "../exit-codes.js";
import { type CliIo, textOptions } from "../io.js";
import { readStudyFolder } from "../study-folder.js";

/** Options of `bettina recommend`, as parsed. */
export interface RecommendOptions {
  readonly betti?: number[];
  readonly input?: number;
  readonly outputs?: number;
  readonly activations?: string[];
  readonly depth?: { readonly least: number; readonly most: number };
  readonly dataDegree?: number;
  readonly dataInequalities?: number;
  readonly manifoldDim?: number;
  readonly modulus?: number;
  readonly readout?: string;
  readonly probability?: number;
  readonly confidence?: number;
  readonly json?: boolean;
}

/** Readout of diagrams when none is named: scale-free, and the default of studies. */
const usualReadout = "ratio>1.1";

/** Prints advice for numbers given by hand, for diagrams, or for a study. */
export async function recommend(source: string | undefined, options: RecommendOptions, io: CliIo): Promise<number> {
  if ((source === undefined) === (options.betti === undefined))
    throw new ConfigError(
      `Expected either a study, a file of diagrams or --betti, got ${source === undefined ? "none" : "two"} of them.`,
      { hint: "Use for instance: bettina recommend --betti 1,100 --input-dim 784" },
    );
  const text = textOptions(io);
  if (source !== undefined && (await isDirectory(source))) {
    const { result } = await readStudyFolder(source);
    const advice = fromStudy(result, options);
    const summary = inShort(result, advice, options);
    const diverged = divergedSentences(result.networks);
    const paragraphs = [...diverged, summary].map((paragraph) => wrap(paragraph, text.columns));
    if (options.json) io.stdout.write(`${JSON.stringify({ ...advice, diverged, summary }, null, 2)}\n`);
    else io.stdout.write(`${[formatAdvice(advice, text), ...paragraphs].join("\n\n")}\n`);
    return EXIT_OK;
  }
  const advice = fromNumbers(
    source === undefined ? byHand(options) : await fromDiagrams(source, options, io.signal),
    options,
  );
  if (options.json) io.stdout.write(`${JSON.stringify(advice, null, 2)}\n`);
  else io.stdout.write(`${formatAdvice(advice, text)}\n`);
  return EXIT_OK;
}

/** The bottom line: the study's own, unless other questions were asked of it. */
function inShort({ config, recommendation }: StudyResult, { families }: Advice, options: RecommendOptions): string {
  const { json: _, readout, ...others } = options;
  const own = (readout ?? config.decision.readout) === config.decision.readout;
  if (own && Object.entries(others).every(([name, value]) => value === undefined || name === "debug"))
    return recommendation.summary;
  const sentences = families.map(({ family, rows, test }) => {
    const excluded = rows.filter(({ standing }) => standing === "excluded").map(({ width }) => width);
    const proof =
      excluded.length === 0
        ? "no width of the study is excluded by a theorem"
        : `${excluded.join(", ")} excluded by a theorem, if these are the data's true Betti numbers`;
    const shown =
      test === null
        ? "no training was tested"
        : test.acceptedWidth === null
          ? "no width is accepted by the test of its trainings"
          : `${test.acceptedWidth} is the smallest accepted by the test of its trainings`;
    return `${family.activation}: ${proof}; ${shown}.`;
  });
  return `In short, by ${readout ?? config.decision.readout}: ${sentences.join(" ")}`;
}

function byHand({ betti, readout }: RecommendOptions): Target {
  if (readout !== undefined)
    throw new ConfigError(expected("a study or diagrams with --readout", "--betti", betti), {
      hint: "Numbers given by hand have been read already; leave --readout out.",
    });
  return { betti: betti!, origin: "given by hand" };
}

function fromNumbers(target: Target, options: RecommendOptions): Advice {
  if (options.input === undefined)
    throw new ConfigError("Expected the input's dimension for --input-dim, got none.", {
      hint: "Use for instance --input-dim 784.",
    });
  for (const [name, value] of [
    ["--probability", options.probability],
    ["--confidence", options.confidence],
  ] as const)
    if (value !== undefined)
      throw new ConfigError(expected("a study for it", name, value), {
        hint: "Only trainings can be tested: name the folder of a study.",
      });
  const { activations = ["square", "relu"] } = options;
  const inputDimension = options.input;
  const families = activations.map((activation) => family(activation, { inputDimension, ...options }));
  const manifold = options.manifoldDim === undefined ? {} : { manifoldDimension: options.manifoldDim };
  return advise({ target, families, tests: [], ...manifold });
}

function family(activation: string, defaults: RecommendOptions & { readonly inputDimension: number }): Family {
  const { inputDimension, outputs = 1, depth = { least: 1, most: 4 }, modulus = 2 } = defaults;
  const { dataDegree = 2, dataInequalities = 0 } = defaults;
  return { inputDimension, outputs, activation, depths: depth, dataDegree, dataInequalities, modulus };
}

/** The largest numbers over the classes, and a test of every activation's trainings. */
function fromStudy(result: StudyResult, options: RecommendOptions): Advice {
  const { config, dataset } = result;
  const { decision } = config;
  const readout = options.readout ?? decision.readout;
  if (!config.readouts.includes(readout))
    throw new ConfigError(expected(`one of ${config.readouts.join(", ")}`, "--readout", readout), {
      hint: "Only readouts that the study recorded can be compared.",
    });
  if (options.input !== undefined && options.input !== dataset.inputDimension)
    throw new ConfigError(expected(`${dataset.inputDimension}, the study's,`, "--input-dim", options.input), {
      hint: "Leave it out: the study knows it.",
    });
  const images = inputEvidence(readout, result.measurements);
  const betti = Array.from({ length: config.homology.maxDim + 1 }, (_, k) => {
    const values = images.find((image) => image.k === k)?.values ?? [];
    return values.reduce((most, value) => Math.max(most, value.betti), k === 0 ? 1 : 0);
  });
  const assumed = images.some(({ k }) => k === 0) ? "" : "; b_0 = 1 assumed, which this readout does not compare";
  const { classes } = config;
  const origin = `readout ${readout}, the largest over ${classes.length} ${classes.length === 1 ? "class" : "classes"} of ${dataset.name}${assumed}`;
  const { activations = [...config.activations], probability = 0.5, confidence = 0.95 } = options;
  const known = {
    inputDimension: dataset.inputDimension,
    outputs: dataset.classes,
    dataDegree: decision.dataDegree,
    dataInequalities: decision.dataInequalities,
    modulus: config.homology.modulus,
  };
  const { enclosures } = result;
  const families = activations.map((activation) => ({
    ...family(activation, { ...known, ...options }),
    enclosures,
  }));
  const { measurements, networks } = withoutDiverged(result.networks, result.measurements);
  const { widths } = result.recommendation;
  const studied = (config.activations as readonly string[]).filter((activation) => activations.includes(activation));
  const tests = studied.map(
    (activation): EmpiricalTest =>
      empiricalTest({
        measurements,
        networks,
        widths,
        seeds: config.seeds,
        activation,
        readout,
        criterion: decision,
        probability,
        alpha: 1 - confidence,
      }),
  );
  const merging = studied.map((activation) =>
    mergingOf({ measurements, activation, widths, readouts: config.readouts, paired: config.sampling.paired }),
  );
  const sweep = { widths, hiddenLayers: config.hiddenLayers, networks };
  const nothing = images.every(({ values }) => values.every((value) => value.betti === 0));
  const manifold = options.manifoldDim === undefined ? {} : { manifoldDimension: options.manifoldDim };
  // Where the input shows nothing, keeping it says nothing: no test.
  return advise({ target: { betti, origin }, families, tests: nothing ? [] : tests, sweep, merging, ...manifold });
}

/** The largest numbers over all clouds of a file: JSON of `bettina homology`, or a study's `diagrams/<job>.json`. */
async function fromDiagrams(path: string, options: RecommendOptions, signal: AbortSignal): Promise<Target> {
  const text = Buffer.from(await readBytes(path, { signal })).toString("utf8");
  const fail = (what: string): DataFormatError =>
    new DataFormatError(`Expected ${what} in ${path}, got something else.`, {
      path,
      hint: 'Give {"diagrams": [[[birth, death or null], ...], ...]}, as bettina homology --json prints it.',
    });
  const clouds = documentsIn(text, fail).flatMap((document) => {
    const { diagrams, clouds: several, error } = document as { diagrams?: unknown; clouds?: unknown; error?: unknown };
    // bettina homology --json says so of an input that failed: the largest of the others is not the largest of all.
    if (error !== undefined)
      throw new InputError(expected("diagrams of every cloud", path, document), { hint: "Leave that line out." });
    return Array.isArray(several) ? (several as object[]) : diagrams !== undefined ? [document as object] : [];
  });
  if (clouds.length === 0) throw fail("persistence diagrams");
  const readout = options.readout ?? usualReadout;
  if (needsContext(parseReadout(readout)))
    throw new ConfigError(expected("a readout of diagrams alone", "--readout", readout), {
      hint: "Use for instance ratio>1.1; this one looks at the points, and a study records it.",
    });
  const readings = clouds.map((cloud) => {
    const { diagrams, threshold, enclosingRadius } = cloud as {
      diagrams: unknown;
      threshold?: number;
      enclosingRadius?: number;
    };
    if (!isDiagrams(diagrams)) throw fail("lists of [birth, death or null] by dimension");
    const given = {
      diagrams: diagrams.map((intervals, k) => diagramFromJson(k, intervals)),
      ...(typeof threshold === "number" ? { threshold } : {}),
      ...(typeof enclosingRadius === "number" ? { enclosingRadius } : {}),
    };
    return bettiNumbers(given, readout);
  });
  const dimensions = Math.max(...readings.map(({ betti }) => betti.length));
  if (readings.every(({ betti }) => betti.every((b) => b === null)))
    throw new InputError(`Expected diagrams that the readout ${readout} can read, got none in ${path}.`, {
      hint: "Name another with --readout.",
    });
  const betti = Array.from({ length: dimensions }, (_, k) =>
    readings.reduce((most, reading) => Math.max(most, reading.betti[k] ?? 0), k === 0 ? 1 : 0),
  );
  const undefined0 = readings.every((reading) => reading.betti[0] === null);
  const many = clouds.length > 1 ? `, the largest over ${clouds.length} clouds` : "";
  const assumed = undefined0 ? "; b_0 = 1 assumed, which this readout does not define" : "";
  return { betti, origin: `readout ${readings[0]!.readout}${many}${assumed}` };
}

/** One document, or one a line. */
function documentsIn(text: string, fail: (what: string) => Error): unknown[] {
  const objects = (values: unknown[]) => {
    if (values.every((value) => typeof value === "object" && value !== null)) return values;
    throw fail("persistence diagrams");
  };
  try {
    return objects([JSON.parse(text)]);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  try {
    return objects(lines.map((line) => JSON.parse(line)));
  } catch {
    throw fail("JSON");
  }
}

function isDiagrams(value: unknown): value is DiagramJson[] {
  const end = (x: unknown) => x === null || (typeof x === "number" && Number.isFinite(x));
  const interval = (x: unknown) => Array.isArray(x) && x.length === 2 && Number.isFinite(x[0]) && end(x[1]);
  return Array.isArray(value) && value.length > 0 && value.every((one) => Array.isArray(one) && one.every(interval));
}

async function isDirectory(path: string): Promise<boolean> {
  return await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

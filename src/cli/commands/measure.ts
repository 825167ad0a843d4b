/** `bettina measure`: the diagrams of the input and of every hidden layer of a trained network. */
import { availableParallelism } from "node:os";
import pc from "picocolors";
import { type Dataset, loadDataset, type PointSet } from "../../data/dataset.js";
import { pointsOfClass, rowsOfClass, takeRows } from "../../data/sampling.js";
import { ConfigError, expected } from "../../errors.js";
import { checkWritable, writeFileAtomic } from "../../io/atomic.js";
import { accuracy, activations } from "../../network/activations.js";
import { openBackend } from "../../network/backend.js";
import { loadNetwork } from "../../network/checkpoint.js";
import { Random } from "../../random.js";
import { draw, openTable } from "../../report/terminal.js";
import { percent } from "../../report/words.js";
import { type BettiReading, bettiNumbers } from "../../topology/betti.js";
import { type DiagramJson, diagramToJson } from "../../topology/diagram.js";
import type { PersistenceResult } from "../../topology/persistence.js";
import { persistenceSettled } from "../../topology/persistence-many.js";
import type { PointCloud } from "../../topology/point-cloud.js";
import { formatReadout, needsContext, parseReadout } from "../../topology/readout.js";
import { EXIT_OK } from "../exit-codes.js";
import { Failures } from "../failures.js";
import { type CliIo, textOptions } from "../io.js";
import { ProgressLine } from "../output.js";

/** Options of `bettina measure`, as parsed. */
export interface MeasureCommandOptions {
  readonly dataset?: Dataset["name"] | "auto";
  readonly data?: string;
  readonly split?: "train" | "test";
  readonly class?: readonly number[] | "all";
  readonly sample?: number;
  readonly seed?: number;
  readonly statistics?: "training-set" | "sample";
  readonly maxDim?: number;
  readonly modulus?: number;
  readonly readout?: string;
  readonly backend?: "auto" | "node" | "wasm" | "cpu";
  readonly threads?: number;
  readonly out?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly debug?: boolean;
}

/** One cloud measured. */
interface MeasuredCloud {
  readonly class: number;
  /** 0 for the input, 1.. for hidden layers. */
  readonly layer: number;
  /** [points, coordinates] */
  readonly shape: readonly [number, number];
  readonly threshold: number;
  readonly betti: BettiReading["betti"];
  /** By rules that leave short intervals out, where the true numbers are known: what is to be compared with them. */
  readonly significant?: BettiReading["betti"];
  readonly diagrams: readonly DiagramJson[];
}

/** Measures a saved network. Where a cloud fails every failure is told, and nothing is written or printed. */
export async function measure(directory: string, options: MeasureCommandOptions, io: CliIo): Promise<number> {
  const weights = await loadNetwork(directory);
  const readout = parseReadout(options.readout ?? "count");
  if (needsContext(readout))
    throw new ConfigError(expected("a readout of the diagram alone", "--readout", options.readout), {
      hint: "Use for instance --readout ratio>1.1; a study reads the others.",
    });
  if (options.out !== undefined) await checkWritable(options.out);
  const backend = await openBackend({ prefer: options.backend ?? "auto" });
  const progress = new ProgressLine(io.stderr, io.environment, options.quiet === true);
  const { maxDim = 1, modulus = 2, split = "test", statistics = "training-set" } = options;
  try {
    const data = await loadDataset({
      dataset: options.dataset ?? "auto",
      signal: io.signal,
      environment: io.environment,
      ...(options.data === undefined ? {} : { directory: options.data }),
      onProgress: ({ phase, done, total }) => progress.update(phase, total === null ? null : done / total),
    });
    if (weights.widths[0] !== data.features || weights.widths.at(-1) !== data.classes)
      throw new ConfigError(
        expected(
          `a network of ${data.features} inputs and ${data.classes} outputs`,
          "network",
          weights.widths.join("-"),
        ),
        { hint: "Name the data set that the network was trained on: --dataset." },
      );
    const right = accuracy(backend, weights, data[split], { statistics });
    const clouds: { class: number; layer: number; cloud: PointCloud }[] = [];
    for (const label of classesOf(options, data)) {
      const points = sampleOf(data[split], label, options);
      clouds.push({ class: label, layer: 0, cloud: points });
      const { layers } = activations(backend, weights, points, { statistics });
      for (const [i, cloud] of layers.entries()) clouds.push({ class: label, layer: i + 1, cloud });
    }
    const threads = Math.min(clouds.length, options.threads ?? availableParallelism());
    const results = persistenceSettled(
      clouds.map(({ cloud }) => cloud),
      { maxDim, modulus, threads, metric: "euclidean", signal: io.signal },
    );
    const measured: MeasuredCloud[] = [];
    const failures = new Failures(io, options.debug === true);
    let done = 0;
    for await (const settled of results) {
      const { class: label, layer, cloud } = clouds[done++]!;
      if (settled.status === "rejected") {
        progress.clear();
        failures.add(`class ${label}, ${layer === 0 ? "input" : `layer ${layer}`}`, settled.reason);
        continue;
      }
      const result = settled.value;
      measured.push({
        class: label,
        layer,
        shape: cloud.shape,
        threshold: result.threshold,
        betti: bettiNumbers(result, readout).betti,
        ...(data.expected ? { significant: significantNumbers(result) } : {}),
        diagrams: result.diagrams.map(diagramToJson),
      });
      progress.update(`${done} of ${clouds.length} clouds`, done / clouds.length);
    }
    progress.clear();
    // A table with gaps would be taken for the whole.
    if (failures.exitCode !== EXIT_OK) return failures.exitCode;
    const document = {
      format: "bettina-measurement",
      formatVersion: 1,
      network: { widths: weights.widths, activation: weights.activation },
      dataset: { name: data.name, digest: data.digest, expected: data.expected },
      split,
      sample: options.sample ?? null,
      seed: options.seed ?? 1,
      statistics,
      accuracy: right,
      readout: formatReadout(readout),
      ...(data.expected ? { significantReadouts } : {}),
      modulus,
      clouds: measured,
    };
    const text = options.json || options.out !== undefined ? `${JSON.stringify(document)}\n` : "";
    if (options.out !== undefined) await writeFileAtomic(options.out, text);
    if (options.json && options.out === undefined) io.stdout.write(text);
    if (!options.json)
      io.stdout.write(
        `${data.note}\nAccuracy on the ${split} set ${percent(right)}. Betti numbers by ${formatReadout(readout)}, coefficients in Z/${modulus}${data.expected ? `, and by what is more than noise (b0 by ${significantReadouts.components}, the rest by ${significantReadouts.rest})` : ""}:\n${table(measured, data, io)}\n`,
      );
    return EXIT_OK;
  } finally {
    progress.clear();
  }
}

/** Rules that ask of an interval whether it is more than noise; the second knows nothing of components. */
const significantReadouts = { components: "single-linkage-gap>2", rest: "universal-null@0.05" } as const;

/** Betti numbers by {@link significantReadouts}. */
function significantNumbers(result: PersistenceResult): (number | null)[] {
  const components = bettiNumbers(result, significantReadouts.components).betti;
  return bettiNumbers(result, significantReadouts.rest).betti.map((value, k) => (k === 0 ? components[0]! : value));
}

/** A row a class, a column a layer: b_0, b_1, ...; below it, where they are known, what is more than noise. */
function table(measured: readonly MeasuredCloud[], data: Dataset, io: CliIo): string {
  const colours = pc.createColors(textOptions(io).colour);
  const layers = [...new Set(measured.map(({ layer }) => layer))];
  const rows = [...new Set(measured.map((cloud) => cloud.class))];
  const known = data.expected !== null;
  const lines = openTable(["left", ...layers.map((): "right" => "right"), ...(known ? (["right"] as const) : [])]);
  lines.push(
    ["class", ...layers.map((layer) => (layer === 0 ? "input" : `layer ${layer}`)), ...(known ? ["known"] : [])].map(
      colours.dim,
    ),
  );
  for (const label of rows) {
    const of = measured.filter((cloud) => cloud.class === label);
    const expectedNumbers = data.expected?.find((entry) => entry.class === label)?.betti;
    lines.push([
      colours.bold(`${label}`),
      ...of.map(({ betti }) => betti.map((value) => value ?? "–").join(", ")),
      ...(known ? [expectedNumbers?.slice(0, of[0]!.betti.length).join(", ") ?? "–"] : []),
    ]);
    if (known)
      lines.push([
        colours.dim("significant"),
        ...of.map(({ significant }) => significant?.map((value) => value ?? "–").join(", ") ?? "–"),
        expectedNumbers?.slice(0, of[0]!.betti.length).join(", ") ?? "–",
      ]);
  }
  return draw(lines);
}

function classesOf({ class: asked }: MeasureCommandOptions, { classes }: Dataset): readonly number[] {
  if (asked === undefined || asked === "all") return Array.from({ length: classes }, (_, label) => label);
  for (const label of asked)
    if (label >= classes)
      throw new ConfigError(expected(`a class from 0 to ${classes - 1}`, "--class", label), {
        hint: "Use for instance --class 0.",
      });
  return asked;
}

/** Points of a class: all, or a sample drawn without replacement, the same for every layer. */
function sampleOf(set: PointSet, label: number, { sample, seed = 1 }: MeasureCommandOptions): PointSet {
  if (sample === undefined) return pointsOfClass(set, label);
  const rows = rowsOfClass(set.labels, label);
  if (sample > rows.length)
    throw new ConfigError(expected(`at most the ${rows.length} points of class ${label}`, "--sample", sample), {
      hint: "Take fewer.",
    });
  const drawn = new Random(seed, "measure", label).sample(rows.length, sample).sort();
  return takeRows(
    set,
    drawn.map((i) => rows[i]!),
  );
}

/**
 * A study's result made by hand: deterministic, of the right type, with numbers of the size a quick study on MNIST
 * gives. It is no measurement; it exists so that the report can be tested without training anything.
 */
import type { BoundJson } from "../../src/bounds/bound.js";
import type { LayerBound } from "../../src/bounds/layer-bounds.js";
import { Random } from "../../src/random.js";
import type { JobDiagrams } from "../../src/report/diagrams.js";
import { compareWithAccuracy } from "../../src/selection/comparison.js";
import { recommend } from "../../src/selection/recommend.js";
import type { DistanceRecord } from "../../src/study/layer-distances.js";
import type { CurveRecord } from "../../src/study/measure.js";
import { presets } from "../../src/study/presets.js";
import type { MeasurementRecord, NetworkRecord, ReadoutRecord, StudyResult } from "../../src/study/result.js";
import { summariseStudy } from "../../src/study/statistics.js";
import type { DiagramJson } from "../../src/topology/diagram.js";
import { everyClass } from "../support/decision.js";

const classes = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
const perClass = 200;

/** What the fixture may vary. */
export interface FixtureOptions {
  readonly activations?: readonly ("relu" | "square")[];
  readonly widths?: readonly number[];
  readonly generated?: boolean;
  readonly failures?: boolean;
  readonly seeds?: readonly number[];
  readonly note?: string;
  /** Everything a sound study has: a Gaussian control, validation accuracies, Betti curves, distances. @default false */
  readonly full?: boolean;
  /** A readout that gives 0 everywhere and decides. */
  readonly zeros?: string;
}

/** Number of loops a layer of this width holds on to: rises with the width and levels off. */
function loops(random: Random, plateau: number, width: number): number {
  const level = plateau * (1 - Math.exp(-width / 5)) * (1 + 0.06 * random.normal());
  return Math.max(0, Math.round(width === 2 ? level * 0.25 : level));
}

function readouts(random: Random, count: number, undefinedRatio = false): ReadoutRecord[] {
  return [
    { readout: "count", betti: [perClass, count] },
    undefinedRatio
      ? { readout: "ratio>1.1", betti: [null, null], note: "no interval of dimension 1 to compare" }
      : { readout: "ratio>1.1", betti: [null, Math.round(count * 0.31)] },
    { readout: "universal-null@0.05", betti: [null, Math.max(0, Math.round(count * 0.02 + 0.7 * random.normal()))] },
  ];
}

function toBound(value: bigint, field: "any" | "char0", theorem: string, source: string): BoundJson {
  const digits = value.toString();
  const log10 =
    value === 0n
      ? null
      : digits.length - 1 + Math.log10(Number(digits.slice(0, 15)) / 10 ** (Math.min(15, digits.length) - 1));
  return {
    exact: digits,
    log10,
    kind: "inequality",
    field,
    theorem,
    source,
    status: "proven here",
    trace: [`value ${digits}`],
  };
}

function createdBounds(activation: string, width: number): LayerBound[] {
  const entries: LayerBound[] = [];
  for (let layer = 1; layer <= 3; layer++) {
    entries.push({ layer, width, k: 0, bound: toBound(1n, "any", "connected domain", "theory 2.4, proven here") });
    const value = layer === 1 || width < 2 ? 0n : 2n ** BigInt(width) * 4n * 7n ** BigInt(width * (layer - 1)) - 1n;
    const theorem =
      layer === 1
        ? "convex fibres (T5)"
        : activation === "square"
          ? "descent with sign splitting (2.4)"
          : "nerve of the linear regions (4.2)";
    entries.push({ layer, width, k: 1, bound: toBound(value, "any", theorem, "theory 2.4, proven here") });
  }
  return entries;
}

function carriedBounds(activation: string, width: number): LayerBound[] {
  const entries: LayerBound[] = [];
  for (let layer = 1; layer <= 3; layer++) {
    const inputs = layer === 1 ? 784 : width;
    for (let k = 0; k <= 1; k++) {
      if (activation === "relu") {
        entries.push({ layer, width, k, bound: null, reason: "no theorem for a piecewise linear layer" });
        continue;
      }
      let value = 0n;
      for (let p = 0; p <= k; p++) value += 2n * 3n ** BigInt(inputs * (p + 1) - 1);
      entries.push({
        layer,
        width,
        k,
        bound: toBound(value, "any", "isolated layer (2.5)", "theory 2.5, proven here"),
      });
    }
  }
  return entries;
}

/** A whole result of a quick study. */
export function fixtureResult(options: FixtureOptions = {}): StudyResult {
  const seeds = options.seeds ?? [1];
  const widths = options.widths ?? [2, 4, 8, 16, 32, 62];
  const activations = options.activations ?? ["relu", "square"];
  const random = new Random(7, "report fixture");
  const measurements: MeasurementRecord[] = [];
  const networks: NetworkRecord[] = [];
  const common = { subsample: 0, points: perClass, distinctPoints: perClass, medianDistance: 7 };
  for (const label of classes)
    measurements.push({
      ...common,
      source: "input",
      job: "input",
      width: null,
      activation: null,
      seed: null,
      layer: 0,
      class: label,
      threshold: 9.5 + 0.25 * label,
      readouts: readouts(random, 128 + Math.round(9 * random.normal()) - (label === 1 ? 20 : 0)),
    });
  for (const activation of activations)
    for (const width of widths)
      for (const seed of seeds) {
        const id = `${activation}-w${width}-s${seed}`;
        const accuracy = { 2: 0.5, 4: 0.65, 8: 0.89, 16: 0.94, 32: 0.958, 62: 0.965 }[width] ?? 0.98 - 0.9 / width;
        networks.push({
          id,
          activation,
          width,
          widths: [784, width, width, width, 10],
          seed,
          parameters: 784 * width + 2 * width * width + 10 * width + 3 * width + 10,
          steps: 430,
          takenAt: 430,
          validations: options.full
            ? [86, 172, 258, 344, 430].map((step) => ({
                step,
                loss: 2.2 * Math.exp((-step / 120) * accuracy) + (1 - accuracy) * 1.7,
                accuracy: accuracy * (1 - 0.6 * Math.exp(-step / 100)),
              }))
            : [],
          validationAccuracy: options.full ? accuracy : null,
          testAccuracy: Math.round((accuracy + 0.004 * random.normal()) * 10000) / 10000,
          untrainedTestAccuracy: Math.round((0.1 + 0.02 * random.normal()) * 10000) / 10000,
          losses: Array.from({ length: 22 }, (_, i) => ({
            step: i * 20,
            loss: 2.3 * Math.exp((-i / 6) * accuracy) + (1 - accuracy) * 1.6 + 0.01 * random.uniform(),
          })),
        });
        for (const source of ["network", "untrained"] as const)
          for (let layer = 1; layer <= 3; layer++)
            for (const label of classes)
              measurements.push({
                ...common,
                source,
                job: id,
                width,
                activation,
                seed,
                layer,
                class: label,
                threshold: 6 + layer + label / 10,
                readouts: readouts(
                  random,
                  loops(
                    random,
                    (activation === "relu" ? 132 : 128) - 13 * (layer - 1) * (source === "network" ? 1 : 0.6),
                    width,
                  ),
                  width === 2 && layer === 3 && label === 4,
                ),
              });
      }
  for (const width of widths)
    for (const label of classes)
      measurements.push({
        ...common,
        source: "projection",
        job: `projection-w${width}-s1`,
        width,
        activation: null,
        seed: 1,
        layer: 0,
        class: label,
        threshold: 4.5,
        readouts: readouts(random, loops(random, 134, width)),
      });
  const full = options.full ?? false;
  if (full)
    for (const width of widths)
      for (const label of classes)
        measurements.push({
          ...common,
          source: "gaussian",
          job: `gaussian-w${width}-s1`,
          width,
          activation: null,
          seed: 1,
          layer: 0,
          class: label,
          threshold: 4.5,
          readouts: readouts(random, loops(random, 210, width)),
        });
  if (options.zeros !== undefined)
    for (const [i, one] of measurements.entries())
      measurements[i] = {
        ...one,
        readouts: one.readouts.map((record) =>
          record.readout === options.zeros ? { ...record, betti: record.betti.map((value) => value && 0) } : record,
        ),
      };
  const generated = options.generated ?? false;
  const base: Omit<StudyResult, "recommendation" | "statistics" | "comparisons" | "known" | "enclosures"> = {
    format: "bettina-study",
    formatVersion: 3,
    versions: {
      bettina: "0.1.0",
      engineAbi: 1,
      engineDigest: "5f1d".repeat(16),
      tfjs: "4.22.0",
      nodeMajor: 20,
      architecture: "x64",
    },
    config: {
      ...presets.quick,
      widths,
      activations,
      seeds: [...seeds],
      decision: everyClass(options.zeros ?? "ratio>1.1"),
      ...(full ? { controls: ["projection", "untrained", "gaussian"] as const } : {}),
      ...(seeds.length === 1 ? {} : { preset: "custom" }),
    },
    configDigest: "9c41".repeat(16),
    dataset: {
      name: generated ? "digits" : "mnist",
      generated,
      note:
        options.note ??
        (generated
          ? "MNIST was not found on this machine and could not be downloaded (no server answered), so these are generated digits, not written by people."
          : "MNIST, 60,000 training and 10,000 test images, checked against its published digests."),
      digest: "ab12".repeat(16),
      trainCount: 60000,
      testCount: 10000,
      classes: 10,
      inputDimension: 784,
    },
    backend: {
      name: "wasm",
      tried: [
        { name: "node", outcome: "not available: the native binary is missing" },
        { name: "wasm", outcome: "works: a training step passed" },
      ],
    },
    samples: classes.map((label) => ({
      job: null,
      class: label,
      subsample: 0,
      rows: Array.from({ length: perClass }, (_, i) => label * 900 + i),
    })),
    networks,
    measurements,
    bounds: activations.flatMap((activation) =>
      widths.map((width) => ({
        activation,
        width,
        widths: [784, width, width, width, 10],
        created: createdBounds(activation, width),
        carried: carriedBounds(activation, width),
      })),
    ),
    failures: options.failures
      ? [
          {
            job: "square-w62-s1",
            code: "TRAINING",
            message: "Expected a finite loss for step 118, got NaN. Lower the learning rate.",
          },
        ]
      : [],
  };
  const { config } = base;
  const names = config.readouts;
  const { batchSize } = config.training;
  const { alpha } = config.decision;
  const recommendation = recommend({
    measurements,
    networks,
    bounds: base.bounds,
    enclosures: [],
    activations: config.activations,
    widths: config.widths,
    seeds: config.seeds,
    readouts: names,
    maxDim: config.homology.maxDim,
    decision: config.decision,
  });
  return {
    ...base,
    statistics: summariseStudy({
      measurements,
      networks,
      ...(full ? fixtureCurves(measurements) : { curves: [], distances: [], scales: [] }),
    }),
    comparisons: compareWithAccuracy({ measurements, networks, readouts: names, batchSize, alpha, recommendation }),
    known: null,
    enclosures: [],
    recommendation,
  };
}

/** Betti curves of the count's height, and distances that shrink with the layer. */
function fixtureCurves(measurements: readonly MeasurementRecord[]) {
  const random = new Random(13, "fixture curves");
  const scales = Array.from({ length: 41 }, (_, i) => i / 40);
  const curves = measurements.map(({ readouts, layer, source }): CurveRecord => {
    const height = 0.2 * readouts[0]!.betti[1]! * (1 + 0.1 * random.normal());
    const middle = source === "input" ? 0.7 : 0.6 - 0.06 * layer;
    return [
      scales.map((scale) => Math.max(1, Math.round(perClass * (1 - scale)))),
      scales.map((scale) => Math.max(0, Math.round(height * Math.exp(-(((scale - middle) / 0.1) ** 2))))),
    ];
  });
  const distances = measurements.flatMap((one): DistanceRecord[] =>
    one.source === "network" && one.class === 0
      ? (["bottleneck", "wasserstein"] as const).map((metric) => ({
          source: one.source,
          job: one.job,
          width: one.width,
          activation: one.activation,
          seed: one.seed,
          layer: one.layer,
          class: one.class,
          subsample: one.subsample,
          metric,
          k: 1,
          distance: ((metric === "wasserstein" ? 4 : 0.1) / one.layer) * (1 + 0.1 * random.normal()),
        }))
      : [],
  );
  return { curves, distances, scales };
}

function intervals(random: Random, count: number, scale: number, loopsOnly: boolean): DiagramJson {
  const pairs = Array.from({ length: count }, () => {
    const birth = loopsOnly ? scale * (0.35 + 0.4 * random.uniform()) : 0;
    const length = loopsOnly ? scale * 0.12 * random.uniform() ** 3 : scale * (0.2 + 0.35 * random.uniform());
    return [Math.fround(birth), Math.fround(birth + length + 0.001)] as [number, number | null];
  });
  if (!loopsOnly) pairs.push([0, null]);
  return pairs.sort((a, b) => a[0] - b[0] || (a[1] ?? Infinity) - (b[1] ?? Infinity));
}

/** Diagrams of a job of the fixture, or null for a job that does not exist. */
export async function fixtureDiagrams(result: StudyResult, job: string): Promise<JobDiagrams | null> {
  const clouds = result.measurements.filter((measurement) => measurement.job === job);
  if (clouds.length === 0) return null;
  return {
    job,
    clouds: clouds.map((cloud) => {
      const random = new Random(11, job, cloud.source, cloud.layer, cloud.class);
      const count = cloud.readouts[0]!.betti[1]!;
      return {
        source: cloud.source,
        layer: cloud.layer,
        class: cloud.class,
        subsample: cloud.subsample,
        threshold: cloud.threshold,
        diagrams: [
          intervals(random, perClass - 1, cloud.threshold, false),
          intervals(random, count, cloud.threshold, true),
        ],
      };
    }),
  };
}

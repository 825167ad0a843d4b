/** What a study saw: the Betti numbers of layers and controls beside the input's, width by width. */
import { differentWidths, type SweepWidth } from "../network/architecture.js";
import type { Untested } from "../topology/betti.js";

/** The part of a study's measurement that is compared; a `MeasurementRecord` is one. */
export interface Measured {
  readonly source: "input" | "network" | "untrained" | "projection" | "gaussian";
  /** Of a network its hidden layers, of a control without a network its dimensions; null for the input. */
  readonly width: SweepWidth | null;
  readonly activation: string | null;
  readonly seed: number | null;
  /** 0 for the input and the controls without layers, 1.. for hidden layers. */
  readonly layer: number;
  readonly class: number;
  /** Which sample of the class. */
  readonly subsample: number;
  readonly readouts: readonly {
    readonly readout: string;
    readonly betti: readonly (number | null)[];
    readonly untested?: readonly (Untested | null)[];
  }[];
}

/** One Betti number of one layer and sample beside the input's of the same sample. */
export interface Comparison {
  readonly layer: number;
  readonly class: number;
  /** Which sample of the class: layer and input are compared on the same one. */
  readonly subsample: number;
  /** Degree of homology. */
  readonly k: number;
  readonly input: number;
  readonly measured: number;
}

/**
 * The comparisons of one training; of a control without a network those of all points with as many dimensions as some
 * hidden layer has, numbered as layer 0.
 */
export interface Run {
  readonly seed: number;
  readonly comparisons: readonly Comparison[];
}

/** Everything one width shows, in one kind of source. */
export interface WidthEvidence {
  readonly width: SweepWidth;
  readonly runs: readonly Run[];
}

/** The Betti numbers of the input by class. */
export interface InputEvidence {
  readonly k: number;
  readonly values: readonly { readonly class: number; readonly betti: number }[];
}

type Runs = Map<number, Comparison[]>;

/**
 * The degrees in which a readout can be compared. `count` says nothing in degree 0, where it is the number of distinct
 * points; the ratio rules define nothing there.
 */
export function comparedDegrees(readout: string, measurements: readonly Measured[]): number[] {
  const degrees = new Set<number>();
  for (const measurement of measurements)
    if (measurement.source === "input")
      reading(measurement, readout).forEach((betti, k) => {
        if (betti !== null && !(k === 0 && readout === "count")) degrees.add(k);
      });
  return [...degrees].sort((one, other) => one - other);
}

/** On how many samples of the input a test could say nothing in one degree, and why: undefined is neither 0 nor noise. */
export interface UntestedInput {
  readonly k: number;
  readonly samples: number;
  readonly untested: number;
  readonly reasons: readonly Untested[];
}

/** Degrees from 1 in which a readout that tests could not be applied to some sample of the input. */
export function untestedInput(readout: string, measurements: readonly Measured[]): UntestedInput[] {
  const inputs = measurements.flatMap((one) =>
    one.source === "input" ? one.readouts.filter((record) => record.readout === readout) : [],
  );
  const degrees = Math.max(0, ...inputs.map(({ betti }) => betti.length));
  return Array.from({ length: degrees }, (_, k) => k).flatMap((k) => {
    const reasons = inputs.flatMap(({ betti, untested }) => (betti[k] === null ? (untested?.[k] ?? []) : []));
    const found = { k, samples: inputs.length, untested: reasons.length, reasons: [...new Set(reasons)] };
    return k === 0 || reasons.length === 0 ? [] : [found];
  });
}

/** Why a test could say nothing, as a clause. */
export const untestedWords: Readonly<Record<Untested, string>> = {
  "too-few-intervals": "too few intervals to test",
  "not-noise": "intervals that the distribution of noise does not describe",
  "too-few-points": "too few points to test",
};

/** The one of the readouts that tests for significance; undefined when none does. */
export function significanceReadout(readouts: readonly string[]): string | undefined {
  return readouts.find((readout) => readout.startsWith("universal-null"));
}

/** The input's Betti numbers, degree by degree and class by class: medians over the samples. */
export function inputEvidence(readout: string, measurements: readonly Measured[]): InputEvidence[] {
  return comparedDegrees(readout, measurements).map((k) => ({
    k,
    values: inputsByClass(measurements, readout, k),
  }));
}

function inputsByClass(measurements: readonly Measured[], readout: string, k: number) {
  const samples = new Map<number, number[]>();
  for (const measurement of measurements) {
    const betti = measurement.source === "input" ? reading(measurement, readout)[k] : null;
    if (betti !== null && betti !== undefined) entry(samples, measurement.class, () => []).push(betti);
  }
  return [...samples].map(([label, values]) => ({ class: label, betti: median(values) }));
}

/**
 * What one source shows by one readout, by width and seed. Numbers that the readout does not define, in the layer or in
 * the input, are left out. Every sample of a class is compared with the input's numbers on that sample. The controls
 * without a network stand beside every layer by its own width: with 64-32-16 goes a run of those in 64, in 32 and in 16
 * dimensions. Widths of which nothing was measured are left out.
 * @param activation null for the controls without a network
 * @param sweep the widths tried, ascending; the result is in their order
 */
export function collectEvidence(
  readout: string,
  measurements: readonly Measured[],
  source: "network" | "untrained" | "projection" | "gaussian",
  activation: string | null,
  sweep: readonly SweepWidth[],
): WidthEvidence[] {
  const degrees = comparedDegrees(readout, measurements);
  const inputs = new Map<string, readonly (number | null)[]>();
  for (const one of measurements)
    if (one.source === "input") inputs.set(`${one.class}/${one.subsample}`, reading(one, readout));
  const widths = new Map<SweepWidth, Runs>();
  for (const measurement of measurements) {
    if (measurement.source !== source || measurement.width === null || measurement.seed === null) continue;
    if (measurement.activation !== activation) continue;
    const runs = entry(widths, measurement.width, (): Runs => new Map());
    const compared = entry(runs, measurement.seed, () => []);
    const { layer, class: label, subsample } = measurement;
    const betti = reading(measurement, readout);
    for (const k of degrees) {
      const input = inputs.get(`${label}/${subsample}`)?.[k] ?? null;
      const measured = betti[k] ?? null;
      if (input !== null && measured !== null) compared.push({ layer, class: label, subsample, k, input, measured });
    }
  }
  const layered = source === "network" || source === "untrained";
  return sweep.flatMap((width) => {
    const own = (layered ? [width] : differentWidths(width)).map((of) => widths.get(of));
    const [first, ...others] = own;
    // A run takes a measurement at every width.
    const seeds = [...(first?.keys() ?? [])].filter((seed) => others.every((runs) => runs?.has(seed)));
    if (seeds.length === 0) return [];
    const runs = seeds
      .sort((one, other) => one - other)
      .map((seed) => ({
        seed,
        comparisons: own.flatMap((of) => of!.get(seed)!),
      }));
    return [{ width, runs }];
  });
}

/** The runs of one width; none where it was not measured. */
export function runsOf(evidence: readonly WidthEvidence[], width: SweepWidth): readonly Run[] {
  return evidence.find((one) => one.width === width)?.runs ?? [];
}

/** The middle number, or the mean of the two in the middle; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function reading(measurement: Measured, readout: string): readonly (number | null)[] {
  return measurement.readouts.find((record) => record.readout === readout)?.betti ?? [];
}

function entry<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}

/** The degrees in which some class of the input has anything. */
export function shownDegrees(images: readonly InputEvidence[]): number[] {
  return images.filter(({ values }) => values.some(({ betti }) => betti > 0)).map(({ k }) => k);
}

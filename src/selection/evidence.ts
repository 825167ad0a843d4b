/** What a study saw: the Betti numbers of layers and controls beside the input's, width by width. */
import { differentWidths, type SweepWidth } from "../network/architecture.js";

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
  readonly readouts: readonly { readonly readout: string; readonly betti: readonly (number | null)[] }[];
}

/** One Betti number of one layer and class beside the input's of the same class. */
export interface Comparison {
  readonly layer: number;
  readonly class: number;
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

type Compared = Omit<Comparison, "measured"> & { readonly samples: number[] };
type Runs = Map<number, Map<string, Compared>>;

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
 * the input, are left out. Of several samples of a class the median counts, in the layer as in the input. The controls
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
  const inputs = new Map(
    inputEvidence(readout, measurements).map(({ k, values }) => [
      k,
      new Map(values.map(({ class: label, betti }) => [label, betti])),
    ]),
  );
  const widths = new Map<SweepWidth, Runs>();
  for (const measurement of measurements) {
    if (measurement.source !== source || measurement.width === null || measurement.seed === null) continue;
    if (measurement.activation !== activation) continue;
    const runs = entry(widths, measurement.width, (): Runs => new Map());
    const compared = entry(runs, measurement.seed, () => new Map());
    const { layer, class: label } = measurement;
    const betti = reading(measurement, readout);
    for (const [k, byClass] of inputs) {
      const input = byClass.get(label);
      const number = betti[k];
      if (input === undefined || number === null || number === undefined) continue;
      entry(compared, `${layer}/${label}/${k}`, () => ({
        layer,
        class: label,
        k,
        input,
        samples: [] as number[],
      })).samples.push(number);
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
        comparisons: own.flatMap((of) =>
          [...of!.get(seed)!.values()].map(({ samples, ...one }) => ({ ...one, measured: median(samples) })),
        ),
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

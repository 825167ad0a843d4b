/** What a study saw: the Betti numbers of layers and controls beside the input's, width by width. */

/** The part of a study's measurement that is compared; a `MeasurementRecord` is one. */
export interface Measured {
  readonly source: "input" | "network" | "untrained" | "projection" | "gaussian";
  readonly width: number | null;
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

/** The comparisons of one training (or of one projection, which has one layer numbered 0). */
export interface Run {
  readonly seed: number;
  readonly comparisons: readonly Comparison[];
}

/** Everything one width shows, in one kind of source. */
export interface WidthEvidence {
  readonly width: number;
  readonly runs: readonly Run[];
}

/** The Betti numbers of the input by class. */
export interface InputEvidence {
  readonly k: number;
  readonly values: readonly { readonly class: number; readonly betti: number }[];
}

type Compared = Omit<Comparison, "measured"> & { readonly samples: number[] };

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
 * What one source shows by one readout, by ascending width and seed. Numbers that the readout does not define, in the
 * layer or in the input, are left out. Of several samples of a class the median counts, in the layer as in the input.
 * @param activation null for the controls without a network
 */
export function collectEvidence(
  readout: string,
  measurements: readonly Measured[],
  source: "network" | "untrained" | "projection" | "gaussian",
  activation: string | null,
): WidthEvidence[] {
  const inputs = new Map(
    inputEvidence(readout, measurements).map(({ k, values }) => [
      k,
      new Map(values.map(({ class: label, betti }) => [label, betti])),
    ]),
  );
  const widths = new Map<number, Map<number, Map<string, Compared>>>();
  for (const measurement of measurements) {
    if (measurement.source !== source || measurement.width === null || measurement.seed === null) continue;
    if (measurement.activation !== activation) continue;
    const runs = entry(widths, measurement.width, () => new Map<number, Map<string, Compared>>());
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
  return [...widths]
    .sort(([one], [other]) => one - other)
    .map(([width, runs]) => ({
      width,
      runs: [...runs]
        .sort(([one], [other]) => one - other)
        .map(([seed, compared]) => ({
          seed,
          comparisons: [...compared.values()].map(({ samples, ...one }) => ({ ...one, measured: median(samples) })),
        })),
    }));
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

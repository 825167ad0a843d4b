/** Medians and intervals of what a study measured: over classes, samples and seeds, per source, width and layer. */
import type { SweepWidth } from "../network/architecture.js";
import { median } from "../selection/evidence.js";
import { type MedianInterval, medianInterval, type Spread, spreadOf } from "../selection/spread.js";
import type { DistanceRecord } from "./layer-distances.js";
import type { CurveRecord } from "./measure.js";
import type { MeasurementRecord, NetworkRecord, Source } from "./result.js";

/** Level of every interval. */
export const intervalLevel = 0.9;

/** Where numbers were measured. */
export interface Place {
  readonly source: Source;
  /** null for the input and the controls without a network. */
  readonly activation: string | null;
  /** null for the input. */
  readonly width: SweepWidth | null;
  /** 0 for the input and the controls without layers. */
  readonly layer: number;
}

/**
 * Median and intervals of a number over replicates. A replicate is one training (or projection, or Gaussian draw) on one
 * sample of every class; its number is the median over the classes.
 */
export interface Interval extends Spread {
  /** `percentiles`: `lower` and `upper` are the 5th and 95th percentile of the replicates: what was seen, no confidence. */
  readonly method: "percentiles";
  readonly level: number;
  /** Replicates with a number. */
  readonly replicates: number;
  /**
   * Confidence interval of the median over independent units: trainings (medians over their samples), or, for the input,
   * samples. null of too few units for the level.
   */
  readonly confidence: (MedianInterval & { readonly method: "order-statistics"; readonly unit: Unit }) | null;
}

/** What an interval's confidence speaks of. */
export type Unit = "seed" | "sample";

/** Betti numbers of one degree by one readout at one place. */
export interface NumberStatistics extends Place {
  readonly readout: string;
  readonly k: number;
  readonly overClasses: Interval;
  /** The same, class by class, without confidence intervals. */
  readonly byClass: readonly (Spread & { readonly class: number; readonly clouds: number })[];
  /** Clouds for which the readout defines no number. */
  readonly undefinedCount: number;
}

/** Accuracies of one width, over the trainings. */
export interface AccuracyStatistics {
  readonly activation: string;
  readonly width: SweepWidth;
  readonly test: Interval;
  readonly validation: Interval | null;
  readonly untrained: Interval;
}

/** Betti curves of one degree at one place, scale by scale over classes, samples and seeds. */
export interface CurveStatistics extends Place {
  readonly k: number;
  readonly clouds: number;
  readonly median: readonly number[];
  readonly lower: readonly number[];
  readonly upper: readonly number[];
}

/** How far the diagrams of a layer lie from those of the layer before (the input, for layer 1). */
export interface DistanceStatistics extends Place {
  readonly metric: "bottleneck" | "wasserstein";
  readonly k: number;
  readonly distance: Interval;
}

/** Everything summed up. */
export interface StudyStatistics {
  readonly numbers: readonly NumberStatistics[];
  readonly accuracies: readonly AccuracyStatistics[];
  /** null where no curves were recorded. Bands reach from the 5th to the 95th percentile of the clouds. */
  readonly curves: {
    /** The grid, in median distances of each cloud. */
    readonly scales: readonly number[];
    readonly level: number;
    readonly places: readonly CurveStatistics[];
  } | null;
  /** In median distances of each cloud; empty where none were computed. */
  readonly distances: readonly DistanceStatistics[];
}

/** What {@link summariseStudy} reads. */
export interface StatisticsInput {
  readonly measurements: readonly MeasurementRecord[];
  readonly networks: readonly NetworkRecord[];
  /** In the order of the measurements; empty where none were recorded. */
  readonly curves: readonly CurveRecord[];
  readonly distances: readonly DistanceRecord[];
  /** The grid of the curves. */
  readonly scales: readonly number[];
}

/** Sums up a study. Pure; places come in the order of the measurements. */
export function summariseStudy(input: StatisticsInput): StudyStatistics {
  return {
    numbers: numbersOf(input.measurements),
    accuracies: accuraciesOf(input.networks),
    curves: input.curves.length === 0 ? null : curvesOf(input),
    distances: distancesOf(input.distances),
  };
}

interface Replicate {
  readonly class: number;
  readonly seed: number | null;
  readonly subsample: number;
  readonly value: number;
}

function numbersOf(measurements: readonly MeasurementRecord[]): NumberStatistics[] {
  const groups = new Groups<Place & { readout: string; k: number }, Replicate | null>();
  for (const one of measurements)
    for (const { readout, betti } of one.readouts)
      betti.forEach((value, k) => {
        const { class: label, seed, subsample } = one;
        groups.add({ ...placeOf(one), readout, k }, value === null ? null : { class: label, seed, subsample, value });
      });
  return groups.map((place, all) => {
    const defined = all.filter((one) => one !== null);
    return {
      ...place,
      overClasses: intervalOf(defined),
      byClass: distinct(defined.map((one) => one.class)).map((label) => {
        const values = defined.filter((one) => one.class === label).map(({ value }) => value);
        return { class: label, clouds: values.length, ...spreadOf(values, intervalLevel) };
      }),
      undefinedCount: all.length - defined.length,
    };
  });
}

function accuraciesOf(networks: readonly NetworkRecord[]): AccuracyStatistics[] {
  const groups = new Groups<{ activation: string; width: SweepWidth }, NetworkRecord>();
  for (const network of networks) groups.add({ activation: network.activation, width: network.width }, network);
  return groups.map((place, all) => {
    const interval = (of: (network: NetworkRecord) => number | null) => {
      const values = all.map((network) => ({ class: 0, seed: network.seed, subsample: 0, value: of(network) }));
      return values.some(({ value }) => value === null) ? null : intervalOf(values as Replicate[]);
    };
    return {
      ...place,
      test: interval(({ testAccuracy }) => testAccuracy)!,
      validation: interval(({ validationAccuracy }) => validationAccuracy),
      untrained: interval(({ untrainedTestAccuracy }) => untrainedTestAccuracy)!,
    };
  });
}

function curvesOf({ measurements, curves, scales }: StatisticsInput): NonNullable<StudyStatistics["curves"]> {
  const groups = new Groups<Place & { k: number }, readonly number[]>();
  measurements.forEach((one, i) => {
    curves[i]?.forEach((values, k) => {
      groups.add({ ...placeOf(one), k }, values);
    });
  });
  return {
    scales,
    level: intervalLevel,
    places: groups.map((place, all) => {
      const bands = scales.map((_, i) =>
        spreadOf(
          all.map((values) => values[i]!),
          intervalLevel,
        ),
      );
      return {
        ...place,
        clouds: all.length,
        median: bands.map((band) => band.median!),
        lower: bands.map(({ lower }) => lower!),
        upper: bands.map(({ upper }) => upper!),
      };
    }),
  };
}

function distancesOf(distances: readonly DistanceRecord[]): DistanceStatistics[] {
  const groups = new Groups<Place & { metric: "bottleneck" | "wasserstein"; k: number }, Replicate>();
  for (const { metric, k, class: label, seed, subsample, distance, ...place } of distances)
    groups.add({ ...placeOf(place), metric, k }, { class: label, seed, subsample, value: distance });
  return groups.map((place, all) => ({ ...place, distance: intervalOf(all) }));
}

/** Median over the classes in every replicate, then over the replicates. */
function intervalOf(all: readonly Replicate[]): Interval {
  const replicates = new Groups<{ seed: number | null; subsample: number }, number>();
  for (const { seed, subsample, value } of all) replicates.add({ seed, subsample }, value);
  const numbers = replicates.map((replicate, values) => ({ ...replicate, value: median(values) }));
  const unit: Unit = numbers.some(({ seed }) => seed === null) ? "sample" : "seed";
  const units = new Groups<{ unit: number | null }, number>();
  for (const { seed, subsample, value } of numbers) units.add({ unit: unit === "seed" ? seed : subsample }, value);
  const confidence = medianInterval(
    units.map((_, values) => median(values)),
    intervalLevel,
  );
  return {
    ...spreadOf(
      numbers.map(({ value }) => value),
      intervalLevel,
    ),
    method: "percentiles",
    level: intervalLevel,
    replicates: numbers.length,
    confidence: confidence && { ...confidence, method: "order-statistics", unit },
  };
}

function placeOf({ source, activation, width, layer }: Place): Place {
  return { source, activation, width, layer };
}

function distinct(values: readonly number[]): number[] {
  return [...new Set(values)].sort((one, other) => one - other);
}

/** Items by key, in the order in which keys first came. */
class Groups<Key extends object, Item> {
  private readonly held = new Map<string, { readonly key: Key; readonly items: Item[] }>();

  add(key: Key, item: Item): void {
    const text = JSON.stringify(key);
    const group = this.held.get(text);
    if (group) group.items.push(item);
    else this.held.set(text, { key, items: [item] });
  }

  map<Result>(of: (key: Key, items: readonly Item[]) => Result): Result[] {
    return [...this.held.values()].map(({ key, items }) => of(key, items));
  }
}

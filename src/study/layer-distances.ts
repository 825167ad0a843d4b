/** How far the diagrams of a layer lie from those of the layer before it, on scales that do not depend on either's extent. */
import { bottleneckDistance } from "../topology/bottleneck.js";
import type { Diagram } from "../topology/diagram.js";
import { wassersteinDistance } from "../topology/wasserstein.js";
import type { DiagramMetric, StudyConfig } from "./config.js";
import type { MeasurementRecord } from "./result.js";

/** How far the diagrams of a layer lie from those of the layer before, both in median distances of their clouds. */
export interface DistanceRecord
  extends Pick<
    MeasurementRecord,
    "source" | "job" | "width" | "activation" | "seed" | "layer" | "class" | "subsample"
  > {
  readonly metric: DiagramMetric;
  readonly k: number;
  readonly distance: number;
}

/** The diagrams of a cloud and its median distance, their unit. */
export interface UnitDiagrams {
  readonly diagrams: readonly Diagram[];
  /** null or 0: the cloud has no unit, and nothing can be compared with it. */
  readonly unit: number | null;
}

/** A distance in one degree. */
export type LayerDistance = Pick<DistanceRecord, "metric" | "k" | "distance">;

/**
 * The distances between the diagrams of two clouds, degree by degree, each in units of its own cloud's median distance:
 * bottleneck, and 2-Wasserstein. Infinite ones, between diagrams of different numbers of essential intervals, are left
 * out, as all are where a cloud has no unit.
 */
export function layerDistances(
  before: UnitDiagrams,
  after: UnitDiagrams,
  { layerDistances: { metrics } }: Pick<StudyConfig, "layerDistances">,
): LayerDistance[] {
  if (!before.unit || !after.unit) return [];
  const [from, to] = [inUnits(before), inUnits(after)];
  return from.flatMap((diagram, k) =>
    metrics.flatMap((metric) => {
      const distance = metric === "bottleneck" ? bottleneckDistance : wassersteinDistance;
      const value = distance(diagram, to[k]!);
      return value === Infinity ? [] : [{ metric, k, distance: value }];
    }),
  );
}

function inUnits({ diagrams, unit }: UnitDiagrams): Diagram[] {
  return diagrams.map(({ dimension, births, deaths }) => ({
    dimension,
    births: births.map((value) => value / unit!),
    deaths: deaths.map((value) => value / unit!),
  }));
}

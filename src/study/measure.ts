/** Measuring one point cloud: its diagrams, its distinct points, and every readout of the study. */
import { bettiNumbers } from "../topology/betti.js";
import { type Diagram, type DiagramJson, diagramToJson } from "../topology/diagram.js";
import { pairwiseDistances } from "../topology/distance-matrix.js";
import { persistence } from "../topology/persistence.js";
import type { PointCloud } from "../topology/point-cloud.js";
import { needsContext, parseReadout } from "../topology/readout.js";
import { readoutContext } from "../topology/readout-context.js";
import type { DiagramMetric, StudyConfig } from "./config.js";
import type { MeasurementRecord, Source } from "./result.js";

/** The diagrams of one cloud, as `diagrams/<job>.json` holds them. */
export interface CloudDiagrams {
  readonly source: Source;
  readonly layer: number;
  readonly class: number;
  /** Which sample of the class, from 0. */
  readonly subsample: number;
  /** Longest edge kept. */
  readonly threshold: number;
  /** One list of [birth, death] pairs per dimension from 0, death null when essential. */
  readonly diagrams: readonly DiagramJson[];
}

/** The Betti curves of one cloud on the study's grid, degree by degree from 0; empty where it has no median distance. */
export type CurveRecord = readonly (readonly number[])[];

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

/** A cloud measured. */
export interface Measured {
  readonly measurement: MeasurementRecord;
  readonly diagrams: CloudDiagrams;
  readonly curves: CurveRecord;
}

/**
 * The scales of a study's Betti curves, in median distances: from 0 to the maximum, evenly.
 */
export function curveScales({ curves: { points, maximum } }: Pick<StudyConfig, "curves">): number[] {
  return Array.from({ length: points }, (_, i) => (i * maximum) / (points - 1));
}

/** Measures one cloud. `threshold` undefined: the enclosing radius. */
export async function measure(
  cloud: PointCloud,
  what: Pick<MeasurementRecord, "source" | "job" | "width" | "activation" | "seed" | "layer" | "class" | "subsample">,
  config: StudyConfig,
  threshold: number | undefined,
): Promise<Measured> {
  const { maxDim, modulus } = config.homology;
  const options = { modulus, ...(threshold === undefined ? {} : { threshold }) };
  const result = await persistence(cloud, { maxDim, ...options });
  const readouts = readoutsFor(config, what);
  const context = readouts.some((readout) => needsContext(parseReadout(readout)))
    ? await readoutContext(cloud, { ...options, seed: config.seed })
    : {};
  const medianDistance = await medianOf(cloud);
  return {
    measurement: {
      ...what,
      points: cloud.shape[0],
      distinctPoints: countDistinct(cloud),
      threshold: result.threshold,
      medianDistance,
      readouts: readouts.map((readout) => bettiNumbers(result, readout, context)),
    },
    diagrams: {
      source: what.source,
      layer: what.layer,
      class: what.class,
      subsample: what.subsample,
      threshold: result.threshold,
      diagrams: result.diagrams.map(diagramToJson),
    },
    curves: medianDistance ? result.diagrams.map((diagram) => curve(diagram, curveScales(config), medianDistance)) : [],
  };
}

/** Whether a cloud is among those that get what is too dear for all; see the config's `subset`. */
export function inSubset(
  { subset, seeds, classes }: StudyConfig,
  { seed, subsample, class: label }: Pick<MeasurementRecord, "seed" | "subsample" | "class">,
): boolean {
  return (
    (seed === null || seeds.indexOf(seed) < subset.seeds) &&
    subsample < subset.subsamples &&
    classes.indexOf(label) < subset.classes
  );
}

function readoutsFor(config: StudyConfig, what: Pick<MeasurementRecord, "seed" | "subsample" | "class">) {
  const more = inSubset(config, what) ? config.subset.readouts : [];
  return [...new Set([...config.readouts, ...more])];
}

/** Median of the distances between two points; null of fewer than two. */
async function medianOf(cloud: PointCloud): Promise<number | null> {
  const n = cloud.shape[0];
  if (n < 2) return null;
  const { distances } = await pairwiseDistances(cloud);
  const below = new Float32Array((n * (n - 1)) / 2);
  for (let i = 1, at = 0; i < n; at += i, i++) below.set(distances.subarray(i * n, i * n + i), at);
  return middle(below.sort());
}

function middle(sorted: Float32Array): number {
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** The number of intervals with birth ≤ scale < death at every scale of the grid, in units of `unit`. */
function curve({ births, deaths }: Diagram, scales: readonly number[], unit: number): number[] {
  return scales.map((scale) => {
    const at = scale * unit;
    let alive = 0;
    for (let i = 0; i < births.length; i++) if (births[i]! <= at && at < deaths[i]!) alive++;
    return alive;
  });
}

/** The number of different points of a cloud; coordinates are compared exactly, 0 and -0 as equal. */
export function countDistinct({ data, shape: [n, d] }: PointCloud): number {
  const seen = new Set<string>();
  for (let i = 0; i < n; i++) {
    const row = data.slice(i * d, (i + 1) * d);
    if (!(row instanceof Uint8Array)) for (let j = 0; j < d; j++) if (row[j] === 0) row[j] = 0;
    seen.add(Buffer.from(row.buffer, row.byteOffset, row.byteLength).toString("latin1"));
  }
  return seen.size;
}

/** Measuring one point cloud: its diagrams, its distinct points, and every readout of the study. */
import { bettiNumbers } from "../topology/betti.js";
import { bettiCurve, medianOfMatrix, normaliseCurve, sampleCurve, scaleGrid } from "../topology/curves.js";
import { type Diagram, type DiagramJson, diagramToJson } from "../topology/diagram.js";
import { persistence } from "../topology/persistence.js";
import type { PointCloud } from "../topology/point-cloud.js";
import { readoutContext } from "../topology/readout-context.js";
import type { StudyConfig } from "./config.js";
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

/** A cloud measured. */
export interface Measured {
  readonly measurement: MeasurementRecord;
  readonly diagrams: CloudDiagrams;
  readonly curves: CurveRecord;
  /** The diagrams themselves, as far as they are compared with other layers'. */
  readonly raw: readonly Diagram[];
}

/**
 * The scales of a study's Betti curves, in median distances: from 0 to the maximum, evenly.
 */
export function curveScales({ curves: { points, maximum } }: Pick<StudyConfig, "curves">): number[] {
  return Array.from(scaleGrid({ to: maximum, count: points }));
}

/** Measures one cloud. `threshold` undefined: the enclosing radius. */
export async function measure(
  cloud: PointCloud,
  what: Pick<MeasurementRecord, "source" | "job" | "width" | "activation" | "seed" | "layer" | "class" | "subsample">,
  config: StudyConfig,
  threshold: number | undefined,
): Promise<Measured> {
  const { maxDim, modulus } = config.homology;
  const options = { modulus, metric: "euclidean" as const, ...(threshold === undefined ? {} : { threshold }) };
  const result = await persistence(cloud, { maxDim, ...options });
  const readouts = readoutsFor(config, what);
  const context = await readoutContext(cloud, { ...options, seed: config.seed });
  const n = cloud.shape[0];
  const medianDistance = n < 2 ? null : medianOfMatrix(context.distances, n);
  const scales = curveScales(config);
  return {
    measurement: {
      ...what,
      points: n,
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
    curves: medianDistance
      ? result.diagrams.map((diagram) =>
          Array.from(sampleCurve(normaliseCurve(bettiCurve(diagram), medianDistance), scales)),
        )
      : [],
    raw: result.diagrams,
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

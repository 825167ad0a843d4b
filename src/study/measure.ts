/** Measuring one point cloud: its diagrams, its distinct points, and every readout of the study. */
import { bettiNumbers } from "../topology/betti.js";
import { type DiagramJson, diagramToJson } from "../topology/diagram.js";
import { persistence } from "../topology/persistence.js";
import type { PointCloud } from "../topology/point-cloud.js";
import type { StudyConfig } from "./config.js";
import type { MeasurementRecord, Source } from "./result.js";

/** The diagrams of one cloud, as `diagrams/<job>.json` holds them. */
export interface CloudDiagrams {
  readonly source: Source;
  readonly layer: number;
  readonly class: number;
  /** Longest edge kept. */
  readonly threshold: number;
  /** One list of [birth, death] pairs per dimension from 0, death null when essential. */
  readonly diagrams: readonly DiagramJson[];
}

/** A cloud measured. */
export interface Measured {
  readonly measurement: MeasurementRecord;
  readonly diagrams: CloudDiagrams;
}

/** Measures one cloud. `threshold` undefined: the enclosing radius. */
export async function measure(
  cloud: PointCloud,
  what: Pick<MeasurementRecord, "source" | "job" | "width" | "activation" | "seed" | "layer" | "class">,
  config: StudyConfig,
  threshold: number | undefined,
): Promise<Measured> {
  const { maxDim, modulus } = config.homology;
  const result = await persistence(cloud, { maxDim, modulus, ...(threshold === undefined ? {} : { threshold }) });
  return {
    measurement: {
      ...what,
      points: cloud.shape[0],
      distinctPoints: countDistinct(cloud),
      threshold: result.threshold,
      readouts: config.readouts.map((readout) => bettiNumbers(result, readout)),
    },
    diagrams: {
      source: what.source,
      layer: what.layer,
      class: what.class,
      threshold: result.threshold,
      diagrams: result.diagrams.map(diagramToJson),
    },
  };
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

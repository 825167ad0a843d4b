/** Point clouds: the shape data has when it enters the engine. */
import { type MetricName, metricNames } from "../engine/engine.js";
import { ConfigError, expected, InputError } from "../errors.js";

/**
 * Distances the engine computes from points x and y, with sums and maxima over the coordinates:
 * - `euclidean`: √Σ(x−y)², `sqeuclidean`: Σ(x−y)², `manhattan`: Σ|x−y|, `chebyshev`: max|x−y|;
 * - `cosine`: 1 − cos of the angle between x and y, in [0, 2]; parallel vectors (to within 5e-15) are at distance 0. A
 *   vector of length 0 has no angle and is refused.
 *
 * `sqeuclidean` and `cosine` break the triangle inequality, which nothing here needs. Distances are float32: one below
 * 1.2e-38 has fewer digits, and one below 7e-46 is 0. Where that matters, scale the coordinates up.
 */
export const metrics = metricNames;

/** Name of a metric. */
export type Metric = MetricName;

/** @throws ConfigError unless it is the name of a metric */
export function checkMetric(metric: Metric): void {
  if (!metrics.includes(metric))
    throw new ConfigError(expected(`one of ${metrics.join(", ")}`, "metric", metric), { hint: "Choose one of them." });
}

/**
 * n points in d dimensions, one row after the other. Bytes (pixels) are measured by exact integer arithmetic; floats
 * by direct differences. `scale` multiplies every coordinate (1/255 turns pixels into [0, 1]) without losing exactness.
 */
export interface PointCloud {
  readonly data: Uint8Array | Float32Array | Float64Array;
  /** [n, d] */
  readonly shape: readonly [number, number];
  /** @default 1 */
  readonly scale?: number;
}

/** A symmetric matrix of distances: all n² entries row by row, or the n(n-1)/2 below the diagonal row by row. */
export interface DistanceMatrix {
  readonly distances: Float32Array | Float64Array;
  readonly n: number;
}

/** What {@link persistence} accepts. Rows of numbers are read as a point cloud in float64. */
export type PersistenceInput = PointCloud | DistanceMatrix | readonly (readonly number[])[];

/**
 * Whether an input is a distance matrix.
 * @throws InputError for what is neither that nor a cloud nor rows, as it comes from JavaScript
 */
export function isDistanceMatrix(input: PersistenceInput): input is DistanceMatrix {
  if (typeof input !== "object" || input === null)
    throw new InputError(expected("points or distances", "input", input), { hint: known });
  return "distances" in input;
}

const known = "Pass rows of numbers, { data, shape: [n, d] } or { distances, n }.";

/**
 * Turns rows of numbers into a point cloud and checks any other cloud's shape.
 * @throws InputError for ragged rows, no points, or numbers that are not finite
 */
export function toPointCloud(input: PointCloud | readonly (readonly number[])[]): PointCloud {
  if (typeof input !== "object" || input === null || !(Array.isArray(input) || "data" in input))
    throw new InputError(expected("points", "input", input), { hint: known });
  const cloud = "data" in input ? input : fromRows(input);
  if (!Array.isArray(cloud.shape)) throw new InputError(expected("[n, d]", "shape", cloud.shape), { hint: known });
  const [n, d] = cloud.shape;
  if (!Number.isInteger(n) || n < 1)
    throw new InputError(expected("at least one point", "points", n), { hint: "Pass [n, d] with n ≥ 1." });
  if (!Number.isInteger(d) || d < 1)
    throw new InputError(expected("at least one coordinate", "shape[1]", d), { hint: "Pass [n, d] with d ≥ 1." });
  if (!ArrayBuffer.isView(cloud.data))
    throw new InputError(expected("a typed array", "data", cloud.data), {
      hint: "Use Uint8Array, Float32Array or Float64Array.",
    });
  if (cloud.data.length !== n * d)
    throw new InputError(expected(`${n} × ${d} = ${n * d} numbers`, "data", cloud.data.length), {
      hint: "Check shape against data.length.",
    });
  const scale = cloud.scale ?? 1;
  if (!(scale > 0 && Number.isFinite(scale))) throw new ConfigError(expected("a positive number", "scale", scale));
  if (!(cloud.data instanceof Uint8Array)) {
    const bad = cloud.data.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0)
      throw new InputError(
        expected("a finite number", `coordinate ${bad % d} of point ${Math.floor(bad / d)}`, cloud.data[bad]),
        { hint: "Remove or repair the point." },
      );
  }
  return cloud;
}

function fromRows(rows: readonly (readonly number[])[]): PointCloud {
  const d = rows[0]?.length ?? 0;
  const data = new Float64Array(rows.length * d);
  rows.forEach((row, i) => {
    if (row?.length !== d)
      throw new InputError(expected(`${d} coordinates as in point 0`, `point ${i}`, row?.length), {
        hint: "Give every point the same number of coordinates.",
      });
    // A null, as JSON writes NaN, must not become 0.
    for (let k = 0; k < d; k++) data[i * d + k] = typeof row[k] === "number" ? row[k]! : Number.NaN;
  });
  return { data, shape: [rows.length, d] };
}

/** Distance matrices: those that come in, checked, rounded to float32 and made square, and those computed here. */
import { computeDistances, type MatrixSource, type PointsSource } from "../engine/engine.js";
import { defaultMemoryLimit } from "../engine/estimate.js";
import { loadModule } from "../engine/module.js";
import { expected, InputError } from "../errors.js";
import { listed } from "../json.js";
import { checkKeys, type Known } from "../options.js";
import { checkCall } from "./call-options.js";
import {
  arrayKind,
  checkDistances,
  checkMetric,
  type DistanceMatrix,
  isDistanceMatrix,
  type Metric,
  ownInput,
  type PersistenceInput,
  type PointCloud,
} from "./point-cloud.js";

/**
 * A distance matrix ready for the engine, which rounds it to float32, checks its entries and makes it square.
 * @throws InputError for a wrong number of entries, or one above the largest float32
 */
export function matrixSource({ distances, n }: DistanceMatrix): MatrixSource {
  checkDistances({ distances, n });
  return { kind: "matrix", data: distances, n };
}

/**
 * All pairwise distances of a point cloud, as the engine computes them for {@link persistence}: n² float32 numbers row
 * by row, symmetric, zero on the diagonal. O(n² d) time.
 * The points are copied before the call returns.
 * @throws ConfigError for bad options, InputError for a bad cloud or a distance above the largest float32, MemoryLimitError
 *   when the matrix does not fit
 */
export async function pairwiseDistances(
  input: PointCloud | readonly (readonly number[])[],
  options: DistanceOptions = {},
): Promise<DistanceMatrix & { readonly distances: Float32Array }> {
  checkKeys(options, distanceKeys, "the options of pairwiseDistances");
  const { metric = "euclidean", memoryLimit = defaultMemoryLimit() } = options;
  checkCall(options);
  checkMetric(metric);
  if (isDistanceMatrix(input as PersistenceInput))
    throw new InputError(expected("points", "input", "distances"), { hint: "They are distances already." });
  // Whose distances are asked for are points.
  const source = pointsSource(ownInput(input, metric) as PointCloud, metric);
  const { module } = await loadModule();
  const distances = computeDistances(module, source, memoryLimit);
  if (distances.includes(Infinity))
    throw new InputError(expected("a number below 3.4e38, the largest float32,", "every distance", Infinity), {
      hint: "Scale the coordinates down.",
    });
  return { distances: listed(distances), n: source.n };
}

/** Options of {@link pairwiseDistances} and `medianPairwiseDistance`. */
export interface DistanceOptions {
  /** @default "euclidean" */
  readonly metric?: Metric | undefined;
  /** Bytes of memory the engine may use. @default min(3.5 GiB, 80 % of free memory) */
  readonly memoryLimit?: number | undefined;
}

/** The names of {@link DistanceOptions}. */
export const distanceKeys = { metric: true, memoryLimit: true } as const satisfies Known<DistanceOptions>;

/**
 * All n² entries of a distance matrix, rounded to float32 and checked as the engine does it. O(n²).
 * @throws InputError for a wrong number of entries, for one that is negative, NaN, off zero on the diagonal or unlike its
 *   mirror image
 */
export function squareDistances(matrix: DistanceMatrix): DistanceMatrix & { readonly distances: Float32Array } {
  const { data, n } = matrixSource(matrix);
  const distances = new Float32Array(n * n);
  if (data.length === n * n) distances.set(data);
  else
    for (let i = 1, at = 0; i < n; i++)
      for (let j = 0; j < i; j++, at++) {
        distances[i * n + j] = data[at]!;
        distances[j * n + i] = data[at]!;
      }
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      const one = distances[i * n + j]!;
      const other = distances[j * n + i]!;
      if (i === j ? one !== 0 : !(one >= 0 && one === other))
        throw new InputError(
          expected(
            i === j ? "0" : "the same distance of at least 0 both ways",
            `row ${i}, column ${j}`,
            one === other || i === j ? one : `${one} and ${other}`,
          ),
          { hint: "Make the matrix symmetric, with a diagonal of zero." },
        );
    }
  return { distances, n };
}

/**
 * Chooses the arithmetic: exact integers for bytes, float32 where no square can overflow or vanish, else float64; always
 * float64 under the metrics manhattan, chebyshev and cosine.
 * @throws ConfigError for an unknown metric, InputError for a point of length 0 under the metric cosine
 */
export function pointsSource(cloud: PointCloud, metric: Metric): PointsSource {
  checkMetric(metric);
  const { data, scale } = withinReach(cloud);
  const [n, d] = cloud.shape;
  const base = { kind: "points", n, d, scale, metric } as const;
  if (metric === "cosine") return { ...base, data: unitRows(data, n, d), scale: 1, arithmetic: "f64" };
  if (metric === "manhattan" || metric === "chebyshev")
    return { ...base, data: data instanceof Uint8Array ? Float64Array.from(data) : data, arithmetic: "f64" };
  if (data instanceof Uint8Array) {
    // 4 · d · 255² must stay below 2^31 for the sums of the integer path to be exact.
    return 4 * d * 255 * 255 < 2 ** 31
      ? { ...base, data, arithmetic: "i16" }
      : { ...base, data: Float64Array.from(data), arithmetic: "f64" };
  }
  return { ...base, data, arithmetic: data instanceof Float32Array && squaresFit(data) ? "f32" : "f64" };
}

/**
 * Coordinates and a scale with the same products, the scale no larger or smaller than its square can be: beyond, every
 * distance is 0 or above all float32 anyway. Where a scale goes with float64 coordinates that are very large or small, both
 * are shifted by a power of two, which is exact, so that no square of a difference overflows or vanishes before it is scaled.
 */
function withinReach({ data, scale = 1 }: PointCloud): Required<Pick<PointCloud, "data" | "scale">> {
  const held = (value: number) => Math.min(Math.max(value, 1e-150), 1e150);
  if (scale === 1 || arrayKind(data) !== "Float64Array") return { data, scale: held(scale) };
  let largest = 0;
  for (const value of data) largest = Math.max(largest, Math.abs(value));
  if (largest === 0 || (largest >= 2 ** -200 && largest <= 2 ** 200)) return { data, scale: held(scale) };
  const unit = 2 ** Math.floor(Math.log2(largest));
  return { data: Float64Array.from(data, (value) => value / unit), scale: held(scale * unit) };
}

/** Every row scaled to length 1, first by its largest coordinate so that no square overflows or vanishes. */
function unitRows(data: ArrayLike<number>, n: number, d: number): Float64Array {
  const units = Float64Array.from(data);
  for (let i = 0; i < n; i++) {
    const row = units.subarray(i * d, (i + 1) * d);
    const largest = row.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    if (largest === 0)
      throw new InputError(expected("a vector that is not 0 under the metric cosine", `point ${i}`, 0), {
        hint: "Remove the point, or use another metric.",
      });
    for (let k = 0; k < d; k++) row[k] = row[k]! / largest;
    const length = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0));
    for (let k = 0; k < d; k++) row[k] = row[k]! / length;
  }
  return units;
}

/**
 * True when every coordinate is 0 or has a magnitude in [2^-40, 2^40]. Differences of such float32 numbers are 0 or at
 * least 2^-63, so their squares are normal numbers, and sums of 2^40 of them do not overflow.
 */
function squaresFit(data: Float32Array): boolean {
  for (const value of data) {
    const magnitude = Math.abs(value);
    if (magnitude !== 0 && !(magnitude >= 2 ** -40 && magnitude <= 2 ** 40)) return false;
  }
  return true;
}

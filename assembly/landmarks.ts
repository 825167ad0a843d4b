/**
 * Landmarks of a cloud without its distance matrix: for every point how far the nearest landmark is, brought up to date
 * landmark by landmark. Rows as in distances.ts; besides, per point
 *
 *     nearest  f64  sum (before the root and the factor of distances.ts) to the nearest landmark so far, +Infinity at first
 *     norms    i32  Σ x², for rows of i16 only
 *
 * Sums, not distances: the order is the same, and no root is taken n times a landmark.
 */
import { METRIC_CHEBYSHEV, METRIC_COSINE, METRIC_MANHATTAN } from "./abi";
import { accumulate, largestDifference, PARALLEL, squareF64, sumF32, sumI32, sumOfDifferences } from "./distances";

/** Fills `nearest` with +Infinity and, for rows of i16, `norms`. `bytes` is the size of a coordinate: 2, 4 or 8. */
export function openLandmarks(rows: usize, rowBytes: usize, n: usize, bytes: i32, nearest: usize, norms: usize): void {
  for (let i: usize = 0; i < n; i++) {
    const row = rows + i * rowBytes;
    store<f64>(nearest + (i << 3), Infinity);
    if (bytes == 2) store<i32>(norms + (i << 2), sumI32(accumulate<i16>(row, row, rowBytes)));
  }
}

/** The point farthest from all landmarks, the first of those as far. */
export function farthestPoint(n: usize, nearest: usize): usize {
  let found: usize = 0;
  for (let i: usize = 1; i < n; i++)
    if (load<f64>(nearest + (i << 3)) > load<f64>(nearest + (found << 3))) found = i;
  return found;
}

/** Takes a point as a landmark. O(n d). */
export function addLandmark(
  rows: usize,
  rowBytes: usize,
  n: usize,
  bytes: i32,
  metric: i32,
  nearest: usize,
  norms: usize,
  landmark: usize,
): void {
  const a = rows + landmark * rowBytes;
  for (let i: usize = 0; i < n; i++) {
    const b = rows + i * rowBytes;
    let sum: f64 = 0;
    if (bytes == 2)
      sum = <f64>(
        load<i32>(norms + (landmark << 2)) +
        load<i32>(norms + (i << 2)) -
        2 * sumI32(accumulate<i16>(a, b, rowBytes))
      );
    else if (bytes == 4) sum = <f64>sumF32(accumulate<f32>(a, b, rowBytes));
    else if (metric == METRIC_MANHATTAN) sum = sumOfDifferences(a, b, rowBytes);
    else if (metric == METRIC_CHEBYSHEV) sum = largestDifference(a, b, rowBytes);
    else {
      sum = squareF64(a, b, rowBytes);
      if (metric == METRIC_COSINE && sum < PARALLEL) sum = 0;
    }
    const at = nearest + (i << 3);
    if (sum < load<f64>(at)) store<f64>(at, sum);
  }
  store<f64>(nearest + (landmark << 3), 0);
}

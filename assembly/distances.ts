/**
 * Pairwise distances into the square matrix of matrix.ts.
 *
 * Input rows are padded with zeros to a multiple of 16 bytes:
 *
 *     bytes   n rows of i16 (u8 pixels widened)   exact: every product and sum is an integer below 2^31
 *     floats  n rows of f32                       direct differences: exact 0 for duplicates, no cancellation
 *     doubles n rows of f64                       for coordinates that f32 squares could not hold, and other metrics
 *
 * A tile is 3 rows by 3 columns (a fourth spills registers); tiles run in blocks of rows that stay in cache. The value
 * stored is f32(sqrt(d²) · scale), the root taken in f64; without the root under the metric sqeuclidean. In a crew a
 * task is a block of rows against all before it.
 */
import { METRIC_CHEBYSHEV, METRIC_COSINE, METRIC_EUCLIDEAN, METRIC_MANHATTAN, METRIC_SQEUCLIDEAN } from "./abi";
import { argument, runPhase, setArgument } from "./crew";
import { matrixStride, sealMatrix } from "./matrix";

/** Rows of a block: 96 rows of 784 i16 are 150 kB. */
const BLOCK: usize = 96;

let out: usize = 0;
let outRow: usize = 0;
let factor: f64 = 1;
let squared: bool = false;
let rows: usize = 0;
let rowBytes: usize = 0;
let count: usize = 0;
let norms: usize = 0;
let metric: i32 = 0;

@inline
function put(i: usize, j: usize, sum: f64): void {
  const value = <f32>(squared ? sum * factor : Math.sqrt(sum) * factor);
  store<f32>(out + i * outRow + (j << 2), value);
  store<f32>(out + j * outRow + (i << 2), value);
}

/** Fills the matrix by tasks of a block of rows. */
function fill(
  task: (task: usize, thread: usize) => bool,
  rowsPtr: usize,
  bytes: usize,
  n: usize,
  scale: f64,
  square: bool,
  outPtr: usize,
): void {
  setArgument(0, outPtr);
  setArgument(1, n);
  setArgument(2, rowsPtr);
  setArgument(3, bytes);
  setArgument(4, scale);
  setArgument(5, <u32>square);
  runPhase(openFill, task, (n + BLOCK - 1) / BLOCK);
  sealMatrix(outPtr, n);
}

function openFill(): bool {
  out = argument<usize>(0);
  count = argument<usize>(1);
  outRow = matrixStride(count) << 2;
  rows = argument<usize>(2);
  rowBytes = argument<usize>(3);
  factor = argument<f64>(4);
  squared = argument<u32>(5) != 0;
  norms = argument<usize>(6);
  metric = argument<i32>(7);
  return true;
}

/** First row of a task's block: later blocks are longer and come first. */
@inline
function firstRow(task: usize): usize {
  return ((count - 1) / BLOCK - task) * BLOCK;
}

/**
 * Distances of rows of i16. `norms` is work space for n i32. Exact while 4 · d · max² < 2^31, which the host checks.
 */
export function distancesI16(
  rowsPtr: usize,
  bytes: usize,
  n: usize,
  scale: f64,
  square: bool,
  normsPtr: usize,
  outPtr: usize,
): void {
  for (let i: usize = 0; i < n; i++) {
    const at = rowsPtr + i * bytes;
    store<i32>(normsPtr + (i << 2), sumI32(accumulate<i32>(at, at, bytes)));
  }
  setArgument(6, normsPtr);
  fill(fillIntegers, rowsPtr, bytes, n, square ? scale * scale : scale, square, outPtr);
}

/** Distances of rows of f32. The host has checked that no square can overflow or vanish. */
export function distancesF32(rowsPtr: usize, bytes: usize, n: usize, scale: f64, square: bool, outPtr: usize): void {
  fill(fillFloats, rowsPtr, bytes, n, square ? scale * scale : scale, square, outPtr);
}

function fillIntegers(task: usize, thread: usize): bool {
  return fillTiles<i32>(task);
}

function fillFloats(task: usize, thread: usize): bool {
  return fillTiles<f32>(task);
}

/** A block of rows against all before it; T = i32 sums products of i16, T = f32 squares of differences. */
function fillTiles<T>(task: usize): bool {
  const blockI = firstRow(task);
  const endI = min(blockI + BLOCK, count);
  for (let blockJ: usize = 0; blockJ <= blockI; blockJ += BLOCK) {
    const endJ = min(blockJ + BLOCK, count);
    for (let i = blockI; i < endI; i += 3) {
      for (let j = blockJ; j < endJ && j < i + 3; j += 3) {
        if (i + 3 <= endI && j + 3 <= endJ) {
          tile<T>(i, j);
          continue;
        }
        for (let a = i; a < min(i + 3, endI); a++)
          for (let b = j; b < min(j + 3, endJ); b++)
            if (b < a) putSum<T>(a, b, accumulate<T>(rows + a * rowBytes, rows + b * rowBytes, rowBytes));
      }
    }
  }
  return true;
}

/** Inner product of two rows of i16. */
export function dotI16(a: usize, b: usize, bytes: usize): i32 {
  return sumI32(accumulate<i32>(a, b, bytes));
}

/** Squared distance of two rows of f32. */
export function squareF32(a: usize, b: usize, bytes: usize): f32 {
  return sumF32(accumulate<f32>(a, b, bytes));
}

/** Sums of a pair of rows, in four lanes. */
export function accumulate<T>(a: usize, b: usize, bytes: usize): v128 {
  let sum = i32x4.splat(0);
  for (let at: usize = 0; at < bytes; at += 16) sum = step<T>(sum, v128.load(a + at), v128.load(b + at));
  return sum;
}

@inline
function step<T>(sum: v128, x: v128, y: v128): v128 {
  if (isInteger<T>()) return i32x4.add(sum, i32x4.dot_i16x8_s(x, y));
  const difference = f32x4.sub(x, y);
  return f32x4.add(sum, f32x4.mul(difference, difference));
}

@inline
export function sumI32(v: v128): i32 {
  return i32x4.extract_lane(v, 0) + i32x4.extract_lane(v, 1) + i32x4.extract_lane(v, 2) + i32x4.extract_lane(v, 3);
}

@inline
export function sumF32(v: v128): f32 {
  return (
    f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3))
  );
}

@inline
function putSum<T>(i: usize, j: usize, sum: v128): void {
  if (isInteger<T>()) put(i, j, <f64>(load<i32>(norms + (i << 2)) + load<i32>(norms + (j << 2)) - 2 * sumI32(sum)));
  else put(i, j, <f64>sumF32(sum));
}

/** A tile on the diagonal writes some entries twice and the diagonal itself; sealMatrix mends the latter. */
function tile<T>(i: usize, j: usize): void {
  const bytes = rowBytes;
  const a0 = rows + i * bytes;
  const a1 = a0 + bytes;
  const a2 = a1 + bytes;
  const b0 = rows + j * bytes;
  const b1 = b0 + bytes;
  const b2 = b1 + bytes;
  let s00 = i32x4.splat(0);
  let s01 = s00;
  let s02 = s00;
  let s10 = s00;
  let s11 = s00;
  let s12 = s00;
  let s20 = s00;
  let s21 = s00;
  let s22 = s00;
  for (let at: usize = 0; at < bytes; at += 16) {
    const x0 = v128.load(a0 + at);
    const x1 = v128.load(a1 + at);
    const x2 = v128.load(a2 + at);
    const y0 = v128.load(b0 + at);
    const y1 = v128.load(b1 + at);
    const y2 = v128.load(b2 + at);
    s00 = step<T>(s00, x0, y0);
    s01 = step<T>(s01, x0, y1);
    s02 = step<T>(s02, x0, y2);
    s10 = step<T>(s10, x1, y0);
    s11 = step<T>(s11, x1, y1);
    s12 = step<T>(s12, x1, y2);
    s20 = step<T>(s20, x2, y0);
    s21 = step<T>(s21, x2, y1);
    s22 = step<T>(s22, x2, y2);
  }
  putSum<T>(i, j, s00);
  putSum<T>(i, j + 1, s01);
  putSum<T>(i, j + 2, s02);
  putSum<T>(i + 1, j, s10);
  putSum<T>(i + 1, j + 1, s11);
  putSum<T>(i + 1, j + 2, s12);
  putSum<T>(i + 2, j, s20);
  putSum<T>(i + 2, j + 1, s21);
  putSum<T>(i + 2, j + 2, s22);
}

/**
 * Distances of rows of f64 under any metric of abi.ts, in f64 throughout; half the speed of f32. Under METRIC_COSINE the
 * host has scaled every row to length 1: |u - v|² / 2 is 1 - cos without its cancellation, and never negative.
 */
export function distancesF64(
  rowsPtr: usize,
  bytes: usize,
  n: usize,
  scale: f64,
  metricNumber: i32,
  outPtr: usize,
): void {
  const own =
    metricNumber == METRIC_COSINE ? 0.5 : metricNumber == METRIC_SQEUCLIDEAN ? scale * scale : scale;
  setArgument(7, metricNumber);
  fill(fillDoubles, rowsPtr, bytes, n, own, metricNumber != METRIC_EUCLIDEAN, outPtr);
}

/** A block of rows of f64 against all before it. */
function fillDoubles(task: usize, thread: usize): bool {
  const first = firstRow(task);
  const last = min(first + BLOCK, count);
  for (let i = first; i < last; i++) {
    const a = rows + i * rowBytes;
    for (let j: usize = 0; j < i; j++) put(i, j, distanceF64(a, rows + j * rowBytes, rowBytes, metric));
  }
  return true;
}

/** Rows of length 1 that differ by less than 5e-15 are parallel up to rounding. */
export const PARALLEL: f64 = 2.5e-29;

/** Distance of two rows of f64 without scale: squared under euclidean and sqeuclidean, doubled under cosine. */
@inline
export function distanceF64(a: usize, b: usize, bytes: usize, metricNumber: i32): f64 {
  if (metricNumber == METRIC_MANHATTAN) return sumOfDifferences(a, b, bytes);
  if (metricNumber == METRIC_CHEBYSHEV) return largestDifference(a, b, bytes);
  const square = squareF64(a, b, bytes);
  return metricNumber == METRIC_COSINE && square < PARALLEL ? 0 : square;
}

@inline
export function squareF64(a: usize, b: usize, rowBytes: usize): f64 {
  let sum = f64x2.splat(0);
  for (let at: usize = 0; at < rowBytes; at += 16) {
    const difference = f64x2.sub(v128.load(a + at), v128.load(b + at));
    sum = f64x2.add(sum, f64x2.mul(difference, difference));
  }
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

@inline
export function sumOfDifferences(a: usize, b: usize, rowBytes: usize): f64 {
  let sum = f64x2.splat(0);
  for (let at: usize = 0; at < rowBytes; at += 16)
    sum = f64x2.add(sum, f64x2.abs(f64x2.sub(v128.load(a + at), v128.load(b + at))));
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

@inline
export function largestDifference(a: usize, b: usize, rowBytes: usize): f64 {
  let most = f64x2.splat(0);
  for (let at: usize = 0; at < rowBytes; at += 16)
    most = f64x2.max(most, f64x2.abs(f64x2.sub(v128.load(a + at), v128.load(b + at))));
  return max(f64x2.extract_lane(most, 0), f64x2.extract_lane(most, 1));
}

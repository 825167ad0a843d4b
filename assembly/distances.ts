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
 * stored is f32(sqrt(d²) · scale), the root taken in f64; without the root under the metric sqeuclidean.
 */
import { METRIC_CHEBYSHEV, METRIC_COSINE, METRIC_EUCLIDEAN, METRIC_MANHATTAN } from "./abi";
import { matrixStride, sealMatrix } from "./matrix";

/** Rows of a block: 96 rows of 784 i16 are 150 kB. */
const BLOCK: usize = 96;

let out: usize = 0;
let outRow: usize = 0;
let factor: f64 = 1;
let squared: bool = false;

@inline
function put(i: usize, j: usize, sum: f64): void {
  const value = <f32>(squared ? sum * factor : Math.sqrt(sum) * factor);
  store<f32>(out + i * outRow + (j << 2), value);
  store<f32>(out + j * outRow + (i << 2), value);
}

function open(outPtr: usize, n: usize, scale: f64, square: bool): void {
  out = outPtr;
  outRow = matrixStride(n) << 2;
  squared = square;
  factor = square ? scale * scale : scale;
}

@inline
function sumI32(v: v128): i32 {
  return i32x4.extract_lane(v, 0) + i32x4.extract_lane(v, 1) + i32x4.extract_lane(v, 2) + i32x4.extract_lane(v, 3);
}

@inline
function sumF32(v: v128): f32 {
  return (
    f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3))
  );
}

/**
 * Distances of rows of i16. `norms` is work space for n i32. Exact while 4 · d · max² < 2^31, which the host checks.
 */
export function distancesI16(
  rows: usize,
  rowBytes: usize,
  n: usize,
  scale: f64,
  square: bool,
  norms: usize,
  outPtr: usize,
): void {
  open(outPtr, n, scale, square);
  for (let i: usize = 0; i < n; i++) store<i32>(norms + (i << 2), dotI16(rows + i * rowBytes, rows + i * rowBytes, rowBytes));
  for (let blockI: usize = 0; blockI < n; blockI += BLOCK) {
    const endI = min(blockI + BLOCK, n);
    for (let blockJ: usize = 0; blockJ <= blockI; blockJ += BLOCK) {
      const endJ = min(blockJ + BLOCK, n);
      for (let i = blockI; i < endI; i += 3) {
        for (let j = blockJ; j < endJ && j < i + 3; j += 3) {
          if (i + 3 <= endI && j + 3 <= endJ) tileI16(rows, rowBytes, i, j, norms);
          else
            for (let a = i; a < min(i + 3, endI); a++)
              for (let b = j; b < min(j + 3, endJ); b++) if (b < a) putI16(a, b, dotI16(rows + a * rowBytes, rows + b * rowBytes, rowBytes), norms);
        }
      }
    }
  }
  sealMatrix(outPtr, n);
}

function dotI16(a: usize, b: usize, rowBytes: usize): i32 {
  let sum = i32x4.splat(0);
  for (let at: usize = 0; at < rowBytes; at += 16)
    sum = i32x4.add(sum, i32x4.dot_i16x8_s(v128.load(a + at), v128.load(b + at)));
  return sumI32(sum);
}

@inline
function putI16(i: usize, j: usize, dot: i32, norms: usize): void {
  put(i, j, <f64>(load<i32>(norms + (i << 2)) + load<i32>(norms + (j << 2)) - 2 * dot));
}

/** A tile on the diagonal writes some entries twice and the diagonal itself; sealMatrix mends the latter. */
function tileI16(rows: usize, rowBytes: usize, i: usize, j: usize, norms: usize): void {
  const a0 = rows + i * rowBytes;
  const a1 = a0 + rowBytes;
  const a2 = a1 + rowBytes;
  const b0 = rows + j * rowBytes;
  const b1 = b0 + rowBytes;
  const b2 = b1 + rowBytes;
  let s00 = i32x4.splat(0);
  let s01 = s00;
  let s02 = s00;
  let s10 = s00;
  let s11 = s00;
  let s12 = s00;
  let s20 = s00;
  let s21 = s00;
  let s22 = s00;
  for (let at: usize = 0; at < rowBytes; at += 16) {
    const x0 = v128.load(a0 + at);
    const x1 = v128.load(a1 + at);
    const x2 = v128.load(a2 + at);
    const y0 = v128.load(b0 + at);
    const y1 = v128.load(b1 + at);
    const y2 = v128.load(b2 + at);
    s00 = i32x4.add(s00, i32x4.dot_i16x8_s(x0, y0));
    s01 = i32x4.add(s01, i32x4.dot_i16x8_s(x0, y1));
    s02 = i32x4.add(s02, i32x4.dot_i16x8_s(x0, y2));
    s10 = i32x4.add(s10, i32x4.dot_i16x8_s(x1, y0));
    s11 = i32x4.add(s11, i32x4.dot_i16x8_s(x1, y1));
    s12 = i32x4.add(s12, i32x4.dot_i16x8_s(x1, y2));
    s20 = i32x4.add(s20, i32x4.dot_i16x8_s(x2, y0));
    s21 = i32x4.add(s21, i32x4.dot_i16x8_s(x2, y1));
    s22 = i32x4.add(s22, i32x4.dot_i16x8_s(x2, y2));
  }
  putI16(i, j, sumI32(s00), norms);
  putI16(i, j + 1, sumI32(s01), norms);
  putI16(i, j + 2, sumI32(s02), norms);
  putI16(i + 1, j, sumI32(s10), norms);
  putI16(i + 1, j + 1, sumI32(s11), norms);
  putI16(i + 1, j + 2, sumI32(s12), norms);
  putI16(i + 2, j, sumI32(s20), norms);
  putI16(i + 2, j + 1, sumI32(s21), norms);
  putI16(i + 2, j + 2, sumI32(s22), norms);
}

/** Distances of rows of f32. The host has checked that no square can overflow or vanish. */
export function distancesF32(
  rows: usize,
  rowBytes: usize,
  n: usize,
  scale: f64,
  square: bool,
  outPtr: usize,
): void {
  open(outPtr, n, scale, square);
  for (let blockI: usize = 0; blockI < n; blockI += BLOCK) {
    const endI = min(blockI + BLOCK, n);
    for (let blockJ: usize = 0; blockJ <= blockI; blockJ += BLOCK) {
      const endJ = min(blockJ + BLOCK, n);
      for (let i = blockI; i < endI; i += 3) {
        for (let j = blockJ; j < endJ && j < i + 3; j += 3) {
          if (i + 3 <= endI && j + 3 <= endJ) tileF32(rows, rowBytes, i, j);
          else
            for (let a = i; a < min(i + 3, endI); a++)
              for (let b = j; b < min(j + 3, endJ); b++) if (b < a) put(a, b, <f64>squareF32(rows + a * rowBytes, rows + b * rowBytes, rowBytes));
        }
      }
    }
  }
  sealMatrix(outPtr, n);
}

@inline
function squareDifference(x: v128, y: v128): v128 {
  const difference = f32x4.sub(x, y);
  return f32x4.mul(difference, difference);
}

function squareF32(a: usize, b: usize, rowBytes: usize): f32 {
  let sum = f32x4.splat(0);
  for (let at: usize = 0; at < rowBytes; at += 16)
    sum = f32x4.add(sum, squareDifference(v128.load(a + at), v128.load(b + at)));
  return sumF32(sum);
}

function tileF32(rows: usize, rowBytes: usize, i: usize, j: usize): void {
  const a0 = rows + i * rowBytes;
  const a1 = a0 + rowBytes;
  const a2 = a1 + rowBytes;
  const b0 = rows + j * rowBytes;
  const b1 = b0 + rowBytes;
  const b2 = b1 + rowBytes;
  let s00 = f32x4.splat(0);
  let s01 = s00;
  let s02 = s00;
  let s10 = s00;
  let s11 = s00;
  let s12 = s00;
  let s20 = s00;
  let s21 = s00;
  let s22 = s00;
  for (let at: usize = 0; at < rowBytes; at += 16) {
    const x0 = v128.load(a0 + at);
    const x1 = v128.load(a1 + at);
    const x2 = v128.load(a2 + at);
    const y0 = v128.load(b0 + at);
    const y1 = v128.load(b1 + at);
    const y2 = v128.load(b2 + at);
    s00 = f32x4.add(s00, squareDifference(x0, y0));
    s01 = f32x4.add(s01, squareDifference(x0, y1));
    s02 = f32x4.add(s02, squareDifference(x0, y2));
    s10 = f32x4.add(s10, squareDifference(x1, y0));
    s11 = f32x4.add(s11, squareDifference(x1, y1));
    s12 = f32x4.add(s12, squareDifference(x1, y2));
    s20 = f32x4.add(s20, squareDifference(x2, y0));
    s21 = f32x4.add(s21, squareDifference(x2, y1));
    s22 = f32x4.add(s22, squareDifference(x2, y2));
  }
  put(i, j, <f64>sumF32(s00));
  put(i, j + 1, <f64>sumF32(s01));
  put(i, j + 2, <f64>sumF32(s02));
  put(i + 1, j, <f64>sumF32(s10));
  put(i + 1, j + 1, <f64>sumF32(s11));
  put(i + 1, j + 2, <f64>sumF32(s12));
  put(i + 2, j, <f64>sumF32(s20));
  put(i + 2, j + 1, <f64>sumF32(s21));
  put(i + 2, j + 2, <f64>sumF32(s22));
}

/**
 * Distances of rows of f64 under any metric of abi.ts, in f64 throughout; half the speed of f32. Under METRIC_COSINE the
 * host has scaled every row to length 1: |u - v|² / 2 is 1 - cos without its cancellation, and never negative.
 */
export function distancesF64(
  rows: usize,
  rowBytes: usize,
  n: usize,
  scale: f64,
  metric: i32,
  outPtr: usize,
): void {
  open(outPtr, n, scale, metric != METRIC_EUCLIDEAN);
  if (metric == METRIC_MANHATTAN || metric == METRIC_CHEBYSHEV) factor = scale;
  if (metric == METRIC_COSINE) factor = 0.5;
  for (let i: usize = 0; i < n; i++) {
    const a = rows + i * rowBytes;
    for (let j: usize = 0; j < i; j++) {
      const b = rows + j * rowBytes;
      if (metric == METRIC_MANHATTAN) put(i, j, sumOfDifferences(a, b, rowBytes));
      else if (metric == METRIC_CHEBYSHEV) put(i, j, largestDifference(a, b, rowBytes));
      else {
        const square = squareF64(a, b, rowBytes);
        put(i, j, metric == METRIC_COSINE && square < PARALLEL ? 0 : square);
      }
    }
  }
  sealMatrix(outPtr, n);
}

/** Rows of length 1 that differ by less than 5e-15 are parallel up to rounding. */
const PARALLEL: f64 = 2.5e-29;

@inline
function squareF64(a: usize, b: usize, rowBytes: usize): f64 {
  let sum = f64x2.splat(0);
  for (let at: usize = 0; at < rowBytes; at += 16) {
    const difference = f64x2.sub(v128.load(a + at), v128.load(b + at));
    sum = f64x2.add(sum, f64x2.mul(difference, difference));
  }
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

@inline
function sumOfDifferences(a: usize, b: usize, rowBytes: usize): f64 {
  let sum = f64x2.splat(0);
  for (let at: usize = 0; at < rowBytes; at += 16)
    sum = f64x2.add(sum, f64x2.abs(f64x2.sub(v128.load(a + at), v128.load(b + at))));
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

@inline
function largestDifference(a: usize, b: usize, rowBytes: usize): f64 {
  let most = f64x2.splat(0);
  for (let at: usize = 0; at < rowBytes; at += 16)
    most = f64x2.max(most, f64x2.abs(f64x2.sub(v128.load(a + at), v128.load(b + at))));
  return max(f64x2.extract_lane(most, 0), f64x2.extract_lane(most, 1));
}

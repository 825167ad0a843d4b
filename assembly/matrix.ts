/**
 * The distance matrix every kernel reads: n rows of `stride` f32, stride = n rounded up to a multiple of 4.
 *
 *     row i:  d(i,0) d(i,1) ... +Inf at column i ... d(i,n-1) | +Inf padding up to the stride
 *
 * The infinite diagonal and padding make a vertex fail every comparison with a threshold, so that scans over whole
 * rows need no test for "is this one of my own vertices".
 */
import { LANES } from "./abi";

let base: usize = 0;
let count: usize = 0;
let rowBytes: usize = 0;

/** Entries of a row, padding included. */
export function matrixStride(n: usize): usize {
  return (n + LANES - 1) & ~(LANES - 1);
}

/** Makes a matrix the current one. */
export function useMatrix(ptr: usize, n: usize): void {
  base = ptr;
  count = n;
  rowBytes = matrixStride(n) << 2;
}

/** Writes the infinite diagonal and padding of the matrix at `ptr`. */
export function sealMatrix(ptr: usize, n: usize): void {
  const stride = matrixStride(n);
  for (let i: usize = 0; i < n; i++) {
    const row = ptr + ((i * stride) << 2);
    store<f32>(row + (i << 2), Infinity);
    for (let k = n; k < stride; k++) store<f32>(row + (k << 2), Infinity);
  }
}

/** Rows and columns of a block that both stay in cache while a matrix is compared with its mirror image. */
const BLOCK: usize = 64;

/**
 * Checks a matrix as it came in, before it is sealed: entries not negative and not NaN, zero diagonal, symmetric; -0
 * becomes 0. Returns the number i · n + j of the first entry that breaks a rule, i ≥ j, else -1. O(n²).
 */
export function checkSquare(ptr: usize, n: usize): f64 {
  return compareWithMirror(ptr, n, false);
}

/** As {@link checkSquare} for a matrix of which only the part below the diagonal has been written; copies it above. */
export function mirrorLower(ptr: usize, n: usize): f64 {
  return compareWithMirror(ptr, n, true);
}

function compareWithMirror(ptr: usize, n: usize, copy: bool): f64 {
  const bytes = matrixStride(n) << 2;
  let bad: f64 = -1;
  for (let top: usize = 0; top < n; top += BLOCK) {
    for (let side: usize = 0; side <= top; side += BLOCK) {
      const endI = min(top + BLOCK, n);
      for (let i = top; i < endI; i++) {
        const line = ptr + i * bytes;
        const endJ = min(min(side + BLOCK, n), i + 1);
        for (let j = side; j < endJ; j++) {
          const at = line + (j << 2);
          const mirror = ptr + j * bytes + (i << 2);
          if (i == j) {
            if (!copy && load<f32>(at) != 0 && (bad < 0 || <f64>(i * n + j) < bad)) bad = <f64>(i * n + j);
            continue;
          }
          const value = load<f32>(at);
          if (copy) store<f32>(mirror, value + 0);
          const right = value >= 0 && (copy || value == load<f32>(mirror));
          if (!right && (bad < 0 || <f64>(i * n + j) < bad)) bad = <f64>(i * n + j);
          // -0 has another bit pattern than 0 and would sort elsewhere.
          if (value == 0) {
            store<f32>(at, 0);
            store<f32>(mirror, 0);
          }
        }
      }
    }
  }
  return bad;
}

@inline
export function points(): usize {
  return count;
}

@inline
export function bytesPerRow(): usize {
  return rowBytes;
}

/** Address of row i. */
@inline
export function row(i: usize): usize {
  return base + i * rowBytes;
}

/** d(i, j) for i ≠ j. */
@inline
export function distance(i: usize, j: usize): f32 {
  return load<f32>(row(i) + (j << 2));
}

/**
 * The enclosing radius: the least, over the points, of the largest distance to another point; 0 for one point. At and
 * above it the complex is a cone, so nothing is lost by cutting there. O(n²).
 */
export function enclosingRadius(ptr: usize, n: usize): f32 {
  const stride = matrixStride(n);
  let radius: f32 = Infinity;
  for (let i: usize = 0; i < n; i++) {
    const line = ptr + ((i * stride) << 2);
    let farthest: f32 = 0;
    for (let j: usize = 0; j < n; j++) {
      if (j == i) continue;
      const value = load<f32>(line + (j << 2));
      if (value > farthest) farthest = value;
    }
    if (farthest < radius) radius = farthest;
  }
  return radius;
}

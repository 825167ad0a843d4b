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

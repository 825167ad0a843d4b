/**
 * Simplex indices by the combinatorial number system: vertices v_0 < v_1 < ... < v_dim have the index
 * C(v_0, 1) + C(v_1, 2) + ... + C(v_dim, dim + 1). Within a dimension the index orders simplices by their largest
 * vertex first.
 *
 * Table: C(v, k) as i64 at `table + (k * (n + 1) + v) * 8`, so that a run over v is contiguous; k = 0 .. maxK.
 */
import { allocate } from "./arena";

let table: usize = 0;
let stride: usize = 0;
let vertexCount: i32 = 0;

/**
 * Fills the table for n vertices and simplices of at most `maxK` vertices. The host has checked that C(n, maxK) fits
 * into 63 bits. False when memory does not suffice.
 */
export function buildBinomials(n: i32, maxK: i32): bool {
  vertexCount = n;
  stride = <usize>(n + 1) * 8;
  table = allocate(<usize>(maxK + 1) * stride);
  if (table == 0) return false;
  for (let v: i32 = 0; v <= n; v++) store<i64>(table + <usize>v * 8, 1);
  for (let k: i32 = 1; k <= maxK; k++) {
    const row = binomialRow(k);
    const previous = binomialRow(k - 1);
    store<i64>(row, 0);
    for (let v: usize = 1; v <= <usize>n; v++)
      store<i64>(row + v * 8, load<i64>(row + (v - 1) * 8) + load<i64>(previous + (v - 1) * 8));
  }
  return true;
}

/** Address of C(0, k), C(1, k), ..., C(n, k). */
@inline
export function binomialRow(k: i32): usize {
  return table + <usize>k * stride;
}

/** C(v, k). */
@inline
export function binomial(v: i32, k: i32): i64 {
  return load<i64>(binomialRow(k) + (<usize>v << 3));
}

/** Writes the vertices of a simplex in increasing order, as u32, at `vertices`. */
export function verticesOf(index: i64, dim: i32, vertices: usize): void {
  let rest = index;
  let above = vertexCount;
  for (let k = dim + 1; k > 1; k--) {
    // The largest v with C(v, k) <= rest lies below the previous vertex.
    let low = k - 1;
    let high = above - 1;
    const row = binomialRow(k);
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (load<i64>(row + (<usize>middle << 3)) <= rest) low = middle;
      else high = middle - 1;
    }
    store<u32>(vertices + (<usize>(k - 1) << 2), low);
    rest -= load<i64>(row + (<usize>low << 3));
    above = low;
  }
  store<u32>(vertices, <u32>rest);
}

/**
 * Cofacets and facets on the dense matrix. A simplex is loaded once into the work space; scans over all further
 * vertices k then run four lanes at a time over the rows of its vertices.
 *
 * Work space:
 *
 *     vertices   u32 × (MAX_DIMENSION + 2)   the simplex, increasing
 *     diameters  f32 × stride                diameter of the simplex joined with k, for every k
 *
 * Cofacets come in increasing order of k, which is increasing order of index. The coefficient of the cofacet with k
 * inserted at position s (s vertices are smaller) in the coboundary is (-1)^s.
 */
import { MAX_DIMENSION } from "./abi";
import { allocate } from "./arena";
import { binomial, binomialRow, verticesOf } from "./binomials";
import { append, Column, push } from "./column";
import { signed } from "./field";
import { bytesPerRow, distance, points, row } from "./matrix";

let vertices: usize = 0;
let scratch: usize = 0;
let diameters: usize = 0;

/** Allocates the work space; false when memory does not suffice. */
export function prepareCofacets(): bool {
  vertices = allocate(<usize>(MAX_DIMENSION + 2) << 2);
  scratch = allocate(<usize>(MAX_DIMENSION + 3) << 2);
  diameters = allocate(bytesPerRow());
  return vertices != 0 && scratch != 0 && diameters != 0;
}

@inline
function vertex(i: i32): usize {
  return <usize>load<u32>(vertices + (<usize>i << 2));
}

/** Fills `diameters` for the simplex in `vertices`. */
function scan(dim: i32, diameter: f32): void {
  const end = bytesPerRow();
  const floor = f32x4.splat(diameter);
  const a = row(vertex(0));
  if (dim == 1) {
    const b = row(vertex(1));
    for (let at: usize = 0; at < end; at += 16)
      v128.store(diameters + at, f32x4.max(floor, f32x4.max(v128.load(a + at), v128.load(b + at))));
    return;
  }
  for (let at: usize = 0; at < end; at += 16) v128.store(diameters + at, f32x4.max(floor, v128.load(a + at)));
  for (let i = 1; i <= dim; i++) {
    const line = row(vertex(i));
    for (let at: usize = 0; at < end; at += 16)
      v128.store(diameters + at, f32x4.max(v128.load(diameters + at), v128.load(line + at)));
  }
}

/** Index of the simplex joined with k, less C(k, s + 1), when s of its vertices are smaller than k. */
function indexWithout(dim: i32, s: i32): i64 {
  let sum: i64 = 0;
  for (let i = 0; i < s; i++) sum += binomial(<i32>vertex(i), i + 1);
  for (let i = s; i <= dim; i++) sum += binomial(<i32>vertex(i), i + 2);
  return sum;
}

/**
 * Pushes the coboundary of a simplex, times a coefficient, on a heap. Room for n entries must have been reserved.
 * O(n).
 */
export function pushCoboundary(
  heap: Column,
  index: i64,
  dim: i32,
  diameter: f32,
  coefficient: u32,
  threshold: f32,
): void {
  verticesOf(index, dim, vertices);
  scan(dim, diameter);
  for (let s = 0; s <= dim + 1; s++) {
    const from: usize = s == 0 ? 0 : vertex(s - 1) + 1;
    const to: usize = s == dim + 1 ? points() : vertex(s);
    const rest = indexWithout(dim, s);
    const table = binomialRow(s + 1);
    const sign = signed(coefficient, s);
    for (let k = from; k < to; k++) {
      const value = load<f32>(diameters + (k << 2));
      if (value <= threshold) push(heap, value, sign, rest + load<i64>(table + (k << 3)));
    }
  }
}

/** As {@link pushCoboundary} with coefficient 1, but the entries are appended in increasing index, not in heap order. */
export function listCoboundary(list: Column, index: i64, dim: i32, diameter: f32, threshold: f32): void {
  verticesOf(index, dim, vertices);
  scan(dim, diameter);
  for (let s = 0; s <= dim + 1; s++) {
    const from: usize = s == 0 ? 0 : vertex(s - 1) + 1;
    const to: usize = s == dim + 1 ? points() : vertex(s);
    const rest = indexWithout(dim, s);
    const table = binomialRow(s + 1);
    const sign = signed(1, s);
    for (let k = from; k < to; k++) {
      const value = load<f32>(diameters + (k << 2));
      if (value <= threshold) append(list, value, sign, rest + load<i64>(table + (k << 3)));
    }
  }
}

/** Index of the first cofacet whose diameter equals the simplex's own, or -1. Stops at the first hit. */
export function firstZeroCofacet(index: i64, dim: i32, diameter: f32): i64 {
  verticesOf(index, dim, vertices);
  const end = bytesPerRow();
  const limit = f32x4.splat(diameter);
  const a = row(vertex(0));
  const b = row(vertex(dim > 0 ? 1 : 0));
  for (let at: usize = 0; at < end; at += 16) {
    let most = f32x4.max(v128.load(a + at), v128.load(b + at));
    for (let i = 2; i <= dim; i++) most = f32x4.max(most, v128.load(row(vertex(i)) + at));
    const hits = i32x4.bitmask(f32x4.le(most, limit));
    if (hits) {
      const k = (at >> 2) + <usize>ctz(hits);
      let s = 0;
      while (s <= dim && vertex(s) < k) s++;
      return indexWithout(dim, s) + binomial(<i32>k, s + 1);
    }
  }
  return -1;
}

/** What {@link lastZeroFacet} found besides the index: the position of the vertex it leaves out. */
let leftOut: i32 = 0;

/** Position of the vertex left out by the facet that {@link lastZeroFacet} found last. */
export function leftOutPosition(): i32 {
  return leftOut;
}

/**
 * Index of the last facet (in the order of the filtration) whose diameter equals the simplex's own, or -1. Leaving out
 * a smaller vertex gives a larger index, so the first hit is the last facet.
 */
export function lastZeroFacet(index: i64, dim: i32, diameter: f32): i64 {
  verticesOf(index, dim, scratch);
  for (let out = 0; out <= dim; out++) {
    let widest: f32 = 0;
    for (let i = 0; i <= dim; i++) {
      if (i == out) continue;
      const line = row(<usize>load<u32>(scratch + (<usize>i << 2)));
      for (let j = 0; j < i; j++) {
        if (j == out) continue;
        const value = load<f32>(line + (<usize>load<u32>(scratch + (<usize>j << 2)) << 2));
        if (value > widest) widest = value;
      }
    }
    if (widest != diameter) continue;
    let sum: i64 = 0;
    for (let i = 0; i < out; i++) sum += binomial(load<u32>(scratch + (<usize>i << 2)), i + 1);
    for (let i = out + 1; i <= dim; i++) sum += binomial(load<u32>(scratch + (<usize>i << 2)), i);
    leftOut = out;
    return sum;
  }
  return -1;
}

/**
 * The facet paired with this simplex in an apparent pair of length zero, or -1: its last facet of equal diameter,
 * when this simplex is in turn the first cofacet of equal diameter of that facet.
 */
export function apparentFacet(index: i64, dim: i32, diameter: f32): i64 {
  const facet = lastZeroFacet(index, dim, diameter);
  return facet >= 0 && firstZeroCofacet(facet, dim - 1, diameter) == index ? facet : -1;
}

/** True when this simplex has an apparent cofacet, which then kills it at once. */
export function hasApparentCofacet(index: i64, dim: i32, diameter: f32): bool {
  const cofacet = firstZeroCofacet(index, dim, diameter);
  return cofacet >= 0 && lastZeroFacet(cofacet, dim + 1, diameter) == index;
}

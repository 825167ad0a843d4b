/**
 * The flag complex by ranks: for H2 and below. Edges are numbered 1, 2, ... in order of rank; simplices are ordered by
 * the number of their longest edge, then by their other vertices, and everything becomes integers:
 *
 *     triangle      number << 32 | k                      k in the lune of its longest edge
 *     tetrahedron   number << 32 | k << 16 | l, k > l     k, l in the lune, joined by a shorter edge
 *
 * Vertices are renumbered from the most central outwards, so that the first vertex of a lune mostly sees all of it.
 *
 *     ranks    n rows of `stride` i32: number of the edge, ABSENT on the diagonal, in the padding, and above the threshold
 *     ends     u32 larger << 16 | smaller of edge 1, 2, ...
 *     lengths  f32 of edge 1, 2, ...
 *     adjacent n rows of bits: edges entered so far, while columns are collected
 */
import { allocate } from "./arena";
import { centralOrder } from "./central-order";
import { join, separate } from "./components";
import { listEdges, listedEdges } from "./edge-list";
import { addInterval, Intervals } from "./intervals";
import { distance, matrixStride, points } from "./matrix";
import { addKey, Keys } from "./keys";

/** Number of an edge that never enters; larger than any other. */
export const ABSENT: i32 = i32.MAX_VALUE;

let ranks: usize = 0;
let rankRow: usize = 0;
let ends: usize = 0;
let lengths: usize = 0;
let edgeCount: usize = 0;
let vertexCount: usize = 0;

let adjacent: usize = 0;
let words: usize = 0;
let lune: usize = 0;

@inline
export function vertices(): usize {
  return vertexCount;
}

/** Edges up to the threshold. */
@inline
export function edges(): usize {
  return edgeCount;
}

/** Bytes of a row of ranks. */
@inline
export function rankRowBytes(): usize {
  return rankRow;
}

/** Address of the ranks of the edges at v. */
@inline
export function rankLine(v: usize): usize {
  return ranks + v * rankRow;
}

/** Number of the edge (a, b). */
@inline
export function rankOf(a: usize, b: usize): i32 {
  return load<i32>(ranks + a * rankRow + (b << 2));
}

/** Length of an edge by its number. */
@inline
export function lengthOf(number: usize): f32 {
  return load<f32>(lengths + (number << 2));
}

/** Larger vertex of an edge by its number. */
@inline
export function largerEnd(number: usize): usize {
  return <usize>(load<u32>(ends + (number << 2)) >> 16);
}

/** Smaller vertex of an edge by its number. */
@inline
export function smallerEnd(number: usize): usize {
  return <usize>(load<u32>(ends + (number << 2)) & 0xffff);
}

/** Numbers the edges up to the threshold; false when memory does not suffice. O(n²). */
export function buildRanks(threshold: f32): bool {
  const n = points();
  vertexCount = n;
  const order = centralOrder(threshold);
  if (order == 0) return false;
  rankRow = matrixStride(n) << 2;
  ranks = allocate(n * rankRow);
  if (ranks == 0) return false;
  const list = listEdges(threshold);
  if (list == 0) return false;
  edgeCount = listedEdges();
  ends = allocate((edgeCount + 1) << 2);
  lengths = allocate((edgeCount + 1) << 2);
  if (ends == 0 || lengths == 0) return false;
  for (let at: usize = 0; at < n * rankRow; at += 4) store<i32>(ranks + at, ABSENT);
  for (let e: usize = 0; e < edgeCount; e++) {
    const pair = load<u32>(list + (e << 2));
    const i = <usize>(pair >> 16);
    const j = <usize>(pair & 0xffff);
    const a = <usize>load<u32>(order + (i << 2));
    const b = <usize>load<u32>(order + (j << 2));
    const number = e + 1;
    store<i32>(ranks + a * rankRow + (b << 2), <i32>number);
    store<i32>(ranks + b * rankRow + (a << 2), <i32>number);
    store<u32>(ends + (number << 2), a > b ? (<u32>a << 16) | <u32>b : (<u32>b << 16) | <u32>a);
    store<f32>(lengths + (number << 2), distance(i, j));
  }
  return true;
}

/**
 * One walk over the edges in order of rank. An edge with an empty lune joins two components (an interval of H0) or
 * gives birth in H1 (its number goes to `loops`). In the lune of any other edge, a vertex k with a smaller neighbour
 * inside the lune makes an apparent pair of the triangle (edge; k) with a tetrahedron, and the first vertex makes one
 * with the edge itself; the triangles of all other k go to `voids`, in increasing order.
 * False when memory does not suffice.
 */
export function walkEdges(components: Intervals, loops: Keys, voids: Keys): bool {
  const n = vertexCount;
  words = ((n + 127) >> 7) << 4;
  adjacent = allocate(n * words);
  lune = allocate(words);
  if (adjacent == 0 || lune == 0 || !separate(n)) return false;
  memory.fill(adjacent, 0, n * words);
  let left = n;
  for (let number: usize = 1; number <= edgeCount; number++) {
    const i = largerEnd(number);
    const j = smallerEnd(number);
    const a = adjacent + i * words;
    const b = adjacent + j * words;
    let some = i64x2.splat(0);
    for (let at: usize = 0; at < words; at += 16) {
      const both = v128.and(v128.load(a + at), v128.load(b + at));
      v128.store(lune + at, both);
      some = v128.or(some, both);
    }
    if (v128.any_true(some)) {
      if (!collectVoids(number, voids)) return false;
    } else {
      if (!join(i, j)) {
        if (!addKey(loops, <u64>number)) return false;
      } else {
        left -= 1;
        const death = lengthOf(number);
        if (death > 0 && !addInterval(components, 0, death)) return false;
      }
    }
    store<u64>(a + ((j >> 6) << 3), load<u64>(a + ((j >> 6) << 3)) | ((<u64>1) << (j & 63)));
    store<u64>(b + ((i >> 6) << 3), load<u64>(b + ((i >> 6) << 3)) | ((<u64>1) << (i & 63)));
  }
  for (; left > 0; left--) if (!addInterval(components, 0, Infinity)) return false;
  return true;
}

/** Adds the triangles of the vertices of `lune` that see no smaller vertex of it, but for its first vertex. */
function collectVoids(number: usize, voids: Keys): bool {
  let first = usize.MAX_VALUE;
  for (let at: usize = 0; at < words; at += 8) {
    const word = load<u64>(lune + at);
    if (word == 0) continue;
    first = (at << 3) + <usize>ctz(word);
    break;
  }
  const seen = adjacent + first * words;
  for (let at = (first >> 6) << 3; at < words; at += 8) {
    let rest = load<u64>(lune + at) & ~load<u64>(seen + at);
    while (rest) {
      const k = (at << 3) + <usize>ctz(rest);
      rest &= rest - 1;
      if (k == first || seesSmaller(k)) continue;
      if (!addKey(voids, (<u64>number << 32) | k)) return false;
    }
  }
  return true;
}

/** True when k has a neighbour of smaller number in `lune`. */
@inline
function seesSmaller(k: usize): bool {
  const line = adjacent + k * words;
  const last = (k >> 6) << 3;
  for (let at: usize = 0; at < last; at += 8) if (load<u64>(lune + at) & load<u64>(line + at)) return true;
  const below = ((<u64>1) << (k & 63)) - 1;
  return (load<u64>(lune + last) & load<u64>(line + last) & below) != 0;
}

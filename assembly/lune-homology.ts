/**
 * Stage M: H1 by homology of lunes, for classes that live long. Edges enter in order of rank. When (i, j) enters, the
 * complex gains its join with the flag complex on its lune, so the components of the lune tell everything: none, the
 * edge kills a component or gives birth; one, nothing changes; c, there are c - 1 relations
 *
 *     φ(i, k_a) + φ(k_a, j) - φ(i, k_1) - φ(k_1, j) = 0,   k_a in the a-th component,
 *
 * where φ writes an edge in terms of births: a birth is itself, an edge of the spanning forest is 0, any other edge is
 * φ(i, k) + φ(k, j) for a k in its own lune. Relations are reduced in order; in each the youngest class left dies.
 * (Mayer–Vietoris for adding an edge and its lune; Vietoris–Rips complexes are flag complexes.)
 *
 * Memory:
 *
 *     place      u32 × n, the bit of each vertex, from the most central outwards; `vertex` the other way round
 *     adjacent   n rows of bits: bit k of row i is set once (i, k) has entered, and for i = k from the start
 *     edges      u32 larger << 16 | smaller, and the keys they are sorted by
 *     via        hash table from edges to what φ does with them
 *     relation   u32 × births, the relation in work
 */
import { allocate } from "./arena";
import { add, inverse, multiply, negate } from "./field";
import { addInterval, Intervals } from "./intervals";
import { ranksBelow } from "./lune";
import { bytesPerRow, distance, points, row } from "./matrix";
import { centralOrder } from "./central-order";
import { listEdges, listedEdges } from "./edge-list";
import { edgeLength, largerVertex, RankedEdges, rankedEdge, smallerVertex } from "./ranked-edges";

/** What φ does with an edge: a third vertex, or one of these. */
const BIRTH: u32 = 0x80000000;
const FOREST: u32 = 0x40000000;

let rowWords: usize = 0;
let adjacent: usize = 0;
let vertex: usize = 0;

let via: usize = 0;
let viaSlots: usize = 0;
let viaUsed: usize = 0;

let relation: usize = 0;
let youngest: i32 = -1;

/**
 * Whether this stage can take n points in `room` bytes: a pair of vertices is one u32 here, and its sorted list of all
 * edges, the rows of bits and the rest take some 9 n² bytes.
 */
export function lunesFit(n: usize, room: usize): bool {
  return n <= 65536 && <u64>n * n * 9 + 65536 <= <u64>room;
}

@inline
function bits(v: usize): usize {
  return adjacent + v * rowWords;
}

@inline
function viaSlot(key: u32): usize {
  let slot = <usize>((<u64>key * 0x9e3779b97f4a7c15) >> 32) & (viaSlots - 1);
  let at = via + (slot << 3);
  while (load<u32>(at, 4) != 0 && load<u32>(at) != key) {
    slot = (slot + 1) & (viaSlots - 1);
    at = via + (slot << 3);
  }
  return at;
}

/** Remembers what φ does with an edge; false when memory does not suffice. Values are stored plus one. */
function remember(key: u32, value: u32): bool {
  if ((viaUsed + 1) << 1 > viaSlots) {
    const oldVia = via;
    const oldSlots = viaSlots;
    via = allocate(oldSlots << 4);
    if (via == 0) return false;
    viaSlots = oldSlots << 1;
    memory.fill(via, 0, viaSlots << 3);
    for (let i: usize = 0; i < oldSlots; i++) {
      const from = oldVia + (i << 3);
      if (load<u32>(from, 4) != 0) store<u64>(viaSlot(load<u32>(from)), load<u64>(from));
    }
  }
  const at = viaSlot(key);
  store<u32>(at, key);
  store<u32>(at, value + 1, 4);
  viaUsed += 1;
  return true;
}

@inline
function edgeKey(i: usize, j: usize): u32 {
  return i > j ? (<u32>i << 16) | <u32>j : (<u32>j << 16) | <u32>i;
}

/** A vertex of the lune of (i, j) as near to both ends as any, the lune not being empty. O(n). */
function nearestInLune(i: usize, j: usize): usize {
  const a = row(i);
  const b = row(j);
  const end = bytesPerRow();
  let least = f32x4.splat(Infinity);
  for (let at: usize = 0; at < end; at += 16) least = f32x4.pmin(least, f32x4.max(v128.load(a + at), v128.load(b + at)));
  const value = min(
    min(f32x4.extract_lane(least, 0), f32x4.extract_lane(least, 1)),
    min(f32x4.extract_lane(least, 2), f32x4.extract_lane(least, 3)),
  );
  const length = distance(i, j);
  const wanted = f32x4.splat(value);
  for (let at: usize = 0; at < end; at += 16) {
    let hits = i32x4.bitmask(f32x4.eq(f32x4.max(v128.load(a + at), v128.load(b + at)), wanted));
    while (hits) {
      const k = (at >> 2) + <usize>ctz(hits);
      hits &= hits - 1;
      // Strictly shorter edges rank below anyway; equally long ones are judged by their vertices.
      if (ranksBelow(distance(i, k), i, k, length, i, j) && ranksBelow(distance(j, k), j, k, length, i, j)) return k;
    }
  }
  return points();
}

/** Adds coefficient · φ(from → to) to the relation in work; false when memory does not suffice. */
function addPath(from: usize, to: usize, coefficient: u32): bool {
  const key = edgeKey(from, to);
  const known = load<u32>(viaSlot(key), 4);
  let what = known - 1;
  if (known == 0) {
    what = <u32>nearestInLune(from, to);
    if (!remember(key, what)) return false;
  }
  if (what == FOREST) return true;
  if (what & BIRTH) {
    const birth = what & ~BIRTH;
    const at = relation + (<usize>birth << 2);
    // Births point from their smaller to their larger vertex.
    store<u32>(at, add(load<u32>(at), from < to ? coefficient : negate(coefficient)));
    if (<i32>birth > youngest) youngest = birth;
    return true;
  }
  return addPath(from, what, coefficient) && addPath(what, to, coefficient);
}

/** Work space of one lune: the lune, what is reached, what is left, what is put off. */
let lune: usize = 0;
let reached: usize = 0;
let left: usize = 0;
let later: usize = 0;

/** First vertex of a set, or n when it is empty. */
@inline
function firstOf(set: usize): usize {
  for (let at: usize = 0; at < rowWords; at += 8) {
    const word = load<u64>(set + at);
    if (word) return (at << 3) + <usize>ctz(word);
  }
  return usize.MAX_VALUE;
}

/** Moves every vertex of `left` that is joined to `reached` over; what cannot be joined ends up in `later`. */
function flood(): void {
  memory.fill(later, 0, rowWords);
  let progress = true;
  while (progress) {
    progress = false;
    for (;;) {
      const x = firstOf(left);
      if (x == usize.MAX_VALUE) break;
      const line = bits(x);
      let touches = false;
      for (let at: usize = 0; at < rowWords; at += 16) {
        if (v128.any_true(v128.and(v128.load(line + at), v128.load(reached + at)))) {
          touches = true;
          break;
        }
      }
      const word = left + ((x >> 6) << 3);
      const bit: u64 = (<u64>1) << (x & 63);
      store<u64>(word, load<u64>(word) & ~bit);
      if (!touches) {
        const put = later + ((x >> 6) << 3);
        store<u64>(put, load<u64>(put) | bit);
        continue;
      }
      progress = true;
      const to = reached + ((x >> 6) << 3);
      store<u64>(to, load<u64>(to) | bit);
      for (let at: usize = 0; at < rowWords; at += 16) {
        const joined = v128.and(v128.load(line + at), v128.load(lune + at));
        v128.store(reached + at, v128.or(v128.load(reached + at), joined));
        v128.store(left + at, v128.andnot(v128.load(left + at), joined));
        v128.store(later + at, v128.andnot(v128.load(later + at), joined));
      }
    }
    if (!progress) break;
    // What was put off may touch what was reached since.
    memory.copy(left, later, rowWords);
    memory.fill(later, 0, rowWords);
    if (firstOf(left) == usize.MAX_VALUE) break;
  }
}

/** Pivot columns: for each birth the address of its column (u32 birth, u32 coefficient; count first), or 0. */
let columns: usize = 0;

/** Reduces the relation in work and returns the class that dies, or -1; false memory is reported by -2. */
function reduceRelation(): i32 {
  while (youngest >= 0) {
    const coefficient = load<u32>(relation + (<usize>youngest << 2));
    if (coefficient == 0) {
      youngest -= 1;
      continue;
    }
    const column = <usize>load<u32>(columns + (<usize>youngest << 2));
    if (column == 0) break;
    const count = <usize>load<u32>(column);
    const factor = negate(multiply(coefficient, inverse(load<u32>(column, 12))));
    for (let i: usize = 0; i < count; i++) {
      const at = relation + (<usize>load<u32>(column + 8 + (i << 3)) << 2);
      store<u32>(at, add(load<u32>(at), multiply(factor, load<u32>(column + 12 + (i << 3)))));
    }
  }
  if (youngest < 0) return -1;
  let count: usize = 0;
  for (let b = youngest; b >= 0; b--) if (load<u32>(relation + (<usize>b << 2))) count += 1;
  const column = allocate(8 + (count << 3));
  if (column == 0) return -2;
  store<u32>(column, <u32>count);
  let i: usize = 0;
  // The pivot, the youngest class, comes first.
  for (let b = youngest; b >= 0; b--) {
    const at = relation + (<usize>b << 2);
    const value = load<u32>(at);
    if (value == 0) continue;
    store<u32>(column + 8 + (i << 3), b);
    store<u32>(column + 12 + (i << 3), value);
    store<u32>(at, 0);
    i += 1;
  }
  store<u32>(columns + (<usize>youngest << 2), <u32>column);
  const dead = youngest;
  youngest = -1;
  return dead;
}

/**
 * Computes H1. `births` in order of rank; `forest` the edges of the spanning forest. False when memory does not
 * suffice. O(n³ / 128) bit operations at most, and mostly a few words an edge.
 */
export function homologyOfLunes(threshold: f32, births: RankedEdges, forest: RankedEdges, intervals: Intervals): bool {
  const n = points();
  rowWords = ((n + 127) >> 7) << 4;
  const place = centralOrder(threshold);
  vertex = allocate(n << 2);
  const edges = listEdges(threshold);
  if (place == 0 || vertex == 0 || edges == 0) return false;
  const count = listedEdges();
  const total = births.length;
  adjacent = allocate(n * rowWords);
  lune = allocate(rowWords);
  reached = allocate(rowWords);
  left = allocate(rowWords);
  later = allocate(rowWords);
  relation = allocate((<usize>total + 1) << 2);
  columns = allocate((<usize>total + 1) << 2);
  viaSlots = 1024;
  while (viaSlots < 4 * <usize>(total + forest.length)) viaSlots <<= 1;
  viaUsed = 0;
  via = allocate(viaSlots << 3);
  if (adjacent == 0 || lune == 0 || reached == 0 || left == 0 || later == 0) return false;
  if (relation == 0 || columns == 0 || via == 0) return false;
  memory.fill(adjacent, 0, n * rowWords);
  memory.fill(relation, 0, (<usize>total + 1) << 2);
  memory.fill(columns, 0, (<usize>total + 1) << 2);
  memory.fill(via, 0, viaSlots << 3);
  for (let v: usize = 0; v < n; v++) {
    const p = <usize>load<u32>(place + (v << 2));
    store<u32>(vertex + (p << 2), <u32>v);
    enter(p, p);
  }
  youngest = -1;
  for (let b: u32 = 0; b < total; b++) {
    const edge = rankedEdge(births, b);
    if (!remember(edgeKey(largerVertex(edge), smallerVertex(edge)), BIRTH | b)) return false;
  }
  for (let f: u32 = 0; f < forest.length; f++) {
    const edge = rankedEdge(forest, f);
    if (!remember(edgeKey(largerVertex(edge), smallerVertex(edge)), FOREST)) return false;
  }
  let deaths: u32 = 0;
  for (let e: usize = 0; e < count && deaths < total; e++) {
    const pair = load<u32>(edges + (e << 2));
    const i = <usize>(pair >> 16);
    const j = <usize>(pair & 0xffff);
    const p = <usize>load<u32>(place + (i << 2));
    const q = <usize>load<u32>(place + (j << 2));
    const a = bits(p);
    const b = bits(q);
    let some = i64x2.splat(0);
    for (let at: usize = 0; at < rowWords; at += 16) {
      const both = v128.and(v128.load(a + at), v128.load(b + at));
      v128.store(lune + at, both);
      some = v128.or(some, both);
    }
    if (v128.any_true(some)) {
      const first = firstOf(lune);
      if (!coveredBy(first)) {
        flood();
        const length = distance(i, j);
        // Every vertex put off is in another component; take them one component at a time.
        for (;;) {
          const other = firstOf(later);
          if (other == usize.MAX_VALUE) break;
          const minus = negate(1);
          const k = <usize>load<u32>(vertex + (other << 2));
          const k1 = <usize>load<u32>(vertex + (first << 2));
          if (!addPath(i, k, 1) || !addPath(k, j, 1)) return false;
          if (!addPath(i, k1, minus) || !addPath(k1, j, minus)) return false;
          const dead = reduceRelation();
          if (dead == -2) return false;
          if (dead >= 0) {
            deaths += 1;
            const birth = edgeLength(rankedEdge(births, dead));
            if (length > birth && !addInterval(intervals, birth, length)) return false;
          }
          memory.copy(left, later, rowWords);
          memory.fill(reached, 0, rowWords);
          const word = (other >> 6) << 3;
          const bit: u64 = (<u64>1) << (other & 63);
          store<u64>(reached + word, bit);
          store<u64>(left + word, load<u64>(left + word) & ~bit);
          flood();
        }
      }
    }
    enter(p, q);
    enter(q, p);
  }
  for (let b: u32 = 0; b < total; b++) {
    if (load<u32>(columns + (<usize>b << 2))) continue;
    if (!addInterval(intervals, edgeLength(rankedEdge(births, b)), Infinity)) return false;
  }
  return true;
}

/** Sets bit q of row p. */
@inline
function enter(p: usize, q: usize): void {
  const word = bits(p) + ((q >> 6) << 3);
  store<u64>(word, load<u64>(word) | ((<u64>1) << (q & 63)));
}

/** True when every vertex of the lune is joined to `first`; else `reached` and `left` are set up for a flood. */
@inline
function coveredBy(first: usize): bool {
  const line = bits(first);
  let at = (first >> 7) << 4;
  for (; at < rowWords; at += 16)
    if (v128.any_true(v128.andnot(v128.load(lune + at), v128.load(line + at)))) break;
  if (at >= rowWords) return true;
  for (at = 0; at < rowWords; at += 16) {
    const all = v128.load(lune + at);
    const joined = v128.and(all, v128.load(line + at));
    v128.store(reached + at, joined);
    v128.store(left + at, v128.andnot(all, joined));
  }
  return false;
}

/**
 * Streams of cofacets in the flag complex by ranks (flag-complex.ts): of an edge its triangles, of a triangle its
 * tetrahedra, in increasing order, read lazily and cached. First come those with the same longest edge, by increasing
 * added vertex; then the others, whose longest edge joins the added vertex to the simplex, by its number.
 *
 * Stream, 48 bytes:                              Item, 16 bytes:
 *
 *     +0  u32 number of the longest edge             +0  u64 key of the cofacet
 *     +4  u32 vertices, 2 or 3                       +8  u32 vertices of the simplex below the added one
 *     +8  u32 × 3 vertices                           +12 u32 unused
 *     +20 u32 address of the items
 *     +24 u32 items
 *     +28 u32 room for items
 *     +32 u32 next vertex to look at in the first part, in bytes of a row; all ones when that part is done
 *     +36 i32 numbers up to this have been read in the second part
 *     +40 u32 width of the next window
 *     +44 u32 1 when nothing is left to read
 */
import { allocate, enlarge } from "./arena";
import { ABSENT, largerEnd, rankLine, rankOf, rankRowBytes, smallerEnd, vertices } from "./flag-complex";
import { findKey, firstOf, insertKey, KeyTable, newKeyTable } from "./keys";

const STREAM: usize = 48;
const ITEM: usize = 16;

let records: usize = 0;
let count: u32 = 0;
let room: u32 = 0;
let table: KeyTable | null = null;
let found: usize = 0;
let buffer: usize = 0;
let failed: bool = false;
let dimension: i32 = 1;

/** Starts afresh with the streams of edges (1) or of triangles (2). False when memory does not suffice. */
export function prepareFlagStreams(dim: i32): bool {
  dimension = dim;
  count = 0;
  room = 4096;
  failed = false;
  records = allocate(<usize>room * STREAM);
  table = newKeyTable(4096);
  found = allocate((vertices() + 4) << 3);
  buffer = allocate((vertices() + 4) << 3);
  return records != 0 && table !== null && found != 0 && buffer != 0;
}

/** True after memory ran out while reading. */
export function flagStreamsFailed(): bool {
  return failed;
}

@inline
function record(stream: u32): usize {
  return records + <usize>stream * STREAM;
}

/** The stream of a simplex, by its key: the number of an edge, or number << 32 | k of a triangle. */
export function flagStreamOf(key: u64): u32 {
  const known = findKey(table!, key);
  if (known != 0) return firstOf(known);
  if (count == room) {
    const moved = enlarge(records, <usize>room * STREAM, <usize>room * 2 * STREAM);
    if (moved == 0) {
      failed = true;
      return 0;
    }
    records = moved;
    room *= 2;
  }
  const stream = count;
  count += 1;
  if (!insertKey(table!, key, stream, 0)) {
    failed = true;
    return 0;
  }
  const number = <usize>(dimension == 1 ? key : key >> 32);
  const r = record(stream);
  store<u32>(r, <u32>number);
  store<u32>(r, <u32>(dimension + 1), 4);
  store<u32>(r, <u32>largerEnd(number), 8);
  store<u32>(r, <u32>smallerEnd(number), 12);
  // An edge repeats a vertex, so that both kinds are scanned alike.
  store<u32>(r, dimension == 1 ? <u32>smallerEnd(number) : <u32>key, 16);
  store<u32>(r, 0, 20);
  store<u32>(r, 0, 24);
  store<u32>(r, 0, 28);
  store<u32>(r, 0, 32);
  store<i32>(r, <i32>number, 36);
  store<u32>(r, 0, 40);
  store<u32>(r, 0, 44);
  return stream;
}

/**
 * The first vertex that joins the simplex of `number` and k without a longer edge (k = the smaller end for the edge
 * alone), or a number past all vertices. Stops at the first hit.
 */
export function firstInside(number: usize, k: usize): usize {
  const a = rankLine(largerEnd(number));
  const b = rankLine(smallerEnd(number));
  const c = rankLine(k);
  const end = rankRowBytes();
  const limit = i32x4.splat(<i32>number);
  for (let at: usize = 0; at < end; at += 16) {
    const most = i32x4.max_s(i32x4.max_s(v128.load(a + at), v128.load(b + at)), v128.load(c + at));
    const hits = i32x4.bitmask(i32x4.lt_s(most, limit));
    if (hits) return (at >> 2) + <usize>ctz(hits);
  }
  return usize.MAX_VALUE;
}

/** Address of item i of a stream, reading on as far as needed; 0 when the stream has ended (or memory has run out). */
@inline
export function flagItem(stream: u32, i: u32): usize {
  const r = record(stream);
  if (i >= load<u32>(r, 24) && !readUntil(r, i)) return 0;
  return <usize>load<u32>(r, 20) + <usize>i * ITEM;
}

function readUntil(r: usize, i: u32): bool {
  while (i >= load<u32>(r, 24)) {
    if (load<u32>(r, 44)) return false;
    if (!readOn(r)) {
      failed = true;
      return false;
    }
  }
  return true;
}

/** Number of the first item of a stream that comes after the given cofacet. */
export function firstFlagItemAfter(stream: u32, key: u64): u32 {
  const r = record(stream);
  for (;;) {
    const items = load<u32>(r, 24);
    if (items > 0 && load<u64>(<usize>load<u32>(r, 20) + <usize>(items - 1) * ITEM) > key) break;
    if (load<u32>(r, 44)) return items;
    // Whatever lies in windows before the key's own edge need not be read item by item.
    if (!readOn(r)) {
      failed = true;
      return items;
    }
  }
  let low: u32 = 0;
  let high = load<u32>(r, 24) - 1;
  const base = <usize>load<u32>(r, 20);
  while (low < high) {
    const middle = (low + high) >> 1;
    if (load<u64>(base + <usize>middle * ITEM) > key) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Makes room for `more` items; false when memory does not suffice. */
function reserve(r: usize, more: u32): bool {
  const items = load<u32>(r, 24);
  const capacity = load<u32>(r, 28);
  if (items + more <= capacity) return true;
  const wanted = max(items + more, max(capacity * 2, 4));
  const moved =
    capacity == 0
      ? allocate(<usize>wanted * ITEM)
      : enlarge(<usize>load<u32>(r, 20), <usize>capacity * ITEM, <usize>wanted * ITEM);
  if (moved == 0) return false;
  store<u32>(r, <u32>moved, 20);
  store<u32>(r, wanted, 28);
  return true;
}

@inline
function put(r: usize, key: u64, position: u32): void {
  const items = load<u32>(r, 24);
  const at = <usize>load<u32>(r, 20) + <usize>items * ITEM;
  store<u64>(at, key);
  store<u32>(at, position, 8);
  store<u32>(r, items + 1, 24);
}

/** Vertices of the simplex below x. */
@inline
function positionOf(r: usize, x: u32): u32 {
  let position: u32 = (load<u32>(r, 8) < x ? 1 : 0) + (load<u32>(r, 12) < x ? 1 : 0);
  if (load<u32>(r, 4) == 3 && load<u32>(r, 16) < x) position += 1;
  return position;
}

function readOn(r: usize): bool {
  return load<u32>(r, 32) != u32.MAX_VALUE ? readInside(r) : readBeyond(r);
}

/** Reads further cofacets with the same longest edge: at least one group of four vertices that holds any. */
function readInside(r: usize): bool {
  const number = <i32>load<u32>(r);
  const third = load<u32>(r, 16);
  const a = rankLine(<usize>load<u32>(r, 8));
  const b = rankLine(<usize>load<u32>(r, 12));
  const c = rankLine(<usize>third);
  const end = rankRowBytes();
  const limit = i32x4.splat(number);
  const edge = load<u32>(r, 4) == 2;
  const high = (<u64>number) << 32;
  for (let at = <usize>load<u32>(r, 32); at < end; at += 16) {
    const most = i32x4.max_s(i32x4.max_s(v128.load(a + at), v128.load(b + at)), v128.load(c + at));
    // The diagonal of c spoils the lane of a repeated vertex only, which is no cofacet anyway.
    let hits = i32x4.bitmask(i32x4.lt_s(most, limit));
    if (!hits) continue;
    if (!reserve(r, 4)) return false;
    while (hits) {
      const x = <u32>((at >> 2) + <usize>ctz(hits));
      hits &= hits - 1;
      const key = edge ? high | x : high | (<u64>max(x, third) << 16) | min(x, third);
      put(r, key, positionOf(r, x));
    }
    store<u32>(r, <u32>(at + 16), 32);
    return true;
  }
  store<u32>(r, u32.MAX_VALUE, 32);
  return true;
}

/** Reads the next window of cofacets with a longer longest edge. O(n), four vertices at a time. */
function readBeyond(r: usize): bool {
  const third = load<u32>(r, 16);
  const va = load<u32>(r, 8);
  const vb = load<u32>(r, 12);
  const a = rankLine(<usize>va);
  const b = rankLine(<usize>vb);
  const c = rankLine(<usize>third);
  const end = rankRowBytes();
  const from = load<i32>(r, 36);
  const floor = i32x4.splat(from);
  const absent = i32x4.splat(ABSENT);
  let least = absent;
  for (let at: usize = 0; at < end; at += 16) {
    const most = i32x4.max_s(i32x4.max_s(v128.load(a + at), v128.load(b + at)), v128.load(c + at));
    least = i32x4.min_s(least, v128.bitselect(most, absent, i32x4.gt_s(most, floor)));
  }
  const next = min(
    min(i32x4.extract_lane(least, 0), i32x4.extract_lane(least, 1)),
    min(i32x4.extract_lane(least, 2), i32x4.extract_lane(least, 3)),
  );
  if (next == ABSENT) {
    store<u32>(r, 1, 44);
    return true;
  }
  let width = load<u32>(r, 40);
  if (width == 0) width = <u32>(next >> 6) + 4;
  store<u32>(r, width * 2, 40);
  const to = width < <u32>(ABSENT - 1 - next) ? next + <i32>width : ABSENT - 1;
  const ceiling = i32x4.splat(to);
  let hitsCount: usize = 0;
  for (let at: usize = 0; at < end; at += 16) {
    const most = i32x4.max_s(i32x4.max_s(v128.load(a + at), v128.load(b + at)), v128.load(c + at));
    let hits = i32x4.bitmask(v128.and(i32x4.gt_s(most, floor), i32x4.le_s(most, ceiling)));
    while (hits) {
      const lane = <usize>ctz(hits);
      hits &= hits - 1;
      const x = (at >> 2) + lane;
      const rank = max(max(load<i32>(a + (x << 2)), load<i32>(b + (x << 2))), load<i32>(c + (x << 2)));
      // Every vertex has a longest edge of its own, so the number alone orders them.
      store<u64>(found + (hitsCount << 3), ((<u64>rank) << 32) | x);
      hitsCount += 1;
    }
  }
  store<i32>(r, to, 36);
  if (!reserve(r, <u32>hitsCount)) return false;
  const sorted = sortKeys(found, buffer, hitsCount);
  const edge = load<u32>(r, 4) == 2;
  for (let i: usize = 0; i < hitsCount; i++) {
    const key = load<u64>(sorted + (i << 3));
    const x = <u32>key;
    const rank = <i32>(key >> 32);
    const high = key & 0xffffffff00000000;
    if (edge) {
      put(r, high | (rankOf(x, va) == rank ? vb : va), positionOf(r, x));
      continue;
    }
    // The two vertices that are not on the longest edge.
    const left = rankOf(x, va) == rank ? vb : va;
    const other = rankOf(x, third) == rank ? vb : third;
    put(r, high | (<u64>max(left, other) << 16) | min(left, other), positionOf(r, x));
  }
  return true;
}

/** Sorts u64 keys: runs of eight by insertion, then merges. Returns where the result lies. */
function sortKeys(start: usize, spare: usize, length: usize): usize {
  for (let from: usize = 0; from < length; from += 8) {
    const to = min(from + 8, length);
    for (let i = from + 1; i < to; i++) {
      const key = load<u64>(start + (i << 3));
      let hole = i;
      while (hole > from && load<u64>(start + ((hole - 1) << 3)) > key) {
        store<u64>(start + (hole << 3), load<u64>(start + ((hole - 1) << 3)));
        hole--;
      }
      store<u64>(start + (hole << 3), key);
    }
  }
  let source = start;
  let target = spare;
  for (let width: usize = 8; width < length; width <<= 1) {
    for (let from: usize = 0; from < length; from += width << 1) {
      let x = from;
      const endX = min(from + width, length);
      let y = endX;
      const endY = min(from + (width << 1), length);
      let out = from;
      while (x < endX && y < endY) {
        const p = load<u64>(source + (x << 3));
        const q = load<u64>(source + (y << 3));
        store<u64>(target + (out << 3), q < p ? q : p);
        if (q < p) y++;
        else x++;
        out++;
      }
      for (; x < endX; x++, out++) store<u64>(target + (out << 3), load<u64>(source + (x << 3)));
      for (; y < endY; y++, out++) store<u64>(target + (out << 3), load<u64>(source + (y << 3)));
    }
    const swap = source;
    source = target;
    target = swap;
  }
  return source;
}

/**
 * Streams: the cofacets of an edge in increasing order, read lazily and cached. Triangles are ordered by
 *
 *     (rank of the longest edge, length of the second-longest edge, vertex opposite the longest edge)
 *
 * which refines the order of their diameters, so barcodes do not depend on it. In this order the first cofacet of an
 * edge with a non-empty lune is the vertex of the lune nearest to it, and the two are an apparent pair.
 *
 * For a vertex k let m = max(d(a,k), d(b,k)). The order of the stream of (a, b) is increasing in m, so it is read in
 * windows of m: the least m not read yet, and everything up to a little beyond it.
 *
 * Stream, 48 bytes:                              Item, 24 bytes:
 *
 *     +0  f32 length of the edge                     +0  u64 diameter bits << 32 | larger vertex of the longest edge
 *     +4  u32 larger vertex                          +8  u64 smaller vertex << 32 | bits of the second-longest length
 *     +8  u32 smaller vertex                         +16 u32 opposite vertex
 *     +12 f32 every m below this has been read       +20 u32 vertices of the stream's edge below the added vertex
 *     +16 u32 address of the items
 *     +20 u32 items
 *     +24 u32 room for items
 *     +28 u32 1 when nothing is left to read
 *     +32 f32 relative width of the next window; without a matrix, u32 number of items wanted next
 *
 * Without a matrix (stream-balls.ts) what stands for a length everywhere is a key (stream-plan.ts), read as the bits of
 * a float: keys are below 2^31 and order like those floats.
 */
import { allocate, enlarge } from "./arena";
import { findKey, firstOf, insertKey, KeyTable, newKeyTable } from "./keys";
import { bytesPerRow, row } from "./matrix";
import { foundVertices, prepareReading, readAround, readingBound, readingEnded } from "./stream-balls";

const STREAM: usize = 48;
const ITEM: usize = 24;
/** Relative width of a stream's first window; it doubles with each. */
const FIRST_WIDTH: f32 = 0.015625;
/** Items a stream without a matrix reads first, and how many times as many with each further reading. */
const FIRST_ITEMS: u32 = 4;
const MORE_ITEMS: u32 = 2;
const MOST_ITEMS: u32 = 1 << 24;

let records: usize = 0;
let count: u32 = 0;
let room: u32 = 0;
let cut: f32 = 0;
/** False when distances come from points, without a matrix. */
let dense: bool = true;

/** Which edge (larger << 32 | smaller) has which stream. */
let table: KeyTable | null = null;

/** Work space: vertices and values found by one scan, and the buffer of the sort. */
let found: usize = 0;
let buffer: usize = 0;

/** Free blocks of items, linked by their first word: u32 head for each power of two. */
let spare: usize = 0;
/** Items of the smallest block. */
const SMALLEST_BLOCK: u32 = 4;
/** Memory given for items. */
let given: usize = 0;
let givenEnd: usize = 0;

/** True after an allocation failed; every caller stops then. */
let failed: bool = false;

/** Starts afresh with no streams, without a matrix; `cutKey` is the largest key read. False without memory. */
export function prepareStreamsOfPoints(cutKey: u32, n: usize): bool {
  if (!prepareStreams(reinterpret<f32>(cutKey), n) || !prepareReading()) return false;
  dense = false;
  return true;
}

/** Starts afresh with no streams. False when memory does not suffice. */
export function prepareStreams(threshold: f32, n: usize): bool {
  dense = true;
  cut = threshold;
  count = 0;
  room = 4096;
  failed = false;
  records = allocate(<usize>room * STREAM);
  table = newKeyTable(4096);
  found = allocate((n + 4) << 3);
  buffer = allocate((n + 4) * ITEM);
  spare = allocate(32 << 2);
  given = 0;
  givenEnd = 0;
  if (records == 0 || table === null || found == 0 || buffer == 0 || spare == 0) return false;
  memory.fill(spare, 0, 32 << 2);
  return true;
}

/** True after memory ran out while reading. */
export function streamsFailed(): bool {
  return failed;
}

/** Number of streams opened so far. */
export function streamCount(): u32 {
  return count;
}

/** Address of their records, in order. */
export function streamRecords(): usize {
  return records;
}

/**
 * Takes over streams another instance has read, and writes into `map` (u32 each) the number each has here. False when
 * memory does not suffice. A stream is the same whoever reads it; the one read further is kept.
 */
export function adoptStreams(others: usize, number: u32, map: usize): bool {
  for (let i: u32 = 0; i < number; i++) {
    const other = others + <usize>i * STREAM;
    const stream = streamOf(load<f32>(other), load<u32>(other, 4), load<u32>(other, 8));
    if (failed) return false;
    store<u32>(map + (<usize>i << 2), stream);
    const r = record(stream);
    if (load<f32>(other, 12) > load<f32>(r, 12) || load<u32>(other, 28)) memory.copy(r, other, STREAM);
  }
  return true;
}

@inline
function record(stream: u32): usize {
  return records + <usize>stream * STREAM;
}

/** The stream of an edge; opened when there is none yet. Check `streamsFailed` afterwards. */
export function streamOf(length: f32, larger: u32, smaller: u32): u32 {
  const key = ((<u64>larger) << 32) | smaller;
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
  const r = record(stream);
  store<f32>(r, length);
  store<u32>(r, larger, 4);
  store<u32>(r, smaller, 8);
  store<f32>(r, 0, 12);
  store<u32>(r, 0, 16);
  store<u32>(r, 0, 20);
  store<u32>(r, 0, 24);
  store<u32>(r, 0, 28);
  if (dense) store<f32>(r, FIRST_WIDTH, 32);
  else store<u32>(r, FIRST_ITEMS, 32);
  return stream;
}

/** Address of item i of a stream, reading on as far as needed; 0 when the stream has ended (or memory has run out). */
@inline
export function item(stream: u32, i: u32): usize {
  const r = record(stream);
  if (i >= load<u32>(r, 20) && !readUntil(stream, i)) return 0;
  return <usize>load<u32>(record(stream), 16) + <usize>i * ITEM;
}

function readUntil(stream: u32, i: u32): bool {
  const r = record(stream);
  while (i >= load<u32>(r, 20)) {
    if (load<u32>(r, 28)) return false;
    if (!readOn(r)) {
      failed = true;
      return false;
    }
  }
  return true;
}

/** Number of the first item of a stream that comes after the given triangle. */
export function firstAfter(stream: u32, a: u64, b: u64, opposite: u32): u32 {
  const r = record(stream);
  for (;;) {
    const items = load<u32>(r, 20);
    if (items > 0) {
      const last = <usize>load<u32>(r, 16) + <usize>(items - 1) * ITEM;
      if (comesAfter(last, a, b, opposite)) break;
    }
    if (load<u32>(r, 28)) return items;
    if (!readOn(r)) {
      failed = true;
      return items;
    }
  }
  let low: u32 = 0;
  let high = load<u32>(r, 20) - 1;
  const base = <usize>load<u32>(r, 16);
  while (low < high) {
    const middle = (low + high) >> 1;
    if (comesAfter(base + <usize>middle * ITEM, a, b, opposite)) high = middle;
    else low = middle + 1;
  }
  return low;
}

@inline
function comesAfter(at: usize, a: u64, b: u64, opposite: u32): bool {
  const x = load<u64>(at);
  if (x != a) return x > a;
  const y = load<u64>(at, 8);
  if (y != b) return y > b;
  return load<u32>(at, 16) > opposite;
}

@inline
function nextUp(value: f32): f32 {
  return reinterpret<f32>(reinterpret<u32>(value) + 1);
}

/** Reads on without a matrix; false when memory does not suffice. */
function readOnFromPoints(r: usize): bool {
  const key = load<u32>(r);
  const larger = <usize>load<u32>(r, 4);
  const smaller = <usize>load<u32>(r, 8);
  const wanted = load<u32>(r, 32);
  const hits = readAround(larger, smaller, key, load<u32>(r, 12), <usize>wanted, reinterpret<u32>(cut));
  if (hits < 0) return false;
  store<u32>(r, readingBound(), 12);
  store<u32>(r, readingEnded() ? 1 : 0, 28);
  store<u32>(r, min(wanted * MORE_ITEMS, MOST_ITEMS), 32);
  const start = roomFor(r, <usize>hits);
  if (start == 0) return false;
  const length = reinterpret<f32>(key);
  for (let i: usize = 0; i < <usize>hits; i++) {
    const at = foundVertices() + (i << 4);
    writeItem(start + i * ITEM, length, larger, smaller, <usize>load<u32>(at), load<f32>(at, 4), load<f32>(at, 8));
  }
  sortItems(start, <usize>hits);
  store<u32>(r, load<u32>(r, 20) + <u32>hits, 20);
  return true;
}

/** Room for more items at the end of a stream: the address of the first, 0 without memory. */
function roomFor(r: usize, more: usize): usize {
  const items = load<u32>(r, 20);
  const capacity = load<u32>(r, 24);
  if (items + <u32>more > capacity || capacity == 0) {
    let wanted = max(SMALLEST_BLOCK, capacity);
    while (wanted < items + <u32>more) wanted *= 2;
    const moved = takeBlock(wanted);
    if (moved == 0) return 0;
    if (capacity != 0) {
      const old = <usize>load<u32>(r, 16);
      memory.copy(moved, old, <usize>items * ITEM);
      // What a stream leaves behind serves another one.
      const head = spare + (<usize>ctz(capacity) << 2);
      store<u32>(old, load<u32>(head));
      store<u32>(head, <u32>old);
    }
    store<u32>(r, <u32>moved, 16);
    store<u32>(r, wanted, 24);
  }
  return <usize>load<u32>(r, 16) + <usize>items * ITEM;
}

/** A block for `capacity` items, a power of two; 0 without memory. */
function takeBlock(capacity: u32): usize {
  const head = spare + (<usize>ctz(capacity) << 2);
  const old = <usize>load<u32>(head);
  if (old != 0) {
    store<u32>(head, load<u32>(old));
    return old;
  }
  const bytes = <usize>capacity * ITEM;
  if (given + bytes <= givenEnd) {
    given += bytes;
    return given - bytes;
  }
  return allocate(bytes);
}

/** Gives memory that is free to the items of streams; before that it is never written. */
export function giveToStreams(ptr: usize, bytes: usize): void {
  given = (ptr + 15) & ~15;
  givenEnd = ptr + bytes;
}

/** Reads one more window of a stream; false when memory does not suffice. O(n), four vertices at a time. */
function readOn(r: usize): bool {
  if (!dense) return readOnFromPoints(r);
  const length = load<f32>(r);
  const larger = <usize>load<u32>(r, 4);
  const smaller = <usize>load<u32>(r, 8);
  const from = load<f32>(r, 12);
  const a = row(larger);
  const b = row(smaller);
  const end = bytesPerRow();
  const floor = f32x4.splat(from);
  // First pass: the least m not read yet.
  let least = f32x4.splat(Infinity);
  const infinite = least;
  for (let at: usize = 0; at < end; at += 16) {
    const m = f32x4.max(v128.load(a + at), v128.load(b + at));
    least = f32x4.pmin(least, v128.bitselect(m, infinite, f32x4.ge(m, floor)));
  }
  const next = min(
    min(f32x4.extract_lane(least, 0), f32x4.extract_lane(least, 1)),
    min(f32x4.extract_lane(least, 2), f32x4.extract_lane(least, 3)),
  );
  if (!(next <= cut)) {
    store<u32>(r, 1, 28);
    return true;
  }
  const width = load<f32>(r, 32);
  store<f32>(r, width + width, 32);
  const to = max(next * (1 + width), nextUp(next));
  store<f32>(r, to, 12);
  // Second pass: everything in the window.
  const ceiling = f32x4.splat(to);
  const limit = f32x4.splat(cut);
  let hitsCount: usize = 0;
  for (let at: usize = 0; at < end; at += 16) {
    const m = f32x4.max(v128.load(a + at), v128.load(b + at));
    let hits = i32x4.bitmask(v128.and(v128.and(f32x4.ge(m, floor), f32x4.lt(m, ceiling)), f32x4.le(m, limit)));
    while (hits) {
      const lane = <usize>ctz(hits);
      hits &= hits - 1;
      store<u32>(found + (hitsCount << 2), <u32>((at >> 2) + lane));
      hitsCount += 1;
    }
  }
  const start = roomFor(r, hitsCount);
  if (start == 0) return false;
  for (let i: usize = 0; i < hitsCount; i++) {
    const k = <usize>load<u32>(found + (i << 2));
    writeItem(start + i * ITEM, length, larger, smaller, k, load<f32>(a + (k << 2)), load<f32>(b + (k << 2)));
  }
  sortItems(start, hitsCount);
  store<u32>(r, load<u32>(r, 20) + <u32>hitsCount, 20);
  return true;
}

/** Writes the triangle of the edge (larger, smaller) with k; `left` = d(larger, k), `right` = d(smaller, k). */
@inline
function writeItem(at: usize, length: f32, larger: usize, smaller: usize, k: usize, left: f32, right: f32): void {
  // The longer of the two edges at k, by rank.
  const leftHigh = max(larger, k);
  const leftLow = min(larger, k);
  const rightHigh = max(smaller, k);
  const rightLow = min(smaller, k);
  const leftWins = left != right ? left > right : leftHigh != rightHigh ? leftHigh > rightHigh : leftLow > rightLow;
  const most = leftWins ? left : right;
  const high = leftWins ? leftHigh : rightHigh;
  const low = leftWins ? leftLow : rightLow;
  const ownLongest = length != most ? length > most : larger != high ? larger > high : smaller > low;
  if (ownLongest) {
    store<u64>(at, ((<u64>reinterpret<u32>(length)) << 32) | larger);
    store<u64>(at, ((<u64>smaller) << 32) | reinterpret<u32>(most), 8);
    store<u32>(at, <u32>k, 16);
  } else {
    store<u64>(at, ((<u64>reinterpret<u32>(most)) << 32) | high);
    store<u64>(at, ((<u64>low) << 32) | reinterpret<u32>(max(length, leftWins ? right : left)), 8);
    store<u32>(at, <u32>(leftWins ? smaller : larger), 16);
  }
  store<u32>(at, (k > larger ? 2 : k > smaller ? 1 : 0), 20);
}

/** The order of triangles, of items and of anything else that begins like one. */
@inline
export function lessItem(x: usize, y: usize): bool {
  const a = load<u64>(x);
  const b = load<u64>(y);
  if (a != b) return a < b;
  const c = load<u64>(x, 8);
  const d = load<u64>(y, 8);
  if (c != d) return c < d;
  return load<u32>(x, 16) < load<u32>(y, 16);
}

@inline
function copyItem(to: usize, from: usize): void {
  v128.store(to, v128.load(from));
  store<u64>(to, load<u64>(from, 16), 16);
}

/** Sorts items in place: runs of eight by insertion, then merges through `buffer`. */
function sortItems(start: usize, length: usize): void {
  for (let from: usize = 0; from < length; from += 8) {
    const to = min(from + 8, length);
    for (let i = from + 1; i < to; i++) {
      const moving = start + i * ITEM;
      if (!lessItem(moving, moving - ITEM)) continue;
      copyItem(buffer, moving);
      let hole = i;
      while (hole > from && lessItem(buffer, start + (hole - 1) * ITEM)) {
        copyItem(start + hole * ITEM, start + (hole - 1) * ITEM);
        hole--;
      }
      copyItem(start + hole * ITEM, buffer);
    }
  }
  if (length <= 8) return;
  let source = start;
  let target = buffer;
  for (let width: usize = 8; width < length; width *= 2) {
    for (let from: usize = 0; from < length; from += 2 * width) {
      let x = source + from * ITEM;
      const endX = source + min(from + width, length) * ITEM;
      let y = endX;
      const endY = source + min(from + 2 * width, length) * ITEM;
      let out = target + from * ITEM;
      while (x < endX && y < endY) {
        if (lessItem(y, x)) {
          copyItem(out, y);
          y += ITEM;
        } else {
          copyItem(out, x);
          x += ITEM;
        }
        out += ITEM;
      }
      if (x < endX) memory.copy(out, x, endX - x);
      if (y < endY) memory.copy(out, y, endY - y);
    }
    const swap = source;
    source = target;
    target = swap;
  }
  if (source != start) memory.copy(start, source, length * ITEM);
}

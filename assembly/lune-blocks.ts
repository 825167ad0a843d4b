/**
 * Edges by blocks of neighbouring ranks. Every block holds the edges whose rank is above one bound and not above the
 * next, so all edges of a block rank below all edges of a later one; the bounds come from a sample, since any will do.
 * The first block has some n edges, then blocks grow by a fifth up to a common size.
 *
 *     bounds   u64 a block but the last: the highest rank of the block
 *     cells    u8 × CELLS + 1: bounds below the least length of each cell, equal parts of the bit patterns of lengths
 *     numbers  n rows of u8, a multiple of 16 long: block of the edge between two places, NONE beyond the threshold, on
 *              the diagonal and in the padding
 *     counts   u32 a block: its edges
 *     listed   u32 higher place << 16 | lower place: the edges of some blocks in a row, block by block
 *
 * A place is a vertex in the order of lune-order.ts.
 */
import { allocate, mark, release } from "./arena";
import {
  comesInTiles,
  fillLengths,
  lengthStride,
  pairLength,
  rangeCount,
  rangeStart,
  rankKey,
  vertexCount,
} from "./pair-lengths";
import { addRanked, edgeLength, largerVertex, newRankedEdges, rankedEdge, smallerVertex, sortRanked } from "./ranked-edges";

/** The number of no block. */
export const NONE: u8 = 255;
const MOST_BLOCKS: f64 = 250;
const LEAST_SAMPLE: usize = 8192;
const CELLS: usize = 8192;

let n: usize = 0;
let vertex: usize = 0;
let bounds: usize = 0;
let blocks: u32 = 0;
let cells: usize = 0;
let cellShift: u32 = 0;
let firstCell: u32 = 0;
let numbers: usize = 0;
let rowBytes: usize = 0;
let counts: usize = 0;

let listed: usize = 0;
let listRoom: usize = 0;
let ends: usize = 0;
let listedFrom: u32 = 0;
let listedTo: u32 = 0;

/** Number of blocks. */
export function blockCount(): u32 {
  return blocks;
}

/** Row of block numbers of a place. */
@inline
export function numbersOf(p: usize): usize {
  return numbers + p * rowBytes;
}

/** Rank of the edge between two places. */
@inline
export function rankOf(p: usize, q: usize): u64 {
  const v = <usize>load<u32>(vertex + (p << 2));
  const w = <usize>load<u32>(vertex + (q << 2));
  return rankKey(pairLength(v, w), v, w);
}

/** Bytes of a row of block numbers. */
@inline
export function numbersBytes(): usize {
  return rowBytes;
}

/**
 * Numbers the blocks and all edges up to the threshold; `order` are the vertices by place, `places` the other way
 * round. False when memory does not suffice. O(n²).
 */
export function numberEdges(threshold: f32, order: usize, places: usize): bool {
  n = vertexCount();
  vertex = order;
  rowBytes = (n + 15) & ~15;
  bounds = allocate(256 << 3);
  cells = allocate(CELLS + 16);
  counts = allocate(256 << 2);
  ends = allocate(257 << 2);
  numbers = allocate(n * rowBytes);
  if (bounds == 0 || cells == 0 || counts == 0 || ends == 0 || numbers == 0) return false;
  const before = mark();
  if (!chooseBounds(threshold)) return false;
  release(before);
  fillCells();
  memory.fill(counts, 0, 256 << 2);
  if (!comesInTiles()) fillFromMatrix(threshold);
  else if (!fillFromTiles(threshold, places)) return false;
  let most: usize = 1;
  for (let b: u32 = 0; b < blocks; b++) most = max(most, <usize>load<u32>(counts + (<usize>b << 2)));
  listRoom = max(most, (n * n) >> 6);
  listed = allocate(listRoom << 2);
  listedFrom = 0;
  listedTo = 0;
  return listed != 0;
}

/** Bounds from the ranks of a sample: all pairs when they are few. */
function chooseBounds(threshold: f32): bool {
  const pairs = <u64>n * (n - 1) / 2;
  const wanted = max(LEAST_SAMPLE, n << 3);
  const sample = newRankedEdges(4096);
  if (sample === null) return false;
  let tried: f64 = 0;
  if (pairs <= <u64>wanted) {
    for (let i: usize = 1; i < n; i++)
      for (let j: usize = 0; j < i; j++) {
        tried += 1;
        const length = pairLength(i, j);
        if (length <= threshold && !addRanked(sample, length, <u32>i, <u32>j)) return false;
      }
  } else {
    // Weyl sequences of two independent irrational steps spread the pairs evenly.
    let a: u32 = 0;
    let b: u32 = 0;
    for (let t: usize = 0; t < wanted; t++) {
      a += 0x9e3779b9;
      b += 0xb7e15163;
      const i = <usize>((<u64>a * <u64>n) >> 32);
      const j = <usize>((<u64>b * <u64>n) >> 32);
      if (i == j) continue;
      tried += 1;
      const length = pairLength(i, j);
      if (length <= threshold && !addRanked(sample, length, <u32>max(i, j), <u32>min(i, j))) return false;
    }
  }
  if (!sortRanked(sample)) return false;
  const found = <f64>sample.length;
  const edges = tried > 0 ? (<f64>pairs * found) / tried : 0;
  let most = max(edges / MOST_BLOCKS, <f64>n);
  while (blocksNeeded(edges, most) > MOST_BLOCKS) most *= 1.02;
  blocks = 1;
  let size = <f64>n;
  let sum: f64 = 0;
  while (edges > 0) {
    size = min(size, most);
    sum += size;
    size *= 1.2;
    const at = Math.floor((sum / edges) * found);
    if (at >= found || blocks >= <u32>MOST_BLOCKS) break;
    if (at < 1) continue;
    const edge = rankedEdge(sample, <u32>at - 1);
    const key = rankKey(edgeLength(edge), largerVertex(edge), smallerVertex(edge));
    if (blocks > 1 && key <= load<u64>(bounds + (<usize>(blocks - 2) << 3))) continue;
    store<u64>(bounds + (<usize>(blocks - 1) << 3), key);
    blocks += 1;
  }
  return true;
}

function blocksNeeded(edges: f64, most: f64): f64 {
  let size = <f64>n;
  let sum: f64 = 0;
  let needed: f64 = 0;
  while (sum < edges && needed <= MOST_BLOCKS) {
    if (size >= most) return needed + (edges - sum) / most;
    sum += size;
    size *= 1.2;
    needed += 1;
  }
  return needed;
}

function fillCells(): void {
  const last = <usize>blocks - 1;
  firstCell = last > 0 ? <u32>(load<u64>(bounds) >> 32) : 0;
  const end = last > 0 ? <u32>(load<u64>(bounds + ((last - 1) << 3)) >> 32) : 0;
  cellShift = 0;
  while ((end - firstCell) >> cellShift >= <u32>CELLS - 1) cellShift += 1;
  let b: usize = 0;
  for (let cell: usize = 0; cell <= CELLS; cell++) {
    const least = (<u64>firstCell + (<u64>cell << cellShift)) << 32;
    while (b < last && load<u64>(bounds + (b << 3)) < least) b += 1;
    store<u8>(cells + cell, <u8>b);
  }
}

/** Number of bounds below a rank. */
@inline
function blockOf(length: f32, i: usize, j: usize): u8 {
  const pattern = reinterpret<u32>(length);
  if (pattern < firstCell) return 0;
  const cell = <usize>((pattern - firstCell) >> cellShift);
  if (cell >= CELLS) return <u8>(blocks - 1);
  let low = <usize>load<u8>(cells + cell);
  let high = <usize>load<u8>(cells + cell, 1);
  if (low == high) return <u8>low;
  const key = rankKey(length, i, j);
  while (low < high) {
    const middle = (low + high) >> 1;
    if (load<u64>(bounds + (middle << 3)) < key) low = middle + 1;
    else high = middle;
  }
  return <u8>low;
}

function fillFromTiles(threshold: f32, places: usize): bool {
  const before = mark();
  const ranges = rangeCount();
  const stride = lengthStride();
  let widest: usize = 0;
  for (let i: usize = 0; i < ranges; i++) widest = max(widest, rangeStart(i + 1) - rangeStart(i));
  const tile = allocate(widest * stride);
  if (tile == 0) return false;
  memory.fill(numbers, NONE, n * rowBytes);
  for (let i: usize = 0; i < ranges; i++) {
    for (let j: usize = 0; j <= i; j++) {
      fillLengths(tile, i, j);
      const first = rangeStart(j);
      for (let v = rangeStart(i); v < rangeStart(i + 1); v++) {
        const p = <usize>load<u32>(places + (v << 2));
        const line = tile + (v - rangeStart(i)) * stride;
        const end = min(rangeStart(j + 1), v);
        for (let w = first; w < end; w++) {
          const length = load<f32>(line + ((w - first) << 2));
          if (!(length <= threshold)) continue;
          const q = <usize>load<u32>(places + (w << 2));
          const b = blockOf(length, v, w);
          store<u8>(numbersOf(p) + q, b);
          store<u8>(numbersOf(q) + p, b);
          const at = counts + (<usize>b << 2);
          store<u32>(at, load<u32>(at) + 1);
        }
      }
    }
  }
  release(before);
  return true;
}

function fillFromMatrix(threshold: f32): void {
  for (let p: usize = 0; p < n; p++) {
    const v = <usize>load<u32>(vertex + (p << 2));
    const to = numbersOf(p);
    for (let q: usize = 0; q < n; q++) {
      const w = <usize>load<u32>(vertex + (q << 2));
      const length = pairLength(v, w);
      let b = NONE;
      if (length <= threshold && q != p) {
        b = blockOf(length, v, w);
        if (q < p) {
          const at = counts + (<usize>b << 2);
          store<u32>(at, load<u32>(at) + 1);
        }
      }
      store<u8>(to + q, b);
    }
    for (let q = n; q < rowBytes; q++) store<u8>(to + q, NONE);
  }
}

/** Address of the edges of a block, sorted by higher, then lower place. Blocks are asked for in order. */
export function edgesOfBlock(b: u32): usize {
  if (b >= listedTo) listFrom(b);
  const start = b == listedFrom ? 0 : load<u32>(ends + (<usize>(b - 1) << 2));
  return listed + (<usize>start << 2);
}

/** Number of edges of a block. */
@inline
export function sizeOfBlock(b: u32): usize {
  return <usize>load<u32>(counts + (<usize>b << 2));
}

/** Lists the blocks from b on, as many as there is room for, in one pass over the numbers. */
function listFrom(b: u32): void {
  listedFrom = b;
  let sum: usize = 0;
  let to = b;
  while (to < blocks && sum + sizeOfBlock(to) <= listRoom) {
    store<u32>(ends + (<usize>to << 2), <u32>sum);
    sum += sizeOfBlock(to);
    to += 1;
  }
  listedTo = to;
  const low = i8x16.splat(<i8>b);
  const width = i8x16.splat(<i8>(to - b));
  for (let p: usize = 1; p < n; p++) {
    const line = numbersOf(p);
    for (let at: usize = 0; at < p; at += 16) {
      let hits = i8x16.bitmask(i8x16.lt_u(i8x16.sub(v128.load(line + at), low), width));
      while (hits) {
        const q = at + <usize>ctz(hits);
        hits &= hits - 1;
        if (q > p) break;
        const slot = ends + (<usize>load<u8>(line + q) << 2);
        const end = load<u32>(slot);
        store<u32>(slot, end + 1);
        store<u32>(listed + (<usize>end << 2), (<u32>p << 16) | <u32>q);
      }
    }
  }
}

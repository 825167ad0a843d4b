/**
 * Stage C: H1 by lazy cohomology. The columns are the edges of the relative neighbourhood graph off the spanning
 * forest, from the longest to the shortest. A column is a heap of cursors, one for each edge added to it, each at its
 * next cofacet (streams.ts); equal triangles at the top cancel. The least triangle left is
 *
 *   - the pivot of an earlier column: that column's edges are added, from the triangle on;
 *   - the first of the stream of its own longest edge: an apparent pair, and that edge is added;
 *   - otherwise the death of the class.
 *
 * Cursor, 32 bytes:
 *
 *     +0  u64, +8 u64, +16 u32   the triangle, as in an item of a stream
 *     +20 u32  coefficient
 *     +24 u32  stream
 *     +28 u32  number of the item
 *
 * Pivot table, 24 bytes a slot: +0 u64 larger << 32 | smaller of the longest edge, +8 u32 opposite vertex,
 * +12 u32 column (all ones when free), +16 u32 coefficient.
 */
import { allocate, enlarge } from "./arena";
import { addToChain, chainCoefficient, chainEnd, chainStart, chainStream, closeChain, openChain, prepareChains } from "./chains";
import { add, inverse, multiply, negate, signed } from "./field";
import { addInterval, Intervals } from "./intervals";
import { edgeLength, largerVertex, RankedEdges, rankedEdge, smallerVertex } from "./ranked-edges";
import { firstAfter, item, streamOf, streamsFailed } from "./streams";

const CURSOR: usize = 32;
const SLOT: usize = 24;

let heap: usize = 0;
let heapLength: usize = 0;
let heapRoom: usize = 0;

let pivots: usize = 0;
let pivotSlots: usize = 0;

/** The triangle in work. */
let keyA: u64 = 0;
let keyB: u64 = 0;
let opposite: u32 = 0;

/** Streams that meet at it: u32 stream, u32 number of the item, u32 coefficient, unused. */
let meeting: usize = 0;

/** Set when memory ran out where no result can say so. */
let outOfMemory: bool = false;

/** Cursors pushed or moved so far: the measure of work. */
let steps: u64 = 0;

/** Cursors moved by the last call of `reduceLazily`. */
export function lazySteps(): u64 {
  return steps;
}

@inline
function less(x: usize, y: usize): bool {
  const a = load<u64>(x);
  const b = load<u64>(y);
  if (a != b) return a < b;
  const c = load<u64>(x, 8);
  const d = load<u64>(y, 8);
  if (c != d) return c < d;
  return load<u32>(x, 16) < load<u32>(y, 16);
}

@inline
function copyCursor(to: usize, from: usize): void {
  v128.store(to, v128.load(from));
  v128.store(to, v128.load(from, 16), 16);
}

/** Fills the cursor at `at` with item i of a stream, times a coefficient; false at the end of the stream. */
@inline
function aim(at: usize, stream: u32, i: u32, coefficient: u32): bool {
  const source = item(stream, i);
  if (source == 0) return false;
  v128.store(at, v128.load(source));
  store<u32>(at, load<u32>(source, 16), 16);
  store<u32>(at, coefficient, 20);
  store<u32>(at, stream, 24);
  store<u32>(at, i, 28);
  return true;
}

/** Adds a cursor; false when memory does not suffice. The coefficient is that of the edge, without the sign. */
function pushCursor(stream: u32, i: u32, coefficient: u32): bool {
  if (heapLength + 2 > heapRoom) {
    const moved = enlarge(heap, heapRoom * CURSOR, heapRoom * 2 * CURSOR);
    if (moved == 0) return false;
    heap = moved;
    heapRoom *= 2;
  }
  // The slot one past the end holds the newcomer while its place is sought.
  const newcomer = heap + heapRoom * CURSOR - CURSOR;
  if (!aim(newcomer, stream, i, coefficient)) return true;
  steps += 1;
  let hole = heapLength;
  heapLength += 1;
  while (hole > 0) {
    const parent = (hole - 1) >> 1;
    if (!less(newcomer, heap + parent * CURSOR)) break;
    copyCursor(heap + hole * CURSOR, heap + parent * CURSOR);
    hole = parent;
  }
  copyCursor(heap + hole * CURSOR, newcomer);
  return true;
}

/** Moves the top cursor to its next item and restores the heap. */
function advanceTop(): void {
  steps += 1;
  const scratch = heap + heapRoom * CURSOR - CURSOR;
  const stream = load<u32>(heap, 24);
  const i = load<u32>(heap, 28) + 1;
  const coefficient = load<u32>(heap, 20);
  let length = heapLength;
  if (!aim(scratch, stream, i, coefficient)) {
    length -= 1;
    heapLength = length;
    if (length == 0) return;
    copyCursor(scratch, heap + length * CURSOR);
  }
  sink(scratch, length);
}

/** Removes the top cursor. */
function popTop(): void {
  heapLength -= 1;
  if (heapLength > 0) sink(heap + heapLength * CURSOR, heapLength);
}

/** Puts the cursor at `moving` where it belongs, from the top downwards. */
@inline
function sink(moving: usize, length: usize): void {
  let hole: usize = 0;
  for (;;) {
    let child: usize = (hole << 1) + 1;
    if (child >= length) break;
    let at = heap + child * CURSOR;
    if (child + 1 < length && less(at + CURSOR, at)) {
      child += 1;
      at += CURSOR;
    }
    if (!less(at, moving)) break;
    copyCursor(heap + hole * CURSOR, at);
    hole = child;
  }
  copyCursor(heap + hole * CURSOR, moving);
}

/** True when the cursor stands at the triangle in work. */
@inline
function standsHere(at: usize): bool {
  return load<u64>(at) == keyA && load<u64>(at, 8) == keyB && load<u32>(at, 16) == opposite;
}

@inline
function signedCoefficient(at: usize): u32 {
  return signed(load<u32>(at, 20), load<u32>(item(load<u32>(at, 24), load<u32>(at, 28)), 20));
}

/**
 * Takes the least triangle off the heap; returns its total coefficient, 0 when it cancels. Cursors of the same edge
 * that meet here are merged, or vanish together: a heap never holds more than a few cursors of one edge for long.
 */
function takeTriangle(): u32 {
  keyA = load<u64>(heap);
  keyB = load<u64>(heap, 8);
  opposite = load<u32>(heap, 16);
  let sum = signedCoefficient(heap);
  if (!(heapLength > 1 && standsHere(heap + CURSOR)) && !(heapLength > 2 && standsHere(heap + 2 * CURSOR))) {
    advanceTop();
    return sum;
  }
  // A triangle has three edges, so at most three streams can stand at it.
  let different: usize = 0;
  sum = 0;
  do {
    sum = add(sum, signedCoefficient(heap));
    const stream = load<u32>(heap, 24);
    let i: usize = 0;
    while (i < different && load<u32>(meeting + (i << 4)) != stream) i++;
    const at = meeting + (i << 4);
    if (i == different) {
      different += 1;
      store<u32>(at, stream);
      store<u32>(at, load<u32>(heap, 28), 4);
      store<u32>(at, load<u32>(heap, 20), 8);
    } else {
      store<u32>(at, add(load<u32>(at, 8), load<u32>(heap, 20)), 8);
    }
    popTop();
  } while (heapLength > 0 && standsHere(heap));
  for (let i: usize = 0; i < different; i++) {
    const at = meeting + (i << 4);
    const coefficient = load<u32>(at, 8);
    if (coefficient != 0 && !pushCursor(load<u32>(at), load<u32>(at, 4) + 1, coefficient)) outOfMemory = true;
  }
  return sum;
}

@inline
function home(key: u64, vertex: u32): usize {
  return <usize>(((key ^ ((<u64>vertex) << 17)) * 0x9e3779b97f4a7c15) >> 32) & (pivotSlots - 1);
}

/** Address of the slot of a triangle: its own, or the free one where it belongs. */
function pivotSlot(key: u64, vertex: u32): usize {
  let slot = home(key, vertex);
  let at = pivots + slot * SLOT;
  while (load<u32>(at, 12) != u32.MAX_VALUE && (load<u64>(at) != key || load<u32>(at, 8) != vertex)) {
    slot = (slot + 1) & (pivotSlots - 1);
    at = pivots + slot * SLOT;
  }
  return at;
}

/** All columns were reduced. */
export const LAZY_DONE: i32 = 0;
/** Memory did not suffice. */
export const LAZY_OUT_OF_MEMORY: i32 = 1;
/** The budget of work was spent first. */
export const LAZY_OVER_BUDGET: i32 = 2;

/**
 * Computes H1. `births` are the edges to reduce, in order of rank; streams have been prepared. Gives up after moving
 * `budget` cursors; then `intervals` is not complete.
 */
export function reduceLazily(births: RankedEdges, budget: u64, intervals: Intervals): i32 {
  const count = births.length;
  steps = 0;
  outOfMemory = false;
  meeting = allocate(16 << 4);
  if (!prepareChains(count)) return LAZY_OUT_OF_MEMORY;
  heapRoom = 1024;
  heap = allocate(heapRoom * CURSOR);
  pivotSlots = 64;
  while (pivotSlots < <usize>count * 2) pivotSlots <<= 1;
  pivots = allocate(pivotSlots * SLOT);
  if (meeting == 0 || heap == 0 || pivots == 0) return LAZY_OUT_OF_MEMORY;
  memory.fill(pivots, 0xff, pivotSlots * SLOT);
  for (let column: u32 = 0; column < count; column++) {
    const edge = rankedEdge(births, count - 1 - column);
    const birth = edgeLength(edge);
    heapLength = 0;
    openChain(column);
    const own = streamOf(birth, largerVertex(edge), smallerVertex(edge));
    if (streamsFailed() || !addToChain(own, 1) || !pushCursor(own, 0, 1)) return LAZY_OUT_OF_MEMORY;
    let death: f32 = Infinity;
    while (heapLength > 0) {
      if (steps > budget) return LAZY_OVER_BUDGET;
      const coefficient = takeTriangle();
      if (outOfMemory || streamsFailed()) return LAZY_OUT_OF_MEMORY;
      if (coefficient == 0) continue;
      const a = keyA;
      const b = keyB;
      const vertex = opposite;
      const longest = (a << 32) | (b >> 32);
      const slot = pivotSlot(longest, vertex);
      if (load<u32>(slot, 12) != u32.MAX_VALUE) {
        const factor = negate(multiply(coefficient, inverse(load<u32>(slot, 16))));
        const other = load<u32>(slot, 12);
        const end = chainEnd(other);
        for (let i = chainStart(other); i < end; i++) {
          const stream = chainStream(i);
          const multiple = multiply(factor, chainCoefficient(i));
          if (!addToChain(stream, multiple)) return LAZY_OUT_OF_MEMORY;
          if (!pushCursor(stream, firstAfter(stream, a, b, vertex), multiple)) return LAZY_OUT_OF_MEMORY;
        }
        continue;
      }
      const diameter = reinterpret<f32>(<u32>(a >> 32));
      const longestStream = streamOf(diameter, <u32>a, <u32>(b >> 32));
      if (streamsFailed()) return LAZY_OUT_OF_MEMORY;
      const head = item(longestStream, 0);
      if (head != 0 && load<u64>(head) == a && load<u64>(head, 8) == b && load<u32>(head, 16) == vertex) {
        const factor = negate(signed(coefficient, load<u32>(head, 20)));
        if (!addToChain(longestStream, factor) || !pushCursor(longestStream, 1, factor)) return LAZY_OUT_OF_MEMORY;
        continue;
      }
      death = diameter;
      store<u64>(slot, longest);
      store<u32>(slot, vertex, 8);
      store<u32>(slot, column, 12);
      store<u32>(slot, coefficient, 16);
      break;
    }
    if (streamsFailed()) return LAZY_OUT_OF_MEMORY;
    if (death != birth && !addInterval(intervals, birth, death)) return LAZY_OUT_OF_MEMORY;
    if (death < Infinity && !closeChain(column)) return LAZY_OUT_OF_MEMORY;
  }
  return LAZY_DONE;
}

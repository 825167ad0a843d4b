/**
 * The column in work of a lazy reduction: a heap of cursors, one for each edge added to it, each at its next cofacet
 * (streams.ts). Equal triangles at the top cancel. The edges added are kept in its chain (chains.ts).
 *
 * Cursor, 32 bytes:
 *
 *     +0  u64, +8 u64, +16 u32   the triangle, as in an item of a stream, and so in its order (lessItem)
 *     +20 u32  coefficient
 *     +24 u32  stream
 *     +28 u32  number of the item
 */
import { allocate, enlarge } from "./arena";
import { addToChain } from "./chains";
import { add, negate, signed } from "./field";
import { edgeLength, largerVertex, smallerVertex } from "./ranked-edges";
import { item, lessItem, streamOf, streamsFailed } from "./streams";

const CURSOR: usize = 32;

let heap: usize = 0;
let heapLength: usize = 0;
let heapRoom: usize = 0;

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

/** Starts afresh with an empty column and no work done; false when memory does not suffice. */
export function prepareCursors(): bool {
  steps = 0;
  outOfMemory = false;
  heapLength = 0;
  heapRoom = 1024;
  heap = allocate(heapRoom * CURSOR);
  meeting = allocate(16 << 4);
  return heap != 0 && meeting != 0;
}

/** Cursors in the column. */
@inline
export function cursorCount(): usize {
  return heapLength;
}

/** True after memory ran out in `takeTriangle`. */
@inline
export function cursorsFailed(): bool {
  return outOfMemory;
}

/** Cursors pushed or moved so far: the measure of work. */
@inline
export function stepsDone(): u64 {
  return steps;
}

/** Begins to count work from 0. */
@inline
export function forgetSteps(): void {
  steps = 0;
}

/** Counts work that was done elsewhere. */
@inline
export function addSteps(more: u64): void {
  steps += more;
}

/** The triangle taken last: its first key, diameter bits << 32 | larger vertex of the longest edge. */
@inline
export function triangleA(): u64 {
  return keyA;
}

/** Its second key, smaller vertex of the longest edge << 32 | bits of the second-longest length. */
@inline
export function triangleB(): u64 {
  return keyB;
}

/** Its vertex opposite the longest edge. */
@inline
export function triangleOpposite(): u32 {
  return opposite;
}

/** Makes a triangle the one taken last. */
export function setTriangle(a: u64, b: u64, vertex: u32): void {
  keyA = a;
  keyB = b;
  opposite = vertex;
}

/** Bytes `saveCursors` writes. */
@inline
export function cursorBytes(): usize {
  return heapLength * CURSOR;
}

/** Copies the column to `to`. */
export function saveCursors(to: usize): void {
  memory.copy(to, heap, heapLength * CURSOR);
}

/** Makes `count` cursors that were saved the column; `map` has the number of each of their streams here. */
export function loadCursors(from: usize, count: usize, map: usize): bool {
  if (count + 2 > heapRoom) {
    const room = count * 2;
    const moved = enlarge(heap, heapRoom * CURSOR, room * CURSOR);
    if (moved == 0) return false;
    heap = moved;
    heapRoom = room;
  }
  memory.copy(heap, from, count * CURSOR);
  heapLength = count;
  if (map == 0) return true;
  for (let i: usize = 0; i < count; i++) {
    const at = heap + i * CURSOR;
    store<u32>(at, load<u32>(map + (<usize>load<u32>(at, 24) << 2)), 24);
  }
  return true;
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
export function pushCursor(stream: u32, i: u32, coefficient: u32): bool {
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
    if (!lessItem(newcomer, heap + parent * CURSOR)) break;
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
    if (child + 1 < length && lessItem(at + CURSOR, at)) {
      child += 1;
      at += CURSOR;
    }
    if (!lessItem(at, moving)) break;
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
export function takeTriangle(): u32 {
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

/** Starts a column with its own edge; false when memory does not suffice. */
export function beginColumn(edge: usize): bool {
  heapLength = 0;
  const own = streamOf(edgeLength(edge), largerVertex(edge), smallerVertex(edge));
  return !streamsFailed() && addToChain(own, 1) && pushCursor(own, 0, 1) && !streamsFailed();
}

/** The triangle is in no apparent pair. */
export const NOT_APPARENT: i32 = 0;
/** It is, and its longest edge was added. */
export const APPARENT: i32 = 1;
/** Memory did not suffice. */
export const APPARENT_FAILED: i32 = 2;

/** Adds the longest edge of the triangle taken last, which has this coefficient, if the two are an apparent pair. */
@inline
export function addIfApparent(coefficient: u32): i32 {
  const a = keyA;
  const b = keyB;
  const longest = streamOf(reinterpret<f32>(<u32>(a >> 32)), <u32>a, <u32>(b >> 32));
  if (streamsFailed()) return APPARENT_FAILED;
  const head = item(longest, 0);
  if (streamsFailed()) return APPARENT_FAILED;
  if (head == 0 || load<u64>(head) != a || load<u64>(head, 8) != b || load<u32>(head, 16) != opposite)
    return NOT_APPARENT;
  const factor = negate(signed(coefficient, load<u32>(head, 20)));
  return addToChain(longest, factor) && pushCursor(longest, 1, factor) ? APPARENT : APPARENT_FAILED;
}

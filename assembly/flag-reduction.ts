/**
 * H1 and H2 by lazy cohomology on the flag complex by ranks: as lazy-reduction.ts, with integers for simplices. A column
 * is a heap of cursors, one for each simplex added to it, each at its next cofacet (flag-streams.ts).
 *
 * Cursor, 24 bytes: +0 u64 key of the cofacet, +8 u32 coefficient times the sign, +12 u32 stream, +16 u32 number of the
 * item, +20 u32 coefficient of the simplex.
 */
import { allocate, enlarge } from "./arena";
import { addToChain, chainCoefficient, chainEnd, chainStart, chainStream, closeChain, openChain, prepareChains } from "./chains";
import { add, inverse, multiply, negate, signed } from "./field";
import { lengthOf, smallerEnd } from "./flag-complex";
import { firstFlagItemAfter, firstInside, flagItem, flagStreamOf, flagStreamsFailed, prepareFlagStreams } from "./flag-streams";
import { addInterval, Intervals } from "./intervals";
import { findKey, insertKey, keyAt, Keys, KeyTable, newKeyTable } from "./keys";

const CURSOR: usize = 24;

let heap: usize = 0;
let heapLength: usize = 0;
let heapRoom: usize = 0;

/** The cofacet in work. */
let pivot: u64 = 0;

/** Streams that meet at it: u32 stream, u32 number of the item, u32 coefficient, unused. */
let meeting: usize = 0;

/** Set when memory ran out where no result can say so. */
let outOfMemory: bool = false;

@inline
function copyCursor(to: usize, from: usize): void {
  v128.store(to, v128.load(from));
  store<u64>(to, load<u64>(from, 16), 16);
}

@inline
function aim(at: usize, stream: u32, i: u32, coefficient: u32): bool {
  const source = flagItem(stream, i);
  if (source == 0) return false;
  store<u64>(at, load<u64>(source));
  store<u32>(at, signed(coefficient, load<u32>(source, 8)), 8);
  store<u32>(at, stream, 12);
  store<u32>(at, i, 16);
  store<u32>(at, coefficient, 20);
  return true;
}

/** Adds a cursor, unless its stream has ended; false when memory does not suffice. */
function pushCursor(stream: u32, i: u32, coefficient: u32): bool {
  if (heapLength + 2 > heapRoom) {
    const moved = enlarge(heap, heapRoom * CURSOR, heapRoom * 2 * CURSOR);
    if (moved == 0) return false;
    heap = moved;
    heapRoom *= 2;
  }
  const newcomer = heap + heapRoom * CURSOR - CURSOR;
  if (!aim(newcomer, stream, i, coefficient)) return true;
  const key = load<u64>(newcomer);
  let hole = heapLength;
  heapLength += 1;
  while (hole > 0) {
    const parent = (hole - 1) >> 1;
    if (key >= load<u64>(heap + parent * CURSOR)) break;
    copyCursor(heap + hole * CURSOR, heap + parent * CURSOR);
    hole = parent;
  }
  copyCursor(heap + hole * CURSOR, newcomer);
  return true;
}

/** Moves the top cursor to its next item and restores the heap. */
function advanceTop(): void {
  const scratch = heap + heapRoom * CURSOR - CURSOR;
  let length = heapLength;
  if (!aim(scratch, load<u32>(heap, 12), load<u32>(heap, 16) + 1, load<u32>(heap, 20))) {
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
  if (heapLength == 0) return;
  const moving = heap + heapLength * CURSOR;
  sink(moving, heapLength);
}

/** Puts the cursor at `moving` where it belongs, from the top downwards. */
@inline
function sink(moving: usize, length: usize): void {
  const key = load<u64>(moving);
  let hole: usize = 0;
  for (;;) {
    let child: usize = (hole << 1) + 1;
    if (child >= length) break;
    let at = heap + child * CURSOR;
    if (child + 1 < length && load<u64>(at + CURSOR) < load<u64>(at)) {
      child += 1;
      at += CURSOR;
    }
    if (load<u64>(at) >= key) break;
    copyCursor(heap + hole * CURSOR, at);
    hole = child;
  }
  copyCursor(heap + hole * CURSOR, moving);
}

/**
 * Takes the least cofacet off the heap; returns its total coefficient, 0 when it cancels. Cursors of the same simplex
 * that meet here are merged, or vanish together: a heap never holds more than a few cursors of one simplex for long.
 */
function takeCofacet(): u32 {
  pivot = load<u64>(heap);
  const second = heapLength > 1 && load<u64>(heap + CURSOR) == pivot;
  const third = heapLength > 2 && load<u64>(heap + 2 * CURSOR) == pivot;
  let sum = load<u32>(heap, 8);
  if (!second && !third) {
    advanceTop();
    return sum;
  }
  // A cofacet has few facets, so few different streams can stand at it.
  let different: usize = 0;
  sum = 0;
  do {
    sum = add(sum, load<u32>(heap, 8));
    const stream = load<u32>(heap, 12);
    let i: usize = 0;
    while (i < different && load<u32>(meeting + (i << 4)) != stream) i++;
    const at = meeting + (i << 4);
    if (i == different) {
      different += 1;
      store<u32>(at, stream);
      store<u32>(at, load<u32>(heap, 16), 4);
      store<u32>(at, load<u32>(heap, 20), 8);
    } else {
      store<u32>(at, add(load<u32>(at, 8), load<u32>(heap, 20)), 8);
    }
    popTop();
  } while (heapLength > 0 && load<u64>(heap) == pivot);
  for (let i: usize = 0; i < different; i++) {
    const at = meeting + (i << 4);
    const coefficient = load<u32>(at, 8);
    if (coefficient != 0 && !pushCursor(load<u32>(at), load<u32>(at, 4) + 1, coefficient)) outOfMemory = true;
  }
  return sum;
}

/** Key of the simplex that makes an apparent pair with this cofacet, or 0. Edges are numbered from 1. */
@inline
function apparentSimplex(dim: i32, cofacet: u64): u64 {
  const number = <usize>(cofacet >> 32);
  if (dim == 1) return firstInside(number, smallerEnd(number)) == <usize>(<u32>cofacet) ? <u64>number : 0;
  const k = <usize>((<u32>cofacet) >> 16);
  return firstInside(number, k) == <usize>(cofacet & 0xffff) ? (cofacet & 0xffffffff00000000) | k : 0;
}

/** Everything is done. */
export const FLAG_DONE: i32 = 0;
/** Memory does not suffice. */
export const FLAG_OUT_OF_MEMORY: i32 = 1;
/** The budget of work is used up. */
export const FLAG_OVER_BUDGET: i32 = 2;

/**
 * Reduces the columns of dimension 1 or 2, given by increasing key, those in `cleared` left out. Every death is
 * added to `deaths`.
 * @param budget cofacets that may be taken off the heap
 */
export function reduceFlag(
  dim: i32,
  columns: Keys,
  cleared: KeyTable | null,
  deaths: KeyTable,
  intervals: Intervals,
  budget: u64,
): i32 {
  if (!prepareFlagStreams(dim) || !prepareChains(columns.length)) return FLAG_OUT_OF_MEMORY;
  const count = columns.length;
  outOfMemory = false;
  meeting = allocate(16 << 4);
  heapRoom = 1024;
  heap = allocate(heapRoom * CURSOR);
  if (meeting == 0 || heap == 0) return FLAG_OUT_OF_MEMORY;
  let taken: u64 = 0;
  for (let column: u32 = 0; column < count; column++) {
    const own = keyAt(columns, count - 1 - column);
    openChain(column);
    if (cleared !== null && findKey(cleared, own) != 0) continue;
    const birth = lengthOf(<usize>(dim == 1 ? own : own >> 32));
    heapLength = 0;
    const ownStream = flagStreamOf(own);
    if (flagStreamsFailed() || !addToChain(ownStream, 1) || !pushCursor(ownStream, 0, 1)) return FLAG_OUT_OF_MEMORY;
    let death: f32 = Infinity;
    while (heapLength > 0) {
      taken += 1;
      if (taken > budget) return FLAG_OVER_BUDGET;
      const coefficient = takeCofacet();
      if (outOfMemory || flagStreamsFailed()) return FLAG_OUT_OF_MEMORY;
      if (coefficient == 0) continue;
      const cofacet = pivot;
      const slot = findKey(deaths, cofacet);
      if (slot != 0) {
        const factor = negate(multiply(coefficient, inverse(load<u32>(slot, 12))));
        const other = load<u32>(slot, 8);
        const end = chainEnd(other);
        for (let i = chainStart(other); i < end; i++) {
          const stream = chainStream(i);
          const multiple = multiply(factor, chainCoefficient(i));
          if (!addToChain(stream, multiple)) return FLAG_OUT_OF_MEMORY;
          if (!pushCursor(stream, firstFlagItemAfter(stream, cofacet), multiple)) return FLAG_OUT_OF_MEMORY;
        }
        continue;
      }
      const simplex = apparentSimplex(dim, cofacet);
      if (simplex != 0) {
        const stream = flagStreamOf(simplex);
        const head = flagStreamsFailed() ? <usize>0 : flagItem(stream, 0);
        if (head == 0) return FLAG_OUT_OF_MEMORY;
        const factor = negate(signed(coefficient, load<u32>(head, 8)));
        if (!addToChain(stream, factor) || !pushCursor(stream, 1, factor)) return FLAG_OUT_OF_MEMORY;
        continue;
      }
      death = lengthOf(<usize>(cofacet >> 32));
      if (!insertKey(deaths, cofacet, column, coefficient)) return FLAG_OUT_OF_MEMORY;
      break;
    }
    if (flagStreamsFailed()) return FLAG_OUT_OF_MEMORY;
    if (death != birth && !addInterval(intervals, birth, death)) return FLAG_OUT_OF_MEMORY;
    if (death < Infinity && !closeChain(column)) return FLAG_OUT_OF_MEMORY;
  }
  return FLAG_DONE;
}

/**
 * Columns of a lazy reduction, brought ahead of their turn by a crew: until a column meets the first triangle in no
 * apparent pair it does not depend on other columns. Every thread has streams of its own; the first one takes over what
 * the others have read, and goes on from where each column stands, as if it had come that far by itself.
 *
 * A column that stands, 48 bytes, then its cursors (cursors.ts) and its chain (chains.ts, 8 bytes an entry):
 *
 *     +0  u64, +8 u64, +16 u32   the triangle it has met
 *     +20 u32  its coefficient, 0 when the column has ended or the budget was spent
 *     +24 u32  thread, whose numbers of streams are meant
 *     +28 u32  cursors
 *     +32 u32  entries of the chain
 *     +36 u32  work before the last triangle was taken: the budget is compared with that
 *     +40 u64  work in all
 */
import { allocate } from "./arena";
import { addedAt, addedCount, addToChain, openChain, prepareChains } from "./chains";
import { argument, crewThreads, Open, runPhase, setArgument } from "./crew";
import {
  addIfApparent,
  addSteps,
  APPARENT,
  APPARENT_FAILED,
  beginColumn,
  cursorBytes,
  cursorCount,
  cursorsFailed,
  forgetSteps,
  loadCursors,
  prepareCursors,
  saveCursors,
  setTriangle,
  stepsDone,
  takeTriangle,
  triangleA,
  triangleB,
  triangleOpposite,
} from "./cursors";
import { modulus, setModulus } from "./field";
import { openMatrix, points } from "./matrix";
import { RankedEdges, rankedEdge } from "./ranked-edges";
import { adoptStreams, prepareStreams, streamCount, streamRecords, streamsFailed } from "./streams";

const HEADER: usize = 48;
/** Columns of a task. */
const COLUMNS: u32 = 16;

/**
 * Address of each column that stands, or 0; for each thread how far its streams are (READER bytes); and for each thread
 * the numbers its streams have here, 0 for the first.
 *
 * Reader: +0 u32 address of the streams' records, +4 u32 their number, +8 u32 1 once the thread is prepared, +12 unused.
 */
let standing: usize = 0;
let readers: usize = 0;
let maps: usize = 0;
let met: u32 = 0;
const READER: usize = 16;

/** Brings all columns ahead, as far as the budget reaches; false when memory does not suffice. In a crew. */
export function workAhead(matrix: usize, threshold: f32, births: RankedEdges, budget: u64): bool {
  setArgument(0, matrix);
  setArgument(1, points());
  setArgument(2, threshold);
  return (
    prepareStreams(threshold, points()) &&
    beginAhead(births.length) &&
    bringColumns(openDense, prepareDense, births, 0, births.length, budget) &&
    endAhead()
  );
}

function openDense(): bool {
  return openMatrix();
}

function prepareDense(thread: usize): bool {
  return prepareStreams(argument<f32>(2), points());
}

/** Makes a thread, as an instance of its own, ready to read streams; false without memory. */
export type Prepare = (thread: usize) => bool;

/** Begins to bring `count` columns ahead, none so far. This thread's streams have been prepared. False without memory. */
export function beginAhead(count: u32): bool {
  const threads = crewThreads();
  standing = allocate(<usize>count << 2);
  maps = allocate(threads << 2);
  readers = allocate(threads * READER);
  if (standing == 0 || maps == 0 || readers == 0) return false;
  memory.fill(standing, 0, <usize>count << 2);
  memory.fill(readers, 0, threads * READER);
  store<u32>(readers, 1, 8);
  return prepareCursors() && prepareChains(1);
}

/**
 * Brings the columns from `from` to `to` ahead, as far as the budget reaches; false when memory does not suffice. Before,
 * arguments 0 to 2 are set for `open`, which every instance that takes part calls once, and `prepare`, which each thread
 * calls once until `endAhead`.
 */
export function bringColumns(open: Open, prepare: Prepare, births: RankedEdges, from: u32, to: u32, budget: u64): bool {
  setArgument(3, changetype<usize>(births));
  setArgument(4, budget);
  setArgument(5, standing);
  setArgument(6, modulus());
  setArgument(7, readers);
  setArgument<u32>(8, from);
  setArgument<u32>(9, to);
  setArgument<u32>(10, prepare.index);
  return runPhase(open, takeColumns, <usize>((to - from + COLUMNS - 1) / COLUMNS));
}

/** Takes over what all threads have read; false when memory does not suffice. */
export function endAhead(): bool {
  const threads = crewThreads();
  store<u32>(maps, 0);
  for (let t: usize = 1; t < threads; t++) {
    const reader = readers + t * READER;
    const streams = load<u32>(reader, 4);
    if (streams == 0) continue;
    const map = allocate(<usize>streams << 2);
    if (map == 0 || !adoptStreams(<usize>load<u32>(reader), streams, map)) return false;
    store<u32>(maps + (t << 2), <u32>map);
  }
  // Work counts when the column it was done for is resumed.
  forgetSteps();
  return true;
}

/** Brings some columns ahead; notes where this thread's streams are, and how many. */
function takeColumns(task: usize, thread: usize): bool {
  const births = changetype<RankedEdges>(argument<usize>(3));
  const budget = argument<u64>(4);
  const states = argument<usize>(5);
  const reader = argument<usize>(7) + thread * READER;
  setModulus(argument<u32>(6));
  if (!load<u32>(reader, 8)) {
    if (!call_indirect<bool>(argument<u32>(10), thread) || !prepareCursors() || !prepareChains(1)) return false;
    store<u32>(reader, 1, 8);
  }
  const first = argument<u32>(8) + <u32>task * COLUMNS;
  const last = min(first + COLUMNS, argument<u32>(9));
  // Whoever has spent the budget alone leaves the rest: the reduction is going to be given up.
  for (let column = first; column < last && stepsDone() <= budget; column++) {
    const state = bringAhead(rankedEdge(births, births.length - 1 - column), budget, <u32>thread);
    if (state == 0) return false;
    store<u32>(states + (<usize>column << 2), <u32>state);
  }
  store<u32>(reader, <u32>streamRecords());
  store<u32>(reader, streamCount(), 4);
  return true;
}

/** Returns the address of the column as it stands, 0 when memory does not suffice. */
function bringAhead(edge: usize, budget: u64, thread: u32): usize {
  const before = stepsDone();
  let head = before;
  let found: u32 = 0;
  openChain(0);
  if (!beginColumn(edge)) return 0;
  while (cursorCount() > 0) {
    head = stepsDone();
    if (head > budget) break;
    const coefficient = takeTriangle();
    if (cursorsFailed() || streamsFailed()) return 0;
    if (coefficient == 0) continue;
    const apparent = addIfApparent(coefficient);
    if (apparent == APPARENT_FAILED) return 0;
    if (apparent == APPARENT) continue;
    found = coefficient;
    break;
  }
  if (streamsFailed()) return 0;
  const entries = addedCount();
  const state = allocate(HEADER + cursorBytes() + (entries << 3));
  if (state == 0) return 0;
  store<u64>(state, triangleA());
  store<u64>(state, triangleB(), 8);
  store<u32>(state, triangleOpposite(), 16);
  store<u32>(state, found, 20);
  store<u32>(state, thread, 24);
  store<u32>(state, <u32>cursorCount(), 28);
  store<u32>(state, <u32>entries, 32);
  store<u32>(state, <u32>(head - before), 36);
  store<u64>(state, stepsDone() - before, 40);
  saveCursors(state + HEADER);
  memory.copy(state + HEADER + cursorBytes(), addedAt(0), entries << 3);
  return state;
}

/** The column goes on. */
export const AHEAD_OK: i32 = 0;
/** Memory did not suffice. */
export const AHEAD_OUT_OF_MEMORY: i32 = 1;
/** The work of all columns so far passes the budget. */
export const AHEAD_OVER_BUDGET: i32 = 2;

/** Coefficient of the triangle the column resumed last has met, 0 for none; the triangle is the one taken last. */
export function metAhead(): u32 {
  return met;
}

/** Makes a column, whose chain has been opened, the one in work, where it stands or from its edge. */
export function resumeColumn(column: u32, edge: usize, budget: u64): i32 {
  met = 0;
  const state = <usize>load<u32>(standing + (<usize>column << 2));
  if (state == 0) return beginColumn(edge) ? AHEAD_OK : AHEAD_OUT_OF_MEMORY;
  if (stepsDone() + load<u32>(state, 36) > budget) return AHEAD_OVER_BUDGET;
  addSteps(load<u64>(state, 40));
  const cursors = <usize>load<u32>(state, 28);
  const map = <usize>load<u32>(maps + (<usize>load<u32>(state, 24) << 2));
  if (!loadCursors(state + HEADER, cursors, map)) return AHEAD_OUT_OF_MEMORY;
  const entries = <usize>load<u32>(state, 32);
  // A cursor is 32 bytes.
  const chain = state + HEADER + (cursors << 5);
  for (let i: usize = 0; i < entries; i++) {
    const stream = load<u32>(chain + (i << 3));
    const here = map == 0 ? stream : load<u32>(map + (<usize>stream << 2));
    if (!addToChain(here, load<u32>(chain + (i << 3), 4))) return AHEAD_OUT_OF_MEMORY;
  }
  setTriangle(load<u64>(state), load<u64>(state, 8), load<u32>(state, 16));
  met = load<u32>(state, 20);
  return AHEAD_OK;
}

/**
 * Stage C: H1 by lazy cohomology. The columns are the edges of the relative neighbourhood graph off the spanning
 * forest, from the longest to the shortest. A column is a heap of cursors (cursors.ts); the least triangle left is
 *
 *   - the pivot of an earlier column: that column's edges are added, from the triangle on;
 *   - the first of the stream of its own longest edge: an apparent pair, and that edge is added;
 *   - otherwise the death of the class.
 *
 * A triangle of an apparent pair is nobody's pivot. So a column does not depend on others until it meets the first
 * triangle in no apparent pair, and in a crew columns are brought that far ahead of their turn (columns-ahead.ts).
 *
 * Pivot table, 24 bytes a slot: +0 u64 larger << 32 | smaller of the longest edge, +8 u32 opposite vertex,
 * +12 u32 column (all ones when free), +16 u32 coefficient.
 */
import { allocate } from "./arena";
import { addToChain, chainCoefficient, chainEnd, chainStart, chainStream, closeChain, openChain, prepareChains } from "./chains";
import { AHEAD_OUT_OF_MEMORY, AHEAD_OVER_BUDGET, metAhead, resumeColumn, workAhead } from "./columns-ahead";
import { crewThreads } from "./crew";
import {
  addIfApparent,
  APPARENT,
  APPARENT_FAILED,
  beginColumn,
  cursorCount,
  cursorsFailed,
  prepareCursors,
  pushCursor,
  stepsDone,
  takeTriangle,
  triangleA,
  triangleB,
  triangleOpposite,
} from "./cursors";
import { inverse, multiply, negate } from "./field";
import { addInterval, Intervals } from "./intervals";
import { points } from "./matrix";
import { edgeLength, RankedEdges, rankedEdge } from "./ranked-edges";
import { firstAfter, prepareStreams, streamsFailed } from "./streams";

const SLOT: usize = 24;

let pivots: usize = 0;
let pivotSlots: usize = 0;

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

/** Whether columns are brought ahead of their turn. */
let crew: bool = false;
/** Columns finished so far. */
let finished: u32 = 0;

/**
 * Computes H1 on the matrix at `matrix`. `births` are the edges to reduce, in order of rank. Gives up after moving
 * `budget` cursors; then `intervals` is not complete.
 */
export function reduceLazily(matrix: usize, threshold: f32, births: RankedEdges, budget: u64, intervals: Intervals): i32 {
  const count = births.length;
  const ahead = crewThreads() > 1 && count > 1;
  if (ahead) {
    if (!workAhead(matrix, threshold, births, budget)) return LAZY_OUT_OF_MEMORY;
  } else if (!prepareStreams(threshold, points())) return LAZY_OUT_OF_MEMORY;
  if (!prepareLazily(count, ahead)) return LAZY_OUT_OF_MEMORY;
  return reduceColumns(births, count, budget, intervals);
}

/**
 * Makes room for `count` columns, whether they have been brought `ahead` or will be reduced in their turn; streams have
 * been prepared. False without memory.
 */
export function prepareLazily(count: u32, ahead: bool): bool {
  crew = ahead;
  return (ahead || prepareCursors()) && prepareColumns(count);
}

function prepareColumns(count: u32): bool {
  finished = 0;
  if (!prepareChains(count)) return false;
  pivotSlots = 64;
  while (pivotSlots < <usize>count * 2) pivotSlots <<= 1;
  pivots = allocate(pivotSlots * SLOT);
  if (pivots == 0) return false;
  memory.fill(pivots, 0xff, pivotSlots * SLOT);
  return true;
}

/**
 * As {@link reduceLazily}, until `to` columns are finished. May be called again, also after it has given up: it then
 * begins the unfinished column anew.
 */
export function reduceColumns(births: RankedEdges, to: u32, budget: u64, intervals: Intervals): i32 {
  const count = births.length;
  for (let column = finished; column < to; column++) {
    const edge = rankedEdge(births, count - 1 - column);
    const birth = edgeLength(edge);
    openChain(column);
    // What a column that was brought ahead met last: its coefficient, 0 for nothing.
    let met: u32 = 0;
    if (crew) {
      const outcome = resumeColumn(column, edge, budget);
      if (outcome == AHEAD_OUT_OF_MEMORY) return LAZY_OUT_OF_MEMORY;
      if (outcome == AHEAD_OVER_BUDGET) return LAZY_OVER_BUDGET;
      met = metAhead();
    } else if (!beginColumn(edge)) return LAZY_OUT_OF_MEMORY;
    let death: f32 = Infinity;
    while (met != 0 || cursorCount() > 0) {
      let coefficient = met;
      if (met == 0) {
        if (stepsDone() > budget) return LAZY_OVER_BUDGET;
        coefficient = takeTriangle();
        if (cursorsFailed() || streamsFailed()) return LAZY_OUT_OF_MEMORY;
        if (coefficient == 0) continue;
      }
      const a = triangleA();
      const b = triangleB();
      const vertex = triangleOpposite();
      const longest = (a << 32) | (b >> 32);
      const slot = pivotSlot(longest, vertex);
      if (load<u32>(slot, 12) != u32.MAX_VALUE) {
        met = 0;
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
      // What was met ahead is in no apparent pair.
      if (met == 0) {
        const apparent = addIfApparent(coefficient);
        if (apparent == APPARENT_FAILED) return LAZY_OUT_OF_MEMORY;
        if (apparent == APPARENT) continue;
      }
      death = reinterpret<f32>(<u32>(a >> 32));
      store<u64>(slot, longest);
      store<u32>(slot, vertex, 8);
      store<u32>(slot, column, 12);
      store<u32>(slot, coefficient, 16);
      break;
    }
    if (streamsFailed()) return LAZY_OUT_OF_MEMORY;
    if (death != birth && !addInterval(intervals, birth, death)) return LAZY_OUT_OF_MEMORY;
    if (death < Infinity && !closeChain(column)) return LAZY_OUT_OF_MEMORY;
    finished = column + 1;
  }
  return LAZY_DONE;
}

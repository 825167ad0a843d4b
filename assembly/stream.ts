/**
 * The streaming engine, step by step, so that the host can tell how far it is:
 *
 *     streamPrepare                    order the points, make room
 *     streamBlocks(phase)              the block pass (stream-blocks.ts), `streamPhases()` phases; in all threads
 *     streamEnclosingRadius            known from here on
 *     streamCut(threshold)             edges above the threshold are dropped from here on
 *     streamSort(from, to)             sorts the lists of nearest points, one a point; in all threads
 *     streamCandidates                 edges that may belong to the graph
 *     streamFilter(from, to)           candidates to edges of the graph (stream-filter.ts); in all threads
 *     streamRound                      edges the lists could not decide: points whose lists are too short, 0 for none
 *     streamSettle(from, to)           makes those lists longer (stream-settle.ts), in all threads; then a new round
 *     streamSplit(modulus, maxDim)     Kruskal: H0, and the columns of H1
 *     streamAhead(from, to, budget)    columns as far as each goes by itself, `streamColumnsAhead()` of them; in all threads
 *     streamReduce(to, budget)         lazy cohomology (lazy-reduction.ts), `streamColumns()` columns
 *     streamLunes()                    instead, when the budget is spent: homology of lunes (lune-homology.ts)
 *     streamFinish(results)            intervals in lengths
 *
 * Time: n² d for distances, n² / 8 or so for the rest of the block pass, and everything after it grows like n^1.2 on
 * images of digits. Memory: n · (row + 8 · room + 300) bytes and what the reduction takes.
 */
import {
  PLAN_STREAM,
  PLAN_LUNES,
  RESULT_RECORD,
  STATUS_OK,
  STATUS_OUT_OF_MEMORY,
  STATUS_OVER_BUDGET,
} from "./abi";
import { allocate, available, mark, release } from "./arena";
import { beginAhead, bringColumns, endAhead } from "./columns-ahead";
import { argument, crewThreads, runPhase, setArgument } from "./crew";
import { setModulus } from "./field";
import { Intervals, newIntervals } from "./intervals";
import { splitByKruskal } from "./kruskal";
import { LAZY_OUT_OF_MEMORY, LAZY_OVER_BUDGET, prepareLazily, reduceColumns } from "./lazy-reduction";
import { homologyOfLunes, lunesFit } from "./lune-homology";
import { useLengthsOfPoints } from "./pair-lengths";
import { addRanked, edgeLength, largerVertex, newRankedEdges, RankedEdges, smallerVertex, sortRanked } from "./ranked-edges";
import {
  clearWork,
  openWorks,
  streamPhase,
  streamPhases as blockPhases,
  workCandidates,
  workCount,
  workOf,
} from "./stream-blocks";
import { groupCandidates, tryCandidates } from "./stream-filter";
import { copyBalls, finishLists, packLists, prepareBalls, prepareLists, useBalls } from "./stream-lists";
import { orderPoints } from "./stream-order";
import { INFINITE_KEY, keyBetween, largestKey, lengthOfKey, StreamPlan, streamPlan, useStreamPlan } from "./stream-plan";
import { beginRound, enlargeChosen, prepareRounds } from "./stream-settle";
import { prepareStamps, useStamps } from "./stream-stamps";
import { fillTile, maskRows, measureRows, tileStride } from "./stream-tiles";
import { giveToStreams, prepareStreamsOfPoints } from "./streams";

let edges: RankedEdges | null = null;
let components: Intervals | null = null;
let loops: Intervals | null = null;
let forest: RankedEdges | null = null;
/** End of the arena before the streams, and how H1 was had in the end. */
let beforeStreams: usize = 0;
let plan: i32 = PLAN_STREAM;
/** Rounds begun for the edges the filter has left open. */
let rounds: u32 = 0;
let columns: u32 = 0;
/** Whether columns are brought ahead by a crew; whether the reduction has begun. */
let ahead: bool = false;
let begun: bool = false;
let highest: i32 = 0;

/**
 * Takes n rows, which it reorders, with memory for `SPARE_ROWS` more behind them, and makes room.
 * @param near points of its own block that strike for a point
 * @param keep nearest points listed of every point; `room` entries hold them while they are sought
 */
export function streamPrepare(
  rows: usize,
  rowBytes: usize,
  n: i32,
  arithmetic: i32,
  metric: i32,
  scale: f64,
  blockSize: i32,
  near: i32,
  keep: i32,
  room: i32,
): i32 {
  const address = allocate(offsetof<StreamPlan>());
  if (address == 0) return STATUS_OUT_OF_MEMORY;
  useStreamPlan(address);
  const plan = streamPlan();
  plan.n = <usize>n;
  plan.rows = rows;
  plan.rowBytes = rowBytes;
  plan.arithmetic = arithmetic;
  plan.metric = metric;
  plan.scale = scale;
  plan.cut = INFINITE_KEY;
  plan.near = <usize>near;
  plan.norms = 0;
  plan.masks = 0;
  // The order needs distances, distances need the lengths of rows, and those move with the rows.
  if (!measureRows() || !orderPoints(<usize>blockSize) || !measureRows() || !maskRows()) return STATUS_OUT_OF_MEMORY;
  plan.nearIds = allocate((plan.n * plan.near) << 2);
  plan.nearKeys = allocate((plan.n * plan.near) << 2);
  if (plan.nearIds == 0 || plan.nearKeys == 0 || !openWorks()) return STATUS_OUT_OF_MEMORY;
  if (!prepareLists(<usize>keep, <usize>room)) return STATUS_OUT_OF_MEMORY;
  // Last, so that it grows in place.
  edges = newRankedEdges(24 * <u32>n + 16);
  return edges === null ? STATUS_OUT_OF_MEMORY : STATUS_OK;
}

/** Number of phases of the block pass; the first is as long as half another. */
export function streamPhases(): u32 {
  return blockPhases();
}

/** Does one phase of the block pass, in all threads. */
export function streamBlocks(phase: u32): i32 {
  if (!streamPhase(phase)) return STATUS_OUT_OF_MEMORY;
  for (let thread: usize = 0; thread < crewThreads(); thread++) {
    const work = workOf(thread);
    for (let i: u32 = 0; i < workCount(work); i++) {
      const edge = workCandidates(work) + (<usize>i << 4);
      if (!addRanked(edges!, edgeLength(edge), largerVertex(edge), smallerVertex(edge))) return STATUS_OUT_OF_MEMORY;
    }
    clearWork(work);
  }
  return STATUS_OK;
}

/** The least, over the points, of the largest distance to another point; 0 for one point. */
export function streamEnclosingRadius(): f32 {
  const plan = streamPlan();
  let least: u32 = INFINITE_KEY;
  for (let u: usize = 0; u < plan.n; u++) least = min(least, load<u32>(plan.farthest + (u << 2)));
  return lengthOfKey(least);
}

/** Ends the block pass: edges longer than the threshold are dropped from here on. */
export function streamCut(threshold: f32): void {
  streamPlan().cut = largestKey(threshold);
}

/** Sorts the lists from `from` to `to`, which come in order, and moves them together. */
export function streamSort(from: u32, to: u32): i32 {
  setArgument<u32>(0, <u32>changetype<usize>(streamPlan()));
  setArgument<u32>(1, from);
  setArgument<u32>(2, to);
  if (!runPhase(openFinish, takeFinish, (<usize>(to - from) + LISTS - 1) / LISTS)) return STATUS_OUT_OF_MEMORY;
  packLists(<usize>from, <usize>to);
  return STATUS_OK;
}

/** Lists finished by one task. */
const LISTS: usize = 64;

function openFinish(): bool {
  useStreamPlan(argument<u32>(0));
  return true;
}

function takeFinish(task: usize, thread: usize): bool {
  const low = <usize>argument<u32>(1) + task * LISTS;
  finishLists(low, min(low + LISTS, <usize>argument<u32>(2)));
  return true;
}

/** Ends the sorting of lists; the number of candidates, -1 without memory. */
export function streamCandidates(): i32 {
  rounds = 0;
  if (!prepareBalls() || !prepareStamps() || !groupCandidates(edges!)) return -1;
  return <i32>edges!.length;
}

/** Tries the candidates from `from` to `to`. */
export function streamFilter(from: u32, to: u32): i32 {
  return tryCandidates(edges!, from, to) ? STATUS_OK : STATUS_OUT_OF_MEMORY;
}

/** Begins a round: how many points must have a longer list, -1 without memory. After 0 the graph is complete. */
export function streamRound(): i32 {
  if (rounds == 0 && !prepareRounds()) return -1;
  rounds += 1;
  return <i32>beginRound(edges!, rounds > 1);
}

/** Makes the lists of the points from `from` to `to` of a round longer. */
export function streamSettle(from: u32, to: u32): i32 {
  return enlargeChosen(from, to) ? STATUS_OK : STATUS_OUT_OF_MEMORY;
}

/** Kruskal's algorithm on the graph; gets ready for the columns that are left. */
export function streamSplit(modulus: u32, maxDim: i32): i32 {
  const n = streamPlan().n;
  setModulus(modulus);
  highest = maxDim;
  columns = 0;
  if (!sortRanked(edges!)) return STATUS_OUT_OF_MEMORY;
  plan = PLAN_STREAM;
  forest = newRankedEdges(<u32>n);
  components = newIntervals(<u32>n + 1);
  loops = newIntervals(256);
  if (forest === null || components === null || loops === null) return STATUS_OUT_OF_MEMORY;
  if (!splitByKruskal(n, edges!, forest!, components!)) return STATUS_OUT_OF_MEMORY;
  if (maxDim == 0) return STATUS_OK;
  columns = edges!.length;
  beforeStreams = mark();
  ahead = crewThreads() > 1 && columns > 1;
  begun = false;
  for (let thread: usize = 1; thread < crewThreads(); thread++) copyBalls(thread);
  if (!openReading(0)) return STATUS_OUT_OF_MEMORY;
  return !ahead || beginAhead(columns) ? STATUS_OK : STATUS_OUT_OF_MEMORY;
}

/** Makes a thread ready to read streams, with its share of the memory that was borrowed until now. */
function openReading(thread: usize): bool {
  const plan = streamPlan();
  useStamps(thread);
  useBalls(thread, thread);
  if (!prepareStreamsOfPoints(plan.cut, plan.n)) return false;
  const free = plan.lists + ((plan.n * plan.keep) << 3);
  const share = ((plan.freeEnd - free) / crewThreads()) & ~15;
  giveToStreams(free + thread * share, share);
  return true;
}

/** Number of columns that `streamAhead` is to bring ahead before `streamReduce`: all in a crew, else none. */
export function streamColumnsAhead(): u32 {
  return ahead ? columns : 0;
}

/** Brings the columns from `from` to `to` ahead (columns-ahead.ts), in all threads, as far as the budget reaches. */
export function streamAhead(from: u32, to: u32, budget: f64): i32 {
  setArgument<u32>(0, <u32>changetype<usize>(streamPlan()));
  return bringColumns(openAhead, openReading, edges!, from, to, <u64>budget) ? STATUS_OK : STATUS_OUT_OF_MEMORY;
}

function openAhead(): bool {
  useStreamPlan(argument<u32>(0));
  return true;
}

/** Number of columns. */
export function streamColumns(): u32 {
  return columns;
}

/** Reduces columns until `to` are done; gives up after moving `budget` cursors in all, and may then be called again. */
export function streamReduce(to: u32, budget: f64): i32 {
  if (!begun) {
    if ((ahead && !endAhead()) || !prepareLazily(columns, ahead)) return STATUS_OUT_OF_MEMORY;
    begun = true;
  }
  const outcome = reduceColumns(edges!, to, <u64>budget, loops!);
  if (outcome == LAZY_OUT_OF_MEMORY) return STATUS_OUT_OF_MEMORY;
  return outcome == LAZY_OVER_BUDGET ? STATUS_OVER_BUDGET : STATUS_OK;
}

/** Whether the homology of lunes fits into the memory that is left besides the streams. */
export function streamLunesFit(): bool {
  return lunesFit(streamPlan().n, available() + (mark() - beforeStreams));
}

/**
 * H1 by homology of lunes, whose cost does not depend on how long classes live: what has been reduced is thrown away.
 * Lengths are computed again tile by tile and stand as keys, which are float bit patterns that grow with them.
 */
export function streamLunes(): i32 {
  const points = streamPlan();
  release(beforeStreams);
  loops = newIntervals(256);
  if (loops === null) return STATUS_OUT_OF_MEMORY;
  useLengthsOfPoints(points.n, keyAsFloat, fillTile, points.starts, points.blocks, tileStride());
  if (!homologyOfLunes(reinterpret<f32>(points.cut), edges!, forest!, loops!)) return STATUS_OUT_OF_MEMORY;
  plan = PLAN_LUNES;
  return STATUS_OK;
}

function keyAsFloat(i: usize, j: usize): f32 {
  return reinterpret<f32>(keyBetween(i, j));
}

/** Turns births and deaths into lengths, drops what has length zero, and fills one record a dimension (abi.ts). */
export function streamFinish(results: usize): void {
  toLengths(components!);
  record(results, components!, <u32>streamPlan().n, PLAN_STREAM);
  if (highest == 0) return;
  toLengths(loops!);
  record(results + RESULT_RECORD, loops!, columns, plan);
}

function toLengths(intervals: Intervals): void {
  let left: u32 = 0;
  for (let i: u32 = 0; i < intervals.length; i++) {
    const at = intervals.ptr + (<usize>i << 3);
    const birth = lengthOfKey(load<u32>(at));
    const death = load<f32>(at, 4) == Infinity ? <f32>Infinity : lengthOfKey(load<u32>(at, 4));
    if (birth == death) continue;
    const to = intervals.ptr + (<usize>left << 3);
    store<f32>(to, birth);
    store<f32>(to, death, 4);
    left += 1;
  }
  intervals.length = left;
}

function record(at: usize, intervals: Intervals, columns: u32, plan: i32): void {
  store<u32>(at, <u32>intervals.ptr);
  store<u32>(at, intervals.length, 4);
  store<u32>(at, columns, 8);
  store<u32>(at, plan, 12);
}

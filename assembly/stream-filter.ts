/**
 * Candidates become edges of the relative neighbourhood graph. The lune of an edge is what the balls around its ends, up
 * to the rank of the edge, have in common. Where both lists reach as far as the edge, comparing them decides. Where one
 * does, its points up to the edge are measured. Where neither does the points of both are, and when none of them lies in
 * the lune the edge stays open (stream-settle.ts).
 *
 * Candidates are tried by *hub*, of the two ends that with more candidates: its ball is marked once for all of them, and
 * a point that was in one lune is tried first for the next. Every candidate is judged by itself, so any number of
 * threads can share them.
 *
 *     order     u32 number of a candidate, hub by hub
 *     outcome   in the unused word of a candidate: KEPT, TAKEN or OPEN
 */
import { argument, runPhase, setArgument } from "./crew";
import { edgeLength, largerVertex, RankedEdges, rankedEdge, smallerVertex } from "./ranked-edges";
import { ballIsWhole, ballOf, ballSize, borrow, useBalls } from "./stream-lists";
import { entryOf, entryVertex, keyBetween, streamPlan, useStreamPlan } from "./stream-plan";
import {
  forgetPoints,
  rememberedCount,
  rememberedPoint,
  rememberPoint,
  stampBall,
  stamped,
  stampedKey,
  useStamps,
} from "./stream-stamps";

/** The lune is empty: an edge of the graph. */
export const KEPT: u32 = 0;
/** Some point lies in the lune. */
export const TAKEN: u32 = 1;
/** The lists do not reach far enough. */
export const OPEN: u32 = 2;

/** Candidates of a task. */
const TRIED: usize = 256;

let order: usize = 0;

/** Forgets the candidates above the cut and orders the others by hub; false without memory. O(n + candidates). */
export function groupCandidates(edges: RankedEdges): bool {
  const plan = streamPlan();
  const n = plan.n;
  const counts = borrow(n << 2);
  const starts = borrow((n + 1) << 2);
  if (counts == 0 || starts == 0) return false;
  memory.fill(counts, 0, n << 2);
  memory.fill(starts, 0, (n + 1) << 2);
  let left: u32 = 0;
  for (let i: u32 = 0; i < edges.length; i++) {
    const edge = rankedEdge(edges, i);
    if (reinterpret<u32>(edgeLength(edge)) > plan.cut) continue;
    v128.store(rankedEdge(edges, left), v128.load(edge));
    left += 1;
    increase(counts, smallerVertex(edge));
    increase(counts, largerVertex(edge));
  }
  edges.length = left;
  order = borrow(<usize>left << 2);
  if (order == 0) return false;
  for (let i: u32 = 0; i < left; i++) increase(starts, hubOf(rankedEdge(edges, i), counts) + 1);
  for (let u: usize = 1; u <= n; u++)
    store<u32>(starts + (u << 2), load<u32>(starts + (u << 2)) + load<u32>(starts + ((u - 1) << 2)));
  for (let i: u32 = 0; i < left; i++) {
    const at = starts + (<usize>hubOf(rankedEdge(edges, i), counts) << 2);
    const place = load<u32>(at);
    store<u32>(at, place + 1);
    store<u32>(order + (<usize>place << 2), i);
  }
  // Where the hub stands first, tasks need not look at counts.
  for (let i: u32 = 0; i < left; i++) {
    const edge = rankedEdge(edges, i);
    store<u32>(edge, hubOf(edge, counts) == smallerVertex(edge) ? 0 : 1, 12);
  }
  return true;
}

@inline
function increase(counts: usize, u: u32): void {
  const at = counts + (<usize>u << 2);
  store<u32>(at, load<u32>(at) + 1);
}

/** Of the two ends of an edge that with the larger count. */
@inline
export function hubOf(edge: usize, counts: usize): u32 {
  const u = smallerVertex(edge);
  const w = largerVertex(edge);
  return load<u32>(counts + (<usize>u << 2)) >= load<u32>(counts + (<usize>w << 2)) ? u : w;
}

/** Tries the candidates from place `from` to `to` of the order, in all threads; false without memory. */
export function tryCandidates(edges: RankedEdges, from: u32, to: u32): bool {
  setArgument<u32>(0, <u32>changetype<usize>(streamPlan()));
  setArgument<u32>(1, <u32>edges.ptr);
  setArgument<u32>(2, <u32>order);
  setArgument<u32>(3, from);
  setArgument<u32>(4, to);
  return runPhase(openTrial, takeTrial, (<usize>(to - from) + TRIED - 1) / TRIED);
}

function openTrial(): bool {
  useStreamPlan(argument<u32>(0));
  return true;
}

function takeTrial(task: usize, thread: usize): bool {
  const edges = <usize>argument<u32>(1);
  const places = <usize>argument<u32>(2);
  const first = <usize>argument<u32>(3) + task * TRIED;
  const last = min(first + TRIED, <usize>argument<u32>(4));
  useStamps(thread);
  useBalls(0, thread);
  let marked: usize = usize.MAX_VALUE;
  for (let i = first; i < last; i++) {
    const edge = edges + (<usize>load<u32>(places + (i << 2)) << 4);
    const u = <usize>(load<u32>(edge, 12) == 0 ? smallerVertex(edge) : largerVertex(edge));
    const w = <usize>smallerVertex(edge) + <usize>largerVertex(edge) - u;
    if (u != marked) {
      markHub(u);
      marked = u;
    }
    store<u32>(edge, judge(u, w, reinterpret<u32>(edgeLength(edge))), 12);
  }
  return true;
}

/** Marks the ball of a hub. */
export function markHub(u: usize): void {
  stampBall(u);
  forgetPoints();
}

/** What the lists say about the lune of (u, w), u being the hub marked last. */
export function judge(u: usize, w: usize, key: u32): u32 {
  const limitU = entryOf(key, w);
  const limitW = entryOf(key, u);
  const ballU = ballOf(u);
  const ballW = ballOf(w);
  const sizeU = ballSize(u);
  const sizeW = ballSize(w);
  let countW: usize = 0;
  for (; countW < sizeW; countW++) {
    const entry = load<u64>(ballW + (countW << 3));
    if (entry >= limitW) break;
    const k = entryVertex(entry);
    if (stamped(k) && entryOf(stampedKey(k), k) < limitU) return TAKEN;
  }
  const reachesW = countW < sizeW || ballIsWhole(w);
  const reachesU = ballIsWhole(u) || (sizeU > 0 && load<u64>(ballU + ((sizeU - 1) << 3)) >= limitU);
  if (reachesU && reachesW) return KEPT;
  if (reachesW) {
    // What lies in the list of u too has been looked at.
    for (let i: usize = 0; i < countW; i++) if (comesBefore(u, ballW, i, limitU)) return TAKEN;
    return KEPT;
  }
  if (!reachesU) {
    const remembered = rememberedCount();
    for (let i: usize = 0; i < remembered; i++) {
      const k = rememberedPoint(i);
      if (entryOf(keyBetween(w, k), k) < limitW) return TAKEN;
    }
  }
  for (let i: usize = 0; i < sizeU; i++) {
    const entry = load<u64>(ballU + (i << 3));
    if (entry >= limitU) break;
    if (!comesBefore(w, ballU, i, limitW)) continue;
    rememberPoint(entryVertex(entry));
    return TAKEN;
  }
  if (reachesU) return KEPT;
  // Nothing is certain without a longer list, which costs a whole row: most of what is left is found here.
  for (let i: usize = 0; i < sizeW; i++) if (comesBefore(u, ballW, i, limitU)) return TAKEN;
  return OPEN;
}

/** True when the vertex of entry i of a ball comes before a limit around u. */
@inline
function comesBefore(u: usize, ball: usize, i: usize, limit: u64): bool {
  const k = entryVertex(load<u64>(ball + (i << 3)));
  return entryOf(keyBetween(u, k), k) < limit;
}

/**
 * Candidates become edges of the relative neighbourhood graph. The lune of an edge is what the balls around its ends, up
 * to the rank of the edge, have in common. Where both lists reach as far as the edge, comparing them decides. Where one
 * does, the rest of its points are measured; where neither does, and nothing is found, a ball is made larger.
 */
import { allocate } from "./arena";
import {
  ballIsWhole,
  ballOf,
  ballRank,
  ballSize,
  enlargeBalls,
  newStamps,
  stamp,
  stampBall,
  stamped,
} from "./stream-lists";
import { edgeLength, largerVertex, RankedEdges, rankedEdge, smallerVertex } from "./ranked-edges";
import { entryOf, entryVertex, keyBetween, streamPlan } from "./stream-plan";

/** Marks, in the unused word of an edge, one of which the lists cannot tell. */
const OPEN: u32 = 1;

/**
 * Keeps of the candidates from `from` to `to` those up to the cut with an empty lune, and moves them to place `kept` and
 * on; those of which the lists cannot tell are kept too and marked. Returns the place after the last.
 */
export function keepNeighbours(edges: RankedEdges, from: u32, to: u32, kept: u32, cut: u32): u32 {
  for (let i = from; i < to; i++) {
    const edge = rankedEdge(edges, i);
    const key = reinterpret<u32>(edgeLength(edge));
    if (key > cut) continue;
    const outcome = lune(<usize>smallerVertex(edge), <usize>largerVertex(edge), key);
    if (outcome == TAKEN) continue;
    const place = rankedEdge(edges, kept);
    v128.store(place, v128.load(edge));
    store<u32>(place, outcome == UNKNOWN ? OPEN : 0, 12);
    kept += 1;
  }
  return kept;
}

/**
 * Decides the marked edges of the first `kept`: makes one ball of each larger, many at once, until all are decided. Moves
 * what stays together; returns the place after the last, -1 without memory.
 */
export function settleNeighbours(edges: RankedEdges, kept: u32, tile: usize): i32 {
  const n = streamPlan().n;
  const counts = allocate(n << 2);
  const list = allocate(n << 2);
  if (counts == 0 || list == 0) return -1;
  while (true) {
    // Of the two ends that with more open edges: its ball serves them all.
    memory.fill(counts, 0, n << 2);
    let open: u32 = 0;
    for (let i: u32 = 0; i < kept; i++) {
      const edge = rankedEdge(edges, i);
      if (load<u32>(edge, 12) != OPEN) continue;
      open += 1;
      const a = counts + (<usize>smallerVertex(edge) << 2);
      const b = counts + (<usize>largerVertex(edge) << 2);
      store<u32>(a, load<u32>(a) + 1);
      store<u32>(b, load<u32>(b) + 1);
    }
    if (open == 0) break;
    newStamps();
    let length: usize = 0;
    for (let i: u32 = 0; i < kept; i++) {
      const edge = rankedEdge(edges, i);
      if (load<u32>(edge, 12) != OPEN) continue;
      const u = <usize>smallerVertex(edge);
      const w = <usize>largerVertex(edge);
      const chosen = load<u32>(counts + (u << 2)) >= load<u32>(counts + (w << 2)) ? u : w;
      if (stamped(chosen)) continue;
      stamp(chosen, 0);
      store<u32>(list + (length << 2), <u32>chosen);
      length += 1;
    }
    if (!enlargeBalls(list, length, tile)) return -1;
    let left: u32 = 0;
    for (let i: u32 = 0; i < kept; i++) {
      const edge = rankedEdge(edges, i);
      let outcome = EMPTY;
      if (load<u32>(edge, 12) == OPEN)
        outcome = lune(<usize>smallerVertex(edge), <usize>largerVertex(edge), reinterpret<u32>(edgeLength(edge)));
      if (outcome == TAKEN) continue;
      const place = rankedEdge(edges, left);
      v128.store(place, v128.load(edge));
      store<u32>(place, outcome == UNKNOWN ? OPEN : 0, 12);
      left += 1;
    }
    kept = left;
  }
  return <i32>kept;
}

const EMPTY: i32 = 0;
const TAKEN: i32 = 1;
const UNKNOWN: i32 = 2;

/** Whether the lune of (u, w) is empty. */
function lune(u: usize, w: usize, key: u32): i32 {
  const countU = ballRank(u, entryOf(key, w));
  const countW = ballRank(w, entryOf(key, u));
  const reachesU = countU < ballSize(u) || ballIsWhole(u);
  const reachesW = countW < ballSize(w) || ballIsWhole(w);
  // The list that decides is one that reaches the edge; of two, the shorter.
  const first = reachesU != reachesW ? reachesU : countU <= countW;
  const here = first ? u : w;
  const there = first ? w : u;
  const count = first ? countU : countW;
  stampBall(there, first ? countW : countU);
  const ball = ballOf(here);
  for (let i: usize = 0; i < count; i++) if (stamped(entryVertex(load<u64>(ball + (i << 3))))) return TAKEN;
  if (reachesU && reachesW) return EMPTY;
  const limit = entryOf(key, here);
  for (let i: usize = 0; i < count; i++) {
    const k = entryVertex(load<u64>(ball + (i << 3)));
    if (entryOf(keyBetween(there, k), k) < limit) return TAKEN;
  }
  return reachesU || reachesW ? EMPTY : UNKNOWN;
}

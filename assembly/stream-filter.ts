/**
 * Candidates become edges of the relative neighbourhood graph. The lune of an edge is what the balls around its ends, up
 * to the rank of the edge, have in common. Where both lists reach as far as the edge, comparing them decides. Where one
 * does, the rest of its points are measured; where neither does, a ball is made larger.
 */
import { ballIsWhole, ballOf, ballRank, ballSize, enlargeBall, stampBall, stamped } from "./stream-lists";
import { edgeLength, largerVertex, RankedEdges, rankedEdge, smallerVertex } from "./ranked-edges";
import { entryOf, entryVertex, keyBetween } from "./stream-plan";

/**
 * Keeps of the candidates from `from` to `to` those up to the cut with an empty lune, and moves them to place `kept` and
 * on. Returns the place after the last, -1 without memory.
 */
export function keepNeighbours(edges: RankedEdges, from: u32, to: u32, kept: u32, cut: u32): i32 {
  for (let i = from; i < to; i++) {
    const edge = rankedEdge(edges, i);
    const key = reinterpret<u32>(edgeLength(edge));
    if (key > cut) continue;
    const outcome = lune(<usize>smallerVertex(edge), <usize>largerVertex(edge), key);
    if (outcome == NO_MEMORY) return -1;
    if (outcome == TAKEN) continue;
    v128.store(rankedEdge(edges, kept), v128.load(edge));
    kept += 1;
  }
  return <i32>kept;
}

const EMPTY: i32 = 0;
const TAKEN: i32 = 1;
const NO_MEMORY: i32 = 2;

/** Whether the lune of (u, w) is empty. */
function lune(u: usize, w: usize, key: u32): i32 {
  while (true) {
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
    if (reachesU || reachesW) return EMPTY;
    if (!enlargeBall(here)) return NO_MEMORY;
  }
}

/**
 * An order of the vertices in which the first few answer most questions about a lune: 32 central ones, since a central
 * vertex mostly sees all of it; 96 from everywhere; the rest from the most central outwards, or, when near vertices have
 * near numbers already, as they are.
 */
import { allocate, mark, release } from "./arena";
import { comesInTiles, pairLength, vertexCount } from "./pair-lengths";
import { addRanked, largerVertex, newRankedEdges, rankedEdge, sortRanked } from "./ranked-edges";

/** Vertices whose distances to a vertex tell how central it is. */
const PROBES: usize = 256;
const CENTRAL: usize = 32;
const SCATTERED: usize = 96;

/** Vertex i of a fixed scrambling of all n, so that nothing depends on the order of the input. */
@inline
function scrambled(i: usize, n: usize): usize {
  return <usize>((<u64>i * 0x9e3779b1) % <u64>n);
}

/**
 * Writes the vertices in order (u32 × n) to `order`; false when memory does not suffice. Centrality is the sum of the
 * distances to some vertices, each cut at the threshold. O(n log n) and 256 n lengths.
 */
export function luneOrder(threshold: f32, order: usize): bool {
  const n = vertexCount();
  const before = mark();
  const ranked = newRankedEdges(<u32>n);
  const taken = allocate(n);
  if (ranked === null || taken == 0) return false;
  const probes = min(PROBES, n);
  for (let i: usize = 0; i < n; i++) {
    let sum: f64 = 0;
    for (let t: usize = 0; t < probes; t++) {
      const j = probes < n ? scrambled(t, n) : t;
      if (j != i) sum += <f64>min(pairLength(i, j), threshold);
    }
    if (!addRanked(ranked, <f32>sum, <u32>i, 0)) return false;
  }
  const numbered = comesInTiles();
  if (!sortRanked(ranked)) return false;
  memory.fill(taken, 0, n);
  let filled: usize = 0;
  for (let pass = 0; pass < 3; pass++) {
    const want = pass == 0 ? CENTRAL : pass == 1 ? SCATTERED : n;
    for (let t: usize = 0; t < min(want, n); t++) {
      const p = pass == 1 ? scrambled(t, n) : t;
      const v = pass == 2 && numbered ? <u32>t : largerVertex(rankedEdge(ranked, <u32>p));
      if (load<u8>(taken + <usize>v)) continue;
      store<u8>(taken + <usize>v, 1);
      store<u32>(order + (filled << 2), v);
      filled += 1;
    }
  }
  release(before);
  return true;
}

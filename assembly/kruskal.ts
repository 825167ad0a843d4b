/**
 * Stage K: Kruskal's algorithm on the edges of the relative neighbourhood graph alone. The minimum spanning forest is
 * part of that graph, so this is H0; every edge left over gives birth to a class of H1.
 */
import { join, separate } from "./components";
import { addInterval, Intervals } from "./intervals";
import { addRanked, edgeLength, largerVertex, RankedEdges, rankedEdge, smallerVertex } from "./ranked-edges";

/**
 * Writes the intervals of H0, moves the births of H1 to the front of `edges`, in order of rank, and lists the edges of
 * the forest. `edges` must be sorted. False when memory does not suffice.
 */
export function splitByKruskal(n: usize, edges: RankedEdges, forest: RankedEdges, components: Intervals): bool {
  if (!separate(n)) return false;
  let left = n;
  let kept: u32 = 0;
  for (let i: u32 = 0; i < edges.length; i++) {
    const edge = rankedEdge(edges, i);
    if (!join(smallerVertex(edge), largerVertex(edge))) {
      v128.store(rankedEdge(edges, kept), v128.load(edge));
      kept += 1;
      continue;
    }
    left -= 1;
    const death = edgeLength(edge);
    if (!addRanked(forest, death, largerVertex(edge), smallerVertex(edge))) return false;
    if (death > 0 && !addInterval(components, 0, death)) return false;
  }
  edges.length = kept;
  for (; left > 0; left--) if (!addInterval(components, 0, Infinity)) return false;
  return true;
}

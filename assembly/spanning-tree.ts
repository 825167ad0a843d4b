/**
 * H0: the minimum spanning tree of the graph of edges up to the threshold, by Prim's algorithm on the matrix, O(n²)
 * time and O(n) memory, no sort. Edges are ranked strictly by (length, index), so the tree (a forest, when the graph
 * is not connected) is the one that Kruskal's algorithm finds in that order, and its edges are exactly those that kill
 * a component in the refined filtration.
 *
 * Work space, n entries each:
 *
 *     best    f32  length of the best edge from the tree to the vertex, +Infinity once it is in the tree
 *     parent  u32  the vertex of the tree at its other end
 *     edge    i64  index of that edge
 */
import { allocate } from "./arena";
import { binomial } from "./binomials";
import { addInterval, Intervals } from "./intervals";
import { insertKey, KeyTable } from "./keys";
import { distance, points } from "./matrix";

/** Index of the edge between two different vertices. */
@inline
export function edgeIndex(i: usize, j: usize): i64 {
  return i > j ? binomial(<i32>i, 2) + <i64>j : binomial(<i32>j, 2) + <i64>i;
}

/**
 * Writes the intervals of H0 (deaths in the order the tree grows, then the essential ones) and marks every edge of the
 * tree as a pivot, so that dimension 1 clears it. False when memory does not suffice.
 */
export function spanningForest(threshold: f32, zeroLength: bool, intervals: Intervals, tree: KeyTable): bool {
  const n = points();
  const best = allocate(n << 2);
  const parent = allocate(n << 2);
  const edge = allocate(n << 3);
  if (best == 0 || parent == 0 || edge == 0) return false;
  const open = allocate(n);
  if (open == 0) return false;
  for (let v: usize = 0; v < n; v++) {
    store<f32>(best + (v << 2), Infinity);
    store<i64>(edge + (v << 3), i64.MAX_VALUE);
    store<u8>(open + v, 1);
  }
  let current: usize = 0;
  let components: u32 = 1;
  store<u8>(open, 0);
  for (let left = n - 1; left > 0; left--) {
    // Offer every open vertex its edge to the newcomer, and find the best offer of all.
    let next: usize = n;
    let nextLength: f32 = Infinity;
    let nextEdge = i64.MAX_VALUE;
    for (let v: usize = 0; v < n; v++) {
      if (load<u8>(open + v) == 0) continue;
      const length = distance(current, v);
      let known = load<f32>(best + (v << 2));
      if (length <= known) {
        const index = edgeIndex(current, v);
        if (length < known || index < load<i64>(edge + (v << 3))) {
          store<f32>(best + (v << 2), length);
          store<i64>(edge + (v << 3), index);
          known = length;
        }
      }
      const index = load<i64>(edge + (v << 3));
      if (next == n || known < nextLength || (known == nextLength && index < nextEdge)) {
        next = v;
        nextLength = known;
        nextEdge = index;
      }
    }
    if (nextLength <= threshold) {
      if ((zeroLength || nextLength > 0) && !addInterval(intervals, 0, nextLength)) return false;
      if (!insertKey(tree, <u64>nextEdge, 0, 1)) return false;
    } else {
      // No edge up to the threshold leaves this component: the next vertex begins another one.
      components += 1;
    }
    store<u8>(open + next, 0);
    current = next;
  }
  for (let i: u32 = 0; i < components; i++) if (!addInterval(intervals, 0, Infinity)) return false;
  return true;
}

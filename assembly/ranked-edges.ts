/**
 * Lists of edges in the strict order of their ranks.
 *
 * Edge, 16 bytes:
 *
 *     +0  u32  smaller vertex
 *     +4  u32  larger vertex
 *     +8  f32  length
 *     +12 u32  unused
 *
 * The rank of an edge is its place in the order (length, larger vertex, smaller vertex). Lengths are not negative, so
 * their bit patterns order like the numbers, and (length, larger) is one unsigned 64-bit key.
 */
import { allocate, enlarge } from "./arena";

const EDGE_SHIFT: usize = 4;

/** A growable list of edges. */
@unmanaged
export class RankedEdges {
  ptr: usize;
  length: u32;
  capacity: u32;
}

/** An empty list, or null when memory does not suffice. */
export function newRankedEdges(capacity: u32): RankedEdges | null {
  const header = allocate(offsetof<RankedEdges>());
  const ptr = allocate(<usize>capacity << EDGE_SHIFT);
  if (header == 0 || ptr == 0) return null;
  const edges = changetype<RankedEdges>(header);
  edges.ptr = ptr;
  edges.length = 0;
  edges.capacity = capacity;
  return edges;
}

/** Address of edge i. */
@inline
export function rankedEdge(edges: RankedEdges, i: u32): usize {
  return edges.ptr + (<usize>i << EDGE_SHIFT);
}

@inline
export function smallerVertex(edge: usize): u32 {
  return load<u32>(edge);
}

@inline
export function largerVertex(edge: usize): u32 {
  return load<u32>(edge, 4);
}

@inline
export function edgeLength(edge: usize): f32 {
  return load<f32>(edge, 8);
}

/** Adds an edge; false when memory does not suffice. */
export function addRanked(edges: RankedEdges, length: f32, larger: u32, smaller: u32): bool {
  if (edges.length == edges.capacity) {
    const bytes = <usize>edges.capacity << EDGE_SHIFT;
    const ptr = enlarge(edges.ptr, bytes, 2 * bytes);
    if (ptr == 0) return false;
    edges.ptr = ptr;
    edges.capacity *= 2;
  }
  const at = rankedEdge(edges, edges.length);
  store<u32>(at, smaller);
  store<u32>(at, larger, 4);
  store<f32>(at, length, 8);
  edges.length += 1;
  return true;
}

@inline
function lessEdge(a: usize, b: usize): bool {
  const left = (<u64>load<u32>(a, 8) << 32) | load<u32>(a, 4);
  const right = (<u64>load<u32>(b, 8) << 32) | load<u32>(b, 4);
  return left < right || (left == right && load<u32>(a) < load<u32>(b));
}

/** Sorts by rank: bottom-up merge sort, O(m log m), with a buffer as large as the list. False without memory. */
export function sortRanked(edges: RankedEdges): bool {
  const length = <usize>edges.length;
  let from = edges.ptr;
  let to = allocate(length << EDGE_SHIFT);
  if (to == 0) return false;
  for (let width: usize = 1; width < length; width *= 2) {
    for (let start: usize = 0; start < length; start += 2 * width) {
      let a = from + (start << EDGE_SHIFT);
      const endA = from + (min(start + width, length) << EDGE_SHIFT);
      let b = endA;
      const endB = from + (min(start + 2 * width, length) << EDGE_SHIFT);
      let out = to + (start << EDGE_SHIFT);
      while (a < endA && b < endB) {
        if (lessEdge(b, a)) {
          v128.store(out, v128.load(b));
          b += 16;
        } else {
          v128.store(out, v128.load(a));
          a += 16;
        }
        out += 16;
      }
      if (a < endA) memory.copy(out, a, endA - a);
      if (b < endB) memory.copy(out, b, endB - b);
    }
    const swap = from;
    from = to;
    to = swap;
  }
  edges.ptr = from;
  edges.capacity = <u32>max(length, 1);
  return true;
}

/**
 * Every edge up to the threshold in order of rank: (length, larger vertex, smaller vertex). An edge is one u32, larger
 * vertex << 16 | smaller, so n ≤ 65,536. Work space: 8 n² bytes, of which the list itself takes a quarter.
 */
import { allocate } from "./arena";
import { points, row } from "./matrix";

let count: usize = 0;

/** Number of edges the last call of `listEdges` found. */
export function listedEdges(): usize {
  return count;
}

/** Address of the sorted list, 0 when memory does not suffice. O(n²). */
export function listEdges(threshold: f32): usize {
  const n = points();
  // At least one entry, so that an empty list still has an address.
  const most = ((n * (n - 1)) >> 1) + 1;
  const keys = allocate(most << 2);
  const list = allocate(most << 2);
  const keys2 = allocate(most << 2);
  const list2 = allocate(most << 2);
  if (keys == 0 || list == 0 || keys2 == 0 || list2 == 0) return 0;
  count = 0;
  for (let i: usize = 1; i < n; i++) {
    const line = row(i);
    for (let j: usize = 0; j < i; j++) {
      const length = load<f32>(line + (j << 2));
      if (!(length <= threshold)) continue;
      store<u32>(keys + (count << 2), reinterpret<u32>(length));
      store<u32>(list + (count << 2), (<u32>i << 16) | <u32>j);
      count += 1;
    }
  }
  return sortEdges(keys, list, keys2, list2);
}

/** Sorts (key, edge) pairs by key, stably: three passes of 11 bits. Returns the address of the sorted edges. */
function sortEdges(keys: usize, edges: usize, keys2: usize, edges2: usize): usize {
  const histogram = allocate(2048 << 2);
  if (histogram == 0) return 0;
  for (let shift: u32 = 0; shift < 33; shift += 11) {
    memory.fill(histogram, 0, 2048 << 2);
    for (let i: usize = 0; i < count; i++) {
      const at = histogram + (<usize>((load<u32>(keys + (i << 2)) >> shift) & 2047) << 2);
      store<u32>(at, load<u32>(at) + 1);
    }
    let sum: u32 = 0;
    for (let b: usize = 0; b < 2048; b++) {
      const size = load<u32>(histogram + (b << 2));
      store<u32>(histogram + (b << 2), sum);
      sum += size;
    }
    for (let i: usize = 0; i < count; i++) {
      const key = load<u32>(keys + (i << 2));
      const at = histogram + (<usize>((key >> shift) & 2047) << 2);
      const to = <usize>load<u32>(at);
      store<u32>(at, <u32>to + 1);
      store<u32>(keys2 + (to << 2), key);
      store<u32>(edges2 + (to << 2), load<u32>(edges + (i << 2)));
    }
    let swap = keys;
    keys = keys2;
    keys2 = swap;
    swap = edges;
    edges = edges2;
    edges2 = swap;
  }
  return edges;
}


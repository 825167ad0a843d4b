/**
 * Vertices from the most central outwards. A central vertex of a lune mostly sees all of it, so bitsets whose first
 * bits are the central vertices answer most questions about a lune with their first one.
 */
import { allocate } from "./arena";
import { distance, points } from "./matrix";

/**
 * New number of each vertex (u32), by increasing sum of distances, each cut at the threshold. Returns the address, 0 when
 * memory does not suffice. O(n²).
 */
export function centralOrder(threshold: f32): usize {
  const n = points();
  const sums = allocate(n << 3);
  const sorted = allocate(n << 2);
  const order = allocate(n << 2);
  if (sums == 0 || sorted == 0 || order == 0) return 0;
  for (let i: usize = 0; i < n; i++) {
    let sum: f64 = 0;
    for (let j: usize = 0; j < n; j++) if (j != i) sum += <f64>min(distance(i, j), threshold);
    store<f64>(sums + (i << 3), sum);
    // Insertion from the end: n is at most some thousands here.
    let hole = i;
    while (hole > 0 && load<f64>(sums + (<usize>load<u32>(sorted + ((hole - 1) << 2)) << 3)) > sum) {
      store<u32>(sorted + (hole << 2), load<u32>(sorted + ((hole - 1) << 2)));
      hole--;
    }
    store<u32>(sorted + (hole << 2), <u32>i);
  }
  for (let p: usize = 0; p < n; p++) store<u32>(order + (<usize>load<u32>(sorted + (p << 2)) << 2), <u32>p);
  return order;
}

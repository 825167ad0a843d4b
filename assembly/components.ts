/** Union-find over the vertices: which component of the graph so far each belongs to. One u32 a vertex. */
import { allocate } from "./arena";

let parents: usize = 0;

/** Makes every vertex a component of its own; false when memory does not suffice. */
export function separate(n: usize): bool {
  parents = allocate(n << 2);
  if (parents == 0) return false;
  for (let v: usize = 0; v < n; v++) store<u32>(parents + (v << 2), <u32>v);
  return true;
}

/** Joins the components of two vertices; false when they were one already. Nearly O(1). */
export function join(a: usize, b: usize): bool {
  const x = root(a);
  const y = root(b);
  if (x == y) return false;
  store<u32>(parents + (max(x, y) << 2), <u32>min(x, y));
  return true;
}

function root(vertex: usize): usize {
  let at = vertex;
  for (;;) {
    const parent = <usize>load<u32>(parents + (at << 2));
    if (parent == at) break;
    const grand = load<u32>(parents + (parent << 2));
    // Path halving.
    store<u32>(parents + (at << 2), grand);
    at = grand;
  }
  return at;
}

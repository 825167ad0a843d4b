/**
 * Edge collapse (Boissonnat and Pritam 2020; Glisse and Pritam 2022, "Swap, shift and trim to edge collapse a
 * filtration"). An edge (u, v) is dominated by a vertex c when every common neighbour of u and v, and c itself, sees c.
 * Entering or leaving out a dominated edge changes no homology, so an edge may enter later, for as long as something
 * dominates it, and an edge that is dominated for ever may be left out. Edges are treated from the last to the first;
 * the matrix is changed in place: a delayed edge has a larger value, always one that is in the matrix already, a
 * dropped edge +Infinity. The intervals of positive length stay the same.
 */
import { distance, points, row, bytesPerRow } from "./matrix";
import { listEdges, listedEdges } from "./edge-list";

/** The moment the vertex tried last ceases to dominate; meaningful only after `dominates` was true. */
let until: f32 = 0;

/**
 * True when c dominates the edge whose ends have the rows a and b at `time`; then sets `until` to the first moment at
 * which a common neighbour that c does not see enters. The diagonal entry of c must be 0 meanwhile. O(n).
 */
function dominates(a: usize, b: usize, c: usize, time: f32): bool {
  const line = row(c);
  const end = bytesPerRow();
  const now = f32x4.splat(time);
  let first = f32x4.splat(Infinity);
  const never = first;
  for (let at: usize = 0; at < end; at += 16) {
    // A vertex is a common neighbour from then on, and no sooner than now.
    const common = f32x4.max(f32x4.max(v128.load(a + at), v128.load(b + at)), now);
    const unseen = f32x4.gt(v128.load(line + at), common);
    if (!v128.any_true(unseen)) continue;
    first = f32x4.pmin(first, v128.bitselect(common, never, unseen));
    if (v128.any_true(f32x4.le(first, now))) return false;
  }
  until = min(
    min(f32x4.extract_lane(first, 0), f32x4.extract_lane(first, 1)),
    min(f32x4.extract_lane(first, 2), f32x4.extract_lane(first, 3)),
  );
  return true;
}

/** Collapses the edges of the current matrix up to the threshold; false when memory does not suffice. */
export function collapseEdges(threshold: f32): bool {
  const list = listEdges(threshold);
  if (list == 0) return false;
  const end = bytesPerRow();
  const n = points();
  // Edges above the threshold never enter.
  const limit = f32x4.splat(threshold);
  const never = f32x4.splat(Infinity);
  for (let i: usize = 0; i < n; i++) {
    const line = row(i);
    for (let at: usize = 0; at < end; at += 16) {
      const value = v128.load(line + at);
      v128.store(line + at, v128.bitselect(value, never, f32x4.le(value, limit)));
    }
  }
  for (let e = listedEdges(); e > 0; e--) {
    const pair = load<u32>(list + ((e - 1) << 2));
    const u = <usize>(pair >> 16);
    const v = <usize>(pair & 0xffff);
    const a = row(u);
    const b = row(v);
    const entered = distance(u, v);
    let time = entered;
    while (time < Infinity) {
      const moved = delay(a, b, time);
      if (moved == time) break;
      time = moved;
    }
    if (time == entered) continue;
    store<f32>(a + (v << 2), time);
    store<f32>(b + (u << 2), time);
  }
  return true;
}

/** The latest moment up to which one vertex dominates the edge from `time` on; `time` itself when none does. */
function delay(a: usize, b: usize, time: f32): f32 {
  const end = bytesPerRow();
  const now = f32x4.splat(time);
  for (let at: usize = 0; at < end; at += 16) {
    let hits = i32x4.bitmask(f32x4.le(f32x4.max(v128.load(a + at), v128.load(b + at)), now));
    while (hits) {
      const c = (at >> 2) + <usize>ctz(hits);
      hits &= hits - 1;
      const diagonal = row(c) + (c << 2);
      store<f32>(diagonal, 0);
      const yes = dominates(a, b, c, time);
      store<f32>(diagonal, Infinity);
      if (yes) return until;
    }
  }
  return time;
}

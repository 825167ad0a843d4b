/**
 * Stage R: the relative neighbourhood graph. Edges are ranked strictly by (length, larger vertex, smaller vertex). The
 * lune of an edge (u, w) holds the vertices k for which (u, k) and (w, k) both rank below it; an edge whose lune is
 * empty is an edge of the graph. Only such edges can join components or give birth to a class of H1: when any other
 * edge enters, the flag complex on its lune is not empty (Mayer–Vietoris).
 *
 * Every vertex u has a short list of near vertices p. A vertex w is struck when max(d(u,p), d(p,w)) < d(u,w): p then
 * lies in the lune, whatever the ranks of ties. What the lists of both ends do not strike is tested exactly.
 *
 *     near     u32 × NEAR a vertex, its nearest vertices
 *     lengths  f32 × NEAR a vertex, their distances
 */
import { allocate } from "./arena";
import { argument, crewThreads, leave, left, rowsOfTask, runPhase, setArgument } from "./crew";
import { bytesPerRow, openMatrix, points, row } from "./matrix";
import { addRanked, edgeLength, largerVertex, newRankedEdges, RankedEdges, rankedEdge, smallerVertex } from "./ranked-edges";

/** Near vertices tried against every edge. */
const NEAR: usize = 12;

let near: usize = 0;
let lengths: usize = 0;
let listed: usize = 0;

/** The lists of near vertices, the threshold, and rows a task; after the two arguments of `openMatrix`. */
function openNear(): bool {
  if (!openMatrix()) return false;
  near = argument<usize>(2);
  lengths = argument<usize>(3);
  listed = min(NEAR, points() - 1);
  return true;
}

/** Fills the lists of near vertices of some rows. O(n) a row. */
function listNear(task: usize, thread: usize): bool {
  const end = bytesPerRow();
  const rows = argument<usize>(5);
  const lastRow = min((task + 1) * rows, points());
  for (let u = task * rows; u < lastRow; u++) {
    const line = row(u);
    const ids = near + ((u * NEAR) << 2);
    const values = lengths + ((u * NEAR) << 2);
    // Places that stay free name a vertex infinitely far away, which strikes nothing.
    for (let i: usize = 0; i < listed; i++) {
      store<f32>(values + (i << 2), Infinity);
      store<u32>(ids + (i << 2), <u32>u);
    }
    let worst = f32x4.splat(Infinity);
    const last = (listed - 1) << 2;
    for (let at: usize = 0; at < end; at += 16) {
      let hits = i32x4.bitmask(f32x4.lt(v128.load(line + at), worst));
      while (hits) {
        const lane = <usize>ctz(hits);
        hits &= hits - 1;
        const value = load<f32>(line + at + (lane << 2));
        if (!(value < load<f32>(values + last))) continue;
        // Insertion into the short sorted list.
        let i = listed - 1;
        while (i > 0 && load<f32>(values + ((i - 1) << 2)) > value) {
          store<f32>(values + (i << 2), load<f32>(values + ((i - 1) << 2)));
          store<u32>(ids + (i << 2), load<u32>(ids + ((i - 1) << 2)));
          i--;
        }
        store<f32>(values + (i << 2), value);
        store<u32>(ids + (i << 2), <u32>((at >> 2) + lane));
        worst = f32x4.splat(load<f32>(values + last));
      }
    }
  }
  return true;
}

/** True when the edge (i, j) of length `a` ranks below the edge (k, l) of length `b`. */
@inline
export function ranksBelow(a: f32, i: usize, j: usize, b: f32, k: usize, l: usize): bool {
  if (a != b) return a < b;
  const high = max(i, j);
  const other = max(k, l);
  if (high != other) return high < other;
  return min(i, j) < min(k, l);
}

/** True when no vertex at all lies in the lune of (u, w). O(n), four vertices at a time. */
function luneIsEmpty(u: usize, w: usize, length: f32): bool {
  const a = row(u);
  const b = row(w);
  const end = bytesPerRow();
  const limit = f32x4.splat(length);
  for (let at: usize = 0; at < end; at += 16) {
    const x = v128.load(a + at);
    const y = v128.load(b + at);
    let hits = i32x4.bitmask(f32x4.le(f32x4.max(x, y), limit));
    while (hits) {
      const lane = <usize>ctz(hits);
      hits &= hits - 1;
      const k = (at >> 2) + lane;
      const left = load<f32>(a + (k << 2));
      const right = load<f32>(b + (k << 2));
      if (ranksBelow(left, u, k, length, u, w) && ranksBelow(right, w, k, length, u, w)) return false;
    }
  }
  return true;
}

/** Appends the edges of the graph up to the threshold, in any order; false when memory does not suffice. In a crew. */
export function relativeNeighbours(matrix: usize, threshold: f32, edges: RankedEdges): bool {
  const n = points();
  if (n < 2) return true;
  near = allocate((n * NEAR) << 2);
  lengths = allocate((n * NEAR) << 2);
  if (near == 0 || lengths == 0) return false;
  setArgument(0, matrix);
  setArgument(1, n);
  setArgument(2, near);
  setArgument(3, lengths);
  setArgument(4, threshold);
  const rows = rowsOfTask(n);
  setArgument(5, rows);
  const tasks = (n + rows - 1) / rows;
  if (!runPhase(openNear, listNear, tasks)) return false;
  if (!runPhase(openNear, strikeRows, tasks)) return false;
  const threads = crewThreads();
  for (let t: usize = 0; t < threads; t++) {
    const found = left(t);
    if (found == 0) continue;
    const more = changetype<RankedEdges>(<usize>found);
    for (let i: u32 = 0; i < more.length; i++) {
      const edge = rankedEdge(more, i);
      if (!addRanked(edges, edgeLength(edge), largerVertex(edge), smallerVertex(edge))) return false;
    }
  }
  return true;
}

/** Adds the edges of the graph from some rows' vertices to larger ones to this thread's list, which it leaves. */
function strikeRows(task: usize, thread: usize): bool {
  const n = points();
  if (left(thread) == 0) {
    const list = newRankedEdges((4 * <u32>n) / <u32>crewThreads() + 16);
    if (list === null) return false;
    leave(thread, <u32>changetype<usize>(list));
  }
  const edges = changetype<RankedEdges>(<usize>left(thread));
  const end = bytesPerRow();
  const cut = f32x4.splat(argument<f32>(4));
  const rows = argument<usize>(5);
  const lastRow = min((task + 1) * rows, n);
  for (let u = task * rows; u < lastRow; u++) {
    const line = row(u);
    const ids = near + ((u * NEAR) << 2);
    const values = lengths + ((u * NEAR) << 2);
    for (let at = ((u + 1) >> 2) << 4; at < end; at += 16) {
      const length = v128.load(line + at);
      let alive = f32x4.le(length, cut);
      for (let i: usize = 0; i < listed; i++) {
        const p = <usize>load<u32>(ids + (i << 2));
        const reach = f32x4.max(v128.load32_splat(values + (i << 2)), v128.load(row(p) + at));
        alive = v128.andnot(alive, f32x4.lt(reach, length));
        if (!v128.any_true(alive)) break;
      }
      let hits = i32x4.bitmask(alive);
      while (hits) {
        const lane = <usize>ctz(hits);
        hits &= hits - 1;
        const w = (at >> 2) + lane;
        if (w <= u) continue;
        const d = load<f32>(line + (w << 2));
        if (struckFrom(w, u, d) || !luneIsEmpty(u, w, d)) continue;
        if (!addRanked(edges, d, <u32>w, <u32>u)) return false;
      }
    }
  }
  return true;
}

/** True when a near vertex of w lies strictly inside the lune of (u, w). */
function struckFrom(w: usize, u: usize, length: f32): bool {
  const ids = near + ((w * NEAR) << 2);
  const values = lengths + ((w * NEAR) << 2);
  const line = row(u);
  for (let i: usize = 0; i < listed; i++) {
    if (!(load<f32>(values + (i << 2)) < length)) return false;
    if (load<f32>(line + (<usize>load<u32>(ids + (i << 2)) << 2)) < length) return true;
  }
  return false;
}

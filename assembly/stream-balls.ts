/**
 * The vertices k around an edge (a, b) by increasing m = max(key(a,k), key(b,k)). Every k with m up to some bound lies in
 * both balls of that radius, so a walk through both lists of nearest points at once, by increasing key, meets each k
 * twice, the second time at m: no distance has to be computed. Where a list ends before the first such k, the rest is
 * read from the other list, its points measured. Nothing is kept of what lies beyond the bound: a later reading starts
 * again and goes farther. Most edges are read once.
 *
 * Vertex found, 16 bytes: u32 vertex, u32 key to the larger vertex of the edge, u32 key to the smaller one, u32 m.
 */
import { allocate } from "./arena";
import { ballIsWhole, ballOf, ballRank, ballSize, enlargeBall } from "./stream-lists";
import { entryKey, entryOf, entryVertex, keyBetween, streamPlan } from "./stream-plan";
import { newStamps, stamp, stampBall, stamped, stampedKey } from "./stream-stamps";

let found: usize = 0;
/** A heap of the least m met, the greatest on top, u32 each. */
let least: usize = 0;

/** Every vertex with a smaller m has been found by the last reading. */
let reached: u32 = 0;
/** Nothing is left to read. */
let ended: bool = false;

/** Work space; false without memory. */
export function prepareReading(): bool {
  const n = streamPlan().n;
  found = allocate((n + 1) << 4);
  least = allocate((n + 1) << 2);
  return found != 0 && least != 0;
}

/** Address of the vertices found by the last reading. */
@inline
export function foundVertices(): usize {
  return found;
}

/** The bound up to which the last reading is complete. */
@inline
export function readingBound(): u32 {
  return reached;
}

/** True when the last reading found everything up to the cut. */
@inline
export function readingEnded(): bool {
  return ended;
}

/** Puts the value on top of a heap in its place. */
function siftDown(value: u32, length: usize): void {
  let hole: usize = 0;
  while (true) {
    let child: usize = (hole << 1) + 1;
    if (child >= length) break;
    if (child + 1 < length && load<u32>(least + ((child + 1) << 2)) > load<u32>(least + (child << 2))) child += 1;
    const larger = load<u32>(least + (child << 2));
    if (larger <= value) break;
    store<u32>(least + (hole << 2), larger);
    hole = child;
  }
  store<u32>(least + (hole << 2), value);
}

function addLeast(value: u32, length: usize): void {
  let hole = length;
  while (hole > 0) {
    const parent = (hole - 1) >> 1;
    const above = load<u32>(least + (parent << 2));
    if (above >= value) break;
    store<u32>(least + (hole << 2), above);
    hole = parent;
  }
  store<u32>(least + (hole << 2), value);
}

/**
 * Finds at least `wanted` vertices with m ≥ from, if there are as many up to the cut, and with them all below the bound
 * reached. Returns their number, -1 without memory.
 */
export function readAround(larger: usize, smaller: usize, key: u32, from: u32, wanted: usize, cut: u32): i32 {
  const count = readBoth(larger, smaller, from, wanted, cut);
  if (count > 0 || ended) return count;
  from = max(from, reached);
  while (true) {
    const radius = entryOf(max(key, from), 0);
    const rankA = ballRank(larger, radius);
    const rankB = ballRank(smaller, radius);
    let centre = rankA <= rankB ? larger : smaller;
    let other = rankA <= rankB ? smaller : larger;
    if (!reaches(centre, from) && reaches(other, from)) {
      const swap = centre;
      centre = other;
      other = swap;
    }
    if (reaches(centre, from)) {
      const count = readOne(centre, other, centre == larger, from, wanted, cut);
      if (count > 0 || ended) return count;
      // The list ends before the first vertex is certain.
      if (reached > from) {
        from = reached;
        continue;
      }
    }
    if (!enlargeBall(centre)) return -1;
  }
}

/** True when the ball holds entries beyond a key, or all there are. */
@inline
function reaches(u: usize, key: u32): bool {
  const size = ballSize(u);
  return ballIsWhole(u) || (size > 0 && entryKey(load<u64>(ballOf(u) + ((size - 1) << 3))) > key);
}

@inline
function putFound(count: usize, k: usize, toLarger: u32, toSmaller: u32, m: u32): void {
  const at = found + (count << 4);
  store<u32>(at, <u32>k);
  store<u32>(at, toLarger, 4);
  store<u32>(at, toSmaller, 8);
  store<u32>(at, m, 12);
}

/** Reads from both lists as far as both reach. */
function readBoth(larger: usize, smaller: usize, from: u32, wanted: usize, cut: u32): i32 {
  const ballA = ballOf(larger);
  const ballB = ballOf(smaller);
  const sizeA = ballSize(larger);
  const sizeB = ballSize(smaller);
  let i: usize = 0;
  let j: usize = 0;
  let count: usize = 0;
  let last: u32 = 0;
  ended = false;
  newStamps();
  while (true) {
    if (i == sizeA && !ballIsWhole(larger)) {
      reached = sizeA > 0 ? entryKey(load<u64>(ballA + ((sizeA - 1) << 3))) : 0;
      break;
    }
    if (j == sizeB && !ballIsWhole(smaller)) {
      reached = sizeB > 0 ? entryKey(load<u64>(ballB + ((sizeB - 1) << 3))) : 0;
      break;
    }
    const a = i < sizeA ? load<u64>(ballA + (i << 3)) : u64.MAX_VALUE;
    const b = j < sizeB ? load<u64>(ballB + (j << 3)) : u64.MAX_VALUE;
    const isA = a <= b;
    const entry = isA ? a : b;
    const key = entryKey(entry);
    if (key > cut) {
      ended = true;
      return <i32>count;
    }
    if (count >= wanted && key > last) {
      reached = key;
      return <i32>count;
    }
    if (isA) i++;
    else j++;
    const k = entryVertex(entry);
    if (k == larger || k == smaller) continue;
    if (!stamped(k)) {
      stamp(k, key);
      continue;
    }
    if (key < from) continue;
    if (isA) putFound(count, k, key, stampedKey(k), key);
    else putFound(count, k, stampedKey(k), key, key);
    count += 1;
    last = key;
  }
  // A list ended: it may lack points at the distance of its last one.
  while (count > 0 && load<u32>(found + ((count - 1) << 4), 12) >= reached) count -= 1;
  return <i32>count;
}

/** Reads from the ball of one end; what the list of the other end does not hold is measured. */
function readOne(centre: usize, other: usize, centreIsLarger: bool, from: u32, wanted: usize, cut: u32): i32 {
  const ball = ballOf(centre);
  const size = ballSize(centre);
  stampBall(other);
  let count: usize = 0;
  let below: usize = 0;
  let radius: u32 = 0;
  ended = false;
  let i: usize = 0;
  for (; i < size; i++) {
    const entry = load<u64>(ball + (i << 3));
    radius = entryKey(entry);
    if (radius > cut) break;
    if (below == wanted && radius > load<u32>(least)) break;
    const k = entryVertex(entry);
    if (k == other) continue;
    const distance = stamped(k) ? stampedKey(k) : keyBetween(other, k);
    const m = max(radius, distance);
    if (m < from || m > cut) continue;
    putFound(count, k, centreIsLarger ? radius : distance, centreIsLarger ? distance : radius, m);
    count += 1;
    if (below < wanted) {
      addLeast(m, below);
      below += 1;
    } else if (m < load<u32>(least)) siftDown(m, wanted);
  }
  if (radius > cut || (i == size && ballIsWhole(centre))) {
    ended = true;
    return <i32>count;
  }
  // Only what lies below the radius is certain to be complete.
  reached = radius;
  let kept: usize = 0;
  for (let j: usize = 0; j < count; j++) {
    const at = found + (j << 4);
    if (load<u32>(at, 12) >= reached) continue;
    v128.store(found + (kept << 4), v128.load(at));
    kept += 1;
  }
  return <i32>kept;
}

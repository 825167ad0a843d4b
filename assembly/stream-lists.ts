/**
 * Lists of nearest points: of every point u the `keep` least entries, exactly. During the block pass a list is a buffer
 * of `room` entries: a newcomer above the worst entry kept is refused, and a full buffer is cut back to its `keep`
 * least. What a list holds at the end does not depend on the order in which the entries came.
 *
 * After the pass a *ball* is the sorted list of a point; where it is too short the whole row is computed once and a
 * list eight times as long replaces it.
 *
 *     balls   u32 address, u32 entries, a point
 *     stamps  u32 number of a stamp, u32 key, a point: marks left by a walk through one ball for a walk through another
 */
import { SPARE_ROWS } from "./abi";
import { allocate } from "./arena";
import { entryKey, entryOf, entryVertex, INFINITE_KEY, keyBetween, streamPlan } from "./stream-plan";
import { copyRow, fillTile, maskTriples, tileStride } from "./stream-tiles";

/** Adds an entry to the list of point u. */
export function pushEntry(u: usize, entry: u64): void {
  const plan = streamPlan();
  if (entry > load<u64>(plan.worst + (u << 3))) return;
  const room = plan.room;
  const list = plan.lists + ((u * room) << 3);
  const length = <usize>load<u32>(plan.lengths + (u << 2));
  store<u64>(list + (length << 3), entry);
  store<u32>(plan.lengths + (u << 2), <u32>(length + 1));
  if (length + 1 == room) cutBack(u);
}

/** Keeps the `keep` least entries of a list. */
function cutBack(u: usize): void {
  const plan = streamPlan();
  const keep = plan.keep;
  const list = plan.lists + ((u * plan.room) << 3);
  const length = <usize>load<u32>(plan.lengths + (u << 2));
  if (length < keep) return;
  if (length > keep) selectEntries(list, length, keep);
  let worst: u64 = 0;
  for (let i: usize = 0; i < keep; i++) worst = max(worst, load<u64>(list + (i << 3)));
  store<u32>(plan.lengths + (u << 2), <u32>keep);
  store<u64>(plan.worst + (u << 3), worst);
  store<u32>(plan.limits + (u << 2), entryKey(worst));
}

/** Moves the `count` least of `length` entries to the front, in any order. O(length) on average. */
export function selectEntries(ptr: usize, length: usize, count: usize): void {
  let low: usize = 0;
  let high = length;
  while (high - low > 1 && count > low && count < high) {
    // Median of three, moved nowhere: a value is enough for the partition.
    const x = load<u64>(ptr + (low << 3));
    const y = load<u64>(ptr + (((low + high) >> 1) << 3));
    const z = load<u64>(ptr + ((high - 1) << 3));
    const pivot = max(min(x, y), min(max(x, y), z));
    let i = low;
    let j = high - 1;
    while (true) {
      while (load<u64>(ptr + (i << 3)) < pivot) i++;
      while (load<u64>(ptr + (j << 3)) > pivot) j--;
      if (i >= j) break;
      const swap = load<u64>(ptr + (i << 3));
      store<u64>(ptr + (i << 3), load<u64>(ptr + (j << 3)));
      store<u64>(ptr + (j << 3), swap);
      i++;
      j--;
    }
    // Everything before `middle` is at most the pivot, everything from it on at least the pivot.
    const middle = i > low ? i : low + 1;
    if (count < middle) high = middle;
    else if (count > middle) low = middle;
    else return;
  }
}

/** Sorts entries: quicksort, insertion sort for short runs. O(length log length) on average. */
export function sortEntries(ptr: usize, length: usize): void {
  while (length > 16) {
    const middle = length >> 1;
    selectEntries(ptr, length, middle);
    sortEntries(ptr, middle);
    ptr += middle << 3;
    length -= middle;
  }
  for (let i: usize = 1; i < length; i++) {
    const moving = load<u64>(ptr + (i << 3));
    let hole = i;
    while (hole > 0 && load<u64>(ptr + ((hole - 1) << 3)) > moving) {
      store<u64>(ptr + (hole << 3), load<u64>(ptr + ((hole - 1) << 3)));
      hole--;
    }
    store<u64>(ptr + (hole << 3), moving);
  }
}

/** Room for the lists; false without memory. */
export function prepareLists(keep: usize, room: usize): bool {
  const plan = streamPlan();
  const n = plan.n;
  plan.keep = min(keep, n - 1);
  // With every entry kept nothing is ever cut back; else half as many again make cuts rare.
  plan.room = max(room, plan.keep + 1);
  plan.lengths = allocate(n << 2);
  plan.worst = allocate(n << 3);
  // Scans read 16 limits at a time.
  plan.limits = allocate((n + 16) << 2);
  plan.farthest = allocate(n << 2);
  plan.lists = allocate((n * plan.room) << 3);
  if (plan.lengths == 0 || plan.worst == 0 || plan.limits == 0 || plan.farthest == 0 || plan.lists == 0) return false;
  memory.fill(plan.lengths, 0, n << 2);
  memory.fill(plan.farthest, 0, n << 2);
  for (let i: usize = 0; i < n; i++) store<u64>(plan.worst + (i << 3), entryOf(INFINITE_KEY, u32.MAX_VALUE));
  for (let i: usize = 0; i < n + 16; i++) store<u32>(plan.limits + (i << 2), INFINITE_KEY);
  return true;
}

/** Cuts and sorts the lists of the points from `low` to `high`. */
export function finishLists(low: usize, high: usize): void {
  const plan = streamPlan();
  for (let u = low; u < high; u++) {
    cutBack(u);
    sortEntries(plan.lists + ((u * plan.room) << 3), <usize>load<u32>(plan.lengths + (u << 2)));
  }
}

/** Moves the finished lists together; returns the address of what becomes free, as far as the lists had reached. */
export function packLists(): usize {
  const plan = streamPlan();
  const bytes = plan.keep << 3;
  for (let u: usize = 0; u < plan.n; u++)
    memory.copy(plan.lists + u * bytes, plan.lists + ((u * plan.room) << 3), bytes);
  return plan.lists + plan.n * bytes;
}

let balls: usize = 0;
let line: usize = 0;
let stamps: usize = 0;
let keyRows: usize = 0;
let stampNow: u32 = 0;

/** Begins the time of balls, after `finishLists`; false without memory. */
export function prepareBalls(): bool {
  const plan = streamPlan();
  stampNow = 0;
  keyRows = 0;
  balls = allocate(plan.n << 3);
  line = allocate(plan.n << 3);
  stamps = allocate(plan.n << 3);
  if (balls == 0 || line == 0 || stamps == 0) return false;
  memory.fill(stamps, 0, plan.n << 3);
  for (let u: usize = 0; u < plan.n; u++) {
    store<u32>(balls + (u << 3), <u32>(plan.lists + ((u * plan.keep) << 3)));
    store<u32>(balls + (u << 3), load<u32>(plan.lengths + (u << 2)), 4);
  }
  return true;
}

/** Address of the sorted entries around a point. */
@inline
export function ballOf(u: usize): usize {
  return <usize>load<u32>(balls + (u << 3));
}

/** Number of entries around a point. */
@inline
export function ballSize(u: usize): usize {
  return <usize>load<u32>(balls + (u << 3), 4);
}

/** True when the ball holds every other point. */
@inline
export function ballIsWhole(u: usize): bool {
  return ballSize(u) + 1 == streamPlan().n;
}

/** Number of entries of the ball of u below the given one. */
export function ballRank(u: usize, entry: u64): usize {
  const ptr = ballOf(u);
  let low: usize = 0;
  let high = ballSize(u);
  while (low < high) {
    const middle = (low + high) >> 1;
    if (load<u64>(ptr + (middle << 3)) < entry) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Makes the ball of u eight times as large, from a row computed afresh; false without memory. O(n d). */
export function enlargeBall(u: usize): bool {
  const n = streamPlan().n;
  let length: usize = 0;
  for (let k: usize = 0; k < n; k++) {
    if (k == u) continue;
    store<u64>(line + (length << 3), entryOf(keyBetween(u, k), k));
    length += 1;
  }
  return replaceBall(u);
}

/** Takes the nearest points of u out of the row in `line`. */
function replaceBall(u: usize): bool {
  const wanted = min(streamPlan().n - 1, max(ballSize(u) << 3, 16));
  selectEntries(line, streamPlan().n - 1, wanted);
  sortEntries(line, wanted);
  const ptr = allocate(wanted << 3);
  if (ptr == 0) return false;
  memory.copy(ptr, line, wanted << 3);
  store<u32>(balls + (u << 3), <u32>ptr);
  store<u32>(balls + (u << 3), <u32>wanted, 4);
  return true;
}

/**
 * As {@link enlargeBall} for up to `SPARE_ROWS` points at once, whose numbers stand at `points` (u32 each): their rows
 * are compared with all others by tiles, which reads the points once. `tile` is work space for a tile.
 */
export function enlargeBalls(points: usize, count: usize, tile: usize): bool {
  const plan = streamPlan();
  const n = plan.n;
  const rows = min(SPARE_ROWS, plan.widest);
  if (keyRows == 0) keyRows = allocate((SPARE_ROWS * n) << 2);
  if (keyRows == 0) return false;
  for (let done: usize = 0; done < count; done += rows) {
    const taken = min(rows, count - done);
    for (let i: usize = 0; i < taken; i++) copyRow(<usize>load<u32>(points + ((done + i) << 2)), n + i);
    maskTriples(n, n + taken);
    const stride = tileStride();
    for (let block: usize = 0; block < plan.blocks; block++) {
      const low = <usize>load<u32>(plan.starts + (block << 2));
      const size = <usize>load<u32>(plan.starts + (block << 2), 4) - low;
      fillTile(tile, n, taken, low, size);
      for (let i: usize = 0; i < taken; i++) memory.copy(keyRows + ((i * n + low) << 2), tile + i * stride, size << 2);
    }
    for (let i: usize = 0; i < taken; i++) {
      const u = <usize>load<u32>(points + ((done + i) << 2));
      let length: usize = 0;
      for (let k: usize = 0; k < n; k++) {
        if (k == u) continue;
        store<u64>(line + (length << 3), entryOf(load<u32>(keyRows + ((i * n + k) << 2)), k));
        length += 1;
      }
      if (!replaceBall(u)) return false;
    }
  }
  return true;
}

/** Begins a walk: no point is marked. */
export function newStamps(): void {
  stampNow += 1;
  if (stampNow == 0) {
    memory.fill(stamps, 0, streamPlan().n << 3);
    stampNow = 1;
  }
}

/** Marks a point with a key. */
@inline
export function stamp(k: usize, key: u32): void {
  store<u32>(stamps + (k << 3), stampNow);
  store<u32>(stamps + (k << 3), key, 4);
}

/** True when a point is marked. */
@inline
export function stamped(k: usize): bool {
  return load<u32>(stamps + (k << 3)) == stampNow;
}

/** The key a point is marked with. */
@inline
export function stampedKey(k: usize): u32 {
  return load<u32>(stamps + (k << 3), 4);
}

/** Marks the first `count` points of the ball of u with their keys. */
export function stampBall(u: usize, count: usize): void {
  newStamps();
  const ball = ballOf(u);
  for (let i: usize = 0; i < count; i++) {
    const entry = load<u64>(ball + (i << 3));
    stamp(entryVertex(entry), entryKey(entry));
  }
}

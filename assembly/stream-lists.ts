/**
 * Lists of nearest points: of every point u the `keep` least entries, exactly. During the block pass a list is a buffer
 * of `room` entries: a newcomer above the worst entry kept is refused, and a full buffer is cut back to its `keep`
 * least. What a list holds at the end does not depend on the order in which the entries came.
 *
 * After the pass a *ball* is the sorted list of a point; where it is too short the whole row is computed once and a
 * list eight times as long replaces it.
 *
 *     balls   u32 address, u32 entries, a point; a table for each thread, of which the first serves all until each
 *             goes on by itself
 *     lines   u64 n entries a thread: work space of the choice of the nearest
 */
import { allocate } from "./arena";
import { crewThreads } from "./crew";
import { entryKey, entryOf, entryVertex, INFINITE_KEY, keyBetween, streamPlan } from "./stream-plan";

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

/** Moves the finished lists from `low` to `high` together, those before them having been moved. */
export function packLists(low: usize, high: usize): void {
  const plan = streamPlan();
  const bytes = plan.keep << 3;
  for (let u = low; u < high; u++)
    memory.copy(plan.lists + u * bytes, plan.lists + ((u * plan.room) << 3), bytes);
  plan.borrowed = plan.lists + plan.n * bytes;
  plan.freeEnd = plan.lists + ((plan.n * plan.room) << 3);
}

/**
 * Memory until `streamSplit` gives what the lists have left free to others: from there where it suffices, else from the
 * arena. 0 without memory.
 */
export function borrow(bytes: usize): usize {
  const plan = streamPlan();
  const end = plan.borrowed + ((bytes + 15) & ~15);
  if (end < plan.borrowed || end > plan.freeEnd) return allocate(bytes);
  plan.borrowed = end;
  return end - ((bytes + 15) & ~15);
}

/** Balls in work, and where this thread chooses the nearest. */
let balls: usize = 0;
let line: usize = 0;

/** Begins the time of balls, after `packLists`; false without memory. */
export function prepareBalls(): bool {
  const plan = streamPlan();
  plan.balls = allocate((plan.n << 3) * crewThreads());
  plan.lines = allocate((plan.n << 3) * crewThreads());
  if (plan.balls == 0 || plan.lines == 0) return false;
  useBalls(0, 0);
  for (let u: usize = 0; u < plan.n; u++)
    setBall(u, plan.lists + ((u * plan.keep) << 3), <usize>load<u32>(plan.lengths + (u << 2)));
  return true;
}

/** Makes a table of balls the one in work, for a thread. */
export function useBalls(table: usize, thread: usize): void {
  const plan = streamPlan();
  balls = plan.balls + table * (plan.n << 3);
  line = plan.lines + thread * (plan.n << 3);
}

/** Gives a thread a table of its own, as the first one is now. */
export function copyBalls(thread: usize): void {
  const bytes = streamPlan().n << 3;
  memory.copy(streamPlan().balls + thread * bytes, streamPlan().balls, bytes);
}

@inline
function setBall(u: usize, ptr: usize, size: usize): void {
  store<u32>(balls + (u << 3), <u32>ptr);
  store<u32>(balls + (u << 3), <u32>size, 4);
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
  return replaceBall(u, length);
}

/** Entries of a sample that tells how large a key has to be. */
const SAMPLE: usize = 1024;

/**
 * Makes the ball of u eight times as large. `keys` is its row, u32 a point, as long as
 * multiples of four; false without memory. O(n).
 */
export function enlargeBallFromKeys(u: usize, keys: usize): bool {
  const n = streamPlan().n;
  const wanted = wantedEntries(u);
  let most: u32 = u32.MAX_VALUE >> 1;
  if (wanted << 2 < n && n > SAMPLE << 2) {
    for (let i: usize = 0; i < SAMPLE; i++) {
      const k = <usize>((<u64>i * n) / SAMPLE);
      store<u64>(line + (i << 3), entryOf(load<u32>(keys + (k << 2)), k));
    }
    const share = (<f64>SAMPLE * <f64>wanted) / <f64>n;
    const place = <usize>(share + 3 * Math.sqrt(share) + 2);
    selectEntries(line, SAMPLE, place);
    most = 0;
    for (let i: usize = 0; i < place; i++) most = max(most, entryKey(load<u64>(line + (i << 3))));
  }
  let length = gather(u, keys, most);
  // The sample has misled: everything counts.
  if (length < wanted) length = gather(u, keys, u32.MAX_VALUE >> 1);
  return replaceBall(u, length);
}

/** Lists the entries of u with keys up to `most`; returns their number. */
function gather(u: usize, keys: usize, most: u32): usize {
  const n = streamPlan().n;
  const limit = i32x4.splat(<i32>most);
  let length: usize = 0;
  for (let at: usize = 0; at < n; at += 4) {
    let hits = i32x4.bitmask(i32x4.le_s(v128.load(keys + (at << 2)), limit));
    while (hits) {
      const k = at + <usize>ctz(hits);
      hits &= hits - 1;
      if (k == u || k >= n) continue;
      store<u64>(line + (length << 3), entryOf(load<u32>(keys + (k << 2)), k));
      length += 1;
    }
  }
  return length;
}

@inline
function wantedEntries(u: usize): usize {
  return min(streamPlan().n - 1, max(ballSize(u) << 3, 16));
}

/** Takes the nearest points of u out of `length` entries, at least as many as are wanted. */
function replaceBall(u: usize, length: usize): bool {
  const wanted = wantedEntries(u);
  selectEntries(line, length, wanted);
  sortEntries(line, wanted);
  const ptr = allocate(wanted << 3);
  if (ptr == 0) return false;
  memory.copy(ptr, line, wanted << 3);
  setBall(u, ptr, wanted);
  return true;
}

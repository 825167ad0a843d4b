/**
 * The order of the points: halving by two far points until blocks are small, and on inside the blocks, so that
 * neighbours in the order are near each other. Bars do not depend on it, only the time does: near vertices inside a
 * block strike most edges, and rows of a triple have their zeros in the same places.
 */
import { allocate, mark, release } from "./arena";
import { entryKey, entryVertex, keyBetween, streamPlan, streamRow } from "./stream-plan";
import { selectEntries } from "./stream-lists";

/** Segments of this many points are not halved any more. */
const SMALLEST: usize = 6;

let order: usize = 0;
let values: usize = 0;

@inline
function pointAt(i: usize): usize {
  return <usize>load<u32>(order + (i << 2));
}

/** The point of a segment that is farthest from point `from`. O(length · d). */
function farthestFrom(from: usize, low: usize, high: usize): usize {
  let most: i64 = -1;
  let result = from;
  for (let i = low; i < high; i++) {
    const key = <i64>keyBetween(from, pointAt(i));
    if (key > most) {
      most = key;
      result = pointAt(i);
    }
  }
  return result;
}

/** Moves the `size` points of a segment that lean most to one side to its front. */
function splitSegment(low: usize, high: usize, size: usize): void {
  const a = farthestFrom(pointAt(low), low, high);
  const b = farthestFrom(a, low, high);
  if (a == b) return;
  for (let i = low; i < high; i++) {
    const point = pointAt(i);
    // Keys are below 2^31, so the difference of two of them fits after a shift.
    const lean = keyBetween(point, a) - keyBetween(point, b) + 0x80000000;
    store<u64>(values + ((i - low) << 3), ((<u64>lean) << 32) | (<u64>point));
  }
  selectEntries(values, high - low, size);
  for (let i = low; i < high; i++) store<u32>(order + (i << 2), <u32>entryVertex(load<u64>(values + ((i - low) << 3))));
}

/** Orders the points from `low` to `high` so that they fall into `parts` blocks of nearly equal size. */
function halve(low: usize, high: usize, parts: usize): void {
  const length = high - low;
  if (parts > 1) {
    const left = parts >> 1;
    // The first point of block i of `parts` is floor(i · length / parts) everywhere.
    const size = <usize>((<u64>length * left) / parts);
    splitSegment(low, high, size);
    halve(low, low + size, left);
    halve(low + size, high, parts - left);
    return;
  }
  store<u32>(streamPlan().starts + (written << 2), <u32>low);
  written += 1;
  streamPlan().widest = max(streamPlan().widest, length);
  refine(low, high);
}

let written: usize = 0;

function refine(low: usize, high: usize): void {
  if (high - low <= SMALLEST) return;
  const size = ((high - low) / 6) * 3;
  splitSegment(low, high, size);
  refine(low, low + size);
  refine(low + size, high);
}

/** Chooses the blocks, brings the rows into their order, and records the new order; false without memory. */
export function orderPoints(blockSize: usize): bool {
  const plan = streamPlan();
  const n = plan.n;
  plan.blocks = (n + blockSize - 1) / blockSize;
  plan.starts = allocate((plan.blocks + 1) << 2);
  const before = mark();
  order = allocate(n << 2);
  values = allocate(n << 3);
  const spare = allocate(plan.rowBytes);
  if (plan.starts == 0 || order == 0 || values == 0 || spare == 0) return false;
  for (let i: usize = 0; i < n; i++) store<u32>(order + (i << 2), <u32>i);
  written = 0;
  plan.widest = 0;
  halve(0, n, plan.blocks);
  store<u32>(plan.starts + (plan.blocks << 2), <u32>n);
  moveRows(spare);
  release(before);
  return true;
}

/** Brings row order[i] to place i for all i, cycle by cycle, with one row to spare; `order` becomes the identity. */
function moveRows(spare: usize): void {
  const plan = streamPlan();
  const bytes = plan.rowBytes;
  for (let start: usize = 0; start < plan.n; start++) {
    if (pointAt(start) == start) continue;
    memory.copy(spare, streamRow(start), bytes);
    let at = start;
    while (true) {
      const next = pointAt(at);
      store<u32>(order + (at << 2), <u32>at);
      if (next == start) break;
      memory.copy(streamRow(at), streamRow(next), bytes);
      at = next;
    }
    memory.copy(streamRow(at), spare, bytes);
  }
}

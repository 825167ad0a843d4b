/** Growable output: (birth f32, death f32) pairs, 8 bytes an interval. */
import { allocate, enlarge } from "./arena";

/** The intervals of one dimension. */
@unmanaged
export class Intervals {
  ptr: usize;
  length: u32;
  capacity: u32;
}

/** An empty list, or null when memory does not suffice. */
export function newIntervals(capacity: u32): Intervals | null {
  const header = allocate(offsetof<Intervals>());
  const ptr = allocate(<usize>capacity << 3);
  if (header == 0 || ptr == 0) return null;
  const intervals = changetype<Intervals>(header);
  intervals.ptr = ptr;
  intervals.length = 0;
  intervals.capacity = capacity;
  return intervals;
}

/** Adds an interval; false when memory does not suffice. */
export function addInterval(intervals: Intervals, birth: f32, death: f32): bool {
  if (intervals.length == intervals.capacity) {
    const bytes = <usize>intervals.capacity << 3;
    const ptr = enlarge(intervals.ptr, bytes, 2 * bytes);
    if (ptr == 0) return false;
    intervals.ptr = ptr;
    intervals.capacity *= 2;
  }
  const at = intervals.ptr + (<usize>intervals.length << 3);
  store<f32>(at, birth);
  store<f32>(at, death, 4);
  intervals.length += 1;
  return true;
}

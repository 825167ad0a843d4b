/**
 * Columns: growable arrays of entries, used as lists, as binary heaps and as sorted runs.
 *
 * Entry, 16 bytes:
 *
 *     +0  f32  diameter of the simplex
 *     +4  u32  coefficient in 1 .. p-1
 *     +8  i64  index of the simplex
 *
 * The order of entries is (diameter, index), both increasing: the order of the filtration within a dimension.
 */
import { allocate, enlarge } from "./arena";

/** Bytes of an entry, as a shift. */
export const ENTRY_SHIFT: usize = 4;
const ENTRY: usize = 16;

/** A growable array of entries. */
@unmanaged
export class Column {
  ptr: usize;
  length: u32;
  capacity: u32;
}

/** An empty column, or null when memory does not suffice. */
export function newColumn(capacity: u32): Column | null {
  const header = allocate(offsetof<Column>());
  const ptr = allocate(<usize>capacity << ENTRY_SHIFT);
  if (header == 0 || ptr == 0) return null;
  const column = changetype<Column>(header);
  column.ptr = ptr;
  column.length = 0;
  column.capacity = capacity;
  return column;
}

/** Makes room for `more` further entries; false when memory does not suffice. */
export function reserve(column: Column, more: u32): bool {
  const needed = <u64>column.length + more;
  if (needed <= column.capacity) return true;
  let capacity = <u64>column.capacity * 2;
  if (capacity < needed) capacity = needed;
  if (capacity > 0x0fffffff) return false;
  const ptr = enlarge(column.ptr, <usize>column.capacity << ENTRY_SHIFT, <usize>capacity << ENTRY_SHIFT);
  if (ptr == 0) return false;
  column.ptr = ptr;
  column.capacity = <u32>capacity;
  return true;
}

@inline
export function diameterAt(ptr: usize): f32 {
  return load<f32>(ptr);
}

@inline
export function coefficientAt(ptr: usize): u32 {
  return load<u32>(ptr, 4);
}

@inline
export function indexAt(ptr: usize): i64 {
  return load<i64>(ptr, 8);
}

/** Address of entry i. */
@inline
export function entry(column: Column, i: u32): usize {
  return column.ptr + (<usize>i << ENTRY_SHIFT);
}

@inline
function put(ptr: usize, diameter: f32, coefficient: u32, index: i64): void {
  store<f32>(ptr, diameter);
  store<u32>(ptr, coefficient, 4);
  store<i64>(ptr, index, 8);
}

@inline
function before(diameterA: f32, indexA: i64, diameterB: f32, indexB: i64): bool {
  return diameterA < diameterB || (diameterA == diameterB && indexA < indexB);
}

/** Adds an entry at the end. Room must have been reserved. */
@inline
export function append(column: Column, diameter: f32, coefficient: u32, index: i64): void {
  put(entry(column, column.length), diameter, coefficient, index);
  column.length += 1;
}

/** Adds an entry to a heap whose least entry is first. Room must have been reserved. */
export function push(column: Column, diameter: f32, coefficient: u32, index: i64): void {
  const ptr = column.ptr;
  let hole = <usize>column.length;
  column.length += 1;
  while (hole > 0) {
    const parent = (hole - 1) >> 1;
    const at = ptr + (parent << ENTRY_SHIFT);
    if (!before(diameter, index, diameterAt(at), indexAt(at))) break;
    v128.store(ptr + (hole << ENTRY_SHIFT), v128.load(at));
    hole = parent;
  }
  put(ptr + (hole << ENTRY_SHIFT), diameter, coefficient, index);
}

/** Removes the least entry of a heap. */
export function pop(column: Column): void {
  const ptr = column.ptr;
  const length = <usize>column.length - 1;
  column.length = <u32>length;
  if (length == 0) return;
  const last = ptr + (length << ENTRY_SHIFT);
  const moved = v128.load(last);
  const diameter = diameterAt(last);
  const index = indexAt(last);
  let hole: usize = 0;
  for (;;) {
    let child: usize = 2 * hole + 1;
    if (child >= length) break;
    let at = ptr + (child << ENTRY_SHIFT);
    if (child + 1 < length && before(diameterAt(at + ENTRY), indexAt(at + ENTRY), diameterAt(at), indexAt(at))) {
      child += 1;
      at += ENTRY;
    }
    if (!before(diameterAt(at), indexAt(at), diameter, index)) break;
    v128.store(ptr + (hole << ENTRY_SHIFT), v128.load(at));
    hole = child;
  }
  v128.store(ptr + (hole << ENTRY_SHIFT), moved);
}

/**
 * Sorts a column by (diameter, index): bottom-up merge sort, O(m log m), with one buffer as large as the column.
 * False when memory does not suffice.
 */
export function sortColumn(column: Column): bool {
  const length = <usize>column.length;
  let from = column.ptr;
  let to = allocate(length << ENTRY_SHIFT);
  if (to == 0) return false;
  for (let width: usize = 1; width < length; width *= 2) {
    for (let start: usize = 0; start < length; start += 2 * width) {
      const middle = min(start + width, length);
      const end = min(start + 2 * width, length);
      let a = from + (start << ENTRY_SHIFT);
      let b = from + (middle << ENTRY_SHIFT);
      const endA = b;
      const endB = from + (end << ENTRY_SHIFT);
      let out = to + (start << ENTRY_SHIFT);
      while (a < endA && b < endB) {
        if (before(diameterAt(b), indexAt(b), diameterAt(a), indexAt(a))) {
          v128.store(out, v128.load(b));
          b += ENTRY;
        } else {
          v128.store(out, v128.load(a));
          a += ENTRY;
        }
        out += ENTRY;
      }
      if (a < endA) memory.copy(out, a, endA - a);
      if (b < endB) memory.copy(out, b, endB - b);
    }
    const swap = from;
    from = to;
    to = swap;
  }
  if (from != column.ptr) memory.copy(column.ptr, from, length << ENTRY_SHIFT);
  return true;
}

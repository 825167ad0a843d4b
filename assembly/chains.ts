/**
 * The matrix of column operations of a lazy reduction: which multiples of which simplices each column is the sum of. A
 * simplex is named by its stream. Entry, 8 bytes: u32 stream, u32 coefficient.
 *
 *     added    of the column in work, in the order of adding, repetitions included
 *     stored   of every finished column, one after the other, each stream once
 *     starts   u32 a column and one more: its first entry of `stored`
 */
import { allocate, enlarge } from "./arena";
import { add } from "./field";

let added: usize = 0;
let addedLength: usize = 0;
let addedRoom: usize = 0;
let stored: usize = 0;
let storedLength: usize = 0;
let storedRoom: usize = 0;
let starts: usize = 0;

/** Starts afresh for `columns` columns; false when memory does not suffice. */
export function prepareChains(columns: u32): bool {
  addedLength = 0;
  addedRoom = 1024;
  added = allocate(addedRoom << 3);
  storedLength = 0;
  storedRoom = max(1024, <usize>columns << 2);
  stored = allocate(storedRoom << 3);
  starts = allocate((<usize>columns + 1) << 2);
  return added != 0 && stored != 0 && starts != 0;
}

/** Begins a column. */
export function openChain(column: u32): void {
  addedLength = 0;
  store<u32>(starts + (<usize>column << 2), <u32>storedLength);
  store<u32>(starts + (<usize>column << 2), <u32>storedLength, 4);
}

/** Adds a multiple of a simplex to the column in work; false when memory does not suffice. */
export function addToChain(stream: u32, coefficient: u32): bool {
  if (addedLength == addedRoom) {
    const moved = enlarge(added, addedRoom << 3, addedRoom << 4);
    if (moved == 0) return false;
    added = moved;
    addedRoom *= 2;
  }
  store<u32>(added + (addedLength << 3), stream);
  store<u32>(added + (addedLength << 3), coefficient, 4);
  addedLength += 1;
  return true;
}

/** Entries added to the column in work. */
@inline
export function addedCount(): usize {
  return addedLength;
}

/** Address of entry i of the column in work. */
@inline
export function addedAt(i: usize): usize {
  return added + (i << 3);
}

/** Keeps the column in work for later: sums equal simplices and drops what cancels. False without memory. */
export function closeChain(column: u32): bool {
  if (storedLength + addedLength > storedRoom) {
    const wanted = max(storedLength + addedLength, storedRoom * 2);
    const moved = enlarge(stored, storedRoom << 3, wanted << 3);
    if (moved == 0) return false;
    stored = moved;
    storedRoom = wanted;
  }
  sortAdded();
  let i: usize = 0;
  while (i < addedLength) {
    const stream = load<u32>(added + (i << 3));
    let sum: u32 = 0;
    for (; i < addedLength && load<u32>(added + (i << 3)) == stream; i++) sum = add(sum, load<u32>(added + (i << 3), 4));
    if (sum == 0) continue;
    store<u32>(stored + (storedLength << 3), stream);
    store<u32>(stored + (storedLength << 3), sum, 4);
    storedLength += 1;
  }
  store<u32>(starts + (<usize>column << 2), <u32>storedLength, 4);
  return true;
}

/** Number of the first entry of a finished column. */
@inline
export function chainStart(column: u32): u32 {
  return load<u32>(starts + (<usize>column << 2));
}

/** Number of the entry after the last one of a finished column. */
@inline
export function chainEnd(column: u32): u32 {
  return load<u32>(starts + (<usize>column << 2), 4);
}

/** Stream of an entry. Entries may move when a chain is closed. */
@inline
export function chainStream(entry: u32): u32 {
  return load<u32>(stored + (<usize>entry << 3));
}

/** Coefficient of an entry. */
@inline
export function chainCoefficient(entry: u32): u32 {
  return load<u32>(stored + (<usize>entry << 3), 4);
}

/** Heap sort by stream. */
function sortAdded(): void {
  for (let start = addedLength >> 1; start > 0; start--) sift(start - 1, addedLength);
  for (let end = addedLength; end > 1; end--) {
    const last = added + ((end - 1) << 3);
    const first = load<u64>(added);
    store<u64>(added, load<u64>(last));
    store<u64>(last, first);
    sift(0, end - 1);
  }
}

function sift(start: usize, length: usize): void {
  const moving = load<u64>(added + (start << 3));
  const key = <u32>moving;
  let hole = start;
  for (;;) {
    let child: usize = (hole << 1) + 1;
    if (child >= length) break;
    if (child + 1 < length && load<u32>(added + ((child + 1) << 3)) > load<u32>(added + (child << 3))) child += 1;
    if (load<u32>(added + (child << 3)) <= key) break;
    store<u64>(added + (hole << 3), load<u64>(added + (child << 3)));
    hole = child;
  }
  store<u64>(added + (hole << 3), moving);
}

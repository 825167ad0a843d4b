/**
 * Which reduced column has which pivot: a hash table with open addressing and linear probing.
 *
 * Slot, 16 bytes, 2^b slots, at most half of them taken:
 *
 *     +0  i64  index of the pivot simplex, -1 when the slot is free
 *     +8  u32  number of the column
 *     +12 u32  coefficient of the pivot in that column
 */
import { allocate } from "./arena";

const SLOT_SHIFT: usize = 4;

/** A table from pivots to columns. */
@unmanaged
export class Pivots {
  ptr: usize;
  slots: usize;
  used: usize;
}

/** A table for about `expected` pivots, or null when memory does not suffice. */
export function newPivots(expected: usize): Pivots | null {
  const header = allocate(offsetof<Pivots>());
  if (header == 0) return null;
  const pivots = changetype<Pivots>(header);
  let slots: usize = 64;
  while (slots < expected * 2) slots <<= 1;
  return clear(pivots, slots) ? pivots : null;
}

function clear(pivots: Pivots, slots: usize): bool {
  const ptr = allocate(slots << SLOT_SHIFT);
  if (ptr == 0) return false;
  memory.fill(ptr, 0xff, slots << SLOT_SHIFT);
  pivots.ptr = ptr;
  pivots.slots = slots;
  pivots.used = 0;
  return true;
}

@inline
function home(index: i64, slots: usize): usize {
  // Fibonacci hashing: neighbouring indices land far apart.
  return <usize>((<u64>index * 0x9e3779b97f4a7c15) >> 32) & (slots - 1);
}

/** Address of the slot that holds this pivot, or 0. */
export function findPivot(pivots: Pivots, index: i64): usize {
  const slots = pivots.slots;
  let slot = home(index, slots);
  while (true) {
    const at = pivots.ptr + (slot << SLOT_SHIFT);
    const found = load<i64>(at);
    if (found == index) return at;
    if (found == -1) return 0;
    slot = (slot + 1) & (slots - 1);
  }
}

/** Column of the slot at this address. */
@inline
export function columnOf(slot: usize): u32 {
  return load<u32>(slot, 8);
}

/** Coefficient of the pivot of the slot at this address. */
@inline
export function coefficientOf(slot: usize): u32 {
  return load<u32>(slot, 12);
}

/** Adds a pivot that is not there yet; false when memory does not suffice. */
export function addPivot(pivots: Pivots, index: i64, column: u32, coefficient: u32): bool {
  if ((pivots.used + 1) << 1 > pivots.slots && !rehash(pivots)) return false;
  const slots = pivots.slots;
  let slot = home(index, slots);
  let at = pivots.ptr + (slot << SLOT_SHIFT);
  while (load<i64>(at) != -1) {
    slot = (slot + 1) & (slots - 1);
    at = pivots.ptr + (slot << SLOT_SHIFT);
  }
  store<i64>(at, index);
  store<u32>(at, column, 8);
  store<u32>(at, coefficient, 12);
  pivots.used += 1;
  return true;
}

function rehash(pivots: Pivots): bool {
  const oldPtr = pivots.ptr;
  const oldSlots = pivots.slots;
  if (!clear(pivots, oldSlots * 2)) return false;
  for (let slot: usize = 0; slot < oldSlots; slot++) {
    const at = oldPtr + (slot << SLOT_SHIFT);
    const index = load<i64>(at);
    if (index != -1) addPivot(pivots, index, load<u32>(at, 8), load<u32>(at, 12));
  }
  return true;
}

/** Growable lists of u64 keys, and tables from keys to pairs of u32: which cofacet is the pivot of which column, say. */
import { allocate, enlarge } from "./arena";

/** A growable list of keys. */
@unmanaged
export class Keys {
  ptr: usize;
  length: u32;
  capacity: u32;
}

/** An empty list, or null when memory does not suffice. */
export function newKeys(capacity: u32): Keys | null {
  const header = allocate(offsetof<Keys>());
  const ptr = allocate(<usize>capacity << 3);
  if (header == 0 || ptr == 0) return null;
  const keys = changetype<Keys>(header);
  keys.ptr = ptr;
  keys.length = 0;
  keys.capacity = capacity;
  return keys;
}

/** Key i. */
@inline
export function keyAt(keys: Keys, i: u32): u64 {
  return load<u64>(keys.ptr + (<usize>i << 3));
}

/** Adds a key; false when memory does not suffice. */
export function addKey(keys: Keys, key: u64): bool {
  if (keys.length == keys.capacity) {
    const bytes = <usize>keys.capacity << 3;
    const ptr = enlarge(keys.ptr, bytes, 2 * bytes);
    if (ptr == 0) return false;
    keys.ptr = ptr;
    keys.capacity *= 2;
  }
  store<u64>(keys.ptr + (<usize>keys.length << 3), key);
  keys.length += 1;
  return true;
}

/**
 * A table from keys to pairs of u32, with open addressing and linear probing.
 *
 * Slot, 16 bytes, 2^b slots, at most half of them taken:
 *
 *     +0  u64  key, all ones when the slot is free
 *     +8  u32  first value
 *     +12 u32  second value
 */
@unmanaged
export class KeyTable {
  ptr: usize;
  slots: usize;
  used: usize;
}

/** A table for about `expected` keys, or null when memory does not suffice. */
export function newKeyTable(expected: usize): KeyTable | null {
  const header = allocate(offsetof<KeyTable>());
  if (header == 0) return null;
  const table = changetype<KeyTable>(header);
  let slots: usize = 64;
  while (slots < expected << 1) slots <<= 1;
  return clearTable(table, slots) ? table : null;
}

function clearTable(table: KeyTable, slots: usize): bool {
  const ptr = allocate(slots << 4);
  if (ptr == 0) return false;
  memory.fill(ptr, 0xff, slots << 4);
  table.ptr = ptr;
  table.slots = slots;
  table.used = 0;
  return true;
}

/** First value of the slot at this address. */
@inline
export function firstOf(slot: usize): u32 {
  return load<u32>(slot, 8);
}

/** Second value of the slot at this address. */
@inline
export function secondOf(slot: usize): u32 {
  return load<u32>(slot, 12);
}

@inline
function home(key: u64, slots: usize): usize {
  // Fibonacci hashing: neighbouring keys land far apart.
  return <usize>((key * 0x9e3779b97f4a7c15) >> 32) & (slots - 1);
}

/** Address of the slot of a key, or 0. */
export function findKey(table: KeyTable, key: u64): usize {
  const slots = table.slots;
  let slot = home(key, slots);
  while (true) {
    const at = table.ptr + (slot << 4);
    const found = load<u64>(at);
    if (found == key) return at;
    if (found == u64.MAX_VALUE) return 0;
    slot = (slot + 1) & (slots - 1);
  }
}

/** Adds a key that is not there yet; false when memory does not suffice. */
export function insertKey(table: KeyTable, key: u64, first: u32, second: u32): bool {
  if ((table.used + 1) << 1 > table.slots && !growTable(table)) return false;
  const slots = table.slots;
  let slot = home(key, slots);
  let at = table.ptr + (slot << 4);
  while (load<u64>(at) != u64.MAX_VALUE) {
    slot = (slot + 1) & (slots - 1);
    at = table.ptr + (slot << 4);
  }
  store<u64>(at, key);
  store<u32>(at, first, 8);
  store<u32>(at, second, 12);
  table.used += 1;
  return true;
}

function growTable(table: KeyTable): bool {
  const oldPtr = table.ptr;
  const oldSlots = table.slots;
  if (!clearTable(table, oldSlots << 1)) return false;
  for (let slot: usize = 0; slot < oldSlots; slot++) {
    const at = oldPtr + (slot << 4);
    const key = load<u64>(at);
    if (key != u64.MAX_VALUE) insertKey(table, key, load<u32>(at, 8), load<u32>(at, 12));
  }
  return true;
}

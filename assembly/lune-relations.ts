/**
 * Relations among the births of H1, reduced in order. φ writes an edge in terms of births: a birth is itself, an edge of
 * the spanning forest is 0, any other edge is φ(p, k) + φ(k, q) for a k in its own lune. A lune with places k_1 and k_a
 * in two components gives
 *
 *     φ(p, k_a) + φ(k_a, q) - φ(p, k_1) - φ(k_1, q) = 0.
 *
 *     via       hash table from edges, u32 higher place << 16 | lower place, to what φ does with them
 *     relation  u32 × births, the relation in work
 *     columns   u32 × births: address of the column whose youngest class it is, or 0. A column: u32 count, u32 unused,
 *               then (u32 birth, u32 coefficient), the youngest first
 */
import { allocate } from "./arena";
import { add, inverse, multiply, negate } from "./field";
import { numbersBytes, numbersOf, rankOf } from "./lune-blocks";

/** What φ does with an edge: a third place, or one of these. */
const BIRTH: u32 = 0x80000000;
const FOREST: u32 = 0x40000000;

/** The relation says nothing new. */
export const NOTHING_DIES: i32 = -1;
/** Memory did not suffice. */
export const NO_MEMORY: i32 = -2;

let vertex: usize = 0;
let via: usize = 0;
let viaSlots: usize = 0;
let viaUsed: usize = 0;
let relation: usize = 0;
let youngest: i32 = -1;
let columns: usize = 0;

/** Makes room for relations among `births`; `order` are the vertices by place. False when memory does not suffice. */
export function prepareRelations(births: u32, forest: u32, order: usize): bool {
  vertex = order;
  viaSlots = 1024;
  while (viaSlots < 4 * <usize>(births + forest)) viaSlots <<= 1;
  viaUsed = 0;
  via = allocate(viaSlots << 3);
  relation = allocate((<usize>births + 1) << 2);
  columns = allocate((<usize>births + 1) << 2);
  if (via == 0 || relation == 0 || columns == 0) return false;
  memory.fill(via, 0, viaSlots << 3);
  memory.fill(relation, 0, (<usize>births + 1) << 2);
  memory.fill(columns, 0, (<usize>births + 1) << 2);
  youngest = -1;
  return true;
}

/** Declares the edge between two places to be a birth; false when memory does not suffice. */
export function declareBirth(p: usize, q: usize, birth: u32): bool {
  return remember(edgeKey(p, q), BIRTH | birth);
}

/** Declares the edge between two places to be one of the spanning forest; false when memory does not suffice. */
export function declareForest(p: usize, q: usize): bool {
  return remember(edgeKey(p, q), FOREST);
}

/** Whether a class has died. */
@inline
export function isDead(birth: u32): bool {
  return load<u32>(columns + (<usize>birth << 2)) != 0;
}

/** Adds the relation of two places of the lune of (p, q); the class that dies, or NOTHING_DIES, or NO_MEMORY. */
export function relate(p: usize, q: usize, first: usize, other: usize): i32 {
  const minus = negate(1);
  if (!addPath(p, other, 1) || !addPath(other, q, 1)) return NO_MEMORY;
  if (!addPath(p, first, minus) || !addPath(first, q, minus)) return NO_MEMORY;
  return reduceRelation();
}

@inline
function edgeKey(p: usize, q: usize): u32 {
  return p > q ? (<u32>p << 16) | <u32>q : (<u32>q << 16) | <u32>p;
}

@inline
function viaSlot(key: u32): usize {
  let slot = <usize>((<u64>key * 0x9e3779b97f4a7c15) >> 32) & (viaSlots - 1);
  let at = via + (slot << 3);
  while (load<u32>(at, 4) != 0 && load<u32>(at) != key) {
    slot = (slot + 1) & (viaSlots - 1);
    at = via + (slot << 3);
  }
  return at;
}

/** Remembers what φ does with an edge; false when memory does not suffice. Values are stored plus one. */
function remember(key: u32, value: u32): bool {
  if ((viaUsed + 1) << 1 > viaSlots) {
    const oldVia = via;
    const oldSlots = viaSlots;
    via = allocate(oldSlots << 4);
    if (via == 0) return false;
    viaSlots = oldSlots << 1;
    memory.fill(via, 0, viaSlots << 3);
    for (let i: usize = 0; i < oldSlots; i++) {
      const from = oldVia + (i << 3);
      if (load<u32>(from, 4) != 0) store<u64>(viaSlot(load<u32>(from)), load<u64>(from));
    }
  }
  const at = viaSlot(key);
  store<u32>(at, key);
  store<u32>(at, value + 1, 4);
  viaUsed += 1;
  return true;
}

/** A place of the lune of (p, q), the lune not being empty, with the least block numbers there are. O(n). */
function nearestInLune(p: usize, q: usize): usize {
  const a = numbersOf(p);
  const b = numbersOf(q);
  const end = numbersBytes();
  let least = i8x16.splat(-1);
  for (let at: usize = 0; at < end; at += 16) least = i8x16.min_u(least, i8x16.max_u(v128.load(a + at), v128.load(b + at)));
  let number: u32 = 255;
  for (let lane: usize = 0; lane < 16; lane++) number = min(number, <u32>byteOf(least, lane));
  const wanted = i8x16.splat(<i8>number);
  // Earlier blocks rank below; in the block of the edge itself the ranks decide.
  const earlier = number < <u32>load<u8>(a + q);
  const rank = earlier ? 0 : rankOf(p, q);
  for (let at: usize = 0; at < end; at += 16) {
    let hits = i8x16.bitmask(i8x16.eq(i8x16.max_u(v128.load(a + at), v128.load(b + at)), wanted));
    while (hits) {
      const k = at + <usize>ctz(hits);
      hits &= hits - 1;
      if (earlier || (rankOf(p, k) < rank && rankOf(q, k) < rank)) return k;
    }
  }
  return usize.MAX_VALUE;
}

const spill: usize = memory.data(16, 16);

@inline
function byteOf(v: v128, lane: usize): u8 {
  v128.store(spill, v);
  return load<u8>(spill + lane);
}

/** Adds coefficient · φ(from → to) to the relation in work; false when memory does not suffice. */
function addPath(from: usize, to: usize, coefficient: u32): bool {
  const key = edgeKey(from, to);
  const known = load<u32>(viaSlot(key), 4);
  let what = known - 1;
  if (known == 0) {
    what = <u32>nearestInLune(from, to);
    if (!remember(key, what)) return false;
  }
  if (what == FOREST) return true;
  if (what & BIRTH) {
    const birth = what & ~BIRTH;
    const at = relation + (<usize>birth << 2);
    // Births point from their smaller to their larger vertex.
    const forth = load<u32>(vertex + (from << 2)) < load<u32>(vertex + (to << 2));
    store<u32>(at, add(load<u32>(at), forth ? coefficient : negate(coefficient)));
    if (<i32>birth > youngest) youngest = birth;
    return true;
  }
  return addPath(from, what, coefficient) && addPath(what, to, coefficient);
}

/** Reduces the relation in work and returns what `relate` does. */
function reduceRelation(): i32 {
  while (youngest >= 0) {
    const coefficient = load<u32>(relation + (<usize>youngest << 2));
    if (coefficient == 0) {
      youngest -= 1;
      continue;
    }
    const column = <usize>load<u32>(columns + (<usize>youngest << 2));
    if (column == 0) break;
    const count = <usize>load<u32>(column);
    const factor = negate(multiply(coefficient, inverse(load<u32>(column, 12))));
    for (let i: usize = 0; i < count; i++) {
      const at = relation + (<usize>load<u32>(column + 8 + (i << 3)) << 2);
      store<u32>(at, add(load<u32>(at), multiply(factor, load<u32>(column + 12 + (i << 3)))));
    }
  }
  if (youngest < 0) return NOTHING_DIES;
  let count: usize = 0;
  for (let b = youngest; b >= 0; b--) if (load<u32>(relation + (<usize>b << 2))) count += 1;
  const column = allocate(8 + (count << 3));
  if (column == 0) return NO_MEMORY;
  store<u32>(column, <u32>count);
  let i: usize = 0;
  // The pivot, the youngest class, comes first.
  for (let b = youngest; b >= 0; b--) {
    const at = relation + (<usize>b << 2);
    const value = load<u32>(at);
    if (value == 0) continue;
    store<u32>(column + 8 + (i << 3), b);
    store<u32>(column + 12 + (i << 3), value);
    store<u32>(at, 0);
    i += 1;
  }
  store<u32>(columns + (<usize>youngest << 2), <u32>column);
  const dead = youngest;
  youngest = -1;
  return dead;
}

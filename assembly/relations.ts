/**
 * Relations among classes, numbered by increasing birth: each is reduced by those before it, and the youngest class left
 * in it dies.
 *
 *     relation  u32 × room, coefficients of the relation in work, all 0 between two relations
 *     columns   u32 × room, address of the relation that a class died by, 0 while it lives
 *     births    f32 × room, lengths
 *
 * Column: u32 entries, u32 unused, then u32 class, u32 coefficient for each; the youngest class first.
 */
import { allocate, enlarge } from "./arena";
import { add, inverse, multiply, negate } from "./field";

/** The classes of one dimension. */
@unmanaged
export class Relations {
  relation: usize;
  columns: usize;
  births: usize;
  count: u32;
  room: u32;
  /** Classes that live. */
  alive: u32;
  /** No younger class stands in the relation in work. */
  youngest: i32;
}

/** No class dies by the relation. */
export const NOTHING: i32 = -1;
/** Memory does not suffice. */
export const NO_MEMORY: i32 = -2;

/** No classes; null when memory does not suffice. */
export function newRelations(): Relations | null {
  const header = allocate(offsetof<Relations>());
  if (header == 0) return null;
  const relations = changetype<Relations>(header);
  const room: u32 = 256;
  relations.room = room;
  relations.count = 0;
  relations.alive = 0;
  relations.youngest = -1;
  relations.relation = allocate(<usize>room << 2);
  relations.columns = allocate(<usize>room << 2);
  relations.births = allocate(<usize>room << 2);
  return relations.relation && relations.columns && relations.births ? relations : null;
}

/** Adds a class, not older than any other; false when memory does not suffice. */
export function addClass(relations: Relations, birth: f32): bool {
  if (relations.count == relations.room) {
    const bytes = <usize>relations.room << 2;
    const relation = enlarge(relations.relation, bytes, bytes << 1);
    const columns = enlarge(relations.columns, bytes, bytes << 1);
    const births = enlarge(relations.births, bytes, bytes << 1);
    if (relation == 0 || columns == 0 || births == 0) return false;
    relations.relation = relation;
    relations.columns = columns;
    relations.births = births;
    relations.room <<= 1;
  }
  const at = <usize>relations.count << 2;
  store<u32>(relations.relation + at, 0);
  store<u32>(relations.columns + at, 0);
  store<f32>(relations.births + at, birth);
  relations.count += 1;
  relations.alive += 1;
  return true;
}

/** Birth of a class. */
@inline
export function birthOf(relations: Relations, index: u32): f32 {
  return load<f32>(relations.births + (<usize>index << 2));
}

/** True while no relation has killed the class. */
@inline
export function lives(relations: Relations, index: u32): bool {
  return load<u32>(relations.columns + (<usize>index << 2)) == 0;
}

/** Adds a multiple of a class to the relation in work. */
export function addToRelation(relations: Relations, index: u32, coefficient: u32): void {
  const at = relations.relation + (<usize>index << 2);
  store<u32>(at, add(load<u32>(at), coefficient));
  if (<i32>index > relations.youngest) relations.youngest = <i32>index;
}

/** Ends the relation in work: the class that dies by it, NOTHING or NO_MEMORY. */
export function endRelation(relations: Relations): i32 {
  const relation = relations.relation;
  let youngest = relations.youngest;
  while (youngest >= 0) {
    const coefficient = load<u32>(relation + (<usize>youngest << 2));
    if (coefficient == 0) {
      youngest -= 1;
      continue;
    }
    const column = <usize>load<u32>(relations.columns + (<usize>youngest << 2));
    if (column == 0) break;
    const end = column + 8 + (<usize>load<u32>(column) << 3);
    const factor = negate(multiply(coefficient, inverse(load<u32>(column, 12))));
    for (let entry = column + 8; entry < end; entry += 8) {
      const at = relation + (<usize>load<u32>(entry) << 2);
      store<u32>(at, add(load<u32>(at), multiply(factor, load<u32>(entry, 4))));
    }
  }
  relations.youngest = -1;
  if (youngest < 0) return NOTHING;
  let entries: u32 = 0;
  for (let c = youngest; c >= 0; c--) if (load<u32>(relation + (<usize>c << 2))) entries += 1;
  const column = allocate(8 + (<usize>entries << 3));
  if (column == 0) return NO_MEMORY;
  store<u32>(column, entries);
  let entry = column + 8;
  for (let c = youngest; c >= 0; c--) {
    const at = relation + (<usize>c << 2);
    const value = load<u32>(at);
    if (value == 0) continue;
    store<u32>(entry, c);
    store<u32>(entry, value, 4);
    store<u32>(at, 0);
    entry += 8;
  }
  store<u32>(relations.columns + (<usize>youngest << 2), <u32>column);
  relations.alive -= 1;
  return youngest;
}

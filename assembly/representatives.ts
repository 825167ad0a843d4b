/**
 * Representatives, written on request while columns are reduced by simplices.
 *
 * Cocycles: the column of an interval, added up from simplices of its dimension, is a cochain that vanishes before the
 * birth, is a cocycle from the birth to before the death, and no longer extends to one at the death. Simplices as long
 * as the death or longer do not matter there and are left out.
 *
 * Pairs: the birth simplex of every column and what kills it, also those of length zero; cycles are made of them.
 *
 * Record of a dimension, 32 bytes at `table + 32 · dim`, cocycles in the order of the dimension's intervals:
 *
 *     +0  u32  address of the starts: the number of the first term of each cocycle, u32 each
 *     +4  u32  cocycles
 *     +8  u32  address of the terms
 *     +12 u32  terms
 *     +16 u32  address of the pairs
 *     +20 u32  pairs
 *
 * Term, u32 × (dim + 2): coefficient in 1 .. p-1, then the vertices in increasing order.
 * Pair, u32 × (2 dim + 3): vertices of the birth, then of the death; all ones in their place when essential.
 */
import { REPRESENTATIVES_RECORD } from "./abi";
import { allocate, enlarge } from "./arena";
import { verticesOf } from "./binomials";
import { Column, coefficientAt, diameterAt, entry, indexAt } from "./column";

let table: usize = 0;
let highest: i32 = -1;

/** Where the dimension in work is written, and what has room there. */
let at: usize = 0;
let dimension: i32 = 0;
let roomForStarts: u32 = 0;
let roomForTerms: u32 = 0;

/** Asks for cocycles up to a dimension; address of the records, or 0 when memory does not suffice. */
export function requestRepresentatives(maxDim: i32): usize {
  highest = maxDim;
  table = allocate(<usize>(maxDim + 1) * REPRESENTATIVES_RECORD);
  if (table != 0) memory.fill(table, 0, <usize>(maxDim + 1) * REPRESENTATIVES_RECORD);
  return table;
}

/** True when cocycles of this dimension were asked for. */
@inline
export function wantsRepresentatives(dim: i32): bool {
  return dim <= highest;
}

/** Begins the record of a dimension with so many columns; false when memory does not suffice. */
export function openRepresentatives(dim: i32, columns: u32): bool {
  at = table + <usize>dim * REPRESENTATIVES_RECORD;
  dimension = dim;
  roomForStarts = 64;
  roomForTerms = 256;
  const starts = allocate(<usize>roomForStarts << 2);
  const terms = allocate(<usize>roomForTerms * termBytes());
  const pairs = allocate(<usize>columns * pairBytes());
  if (starts == 0 || terms == 0 || pairs == 0) return false;
  store<u32>(at, <u32>starts);
  store<u32>(at, 0, 4);
  store<u32>(at, <u32>terms, 8);
  store<u32>(at, 0, 12);
  store<u32>(at, <u32>pairs, 16);
  store<u32>(at, 0, 20);
  return true;
}

@inline
function pairBytes(): usize {
  return <usize>(2 * dimension + 3) << 2;
}

/** Adds a pair; `death` is -1 for an essential class. There is room for one pair a column. */
export function addPair(birth: i64, death: i64): void {
  const count = load<u32>(at, 20);
  const pair = <usize>load<u32>(at, 16) + <usize>count * pairBytes();
  const second = pair + (<usize>(dimension + 1) << 2);
  verticesOf(birth, dimension, pair);
  if (death >= 0) verticesOf(death, dimension + 1, second);
  else memory.fill(second, 0xff, <usize>(dimension + 2) << 2);
  store<u32>(at, count + 1, 20);
}

@inline
function termBytes(): usize {
  return <usize>(dimension + 2) << 2;
}

/** Begins the cocycle of the next interval; false when memory does not suffice. */
export function openCocycle(): bool {
  const count = load<u32>(at, 4);
  let starts = <usize>load<u32>(at);
  if (count == roomForStarts) {
    starts = enlarge(starts, <usize>count << 2, <usize>count << 3);
    if (starts == 0) return false;
    store<u32>(at, <u32>starts);
    roomForStarts *= 2;
  }
  store<u32>(starts + (<usize>count << 2), load<u32>(at, 12));
  store<u32>(at, count + 1, 4);
  return true;
}

/** Adds entries `from` .. `to` - 1 of a column to the cocycle in work; false when memory does not suffice. */
export function addTerms(column: Column, from: u32, to: u32, death: f32): bool {
  for (let i = from; i < to; i++) {
    const simplex = entry(column, i);
    if (!(diameterAt(simplex) < death)) continue;
    const count = load<u32>(at, 12);
    let terms = <usize>load<u32>(at, 8);
    if (count == roomForTerms) {
      const bytes = <usize>count * termBytes();
      terms = enlarge(terms, bytes, 2 * bytes);
      if (terms == 0) return false;
      store<u32>(at, <u32>terms, 8);
      roomForTerms *= 2;
    }
    const term = terms + <usize>count * termBytes();
    store<u32>(term, coefficientAt(simplex));
    verticesOf(indexAt(simplex), dimension, term + 4);
    store<u32>(at, count + 1, 12);
  }
  return true;
}

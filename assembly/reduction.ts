/**
 * Persistent cohomology by implicit reduction of the coboundary matrix (de Silva, Morozov, Vejdemo-Johansson 2011;
 * Bauer, "Ripser", 2021): clearing, apparent and emergent pairs; cofacets are enumerated anew each time, only the
 * matrix of column operations is stored.
 *
 * Memory of a dimension:
 *
 *     columns    the simplices to reduce, sorted; reduced from the last to the first
 *     pivots     pivot -> column
 *     starts     u32 × (columns + 1), first entry of each stored column in `stored`
 *     stored     the simplices added to each column besides its own, with coefficients
 *     boundary   heap: what is left of the coboundary of the column in work
 *     added      heap: the simplices added to the column in work
 */
import { allocate } from "./arena";
import { apparentFacet, leftOutPosition, listCoboundary, pushCoboundary } from "./cofacets";
import {
  append,
  Column,
  coefficientAt,
  diameterAt,
  entry,
  indexAt,
  newColumn,
  pop,
  push,
  reserve,
} from "./column";
import { add, inverse, multiply, negate, signed } from "./field";
import { addInterval, Intervals } from "./intervals";
import { findKey, firstOf, insertKey, KeyTable, secondOf } from "./keys";
import { points } from "./matrix";
import { addPair, addTerms, openCocycle, openRepresentatives, wantsRepresentatives } from "./representatives";

/** The pivot found by the last call of `settle` or `begin`. */
let pivotIndex: i64 = -1;
let pivotDiameter: f32 = 0;
let pivotCoefficient: u32 = 0;

/** Cancels equal entries at the top of the heap until one remains; sets the pivot, index -1 when nothing is left. */
function settle(heap: Column): void {
  while (heap.length > 0) {
    const top = heap.ptr;
    const index = indexAt(top);
    const diameter = diameterAt(top);
    let sum = coefficientAt(top);
    pop(heap);
    while (heap.length > 0 && indexAt(heap.ptr) == index) {
      sum = add(sum, coefficientAt(heap.ptr));
      pop(heap);
    }
    if (sum != 0) {
      push(heap, diameter, sum, index);
      pivotIndex = index;
      pivotDiameter = diameter;
      pivotCoefficient = sum;
      return;
    }
  }
  pivotIndex = -1;
}

/**
 * Starts a column with the coboundary of its own simplex. When the first cofacet of equal diameter is nobody's pivot
 * and in no apparent pair, it is the pivot (an emergent pair) and the rest is not needed.
 */
function begin(
  heap: Column,
  list: Column,
  index: i64,
  dim: i32,
  diameter: f32,
  threshold: f32,
  pivots: KeyTable,
): void {
  list.length = 0;
  listCoboundary(list, index, dim, diameter, threshold);
  const length = list.length;
  for (let i: u32 = 0; i < length; i++) {
    const at = entry(list, i);
    if (diameterAt(at) != diameter) continue;
    const cofacet = indexAt(at);
    if (findKey(pivots, <u64>cofacet) == 0 && apparentFacet(cofacet, dim + 1, diameter) < 0) {
      pivotIndex = cofacet;
      pivotDiameter = diameter;
      pivotCoefficient = coefficientAt(at);
      return;
    }
    break;
  }
  for (let i: u32 = 0; i < length; i++) {
    const at = entry(list, i);
    push(heap, diameterAt(at), coefficientAt(at), indexAt(at));
  }
  settle(heap);
}

/** Reduces all columns of a dimension; false when memory does not suffice. */
export function reduceColumns(
  dim: i32,
  threshold: f32,
  zeroLength: bool,
  columns: Column,
  pivots: KeyTable,
  intervals: Intervals,
): bool {
  const n = <u32>points();
  const count = columns.length;
  const starts = allocate((<usize>count + 1) << 2);
  const stored = newColumn(1024);
  const boundary = newColumn(4 * n + 64);
  const added = newColumn(256);
  const list = newColumn(n);
  if (starts == 0 || stored === null || boundary === null || added === null || list === null) return false;
  store<u32>(starts, 0);
  const wanted = wantsRepresentatives(dim);
  if (wanted && !openRepresentatives(dim, count)) return false;
  for (let number: u32 = 0; number < count; number++) {
    // The last column of the filtration comes first.
    const own = entry(columns, count - 1 - number);
    const birth = diameterAt(own);
    boundary.length = 0;
    added.length = 0;
    if (!reserve(boundary, n)) return false;
    begin(boundary, list, indexAt(own), dim, birth, threshold, pivots);
    for (;;) {
      if (pivotIndex < 0) {
        if (!addInterval(intervals, birth, Infinity)) return false;
        if (wanted) {
          addPair(indexAt(own), -1);
          const before = stored.length;
          if (!keep(added, stored) || !writeCocycle(columns, count - 1 - number, stored, before, Infinity)) return false;
        }
        break;
      }
      const slot = findKey(pivots, <u64>pivotIndex);
      if (slot != 0) {
        const factor = negate(multiply(pivotCoefficient, inverse(secondOf(slot))));
        const other = firstOf(slot);
        const from = load<u32>(starts + (<usize>other << 2));
        const to = load<u32>(starts + (<usize>other << 2), 4);
        if (!addSimplex(boundary, added, entry(columns, count - 1 - other), dim, factor, threshold)) return false;
        for (let i = from; i < to; i++) {
          const simplex = entry(stored, i);
          const coefficient = multiply(factor, coefficientAt(simplex));
          if (!addSimplex(boundary, added, simplex, dim, coefficient, threshold)) return false;
        }
        settle(boundary);
        continue;
      }
      const facet = apparentFacet(pivotIndex, dim + 1, pivotDiameter);
      if (facet >= 0) {
        // The column of an apparent facet is its own coboundary, never stored; its pivot is this one, with a sign.
        const factor = negate(signed(pivotCoefficient, leftOutPosition()));
        if (!reserve(boundary, n) || !reserve(added, 1)) return false;
        push(added, pivotDiameter, factor, facet);
        pushCoboundary(boundary, facet, dim, pivotDiameter, factor, threshold);
        settle(boundary);
        continue;
      }
      if (pivotDiameter > birth || zeroLength) {
        if (!addInterval(intervals, birth, pivotDiameter)) return false;
      }
      if (!insertKey(pivots, <u64>pivotIndex, number, pivotCoefficient)) return false;
      const before = stored.length;
      if (!keep(added, stored)) return false;
      if (wanted) addPair(indexAt(own), pivotIndex);
      if (wanted && pivotDiameter > birth && !writeCocycle(columns, count - 1 - number, stored, before, pivotDiameter)) return false;
      break;
    }
    store<u32>(starts + (<usize>number << 2), stored.length, 4);
  }
  return true;
}

/** The cocycle of an interval: its own simplex, and what was added to it. */
function writeCocycle(columns: Column, own: u32, stored: Column, from: u32, death: f32): bool {
  return openCocycle() && addTerms(columns, own, own + 1, death) && addTerms(stored, from, stored.length, death);
}

function addSimplex(
  boundary: Column,
  added: Column,
  simplex: usize,
  dim: i32,
  coefficient: u32,
  threshold: f32,
): bool {
  if (!reserve(boundary, <u32>points()) || !reserve(added, 1)) return false;
  const diameter = diameterAt(simplex);
  const index = indexAt(simplex);
  push(added, diameter, coefficient, index);
  pushCoboundary(boundary, index, dim, diameter, coefficient, threshold);
  return true;
}

/** Moves what remains of `added` after cancelling to the end of `stored`. */
function keep(added: Column, stored: Column): bool {
  while (added.length > 0) {
    const index = indexAt(added.ptr);
    const diameter = diameterAt(added.ptr);
    let sum: u32 = 0;
    while (added.length > 0 && indexAt(added.ptr) == index) {
      sum = add(sum, coefficientAt(added.ptr));
      pop(added);
    }
    if (sum == 0) continue;
    if (!reserve(stored, 1)) return false;
    append(stored, diameter, sum, index);
  }
  return true;
}

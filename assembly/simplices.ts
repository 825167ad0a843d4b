/**
 * Which simplices become columns: all of a dimension up to the threshold, less those that are known to be deaths
 * (cleared) and those in an apparent pair. The simplices are walked depth first by increasing vertices, one row of
 * candidate diameters a level, so nothing is stored but the columns themselves.
 *
 * Work space: level l holds f32 × stride, the diameter of (v_0, ..., v_l) joined with every k.
 */
import { allocate } from "./arena";
import { binomial } from "./binomials";
import { apparentFacet, hasApparentCofacet } from "./cofacets";
import { append, Column, reserve } from "./column";
import { addInterval, Intervals } from "./intervals";
import { findKey, KeyTable } from "./keys";
import { bytesPerRow, points, row } from "./matrix";

let levels: usize = 0;
let target: i32 = 0;
let cut: f32 = 0;
let wantZeroLength: bool = false;

/**
 * Appends the columns to reduce in dimension `dim` ≥ 1, in no particular order. `deaths` holds the pivots of the
 * dimension below. Pairs of length zero met on the way go to `intervals` when asked for. False when memory does not
 * suffice. O(number of simplices · n) at worst; a scan mostly ends after a few lanes.
 */
export function collectColumns(
  dim: i32,
  threshold: f32,
  zeroLength: bool,
  deaths: KeyTable,
  columns: Column,
  intervals: Intervals,
): bool {
  levels = allocate(bytesPerRow() * <usize>dim);
  if (levels == 0) return false;
  target = dim;
  cut = threshold;
  wantZeroLength = zeroLength;
  const n = points();
  for (let v: usize = 0; v < n; v++) {
    memory.copy(levels, row(v), bytesPerRow());
    if (!walk(0, v, <i64>v, columns, deaths, intervals)) return false;
  }
  return true;
}

/** Extends (v_0, ..., v_level), whose candidate diameters stand at `level`, by every larger vertex. */
function walk(level: i32, last: usize, index: i64, columns: Column, deaths: KeyTable, intervals: Intervals): bool {
  const candidates = levels + bytesPerRow() * <usize>level;
  const n = points();
  const dim = level + 1;
  for (let k = last + 1; k < n; k++) {
    const diameter = load<f32>(candidates + (k << 2));
    if (!(diameter <= cut)) continue;
    const extended = index + binomial(<i32>k, dim + 1);
    if (dim == target) {
      if (!consider(extended, dim, diameter, columns, deaths, intervals)) return false;
      continue;
    }
    const below = candidates + bytesPerRow();
    const line = row(k);
    const floor = f32x4.splat(diameter);
    for (let at: usize = (k >> 2) << 4; at < bytesPerRow(); at += 16)
      v128.store(below + at, f32x4.max(floor, f32x4.max(v128.load(candidates + at), v128.load(line + at))));
    if (!walk(dim, k, extended, columns, deaths, intervals)) return false;
  }
  return true;
}

function consider(
  index: i64,
  dim: i32,
  diameter: f32,
  columns: Column,
  deaths: KeyTable,
  intervals: Intervals,
): bool {
  if (findKey(deaths, <u64>index) != 0) return true;
  // In dimension 1 the spanning tree has already named every edge that kills a component.
  if (dim > 1 && apparentFacet(index, dim, diameter) >= 0) return true;
  if (hasApparentCofacet(index, dim, diameter)) return wantZeroLength ? addInterval(intervals, diameter, diameter) : true;
  if (!reserve(columns, 1)) return false;
  append(columns, diameter, 1, index);
  return true;
}

/** Persistence of a Vietoris–Rips filtration, dimension by dimension, by the plan that suits the input. */
import {
  PLAN_AUTOMATIC,
  PLAN_COLLAPSE,
  PLAN_FLAG,
  PLAN_LAZY,
  PLAN_LUNES,
  PLAN_SIMPLICES,
  RESULT_RECORD,
  STATUS_OK,
  STATUS_OUT_OF_MEMORY,
} from "./abi";
import { available, mark, release } from "./arena";
import { buildBinomials } from "./binomials";
import { prepareCofacets } from "./cofacets";
import { newColumn, sortColumn } from "./column";
import { setModulus } from "./field";
import { collapseEdges } from "./edge-collapse";
import { buildRanks, edges, vertices, walkEdges } from "./flag-complex";
import { homologyByLunes, loopClasses, voidClasses } from "./flag-lunes";
import { FLAG_DONE, FLAG_OUT_OF_MEMORY, reduceFlag } from "./flag-reduction";
import { newIntervals } from "./intervals";
import { newKeys, newKeyTable } from "./keys";
import { splitByKruskal } from "./kruskal";
import { LAZY_DONE, LAZY_OUT_OF_MEMORY, reduceLazily } from "./lazy-reduction";
import { relativeNeighbours } from "./lune";
import { homologyOfLunes, lunesFit } from "./lune-homology";
import { useMatrix } from "./matrix";
import { useLengthsOfMatrix } from "./pair-lengths";
import { newRankedEdges, sortRanked } from "./ranked-edges";
import { reduceColumns } from "./reduction";
import { collectColumns } from "./simplices";
import { spanningForest } from "./spanning-tree";

/**
 * Computes the intervals of dimension 0 .. maxDim and fills one record a dimension at `results` (see abi.ts).
 * @param matrix sealed square matrix (matrix.ts)
 * @param threshold longest edge kept, finite
 * @param plan how to compute; one that does not reach maxDim gives way, and intervals of length zero go by simplices
 * @returns a status code
 */
export function ripsPersistence(
  matrix: usize,
  n: i32,
  maxDim: i32,
  threshold: f32,
  modulus: u32,
  zeroLength: bool,
  plan: i32,
  results: usize,
): i32 {
  useMatrix(matrix, <usize>n);
  setModulus(modulus);
  if (!zeroLength && plan != PLAN_SIMPLICES && plan != PLAN_COLLAPSE) {
    const flag =
      maxDim == 2
        ? plan == PLAN_AUTOMATIC || plan == PLAN_FLAG || plan == PLAN_LUNES
        : maxDim == 1 && plan == PLAN_FLAG;
    // Ranks, the lists they are made from and the edges take some 24 n² bytes; where they do not fit, simplices might.
    const fits = n <= 65536 && (plan == PLAN_FLAG || 24 * <u64>n * n <= <u64>available());
    if (flag && fits) return voids(maxDim, threshold, plan, results);
    if (maxDim == 1) return loops(matrix, <usize>n, threshold, plan, results);
  }
  // Collapsing pays from dimension 3 on, where simplices are many and their cofacets more.
  const collapse = !zeroLength && n <= 65536 && (plan == PLAN_COLLAPSE || (plan == PLAN_AUTOMATIC && maxDim >= 3));
  if (!collapse) return simplices(n, maxDim, threshold, zeroLength, PLAN_SIMPLICES, results);
  const before = mark();
  if (!collapseEdges(threshold)) return STATUS_OUT_OF_MEMORY;
  release(before);
  return simplices(n, maxDim, threshold, zeroLength, PLAN_COLLAPSE, results);
}

/**
 * Collapses the edges of a sealed matrix in place, as the plan `collapse` begins: for who wants to know what is left.
 * @returns a status code
 */
export function collapseMatrix(matrix: usize, n: i32, threshold: f32): i32 {
  useMatrix(matrix, <usize>n);
  return collapseEdges(threshold) ? STATUS_OK : STATUS_OUT_OF_MEMORY;
}

/** Every dimension by implicit reduction of the coboundary matrix over all simplices. */
function simplices(n: i32, maxDim: i32, threshold: f32, zeroLength: bool, plan: i32, results: usize): i32 {
  if (!buildBinomials(n, maxDim + 2) || !prepareCofacets()) return STATUS_OUT_OF_MEMORY;
  let pivots = newKeyTable(<usize>n);
  const components = newIntervals(<u32>n + 1);
  if (pivots === null || components === null) return STATUS_OUT_OF_MEMORY;
  if (!spanningForest(threshold, zeroLength, components, pivots)) return STATUS_OUT_OF_MEMORY;
  record(results, 0, components.ptr, components.length, <u32>n, plan);
  for (let dim = 1; dim <= maxDim; dim++) {
    const columns = newColumn(1024);
    const intervals = newIntervals(256);
    if (columns === null || intervals === null) return STATUS_OUT_OF_MEMORY;
    if (!collectColumns(dim, threshold, zeroLength, pivots, columns, intervals)) return STATUS_OUT_OF_MEMORY;
    if (!sortColumn(columns)) return STATUS_OUT_OF_MEMORY;
    const next = newKeyTable(<usize>columns.length);
    if (next === null) return STATUS_OUT_OF_MEMORY;
    if (!reduceColumns(dim, threshold, zeroLength, columns, next, intervals)) return STATUS_OUT_OF_MEMORY;
    record(results, dim, intervals.ptr, intervals.length, columns.length, plan);
    pivots = next;
  }
  return STATUS_OK;
}

/**
 * H0 and H1 without ever listing the edges: the relative neighbourhood graph (stage R), Kruskal's algorithm on it (K),
 * and lazy cohomology (C). Classes that live long make columns of C long; after a budget of work the homology of lunes
 * (M) takes over, whose cost does not depend on how long classes live.
 */
function loops(matrix: usize, n: usize, threshold: f32, plan: i32, results: usize): i32 {
  const edges = newRankedEdges(4 * <u32>n + 16);
  const forest = newRankedEdges(<u32>n);
  const components = newIntervals(<u32>n + 1);
  if (edges === null || forest === null || components === null) return STATUS_OUT_OF_MEMORY;
  if (!relativeNeighbours(matrix, threshold, edges) || !sortRanked(edges)) return STATUS_OUT_OF_MEMORY;
  if (!splitByKruskal(n, edges, forest, components)) return STATUS_OUT_OF_MEMORY;
  record(results, 0, components.ptr, components.length, <u32>n, PLAN_LAZY);
  const fits = lunesFit(n, available());
  if (plan != PLAN_LUNES || !fits) {
    const before = mark();
    const intervals = newIntervals(256);
    if (intervals === null) return STATUS_OUT_OF_MEMORY;
    // Most data need some 15 cursor moves a point; the lunes take as long as some n² / 16 moves. Half of that is the
    // most that trying C first can cost.
    const budget: u64 = plan == PLAN_AUTOMATIC && fits ? (<u64>n * n) / 32 + 5000 : u64.MAX_VALUE;
    const outcome = reduceLazily(matrix, threshold, edges, budget, intervals);
    if (outcome == LAZY_OUT_OF_MEMORY) return STATUS_OUT_OF_MEMORY;
    if (outcome == LAZY_DONE) {
      record(results, 1, intervals.ptr, intervals.length, edges.length, PLAN_LAZY);
      return STATUS_OK;
    }
    release(before);
  }
  useLengthsOfMatrix();
  const intervals = newIntervals(256);
  if (intervals === null || !homologyOfLunes(threshold, edges, forest, intervals)) return STATUS_OUT_OF_MEMORY;
  record(results, 1, intervals.ptr, intervals.length, edges.length, PLAN_LUNES);
  return STATUS_OK;
}

/**
 * H0, H1 and H2 on the flag complex by ranks: lazy cohomology (flag-reduction.ts), where classes do not live long. Those
 * that do make its columns long; after a budget of work the homology of lunes (flag-lunes.ts) takes over.
 */
function voids(maxDim: i32, threshold: f32, plan: i32, results: usize): i32 {
  if (!buildRanks(threshold)) return STATUS_OUT_OF_MEMORY;
  if (plan != PLAN_LUNES) {
    const before = mark();
    // Most data take one cofacet for thirty edges or fewer; the lunes cost about as much as one for every fourth.
    const budget: u64 = plan == PLAN_AUTOMATIC ? edges() / 4 + 5000 : u64.MAX_VALUE;
    const outcome = voidsByCohomology(maxDim, budget, results);
    if (outcome == FLAG_OUT_OF_MEMORY) return STATUS_OUT_OF_MEMORY;
    if (outcome == FLAG_DONE) return STATUS_OK;
    release(before);
  }
  const components = newIntervals(1024);
  const loopIntervals = newIntervals(256);
  const voidIntervals = newIntervals(256);
  if (components === null || loopIntervals === null || voidIntervals === null) return STATUS_OUT_OF_MEMORY;
  if (!homologyByLunes(maxDim, components, loopIntervals, voidIntervals)) return STATUS_OUT_OF_MEMORY;
  record(results, 0, components.ptr, components.length, <u32>vertices(), PLAN_LUNES);
  record(results, 1, loopIntervals.ptr, loopIntervals.length, loopClasses, PLAN_LUNES);
  if (maxDim == 2) record(results, 2, voidIntervals.ptr, voidIntervals.length, voidClasses, PLAN_LUNES);
  return STATUS_OK;
}

/** H0, H1 and H2 by lazy cohomology, within a budget of cofacets. One of flag-reduction.ts's outcomes. */
function voidsByCohomology(maxDim: i32, budget: u64, results: usize): i32 {
  const components = newIntervals(1024);
  const loopIntervals = newIntervals(256);
  const voidIntervals = newIntervals(256);
  const loops = newKeys(1024);
  const triangles = newKeys(1024);
  if (components === null || loopIntervals === null || voidIntervals === null) return FLAG_OUT_OF_MEMORY;
  if (loops === null || triangles === null) return FLAG_OUT_OF_MEMORY;
  if (!walkEdges(components, loops, triangles)) return FLAG_OUT_OF_MEMORY;
  record(results, 0, components.ptr, components.length, <u32>vertices(), PLAN_FLAG);
  const loopDeaths = newKeyTable(<usize>loops.length);
  if (loopDeaths === null) return FLAG_OUT_OF_MEMORY;
  let outcome = reduceFlag(1, loops, null, loopDeaths, loopIntervals, budget);
  record(results, 1, loopIntervals.ptr, loopIntervals.length, loops.length, PLAN_FLAG);
  if (outcome != FLAG_DONE || maxDim < 2) return outcome;
  const voidDeaths = newKeyTable(<usize>triangles.length);
  if (voidDeaths === null) return FLAG_OUT_OF_MEMORY;
  outcome = reduceFlag(2, triangles, loopDeaths, voidDeaths, voidIntervals, budget);
  record(results, 2, voidIntervals.ptr, voidIntervals.length, triangles.length, PLAN_FLAG);
  return outcome;
}

function record(results: usize, dim: i32, ptr: usize, length: u32, columns: u32, plan: i32): void {
  const at = results + <usize>dim * RESULT_RECORD;
  store<u32>(at, <u32>ptr);
  store<u32>(at, length, 4);
  store<u32>(at, columns, 8);
  store<u32>(at, plan, 12);
}

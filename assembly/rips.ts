/** Persistence of a Vietoris–Rips filtration, dimension by dimension. */
import { RESULT_RECORD, STATUS_OK, STATUS_OUT_OF_MEMORY } from "./abi";
import { buildBinomials } from "./binomials";
import { prepareCofacets } from "./cofacets";
import { newColumn, sortColumn } from "./column";
import { setModulus } from "./field";
import { newIntervals } from "./intervals";
import { useMatrix } from "./matrix";
import { newPivots } from "./pivots";
import { reduceColumns } from "./reduction";
import { collectColumns } from "./simplices";
import { spanningForest } from "./spanning-tree";

/**
 * Computes the intervals of dimension 0 .. maxDim and fills one record a dimension at `results` (see abi.ts).
 * @param matrix sealed square matrix (matrix.ts)
 * @param threshold longest edge kept, finite
 * @returns a status code
 */
export function ripsPersistence(
  matrix: usize,
  n: i32,
  maxDim: i32,
  threshold: f32,
  modulus: u32,
  zeroLength: bool,
  results: usize,
): i32 {
  useMatrix(matrix, <usize>n);
  setModulus(modulus);
  if (!buildBinomials(n, maxDim + 2) || !prepareCofacets()) return STATUS_OUT_OF_MEMORY;
  let pivots = newPivots(<usize>n);
  const components = newIntervals(<u32>n + 1);
  if (pivots === null || components === null) return STATUS_OUT_OF_MEMORY;
  if (!spanningForest(threshold, zeroLength, components, pivots)) return STATUS_OUT_OF_MEMORY;
  record(results, 0, components.ptr, components.length, <u32>n);
  for (let dim = 1; dim <= maxDim; dim++) {
    const columns = newColumn(1024);
    const intervals = newIntervals(256);
    if (columns === null || intervals === null) return STATUS_OUT_OF_MEMORY;
    if (!collectColumns(dim, threshold, zeroLength, pivots, columns, intervals)) return STATUS_OUT_OF_MEMORY;
    if (!sortColumn(columns)) return STATUS_OUT_OF_MEMORY;
    const next = newPivots(<usize>columns.length);
    if (next === null) return STATUS_OUT_OF_MEMORY;
    if (!reduceColumns(dim, threshold, zeroLength, columns, next, intervals)) return STATUS_OUT_OF_MEMORY;
    record(results, dim, intervals.ptr, intervals.length, columns.length);
    pivots = next;
  }
  return STATUS_OK;
}

function record(results: usize, dim: i32, ptr: usize, length: u32, columns: u32): void {
  const at = results + <usize>dim * RESULT_RECORD;
  store<u32>(at, <u32>ptr);
  store<u32>(at, length, 4);
  store<u32>(at, columns, 8);
  store<u32>(at, 0, 12);
}

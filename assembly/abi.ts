/**
 * What the host and the kernels agree on. `src/engine/abi.ts` repeats it; a test holds the two equal.
 *
 * Results header, written by `ripsPersistence`, one record of 16 bytes a dimension:
 *
 *     +0  u32  address of the intervals: (birth f32, death f32) pairs, death +Infinity when essential
 *     +4  u32  number of intervals
 *     +8  u32  columns reduced
 *     +12 u32  plan that was carried out
 */

/** Changes with every change of layout or meaning. */
export const ABI_VERSION: i32 = 7;

/** Done. */
export const STATUS_OK: i32 = 0;
/** Memory could not grow as far as needed. */
export const STATUS_OUT_OF_MEMORY: i32 = 1;

/** The budget of work was spent before the end. */
export const STATUS_OVER_BUDGET: i32 = 2;

/** Choose the plan from the input. */
export const PLAN_AUTOMATIC: i32 = 0;
/** Implicit reduction over all simplices. */
export const PLAN_SIMPLICES: i32 = 1;
/** Relative neighbourhood graph, Kruskal, lazy cohomology. */
export const PLAN_LAZY: i32 = 2;
/** Homology of lunes, edge after edge. */
export const PLAN_LUNES: i32 = 3;
/** Edges by number, triangles and tetrahedra by their longest edge, lazy cohomology. */
export const PLAN_FLAG: i32 = 4;
/** Edge collapse, then implicit reduction over the simplices left. */
export const PLAN_COLLAPSE: i32 = 5;
/** Points without a matrix: blocks of distances, relative neighbourhood graph, Kruskal, lazy cohomology. */
export const PLAN_STREAM: i32 = 6;
/** Metric: root of the sum of squared differences. */
export const METRIC_EUCLIDEAN: i32 = 0;
/** Metric: sum of squared differences. */
export const METRIC_SQEUCLIDEAN: i32 = 1;
/** Metric: sum of absolute differences. */
export const METRIC_MANHATTAN: i32 = 2;
/** Metric: largest absolute difference. */
export const METRIC_CHEBYSHEV: i32 = 3;
/** Metric: half the sum of squared differences of rows of length 1, which is 1 - cos. */
export const METRIC_COSINE: i32 = 4;
/** Rows behind the points that the streaming engine wants memory for. */
export const SPARE_ROWS: usize = 48;
/** Bytes of one record of the results header. */
export const RESULT_RECORD: usize = 16;
/** Bytes of one record of the representatives (representatives.ts). */
export const REPRESENTATIVES_RECORD: usize = 32;
/** Highest dimension whose record fits into the header. */
export const MAX_DIMENSION: i32 = 62;
/** Rows of a square matrix are padded to a multiple of this many entries. */
export const LANES: usize = 4;

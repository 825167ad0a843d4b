/** What the host and the kernels agree on; `assembly/abi.ts` says the same and a test holds the two equal. */

/** Version of the layout. */
export const ABI_VERSION = 7;
/** Done. */
export const STATUS_OK = 0;
/** Memory could not grow as far as needed. */
export const STATUS_OUT_OF_MEMORY = 1;
/** The budget of work was spent before the end. */
export const STATUS_OVER_BUDGET = 2;
/** Choose the plan from the input. */
export const PLAN_AUTOMATIC = 0;
/** Implicit reduction over all simplices. */
export const PLAN_SIMPLICES = 1;
/** Relative neighbourhood graph, Kruskal, lazy cohomology. */
export const PLAN_LAZY = 2;
/** Homology of lunes, edge after edge. */
export const PLAN_LUNES = 3;
/** Edges by number, triangles and tetrahedra by their longest edge, lazy cohomology. */
export const PLAN_FLAG = 4;
/** Edge collapse, then implicit reduction over the simplices left. */
export const PLAN_COLLAPSE = 5;
/** Points without a matrix: blocks of distances, relative neighbourhood graph, Kruskal, lazy cohomology. */
export const PLAN_STREAM = 6;
/** Metric: root of the sum of squared differences. */
export const METRIC_EUCLIDEAN = 0;
/** Metric: sum of squared differences. */
export const METRIC_SQEUCLIDEAN = 1;
/** Metric: sum of absolute differences. */
export const METRIC_MANHATTAN = 2;
/** Metric: largest absolute difference. */
export const METRIC_CHEBYSHEV = 3;
/** Metric: half the sum of squared differences of rows of length 1, which is 1 - cos. */
export const METRIC_COSINE = 4;
/** Rows behind the points that `streamPrepare` wants memory for. */
export const SPARE_ROWS = 48;
/** Bytes of one record of the results header: address, number of intervals, columns, plan; u32 each. */
export const RESULT_RECORD = 16;
/** Bytes of one record of the representatives; its fields stand in assembly/representatives.ts. */
export const REPRESENTATIVES_RECORD = 32;
/** Highest dimension whose record fits into the header. */
export const MAX_DIMENSION = 62;

/** What the WebAssembly module exports. Addresses and sizes are unsigned 32-bit integers that arrive as signed ones. */
export interface Kernels extends Record<string, unknown> {
  readonly memory: WebAssembly.Memory;
  abiVersion(): number;
  allocate(bytes: number): number;
  mark(): number;
  release(mark: number): void;
  setMemoryLimit(bytes: number): void;
  /** Bytes of memory needed so far, in whole pages. */
  memoryPeak(): number;
  /** Begins a session: an empty arena, and up to so many threads. Its number, 0 without threads, -1 without memory. */
  crewOpen(threads: number): number;
  crewClose(): void;
  /** Helps the first instance of a session until it ends. Blocks. */
  crewHelp(session: number, thread: number): void;
  matrixStride(n: number): number;
  sealMatrix(matrixPtr: number, n: number): void;
  /** Number i · n + j of the first wrong entry, -1 when there is none. */
  checkSquare(matrixPtr: number, n: number): number;
  mirrorLower(matrixPtr: number, n: number): number;
  enclosingRadius(matrixPtr: number, n: number): number;
  distancesI16(
    rowsPtr: number,
    rowBytes: number,
    n: number,
    scale: number,
    squared: boolean,
    normsPtr: number,
    matrixPtr: number,
  ): void;
  distancesF32(rowsPtr: number, rowBytes: number, n: number, scale: number, squared: boolean, matrixPtr: number): void;
  distancesF64(rowsPtr: number, rowBytes: number, n: number, scale: number, metric: number, matrixPtr: number): void;
  /** Prepares the work space of landmarks; `bytes` is the size of a coordinate: 2, 4 or 8. */
  openLandmarks(
    rowsPtr: number,
    rowBytes: number,
    n: number,
    bytes: number,
    nearestPtr: number,
    normsPtr: number,
  ): void;
  /** Number of the point farthest from all landmarks. */
  farthestPoint(n: number, nearestPtr: number): number;
  addLandmark(
    rowsPtr: number,
    rowBytes: number,
    n: number,
    bytes: number,
    metric: number,
    nearestPtr: number,
    normsPtr: number,
    landmark: number,
  ): void;
  requestRepresentatives(maxDim: number): number;
  collapseMatrix(matrixPtr: number, n: number, threshold: number): number;
  ripsPersistence(
    matrixPtr: number,
    n: number,
    maxDim: number,
    threshold: number,
    modulus: number,
    zeroLength: boolean,
    plan: number,
    resultsPtr: number,
  ): number;
  streamPrepare(
    rowsPtr: number,
    rowBytes: number,
    n: number,
    arithmetic: number,
    metric: number,
    scale: number,
    blockSize: number,
    near: number,
    keep: number,
    room: number,
  ): number;
  streamPhases(): number;
  streamBlocks(phase: number): number;
  streamEnclosingRadius(): number;
  streamCut(threshold: number): void;
  streamSort(from: number, to: number): number;
  streamCandidates(): number;
  streamFilter(from: number, to: number): number;
  streamRound(): number;
  streamSettle(from: number, to: number): number;
  streamSplit(modulus: number, maxDim: number): number;
  streamColumns(): number;
  streamColumnsAhead(): number;
  streamAhead(from: number, to: number, budget: number): number;
  streamReduce(to: number, budget: number): number;
  streamLunesFit(): number;
  streamLunes(): number;
  streamFinish(resultsPtr: number): void;
}

/** Runs one computation on a fresh instance of the kernels. */
import { EngineError, expected, InputError, MemoryLimitError } from "../errors.js";
import { type Kernels, MAX_DIMENSION, RESULT_RECORD, STATUS_OK, STATUS_OUT_OF_MEMORY } from "./abi.js";
import { checkMemory, checkSimplexIndices, megabytes, needsFlag } from "./estimate.js";
import { instantiate } from "./module.js";
import { type Representatives, readRepresentatives } from "./representatives.js";
import { block, placeRows, rowBytesOf } from "./rows.js";
import { sortIntervals } from "./sorted-intervals.js";
import { computeStream, type Progress, streams } from "./stream.js";

/** Metrics, in the order of their numbers in abi.ts. */
export const metricNames = ["euclidean", "sqeuclidean", "manhattan", "chebyshev", "cosine"] as const;

/** Name of a metric. */
export type MetricName = (typeof metricNames)[number];

/** Rows of coordinates, and how their distances are computed. */
export interface PointsSource {
  readonly kind: "points";
  readonly data: Uint8Array | Float32Array | Float64Array;
  readonly n: number;
  readonly d: number;
  /** Factor on every coordinate. */
  readonly scale: number;
  /** Under `cosine` every row has length 1 and the arithmetic is f64. */
  readonly metric: MetricName;
  /**
   * `i16`: exact integers, data are bytes; `f32`: direct differences; `f64`: the same in double precision. The first two
   * know the metrics euclidean and sqeuclidean only.
   */
  readonly arithmetic: "i16" | "f32" | "f64";
}

/**
 * Distances as they come in, not checked yet: all n² entries row by row, or the n(n-1)/2 below the diagonal. +Infinity
 * stands for a pair that never becomes an edge.
 */
export interface MatrixSource {
  readonly kind: "matrix";
  readonly data: Float32Array | Float64Array;
  readonly n: number;
}

/** Ways to compute H1, in the order of their numbers in abi.ts. */
export const planNames = ["automatic", "simplices", "lazy", "lunes", "flag", "collapse", "stream"] as const;

/** Name of a plan: see the numbers in abi.ts. */
export type PlanName = (typeof planNames)[number];

/** One computation. Everything has been checked by the caller except sizes. */
export interface EngineRequest {
  readonly source: PointsSource | MatrixSource;
  readonly maxDim: number;
  /** Longest edge kept; undefined for the enclosing radius. */
  readonly threshold: number | undefined;
  readonly modulus: number;
  readonly zeroLength: boolean;
  /** How to compute H1. */
  readonly plan: PlanName;
  /** Cocycles and cycles for every interval; the plan is then `simplices`, and `zeroLength` must be false. */
  readonly representatives?: boolean;
  /** Bytes of WebAssembly memory allowed. */
  readonly memoryLimit: number;
}

/** Intervals of one dimension, sorted by birth, then death. */
export interface RawIntervals {
  readonly births: Float32Array;
  readonly deaths: Float32Array;
  /** On request, in the order of the intervals. */
  readonly representatives?: Representatives;
}

/** What a computation returns. Nothing in it is a view into WebAssembly memory. */
export interface EngineResponse {
  readonly dimensions: readonly RawIntervals[];
  readonly threshold: number;
  /** Least, over the points, of the largest distance to another point; Infinity when no point sees all others. */
  readonly enclosingRadius: number;
  /** Columns reduced in each dimension. */
  readonly columns: readonly number[];
  /** How each dimension was computed. */
  readonly plans: readonly PlanName[];
  /** Bytes of WebAssembly memory needed at the peak. */
  readonly memory: number;
}

/** The square matrix of distances of a source, read back; for tests, benchmarks and scale readouts. O(n² d). */
export function computeDistances(module: WebAssembly.Module, source: PointsSource, memoryLimit: number): Float32Array {
  const limit = checkMemory({ n: source.n, rowBytes: rowBytesOf(source), maxDim: 0 }, memoryLimit);
  const kernels = instantiate({ module });
  openSession(kernels, 1, limit);
  const { n } = source;
  const matrixPtr = placeMatrix(kernels, source);
  const stride = kernels.matrixStride(n);
  const matrix = new Float32Array(kernels.memory.buffer, matrixPtr, n * stride);
  const result = new Float32Array(n * n);
  for (let i = 0; i < n; i++) {
    result.set(matrix.subarray(i * stride, i * stride + n), i * n);
    result[i * n + i] = 0;
  }
  return result;
}

/** Where several threads compute one request. */
export interface SharedWork {
  /** Shared by all of them. */
  readonly memory: WebAssembly.Memory;
  /** How many, this one included. */
  readonly threads: number;
  /** Tells the others to help in the session with this number (`crewHelp`). */
  readonly call: (session: number) => void;
}

/**
 * Runs a request.
 * @param module with threads when, and only when, `shared` is given
 * @param onProgress told how far the plan `stream` is
 * @throws SimplexOverflowError and MemoryLimitError before any work; MemoryLimitError when the reduction outgrows the
 *   limit; InputError when distances overflow float32
 */
export function compute(
  module: WebAssembly.Module,
  request: EngineRequest,
  shared?: SharedWork,
  onProgress?: (progress: Progress) => void,
): EngineResponse {
  const { streaming, ...how } = prepare(request);
  const kernels = instantiate({ module }, shared?.memory);
  const session = openSession(kernels, shared?.threads ?? 1, how.limit);
  shared?.call(session);
  try {
    const left = streaming ? computeStream(kernels, how, onProgress) : computeDense(kernels, how);
    return respond(kernels, left, how);
  } finally {
    kernels.crewClose();
  }
}

/**
 * What can be said of a request before any work.
 * @throws SimplexOverflowError and MemoryLimitError for what cannot be computed
 */
export function prepare(request: EngineRequest): Work & { readonly streaming: boolean } {
  const { source, zeroLength } = request;
  const { n } = source;
  // A flag complex with homology in degree k has at least 2k + 2 vertices (the cross-polytope); only intervals of
  // length zero can exist beyond that, and none beyond dimension n - 2.
  const highest = Math.max(0, zeroLength ? n - 2 : Math.floor((n - 2) / 2));
  const maxDim = Math.min(request.maxDim, highest, MAX_DIMENSION);
  const streaming = streams(request, maxDim);
  if (!streaming) checkSimplexIndices(n, maxDim);
  const flag = needsFlag(request.plan, maxDim, zeroLength || request.representatives === true, n);
  const limit = checkMemory({ n, rowBytes: rowBytesOf(source), maxDim, flag, streaming }, request.memoryLimit);
  return { request, maxDim, limit, streaming };
}

/** Empties the memory, so that up to `limit` bytes may be used. */
export function openSession(kernels: Kernels, threads: number, limit: number): number {
  const session = kernels.crewOpen(threads);
  if (session < 0)
    throw new MemoryLimitError(expected("one page of memory", "the engine", "none"), {
      hint: "End other calls first.",
    });
  kernels.setMemoryLimit(limit);
  return session;
}

/** A request and what has been found out about it. */
export interface Work {
  readonly request: EngineRequest;
  /** Highest dimension that can have an interval. */
  readonly maxDim: number;
  /** Bytes of WebAssembly memory. */
  readonly limit: number;
}

/** What a computation leaves in WebAssembly memory. */
export interface Left {
  /** The results header, one record a dimension. */
  readonly resultsPtr: number;
  readonly threshold: number;
  readonly enclosingRadius: number;
  readonly representatives?: readonly Representatives[] | undefined;
}

/** A matrix in WebAssembly memory, and where its filtration ends. */
export interface Placed {
  readonly matrixPtr: number;
  readonly enclosing: number;
  /** Longest edge kept. */
  readonly threshold: number;
}

/**
 * Computes or copies the matrix, and finds the threshold.
 * @throws InputError for a bad matrix and for distances that overflow float32, MemoryLimitError
 */
export function openMatrix(kernels: Kernels, { source, threshold: asked }: EngineRequest): Placed {
  const matrixPtr = placeMatrix(kernels, source);
  const enclosing = kernels.enclosingRadius(matrixPtr, source.n);
  // Above the enclosing radius nothing changes: the complex is a cone.
  let threshold = Math.min(asked === undefined ? Infinity : Math.fround(asked), enclosing);
  if (!Number.isFinite(threshold)) {
    if (source.kind === "points")
      throw new InputError(expected("a number below 3.4e38, the largest float32,", "every distance", Infinity), {
        hint: "Scale the coordinates down, or set a threshold.",
      });
    // Some pairs are never joined and no point sees all others: everything that is joined counts.
    threshold = 0;
    for (const value of source.data) {
      const rounded = Math.fround(value);
      if (rounded < Infinity && rounded > threshold) threshold = rounded;
    }
  }
  return { matrixPtr, enclosing, threshold };
}

/** Computes by way of the distance matrix. */
function computeDense(kernels: Kernels, { request, maxDim, limit }: Work): Left {
  const { modulus, zeroLength } = request;
  const { n } = request.source;
  const { matrixPtr, enclosing, threshold } = openMatrix(kernels, request);
  // Where the streaming engine does not serve, or has given way, the plan is the engine's choice.
  const asked = request.plan === "stream" ? "automatic" : request.plan;
  const plan = planNames.indexOf(request.representatives ? "simplices" : asked);
  const recordsPtr = request.representatives ? kernels.requestRepresentatives(maxDim) >>> 0 : undefined;
  const resultsPtr = block(kernels, (maxDim + 1) * RESULT_RECORD);
  const status = kernels.ripsPersistence(matrixPtr, n, maxDim, threshold, modulus, zeroLength, plan, resultsPtr);
  if (status === STATUS_OUT_OF_MEMORY)
    throw new MemoryLimitError(expected(`at most ${megabytes(limit)}`, "the memory of the reduction", "more"), {
      hint: "Raise the memory limit, lower the threshold, or take a sample of the points.",
    });
  if (status !== STATUS_OK) throw new EngineError(`The engine ended with the unknown status ${status}.`);
  const representatives =
    recordsPtr === undefined
      ? undefined
      : readRepresentatives({
          buffer: kernels.memory.buffer,
          recordsPtr,
          matrixPtr,
          stride: kernels.matrixStride(n),
          n,
          maxDim,
          threshold,
          modulus,
        });
  return { resultsPtr, threshold, enclosingRadius: enclosing, representatives };
}

/** Copies the results out of WebAssembly memory. */
function respond(kernels: Kernels, left: Left, { request, maxDim }: Work): EngineResponse {
  const { resultsPtr, threshold, enclosingRadius, representatives } = left;
  const dimensions: RawIntervals[] = [];
  const columns: number[] = [];
  const plans: PlanName[] = [];
  for (let dim = 0; dim <= request.maxDim; dim++) {
    if (dim > maxDim) {
      const none = representatives ? { representatives: { cocycles: [], cycles: [] } } : {};
      dimensions.push({ births: new Float32Array(0), deaths: new Float32Array(0), ...none });
      columns.push(0);
      plans.push("simplices");
      continue;
    }
    const record = new Uint32Array(kernels.memory.buffer, resultsPtr + dim * RESULT_RECORD, 4);
    const [ptr, count, columnCount, planNumber] = record as unknown as [number, number, number, number];
    const pairs = new Float32Array(kernels.memory.buffer, ptr, 2 * count);
    const sorted = sortIntervals(pairs);
    dimensions.push(
      representatives ? { ...sorted, representatives: inOrder(representatives[dim]!, pairs, dim) } : sorted,
    );
    columns.push(columnCount);
    plans.push(planNames[planNumber]!);
  }
  return {
    dimensions,
    threshold,
    enclosingRadius,
    columns,
    plans,
    memory: kernels.memoryPeak() >>> 0,
  };
}

/** Puts representatives into the order of the sorted intervals; those of dimension 0 are in it. */
function inOrder({ cocycles, cycles }: Representatives, pairs: Float32Array, dim: number): Representatives {
  if (dim === 0) return { cocycles, cycles };
  const order = cocycles.map((_, i) => i);
  order.sort((a, b) => {
    const births = pairs[2 * a]! - pairs[2 * b]!;
    return births || (pairs[2 * a + 1] === pairs[2 * b + 1] ? 0 : pairs[2 * a + 1]! - pairs[2 * b + 1]!);
  });
  return { cocycles: order.map((i) => cocycles[i]!), cycles: order.map((i) => cycles[i]!) };
}

/** Computes or copies the matrix; returns its address. */
function placeMatrix(kernels: Kernels, source: PointsSource | MatrixSource): number {
  const { n } = source;
  const stride = kernels.matrixStride(n);
  const matrixPtr = block(kernels, 4 * n * stride);
  if (source.kind === "matrix") {
    copyMatrix(kernels, source, matrixPtr, stride);
    kernels.sealMatrix(matrixPtr, n);
    return matrixPtr;
  }
  const { scale, metric } = source;
  const squared = metric === "sqeuclidean";
  const mark = kernels.mark();
  const { rowsPtr, rowBytes } = placeRows(kernels, source);
  if (source.arithmetic === "i16") {
    const normsPtr = block(kernels, 4 * n);
    kernels.distancesI16(rowsPtr, rowBytes, n, scale, squared, normsPtr, matrixPtr);
  } else if (source.arithmetic === "f32") {
    kernels.distancesF32(rowsPtr, rowBytes, n, scale, squared, matrixPtr);
  } else {
    kernels.distancesF64(rowsPtr, rowBytes, n, scale, metricNames.indexOf(metric), matrixPtr);
  }
  kernels.release(mark);
  return matrixPtr;
}

/**
 * Copies a matrix into WebAssembly memory, rounded to float32, and checks it there.
 * @throws InputError for the first entry that is negative, NaN, off zero on the diagonal or unlike its mirror image
 */
function copyMatrix(kernels: Kernels, { data, n }: MatrixSource, matrixPtr: number, stride: number): void {
  const matrix = new Float32Array(kernels.memory.buffer, matrixPtr, n * stride);
  const square = data.length === n * n;
  if (square) for (let i = 0; i < n; i++) matrix.set(data.subarray(i * n, (i + 1) * n), i * stride);
  else for (let i = 1; i < n; i++) matrix.set(data.subarray((i * (i - 1)) / 2, (i * (i + 1)) / 2), i * stride);
  const bad = square ? kernels.checkSquare(matrixPtr, n) : kernels.mirrorLower(matrixPtr, n);
  if (bad < 0) return;
  const i = Math.floor(bad / n);
  const j = bad % n;
  const value = square ? data[bad] : data[(i * (i - 1)) / 2 + j];
  if (i === j)
    throw new InputError(expected("0", `the distance of point ${i} to itself`, value), {
      hint: "The diagonal of a distance matrix is zero.",
    });
  const mirror = square ? data[j * n + i]! : value!;
  if (!(value! >= 0 && mirror >= 0)) {
    const first = value! >= 0 ? { row: j, column: i, value: mirror } : { row: i, column: j, value };
    throw new InputError(
      expected("a distance of at least 0", `row ${first.row}, column ${first.column}`, first.value),
      {
        hint: "Distances are never negative or NaN.",
      },
    );
  }
  throw new InputError(expected(`the same distance both ways (${value})`, `row ${j}, column ${i}`, mirror), {
    hint: "Make the matrix symmetric.",
  });
}

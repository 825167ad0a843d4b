/** Runs the kernels that choose landmarks; memory is that of the points, not of their distances. */
import { setImmediate } from "node:timers/promises";
import { expected, TimeoutError, throwIfAborted } from "../errors.js";
import { type MetricName, metricNames, openSession, type PointsSource } from "./engine.js";
import { checkLimit } from "./estimate.js";
import { instantiate } from "./module.js";
import { block, placeRows, rowBytesOf } from "./rows.js";

/** Longest stretch of work between two looks at the signal, in milliseconds. */
const STRETCH = 30;

/** How landmarks are to be chosen. */
export interface LandmarkRequest {
  readonly source: PointsSource;
  /** The landmarks to take first, in order: all of them, or at least one to start from. */
  readonly given: ArrayLike<number>;
  /** How many in all; those not given are each the point farthest from all before. At most n. */
  readonly count: number;
  readonly memoryLimit: number;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds. */
  readonly timeout?: number | undefined;
}

/** Landmarks and how they cover the points. */
export interface ChosenLandmarks {
  /** Points that are landmarks, in the order they were taken. Fewer than asked for when all points are covered before. */
  readonly indices: Uint32Array;
  /** Distance of each landmark to the nearest one before it; Infinity for the first. */
  readonly radii: Float32Array;
  /** Largest distance of a point to its nearest landmark. */
  readonly coveringRadius: number;
}

/**
 * Chooses landmarks, and between two of them lets the event loop run every 30 ms. O(n d) a landmark.
 * @throws MemoryLimitError when the points do not fit, CancelledError or TimeoutError when stopped
 */
export async function chooseLandmarks(module: WebAssembly.Module, request: LandmarkRequest): Promise<ChosenLandmarks> {
  const { source, given, count, signal, timeout = Infinity } = request;
  const { n, arithmetic } = source;
  // The rows, eight bytes a point for the nearest landmark and four for the norm.
  const limit = checkLimit(n, n * (rowBytesOf(source) + 12), request.memoryLimit);
  const kernels = instantiate({ module });
  openSession(kernels, 1, limit);
  const { rowsPtr, rowBytes } = placeRows(kernels, source);
  const nearestPtr = block(kernels, 8 * n);
  const normsPtr = block(kernels, 4 * n);
  const bytes = { i16: 2, f32: 4, f64: 8 }[arithmetic];
  kernels.openLandmarks(rowsPtr, rowBytes, n, bytes, nearestPtr, normsPtr);
  // Nothing allocates any more: the memory does not move.
  const nearest = new Float64Array(kernels.memory.buffer, nearestPtr, n);
  const metric = metricNames.indexOf(source.metric);
  const indices: number[] = [];
  const radii: number[] = [];
  const start = performance.now();
  let last = start;
  for (let k = 0; k < count; k++) {
    const chosen = k < given.length ? given[k]! : kernels.farthestPoint(n, nearestPtr) >>> 0;
    const sum = nearest[chosen]!;
    if (sum === 0 && k >= given.length) break;
    indices.push(chosen);
    radii.push(distanceOf(sum, source));
    kernels.addLandmark(rowsPtr, rowBytes, n, bytes, metric, nearestPtr, normsPtr, chosen);
    if (performance.now() - last < STRETCH) continue;
    await setImmediate();
    throwIfAborted(signal);
    last = performance.now();
    if (last - start > timeout)
      throw new TimeoutError(expected(`a result within ${timeout} ms`, "timeout", "none so far"), {
        hint: "Raise the time-out, or choose fewer landmarks.",
      });
  }
  return {
    indices: Uint32Array.from(indices),
    radii: Float32Array.from(radii),
    coveringRadius: distanceOf(nearest[kernels.farthestPoint(n, nearestPtr) >>> 0]!, source),
  };
}

/** The distance that the kernels of distances.ts make of a sum, to the bit. */
function distanceOf(sum: number, { metric, scale }: { readonly metric: MetricName; readonly scale: number }): number {
  if (metric === "euclidean") return Math.fround(Math.sqrt(sum) * scale);
  if (metric === "sqeuclidean") return Math.fround(sum * (scale * scale));
  return Math.fround(sum * (metric === "cosine" ? 0.5 : scale));
}

/**
 * Drives the streaming engine (assembly/stream.ts): H0 and H1 of a point cloud without a distance matrix, step by step,
 * so that a caller hears how far it is.
 */
import { EngineError, expected, InputError, MemoryLimitError } from "../errors.js";
import { type Kernels, RESULT_RECORD, SPARE_ROWS, STATUS_OK, STATUS_OUT_OF_MEMORY, STATUS_OVER_BUDGET } from "./abi.js";
import { distinctPoints } from "./distinct.js";
import { type EngineRequest, type Left, metricNames, type PointsSource, type Work } from "./engine.js";
import { megabytes, takesStream } from "./estimate.js";
import { block, placeRows } from "./rows.js";

/** How far a computation is. Phases come in this order; within one, the work is nearly proportional to `done`. */
export interface Progress {
  /** `distances`: blocks of distances; `graph`: thousandths of its three parts; `loops`: columns of H1. */
  readonly phase: "distances" | "graph" | "loops";
  readonly done: number;
  readonly total: number;
}

/** Sizes of the streaming engine's parts. The result does not depend on them. */
export interface StreamSizes {
  /** Points of a block. */
  readonly block: number;
  /** Points of its own block that are tried in every lune of a point. */
  readonly near: number;
  /** Nearest points listed of every point; `room` entries hold them while they are sought. */
  readonly keep: number;
  readonly room: number;
}

/** Measured on MNIST and layer outputs. */
export const streamSizes: StreamSizes = { block: 480, near: 32, keep: 256, room: 384 };

/** Milliseconds between two reports. */
const REPORT_EVERY = 50;

/** Whether the streaming engine serves a request, and is the way to take. */
export function streams(request: EngineRequest, maxDim: number): boolean {
  const { source, plan, zeroLength, representatives = false } = request;
  return takesStream({ n: source.n, points: source.kind === "points", maxDim, plan, zeroLength, representatives });
}

/**
 * Runs a request. Points that repeat others are left out first. Classes that live long
 * are handed to the homology of lunes where its 1.5 n² bytes fit. Time O(n² d); memory O(n d) and about 4 kB a point.
 * @throws MemoryLimitError when memory runs out; InputError when distances overflow float32
 */
export function computeStream(
  kernels: Kernels,
  { request, maxDim, limit }: Work,
  onProgress?: (progress: Progress) => void,
  sizes: StreamSizes = streamSizes,
): Left {
  const { modulus } = request;
  const source = distinctPoints(request.source as PointsSource);
  const { n } = source;
  const check = (status: number): void => {
    if (status === STATUS_OK) return;
    if (status === STATUS_OUT_OF_MEMORY)
      throw new MemoryLimitError(expected(`at most ${megabytes(limit)}`, `the memory of ${n} points`, "more"), {
        hint:
          request.plan === "stream"
            ? "Leave the plan to the engine: classes that live long want another."
            : "Raise the memory limit, lower the threshold, or take a sample of the points.",
      });
    throw new EngineError(`The engine ended with the unknown status ${status}.`);
  };
  const tell = reporter(onProgress);
  const { rowsPtr, rowBytes } = placeRows(kernels, source, SPARE_ROWS);
  const arithmetic = ["i16", "f32", "f64"].indexOf(source.arithmetic);
  const metric = metricNames.indexOf(source.metric);
  const { block: size, near, keep, room } = sizes;
  check(kernels.streamPrepare(rowsPtr, rowBytes, n, arithmetic, metric, source.scale, size, near, keep, room));
  const phases = kernels.streamPhases() >>> 0;
  for (let done = 0; done < phases; done++) {
    tell("distances", done, phases);
    check(kernels.streamBlocks(done));
  }
  const enclosing = kernels.streamEnclosingRadius();
  // Above the enclosing radius nothing changes: the complex is a cone.
  const threshold = Math.min(request.threshold === undefined ? Infinity : Math.fround(request.threshold), enclosing);
  if (!Number.isFinite(threshold))
    throw new InputError(expected("a number below 3.4e38, the largest float32,", "every distance", Infinity), {
      hint: "Scale the coordinates down, or set a threshold.",
    });
  kernels.streamCut(threshold);
  buildGraph(kernels, n, check, tell);
  check(kernels.streamSplit(modulus, maxDim));
  const columns = kernels.streamColumns() >>> 0;
  // Lunes take as long as some n² / 16 moves: half of that is the most that trying without them first can cost.
  const lunes = request.plan === "automatic" && kernels.streamLunesFit();
  const budget = lunes ? (n * n) / 32 + 5000 : 2 ** 62;
  const before = kernels.memoryPeak() >>> 0;
  const checkLoops = (status: number): void => {
    if (status === STATUS_OUT_OF_MEMORY && request.plan === "automatic" && !lunes) throw longClass(n, before, limit);
    check(status);
  };
  const ahead = kernels.streamColumnsAhead() >>> 0;
  for (let done = 0; done < ahead; done += AHEAD_AT_ONCE) {
    tell("loops", done, ahead + columns);
    checkLoops(kernels.streamAhead(done, Math.min(done + AHEAD_AT_ONCE, ahead), budget));
  }
  for (let done = 0; done < columns; done += 64) {
    tell("loops", ahead + done, ahead + columns);
    const status = kernels.streamReduce(Math.min(done + 64, columns), budget);
    if (status === STATUS_OVER_BUDGET) {
      check(kernels.streamLunes());
      break;
    }
    checkLoops(status);
  }
  const resultsPtr = block(kernels, (maxDim + 1) * RESULT_RECORD);
  kernels.streamFinish(resultsPtr);
  return { resultsPtr, threshold, enclosingRadius: enclosing };
}

/** Bytes a pair of points that the homology of lunes takes at most. */
const LUNE_BYTES = 1.7;

/**
 * Lazy cohomology has run out of memory where the homology of lunes, which a class that lives long needs, did not fit.
 * @param before bytes in use before the loops, which grow like n
 */
function longClass(n: number, before: number, limit: number): MemoryLimitError {
  const needed = before + LUNE_BYTES * n * n;
  // The root of a x² + b x = limit.
  const perPoint = before / n;
  const root = (Math.sqrt(perPoint ** 2 + 4 * LUNE_BYTES * limit) - perPoint) / (2 * LUNE_BYTES);
  const raise = needed < 2 ** 32 ? "Raise the memory limit, set" : "Set";
  return new MemoryLimitError(
    expected(`about ${megabytes(needed)} for a loop that lives long`, "the memory limit", megabytes(limit)),
    {
      hint: `${raise} a threshold below its death, or take landmarks or a sample of at most ${Math.floor(root / 100) * 100} points.`,
    },
  );
}

/** Points, candidates or columns that are worked on between two reports. */
const AHEAD_AT_ONCE = 2048;
const SORTED_AT_ONCE = 4096;
const TRIED_AT_ONCE = 16384;

/** Sorts the lists, tries the candidates, and settles what is open: three parts, each of which may be the longest. */
function buildGraph(
  kernels: Kernels,
  n: number,
  check: (status: number) => void,
  tell: (phase: "graph", done: number, total: number) => void,
): void {
  const part = (number: number, total: number, atOnce: number, step: (from: number, to: number) => number): void => {
    for (let from = 0; from < total; from += atOnce) {
      tell("graph", 1000 * number + Math.floor((1000 * from) / total), 3000);
      check(step(from, Math.min(from + atOnce, total)));
    }
  };
  part(0, n, SORTED_AT_ONCE, (from, to) => kernels.streamSort(from, to));
  const candidates = known(kernels.streamCandidates());
  part(1, candidates, TRIED_AT_ONCE, (from, to) => kernels.streamFilter(from, to));
  const settle = (from: number, to: number) => kernels.streamSettle(from, to);
  for (let open = known(kernels.streamRound()); open > 0; open = known(kernels.streamRound()))
    part(2, open, SPARE_ROWS, settle);

  function known(count: number): number {
    if (count < 0) check(STATUS_OUT_OF_MEMORY);
    return count;
  }
}

/** Passes on what changes the phase, and otherwise a report now and then. */
function reporter(onProgress: ((progress: Progress) => void) | undefined) {
  let last = -Infinity;
  let phase = "";
  return (now: Progress["phase"], done: number, total: number): void => {
    if (!onProgress) return;
    const time = performance.now();
    if (now === phase && time - last < REPORT_EVERY) return;
    last = time;
    phase = now;
    onProgress({ phase: now, done, total });
  };
}

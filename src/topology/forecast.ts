/**
 * What a computation will take on this machine, before it is done: what will be refused is refused, with the same error; the
 * rest is told by laws (forecast-laws.ts) and by a computation of a part of the points, or of all where they are few
 * (forecast-routes.ts). Sizes alone tell neither the time nor whether classes live long, which decides on the plan and the memory.
 */
import type { EngineRequest, PlanName } from "../engine/engine.js";
import { prepare } from "../engine/engine.js";
import { checkLimit, defaultMemoryLimit, routeOf, takesStream } from "../engine/estimate.js";
import { rowBytesOf } from "../engine/rows.js";
import { ConfigError, expected, MemoryLimitError, throwIfAborted } from "../errors.js";
import { checkKeys, isRecord, type Known } from "../options.js";
import { Random } from "../random.js";
import { anything, aSize, fields, where } from "../shape.js";
import { flagLaw, largestWithin, loopsLaw, type Range, streamLaw } from "./forecast-laws.js";
import { type Found, type Job, matrixFound, simplicesFound, streamFound, sum } from "./forecast-routes.js";
import { checkLandmarks, selectLandmarks, takePoints } from "./landmarks.js";
import { checkOptions, type PersistenceOptions, persistenceKeys, toRequest } from "./persistence.js";
import { type DistanceMatrix, isDistanceMatrix, ownInput, type PersistenceInput, toPointCloud } from "./point-cloud.js";
import { sparseRips } from "./sparse-rips.js";

export type { Range } from "./forecast-laws.js";

/** Options of {@link forecast}: those of the call that is to follow, and what draws the pilots' points. */
export interface ForecastOptions extends Omit<PersistenceOptions, "pool" | "variant" | "onProgress"> {
  /** Draws the points of the pilots. @default 1 */
  readonly seed?: number;
  /** Forecasts making the sparse filtration with this error and the persistence of it; see `sparseRips`. */
  readonly epsilon?: number;
}

/** The names of {@link ForecastOptions}. */
const { pool: _pool, variant: _variant, onProgress: _onProgress, ...callKeys } = persistenceKeys;
const forecastKeys = { ...callKeys, seed: true, epsilon: true } as const satisfies Known<ForecastOptions>;

/** What a computation is expected to take. Ranges are judged, not proven: see {@link forecast}. */
export interface Forecast {
  /** Points of the diagrams: the landmarks, where there are any. */
  readonly n: number;
  /** Plan expected in the highest dimension. */
  readonly plan: PlanName;
  readonly threads: number;
  /**
   * Seconds on the wall with this machine as busy as during the pilots. `high` is Infinity where nothing bounds the time:
   * classes live long and the plan for them does not fit or was not allowed.
   */
  readonly seconds: Range;
  /** Seconds of all processors together. */
  readonly cpuSeconds: number;
  /** Expected seconds on the wall by phase, in order; their sum is `seconds.expected`. */
  readonly phases: Readonly<Record<string, number>>;
  /** Given a time-out: whether the end comes before it. */
  readonly inTime?: "yes" | "no" | "perhaps";
  readonly memory: {
    /** Bytes of WebAssembly memory at the peak; what `memoryLimit` is compared with. `high` may be Infinity as for time. */
    readonly engine: Range;
    /** Bytes of copies of the input outside of it. */
    readonly copies: number;
    /** Bytes of the whole process at the peak: Node and what lives in it, the input, engine, copies and threads. */
    readonly process: number;
    /** Bytes of WebAssembly memory allowed. */
    readonly limit: number;
  };
  /** Whether the memory is sure to be within the limit: the high end of its range is. */
  readonly fits: boolean;
  /** The largest number of such points whose memory should be within the limit, up to its high end. */
  readonly pointsThatFit: number;
  /** Whether classes live so long that lazy cohomology spent its budget in the pilot. */
  readonly longClasses: boolean;
  /** What was computed to find out. */
  readonly pilot: { readonly sizes: readonly number[]; readonly seconds: number; readonly cpuSeconds: number };
}

/** Bytes of a Node that does nothing, its code included. */
const NODE_BYTES = 60e6;
/** Bytes of a thread besides what is counted elsewhere. */
const THREAD_BYTES = 12e6;

/**
 * Says before the work what time and memory `persistence` with the same options will take, and by which plan. A few points are
 * computed in full, of many a part that should take 0.3 s or 5 % of the whole, whichever is longer. In dimension 3 and higher
 * the simplices are counted, by a sample. With the same input all is the same but times, which are as good as the machine
 * is steady. Without `timeout` and `signal` a call runs in the calling thread, and so do the pilots of one thread in any case.
 * Cost: as said; half a second to a second for most. `docs/benchmarks.md` holds forecasts against what was taken.
 * @throws ConfigError for bad options, InputError for bad data, SimplexOverflowError and MemoryLimitError as `persistence`
 *   would, CancelledError when the signal is aborted
 */
export async function forecast(input: PersistenceInput, options: ForecastOptions = {}): Promise<Forecast> {
  checkKeys(options, forecastKeys, "the options of forecast");
  checkOptions(options);
  const { seed = 1, signal, landmarks, epsilon, threads = 1 } = options;
  if (!Number.isInteger(seed)) throw new ConfigError(expected("an integer", "seed", seed), { hint: "Use 1." });
  if (landmarks) {
    checkLandmarks(landmarks);
    if (epsilon !== undefined)
      throw new ConfigError(expected("either landmarks or epsilon", "the approximation", "both"), {
        hint: "Leave one out.",
      });
  }
  throwIfAborted(signal);
  const started = { wall: performance.now(), cpu: process.cpuUsage(), heap: process.memoryUsage().heapUsed };
  const cloud = ownInput(input, options.metric);
  const all = isDistanceMatrix(cloud) ? cloud.n : cloud.shape[0];
  const n = landmarks ? Math.min(all, landmarks.count) : all;
  const { request, beside } = standIn(cloud, n, options);
  const prepared = prepare(request);
  const extra: Record<string, number> = {};
  const draw = async (count: number): Promise<EngineRequest> => {
    const start = process.cpuUsage();
    if (landmarks && n < all && count === n) {
      const { indices } = await selectLandmarks(cloud, { ...landmarks, ...given(options) });
      extra.landmarks = since(start);
      return toRequest(takePoints(cloud, indices), options);
    }
    const chosen = count === all ? [] : new Random(seed, "forecast", count).sample(all, count);
    const part = count === all ? cloud : isDistanceMatrix(cloud) ? among(cloud, chosen) : takePoints(cloud, chosen);
    if (epsilon === undefined) return toRequest(part, options);
    const sparse = await sparseRips(part, epsilon, given(options));
    // Every pair is looked at; the last and largest sample counts.
    extra.sparse = since(start) * (n / count) ** 2;
    return toRequest(sparse, options);
  };
  const { maxDim, limit } = prepared;
  const approximate = landmarks !== undefined && n < all;
  const job: Job = { n, route: routeOf(prepared), request, draw, maxDim, limit, threads, seed, signal, approximate };
  const found = await foundBy(job);
  if (approximate && extra.landmarks === undefined) extra.landmarks = await choosingSeconds(cloud, n, options);
  const cpu = process.cpuUsage(started.cpu);
  const phases = {
    ...extra,
    ...Object.fromEntries(Object.entries(found.phases).map(([name, { wall }]) => [name, wall])),
  };
  const seconds = sum(phases);
  const before = sum(extra);
  const range = { expected: seconds, low: seconds / found.off.low, high: seconds * found.off.high };
  const engine = rounded(found.memory, beside);
  const worker = options.timeout !== undefined || signal !== undefined || threads > 1;
  const own = isDistanceMatrix(cloud) ? cloud.distances.byteLength : cloud.data.byteLength;
  // The square of all distances and the part of it that is left, once more for the thread.
  const copies = epsilon === undefined ? copiesOf(request, worker, (own * n) / all) : 8 * n * n;
  // What lives; buffers that nobody holds any more are given back before memory grows much further.
  const held = NODE_BYTES + started.heap + own + copies + (worker ? THREAD_BYTES * threads : 0);
  return {
    n,
    plan: found.plan,
    threads,
    seconds: range,
    cpuSeconds: before + sum(Object.values(found.phases).map(({ cpu: used }) => used)),
    phases,
    ...(options.timeout === undefined ? {} : { inTime: kept(range, options.timeout / 1000) }),
    memory: {
      engine,
      copies,
      process: Math.max(held + engine.expected, 1024 * process.resourceUsage().maxRSS),
      limit,
    },
    fits: engine.high <= limit,
    pointsThatFit: largestWithin(1, all, limit, (m) => Math.max(beside, found.bytes(Math.min(n, m)))),
    longClasses: found.longClasses,
    pilot: {
      sizes: found.sizes,
      seconds: (performance.now() - started.wall) / 1000,
      cpuSeconds: (cpu.user + cpu.system) / 1e6,
    },
  };
}

const rangeShape = where(
  "a range",
  (value) => isRecord(value) && ["low", "expected"].every((key) => typeof value[key] === "number"),
  "Pass what forecast gives.",
);
const forecastShape = fields({ n: aSize, memory: fields({ engine: rangeShape, limit: anything }) });

/**
 * Seconds that a call should take by the laws alone, on a common machine and data without surprises: to tell what is worth a
 * forecast. Undefined where sizes tell nothing: over all simplices. O(1) for a cloud in typed arrays.
 */
export function likelySeconds(input: PersistenceInput, options: ForecastOptions): number | undefined {
  const { maxDim: asked = 1, threshold, modulus = 2, plan = "automatic", metric = "euclidean", landmarks } = options;
  const { zeroLength = false, representatives = false, memoryLimit = defaultMemoryLimit() } = options;
  const cloud = isDistanceMatrix(input) ? input : toPointCloud(input);
  const points = !isDistanceMatrix(cloud) && options.epsilon === undefined;
  const all = isDistanceMatrix(cloud) ? cloud.n : cloud.shape[0];
  const n = Math.min(all, landmarks?.count ?? all);
  const data = new Float32Array(0);
  const direct = metric === "euclidean" || metric === "sqeuclidean";
  const source: EngineRequest["source"] =
    points && !isDistanceMatrix(cloud)
      ? {
          kind: "points",
          data,
          n,
          d: cloud.shape[1],
          scale: 1,
          metric,
          arithmetic: !direct ? "f64" : cloud.data instanceof Uint8Array ? "i16" : "f32",
        }
      : { kind: "matrix", data, n };
  const maxDim = Math.min(asked, Math.max(0, zeroLength ? n - 2 : Math.floor((n - 2) / 2)));
  const request = { source, maxDim, threshold, modulus, zeroLength, plan, representatives, memoryLimit };
  const streaming = takesStream({ n, points, maxDim, plan, zeroLength, representatives });
  const route = routeOf({ request, maxDim, limit: memoryLimit, streaming });
  if (streaming) return sum(streamLaw(n, source, maxDim, false));
  if (route === "loops" || maxDim === 0) return loopsLaw(n, source, maxDim, false);
  return route === "flag" ? flagLaw(n, false) : undefined;
}

/**
 * Refuses what will not fit, going by a forecast: where the low end of its range is above the limit.
 * @throws MemoryLimitError that says how many points would fit
 */
export function checkForecast(forecast: Forecast): void {
  forecastShape(forecast, "forecast");
  const { n, memory, pointsThatFit } = forecast;
  const { engine, limit } = memory;
  if (engine.low <= limit) return;
  const megabytes = (bytes: number) => `${Math.ceil(bytes / 1e6)} MB`;
  const enough = Number.isFinite(engine.high) ? `to ${megabytes(engine.high)}` : `above ${megabytes(engine.expected)}`;
  throw new MemoryLimitError(
    expected(`at most ${megabytes(limit)}`, `the memory of ${n} points`, `about ${megabytes(engine.expected)}`),
    { hint: `Raise the memory limit ${enough}, or take a sample or landmarks: some ${pointsThatFit} such points fit.` },
  );
}

/** By the way the computation goes. */
function foundBy(job: Job): Promise<Found> {
  if (job.route === "stream") return streamFound(job);
  // In dimension 0 no plan does more than the spanning tree.
  return job.route === "loops" || job.route === "flag" || job.maxDim === 0 ? matrixFound(job) : simplicesFound(job);
}

/**
 * The request of all points, or where an approximation stands between, one of the same size; and the bytes that the
 * approximation takes.
 * @throws MemoryLimitError where the approximation itself does not fit
 */
function standIn(
  cloud: PersistenceInput,
  n: number,
  options: ForecastOptions,
): { request: EngineRequest; beside: number } {
  const request = toRequest(cloud, options);
  const { source } = request;
  if (options.epsilon !== undefined) {
    const beside =
      source.kind === "points" ? prepare({ ...request, plan: "lazy", maxDim: 0, zeroLength: false }) : undefined;
    const matrix = { kind: "matrix", data: new Float32Array(0), n } as const;
    return { request: { ...request, source: matrix }, beside: beside ? 4 * n * n : 0 };
  }
  if (!options.landmarks || n === source.n) return { request, beside: 0 };
  // Landmarks are chosen with all points in memory, and what is left of that is given back.
  const beside = source.kind === "points" ? source.n * (rowBytesOf(source) + 12) : 0;
  checkLimit(source.n, beside, request.memoryLimit);
  return { request: { ...request, source: { ...source, n } }, beside };
}

/** Seconds of processors since then. */
function since(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

/** The distances among some of the points, as they are: below the diagonal. */
function among({ distances, n }: DistanceMatrix, chosen: ArrayLike<number>): DistanceMatrix {
  const count = chosen.length;
  const square = distances.length === n * n;
  const part = distances.slice(0, (count * (count - 1)) / 2);
  for (let i = 1, at = 0; i < count; i++)
    for (let j = 0; j < i; j++, at++) {
      const [high, low] = [Math.max(chosen[i]!, chosen[j]!), Math.min(chosen[i]!, chosen[j]!)];
      part[at] = distances[square ? high * n + low : (high * (high - 1)) / 2 + low]!;
    }
  return { distances: part, n: count };
}

/** Seconds it takes to choose landmarks: so much for the points, so much for each landmark. */
async function choosingSeconds(input: PersistenceInput, count: number, options: ForecastOptions): Promise<number> {
  const time = async (few: number): Promise<number> => {
    const start = process.cpuUsage();
    await selectLandmarks(input, { ...options.landmarks, count: few, ...given(options) });
    return since(start);
  };
  const [one, some] = [await time(1), await time(9)];
  return one + ((count - 1) * Math.max(0, some - one)) / 8;
}

/** What an approximation is told of the options of the call that follows it. */
function given({ metric, memoryLimit, signal }: ForecastOptions) {
  return { ...(metric ? { metric } : {}), ...(memoryLimit ? { memoryLimit } : {}), ...(signal ? { signal } : {}) };
}

/** Bytes of copies: a conversion to double precision, and what a thread is sent. */
function copiesOf({ source }: EngineRequest, worker: boolean, own: number): number {
  const converted = source.kind === "points" && source.data.byteLength > own ? 8 * source.n * source.d : 0;
  return converted + (worker ? Math.max(own, converted) : 0);
}

/** Memory comes in pages, and is never less than what choosing points takes. */
function rounded({ expected: likely, low, high }: Range, least: number): Range {
  const pages = (bytes: number) => (Number.isFinite(bytes) ? Math.ceil(Math.max(bytes, least) / 65536) * 65536 : bytes);
  return { expected: pages(likely), low: pages(low), high: pages(high) };
}

/** Whether a computation ends within some seconds. */
function kept({ low, high }: Range, seconds: number): "yes" | "no" | "perhaps" {
  return high <= seconds ? "yes" : low > seconds ? "no" : "perhaps";
}

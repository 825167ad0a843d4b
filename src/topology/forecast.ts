/**
 * What a computation will take on this machine, found out by a few small ones on points of the very cloud: sizes alone
 * tell neither the time nor whether classes live long, which decides on the plan and with it on the memory.
 */
import { setImmediate } from "node:timers/promises";
import type { EngineRequest, PlanName } from "../engine/engine.js";
import { defaultMemoryLimit, type EstimateInput, estimate, leastMemory, takesStream } from "../engine/estimate.js";
import { rowBytesOf } from "../engine/rows.js";
import { streamSizes } from "../engine/stream.js";
import { ConfigError, expected, MemoryLimitError, TimeoutError, throwIfAborted } from "../errors.js";
import { checkKeys, isRecord, type Known } from "../options.js";
import { Random } from "../random.js";
import { anything, aSize, fields, where } from "../shape.js";
import {
  around,
  denseBytes,
  largestWithin,
  luneRoom,
  luneSeconds,
  type Pilot,
  powerSeconds,
  type Range,
  streamBytes,
  streamSeconds,
} from "./forecast-laws.js";
import { crewPilot, shortBlockPass, streamPilot } from "./forecast-pilot.js";
import { checkLandmarks, selectLandmarks, takePoints } from "./landmarks.js";
import { checkOptions, type PersistenceOptions, persistenceKeys, toRequest } from "./persistence.js";
import { isDistanceMatrix, ownInput, type PersistenceInput } from "./point-cloud.js";
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
  /** Whether the memory expected is within the limit. */
  readonly fits: boolean;
  /** The largest number of such points whose memory would be within the limit. */
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
/** Milliseconds a pilot beside a distance matrix may take before smaller ones are tried. */
const PATIENCE = 2500;
/** A factor by which memory may be off either way. */
const MEMORY_FACTOR = 1.4;

/**
 * Says before the work what time and memory `persistence` with the same options will take, and by which plan. Runs pilots
 * on samples of the points: of the streaming engine on n/8 and n/4 (at most 8000) points, and the block pass alone
 * with short lists, which tells comparing points from keeping lists; of other plans on up to n/2. Each part of the work is
 * carried over to n by its own law (see forecast-laws.ts). Time is as good as the machine is steady; measured, it was
 * within a factor of 1.5 for images, layer outputs, annuli and tori. Memory does not depend on the machine.
 * Cost: a second or two; with one thread the pilots of the streaming engine run in the calling thread.
 * @throws ConfigError for bad options, InputError for bad data, MemoryLimitError when even the pilots do not fit,
 *   CancelledError when the signal is aborted
 */
export async function forecast(input: PersistenceInput, options: ForecastOptions = {}): Promise<Forecast> {
  checkKeys(options, forecastKeys, "the options of forecast");
  checkOptions(options);
  const { seed = 1, signal, landmarks } = options;
  if (!Number.isInteger(seed)) throw new ConfigError(expected("an integer", "seed", seed), { hint: "Use 1." });
  if (landmarks) {
    checkLandmarks(landmarks);
    if (options.epsilon !== undefined)
      throw new ConfigError(expected("either landmarks or epsilon", "the approximation", "both"), {
        hint: "Leave one out.",
      });
  }
  throwIfAborted(signal);
  const cloud = ownInput(input, options.metric);
  const all = isDistanceMatrix(cloud) ? cloud.n : cloud.shape[0];
  const n = landmarks ? Math.min(all, landmarks.count) : all;
  const worker = options.timeout !== undefined || signal !== undefined || (options.threads ?? 1) > 1;
  const started = { wall: performance.now(), cpu: process.cpuUsage(), heap: process.memoryUsage().heapUsed };
  const { epsilon } = options;
  let thinning = 0;
  const draw = async (count: number): Promise<EngineRequest> => {
    const chosen = new Random(seed, "forecast", count).sample(all, count);
    const part = count === all ? cloud : takePoints(cloud, chosen);
    if (epsilon === undefined) return toRequest(part, options);
    const start = performance.now();
    const sparse = await sparseRips(part, epsilon, thinOptions(options));
    // Every pair is looked at; the last and largest sample counts.
    thinning = ((performance.now() - start) / 1000) * (n / count) ** 2;
    return toRequest(sparse, options);
  };
  const job: Job = { n, draw, options, worker };
  const found = streamsFor(job, cloud) ? await streaming(job) : await dense(job);
  const choosing = landmarks && n < all ? await choosingSeconds(cloud, n, options) : 0;
  const cpu = process.cpuUsage(started.cpu);
  const size: EstimateInput = isDistanceMatrix(cloud) ? { n } : { n, d: cloud.shape[1], type: typeOf(cloud.data) };
  // The square of all distances and the part of it that is left, once more for the thread.
  const thinned = epsilon === undefined ? 0 : 8 * n * n;
  const own = estimate(size, {
    maxDim: options.maxDim ?? 1,
    threads: options.threads ?? 1,
    worker,
    ...(options.metric ? { metric: options.metric } : {}),
  });
  const copies = thinned > 0 ? thinned : own.copies;
  // What lives; buffers that nobody holds any more are given back before memory grows much further.
  const held = NODE_BYTES + started.heap + (isDistanceMatrix(cloud) ? cloud.distances : cloud.data).buffer.byteLength;
  const whole = held + copies + (worker ? THREAD_BYTES * (options.threads ?? 1) : 0);
  const phases = {
    ...(choosing > 0 ? { landmarks: choosing } : {}),
    ...(epsilon === undefined ? {} : { sparse: thinning }),
    ...found.phases,
  };
  const seconds = sum(phases);
  const limit = options.memoryLimit ?? defaultMemoryLimit();
  // Landmarks are chosen with all points in memory, and what is left of that is given back.
  const choosers = choosing > 0 && !isDistanceMatrix(cloud) ? all * (rowBytesOf((await draw(1)).source) + 12) : 0;
  const unbounded = found.unbounded ? { high: Infinity } : {};
  const engine = { ...around(pages(Math.max(choosers, found.bytes(n))), MEMORY_FACTOR), ...unbounded };
  return {
    n,
    plan: found.plan,
    threads: options.threads ?? 1,
    seconds: { ...around(seconds, found.factor), ...unbounded },
    cpuSeconds: found.cpuSeconds + choosing + (epsilon === undefined ? 0 : thinning),
    phases,
    memory: {
      engine,
      copies,
      process: Math.max(whole + engine.expected, 1024 * process.resourceUsage().maxRSS),
      limit,
    },
    fits: engine.expected <= limit,
    pointsThatFit: largestWithin(all, limit, found.bytes),
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
 * Refuses what will not fit, going by a forecast: where the low end of its range is above the limit.
 * @throws MemoryLimitError that says how many points would fit
 */
export function checkForecast(forecast: Forecast): void {
  forecastShape(forecast, "forecast");
  const { n, memory, pointsThatFit } = forecast;
  const { engine, limit } = memory;
  if (engine.low <= limit) return;
  const megabytes = (bytes: number) => `${Math.ceil(bytes / 1e6)} MB`;
  throw new MemoryLimitError(
    expected(`at most ${megabytes(limit)}`, `the memory of ${n} points`, `about ${megabytes(engine.expected)}`),
    {
      hint: `Raise the memory limit to ${megabytes(MEMORY_FACTOR * engine.expected)}, or take a sample or landmarks: some ${pointsThatFit} such points fit.`,
    },
  );
}

interface Job {
  readonly n: number;
  /** The request for a sample of so many points. */
  readonly draw: (count: number) => Promise<EngineRequest>;
  readonly options: ForecastOptions;
  readonly worker: boolean;
}

interface Found {
  readonly plan: PlanName;
  readonly phases: Readonly<Record<string, number>>;
  readonly cpuSeconds: number;
  readonly bytes: (n: number) => number;
  /** How far off the time may be. */
  readonly factor: number;
  readonly longClasses: boolean;
  readonly unbounded: boolean;
  readonly sizes: readonly number[];
}

function streamsFor({ n, options }: Job, cloud: PersistenceInput): boolean {
  if (options.epsilon !== undefined) return false;
  const { maxDim = 1, plan = "automatic", zeroLength = false, representatives = false } = options;
  const highest = Math.min(maxDim, Math.max(0, Math.floor((n - 2) / 2)));
  return takesStream({ n, points: !isDistanceMatrix(cloud), maxDim: highest, plan, zeroLength, representatives });
}

async function streaming({ n, draw, options }: Job): Promise<Found> {
  const { threads = 1, signal, maxDim = 1 } = options;
  const size = Math.min(n, Math.max(2500, Math.min(8000, Math.ceil(n / 4))));
  // With a budget of work, even where the plan to come has none.
  const ask = async (count: number): Promise<EngineRequest> => ({
    ...(await draw(count)),
    plan: "automatic",
    maxDim: Math.min(maxDim, Math.max(0, Math.floor((count - 2) / 2))),
  });
  const pause = async () => {
    await setImmediate();
    throwIfAborted(signal);
  };
  // The first run of code is slower than all later ones.
  await streamPilot(await ask(Math.min(n, 600)));
  await pause();
  const small = await streamPilot(await ask(Math.ceil(size / 2)));
  await pause();
  const request = await ask(size);
  const short = { small: await shortBlockPass(await ask(Math.ceil(size / 4))), large: await shortBlockPass(request) };
  await pause();
  // A crew chooses the plan by the number of points.
  const crew = threads > 1 && takesStream({ n: size, points: true, maxDim });
  if (crew) await crewPilot({ ...(await ask(Math.min(n, 300))), plan: "stream" }, { threads, signal });
  const large = crew ? await crewPilot(request, { threads, signal }) : await streamPilot(request);
  const { plan: asked = "automatic" } = options;
  const rowBytes = rowBytesOf(request.source);
  const least = (count: number, helpers = 1) =>
    leastMemory({ n: count, rowBytes, maxDim, streaming: true }) +
    helpers * 4 * Math.min(count, streamSizes.block) ** 2;
  const roomForLunes = (count: number) => luneRoom(count) + least(count, threads) <= request.memoryLimit;
  const takesLunes = large.lunes && asked === "automatic" && n <= 65536 && roomForLunes(n);
  const cpu = streamSeconds(n, small, large, short, streamSizes.keep);
  const { share } = overall(large);
  const phases: Record<string, number> = {};
  for (const [name, seconds] of Object.entries(cpu))
    phases[name] = seconds * (crew ? ratio(large, name, share) : share);
  return {
    plan: takesLunes ? "lunes" : "stream",
    phases,
    cpuSeconds: sum(cpu),
    bytes: (count) => {
      const lunes = large.lunes && asked === "automatic" && count <= 65536 && roomForLunes(count);
      const own = streamBytes(count, { ...large, lunes }, (m) => least(m, m === large.n && !crew ? 1 : threads));
      return lunes ? own : large.lunes ? Math.min(own, 2 * least(count, threads)) : own;
    },
    factor: 1.2 * (n / size) ** 0.1,
    longClasses: large.lunes,
    unbounded: large.lunes && !takesLunes,
    sizes: [Math.ceil(size / 2), size],
  };
}

/** Points of the larger pilot beside a matrix, by the highest dimension; simplices one by one are slower. */
function denseSize(n: number, maxDim: number, simplices: boolean): number {
  const most = maxDim <= 1 ? (simplices ? 300 : 1500) : maxDim === 2 ? (simplices ? 100 : 400) : 80;
  return Math.min(n, Math.max(60, Math.min(most, Math.ceil(n / 2))));
}

async function dense({ n, draw, options }: Job): Promise<Found> {
  const { threads = 1, signal, maxDim = 1, plan: asked = "automatic" } = options;
  const simplices = options.zeroLength === true || options.representatives === true || asked === "simplices";
  const how = { threads, signal, timeout: PATIENCE };
  // Threads start, code warms up.
  await crewPilot(await draw(Math.min(n, 40)), { threads, signal });
  let size = denseSize(n, maxDim, simplices);
  for (; ; size = Math.ceil(size / 2)) {
    try {
      const small = await crewPilot(await draw(Math.ceil(size / 2)), how);
      const large = await crewPilot(await draw(size), how);
      return denseFound(n, small, large, options);
    } catch (error) {
      if (!(error instanceof TimeoutError) || size < 12) throw error;
    }
  }
}

function denseFound(n: number, small: Pilot, large: Pilot, options: ForecastOptions): Found {
  const { maxDim = 1 } = options;
  const { cpu, share } = overall(large);
  const [before, part] = [
    { n: small.n, seconds: overall(small).cpu },
    { n: large.n, seconds: cpu },
  ];
  const [least, most] = maxDim <= 1 ? [1.5, 2.5] : maxDim === 2 ? [2, 4] : [2, maxDim + 2];
  const seconds =
    large.lunes && maxDim <= 1
      ? luneSeconds(n, small.lunes ? before : part, part)
      : powerSeconds(n, before, part, least, most);
  return {
    plan: large.plan,
    phases: { compute: seconds * share },
    cpuSeconds: seconds,
    bytes: (count) => denseBytes(count, small, large),
    factor: 1.3 * (n / large.n) ** 0.2,
    longClasses: large.lunes,
    unbounded: false,
    sizes: [small.n, large.n],
  };
}

/** Processor time of a pilot, and how long on the wall a second of it took. */
function overall({ phases }: Pilot): { readonly cpu: number; readonly share: number } {
  let cpu = 0;
  let wall = 0;
  for (const phase of Object.values(phases)) {
    cpu += phase.cpu;
    wall += phase.wall;
  }
  return { cpu, share: cpu > 0 ? wall / cpu : 1 };
}

/** Seconds on the wall for a second of processor time in a phase; of the whole pilot where the phase was too short to tell. */
function ratio({ phases }: Pilot, name: string, otherwise: number): number {
  const { cpu, wall } = phases[name]!;
  return cpu > 0.05 ? wall / cpu : otherwise;
}

/** Seconds it takes to choose landmarks: so much for the points, so much for each landmark. */
async function choosingSeconds(input: PersistenceInput, count: number, options: ForecastOptions): Promise<number> {
  const { landmarks, metric, memoryLimit, signal } = options;
  const time = async (few: number) => {
    const start = performance.now();
    await selectLandmarks(input, { ...landmarks, count: few, metric, memoryLimit, signal });
    return (performance.now() - start) / 1000;
  };
  const few = Math.min(count, 8);
  await time(1);
  const one = await time(1);
  return one + (count - 1) * (few > 1 ? Math.max(0, (await time(few)) - one) / (few - 1) : 0);
}

/** What making a sparse filtration is told of the options of the call that follows it. */
function thinOptions({ metric, memoryLimit, signal }: ForecastOptions) {
  return { ...(metric ? { metric } : {}), ...(memoryLimit ? { memoryLimit } : {}), ...(signal ? { signal } : {}) };
}

function typeOf(data: ArrayBufferView): NonNullable<EstimateInput["type"]> {
  return data instanceof Uint8Array ? "uint8" : data instanceof Float32Array ? "float32" : "float64";
}

function sum(phases: Readonly<Record<string, number>>): number {
  return Object.values(phases).reduce((total, seconds) => total + seconds, 0);
}

/** Memory comes in pages. */
function pages(bytes: number): number {
  return Math.ceil(bytes / 65536) * 65536;
}

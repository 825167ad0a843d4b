/** The front door: Vietoris–Rips persistent homology of a point cloud or a distance matrix. */
import { runInCrew } from "../engine/crew.js";
import { compute, type EngineRequest, type PlanName, planNames } from "../engine/engine.js";
import { defaultMemoryLimit } from "../engine/estimate.js";
import { loadModule, type Variant } from "../engine/module.js";
import type { EnginePool } from "../engine/pool.js";
import type { Progress } from "../engine/stream.js";
import { ConfigError, expected } from "../errors.js";
import { withJson } from "../json.js";
import { checkKeys, type Known, refuseUnless } from "../options.js";
import { isPrime, LARGEST_MODULUS } from "../primes.js";
import { nodeSignal } from "../signal.js";
import { checkCall } from "./call-options.js";
import { type Diagram, makeDiagram, representativesToJson } from "./diagram.js";
import { matrixSource, pointsSource } from "./distance-matrix.js";
import {
  checkLandmarks,
  type LandmarkOptions,
  type Landmarks,
  Rest,
  selectLandmarks,
  takePoints,
} from "./landmarks.js";
import {
  checkMetric,
  isDistanceMatrix,
  type Metric,
  ownInput,
  type PersistenceInput,
  toPointCloud,
} from "./point-cloud.js";

/** Highest dimension that may be asked for; diagrams are empty long before. */
const LARGEST_DIMENSION = 1000;

/** Longest time-out a timer of Node can wait for, in milliseconds: 24 days. */
const LONGEST_TIMEOUT = 2 ** 31 - 1;

/** Options of {@link persistence}. */
export interface PersistenceOptions {
  /** Highest homology dimension. @default 1 */
  readonly maxDim?: number;
  /** Longest edge kept (inclusive, after rounding to float32); Infinity keeps all. @default the enclosing radius, which loses nothing */
  readonly threshold?: number;
  /** Coefficients Z/p, p a prime up to 65521. @default 2 */
  readonly modulus?: number;
  /**
   * Ignored for a distance matrix. To name it says that the input is points, also where it looks like a distance matrix.
   * @default "euclidean"
   */
  readonly metric?: Metric;
  /** Keep intervals of length zero. @default false */
  readonly zeroLength?: boolean;
  /** Bytes of memory the engine may use. @default min(3.5 GiB, 80 % of free memory) */
  readonly memoryLimit?: number;
  /** Aborting it ends the call with a CancelledError; with it the call runs in a worker thread. */
  readonly signal?: AbortSignal;
  /** Milliseconds; the call then ends with a TimeoutError. With it the call runs in a worker thread. */
  readonly timeout?: number;
  /** Threads to run in, for many calls; without it a call with a signal, a time-out or several threads brings its own. */
  readonly pool?: EnginePool;
  /**
   * Threads inside this one call, 1 to 64: distances, the relative neighbourhood graph and the columns of dimension 1 are
   * shared out. The result is the same for every number, but for `memory`. Worth it from some 2000 points on.
   * @default 1
   */
  readonly threads?: number;
  /**
   * How to compute: `lazy` (relative neighbourhood graph, Kruskal, lazy cohomology; up to H1), `stream` (the same without
   * a distance matrix, in memory that grows as the points do; points only, up to H1), `lunes` (homology of lunes, edge
   * after edge; up to H2), `flag` (edges by number, bitsets, lazy cohomology; up to H2) or `simplices` (all simplices; any
   * dimension). A plan that does not reach maxDim gives way to one that does. The result is the same.
   * @default "automatic": up to H1 lazy, and stream for 2500 points or more, for H2 flag, and lunes for what takes those
   * too long; beyond simplices
   */
  readonly plan?: PlanName;
  /**
   * Also find, for each interval, a cocycle and a cycle, in the numbering of the input. On every complex from the birth
   * to before the death the cocycle is a cocycle and the cycle a cycle, and those of all intervals alive form bases of
   * cohomology and of homology; at the death the cocycle stops being one and the cycle becomes a boundary. The plan is
   * then `simplices`; intervals of length zero have none.
   * @default false
   */
  readonly representatives?: boolean;
  /**
   * Compute the diagrams of landmarks instead of all points: for clouds too large for anything else. The result says
   * which points they are and how well they cover the others; `bettiBounds` and `intervalCountBounds` say what follows.
   * Representatives number the landmarks.
   */
  readonly landmarks?: LandmarkOptions;
  /**
   * Told, while the plan is `stream`, how far the computation is: its phase, and in it what is done of how much. A call
   * that runs in the calling thread is busy until its end and tells on the way.
   */
  readonly onProgress?: (progress: Progress) => void;
  /** Build of the engine; `debug` checks assertions and is slow. @default "release" */
  readonly variant?: Variant;
}

/** The names of {@link PersistenceOptions}. */
export const persistenceKeys = {
  maxDim: true,
  threshold: true,
  modulus: true,
  metric: true,
  zeroLength: true,
  memoryLimit: true,
  signal: true,
  timeout: true,
  pool: true,
  threads: true,
  plan: true,
  representatives: true,
  landmarks: true,
  onProgress: true,
  variant: true,
} as const satisfies Known<PersistenceOptions>;

/** What {@link persistence} found. JSON.stringify writes it with lists of numbers, diagrams as pairs, Infinity as null. */
export interface PersistenceResult {
  /** Diagrams of dimension 0..maxDim, in order. */
  readonly diagrams: readonly Diagram[];
  /** Number of points the diagrams are of: the landmarks, where there are any. */
  readonly n: number;
  /** The landmarks, where they were asked for. */
  readonly landmarks?: Landmarks;
  readonly maxDim: number;
  readonly modulus: number;
  readonly metric: Metric | "given";
  /** Longest edge kept. */
  readonly threshold: number;
  /** At and above this scale the complex is a cone: one component, nothing else. Infinity when no point sees all others. */
  readonly enclosingRadius: number;
  /** How distances were had: exact integers, float32 or float64 differences, or given as a matrix. */
  readonly distances: "i16" | "f32" | "f64" | "given";
  /** Columns that had to be reduced, per dimension. */
  readonly columns: readonly number[];
  /** How each dimension was computed; see {@link PersistenceOptions.plan}. */
  readonly plans: readonly PlanName[];
  /** Bytes of WebAssembly memory used. */
  readonly memory: number;
}

/**
 * Vietoris–Rips persistent homology with coefficients in Z/p, exact for ties, duplicates and non-metric matrices.
 * Cost: O(n² d) for distances and O(n²) memory; the reduction is near linear in the number of edges in dimension 1 on
 * most data, and up to cubic in the number of simplices at worst.
 *
 * Typed arrays are checked and copied before the call returns, so that the caller may write to them at once; with threads,
 * a signal or a time-out the copy is handed over to the thread.
 *
 * Rows, or a square cloud, of three points or more that look like a distance matrix (symmetric, zero on the diagonal, nothing
 * negative, not all zero) are refused unless a metric is named: as points they give other diagrams than as
 * `{ distances, n }`. One or two points are always points.
 * @throws ConfigError for bad or unknown options, InputError for bad data, SimplexOverflowError and MemoryLimitError before any
 *   work when the computation cannot fit, CancelledError and TimeoutError when stopped
 */
export async function persistence(
  input: PersistenceInput,
  options: PersistenceOptions = {},
): Promise<PersistenceResult> {
  checkKeys(options, persistenceKeys, "the options of persistence");
  checkOptions(options);
  const own = ownInput(input, options.metric);
  if (options.landmarks) return persistenceOfLandmarks(own, options, options.landmarks);
  const request = toRequest(own, options);
  const { source, maxDim, modulus } = request;
  // What was copied here nobody else will read.
  const response = await run(request, options, own !== input);
  return finished({
    diagrams: response.dimensions.map((intervals, dimension) => makeDiagram(dimension, intervals)),
    n: source.n,
    maxDim,
    modulus,
    metric: source.kind === "matrix" ? "given" : (options.metric ?? "euclidean"),
    threshold: response.threshold,
    enclosingRadius: response.enclosingRadius,
    distances: source.kind === "matrix" ? "given" : source.arithmetic,
    columns: response.columns,
    plans: response.plans,
    memory: response.memory,
  });
}

/** A result, and how JSON.stringify writes it: representatives beside the diagrams, which are lists of pairs there. */
function finished(result: PersistenceResult): PersistenceResult {
  return withJson(result, function (this: PersistenceResult) {
    const { diagrams } = this;
    return {
      ...this,
      ...(diagrams[0]?.representatives ? { representatives: diagrams.map(representativesToJson) } : {}),
    };
  });
}

/**
 * @throws ConfigError for an option out of its range, or for options that do not go together, CancelledError when the signal
 *   is aborted already
 */
export function checkOptions(options: PersistenceOptions): void {
  const { maxDim = 1, threshold, modulus = 2, metric = "euclidean", zeroLength = false, plan = "automatic" } = options;
  const { representatives, landmarks } = options;
  checkCall(options);
  if (!Number.isInteger(maxDim) || maxDim < 0 || maxDim > LARGEST_DIMENSION)
    throw new ConfigError(expected(`an integer from 0 to ${LARGEST_DIMENSION}`, "maxDim", maxDim), {
      hint: "Use 1 for loops.",
    });
  if (threshold !== undefined && !(typeof threshold === "number" && threshold >= 0))
    throw new ConfigError(expected("a number of at least 0", "threshold", threshold), {
      hint: "Leave it out to keep everything.",
    });
  checkMetric(metric);
  if (!planNames.includes(plan))
    throw new ConfigError(expected(planNames.join(", "), "plan", plan), { hint: "Leave it out to have it chosen." });
  checkModulus(modulus);
  for (const [name, got] of Object.entries({ zeroLength, representatives: representatives ?? false }))
    refuseUnless(typeof got === "boolean", { what: "true or false", name, got, hint: "Leave it out for false." });
  if (landmarks !== undefined) checkLandmarks(landmarks);
  if (representatives && zeroLength)
    throw new ConfigError(expected("false with representatives", "zeroLength", zeroLength), {
      hint: "An interval of length zero has no representative.",
    });
  if (representatives && plan !== "automatic" && plan !== "simplices")
    throw new ConfigError(expected('"simplices" with representatives', "plan", plan), { hint: "Leave it out." });
}

/**
 * What the engine is asked for, by options that were checked.
 * @throws InputError for bad data
 */
export function toRequest(input: PersistenceInput, options: PersistenceOptions): EngineRequest {
  const { maxDim = 1, threshold, modulus = 2, metric = "euclidean", zeroLength = false, plan = "automatic" } = options;
  const source = isDistanceMatrix(input) ? matrixSource(input) : pointsSource(toPointCloud(input), metric);
  return {
    source,
    maxDim,
    threshold: threshold === Infinity ? undefined : threshold,
    modulus,
    zeroLength,
    plan,
    representatives: options.representatives === true,
    memoryLimit: options.memoryLimit ?? defaultMemoryLimit(),
  };
}

async function persistenceOfLandmarks(
  input: PersistenceInput,
  { landmarks: _, ...options }: PersistenceOptions,
  asked: LandmarkOptions,
): Promise<PersistenceResult> {
  // Named, for what is left of the points are points still.
  const { metric = "euclidean", memoryLimit, signal, timeout } = options;
  const rest = new Rest(signal, timeout);
  const landmarks = await selectLandmarks(input, { ...asked, metric, memoryLimit, signal, timeout });
  const result = await rest.part((left) =>
    persistence(takePoints(input, landmarks.indices), { ...options, metric, ...left }),
  );
  return finished({ ...result, landmarks });
}

async function run(request: EngineRequest, options: PersistenceOptions, handOver: boolean) {
  const { pool, variant = "release", threads = 1, onProgress } = options;
  const signal = nodeSignal(options.signal);
  const timeout = options.timeout === undefined ? undefined : Math.min(Math.ceil(options.timeout), LONGEST_TIMEOUT);
  const how = { signal, timeout, threads, variant, onProgress, handOver };
  if (pool) return pool.run(request, how);
  if (signal === undefined && timeout === undefined && threads === 1)
    return compute((await loadModule(variant)).module, request, undefined, onProgress);
  return runInCrew(request, how);
}

/** @throws ConfigError unless p is a prime up to 65521 */
export function checkModulus(modulus: number): void {
  if (modulus <= LARGEST_MODULUS && isPrime(modulus)) return;
  throw new ConfigError(expected(`a prime from 2 to ${LARGEST_MODULUS}`, "modulus", modulus), {
    hint: "Use 2, 3 or 11 for instance.",
  });
}

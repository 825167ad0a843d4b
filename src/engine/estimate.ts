/** What a computation will need, told before any work. */
import { freemem } from "node:os";
import { ConfigError, expected, MemoryLimitError, SimplexOverflowError } from "../errors.js";
import { checkFields, checkKeys, type Known } from "../options.js";
import type { MetricName, PlanName } from "./engine.js";

const GIB = 2 ** 30;
/** One WebAssembly memory ends just below 4 GiB. */
const MOST = 4 * GIB - 65536;
/** Bytes a point of the streaming engine, besides its row: lists of nearest points with room, near points, candidates. */
const STREAM_POINT = 8 * 384 + 8 * 32 + 16 * 24 + 32;
/** Points of a block of the streaming engine at most; a tile of distances has so many rows and columns. */
const STREAM_BLOCK = 480;
const LARGEST_INDEX = 2n ** 63n - 1n;

/** Memory allowed by default: 3.5 GiB, or 80 % of what is free when that is less. */
export function defaultMemoryLimit(): number {
  return Math.floor(Math.min(3.5 * GIB, 0.8 * freemem()));
}

/** What goes in: its size, not its content. */
export interface EstimateInput {
  /** Number of points. */
  readonly n: number;
  /** Number of coordinates; left out for a distance matrix. */
  readonly d?: number;
  /** Type of the numbers. @default "float32" */
  readonly type?: "uint8" | "float32" | "float64";
}

/** Options of {@link estimate}, as for `persistence`. */
export interface EstimateOptions {
  /** @default 1 */
  readonly maxDim?: number;
  /** @default "euclidean" */
  readonly metric?: MetricName;
  /** @default "automatic" */
  readonly plan?: PlanName;
  /** @default false */
  readonly zeroLength?: boolean;
  /** @default false */
  readonly representatives?: boolean;
  /** Threads inside the call. @default 1 */
  readonly threads?: number;
  /** Whether the call runs in a worker thread, as one with a signal, a time-out or several threads does. @default threads > 1 */
  readonly worker?: boolean;
}

const estimateKeys = {
  maxDim: true,
  metric: true,
  plan: true,
  zeroLength: true,
  representatives: true,
  threads: true,
  worker: true,
} as const satisfies Known<EstimateOptions>;

/** Bytes a computation is expected to need besides the input itself and Node. */
export interface Estimate {
  /** Peak of WebAssembly memory; what a memory limit is compared with. */
  readonly engine: number;
  /** Copies of the input outside of it. */
  readonly copies: number;
  /** Both. */
  readonly total: number;
  /** Less than this many bytes of WebAssembly memory cannot suffice: such a limit is refused before any work. */
  readonly least: number;
}

/** Bytes besides matrix and rows: fixed + perPoint · n + perPair · n². */
interface WorkSpace {
  readonly fixed: number;
  readonly perPoint: number;
  readonly perPair: number;
}

/**
 * Work space by plan and highest dimension, fitted to peaks measured on Gaussian clouds, annuli and MNIST of 10 to 3000
 * points. What classes cost that live long is not to be seen from sizes: `automatic` in dimension 1 is between `lazy`
 * (0.4 n² bytes) and what is left behind when lunes take over (up to 4.5 n²); surfaces sampled evenly need more in
 * dimension 2 and above.
 */
function workSpace(plan: PlanName, maxDim: number): WorkSpace {
  // Lists of nearest points and, for H1, some 30 items of streams a point; fewer in few dimensions.
  if (plan === "stream") return { fixed: 130_000, perPoint: STREAM_POINT + (maxDim === 0 ? 80 : 2600), perPair: 0 };
  if (maxDim === 0) return { fixed: 64_000, perPoint: 60, perPair: 0.25 };
  switch (plan) {
    case "automatic":
      return { fixed: 330_000, perPoint: 1500, perPair: 1 };
    case "lazy":
      return { fixed: 330_000, perPoint: 1500, perPair: 0.3 };
    case "lunes":
      return { fixed: 180_000, perPoint: 250, perPair: 1.45 };
    case "flag":
      return { fixed: maxDim === 1 ? 400_000 : 700_000, perPoint: 0, perPair: 19 };
    case "collapse":
      return { fixed: 120_000, perPoint: 0, perPair: 8 };
    case "simplices":
      return maxDim === 1 ? { fixed: 35_000, perPoint: 0, perPair: 6 } : { fixed: 96_000, perPoint: 0, perPair: 13 };
    default:
      throw new ConfigError(expected("the name of a plan", "plan", plan), { hint: "Leave it out to have it chosen." });
  }
}

/** What each further thread adds, tables of its own for the columns of dimension 1; small inputs end before it comes. */
function perThread(plan: PlanName): WorkSpace {
  const columns = plan === "automatic" || plan === "lazy";
  return columns ? { fixed: 200_000, perPoint: 200, perPair: 0 } : { fixed: 0, perPoint: 0, perPair: 0 };
}

/** The plan that will be carried out in the highest dimension; `automatic` where dimension 1 is left to the data. */
function likelyPlan(n: number, points: boolean, maxDim: number, options: EstimateOptions): PlanName {
  if (takesStream({ ...options, n, points, maxDim })) return "stream";
  const { zeroLength = false, representatives = false } = options;
  // Where the streaming engine does not serve, the plan is the engine's choice.
  const plan = options.plan === "stream" ? "automatic" : (options.plan ?? "automatic");
  if (zeroLength || representatives || maxDim === 0 || plan === "simplices") return "simplices";
  if (plan === "collapse" || maxDim === 1) return plan;
  if (maxDim === 2 && plan !== "lazy") return "flag";
  return plan === "automatic" ? "collapse" : "simplices";
}

/** From this many points on the streaming engine is the faster way. */
const STREAM_FROM = 2500;

/** Whether the streaming engine serves a computation, and is the way to take. */
export function takesStream(asked: {
  readonly n: number;
  readonly points: boolean;
  readonly maxDim: number;
  readonly plan?: PlanName;
  readonly zeroLength?: boolean;
  readonly representatives?: boolean;
}): boolean {
  const { n, points, maxDim, plan = "automatic" } = asked;
  if (!points || maxDim > 1 || asked.zeroLength || asked.representatives) return false;
  return plan === "stream" || (plan === "automatic" && n >= STREAM_FROM);
}

/**
 * Peak memory of a call, told from sizes alone: within a factor 0.5 to 1.5 on most data, see the source for where not.
 * O(1).
 * @throws ConfigError for sizes that are no positive integers
 */
export function estimate(input: EstimateInput, options: EstimateOptions = {}): Estimate {
  checkFields(input, { n: true, d: true, type: true } satisfies Known<EstimateInput>, "the input of estimate");
  checkKeys(options, estimateKeys, "the options of estimate");
  const { n, d, type = "float32" } = input;
  for (const [name, value] of [
    ["n", n],
    ["d", d ?? 1],
  ] as const)
    if (!Number.isInteger(value) || value < 1)
      throw new ConfigError(expected("a positive integer", name, value), { hint: "Give the shape of the input." });
  const { metric = "euclidean", threads = 1, worker = threads > 1 } = options;
  const asked = options.maxDim ?? 1;
  if (!Number.isInteger(asked) || asked < 0)
    throw new ConfigError(expected("an integer of at least 0", "maxDim", asked), { hint: "Use 1 for loops." });
  const maxDim = Math.min(asked, Math.max(0, options.zeroLength ? n - 2 : Math.floor((n - 2) / 2)));
  const direct = metric === "euclidean" || metric === "sqeuclidean";
  const size = direct ? { uint8: 2, float32: 4, float64: 8 }[type] : 8;
  const rows = d === undefined ? 0 : n * Math.ceil((d * size) / 16) * 16;
  const stride = Math.ceil(n / 4) * 4;
  const plan = likelyPlan(n, d !== undefined, maxDim, options);
  const streaming = plan === "stream";
  const bytes = ({ fixed, perPoint, perPair }: WorkSpace) => fixed + perPoint * n + perPair * n * n;
  const work = bytes(workSpace(plan, maxDim)) + (threads - 1) * bytes(perThread(plan));
  const tile = threads * 4 * Math.min(n, STREAM_BLOCK) ** 2;
  // Beside a matrix the rows are given back before the work begins. Memory comes in pages.
  const engine = Math.ceil((streaming ? rows + tile + work : 4 * n * stride + Math.max(rows, work)) / 65536) * 65536;
  const general = options.zeroLength === true || options.representatives === true;
  const flag = needsFlag(options.plan ?? "automatic", maxDim, general, n);
  const own = { uint8: 1, float32: 4, float64: 8 }[type] * n * (d ?? n);
  const converted = d !== undefined && (metric === "cosine" || (!direct && type === "uint8")) ? 8 * n * d : 0;
  const least = leastMemory({ n, rowBytes: rows / n, maxDim, flag, streaming });
  const copies = converted + (worker ? Math.max(own, converted) : 0);
  return { engine, copies, total: engine + copies, least };
}

/** What the least memory depends on. */
export interface MemoryNeeds {
  readonly n: number;
  /** Bytes of a row of points, 0 for a matrix. */
  readonly rowBytes: number;
  readonly maxDim: number;
  /** Whether the plan `flag` was asked for and will be carried out: its ranks are a second matrix. */
  readonly flag?: boolean;
  /** Whether the streaming engine is to run. */
  readonly streaming?: boolean;
}

/**
 * Bytes of WebAssembly memory needed at least: the matrix, and first the points, then a table of binomials and H0; by the
 * streaming engine, the points and their lists.
 */
export function leastMemory({ n, rowBytes, maxDim, flag = false, streaming = false }: MemoryNeeds): number {
  if (streaming) return n * (rowBytes + STREAM_POINT);
  const matrix = 4 * n * Math.ceil(n / 4) * 4;
  return matrix + Math.max(n * rowBytes, flag ? matrix : 8 * (n + 1) * (maxDim + 3) + 16 * n);
}

/** Whether the plan `flag`, asked for, is carried out; chosen by itself, it gives way where it does not fit. */
export function needsFlag(plan: PlanName, maxDim: number, general: boolean, n: number): boolean {
  return plan === "flag" && !general && (maxDim === 1 || maxDim === 2) && n <= 65536;
}

/**
 * Refuses what cannot fit before any work.
 * @throws ConfigError for a limit that is no positive number, MemoryLimitError with the least memory needed
 */
export function checkMemory(request: MemoryNeeds, memoryLimit: number): number {
  return checkLimit(request.n, leastMemory(request), memoryLimit);
}

/**
 * Refuses what needs more bytes than are allowed, and says how many are: no more than one WebAssembly memory has.
 * @throws ConfigError for a limit that is no positive number, MemoryLimitError for one that cannot suffice
 */
export function checkLimit(n: number, needed: number, memoryLimit: number): number {
  if (!(typeof memoryLimit === "number" && memoryLimit > 0))
    throw new ConfigError(expected("a positive number of bytes", "memoryLimit", memoryLimit), {
      hint: "Leave it out for as much as there is.",
    });
  const limit = Math.min(memoryLimit, MOST);
  if (needed > limit)
    throw new MemoryLimitError(
      expected(`at most ${megabytes(limit)}`, `the memory of ${n} points`, `at least ${megabytes(needed)}`),
      { hint: "Raise the memory limit, or take a sample of the points." },
    );
  return limit;
}

/**
 * Refuses a combination of n and dimension whose simplex indices would pass 2^63 - 1.
 * @throws SimplexOverflowError naming n, the dimension and the largest n that fits
 */
export function checkSimplexIndices(n: number, maxDim: number): void {
  if (binomial(BigInt(n), maxDim + 2) <= LARGEST_INDEX) return;
  let low = maxDim + 2;
  let high = n;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (binomial(BigInt(middle), maxDim + 2) <= LARGEST_INDEX) low = middle;
    else high = middle - 1;
  }
  throw new SimplexOverflowError(expected(`at most ${low}`, `the number of points with maxDim ${maxDim}`, n), {
    hint: `Simplices of dimension ${maxDim + 1} are numbered in 63 bits: use at most ${low} points with maxDim ${maxDim}, or a lower maxDim.`,
  });
}

function binomial(n: bigint, k: number): bigint {
  let result = 1n;
  for (let i = 0n; i < BigInt(k); i++) result = (result * (n - i)) / (i + 1n);
  return result;
}

/** Bytes in the unit people read. */
export function megabytes(bytes: number): string {
  return bytes < 2 ** 20
    ? `${bytes} bytes`
    : bytes < GIB
      ? `${Math.ceil(bytes / 2 ** 20)} MiB`
      : `${(bytes / GIB).toFixed(2)} GiB`;
}

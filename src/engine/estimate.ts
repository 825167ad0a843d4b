/** What a computation needs at least, and which way it goes: told before any work. */
import { freemem } from "node:os";
import { ConfigError, expected, MemoryLimitError, SimplexOverflowError } from "../errors.js";
import type { PlanName, Work } from "./engine.js";

const GIB = 2 ** 30;
/** One WebAssembly memory ends just below 4 GiB. */
const MOST = 4 * GIB - 65536;
/** Bytes a point of the streaming engine, besides its row: lists of nearest points with room, near points, candidates. */
const STREAM_POINT = 8 * 384 + 8 * 32 + 16 * 24 + 32;
const LARGEST_INDEX = 2n ** 63n - 1n;

/** Memory allowed by default: 3.5 GiB, or 80 % of what is free when that is less. */
export function defaultMemoryLimit(): number {
  return Math.floor(Math.min(3.5 * GIB, 0.8 * freemem()));
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

/** Ways through the kernels, each with a law of its own for time and memory. */
export type Route = "stream" | "loops" | "flag" | "collapse" | "simplices";

/** The way a computation will go: what `compute` and assembly/rips.ts decide before they know any distance. */
export function routeOf({ request, maxDim, limit, streaming }: Work & { readonly streaming: boolean }): Route {
  if (streaming) return "stream";
  const { source, zeroLength, representatives = false } = request;
  const { n } = source;
  if (zeroLength || representatives) return "simplices";
  const plan = request.plan === "stream" ? "automatic" : request.plan;
  if (plan !== "simplices" && plan !== "collapse") {
    const wanted = maxDim === 2 ? plan !== "lazy" : maxDim === 1 && plan === "flag";
    const room = limit - 4 * n * Math.ceil(n / 4) * 4;
    if (wanted && n <= 65536 && (plan === "flag" || 24 * n * n <= room)) return "flag";
    if (maxDim === 1) return "loops";
  }
  return n <= 65536 && (plan === "collapse" || (plan === "automatic" && maxDim >= 3)) ? "collapse" : "simplices";
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

/** What a computation will need, told before any work. */
import { freemem } from "node:os";
import { ConfigError, expected, MemoryLimitError, SimplexOverflowError } from "../errors.js";

const GIB = 2 ** 30;
/** One WebAssembly memory ends just below 4 GiB. */
const MOST = 4 * GIB - 65536;
const LARGEST_INDEX = 2n ** 63n - 1n;

/** Memory allowed by default: 3.5 GiB, or 80 % of what is free when that is less. */
export function defaultMemoryLimit(): number {
  return Math.floor(Math.min(3.5 * GIB, 0.8 * freemem()));
}

/** Bytes of WebAssembly memory needed at least: the points, the matrix and the binomial table. */
export function leastMemory(request: { n: number; rowBytes: number; maxDim: number }): number {
  const { n, rowBytes, maxDim } = request;
  const stride = Math.ceil(n / 4) * 4;
  return n * rowBytes + 4 * n * stride + 8 * (n + 1) * (maxDim + 3) + 64 * n;
}

/**
 * Refuses what cannot fit before any work.
 * @throws ConfigError for a limit that is no positive number, MemoryLimitError with the least memory needed
 */
export function checkMemory(request: { n: number; rowBytes: number; maxDim: number }, memoryLimit: number): number {
  if (!(memoryLimit > 0)) throw new ConfigError(expected("a positive number of bytes", "memoryLimit", memoryLimit));
  const limit = Math.min(memoryLimit, MOST);
  const needed = leastMemory(request);
  if (needed > limit)
    throw new MemoryLimitError(
      expected(`at most ${megabytes(limit)}`, `the memory of ${request.n} points`, `at least ${megabytes(needed)}`),
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

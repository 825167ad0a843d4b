/** What all readers of distances share: their result, and the checks of one number. */
import { expected, MemoryLimitError } from "../errors.js";
import { broken } from "./broken.js";

/** The distances of n points, in float32. */
export interface DistancesInput {
  /**
   * The n(n-1)/2 distances below the diagonal, row by row: (1,0), (2,0), (2,1), ... None is negative; Infinity means that
   * the pair is never joined.
   */
  readonly distances: Float32Array;
  readonly n: number;
  /** What was done with the file that the user should know, a clause each. */
  readonly remarks: readonly string[];
}

const largest = 3.4028234663852886e38;

/** The same values in float32, each checked. */
export function checked(data: Float32Array | Float64Array, path: string): Float32Array {
  let negativeZero = false;
  for (let i = 0; i < data.length; i++) {
    const value = data[i]!;
    if (!(value > 0 && value <= largest)) {
      checkDistance(value, path, `number ${i + 1}`, undefined);
      if (Object.is(value, -0)) negativeZero = true;
    }
  }
  return data instanceof Float32Array && !negativeZero ? data : Float32Array.from(data, (value) => value + 0);
}

/** @throws DataFormatError for what is no distance; Infinity is one */
export function checkDistance(value: number, path: string, name: string, offset: number | undefined): void {
  if (!(value >= 0)) throw broken(path, offset, "a distance of at least 0", name, value, "Repair or remove it.");
  if (value > largest && value !== Number.POSITIVE_INFINITY)
    throw broken(path, offset, "a distance within float32 (below 3.4e38)", name, value, "Rescale the data.");
}

/**
 * Room for the distances of n points.
 * @param limit most bytes to take
 * @throws MemoryLimitError above the limit, or 4 GiB
 */
export function allocate(n: number, path: string, limit = 2 ** 32): Float32Array {
  const length = (n * (n - 1)) / 2;
  const fail = (what: string, cause?: unknown): never => {
    throw new MemoryLimitError(expected(what, path, `${n} points`), {
      hint: "Use fewer points; indices count from 0 without gaps.",
      cause,
    });
  };
  if (4 * length > 2 ** 32) fail("distances of at most 4 GiB, what WebAssembly can hold,");
  if (4 * length > limit) fail(`distances of at most ${Math.floor(limit / 1e6)} MB (--memory-limit)`);
  try {
    return new Float32Array(length);
  } catch (cause) {
    return fail("distances that fit in memory", cause);
  }
}

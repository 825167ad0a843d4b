/** Landmarks: a part of a cloud that stands for all of it, and how well it does. */
import { setImmediate } from "node:timers/promises";
import { defaultMemoryLimit } from "../engine/estimate.js";
import { type ChosenLandmarks, chooseLandmarks } from "../engine/landmarks.js";
import { loadModule } from "../engine/module.js";
import { ConfigError, expected, TimeoutError, throwIfAborted } from "../errors.js";
import { Random } from "../random.js";
import { pointsSource, squareDistances } from "./distance-matrix.js";
import {
  type DistanceMatrix,
  isDistanceMatrix,
  type Metric,
  type PersistenceInput,
  toPointCloud,
} from "./point-cloud.js";

/** Which points become landmarks. */
export interface LandmarkOptions {
  /** How many; at least 1. All points where there are no more than that many. */
  readonly count: number;
  /**
   * `maxmin`: each the point farthest from all before it, from a random first one; the covering radius is at most twice
   * the least possible. `random`: drawn without replacement, which follows the density of the points.
   * @default "maxmin"
   */
  readonly rule?: "maxmin" | "random";
  /** Draws the first landmark or all of them. @default 1 */
  readonly seed?: number;
}

/** Landmarks chosen. */
export interface Landmarks extends ChosenLandmarks {
  readonly rule: "maxmin" | "random";
  readonly seed: number;
  /** Number of points they were chosen from. */
  readonly of: number;
}

/**
 * Chooses landmarks of a cloud. Points are never compared all with all: O(n d) time a landmark, and the memory of the
 * points. A distance matrix takes O(n) a landmark. Once every point has a landmark at distance 0, `maxmin` stops: there
 * are then fewer than asked for, no two of them alike.
 * @throws ConfigError for bad options, InputError for bad data, MemoryLimitError when the points do not fit,
 *   CancelledError and TimeoutError when stopped
 */
export async function selectLandmarks(
  input: PersistenceInput,
  options: LandmarkOptions & {
    readonly metric?: Metric | undefined;
    readonly memoryLimit?: number | undefined;
    readonly signal?: AbortSignal | undefined;
    /** Milliseconds. */
    readonly timeout?: number | undefined;
  },
): Promise<Landmarks> {
  checkLandmarks(options);
  const { rule = "maxmin", seed = 1, signal, timeout, memoryLimit = defaultMemoryLimit() } = options;
  const random = new Random(seed, "landmarks");
  const draw = (n: number) => {
    const count = Math.min(options.count, n);
    return { count, given: rule === "random" ? random.sample(n, count) : [random.integer(n)] };
  };
  if (isDistanceMatrix(input)) {
    const matrix = squareDistances(input);
    return { ...(await fromMatrix(matrix, draw(matrix.n), new Rest(signal, timeout))), rule, seed, of: matrix.n };
  }
  const source = pointsSource(toPointCloud(input), options.metric ?? "euclidean");
  const { module } = await loadModule();
  const chosen = await chooseLandmarks(module, { source, ...draw(source.n), memoryLimit, signal, timeout });
  return { ...chosen, rule, seed, of: source.n };
}

/** @throws ConfigError for a number or a rule that is none; a wrong seed is said where it is drawn by */
export function checkLandmarks({ count, rule = "maxmin" }: LandmarkOptions): void {
  if (!Number.isInteger(count) || count < 1)
    throw new ConfigError(expected("an integer of at least 1", "landmarks.count", count), {
      hint: "Use for instance 500.",
    });
  if (rule !== "maxmin" && rule !== "random")
    throw new ConfigError(expected("maxmin or random", "landmarks.rule", rule), { hint: "Leave it out for maxmin." });
}

/** Pauses of a long computation in this thread, in which it is found out whether it is to stop. */
export class Rest {
  private readonly start = performance.now();
  private last = this.start;

  /** @param timeout milliseconds from now */
  constructor(
    private readonly signal: AbortSignal | undefined,
    private readonly timeout: number | undefined,
  ) {
    throwIfAborted(signal);
  }

  /** True when the event loop should run again. */
  due(): boolean {
    return performance.now() - this.last > 30;
  }

  /**
   * Does a part of the work in the time that is left.
   * @param work given the option that says it, in milliseconds; empty without a time-out
   * @throws what the work throws; where that is a TimeoutError, one that names all the time there was, not what was left
   */
  async part<Result>(work: (left: { readonly timeout?: number }) => Promise<Result>): Promise<Result> {
    const { timeout, start } = this;
    try {
      return await work(timeout === undefined ? {} : { timeout: Math.max(0, timeout - (performance.now() - start)) });
    } catch (error) {
      throw error instanceof TimeoutError ? this.late() : error;
    }
  }

  /** @throws CancelledError when the signal was aborted, TimeoutError when the time is up */
  async taken(): Promise<void> {
    await setImmediate();
    throwIfAborted(this.signal);
    this.last = performance.now();
    if (this.timeout !== undefined && this.last - this.start > this.timeout) throw this.late();
  }

  private late(): TimeoutError {
    return new TimeoutError(expected(`a result within ${this.timeout} ms`, "timeout", "none so far"), {
      hint: "Raise the time-out, or take fewer points.",
    });
  }
}

/** As the kernels do, on distances that are there already. */
async function fromMatrix(
  { distances, n }: DistanceMatrix,
  { count, given }: { readonly count: number; readonly given: ArrayLike<number> },
  rest: Rest,
): Promise<ChosenLandmarks> {
  const nearest = new Float32Array(n).fill(Infinity);
  const farthest = () => nearest.reduce((found, value, i) => (value > nearest[found]! ? i : found), 0);
  const indices: number[] = [];
  const radii: number[] = [];
  for (let k = 0; k < count; k++) {
    const chosen = k < given.length ? given[k]! : farthest();
    const radius = nearest[chosen]!;
    if (radius === 0 && k >= given.length) break;
    indices.push(chosen);
    radii.push(radius);
    for (let i = 0; i < n; i++) nearest[i] = Math.min(nearest[i]!, distances[chosen * n + i]!);
    nearest[chosen] = 0;
    if (rest.due()) await rest.taken();
  }
  return {
    indices: Uint32Array.from(indices),
    radii: Float32Array.from(radii),
    coveringRadius: nearest[farthest()]!,
  };
}

/** The part of a cloud or distance matrix with the given points, in the order given. */
export function takePoints(input: PersistenceInput, indices: ArrayLike<number>): PersistenceInput {
  const count = indices.length;
  if ("distances" in input) {
    const { distances, n } = squareDistances(input);
    const part = new Float32Array(count * count);
    for (let i = 0; i < count; i++)
      for (let j = 0; j < count; j++) if (i !== j) part[i * count + j] = distances[indices[i]! * n + indices[j]!]!;
    return { distances: part, n: count };
  }
  const { data, shape, ...rest } = toPointCloud(input);
  const d = shape[1];
  const part = data.slice(0, count * d);
  for (let i = 0; i < count; i++) part.set(data.subarray(indices[i]! * d, (indices[i]! + 1) * d), i * d);
  return { ...rest, data: part, shape: [count, d] };
}

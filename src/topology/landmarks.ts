/** Landmarks: a part of a cloud that stands for all of it, and how well it does. */
import { setImmediate } from "node:timers/promises";
import { defaultMemoryLimit } from "../engine/estimate.js";
import { type ChosenLandmarks, chooseLandmarks } from "../engine/landmarks.js";
import { loadModule } from "../engine/module.js";
import { ConfigError, expected, InputError, TimeoutError, throwIfAborted } from "../errors.js";
import { listed } from "../json.js";
import { checkFields, type Known } from "../options.js";
import { Random } from "../random.js";
import { checkCall } from "./call-options.js";
import { pointsSource, squareDistances } from "./distance-matrix.js";
import {
  arrayKind,
  checkMetric,
  type DistanceMatrix,
  isDistanceMatrix,
  type Metric,
  ownInput,
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

/** Options of {@link selectLandmarks}: which points, and of the call. */
export interface SelectLandmarksOptions extends LandmarkOptions {
  /** To name it says that the input is points; see `persistence`. @default "euclidean" */
  readonly metric?: Metric | undefined;
  /** Bytes of memory the engine may use. @default min(3.5 GiB, 80 % of free memory) */
  readonly memoryLimit?: number | undefined;
  /** Aborting it ends the call with a CancelledError. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds; the call then ends with a TimeoutError. */
  readonly timeout?: number | undefined;
}

const landmarkKeys = { count: true, rule: true, seed: true } as const satisfies Known<LandmarkOptions>;
const selectKeys = {
  ...landmarkKeys,
  metric: true,
  memoryLimit: true,
  signal: true,
  timeout: true,
} as const satisfies Known<SelectLandmarksOptions>;

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
 * are then fewer than asked for, no two of them alike. Typed arrays are copied before the call returns.
 * @throws ConfigError for bad options, InputError for bad data or a distance above the largest float32, MemoryLimitError when the points do not fit,
 *   CancelledError and TimeoutError when stopped
 */
export async function selectLandmarks(input: PersistenceInput, options: SelectLandmarksOptions): Promise<Landmarks> {
  checkFields(options, selectKeys, "the options of selectLandmarks");
  checkChoice(options);
  checkMetric(options.metric);
  checkCall(options);
  const own = ownInput(input, options.metric);
  const { rule = "maxmin", seed = 1, signal, timeout, memoryLimit = defaultMemoryLimit() } = options;
  const random = new Random(seed, "landmarks");
  const { count: most } = options;
  const draw = (n: number) => {
    const count = Math.min(most, n);
    return { count, given: rule === "random" ? random.sample(n, count) : [random.integer(n)] };
  };
  if (isDistanceMatrix(own)) {
    const matrix = squareDistances(own);
    const chosen = await fromMatrix(matrix, draw(matrix.n), new Rest(signal, timeout));
    return { ...withLists(chosen), rule, seed, of: matrix.n };
  }
  const source = pointsSource(own, options.metric ?? "euclidean");
  const { module } = await loadModule();
  const chosen = await chooseLandmarks(module, { source, ...draw(source.n), memoryLimit, signal, timeout });
  if (chosen.coveringRadius === Infinity || chosen.radii.indexOf(Infinity, 1) > 0)
    throw new InputError(expected("a number below 3.4e38, the largest float32,", "every distance", Infinity), {
      hint: "Scale the coordinates down.",
    });
  return { ...withLists(chosen), rule, seed, of: source.n };
}

function withLists(chosen: ChosenLandmarks): ChosenLandmarks {
  return { ...chosen, indices: listed(chosen.indices), radii: listed(chosen.radii) };
}

/** @throws ConfigError for what is no choice of landmarks, and for unknown names in it */
export function checkLandmarks(landmarks: LandmarkOptions): void {
  checkFields(landmarks, landmarkKeys, "landmarks");
  checkChoice(landmarks);
}

function checkChoice({ count, rule = "maxmin", seed }: LandmarkOptions): void {
  checkCall({ seed });
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

/**
 * The part of a cloud or distance matrix with the given points, in the order given.
 * @throws InputError for bad data, and for indices that are no numbers of points
 */
export function takePoints(input: PersistenceInput, indices: ArrayLike<number>): PersistenceInput {
  const matrix = isDistanceMatrix(input);
  const cloud = matrix ? undefined : toPointCloud(input);
  const all = matrix ? input.n : cloud!.shape[0];
  const count = indices?.length;
  if (typeof indices === "string" || !Number.isInteger(count) || count < 1)
    throw new InputError(expected("the numbers of points", "indices", indices), { hint: "Pass for instance [0, 2]." });
  for (let k = 0; k < count; k++)
    if (!(Number.isInteger(indices[k]) && indices[k]! >= 0 && indices[k]! < all))
      throw new InputError(expected(`an integer from 0 to ${all - 1}`, `indices[${k}]`, indices[k]), {
        hint: "Points are counted from 0.",
      });
  if (matrix) {
    const { distances, n } = squareDistances(input);
    const part = new Float32Array(count * count);
    for (let i = 0; i < count; i++)
      for (let j = 0; j < count; j++) if (i !== j) part[i * count + j] = distances[indices[i]! * n + indices[j]!]!;
    return { distances: listed(part), n: count };
  }
  const { data, shape, scale } = cloud!;
  const d = shape[1];
  const kinds = { Uint8Array, Float32Array, Float64Array };
  const part = new kinds[arrayKind(data) as keyof typeof kinds](count * d);
  for (let i = 0; i < count; i++) part.set(data.subarray(indices[i]! * d, (indices[i]! + 1) * d), i * d);
  return { ...(scale === undefined ? {} : { scale }), data: listed(part), shape: [count, d] };
}

/** What readouts read besides the diagrams: the cloud's distances, a seed, and the means to resample. */
import { compute } from "../engine/engine.js";
import { defaultMemoryLimit } from "../engine/estimate.js";
import { loadModule, type Variant } from "../engine/module.js";
import { listed } from "../json.js";
import { checkKeys, type Known } from "../options.js";
import { checkCall } from "./call-options.js";
import { type Diagram, makeDiagram } from "./diagram.js";
import { pairwiseDistances, squareDistances } from "./distance-matrix.js";
import { checkOptions } from "./persistence.js";
import { isDistanceMatrix, type Metric, ownInput, type PersistenceInput } from "./point-cloud.js";

/** Made by {@link readoutContext}; a rule that misses a part says which. */
export interface ReadoutContext {
  /** All n² distances row by row, float32, symmetric. */
  readonly distances?: Float32Array;
  /** Number of points. */
  readonly n?: number;
  /** Seed of all draws; the same seed gives the same reading. */
  readonly seed?: number;
  /** Number of coordinates, where the cloud has coordinates. */
  readonly ambientDimension?: number;
  /** Diagrams of dimension 0..maxDim of a square distance matrix, with the options of the result that is read. */
  readonly diagramsOf?: (distances: Float32Array, n: number, maxDim: number) => readonly Diagram[];
}

/** The names of {@link ReadoutContext}. */
export const contextFields = {
  distances: true,
  n: true,
  seed: true,
  ambientDimension: true,
  diagramsOf: true,
} as const satisfies Known<ReadoutContext>;

/** Options of {@link readoutContext}; those of `persistence` should be as they were for the result. */
export interface ReadoutContextOptions {
  /** Needed by `fasy` and `bootstrap`: a non-negative integer. */
  readonly seed?: number;
  /** @default "euclidean" */
  readonly metric?: Metric;
  /** @default the enclosing radius */
  readonly threshold?: number;
  /** @default 2 */
  readonly modulus?: number;
  /** @default min(3.5 GiB, 80 % of free memory) */
  readonly memoryLimit?: number;
  /** @default "release" */
  readonly variant?: Variant;
}

const contextKeys = {
  seed: true,
  metric: true,
  threshold: true,
  modulus: true,
  memoryLimit: true,
  variant: true,
} as const satisfies Known<ReadoutContextOptions>;

/**
 * Computes once what the readouts that look at the cloud share, for any number of calls of `bettiNumbers`.
 * Typed arrays are copied before the call returns. Cost: O(n² d) time, 4 n² bytes.
 * @throws ConfigError for bad or unknown options, InputError for bad data, MemoryLimitError when the distances do not fit
 */
export async function readoutContext(
  input: PersistenceInput,
  options: ReadoutContextOptions = {},
): Promise<Required<Pick<ReadoutContext, "distances" | "n" | "diagramsOf">> & ReadoutContext> {
  checkKeys(options, contextKeys, "the options of readoutContext");
  const { seed, ...call } = options;
  checkCall({ seed });
  checkOptions(call);
  const { metric, modulus = 2, memoryLimit = defaultMemoryLimit(), variant } = options;
  const threshold = options.threshold === Infinity ? undefined : options.threshold;
  const own = ownInput(input, metric);
  const matrix = isDistanceMatrix(own);
  const { distances, n } = matrix ? squareDistances(own) : await pairwiseDistances(own, { memoryLimit, metric });
  const { module } = await loadModule(variant);
  const d = matrix ? undefined : own.shape[1];
  return {
    distances: listed(distances),
    n,
    ...(seed === undefined ? {} : { seed }),
    ...(d === undefined ? {} : { ambientDimension: d }),
    diagramsOf: (data, points, maxDim) =>
      compute(module, {
        source: { kind: "matrix", data, n: points },
        maxDim,
        threshold,
        modulus,
        zeroLength: false,
        plan: "automatic",
        memoryLimit,
      }).dimensions.map((intervals, dimension) => makeDiagram(dimension, intervals)),
  };
}

/** What a network is: its recipe, and its weights as plain typed arrays that can be saved and compared. */
import { ConfigError, expected } from "../errors.js";
import { Random } from "../random.js";
import { type BatchNormPlacement, checkWidths } from "./architecture.js";

/** Activations that can be trained. */
export const activationNames = ["relu", "square"] as const;

/** The function applied to every output of a hidden layer: max(x, 0), or x². */
export type Activation = (typeof activationNames)[number];

/** How a network is made and trained. */
export interface NetworkSpec {
  /** Layer sizes, input and output included: [784, 8, 8, 8, 10]. */
  readonly widths: readonly number[];
  readonly activation: Activation;
  /**
   * `he`: kernels from N(0, 2 / inputs), biases 0 (He et al. 2015). `normal`: kernels and biases from N(0, 1), whatever
   * the number of inputs (the paper's code).
   */
  readonly initialisation: "he" | "normal";
  /**
   * Batch norm in every hidden layer. `none`: dense, activation. `after-activation`: dense, activation, batch norm.
   * `around-activation`: dense, batch norm, activation, batch norm (the paper's code). The output layer has none.
   */
  readonly batchNorm: BatchNormPlacement;
  /** Added to the variance before the root. */
  readonly batchNormEpsilon: number;
  /** Softmax cross-entropy averaged over the batch, or summed (then a rate means batchSize times more). */
  readonly loss: "mean" | "sum";
  /** Step size of plain stochastic gradient descent. */
  readonly learningRate: number;
  readonly batchSize: number;
  /** Number of batches trained on; 0 leaves the network as it was made. */
  readonly steps: number;
  /** Images held back from the front of the training set; they are neither trained on nor part of the statistics. */
  readonly heldBack: number;
}

/** One batch norm of a layer: y = scale · (x − mean) / √(variance + epsilon) + shift, unit by unit. */
export interface BatchNormWeights {
  readonly scale: Float32Array;
  readonly shift: Float32Array;
  /**
   * Mean over the training set of what enters this batch norm, with the weights as they are; null until
   * `withTrainingSetStatistics` has run.
   */
  readonly mean: Float32Array | null;
  /** Variance (divided by the number of images, not one less) over the training set; null as for the mean. */
  readonly variance: Float32Array | null;
}

/** One layer. */
export interface LayerWeights {
  /** [inputs, outputs], row by row. */
  readonly kernel: Float32Array;
  /** [outputs] */
  readonly bias: Float32Array;
  /** Batch norm between the dense layer and the activation; null where the recipe has none. */
  readonly before: BatchNormWeights | null;
  /** Batch norm after the activation; null where the recipe has none. */
  readonly after: BatchNormWeights | null;
}

/** A network: everything needed to evaluate it, and nothing about how it is trained. */
export interface NetworkWeights {
  readonly widths: readonly number[];
  readonly activation: Activation;
  readonly batchNormEpsilon: number;
  /** One entry per layer, the output layer last. */
  readonly layers: readonly LayerWeights[];
}

/**
 * The network before training, with batch norm scales 1 and shifts 0, and no statistics yet. The same spec and seed give
 * the same bits; kernels come from streams of their own (`weights`, layer), so a deeper network begins like a shallower.
 * @throws ConfigError for a spec that makes no sense
 */
export function initialNetwork(spec: NetworkSpec, seed: number): NetworkWeights {
  checkSpec(spec);
  const layers: LayerWeights[] = [];
  for (let layer = 1; layer < spec.widths.length; layer++) {
    const inputs = spec.widths[layer - 1]!;
    const outputs = spec.widths[layer]!;
    const hidden = layer < spec.widths.length - 1;
    const random = new Random(seed, "weights", layer);
    const deviation = spec.initialisation === "he" ? Math.sqrt(2 / inputs) : 1;
    const kernel = new Float32Array(inputs * outputs);
    for (let i = 0; i < kernel.length; i++) kernel[i] = deviation * random.normal();
    const bias = new Float32Array(outputs);
    if (spec.initialisation === "normal") for (let i = 0; i < outputs; i++) bias[i] = random.normal();
    layers.push({
      kernel,
      bias,
      before: hidden && spec.batchNorm === "around-activation" ? initialBatchNorm(outputs) : null,
      after: hidden && spec.batchNorm !== "none" ? initialBatchNorm(outputs) : null,
    });
  }
  return { widths: [...spec.widths], activation: spec.activation, batchNormEpsilon: spec.batchNormEpsilon, layers };
}

/**
 * Checks a recipe at the edge.
 * @throws ConfigError
 */
export function checkSpec(spec: NetworkSpec): void {
  checkWidths(spec.widths);
  oneOf(activationNames, "activation", spec.activation);
  oneOf(["he", "normal"], "initialisation", spec.initialisation);
  oneOf(["none", "after-activation", "around-activation"], "batch norm", spec.batchNorm);
  oneOf(["mean", "sum"], "loss", spec.loss);
  positive("batch norm epsilon", spec.batchNormEpsilon);
  positive("learning rate", spec.learningRate);
  integerFrom(1, "batch size", spec.batchSize);
  integerFrom(0, "steps", spec.steps);
  integerFrom(0, "images held back", spec.heldBack);
}

function initialBatchNorm(width: number): BatchNormWeights {
  return { scale: new Float32Array(width).fill(1), shift: new Float32Array(width), mean: null, variance: null };
}

function oneOf(known: readonly string[], name: string, got: string): void {
  if (!known.includes(got)) throw new ConfigError(expected(`one of ${known.join(", ")}`, name, got));
}

function positive(name: string, got: number): void {
  if (!(got > 0 && Number.isFinite(got))) throw new ConfigError(expected("a positive number", name, got));
}

function integerFrom(least: number, name: string, got: number): void {
  if (!Number.isSafeInteger(got) || got < least)
    throw new ConfigError(expected(`an integer of at least ${least}`, name, got));
}

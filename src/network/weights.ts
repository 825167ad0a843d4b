/** The weights of a network as plain typed arrays that can be saved and compared. */
import { Random } from "../random.js";
import type { Activation } from "./activation.js";
import { checkSpec, type NetworkSpec } from "./spec.js";

export type { NetworkSpec } from "./spec.js";

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

function initialBatchNorm(width: number): BatchNormWeights {
  return { scale: new Float32Array(width).fill(1), shift: new Float32Array(width), mean: null, variance: null };
}

/** One step of training: the loss of a batch, its gradients, and the step downhill. */
import { activate, parseActivation } from "./activation.js";
import type { Tensor, Tensor1D, Tensor2D, TensorFlow } from "./backend.js";
import { batchNorm } from "./batch-norm.js";
import { dense } from "./dense.js";
import { crossEntropy } from "./loss.js";
import { descend, gradientScale, type Optimiser, type Slots } from "./optimiser.js";
import type { BatchNormWeights, NetworkWeights } from "./weights.js";

/** What a step needs to know of the recipe. */
export interface StepOptions {
  readonly loss: "mean" | "sum";
  /** Of this step. */
  readonly learningRate: number;
  /** @default { name: "sgd" } */
  readonly optimiser?: Optimiser;
  /** Number of this step, from 1; only adam asks for it. @default 1 */
  readonly step?: number;
}

/**
 * The trained numbers as tensors, in the order a batch meets them: kernel, bias, then scale and shift of the batch norm
 * before the activation and of the one after it, where there are any. The caller disposes of them.
 */
export function toTensors(tf: TensorFlow, weights: NetworkWeights): Tensor[] {
  const tensors: Tensor[] = [];
  const push = (norm: BatchNormWeights | null) => {
    if (norm) tensors.push(tf.tensor1d(norm.scale), tf.tensor1d(norm.shift));
  };
  weights.layers.forEach((layer, i) => {
    tensors.push(tf.tensor2d(layer.kernel, [weights.widths[i]!, weights.widths[i + 1]!]), tf.tensor1d(layer.bias));
    push(layer.before);
    push(layer.after);
  });
  return tensors;
}

/** The weights that {@link toTensors} wrote, read back. Training-set statistics are left out: they no longer hold. */
export function fromTensors(like: NetworkWeights, tensors: readonly Tensor[]): NetworkWeights {
  let next = 0;
  // A copy: what the library returns may be a view into memory it will use again.
  const take = () => Float32Array.from(tensors[next++]!.dataSync());
  const norm = (present: BatchNormWeights | null) =>
    present && { scale: take(), shift: take(), mean: null, variance: null };
  const layers = like.layers.map((layer) => ({
    kernel: take(),
    bias: take(),
    before: norm(layer.before),
    after: norm(layer.after),
  }));
  return { ...like, layers };
}

/**
 * The loss of a batch.
 * @param like says which batch norms stand where; its numbers are not used
 * @param parameters as made by {@link toTensors}
 * @param images [m, inputs]
 * @param labels [m, classes], one 1 a row
 */
export function batchLoss(
  tf: TensorFlow,
  like: NetworkWeights,
  parameters: readonly Tensor[],
  images: Tensor2D,
  labels: Tensor2D,
  reduction: "mean" | "sum",
): Tensor {
  let next = 0;
  const matrix = () => parameters[next++] as Tensor2D;
  const vector = () => parameters[next++] as Tensor1D;
  const rule = parseActivation(like.activation);
  let x = images;
  like.layers.forEach((layer, i) => {
    x = dense(tf, x, matrix(), vector(), { constantInput: i === 0 });
    if (i === like.layers.length - 1) return;
    if (layer.before) x = batchNorm(tf, x, vector(), vector(), like.batchNormEpsilon);
    x = activate(tf, rule, x);
    if (layer.after) x = batchNorm(tf, x, vector(), vector(), like.batchNormEpsilon);
  });
  return crossEntropy(tf, x, labels, reduction);
}

/** What a step leaves. */
export interface StepOutcome {
  readonly parameters: Tensor[];
  readonly slots: Slots;
  /** Of the batch, before the step, by the reduction asked for. */
  readonly loss: number;
}

/**
 * One step of training. Disposes of `parameters` and `slots` and returns what takes their place. Reading the loss costs
 * a copy of four bytes: every backend here computes at once.
 * @param slots as made by `emptySlots`, or by the step before
 */
export function trainingStep(
  tf: TensorFlow,
  like: NetworkWeights,
  parameters: readonly Tensor[],
  slots: Slots,
  images: Tensor2D,
  labels: Tensor2D,
  options: StepOptions,
): StepOutcome {
  const { learningRate, optimiser = { name: "sgd" }, step = 1 } = options;
  const before = [...parameters, ...slots.flat()];
  let loss = Number.NaN;
  const after = tf.tidy(() => {
    const { value, grads } = tf.valueAndGrads((...tensors: Tensor[]) =>
      batchLoss(tf, like, tensors, images, labels, options.loss),
    )(parameters as Tensor[], tf.scalar(gradientScale(optimiser, learningRate)));
    loss = value.dataSync()[0]!;
    const moved = descend(tf, optimiser, parameters, grads, slots, learningRate, step);
    // What a tidy block is to keep it has to find in plain lists.
    return [moved.parameters, ...moved.slots.map((slot) => [...slot])];
  });
  tf.dispose(before);
  const [moved, ...kept] = after as Tensor[][];
  return { parameters: moved!, slots: kept, loss };
}

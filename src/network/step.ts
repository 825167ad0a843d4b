/** One step of training: the loss of a batch, its gradients, and the step downhill. */
import { activate } from "./activation.js";
import type { Tensor, Tensor1D, Tensor2D, TensorFlow } from "./backend.js";
import { batchNorm } from "./batch-norm.js";
import { dense } from "./dense.js";
import { crossEntropy } from "./loss.js";
import type { BatchNormWeights, NetworkWeights } from "./weights.js";

/** What a step needs to know of the recipe. */
export interface StepOptions {
  readonly loss: "mean" | "sum";
  readonly learningRate: number;
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
  let x = images;
  like.layers.forEach((layer, i) => {
    x = dense(tf, x, matrix(), vector(), { constantInput: i === 0 });
    if (i === like.layers.length - 1) return;
    if (layer.before) x = batchNorm(tf, x, vector(), vector(), like.batchNormEpsilon);
    x = activate(tf, like.activation, x);
    if (layer.after) x = batchNorm(tf, x, vector(), vector(), like.batchNormEpsilon);
  });
  return crossEntropy(tf, x, labels, reduction);
}

/**
 * One step of gradient descent. Disposes of `parameters` and returns what takes their place, with the loss before the
 * step (by the reduction asked for). Reading the loss costs a copy of four bytes: every backend here computes at once.
 */
export function trainingStep(
  tf: TensorFlow,
  like: NetworkWeights,
  parameters: readonly Tensor[],
  images: Tensor2D,
  labels: Tensor2D,
  options: StepOptions,
): { parameters: Tensor[]; loss: number } {
  let loss = Number.NaN;
  const after = tf.tidy(() => {
    // The rate goes in as the gradient of the loss itself, so the gradients come out as the steps to take: one operation
    // less for each of the parameters.
    const { value, grads } = tf.valueAndGrads((...tensors: Tensor[]) =>
      batchLoss(tf, like, tensors, images, labels, options.loss),
    )(parameters as Tensor[], tf.scalar(options.learningRate));
    loss = value.dataSync()[0]!;
    return parameters.map((parameter, i) => tf.sub(parameter, grads[i]!));
  });
  tf.dispose(parameters as Tensor[]);
  return { parameters: after, loss };
}

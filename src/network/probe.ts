/** One real training step with a known outcome, to tell a working backend from one that only says so. */
import type { TensorFlow } from "./backend.js";
import { batchLoss, toTensors, trainingStep } from "./step.js";
import type { NetworkWeights } from "./weights.js";

/**
 * Trains a 2-2-2 network for one step on two images and checks the loss before and after.
 *
 * Images (1, 0) and (0, 1), classes 0 and 1; first kernel the identity, so that square and batch norm (with an epsilon
 * too small to matter) give (1, −1) and (−1, 1); second kernel 0. The loss is log 2. Its gradient for the second kernel
 * is −½ on the diagonal and ½ off it, so a step of rate 1 makes the logits (1, −1) and (−1, 1), and the loss
 * log(1 + e⁻²).
 * @throws Error naming the number that is wrong
 */
export function probe(tf: TensorFlow): void {
  const vector = (...values: number[]) => Float32Array.from(values);
  const network: NetworkWeights = {
    widths: [2, 2, 2],
    activation: "square",
    batchNormEpsilon: 1e-9,
    layers: [
      {
        kernel: vector(1, 0, 0, 1),
        bias: vector(0, 0),
        before: null,
        after: { scale: vector(1, 1), shift: vector(0, 0), mean: null, variance: null },
      },
      { kernel: new Float32Array(4), bias: new Float32Array(2), before: null, after: null },
    ],
  };
  const images = tf.tensor2d([1, 0, 0, 1], [2, 2]);
  const labels = tf.tensor2d([1, 0, 0, 1], [2, 2]);
  let parameters = toTensors(tf, network);
  try {
    const step = trainingStep(tf, network, parameters, [], images, labels, { loss: "mean", learningRate: 1 });
    parameters = step.parameters;
    const after = tf.tidy(() => batchLoss(tf, network, parameters, images, labels, "mean").dataSync()[0]!);
    agree("before the step", step.loss, Math.log(2));
    agree("after it", after, Math.log1p(Math.exp(-2)));
  } finally {
    tf.dispose([images, labels, ...parameters]);
  }
}

function agree(when: string, got: number, want: number): void {
  if (!(Math.abs(got - want) < 1e-4))
    throw new Error(`a training step gave a loss of ${got} ${when}, where ${want.toFixed(6)} is right`);
}

/** Batch norm as it is trained: by the statistics of the batch. */
import type { Tensor, Tensor1D, Tensor2D, TensorFlow } from "./backend.js";

/**
 * Normalises every column of a batch by the batch's own mean and variance (divided by m), then scales and shifts
 * (Ioffe and Szegedy 2015). The gradient goes through mean and variance as well.
 * @param x [m, width]
 * @param scale [width]
 * @param shift [width]
 * @returns [m, width]
 */
export function batchNorm(tf: TensorFlow, x: Tensor2D, scale: Tensor1D, shift: Tensor1D, epsilon: number): Tensor2D {
  const m = x.shape[0];
  const layer = tf.customGrad((...inputs) => {
    // The library passes a function that keeps tensors for the gradient as the last argument.
    const save = inputs[3] as unknown as (kept: Tensor[]) => void;
    const centred = tf.sub(x, tf.mean(x, 0));
    const inverse = tf.rsqrt(tf.add(tf.mean(tf.square(centred), 0), epsilon));
    const normal = tf.mul(centred, inverse);
    save([normal, inverse]);
    return {
      value: tf.add(tf.mul(normal, scale), shift),
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const [hat, inv] = saved as [Tensor2D, Tensor1D];
        const shiftGradient = tf.sum(dy, 0);
        const scaleGradient = tf.sum(tf.mul(dy, hat), 0);
        // dx = scale / deviation · (dy − mean(dy) − hat · mean(dy · hat))
        const along = tf.add(tf.mul(hat, tf.div(scaleGradient, m)), tf.div(shiftGradient, m));
        return [tf.mul(tf.sub(dy, along), tf.mul(scale, inv)), scaleGradient, shiftGradient];
      },
    };
  });
  return layer(x, scale, shift) as Tensor2D;
}

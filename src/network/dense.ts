/** The dense layer, with its gradient written out. */
import type { Tensor, Tensor1D, Tensor2D, TensorFlow } from "./backend.js";

/**
 * x · kernel + bias, for training.
 *
 * The library's own gradient multiplies with `transposeA` / `transposeB`, which misses the fast path of the WebAssembly
 * matrix product (about ten times slower for a 64 × 784 batch). Transposing first and multiplying plainly hits it.
 * @param x [m, inputs]
 * @param kernel [inputs, outputs]
 * @param bias [outputs]
 * @param options.constantInput no gradient for x is needed (the first layer, whose input is data): saves its product
 * @returns [m, outputs]
 */
export function dense(
  tf: TensorFlow,
  x: Tensor2D,
  kernel: Tensor2D,
  bias: Tensor1D,
  options: { readonly constantInput: boolean },
): Tensor2D {
  if (options.constantInput) {
    const layer = tf.customGrad((..._inputs) => ({
      value: tf.add(tf.matMul(x, kernel), bias),
      gradFunc: (dy: Tensor) => [tf.matMul(tf.transpose(x), dy as Tensor2D), tf.sum(dy, 0)],
    }));
    return layer(kernel, bias) as Tensor2D;
  }
  const layer = tf.customGrad((...inputs) => {
    // The library passes a function that keeps tensors for the gradient as the last argument.
    const save = inputs[3] as unknown as (kept: Tensor[]) => void;
    save([x, kernel]);
    return {
      value: tf.add(tf.matMul(x, kernel), bias),
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const [input, matrix] = saved as [Tensor2D, Tensor2D];
        return [
          tf.matMul(dy as Tensor2D, tf.transpose(matrix)),
          tf.matMul(tf.transpose(input), dy as Tensor2D),
          tf.sum(dy, 0),
        ];
      },
    };
  });
  return layer(x, kernel, bias) as Tensor2D;
}

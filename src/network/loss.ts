/** Softmax cross-entropy. */
import type { Scalar, Tensor, Tensor2D, TensorFlow } from "./backend.js";

/**
 * −Σ log softmax(logits)[label] over the batch, summed or averaged. The largest logit of a row is taken off first, so
 * no exponential overflows.
 * @param logits [m, classes]
 * @param labels [m, classes], one 1 a row
 */
export function crossEntropy(tf: TensorFlow, logits: Tensor2D, labels: Tensor2D, reduction: "mean" | "sum"): Scalar {
  const weight = reduction === "mean" ? 1 / logits.shape[0] : 1;
  const loss = tf.customGrad((...inputs) => {
    const save = inputs[1] as unknown as (kept: Tensor[]) => void;
    const shifted = tf.sub(logits, tf.max(logits, 1, true));
    const exponentials = tf.exp(shifted);
    const total = tf.sum(exponentials, 1, true);
    save([exponentials, total]);
    const perImage = tf.sub(tf.log(total), tf.sum(tf.mul(shifted, labels), 1, true));
    return {
      value: tf.mul(tf.sum(perImage), weight),
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const softmax = tf.div(saved[0]!, saved[1]!);
        return [tf.mul(tf.sub(softmax, labels), tf.mul(dy, weight))];
      },
    };
  });
  return loss(logits) as Scalar;
}

import { beforeAll, describe, expect, it } from "vitest";
import { type Backend, openBackend } from "../../src/network/backend.js";
import { crossEntropy } from "../../src/network/loss.js";

describe.each(["cpu", "wasm"] as const)("crossEntropy on %s", (name) => {
  let backend: Backend;
  beforeAll(async () => {
    backend = await openBackend({ prefer: name });
  });

  function evaluate(logits: number[][], labels: number[][], reduction: "mean" | "sum", upstream = 1) {
    const { tf } = backend;
    return tf.tidy(() => {
      const y = tf.tensor2d(labels);
      const f = (x: ReturnType<typeof tf.tensor2d>) => crossEntropy(tf, x, y, reduction);
      const { value, grads } = tf.valueAndGrads((x) => f(x as typeof y))([tf.tensor2d(logits)], tf.scalar(upstream));
      return { loss: value.dataSync()[0]!, gradient: Array.from(grads[0]!.dataSync()) };
    });
  }

  it("is log(classes) for equal logits, with gradient softmax − label", () => {
    const { loss, gradient } = evaluate([[2, 2, 2, 2]], [[0, 1, 0, 0]], "sum");
    expect(loss).toBeCloseTo(Math.log(4), 6);
    expect(gradient).toEqual([0.25, -0.75, 0.25, 0.25]);
  });

  it("is finite where an exponential is not", () => {
    // Row 1 is right beyond doubt: 0. Row 2 is wrong by 1000: 1000.
    const logits = [
      [1000, 0],
      [0, -1000],
    ];
    const labels = [
      [1, 0],
      [0, 1],
    ];
    expect(evaluate(logits, labels, "sum")).toEqual({ loss: 1000, gradient: [0, 0, 1, -1] });
    expect(evaluate(logits, labels, "mean")).toEqual({ loss: 500, gradient: [0, 0, 0.5, -0.5] });
    expect(evaluate(logits, labels, "mean", 0.5).gradient).toEqual([0, 0, 0.25, -0.25]);
  });
});

import { beforeAll, describe, expect, it } from "vitest";
import { ConfigError, InputError } from "../../src/errors.js";
import { accuracy, activations, withTrainingSetStatistics } from "../../src/network/activations.js";
import { type Backend, openBackend } from "../../src/network/backend.js";
import type { Points } from "../../src/network/points.js";
import { train } from "../../src/network/train.js";
import { initialNetwork, type NetworkSpec, type NetworkWeights } from "../../src/network/weights.js";
import { forward } from "./reference.js";
import { imagesOf, largestDifference, pointsOf, randomImages, rowsOf, smallSpec, toReference } from "./support.js";

let backend: Backend;
beforeAll(async () => {
  backend = await openBackend({ prefer: "wasm" });
});

// More than one piece of 1,024 rows.
const many = randomImages(2500, 6, 3);
const few = randomImages(40, 6, 3, 8);

const recipes = (["square", "relu"] as const).flatMap((activation) =>
  (["none", "after-activation", "around-activation"] as const).map((batchNorm) => ({ activation, batchNorm })),
);

/** The reference's batch norm uses the statistics of the batch: fold given ones into a network without batch norm. */
function mapWithStatistics(weights: NetworkWeights, rows: number[][]): number[][][] {
  const outputs: number[][][] = [];
  let x = rows;
  weights.layers.forEach((layer, index) => {
    const width = weights.widths[index + 1]!;
    const normalise = (norm: typeof layer.before) => {
      if (!norm) return;
      x = x.map((row) =>
        row.map(
          (value, j) =>
            (norm.scale[j]! * (value - norm.mean![j]!)) / Math.sqrt(norm.variance![j]! + weights.batchNormEpsilon) +
            norm.shift[j]!,
        ),
      );
    };
    x = x.map((row) =>
      Array.from({ length: width }, (_, j) =>
        row.reduce((sum, value, i) => sum + value * layer.kernel[i * width + j]!, layer.bias[j]!),
      ),
    );
    if (index < weights.layers.length - 1) {
      normalise(layer.before);
      x = x.map((row) => row.map((value) => (weights.activation === "square" ? value * value : Math.max(value, 0))));
      normalise(layer.after);
    }
    outputs.push(x);
  });
  return outputs;
}

describe.each(recipes)("activations ($activation, $batchNorm)", (recipe: Partial<NetworkSpec>) => {
  let weights: NetworkWeights;
  beforeAll(async () => {
    ({ weights } = await train(backend, smallSpec({ ...recipe, learningRate: 0.02, heldBack: 100 }), many, {
      seed: 2,
    }));
  });

  it("by the sample's statistics: those of the reference", () => {
    const { layers, logits } = activations(backend, weights, few, { statistics: "sample" });
    const want = forward(toReference(weights), rowsOf(few.data, 6)).outputs;
    expect(layers.map(({ shape }) => shape)).toEqual([
      [40, 5],
      [40, 4],
    ]);
    expect(logits.shape).toEqual([40, 3]);
    [...layers, logits].forEach((layer, i) => {
      expect(largestDifference(layer.data, want[i]!.flat())).toBeLessThan(2e-5);
    });
  });

  it("by the training set's statistics: what the whole training set gives for these images", () => {
    // With the sample's statistics over all training images, an image has the outputs that classify it.
    const trained = many.data.subarray(100 * 6);
    const whole = activations(backend, weights, pointsOf(trained, 6), { statistics: "sample" });
    const part = activations(backend, weights, pointsOf(many.data.subarray(700 * 6, 740 * 6), 6));
    part.layers.forEach((layer, i) => {
      const width = layer.shape[1];
      expect(layer.data).toEqual(whole.layers[i]!.data.subarray(600 * width, 640 * width));
    });
    expect(part.logits.data).toEqual(whole.logits.data.subarray(600 * 3, 640 * 3));
    const want = forward(toReference(weights), rowsOf(trained, 6)).outputs;
    [...part.layers, part.logits].forEach((layer, i) => {
      expect(largestDifference(layer.data, want[i]!.slice(600, 640).flat())).toBeLessThan(5e-5);
    });
  });

  it("uses exactly the statistics in the weights", () => {
    const { layers, logits } = activations(backend, weights, few);
    const want = mapWithStatistics(weights, rowsOf(few.data, 6));
    [...layers, logits].forEach((layer, i) => {
      expect(largestDifference(layer.data, want[i]!.flat())).toBeLessThan(2e-5);
    });
  });

  it("gives equal images equal rows, wherever they stand", () => {
    const pixels = new Uint8Array(1031 * 6);
    for (let i = 0; i < 1031; i++) pixels.set(many.data.subarray((i % 7) * 6, (i % 7) * 6 + 6), i * 6);
    for (const statistics of ["training-set", "sample"] as const) {
      const { layers, logits } = activations(backend, weights, pointsOf(pixels, 6), { statistics });
      for (const { data, shape } of [...layers, logits])
        for (let i = 7; i < 1031; i++)
          expect(data.subarray(i * shape[1], (i + 1) * shape[1])).toEqual(
            data.subarray((i % 7) * shape[1], ((i % 7) + 1) * shape[1]),
          );
    }
  });
});

describe("activations", () => {
  it("are the same for floats as for the bytes they come from, whatever the scale", async () => {
    const weights = await withTrainingSetStatistics(backend, initialNetwork(smallSpec(), 1), many);
    const want = activations(backend, weights, few);
    const floats = Float32Array.from(few.data, (byte) => byte / 255);
    expect(activations(backend, weights, { data: floats, shape: few.shape })).toEqual(want);
    // A power of two changes no bit.
    const doubled = floats.map((value) => 2 * value);
    expect(activations(backend, weights, { data: doubled, shape: few.shape, scale: 0.5 })).toEqual(want);
    expect(activations(backend, weights, { data: doubled, shape: few.shape })).not.toEqual(want);
  });

  it("leave images, weights and the backend's memory as they were", async () => {
    const weights = await withTrainingSetStatistics(backend, initialNetwork(smallSpec(), 1), many);
    const pixels = few.data.slice();
    const copy = { ...few, data: pixels };
    const kernel = weights.layers[0]!.kernel.slice();
    const before = backend.tf.memory();
    const first = activations(backend, weights, copy);
    activations(backend, weights, copy, { statistics: "sample" });
    expect(activations(backend, weights, copy)).toEqual(first);
    expect(pixels).toEqual(few.data);
    expect(weights.layers[0]!.kernel).toEqual(kernel);
    expect(backend.tf.memory().numTensors).toBe(before.numTensors);
    expect(backend.tf.memory().numBytes).toBe(before.numBytes);
  });

  it("have mean 0 and variance 1 over the training set before any training", async () => {
    const weights = await withTrainingSetStatistics(backend, initialNetwork(smallSpec(), 1), many, { heldBack: 500 });
    const { layers } = activations(backend, weights, pointsOf(many.data.subarray(500 * 6), 6));
    for (const { data, shape } of layers)
      for (let j = 0; j < shape[1]; j++) {
        const column = Array.from({ length: shape[0] }, (_, i) => data[i * shape[1] + j]!);
        const mean = column.reduce((a, b) => a + b, 0) / shape[0];
        const variance = column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / shape[0];
        expect(Math.abs(mean)).toBeLessThan(1e-5);
        // variance / (variance + 1e-3): a little under 1
        expect(variance).toBeLessThan(1.00001);
        expect(variance).toBeGreaterThan(0.9);
      }
  });

  it("need training-set statistics, points of the right shape and a known rule", () => {
    const weights = initialNetwork(smallSpec(), 1);
    expect(() => activations(backend, weights, few)).toThrow(ConfigError);
    expect(() => activations(backend, weights, few)).toThrow(/Measure them first: withTrainingSetStatistics/);
    const bad = (points: Points, message: string) => {
      expect(() => activations(backend, weights, points, { statistics: "sample" })).toThrow(InputError);
      expect(() => activations(backend, weights, points, { statistics: "sample" })).toThrow(message);
    };
    bad({ ...few, data: few.data.subarray(1) }, "Expected 40 × 6 numbers for data, got 239.");
    bad({ ...few, shape: [48, 5] }, "Expected points of 6 numbers for shape[1], got 5.");
    bad({ ...few, shape: [0, 6] }, "Expected at least one for points, got 0.");
    bad({ ...few, scale: Number.NaN }, "Expected a positive number for scale, got NaN.");
    expect(() => activations(backend, weights, few, { statistics: "batch" as "sample" })).toThrow(
      'Expected training-set or sample for statistics, got "batch".',
    );
    // Without batch norm there is nothing to measure.
    expect(() => activations(backend, initialNetwork(smallSpec({ batchNorm: "none" }), 1), few)).not.toThrow();
  });
});

describe("accuracy", () => {
  /** Logits equal to the three pixels / 255. */
  const identity: NetworkWeights = {
    widths: [3, 3],
    activation: "relu",
    batchNormEpsilon: 1e-3,
    layers: [
      { kernel: Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1), bias: new Float32Array(3), before: null, after: null },
    ],
  };

  it("counts images whose largest logit is at their class; the first of equals", () => {
    const pixels = Uint8Array.of(9, 1, 2, 3, 8, 8, 7, 7, 7, 0, 0, 1);
    const right = (...labels: number[]) => accuracy(backend, identity, imagesOf(pixels, Uint8Array.from(labels)));
    expect(right(0, 1, 0, 2)).toBe(1);
    expect(right(0, 2, 0, 2)).toBe(0.75);
    expect(right(0, 2, 1, 2)).toBe(0.5);
    expect(right(1, 0, 2, 0)).toBe(0);
  });

  it("never counts a logit that is not a number", () => {
    const bias = Float32Array.of(0, Number.NaN, 0);
    const broken = { ...identity, layers: [{ ...identity.layers[0]!, bias }] };
    const pixels = Uint8Array.of(9, 1, 2, 1, 9, 1);
    expect(accuracy(backend, broken, imagesOf(pixels, Uint8Array.of(1, 1)))).toBe(0);
  });

  it("checks labels", () => {
    const points = pointsOf(new Uint8Array(6), 3);
    expect(() => accuracy(backend, identity, { ...points, labels: Uint8Array.of(0) })).toThrow(InputError);
    expect(() => accuracy(backend, identity, { ...points, labels: Uint8Array.of(0, 3) })).toThrow(InputError);
  });
});

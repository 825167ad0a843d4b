import { beforeAll, describe, expect, it } from "vitest";
import { CancelledError, ConfigError, InputError, TrainingError } from "../../src/errors.js";
import { accuracy, withTrainingSetStatistics } from "../../src/network/activations.js";
import { type Backend, openBackend } from "../../src/network/backend.js";
import { epochRows, fillBatch } from "../../src/network/batches.js";
import { type TrainingProgress, train } from "../../src/network/train.js";
import { initialNetwork } from "../../src/network/weights.js";
import { Random } from "../../src/random.js";
import { imagesOf, randomImages, smallSpec } from "./support.js";

let wasm: Backend;
let cpu: Backend;
beforeAll(async () => {
  cpu = await openBackend({ prefer: "cpu" });
  wasm = await openBackend({ prefer: "wasm" });
});

const images = randomImages(60, 6, 3);

describe("batches", () => {
  it("meet every image once an epoch, in a new order, and none held back", () => {
    const rows = epochRows(5, 25, new Random(1));
    const epochs = [0, 1, 2].map(() => Array.from({ length: 20 }, () => rows.next().value));
    for (const epoch of epochs)
      expect([...epoch].sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, i) => 5 + i));
    expect(epochs[1]).not.toEqual(epochs[0]);
    expect(epochs[2]).not.toEqual(epochs[1]);
  });

  it("are pixels / 255 and one 1 a row, whatever was there before", () => {
    const source = imagesOf(Uint8Array.of(0, 51, 255, 102, 1, 2), Uint8Array.of(1, 0, 2));
    const batch = new Float32Array(4).fill(9);
    const labels = new Float32Array(6).fill(9);
    fillBatch([2, 1][Symbol.iterator](), source, 3, batch, labels);
    expect(batch).toEqual(Float32Array.of(1 / 255, 2 / 255, 1, 0.4));
    expect(labels).toEqual(Float32Array.of(0, 0, 1, 1, 0, 0));
  });
});

describe("initialNetwork", () => {
  it("draws kernels of variance 2 / inputs and biases 0 (he)", () => {
    const { layers } = initialNetwork(smallSpec({ widths: [400, 100, 3], initialisation: "he" }), 1);
    const { mean, variance } = moments(layers[0]!.kernel);
    // 40,000 numbers: the mean has deviation 3.5e-4, the variance a relative deviation of 0.7 %
    expect(Math.abs(mean)).toBeLessThan(2e-3);
    expect(variance / (2 / 400)).toBeGreaterThan(0.97);
    expect(variance / (2 / 400)).toBeLessThan(1.03);
    expect(layers.every(({ bias }) => bias.every((value) => value === 0))).toBe(true);
  });

  it("draws kernels and biases from N(0, 1) (normal)", () => {
    const { layers } = initialNetwork(smallSpec({ widths: [400, 400, 3], initialisation: "normal" }), 1);
    expect(Math.abs(moments(layers[0]!.kernel).variance - 1)).toBeLessThan(0.02);
    expect(Math.abs(moments(layers[0]!.bias).variance - 1)).toBeLessThan(0.35);
  });

  it("has batch norms where the recipe says, scales 1, shifts 0, none in the output layer", () => {
    const at = (batchNorm: "none" | "after-activation" | "around-activation") =>
      initialNetwork(smallSpec({ batchNorm }), 1).layers.map(({ before, after }) => [before !== null, after !== null]);
    const no = [false, false];
    expect(at("none")).toEqual([no, no, no]);
    expect(at("after-activation")).toEqual([[false, true], [false, true], no]);
    expect(at("around-activation")).toEqual([[true, true], [true, true], no]);
    const norm = initialNetwork(smallSpec(), 1).layers[0]!.before!;
    expect(norm).toEqual({
      scale: new Float32Array(5).fill(1),
      shift: new Float32Array(5),
      mean: null,
      variance: null,
    });
  });

  it("gives a deeper network the kernels of a shallower", () => {
    const shallow = initialNetwork(smallSpec({ widths: [6, 5, 3] }), 4);
    const deep = initialNetwork(smallSpec({ widths: [6, 5, 5, 3] }), 4);
    expect(deep.layers[0]!.kernel).toEqual(shallow.layers[0]!.kernel);
    expect(initialNetwork(smallSpec({ widths: [6, 5, 3] }), 5).layers[0]!.kernel).not.toEqual(
      shallow.layers[0]!.kernel,
    );
  });
});

describe("train", () => {
  it("gives the same bits for floats as for the bytes they come from", async () => {
    const floats = { ...images, data: Float32Array.from(images.data, (byte) => byte / 255), scale: 1 };
    expect(await train(wasm, smallSpec(), floats, { seed: 11 })).toEqual(
      await train(wasm, smallSpec(), images, { seed: 11 }),
    );
  });

  it("gives the same bits for the same seed, others for another", async () => {
    const first = await train(wasm, smallSpec(), images, { seed: 11 });
    expect(await train(wasm, smallSpec(), images, { seed: 11 })).toEqual(first);
    expect((await train(wasm, smallSpec(), images, { seed: 12 })).weights).not.toEqual(first.weights);
  });

  it("gives the same bits when two trainings on two backends take turns", async () => {
    const spec = smallSpec({ widths: [6, 64, 64, 3], steps: 300 });
    const alone = [await train(cpu, spec, images, { seed: 1 }), await train(wasm, spec, images, { seed: 1 })];
    const together = await Promise.all([train(cpu, spec, images, { seed: 1 }), train(wasm, spec, images, { seed: 1 })]);
    expect(together).toEqual(alone);
  });

  it("learns", async () => {
    const spec = smallSpec({ steps: 300, batchSize: 20 });
    const { weights, losses } = await train(wasm, spec, images, { seed: 1 });
    expect(losses[0]!.loss).toBeGreaterThan(0.8);
    expect(losses.at(-1)!.loss).toBeLessThan(0.2);
    expect(accuracy(wasm, weights, images)).toBeGreaterThan(0.95);
  });

  it("records a hundred losses, averages that cover every step", async () => {
    const { losses } = await train(wasm, smallSpec({ steps: 250 }), images, { seed: 1 });
    expect(losses.map(({ step }) => step)).toEqual([...Array.from({ length: 83 }, (_, i) => 3 * i + 3), 250]);
    const every = await train(wasm, smallSpec({ steps: 3 }), images, { seed: 1 });
    expect(every.losses.map(({ step }) => step)).toEqual([1, 2, 3]);
    const average = every.losses.reduce((sum, { loss }) => sum + loss, 0) / 3;
    expect(losses[0]!.loss).toBeCloseTo(average, 6);
  });

  it("says the loss per image for a summed loss too", async () => {
    const mean = await train(wasm, smallSpec({ steps: 1 }), images, { seed: 1 });
    const sum = await train(wasm, smallSpec({ steps: 1, loss: "sum" }), images, { seed: 1 });
    expect(sum.losses[0]!.loss).toBeCloseTo(mean.losses[0]!.loss, 5);
  });

  it("returns the network as it was made after no steps, with statistics", async () => {
    const { weights, losses } = await train(wasm, smallSpec({ steps: 0 }), images, { seed: 3 });
    const untrained = await withTrainingSetStatistics(wasm, initialNetwork(smallSpec(), 3), images);
    expect(weights).toEqual(untrained);
    expect(weights.layers[0]!.before!.mean).not.toBeNull();
    expect(losses).toEqual([]);
  });

  it("keeps no tensor, whatever happens", async () => {
    for (const backend of [wasm, cpu]) {
      const before = backend.tf.memory().numTensors;
      await train(backend, smallSpec(), images, { seed: 1 });
      expect(backend.tf.memory().numTensors).toBe(before);
      await train(backend, smallSpec({ learningRate: 1e30 }), images, { seed: 1 }).catch(() => undefined);
      expect(backend.tf.memory().numTensors).toBe(before);
      let during = 0;
      const controller = new AbortController();
      const onProgress = () => {
        during = backend.tf.memory().numTensors;
        controller.abort();
      };
      const spec = smallSpec({ steps: 1_000_000 });
      await train(backend, spec, images, { seed: 1, onProgress, signal: controller.signal }).catch(() => undefined);
      // kernels and biases of 3 layers, scales and shifts of 4 batch norms
      expect(during - before).toBe(3 * 2 + 4 * 2);
      expect(backend.tf.memory().numTensors).toBe(before);
    }
  });

  it("stops at a loss that is not finite and names the step and the epoch", async () => {
    const spec = smallSpec({ activation: "square", batchNorm: "none", learningRate: 1e4, heldBack: 20 });
    const error = await train(wasm, spec, images, { seed: 1 }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TrainingError);
    expect((error as TrainingError).exitCode).toBe(6);
    expect((error as Error).message).toMatch(
      /^Expected a finite number for loss at step [2-5] of 20 \(epoch 1\), got (NaN|Infinity)\. Lower the learning rate \(10000\)/,
    );
  });

  it("names a step of a later epoch", async () => {
    // 40 images in batches of 40: one step an epoch.
    const spec = smallSpec({ batchNorm: "none", learningRate: 1e4, heldBack: 20, batchSize: 40 });
    const error = await train(wasm, spec, images, { seed: 1 }).catch((reason: unknown) => reason);
    const [, step, epoch] = /step (\d+) of 20 \(epoch (\d+)\)/.exec((error as Error).message)!;
    expect(Number(step)).toBeGreaterThan(1);
    expect(epoch).toBe(step);
  });

  it("notices weights that the very last step broke", async () => {
    const spec = smallSpec({ learningRate: 3e38, loss: "sum", steps: 1, batchSize: 60 });
    await expect(train(wasm, spec, images, { seed: 1 })).rejects.toThrow(
      /Expected a finite number for weights after step 1 /,
    );
  });

  it.each(["wasm", "cpu"] as const)("stops soon after the signal (%s)", async (name) => {
    const controller = new AbortController();
    const seen: TrainingProgress[] = [];
    setTimeout(() => controller.abort(), 60);
    const options = { seed: 1, signal: controller.signal, onProgress: (event: TrainingProgress) => seen.push(event) };
    const spec = smallSpec({ steps: 10_000_000 });
    await expect(train({ wasm, cpu }[name], spec, images, options)).rejects.toThrow(CancelledError);
    expect(seen.length).toBeGreaterThan(0);
    await expect(train(wasm, spec, images, options)).rejects.toThrow(CancelledError);
  });

  it("stops while it measures the statistics", async () => {
    const signal = AbortSignal.abort();
    const work = withTrainingSetStatistics(wasm, initialNetwork(smallSpec(), 1), images, { signal });
    await expect(work).rejects.toThrow(CancelledError);
  });

  it("reports progress, the last event at the end", async () => {
    const seen: TrainingProgress[] = [];
    const spec = smallSpec({ steps: 400 });
    const { losses } = await train(wasm, spec, images, { seed: 1, onProgress: (event) => seen.push(event) });
    expect(seen.at(-1)).toMatchObject({ step: 400, steps: 400 });
    expect(seen.at(-1)!.loss).toBeGreaterThan(0);
    const steps = seen.map(({ step }) => step);
    expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b));
    expect(losses.at(-1)!.step).toBe(400);
  });

  it.each([
    [{ widths: [6, 0, 3] }, "Expected a positive integer for widths[1], got 0."],
    [{ widths: [6] }, "Expected at least two layer sizes for widths, got [6]."],
    [
      { activation: "sine" as "relu" },
      'Expected one of relu, square, tanh, identity, leaky-relu:0.01, poly:0,1,0.5 for activation, got "sine".',
    ],
    [{ initialisation: "zero" as "he" }, 'Expected one of he, normal for initialisation, got "zero".'],
    [{ batchNorm: "before" as "none" }, "for batchNorm"],
    [{ loss: "median" as "mean" }, "for loss"],
    [{ learningRate: 0 }, "Expected a positive number for learningRate, got 0."],
    [{ learningRate: Number.NaN }, "Expected a positive number for learningRate, got NaN."],
    [{ batchNormEpsilon: -1 }, "Expected a positive number for batchNormEpsilon, got -1."],
    [{ batchSize: 0 }, "Expected an integer of at least 1 for batchSize, got 0."],
    [{ steps: -1 }, "Expected an integer of at least 0 for steps, got -1."],
    [{ steps: 1.5 }, "Expected an integer of at least 0 for steps, got 1.5."],
    [{ heldBack: 60 }, "Expected an integer from 0 to 59 for points held back, got 60."],
  ])("refuses %j", async (changes, message) => {
    const work = train(wasm, smallSpec(changes), images, { seed: 1 });
    await expect(work).rejects.toThrow(ConfigError);
    await expect(train(wasm, smallSpec(changes), images, { seed: 1 })).rejects.toThrow(message);
  });

  it.each([
    [{ shape: [61, 6] as const }, "Expected 61 × 6 numbers for data, got 360."],
    [{ shape: [0, 6] as const }, "Expected at least one for points, got 0."],
    [{ shape: [72, 5] as const }, "Expected points of 6 numbers for shape[1], got 5."],
    [{ labels: new Uint8Array(59) }, "Expected 60 entries for labels, got 59."],
    [{ labels: new Uint8Array(60).fill(3) }, "Expected a class from 0 to 2 for label of point 0, got 3."],
  ])("refuses images that do not match: %j", async (changes, message) => {
    const work = train(wasm, smallSpec(), { ...images, ...changes }, { seed: 1 });
    await expect(work).rejects.toThrow(message);
    await expect(train(wasm, smallSpec(), { ...images, ...changes }, { seed: 1 })).rejects.toThrow(InputError);
  });
});

function moments(values: Float32Array) {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, variance };
}

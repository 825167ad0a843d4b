import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import { accuracy, activations, withTrainingSetStatistics } from "../../src/network/activations.js";
import { sweepWidths } from "../../src/network/architecture.js";
import { type Backend, openBackend } from "../../src/network/backend.js";
import { train } from "../../src/network/train.js";
import { initialNetwork, type NetworkSpec } from "../../src/network/weights.js";
import { specOf } from "../../src/study/job.js";
import { presets } from "../../src/study/presets.js";
import { hasShared, sharedPath } from "../support/shared.js";
import { imagesOf, type TestImages } from "./support.js";

// The figures come from runs of the recipes by other programs: a numpy replica of the paper's code whose gradients were
// checked by finite differences, and another tfjs program for the quick one.

function mnist(stem: "train" | "t10k"): TestImages {
  const read = (name: string) => gunzipSync(readFileSync(sharedPath("data", "mnist", `${stem}-${name}-ubyte.gz`)!));
  const pixels = new Uint8Array(read("images-idx3").subarray(16));
  const labels = new Uint8Array(read("labels-idx1").subarray(8));
  return imagesOf(pixels, labels);
}

const network = { widths: sweepWidths(784, 16, 3, 10), activation: "square" } as const;
const paper: NetworkSpec = { ...specOf(presets.paper, network.widths, "square"), steps: 4000 };
const quick: NetworkSpec = specOf(presets.quick, network.widths, "square");

describe.skipIf(!hasShared("data", "mnist"))("on MNIST", () => {
  let backend: Backend;
  let training: TestImages;
  let test: TestImages;
  beforeAll(async () => {
    backend = await openBackend();
    training = mnist("train");
    test = mnist("t10k");
  });

  it("the paper's recipe, width 16: an accuracy near .20 after 4,000 of its 60,000 steps", async () => {
    const { weights } = await train(backend, paper, training, { seed: 1 });
    const all = accuracy(backend, weights, test, { statistics: "sample" });
    // seeds differ by some hundredths
    expect(all).toBeGreaterThan(0.12);
    expect(all).toBeLessThan(0.32);
  });

  it.each(["square", "relu"] as const)("the quick recipe, width 16, %s: an accuracy near .94", async (activation) => {
    const spec = { ...quick, activation };
    const { weights } = await train(backend, spec, training, { seed: 1 });
    expect(accuracy(backend, weights, test)).toBeGreaterThan(0.92);
    expect(accuracy(backend, weights, test)).toBeLessThan(0.965);

    const untrained = await withTrainingSetStatistics(backend, initialNetwork(spec, 1), training, { heldBack: 5000 });
    expect(accuracy(backend, untrained, test)).toBeLessThan(0.3);

    // Normalised by a sample of one class, the network no longer tells classes apart: chance is .10.
    const zeros = Array.from(test.labels.keys()).filter((row) => test.labels[row] === 0);
    const pixels = new Uint8Array(zeros.length * 784);
    zeros.forEach((row, i) => {
      pixels.set(test.data.subarray(row * 784, (row + 1) * 784), i * 784);
    });
    const sample = imagesOf(pixels, new Uint8Array(zeros.length));
    expect(accuracy(backend, weights, sample)).toBeGreaterThan(0.9);
    expect(accuracy(backend, weights, sample, { statistics: "sample" })).toBeLessThan(0.5);
    const { layers, logits } = activations(backend, weights, sample);
    expect(layers.map(({ shape }) => shape)).toEqual(new Array(3).fill([zeros.length, 16]));
    expect(logits.shape).toEqual([zeros.length, 10]);
    expect(layers.every(({ data }) => data.every(Number.isFinite))).toBe(true);
  });
});

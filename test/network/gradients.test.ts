import { beforeAll, describe, expect, it } from "vitest";
import { type Backend, openBackend } from "../../src/network/backend.js";
import { batchLoss, fromTensors, toTensors, trainingStep } from "../../src/network/step.js";
import { train } from "../../src/network/train.js";
import { initialNetwork, type NetworkSpec } from "../../src/network/weights.js";
import { Random } from "../../src/random.js";
import { descend, forward, gradient, loss, type ReferenceNetwork } from "./reference.js";
import { flatten, largestDifference, randomImages, rowsOf, smallSpec, toReference } from "./support.js";

const recipes: Partial<NetworkSpec>[] = (["square", "relu"] as const).flatMap((activation) =>
  (["none", "after-activation", "around-activation"] as const).flatMap((batchNorm) =>
    (["mean", "sum"] as const).map((reduction) => ({ activation, batchNorm, loss: reduction })),
  ),
);
for (const activation of [
  "tanh",
  "identity",
  "leaky-relu",
  "leaky-relu:0.3",
  "poly:0,1,0.5",
  "poly:-0.25,0.5,0,0.125",
  "poly:1,2",
] as const)
  for (const batchNorm of ["none", "around-activation"] as const) recipes.push({ activation, batchNorm, loss: "mean" });
const nameOf = (recipe: Partial<NetworkSpec>) => `${recipe.activation}, ${recipe.batchNorm}, ${recipe.loss}`;
const images = randomImages(8, 6, 3);
const batch = rowsOf(images.data, 6);
const labels = Array.from(images.labels);

/** Biases, scales and shifts away from 0 and 1, so that no gradient hides behind them. */
function someNetwork(spec: NetworkSpec) {
  const network = initialNetwork(spec, 3);
  const random = new Random(5);
  for (const layer of network.layers)
    for (const values of [layer.bias, layer.before?.scale, layer.before?.shift, layer.after?.scale, layer.after?.shift])
      for (let i = 0; values && i < values.length; i++) values[i]! += 0.3 * random.normal();
  return network;
}

describe("the reference", () => {
  it.each(recipes.map((recipe) => [nameOf(recipe), recipe] as const))(
    "%s: gradient = finite differences",
    (_, recipe) => {
      const spec = smallSpec(recipe);
      const network = toReference(someNetwork(spec));
      const slopes = flatten(gradient(network, batch, labels, spec.loss));
      const step = 1e-6;
      let checked = 0;
      forEachNumber(network, (get, set) => {
        const middle = get();
        const at = (value: number) => {
          set(value);
          return loss(forward(network, batch).outputs.at(-1)!, labels, spec.loss);
        };
        const difference = (at(middle + step) - at(middle - step)) / (2 * step);
        set(middle);
        expect(Math.abs(difference - slopes[checked++]!)).toBeLessThan(1e-6);
      });
      expect(checked).toBe(slopes.length);
    },
  );
});

/** Visits every trained number in the order of `flatten`. */
function forEachNumber(network: ReferenceNetwork, visit: (get: () => number, set: (value: number) => void) => void) {
  const visitAll = (values: number[]) => {
    values.forEach((_, i) => {
      visit(
        () => values[i]!,
        (value) => {
          values[i] = value;
        },
      );
    });
  };
  for (const layer of network.layers) {
    layer.kernel.forEach(visitAll);
    visitAll(layer.bias);
    for (const norm of [layer.before, layer.after]) {
      if (!norm) continue;
      visitAll(norm.scale);
      visitAll(norm.shift);
    }
  }
}

describe.each(["cpu", "wasm"] as const)("training on %s", (name) => {
  let backend: Backend;
  beforeAll(async () => {
    backend = await openBackend({ prefer: name });
  });

  it.each(recipes.map((recipe) => [nameOf(recipe), recipe] as const))("%s: gradient of the reference", (_, recipe) => {
    const { tf } = backend;
    const spec = smallSpec(recipe);
    const network = someNetwork(spec);
    const want = flatten(gradient(toReference(network), batch, labels, spec.loss));
    const got = tf.tidy(() => {
      const x = tf.tensor2d(batch);
      const y = tf.oneHot(tf.tensor1d(labels, "int32"), 3).toFloat() as typeof x;
      // A step of rate 1: what was taken away is the gradient.
      const { parameters } = trainingStep(tf, network, toTensors(tf, network), [], x, y, {
        loss: spec.loss,
        learningRate: 1,
      });
      const before = flatten(network.layers);
      return flatten(fromTensors(network, parameters).layers).map((value, i) => before[i]! - value);
    });
    // float32: 2^-24 relative to the largest number on the way
    const largest = Math.max(1, ...want.map(Math.abs));
    expect(largestDifference(got, want)).toBeLessThan(5e-6 * largest);
  });

  it("has the slope of its own loss (finite differences in float32)", () => {
    const { tf } = backend;
    const spec = smallSpec();
    const network = someNetwork(spec);
    const random = new Random(9);
    const [along, difference] = tf.tidy(() => {
      const x = tf.tensor2d(batch);
      const y = tf.oneHot(tf.tensor1d(labels, "int32"), 3).toFloat() as typeof x;
      const start = toTensors(tf, network);
      const directions = start.map((t) =>
        tf.tensor(
          Array.from({ length: t.size }, () => random.normal()),
          t.shape,
        ),
      );
      const lossAt = (step: number) =>
        batchLoss(
          tf,
          network,
          start.map((t, i) => t.add(directions[i]!.mul(step))),
          x,
          y,
          "mean",
        ).dataSync()[0]!;
      // The error of a central difference with step 4e-3 is 0.6 % here (truncation, it falls with the square of the
      // step); with 1e-3 it is 0.04 %, and rounding of a loss near 1 (6e-8) adds about as much.
      const slope = (lossAt(1e-3) - lossAt(-1e-3)) / 2e-3;
      const { parameters } = trainingStep(
        tf,
        network,
        start.map((t) => t.clone()),
        [],
        x,
        y,
        { loss: "mean", learningRate: 1 },
      );
      const product = start.map((t, i) => t.sub(parameters[i]!).mul(directions[i]!).sum().dataSync()[0]!);
      return [product.reduce((a, b) => a + b, 0), slope];
    });
    expect(Math.abs(along!)).toBeGreaterThan(0.1);
    expect(Math.abs(difference! / along! - 1)).toBeLessThan(2e-3);
  });

  it.each(recipes.map((recipe) => [nameOf(recipe), recipe] as const))(
    "%s: 30 steps like the reference",
    async (_, recipe) => {
      const spec = smallSpec({
        ...recipe,
        learningRate: recipe.loss === "sum" ? 0.004 : 0.03,
        steps: 30,
        heldBack: 3,
      });
      const data = randomImages(24, 6, 3, 2);
      const { weights, losses } = await train(backend, spec, data, { seed: 7 });
      // The order of the images, said again in the test: 21 rows, shuffled anew every epoch, cut into eights.
      const random = new Random(7, "batches");
      let order: number[] = [];
      const rows = Array.from({ length: 21 }, (_unused, i) => 3 + i);
      while (order.length < 30 * 8) order = order.concat(random.shuffle(rows).slice());
      const reference = toReference(initialNetwork(spec, 7));
      const all = rowsOf(data.data, 6);
      let lastLoss = 0;
      for (let step = 0; step < 30; step++) {
        const taken = order.slice(step * 8, step * 8 + 8);
        const x = taken.map((row) => all[row]!);
        const y = taken.map((row) => data.labels[row]!);
        lastLoss = loss(forward(reference, x).outputs.at(-1)!, y, "mean");
        descend(reference, x, y, spec.loss, spec.learningRate);
      }
      expect(largestDifference(flatten(weights.layers), flatten(reference.layers))).toBeLessThan(1e-4);
      expect(losses.at(-1)!.step).toBe(30);
      expect(Math.abs(losses.at(-1)!.loss - lastLoss)).toBeLessThan(1e-4);
    },
  );
});

import { beforeAll, describe, expect, it } from "vitest";
import { type Backend, openBackend, type Tensor } from "../../src/network/backend.js";
import {
  descend,
  emptySlots,
  gradientScale,
  type Optimiser,
  type Slots,
  slotCount,
} from "../../src/network/optimiser.js";
import { rateFactor } from "../../src/network/schedule.js";
import { Random } from "../../src/random.js";
import { largestDifference } from "./support.js";

let backend: Backend;
beforeAll(async () => {
  backend = await openBackend({ prefer: "wasm" });
});

/** Gradients of a quadratic bowl with one steep and one flat side, and some noise: as in training, none is ever 0. */
function gradientsAt(step: number, values: readonly number[][]): number[][] {
  const random = new Random(4, step);
  return values.map((list) => list.map((value, i) => (i + 1) * value + 0.1 * random.normal()));
}

const beginning = [[1, -2, 0.5], [3]];

/** Runs 40 steps of this room's optimiser. */
function own(optimiser: Optimiser, rate: (step: number) => number): number[][] {
  const { tf } = backend;
  let parameters: Tensor[] = beginning.map((list) => tf.tensor1d(list));
  let slots: Slots = emptySlots(tf, optimiser, parameters);
  for (let step = 1; step <= 40; step++) {
    const values = parameters.map((tensor) => Array.from(tensor.dataSync()));
    const scale = gradientScale(optimiser, rate(step));
    const gradients = gradientsAt(step, values).map((list) => tf.tensor1d(list.map((g) => g * scale)));
    const next = descend(tf, optimiser, parameters, gradients, slots, rate(step), step);
    parameters = next.parameters;
    slots = next.slots;
  }
  expect(slots.length).toBe(slotCount(optimiser));
  return parameters.map((tensor) => Array.from(tensor.dataSync()));
}

/** The textbook, in double precision. */
function textbook(optimiser: Optimiser, rate: (step: number) => number): number[][] {
  const values = beginning.map((list) => [...list]);
  const first = values.map((list) => list.map(() => 0));
  const second = values.map((list) => list.map(() => 0));
  for (let step = 1; step <= 40; step++) {
    const gradients = gradientsAt(step, values);
    values.forEach((list, i) => {
      list.forEach((_, j) => {
        const g = gradients[i]![j]!;
        if (optimiser.name === "sgd") list[j]! -= rate(step) * g;
        if (optimiser.name === "momentum") {
          first[i]![j] = (optimiser.momentum ?? 0.9) * first[i]![j]! + g;
          list[j]! -= rate(step) * first[i]![j]!;
        }
        if (optimiser.name === "adam") {
          const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = optimiser;
          first[i]![j] = beta1 * first[i]![j]! + (1 - beta1) * g;
          second[i]![j] = beta2 * second[i]![j]! + (1 - beta2) * g * g;
          const meanHat = first[i]![j]! / (1 - beta1 ** step);
          const squareHat = second[i]![j]! / (1 - beta2 ** step);
          list[j]! -= (rate(step) * meanHat) / (Math.sqrt(squareHat) + epsilon);
        }
      });
    });
  }
  return values;
}

const rules: Optimiser[] = [
  { name: "sgd" },
  { name: "momentum" },
  { name: "momentum", momentum: 0.5 },
  { name: "adam" },
  { name: "adam", beta1: 0.5, beta2: 0.9, epsilon: 0.01 },
];

describe("optimisers", () => {
  it.each(rules.map((rule) => [JSON.stringify(rule), rule] as const))("%s follows the textbook", (_, rule) => {
    for (const rate of [() => 0.05, (step: number) => 0.1 / step]) {
      const difference = largestDifference(own(rule, rate).flat(), textbook(rule, rate).flat());
      expect(difference).toBeLessThan(2e-5);
    }
  });

  it.each(rules.map((rule) => [JSON.stringify(rule), rule] as const))(
    "%s does what the library's own does",
    (_, rule) => {
      const { tf } = backend;
      const rate = 0.05;
      const library =
        rule.name === "sgd"
          ? tf.train.sgd(rate)
          : rule.name === "momentum"
            ? tf.train.momentum(rate, rule.momentum ?? 0.9)
            : tf.train.adam(rate, rule.beta1 ?? 0.9, rule.beta2 ?? 0.999, rule.epsilon ?? 1e-8);
      const variables = beginning.map((list) => tf.variable(tf.tensor1d(list)));
      for (let step = 1; step <= 40; step++) {
        const gradients = gradientsAt(
          step,
          variables.map((variable) => Array.from(variable.dataSync())),
        );
        library.applyGradients(
          variables.map((variable, i) => ({ name: variable.name, tensor: tf.tensor1d(gradients[i]!) })),
        );
      }
      const want = variables.flatMap((variable) => Array.from(variable.dataSync()));
      expect(largestDifference(own(rule, () => rate).flat(), want)).toBeLessThan(2e-5);
      tf.dispose(variables);
    },
  );
});

describe("schedules", () => {
  it("are what their formulas say", () => {
    const factors = (schedule: Parameters<typeof rateFactor>[0], steps: number) =>
      Array.from({ length: steps }, (_, i) => rateFactor(schedule, i + 1, steps));
    expect(factors({ name: "constant" }, 3)).toEqual([1, 1, 1]);
    expect(factors({ name: "step", every: 2, factor: 0.5 }, 6)).toEqual([1, 1, 0.5, 0.5, 0.25, 0.25]);
    expect(factors({ name: "step", every: 2 }, 4)[2]).toBeCloseTo(0.1, 15);
    const cosine = factors({ name: "cosine" }, 4);
    [1, (1 + Math.SQRT1_2) / 2, 0.5, (1 - Math.SQRT1_2) / 2].forEach((want, i) => {
      expect(cosine[i]).toBeCloseTo(want, 15);
    });
    const floor = factors({ name: "cosine", floor: 0.2 }, 1000);
    expect(floor[0]).toBe(1);
    expect(floor[500]).toBeCloseTo(0.6, 12);
    expect(floor[999]).toBeCloseTo(0.2, 4);
  });
});

/** Optimisers: how gradients become steps. */
import type { Tensor, TensorFlow } from "./backend.js";

/**
 * How weights follow the gradient g, with the learning rate η of the step:
 * - `sgd`: w − η g;
 * - `momentum`: v ← momentum · v + g, then w − η v (Polyak 1964; the form of Sutskever et al. 2013 with the rate outside);
 * - `adam`: running means of g and g² with their bias taken out (Kingma and Ba 2015, algorithm 1).
 */
export type Optimiser =
  | { readonly name: "sgd" }
  | {
      readonly name: "momentum";
      /** In [0, 1). @default 0.9 */
      readonly momentum?: number;
    }
  | {
      readonly name: "adam";
      /** Decay of the mean of g, in [0, 1). @default 0.9 */
      readonly beta1?: number;
      /** Decay of the mean of g², in [0, 1). @default 0.999 */
      readonly beta2?: number;
      /** Added to the root of the mean of g². @default 1e-8 */
      readonly epsilon?: number;
    };

/** Names of optimisers. */
export const optimiserNames = ["sgd", "momentum", "adam"] as const;

/** What an optimiser remembers: one list per running mean, each with one tensor per parameter. */
export type Slots = readonly (readonly Tensor[])[];

/** The number of running means an optimiser keeps. */
export function slotCount(optimiser: Optimiser): number {
  return optimiser.name === "sgd" ? 0 : optimiser.name === "momentum" ? 1 : 2;
}

/** The slots before the first step: zeros in the shapes of the parameters. The caller disposes of them. */
export function emptySlots(tf: TensorFlow, optimiser: Optimiser, parameters: readonly Tensor[]): Slots {
  return Array.from({ length: slotCount(optimiser) }, () => parameters.map((parameter) => tf.zeros(parameter.shape)));
}

/**
 * The factor by which gradients come already multiplied. For `sgd` it is the rate: as the gradient of the loss itself it
 * makes the gradients the steps to take, one operation less for each of the parameters.
 */
export function gradientScale(optimiser: Optimiser, rate: number): number {
  return optimiser.name === "sgd" ? rate : 1;
}

/**
 * The parameters and slots after one step; the old ones are left alone.
 * @param gradients multiplied by {@link gradientScale}
 * @param step number of this step, from 1
 */
export function descend(
  tf: TensorFlow,
  optimiser: Optimiser,
  parameters: readonly Tensor[],
  gradients: readonly Tensor[],
  slots: Slots,
  rate: number,
  step: number,
): { parameters: Tensor[]; slots: Slots } {
  if (optimiser.name === "sgd")
    return { parameters: parameters.map((parameter, i) => tf.sub(parameter, gradients[i]!)), slots: [] };
  if (optimiser.name === "momentum") {
    const { momentum = 0.9 } = optimiser;
    const velocity = slots[0]!.map((v, i) => tf.add(tf.mul(v, momentum), gradients[i]!));
    return {
      parameters: parameters.map((parameter, i) => tf.sub(parameter, tf.mul(velocity[i]!, rate))),
      slots: [velocity],
    };
  }
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = optimiser;
  const first = slots[0]!.map((m, i) => tf.add(tf.mul(m, beta1), tf.mul(gradients[i]!, 1 - beta1)));
  const second = slots[1]!.map((v, i) => tf.add(tf.mul(v, beta2), tf.mul(tf.square(gradients[i]!), 1 - beta2)));
  // m̂ = m / (1 − β₁ᵗ) and v̂ = v / (1 − β₂ᵗ), their factors taken together: η m̂ / (√v̂ + ε) = α m / (√v + ε').
  const root = Math.sqrt(1 - beta2 ** step);
  const alpha = (rate * root) / (1 - beta1 ** step);
  return {
    parameters: parameters.map((parameter, i) =>
      tf.sub(parameter, tf.div(tf.mul(first[i]!, alpha), tf.add(tf.sqrt(second[i]!), epsilon * root))),
    ),
    slots: [first, second],
  };
}

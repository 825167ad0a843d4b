/** How long a training should take. */
import type { NetworkSpec } from "./spec.js";

/**
 * Seconds that training should take on one thread of a common machine with the WebAssembly backend: a rough figure,
 * fitted to `square` networks of width 2 to 512; within a factor of two elsewhere. Without early stopping.
 * @param points points of the training set, over which the statistics of batch norm are taken at the end
 */
export function trainingSeconds(spec: NetworkSpec, points: number): number {
  const { widths, batchSize, steps, optimiser, validateEvery, heldBack } = spec;
  let products = 0;
  for (let layer = 1; layer < widths.length; layer++) products += widths[layer - 1]! * widths[layer]!;
  const calls = optimiser?.name === "adam" ? 1e-3 : optimiser?.name === "momentum" ? 2e-4 : 0;
  const step = 4.8e-4 + calls + batchSize * (1.6e-5 + products * 5e-10);
  const evaluation = 8e-6 + products * 2e-10;
  const validations = validateEvery === undefined ? 0 : Math.ceil(steps / validateEvery);
  return steps * step + (validations * heldBack + (points - heldBack)) * evaluation;
}

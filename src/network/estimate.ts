/** How long a training should take, and whether it fits. */
import { expected, MemoryLimitError } from "../errors.js";
import { where } from "../shape.js";
import { parameterCount } from "./architecture.js";
import { slotCount } from "./optimiser.js";
import { checkSpec, type NetworkSpec } from "./spec.js";

/** Most bytes of a training: what a WebAssembly memory that tfjs makes can hold. */
const MOST_BYTES = 2 ** 31;

/**
 * Refuses a training that cannot fit: its parameters, their gradients and the optimiser's slots, and the outputs of all
 * layers for one batch with their gradients, each as float32, may take 2 GiB.
 * @throws MemoryLimitError
 */
export function checkTrainingFits({ widths, batchNorm, batchSize, optimiser = { name: "sgd" } }: NetworkSpec): void {
  const copies = 2 + slotCount(optimiser);
  const outputs = batchSize * widths.reduce((sum, width) => sum + width, 0);
  const bytes = 4 * (copies * parameterCount(widths, batchNorm) + 2 * outputs);
  if (bytes > MOST_BYTES)
    throw new MemoryLimitError(
      expected("at most 2.1 GB", "the memory of the training", `at least ${(bytes / 1e9).toPrecision(2)} GB`),
      { hint: "Use narrower layers or smaller batches." },
    );
}

/**
 * Seconds that training should take on one thread of a common machine with the WebAssembly backend: a rough figure,
 * fitted to `square` networks of width 2 to 512; within a factor of two elsewhere. Without early stopping.
 * @param points points of the training set, over which the statistics of batch norm are taken at the end
 */
export function trainingSeconds(spec: NetworkSpec, points: number): number {
  checkSpec(spec);
  where(
    "a number of at least 0",
    (value) => typeof value === "number" && value >= 0,
    "Pass how many points there are.",
  )(points, "points");
  const { widths, batchSize, steps, optimiser, validateEvery, heldBack } = spec;
  let products = 0;
  for (let layer = 1; layer < widths.length; layer++) products += widths[layer - 1]! * widths[layer]!;
  const calls = optimiser?.name === "adam" ? 1e-3 : optimiser?.name === "momentum" ? 2e-4 : 0;
  const step = 4.8e-4 + calls + batchSize * (1.6e-5 + products * 5e-10);
  const evaluation = 8e-6 + products * 2e-10;
  const validations = validateEvery === undefined ? 0 : Math.ceil(steps / validateEvery);
  return steps * step + (validations * heldBack + (points - heldBack)) * evaluation;
}

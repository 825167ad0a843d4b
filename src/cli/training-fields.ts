/** The options of training as fields of a network's spec; a study's `training` has the same. */
import type { Optimiser } from "../network/optimiser.js";
import type { Schedule } from "../network/schedule.js";
import type { NetworkSpec } from "../network/spec.js";

/** Options of {@link addTrainingOptions}, as parsed. */
export interface TrainingOptions {
  readonly steps?: number;
  readonly batchSize?: number;
  readonly learningRate?: number;
  readonly optimiser?: Optimiser["name"];
  readonly schedule?: Schedule;
  readonly initialisation?: NetworkSpec["initialisation"];
  readonly batchNorm?: NetworkSpec["batchNorm"];
  readonly holdBack?: number;
  readonly validateEvery?: number;
  readonly patience?: number;
}

/** The fields that were given. */
export function trainingFields(options: TrainingOptions): Partial<NetworkSpec> {
  const { steps, batchSize, learningRate, optimiser, schedule, initialisation, batchNorm } = options;
  const { holdBack: heldBack, validateEvery, patience } = options;
  const fields = {
    steps,
    batchSize,
    learningRate,
    optimiser: optimiser && { name: optimiser },
    schedule,
    initialisation,
    batchNorm,
    heldBack,
    validateEvery,
    earlyStop: patience && { by: "accuracy", patience },
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<NetworkSpec>;
}

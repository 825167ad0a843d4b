/** The options that say how networks are trained: the same words for one network and for those of a study. */
import type { Command } from "commander";
import { integer, number, oneOf, schedule } from "../options.js";

/** What stands behind an option: its default, where a command has one of its own. */
export interface TrainingDefaults {
  readonly steps?: string;
  readonly batchSize?: string;
  readonly learningRate?: string;
  readonly optimiser?: string;
  readonly schedule?: string;
  readonly initialisation?: string;
  readonly batchNorm?: string;
  readonly holdBack?: string;
}

/** Adds them. */
export function addTrainingOptions(command: Command, defaults: TrainingDefaults = {}): Command {
  const told = (name: keyof TrainingDefaults) => (defaults[name] === undefined ? "" : ` (default: ${defaults[name]})`);
  return command
    .option("--steps <number>", `training steps, one batch each${told("steps")}`, integer("--steps"))
    .option("--batch-size <number>", `points per step${told("batchSize")}`, integer("--batch-size", 1))
    .option(
      "--learning-rate <rate>",
      `step size, before the schedule${told("learningRate")}`,
      number("--learning-rate", 0),
    )
    .option(
      "--optimiser <name>",
      `sgd, momentum or adam${told("optimiser")}`,
      oneOf("--optimiser", ["sgd", "momentum", "adam"]),
    )
    .option(
      "--schedule <name>",
      `constant, cosine, or step:<steps>[:<factor>]${told("schedule")}`,
      schedule("--schedule"),
    )
    .option(
      "--initialisation <name>",
      `he or normal${told("initialisation")}`,
      oneOf("--initialisation", ["he", "normal"]),
    )
    .option(
      "--batch-norm <name>",
      `none, after-activation or around-activation${told("batchNorm")}`,
      oneOf("--batch-norm", ["none", "after-activation", "around-activation"]),
    )
    .option(
      "--hold-back <number>",
      `training points held back to validate on${told("holdBack")}`,
      integer("--hold-back"),
    )
    .option("--validate-every <steps>", "how often to validate on them", integer("--validate-every", 1))
    .option(
      "--patience <number>",
      "stop after so many validations without a better accuracy, keep the best",
      integer("--patience", 1),
    );
}

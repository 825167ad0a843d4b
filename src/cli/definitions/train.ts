/** The options and the help text of `bettina train`. */
import { datasetWords, integer, oneOf, path } from "../options.js";
import type { Add } from "./add.js";
import { addTrainingOptions } from "./training.js";

/** Adds the command. */
export const addTrain: Add = (program, io, exit) => {
  const command = program
    .command("train")
    .description("train one network on a data set and save it, for bettina measure and bettina bounds --weights")
    .argument("[architecture]", "all layer sizes and an activation, e.g. 784-64-32-10:tanh")
    .option("--dataset <name>", `one of ${datasetWords.join(", ")} (default: auto)`, oneOf("--dataset", datasetWords))
    .option("--data <dir>", "folder that holds MNIST's four files", path("--data"))
    .option("--out <dir>", "folder for the network", path("--out"))
    .option(
      "--spec <file>",
      "JSON of a network's spec; the architecture and the options given here win",
      path("--spec"),
    );
  addTrainingOptions(command, {
    steps: "2000",
    batchSize: "64",
    learningRate: "0.1",
    optimiser: "sgd",
    schedule: "constant",
    initialisation: "he",
    batchNorm: "none",
    holdBack: "0",
  })
    .option("--seed <number>", "seed of the weights and of the order of the points (default: 1)", integer("--seed"))
    .option("--backend <name>", "auto, node, wasm or cpu", oneOf("--backend", ["auto", "node", "wasm", "cpu"]))
    .option("--force", "train anew where the folder holds a network or an interrupted training")
    .option("--dry-run", "say the number of parameters and how long it should take, and do nothing")
    .option("--json", "print one JSON document")
    .option("-q, --quiet", "no progress")
    .addHelpText(
      "after",
      `
Activations: relu, square, tanh, identity, leaky-relu[:<slope>], poly:<c0>,<c1>,... (c0 + c1 x + ...).
A training that was interrupted goes on from its last checkpoint, to the same bits, when it is run again.

Examples:
  bettina train 784-64-32-16-10:tanh --dataset mnist --optimiser adam --learning-rate 0.001 --out runs/tanh
  bettina train 2-8-8-2:square --dataset annuli --out runs/annuli
  bettina train 784-32-10:poly:0,1,0.5 --hold-back 5000 --validate-every 200 --patience 5 --out runs/poly`,
    )
    .action(async (architecture: string | undefined, options) => {
      const { train } = await import("../commands/train.js");
      exit(await train(architecture, options, io));
    });
};

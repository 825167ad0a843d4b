/** The options and the help text of `bettina measure`. */
import { classes, datasetWords, integer, modulus, oneOf, path } from "../options.js";
import type { Add } from "./add.js";

/** Adds the command. */
export const addMeasure: Add = (program, io, exit) => {
  program
    .command("measure")
    .description("persistent homology of the input and of every hidden layer of a saved network, class by class")
    .argument("<dir>", "folder of a network (bettina train, bettina study --save-weights)")
    .option("--dataset <name>", `one of ${datasetWords.join(", ")} (default: auto)`, oneOf("--dataset", datasetWords))
    .option("--data <dir>", "folder that holds MNIST's four files", path("--data"))
    .option("--split <name>", "test (default) or train", oneOf("--split", ["train", "test"]))
    .option("--class <list>", "classes measured, e.g. 0,7 (default: all)", classes("--class"))
    .option("--sample <N>", "N points of every class, drawn without replacement (default: all)", integer("--sample", 1))
    .option("--seed <number>", "seed of the sample (default: 1)", integer("--seed"))
    .option(
      "--statistics <name>",
      "batch norm by those of the training-set (default) or of the sample",
      oneOf("--statistics", ["training-set", "sample"]),
    )
    .option("--dim, --max-dim <k>", "highest dimension (default: 1)", integer("--max-dim", 0, 1000))
    .option("--field, --modulus <p>", "coefficients in Z/p, p a prime up to 65521 (default: 2)", modulus("--modulus"))
    .option("--readout <name>", "how Betti numbers are read: count (default), ratio>1.1, ...")
    .option("--backend <name>", "auto, node, wasm or cpu", oneOf("--backend", ["auto", "node", "wasm", "cpu"]))
    .option("--threads <number>", "clouds at work at the same time", integer("--threads", 1, 1024))
    .option("--out <file>", "write the JSON document to a file", path("--out"))
    .option("--json", "print one JSON document, with every diagram")
    .option("-q, --quiet", "no progress")
    .addHelpText(
      "after",
      `
Where the true Betti numbers are known (drawn shapes), they stand beside the numbers and, below them, those of intervals
that are more than noise: by count every interval counts, however short.

The same points are measured in every layer. Layer 0 is the input; a layer is taken after its last step.

Examples:
  bettina measure runs/annuli --dataset annuli --sample 200
  bettina measure runs/tanh --dataset mnist --class 0,8 --sample 200 --readout "ratio>1.1" --json`,
    )
    .action(async (directory: string, options) => {
      const { measure } = await import("../commands/measure.js");
      exit(await measure(directory, options, io));
    });
};

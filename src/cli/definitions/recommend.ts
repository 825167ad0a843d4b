/** The options and the help text of `bettina recommend`. */
import { fraction, integer, integers, list, modulus, range } from "../options.js";
import type { Add } from "./add.js";

/** Adds the command. */
export const addRecommend: Add = (program, io, exit) => {
  program
    .command("recommend")
    .description(
      "which sizes of a family of networks are excluded, not excluded, or shown by trainings to keep Betti numbers",
    )
    .argument("[source]", "folder of a study, or a file of diagrams (homology --json, diagrams/<job>.json)")
    .option("--betti <list>", "Betti numbers by hand, b_0 first, e.g. 1,100", integers("--betti"))
    .option("--input-dim <n>", "dimension of the input; a study knows it", integer("--input-dim", 1, 2 ** 24))
    .option(
      "--outputs <n>",
      "outputs, for the number of parameters (default: the study's classes, or 1)",
      integer("--outputs", 1),
    )
    .option("--activations <list>", "e.g. square,relu,tanh,polynomial-3 (default: the study's, or square,relu)", list)
    .option("--depth <range>", "hidden layers, e.g. 3 or 1-4 (default: 1-4)", range("--depth"))
    .option(
      "--data-degree <d>",
      "assumed degree of the equations that cut out the data (default: the study's, or 2)",
      integer("--data-degree", 1),
    )
    .option(
      "--data-inequalities <s>",
      "assumed number of inequalities that do (default: the study's, or 0)",
      integer("--data-inequalities"),
    )
    .option(
      "--manifold-dim <m>",
      "dimension of the closed manifold the data are assumed to be",
      integer("--manifold-dim", 1),
    )
    .option(
      "--modulus <p>",
      "prime the numbers were counted over, 0 for the rationals (default: the study's, or 2)",
      modulus("--modulus", true),
    )
    .option(
      "--readout <name>",
      "by which rule numbers are read: of a study, one that it recorded (default: its own); of saved diagrams, one that reads diagrams alone (default: ratio>1.1)",
    )
    .option(
      "--probability <p>",
      "share of trainings that is to be shown to keep (default: 0.5)",
      fraction("--probability"),
    )
    .option("--confidence <c>", "of that statement (default: 0.95)", fraction("--confidence"))
    .option("--json", "print one JSON document")
    .addHelpText(
      "after",
      `
Every hidden layer has the same width. What is excluded is so by a theorem, under the hypothesis it names; what is not
excluded is not thereby enough. A study with several seeds adds a test: n is the number of seeds.

Saved diagrams serve the readouts count, at-scale=S, ratio>R, persistence>L, largest-gap, single-linkage-gap>R,
universal-null@A, universal-null-bh@A, paper and paper-corrected. The readouts fasy, bootstrap and relative-persistence
look at the points again, which diagrams do not hold: a study records them.

Examples:
  bettina recommend --betti 1,100 --input-dim 784
  bettina recommend --betti 1,0,1 --input-dim 50 --activations square,tanh --depth 2-5 --manifold-dim 2
  bettina recommend runs/quick-1a2b3c4d
  bettina homology cloud.csv --json | bettina recommend - --input-dim 3`,
    )
    .action(async (source: string | undefined, options) => {
      const { inputDim: input, ...rest } = options as { inputDim?: number };
      const { recommend } = await import("../commands/recommend.js");
      exit(await recommend(source, { ...rest, ...(input === undefined ? {} : { input }) }, io));
    });
};

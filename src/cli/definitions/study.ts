/** The options and the help text of `bettina study`. */
import { activationList, datasetWords, integer, integers, list, oneOf, path, perClass, words } from "../options.js";
import type { Add } from "./add.js";
import { addTrainingOptions } from "./training.js";

/** Adds the command. */
export const addStudy: Add = (program, io, exit) => {
  const command = program
    .command("study")
    .description("train networks of several widths, measure the Betti numbers of their layers, recommend a width")
    .option(
      "--preset <name>",
      "quick (about 45 s on 2 cores; the default), sound (seven trainings of every width, every control, intervals; see --dry-run), shapes (data whose Betti numbers are known; --dataset names which) or paper (the protocol of the paper's code, about 39 minutes)",
    )
    .option(
      "--dataset <name>",
      "auto (MNIST, else drawn digits), mnist (never falls back), digits, or a shape: annuli, linked-tori, nested-spheres",
      oneOf("--dataset", datasetWords),
    )
    .option("--data <dir>", "folder that holds MNIST's four files", path("--data"))
    .option("--url <address>", "where to download MNIST from: a folder with the four .gz files")
    .option(
      "--widths <list>",
      "networks by their hidden widths: 2,4,8 with --layers layers each, or layer by layer: 64-32-16,32-16-8,16",
    )
    .option("--layers <number>", "hidden layers of the networks given by one width", integer("--layers", 1))
    .option(
      "--activations <list>",
      "relu, square, tanh, identity, leaky-relu:0.01, poly:0,1,0.5 (constant first); several: relu,square",
      activationList,
    );
  addTrainingOptions(command)
    .option("--seeds <list>", "one training per width, activation and seed, e.g. 1,2,3", integers("--seeds"))
    .option("--seed <number>", "seed of the samples and of drawn digits", integer("--seed"))
    .option("--per-class <number>", "test images measured per class, or all of them: all", perClass("--per-class"))
    .option("--subsamples <number>", "samples of every class, each measured on its own", integer("--subsamples", 1))
    .option("--classes <list>", "digits measured, e.g. 0,4", integers("--classes"))
    .option(
      "--controls <list>",
      "what is measured beside the networks: projection, untrained, gaussian",
      words("--controls", ["projection", "untrained", "gaussian"]),
    )
    .option("--readouts <list>", "rules by which Betti numbers are read, e.g. count,ratio>1.1", list)
    .option("--decide-by <readout>", "the one of them that the recommendation compares by")
    .option(
      "--order <name>",
      "which of two networks is the smaller: by its narrowest layer, then its parameters (narrowest, the default), or by them first (parameters)",
      oneOf("--order", ["narrowest", "parameters"]),
    )
    .option("--max-dim <k>", "highest degree of homology", integer("--max-dim", 1, 8))
    .option(
      "--config <file>",
      "JSON with any field of a study's config, e.g. runs/x/config.json; options given here win",
      path("--config"),
    )
    .option(
      "--out <dir>",
      "folder of the study (default: runs/<preset>-<8 digits of the config's digest>, another for other data)",
      path("--out"),
    )
    .option(
      "--threads <number>",
      "worker threads; results do not depend on it (default: all processors)",
      integer("--threads", 0, 1024),
    )
    .option(
      "--backend <name>",
      "training backend: auto, node, wasm or cpu",
      oneOf("--backend", ["auto", "node", "wasm", "cpu"]),
    )
    .option("--resume", "go on with an interrupted study, and try failed jobs again")
    .option("--no-resume", "do every job again")
    .option("--force", "replace the study in the folder, also one of another config or on other data")
    .option(
      "--save-weights",
      "keep every trained network in weights/<job>/ of the folder, for bettina bounds --weights",
    )
    .option("--dry-run", "print the plan and what it should cost, and do nothing")
    .option(
      "--schema <name>",
      "print the JSON Schema of config or result (study.json), and do nothing",
      oneOf("--schema", ["config", "result"]),
    )
    .option("--json", "print study.json as one document")
    .option("--ndjson", "print events as they come, one JSON document a line")
    .option("--verbose", "print the reasons of the recommendation too; the report has them always")
    .option("-q, --quiet", "no progress")
    .addHelpText(
      "after",
      `
A study that was interrupted goes on where it stopped when it is run again; a finished one is shown, not redone.

Examples:
  bettina study                                    the quick preset
  bettina study --widths 2,8,32 --seeds 1,2,3,4,5  five trainings each: enough for a statement of confidence
  bettina study --dataset digits --steps 200       no download
  bettina study --widths 64-32-16,32-16-8,16 --activations tanh --optimiser adam --learning-rate 0.001
  bettina study --preset paper --dry-run           what the paper's protocol would cost`,
    )
    .action(async (options) => {
      const { study } = await import("../commands/study.js");
      exit(await study(options, io));
    });
};

/**
 * The commands and their options. Pure: streams, environment and signal are handed in, the exit code is handed back.
 * A command's own module is loaded when it runs, so that none pays for what another needs.
 */
import { readFileSync } from "node:fs";
import { Command, CommanderError, Option } from "commander";
import { BettinaError } from "../errors.js";
import { EXIT_INTERNAL, EXIT_OK, EXIT_USAGE, exitCodesHelp } from "./exit-codes.js";
import { type CliIo, wantsColour } from "./io.js";
import {
  bytes,
  compactDomain,
  fraction,
  integer,
  integers,
  list,
  number,
  oneOf,
  path,
  range,
  words,
} from "./options.js";

/**
 * Runs one command line.
 * @param args the arguments after the program's name
 * @returns the exit code; complaints have been written to `io.stderr`
 */
export async function runProgram(args: readonly string[], io: CliIo): Promise<number> {
  let code = EXIT_OK;
  const program = buildProgram(io, (value) => {
    code = value;
  });
  try {
    await program.parseAsync([...args], { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_OK : EXIT_USAGE;
    return complain(error, io, args.includes("--debug"));
  }
}

/** Writes what went wrong, in one line, and says which exit code it means. The stack follows when debugging. */
export function complain(error: unknown, io: Pick<CliIo, "stderr" | "environment">, debug: boolean): number {
  const known = error instanceof BettinaError;
  const message = error instanceof Error ? error.message : String(error);
  const name = wantsColour(io.stderr, io.environment) ? "\u001b[31mbettina:\u001b[39m" : "bettina:";
  io.stderr.write(`${name} ${known ? message : `internal error: ${message}`}\n`);
  if (debug && error instanceof Error) {
    io.stderr.write(`${error.stack ?? ""}\n`);
    for (let cause = error.cause; cause instanceof Error; cause = cause.cause)
      io.stderr.write(`caused by ${cause.stack ?? cause.message}\n`);
  } else if (!known) io.stderr.write("Run again with --debug to see where.\n");
  return known ? error.exitCode : EXIT_INTERNAL;
}

/** Builds the commands. `exit` is told the exit code of the command that ran. */
export function buildProgram(io: CliIo, exit: (code: number) => void): Command {
  const program = new Command("bettina")
    .description(
      "How much topology does a neural network carry?\nBetti numbers of data and layers, proven upper bounds, and an honest choice of width.",
    )
    .version(version(), "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .option("--debug", "print the stack of an error")
    .showSuggestionAfterError()
    .showHelpAfterError("Run it with --help to see its options.")
    .addHelpText(
      "after",
      `\n${exitCodesHelp}\n\nStart with:  bettina study     (needs no data: MNIST is found, downloaded, or digits are drawn)`,
    );
  for (const add of [addStudy, addHomology, addBounds, addRecommend, addReport, addData, addDoctor])
    add(program, io, exit);
  settle(program, io);
  return program;
}

/** The same streams, no process exit and `--debug`, for every command. */
function settle(command: Command, io: CliIo): void {
  command.exitOverride().configureOutput({
    writeOut: (text) => io.stdout.write(text),
    writeErr: (text) => io.stderr.write(text),
    getOutHelpWidth: () => Math.min(100, io.stdout.columns ?? 80),
    getErrHelpWidth: () => Math.min(100, io.stderr.columns ?? 80),
    getOutHasColors: () => wantsColour(io.stdout, io.environment),
    getErrHasColors: () => wantsColour(io.stderr, io.environment),
  });
  for (const child of command.commands) {
    if (!child.options.some(({ long }) => long === "--debug"))
      child.addOption(new Option("--debug", "print the stack of an error").hideHelp());
    child.showSuggestionAfterError().showHelpAfterError("Run it with --help to see its options.");
    settle(child, io);
  }
}

type Add = (program: Command, io: CliIo, exit: (code: number) => void) => void;

const addStudy: Add = (program, io, exit) => {
  program
    .command("study")
    .description("train networks of several widths, measure the Betti numbers of their layers, recommend a width")
    .option(
      "--preset <name>",
      "quick (about 45 s on 2 cores; the default) or paper (the protocol of the paper's code, about 38 minutes)",
    )
    .option(
      "--dataset <name>",
      "auto (MNIST, else drawn digits), mnist (never falls back) or digits",
      oneOf("--dataset", ["auto", "mnist", "digits"]),
    )
    .option("--data <dir>", "folder that holds MNIST's four files")
    .option("--url <address>", "where to download MNIST from: a folder with the four .gz files")
    .option("--widths <list>", "hidden widths, e.g. 2,4,8", integers("--widths", 1))
    .option("--layers <number>", "hidden layers", integer("--layers", 1))
    .option("--activations <list>", "relu, square or both", words("--activations", ["relu", "square"]))
    .option("--seeds <list>", "one training per width, activation and seed, e.g. 1,2,3", integers("--seeds"))
    .option("--seed <number>", "seed of the samples and of drawn digits", integer("--seed"))
    .option("--per-class <number>", "test images measured per class", integer("--per-class", 1))
    .option("--classes <list>", "digits measured, e.g. 0,4", integers("--classes"))
    .option("--steps <number>", "training steps", integer("--steps"))
    .option(
      "--config <file>",
      "JSON with any field of a study's config, e.g. runs/x/config.json; options given here win",
    )
    .option(
      "--out <dir>",
      "folder of the study (default: runs/<preset>-<8 digits of the config's digest>, another for other data)",
      path("--out"),
    )
    .option(
      "--threads <number>",
      "worker threads; results do not depend on it (default: all processors)",
      integer("--threads", 0),
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
    .option("--json", "print study.json as one document")
    .option("--ndjson", "print events as they come, one JSON document a line")
    .option("-q, --quiet", "no progress")
    .addHelpText(
      "after",
      `
A study that was interrupted goes on where it stopped when it is run again; a finished one is shown, not redone.

Examples:
  bettina study                                    the quick preset
  bettina study --widths 2,8,32 --seeds 1,2,3,4,5  five trainings each: enough for a statement of confidence
  bettina study --dataset digits --steps 200       no download
  bettina study --preset paper --dry-run           what the paper's protocol would cost`,
    )
    .action(async (options) => {
      const { study } = await import("./commands/study.js");
      exit(await study(options, io));
    });
};

const addHomology: Add = (program, io, exit) => {
  program
    .command("homology")
    .description("Vietoris–Rips persistent homology of point clouds or distance matrices")
    .argument("<file...>", "files, or - for standard input")
    .option(
      "--format <name>",
      "point-cloud, distance, lower-distance, upper-distance, sparse, dipha or binary (default: by the file's name, else lower-distance)",
    )
    .option("--dim, --max-dim <k>", "highest dimension (default: 1)", integer("--max-dim", 0, 1000))
    .option(
      "--threshold <length>",
      "longest edge, in the unit of the distances, or inf (default: the enclosing radius, which loses nothing)",
      number("--threshold", 0, true),
    )
    .option(
      "--field, --modulus <p>",
      "coefficients in Z/p, p a prime up to 65521 (default: 2)",
      integer("--modulus", 2),
    )
    .option(
      "--metric <name>",
      "for point clouds: euclidean (default), sqeuclidean, manhattan, chebyshev or cosine (1 - cos)",
      oneOf("--metric", ["euclidean", "sqeuclidean", "manhattan", "chebyshev", "cosine"]),
    )
    .option("--ratio <r>", "only intervals with death / birth above r", number("--ratio", 1))
    .option("--json", 'one JSON document a file: {"diagrams": [[[birth, death or null], ...], ...], "threshold": ...}')
    .option("--ndjson", "the same as --json")
    .option("--out <file>", "write the result to a file", path("--out"))
    .option("--barcode <file>", "draw the barcode (.svg or .png)")
    .option("--diagram <file>", "draw the persistence diagram (.svg or .png)")
    .option(
      "--threads <k>",
      "files at work at the same time (default: the number of cores)",
      integer("--threads", 1, 1024),
    )
    .option(
      "--plan <name>",
      "how to compute: automatic, simplices, lazy, lunes, flag, collapse (the result is the same)",
    )
    .option("--representatives", "with --json: a cocycle and a cycle for every interval, in the input's numbering")
    .option("--dry-run", "compute nothing: say how much memory each file is expected to take")
    .option("--explain", "say on standard error how each dimension was computed, and why")
    .option("--timeout <seconds>", "give up on a file after so long", number("--timeout", 0))
    .option("--memory-limit <size>", "memory the engine may use, e.g. 2GB", bytes("--memory-limit"))
    .option("-q, --quiet", "no remarks")
    .addHelpText(
      "after",
      `
Births and deaths are edge lengths (diameters), never radii. An interval is [birth, death).

Examples:
  bettina homology cloud.csv                         one point per row
  bettina homology cloud.npy --dim 2 --json
  bettina homology d.lower_distance_matrix --threshold 1.5 --modulus 3
  bettina homology clouds/*.npy --json               one line a file, every core busy
  python make.py | bettina homology - --format point-cloud --barcode bars.svg`,
    )
    .action(async (files: string[], options) => {
      const { homology } = await import("./commands/homology.js");
      exit(await homology(files, options, io));
    });
};

const addBounds: Add = (program, io, exit) => {
  program
    .command("bounds")
    .description("proven upper bounds on the Betti numbers of every layer of an architecture")
    .argument("[architecture]", "layers and an activation, e.g. 784-64-64-64:square; with --weights it may be left out")
    .option("--dim, --max-dim <k>", "highest degree (default: 1)", integer("--max-dim", 0, 1000))
    .option(
      "--field <name>",
      "any (every field of coefficients) or char0 (smaller bounds, for characteristic 0)",
      oneOf("--field", ["any", "char0"]),
    )
    .option(
      "--domain <name>",
      "where the inputs lie: ball, cube or points:<n>, all of them compact (default: ball)",
      compactDomain("--domain"),
    )
    .option("--classes <c>", "outputs whose regions are bounded (default: 1, a single F ≥ 0)", integer("--classes", 1))
    .option("--weights <dir>", "sharpen by the ranks and folded units of a trained network (study --save-weights)")
    .option(
      "--radius <r>",
      "with --weights: radius of the ball around the centre of the unit cube (default: the ball holds the cube)",
      number("--radius", 0),
    )
    .option(
      "--data-degree <d>",
      "assumed degree of the equations that cut out the data (default: 2)",
      integer("--data-degree", 1),
    )
    .option(
      "--data-inequalities <s>",
      "assumed number of inequalities that do (default: 0)",
      integer("--data-inequalities"),
    )
    .option("--explain", "print how each value came about")
    .option("--json", "print one JSON document")
    .addHelpText(
      "after",
      `
The first size is the input's, every other one a layer that ends in the activation: leave the output layer out.
Besides widths: conv<h>x<w>x<channels>[s<stride>][p<padding>], pool<w>, avgpool<w>, [...] for a residual block;
@<activation> or @maxout<w> behind a layer. Activations: linear, square, cube, polynomial:<d>, relu, leaky-relu, abs,
hard-tanh, tanh, logistic, arctan and others.

Creates at most (U_k): from a convex set of inputs. Carries at most (I_k): of an input cut out by equations as assumed.

Examples:
  bettina bounds 784-64-64-64:square
  bettina bounds 784-8-8:relu --dim 2 --explain
  bettina bounds 28x28x1-conv3x3x8-pool2-conv3x3x8-pool2-32:relu
  bettina bounds 64-32@tanh-[32-32]-16:relu          a layer of its own activation, a residual block
  bettina bounds --weights runs/mine/weights/square-w8-s1`,
    )
    .action(async (architecture: string | undefined, options) => {
      const { bounds } = await import("./commands/bounds.js");
      exit(await bounds(architecture, options, io));
    });
};

const addRecommend: Add = (program, io, exit) => {
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
      integer("--modulus"),
    )
    .option("--readout <name>", "by which rule numbers are read (default: the study's, or ratio>1.1)")
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

Examples:
  bettina recommend --betti 1,100 --input-dim 784
  bettina recommend --betti 1,0,1 --input-dim 50 --activations square,tanh --depth 2-5 --manifold-dim 2
  bettina recommend runs/quick-1a2b3c4d
  bettina homology cloud.csv --json | bettina recommend - --input-dim 3`,
    )
    .action(async (source: string | undefined, options) => {
      const { inputDim: input, ...rest } = options as { inputDim?: number };
      const { recommend } = await import("./commands/recommend.js");
      exit(await recommend(source, { ...rest, ...(input === undefined ? {} : { input }) }, io));
    });
};

const addReport: Add = (program, io, exit) => {
  program
    .command("report")
    .description("rebuild the report and the pictures of a study's folder, or print its tables")
    .argument("<dir>", "folder of a study")
    .option("--text", "print the tables and the recommendation; write nothing")
    .option("-q, --quiet", "no progress")
    .addHelpText("after", "\nExample:\n  bettina report runs/quick-1a2b3c4d")
    .action(async (directory: string, options) => {
      const { report } = await import("./commands/report.js");
      exit(await report(directory, options, io));
    });
};

const addData: Add = (program, io, exit) => {
  const data = program
    .command("data")
    .description("show which data set a study would use; fetch and verify MNIST")
    .addHelpText(
      "after",
      `
MNIST is looked for in --data, in $BETTINA_MNIST, in the user's cache; else it is downloaded into the cache.

Examples:
  bettina data
  bettina data fetch
  bettina data verify --data ~/mnist`,
    );
  const run = async (action: "show" | "fetch" | "verify", options: object): Promise<void> => {
    const module = await import("./commands/data.js");
    exit(await module.data(action, options, io));
  };
  data
    .command("show", { isDefault: true })
    .description("where MNIST was looked for and what a study would use (the default)")
    .option("--data <dir>", "folder that holds MNIST's four files")
    .option("--json", "print one JSON document")
    .action((options) => run("show", options));
  data
    .command("fetch")
    .description("download MNIST into the user's cache and verify it")
    .option("--url <address>", "a folder with the four .gz files (default: $BETTINA_MNIST_URL, else public mirrors)")
    .option("-q, --quiet", "no progress")
    .action((options) => run("fetch", options));
  data
    .command("verify")
    .description("read MNIST and compare it with its published digests")
    .option("--data <dir>", "folder that holds MNIST's four files")
    .option("--json", "print one JSON document")
    .action((options) => run("verify", options));
};

const addDoctor: Add = (program, io, exit) => {
  program
    .command("doctor")
    .description("check this machine: Node, SIMD, memory, training backends, data, optional packages")
    .option("--json", "print one JSON document")
    .action(async (options) => {
      const { doctor } = await import("./commands/doctor.js");
      exit(await doctor(options, io));
    });
};

/** The version in package.json. */
export function version(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}

/** The options and the help text of `bettina homology`. */
import type { Command } from "commander";
import { applyConfigFile } from "../config-file.js";
import { bytes, classes, columnList, datasetWords, integer, modulus, number, oneOf, path } from "../options.js";
import type { Add } from "./add.js";

/** Adds the command. */
export const addHomology: Add = (program, io, exit) => {
  program
    .command("homology")
    .description("Vietoris–Rips persistent homology of point clouds or distance matrices")
    .argument("[file...]", "files, or - for standard input")
    .option(
      "--dataset <name>",
      "compute on a data set instead of files: mnist, digits (pixels in [0, 1]), annuli, linked-tori or nested-spheres",
      oneOf("--dataset", datasetWords),
    )
    .option("--class <list>", "with --dataset: one cloud for each class, e.g. 7 or 0,7 or all", classes("--class"))
    .option("--all", "with --dataset: every point as one cloud")
    .option("--sample <N>", "with --dataset: N points of each cloud, drawn without replacement", integer("--sample", 1))
    .option("--split <name>", "with --dataset: train (default) or test", oneOf("--split", ["train", "test"]))
    .option("--seed <number>", "seed of the sample, of drawn data and of landmarks (default: 1)", integer("--seed"))
    .option("--data <dir>", "with --dataset: folder that holds MNIST's four files", path("--data"))
    .option(
      "--config <file>",
      'JSON with any of these options, e.g. {"maxDim": 2}; options given here win',
      path("--config"),
    )
    .option(
      "--format <name>",
      "point-cloud, distance, lower-distance, upper-distance, sparse, dipha or binary (default: by the content, the file's name, the lines)",
    )
    .option("--header", "text: the first line is a heading")
    .option(
      "--labels <list>",
      "text: columns to leave out, by number from 1 or by name of the heading",
      columnList("--labels"),
    )
    .option("--columns <list>", "text: columns to take, e.g. 1-3 or x,y", columnList("--columns"))
    .option("--array <name>", ".npz: the array to take")
    .option("--flatten", ".npy, .npz: each of the n parts of an array of shape (n, ...) is a point")
    .option(
      "--symmetrise <which>",
      "square matrix: which of two unlike mirror images counts, mean, lower or upper (default: lower to within rounding, else refused)",
      oneOf("--symmetrise", ["mean", "lower", "upper"]),
    )
    .option(
      "--diagonal <which>",
      "triangle: with or without the diagonal (default: by zeros and lines)",
      oneOf("--diagonal", ["with", "without"]),
    )
    .option("--dim, --max-dim <k>", "highest dimension (default: 1)", integer("--max-dim", 0, 1000))
    .option(
      "--threshold <length>",
      "longest edge, in the unit of the distances, or inf (default: the enclosing radius, which loses nothing)",
      number("--threshold", 0, true),
    )
    .option("--field, --modulus <p>", "coefficients in Z/p, p a prime up to 65521 (default: 2)", modulus("--modulus"))
    .option(
      "--metric <name>",
      "for point clouds: euclidean (default), sqeuclidean, manhattan, chebyshev or cosine (1 - cos)",
      oneOf("--metric", ["euclidean", "sqeuclidean", "manhattan", "chebyshev", "cosine"]),
    )
    .option("--ratio <r>", "only intervals with death / birth above r", number("--ratio", 1))
    .option(
      "--landmarks <count>",
      "compute on so many landmarks, and say what they prove about all points",
      integer("--landmarks", 1),
    )
    .option(
      "--landmark-rule <name>",
      "maxmin (default: each the farthest from those before) or random",
      oneOf("--landmark-rule", ["maxmin", "random"]),
    )
    .option("--scale <length>", "with --landmarks: bound the Betti numbers of all points there", number("--scale", 0))
    .option(
      "--replicates <N>",
      "with --landmarks: N choices of them (at random, unless a rule is given), and the spread of radius and Betti numbers",
      integer("--replicates", 1, 10_000),
    )
    .option(
      "--readout <name>",
      "print Betti numbers by this rule, too, e.g. ratio>1.1 or universal-null@0.05; of the --replicates, too",
    )
    .option(
      "--epsilon <e>",
      "a sparse filtration: deaths and births off by a factor of at most 1 + e",
      number("--epsilon", 0),
    )
    .option("--json", 'one JSON document a file: {"diagrams": [[[birth, death or null], ...], ...], "threshold": ...}')
    .option("--ndjson", "the same as --json")
    .option("--out <file>", "write the result to a file", path("--out"))
    .option("--barcode <file>", "draw the barcode (.svg or .png)")
    .option("--diagram <file>", "draw the persistence diagram (.svg or .png)")
    .option("--report <file>", "write a page (.html) with numbers, pictures and what is proven", path("--report"))
    .option(
      "--threads <k>",
      "files at work at the same time (default: the number of cores)",
      integer("--threads", 1, 1024),
    )
    .option(
      "--plan <name>",
      "how to compute: automatic, simplices, lazy, lunes, flag, collapse, stream (the result is the same)",
    )
    .option("--representatives", "with --json: a cocycle and a cycle for every interval, in the input's numbering")
    .option(
      "--dry-run",
      "no result: the plan expected, what it guarantees, time and memory, found out by computing a few of the points",
    )
    .option("--explain", "say on standard error what the work should take, how each dimension was computed, and why")
    .option("--timeout <seconds>", "give up on a file after so long", number("--timeout", 0))
    .option("--memory-limit <size>", "memory the engine may use, e.g. 2GB", bytes("--memory-limit"))
    .option("-q, --quiet", "no remarks")
    .addHelpText(
      "after",
      `
Files of up to 4 GiB are read, 1 GiB from a pipe. What was inferred about a file is said on standard error.

Births and deaths are edge lengths (diameters), never radii. An interval is [birth, death).

Examples:
  bettina homology cloud.csv                         one point per row
  bettina homology cloud.npy --dim 2 --json
  bettina homology cloud.npy --readout 'ratio>1.1'   Betti numbers by a rule, too
  bettina homology d.lower_distance_matrix --threshold 1.5 --modulus 3
  bettina homology clouds/*.npy --json               one line a file, every core busy
  bettina homology --dataset mnist --class 7         every training image of the digit 7
  bettina homology --dataset mnist --sample 5000 --explain
  bettina homology cloud.npy --landmarks 1000 --scale 2 --replicates 20 --report cloud.html
  python make.py | bettina homology - --format point-cloud --barcode bars.svg`,
    )
    .action(async (files: string[], options, command: Command) => {
      if (options.config !== undefined) await applyConfigFile(command, options.config, io.signal);
      const { homology } = await import("../commands/homology.js");
      exit(await homology(files, command.opts(), io));
    });
};

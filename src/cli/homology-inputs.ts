/** What `bettina homology` computes on: files, or point clouds taken from a data set, which is loaded only then. */
import type { Dataset, datasetNames } from "../data/dataset.js";
import { defaultMemoryLimit } from "../engine/estimate.js";
import { ConfigError, expected } from "../errors.js";
import { type ParseInputOptions, readInput } from "../io/cloud-file.js";
import type { InputFormat } from "../io/format-name.js";
import { printable } from "../printable.js";
import { Random } from "../random.js";
import type { PersistenceInput } from "../topology/point-cloud.js";
import type { CliIo } from "./io.js";
import { ProgressLine } from "./output.js";

/** One input: its name in messages and results, and how to have it. Nothing is read before it is asked for. */
export interface NamedInput {
  readonly name: string;
  /** The file it is read from, where it is one. */
  readonly file?: string;
  read(): Promise<PersistenceInput>;
  /** Once read: what was inferred about the file, and what else it might mean. */
  readonly remarks: readonly string[];
  /** Says the remarks on standard error, once, unless quiet. */
  tell(): void;
}

/** Options that choose inputs and say what they hold, as parsed. */
export interface InputOptions extends Omit<ParseInputOptions, "format"> {
  readonly dataset?: (typeof datasetNames)[number];
  readonly data?: string;
  readonly split?: "train" | "test";
  readonly class?: readonly number[] | "all";
  readonly all?: boolean;
  readonly sample?: number;
  readonly seed?: number;
  readonly quiet?: boolean;
}

/**
 * The inputs of a command line: the files, or with `--dataset` one cloud a class (`--class`) or one of the whole split
 * (`--all`), each thinned to a sample drawn without replacement by `--sample`.
 * @throws ConfigError for options that do not go together; reading throws what readInput and loadDataset throw
 */
export function namedInputs(
  files: readonly string[],
  format: InputFormat | undefined,
  options: InputOptions,
  io: CliIo,
): readonly NamedInput[] {
  if (options.dataset !== undefined) return datasetInputs(files, format, options.dataset, options, io);
  for (const name of ["data", "split", "class", "all", "sample"] as const)
    if (options[name] !== undefined)
      throw new ConfigError(expected("--dataset", `--${name}`, "no --dataset"), {
        hint: "Use for instance --dataset mnist --class 7.",
      });
  if (files.length === 0)
    throw new ConfigError(expected("a file, - for standard input, or --dataset", "input", "none"), {
      hint: "Use for instance bettina homology cloud.csv.",
    });
  return files.map((file) => fileInput(file, format, options, io));
}

/**
 * Standard input can be read once.
 * @throws ConfigError when it is named twice
 */
export function checkStandardInput(files: readonly string[], config: string | undefined): void {
  const named = [...files, config].filter((file) => file === "-").length;
  if (named > 1)
    throw new ConfigError(expected("standard input at most once", "files", named), {
      hint: "Write it to a file first.",
    });
}

function fileInput(file: string, format: InputFormat | undefined, options: InputOptions, io: CliIo): NamedInput {
  const name = file === "-" ? "standard input" : file;
  const remarks: string[] = [];
  let told = options.quiet === true;
  return {
    name,
    ...(file === "-" ? {} : { file }),
    remarks,
    read: async () => {
      const { header, labels, columns, array, flatten, symmetrise, diagonal } = options;
      const input = await readInput(file, {
        ...{ format, header, labels, columns, array, flatten, symmetrise, diagonal },
        memoryLimit: options.memoryLimit ?? defaultMemoryLimit(),
        signal: io.signal,
      });
      remarks.splice(0, remarks.length, ...input.remarks);
      return "points" in input ? input.points : { distances: input.distances, n: input.n };
    },
    tell: () => {
      if (told) return;
      for (const remark of remarks) io.stderr.write(`${printable(name)}: ${printable(remark)}\n`);
      told = remarks.length > 0;
    },
  };
}

/** Options that say what a file holds. */
const fileOptions = ["header", "labels", "columns", "array", "flatten", "symmetrise", "diagonal"] as const;

function datasetInputs(
  files: readonly string[],
  format: InputFormat | undefined,
  dataset: (typeof datasetNames)[number],
  options: InputOptions,
  io: CliIo,
): readonly NamedInput[] {
  for (const name of fileOptions)
    if (options[name] !== undefined)
      throw new ConfigError(expected("a file", `--${name}`, "--dataset"), { hint: "Leave it out for a data set." });
  if (files.length > 0 || format !== undefined)
    throw new ConfigError(expected("no file and no --format beside --dataset", "input", files[0] ?? format), {
      hint: "Compute on either.",
    });
  if (options.class !== undefined && options.all)
    throw new ConfigError(expected("either --class or --all", "--dataset", "both"), { hint: "Leave one out." });
  if (options.class === undefined && !options.all && options.sample === undefined)
    throw new ConfigError(expected("--class, --all or --sample", "--dataset", "none"), {
      hint: `Use for instance --dataset ${dataset} --class 7, or --all for the whole set as one cloud.`,
    });
  const { split = "train", sample, seed = 1 } = options;
  // Read once, when the first cloud is asked for.
  let loading: Promise<Dataset> | undefined;
  const load = () => {
    loading ??= (async () => {
      const { loadDataset } = await import("../data/dataset.js");
      const progress = new ProgressLine(io.stderr, io.environment, options.quiet === true);
      return loadDataset({
        dataset,
        ...(options.data === undefined ? {} : { directory: options.data }),
        seed,
        signal: io.signal,
        environment: io.environment,
        onProgress: ({ phase, done, total }) => progress.update(phase, total === null ? null : done / total),
      }).finally(() => progress.clear());
    })();
    return loading;
  };
  const labels = options.class === "all" ? everyClass(dataset) : (options.class ?? [undefined]);
  return labels.map((label) => ({
    name: [
      `${dataset} ${split}`,
      ...(label === undefined ? [] : [`class ${label}`]),
      ...(sample === undefined ? [] : [`sample of ${sample}, seed ${seed}`]),
    ].join(", "),
    read: async () => {
      const { [split]: set, classes } = await load();
      const { rowsOfClass, takeRows } = await import("../data/sampling.js");
      if (label !== undefined && label >= classes)
        throw new ConfigError(expected(`a class from 0 to ${classes - 1}`, "--class", label), {
          hint: "Use for instance --class 7.",
        });
      const rows =
        label === undefined ? Uint32Array.from({ length: set.shape[0] }, (_, i) => i) : rowsOfClass(set.labels, label);
      if (sample !== undefined && sample > rows.length)
        throw new ConfigError(expected(`at most the ${rows.length} points there are`, "--sample", sample), {
          hint: "Take fewer.",
        });
      const taken =
        sample === undefined
          ? rows
          : Uint32Array.from(
              new Random(seed, "homology", split, label ?? -1).sample(rows.length, sample),
              (i) => rows[i]!,
            ).sort();
      return takeRows(set, taken);
    },
    remarks: [],
    tell: () => undefined,
  }));
}

/** Ten digits, or the two parts of a shape: known without loading anything. */
function everyClass(dataset: (typeof datasetNames)[number]): number[] {
  const digits = dataset === "auto" || dataset === "mnist" || dataset === "digits";
  return Array.from({ length: digits ? 10 : 2 }, (_, label) => label);
}

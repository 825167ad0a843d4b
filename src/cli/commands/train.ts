/** `bettina train`: one network from an architecture and a data set to a folder. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { type Dataset, loadDataset } from "../../data/dataset.js";
import { CancelledError, ConfigError, expected } from "../../errors.js";
import { checkWritable, writeFileAtomic } from "../../io/atomic.js";
import { readBytes } from "../../io/bytes.js";
import { accuracy } from "../../network/activations.js";
import { parameterCount, parseArchitecture } from "../../network/architecture.js";
import { openBackend } from "../../network/backend.js";
import { hasNetwork, saveNetwork } from "../../network/checkpoint.js";
import { divergedWords, hasDiverged } from "../../network/diverged.js";
import { checkTrainingFits, trainingSeconds } from "../../network/estimate.js";
import { type NetworkSpec, parseSpec } from "../../network/spec.js";
import { type Training, type TrainingState, train as trainNetwork } from "../../network/train.js";
import { hasTraining, loadTraining, saveTraining } from "../../network/training-state.js";
import { printable } from "../../printable.js";
import { percent } from "../../report/words.js";
import { EXIT_OK } from "../exit-codes.js";
import type { CliIo } from "../io.js";
import { readJsonObject } from "../json-file.js";
import { ProgressLine, roughly } from "../output.js";
import { type TrainingOptions, trainingFields } from "../training-fields.js";

/** Options of `bettina train`, as parsed. */
export interface TrainCommandOptions extends TrainingOptions {
  readonly dataset?: Dataset["name"] | "auto";
  readonly data?: string;
  readonly out?: string;
  readonly spec?: string;
  readonly seed?: number;
  readonly backend?: "auto" | "node" | "wasm" | "cpu";
  readonly force?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** What `training-result.json` holds, and `--json` prints. */
export interface TrainingResult {
  readonly format: "bettina-training-result";
  readonly formatVersion: 1;
  readonly spec: NetworkSpec;
  readonly seed: number;
  readonly dataset: Pick<Dataset, "name" | "digest" | "note">;
  readonly backend: string;
  readonly parameters: number;
  /** On the test set, batch norm by the statistics of the training set. */
  readonly testAccuracy: number;
  /** The loss ends above ten times that of a uniform guess. */
  readonly diverged: boolean;
  readonly step: number;
  readonly stepsDone: number;
  readonly losses: Training["losses"];
  readonly validations: Training["validations"];
}

/** Trains and saves one network. */
export async function train(
  architecture: string | undefined,
  options: TrainCommandOptions,
  io: CliIo,
): Promise<number> {
  const spec = await specOf(architecture, options, io.signal);
  checkTrainingFits(spec);
  const seed = options.seed ?? 1;
  const parameters = parameterCount(spec.widths, spec.batchNorm);
  // MNIST has 60,000 training points, data made here 12,000.
  const estimatedSeconds = trainingSeconds(
    spec,
    ["auto", "mnist"].includes(options.dataset ?? "auto") ? 60_000 : 12_000,
  );
  if (options.dryRun) {
    io.stdout.write(
      options.json
        ? `${JSON.stringify({ spec, seed, parameters, estimatedSeconds })}\n`
        : `${spec.widths.join("-")}:${spec.activation}, ${parameters} parameters, ${spec.steps} steps: about ${roughly(estimatedSeconds)} on one thread.\nNothing was done.\n`,
    );
    return EXIT_OK;
  }
  const directory = options.out;
  if (directory === undefined)
    throw new ConfigError(expected("a folder", "--out", undefined), { hint: "Use for instance --out runs/network." });
  if (!options.force && (await hasNetwork(directory)))
    throw new ConfigError(expected("a folder without a network", "--out", directory), {
      hint: "Choose another folder, or pass --force to train anew.",
    });
  await checkWritable(join(directory, "network.json"));
  const backend = await openBackend({ prefer: options.backend ?? "auto" });
  const progress = new ProgressLine(io.stderr, io.environment, options.quiet === true);
  try {
    const data = await loadDataset({
      dataset: options.dataset ?? "auto",
      signal: io.signal,
      environment: io.environment,
      ...(options.data === undefined ? {} : { directory: options.data }),
      onProgress: ({ phase, done, total }) => progress.update(phase, total === null ? null : done / total),
    });
    checkFits(spec, data);
    const held = options.force ? undefined : await heldState(directory, data.digest);
    if (held) progress.say(`Going on from step ${held.step}.`);
    const clock = performance.now();
    const first = held?.step ?? 0;
    const training = await trainNetwork(backend, spec, data.train, {
      seed,
      signal: io.signal,
      ...(held ? { resume: held } : {}),
      onCheckpoint: (state) => keepState(directory, state, data.digest),
      onProgress: ({ step, steps, loss, validation }) => {
        const left = ((performance.now() - clock) / 1000 / Math.max(1, step - first)) * (steps - step);
        const right = validation ? `, validation accuracy ${percent(validation.accuracy)}` : "";
        progress.update(`step ${step} of ${steps}, loss ${loss.toFixed(4)}${right}`, step / steps, left);
      },
    });
    const result: TrainingResult = {
      format: "bettina-training-result",
      formatVersion: 1,
      spec,
      seed,
      dataset: { name: data.name, digest: data.digest, note: data.note },
      backend: backend.name,
      parameters,
      testAccuracy: accuracy(backend, training.weights, data.test),
      diverged: hasDiverged({ losses: training.losses, widths: spec.widths }),
      step: training.step,
      stepsDone: training.stepsDone,
      losses: training.losses,
      validations: training.validations,
    };
    await writeFileAtomic(join(directory, "training-result.json"), `${JSON.stringify(result, null, 2)}\n`);
    await saveNetwork(directory, training.weights);
    await rm(join(directory, "unfinished"), { recursive: true, force: true });
    progress.clear();
    io.stdout.write(
      options.json ? `${JSON.stringify(result)}\n` : `${told(result)}The network is in ${printable(directory)}.\n`,
    );
    return EXIT_OK;
  } catch (error) {
    progress.clear();
    if (error instanceof CancelledError && (await hasTraining(join(directory, "unfinished"))))
      io.stderr.write("Interrupted. Run the same command again to go on from the last checkpoint.\n");
    throw error;
  }
}

function told({
  diverged,
  spec,
  dataset,
  parameters,
  testAccuracy,
  step,
  stepsDone,
  losses,
  validations,
}: TrainingResult): string {
  const best = validations.find((validation) => validation.step === step);
  return [
    `${dataset.note}`,
    `${spec.widths.join("-")}:${spec.activation}, ${parameters} parameters, ${stepsDone} step${stepsDone === 1 ? "" : "s"}${stepsDone < spec.steps ? " (stopped early)" : ""}`,
    `  loss ${losses.at(-1)?.loss.toFixed(4) ?? "–"}${best ? `, validation accuracy ${percent(best.accuracy)} after step ${step}` : ""}`,
    `  test accuracy ${percent(testAccuracy)}`,
    ...(diverged
      ? [
          `  The training ${divergedWords({ losses, widths: spec.widths })}. Lower the learning rate (${spec.learningRate}).`,
        ]
      : []),
    "",
  ].join("\n");
}

/** The file of `--spec`, then the architecture, then the options. */
async function specOf(
  architecture: string | undefined,
  options: TrainCommandOptions,
  signal: AbortSignal,
): Promise<NetworkSpec> {
  if (options.spec === undefined && architecture === undefined)
    throw new ConfigError(expected("an architecture or --spec", "input", "neither"), {
      hint: "Use for instance bettina train 784-64-10:relu --out runs/network.",
    });
  const given =
    options.spec === undefined
      ? {}
      : await readJsonObject("--spec", options.spec, "Give a JSON object with fields of a network's spec.", signal);
  const changes: Record<string, unknown> = {
    ...(architecture === undefined ? {} : layersOf(architecture)),
    ...trainingFields(options),
  };
  return parseSpec(typeof given === "object" && given !== null ? { ...given, ...changes } : given);
}

/** The fields of a spec that an architecture gives; that the output is affine goes without saying. */
function layersOf(architecture: string) {
  const { widths, activation } = parseArchitecture(architecture);
  return { widths, activation };
}

/** @throws ConfigError when the first or last layer does not fit the data */
function checkFits({ widths }: NetworkSpec, { name, features, classes }: Dataset): void {
  if (widths[0] !== features || widths.at(-1) !== classes)
    throw new ConfigError(
      expected(`${features} inputs and ${classes} outputs for ${name}`, "architecture", widths.join("-")),
      { hint: `Use for instance ${features}-32-32-${classes}:relu.` },
    );
}

/** The state of an interrupted run on the same data. */
async function heldState(directory: string, digest: string): Promise<TrainingState | undefined> {
  const folder = join(directory, "unfinished");
  if (!(await hasTraining(folder))) return undefined;
  const before = Buffer.from(await readBytes(join(folder, "dataset.txt"))).toString("utf8");
  if (before !== digest)
    throw new ConfigError(expected("the data of the interrupted training", "--dataset", "other data"), {
      hint: "Pass --force to train anew.",
    });
  return await loadTraining(folder);
}

async function keepState(directory: string, state: TrainingState, digest: string): Promise<void> {
  const folder = join(directory, "unfinished");
  await writeFileAtomic(join(folder, "dataset.txt"), digest);
  await saveTraining(folder, state);
}

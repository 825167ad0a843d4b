/**
 * A training on disk, to go on with later: a folder with `training.json` and one folder `step-<n>` that it names.
 *
 *     training.json              format, spec, seed, step, losses, validations, which folder holds the arrays
 *     step-<n>/weights/          the network as it was; see checkpoint.ts
 *     step-<n>/best/             the network of the best validation, where training may stop early
 *     step-<n>/slot<k>.<i>.npy   running mean k of the optimiser for parameter i, both from 0
 *
 * `training.json` is replaced after the arrays are written and before the old ones are removed: whenever the process
 * dies, it names a folder that is whole.
 */
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { DataFormatError, expected, InputError } from "../errors.js";
import { writeFileAtomic } from "../io/atomic.js";
import { readBytes } from "../io/bytes.js";
import { formatNpy, parseNpy } from "../io/npy.js";
import { aCount, aNumber, aSize, aText, fields, floats, listOf, orNull } from "../shape.js";
import { checkWeights } from "./call.js";
import { loadNetwork, saveNetwork } from "./checkpoint.js";
import { slotCount } from "./optimiser.js";
import { checkSpec } from "./spec.js";
import type { TrainingState } from "./train.js";
import type { NetworkWeights } from "./weights.js";

const header = "training.json";

/** What `training.json` holds. */
interface Header extends Omit<TrainingState, "weights" | "slots" | "best"> {
  readonly format: "bettina-training";
  readonly formatVersion: 1;
  readonly best: Omit<NonNullable<TrainingState["best"]>, "weights"> | null;
}

const stateShape = fields({
  seed: aCount,
  points: aSize,
  step: aSize,
  slots: listOf(listOf(floats)),
  losses: listOf(fields({})),
  lossSum: aNumber,
  lossCount: aCount,
  validations: listOf(fields({})),
  best: orNull(fields({ validation: fields({}) })),
});

/** Writes a state into a folder, which is made when missing; a state that was there is replaced. */
export async function saveTraining(directory: string, state: TrainingState): Promise<void> {
  aText(directory, "directory");
  stateShape(state, "state");
  checkSpec(state.spec);
  checkWeights(state.weights);
  if (state.best !== null) checkWeights(state.best.weights);
  const { weights, slots, best, ...rest } = state;
  const folder = join(directory, `step-${state.step}`);
  await saveNetwork(join(folder, "weights"), weights);
  if (best) await saveNetwork(join(folder, "best"), best.weights);
  for (const [k, slot] of slots.entries())
    for (const [i, values] of slot.entries())
      await writeFileAtomic(join(folder, `slot${k}.${i}.npy`), formatNpy(values, [values.length]));
  const head: Header = {
    format: "bettina-training",
    formatVersion: 1,
    ...rest,
    best: best && { validation: best.validation },
  };
  await writeFileAtomic(join(directory, header), `${JSON.stringify(head)}\n`);
  for (const name of await readdir(directory))
    if (/^step-\d+$/.test(name) && name !== `step-${state.step}`)
      await rm(join(directory, name), { recursive: true, force: true });
}

/** Removes a state; other files of the folder stay. */
export async function removeTraining(directory: string): Promise<void> {
  await rm(join(directory, header), { force: true });
  for (const name of await readdir(directory).catch((): string[] => []))
    if (/^step-\d+$/.test(name)) await rm(join(directory, name), { recursive: true, force: true });
}

/** Whether the folder holds a state. */
export async function hasTraining(directory: string): Promise<boolean> {
  return (await readdir(directory).catch((): string[] => [])).includes(header);
}

/**
 * Reads a state that {@link saveTraining} wrote.
 * @throws InputError when the folder holds none, DataFormatError, with the file, for anything that does not fit
 */
export async function loadTraining(directory: string): Promise<TrainingState> {
  aText(directory, "directory");
  const path = join(directory, header);
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new InputError(expected("the folder of an interrupted training", "training", directory), {
      cause,
      hint: "Begin anew.",
    });
  });
  const fail = (what: string, name: string, got: unknown): never => {
    throw new DataFormatError(expected(what, `${name} in ${path}`, got), { path, hint: "Begin the training anew." });
  };
  let head: Partial<Header>;
  try {
    head = JSON.parse(text) as Partial<Header>;
  } catch {
    return fail("JSON", "the training", text.slice(0, 60));
  }
  if (head?.format !== "bettina-training" || head.formatVersion !== 1)
    return fail('"bettina-training", version 1,', "format", head?.format);
  const { format: _, formatVersion: __, best, ...rest } = head as Header;
  checkSpec(rest.spec);
  if (!Number.isSafeInteger(rest.step) || rest.step < 1) fail("a positive integer", "step", rest.step);
  if (!Array.isArray(rest.losses) || !Array.isArray(rest.validations)) fail("lists", "losses", rest.losses);
  const folder = join(directory, `step-${rest.step}`);
  const weights = await loadNetwork(join(folder, "weights"));
  const sizes = parameterSizes(weights);
  const slots: Float32Array[][] = [];
  for (let k = 0; k < slotCount(rest.spec.optimiser ?? { name: "sgd" }); k++) {
    const slot: Float32Array[] = [];
    for (const [i, size] of sizes.entries()) slot.push(await readSlot(join(folder, `slot${k}.${i}.npy`), size));
    slots.push(slot);
  }
  return { ...rest, weights, slots, best: best && { ...best, weights: await loadNetwork(join(folder, "best")) } };
}

/** Numbers per parameter, in the order of `toTensors`. */
function parameterSizes(weights: NetworkWeights): number[] {
  return weights.layers.flatMap(({ kernel, bias, before, after }) => [
    kernel.length,
    bias.length,
    ...[before, after].flatMap((norm) => (norm ? [norm.scale.length, norm.shift.length] : [])),
  ]);
}

async function readSlot(path: string, size: number): Promise<Float32Array> {
  const array = parseNpy(await readBytes(path), { path });
  if (!(array.data instanceof Float32Array) || array.data.length !== size)
    throw new DataFormatError(expected(`${size} numbers of <f4`, path, `${array.dtype} (${array.shape.join(", ")})`), {
      path,
      hint: "Begin the training anew.",
    });
  return array.data;
}

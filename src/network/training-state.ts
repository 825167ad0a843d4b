/**
 * A training on disk, to go on with later: a folder with `training.json` and one folder `step-<n>` that it names.
 *
 *     training.json              format, spec, seed, step, losses, validations, which folder holds the arrays, the SHA-256
 *                                of what is in it and one over all of this
 *     step-<n>/weights/          the network as it was; see checkpoint.ts
 *     step-<n>/best/             the network of the best validation, where training may stop early
 *     step-<n>/slot<k>.<i>.npy   running mean k of the optimiser for parameter i, both from 0
 *
 * `training.json` is replaced after the arrays are written and before the old ones are removed: whenever the process
 * dies, it names a folder that is whole.
 */
import { createHash } from "node:crypto";
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { DataFormatError, expected, InputError } from "../errors.js";
import { writeFileAtomic } from "../io/atomic.js";
import { readBytes } from "../io/bytes.js";
import { formatNpy, parseNpy } from "../io/npy.js";
import { aCount, aNumber, aSize, aText, fields, floats, listOf, orNull } from "../shape.js";
import { checkWeights } from "./call.js";
import { holdsNetwork, loadNetwork, networkDigest, saveNetwork } from "./checkpoint.js";
import { slotCount } from "./optimiser.js";
import { checkSpec } from "./spec.js";
import type { TrainingState } from "./train.js";
import type { NetworkWeights } from "./weights.js";

const header = "training.json";

/** What `training.json` holds. */
interface Header extends Omit<TrainingState, "weights" | "slots" | "best"> {
  readonly format: "bettina-training";
  readonly formatVersion: 2;
  readonly best: Omit<NonNullable<TrainingState["best"]>, "weights"> | null;
  /** SHA-256, in hexadecimal, of `network.json` of both networks (see checkpoint.ts) and of every other file, by its path below `step-<n>`. */
  readonly files: Readonly<Record<string, string>>;
  /** SHA-256 of the JSON of everything above. */
  readonly digest: string;
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
  const files: Record<string, string> = { weights: networkDigest(weights) };
  await saveNetwork(join(folder, "weights"), weights);
  if (best) {
    files.best = networkDigest(best.weights);
    await saveNetwork(join(folder, "best"), best.weights);
  }
  for (const [k, slot] of slots.entries())
    for (const [i, values] of slot.entries()) {
      const content = formatNpy(values, [values.length]);
      files[`slot${k}.${i}.npy`] = sha256(content);
      await writeFileAtomic(join(folder, `slot${k}.${i}.npy`), content);
    }
  const head: Omit<Header, "digest"> = {
    format: "bettina-training",
    formatVersion: 2,
    ...rest,
    best: best && { validation: best.validation },
    files,
  };
  await writeFileAtomic(
    join(directory, header),
    `${JSON.stringify({ ...head, digest: sha256(JSON.stringify(head)) })}\n`,
  );
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
  if (head?.format !== "bettina-training" || head.formatVersion !== 2)
    return fail('"bettina-training", version 2,', "format", `${head?.format}, version ${head?.formatVersion}`);
  const { digest, ...content } = head as Header;
  if (digest !== sha256(JSON.stringify(content))) return fail("the SHA-256 of all the rest", "digest", digest);
  const { format: _, formatVersion: __, best, files, ...rest } = content;
  checkSpec(rest.spec);
  if (!Number.isSafeInteger(rest.step) || rest.step < 1) fail("a positive integer", "step", rest.step);
  if (!Array.isArray(rest.losses) || !Array.isArray(rest.validations)) fail("lists", "losses", rest.losses);
  const folder = join(directory, `step-${rest.step}`);
  const network = async (name: "weights" | "best"): Promise<NetworkWeights> => {
    const path = join(folder, name);
    const weights = await loadNetwork(path);
    if (await holdsNetwork(path, `${files[name]}`)) return weights;
    throw new DataFormatError(expected("the network that was saved with the training", path, "another"), {
      path,
      hint: "Begin the training anew.",
    });
  };
  const weights = await network("weights");
  const sizes = parameterSizes(weights);
  const slots: Float32Array[][] = [];
  for (let k = 0; k < slotCount(rest.spec.optimiser ?? { name: "sgd" }); k++) {
    const slot: Float32Array[] = [];
    for (const [i, size] of sizes.entries())
      slot.push(await readSlot(join(folder, `slot${k}.${i}.npy`), size, files[`slot${k}.${i}.npy`]));
    slots.push(slot);
  }
  return { ...rest, weights, slots, best: best && { ...best, weights: await network("best") } };
}

/** Numbers per parameter, in the order of `toTensors`. */
function parameterSizes(weights: NetworkWeights): number[] {
  return weights.layers.flatMap(({ kernel, bias, before, after }) => [
    kernel.length,
    bias.length,
    ...[before, after].flatMap((norm) => (norm ? [norm.scale.length, norm.shift.length] : [])),
  ]);
}

async function readSlot(path: string, size: number, digest: string | undefined): Promise<Float32Array> {
  const bytes = await readBytes(path);
  const array = parseNpy(bytes, { path });
  if (!(array.data instanceof Float32Array) || array.data.length !== size)
    throw new DataFormatError(expected(`${size} numbers of <f4`, path, `${array.dtype} (${array.shape.join(", ")})`), {
      path,
      hint: "Begin the training anew.",
    });
  const found = sha256(bytes);
  if (found !== digest)
    throw new DataFormatError(expected(`SHA-256 ${digest?.slice(0, 16)}…, as saved,`, path, `${found.slice(0, 16)}…`), {
      path,
      hint: "The file was changed: begin the training anew.",
    });
  return array.data;
}

function sha256(content: Uint8Array | string): string {
  return createHash("sha256").update(content).digest("hex");
}

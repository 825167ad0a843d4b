/**
 * Networks on disk: a folder with `network.json` and one .npy file an array, which NumPy reads as they are.
 *
 *     network.json               format, layer sizes, activation, epsilon, which arrays there are, the SHA-256 of each
 *                                and one over all of this
 *     layer<l>.kernel.npy        [inputs, outputs], layer<l>.bias.npy [outputs], l from 1; the output layer is the last
 *     layer<l>.<place>.<part>.npy   batch norm `before` and `after` the activation: scale, shift, mean, variance
 *
 * The same network gives the same bytes. `network.json` is written last: a folder that has it is whole.
 */
import { createHash } from "node:crypto";
import { readdir, readFile, rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { DataFormatError, expected, InputError } from "../errors.js";
import { writeFileAtomic } from "../io/atomic.js";
import { readBytes } from "../io/bytes.js";
import { formatNpy, parseNpy } from "../io/npy.js";
import { aText } from "../shape.js";
import { type Activation, activationNames, isActivation } from "./activation.js";
import { checkWeights } from "./call.js";
import type { BatchNormWeights, LayerWeights, NetworkWeights } from "./weights.js";

const header = "network.json";
const places = ["before", "after"] as const;
const parts = ["scale", "shift", "mean", "variance"] as const;
const ours = /^layer\d+\.(kernel|bias|(before|after)\.(scale|shift|mean|variance))\.npy$/;

/** What `network.json` holds. */
interface Header {
  readonly format: "bettina-network";
  readonly formatVersion: 2;
  readonly widths: readonly number[];
  readonly activation: Activation;
  readonly batchNormEpsilon: number;
  /** Per layer, which batch norms it has: `none`, or `new` before and `measured` after their statistics were taken. */
  readonly layers: readonly { readonly before: NormState; readonly after: NormState }[];
  /** SHA-256, in hexadecimal, of the bytes of every array's file, by its name. */
  readonly arrays: Readonly<Record<string, string>>;
  /** SHA-256 of the JSON of everything above. */
  readonly digest: string;
}

type NormState = "none" | "new" | "measured";

/** Writes a network into a folder, which is made when missing; a network that was there is replaced. */
export async function saveNetwork(directory: string, weights: NetworkWeights): Promise<void> {
  aText(directory, "directory");
  checkWeights(weights);
  await removeNetwork(directory);
  for (const [name, content] of filesOf(weights)) await writeFileAtomic(join(directory, name), content);
}

/** SHA-256 of `network.json`, and so of everything that {@link saveNetwork} would write. */
export function networkDigest(weights: NetworkWeights): string {
  return sha256([...filesOf(weights).values()].at(-1)!);
}

/** What a network's folder holds, by name; `network.json` is the last. */
function filesOf({ widths, activation, batchNormEpsilon, layers }: NetworkWeights): Map<string, Uint8Array | string> {
  const files = new Map<string, Uint8Array | string>();
  for (const [i, layer] of layers.entries()) {
    const [inputs, outputs] = [widths[i]!, widths[i + 1]!];
    const add = (name: string, data: Float32Array, shape: readonly number[]) =>
      files.set(`layer${i + 1}.${name}.npy`, formatNpy(data, shape));
    add("kernel", layer.kernel, [inputs, outputs]);
    add("bias", layer.bias, [outputs]);
    for (const place of places)
      for (const part of parts) {
        const data = layer[place]?.[part];
        if (data) add(`${place}.${part}`, data, [outputs]);
      }
  }
  const head: Omit<Header, "digest"> = {
    format: "bettina-network",
    formatVersion: 2,
    widths,
    activation,
    batchNormEpsilon,
    layers: layers.map(({ before, after }) => ({ before: stateOf(before), after: stateOf(after) })),
    arrays: Object.fromEntries([...files].map(([name, content]) => [name, sha256(content)])),
  };
  return files.set(header, `${JSON.stringify({ ...head, digest: sha256(JSON.stringify(head)) }, null, 2)}\n`);
}

function sha256(content: Uint8Array | string): string {
  return createHash("sha256").update(content).digest("hex");
}

/** Removes the files of a network, and the folder where nothing else is in it. */
export async function removeNetwork(directory: string): Promise<void> {
  await rm(join(directory, header), { force: true });
  for (const name of await readdir(directory).catch(() => []))
    if (ours.test(name)) await rm(join(directory, name), { force: true });
  await rmdir(directory).catch(() => {}); // holds files of others, or is not there
}

/** Whether the folder holds a network that was written to its end, whatever became of it since. */
export async function hasNetwork(directory: string): Promise<boolean> {
  return (await readdir(directory).catch((): string[] => [])).includes(header);
}

/**
 * Whether the folder holds this network, whole. Cost: every file is read.
 * @param digest see {@link networkDigest}
 */
export async function holdsNetwork(directory: string, digest: string): Promise<boolean> {
  try {
    if (sha256(await readFile(join(directory, header))) !== digest) return false;
    await loadNetwork(directory);
    return true;
  } catch {
    return false; // missing, cut or changed: what is wrong with it is of no interest here
  }
}

/**
 * Reads a network that {@link saveNetwork} wrote.
 * @throws InputError when the folder holds none, DataFormatError, with the file, for anything that does not fit
 */
export async function loadNetwork(directory: string): Promise<NetworkWeights> {
  aText(directory, "directory");
  const head = await readHeader(directory);
  const layers: LayerWeights[] = [];
  for (const [i, { before, after }] of head.layers.entries()) {
    const [inputs, outputs] = [head.widths[i]!, head.widths[i + 1]!];
    const read = (name: string, shape: readonly number[]) =>
      readArray(join(directory, `layer${i + 1}.${name}.npy`), shape, head.arrays[`layer${i + 1}.${name}.npy`]);
    const norm = async (place: "before" | "after", state: NormState): Promise<BatchNormWeights | null> => {
      if (state === "none") return null;
      const measured = state === "measured";
      return {
        scale: await read(`${place}.scale`, [outputs]),
        shift: await read(`${place}.shift`, [outputs]),
        mean: measured ? await read(`${place}.mean`, [outputs]) : null,
        variance: measured ? await read(`${place}.variance`, [outputs]) : null,
      };
    };
    layers.push({
      kernel: await read("kernel", [inputs, outputs]),
      bias: await read("bias", [outputs]),
      before: await norm("before", before),
      after: await norm("after", after),
    });
  }
  const { widths, activation, batchNormEpsilon } = head;
  return { widths, activation, batchNormEpsilon, layers };
}

async function readHeader(directory: string): Promise<Header> {
  const path = join(directory, header);
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    throw new InputError(expected("the folder of a saved network", "weights", directory), {
      cause,
      hint: "bettina study --save-weights keeps one per network in weights/ of its folder.",
    });
  }
  const fail = (what: string, name: string, got: unknown): never => {
    throw new DataFormatError(expected(what, `${name} in ${path}`, got), { path, hint: "Save the network again." });
  };
  let head: Partial<Header> | null;
  try {
    head = JSON.parse(text) as Partial<Header> | null;
  } catch {
    return fail("JSON", "the network", text);
  }
  if (head?.format !== "bettina-network" || head.formatVersion !== 2)
    return fail('"bettina-network", version 2,', "format", `${head?.format}, version ${head?.formatVersion}`);
  const { widths, activation, batchNormEpsilon, layers, arrays } = head;
  const sizes = Array.isArray(widths) && widths.length >= 2 && widths.every((w) => Number.isSafeInteger(w) && w >= 1);
  if (!sizes) return fail("at least two positive integers", "widths", widths);
  if (!isActivation(activation)) return fail(`one of ${activationNames.join(", ")}`, "activation", activation);
  if (!(typeof batchNormEpsilon === "number" && batchNormEpsilon > 0))
    return fail("a positive number", "batchNormEpsilon", batchNormEpsilon);
  const known = (state: unknown) => state === "none" || state === "new" || state === "measured";
  if (!Array.isArray(layers) || layers.length !== widths!.length - 1)
    return fail(`${widths!.length - 1} entries`, "layers", layers);
  for (const layer of layers as Partial<Header["layers"][number]>[])
    if (!known(layer?.before) || !known(layer?.after)) return fail("none, new or measured", "batch norms", layer);
  if (typeof arrays !== "object" || arrays === null) return fail("an object", "arrays", arrays);
  // After what can be said more plainly.
  const { digest, ...rest } = head;
  if (digest !== sha256(JSON.stringify(rest))) return fail("the SHA-256 of all the rest", "digest", digest);
  return head as Header;
}

async function readArray(path: string, shape: readonly number[], digest: string | undefined): Promise<Float32Array> {
  const bytes = await readBytes(path);
  const array = parseNpy(bytes, { path });
  if (!(array.data instanceof Float32Array) || array.shape.join() !== shape.join())
    throw new DataFormatError(
      expected(`<f4 numbers of shape (${shape.join(", ")})`, path, `${array.dtype} (${array.shape.join(", ")})`),
      {
        path,
        hint: "Save the network again.",
      },
    );
  const bad = array.data.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0)
    throw new DataFormatError(expected("finite numbers", `entry ${bad} of ${path}`, array.data[bad]), {
      path,
      hint: "A network whose training diverged has no bounds.",
    });
  // After what can be said more plainly: cut off, of another shape, not finite.
  const found = sha256(bytes);
  if (found !== digest)
    throw new DataFormatError(expected(`SHA-256 ${digest?.slice(0, 16)}…, as saved,`, path, `${found.slice(0, 16)}…`), {
      path,
      hint: "The file was changed: save the network again.",
    });
  return array.data;
}

function stateOf(norm: BatchNormWeights | null): NormState {
  return norm === null ? "none" : norm.mean === null || norm.variance === null ? "new" : "measured";
}

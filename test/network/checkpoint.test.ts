import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseNpy } from "../../src/io/npy.js";
import { hasNetwork, loadNetwork, removeNetwork, saveNetwork } from "../../src/network/checkpoint.js";
import { initialNetwork, type NetworkSpec, type NetworkWeights } from "../../src/network/weights.js";

const spec: NetworkSpec = {
  widths: [6, 4, 3, 2],
  activation: "square",
  initialisation: "normal",
  batchNorm: "around-activation",
  batchNormEpsilon: 1e-3,
  loss: "mean",
  learningRate: 0.1,
  batchSize: 4,
  steps: 1,
  heldBack: 0,
};

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "bettina-checkpoint-"));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

/** With statistics in the first layer only, so that all three states of a batch norm are met. */
function sample(): NetworkWeights {
  const start = initialNetwork(spec, 7);
  const [first, ...rest] = start.layers;
  const before = { ...first!.before!, mean: Float32Array.of(1, 2, 3, 4), variance: Float32Array.of(4, 3, 2, 1) };
  return { ...start, layers: [{ ...first!, before }, ...rest] };
}

describe("a saved network", () => {
  it("comes back bit for bit, and is saved to the same bytes again", async () => {
    const weights = sample();
    const one = join(directory, "one");
    const two = join(directory, "two");
    await saveNetwork(one, weights);
    const back = await loadNetwork(one);
    expect(back).toEqual(weights);
    await saveNetwork(two, back);
    const names = await readdir(one);
    // 3 kernels and biases; two batch norms in two layers with scale and shift; one of them with statistics; the header.
    expect(names.length).toBe(6 + 8 + 2 + 1);
    expect(await readdir(two)).toEqual(names);
    for (const name of names) expect(await readFile(join(two, name))).toEqual(await readFile(join(one, name)));
  });

  it("is plain NumPy, inputs by outputs", async () => {
    const path = join(directory, "one", "layer2.kernel.npy");
    const { shape, data } = parseNpy(await readFile(path), { path });
    expect(shape).toEqual([4, 3]);
    expect(data).toEqual(sample().layers[1]!.kernel);
  });

  it("is replaced whole, and removed without touching other files", async () => {
    const folder = join(directory, "replaced");
    await saveNetwork(folder, sample());
    await saveNetwork(folder, initialNetwork({ ...spec, widths: [6, 2], batchNorm: "none" }, 1));
    expect((await readdir(folder)).sort()).toEqual(["layer1.bias.npy", "layer1.kernel.npy", "network.json"]);
    await writeFile(join(folder, "notes.txt"), "mine");
    expect(await hasNetwork(folder)).toBe(true);
    await removeNetwork(folder);
    expect(await readdir(folder)).toEqual(["notes.txt"]);
    expect(await hasNetwork(folder)).toBe(false);
  });

  it("that does not fit its description is refused, with the file", async () => {
    const folder = join(directory, "broken");
    await expect(loadNetwork(folder)).rejects.toThrow(/Expected the folder of a saved network for weights/);
    const breakIt = async (name: string, change: (text: Buffer) => string | Uint8Array, message: RegExp) => {
      await saveNetwork(folder, sample());
      const path = join(folder, name);
      await writeFile(path, change(await readFile(path)));
      await expect(loadNetwork(folder)).rejects.toThrow(message);
    };
    const edit = (from: string, to: string) => (text: Buffer) => text.toString("latin1").replace(from, to);
    await breakIt(
      "network.json",
      edit("bettina-network", "other"),
      /"bettina-network", version 2,.* "other, version 2"/,
    );
    await breakIt("network.json", edit("square", "cosine"), /one of relu, square, .* for activation/);
    await breakIt("network.json", (text) => text.subarray(0, 20), /Expected JSON/);
    await breakIt("network.json", edit('"measured"', '"maybe"'), /none, new or measured/);
    // What fits, but is not what was saved: another size, another activation, one bit of a weight.
    await breakIt(
      "network.json",
      edit("6,", "5,"),
      /Expected the SHA-256 of all the rest for digest in .*network\.json/,
    );
    await breakIt("network.json", edit("square", "relu"), /the SHA-256 of all the rest for digest/);
    const flipped = (bytes: Buffer) => bytes.with(bytes.length - 4, bytes.at(-4)! ^ 1);
    await breakIt("layer1.kernel.npy", flipped, /Expected SHA-256 .*, as saved, for .*layer1\.kernel\.npy/);
    const other = await readFile(join(folder, "layer2.kernel.npy"));
    await breakIt("layer1.kernel.npy", () => other, /shape \(6, 4\) for .*layer1\.kernel\.npy/);
    await breakIt("layer1.bias.npy", (bytes) => bytes.fill(0xff, bytes.length - 4), /finite numbers for entry 3 of /);
    await breakIt("layer3.bias.npy", (bytes) => bytes.subarray(0, bytes.length - 1), /layer3\.bias\.npy/);
  });
});

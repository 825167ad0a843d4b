/** `bettina train` and `bettina measure`: by the built program from an architecture to diagrams, and what is refused. */
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadNetwork, saveNetwork } from "../../src/network/checkpoint.js";
import { built, run, start } from "./support.js";

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "bettina-train-"));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const recipe = ["train", "2-8-2:square", "--dataset", "annuli", "--steps", "300", "--learning-rate", "0.1", "--quiet"];

describe.skipIf(!built)("from an architecture to diagrams", () => {
  it("trains a network that tells two annuli apart, and finds the loop of each in its layer", async () => {
    const out = join(directory, "annuli");
    const args = [...recipe, "--hold-back", "2000", "--validate-every", "50", "--out", out];
    const trained = await start([...args, "--json"]);
    expect(trained).toMatchObject({ code: 0, stderr: "" });
    const result = JSON.parse(trained.stdout) as Record<string, unknown> & { validations: { step: number }[] };
    expect(result).toMatchObject({
      format: "bettina-training-result",
      // 2·8 + 8 + 8·2 + 2
      parameters: 42,
      stepsDone: 300,
      dataset: { name: "annuli" },
      spec: { widths: [2, 8, 2], activation: "square" },
    });
    // Circles are level sets of a quadratic function: a layer of squares can be perfect.
    expect(result.testAccuracy).toBeGreaterThan(0.99);
    expect(result.validations.map(({ step }) => step)).toEqual([50, 100, 150, 200, 250, 300]);
    expect(JSON.parse(await readFile(join(out, "training-result.json"), "utf8"))).toEqual(result);
    expect((await readdir(out)).sort()).toEqual([
      "layer1.bias.npy",
      "layer1.kernel.npy",
      "layer2.bias.npy",
      "layer2.kernel.npy",
      "network.json",
      "training-result.json",
    ]);

    const measure = ["measure", out, "--dataset", "annuli", "--sample", "150", "--readout", "ratio>2", "--quiet"];
    const measured = await start([...measure, "--json"]);
    expect(measured).toMatchObject({ code: 0, stderr: "" });
    const document = JSON.parse(measured.stdout) as {
      accuracy: number;
      clouds: { class: number; layer: number; shape: number[]; betti: number[]; diagrams: number[][][] }[];
    };
    expect(document.accuracy).toBe(result.testAccuracy);
    expect(document.clouds.map(({ class: label, layer, shape }) => [label, layer, shape])).toEqual([
      [0, 0, [150, 2]],
      [0, 1, [150, 8]],
      [1, 0, [150, 2]],
      [1, 1, [150, 8]],
    ]);
    for (const { layer, betti } of document.clouds) if (layer === 0) expect(betti[1]).toBe(1);
    // A second run says the same, whatever the threads; the table has the numbers that are known.
    expect((await start([...measure, "--json", "--threads", "1"])).stdout).toBe(measured.stdout);
    const { stdout } = await run(measure);
    expect(stdout).toMatch(/^ *class +input +layer 1 +known$/m);
    expect(stdout).toMatch(/^ *1 +–, 1 +\S+ \S+ +1, 1$/m);
    // Every interval counts by `count`: 150 components. What is more than noise stands below it, and is what is known.
    const counted = await run([...measure.slice(0, -3), "--quiet"]);
    expect(counted.stdout).toMatch(
      /Betti numbers by count.*more than noise \(b0 by single-linkage-gap>2, the rest by universal-null@0\.05\)/,
    );
    expect(counted.stdout).toMatch(/^ *1 +150, \d+ .* 1, 1\n *significant +1, 1 +\S+ \S+ +1, 1$/m);
    const known = JSON.parse((await run([...measure, "--json"])).stdout);
    for (const { layer, significant } of known.clouds) if (layer === 0) expect(significant).toEqual([1, 1]);
    expect(known.significantReadouts).toEqual({ components: "single-linkage-gap>2", rest: "universal-null@0.05" });

    // The folder is not trained over without being told so.
    expect(await start(args)).toMatchObject({ code: 2, stderr: expect.stringContaining("a folder without a network") });
  });

  it("tells every layer that cannot be measured, and writes nothing", async () => {
    const network = join(directory, "huge");
    await start(["train", "2-8-2:square", "--dataset", "annuli", "--steps", "1", "--quiet", "--out", network]);
    // Squares of 1e30 are beyond float32.
    const weights = await loadNetwork(network);
    const [first, ...rest] = weights.layers;
    await saveNetwork(network, {
      ...weights,
      layers: [{ ...first!, kernel: new Float32Array(16).fill(1e30) }, ...rest],
    });
    const out = join(directory, "huge.json");
    const args = ["measure", network, "--dataset", "annuli", "--sample", "20", "--quiet"];
    const { code, stdout, stderr } = await start([...args, "--out", out]);
    expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
    const lines = stderr.trimEnd().split("\n");
    expect(lines).toHaveLength(2);
    for (const [i, line] of lines.entries())
      expect(line).toMatch(new RegExp(`^bettina: class ${i}, layer 1: Expected (a )?finite number`));
    expect(await readdir(directory)).not.toContain("huge.json");
  });

  it("goes on after an interruption to the same network", async () => {
    const [whole, parts] = [join(directory, "whole"), join(directory, "parts")];
    const args = ["train", "2-8-2:square", "--dataset", "annuli", "--steps", "4000", "--optimiser", "adam"];
    args.push("--schedule", "cosine", "--learning-rate", "0.01", "--quiet", "--out");
    expect((await start([...args, whole])).code).toBe(0);
    // Interrupted as soon as there is something to go on from.
    const interrupted = start([...args.filter((arg) => arg !== "--quiet"), parts], {
      onStarted: async (kill) => {
        while (!(await readdir(join(parts, "unfinished")).catch((): string[] => [])).includes("training.json"))
          await new Promise((resolve) => setTimeout(resolve, 20));
        kill("SIGINT");
      },
    });
    expect(await interrupted).toMatchObject({
      code: 130,
      stderr: expect.stringContaining("Run the same command again"),
    });
    const again = await start([...args.filter((arg) => arg !== "--quiet"), parts]);
    expect(again).toMatchObject({ code: 0, stderr: expect.stringMatching(/^Going on from step \d+\.$/m) });
    const names = await readdir(whole);
    expect(await readdir(parts)).toEqual(names);
    for (const name of names) expect(await readFile(join(parts, name))).toEqual(await readFile(join(whole, name)));
  });
});

describe("train and measure", () => {
  it("plan without doing", async () => {
    const { code, stdout } = await run(["train", "784-64-32-10:poly:0,1,0.5", "--dry-run", "--json"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      parameters: 785 * 64 + 65 * 32 + 33 * 10,
      spec: { widths: [784, 64, 32, 10], activation: "poly:0,1,0.5", steps: 2000 },
    });
  });

  it("read a spec from a file; the command line wins", async () => {
    const spec = join(directory, "spec.json");
    await writeFile(
      spec,
      JSON.stringify({ widths: [2, 4, 2], activation: "tanh", steps: 7, optimiser: { name: "adam", beta1: 0.8 } }),
    );
    const { stdout } = await run(["train", "--spec", spec, "--steps", "9", "--dry-run", "--json"]);
    expect(JSON.parse(stdout).spec).toMatchObject({
      widths: [2, 4, 2],
      steps: 9,
      optimiser: { name: "adam", beta1: 0.8 },
    });
  });

  it.each([
    [["train"], 2, "Expected an architecture or --spec"],
    [["train", "2-8-2:relu"], 2, "Expected a folder for --out"],
    [["train", "2-8-2:sine", "--dry-run"], 2, "Expected one of relu, square, tanh, identity"],
    [
      ["train", "2-8-2:relu", "--schedule", "linear"],
      2,
      "Expected constant, cosine or step:<steps>[:<factor>] for --schedule",
    ],
    [["train", "2-8-2:relu", "--schedule", "step:10:2", "--dry-run"], 2, "between 0 and 1 for schedule.factor"],
    [["train", "2-8-2:relu", "--patience", "2", "--dry-run"], 2, "as earlyStop is set, for validateEvery"],
    [
      ["train", "3-8-2:relu", "--dataset", "annuli", "--out", "x", "-q"],
      2,
      "Expected 2 inputs and 2 outputs for annuli for architecture",
    ],
    [["measure", "no-such-folder", "-q"], 3, "Expected the folder of a saved network"],
  ])("refuse %j", async (args, code, message) => {
    const outcome = await run(args as string[]);
    expect(outcome.code).toBe(code);
    expect(outcome.stderr).toContain(message);
  });

  it("end with 4 where a network does not fit, already when planning", async () => {
    const { code, stderr } = await run(["train", "2-1000000000-2:relu", "--dataset", "annuli", "--dry-run"]);
    expect(code).toBe(4);
    expect(stderr).toContain("Expected at most 2.1 GB for the memory of the training, got");
  });

  it("call a training diverged that ends at chance with a loss far above a guess", async () => {
    const out = join(directory, "hot");
    const args = ["train", "2-8-2:relu", "--dataset", "annuli", "--steps", "60", "--learning-rate", "3000"];
    const { code, stdout } = await start([...args, "--out", out]);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /The training diverged: its loss ends at [\d,.]+, where a uniform guess has 0\.69\. Lower the /,
    );
    const result = JSON.parse(await readFile(join(out, "training-result.json"), "utf8"));
    expect(result).toMatchObject({ diverged: true, testAccuracy: 0.5 });
    expect(result.losses.at(-1).loss).toBeGreaterThan(6.94);
  });

  it("end with 6 and the step when training diverges", async () => {
    const args = [
      "train",
      "2-8-8-2:square",
      "--dataset",
      "annuli",
      "--learning-rate",
      "1e6",
      "--out",
      join(directory, "nan"),
      "-q",
    ];
    const { code, stderr } = await run(args);
    expect(code).toBe(6);
    expect(stderr).toMatch(/Expected a finite number for (loss at|weights after) step \d+ of 2000 \(epoch 1\)/);
  });
});

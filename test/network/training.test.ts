/** Trainings that are validated, stopped early, interrupted, or run side by side. */
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ConfigError, MemoryLimitError, TrainingError } from "../../src/errors.js";
import { accuracy, activations } from "../../src/network/activations.js";
import { type Backend, openBackend } from "../../src/network/backend.js";
import { epochRows } from "../../src/network/batches.js";
import { checkTrainingFits, trainingSeconds } from "../../src/network/estimate.js";
import { type NetworkSpec, parseSpec, specJsonSchema } from "../../src/network/spec.js";
import { type Training, type TrainingState, train } from "../../src/network/train.js";
import { loadTraining, removeTraining, saveTraining } from "../../src/network/training-state.js";
import { isBetter } from "../../src/network/validation.js";
import { Random } from "../../src/random.js";
import { imagesOf, randomImages, smallSpec } from "./support.js";

let backend: Backend;
let directory: string;
beforeAll(async () => {
  backend = await openBackend({ prefer: "wasm" });
  directory = await mkdtemp(join(tmpdir(), "bettina-training-"));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const images = randomImages(60, 6, 3);
const held = imagesOf(images.data.subarray(0, 20 * 6), images.labels.subarray(0, 20));
const validated = (changes: Partial<NetworkSpec> = {}) => smallSpec({ heldBack: 20, validateEvery: 5, ...changes });

describe("validation", () => {
  it("is the accuracy and the loss on the points held back, every so many steps and at the end", async () => {
    const { weights, validations } = await train(backend, validated({ steps: 23 }), images, { seed: 1 });
    expect(validations.map(({ step }) => step)).toEqual([5, 10, 15, 20, 23]);
    const last = validations.at(-1)!;
    expect(accuracy(backend, weights, held, { statistics: "sample" })).toBe(last.accuracy);
    const { logits } = activations(backend, weights, held, { statistics: "sample" });
    let loss = 0;
    for (let i = 0; i < 20; i++) {
      const row = Array.from(logits.data.subarray(3 * i, 3 * i + 3), Math.exp);
      loss -= Math.log(row[held.labels[i]!]! / (row[0]! + row[1]! + row[2]!)) / 20;
    }
    expect(last.loss).toBeCloseTo(loss, 6);
  });

  it("changes nothing about the training", async () => {
    const plain = await train(backend, smallSpec({ heldBack: 20 }), images, { seed: 1 });
    const { weights, losses } = await train(backend, validated(), images, { seed: 1 });
    expect({ weights, losses }).toEqual({ weights: plain.weights, losses: plain.losses });
    expect(plain).toMatchObject({ validations: [], step: 20, stepsDone: 20 });
  });

  it("notices weights that are no longer finite before it measures them", async () => {
    const spec = validated({ learningRate: 3e38, loss: "sum", validateEvery: 1, batchSize: 40 });
    await expect(train(backend, spec, images, { seed: 1 })).rejects.toThrow(TrainingError);
    await expect(train(backend, spec, images, { seed: 1 })).rejects.toThrow(
      /for weights after step 1 of 20 \(epoch 1\)/,
    );
  });
});

describe("early stopping", () => {
  it.each(["accuracy", "loss"] as const)("by %s keeps the weights of the best, the earliest of equals", async (by) => {
    // So large a rate that the validations go up and down.
    const spec = validated({ steps: 400, learningRate: 0.8, validateEvery: 3 });
    const all = (await train(backend, spec, images, { seed: 4 })).validations;
    const stopped = await train(backend, { ...spec, earlyStop: { by, patience: 4 } }, images, { seed: 4 });
    // The rule, said again: after four in a row that are not better than the best before them.
    let best = 0;
    let last = all.length - 1;
    for (let i = 1; i < all.length; i++) {
      if (by === "accuracy" ? all[i]!.accuracy > all[best]!.accuracy : all[i]!.loss < all[best]!.loss) best = i;
      else if (i - best === 4) {
        last = i;
        break;
      }
    }
    expect(last).toBeLessThan(all.length - 1);
    expect(best).toBeGreaterThan(0);
    expect(stopped.validations).toEqual(all.slice(0, last + 1));
    expect([stopped.step, stopped.stepsDone]).toEqual([all[best]!.step, all[last]!.step]);
    expect(stopped.losses.at(-1)!.step).toBe(stopped.stepsDone);
    // A training of just so many steps ends with these very weights: without a schedule the number of steps changes none.
    const cut = await train(backend, { ...spec, steps: stopped.step }, images, { seed: 4 });
    expect(stopped.weights).toEqual(cut.weights);
  });

  it("does not take an equal one for better", () => {
    const one = { step: 1, loss: 0.5, accuracy: 0.9 };
    expect(isBetter({ ...one, step: 2 }, one, "accuracy")).toBe(false);
    expect(isBetter({ ...one, step: 2 }, one, "loss")).toBe(false);
    expect(isBetter({ ...one, accuracy: 0.91, loss: 0.6 }, one, "accuracy")).toBe(true);
    expect(isBetter({ ...one, accuracy: 0.91, loss: 0.6 }, one, "loss")).toBe(false);
    expect(isBetter({ ...one, loss: Number.NaN }, one, "loss")).toBe(false);
  });
});

describe("a training taken up again", () => {
  const recipes: Partial<NetworkSpec>[] = [
    // Losses are averaged over two steps here, so that some stops fall between two entries.
    { steps: 130 },
    { optimiser: { name: "momentum" }, schedule: { name: "step", every: 7, factor: 0.5 } },
    { optimiser: { name: "adam" }, schedule: { name: "cosine" }, learningRate: 0.01, activation: "tanh" },
    { batchNorm: "none", activation: "poly:0,1,0.5", learningRate: 0.01 },
    { earlyStop: { by: "loss", patience: 3 }, learningRate: 0.5, optimiser: { name: "momentum", momentum: 0.5 } },
  ];
  it.each(recipes.map((recipe) => [JSON.stringify(recipe), recipe] as const))(
    "%s ends at the same bits",
    async (_, recipe) => {
      const spec = validated({ steps: 60, ...recipe });
      const states: TrainingState[] = [];
      const onCheckpoint = (state: TrainingState) => {
        states.push(state);
      };
      const whole = await train(backend, spec, images, { seed: 2, onCheckpoint, checkpointEvery: 13 });
      const stops = Array.from({ length: 9 }, (_unused, i) => 13 * (i + 1));
      expect(states.map(({ step }) => step)).toEqual(
        stops.filter((step) => step < spec.steps && step <= whole.stepsDone),
      );
      for (const [i, state] of states.entries()) {
        const folder = join(directory, "state");
        await saveTraining(folder, state);
        const read = await loadTraining(folder);
        expect(read).toEqual(state);
        expect((await readdir(folder)).sort()).toEqual([`step-${13 * (i + 1)}`, "training.json"]);
        expect(await train(backend, spec, images, { seed: 2, resume: read })).toEqual(whole);
      }
      await removeTraining(join(directory, "state"));
      expect(await readdir(join(directory, "state"))).toEqual([]);
    },
  );

  it("is refused where it is another one", async () => {
    let state!: TrainingState;
    const keep = (taken: TrainingState) => {
      state = taken;
    };
    const spec = validated();
    await train(backend, spec, images, { seed: 2, checkpointEvery: 10, onCheckpoint: keep });
    const go = (changes: Partial<NetworkSpec>, seed: number, points = images) =>
      train(backend, { ...spec, ...changes }, points, { seed, resume: state });
    await expect(go({ learningRate: 0.2 }, 2)).rejects.toThrow(ConfigError);
    await expect(go({}, 3)).rejects.toThrow("Expected the seed of the state, 2, for seed, got 3.");
    await expect(go({}, 2, randomImages(61, 6, 3))).rejects.toThrow(
      "Expected the 60 points of the state for points, got 61.",
    );
    await saveTraining(join(directory, "broken"), state);
    const path = join(directory, "broken", "training.json");
    await writeFile(path, (await readFile(path, "utf8")).replace("bettina-training", "other"));
    await expect(loadTraining(join(directory, "broken"))).rejects.toThrow(/"bettina-training", version 2/);
    // A changed number, and a changed running mean of the optimiser.
    await saveTraining(join(directory, "broken"), state);
    await writeFile(path, (await readFile(path, "utf8")).replace('"seed":2', '"seed":3'));
    await expect(loadTraining(join(directory, "broken"))).rejects.toThrow(/the SHA-256 of all the rest for digest/);
    await saveTraining(join(directory, "broken"), state);
    const folder = join(directory, "broken", `step-${state.step}`);
    const [slot] = (await readdir(folder)).filter((name) => name.startsWith("slot"));
    const file = slot === undefined ? join(folder, "weights", "layer1.bias.npy") : join(folder, slot);
    const bytes = await readFile(file);
    await writeFile(file, bytes.with(bytes.length - 4, bytes.at(-4)! ^ 1));
    await expect(loadTraining(join(directory, "broken"))).rejects.toThrow(/Expected SHA-256 .*, as saved, for /);
    await expect(loadTraining(join(directory, "none"))).rejects.toThrow(/the folder of an interrupted training/);
  });

  it("meets the rows that an uninterrupted one meets", () => {
    const rows = epochRows(5, 25, new Random(1));
    const all = Array.from({ length: 200 }, () => rows.next().value);
    for (const skip of [0, 1, 19, 20, 21, 40, 133]) {
      const rest = epochRows(5, 25, new Random(1), skip);
      expect(Array.from({ length: 60 }, () => rest.next().value)).toEqual(all.slice(skip, skip + 60));
    }
  });
});

describe("two trainings in two threads", () => {
  it("end at the same bits as alone", async () => {
    const file = fileURLToPath(new URL("../../dist/network/", import.meta.url));
    const code = `
      const { parentPort, workerData } = require("node:worker_threads");
      (async () => {
        const { openBackend } = await import(workerData.folder + "backend.js");
        const { train } = await import(workerData.folder + "train.js");
        const backend = await openBackend({ prefer: "wasm" });
        parentPort.postMessage(await train(backend, workerData.spec, workerData.images, { seed: workerData.seed }));
      })();`;
    const inThread = (spec: NetworkSpec, seed: number) =>
      new Promise<Training>((resolve, reject) => {
        const worker = new Worker(code, { eval: true, workerData: { folder: `file://${file}`, spec, images, seed } });
        worker.once("message", resolve).once("error", reject);
      });
    const one = smallSpec({ widths: [6, 32, 32, 3], steps: 300 });
    const other: NetworkSpec = { ...one, activation: "tanh", optimiser: { name: "adam" }, learningRate: 0.01 };
    const alone = [await train(backend, one, images, { seed: 1 }), await train(backend, other, images, { seed: 2 })];
    expect(await Promise.all([inThread(one, 1), inThread(other, 2)])).toEqual(alone);
  });
});

describe("a spec", () => {
  it("is read from JSON with its defaults", () => {
    expect(parseSpec({ widths: [2, 8, 2], activation: "tanh" })).toEqual({
      widths: [2, 8, 2],
      activation: "tanh",
      initialisation: "he",
      batchNorm: "none",
      batchNormEpsilon: 1e-3,
      loss: "mean",
      learningRate: 0.1,
      batchSize: 64,
      steps: 2000,
      heldBack: 0,
    });
    const schema = JSON.stringify(specJsonSchema());
    for (const word of ["widths", "cosine", "adam", "earlyStop", "2020-12"]) expect(schema).toContain(word);
  });

  it.each([
    [null, "Expected an object for spec"],
    [{ widths: [2, 2] }, "Expected the name of an activation for activation"],
    [{ widths: [2, 2], activation: "relu", speed: 1 }, "Expected only known fields for spec"],
    [{ widths: [2, 2], activation: "relu", optimiser: "adam" }, "Expected one of sgd, momentum, adam for optimiser"],
    [
      { widths: [2, 2], activation: "relu", optimiser: { name: "momentum", momentum: 1 } },
      "at least 0 and less than 1 for optimiser.momentum",
    ],
    [{ widths: [2, 2], activation: "relu", schedule: { name: "step" } }, "an integer of at least 1 for schedule.every"],
    [
      { widths: [2, 2], activation: "relu", schedule: { name: "step", every: 2, factor: 2 } },
      "between 0 and 1 for schedule.factor",
    ],
    [{ widths: [2, 2], activation: "relu", validateEvery: 3 }, "as validateEvery is set, for heldBack"],
    [
      { widths: [2, 2], activation: "relu", heldBack: 3, earlyStop: { by: "loss", patience: 1 } },
      "as earlyStop is set, for validateEvery",
    ],
  ])("%j is refused", (value, message) => {
    expect(() => parseSpec(value)).toThrow(ConfigError);
    expect(() => parseSpec(value)).toThrow(message);
  });

  it.each([
    // Kernels of 70,000 × 70,000 numbers; with gradients 39.2 GB.
    [{ widths: [2, 70_000, 70_000, 2] }, "got "],
    [{ widths: [2, 1_000_000_000, 2] }, "got "],
    // 8 outputs a point and their gradients: 16 × 4 bytes × 10^8.
    [{ widths: [2, 4, 2], batchSize: 100_000_000 }, 'got "at least 6.4 GB". Use narrower layers or smaller batches.'],
  ])("%j is refused before its training, which would not fit", async (fields, message) => {
    const spec = parseSpec({ activation: "relu", ...fields });
    expect(() => checkTrainingFits(spec)).toThrow(MemoryLimitError);
    await expect(train(backend, spec, images, { seed: 1 })).rejects.toThrow(
      `Expected at most 2.1 GB for the memory of the training, ${message}`,
    );
  });

  it("of a large network that fits is not refused", () => {
    // 10^8 numbers and their gradients.
    checkTrainingFits(parseSpec({ widths: [2, 10_000, 10_000, 2], activation: "relu" }));
  });

  it("says roughly how long its training takes: more for more", () => {
    const spec = parseSpec({ widths: [784, 62, 62, 62, 10], activation: "square", steps: 1000 });
    const seconds = trainingSeconds(spec, 60000);
    // Measured: 380 to 440 steps a second, and a pass over the training set.
    expect(seconds).toBeGreaterThan(2);
    expect(seconds).toBeLessThan(10);
    expect(trainingSeconds({ ...spec, optimiser: { name: "adam" } }, 60000)).toBeGreaterThan(seconds);
    expect(trainingSeconds({ ...spec, steps: 2000 }, 60000)).toBeGreaterThan(1.5 * seconds);
  });
});

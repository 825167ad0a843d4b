import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { loadDataset } from "../../src/data/dataset.js";
import { ABI_VERSION } from "../../src/engine/abi.js";
import { CancelledError, ConfigError } from "../../src/errors.js";
import { openBackend } from "../../src/network/backend.js";
import { resolveConfig } from "../../src/study/config.js";
import type { StudyEvent } from "../../src/study/events.js";
import type { StudyResult } from "../../src/study/result.js";
import { type RunStudyOptions, runStudy } from "../../src/study/run-study.js";
import { bettiNumbers } from "../../src/topology/betti.js";
import { type DiagramJson, diagramFromJson } from "../../src/topology/diagram.js";
import { hasShared, sharedPath } from "../support/shared.js";
import { smallConfig, smallDataset } from "./small-data.js";

const data = smallDataset();
let root: string;
let directory: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "bettina-study-"));
});
afterAll(() => rm(root, { recursive: true }));
beforeEach(async () => {
  directory = await mkdtemp(join(root, "study-"));
});

const study = (options: Partial<RunStudyOptions> = {}, config = smallConfig()) =>
  runStudy(config, { directory, data, threads: 0, ...options });
const read = (name: string, from = directory) => readFile(join(from, name), "utf8");

describe("a small study", () => {
  let result: StudyResult;
  let reference: string;
  let bytes: string;

  beforeAll(async () => {
    reference = await mkdtemp(join(root, "reference-"));
    result = await runStudy(smallConfig(), { directory: reference, data, threads: 0 });
    bytes = await read("study.json", reference);
  });

  it("measures the input, both controls and every layer, class by class, in order", () => {
    expect(result.failures).toEqual([]);
    const places = result.measurements.map(
      ({ source, width, layer, class: label }) => `${source} ${width} ${layer} ${label}`,
    );
    const networks = (source: string) =>
      [2, 4].flatMap((width) =>
        [1, 2].flatMap((layer) => [3, 7].map((label) => `${source} ${width} ${layer} ${label}`)),
      );
    expect(places).toEqual([
      "input null 0 3",
      "input null 0 7",
      ...networks("network"),
      ...networks("untrained"),
      ...[2, 4].flatMap((width) => [3, 7].map((label) => `projection ${width} 0 ${label}`)),
    ]);
    for (const { points, distinctPoints, readouts } of result.measurements) {
      expect(points).toBe(12);
      expect(distinctPoints).toBeLessThanOrEqual(12);
      expect(readouts.map(({ readout }) => readout)).toEqual(["count", "ratio>1.1", "universal-null@0.05"]);
      // Every point is a component of its own at scale 0.
      expect(readouts[0]!.betti[0]).toBe(distinctPoints);
    }
  });

  it("uses the same images for all and records them once", () => {
    expect(result.samples.map(({ job, class: label, rows }) => [job, label, rows.length])).toEqual([
      [null, 3, 12],
      [null, 7, 12],
    ]);
    for (const { class: label, rows } of result.samples)
      for (const row of rows) expect(data.test.labels[row]).toBe(label);
  });

  it("keeps the diagrams that every number was read from", async () => {
    for (const measurement of result.measurements) {
      const file = JSON.parse(await read(`diagrams/${measurement.job}.json`, reference)) as {
        job: string;
        clouds: { source: string; layer: number; class: number; threshold: number; diagrams: DiagramJson[] }[];
      };
      const cloud = file.clouds.find(
        ({ source, layer, class: label }) =>
          source === measurement.source && layer === measurement.layer && label === measurement.class,
      )!;
      expect(file.job).toBe(measurement.job);
      expect(cloud.threshold).toBe(measurement.threshold);
      const diagrams = cloud.diagrams.map((intervals, dimension) => diagramFromJson(dimension, intervals));
      for (const reading of measurement.readouts) expect(bettiNumbers({ diagrams }, reading.readout)).toEqual(reading);
    }
  });

  it("records networks, bounds, versions and a recommendation", () => {
    expect(result.networks.map(({ id }) => id)).toEqual(["square-w2-s1", "square-w4-s1"]);
    expect(result.networks[1]).toMatchObject({ widths: [784, 4, 4, 10], steps: 12, width: 4, seed: 1 });
    // Kernels and biases, and scale and shift of two batch norms in each of two hidden layers.
    expect(result.networks[1]!.parameters).toBe(785 * 4 + 5 * 4 + 5 * 10 + 2 * 2 * 2 * 4);
    expect(result.bounds.map(({ width }) => width)).toEqual([2, 4]);
    expect(result.bounds[0]!.carried.find(({ layer, k }) => layer === 2 && k === 1)!.bound!.exact).toBe("60");
    expect(result.versions).toMatchObject({ engineAbi: ABI_VERSION, tfjs: "4.22.0" });
    expect(result.recommendation.sentences[0]).toContain("Indicative, one training");
    expect(result.dataset).toMatchObject({ generated: true, testCount: 150, digest: data.digest });
  });

  it("measures the same untrained network that a study of 0 steps would train", async () => {
    const none = await study({}, smallConfig({ training: { ...smallConfig().training, steps: 0 } }));
    const readings = (from: StudyResult, wanted: string) =>
      from.measurements.flatMap(({ source, readouts, threshold }) =>
        source === wanted ? [{ readouts, threshold }] : [],
      );
    expect(readings(result, "untrained")).toEqual(readings(none, "network"));
    expect(readings(result, "network")).not.toEqual(readings(none, "network"));
    expect(result.networks.map((network) => network.untrainedTestAccuracy)).toEqual(
      none.networks.map((network) => network.testAccuracy),
    );
  });

  it("returns what it wrote", async () => {
    expect(JSON.parse(bytes)).toEqual(JSON.parse(JSON.stringify(result)));
    const rows = (await read("betti.csv", reference)).trimEnd().split("\n");
    expect(rows).toHaveLength(1 + result.measurements.length * 3 * 2);
    expect(JSON.parse(await read("environment.json", reference))).toMatchObject({ threads: 1 });
    const log = (await read("run-log.ndjson", reference))
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line).type);
    expect(log.at(0)).toBe("study-start");
    expect(log.at(-1)).toBe("study-end");
    expect(log.filter((type) => type === "job-end")).toHaveLength(5);
  });

  it.each([1, 2])("gives the same bytes in %i worker threads", async (threads) => {
    await study({ threads });
    expect(await read("study.json")).toBe(bytes);
    expect(await read("betti.csv")).toBe(await read("betti.csv", reference));
    for (const name of await readdir(join(reference, "diagrams")))
      expect(await read(`diagrams/${name}`)).toBe(await read(`diagrams/${name}`, reference));
  });

  it.each([0, 2])("goes on after an interruption and gives the same bytes (%i threads)", async (threads) => {
    const controller = new AbortController();
    const interrupted = study({
      threads,
      signal: controller.signal,
      onEvent: ({ type }) => type === "job-end" && controller.abort(),
    });
    await expect(interrupted).rejects.toThrow(CancelledError);
    const finished = await readdir(join(directory, "jobs"));
    expect(finished.length).toBeGreaterThan(0);
    expect(finished.length).toBeLessThan(5);
    expect(finished.every((name) => name.endsWith(".json"))).toBe(true);
    await expect(read("study.json")).rejects.toThrow("ENOENT");

    const events: StudyEvent[] = [];
    await study({ threads: 0, onEvent: (event) => events.push(event) });
    expect(events.find(({ type }) => type === "study-start")).toMatchObject({ jobs: 5, finished: finished.length });
    expect(events.filter(({ type }) => type === "job-start")).toHaveLength(5 - finished.length);
    expect(await read("study.json")).toBe(bytes);
  });

  it("stops in the middle of a training", async () => {
    const controller = new AbortController();
    const endless = study(
      {
        threads: 1,
        signal: controller.signal,
        onEvent: (event) => event.type === "job-progress" && event.phase === "training" && controller.abort(),
      },
      smallConfig({ training: { ...smallConfig().training, steps: 1_000_000 } }),
    );
    await expect(endless).rejects.toThrow(CancelledError);
    expect((await readdir(join(directory, "jobs"))).filter((name) => name.startsWith("square"))).toEqual([]);
  });

  it("shows a finished study without doing anything", async () => {
    const events: string[] = [];
    const again = await runStudy(smallConfig(), {
      directory: reference,
      data,
      onEvent: ({ type }) => events.push(type),
    });
    expect(events).toEqual(["study-end"]);
    expect(again).toEqual(JSON.parse(bytes));
  });

  it("does a damaged job again, and only that", async () => {
    await study();
    await writeFile(join(directory, "jobs/square-w4-s1.json"), "{");
    const started: string[] = [];
    await study({ onEvent: (event) => event.type === "job-start" && started.push(event.job) });
    expect(started).toEqual(["square-w4-s1"]);
    expect(await read("study.json")).toBe(bytes);
  });

  it("does not look finished while it is done again", async () => {
    await study();
    await writeFile(join(directory, "report.html"), "of the earlier run");
    const seen: boolean[] = [];
    const there = (name: string) => existsSync(join(directory, name));
    await study({
      resume: false,
      onEvent: ({ type }) => {
        if (type === "job-start") seen.push(there("study.json"), there("betti.csv"), there("report.html"));
      },
    });
    expect(new Set(seen)).toEqual(new Set([false]));
    expect(await read("study.json")).toBe(bytes);
  });

  it("does a study without study.json again from its jobs, whatever else is there", async () => {
    await study();
    await rm(join(directory, "study.json"));
    await writeFile(join(directory, "betti.csv"), "half");
    const events: string[] = [];
    await study({ onEvent: ({ type }) => events.push(type) });
    expect(events).toEqual(["damaged", "study-start", "study-end"]);
    expect(await read("study.json")).toBe(bytes);
    expect(await read("betti.csv")).toMatch(/^source,activation,/);
  });

  it("refuses another config in the same folder, and does everything again when forced", async () => {
    await study({}, smallConfig({ controls: [], widths: [2] }));
    await expect(study()).rejects.toThrow(ConfigError);
    await study({ force: true });
    expect(await read("study.json")).toBe(bytes);
  });

  it("refuses the same config on other data in the same folder, finished or not, and loses nothing", async () => {
    await study();
    const other = smallDataset(2);
    await expect(study({ data: other })).rejects.toThrow("got a study on other data (digits).");
    expect(await read("study.json")).toBe(bytes);
    await rm(join(directory, "study.json"));
    await rm(join(directory, "manifest.json"));
    await expect(study({ data: other })).rejects.toThrow(ConfigError);
    expect((await study({ data: other, force: true })).dataset.digest).toBe(other.digest);
  });

  it("names the data set it found in its config, and refuses data of another", async () => {
    const found = await study({}, smallConfig({ dataset: "auto" }));
    expect(found.config.dataset).toBe("digits");
    expect(await read("study.json")).toBe(bytes);
    await expect(study({}, smallConfig({ dataset: "mnist" }))).rejects.toThrow(
      'Expected data of the data set mnist for data, got "digits".',
    );
  });

  it("reports progress that only grows and ends at 1", async () => {
    const fractions: number[] = [];
    await study({ onEvent: (event) => "fraction" in event && fractions.push(event.fraction) });
    expect(fractions[0]).toBe(0);
    expect(fractions.at(-1)).toBe(1);
    for (let i = 1; i < fractions.length; i++) expect(fractions[i]).toBeGreaterThanOrEqual(fractions[i - 1]! - 1e-12);
  });
});

describe("several samples, seeds and every control", () => {
  const config = smallConfig({
    seeds: [1, 2],
    classes: [3, 7],
    widths: [2],
    sampling: { perClass: 5, subsamples: 3 },
    subset: { readouts: ["fasy@0.1:B=50"], seeds: 1, subsamples: 2, classes: 1 },
    layerDistances: { metrics: ["bottleneck", "wasserstein"], subsamples: 1 },
    controls: ["projection", "untrained", "gaussian"],
  });
  let result: StudyResult;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(root, "samples-"));
    result = await runStudy(config, { directory: folder, data, threads: 0 });
    expect(result.failures).toEqual([]);
  });

  it("share no image where the class has enough", () => {
    for (const label of [3, 7]) {
      const rows = result.samples.filter((sample) => sample.class === label).flatMap((sample) => sample.rows);
      expect(rows).toHaveLength(15);
      expect(new Set(rows).size).toBe(15);
    }
    expect(result.samples.map(({ class: label, subsample }) => [label, subsample])).toEqual(
      [3, 7].flatMap((label) => [0, 1, 2].map((subsample) => [label, subsample])),
    );
  });

  it("are measured one by one, in order", () => {
    const of = (source: string) => result.measurements.filter((one) => one.source === source);
    expect(of("input").map((one) => [one.class, one.subsample])).toEqual(
      [3, 7].flatMap((label) => [0, 1, 2].map((subsample) => [label, subsample])),
    );
    expect(of("network")).toHaveLength(2 * 2 * 2 * 3);
    expect(of("gaussian")).toHaveLength(2 * 2 * 3);
    for (const { points, distinctPoints } of of("gaussian")) expect([points, distinctPoints]).toEqual([5, 5]);
  });

  it("have dear readouts in the subset only", () => {
    const dear = result.measurements.filter(({ readouts }) => readouts.length === 4);
    expect(dear.every(({ seed, subsample, class: label }) => seed !== 2 && subsample < 2 && label === 3)).toBe(true);
    // Two samples: the input, the projection, the Gaussian points, two layers of the network before and after training.
    expect(dear).toHaveLength(2 * (1 + 1 + 1 + 4));
    expect(dear[0]!.readouts[3]!.readout).toBe("fasy@0.1:B=50");
  });

  it("give statistics at every place, with curves that end in one component", () => {
    const { numbers, accuracies, curves } = result.statistics;
    const places = new Set(numbers.map(({ source, layer }) => `${source} ${layer}`));
    expect([...places]).toEqual([
      "input 0",
      "network 1",
      "network 2",
      "untrained 1",
      "untrained 2",
      "projection 0",
      "gaussian 0",
    ]);
    const count = numbers.find(({ source, readout, k }) => source === "gaussian" && readout === "count" && k === 0)!;
    expect(count.overClasses).toMatchObject({ median: 5, lower: 5, upper: 5, replicates: 6 });
    expect(accuracies).toHaveLength(1);
    expect(accuracies[0]!.validation!.replicates).toBe(2);
    expect(curves!.scales).toHaveLength(61);
    const input = curves!.places.find(({ source, k }) => source === "input" && k === 0)!;
    expect([input.clouds, input.median[0], input.median.at(-1)]).toEqual([6, 5, 1]);
  });

  it("measure how far layers move their diagrams, on the first sample", () => {
    const { distances } = result.statistics;
    expect(distances.map(({ source, layer, metric, k }) => `${source} ${layer} ${metric} ${k}`)).toEqual(
      ["network", "untrained"].flatMap((source) =>
        [1, 2].flatMap((layer) =>
          [0, 1].flatMap((k) => ["bottleneck", "wasserstein"].map((metric) => `${source} ${layer} ${metric} ${k}`)),
        ),
      ),
    );
    for (const { distance } of distances) expect(distance.replicates).toBe(2);
    const [bottleneck, wasserstein] = distances;
    expect(bottleneck!.distance.median).toBeGreaterThan(0);
    expect(wasserstein!.distance.median).toBeGreaterThanOrEqual(bottleneck!.distance.median!);
  });

  it("gives the same bytes in threads and after an interruption", async () => {
    const controller = new AbortController();
    const interrupted = study(
      { threads: 2, signal: controller.signal, onEvent: ({ type }) => type === "job-end" && controller.abort() },
      config,
    );
    await expect(interrupted).rejects.toThrow(CancelledError);
    await study({ threads: 1 }, config);
    for (const name of ["study.json", "betti.csv"]) expect(await read(name)).toBe(await read(name, folder));
  });
});

describe("a shape of known Betti numbers", () => {
  it("is compared with them layer by layer, in its own classes", async () => {
    const annuli = await loadDataset({ dataset: "annuli", trainCount: 600, testCount: 400 });
    const config = resolveConfig("quick", {
      dataset: "annuli",
      widths: [4],
      activations: ["relu"],
      hiddenLayers: 1,
      sampling: { perClass: 150 },
      readouts: ["ratio>1.1", "largest-gap"],
      decision: { readout: "largest-gap" },
      training: { steps: 20, batchSize: 50, heldBack: 100 },
      controls: [],
    });
    const { failures, known, networks, config: resolved } = await study({ data: annuli }, config);
    expect(failures).toEqual([]);
    expect(resolved.classes).toEqual([0, 1]);
    expect(networks[0]!.widths).toEqual([2, 4, 2]);
    expect(known!.classes.map(({ betti }) => betti)).toEqual([
      [1, 1],
      [1, 1],
    ]);
    const input = known!.places.find(
      ({ source, readout, k }) => source === "input" && readout === "largest-gap" && k === 1,
    )!;
    expect(input).toMatchObject({ clouds: 2, right: 2 });
    expect(known!.places.filter(({ source, k }) => source === "network" && k === 1)).toHaveLength(2);
  });
});

describe("a study with a job that fails", () => {
  const diverging = smallConfig({ training: { ...smallConfig().training, learningRate: 1e30, batchNorm: "none" } });

  it.each([0, 1])("records the failure and goes on (%i threads)", async (threads) => {
    const events: string[] = [];
    const result = await study({ threads, onEvent: ({ type }) => events.push(type) }, diverging);
    expect(result.failures.map(({ job, code }) => [job, code])).toEqual([
      ["square-w2-s1", "TRAINING"],
      ["square-w4-s1", "TRAINING"],
    ]);
    expect(result.failures[0]!.message).toMatch(/^Expected a finite number for loss at step \d+/);
    expect(result.measurements.map(({ source }) => source)).toEqual(["input", "input", ...Array(4).fill("projection")]);
    expect(result.recommendation.byActivation[0]!.smallestKept).toBeNull();
    expect(events.filter((type) => type === "job-failed")).toHaveLength(2);
    expect(JSON.parse(await read("study.json")).failures).toHaveLength(2);
  });

  it("is shown as it is, and tried again only when asked to resume", async () => {
    await study({}, diverging);
    const events: string[] = [];
    const shown = await study({ onEvent: ({ type }) => events.push(type) }, diverging);
    expect(shown.failures).toHaveLength(2);
    expect(events).toEqual(["study-end"]);
    const started: string[] = [];
    await study({ resume: true, onEvent: (event) => event.type === "job-start" && started.push(event.job) }, diverging);
    expect(started.sort()).toEqual(["square-w2-s1", "square-w4-s1"]);
  });
});

describe("errors before any job", () => {
  it("refuses a sample that the data cannot give", async () => {
    await expect(study({}, smallConfig({ sampling: { perClass: 100 } }))).rejects.toThrow(ConfigError);
  });

  it("stops at once when already cancelled", async () => {
    await expect(study({ signal: AbortSignal.abort() })).rejects.toThrow(CancelledError);
  });
});

describe("the paper's preset, shortened", () => {
  it.skipIf(!hasShared("data", "mnist"))("runs on MNIST by the authors' sampling, cut and readout", async () => {
    const config = resolveConfig("paper", { widths: [2, 16], classes: [0, 4], training: { steps: 40 } });
    const mnist = await loadDataset({ dataset: "mnist", directory: sharedPath("data", "mnist")! });
    const result = await runStudy(config, { directory, data: mnist, threads: 0 });
    expect(result.failures).toEqual([]);
    // A fifth of the test images of digits 0 and 4, drawn anew for every job.
    expect(result.samples.map(({ job, class: label, rows }) => [job, label, rows.length])).toEqual(
      ["input", "projection-w2-s1", "projection-w16-s1", "square-w2-s1", "square-w16-s1"].flatMap((job) => [
        [job, 0, 196],
        [job, 4, 196],
      ]),
    );
    const first = result.samples[0]!;
    const pixels = mnist.test.data.subarray(784 * first.rows[0]!, 784 * (first.rows[0]! + 1));
    const cut = 2 * Math.hypot(...Array.from(pixels, (value) => value / 255));
    for (const { class: label, threshold } of result.measurements)
      if (label === 0) expect(threshold).toBeLessThanOrEqual(Math.fround(cut));
    for (const { points, readouts } of result.measurements) {
      expect(points).toBe(196);
      const [demo, corrected, count] = readouts;
      expect([demo!.readout, corrected!.readout, count!.readout]).toEqual(["paper", "paper-corrected", "count"]);
      // Fewer than 1000 intervals: nothing is cut off.
      expect(corrected!.betti[1]).toBe(count!.betti[1]);
      if (demo!.betti[0] !== null && demo!.betti[1]! > 0)
        expect(demo!.betti[0]).toBe(corrected!.betti[0]! + corrected!.betti[1]!);
    }
    // 178 ± 4 of 196 draws with replacement from 980 images are distinct; loops of the input: 132 and 126 in one run of
    // the authors' code, give or take the sample.
    const input = result.measurements.filter(({ source }) => source === "input");
    for (const { distinctPoints, readouts } of input) {
      expect(distinctPoints).toBeGreaterThan(165);
      expect(distinctPoints).toBeLessThan(190);
      expect(readouts[2]!.betti[1]).toBeGreaterThan(100);
      expect(readouts[2]!.betti[1]).toBeLessThan(160);
    }
  });
});

describe("the training backend", () => {
  it("is the one asked for, and recorded", async () => {
    const { name } = await openBackend();
    const config = smallConfig({ widths: [2], controls: [] });
    const result = await study({ backend: "cpu" }, config);
    expect(result.backend.name).toBe("cpu");
    if (name !== "cpu") {
      const other = await study({ backend: name }, config);
      expect(other.backend.name).toBe(name);
    }
  });
});

import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ConfigError } from "../../src/errors.js";
import { configJsonSchema, resolveConfig, type StudyConfig, withDataset } from "../../src/study/config.js";
import { bettiColumns, formatBettiCsv } from "../../src/study/csv.js";
import { ProgressMeter } from "../../src/study/events.js";
import { listJobs, planStudy } from "../../src/study/job.js";
import { runsOf } from "../../src/study/manifest.js";
import { countDistinct } from "../../src/study/measure.js";
import { presets } from "../../src/study/presets.js";
import { projectPoints } from "../../src/study/projection.js";
import { checkSamples, cutOff, drawSamples, type Sample } from "../../src/study/samples.js";
import { type JobIdentity, pretty, Store } from "../../src/study/store.js";
import { projectRoot } from "../support/shared.js";
import { smallConfig, smallDataset } from "./small-data.js";

describe("plan", () => {
  it("lists the jobs of the quick preset: 1 input, 6 projections, 12 networks of 60 clouds", () => {
    const plan = planStudy(resolveConfig("quick"), 2);
    expect(plan.jobs).toHaveLength(19);
    expect(plan.jobs.map(({ id }) => id)).toEqual(expect.arrayContaining(["input", "projection-w8-s1", "relu-w62-s1"]));
    expect(plan).toMatchObject({ networks: 12, clouds: 10 + 60 + 12 * 60 });
    expect(plan.estimatedSeconds).toBeGreaterThan(5);
    expect(planStudy(resolveConfig("quick"), 1).estimatedSeconds).toBeGreaterThan(plan.estimatedSeconds);
  });

  it("knows that voids of shapes take minutes, and those of noise hours", () => {
    // Measured: each of the three shapes took about two minutes on two threads.
    const plan = (controls: "gaussian"[]) => planStudy(resolveConfig("shapes", { controls }), 2).estimatedSeconds;
    expect(plan([])).toBeGreaterThan(30);
    expect(plan([])).toBeLessThan(6 * 60);
    expect(plan(["gaussian"])).toBeGreaterThan(3600);
  });

  it("leaves the controls out when told to", () => {
    const jobs = listJobs(resolveConfig("quick", { controls: [], seeds: [1, 2] }));
    expect(jobs).toHaveLength(1 + 24);
    expect(jobs[24]).toMatchObject({ id: "square-w62-s2", clouds: 30 });
  });
});

describe("samples", () => {
  const data = smallDataset();
  const drawSample = (config: StudyConfig, from: typeof data, job: string, label: number): Sample =>
    drawSamples(config, from, job, label)[0]!;

  it("are the same for all jobs when paired, of the right class, each image once", () => {
    const config = smallConfig();
    const one = drawSample(config, data, "input", 3);
    expect(drawSample(config, data, "square-w2-s1", 3)).toEqual(one);
    expect(new Set(one.rows).size).toBe(12);
    expect(Array.from(one.rows, (row) => data.test.labels[row])).toEqual(Array(12).fill(3));
    expect(one.points.data.subarray(784, 2 * 784)).toEqual(
      data.test.data.subarray(784 * one.rows[1]!, 784 * (one.rows[1]! + 1)),
    );
    expect(drawSample({ ...config, seed: 2 }, data, "input", 3).rows).not.toEqual(one.rows);
  });

  it("are a job's own, a fifth of the class and with repeats, in the paper's way", () => {
    const config = smallConfig({ sampling: { perClass: null, paired: false, replacement: true } });
    const input = drawSample(config, data, "input", 3);
    expect(input.rows).toHaveLength(3);
    expect(drawSample(config, data, "square-w2-s1", 3).rows).not.toEqual(input.rows);
    const many = smallConfig({ sampling: { perClass: 100, replacement: true } });
    expect(new Set(drawSample(many, data, "input", 3).rows).size).toBeLessThanOrEqual(15);
  });

  it("must be there", () => {
    expect(() => checkSamples(smallConfig({ sampling: { perClass: 16 } }), data)).toThrow(
      "Expected 1 to 15 test images of class 3 for sampling.perClass, got 16.",
    );
    expect(() => checkSamples(smallConfig({ training: { heldBack: 300 } }), data)).toThrow(ConfigError);
    checkSamples(smallConfig(), data);
  });

  it("cut the filtration at twice the norm of the input's first image", () => {
    const config = smallConfig({ homology: { threshold: "twice-first-norm" } });
    const first = drawSample(config, data, "input", 7).points.data.subarray(0, 784);
    const norm = Math.hypot(...Array.from(first, (value) => value / 255));
    expect(cutOff(config, data, 7)).toBeCloseTo(2 * norm, 10);
    expect(cutOff(smallConfig(), data, 7)).toBeUndefined();
  });
});

describe("projection", () => {
  const pixels = smallDataset().test.data as Uint8Array;
  const cloudOf = (data: Uint8Array) => ({ data, shape: [data.length / 784, 784], scale: 1 / 255 }) as const;

  it("is linear: the sum of two images' projections is that of their sum", () => {
    const one = pixels.slice(0, 784).map((value) => value >> 1);
    const other = pixels.slice(784, 2 * 784).map((value) => value >> 1);
    const sum = one.map((value, i) => value + other[i]!);
    const [a, b, c] = [one, other, sum].map((image) => projectPoints(cloudOf(image), 5, 1).data);
    for (let i = 0; i < 5; i++) expect(a![i]! + b![i]!).toBeCloseTo(c![i]!, 5);
  });

  it("keeps the mean square of distances: 2000 dimensions give 1 within 15 %", () => {
    const two = pixels.slice(0, 2 * 784);
    const projected = projectPoints(cloudOf(two), 2000, 3).data;
    let before = 0;
    let after = 0;
    for (let i = 0; i < 784; i++) before += ((two[i]! - two[784 + i]!) / 255) ** 2;
    for (let i = 0; i < 2000; i++) after += (projected[i]! - projected[2000 + i]!) ** 2;
    expect(after / before).toBeGreaterThan(0.85);
    expect(after / before).toBeLessThan(1.15);
  });

  it("is named by its seed and width", () => {
    const image = cloudOf(pixels.slice(0, 784));
    expect(projectPoints(image, 4, 1)).toEqual(projectPoints(image, 4, 1));
    expect(projectPoints(image, 4, 2)).not.toEqual(projectPoints(image, 4, 1));
  });
});

describe("distinct points", () => {
  it("are counted exactly, 0 and -0 as equal", () => {
    expect(countDistinct({ data: Float32Array.of(0, 1, -0, 1, 0, 1.0000001), shape: [3, 2] })).toBe(2);
    expect(countDistinct({ data: Uint8Array.of(1, 2, 1, 2, 2, 1), shape: [3, 2] })).toBe(2);
    expect(countDistinct({ data: Float64Array.of(1, 1 + 2 ** -52), shape: [2, 1] })).toBe(2);
  });
});

describe("progress", () => {
  it("goes with the work, and guesses the rest from this run's speed", () => {
    let now = 0;
    const meter = new ProgressMeter(100, 20, () => now);
    expect(meter.progress()).toEqual({ fraction: 0.2, etaSeconds: null });
    // Until a twentieth of this run's 80 is done, its speed says nothing.
    now = 5_000;
    meter.advance("a", 3.9);
    expect(meter.progress().etaSeconds).toBeNull();
    meter.advance("a", 4);
    expect(meter.progress().etaSeconds).toBe(95);
    now = 10_000;
    meter.advance("a", 10);
    meter.advance("b", 10);
    expect(meter.progress()).toEqual({ fraction: 0.4, etaSeconds: 30 });
    meter.finish("a", 40);
    expect(meter.progress().fraction).toBe(0.7);
  });
});

describe("betti.csv", () => {
  it("has one row per number, empty where the rule defines none", () => {
    const text = formatBettiCsv([
      {
        source: "network",
        job: "relu-w8-s1",
        width: 8,
        activation: "relu",
        seed: 1,
        layer: 2,
        class: 7,
        subsample: 0,
        points: 200,
        distinctPoints: 199,
        threshold: 3,
        medianDistance: 2,
        readouts: [{ readout: "ratio>1.1", betti: [null, 12], note: "" }],
      },
    ]);
    expect(text).toBe(
      `${Object.keys(bettiColumns).join(",")}\nnetwork,relu,8,1,2,8,7,0,0,ratio>1.1,,200,199\nnetwork,relu,8,1,2,8,7,0,1,ratio>1.1,12,200,199\n`,
    );
  });
});

describe("docs/study.md", () => {
  it("documents the columns of betti.csv, in order", async () => {
    const text = await readFile(join(projectRoot, "docs", "study.md"), "utf8");
    const table = text.slice(text.indexOf("## Columns"), text.indexOf("## The config"));
    const names = Array.from(table.matchAll(/^\| `(\w+)` \|/gm), ([, name]) => name);
    expect(names).toEqual(Object.keys(bettiColumns));
  });
});

describe("docs/study.md on the config", () => {
  const leaves = (value: object, prefix = ""): [string, unknown][] =>
    Object.entries(value).flatMap(([name, inner]) =>
      inner !== null && typeof inner === "object" && !Array.isArray(inner) && !("name" in inner)
        ? leaves(inner, `${prefix}${name}.`)
        : [[`${prefix}${name}`, inner]],
    );

  it("lists every field of the schema, with the values of the presets", async () => {
    const text = await readFile(join(projectRoot, "docs", "study.md"), "utf8");
    const rows = text
      .slice(text.indexOf("## The config"), text.indexOf("## Readouts"))
      .split("\n")
      .filter((line) => line.startsWith("| `"))
      .map((line) => line.split(" | ").map((cell) => cell.replace(/^\| | \|$/g, "").trim()));
    interface Schema {
      properties?: Record<string, Schema>;
    }
    const fields = ({ properties = {} }: Schema, prefix = ""): string[] =>
      Object.entries(properties).flatMap(([name, inner]) =>
        inner.properties ? fields(inner, `${prefix}${name}.`) : [`${prefix}${name}`],
      );
    expect(rows.map(([name]) => name!.replaceAll("`", ""))).toEqual(fields(configJsonSchema() as Schema));
    const value = (cell: string): unknown => JSON.parse(cell.replaceAll("`", ""));
    const quick = new Map(leaves(presets.quick));
    const paper = new Map(leaves(presets.paper));
    const sound = new Map(leaves(presets.sound));
    const shapes = new Map(leaves(presets.shapes));
    for (const [name, , , inQuick, inSound, inPaper, inShapes] of rows) {
      const key = name!.replaceAll("`", "");
      expect(value(inQuick!), key).toEqual(quick.get(key));
      expect(inShapes === "–" ? quick.get(key) : value(inShapes!), key).toEqual(shapes.get(key));
      expect(inSound === "–" ? quick.get(key) : value(inSound!), key).toEqual(sound.get(key));
      if (key === "widths") expect(inPaper).toBe("2, 4, ..., 62");
      else expect(inPaper === "–" ? quick.get(key) : value(inPaper!), key).toEqual(paper.get(key));
    }
  });
});

describe("the runs of a study", () => {
  it("are those of its log: an interrupted one ends with what is last known of it, showing is none", () => {
    const at = (seconds: number) => new Date(1e12 + 1000 * seconds).toISOString();
    const log = [
      { at: at(0), type: "study-start", threads: 2 },
      { at: at(3), type: "job-start", job: "input" },
      { at: at(5), type: "job-end", job: "input" },
      { at: at(60), type: "study-start", threads: 1 },
      { at: at(61), type: "job-end", job: "relu-w8-s1" },
      { at: at(63), type: "job-end", job: "relu-w4-s1" },
      { at: at(64), type: "study-end", shown: false },
      { at: at(900), type: "study-end", shown: true },
    ];
    expect(runsOf(log)).toEqual([
      { startedAt: at(0), endedAt: at(5), seconds: 5, threads: 2, jobs: 1 },
      { startedAt: at(60), endedAt: at(64), seconds: 4, threads: 1, jobs: 2 },
    ]);
    expect(runsOf([{ at: at(900), type: "study-end", shown: true }])).toEqual([]);
  });
});

describe("store", () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "bettina-store-"));
  });
  afterEach(() => rm(directory, { recursive: true }));

  const identity: JobIdentity = {
    configDigest: "c",
    datasetDigest: "d",
    bettina: "0.1.0",
    engineDigest: "e",
    nodeMajor: 20,
    architecture: "x64",
    backend: null,
    tfjs: null,
  };
  const job = { job: "input", identity, samples: [], network: null, measurements: [], curves: [], distances: [] };
  const clouds = [{ source: "input" as const, layer: 0, class: 3, subsample: 0, threshold: 1.5, diagrams: [] }];

  it("says what cannot be written", async () => {
    const file = join(directory, "file");
    await writeFile(file, "kept");
    await expect(new Store(file).open(smallConfig(), "d")).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(/^Expected a place that can be written for output, got ".*" \(a file stands/),
    });
    const folder = join(directory, "study");
    await mkdir(folder);
    await writeFile(join(folder, "jobs"), "kept");
    await expect(new Store(folder).open(smallConfig(), "d")).rejects.toThrow(/a file stands where a folder is needed/);
    await rm(join(folder, "jobs"));
    await mkdir(join(folder, "study.json"));
    await expect(new Store(folder).readStudy()).rejects.toThrow(/it is a folder/);
  });

  it("reads back what it wrote", async () => {
    const store = new Store(directory);
    await store.open(smallConfig(), "d");
    await store.writeJob(job, clouds);
    const text = await readFile(join(directory, "diagrams/input.json"), "utf8");
    expect(await store.readJob("input", identity)).toEqual({
      format: "bettina-job",
      formatVersion: 3,
      ...job,
      diagramsDigest: createHash("sha256").update(text).digest("hex"),
      networkDigest: null,
    });
    expect(JSON.parse(text)).toEqual({ job: "input", clouds });
  });

  it.each([
    ["half a job", "jobs/input.json", (text: string) => text.slice(0, text.length / 2)],
    ["a changed number", "jobs/input.json", (text: string) => text.replace('"network": null', '"network": 5')],
    ["no diagrams", "diagrams/input.json", () => null],
    ["half the diagrams", "diagrams/input.json", (text: string) => text.slice(0, 20)],
    ["changed diagrams", "diagrams/input.json", (text: string) => text.replace("1.5", "1.6")],
  ])("does not take %s for a finished job", async (_, name, damage) => {
    const store = new Store(directory);
    await store.open(smallConfig(), "d");
    await store.writeJob(job, clouds);
    const text = await readFile(join(directory, name), "utf8");
    const damaged = damage(text);
    expect(damaged).not.toBe(text);
    if (damaged === null) await rm(join(directory, name));
    else await writeFile(join(directory, name), damaged);
    expect(await store.readJob("input", identity)).toBeUndefined();
  });

  it("does a job again for other data, another engine or another backend", async () => {
    const store = new Store(directory);
    await store.open(smallConfig(), "d");
    await store.writeJob(job, clouds);
    for (const other of [{ datasetDigest: "x" }, { engineDigest: "x" }, { backend: "wasm" }])
      expect(await store.readJob("input", { ...identity, ...other })).toBeUndefined();
  });

  it("refuses a folder with another study, replaces it when told to, and leaves other files alone", async () => {
    const store = new Store(directory);
    await store.open(smallConfig(), "d");
    await store.writeJob(job, clouds);
    const own = ["mine.txt", "charts/mine.txt"];
    const pictures = ["report.html", "charts/accuracy.svg", "charts/accuracy.vl.json", "barcodes/input-class0.svg"];
    for (const folder of ["charts", "barcodes"]) await mkdir(join(directory, folder));
    for (const name of [...own, ...pictures]) await writeFile(join(directory, name), "mine");
    await store.open(smallConfig(), "d");
    expect(await store.readJob("input", identity)).toBeDefined();
    const other = smallConfig({ seed: 5 });
    await expect(store.open(other, "d")).rejects.toThrow(ConfigError);
    await expect(store.open(other, "d")).rejects.toThrow("--force");
    await store.open(other, "d", true);
    expect(await store.readJob("input", identity)).toBeUndefined();
    for (const name of own) expect(await readFile(join(directory, name), "utf8")).toBe("mine");
    for (const name of pictures) await expect(readFile(join(directory, name))).rejects.toThrow("ENOENT");
  });

  it("refuses a folder with the same study on other data, begun or finished", async () => {
    const store = new Store(directory);
    expect(await store.holds(smallConfig(), "d")).toBe(false);
    await store.open(smallConfig(), "d");
    expect(await store.holds(smallConfig(), "d")).toBe(true);
    expect(await store.holds(smallConfig(), null)).toBe(true);
    await expect(store.open(smallConfig(), "e")).rejects.toThrow("got a study on other data (digits). Choose another");
    const mnist = withDataset(smallConfig({ dataset: "auto" }), "mnist");
    await expect(store.open(mnist, "e")).rejects.toThrow("on other data (digits)");
    await store.open(mnist, "e", true);
    await expect(store.holds(smallConfig(), null)).rejects.toThrow("on other data (mnist)");
  });

  it("never clears a folder that holds no study, nor writes over another program's config.json", async () => {
    const store = new Store(directory);
    await mkdir(join(directory, "jobs"));
    await writeFile(join(directory, "jobs/mine.json"), "{}");
    await writeFile(join(directory, "config.json"), '{"name":"mine"}');
    await expect(store.open(smallConfig(), "d", true)).rejects.toThrow("another program's config.json");
    await rm(join(directory, "config.json"));
    await store.open(smallConfig(), "d", true);
    expect(await readFile(join(directory, "jobs/mine.json"), "utf8")).toBe("{}");
  });

  it("clears away temporary files of an interrupted run, and no others", async () => {
    const store = new Store(directory);
    await store.open(smallConfig(), "d");
    await mkdir(join(directory, "charts"));
    const left = ["jobs/input.json.123456", "study.json.1", "betti.csv.22", "report.html.3", "charts/loss.svg.4"];
    const others = ["notes.json.1", "charts/mine.pdf.4", "study.json.old"];
    for (const name of [...left, ...others]) await writeFile(join(directory, name), "half");
    await store.open(smallConfig(), "d");
    for (const name of left) await expect(readFile(join(directory, name))).rejects.toThrow("ENOENT");
    for (const name of others) expect(await readFile(join(directory, name), "utf8")).toBe("half");
  });
});

describe("pretty JSON", () => {
  it("reads back as the same value", () => {
    const value = { a: [1, 2], b: { c: null, d: [{ e: "x" }, []] }, f: {}, g: undefined };
    expect(JSON.parse(pretty(value))).toEqual(JSON.parse(JSON.stringify(value)));
    expect(pretty({ a: [1, 2], b: { c: [{}] } })).toBe(
      '{\n  "a": [1,2],\n  "b": {\n    "c": [\n      {}\n    ]\n  }\n}\n',
    );
  });
});

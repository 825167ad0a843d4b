/** Networks whose hidden layers differ: how a config names and orders them, what is planned, measured and bounded. */
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { layerBounds } from "../../src/bounds/layer-bounds.js";
import { CancelledError, MemoryLimitError } from "../../src/errors.js";
import { type ConfigOverrides, configDigest, orderedWidths, resolveConfig } from "../../src/study/config.js";
import { formatBettiCsv } from "../../src/study/csv.js";
import { listJobs, planStudy } from "../../src/study/job.js";
import { resultSchema } from "../../src/study/result-schema.js";
import { runStudy } from "../../src/study/run-study.js";
import { smallConfig, smallDataset } from "./small-data.js";

const folders: string[] = [];
const folder = async () => {
  const made = await mkdtemp(join(tmpdir(), "bettina-sweep-"));
  folders.push(made);
  return made;
};
afterAll(async () => {
  for (const made of folders) await rm(made, { recursive: true, force: true });
});

const widthsOf = (widths: unknown, hiddenLayers = 3) =>
  resolveConfig("quick", { widths, hiddenLayers } as ConfigOverrides);

it("names a network by one width or by all of them, whichever way it is given", () => {
  const config = widthsOf([[64, 32, 16], 16, "32-16-8", [8, 8, 8]]);
  expect(config.widths).toEqual([8, "32-16-8", 16, "64-32-16"]);
  expect(configDigest(widthsOf(["64-32-16", [32, 16, 8], 8, "16-16-16"]))).toBe(configDigest(config));
  // Another depth is another network.
  expect(widthsOf([8, "8-8"]).widths).toEqual(["8-8", 8]);
  expect(widthsOf([8, "8-8", "8-8-8"], 1).widths).toEqual([8, "8-8", "8-8-8"]);
});

it.each([
  [
    [8, "8-8-8"],
    'Expected at least one width, each once for widths, got [8,"8-8-8"]. 8 stands for 3 layers of it: leave one of the two out.',
  ],
  [[8, 2, 8], "each once for widths, got [8,2,8]. Leave one 8 out."],
  [["4-2", [4, 2]], 'each once for widths, got ["4-2","4-2"]. Leave one 4-2 out.'],
  [["8-0"], 'Expected a width from 1 to 65536, or several as in 64-32-16 for widths[0], got "8-0".'],
  [["8"], "or several as in 64-32-16 for widths[0]"],
  [[[8]], "or several as in 64-32-16 for widths[0]"],
  [["8-99999"], 'Expected widths from 1 to 65536 for widths, got "8-99999".'],
])("refuses %j", (widths, message) => {
  expect(() => widthsOf(widths)).toThrow(message);
});

it("orders networks by their narrowest layer and parameters, or the other way round", () => {
  const data = { features: 784, classes: 10 };
  const order = (by: "narrowest" | "parameters") =>
    orderedWidths(
      resolveConfig("quick", { widths: [16, "64-32-16", "32-16-8", "8-128"], decision: { order: by } }),
      data,
    );
  // Trained numbers of the first layers alone: 785 × 32 < 785 × 64; 8-128 has 785 × 8.
  expect(order("narrowest")).toEqual(["8-128", "32-16-8", 16, "64-32-16"]);
  expect(order("parameters")).toEqual(["8-128", 16, "32-16-8", "64-32-16"]);
  const one = resolveConfig("quick", { decision: { order: "narrowest" } });
  expect(configDigest(one)).toBe(configDigest(resolveConfig("quick")));
});

it("plans a control for every width that some layer has, once", () => {
  const jobs = listJobs(smallConfig({ widths: ["6-3", 4], controls: ["projection", "gaussian", "untrained"] }));
  expect(jobs.map(({ id, clouds }) => [id, clouds])).toEqual([
    ["input", 2],
    ...["projection", "gaussian"].flatMap((kind) => [3, 4, 6].map((width) => [`${kind}-w${width}-s1`, 2])),
    ["square-w6-3-s1", 8],
    ["square-w4-s1", 8],
  ]);
});

it("measures, bounds and compares every layer at its own width", async () => {
  const data = smallDataset();
  const config = smallConfig({ widths: ["6-3", 4, "5-4-2"], activations: ["poly:0,1,0.5", "tanh"] as never });
  const result = await runStudy(config, { directory: await folder(), data, threads: 0, backend: "cpu" });
  expect(result.failures).toEqual([]);
  expect(resultSchema.safeParse(JSON.parse(JSON.stringify(result))).error).toBeUndefined();
  const { widths, order, sentences } = result.recommendation;
  expect([widths, order]).toEqual([["5-4-2", "6-3", 4], "narrowest"]);
  expect(sentences.join(" ")).toContain("then the number of parameters, as fixed before the run: 5-4-2, 6-3, 4.");
  const networks = result.networks.map(({ id, widths: layers }) => [id, layers]);
  expect(networks).toContainEqual(["tanh-w5-4-2-s1", [784, 5, 4, 2, 10]]);
  expect(networks).toContainEqual(["poly_0_1_0.5-w6-3-s1", [784, 6, 3, 10]]);
  // Three layers of a network of three, each of every class.
  const layers = result.measurements.filter(({ job, source }) => job === "tanh-w5-4-2-s1" && source === "network");
  expect([...new Set(layers.map(({ layer }) => layer))]).toEqual([1, 2, 3]);
  // The bounds are those of the layers' own widths, and of the polynomial's degree.
  const bounds = result.bounds.find(({ activation, width }) => activation === "poly:0,1,0.5" && width === "6-3")!;
  expect(bounds.created).toEqual(layerBounds({ widths: [784, 6, 3], activation: "polynomial-2", maxDim: 1 }));
  const rows = formatBettiCsv(result.measurements).split("\n");
  expect(rows).toContainEqual(expect.stringMatching(/^network,tanh,5-4-2,1,2,4,3,0,1,ratio>1.1,/));
  expect(rows).toContainEqual(expect.stringMatching(/^network,"poly:0,1,0.5",6-3,1,2,3,/));
  expect(rows).toContainEqual(expect.stringMatching(/^projection,,6,1,0,6,/));
});

it("gives the same bytes in two threads, after an interruption", async () => {
  const data = smallDataset();
  const config = smallConfig({ widths: ["5-4-2", "6-3", 4], activations: ["leaky-relu:0.1"] as never });
  const [whole, broken] = [await folder(), await folder()];
  await runStudy(config, { directory: whole, data, threads: 0, backend: "wasm" });
  const stop = new AbortController();
  const interrupted = runStudy(config, {
    directory: broken,
    data,
    threads: 0,
    backend: "wasm",
    signal: stop.signal,
    onEvent: ({ type }) => {
      if (type === "job-end") stop.abort();
    },
  });
  await expect(interrupted).rejects.toThrow(CancelledError);
  let finished = 0;
  await runStudy(config, {
    directory: broken,
    data,
    threads: 2,
    backend: "wasm",
    onEvent: (event) => {
      if (event.type === "study-start") finished = event.finished;
    },
  });
  expect(finished).toBeGreaterThan(0);
  for (const name of ["study.json", "betti.csv", "diagrams/leaky-relu_0.1-w5-4-2-s1.json"])
    expect(await readFile(join(broken, name), "utf8"), name).toBe(await readFile(join(whole, name), "utf8"));
});

it("refuses networks and samples that cannot be before it writes anything", async () => {
  const directory = await folder();
  const data = smallDataset();
  const wide = smallConfig({ widths: ["65536-65536"] });
  expect(() => planStudy(wide)).toThrow(MemoryLimitError);
  await expect(runStudy(wide, { directory, data, threads: 0 })).rejects.toThrow(MemoryLimitError);
  const many = smallConfig({ sampling: { perClass: 100_000 } });
  await expect(runStudy(many, { directory, data, threads: 0 })).rejects.toThrow("for sampling.perClass, got 100000");
  expect(await readdir(directory)).toEqual([]);
});

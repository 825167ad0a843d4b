/** Every public function, called wrongly in every way, ends in a BettinaError: a table over the whole of the package. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { BettinaError } from "../../src/errors.js";
import * as api from "../../src/index.js";
import { faults, type Row } from "../support/wrong-calls.js";

const points = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
];
const diagram = { dimension: 1, births: Float32Array.of(1, 1), deaths: Float32Array.of(2, 3) };
const zero = { dimension: 0, births: Float32Array.of(0, 0), deaths: Float32Array.of(1, Infinity) };
const curve = api.bettiCurve(diagram);
const result = await api.persistence(points, { landmarks: { count: 3 } });
const context = await api.readoutContext(points, { seed: 1 });
const told = await api.forecast(points);
const spec = api.parseSpec({ widths: [2, 3, 2], activation: "relu", steps: 2, batchSize: 2 });
const weights = api.initialNetwork(spec, 1);
const labelled = { data: Float32Array.from(points.flat()), shape: [4, 2], labels: Uint8Array.of(0, 1, 0, 1) };
const backend = await api.openBackend({ prefer: "cpu" });
const config = api.resolveConfig("quick");
const folder = mkdtempSync(join(tmpdir(), "bettina-api-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const set = {
  ...labelled,
  data: new Uint8Array(16),
  shape: [4, 4],
  scale: 1,
  picture: { rows: 2, columns: 2 },
};
const family = {
  inputDimension: 784,
  outputs: 10,
  activation: "square",
  depths: { least: 1, most: 2 },
  dataDegree: 2,
  dataInequalities: 0,
  modulus: 2,
};
const state = {
  spec,
  seed: 1,
  points: 4,
  step: 1,
  weights,
  slots: [],
  losses: [],
  lossSum: 0,
  lossCount: 0,
  validations: [],
  best: null,
};

const recommendable = {
  measurements: [],
  networks: [],
  bounds: [],
  enclosures: [],
  activations: ["relu"],
  widths: [2],
  seeds: [1],
  readouts: ["count"],
  maxDim: 1,
  decision: { ...config.decision, readout: "count" },
};

const rows: Record<string, Row | "no arguments"> = {
  accuracy: { args: [backend, weights, labelled, {}], options: [3], optional: [3] },
  activations: { args: [backend, weights, labelled, {}], options: [3], optional: [3] },
  advise: { args: [{ target: { betti: [1, 2], origin: "by hand" }, families: [family], tests: [] }], options: [0] },
  artefactDimensions: { args: [[zero, diagram], 2], fine: { 0: [[]] } },
  bettiBounds: { args: [result, { dimension: 0, scale: 1 }], options: [1] },
  bettiCap: { args: [4, 1] },
  bettiCurve: { args: [diagram] },
  bettiNumbers: { args: [result, "count", context], options: [2], optional: [2] },
  bootstrapQuantiles: { args: [[zero], context, { resamples: 2 }], options: [1, 2], optional: [2], fine: { 0: [[]] } },
  bottleneckDistance: { args: [diagram, diagram] },
  carryBounds: { args: [{ widths: [4, 2], activation: "square" }], options: [0] },
  checkForecast: { args: [told] },
  checkReadout: { args: [{ rule: "ratio", ratio: 2 }], options: [0] },
  configJsonSchema: "no arguments",
  curveBand: { args: [[Int32Array.of(1, 2)], { lower: 0.1 }], options: [1], optional: [1], fine: { 0: [[]] } },
  curveIntegral: { args: [curve, { to: 2 }], options: [1], optional: [1] },
  curveL1Distance: { args: [curve, curve, { to: 2 }], options: [2], optional: [2] },
  describeReadout: { args: [{ rule: "ratio", ratio: 2 }], options: [0] },
  diagramFromJson: { args: [1, [[1, null]]], fine: { 1: [[]] } },
  diagramToJson: { args: [diagram] },
  expandImages: { args: [set, 5, 1] },
  flagBettiCap: { args: [4, 1] },
  forecast: { args: [points, { seed: 1 }], options: [1], optional: [1] },
  formatReadout: { args: [{ rule: "ratio", ratio: 2 }], options: [0] },
  gaussianPoints: { args: [3, 2, 1, 0, 0], optional: [3, 4] },
  hausdorffConfidence: { args: [context.distances, 4, { seed: 1 }], options: [2] },
  initialNetwork: { args: [spec, 1], options: [0] },
  intervalCountBounds: { args: [result, { dimension: 0, longerThan: 1 }], options: [1] },
  isolatedLayerBound: { args: [{ k: 1, inputDimension: 3, degree: 2 }], options: [0] },
  landmarkReplicates: {
    args: [points, { landmarks: { count: 2 }, replicates: 1, readouts: ["count"] }],
    options: [1],
  },
  layerBounds: { args: [{ widths: [4, 2], activation: "square" }], options: [0] },
  loadDataset: { args: [{ dataset: "annuli" }], options: [0] },
  loadNetwork: { args: [join(folder, "none")] },
  loadTraining: { args: [join(folder, "none")] },
  medianPairwiseDistance: { args: [points, {}], options: [1], optional: [1] },
  needsContext: { args: [{ rule: "ratio", ratio: 2 }], options: [0] },
  normaliseCurve: { args: [curve, 2] },
  openBackend: { args: [{ prefer: "cpu" }], fields: false, options: [0], optional: [0] },
  pairwiseDistances: { args: [points, {}], options: [1], optional: [1] },
  parameterCount: { args: [[2, 3, 2], "none"], optional: [1] },
  parseArchitecture: { args: ["784-2:relu"] },
  parseReadout: { args: ["count"] },
  parseSpec: { args: [{ widths: [2, 2], activation: "relu" }], options: [0] },
  persistence: { args: [points, {}], options: [1], optional: [1] },
  persistenceEntropy: { args: [diagram] },
  persistenceMany: { args: [[points], { threads: 1 }], options: [1], optional: [1], fine: { 0: [[]] } },
  persistenceSettled: { args: [[points], { threads: 1 }], options: [1], optional: [1], fine: { 0: [[], [null]] } },
  planStudy: { args: [config, 1], options: [0], optional: [1] },
  pointsOfClass: { args: [set, 1] },
  projectPoints: { args: [points, 2, 1] },
  ratioCountBounds: { args: [diagram, { epsilon: 0.5, ratio: 2 }], options: [1] },
  readoutContext: { args: [points, { seed: 1 }], options: [1], optional: [1] },
  recommend: { args: [recommendable] },
  resolveConfig: { args: ["quick", { seed: 2 }], options: [1], optional: [0, 1] },
  resultJsonSchema: "no arguments",
  runStudy: { args: [config, { directory: join(folder, "study") }], options: [0, 1], fields: false },
  sampleCurve: { args: [curve, [0, 1]], fine: { 1: [[]] } },
  saveNetwork: { args: [join(folder, "network"), weights], fine: { 0: ["?"] } },
  saveTraining: { args: [join(folder, "training"), state], fine: { 0: ["?"] } },
  scaleGrid: { args: [{ to: 1, count: 3 }], options: [0] },
  selectLandmarks: { args: [points, { count: 2 }], options: [1] },
  sparseRips: { args: [points, 0.5, {}], options: [2], optional: [2] },
  specJsonSchema: "no arguments",
  takePoints: { args: [points, [0, 1]] },
  totalPersistence: { args: [diagram, 2], optional: [1] },
  train: { args: [backend, spec, labelled, { seed: 1 }], options: [1, 3] },
  trainingSeconds: { args: [spec, 10], options: [0] },
  factorToStandOut: { args: [10, 0.05] },
  leastTested: { args: [0.05] },
  significantRatio: { args: [diagram, zero, 0.05], optional: [1] },
  universalNullPValues: { args: [diagram] },
  wassersteinDistance: { args: [diagram, diagram, { order: 1 }], options: [2], optional: [2] },
  withTrainingSetStatistics: { args: [backend, weights, labelled, {}], options: [3], optional: [3] },
};

/** What makes or throws errors is no function to be tried with wrong values. */
const errors = ["expected", "throwIfAborted", "printable"];
const isClass = (value: unknown) => typeof value === "function" && /^class\b/.test(String(value));
const functions = Object.entries(api).filter(
  ([name, value]) => typeof value === "function" && !isClass(value) && !errors.includes(name),
) as [string, (...args: unknown[]) => unknown][];

describe("every public function", () => {
  it("has a row in this table", () => {
    expect(functions.map(([name]) => name).filter((name) => !(name in rows))).toEqual([]);
    expect(Object.keys(rows).filter((name) => !(name in api))).toEqual([]);
  });

  it.each(functions.filter(([name]) => typeof rows[name] === "object"))(
    "%s refuses wrong calls as such",
    async (name, call) => {
      expect(await faults(call, rows[name] as Row)).toEqual([]);
    },
    120_000,
  );
});

describe("classes", () => {
  it("EnginePool refuses a number of threads that is none, a request that is none, and work after its end", async () => {
    for (const threads of [0, -1, 1.5, Number.NaN, "2", null, undefined])
      expect(() => new api.EnginePool(threads as number)).toThrow("for threads");
    const pool = new api.EnginePool(1);
    for (const request of [null, undefined, {}, { source: {} }])
      await expect(pool.run(request as never)).rejects.toBeInstanceOf(BettinaError);
    for (const wrong of [{}, null, true, { run() {} }])
      await expect(api.persistence(points, { pool: wrong as never })).rejects.toThrow("an EnginePool for pool");
    await pool.close();
    await expect(api.persistence(points, { pool })).rejects.toThrow("one that was closed");
    await pool.close();
  });
});

describe("options that are left out", () => {
  it("may be undefined, and are then what they are by default", async () => {
    const { persistenceKeys } = await import("../../src/topology/persistence.js");
    const all = Object.fromEntries(Object.keys(persistenceKeys).map((key) => [key, undefined]));
    const inDefault = await api.persistence(points);
    expect(await api.persistence(points, all)).toEqual(inDefault);
    expect(await api.persistence({ data: labelled.data, shape: [4, 2], scale: undefined } as never, all)).toEqual({
      ...inDefault,
      distances: "f32",
    });
    const landmarks = { count: 2, rule: undefined, seed: undefined } as never;
    expect(await api.persistence(points, { landmarks })).toEqual(
      await api.persistence(points, { landmarks: { count: 2 } }),
    );
    expect(await api.pairwiseDistances(points, { metric: undefined, memoryLimit: undefined })).toEqual(
      await api.pairwiseDistances(points),
    );
    expect(api.wassersteinDistance(diagram, zeroLike(), { order: undefined, ground: undefined } as never)).toBe(
      api.wassersteinDistance(diagram, zeroLike()),
    );
    function zeroLike() {
      return { dimension: 1, births: Float32Array.of(1), deaths: Float32Array.of(2) };
    }
  });
});

describe("how a call is stopped", () => {
  it("knows signals: aborted before, of another realm, and what is none", async () => {
    const aborted = AbortSignal.abort();
    for (const options of [{}, { threads: 2 }, { landmarks: { count: 2 } }])
      await expect(api.persistence(points, { ...options, signal: aborted })).rejects.toThrow("Cancelled.");
    for (const signal of [{}, null, "abort", { aborted: "no" }])
      await expect(api.persistence(points, { signal: signal as never })).rejects.toThrow("an AbortSignal for signal");
    // As the signals of jsdom: another class with the same face.
    const target = new EventTarget();
    const foreign = Object.assign(target, { aborted: false, reason: undefined as unknown });
    const cloud = api.gaussianPoints(1500, 8, 1);
    const call = api.persistence(cloud, { signal: foreign as never });
    foreign.aborted = true;
    target.dispatchEvent(new Event("abort"));
    await expect(call).rejects.toThrow("Cancelled.");
  });

  it("knows time-outs: 0 is over at once, Infinity never", async () => {
    await expect(api.persistence(points, { timeout: Infinity })).resolves.toBeDefined();
    const cloud = api.gaussianPoints(1500, 8, 1);
    await expect(api.persistence(cloud, { timeout: 0 })).rejects.toThrow("a result within 0 ms");
    for (const timeout of [-1, Number.NaN, "1", null])
      await expect(api.persistence(points, { timeout: timeout as never })).rejects.toThrow("for timeout");
  });

  it("throws what onProgress throws", async () => {
    const onProgress = () => {
      throw new Error("not mine");
    };
    const cloud = api.gaussianPoints(300, 2, 1);
    for (const options of [{}, { threads: 2 }, { timeout: 60_000 }])
      await expect(api.persistence(cloud, { ...options, plan: "stream", onProgress })).rejects.toThrow("not mine");
  });
});

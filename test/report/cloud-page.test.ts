/** The page of one cloud: what it proves holds for all points, what it says is what was measured. */
import { createHash } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { Random } from "../../src/random.js";
import { landmarkApproximation, sparseApproximation } from "../../src/report/approximation-text.js";
import { barcodeSpec, diagramSpec } from "../../src/report/barcode.js";
import type { Chart } from "../../src/report/charts/chart.js";
import { cloudCounts, cloudCurves, persistentCurves } from "../../src/report/charts/cloud-charts.js";
import { type CloudPage, cloudRecord, pageReadouts } from "../../src/report/cloud.js";
import { cloudPageHtml } from "../../src/report/cloud-page.js";
import { boundOf, boundText } from "../../src/report/sections/cloud.js";
import { bettiNumbers } from "../../src/topology/betti.js";
import { countIntervals, type Diagram } from "../../src/topology/diagram.js";
import { landmarkReplicates } from "../../src/topology/landmark-bounds.js";
import { type PersistenceResult, persistence } from "../../src/topology/persistence.js";
import { sparseRips } from "../../src/topology/sparse-rips.js";

/** A noisy annulus: one loop, and short ones. */
const n = 160;
const random = new Random(5, "cloud page");
const points = {
  data: Float32Array.from({ length: 2 * n }),
  shape: [n, 2] as const,
};
for (let i = 0; i < n; i++) {
  const angle = 2 * Math.PI * random.uniform();
  const radius = 0.8 + 0.4 * random.uniform();
  points.data[2 * i] = radius * Math.cos(angle);
  points.data[2 * i + 1] = radius * Math.sin(angle);
}
const epsilon = 0.25;
const versions = { bettina: "0.1.0", engineAbi: 7, engineDigest: "ab".repeat(32), nodeMajor: 20, architecture: "x64" };

let whole: PersistenceResult;
let landmarks: PersistenceResult;
let cutLandmarks: PersistenceResult;
let sparse: PersistenceResult;
/** Few landmarks, and coarse sparse filtrations: far from the whole, so that a bound too tight shows. */
let coarse: PersistenceResult[];
let coarseSparse: { result: PersistenceResult; epsilon: number }[];
beforeAll(async () => {
  whole = await persistence(points, { maxDim: 1 });
  landmarks = await persistence(points, { maxDim: 1, landmarks: { count: 60 } });
  cutLandmarks = await persistence(points, { maxDim: 1, landmarks: { count: 60 }, threshold: 0.8 });
  sparse = await persistence(await sparseRips(points, epsilon), { maxDim: 1 });
  coarse = await Promise.all(
    [20, 35, 50, 80, 110, 140].flatMap((count) =>
      (["maxmin", "random"] as const).map((rule) => persistence(points, { maxDim: 1, landmarks: { count, rule } })),
    ),
  );
  coarseSparse = await Promise.all(
    [0.1, 0.5, 1, 2, 4].map(async (error) => ({
      result: await persistence(await sparseRips(points, error), { maxDim: 1 }),
      epsilon: error,
    })),
  );
});

const rank = (diagram: Diagram, from: number, to: number) =>
  countIntervals(diagram, (birth, death) => birth <= from && death > to);

/** Every place of a chart's panels with the bounds and the line there. */
function places(chart: Chart) {
  return chart.panels.flatMap(({ title, values }) =>
    (values as { x: number; y: number; low: number; most: number | null }[]).map((value) => ({
      dimension: title,
      ...value,
    })),
  );
}

describe("the bands", () => {
  it("of curves hold the number of classes of all points that outlive the error, and the line", () => {
    for (const [result, found, until] of [
      [landmarks, landmarkApproximation(landmarks), (s: number, error: number) => s + error],
      [cutLandmarks, landmarkApproximation(cutLandmarks), (s: number, error: number) => s + error],
      [sparse, sparseApproximation(sparse, epsilon), (s: number, error: number) => s * (1 + error)],
      ...coarse.map((one) => [one, landmarkApproximation(one), (s: number, error: number) => s + error] as const),
      ...coarseSparse.map(
        (one) =>
          [
            one.result,
            sparseApproximation(one.result, one.epsilon),
            (s: number, error: number) => s * (1 + error),
          ] as const,
      ),
    ] as const) {
      const all = places(persistentCurves(result, found));
      expect(all.length).toBeGreaterThan(20);
      let proven = 0;
      all.slice(1).forEach(({ dimension, x: next }, i) => {
        const { dimension: own, x: at, y, low, most } = all[i]!;
        if (own !== dimension || next - at < 1e-4 * next) return;
        // Between two steps, where no rounding decides; a step holds up to the next.
        const x = (at + next) / 2;
        const truth = rank(whole.diagrams[Number(dimension.slice(1))]!, x, until(x, found.error));
        const where = `${found.kind} ${found.error} ${dimension} at ${x}`;
        expect(truth, where).toBeGreaterThanOrEqual(low);
        expect(truth, where).toBeLessThanOrEqual(most ?? Infinity);
        expect(y).toBeGreaterThanOrEqual(low);
        expect(y).toBeLessThanOrEqual(most ?? Infinity);
        if (dimension === "H1" && low === 1 && most === 1) proven++;
      });
      // Somewhere the one loop is proven outright.
      if (result === landmarks || result === sparse) expect(proven).toBeGreaterThan(0);
    }
  });

  it("of counts hold the number of intervals of all points", () => {
    for (const [result, found, size] of [
      [landmarks, landmarkApproximation(landmarks), (birth: number, death: number) => death - birth],
      [sparse, sparseApproximation(sparse, epsilon), (birth: number, death: number) => death / birth],
    ] as const) {
      const chart = cloudCounts(result, found);
      expect(chart.panels.map(({ title }) => title)).toEqual(found.kind === "landmarks" ? ["H0", "H1"] : ["H1"]);
      for (const { dimension, x, y, low, most } of places(chart)) {
        const truth = countIntervals(whole.diagrams[Number(dimension.slice(1))]!, (b, d) => size(b, d) > x);
        expect(truth).toBeGreaterThanOrEqual(low);
        expect(truth).toBeLessThanOrEqual(most ?? Infinity);
        expect(y).toBeGreaterThanOrEqual(low);
        const floor = found.kind === "landmarks" ? found.error : 1 + found.error;
        expect(most === null).toBe(x < Number(floor.toPrecision(6)));
      }
    }
  });

  it("of readouts hold the same readout of all points", () => {
    let bounded = 0;
    for (const [result, found] of [
      [landmarks, landmarkApproximation(landmarks)],
      [cutLandmarks, landmarkApproximation(cutLandmarks)],
      [sparse, sparseApproximation(sparse, epsilon)],
      ...coarse.map((one) => [one, landmarkApproximation(one)] as const),
      ...coarseSparse.map((one) => [one.result, sparseApproximation(one.result, one.epsilon)] as const),
    ] as const)
      for (const readout of [
        ...Array.from({ length: 40 }, (_, i) => 0.02 + 0.04 * i).map((scale) => `at-scale=${scale}`),
        ...[1.01, 1.1, 1.2, 1.3, 1.5, 2, 4, 6, 8, 10].map((ratio) => `ratio>${ratio}`),
        ...[0.1, 0.3, 0.6].map((length) => `persistence>${length}`),
        ...["count", "largest-gap", "universal-null@0.05"],
      ])
        for (const dimension of [0, 1]) {
          const bound = boundOf(result, found, bettiNumbers(result, readout), dimension);
          if (bound === null) continue;
          bounded++;
          const truth = bettiNumbers(whole, readout).betti[dimension]!;
          expect(truth, `${found.kind} ${found.error} ${readout} H${dimension}`).toBeGreaterThanOrEqual(bound.lower);
          expect(truth).toBeLessThanOrEqual(bound.upper ?? Infinity);
          expect(boundText(bound)).toContain(`${bound.lower}`);
        }
    expect(bounded).toBeGreaterThan(20);
  });

  it("of an exact result are not there; its curve is the diagram's", () => {
    const chart = cloudCurves(whole);
    expect(chart.key.map(({ label }) => label)).toEqual(["all points"]);
    const all = places(chart);
    all.slice(1).forEach(({ dimension, x: next }, i) => {
      const { dimension: own, x: at, y, low } = all[i]!;
      if (own !== dimension) return;
      expect(low).toBeUndefined();
      const x = (at + next) / 2;
      expect(y).toBe(rank(whole.diagrams[Number(dimension.slice(1))]!, x, x));
    });
  });
});

describe("pictures under an error", () => {
  const diagram = (dimension: number, intervals: readonly (readonly [number, number])[]): Diagram => ({
    dimension,
    births: Float32Array.from(intervals, ([birth]) => birth),
    deaths: Float32Array.from(intervals, ([, death]) => death),
  });
  const loops = diagram(1, [
    [1, 2],
    [1.5, 1.75],
    [2, Infinity],
  ]);
  const bars = (error: { length: number; factor: number }, cut: boolean) => {
    const spec = barcodeSpec({ title: "t", diagrams: [loops], threshold: 4, error, cut });
    const [panel] = spec.vconcat as { data: { values: { birth: number; from: number; sure: number }[] } }[];
    return panel!.data.values.map(({ birth, from, sure }) => [from, birth, sure]);
  };

  it("tell in the barcode where a bar of all points begins, and up to where it lives for certain", () => {
    expect(bars({ length: 0.5, factor: 1 }, false)).toEqual([
      [0.5, 1, 1.5],
      [1, 1.5, 1.5],
      [1.5, 2, 4],
    ]);
    expect(bars({ length: 0, factor: 1.25 }, true)).toEqual([
      [0.8, 1, 1.6],
      [1.2, 1.5, 1.5],
      [1.6, 2, 3.2],
    ]);
  });

  it("box the points above the band in the diagram", () => {
    const spec = diagramSpec({ title: "t", diagrams: [loops], threshold: 4, error: { length: 0.5, factor: 1 } });
    const boxes = (spec.layer as { mark: { type: string }; data: { values: object[] } }[]).filter(
      ({ mark }) => mark.type === "rect",
    );
    expect(boxes.flatMap(({ data }) => data.values)).toEqual([
      { from: 0.5, birth: 1, low: 1.5, death: 2 },
      { from: 1.5, birth: 2, low: 4.32, death: 4.32 },
    ]);
  });
});

describe("the page", () => {
  const base = (result: PersistenceResult): CloudPage => ({
    name: "annulus.csv",
    cloud: cloudRecord(points),
    metric: "euclidean",
    result,
    options: [["--max-dim", "1"]],
    versions,
  });
  /** Its words, with plain spaces. */
  const plain = (page: string) =>
    page
      .slice(page.indexOf("<body>"))
      .replace(/<svg[\s\S]*?<\/svg>/g, " ")
      .replace(/<[^>]+>/g, " ")
      .replace(/&#39;/g, "'")
      .replace(/\s+/g, " ");

  it("says in words what was measured, how exactly, and every number", async () => {
    const page = await cloudPageHtml(base(whole));
    const words = plain(page);
    expect(words).toContain("160 points in 2 dimensions, euclidean distances.");
    expect(words).toContain("from where on the complex is a cone: nothing is lost. Coefficients in Z/2.");
    expect(words).toContain("Exact: every interval of this filtration");
    expect(words).toContain("The points have 1 component in the end;");
    for (const readout of pageReadouts()) {
      const numbers = bettiNumbers(whole, readout).betti.map((value) => `${value ?? "–"}`);
      expect(words).toContain(`${readout.replace(">", "&#62;")} ${numbers.join(" ")}`);
    }
    expect(words).toContain(createHash("sha256").update(new Uint8Array(points.data.buffer)).digest("hex"));
    expect(words).toContain("of float32, little-endian");
    expect(page).not.toMatch(/id="(proven|replicates)"/);
    expect(await cloudPageHtml(base(whole))).toBe(page);
  });

  it("is one file without script, address or style attribute, and escapes what it is given", async () => {
    const page = await cloudPageHtml({ ...base(whole), name: '<script>alert("1")</script>' });
    expect(page).not.toMatch(/<script|<link|<img|<iframe| style=| on\w+=/i);
    expect(page.replace(/sha256-[\w+/=]+/, "")).not.toMatch(/https?:|\/\/[a-z]/i);
    expect(page).toContain("Content-Security-Policy");
    for (const [, target] of page.matchAll(/href="([^"]+)"/g)) expect(page).toContain(`id="${target!.slice(1)}"`);
  });

  it("tells the guarantee of landmarks, and the numbers proven", async () => {
    const approximation = landmarkApproximation(landmarks);
    const readouts = ["at-scale=0.6", "ratio>1.5", "count"];
    const words = plain(await cloudPageHtml({ ...base(landmarks), approximation, readouts }));
    expect(words).toContain(
      "Computed on 60 landmarks of the 160 points, chosen each the farthest from those before (seed 1).",
    );
    expect(words).toContain("the covering radius r.");
    expect(words).toContain("The landmarks have 1 component in the end;");
    expect(words).toContain("at-scale=0.6 1 exactly 1 1 at least 1");
    expect(words).toContain("What is proven of all points");
  });

  it("tells what a sparse filtration guarantees, which is no cut one", async () => {
    const approximation = sparseApproximation(sparse, epsilon);
    const words = plain(await cloudPageHtml({ ...base(sparse), approximation }));
    expect(words).toContain("with every edge there is: nothing is cut");
    expect(words).toContain("by at most the factor 1.25");
    expect(words).toMatch(/count 160 exactly 160 \d+ not bounded/);
  });

  it("says when a threshold left something out", async () => {
    const cut = await persistence(points, { maxDim: 1, threshold: 0.2 });
    const words = plain(await cloudPageHtml({ ...base(cut), threshold: 0.2 }));
    expect(words).toContain("cut at 0.2: what would happen beyond is not known");
    expect(words).toMatch(/The points have \d+ components? at edge length 0\.2/);
  });

  it("shows other landmarks with their spread, and that it is no bound", async () => {
    const chosen = { count: 60, rule: "random", seed: 3 } as const;
    const replicates = await landmarkReplicates(points, {
      maxDim: 1,
      landmarks: chosen,
      replicates: 4,
      readouts: ["ratio>1.5", "count"],
    });
    const approximation = landmarkApproximation(landmarks);
    const words = plain(await cloudPageHtml({ ...base(landmarks), approximation, replicates }));
    expect(words).toContain("by 4 independent choices of as many landmarks by the rule random (seeds 3 to 6)");
    expect(words).toContain("no bound on the numbers of all points");
    for (const { seed, readings } of replicates.replicates) {
      const numbers = readings.map(({ betti }) => betti.map((value) => value ?? "–").join(" ")).join(" ");
      expect(words).toMatch(new RegExp(` ${seed} [\\d.]+ ${numbers} `));
    }
    const loops = replicates.replicates.map(({ readings }) => readings[1]!.betti[1]!).sort((one, other) => one - other);
    // The median of four is the mean of the two in the middle.
    expect(words).toContain(`count 60 (60–60) ${(loops[1]! + loops[2]!) / 2} (`);
  });

  it("stands for one point, for none but duplicates, and for a distance matrix", async () => {
    for (const input of [
      [[1, 2]],
      [
        [1, 2],
        [1, 2],
      ],
    ]) {
      const result = await persistence(input, { maxDim: 1 });
      const page = { ...base(result), cloud: cloudRecord(input) };
      expect(plain(await cloudPageHtml(page))).toContain("1 component in the end; 0 loops.");
    }
    const matrix = { distances: Float32Array.of(1, 1, 1), n: 3 };
    const result = await persistence(matrix, { maxDim: 1 });
    const words = plain(await cloudPageHtml({ ...base(result), cloud: cloudRecord(matrix) }));
    expect(words).toContain("3 points, given by their distances.");
    expect(words).toContain("The distances are those given");
  });

  it("stops when aborted", async () => {
    const signal = AbortSignal.abort();
    await expect(cloudPageHtml(base(whole), signal)).rejects.toMatchObject({ code: "CANCELLED" });
  });
});

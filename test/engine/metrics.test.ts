/** Metrics against their definitions, computed here in float64. */
import { describe, expect, it } from "vitest";
import { computeDistances, type MetricName } from "../../src/engine/engine.js";
import { loadModule } from "../../src/engine/module.js";
import { Random } from "../../src/random.js";
import { pairwiseDistances, pointsSource } from "../../src/topology/distance-matrix.js";
import { persistence } from "../../src/topology/persistence.js";

type Row = readonly number[];

const definitions: Record<MetricName, (x: Row, y: Row) => number> = {
  euclidean: (x, y) => Math.hypot(...x.map((value, k) => value - y[k]!)),
  sqeuclidean: (x, y) => x.reduce((sum, value, k) => sum + (value - y[k]!) ** 2, 0),
  manhattan: (x, y) => x.reduce((sum, value, k) => sum + Math.abs(value - y[k]!), 0),
  chebyshev: (x, y) => x.reduce((most, value, k) => Math.max(most, Math.abs(value - y[k]!)), 0),
  cosine: (x, y) => 1 - x.reduce((sum, value, k) => sum + value * y[k]!, 0) / (Math.hypot(...x) * Math.hypot(...y)),
};
const names = Object.keys(definitions) as MetricName[];

describe.each(names)("%s", (metric) => {
  it.each(["release", "debug"] as const)("follows its definition to float32 (%s)", async (variant) => {
    const { module } = await loadModule(variant);
    const random = new Random(4, metric);
    for (const n of [1, 2, 5, 40])
      for (const d of [1, 2, 3, 17, 62]) {
        const rows = Array.from({ length: n }, () => Array.from({ length: d }, () => random.normal()));
        const cloud = { data: Float64Array.from(rows.flat()), shape: [n, d] as const, scale: 0.5 };
        const found = computeDistances(module, pointsSource(cloud, metric), 2 ** 30);
        rows.forEach((x, i) => {
          rows.forEach((y, j) => {
            const half = (row: Row) => row.map((value) => value / 2);
            const truth = definitions[metric](half(x), half(y));
            // The cosine by its definition is itself only good to 1e-15.
            expect(Math.abs(found[i * n + j]! - truth)).toBeLessThanOrEqual(2 ** -24 * Math.abs(truth) + 1e-15);
            expect(found[i * n + j]).toBe(found[j * n + i]);
          });
        });
      }
  });

  it("reads bytes as the numbers they are", async () => {
    const random = new Random(5, metric);
    const data = Uint8Array.from({ length: 20 * 30 }, () => random.integer(255) + 1);
    const bytes = await pairwiseDistances({ data, shape: [20, 30] }, { metric });
    const doubles = await pairwiseDistances({ data: Float64Array.from(data), shape: [20, 30] }, { metric });
    expect(bytes.distances).toEqual(doubles.distances);
  });

  it("is 0 between equal points, and scales far from 1 lose nothing", async () => {
    for (const size of [1e-30, 1, 1e30]) {
      const rows = [
        [3 * size, 4 * size],
        [3 * size, 4 * size],
        [size, 2 * size],
      ];
      const squares = metric === "sqeuclidean" && size !== 1;
      if (squares) continue; // 1e60 and 1e-60 are no float32
      const { distances } = await pairwiseDistances(rows, { metric });
      expect(distances[1]).toBe(0);
      const truth = definitions[metric](rows[0]!, rows[2]!);
      expect(Math.abs(distances[2]! - truth)).toBeLessThanOrEqual(2 ** -23 * truth);
    }
  });
});

describe("cosine", () => {
  it("is exactly 0 for parallel, 1 for orthogonal and 2 for opposite vectors", async () => {
    const rows = [
      [1, 2, 3],
      [3, 6, 9],
      [0.1, 0.2, 0.3],
      [3, 0, -1],
      [-7, -14, -21],
    ];
    const { distances } = await pairwiseDistances(rows, { metric: "cosine" });
    expect(Array.from(distances.subarray(0, 5))).toEqual([0, 0, 0, 1, 2]);
  });

  it("tells apart what 1 - cos in floating point cannot", async () => {
    const angle = 1e-9;
    const rows = [
      [1, 0],
      [Math.cos(angle), Math.sin(angle)],
    ];
    const { distances } = await pairwiseDistances(rows, { metric: "cosine" });
    expect(distances[1]).toBeCloseTo(angle ** 2 / 2, 24);
    expect(distances[1]).toBeGreaterThan(0);
  });

  it("refuses a vector of length 0", async () => {
    const rows = [
      [1, 0],
      [0, 0],
    ];
    await expect(persistence(rows, { metric: "cosine" })).rejects.toThrow(/not 0 under the metric cosine for point 1/);
  });
});

describe("persistence", () => {
  it("uses the metric asked for: a square's loop lives in l1, not in l-infinity", async () => {
    const square = [
      [0, 0],
      [1, 0],
      [1, 1],
      [0, 1],
    ];
    const loops = async (metric: MetricName) => {
      const { births, deaths } = (await persistence(square, { metric })).diagrams[1]!;
      return Array.from(births, (birth, i) => [birth, deaths[i]]);
    };
    expect(await loops("manhattan")).toEqual([[1, 2]]);
    expect(await loops("chebyshev")).toEqual([]);
  });
});

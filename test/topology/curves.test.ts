import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ConfigError } from "../../src/errors.js";
import { Random } from "../../src/random.js";
import {
  bettiCurve,
  curveBand,
  curveIntegral,
  curveL1Distance,
  medianPairwiseDistance,
  normaliseCurve,
  sampleCurve,
  scaleGrid,
} from "../../src/topology/curves.js";
import type { Diagram } from "../../src/topology/diagram.js";
import { pairwiseDistances } from "../../src/topology/distance-matrix.js";
import { totalPersistence } from "../../src/topology/summaries.js";

const inf = Infinity;

function diagram(intervals: [number, number][], dimension = 1): Diagram {
  return {
    dimension,
    births: Float32Array.from(intervals, ([birth]) => birth),
    deaths: Float32Array.from(intervals, ([, death]) => death),
  };
}

/** 1 on [1, 2), 2 on [2, 3), 0 on [3, 5), 1 from 5 on or until 6. */
const curve = (last: number) =>
  bettiCurve(
    diagram([
      [1, 3],
      [2, 3],
      [5, last],
    ]),
  );

const gridPair = fc
  .tuple(fc.integer({ min: 0, max: 16 }), fc.integer({ min: 0, max: 12 }))
  .map(([birth, length]): [number, number] => [birth / 8, (birth + length) / 8]);
const gridPairs = fc.array(gridPair, { maxLength: 12 });

describe("sampled curves", () => {
  it("take the value of the step at each scale", () => {
    expect(Array.from(sampleCurve(curve(6), [0, 1, 1.5, 2, 2.9, 3, 5, 5, 6, 100]))).toEqual([
      0, 1, 1, 2, 2, 0, 1, 1, 0, 0,
    ]);
    expect(Array.from(sampleCurve(bettiCurve(diagram([])), [0, 1]))).toEqual([0, 0]);
    expect(() => sampleCurve(curve(6), [1, 0])).toThrow(ConfigError);
  });

  it("are the same for clouds that differ in scale, once normalised", () => {
    const doubled = bettiCurve(
      diagram([
        [2, 6],
        [4, 6],
        [10, 12],
      ]),
    );
    expect(normaliseCurve(doubled, 2)).toEqual(normaliseCurve(curve(6), 1));
    expect(() => normaliseCurve(doubled, 0)).toThrow(ConfigError);
  });

  it("grids include both ends", () => {
    expect(Array.from(scaleGrid({ to: 2, count: 5 }))).toEqual([0, 0.5, 1, 1.5, 2]);
    expect(Array.from(scaleGrid({ from: 1, to: 2, count: 2 }))).toEqual([1, 2]);
    expect(() => scaleGrid({ to: 0, count: 5 })).toThrow(ConfigError);
    expect(() => scaleGrid({ to: 1, count: 1 })).toThrow(ConfigError);
  });

  // Order statistics 1, 2, 3, 10: median 2.5; level 0.1 is 0.3 of the way from the first to the second.
  it("bands are interpolated percentiles", () => {
    const band = curveBand([[3], [1], [10], [2]], { lower: 0.1, upper: 0.9 });
    expect(band.median[0]).toBe(2.5);
    expect(band.lower[0]).toBeCloseTo(1.3, 12);
    expect(band.upper[0]).toBeCloseTo(3 + 0.7 * 7, 12);
    expect(curveBand([[4, 5]])).toEqual({
      median: Float64Array.of(4, 5),
      lower: Float64Array.of(4, 5),
      upper: Float64Array.of(4, 5),
    });
    expect(() => curveBand([])).toThrow(ConfigError);
    expect(() => curveBand([[1], [1, 2]])).toThrow(ConfigError);
    expect(() => curveBand([[1]], { lower: 0.9, upper: 0.1 })).toThrow(ConfigError);
  });
});

describe("integrals of curves", () => {
  it("are exact", () => {
    expect(curveIntegral(curve(6))).toBe(1 + 2 + 1);
    expect(curveIntegral(curve(inf))).toBe(inf);
    expect(curveIntegral(curve(inf), { to: 7 })).toBe(1 + 2 + 2);
    expect(curveIntegral(curve(6), { from: 1.5, to: 2.25 })).toBe(0.5 + 0.5);
    expect(curveIntegral(curve(6), { from: 3, to: 3 })).toBe(0);
    expect(curveIntegral(bettiCurve(diagram([])))).toBe(0);
  });

  it("are the total persistence", () => {
    fc.assert(
      fc.property(gridPairs, (pairs) => {
        expect(curveIntegral(bettiCurve(diagram(pairs)))).toBe(totalPersistence(diagram(pairs)));
      }),
    );
  });

  it("L1 distances are integrals of the absolute difference", () => {
    expect(curveL1Distance(curve(6), curve(8))).toBe(2);
    expect(curveL1Distance(curve(6), bettiCurve(diagram([[2, 4]])))).toBe(1 + 1 + 1 + 1);
    expect(curveL1Distance(curve(inf), curve(6))).toBe(inf);
    expect(curveL1Distance(curve(inf), curve(inf))).toBe(0);
    expect(curveL1Distance(curve(inf), curve(6), { to: 7 })).toBe(1);
  });

  it("equal sums over a fine grid, and L1 is a metric", () => {
    fc.assert(
      fc.property(gridPairs, gridPairs, gridPairs, (x, y, z) => {
        const [a, b, c] = [x, y, z].map((pairs) => bettiCurve(diagram(pairs))) as [never, never, never];
        const grid = Array.from({ length: 40 }, (_, i) => i / 8);
        const [atA, atB] = [sampleCurve(a, grid), sampleCurve(b, grid)];
        const sum = atA.reduce((total, value, i) => total + Math.abs(value - atB[i]!) / 8, 0);
        expect(curveL1Distance(a, b)).toBe(sum);
        expect(curveL1Distance(b, a)).toBe(sum);
        expect(curveL1Distance(a, c)).toBeLessThanOrEqual(sum + curveL1Distance(b, c));
      }),
    );
  });
});

describe("median distance", () => {
  it("is that of all pairs", async () => {
    expect(await medianPairwiseDistance([[0], [1], [3]])).toBe(2);
    // Distances 1, 2, 3, 4, 6, 7: the middle two are 3 and 4.
    expect(await medianPairwiseDistance([[0], [1], [3], [7]])).toBe(3.5);
    expect(await medianPairwiseDistance([[0], [0], [0], [1]])).toBe(0.5);
    expect(await medianPairwiseDistance([[0], [5]], { metric: "sqeuclidean" })).toBe(25);
    expect(await medianPairwiseDistance({ distances: Float32Array.of(1, 5, 2), n: 3 })).toBe(2);
    await expect(medianPairwiseDistance([[0]])).rejects.toThrow(ConfigError);
  });

  it("equals sorting, for ties, odd and even numbers", async () => {
    const random = new Random(2, "median");
    for (let n = 2; n < 40; n++) {
      const points = Array.from({ length: n }, () => [random.integer(4), n % 3 === 0 ? 0 : random.normal()]);
      const { distances } = await pairwiseDistances(points);
      const all: number[] = [];
      for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) all.push(distances[i * n + j]!);
      all.sort((one, other) => one - other);
      const median = (all[(all.length - 1) >> 1]! + all[all.length >> 1]!) / 2;
      expect(await medianPairwiseDistance(points)).toBe(median);
    }
  });
});

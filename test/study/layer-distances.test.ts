import { describe, expect, it } from "vitest";
import { layerDistances } from "../../src/study/layer-distances.js";
import { inSubset } from "../../src/study/measure.js";
import { presets } from "../../src/study/presets.js";

const diagram = (dimension: number, ...intervals: [number, number][]) => ({
  dimension,
  births: Float32Array.from(intervals, ([birth]) => birth),
  deaths: Float32Array.from(intervals, ([, death]) => death),
});
const asked = { layerDistances: { metrics: ["bottleneck", "wasserstein"], subsamples: 1 } } as const;

describe("distances between layers", () => {
  it("do not see the scale of a layer", () => {
    const before = { diagrams: [diagram(0, [0, Infinity]), diagram(1, [1, 3], [2, 4])], unit: 2 };
    const after = { diagrams: [diagram(0, [0, Infinity]), diagram(1, [10, 30], [20, 40])], unit: 20 };
    expect(layerDistances(before, after, asked).map(({ distance }) => distance)).toEqual([0, 0, 0, 0]);
  });

  it("are in units of the clouds: two loops of length 2 lost, in units of 2", () => {
    const before = { diagrams: [diagram(1, [1, 3], [5, 7])], unit: 2 };
    const after = { diagrams: [diagram(1)], unit: 8 };
    // Each costs half its length of 1 to the diagonal; of order 2, √(1/4 + 1/4).
    expect(layerDistances(before, after, asked)).toEqual([
      { metric: "bottleneck", k: 0, distance: 0.5 },
      { metric: "wasserstein", k: 0, distance: expect.closeTo(Math.SQRT1_2, 7) },
    ]);
  });

  it("are left out where they are infinite or a cloud has no unit", () => {
    const one = { diagrams: [diagram(0, [0, Infinity])], unit: 1 };
    const two = { diagrams: [diagram(0, [0, Infinity], [0, Infinity])], unit: 1 };
    expect(layerDistances(one, two, asked)).toEqual([]);
    expect(layerDistances({ ...one, unit: 0 }, one, asked)).toEqual([]);
    expect(layerDistances(one, { ...one, unit: null }, asked)).toEqual([]);
  });
});

describe("the subset of a study", () => {
  const config = {
    ...presets.sound,
    seeds: [3, 8, 9],
    classes: [2, 5],
    subset: { readouts: [], seeds: 2, subsamples: 2, classes: 1 },
  };
  it.each([
    [{ seed: 8, subsample: 1, class: 2 }, true],
    [{ seed: null, subsample: 0, class: 2 }, true],
    [{ seed: 9, subsample: 0, class: 2 }, false],
    [{ seed: 3, subsample: 2, class: 2 }, false],
    [{ seed: 3, subsample: 0, class: 5 }, false],
  ])("is the first seeds, samples and classes: %j", (where, inside) => {
    expect(inSubset(config, where)).toBe(inside);
  });
});

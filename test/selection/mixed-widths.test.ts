/** Networks of several widths: their controls, their order, what a failed training means, voids as well as loops. */
import { describe, expect, it } from "vitest";
import { smallestAccurate } from "../../src/selection/accuracy.js";
import { empiricalTest } from "../../src/selection/empirical.js";
import { collectEvidence, type Measured } from "../../src/selection/evidence.js";
import { type RecommendInput, recommend } from "../../src/selection/recommend.js";
import { widthRows } from "../../src/selection/width-table.js";
import { everyClass } from "../support/decision.js";

const readout = "ratio>1.1";
const seeds = [1, 2, 3, 4, 5];

/** b_1 (and b_2) of one cloud by the readout. */
function cloud(what: Partial<Measured>, ...betti: number[]): Measured {
  const common = {
    source: "input",
    width: null,
    activation: null,
    seed: null,
    layer: 0,
    class: 0,
    subsample: 0,
  } as const;
  return { ...common, ...what, readouts: [{ readout, betti: [null, ...betti] }] };
}

const network = (width: number | string, seed: number, ...layers: number[]) =>
  layers.map((loops, i) => cloud({ source: "network", width, activation: "relu", seed, layer: i + 1 }, loops));
const projection = (width: number, seed: number, loops: number) => cloud({ source: "projection", width, seed }, loops);

const decision = everyClass(readout);

/** Input b_1 = 5; ascending: 8-2-8, 4, 8-4. */
const widths = ["8-2-8", 4, "8-4"];
function advise(measurements: readonly Measured[], more: Partial<RecommendInput> = {}) {
  return recommend({
    measurements: [cloud({}, 5), ...measurements],
    networks: [],
    bounds: [],
    enclosures: [],
    activations: ["relu"],
    widths,
    seeds,
    readouts: [readout],
    maxDim: 1,
    decision,
    ...more,
  });
}

describe("controls without a network", () => {
  const measurements = [
    cloud({}, 5),
    projection(8, 1, 6),
    projection(4, 1, 5),
    projection(2, 1, 1),
    projection(8, 2, 7),
  ];

  it("stand beside every layer at its own width, in runs that have all of them", () => {
    const evidence = collectEvidence(readout, measurements, "projection", null, [...widths, "9-4"]);
    const measured = evidence.map(({ width, runs }) => [
      width,
      runs.map(({ seed, comparisons }) => [seed, comparisons.map((one) => one.measured)]),
    ]);
    // Seed 2 was measured in 8 dimensions alone, and nothing in 9.
    expect(measured).toEqual([
      ["8-2-8", [[1, [6, 1]]]],
      [4, [[1, [5]]]],
      ["8-4", [[1, [6, 5]]]],
    ]);
  });

  it("keep where they do at every layer's width", () => {
    const { byActivation, summary } = advise([
      ...seeds.flatMap((seed) => [projection(8, seed, 6), projection(4, seed, 5), projection(2, seed, 1)]),
      ...seeds.flatMap((seed) => [...network("8-2-8", seed, 6, 6, 6), ...network("8-4", seed, 6, 6)]),
      ...seeds.flatMap((seed) => network(4, seed, 5, 5, 5)),
    ]);
    expect(byActivation[0]).toMatchObject({
      projectionSmallestKept: 4,
      smallestKept: "8-2-8",
      confidentWidth: "8-2-8",
    });
    expect(summary).toContain("topology points to width 8-2-8");
  });

  it("are paired with a layer at its own width", () => {
    const all = [4, 8].flatMap((width) => projection(width, 1, width));
    const layers = [...network("8-4", 1, 11, 6), ...network("4-8", 1, 5, 7)];
    const { byActivation } = advise([...all, ...layers], { widths: ["4-8", "8-4"], seeds: [1] });
    const found = byActivation[0]!.paired.pairings
      .filter((one) => one.with === "projection")
      .map(({ width, layer, more, fewer }) => [width, layer, more, fewer]);
    // 5 against 4, 7 against 8; 11 against 8, 6 against 4.
    expect(found).toEqual([
      ["4-8", 1, 1, 0],
      ["4-8", 2, 0, 1],
      ["8-4", 1, 1, 0],
      ["8-4", 2, 1, 0],
    ]);
  });
});

describe("the order", () => {
  it("is that of the sweep, from the last network down", () => {
    const kept = (width: string | number, layers: number) =>
      seeds.flatMap((seed) => network(width, seed, ...new Array<number>(layers).fill(5)));
    const measurements = [
      ...kept("8-2-8", 3),
      ...kept("8-4", 2),
      ...seeds.flatMap((seed) => network(4, seed, 5, 4, 5)),
    ];
    // 4 fails, so 8-2-8 is never reached; the smallest that kept is it all the same.
    expect(advise(measurements).byActivation[0]).toMatchObject({ confidentWidth: "8-4", smallestKept: "8-2-8" });
    expect(advise(measurements, { widths: [4, "8-2-8", "8-4"] }).byActivation[0]!.confidentWidth).toBe("8-2-8");
  });

  it("counts a network of which no training was measured as one that does not keep", () => {
    const kept = (width: string | number, layers: number) =>
      seeds.flatMap((seed) => network(width, seed, ...new Array<number>(layers).fill(5)));
    // Nothing of 4: the test ends there.
    const measurements = [...kept("8-2-8", 3), ...kept("8-4", 2)];
    expect(advise(measurements).byActivation[0]!.confidentWidth).toBe("8-4");
    const test = empiricalTest({
      measurements: [cloud({}, 5), ...measurements],
      networks: [],
      widths,
      seeds,
      activation: "relu",
      readout,
      criterion: decision,
      probability: 0.5,
      alpha: 0.05,
    });
    expect(test).toMatchObject({ acceptedWidth: "8-4", acceptedByDegree: [{ k: 1, width: "8-4" }] });
    expect(test.widths.map(({ width, accepted }) => [width, accepted])).toEqual([
      ["8-2-8", false],
      ["8-4", true],
    ]);
  });

  it("leaves the choice by accuracy to the fewest parameters", () => {
    const of = (width: string | number, parameters: number, validation: number) => ({
      width,
      parameters,
      accuracy: 0.5,
      validation,
    });
    const chosen = smallestAccurate([of("512-2", 4000, 0.91), of(4, 300, 0.905), of("8-4", 900, 0.912)]);
    expect(chosen).toMatchObject({ width: 4 });
    // In floating point 0.5097 - 0.01 is above 0.4997: the difference of 100 images in 10,000 is still no more than that.
    expect(smallestAccurate([of(2, 100, 0.4996), of(4, 300, 0.4997), of(8, 900, 0.5097)])).toMatchObject({ width: 4 });
  });
});

describe("what a theorem excludes", () => {
  it("goes by the narrowest layer", () => {
    const { byActivation } = advise([], { widths: ["4-1-4", 4] });
    expect(byActivation[0]!.cannotCarry).toEqual([
      {
        width: "4-1-4",
        k: 1,
        text: "Width 4-1-4 cannot carry loops: its narrowest layer has 1 unit, and a compact set in 1 dimension has no homology in degree 1 (T1, a proof over any field).",
      },
    ]);
    const family = {
      inputDimension: 3,
      outputs: 2,
      activation: "square",
      depths: { least: 1, most: 3 },
      dataDegree: 2,
      dataInequalities: 0,
      modulus: 2,
    };
    const rows = widthRows([1, 1], family, { widths: ["4-1-4", "4-4"], hiddenLayers: 3, networks: [] }, null);
    expect(rows.map(({ width, standing }) => [width, standing])).toEqual([
      ["4-1-4", "excluded"],
      ["4-4", "not excluded"],
    ]);
  });

  it("counts only for degrees in which the input has anything", () => {
    const shown = (loops: number, voids: number) =>
      recommend({
        measurements: [
          cloud({}, loops, voids),
          cloud({ source: "network", width: 2, activation: "relu", seed: 1, layer: 1 }, 0, 0),
        ],
        networks: [],
        bounds: [],
        enclosures: [],
        activations: ["relu"],
        widths: [2],
        seeds: [1],
        readouts: [readout],
        maxDim: 2,
        decision,
      }).summary;
    // Two units carry loops, not voids.
    expect(shown(1, 0)).toContain("keeps the input's loops: at every one");
    expect(shown(1, 0)).toContain("No width is excluded by a theorem");
    expect(shown(0, 1)).toContain("keeps the input's voids: at every one");
    expect(shown(0, 1)).toContain("Width 2 is excluded by a theorem");
  });
});

import { describe, expect, it } from "vitest";
import { layersChart } from "../../src/report/charts/layers-chart.js";
import { claimsOf } from "../../src/report/claims.js";
import type { Markup } from "../../src/report/markup.js";
import { bettiSection } from "../../src/report/sections/betti.js";
import { claimsSection } from "../../src/report/sections/claims.js";
import { degreesOf, isArtefact } from "../../src/report/summary.js";
import { formatStudyTable } from "../../src/report/text.js";
import type { MeasurementRecord, StudyResult } from "../../src/study/result.js";
import { summariseStudy } from "../../src/study/statistics.js";
import { fixtureResult } from "./fixture.js";

const plain = (markup: Markup) =>
  markup.text
    .replace(/<[^>]+>/g, " ")
    .replace(/\s+/g, " ")
    .trim();

/** The fixture with one class of the input at 10 loops, and these loops by width and layer. */
function study(network: Record<number, number[]>, projection: Record<number, number>): StudyResult {
  const base = fixtureResult({ activations: ["relu"], widths: [2, 8] });
  const template = base.measurements[0]!;
  const cloud = (what: Partial<MeasurementRecord>, loops: number): MeasurementRecord => ({
    ...template,
    class: 0,
    seed: 1,
    ...what,
    readouts: [{ readout: "count", betti: [200, loops] }],
  });
  const measurements = [
    cloud({ source: "input", seed: null }, 10),
    ...Object.entries(network).flatMap(([width, loops]) =>
      loops.map((one, i) => cloud({ source: "network", activation: "relu", width: Number(width), layer: i + 1 }, one)),
    ),
    ...Object.entries(projection).map(([width, one]) => cloud({ source: "projection", width: Number(width) }, one)),
  ];
  const { networks } = base;
  return {
    ...base,
    measurements,
    statistics: summariseStudy({ measurements, networks, curves: [], distances: [], scales: [] }),
  };
}

describe("the paper's claims", () => {
  const result = study({ 2: [2, 4, 6], 8: [9, 12, 12] }, { 2: 5, 8: 11 });

  it("in figures: rise, share above the input, (largest − smallest) / mean", () => {
    expect(claimsOf(result, "relu", "count").figures).toEqual([
      {
        source: "network",
        rise: { from: 4, to: 11, up: 1, steps: 1 },
        exceeds: { more: 2, all: 6 },
        spread: [
          { width: 2, share: 1 },
          { width: 8, share: 3 / 11 },
        ],
      },
      { source: "projection", rise: { from: 5, to: 11, up: 1, steps: 1 }, exceeds: { more: 1, all: 2 }, spread: [] },
    ]);
  });

  it("stand in a table beside the controls", () => {
    const text = plain(claimsSection(result, []));
    expect(text).toContain("4 → 11 1 of 1 steps up");
    expect(text).toContain("2 of 6 33.3 %");
    expect(text).toContain("1 of 2 50.0 %");
    expect(text).toContain("2: 1.00, 8: 0.27");
    expect(text).toContain("no layers");
  });

  it("of a number that does not rise are not said to rise", () => {
    const [network] = claimsOf(study({ 2: [9, 9, 9], 8: [0, 0, 0] }, {}), "relu", "count").figures;
    expect(network).toMatchObject({ rise: { from: 9, to: 0, up: 0, steps: 1 }, exceeds: { more: 0, all: 6 } });
    expect(network!.spread).toEqual([
      { width: 2, share: 0 },
      { width: 8, share: null },
    ]);
  });

  it("need a network", () => {
    expect(plain(claimsSection(study({}, { 2: 5 }), []))).toBe("");
    expect(layersChart(study({}, { 2: 5 }), "count")).toBeNull();
  });

  it("are drawn layer by layer from the input on", () => {
    const chart = layersChart(result, "count")!;
    expect(chart.panels.map(({ title }) => title)).toEqual(["relu · trained network"]);
    expect(chart.panels[0]!.values.filter(({ series }) => series === "width 8").map(({ x, y }) => [x, y])).toEqual([
      [0, 10],
      [1, 9],
      [2, 12],
      [3, 12],
    ]);
  });
});

describe("degrees that a dimension does not have", () => {
  const inPlane = (inputDimension: number): StudyResult => {
    const result = fixtureResult({ activations: ["relu"] });
    const { homology } = result.config;
    return {
      ...result,
      config: { ...result.config, homology: { ...homology, maxDim: 2 } },
      dataset: { ...result.dataset, inputDimension },
    };
  };

  it("are left out: in the plane there is b₁ alone, in space b₂ too, but not in layers of two units", () => {
    expect(degreesOf(inPlane(2))).toEqual([1]);
    expect(degreesOf(inPlane(3))).toEqual([1, 2]);
    expect([isArtefact(2, 1, 2), isArtefact(3, 1, 2), isArtefact("8-2", 1, 2), isArtefact("8-2", 2, 2)]).toEqual([
      true,
      false,
      false,
      true,
    ]);
  });

  it("have no table, and a note says why", () => {
    const plane = plain(bettiSection(inPlane(2), []));
    expect(plane).toContain("Degree 2 and above is left out: the data lie in 2 dimensions");
    expect(plane).not.toContain("b₂");
    const space = plain(bettiSection(inPlane(3), []));
    expect(space).toContain("b₂ by");
    expect(space).toContain("a layer so narrow has no b₂ at all");
    expect(space).not.toContain("is left out: the data lie");
    expect(formatStudyTable(inPlane(2))).not.toContain("b2 by");
  });
});

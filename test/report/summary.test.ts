import { describe, expect, it } from "vitest";
import { compareWithInput, findRow, readoutsOf, spreadOf, summarise, widthsOf } from "../../src/report/summary.js";
import { fixtureResult } from "./fixture.js";

describe("spreadOf", () => {
  it("gives quartiles by linear interpolation (numpy's default: 1, 1.75, 2.5, 3.25, 4)", () => {
    expect(spreadOf([4, 1, 3, 2])).toEqual({
      minimum: 1,
      lowerQuartile: 1.75,
      median: 2.5,
      upperQuartile: 3.25,
      maximum: 4,
      count: 4,
      undefinedCount: 0,
    });
  });

  it("leaves out what is not defined, and counts it", () => {
    expect(spreadOf([null, 7, null])).toMatchObject({ median: 7, count: 1, undefinedCount: 2 });
    expect(spreadOf([null])).toBeNull();
    expect(spreadOf([])).toBeNull();
  });
});

describe("summarise", () => {
  const result = fixtureResult({ seeds: [1, 2] });

  it("pools classes and seeds of one activation, width and layer, and nothing else", () => {
    const summary = summarise(result, "count", 1);
    const values = result.measurements
      .filter(
        ({ source, activation, width, layer }) =>
          source === "network" && activation === "square" && width === 8 && layer === 2,
      )
      .map(({ readouts }) => readouts[0]!.betti[1]!);
    expect(values).toHaveLength(20);
    expect(findRow(summary, "network", "square", 8, 2)?.spread).toEqual(spreadOf(values));
    expect(findRow(summary, "network", "tanh", 8, 2)).toBeUndefined();
  });

  it("finds the projection whatever the activation and layer", () => {
    const summary = summarise(result, "count", 1);
    expect(findRow(summary, "projection", "relu", 8, 3)).toBe(findRow(summary, "projection", null, 8, 0));
  });

  it("has no numbers in dimension 0 where the rule defines none", () => {
    expect(summarise(result, "ratio>1.1", 0).input).toBeNull();
  });

  it("puts the readout that decides first, then the count", () => {
    expect(readoutsOf(result)).toEqual(["ratio>1.1", "count", "universal-null@0.05"]);
  });
});

describe("compareWithInput", () => {
  it("calls only what is strictly fewer fewer", () => {
    const result = fixtureResult();
    const same = (value: number) => [{ readout: "count", betti: [200, value] }];
    const measurements = result.measurements.map((record) => {
      const layer = record.source === "network" && record.class === 3 ? same(9) : same(10);
      return { ...record, readouts: layer };
    });
    expect(compareWithInput({ ...result, measurements }, "count", 1, "relu", 8, 1)).toEqual({ pairs: 10, fewer: 1 });
  });

  it("compares class by class, and leaves out pairs that are not defined", () => {
    const result = fixtureResult();
    const all = compareWithInput(result, "count", 1, "square", 2, 3);
    expect(all).toEqual({ pairs: 10, fewer: 10 });
    // The fixture leaves one number of width 2, layer 3 undefined by this readout.
    expect(compareWithInput(result, "ratio>1.1", 1, "square", 2, 3).pairs).toBe(9);
  });

  it("compares sample by sample: each with the input of its own sample", () => {
    const result = fixtureResult();
    const number = (value: number) => [{ readout: "count", betti: [200, value] }];
    // The input measures 20 in the first sample and 10 in the second, every layer 15 in both.
    const measurements = [0, 1].flatMap((subsample) =>
      result.measurements.map((record) => ({
        ...record,
        subsample,
        readouts: number(record.source !== "input" ? 15 : subsample === 0 ? 20 : 10),
      })),
    );
    expect(compareWithInput({ ...result, measurements }, "count", 1, "relu", 8, 1)).toEqual({ pairs: 20, fewer: 10 });
  });
});

describe("widthsOf", () => {
  it("is the order the study decided by", () => {
    const result = fixtureResult();
    const widths = ["8-4", 16, "64-32-16"];
    expect(widthsOf({ ...result, recommendation: { ...result.recommendation, widths } })).toEqual(widths);
    expect(widthsOf(fixtureResult({ widths: [2, 8, 32] }))).toEqual([2, 8, 32]);
  });
});

import { describe, expect, it } from "vitest";
import { formatAdvice } from "../../src/report/advice-text.js";
import { advise } from "../../src/selection/advice.js";
import type { EmpiricalTest } from "../../src/selection/empirical.js";
import type { Family } from "../../src/selection/inverse.js";
import { widthRows } from "../../src/selection/width-table.js";

const family: Family = {
  inputDimension: 784,
  outputs: 10,
  activation: "square",
  depths: { least: 1, most: 2 },
  dataDegree: 2,
  dataInequalities: 0,
  modulus: 2,
};
const sweep = {
  widths: [1, 3, 4],
  hiddenLayers: 2,
  networks: [
    { activation: "square", width: 4, testAccuracy: 0.9 },
    { activation: "square", width: 4, testAccuracy: 0.8 },
    { activation: "relu", width: 3, testAccuracy: 0.1 },
  ],
};
const width = (of: number, accepted: boolean) => ({
  width: of,
  kept: accepted ? 5 : 4,
  trainings: 5,
  lowerLimit: accepted ? 0.05 ** (1 / 5) : 0.3426,
  monotoneFit: 1,
  accepted,
  accuracy: 0.85,
  projectionKept: accepted ? { kept: 3, runs: 6 } : null,
  untrainedKept: null,
});
const test: EmpiricalTest = {
  activation: "square",
  readout: "ratio>1.1",
  rule: "every-class",
  tolerance: 0,
  probability: 0.5,
  alpha: 0.05,
  trainings: 5,
  trainingsNeeded: 5,
  acceptedWidth: 4,
  acceptedByDegree: [],
  widths: [width(3, false), width(4, true)],
};

describe("the widths of a study", () => {
  // Theory 2.5: width 3 carries at most 504 loops; N1: a loop takes two units.
  const rows = widthRows([1, 1000], family, sweep, test);

  it("stand by a proof, under a hypothesis, or not excluded", () => {
    expect(rows.map((row) => [row.width, row.standing])).toEqual([
      [1, "excluded"],
      [3, "needs hypothesis"],
      [4, "not excluded"],
    ]);
    expect(rows[0]!.because).toContain("2 units (N1)");
    expect(rows[1]!.because).toContain("504 < 1000");
    expect(rows[2]!.because).toBeNull();
    // One layer meets the data in their own space: only N1 speaks.
    expect(widthRows([1, 1000], family, { ...sweep, hiddenLayers: 1 }, null)[1]!.standing).toBe("not excluded");
    expect(widthRows([9, 0], family, sweep, null).map(({ standing }) => standing)).not.toContain("excluded");
  });

  it("show what was tested, and no limit where no confidence is claimed", () => {
    expect(rows[2]).toMatchObject({
      kept: { kept: 5, runs: 5 },
      accepted: true,
      projectionKept: { kept: 3, runs: 6 },
    });
    expect(rows[2]!.lowerLimit).toBeCloseTo(0.54928, 5);
    expect(rows[2]!.accuracy).toBeCloseTo(0.85, 12);
    expect(rows[0]).toMatchObject({ kept: null, lowerLimit: null, accuracy: null });
    expect(rows[1]!.accuracy).toBeNull();
    const medians = widthRows([1, 1000], family, sweep, { ...test, rule: "median-over-classes" });
    expect(medians[2]).toMatchObject({ kept: { kept: 5, runs: 5 }, lowerLimit: null });
  });

  it("head the answer as a table, with a legend of what is in it", () => {
    const merging = { activation: "square", comparedWith: "input", images: [], atScale: [] } as const;
    const of = (tests: EmpiricalTest[], betti = [1, 1000]) =>
      formatAdvice(
        advise({
          target: { betti, origin: "readout ratio>1.1" },
          families: [family],
          tests,
          sweep,
          merging: [merging],
        }),
      );
    const text = of([test]);
    expect(text.split("\n").slice(0, 5)).toEqual([
      "square: to keep b_0 = 1, b_1 = 1000",
      "  width  bounds              kept           limit  random maps  accuracy",
      "      1  excluded               –               –            –         –",
      "      3  needs hypothesis  4 of 5           0.343            –         –",
      "      4  not excluded      5 of 5  accepted 0.549       3 of 6    85.0 %",
    ]);
    const [table, rest] = text.split("\n\nBetti numbers to be met");
    expect(rest).toContain("Width 4: 5 of 5 trainings keep");
    expect(table!.replace(/\s+/g, " ")).toContain("needs hypothesis: excluded only under one that is named below");
    expect(table!.replace(/\s+/g, " ")).toContain("limit: 95.0 % lower limit");
    expect(text).not.toMatch(/neither a\s+network nor training|training's doing/);
    const runs = { kept: 6, runs: 6 };
    const controls = { projectionKept: runs, untrainedKept: runs };
    const same = of([{ ...test, widths: [width(3, false), { ...width(4, true), ...controls }] }]).replace(/\s+/g, " ");
    expect(same).toContain("Of the random linear maps to width 4, 6 of 6 keep them as well: that needs neither");
    expect(same).toContain(
      "Of the untrained networks of that width, 6 of 6 keep them as well: it is not the training's",
    );
    const nothing = of([], [1, 0]);
    expect(nothing).not.toMatch(/limit:|kept:/);
    expect(nothing).not.toContain("needs hypothesis");
    expect(nothing.replace(/\s+/g, " ")).toContain("nothing to keep and no training is tested");
    expect(nothing).not.toContain("a study with several seeds");
    const medians = of([{ ...test, rule: "median-over-classes", acceptedWidth: null }]).replace(/\s+/g, " ");
    expect(medians).toContain("kept: trainings");
    expect(medians).not.toMatch(/limit: |lower limit/);
    const byHand = formatAdvice(
      advise({ target: { betti: [1, 5], origin: "given by hand" }, families: [family], tests: [] }),
    );
    expect(byHand.startsWith("Betti numbers to be met")).toBe(true);
    expect(byHand).not.toContain("nothing to keep");
  });

  it("are those of the activation, and none where it was not studied", () => {
    const merging = (activation: string) => ({ activation, comparedWith: "input", images: [], atScale: [] }) as const;
    const { families } = advise({
      target: { betti: [1, 1000], origin: "readout ratio>1.1" },
      families: ["relu", "square", "tanh"].map((activation) => ({ ...family, activation })),
      tests: [test],
      sweep,
      merging: [merging("square"), merging("relu")],
    });
    expect(families.map((one) => one.merging?.activation)).toEqual(["relu", "square", undefined]);
    expect(families.map(({ rows }) => rows.map(({ accuracy }) => accuracy))).toEqual([
      [null, 0.1, null],
      [null, null, expect.closeTo(0.85, 12)],
      [],
    ]);
  });
});

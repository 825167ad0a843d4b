import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ConfigError } from "../../src/errors.js";
import { bettiNumbers } from "../../src/topology/betti.js";
import { bettiCurve } from "../../src/topology/curves.js";
import type { Diagram } from "../../src/topology/diagram.js";
import { persistence } from "../../src/topology/persistence.js";
import {
  describeReadout,
  formatReadout,
  parseReadout,
  type Readout,
  readoutRules,
} from "../../src/topology/readout.js";
import { universalNullPValues } from "../../src/topology/universal-null.js";

/** A diagram from pairs, in float32 as the engine gives it. */
function diagram(dimension: number, intervals: [number, number][]): Diagram {
  return {
    dimension,
    births: Float32Array.from(intervals, ([birth]) => birth),
    deaths: Float32Array.from(intervals, ([, death]) => death),
  };
}

/** H0 from its deaths and H1 from its pairs. */
function barcode(h0: number[], h1: [number, number][] = []) {
  return {
    diagrams: [
      diagram(
        0,
        h0.map((death) => [0, death]),
      ),
      diagram(1, h1),
    ],
  };
}

const inf = Infinity;

describe("readout names", () => {
  const names = [
    "count",
    "at-scale=0.8",
    "ratio>1.1",
    "persistence>0.5",
    "relative-persistence>0.1",
    "largest-gap",
    "single-linkage-gap>3",
    "universal-null@0.05",
    "universal-null-bh@0.1",
    "fasy@0.05",
    "fasy@0.1:2c",
    "fasy@0.05:2c:B=500",
    "bootstrap@0.05",
    "bootstrap@0.05:B=20",
    "paper",
    "paper-corrected",
  ];
  it.each(names)("%s reads back as itself", (name) => {
    expect(formatReadout(parseReadout(name))).toBe(name);
  });

  it("has a name for every rule, and a sentence for every name", () => {
    expect(new Set(names.map((name) => parseReadout(name).rule))).toEqual(new Set(readoutRules));
    for (const name of names) expect(describeReadout(parseReadout(name))).toMatch(/^[A-Z].*\.$/);
  });

  it("fills in what has a default", () => {
    const filled = ["fasy", "bootstrap", "universal-null-bh", "single-linkage-gap"].map((name) =>
      formatReadout(parseReadout(name)),
    );
    expect(filled).toEqual(["fasy@0.05", "bootstrap@0.05", "universal-null-bh@0.05", "single-linkage-gap>2"]);
    expect(parseReadout("fasy@0.05:B=500:2c")).toEqual({ rule: "fasy", alpha: 0.05, factor: 2, subsamples: 500 });
    expect(parseReadout("fasy")).toEqual({ rule: "fasy", alpha: 0.05 });
  });

  it("takes the level of universal-null to be 0.05 when not given", () => {
    expect(parseReadout("universal-null")).toEqual({ rule: "universal-null", alpha: 0.05 });
    expect(formatReadout({ rule: "universal-null" })).toBe("universal-null@0.05");
  });

  it.each([
    ["", "a readout"],
    ["counts", "a readout"],
    ["count=2", "a readout"],
    ["ratio", "a readout"],
    ["ratio>", "a ratio of at least 1"],
    ["ratio>x", "a ratio of at least 1"],
    ["ratio>0.5", "a ratio of at least 1"],
    ["at-scale=-1", "a scale of at least 0"],
    ["universal-null@1", "a level between 0 and 1"],
    ["universal-null:2c", "a readout"],
    ["bootstrap@0.05:2c", "a readout"],
    ["fasy@0.05:3c", "a readout"],
    ["fasy@0.05:B=", "a readout"],
    ["fasy@0.05:B=0", "1 to 1000000 draws"],
    ["fasy@2", "a level between 0 and 1"],
    ["fasy@", "a level between 0 and 1"],
    ["bootstrap@0", "a level between 0 and 1"],
    ["persistence>-1", "a length of at least 0"],
    ["persistence", "a readout"],
    ["relative-persistence>1.5", "a fraction from 0 to 1"],
    ["largest-gap>2", "a readout"],
    ["single-linkage-gap>0.5", "a ratio of at least 1"],
  ])("refuses %j", (name, what) => {
    expect(() => parseReadout(name)).toThrow(ConfigError);
    expect(() => parseReadout(name)).toThrow(`Expected ${what} for readout, got ${JSON.stringify(name)}.`);
  });

  it("checks rules given as objects", () => {
    expect(() => bettiNumbers(barcode([inf]), { rule: "ratio", ratio: Number.NaN })).toThrow(ConfigError);
    expect(() => bettiNumbers(barcode([inf]), { rule: "other" } as unknown as Readout)).toThrow(ConfigError);
  });
});

describe("count, at-scale and ratio", () => {
  const bars = barcode(
    [inf, 0.3, 0.5],
    [
      [0.6, 0.8],
      [0.7, inf],
      [1, 1.1],
    ],
  );

  it("count is the number of intervals", () => {
    expect(bettiNumbers(bars, "count")).toEqual({ readout: "count", betti: [3, 3] });
  });

  it("at-scale takes birth ≤ scale < death", () => {
    const at = (scale: number) => bettiNumbers(bars, { rule: "at-scale", scale }).betti;
    expect(at(0)).toEqual([3, 0]);
    expect(at(0.5)).toEqual([1, 0]); // the interval [0, 0.5) is dead at 0.5
    expect(at(0.75)).toEqual([1, 2]);
    expect(at(1)).toEqual([1, 2]);
    expect(at(5)).toEqual([1, 1]);
  });

  it("at-scale at and above the enclosing radius is a cone, wherever the filtration ends", async () => {
    const result = await persistence([[0], [1], [3]], { threshold: 10 });
    expect(result.enclosingRadius).toBe(2);
    expect(bettiNumbers(result, "at-scale=1").betti).toEqual([2, 0]);
    expect(bettiNumbers(result, "at-scale=2").betti).toEqual([1, 0]);
    expect(bettiNumbers(result, "at-scale=500").betti).toEqual([1, 0]);
  });

  it("at-scale past the end of the filtration is not defined", () => {
    const reading = bettiNumbers({ ...bars, threshold: 2 }, { rule: "at-scale", scale: 2.5 });
    expect(reading.betti).toEqual([null, null]);
    expect(reading.note).toContain("ends at 2");
    expect(bettiNumbers({ ...bars, threshold: 2 }, { rule: "at-scale", scale: 2 }).betti).toEqual([1, 1]);
  });

  it("ratio leaves dimension 0 undefined and counts an essential loop", () => {
    // Ratios: 4/3, infinite, 1.1 (float32: 1.10000002).
    expect(bettiNumbers(bars, "ratio>1.2").betti).toEqual([null, 2]);
    expect(bettiNumbers(bars, "ratio>1.05").betti).toEqual([null, 3]);
    expect(bettiNumbers(bars, "ratio>2")).toMatchObject({
      betti: [null, 1],
      note: expect.stringContaining("born at 0"),
    });
  });

  it("never counts intervals of length zero", () => {
    const withZeros = barcode(
      [inf, 0, 0, 1],
      [
        [1, 1],
        [1, 2],
      ],
    );
    for (const rule of ["count", "ratio>1", "universal-null@0.5", "paper", "paper-corrected"]) {
      const without = barcode([inf, 1], [[1, 2]]);
      expect(bettiNumbers(withZeros, rule)).toEqual(bettiNumbers(without, rule));
    }
  });
});

describe("universal null", () => {
  // The worked example of the public implementation of Bobrowski and Skraba's test, to six digits.
  const loops: [number, number][] = [
    [1, 1.1],
    [1, 1.2],
    [1, 1.15],
    [1, 1.05],
    [1, 1.3],
    [1, 3],
  ];
  const expectedValues = [0.74298, 0.566485, 0.646847, 0.858918, 0.441401, 0.032568];

  it("gives the p-values of the worked example", () => {
    const values = universalNullPValues(diagram(1, loops));
    expectedValues.forEach((value, i) => {
      expect(values[i]).toBeCloseTo(value, 5); // the ratios are float32
    });
  });

  it("counts by Bonferroni's correction: 0.032568 < alpha / 6 from alpha = 0.1955 on", () => {
    const bars = { diagrams: [diagram(0, [[0, inf]]), diagram(1, loops)] };
    expect(bettiNumbers(bars, "universal-null@0.05").betti).toEqual([null, 0]);
    expect(bettiNumbers(bars, "universal-null@0.195").betti).toEqual([null, 0]);
    expect(bettiNumbers(bars, "universal-null@0.196").betti).toEqual([null, 1]);
  });

  // The least p-value is 0.0326: below alpha / 6 from alpha = 0.1955 on, by either procedure. From 0.8589 on
  // Benjamini and Hochberg's procedure takes all six, for the largest p-value, 0.858918, is then at most alpha.
  it("counts by Benjamini and Hochberg's procedure", () => {
    const bars = { diagrams: [diagram(0, [[0, inf]]), diagram(1, loops)] };
    const read = (alpha: number) => bettiNumbers(bars, `universal-null-bh@${alpha}`).betti;
    expect([0.195, 0.196, 0.85, 0.86].map(read)).toEqual([
      [null, 0],
      [null, 1],
      [null, 1],
      [null, 6],
    ]);
    expect(bettiNumbers(bars, "universal-null@0.86").betti).toEqual([null, 1]);
  });

  it("counts an essential loop without letting it move the others", () => {
    const bars = { diagrams: [diagram(0, [[0, inf]]), diagram(1, [...loops, [1, inf]])] };
    const values = universalNullPValues(bars.diagrams[1]!);
    expect(values[6]).toBe(0);
    expect(values[5]).toBeCloseTo(0.032568, 5);
    expect(bettiNumbers(bars, "universal-null@0.195").betti).toEqual([null, 1]);
    expect(bettiNumbers(bars, "universal-null@0.196").betti).toEqual([null, 2]);
    expect(bettiNumbers(bars, "universal-null").note).toContain("1 of dimension 1 with an infinite ratio");
  });

  it("does not take an underflow for an infinite ratio", () => {
    const tiny = Array.from({ length: 20 }, (): [number, number] => [1, 1.0001]);
    const bars = { diagrams: [diagram(0, [[0, inf]]), diagram(1, [...tiny, [1, 1000]])] };
    const reading = bettiNumbers(bars, "universal-null");
    expect(reading.betti).toEqual([null, 1]);
    expect(reading.note).not.toContain("infinite ratio counted");
  });

  it("is scale-free", () => {
    const doubled = diagram(
      1,
      loops.map(([birth, death]) => [2 * birth, 2 * death]),
    );
    expect(universalNullPValues(doubled)).toEqual(universalNullPValues(diagram(1, loops)));
  });

  it("reads 0 from no loops and refuses dimension 0", () => {
    expect(bettiNumbers(barcode([inf, 1]), "universal-null").betti).toEqual([null, 0]);
    expect(() => universalNullPValues(diagram(0, [[0, 1]]))).toThrow(ConfigError);
  });
});

describe("the paper's rule", () => {
  // Values of the demo code itself on these barcodes, (its first number, its second).
  it.each([
    ["one loop", [inf, 1.2, 1, 1], [[1.2, 1.562]], [3, 1], [2, 1]],
    [
      "three loops",
      [inf, 0.3, 0.5, 0.9],
      [
        [0.6, 0.8],
        [0.7, inf],
        [1, 1.1],
      ],
      [5, 3],
      [2, 3],
    ],
    ["no loop", [inf, 0.3, 0.5], [], [0, 0], [3, 0]],
    ["a tie at the first loop", [inf, 0.7], [[0.7, 1.8]], [null, null], [2, 1]],
  ] as [string, number[], [number, number][], (number | null)[], (number | null)[]][])(
    "%s",
    (_, h0, h1, demo, corrected) => {
      expect(bettiNumbers(barcode(h0, h1), "paper").betti).toEqual(demo);
      expect(bettiNumbers(barcode(h0, h1), "paper-corrected").betti).toEqual(corrected);
    },
  );

  it("says why a number is not defined", () => {
    expect(bettiNumbers(barcode([inf, 0.7], [[0.7, 1.8]]), "paper").note).toContain("undefined");
  });

  it("equals a literal port of the demo on random barcodes", () => {
    const value = fc.integer({ min: 1, max: 12 });
    const pair = fc.tuple(value, value).map(([birth, length]): [number, number] => [birth, birth + length]);
    fc.assert(
      fc.property(fc.array(value, { maxLength: 12 }), fc.array(pair, { maxLength: 8 }), (deaths, h1) => {
        const h0 = [inf, ...deaths];
        expect(bettiNumbers(barcode(h0, h1), "paper").betti).toEqual(demoPort(h0, h1));
      }),
    );
  });

  it("keeps the 1000 longest intervals only", () => {
    const h1 = Array.from({ length: 600 }, (_, i): [number, number] => [10, 20 + i]);
    const h0 = [inf, ...Array.from({ length: 599 }, () => 1)]; // all but the first shorter than every loop
    expect(bettiNumbers(barcode(h0, h1), "paper").betti).toEqual([601, 600]);
    // 579 loops are longer than 30, one ties and comes first: 580, and 420 components.
    expect(bettiNumbers(barcode(Array(1500).fill(30), h1), "paper-corrected").betti).toEqual([420, 580]);
  });

  // Four corners of a 1 × 1.2 rectangle: sides 1 and 1.2, diagonal √2.44.
  it("reads (3, 1) from a rectangle's corners", async () => {
    const corners = await persistence(
      [
        [1, 0],
        [2, 0],
        [2, 1.2],
        [1, 1.2],
      ],
      { threshold: 2 },
    );
    expect(bettiNumbers(corners, "paper").betti).toEqual([3, 1]);
  });

  // GUDHI: H0 deaths 0.517638 × 5, 0.684040 × 4; H1 (0.845236523481, 1.812615574073).
  it("reads (2, 1) from ten points on a circle", async () => {
    const angles = [0, 3, 7, 10, 14, 18, 21, 26, 29, 33].map((step) => (step * Math.PI) / 18);
    const circle = await persistence(angles.map((angle) => [Math.cos(angle), Math.sin(angle)]));
    expect(circle.diagrams[1]!.births[0]).toBeCloseTo(0.845236523481, 6);
    expect(circle.diagrams[1]!.deaths[0]).toBeCloseTo(1.812615574073, 6);
    expect(bettiNumbers(circle, "paper").betti).toEqual([2, 1]);
    expect(bettiNumbers(circle, "paper-corrected").betti).toEqual([1, 1]);
    expect(bettiNumbers(circle, { rule: "at-scale", scale: 1 }).betti).toEqual([1, 1]);
  });
});

/** The demo's function step by step, not its closed form: keep, order by birth (descending, stable), scan. */
function demoPort(h0: number[], h1: [number, number][]): (number | null)[] {
  const all = [
    ...h1.map(([birth, death]) => ({ dimension: 1, birth, death })),
    ...h0.map((death) => ({ dimension: 0, birth: 0, death })),
  ];
  const length = ({ birth, death }: { birth: number; death: number }) => (death === inf ? 1e9 : death - birth);
  const bars = all.sort((one, other) => length(other) - length(one)).slice(0, 1000);
  bars.sort((one, other) => other.birth - one.birth);
  const loops = bars.filter(({ dimension }) => dimension === 1).length;
  if (loops === 0) return [0, 0];
  const first = bars[loops - 1]!.birth;
  for (let i = loops; i < bars.length; i++) if (bars[i]!.death < first) return [i, loops];
  return [null, null];
}

describe("Betti curve", () => {
  it("is an exact step function", () => {
    const curve = bettiCurve(
      diagram(1, [
        [1, 3],
        [2, 3],
        [3, 5],
        [7, inf],
      ]),
    );
    expect(Array.from(curve.scales)).toEqual([1, 2, 3, 5, 7]);
    expect(Array.from(curve.values)).toEqual([1, 2, 1, 0, 1]);
  });

  it("is empty for an empty diagram", () => {
    expect(bettiCurve(diagram(1, [])).scales).toHaveLength(0);
  });

  it("equals at-scale at and between its steps", () => {
    const value = fc.integer({ min: 0, max: 9 });
    const pair = fc
      .tuple(value, value, fc.boolean())
      .map(([birth, length, essential]): [number, number] => [birth, essential ? inf : birth + length]);
    fc.assert(
      fc.property(fc.array(pair, { maxLength: 15 }), (intervals) => {
        const bars = diagram(0, intervals);
        const curve = bettiCurve(bars);
        for (let i = 1; i < curve.values.length; i++) expect(curve.values[i]).not.toBe(curve.values[i - 1]);
        for (let scale = 0; scale < 20; scale += 0.5) {
          let step = -1;
          while (step + 1 < curve.scales.length && curve.scales[step + 1]! <= scale) step++;
          const value = step < 0 ? 0 : curve.values[step];
          expect(value).toBe(bettiNumbers({ diagrams: [bars] }, { rule: "at-scale", scale }).betti[0]);
        }
      }),
    );
  });
});

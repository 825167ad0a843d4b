import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ConfigError } from "../../src/errors.js";
import { Random } from "../../src/random.js";
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
import {
  factorToStandOut,
  leastTested,
  significantRatio,
  universalNullPValues,
} from "../../src/topology/universal-null.js";

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

  it("knows the ratio from which on an interval would be significant", () => {
    const h0 = diagram(0, [
      [0, inf],
      [0, 1],
    ]);
    expect(significantRatio(diagram(1, loops), h0, 6 * 0.032569)).toBeLessThan(3);
    expect(significantRatio(diagram(1, loops), h0, 6 * 0.032567)).toBeGreaterThan(3);
    expect(significantRatio(diagram(1, loops.slice(0, 3)), h0, 0.05)).toBeNull();
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

  // With m = 1 the mean of ln ln ratio is the interval's own: p = exp(-exp(-λ)) = 0.570 whatever the ratio.
  it("gives an interval that is alone no p-value", () => {
    for (const ratio of [1.01, 3, 1e6])
      expect(universalNullPValues(diagram(1, [[1, ratio]]))).toEqual(Float64Array.of(Number.NaN));
    // Of two, the difference of ln ln ratio counts by half.
    const [first] = universalNullPValues(
      diagram(1, [
        [1, Math.exp(4)],
        [1, Math.E],
      ]),
    );
    expect(first).toBeCloseTo(Math.exp(-Math.exp(Math.log(4) / 2 - 0.5772156649)), 5);
  });

  // factor = exp(m / (m - 1) (λ + ln ln(m / alpha))), by hand for m = 2 at 0.05: 2 (0.57722 + ln ln 40 = 1.30532) = 3.76508.
  it("knows how far one interval must stand out among m", () => {
    expect(factorToStandOut(1, 0.05)).toBe(Infinity);
    expect(factorToStandOut(2, 0.05)).toBeCloseTo(Math.exp(3.76508), 2);
    for (const m of [2, 5, 12, 40]) {
      // An interval whose log ratio is just above or below that factor times the others'.
      const of = (factor: number) =>
        diagram(1, [[1, 1.001 ** factor], ...Array.from({ length: m - 1 }, (): [number, number] => [1, 1.001])]);
      const least = (factor: number) => {
        const logs = of(factor);
        return Math.min(...universalNullPValues(logs));
      };
      expect(least(factorToStandOut(m, 0.05) * 1.001)).toBeLessThan(0.05 / m);
      expect(least(factorToStandOut(m, 0.05) * 0.999)).toBeGreaterThan(0.05 / m);
    }
    expect([0.1, 0.05, 0.01].map(leastTested)).toEqual([4, 5, 9]);
  });

  it("is undefined, not 0, of few intervals", () => {
    const merges = Array.from({ length: 20 }, () => 0.9);
    const reading = bettiNumbers(barcode([inf, ...merges], [[0.1, 2.8]]), "universal-null");
    expect(reading).toMatchObject({ betti: [null, null], untested: [null, "too-few-intervals"] });
    expect(reading.note).toContain("dimension 1 not tested: 1 interval, at least 5 are needed");
    const more = (m: number) =>
      bettiNumbers(barcode([inf, ...merges], [...loops, ...loops].slice(0, m)), "universal-null").betti[1];
    expect([0, 1, 4, 5, 6].map(more)).toEqual([0, null, null, 0, 0]);
  });

  it("is undefined where the intervals are not born near the distances of neighbours", () => {
    const merges = Array.from({ length: 100 }, () => 0.9);
    const far = (scale: number) =>
      bettiNumbers(
        barcode(
          [inf, ...merges],
          loops.map(([birth, death]): [number, number] => [scale * birth, scale * death]),
        ),
        "universal-null@0.196",
      );
    // 2.5 · 0.9 = 2.25.
    expect(far(2.24).betti[1]).toBe(1);
    expect(far(2.26)).toMatchObject({ betti: [null, null], untested: [null, "not-noise"] });
  });

  // Bent circles in 20 coordinates: a loop each and, by Rips at great scales, voids of ratios below 1.1 that are no
  // sample of the null distribution. Read as if they were, some of these clouds have a void.
  it("claims no void of a curve", async () => {
    const [tested, claimed] = [[], []] as [number[], number[]];
    for (let seed = 1; seed <= 20; seed++) {
      const random = new Random(seed, "bent circle");
      const waves = Array.from({ length: 18 }, () => [
        random.normal(),
        random.normal(),
        2 * Math.PI * random.uniform(),
      ]);
      const points = Array.from({ length: 200 }, () => {
        const angle = 2 * Math.PI * random.uniform();
        const [x, y] = [Math.cos(angle), Math.sin(angle)];
        return [x, y, ...waves.map(([a, b, c]) => 0.35 * Math.sin(2 * a! * x + 2 * b! * y + c!))];
      });
      const result = await persistence(points, { maxDim: 2 });
      const values = universalNullPValues(result.diagrams[2]!);
      if (Math.min(...values) < 0.05 / values.length) claimed.push(seed);
      const voids = bettiNumbers(result, "universal-null").betti[2]!;
      if (voids !== null) tested.push(voids);
    }
    expect(claimed.length).toBeGreaterThan(2);
    expect(Math.max(0, ...tested)).toBe(0);
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

import { describe, expect, it } from "vitest";
import { Random } from "../../src/random.js";
import { medianInterval, quantile, spreadOf } from "../../src/selection/spread.js";

describe("quantiles", () => {
  it("are linear between order statistics (type 7)", () => {
    // R: quantile(c(1, 2, 4, 8), c(0, .1, .5, .9, 1)) = 1, 1.3, 3, 6.8, 8
    const values = [8, 1, 4, 2];
    expect([0, 0.1, 0.5, 0.9, 1].map((q) => quantile(values, q))).toEqual([1, 1.3, 3, expect.closeTo(6.8, 12), 8]);
    expect(quantile([5], 0.05)).toBe(5);
    expect(quantile([], 0.5)).toBeNaN();
  });

  it("of a level leave as much on either side", () => {
    const values = Array.from({ length: 21 }, (_, i) => i);
    expect(spreadOf(values, 0.9)).toEqual({ median: 10, lower: expect.closeTo(1, 12), upper: expect.closeTo(19, 12) });
    expect(spreadOf([])).toEqual({ median: null, lower: null, upper: null });
  });
});

describe("the interval of the median by order statistics", () => {
  // 1 - 2 P(Bin(n, 1/2) < j), by hand: n = 5, j = 1: 1 - 2/32; n = 8, j = 2: 1 - 2 (1 + 8)/256;
  // n = 20, j = 6 at level 0.9: 1 - 2 (1 + 20 + 190 + 1140 + 4845 + 15504)/2^20 = 0.95861.
  it.each([
    [5, 0.9, 1, 1 - 2 / 32],
    [8, 0.9, 2, 1 - 18 / 256],
    [8, 0.95, 1, 1 - 2 / 256],
    [20, 0.95, 6, 1 - (2 * 21700) / 2 ** 20],
  ])("of %i units at level %f reaches from number %i", (n, level, j, confidence) => {
    const values = Array.from({ length: n }, (_, i) => n - i);
    expect(medianInterval(values, level)).toEqual({ units: n, lower: j, upper: n + 1 - j, confidence });
  });

  it("does not exist for too few units", () => {
    expect(medianInterval([1, 2, 3, 4], 0.9)).toBeNull();
    expect(medianInterval([1, 2, 3, 4, 5], 0.95)).toBeNull();
    expect(medianInterval([], 0.9)).toBeNull();
  });

  it("covers the median of a skewed population as often as it says", () => {
    const random = new Random(4, "coverage");
    let covered = 0;
    const trials = 4000;
    for (let trial = 0; trial < trials; trial++) {
      const interval = medianInterval(
        Array.from({ length: 8 }, () => -Math.log(1 - random.uniform())),
        0.9,
      )!;
      if (interval.lower <= Math.LN2 && Math.LN2 <= interval.upper) covered++;
    }
    // Exactly 238/256; three standard deviations are 0.012.
    expect(Math.abs(covered / trials - 238 / 256)).toBeLessThan(0.013);
  });
});

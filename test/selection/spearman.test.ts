import { describe, expect, it } from "vitest";
import { midRanks, spearman } from "../../src/selection/spearman.js";

describe("mid-ranks", () => {
  it("share the mean among equal values", () => {
    expect(midRanks([10, 30, 20])).toEqual([1, 3, 2]);
    expect(midRanks([5, 5, 1, 5])).toEqual([3, 3, 1, 3]);
    expect(midRanks([])).toEqual([]);
  });
});

describe("Spearman's rho", () => {
  it("is 1 - 6 Σd² / (n (n² - 1)) without ties, with the exact two-sided p", () => {
    // d = (0, 1, 1, 0): rho = 1 - 6·2/60 = 0.8. Of 24 orders rho = 1 once, 0.8 three times (the adjacent swaps), and
    // the same below zero: p = 8/24.
    expect(spearman([1, 2, 3, 4], [1, 3, 2, 4])).toEqual({
      pairs: 4,
      rho: expect.closeTo(0.8, 14),
      pValue: 8 / 24,
      method: "exact",
    });
  });

  it("of a perfect order of n has p = 2/n!", () => {
    let factorial = 2;
    for (const n of [3, 4, 5, 6, 7, 8]) {
      factorial *= n;
      const x = Array.from({ length: n }, (_, i) => i);
      expect(
        spearman(
          x,
          x.map((value) => -value),
        ),
      ).toMatchObject({ rho: -1, pValue: expect.closeTo(2 / factorial, 15) });
    }
  });

  it("with six pairs: P(|rho| ≥ 0.8857) = 24/720", () => {
    // rho = 1 - 6 Σd²/210 ≥ 0.8857 means Σd² ≤ 4: Σd² = 0 once, 2 five times, 4 six times (two adjacent swaps apart from
    // each other); both tails: 24 of 720. The table's one-sided p for 0.886 is 0.0167.
    const result = spearman([1, 2, 3, 4, 5, 6], [2, 1, 3, 4, 6, 5]);
    expect(result.rho).toBeCloseTo(0.885714, 6);
    expect(result.pValue).toBeCloseTo(24 / 720, 14);
  });

  it("takes ties by mid-ranks", () => {
    // Ranks (1.5, 1.5, 3) against (1, 2, 3): covariance 1.5, variances 1.5 and 2: rho = 1.5/√3. Of the six orders two
    // have that rho, two its negative, two have 0: p = 4/6.
    const result = spearman([7, 7, 9], [1, 2, 3]);
    expect(result.rho).toBeCloseTo(1.5 / Math.sqrt(3), 14);
    expect(result.pValue).toBeCloseTo(4 / 6, 14);
  });

  it("does not exist for a side that does not vary, or for two pairs", () => {
    expect(spearman([1, 1, 1], [1, 2, 3])).toMatchObject({ rho: null, pValue: null });
    expect(spearman([1, 2], [1, 2])).toMatchObject({ rho: null, pValue: null });
    expect(spearman([], [])).toMatchObject({ pairs: 0, rho: null });
  });

  it("draws permutations beyond eight pairs, always the same", () => {
    const x = Array.from({ length: 31 }, (_, i) => i);
    expect(spearman(x, x)).toEqual({ pairs: 31, rho: 1, pValue: 1 / 10000, method: "drawn" });
    const y = x.map((value) => (value * 7) % 31);
    const result = spearman(x, y);
    expect(result).toEqual(spearman(x, y));
    // By the normal approximation of rho √(n - 1).
    const z = Math.abs(result.rho!) * Math.sqrt(30);
    expect(Math.abs(result.pValue! - 2 * (1 - normal(z)))).toBeLessThan(0.03);
  });
});

/** The distribution function of the standard normal law, by its series. */
function normal(z: number): number {
  let term = z;
  let sum = z;
  for (let i = 1; i < 100; i++) {
    term *= (-z * z * (2 * i - 1)) / (2 * i * (2 * i + 1));
    sum += term;
  }
  return 0.5 + sum / Math.sqrt(2 * Math.PI);
}

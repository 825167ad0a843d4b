import { describe, expect, it } from "vitest";
import { midRanks, smallestP, withinWidths } from "../../src/selection/within-widths.js";

describe("mid-ranks", () => {
  it("share the mean among equal values", () => {
    expect(midRanks([10, 30, 20])).toEqual([1, 3, 2]);
    expect(midRanks([5, 5, 1, 5])).toEqual([3, 3, 1, 3]);
    expect(midRanks([])).toEqual([]);
  });
});

describe("the correlation within widths", () => {
  it("of one width is Spearman's rho, 1 - 6 Σd² / (n (n² - 1)) without ties, with the exact two-sided p", () => {
    // d = (0, 1, 1, 0): rho = 1 - 6·2/60 = 0.8. Of 24 orders rho = 1 once, 0.8 three times (the adjacent swaps), and
    // the same below zero: p = 8/24.
    expect(withinWidths([{ width: 4, values: [1, 2, 3, 4], accuracies: [1, 3, 2, 4] }])).toMatchObject({
      mean: expect.closeTo(0.8, 14),
      pValue: 8 / 24,
      method: "exact",
      permutations: 24,
      widths: 1,
      trainings: 4,
    });
  });

  it("averages over the widths, and permutes within each alone", () => {
    // rho 1 and 0.8: mean 0.9. Sums of at least 1.8: 1 + 1 once, 1 + 0.8 three times, 0.8 + 1 three times; both tails.
    const found = withinWidths([
      { width: 2, values: [1, 2, 3, 4], accuracies: [1, 2, 3, 4] },
      { width: 4, values: [100, 200, 300, 400], accuracies: [0.1, 0.3, 0.2, 0.4] },
    ]);
    expect(found).toMatchObject({ mean: expect.closeTo(0.9, 14), pValue: 14 / 576, permutations: 576 });
    expect(found.byWidth.map(({ width, rho }) => [width, rho])).toEqual([
      [2, 1],
      [4, expect.closeTo(0.8, 14)],
    ]);
  });

  it("draws where there are too many permutations: p = (1 + hits) / 10,000, the same every time", () => {
    const ten = Array.from({ length: 10 }, (_, i) => i);
    const strata = [2, 4, 8, 16].map((width) => ({ width, values: ten, accuracies: ten }));
    const found = withinWidths(strata);
    expect(found).toMatchObject({ mean: 1, pValue: 1 / 10_000, method: "drawn", permutations: 9999, trainings: 40 });
    expect(withinWidths(strata)).toEqual(found);
  });

  it("drawn agrees with the exact tail: six trainings of rho ≥ 0.8857 on two widths of which one is constant", () => {
    // Σd² ≤ 4 in 12 of 720 orders, both tails 24 (Kendall, Rank Correlation Methods); a constant width adds nothing.
    const found = withinWidths([
      { width: 2, values: [1, 2, 3, 4, 5, 6], accuracies: [2, 1, 3, 4, 6, 5] },
      { width: 4, values: [7, 7, 7, 7, 7, 7], accuracies: [1, 2, 3, 4, 5, 6] },
    ]);
    expect(found).toMatchObject({ widths: 1, trainings: 6, pValue: 24 / 720 });
    expect(found.byWidth[1]).toEqual({ width: 4, trainings: 6, rho: null });
  });

  it("counts no width of fewer than four trainings", () => {
    expect(withinWidths([{ width: 2, values: [1, 2, 3], accuracies: [1, 2, 3] }])).toMatchObject({
      mean: null,
      pValue: null,
      widths: 0,
      permutations: 0,
    });
  });

  it("holds its level: of 400 pairs of independent numbers at most about one in twenty passes at 0.05", () => {
    let state = 1;
    const next = () => {
      state = (state * 48271) % 2147483647;
      return state;
    };
    const five = () => Array.from({ length: 5 }, next);
    let passed = 0;
    for (let i = 0; i < 400; i++) {
      // The numbers of the second width are larger throughout, and so are its accuracies.
      const found = withinWidths([
        { width: 2, values: five(), accuracies: five() },
        { width: 4, values: five().map((one) => one + 1e10), accuracies: five().map((one) => one + 1e10) },
      ]);
      if (found.pValue! <= 0.05) passed++;
    }
    // Mean 20, standard deviation 4.4.
    expect(passed).toBeGreaterThan(4);
    expect(passed).toBeLessThan(36);
  });
});

it("the smallest p is 2 in all permutations, or 1 in those drawn", () => {
  expect(smallestP([4])).toBe(2 / 24);
  expect(smallestP([4, 4])).toBe(2 / 576);
  expect(smallestP([7, 7])).toBe(1 / 10_000);
});

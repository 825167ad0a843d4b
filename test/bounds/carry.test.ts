import { describe, expect, it } from "vitest";
import { isExcludedByCarry, minimumWidthToCarry, smallestCarryWidth } from "../../src/bounds/index.js";

describe("widths excluded by what they carry", () => {
  it("without a hypothesis: too few dimensions", () => {
    const verdict = isExcludedByCarry({ width: 1, betti: [1, 1], degree: 2 });
    expect(verdict).toMatchObject({ excluded: true, by: "width", k: 1, bound: null });
    expect(verdict.sentence).toBe(
      "Width 1 cannot carry any b_1: a compact set in R^1 has b_1 = 0, so the width must be at least 2.",
    );
    expect(isExcludedByCarry({ width: 2, betti: [5, 0, 1], degree: 2 })).toMatchObject({ by: "width", k: 2 });
    expect(minimumWidthToCarry(2)).toBe(3);
  });

  it("under the hypothesis of the capacity, which the sentence states", () => {
    const verdict = isExcludedByCarry({ width: 2, betti: [1, 61], degree: 2 });
    expect(verdict).toMatchObject({ excluded: true, by: "capacity", k: 1 });
    expect(verdict.bound!.exact).toBe("60");
    expect(verdict.sentence).toBe(
      "Width 2 is excluded if the data's true b_1 is at least 61 and every layer's input is cut out by " +
        "polynomial equations of degree at most 2 alone (no set with an inside is, and hardly ever a layer's image): such a layer carries at most 60.",
    );
    expect(verdict.trace.join("\n")).toMatch(/OPMT\(2, 4\) = 54/);
    expect(isExcludedByCarry({ width: 2, betti: [1, 60], degree: 2 })).toMatchObject({ excluded: false, by: null });
    expect(isExcludedByCarry({ width: 2, betti: [7, 0], degree: 2 })).toMatchObject({ by: "capacity", k: 0 });
  });

  it("less, the more the data may be", () => {
    const of = { width: 2, betti: [1, 500], degree: 2 };
    expect(isExcludedByCarry(of).excluded).toBe(true);
    expect(isExcludedByCarry({ ...of, dataDegree: 2, dataInequalities: 1 }).excluded).toBe(false); // 504
    expect(isExcludedByCarry({ ...of, dataDegree: 4 }).excluded).toBe(false); // 4 · 7 + 4 · 7^3
    const inequalities = isExcludedByCarry({ ...of, betti: [1, 505], dataDegree: 2, dataInequalities: 1 });
    expect(inequalities.sentence).toMatch(/polynomial equations and 1 inequality of degree at most 2/);
  });

  it("have a smallest one that is not", () => {
    expect(smallestCarryWidth({ betti: [1], degree: 2 })).toBe(1);
    expect(smallestCarryWidth({ betti: [0, 0, 0, 1], degree: 2 })).toBe(4);
    expect(smallestCarryWidth({ betti: [1, 10 ** 12], degree: 2 })).toBe(13); // I_1(12) = 2·3^23 + 2·3^11 < 10^12
    expect(() => smallestCarryWidth({ betti: [1, 10], degree: 1 })).toThrow(/affine/);
    expect(smallestCarryWidth({ betti: [1, 2], degree: 1 })).toBe(2);
  });

  it("reject what is not a question", () => {
    expect(() => isExcludedByCarry({ width: 0, betti: [1], degree: 2 })).toThrow(/width, got 0/);
    expect(() => isExcludedByCarry({ width: 2, betti: [], degree: 2 })).toThrow(/betti/);
    expect(() => isExcludedByCarry({ width: 2, betti: [1.5], degree: 2 })).toThrow(/betti\[0\]/);
    expect(() => isExcludedByCarry({ width: 2, betti: [1], degree: 0 })).toThrow(/degree, got 0/);
  });
});

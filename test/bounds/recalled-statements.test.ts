import { describe, expect, it } from "vitest";
import {
  layerBounds,
  linearRegions,
  linearRegionsReached,
  parseModularNetwork,
  recalledStatements,
  regionBounds,
} from "../../src/bounds/index.js";

describe("what is only quoted", () => {
  it("has the values of theory 4.1, below what is proven from above", () => {
    const cases: [number, number[], string][] = [
      [1, [2, 2], "6"],
      [2, [3], "7"],
      [2, [3, 3], "7"],
      [2, [4, 4], "44"],
      [2, [8, 8, 8], "9472"],
    ];
    for (const [inputDimension, widths, shown] of cases) {
      const reached = linearRegionsReached({ inputDimension, widths });
      expect(reached).toMatchObject({ shown, direction: "lower", status: "recalled" });
      expect(reached.log10).toBeCloseTo(Math.log10(Number(shown)), 12);
      expect(Number(shown)).toBeLessThanOrEqual(Number(linearRegions({ inputDimension, widths }).exact));
    }
    expect(linearRegionsReached({ inputDimension: 3, widths: [4, 3, 2] })).toMatchObject({
      log10: null,
      shown: null,
      reason: "does not apply: it needs n_l ≥ n_0 in every layer",
    });
  });

  it("is flagged in every entry", () => {
    for (const activation of ["relu", "tanh", "arctan", "square"])
      for (const widths of [[9], [8, 8, 8]]) {
        const found = recalledStatements({ inputDimension: 2, widths, activation });
        expect(found.length).toBeGreaterThan(0);
        for (const { status, source, formula } of found) {
          expect(status).toBe("recalled");
          expect(source).toMatch(/\d{4}$/);
          expect(formula.length).toBeGreaterThan(3);
        }
      }
    expect(recalledStatements({ inputDimension: 2, widths: [3], activation: "gelu" })).toEqual([]);
  });

  it("follows the table of Bianchini and Scarselli and the example of Ergen and Grillo", () => {
    const one = recalledStatements({ inputDimension: 2, widths: [9], activation: "tanh" });
    expect(one.find(({ direction }) => direction === "lower")!.shown).toBe("16"); // ((9 - 1) / 2)²
    const between = recalledStatements({ inputDimension: 2, widths: [8], activation: "tanh" });
    expect(between.find(({ direction }) => direction === "lower")!.log10).toBeCloseTo(Math.log10(12.25), 12); // 3.5²
    const deep = recalledStatements({ inputDimension: 3, widths: [2, 2], activation: "tanh" });
    expect(deep[0]!.log10).toBeCloseTo(Math.log10(2 ** 6 * 9 ** 7), 10); // h = 4, L = 2, n = 3
    expect(deep[1]!.shown).toBe("2");
    const arctan = recalledStatements({ inputDimension: 2, widths: [3], activation: "arctan" });
    expect(arctan.map(({ shown }) => shown)).toEqual([String(5 ** 4), String(2 ** 15 * 4 ** 8), "1"]);
    const relu = recalledStatements({ inputDimension: 2, widths: [8, 8, 3], activation: "relu", maxDim: 1 });
    // M = 2 · ⌊8/4⌋ · ⌊8/4⌋ = 8: b_0 of the order 8² · 3, b_1 of 8 · 3; b_1 ≤ C(R, 1).
    expect(relu.map(({ shown }) => shown).slice(1)).toEqual([
      String(linearRegions({ inputDimension: 2, widths: [8, 8, 3] }).exact),
      "192",
      "24",
    ]);
  });

  it("never is among the bounds", () => {
    for (const activation of ["relu", "tanh", "arctan", "square", "abs"])
      for (const { bound } of layerBounds({ widths: [3, 8, 8, 8], activation, maxDim: 2 }))
        expect(bound === null || (bound.status !== "recalled" && bound.kind === "inequality")).toBe(true);
  });
});

describe("decision regions of a network", () => {
  const regions = (text: string, maxDim = 1) => regionBounds({ network: parseModularNetwork(text), maxDim });
  it("take the theorem of the activation (theory 3 and 4.3)", () => {
    expect(regions("2-9-9-9-1:square")[0]).toMatchObject({ k: "sum", region: "{F ≥ 0}", bound: { exact: "45" } });
    expect(regions("1-1-1-1-1:square")[0]!.bound!.exact).toBe("5"); // Chebyshev: attained
    expect(regions("2-3-1:tanh")[0]!.bound!.exact).toBe("48000");
    expect(regions("2-20-1:logistic")[0]!.bound!.log10).toBeLessThan(regions("2-20-1-1:logistic")[0]!.bound!.log10!);
    expect(regions("2-3-1:arctan")[0]!.bound!.exact).toBe("1186236579840");
    expect(regions("2-3-3-1:relu").map(({ k, bound }) => [k, bound!.exact])).toEqual([
      [0, "40"],
      [1, "741"],
    ]);
    expect(regions("2-3-3-1:leaky-relu").map(({ bound }) => bound!.exact)).toEqual(["49", String((48 * 47) / 2)]);
    expect(regions("1-4-1:leaky-relu")[1]!.bound!.exact).toBe("0"); // no loops on a line
  });

  it("of several classes are cut out by several inequalities", () => {
    // Two inequalities of degree 2 in R²: min(½ · 6 · 5 = 15, OPMT(2, 4) = 54).
    expect(regions("2-5-3:square")[0]!.bound!.exact).toBe("15");
    // Two inequalities of degree 1 in the units and a ball: ½ · 2^10 · 4 · 5 · 12^5, chain of 5 functions of degree 2.
    expect(regions("2-5-3:tanh")[0]!.bound!.exact).toBe(String(2 ** 10 * 2 * 5 * 12 ** 5));
    expect(regions("2-5-1:gelu")[0]).toMatchObject({ bound: null, reason: "no theorem for the regions of gelu" });
    expect(regions("2-5@relu-3-1:square")[0]!.bound).toBeNull();
    expect(regions("2-5-3@square:square")[0]).toMatchObject({
      bound: null,
      reason: "regions are those of an affine output, and the last layer has an activation",
    });
    // No hidden layer: half-planes and their intersections are convex, which Milnor's product does not know.
    expect(regions("2-1:relu")[0]!.bound!.exact).toBe("3");
  });
});

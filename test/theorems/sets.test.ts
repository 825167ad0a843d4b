/** Small sets whose bounds were worked out by hand from the statements. */
import { describe, expect, it } from "vitest";
import {
  basicSetBound,
  compactBasicSetBound,
  layerBounds,
  layerImageBound,
  polynomialClassRegionBound,
  reluRegionBound,
  signConditionsBound,
  slackLiftBound,
} from "../../src/bounds/index.js";

describe("basic closed sets", () => {
  it("count equations twice", () => {
    const set = { variables: 2, equationDegree: 2, inequalityDegrees: [1] };
    expect(basicSetBound(set).exact).toBe(21n); // D = 5: ½ · 7 · 6
    expect(compactBasicSetBound(set).exact).toBe(10n); // ½ · 5 · 4
    expect(compactBasicSetBound({ variables: 3, equationDegree: 2 }).exact).toBe(18n); // a sphere, b = 2
  });

  it("lift to squares: slack variables make the degree 2 at least", () => {
    expect(slackLiftBound({ variables: 1, inequalityDegrees: [1] }).exact).toBe(6n); // OPMT(2, 2)
    expect(slackLiftBound({ variables: 2, equationDegree: 3, inequalityDegrees: [1] }).exact).toBe(75n); // OPMT(3, 3)
    expect(() => slackLiftBound({ variables: 2 })).toThrow(/at least one inequality/);
    expect(() => compactBasicSetBound({ variables: 2, inequalityDegrees: [1] })).toThrow(/compact/);
  });

  it("sign conditions on a line: three points cut it into seven", () => {
    // (1 + 4 · 3) · OPMT(1, 1), above the true 4 + 3.
    expect(signConditionsBound({ dim: 0, polynomials: 3, degree: 1, variables: 1 }).exact).toBe(13n);
  });
});

describe("regions", () => {
  it("of a class: one inequality for every other class", () => {
    const of = (inputDimension: number, classes: number) =>
      polynomialClassRegionBound({ inputDimension, degree: 2, layers: 1, classes }).exact;
    expect(of(2, 3)).toBe(15n); // D = 4: ½ · 6 · 5, below OPMT(2, 4) = 54
    expect(of(10, 10)).toBe(2n * 3n ** 18n); // OPMT(2, 19), below ½ · 20 · 19^9
  });

  it("of a ReLU network in the plane", () => {
    const of = (k: number) => reluRegionBound({ k, inputDimension: 2, widths: [3, 3] }).exact;
    expect([0, 1, 2].map(of)).toEqual([40n, 741n, 0n]);
  });
});

describe("images", () => {
  it("of a set whose Betti numbers are not given: they are bounded by its degrees", () => {
    const domain = { kind: "semialgebraic", compact: true, inequalityDegrees: [], equationDegree: 4 } as const;
    const [components] = layerBounds({ widths: [2, 2], activation: "square", domain });
    expect(components!.bound!.exact).toBe("28"); // ½ · 8 · 7 = OPMT(4, 2)
  });

  it("under an injective last layer, with loops of the double points", () => {
    // Z(1) = OPMT(3, 8) = 234375 < ½ · 10 · 9^5, Z(2) = OPMT(3, 12) = 146484375 < 6 · 11^8.
    const bound = layerImageBound({ k: 2, inputDimension: 9, ranks: [3, 3], degree: 3, last: "injective" });
    expect(bound.exact).toBe(234374n + 146484374n);
  });

  it("of arctan: two functions a unit", () => {
    // n = 4, chain of 8 functions of degree 3, D = 6.
    const expected = (2n ** 28n * 6n * 8n ** 3n * 39n ** 8n) / 2n - 1n;
    expect(layerBounds({ widths: [784, 2, 2], activation: "arctan" }).at(-1)!.bound!.exact).toBe(expected.toString());
  });
});

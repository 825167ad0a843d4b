import { describe, expect, it } from "vitest";
import { layerBounds, layerImageBound, quadraticInequalitiesBound } from "../../src/bounds/index.js";

/** The right-hand side of Basu and Kettner as printed, in rationals doubled. */
function asPrinted(i: number, s: number, k: number): bigint {
  const choose = (n: number, r: number): bigint => {
    if (r < 0 || r > n) return 0n;
    let result = 1n;
    for (let j = 0; j < r; j++) result = (result * BigInt(n - j)) / BigInt(j + 1);
    return result;
  };
  let doubled = 1n + 2n * BigInt(k - s);
  for (let j = 0; j <= Math.min(s + 1, k - i); j++) doubled += 2n ** BigInt(j) * choose(s + 1, j) * choose(k, j - 1);
  return doubled / 2n;
}

describe("few quadratic inequalities", () => {
  it("are bounded as printed", () => {
    for (const [dim, inequalities, variables] of [
      [0, 1, 3],
      [0, 2, 5],
      [1, 2, 5],
      [4, 3, 5],
      [0, 6, 20],
      [17, 6, 20],
      [0, 14, 132],
      [3, 60, 100],
    ] as const) {
      const bound = quadraticInequalitiesBound({ dim, inequalities, variables });
      expect(bound.exact).toBe(asPrinted(dim, inequalities, variables));
      expect(bound.field).toBe("mod2");
    }
  });

  it("need fewer inequalities than variables", () => {
    expect(() => quadraticInequalitiesBound({ dim: 0, inequalities: 5, variables: 5 })).toThrow(
      /number of variables, 5/,
    );
    expect(() => quadraticInequalitiesBound({ dim: 5, inequalities: 2, variables: 5 })).toThrow(/for dim/);
  });
});

describe("a funnel 784-64-2 of square layers", () => {
  const funnel = { k: 1, inputDimension: 784, ranks: [64, 2], degree: 2, last: "even" } as const;

  it("is bounded polynomially in the wide width, and again on the pieces of the even layer", () => {
    // W_1: 14 inequalities in 132 variables; a piece of it: 2 balls and 2 equations in 128 variables, 2^2 pieces.
    expect(layerImageBound({ ...funnel, quadratics: "image" }).exact).toBe(asPrinted(0, 14, 132) - 1n);
    expect(layerImageBound(funnel).exact).toBe(4n * asPrinted(0, 6, 128) - 1n);
    expect(layerImageBound({ ...funnel, refinement: "alternating" }).exact).toBe((4n * asPrinted(0, 6, 128) - 1n) / 2n);
    expect(layerImageBound({ ...funnel, quadratics: "off" }).log10).toBeGreaterThan(60);
  });

  it("says which field, and is not used over an odd prime", () => {
    const of = (modulus: number) => layerBounds({ widths: [784, 64, 2], activation: "square", modulus }).at(-1)!.bound!;
    expect(of(2).field).toBe("mod2");
    expect(of(2).log10).toBeCloseTo(12.215, 3);
    expect(of(0).field).toBe("char0");
    expect(of(11).field).toBe("char0");
    expect(of(3).field).toBe("any");
    expect(of(11).log10).toBeGreaterThan(60);
    expect(of(3).log10).toBeGreaterThan(of(11).log10!);
  });
});

import { describe, expect, it } from "vitest";
import {
  ACTIVATION_NAMES,
  carryBounds,
  fieldOfModulus,
  type LayerBound,
  type LayerBoundsOptions,
  layerBounds,
  linearRegionsProduct,
  piecewiseLinearImageBound,
} from "../../src/bounds/index.js";
import { ConfigError } from "../../src/errors.js";

/** b_k of every layer as text, null where there is no bound. */
function ofDegree(bounds: readonly LayerBound[], k: number): (string | null | undefined)[] {
  return bounds.filter((bound) => bound.k === k).map(({ bound }) => (bound === null ? null : bound.exact));
}

describe("bounds for every layer", () => {
  it("come layer by layer, k by k, and survive JSON", () => {
    const bounds = layerBounds({ widths: [784, 64, 32, 16], activation: "square" });
    expect(bounds.map(({ layer, width, k }) => [layer, width, k])).toEqual([
      [1, 64, 0],
      [1, 64, 1],
      [2, 32, 0],
      [2, 32, 1],
      [3, 16, 0],
      [3, 16, 1],
    ]);
    expect(JSON.parse(JSON.stringify(bounds))).toEqual(bounds);
    for (const { bound } of bounds) {
      expect(bound!.theorem).not.toBe("");
      expect(bound!.source).not.toBe("");
      expect(bound!.kind).toBe("inequality");
      expect(bound!.status).toBe("proven here");
      expect(bound!.trace.length).toBeGreaterThan(0);
    }
  });

  it("count over Z/2 by default, over any field; 0 and large primes allow the halved form", () => {
    const of = (options: Partial<LayerBoundsOptions>) =>
      layerBounds({ widths: [784, 2, 2], activation: "square", ...options }).at(-1)!.bound!;
    expect([of({}).exact, of({}).field]).toEqual(["1943", "any"]);
    expect([of({ modulus: 11 }).exact, of({ modulus: 11 }).field]).toEqual(["971", "char0"]);
    expect([of({ field: "char0" }).exact, of({ field: "char0" }).field]).toEqual(["971", "char0"]);
    expect(of({ modulus: 11, field: "any" }).exact).toBe("1943");
    expect(of({ refinement: "none" }).exact).toBe("1944");
    expect(of({ modulus: 3 }).exact).toBe("1943");
    expect([2, 3, 5, 11].map((modulus) => fieldOfModulus(modulus, 1))).toEqual(["any", "any", "char0", "char0"]);
    expect([fieldOfModulus(11, 8), fieldOfModulus(11, 9), fieldOfModulus(0, 99)]).toEqual(["char0", "any", "char0"]);
  });

  it("know that one layer makes no loop from a ball", () => {
    for (const activation of [
      "square",
      "cube",
      "relu",
      "leaky-relu",
      "abs",
      "tanh",
      "sigmoid",
      "arctan",
      "softplus",
      "linear",
    ]) {
      const bounds = layerBounds({ widths: [784, 10], activation });
      expect([activation, ofDegree(bounds, 0), ofDegree(bounds, 1)]).toEqual([activation, ["1"], ["0"]]);
    }
  });

  it("say null and why where no theorem applies", () => {
    const [zero, one, , two] = layerBounds({ widths: [784, 4, 4], activation: "gelu" });
    expect(zero!.bound!.exact).toBe("1");
    for (const none of [one!, two!]) {
      expect(none.bound).toBeNull();
      expect(none.reason).toMatch(/no theorem/);
    }
    // Too few dimensions need no theorem about the activation.
    expect(layerBounds({ widths: [784, 4, 1], activation: "gelu" }).at(-1)!.bound!.exact).toBe("0");
    expect(ofDegree(layerBounds({ widths: [784, 4, 4], activation: "softplus" }), 1)).toEqual(["0", null]);
  });

  it("copy across layers that are homeomorphisms by their known ranks (T3), and only then", () => {
    for (const activation of ["tanh", "leaky-relu", "elu", "cube"]) {
      const widths = [2, 4, 4, 6];
      const copied = layerBounds({ widths, activation, ranks: [2, 4, 4] });
      expect([activation, ofDegree(copied, 1)]).toEqual([activation, ["0", "0", "0"]]);
      expect(copied.at(-1)!.bound!.theorem).toMatch(/homeomorphic/);
      const dropped = layerBounds({ widths, activation, ranks: [2, 3, 4] });
      expect(ofDegree(dropped, 1)).not.toEqual(["0", "0", "0"]);
      // Without ranks some weights may lose one, so nothing is copied.
      expect(ofDegree(layerBounds({ widths, activation }), 1)[1]).not.toBe("0");
    }
    // ReLU is not injective: a known rank changes nothing.
    const relu = { widths: [2, 4, 4], activation: "relu" };
    expect(ofDegree(layerBounds({ ...relu, ranks: [2, 4] }), 1)).toEqual(ofDegree(layerBounds(relu), 1));
  });

  it("carry a domain's Betti numbers through homeomorphic layers", () => {
    const domain = { kind: "semialgebraic", compact: true, inequalityDegrees: [2, 2], betti: [3, 5] } as const;
    const bounds = layerBounds({ widths: [2, 4, 4], activation: "tanh", ranks: [2, 4], domain });
    expect([ofDegree(bounds, 0), ofDegree(bounds, 1)]).toEqual([
      ["3", "3"],
      ["5", "5"],
    ]);
  });

  it("are a point's after a layer of rank 0 (T7), and a finite set's from points", () => {
    const flat = layerBounds({ widths: [784, 8, 8], activation: "square", ranks: [8, 0] });
    expect([ofDegree(flat, 0)[1], ofDegree(flat, 1)[1]]).toEqual(["1", "0"]);
    const points = layerBounds({ widths: [784, 8, 8], activation: "gelu", domain: { kind: "points", count: 200 } });
    expect([ofDegree(points, 0), ofDegree(points, 1)]).toEqual([
      ["200", "200"],
      ["0", "0"],
    ]);
  });

  it("sharpen with ranks and folded units", () => {
    const of = (options: Partial<LayerBoundsOptions>) =>
      BigInt(layerBounds({ widths: [784, 8, 8], activation: "square", ...options }).at(-1)!.bound!.exact!);
    expect(of({ ranks: [4, 8] })).toBeLessThan(of({}));
    expect(of({ folded: [8, 3] })).toBeLessThan(of({}));
    // 2^3 Z(1), Z(1) = OPMT(2, 18) = 2 · 3^17 for one layer of rank 8.
    expect(of({ folded: [8, 3] })).toBe(8n * 2n * 3n ** 17n - 1n);
    // Nothing folds and nothing is lost: a homeomorphism of an ellipsoid (T6).
    expect(of({ folded: [0, 0], ranks: [8, 8] })).toBe(0n);
    // Fibres of at most two points kill the terms from p = 2 on, in characteristic 0.
    const twoFold = { folded: [1, 0], ranks: [8, 8], maxDim: 2 };
    const size = (field: "any" | "char0") =>
      layerBounds({ widths: [784, 8, 8], activation: "square", field, ...twoFold }).at(-1)!.bound!;
    expect(size("char0").trace.join("\n")).toMatch(/T6/);
    expect(size("any").trace.join("\n")).not.toMatch(/T6/);
  });

  it("count leaky regions by the product: a leaky unit never dies", () => {
    const product = linearRegionsProduct({ inputDimension: 2, widths: [3, 3] }).exact!;
    expect(product).toBe(49n);
    const expected = piecewiseLinearImageBound({ k: 1, regions: product }).exact!.toString();
    expect(ofDegree(layerBounds({ widths: [2, 3, 3], activation: "leaky-relu" }), 1)).toEqual(["0", expected]);
    expect(ofDegree(layerBounds({ widths: [2, 3, 3], activation: "relu" }), 1)).toEqual(["0", "741"]);
  });

  it("of tanh: the chain of the layers before, in the coordinates of the first", () => {
    // W_1 of layer 2: 4 variables, chain of 2 · 2 units, degree 2, D = 2 + 2 · 2.
    const expected = ((2n ** 6n * 6n * 7n ** 3n) / 2n) * (4n * 6n + 4n * 2n) ** 4n;
    expect(ofDegree(layerBounds({ widths: [784, 2, 2], activation: "tanh" }), 1)).toEqual([
      "0",
      (expected - 1n).toString(),
    ]);
  });

  it("keep log10 alone above the digit limit", () => {
    const bound = layerBounds({ widths: [784, 64, 64], activation: "square", maxDigits: 50 }).at(-1)!.bound!;
    expect(bound.exact).toBeUndefined();
    expect(bound.log10).toBeCloseTo(81.1156, 3);
  });
});

describe("isolated layers of a network", () => {
  it("depend on the layer's own input and width", () => {
    const bounds = carryBounds({ widths: [784, 2, 3, 1], activation: "square", maxDim: 2 });
    expect(ofDegree(bounds, 1).slice(1)).toEqual(["60", "0"]);
    expect(ofDegree(bounds, 2).slice(1)).toEqual(["546", "0"]);
    expect(bounds[1]!.bound!.log10).toBeCloseTo(747.95, 4);
    const cut = carryBounds({ widths: [2, 2], activation: "square", dataDegree: 2, dataInequalities: 1 });
    expect(ofDegree(cut, 1)).toEqual(["504"]);
    const line = carryBounds({ widths: [1, 5], activation: "linear", dataInequalities: 2 });
    expect(ofDegree(line, 0)).toEqual(["18"]); // M = 2 for the slack variables: OPMT(2, 3)
  });

  it("know T1 and T2 of every activation", () => {
    // R^1 and R^2 hold no compact set with b_1 and b_2; the image of a curve has no b_2.
    const relu = carryBounds({ widths: [784, 1, 2, 3], activation: "relu", maxDim: 2 });
    expect(ofDegree(relu, 1)).toEqual(["0", null, null]);
    expect(ofDegree(relu, 2)).toEqual(["0", "0", null]);
    expect(relu[1]!.bound).toMatchObject({ theorem: "too few dimensions (T1)", field: "any" });
    const line = carryBounds({ widths: [1, 4], activation: "relu", maxDim: 2 });
    expect(ofDegree(line, 2)).toEqual(["0"]);
    expect(line[2]!.bound).toMatchObject({ theorem: "too low a rank (T2)", field: "any" });
    // Injective: the image of a part of a line is part of a line, up to homeomorphism.
    expect(ofDegree(line, 1)).toEqual([null]);
    expect(ofDegree(carryBounds({ widths: [1, 4], activation: "tanh" }), 1)).toEqual(["0"]);
  });

  it("have no other theorem for other activations", () => {
    for (const { bound, reason } of carryBounds({ widths: [784, 4, 4], activation: "relu" })) {
      expect(bound).toBeNull();
      expect(reason).toMatch(/polynomial activations only/);
    }
  });
});

describe("bad input", () => {
  const good = { widths: [784, 4, 4], activation: "square" };
  const cases: [string, Partial<LayerBoundsOptions>, RegExp][] = [
    ["no layer", { widths: [784] }, /Expected the input's dimension and at least one layer for widths/],
    ["width 0", { widths: [784, 0] }, /Expected an integer ≥ 1 for widths\[1\], got 0/],
    ["half a unit", { widths: [784, 2.5] }, /widths\[1\], got 2.5/],
    ["negative k", { maxDim: -1 }, /Expected an integer ≥ 0 for maxDim, got -1/],
    ["unknown activation", { activation: "squar" }, /activation, got "squar"/],
    ["a prototype's name", { activation: "constructor" }, /activation, got "constructor"/],
    ["too high a rank", { ranks: [4, 5] }, /Expected at most 4 for ranks\[1\], got 5/],
    ["too few ranks", { ranks: [4] }, /Expected 2 entries, one a layer, for ranks/],
    ["too many folded units", { folded: [4, 5] }, /folded\[1\], got 5/],
    ["modulus 1", { modulus: 1 }, /Expected a prime or 0 for modulus, got 1/],
    ["characteristic 0 over Z/2", { modulus: 2, field: "char0" }, /for field, got "char0"/],
    ["alternating chains over Z/2", { refinement: "alternating" }, /for refinement, got "alternating"/],
    [
      "an open domain",
      { domain: { kind: "semialgebraic", compact: false, inequalityDegrees: [2] } as never },
      /compact/,
    ],
    ["a half-space", { domain: { kind: "semialgebraic", compact: true, inequalityDegrees: [1] } }, /compact set/],
    ["no such domain", { domain: "torus" as never }, /for domain, got "torus"/],
  ];
  for (const [name, change, message] of cases) {
    it(name, () => {
      expect(() => layerBounds({ ...good, ...change })).toThrow(ConfigError);
      expect(() => layerBounds({ ...good, ...change })).toThrow(message);
    });
  }

  it("names every activation it knows", () => {
    for (const activation of [...ACTIVATION_NAMES, "polynomial-2", "polynomial-5", "polynomial-1"]) {
      expect(layerBounds({ widths: [3, 2, 2], activation }).length).toBe(4);
    }
    expect(() => layerBounds({ ...good, activation: "polynomial-0" })).toThrow(/activation degree/);
  });
});

/**
 * Sets and networks that once contradicted a bound, an exclusion or a statement, each with its Betti numbers by hand.
 */
import { describe, expect, it } from "vitest";
import {
  layerBounds,
  modularBounds,
  moduleAccount,
  parseModularNetwork,
  regionBounds,
  surroundingStatement,
} from "../../src/bounds/index.js";
import { parseArchitecture } from "../../src/network/architecture.js";
import { advise } from "../../src/selection/advice.js";
import { necessaryConditions } from "../../src/selection/conditions.js";
import { exclusion, type Family, smallestSizes } from "../../src/selection/inverse.js";

const created = (text: string, layer: number, k: number) =>
  modularBounds({ network: parseModularNetwork(text), maxDim: k }).find((one) => one.layer === layer && one.k === k)!
    .bound!.exact!;
const family = (changes: Partial<Family>): Family => ({
  inputDimension: 1,
  outputs: 1,
  activation: "square",
  depths: { least: 1, most: 1 },
  dataDegree: 2,
  dataInequalities: 0,
  modulus: 2,
  ...changes,
});

describe("a maximum of one affine map is an affine layer", () => {
  it("so that cubes behind it reach the nodal cubic", () => {
    // x ↦ ((x+1)³, (x-1)³, x³) spans the cubics that vanish nowhere: (x² - 1, x³ - x) are affine in it. At x = ±1 both are
    // (0, 0): a curve that meets itself once has b_1 = 1.
    const at = (x: number) => [(x + 1) ** 3, (x - 1) ** 3, x ** 3] as const;
    for (const x of [-2, -1, -0.5, 0, 1, 1.75]) {
      const [a, b, c] = at(x);
      expect((a - b) / 6 - 4 / 3).toBeCloseTo(x * x - 1, 12);
      expect(c - ((a + b) / 2 - c) / 3).toBeCloseTo(x ** 3 - x, 12);
    }
    expect(BigInt(created("1-3-2@maxout1:cube", 2, 1))).toBeGreaterThanOrEqual(1n);
  });

  it("whatever stands before it", () => {
    for (const [body, activation] of [
      ["1-3", "cube"],
      ["10-50", "square"],
      ["2-2-2", "square"],
      ["3-4", "relu"],
    ] as const) {
      const layer = body.split("-").length;
      for (const k of [1, 2])
        expect(created(`${body}-3@maxout1:${activation}`, layer, k)).toBe(
          created(`${body}-3@linear:${activation}`, layer, k),
        );
    }
    expect(created("1-3-2@maxout1:cube", 2, 1)).toBe("44");
    expect(created("2-2-2-2@maxout1:square", 3, 1)).toBe("7985");
    expect(Math.log10(Number(created("10-50-3@maxout1:square", 2, 2)))).toBeCloseTo(14.9, 1);
    // Windows of one choose some of their inputs, which is a linear map too.
    expect(parseModularNetwork("6x6x1-conv2x2x1-pool1s2:square").modules[1]!.kind).toBe("average-pool");
    expect(created("6x6x1-conv2x2x1-pool1s2-3:square", 3, 1)).toBe(created("6x6x1-conv2x2x1-3:square", 2, 1));
    // Of ReLU's squares a tree over one makes no variable: what is behind it still has twice the degree.
    const [relu, pool] = [{ kind: "relu", units: 3 } as const, { kind: "max-pool", units: 3, window: 1 } as const];
    const square = { kind: "polynomial", degree: 2, rank: 2 } as const;
    const ball = { kind: "ball", variables: 2 } as const;
    expect(moduleAccount([ball, relu, pool, square])).toEqual(moduleAccount([ball, relu, square]));
  });
});

describe("the region of one of several classes", () => {
  it("may have more components than one output's", () => {
    // F = (0, 1 - x², 1 - (x-3)²): class 0 is (-∞, -1] ∪ [1, 2] ∪ [4, ∞).
    const F = (x: number) => [0, 1 - x * x, 1 - (x - 3) ** 2];
    const inClass0 = Array.from({ length: 1001 }, (_, i) => -5 + i / 100).map((x) => Math.max(...F(x)) <= 1e-9);
    const components = inClass0.filter((inside, i) => inside && !inClass0[i - 1]).length;
    expect(components).toBe(3);
    const [bound] = regionBounds({ network: parseModularNetwork("1-2-3:square") });
    expect(Number(bound!.bound!.exact)).toBeGreaterThanOrEqual(components);
    expect(exclusion("region", [3], [2], family({ outputs: 3 }))).toBeNull();
    expect(exclusion("region", [3], [2], family({ outputs: 1 }))).toMatch(/≤ 2 < 3/);
    // The differences of two outputs are one function: no better than one output.
    expect(exclusion("region", [3], [2], family({ outputs: 2 }))).toMatch(/≤ 2 < 3/);
  });

  it("may be bounded behind narrow layers, which one output's is not (N5)", () => {
    // 1-1-3 tanh, F = (0, z - t, -z - t), t = tanh 1: class 0 is [-1, 1].
    const t = Math.tanh(1);
    const inClass0 = (x: number) => Math.max(Math.tanh(x) - t, -Math.tanh(x) - t) <= 0;
    expect([-3, -1.01, -0.99, 0, 0.99, 1.01, 3].map(inClass0)).toEqual([false, false, true, true, true, false, false]);
    // 2-2-4 relu with z = (r(x), r(y)), F = (0, x - 1, y - 1, …): a triangle needs -x - y too, and (r(x), r(-x)) has |x|:
    // class 0 of F = (0, r(x) - 1, r(-x) - 1) is [-1, 1] behind two units on the line.
    const text = (outputs: number, activation = "tanh", inputDimension = 1) =>
      necessaryConditions({ betti: [1], activation, inputDimension, outputs }).find(({ name }) => name === "N5")!.text;
    expect(text(3)).toContain("The region of one of three classes or more can be bounded without that.");
    expect(text(1)).toContain("F one output or the difference of two");
    for (const outputs of [1, 2, 3, 10]) expect(text(outputs)).not.toMatch(/no decision region/i);
    expect(surroundingStatement(parseModularNetwork("1-1-3:tanh"))!.text).toContain("{F_c > F_j} of two classes");
    // So no bound on a class's region among three is 0 for it; for one output on the line there is one component.
    const regions = (of: string) => regionBounds({ network: parseModularNetwork(of) });
    expect(regions("1-1-1:tanh").find(({ k }) => k === 0)!.bound!.exact).toBe("1");
    expect(regions("1-1-3:tanh").find(({ k }) => k === 0)).toBeUndefined();
    expect(regions("2-2-2-1:relu").find(({ k }) => k === 1)!.bound!.exact).toBe("0");
    expect(regions("2-2-2-4:relu").find(({ k }) => k === 1)!.bound!.exact).not.toBe("0");
    expect(regions("2-3-1:relu").find(({ k }) => k === 1)!.bound!.exact).not.toBe("0");
    expect(regions("2-2-2-1:abs").find(({ k }) => k === 1)!.bound!.exact).not.toBe("0");
  });
});

describe("what a layer carries", () => {
  const text = (betti: number[], changes: Partial<Family>) =>
    advise({ target: { betti, origin: "given by hand" }, families: [family(changes)], tests: [] })
      .sections.flatMap(({ sentences }) => sentences)
      .join("\n");

  it("is bounded under a hypothesis, which every exclusion prints", () => {
    // 1, 2, 3 map to 1, 4, 9: three points stay three, and are no zeros of a quadric.
    const words = text([3], { outputs: 3 });
    expect(words).not.toContain("N1 alone");
    expect(words).toContain(
      "what enters it is cut out by polynomial equations of degree at most 2 alone (no set with an inside is, and hardly ever a layer's image): depth 1: none",
    );
    expect(words).not.toContain("no theorem known here bounds what one square layer can carry");
    for (const { hypothesis } of smallestSizes([1, 5], family({ inputDimension: 3, activation: "relu" })))
      expect(hypothesis.length).toBeGreaterThan(10);
    expect(text([1, 5], { dataInequalities: 2 })).toContain("and 2 inequalities of degree at most 2");
    expect(text([1, 5], { activation: "relu" })).toContain("(N1 alone)");
  });
});

describe("loops that the data lack", () => {
  it("take two layers from a convex set only (N6)", () => {
    // The open polyline (-3,-2), (-3,3), (3,3), (3,-3), (-2,-3) has b_1 = 0. ReLU with identity weights sends it to
    // (0,0), (0,3), (3,3), (3,0), (0,0): the boundary of a square.
    const polyline = [
      [-3, -2],
      [-3, 3],
      [3, 3],
      [3, -3],
      [-2, -3],
    ];
    const image = polyline.map((corner) => corner.map((x) => Math.max(0, x)));
    expect(image[0]).toEqual(image.at(-1));
    const text = (activation: string) =>
      necessaryConditions({ betti: [1, 1], activation, inputDimension: 2, outputs: 1 }).find(
        ({ name }) => name === "N6",
      )!.text;
    for (const activation of ["relu", "square"]) {
      expect(text(activation)).toMatch(
        /^Out of a convex set .* there loops need two hidden layers at least\. Of another/,
      );
      expect(text(activation)).not.toContain("data lack");
    }
    expect(text("tanh")).toContain("only layers that lose rank can change topology");
  });

  it("take one layer of cubes: t ↦ (T₃(t), T₃(t + 0.3)) meets itself", () => {
    const T = (t: number) => 4 * t ** 3 - 3 * t;
    // T₃(a) = T₃(b) and T₃(a + c) = T₃(b + c) for a + b = -c, where 4 (a² + ab + b²) = 3: a² + ca + c² = ¾.
    const c = 0.3;
    const a = (-c + Math.sqrt(c * c - 4 * (c * c - 0.75))) / 2;
    const b = -c - a;
    expect(a - b).toBeGreaterThan(1);
    expect(T(a)).toBeCloseTo(T(b), 12);
    expect(T(a + c)).toBeCloseTo(T(b + c), 12);
    const { bound } = layerBounds({ widths: [1, 2], activation: "polynomial-3" }).find(({ k }) => k === 1)!;
    expect(Number(bound!.exact)).toBeGreaterThanOrEqual(1);
  });

  it("take a map of higher degree than its input's dimension allows (N1's hypothesis, N3 of points)", () => {
    const conditions = necessaryConditions({
      betti: [1, 1],
      activation: "relu",
      inputDimension: 2,
      outputs: 1,
      manifoldDimension: 0,
    });
    const text = (name: string) => conditions.find((one) => one.name === name)!;
    expect(text("N1").text).toContain("definable or locally Lipschitz");
    expect(text("N3")).toMatchObject({ leastWidth: 1, text: expect.stringContaining("one unit is enough") });
  });
});

describe("one grammar", () => {
  const of = (text: string, layer: number) =>
    layerBounds(parseArchitecture(text)).find((one) => one.layer === layer && one.k === 1)!.bound!;

  it("the output is affine: its loops are not those of a layer that ends in the activation", () => {
    const network = parseModularNetwork("784-64-10:relu");
    const answer = layerBounds({ ...network.plain! });
    expect(answer).toEqual(layerBounds(parseArchitecture("784-64-10:relu")));
    expect(answer.map(({ layer, width }) => [layer, width])).toEqual([
      [1, 64],
      [1, 64],
      [2, 10],
      [2, 10],
    ]);
    // 2-3-2: relu makes 7 pieces; their images under an affine map can close C(6, 2) loops by the nerve, and a ReLU layer
    // of 2 units more, with as many pieces again.
    expect(of("2-3-2:relu", 2).exact).toBe("15");
    const bent = layerBounds({ widths: [2, 3, 2], activation: "relu" }).at(-1)!.bound!;
    expect(Number(bent.exact)).toBeGreaterThan(15);
    // Without hidden layers nothing bends.
    for (const text of ["3-2:relu", "3-2:square", "3-2:tanh", "3-2:gelu"]) expect(of(text, 1).exact).toBe("0");
  });

  it("an affine output behind an injective activation is what another such layer makes of it", () => {
    for (const activation of ["tanh", "cube", "polynomial-3"]) {
      const output = of(`3-4-2:${activation}`, 2);
      const layer = layerBounds({ widths: [3, 4, 2], activation }).at(-1)!.bound!;
      if (activation === "polynomial-3") expect(output.log10!).toBeLessThanOrEqual(layer.log10!);
      else expect(output.exact).toBe(layer.exact);
    }
  });

  it("ranks and folded units are those of the hidden layers, and the output's where known", () => {
    const network = parseArchitecture("6-4-4-3:square");
    const at = (options: object) => layerBounds({ ...network, ...options }).at(-1)!.bound!.exact;
    expect(at({ folded: [4, 4], ranks: [4, 4] })).toBe(at({ folded: [4, 4, 3], ranks: [4, 4] }));
    expect(BigInt(at({ ranks: [2, 2] })!)).toBeLessThan(BigInt(at({})!));
    expect(() => at({ ranks: [4] })).toThrow(/3 entries/);
    expect(() => layerBounds({ widths: [3, 2, 2], activation: "relu", outputActivation: "tanh" })).toThrow(
      /linear or the activation itself for outputActivation, got "tanh"/,
    );
  });
});

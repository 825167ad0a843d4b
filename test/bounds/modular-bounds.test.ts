import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  algebraicSetBound,
  type LayerBound,
  layerBounds,
  linearRegions,
  modularBounds,
  parseModularNetwork,
} from "../../src/bounds/index.js";

const bounds = (text: string, options: object = {}) =>
  modularBounds({ network: parseModularNetwork(text), ...options });
const at = (of: readonly LayerBound[], layer: number, k: number) =>
  of.find((entry) => entry.layer === layer && entry.k === k)!.bound;
const exact = (text: string, layer: number, k: number, options: object = {}) =>
  at(bounds(text, { maxDim: k, ...options }), layer, k)?.exact;

describe("architectures in one line", () => {
  it("give sizes, ranks and parameters", () => {
    const { inputDimension, modules, plain, parameters } = parseModularNetwork(
      "28x28x1-conv3x3x8-pool2-conv5x5x16s2p1-avgpool2-32@tanh-10@relu:relu",
    );
    expect(inputDimension).toBe(784);
    expect(plain).toBeNull();
    expect(modules.map(({ kind, text, inputs, outputs }) => [kind, text, inputs, outputs])).toEqual([
      ["layer", "conv3x3x8", 784, 26 * 26 * 8],
      ["max-pool", "pool2", 5408, 13 * 13 * 8],
      ["layer", "conv5x5x16s2p1", 1352, 6 * 6 * 16], // ⌊(13 + 2 - 5) / 2⌋ + 1 = 6
      ["average-pool", "avgpool2", 576, 144],
      ["layer", "32", 144, 32],
      ["layer", "10", 32, 10],
    ]);
    expect(modules.map((module) => (module.kind === "layer" ? [module.rank, module.activation] : null))).toEqual([
      [784, "relu"],
      null,
      [576, "relu"], // 36 places, each of rank at most min(16, 8 · 25)
      null,
      [32, "tanh"],
      [10, "relu"],
    ]);
    expect(parameters).toBe(8 * 10 + 16 * (8 * 25 + 1) + 145 * 32 + 33 * 10);
  });

  it("are plain when every layer is dense with one activation, whatever its name", () => {
    const plain = (widths: number[], activation: string, outputActivation = "linear") => ({
      widths,
      activation,
      outputActivation,
    });
    const of = (text: string) => parseModularNetwork(text).plain;
    expect(of("784-64-64:square")).toEqual(plain([784, 64, 64], "square"));
    expect(of("784-64-64@square:square")).toEqual(plain([784, 64, 64], "square", "square"));
    expect(of("784-64-64@linear:square")).toEqual(plain([784, 64, 64], "square"));
    expect(of("3-2:Leaky-ReLU")).toEqual(plain([3, 2], "leaky-relu"));
    expect(of("3-2-2:polynomial:3")).toEqual(plain([3, 2, 2], "polynomial-3"));
    expect(of("3-2@tanh-2:relu")).toEqual(plain([3, 2, 2], "tanh"));
    expect(of("3-2-2@tanh:relu")).toBeNull();
    expect(of("3-2@maxout1-2:linear")).toEqual(plain([3, 2, 2], "linear"));
    expect(of("3-2-2@maxout1:relu")).toEqual(plain([3, 2, 2], "relu"));
    expect(
      parseModularNetwork("3-2@leaky-relu-4@polynomial:4-5@tanh:tanh").modules.map(
        (module) => module.kind === "layer" && module.activation,
      ),
    ).toEqual(["leaky-relu", "polynomial-4", "tanh"]);
    const maxout = parseModularNetwork("2-3@maxout3-2:relu");
    expect(maxout.modules[0]).toMatchObject({ kind: "maxout", window: 3, parameters: 27 });
    const residual = parseModularNetwork("8-4-[6-4]-[4]-2:relu").modules[1]!;
    expect(residual).toMatchObject({ kind: "residual", text: "[6-4]", inputs: 4, outputs: 4 });
  });

  it("name the part that is wrong", () => {
    const cases: [string, RegExp][] = [
      ["784-64", /layer sizes, a colon and an activation/],
      ["784:relu", /at least two layer sizes/],
      ["784-0:relu", /positive integer for layer size, got "0"/],
      ["784-x:relu", /a width, conv.* for layer size, got "x"/],
      ["784--3:relu", /parts separated by hyphens/],
      ["784-64:wobble", /for activation, got "wobble"/],
      ["784-64@wobble-3:relu", /for activation, got "wobble"/],
      ["784-conv3x3x8:relu", /height x width x channels for conv3x3x8, got "784 numbers"/],
      ["4x4x1-conv5x5x1:relu", /a kernel within 4 × 4/],
      ["4x4x1-conv2x2x0:relu", /positive integer for conv2x2x0/],
      ["8-[4]-2:relu", /an output of 8 numbers/],
      ["8-[8-2:relu", /parts separated by hyphens/],
      ["8-8]-2:relu", /parts separated by hyphens/],
      ["4x4x1-pool2@relu:relu", /no activation for pool2/],
    ];
    for (const [text, message] of cases) expect(() => parseModularNetwork(text), text).toThrow(message);
  });
});

describe("mixed modules", () => {
  it("convolution, ReLU, max-pooling: pieces times cells (theory 6.2)", () => {
    // R = Σ_{j≤9} C(9, j) · Σ_{j≤9} C(24, j) = 512 · 2579130; b_1 ≤ C(R - 1, 2).
    expect(exact("4x4x1-conv2x2x1-pool2s1:relu", 2, 1)).toBe("871879349605224961");
    // The first layer has convex fibres.
    expect(exact("4x4x1-conv2x2x1-pool2s1:relu", 1, 1)).toBe("0");
  });

  it("convolutions with a square are polynomial layers of their ranks (theory 6.2)", () => {
    const square = "3x3x1-conv2x2x1-4@square:square";
    expect(exact(square, 1, 1)).toBe("0");
    expect(exact(square, 2, 1, { field: "char0" })).toBe("314927");
  });

  it("without modules are plain networks", () => {
    for (const text of [
      "5-3-4-2:square",
      "5-3-4-2@square:square",
      "5-3-4-2:relu",
      "5-3-4-2@relu:relu",
      "5-3-4-2:cube",
      "5-3-4-2:abs",
      "7-2-2@polynomial-4:polynomial-4",
    ])
      for (const options of [{}, { field: "char0" as const }, { domain: "cube" as const }]) {
        const { plain } = parseModularNetwork(text);
        const usual = layerBounds({ ...plain!, maxDim: 2, ...options });
        for (const { layer, k, bound } of usual) {
          const mine = at(bounds(text, { maxDim: 2, ...options }), layer, k)!;
          // The graph form may be the smaller one here; it never is larger.
          expect(BigInt(mine.exact!), `${text} ${layer} ${k}`).toBeLessThanOrEqual(BigInt(bound!.exact!));
        }
      }
    expect(exact("784-2-2@square:square", 2, 1)).toBe("1943");
    expect(exact("2-3-3@relu:relu", 2, 1)).toBe("741");
  });

  it("maxout bends along w(w-1)/2 hyperplanes a unit (theory 4.1: 46 cells) and creates loops at once", () => {
    expect(exact("2-3@maxout3:relu", 1, 1)).toBe(String((45 * 44) / 2));
    // max(x, -x) = |x| in both coordinates maps a circle's disc onto a quarter: no theorem says that it is 0.
    expect(exact("2-3@maxout1:relu", 1, 1)).toBe("0");
  });

  it("ReLU behind a square is bounded in graph form", () => {
    // Ball: r_1 + 1 = 4 variables; the square's affine map 3; ReLU 2 · 3: V = 13, all of degree 2.
    const most = algebraicSetBound({ degree: 2, variables: 26 }).exact! - 1n;
    const bound = at(bounds("5-3@square-3@relu:relu"), 2, 1)!;
    expect(bound.theorem).toBe("image of a network of modules (graph form)");
    expect(bound.exact).toBe(String(most));
    // A square behind ReLU is of degree 4 in the squares' roots, with no variables of its own: V = 4 + 6.
    const degree4 = algebraicSetBound({ degree: 4, variables: 20 }).exact! - 1n;
    expect(exact("5-3@relu-3@square:square", 2, 1)).toBe(String(degree4));
  });

  it("the graph form counts variables and degrees by hand", () => {
    const opmt = (degree: number, variables: number) =>
      String(algebraicSetBound({ degree, variables: 2 * variables }).exact! - 1n);
    // Cube: two variables an input. Hard-tanh: four a unit.
    expect(exact("5-3@relu-3@square:square", 2, 1, { domain: "cube" })).toBe(opmt(4, 2 * 5 + 6));
    expect(exact("5-3@hard-tanh-2@square:square", 2, 1)).toBe(opmt(4, 4 + 12));
    // The sum holds the square, so the last map's two coordinates are variables: 4 + 3 + 6 + 2.
    expect(exact("5-3@square-[3@relu]-2@square:square", 3, 1)).toBe(opmt(2, 15));
    // The sum holds ReLU's squares beside maxout's variables, so a square of it has degree 4: 4 + 6 + 9.
    expect(exact("5-3@relu-[3@maxout2]-2@square:square", 3, 1)).toBe(opmt(4, 19));
  });

  it("a residual sum keeps the dimension of what enters it", () => {
    // Narrow inside, yet the sum may have full dimension; without it the image is a curve.
    expect(exact("4-4-[1-4]:relu", 2, 2)).not.toBe("0");
    expect(exact("4-4-1-4@relu:relu", 3, 2)).toBe("0");
    // Pieces by Serra's recursion: 16, then 15 of dimension 1 and 16 of dimension 0, then 15 · 5 + 16 = 91.
    expect(exact("4-4-[1-4]:relu", 2, 1)).toBe(String((90 * 89) / 2));
    // Behind the sum it holds no longer: 91 · Σ_{j≤3} C(3, j).
    expect(exact("4-4-[1-4]-3@relu:relu", 3, 1)).toBe(String((727 * 726) / 2));
  });

  it("an affine end undoes what is known of a first layer", () => {
    // A random plane's image under ReLU has no loops, its projection may.
    expect(exact("3-5@relu:relu", 1, 1)).toBe("0");
    expect(exact("3-5-2:relu", 2, 1)).not.toBe("0");
    expect(exact("4x4x2-conv2x2x4-avgpool3:square", 2, 1)).not.toBe("0");
    expect(exact("3-5@linear-2:linear", 2, 1)).toBe("0");
    // Average pooling is an affine map like any other: of the outputs' size, and nothing folds behind it.
    const pooled = exact("6x6x1-conv3x3x2-conv2x2x2p1-avgpool3:square", 3, 1);
    expect(pooled).toBe(exact("6x6x1-conv3x3x2-conv2x2x2p1-2:square", 3, 1));
  });

  it("a low-dimensional input does not make later maps low-rank", () => {
    // A line's image under squares may span all of R^4: coordinates of layer 2 need its rank.
    const line = at(bounds("1-6@square-4@polynomial-3-3@square:square"), 3, 1)!;
    expect(line.trace.join("\n")).toContain("ranks 1, 4, 3");
  });

  it("tanh among others has no theorem, but T1 and components", () => {
    const mixed = bounds("5-3@tanh-2@relu:relu", { maxDim: 2 });
    expect(at(mixed, 1, 1)!.exact).toBe("0");
    expect(at(mixed, 2, 0)!.exact).toBe("1");
    expect(at(mixed, 2, 1)).toBeNull();
    expect(at(mixed, 2, 2)!.exact).toBe("0");
  });

  it("grow with the depth and the window", () => {
    const dense = fc.array(fc.integer({ min: 2, max: 6 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(dense, fc.constantFrom("square", "relu", "abs"), (widths, activation) => {
        const text = (extra: string) => `6-${widths.join("-")}-${extra}:${activation}`;
        const sizes = ["4@relu", "5@relu", "5@maxout2", "5@maxout3"].map((extra) =>
          Number(exact(text(extra), widths.length + 1, 1)),
        );
        const [, relu, two, three] = sizes;
        expect(two!).toBeGreaterThanOrEqual(relu!);
        expect(three!).toBeGreaterThanOrEqual(two!);
      }),
      { numRuns: 50 },
    );
  });

  it("take pieces no larger than Serra's for ReLU alone", () => {
    const { exact: regions } = linearRegions({ inputDimension: 3, widths: [4, 3, 2] });
    expect(exact("3-4-3-2@relu:relu", 3, 1)).toBe(String(((regions! - 1n) * (regions! - 2n)) / 2n));
  });

  it("need a compact convex domain and a field the modulus allows", () => {
    const network = parseModularNetwork("4-3@relu-2@square:square");
    expect(() => modularBounds({ network, domain: { kind: "points", count: 3 } as never })).toThrow(
      /ball or cube for domain/,
    );
    expect(() => modularBounds({ network, domain: "space" as never })).toThrow(/compact/);
    expect(() => modularBounds({ network, maxDim: -1 })).toThrow(/maxDim/);
    expect(() => modularBounds({ network, modulus: 2, field: "char0" })).toThrow(/field/);
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { layerBounds, type TrainedNetwork, trainedLayers } from "../../src/bounds/index.js";
import { Random } from "../../src/random.js";

/** One hidden layer from two inputs: units x + y - c for each constant c, and an output nobody looks at. */
const planes = (constants: readonly number[], activation = "square"): TrainedNetwork => ({
  widths: [2, constants.length, 1],
  activation,
  batchNormEpsilon: 1e-3,
  layers: [
    { kernel: new Array(2 * constants.length).fill(1), bias: constants.map((c) => -c), before: null, after: null },
    { kernel: new Array(constants.length).fill(1), bias: [0], before: null, after: null },
  ],
});

/** Values of the hidden layers' affine maps at a point, straight from the definition. */
function evaluate(network: TrainedNetwork, point: readonly number[]): number[][] {
  let z = [...point];
  const values: number[][] = [];
  const norm = (of: TrainedNetwork["layers"][number]["before"], x: readonly number[]) =>
    of === null
      ? [...x]
      : x.map(
          (v, i) =>
            (of.scale[i]! * (v - of.mean![i]!)) / Math.sqrt(of.variance![i]! + network.batchNormEpsilon) + of.shift[i]!,
        );
  for (const [l, layer] of network.layers.slice(0, -1).entries()) {
    const outputs = network.widths[l + 1]!;
    const u = norm(
      layer.before,
      Array.from({ length: outputs }, (_, i) =>
        z.reduce((sum, v, j) => sum + v * layer.kernel[j * outputs + i]!, layer.bias[i]!),
      ),
    );
    values.push(u);
    z = norm(layer.after, network.activation === "square" ? u.map((v) => v * v) : u.map((v) => Math.max(0, v)));
  }
  return values;
}

const networks = fc
  .record({ seed: fc.nat(), activation: fc.constantFrom("square", "relu"), norms: fc.boolean() })
  .map(({ seed, activation, norms }): TrainedNetwork => {
    const random = new Random(seed, "certificate");
    const widths = [3, 5, 4, 4, 1];
    const several = (count: number, of: () => number) => Array.from({ length: count }, of);
    const norm = (units: number) =>
      norms
        ? {
            scale: several(units, () => random.normal()),
            shift: several(units, () => 2 * random.normal()),
            mean: several(units, () => random.normal()),
            variance: several(units, () => random.normal() ** 2),
          }
        : null;
    return {
      widths,
      activation,
      batchNormEpsilon: 1e-3,
      layers: widths.slice(1).map((outputs, l) => ({
        kernel: several(outputs * widths[l]!, () => 0.5 * random.normal()),
        bias: several(outputs, () => 2 * random.normal()),
        before: norm(outputs),
        after: norm(outputs),
      })),
    };
  });

describe("folded units", () => {
  // x + y covers [0, 2] on the unit square and [1 - √2 r, 1 + √2 r] on the disc of radius r about its centre.
  it("are those whose fold point lies in the range, the end points included", () => {
    const constants = [-0.5, -0.01, 0, 1, 2, 2.01, 2.5];
    expect(trainedLayers(planes(constants), { kind: "cube" })[0]!.folded).toBe(3);
    expect(trainedLayers(planes(constants))[0]!.folded).toBe(3); // the disc about the square: the same range
    expect(trainedLayers(planes(constants), { radius: 1 })[0]!.folded).toBe(5); // [-0.414, 2.414]
    expect(trainedLayers(planes(constants), { radius: 0.1 })[0]!.folded).toBe(1); // [0.859, 1.141]
  });

  it("are counted through batch norm", () => {
    const plain = planes([0.5, 3]);
    const norm = { scale: [2, 1], shift: [0, 0], mean: [0, -2], variance: [1 - 1e-3, 1 - 1e-3] };
    const [first, last] = plain.layers;
    // The second unit, in [-3, -1], is moved by 2: in [-1, 1] it folds.
    const moved = { ...plain, layers: [{ ...first!, before: norm }, last!] };
    expect(trainedLayers(plain, { kind: "cube" })[0]!.folded).toBe(1);
    expect(trainedLayers(moved, { kind: "cube" })[0]!.folded).toBe(2);
  });

  it("never miss a unit that changes sign at some input", () => {
    let unfolded = 0;
    fc.assert(
      fc.property(networks, fc.constantFrom("ball" as const, "cube" as const), fc.nat(), (network, kind, seed) => {
        const layers = trainedLayers(network, { kind });
        const signs = layers.map(({ width }) => Array.from({ length: width }, () => new Set<number>()));
        const random = new Random(seed, "inputs");
        for (let i = 0; i < 200; i++) {
          const point = Array.from({ length: 3 }, () => (i % 2 === 0 ? Number(random.normal() > 0) : random.uniform()));
          for (const [l, u] of evaluate(network, point).entries())
            for (const [unit, value] of u.entries()) signs[l]![unit]!.add(Math.sign(value));
        }
        for (const [l, { folded, width }] of layers.entries()) {
          unfolded += width - folded;
          expect(folded).toBeGreaterThanOrEqual(signs[l]!.filter((seen) => seen.size > 1).length);
        }
      }),
    );
    expect(unfolded).toBeGreaterThan(0);
  });

  it("grow with the radius, and are fewer on the cube than on the ball around it", () => {
    fc.assert(
      fc.property(networks, fc.double({ min: 0.01, max: 2, noNaN: true }), (network, radius) => {
        const counts = (domain: object) => trainedLayers(network, domain).map(({ folded }) => folded);
        const some = counts({ radius });
        counts({ radius: 2 * radius }).forEach((folded, l) => {
          expect(folded).toBeGreaterThanOrEqual(some[l]!);
        });
        const ball = counts({});
        counts({ kind: "cube" }).forEach((folded, l) => {
          expect(folded).toBeLessThanOrEqual(ball[l]!);
        });
      }),
    );
  });

  it("sharpen the bounds of even layers and of ReLU, down to nothing created", () => {
    const widths = [10, 4, 4];
    for (const activation of ["square", "relu"]) {
      const of = (folded: number[]) =>
        layerBounds({ widths, activation, folded, ranks: [4, 4] }).find(({ layer, k }) => layer === 2 && k === 1)!
          .bound!;
      const sizes = [4, 3, 2, 1].map((q) => of([q, q]).log10 ?? 0);
      expect(sizes.toSorted((a, b) => b - a)).toEqual(sizes);
      expect(sizes[3]!).toBeLessThan(sizes[0]!);
    }
    // No hyperplane cuts anything: one piece.
    const none = layerBounds({ widths, activation: "relu", folded: [0, 0] });
    expect(none.filter(({ k }) => k === 1).map(({ bound }) => bound!.exact)).toEqual(["0", "0"]);
  });
});

describe("other activations", () => {
  it("fold where they turn: leaky ReLU at 0, a quadratic at its vertex, the one-to-one nowhere", () => {
    // x + y - c on the unit square covers [-c, 2 - c]; x + x²/2 turns at -1.
    const constants = [-0.5, 0.5, 1.5, 2.5, 3.5];
    const folded = (activation: string) => trainedLayers(planes(constants, activation), { kind: "cube" })[0]!.folded;
    expect(folded("leaky-relu:0.1")).toBe(2);
    expect(folded("poly:0,1,0.5")).toBe(2); // c from 1 to 3
    expect(folded("poly:3,0,1")).toBe(folded("square"));
    for (const activation of ["tanh", "identity", "poly:1,2"]) expect(folded(activation)).toBe(0);
    expect(folded("poly:0,1,0,1")).toBe(5); // nothing is proven of a cubic
  });

  const values: Record<string, { of: (x: number) => number; turn: number }> = {
    "leaky-relu:0.2": { of: (x) => (x < 0 ? 0.2 * x : x), turn: 0 },
    "poly:0.5,-1,0.25": { of: (x) => 0.5 - x + 0.25 * x * x, turn: 2 },
    "poly:0,1,0.5": { of: (x) => x + 0.5 * x * x, turn: -1 },
  };

  it("never miss a unit that turns, in deeper layers either", () => {
    fc.assert(
      fc.property(fc.nat(), fc.constantFrom(...Object.keys(values)), (seed, activation) => {
        const random = new Random(seed, "turning");
        const widths = [2, 3, 3, 1];
        const several = (count: number) => Array.from({ length: count }, () => random.normal());
        const layers = widths.slice(1).map((outputs, l) => ({
          kernel: several(outputs * widths[l]!),
          bias: several(outputs),
          before: null,
          after: null,
        }));
        const folded = trainedLayers({ widths, activation, batchNormEpsilon: 1e-3, layers }, { kind: "cube" });
        const { of, turn } = values[activation]!;
        const sides = [0, 1].map(() => [0, 1, 2].map(() => new Set<boolean>()));
        for (let sample = 0; sample < 60; sample++) {
          let z = [random.uniform(), random.uniform()];
          for (const l of [0, 1]) {
            const { kernel, bias } = layers[l]!;
            const u = bias.map((b, i) => z.reduce((sum, v, j) => sum + v * kernel[j * 3 + i]!, b));
            u.forEach((value, i) => {
              sides[l]![i]!.add(value > turn);
            });
            z = u.map(of);
          }
        }
        for (const l of [0, 1])
          expect(folded[l]!.folded).toBeGreaterThanOrEqual(sides[l]!.filter(({ size }) => size === 2).length);
      }),
      { numRuns: 200 },
    );
  });
});

describe("ranks of trained layers", () => {
  it("are numeric, with tolerance and margin", () => {
    const [layer] = trainedLayers(planes([1, 2, 3]));
    expect(layer).toMatchObject({ layer: 1, width: 3, rank: 1, largestRank: 2 });
    expect(layer!.tolerance).toBeCloseTo(3 * 2 ** -52 * Math.sqrt(6), 20); // all ones, 3 × 2: σ_1 = √6
    expect(layer!.margin).toBeGreaterThan(1e14);
  });

  it("count what batch norm leaves", () => {
    const random = new Random(3, "rank");
    const kernel = (size: number) => Array.from({ length: size }, () => random.normal());
    const norm = { scale: [1, 0, 1], shift: [0, 0, 0], mean: [0, 0, 0], variance: [1, 1, 1] };
    const network: TrainedNetwork = {
      widths: [5, 3, 3, 1],
      activation: "square",
      batchNormEpsilon: 1e-3,
      layers: [
        { kernel: kernel(15), bias: [0, 0, 0], before: null, after: norm },
        { kernel: kernel(9), bias: [0, 0, 0], before: null, after: null },
        { kernel: kernel(3), bias: [0], before: null, after: null },
      ],
    };
    expect(trainedLayers(network).map(({ rank }) => rank)).toEqual([3, 2]);
  });
});

describe("what cannot be certified", () => {
  it("is refused with the hypothesis", () => {
    for (const name of ["sine", "poly:1", "poly:1,0", "poly:a,b", "leaky-relu:2", "toString"])
      expect(() => trainedLayers(planes([1], name))).toThrow(/tanh, identity, leaky-relu:<slope> or poly:<coeff/);
    expect(() => trainedLayers(planes([1]), { radius: Number.POSITIVE_INFINITY })).toThrow(/compact domain/);
    const norm = { scale: [1], shift: [0], mean: null, variance: null };
    const plain = planes([1]);
    const network = { ...plain, layers: [{ ...plain.layers[0]!, before: norm }, plain.layers[1]!] };
    expect(() => trainedLayers(network)).toThrow(/training-set statistics/);
  });
});

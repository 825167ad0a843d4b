/** Tables of exact values, each worked out by hand or with big integers from the statement of its theorem. */
import { describe, expect, it } from "vitest";
import { cutEstimates } from "../../src/bounds/fibre-products.js";
import {
  algebraicSetBound,
  fewestCutVariables,
  fibreProductBound,
  hyperplaneCells,
  isExcludedByCarry,
  isolatedLayerBound,
  layerBounds,
  layerImageBound,
  linearRegions,
  linearRegionsProduct,
  minimumWidthToCarry,
  pfaffianRegionBound,
  piecewiseLinearImageBound,
  polynomialRegionBound,
  smallestCarryWidth,
  smallestCreateWidth,
  smallestPolynomialRegionDepth,
  smallestReluRegionWidth,
  thresholdRegionBound,
} from "../../src/bounds/index.js";

const polynomial = { inputDimension: 784, degree: 2 } as const;

/** U_k as a number, any field unless `char0`. */
function image(k: number, ranks: number[], last: "general" | "even", char0 = true): number {
  const refinement = char0 ? "alternating" : "normalized";
  return Number(layerImageBound({ ...polynomial, k, ranks, last, refinement }).exact);
}

describe("images of square layers from a ball", () => {
  const rows: [
    ranks: number[],
    fibre: number,
    general1: number,
    even1: number,
    general2: number,
    even2: number,
    any1: number,
    any2: number,
  ][] = [
    [[2], 486, 242, 0, 0, 0, 0, 0],
    [[3], 4374, 2186, 0, 181519, 35, 0, 35],
    [[4], 39366, 19682, 0, 4822333, 232, 0, 360],
    [[2, 2], 7986, 3992, 971, 0, 0, 1943, 0],
    [[3, 3], 966306, 483152, 17495, 2856023828, 12303712, 34991, 23641120],
    [[2, 2, 2], 68590, 34294, 15971, 0, 0, 31943, 0],
    [[3, 3, 3], 24760990, 12380494, 3865223, 208050487474, 182748442492, 7730447, 365472123996],
  ];
  for (const [ranks, fibre, general1, even1, general2, even2, any1, any2] of rows) {
    it(`ranks ${ranks.join(", ")}`, () => {
      expect(fibreProductBound({ ...polynomial, p: 1, ranks }).exact).toBe(BigInt(fibre));
      expect(image(1, ranks, "general")).toBe(general1);
      expect(image(1, ranks, "even")).toBe(even1);
      expect(image(2, ranks, "general")).toBe(general2);
      expect(image(2, ranks, "even")).toBe(even2);
      expect(image(1, ranks, "even", false)).toBe(any1);
      expect(image(2, ranks, "even", false)).toBe(any2);
    });
  }

  it("compact product and slack lift of every cut structure", () => {
    const of = (ranks: number[], p = 1) =>
      cutEstimates({ ...polynomial, ranks, outputs: ranks.at(-1)!, domain: "ball" }, p).map(({ product, lift }) => [
        Number(product.value!()),
        Number(lift.value!()),
      ]);
    expect(of([2])).toEqual([[1372, 486]]);
    expect(of([3])[0]![0]).toBe(67228);
    expect(of([2, 2])).toEqual([
      [3294172, 39366],
      [7986, 67228],
    ]);
    expect(of([2, 2, 2])).toEqual([
      [7909306972, 3188646],
      [116923026, 161414428],
      [68590, 6075000],
    ]);
    expect(fibreProductBound({ ...polynomial, p: 2, ranks: [3] }).exact).toBe(354294n);
  });

  it("other domains", () => {
    const cube = { ranks: [2], degree: 2, outputs: 2, inputDimension: 2, domain: "cube" } as const;
    expect(cutEstimates(cube, 1).map(({ product, lift }) => [product.value!(), lift.value!()])).toEqual([
      [7986n, 4374n],
    ]);
    const quadrics = { kind: "semialgebraic", compact: true, inequalityDegrees: [2, 2, 2] } as const;
    const set = { ...cube, domain: quadrics };
    expect(cutEstimates(set, 1).map(({ product, lift }) => [product.value!(), lift.value!()])).toEqual([
      [27000n, 39366n],
    ]);
  });

  it("networks 784-w-w and 784-w-w-w, k = 1, by size", () => {
    const expected: Record<number, [number, number]> = {
      2: [2.9872, 4.2033],
      4: [5.4982, 8.971],
      8: [10.5193, 17.0759],
      16: [20.5615, 33.0057],
      32: [40.6458, 64.8654],
      64: [80.8146, 128.5846],
    };
    for (const [width, [two, three]] of Object.entries(expected)) {
      const w = Number(width);
      const bounds = layerBounds({ widths: [784, w, w, w], activation: "square", field: "char0" });
      const ones = bounds.filter(({ k }) => k === 1).map(({ bound }) => bound!.log10);
      expect(ones[0]).toBeNull();
      expect(ones[1]).toBeCloseTo(two, 4);
      expect(ones[2]).toBeCloseTo(three, 4);
    }
  });

  it("a degree-3 layer", () => {
    const cubic = { inputDimension: 784, degree: 3, domain: "ball" } as const;
    const [only] = cutEstimates({ ...cubic, ranks: [2], outputs: 2 }, 1);
    expect([only!.product.value!(), only!.lift.value!()]).toEqual([3645n, 9375n]);
  });

  it("plane curves: the bound is about twice the number of double points", () => {
    const expected: Record<number, number> = { 3: 22, 4: 32, 8: 94, 16: 314, 64: 4322 };
    for (const [degree, value] of Object.entries(expected)) {
      const bound = layerImageBound({
        k: 1,
        inputDimension: 1,
        ranks: [1],
        width: 2,
        degree: Number(degree),
        refinement: "alternating",
      });
      expect(bound.exact).toBe(BigInt(value));
    }
  });
});

describe("isolated layers", () => {
  it("degree 2, no inequalities, k = 0, 1, 2", () => {
    const of = (inputDimension: number) =>
      [0, 1, 2].map((k) => Number(isolatedLayerBound({ k, inputDimension, degree: 2 }).exact));
    expect(of(1)).toEqual([2, 8, 26]);
    expect(of(2)).toEqual([6, 60, 546]);
    expect(of(3)).toEqual([18, 504, 13626]);
    expect(of(4)).toEqual([54, 4428, 358722]);
  });

  it("by size", () => {
    const of = (inputDimension: number, k: number) => isolatedLayerBound({ k, inputDimension, degree: 2 }).log10;
    expect([0, 1, 2].map((k) => of(8, k).toFixed(4))).toEqual(["3.6409", "7.4579", "11.2749"]);
    expect([0, 1, 2].map((k) => of(64, k).toFixed(4))).toEqual(["30.3597", "60.8954", "91.4312"]);
    expect(of(784, 1).toFixed(4)).toBe("747.9500");
  });

  it("one quadric inequality", () => {
    const of = (inputDimension: number) =>
      isolatedLayerBound({ k: 1, inputDimension, degree: 2, dataDegree: 2, dataInequalities: 1 }).exact;
    expect([1, 2, 3, 4].map(of)).toEqual([60n, 504n, 4428n, 39528n]);
  });
});

describe("widths that can carry", () => {
  it("smallest width for degrees 2, 3, 4", () => {
    const rows: [betti: number[], widths: number[]][] = [
      [
        [1, 10],
        [2, 2, 2],
      ],
      [
        [10, 100],
        [3, 2, 2],
      ],
      [
        [1, 1000],
        [4, 3, 2],
      ],
      [
        [1, 10 ** 6],
        [7, 5, 4],
      ],
      [
        [1, 0, 1],
        [3, 3, 3],
      ],
      [
        [200, 9801],
        [6, 4, 4],
      ],
    ];
    for (const [betti, widths] of rows) {
      expect([2, 3, 4].map((degree) => smallestCarryWidth({ betti, degree }))).toEqual(widths);
      for (const [i, width] of widths.entries()) {
        const degree = i + 2;
        expect(isExcludedByCarry({ betti, degree, width }).excluded).toBe(false);
        if (width > 1) expect(isExcludedByCarry({ betti, degree, width: width - 1 }).excluded).toBe(true);
      }
    }
    expect([0, 1, 2].map(minimumWidthToCarry)).toEqual([1, 2, 3]);
  });
});

describe("smallest sizes not excluded", () => {
  it("create from a ball by square layers, characteristic 0, two and three layers", () => {
    const of = (betti: number[], layers: number) =>
      smallestCreateWidth({ betti, layers, activation: "square", modulus: 0 });
    for (const [betti, two, three] of [
      [[1, 100], 2, 2],
      [[1, 1000], 3, 2],
      [[1, 10 ** 6], 5, 3],
      [[1, 0, 1], 3, 3],
    ] as const) {
      expect([of([...betti], 2), of([...betti], 3)]).toEqual([two, three]);
    }
    expect(of([1, 1], 1)).toBeNull();
    expect(of([1, 0, 1], 1)).toBe(3);
    expect(smallestCreateWidth({ betti: [1, 1000], layers: 2, activation: "square" })).toBe(2); // 1943 over Z/2
  });

  it("ReLU regions in the plane, and polynomial depth", () => {
    const of = (components: number) =>
      [1, 2, 3].map((layers) => smallestReluRegionWidth({ components, inputDimension: 2, layers }));
    expect(of(9)).toEqual([4, 2, 2]);
    expect(of(100)).toEqual([14, 4, 3]);
    expect(smallestReluRegionWidth({ components: 9, inputDimension: 1, layers: 1 })).toBe(8);
    const depth = (bettiSum: number) => smallestPolynomialRegionDepth({ bettiSum, inputDimension: 1, degree: 2 });
    expect([2, 3, 4, 5, 33, 34].map(depth)).toEqual([1, 2, 3, 3, 6, 7]);
  });
});

describe("linear regions", () => {
  const rows: [inputDimension: number, widths: number[], regions: number, product: number][] = [
    [1, [2, 2], 9, 9],
    [2, [3], 7, 7],
    [2, [3, 3], 40, 49],
    [2, [4, 4], 121, 121],
    [3, [4, 3, 2], 328, 480],
    [2, [8, 8, 8], 50653, 50653],
    [784, [16], 65536, 65536],
    [2, [16, 16, 16], 2571353, 2571353],
  ];
  it("recursion and product", () => {
    for (const [inputDimension, widths, regions, product] of rows) {
      expect(linearRegions({ inputDimension, widths }).exact).toBe(BigInt(regions));
      expect(linearRegionsProduct({ inputDimension, widths }).exact).toBe(BigInt(product));
    }
    expect(linearRegions({ inputDimension: 3, widths: [4, 4] }).exact).toBe(161n);
  });

  it("images of convex domains", () => {
    const relu = (widths: number[], maxDim = 1) =>
      layerBounds({ widths, activation: "relu", maxDim })
        .filter(({ k }) => k === maxDim)
        .at(-1)!.bound!.exact;
    expect(relu([2, 3])).toBe("0"); // one layer
    expect(relu([2, 3, 3])).toBe("741");
    expect(relu([2, 4, 4])).toBe("7140");
    expect(relu([3, 4, 3, 2])).toBe("53301");
    expect(relu([3, 4, 3, 2], 2)).toBe("0"); // two dimensions have no b_2
    expect(relu([3, 4, 4], 2)).toBe("669920");
    expect(piecewiseLinearImageBound({ k: 1, regions: 328 }).exact).toBe(53301n);
    // A convolution on 9 locations, ReLU, then max-pooling: 512 · 2579130 pieces.
    const cells = hyperplaneCells({ hyperplanes: 24, dimension: 9 }).exact!;
    expect(cells).toBe(2579130n);
    expect(piecewiseLinearImageBound({ k: 1, regions: 512n * cells }).exact).toBe(871879349605224961n);
  });
});

describe("decision regions", () => {
  it("polynomial: sharp on the line, where Chebyshev polynomials attain it", () => {
    for (let layers = 1; layers <= 6; layers++) {
      // T_{2^l} ≥ 0: signs change at its 2^l roots in (-1, 1), and it is positive outside.
      const roots = 2 ** layers;
      const components = roots / 2 + 1;
      const bound = polynomialRegionBound({ inputDimension: 1, degree: 2, layers });
      expect(bound.exact).toBe(BigInt(components));
    }
    expect(polynomialRegionBound({ inputDimension: 2, degree: 2, layers: 3 }).exact).toBe(45n);
  });

  it("tanh, arctan and threshold", () => {
    const region = (activation: "tanh" | "arctan", inputDimension: number, units: number, layers: number) =>
      pfaffianRegionBound({ activation, inputDimension, units, layers });
    expect(region("tanh", 2, 3, 1).exact).toBe(48000n);
    expect(region("tanh", 2, 4, 2).exact).toBe(37748736n);
    expect(region("tanh", 2, 20, 2).log10).toBeCloseTo(82.2323, 4);
    expect(region("arctan", 2, 3, 1).exact).toBe(1186236579840n);
    const riccati = pfaffianRegionBound({
      activation: { derivativeDegree: 2 },
      inputDimension: 2,
      units: 3,
      layers: 1,
    });
    expect(riccati.exact).toBe(48000n);
    expect(thresholdRegionBound({ inputDimension: 2, units: 5 }).exact).toBe(16n);
  });
});

it("textbook forms, for comparison", () => {
  expect(algebraicSetBound({ degree: 2, variables: 16 }).exact).toBe(28697814n);
  expect(algebraicSetBound({ degree: 4, variables: 8 }).exact).toBe(3294172n);
  expect(fewestCutVariables([4, 3, 2], 2)).toEqual({ blockLength: 2, variables: 6, cuts: [1, 3] });
});

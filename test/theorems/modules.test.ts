import { describe, expect, it } from "vitest";
import {
  algebraicSetBound,
  circularConvolutionRank,
  convolutionRank,
  layerImageBound,
  moduleAccount,
  moduleImageBound,
  type NetworkModule,
  numericRank,
} from "../../src/bounds/index.js";
import { Random } from "../../src/random.js";

/** The matrix of a two-dimensional convolution with stride 1, by its definition. */
function matrixOf(kernel: number[][], height: number, width: number, padding: "valid" | "full" | "circular") {
  const [tall, wide] = [kernel.length, kernel[0]!.length];
  const grow = padding === "full" ? 1 : padding === "valid" ? -1 : 0;
  const [outHeight, outWidth] = [height + grow * (tall - 1), width + grow * (wide - 1)];
  const shift = padding === "full" ? 1 : 0;
  const data = new Float64Array(outHeight * outWidth * height * width);
  for (let i = 0; i < outHeight; i++)
    for (let j = 0; j < outWidth; j++)
      for (let y = 0; y < tall; y++)
        for (let x = 0; x < wide; x++) {
          let row = i + y - shift * (tall - 1);
          let column = j + x - shift * (wide - 1);
          if (padding === "circular") [row, column] = [row % height, column % width];
          if (row < 0 || column < 0 || row >= height || column >= width) continue;
          data[(i * outWidth + j) * height * width + row * width + column] += kernel[y]![x]!;
        }
  return { data, rows: outHeight * outWidth, columns: height * width };
}

describe("numeric rank", () => {
  it("of known matrices", () => {
    expect(numericRank({ data: [0, 0, 0, 0], rows: 2, columns: 2 }).rank).toBe(0);
    expect(numericRank({ data: [1, 2, 2, 4], rows: 2, columns: 2 }).rank).toBe(1);
    const { singularValues } = numericRank({ data: [3, 0, 4, 5], rows: 2, columns: 2 });
    expect(singularValues[0]).toBeCloseTo(Math.sqrt(45), 12); // of [[3, 0], [4, 5]]: √45 and √5
    expect(singularValues[1]).toBeCloseTo(Math.sqrt(5), 12);
    const hilbert = Array.from({ length: 16 }, (_, i) => 1 / (Math.floor(i / 4) + (i % 4) + 1));
    const smallest = numericRank({ data: hilbert, rows: 4, columns: 4 });
    expect(smallest.rank).toBe(4);
    expect(smallest.singularValues[3]).toBeCloseTo(9.67023e-5, 9); // tabulated
  });

  it("of products of random matrices is the inner dimension, either way up", () => {
    const random = new Random(7, "rank");
    for (const [rows, inner, columns] of [
      [20, 3, 50],
      [50, 11, 20],
      [30, 30, 30],
    ] as const) {
      const left = Float64Array.from({ length: rows * inner }, () => random.normal());
      const right = Float64Array.from({ length: inner * columns }, () => random.normal());
      const data = new Float64Array(rows * columns);
      for (let i = 0; i < rows; i++)
        for (let j = 0; j < columns; j++)
          for (let k = 0; k < inner; k++) data[i * columns + j] += left[i * inner + k]! * right[k * columns + j]!;
      const { rank, tolerance, singularValues } = numericRank({ data, rows, columns });
      expect(rank).toBe(inner);
      expect(tolerance).toBe(Math.max(rows, columns) * 2 ** -52 * singularValues[0]!);
      const squares = data.reduce((sum, value) => sum + value * value, 0);
      expect(singularValues.reduce((sum, value) => sum + value * value, 0) / squares).toBeCloseTo(1, 12);
    }
  });

  it("needs a finite matrix of its size", () => {
    expect(() => numericRank({ data: [1, 2, 3], rows: 2, columns: 2 })).toThrow(/Expected 4 entries/);
    expect(() => numericRank({ data: [1, Number.NaN], rows: 1, columns: 2 })).toThrow(/finite numbers/);
  });
});

describe("ranks of convolutions", () => {
  const plane = { inChannels: 1, outChannels: 1, height: 5, width: 4, kernelHeight: 2, kernelWidth: 3 };
  const kernels = [
    [
      [1, -1, 0],
      [2, 0, -2],
    ],
    [
      [1, 1, 1],
      [1, 1, 1],
    ],
    [
      [0, 0, 0],
      [0, 1, -1],
    ],
  ];

  it("of one channel, full and valid, are the ranks of the matrix", () => {
    for (const kernel of kernels) {
      for (const padding of ["full", "valid"] as const) {
        const { rank, exact, inputs, outputs } = convolutionRank({ ...plane, padding });
        const matrix = matrixOf(kernel, 5, 4, padding);
        expect([matrix.rows, matrix.columns]).toEqual([outputs, inputs]);
        expect([exact, rank]).toEqual([true, numericRank(matrix).rank]);
      }
    }
  });

  it("of circular convolutions come from the Fourier transform", () => {
    const line = { inChannels: 1, outChannels: 1, height: 1, width: 4, kernelHeight: 1, kernelWidth: 2 };
    expect(circularConvolutionRank({ ...line, kernel: [1, -1] }).rank).toBe(3);
    expect(circularConvolutionRank({ ...line, kernel: [1, 1] }).rank).toBe(3);
    expect(circularConvolutionRank({ ...line, kernel: [1, 0.5] }).rank).toBe(4);
    for (const kernel of kernels) {
      const { rank } = circularConvolutionRank({ ...plane, kernel: kernel.flat() });
      expect(rank).toBe(numericRank(matrixOf(kernel, 5, 4, "circular")).rank);
    }
    // Two input channels onto one: no more than one value an output location.
    const two = { ...line, inChannels: 2 };
    expect(circularConvolutionRank({ ...two, kernel: [1, -1, 1, 1] }).rank).toBe(4);
  });

  it("of others are bounded by inputs, outputs and patches", () => {
    const wide = { inChannels: 1, outChannels: 8, height: 28, width: 28, kernelHeight: 3, kernelWidth: 3 };
    expect(convolutionRank(wide)).toEqual({
      inputs: 784,
      outputs: 5408,
      outputHeight: 26,
      outputWidth: 26,
      rank: 784,
      exact: false,
    });
    expect(convolutionRank({ ...wide, stride: 4, outChannels: 12 })).toMatchObject({ outputHeight: 7, rank: 441 }); // 49 · 9
    expect(convolutionRank({ ...wide, padding: 1, dilation: 2 })).toMatchObject({ outputHeight: 26 });
    expect(() => convolutionRank({ ...wide, kernelHeight: 29 })).toThrow(/kernel/);
    expect(() => convolutionRank({ ...wide, stride: 0 })).toThrow(/stride, got 0/);
  });
});

describe("networks of modules", () => {
  it("a convolution, ReLU and max-pooling", () => {
    const { rank, outputs } = convolutionRank({
      inChannels: 1,
      outChannels: 1,
      height: 4,
      width: 4,
      kernelHeight: 2,
      kernelWidth: 2,
    });
    expect([rank, outputs]).toEqual([9, 9]);
    const of = (form: "joint" | "pairwise"): NetworkModule[] => [
      { kind: "ball", variables: rank },
      { kind: "relu", units: 9 },
      { kind: "max-pool", units: 4, window: 4, form },
    ];
    expect(moduleAccount(of("joint"))).toEqual({ variables: 48, degree: 4 });
    expect(moduleAccount(of("pairwise"))).toEqual({ variables: 64, degree: 2 });
    const joint = moduleImageBound({ modules: of("joint"), k: 1, refinement: "none" });
    expect(joint.exact).toBe(algebraicSetBound({ degree: 4, variables: 96 }).exact);
    expect(joint.log10).toBeCloseTo(80.8864, 4);
    expect(moduleImageBound({ modules: of("pairwise"), k: 1 }).log10).toBeCloseTo(60.8954, 4);
  });

  it("one square layer is the slack lift of its fibre product", () => {
    const modules: NetworkModule[] = [
      { kind: "ball", variables: 3 },
      { kind: "polynomial", degree: 2, rank: 0 },
    ];
    const expected = layerImageBound({ k: 1, inputDimension: 784, ranks: [3], degree: 2, refinement: "alternating" });
    expect(moduleImageBound({ modules, k: 1, refinement: "alternating" }).exact).toBe(expected.exact);
  });

  it("a polynomial of squares has twice its degree", () => {
    const ball: NetworkModule = { kind: "ball", variables: 2 };
    const square: NetworkModule = { kind: "polynomial", degree: 2, rank: 2 };
    expect(moduleAccount([ball, square, square])).toEqual({ variables: 7, degree: 2 });
    expect(moduleAccount([ball, { kind: "relu", units: 2 }, square])).toEqual({ variables: 9, degree: 4 });
    expect(
      moduleAccount([
        { kind: "cube", variables: 2 },
        { kind: "clip", units: 3 },
      ]),
    ).toEqual({ variables: 16, degree: 2 });
  });

  it("start with one compact domain", () => {
    expect(() => moduleAccount([])).toThrow(/a ball or a cube first/);
    expect(() => moduleAccount([{ kind: "relu", units: 2 }])).toThrow(/compact domain/);
    const ball: NetworkModule = { kind: "ball", variables: 2 };
    expect(() => moduleAccount([ball, ball])).toThrow(/one domain only/);
    expect(() => moduleImageBound({ modules: [ball], k: 0 })).toThrow(/for k, got 0/);
  });
});

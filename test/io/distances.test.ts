import { describe, expect, it } from "vitest";
import { type ParseInputOptions, parseInput } from "../../src/io/cloud-file.js";
import { formatNpy } from "../../src/io/npy.js";

const parse = (content: string | Uint8Array, options: ParseInputOptions, path = "d") =>
  parseInput(Buffer.from(content), { path, ...options });

describe("square matrices that are not quite symmetric", () => {
  // arccos(1 - 2^-53) = 1.49e-8, where the angle is 0.
  const rounded = "1.49e-8 1 2\n1 0 3\n2.000001 3 -1e-9\n";

  it("takes what rounding leaves, and says so", () => {
    const { remarks, ...read } = parse(rounded, { format: "distance" });
    expect(read).toEqual({ n: 3, distances: Float32Array.of(1, 2.000001, 3) });
    expect(remarks).toEqual([
      expect.stringMatching(/the diagonal is not 0 everywhere but at most 1\.5e-8, which is taken for rounding/),
      expect.stringMatching(/up to 0\.000001, which is taken for rounding: those below the diagonal count/),
    ]);
  });

  it("lets the user say which entry counts", () => {
    const unlike = "0 1 2\n1 0 3\n4 3 0\n";
    expect(() => parse(unlike, { format: "distance" })).toThrow(/--symmetrise mean, lower or upper/);
    for (const [symmetrise, value, words] of [
      ["lower", 4, "those below the diagonal count"],
      ["upper", 2, "those above it count"],
      ["mean", 3, "their means count"],
    ] as const) {
      const { remarks, ...read } = parse(unlike, { format: "distance", symmetrise });
      expect(read).toEqual({ n: 3, distances: Float32Array.of(1, value, 3) });
      expect(remarks).toEqual([
        `entries differ from their mirror images by up to 2: ${words} (--symmetrise ${symmetrise})`,
      ]);
    }
    expect(parse("0 1\n1 0\n", { format: "distance", symmetrise: "mean" }).remarks).toEqual([]);
  });

  it("allows float32 arrays more, as their rounding is coarser", () => {
    const array = (below: number, diagonal: number) => formatNpy(Float32Array.of(diagonal, 2, below, 0), [2, 2]);
    expect(parse(array(2.00001, 3e-4), { format: "distance" })).toMatchObject({ n: 2, remarks: { length: 2 } });
    expect(() => parse(array(2.0001, 0), { format: "distance" })).toThrow(/symmetric/);
    expect(() => parse(array(2, 3e-3), { format: "distance" })).toThrow(/0 on the diagonal/);
  });

  it.each([
    ["a diagonal beyond rounding", "1e-4 1\n1 0\n", /0 on the diagonal for number 1 of line 1/],
    ["asymmetry beyond rounding", "0 1\n1.00001 0\n", /symmetric/],
    ["a pair joined one way only", "0 inf\n1 0\n", /symmetric/],
    ["an infinite diagonal", "inf 1\n1 0\n", /0 on the diagonal/],
    ["a number that is none", "0 nan\nnan 0\n", /a decimal number or inf for line 1 of d, got "nan"/],
    ["one below all", "0 -inf\n-inf 0\n", /at least 0/],
  ])("refuses %s", (_, text, message) => {
    expect(() => parse(text, { format: "distance" })).toThrow(message);
  });
});

describe("numbers in text of which nothing is known but their lines", () => {
  it.each<[string, string, number[], number, RegExp | undefined]>([
    ["lines that grow", "1\n2 3\n4 5 6\n", [1, 2, 3, 4, 5, 6], 4, undefined],
    ["lines that shrink", "1 2 4\n3 5\n6\n", [1, 2, 3, 4, 5, 6], 4, /--format upper-distance/],
    ["one line", "1 2 3 4 5 6\n", [1, 2, 3, 4, 5, 6], 4, /--format lower-distance of 4 points, as in Ripser/],
    ["lines of any length", "1 2 3 4\n5 6\n", [1, 2, 3, 4, 5, 6], 4, /--format lower-distance/],
    ["a symmetric square", "0 1 2\n1 0 3\n2 3 0\n", [1, 2, 3], 3, /read as --format distance/],
    ["three distances, the same either way", "1 2 3", [1, 2, 3], 3, undefined],
  ])("reads %s", (_, text, distances, n, remark) => {
    const { remarks, ...read } = parse(text, {});
    expect(read).toEqual({ n, distances: Float32Array.from(distances) });
    expect(remarks).toEqual(remark ? [expect.stringMatching(remark)] : []);
  });

  it.each([
    [
      "3 lines of 2 numbers",
      "0 0\n1 0\n0 1\n",
      /point-cloud for 3 points in 2 .*lower-distance for the distances of 4/,
    ],
    [
      "2 lines of 2 numbers",
      "0 0\n1 0\n",
      /point-cloud for 2 points in 2 dimensions, or distance for a square matrix\./,
    ],
    ["3 lines of one number", "1\n2\n3\n", /point-cloud for 3 points in 1 dimension, or lower-distance .*3 points/],
    ["5 lines of 3 numbers", "0 1 2\n".repeat(5), /5 points in 3 .*of 6 points, or sparse for pairs/],
  ])("asks about %s", (what, text, message) => {
    expect(() => parse(text, {})).toThrow(new RegExp(`Expected one meaning .*got "${what}"`));
    expect(() => parse(text, {})).toThrow(message);
  });

  it("never reads a square matrix as a triangle, though their numbers may be as many", () => {
    // n² = m(m-1)/2 for n = 6, 35.
    for (const [n, m] of [
      [6, 9],
      [35, 50],
    ] as const) {
      expect(n * n).toBe((m * (m - 1)) / 2);
      const rows = Array.from({ length: n }, (_, i) =>
        Array.from({ length: n }, (_, j) => (i === j ? 0 : 1 + ((i + j) % 5))).join(" "),
      );
      const text = rows.join("\n");
      expect(parse(text, {})).toMatchObject({ n, remarks: { length: 1 } });
      expect(() => parse(text, { format: "lower-distance" })).toThrow(/Say --format distance/);
      expect(parse(text, { format: "lower-distance", diagonal: "without" })).toMatchObject({ n: m });
    }
  });
});

describe("triangles", () => {
  it("takes lines the wrong way round for a mistake", () => {
    expect(() => parse("1\n2 3\n", { format: "upper-distance" })).toThrow(/lines that grow.*--format lower-distance/);
    expect(() => parse("1 2\n3\n", { format: "lower-distance" })).toThrow(/lines that shrink.*--format upper-distance/);
    expect(parse("1 2\n3\n", { format: "lower-distance", diagonal: "without" })).toMatchObject({ n: 3 });
  });

  it("hints at its format where points are expected", () => {
    expect(() => parse("1\n2 3\n", {}, "a.csv")).toThrow(/--format lower-distance/);
    expect(() => parse("1 2\n3\n", {}, "a.csv")).toThrow(/--format upper-distance/);
  });

  it("asks about zeros at the diagonal's places where there are no lines", () => {
    const flat = [0, 1, 0, 2, 3, 0];
    const binary = Buffer.from(Float32Array.from(flat).buffer);
    for (const [content, format] of [
      [formatNpy(Float32Array.from(flat), [6]), "lower-distance"],
      [formatNpy(Float32Array.of(0, 1, 2, 0, 3, 0), [6]), "upper-distance"],
      [binary, "binary"],
      ["0\n1\n0\n2\n3\n0\n", "lower-distance"],
    ] as const) {
      expect(() => parse(content, { format })).toThrow(/--diagonal with for 3 points, --diagonal without for 4/);
      expect(parse(content, { format, diagonal: "with" })).toEqual({
        n: 3,
        distances: Float32Array.of(1, 2, 3),
        remarks: [],
      });
      expect(parse(content, { format, diagonal: "without" })).toMatchObject({ n: 4 });
    }
    expect(() => parse("1 2 3", { format: "lower-distance", diagonal: "with" })).toThrow(/0 at every place/);
  });

  it("knows a diagonal of rounding size by its lines", () => {
    const { remarks, ...read } = parse("1e-8\n1 0\n2 3 2e-8\n", { format: "lower-distance" });
    expect(read).toEqual({ n: 3, distances: Float32Array.of(1, 2, 3) });
    expect(remarks).toEqual([expect.stringMatching(/0 or of rounding size \(at most 2e-8\)/)]);
  });

  it("leaves points that all coincide as they are", () => {
    expect(parse("0\n0 0\n", { format: "lower-distance" })).toMatchObject({ n: 3, remarks: [] });
  });

  it("takes inf for pairs never joined, and no number above float32 for one", () => {
    expect(parse("1\ninf +Infinity\n", { format: "lower-distance" })).toMatchObject({
      distances: Float32Array.of(1, Infinity, Infinity),
    });
    expect(() => parse("1\n1e39 2\n", { format: "lower-distance" })).toThrow(/within float32/);
  });
});

describe("pairs of points", () => {
  it("takes inf, and refuses a pair that is joined and is not", () => {
    expect(parse("0 1 inf\n0 2 1\n1 2 1\n", { format: "sparse" })).toMatchObject({
      distances: Float32Array.of(Infinity, 1, 1),
    });
    for (const text of ["0 1 inf\n0 1 2\n", "0 1 2\n0 1 inf\n"])
      expect(() => parse(text, { format: "sparse" })).toThrow(/Give every pair once/);
  });

  it("keeps to the memory it may use", () => {
    expect(() => parse("0 40000 1\n", { format: "sparse", memoryLimit: 1e8 })).toThrow(
      expect.objectContaining({ name: "MemoryLimitError", message: expect.stringMatching(/at most 100 MB/) }),
    );
  });

  it("names DIPHA's other types of files", () => {
    const file = Buffer.alloc(40);
    file.writeBigInt64LE(8067171840n, 0);
    file.writeBigInt64LE(8n, 8);
    expect(() => parse(file, {})).toThrow(/8 \(a sparse distance matrix\)/);
  });
});

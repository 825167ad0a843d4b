import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ParseInputOptions, parseInput, readInput } from "../../src/io/cloud-file.js";
import { formatOfName, type InputFormat } from "../../src/io/format-name.js";
import { formatNpy } from "../../src/io/npy.js";
import { hasShared, sharedPath } from "../support/shared.js";

const path = "input";
const parseWith = (content: string | Uint8Array, options: ParseInputOptions) =>
  parseInput(Buffer.from(content), { path, ...options });
/** What is read of unambiguous content, of which there is nothing to say. */
const parse = (content: string | Uint8Array, format: InputFormat) => {
  const { remarks, ...read } = parseWith(content, { format });
  expect(remarks).toEqual([]);
  return read;
};

/** Four points at the corners of a rectangle of sides 3 and 4, in the order of the corners. */
const rectangle = { n: 4, distances: Float32Array.of(3, 5, 4, 4, 5, 3) };

function dipha(n: number, entries: readonly number[], magic = 8067171840n, type = 7n): Uint8Array {
  const bytes = Buffer.alloc(24 + 8 * entries.length);
  bytes.writeBigInt64LE(magic, 0);
  bytes.writeBigInt64LE(type, 8);
  bytes.writeBigInt64LE(BigInt(n), 16);
  entries.forEach((value, i) => {
    bytes.writeDoubleLE(value, 24 + 8 * i);
  });
  return bytes;
}
const full = [0, 3, 5, 4, 3, 0, 4, 5, 5, 4, 0, 3, 4, 5, 3, 0];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "bettina-cloud-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("formats of input", () => {
  it("reads the same distances from every format", () => {
    const f4 = Buffer.from(rectangle.distances.buffer);
    const inputs: [InputFormat, string | Uint8Array][] = [
      ["distance", "0,3,5,4\n3,0,4,5\n5,4,0,3\n4,5,3,0\n"],
      ["distance", formatNpy(Float32Array.from(full), [4, 4])],
      ["distance", formatNpy(Uint8Array.from(full), [4, 4])],
      ["lower-distance", "3\n5 4\n4,5,3"],
      ["lower-distance", "\n3,\n5,4,\n4,5,3,\n"],
      ["lower-distance", "3 5 4 4 5 3"],
      ["lower-distance", formatNpy(Float64Array.of(3, 5, 4, 4, 5, 3), [6])],
      ["upper-distance", "3,5,4\n4,5\n3\n"],
      ["upper-distance", formatNpy(Int16Array.of(3, 5, 4, 4, 5, 3), [6])],
      ["sparse", "0 1 3\n2 0 5\n1 2 4\n0 3 4\n3 1 5\n3 2 3\n"],
      ["sparse", "0,1,3\n1,0,3.0\n2,0,5\n1,2,4\n0,3,4\n3,1,5\n3,2,3\n2,2,0\n"],
      ["dipha", dipha(4, full)],
      ["binary", f4],
    ];
    for (const [format, content] of inputs)
      expect({ format, ...parse(content, format) }).toEqual({ format, ...rectangle });
  });

  it("takes triangles of any size, against indices computed from a square", () => {
    const sizes = fc.integer({ min: 2, max: 12 });
    const matrix = sizes.chain((n) =>
      fc.array(fc.nat(1000), { minLength: n * n, maxLength: n * n }).map((m) => ({ n, m })),
    );
    fc.assert(
      fc.property(matrix, ({ n, m }) => {
        const at = (i: number, j: number): number => (i === j ? 0 : m[Math.min(i, j) * n + Math.max(i, j)] / 8);
        const rows = Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => at(i, j)));
        const square = parse(rows.map((row) => row.join(" ")).join("\n"), "distance");
        const lower = rows.map((row, i) => row.slice(0, i).join(",")).join("\n");
        const upper = rows.map((row, i) => row.slice(i + 1).join(",")).join("\n");
        const sparse = rows.flatMap((row, i) => row.slice(0, i).map((value, j) => `${j} ${i} ${value}`)).join("\n");
        expect(parse(lower, "lower-distance")).toEqual(square);
        expect(parse(upper, "upper-distance")).toEqual(square);
        expect(parse(sparse, "sparse")).toEqual(square);
        expect(parse(dipha(n, rows.flat()), "dipha")).toEqual(square);
      }),
    );
  });

  it("reads triangles in any line layout", () => {
    const distances = Float32Array.of(1, 2, 3, 4, 5, 6);
    for (const text of ["1 2 3 4 5 6", "1 2 3\n4 5 6\n", "1,2\n3,4\n5,6", "1\n\n2\r\n3\n4\n5\n6", "1\n2,3,\n4,5,6\n"])
      expect(parse(text, "lower-distance"), text).toEqual({ n: 4, distances });
  });

  it("leaves pairs that are not listed infinitely far apart", () => {
    const { remarks, ...read } = parseWith("3 1 2.5\n", { format: "sparse" });
    expect(remarks).toEqual([expect.stringMatching(/no line mentions point 0, so it is isolated/)]);
    expect(read).toEqual({
      n: 4,
      distances: Float32Array.of(Infinity, Infinity, Infinity, Infinity, 2.5, Infinity),
    });
    expect(parse(formatNpy(Float32Array.of(0, Infinity, Infinity, 0), [2, 2]), "distance")).toEqual({
      n: 2,
      distances: Float32Array.of(Infinity),
    });
  });

  it("judges symmetry after rounding to float32, and has no negative zero", () => {
    expect(parse("0 0.1\n0.10000000000000002 0\n", "distance")).toEqual({ n: 2, distances: Float32Array.of(0.1) });
    expect(() => parse("0 0.1\n0.100001 0\n", "distance")).toThrow(/symmetric/);
    expect(parse("-0", "lower-distance")).toEqual({ n: 2, distances: Float32Array.of(0) });
    expect(parse("0 0\n-0 0\n", "distance")).toEqual({ n: 2, distances: Float32Array.of(0) });
  });

  it("reads points from text and .npy and keeps bytes and float32 as they are", () => {
    expect(parse("1,2\n3,4\n5,6\n", "point-cloud")).toEqual({
      points: { data: Float64Array.of(1, 2, 3, 4, 5, 6), shape: [3, 2] },
    });
    for (const data of [Uint8Array.of(1, 2), Float32Array.of(1, 2), Float64Array.of(1, 2)])
      expect(parse(formatNpy(data, [2, 1]), "point-cloud")).toEqual({ points: { data, shape: [2, 1] } });
    expect(parse(formatNpy(Int32Array.of(-1, 2), [1, 2]), "point-cloud")).toEqual({
      points: { data: Float64Array.of(-1, 2), shape: [1, 2] },
    });
  });

  it.each<[string, InputFormat, string | Uint8Array, number | undefined, RegExp]>([
    ["a point cloud with a ragged row", "point-cloud", "1,2\n3\n", 2, /line 2 of input, got "1"/],
    [
      "an .npy array that is no list of points",
      "point-cloud",
      formatNpy(Float32Array.of(1), [1]),
      undefined,
      /reshape/,
    ],
    [
      "a NaN coordinate",
      "point-cloud",
      formatNpy(Float32Array.of(1, 2, 3, NaN), [2, 2]),
      undefined,
      /coordinate 1 of point 1 of input, got NaN/,
    ],
    [
      "an infinite coordinate",
      "point-cloud",
      formatNpy(Float64Array.of(-Infinity), [1, 1]),
      undefined,
      /got -Infinity/,
    ],
    ["a matrix that is not square", "distance", "0 1\n1 0\n2 3\n", undefined, /square matrix.*got "3 × 2"/],
    [
      "a matrix that is not symmetric",
      "distance",
      "0 1\n\n2 0\n",
      3,
      /^Expected 1 as for number 2 of line 1 for number 1 of line 3 of input, got 2\. Distances are symmetric; say --symm/,
    ],
    ["a diagonal that is not zero", "distance", "0 1\n1 0.5\n", 2, /0 on the diagonal for number 2 of line 2/],
    ["a negative distance", "distance", "0 -1\n-1 0\n", 2, /at least 0 for number 1 of line 2/],
    [
      "a NaN above the diagonal",
      "distance",
      formatNpy(Float32Array.of(0, NaN, 1, 0), [2, 2]),
      undefined,
      /entry \[0, 1\] of input, got NaN/,
    ],
    ["a distance beyond float32", "distance", "0 1e39\n1e39 0\n", 2, /within float32/],
    ["a triangle with a number too many", "lower-distance", "1\n2 3\n4\n", undefined, /n\(n-1\)\/2 .*got "4 numbers"/],
    ["a negative number in a triangle", "upper-distance", "1 -2\n3\n", undefined, /number 2 of input, got -2/],
    [
      "a square .npy array given as a triangle",
      "lower-distance",
      formatNpy(Float32Array.of(0), [1, 1]),
      undefined,
      /one dimension/,
    ],
    ["triplets with two numbers", "sparse", "0 1\n", 1, /3 numbers/],
    ["a negative index", "sparse", "0 1 2\n0 -1 2\n", 2, /j in line 2/],
    ["a broken index", "sparse", "0.5 1 2\n", 1, /i in line 1/],
    [
      "a pair given twice with two values",
      "sparse",
      "0 1 2\n1 2 3\n1 0 2.5\n",
      3,
      /^Expected 2 as given before .*line 3 of input, got 2\.5/,
    ],
    ["a point away from itself", "sparse", "1 1 2\n", 1, /point 1 to itself/],
    ["a negative sparse distance", "sparse", "0 1 -2\n", 1, /at least 0/],
    ["another magic than DIPHA's", "dipha", dipha(1, [0], 1n), 0, /8067171840/],
    ["another DIPHA type", "dipha", dipha(1, [0], undefined, 1n), 8, /type at byte 8 of input, got "1 \(image data\)"/],
    ["a DIPHA file cut off", "dipha", dipha(2, [0, 1, 1]), 48, /56 bytes for 2 points/],
    ["a DIPHA header cut off", "dipha", dipha(2, []).subarray(0, 20), 20, /24 bytes of header/],
    ["a DIPHA file that goes on", "dipha", dipha(1, [0, 0]), 32, /32 bytes for 1 points/],
    ["an asymmetric DIPHA matrix", "dipha", dipha(2, [0, 1, 2, 0]), 40, /symmetric/],
    ["a binary file cut off", "binary", new Uint8Array(5), 5, /4 bytes each/],
    ["an empty binary file", "binary", new Uint8Array(0), 0, /an empty file/],
    ["a binary NaN", "binary", Buffer.from(Float32Array.of(1, NaN, 1).buffer), undefined, /number 2 of input, got NaN/],
    ["a gzip file", "lower-distance", Uint8Array.of(0x1f, 0x8b, 8), 0, /a gzip file/],
    ["UTF-16 without its mark", "point-cloud", Buffer.from("1,2", "utf16le"), 0, /UTF-16/],
    ["a folder's worth of nothing", "point-cloud", "", 1, /an empty file/],
  ])("refuses %s", (_, format, content, offset, message) => {
    expect(() => parse(content, format)).toThrow(
      expect.objectContaining({
        name: "DataFormatError",
        exitCode: 3,
        path,
        offset,
        message: expect.stringMatching(message),
      }),
    );
  });

  it("refuses sparse input whose full matrix would not fit, before filling memory", () => {
    expect(() => parse("0 100000 1\n", "sparse")).toThrow(
      expect.objectContaining({
        name: "MemoryLimitError",
        exitCode: 4,
        message: expect.stringMatching(/at most 4 GiB.*100001 points/),
      }),
    );
  });

  it("chooses the format by the name", () => {
    const formats: [string, InputFormat][] = [
      ["a.npy", "point-cloud"],
      ["/x.bin/a.CSV", "point-cloud"],
      ["a.txt", "point-cloud"],
      ["a.point_cloud", "point-cloud"],
      ["a.lower_distance_matrix", "lower-distance"],
      ["a_lower_distance_matrix.csv", "lower-distance"],
      ["a.distance_matrix.lower_triangular", "lower-distance"],
      ["a.upper_distance_matrix", "upper-distance"],
      ["a.distance_matrix", "distance"],
      ["a_distance_matrix.npy", "distance"],
      ["a.sparse", "sparse"],
      ["a.dipha", "dipha"],
      ["a.complex", "dipha"],
      ["a.bin", "binary"],
      ["a.spdist", "sparse"],
      ["a.npz", "point-cloud"],
      ["a.off", "point-cloud"],
    ];
    for (const name of ["a", "a.ldm", "a.mat", "-"]) expect([name, formatOfName(name)]).toEqual([name, undefined]);
    for (const [name, format] of formats) expect([name, formatOfName(name)]).toEqual([name, format]);
  });

  it("reads a file by its name or by the format given", async () => {
    const file = join(folder, "cloud.csv");
    await writeFile(file, "3\n5,4\n");
    await expect(readInput(file)).rejects.toMatchObject({ name: "DataFormatError", path: file, offset: 2 });
    expect(await readInput(file, { format: "lower-distance" })).toEqual({
      n: 3,
      distances: Float32Array.of(3, 5, 4),
      remarks: [],
    });
    await expect(readInput(join(folder, "none.csv"))).rejects.toMatchObject({
      name: "InputError",
      exitCode: 3,
      message: expect.stringMatching(/it does not exist/),
    });
    await expect(readInput(file, { signal: AbortSignal.abort() })).rejects.toMatchObject({ name: "CancelledError" });
  });

  it.skipIf(process.platform === "win32")("reads a pipe, whose size is not known", async () => {
    const pipe = join(folder, "pipe");
    expect(spawnSync("mkfifo", [pipe]).status).toBe(0);
    const [read] = await Promise.all([readInput(pipe), writeFile(pipe, "3\n5 4\n")]);
    expect(read).toEqual({ n: 3, distances: Float32Array.of(3, 5, 4), remarks: [] });
  });

  it.skipIf(!hasShared("data", "sets"))("reads the shared sets of points and distances", async () => {
    const celegans = await readInput(sharedPath("data", "sets", "celegans.npy") as string, { format: "distance" });
    expect(celegans).toMatchObject({ n: 297 }); // neurons of C. elegans, Otter et al., A roadmap (2017), table 3
    const torus = await readInput(sharedPath("data", "sets", "torus_r3_1000.npy") as string);
    expect(torus).toMatchObject({ points: { shape: [1000, 3] } });
  });
});

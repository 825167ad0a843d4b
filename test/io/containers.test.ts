/** Arrays in .npz and IDX files, of any shape and type, and meshes in OFF. */
import { crc32, deflateRawSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { type ParseInputOptions, parseInput } from "../../src/io/cloud-file.js";
import { formatNpy, parseNpy } from "../../src/io/npy.js";

const parse = (content: string | Uint8Array, options: ParseInputOptions = {}, path = "a") =>
  parseInput(Buffer.from(content), { path, ...options });

/** A zip archive as numpy.savez (stored) and savez_compressed (deflated) write it. */
function zip(entries: Readonly<Record<string, Uint8Array>>, deflate: boolean): Buffer {
  const parts: Buffer[] = [];
  const list: Buffer[] = [];
  let at = 0;
  for (const [name, content] of Object.entries(entries)) {
    const packed = deflate ? deflateRawSync(content) : Buffer.from(content);
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(20, 0);
    shared.writeUInt16LE(deflate ? 8 : 0, 4);
    shared.writeUInt32LE(crc32(content), 10);
    shared.writeUInt32LE(packed.length, 14);
    shared.writeUInt32LE(content.length, 18);
    shared.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from("PK\x03\x04"), shared, Buffer.from(name), packed]);
    const end = Buffer.alloc(14);
    end.writeUInt32LE(at, 10);
    list.push(Buffer.concat([Buffer.from("PK\x01\x02\x14\0"), shared, end, Buffer.from(name)]));
    parts.push(local);
    at += local.length;
  }
  const contents = Buffer.concat(list);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06");
  end.writeUInt16LE(list.length, 8);
  end.writeUInt16LE(list.length, 10);
  end.writeUInt32LE(contents.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, contents, end]);
}

describe(".npz", () => {
  const x = Float32Array.of(1, 2, 3, 4, 5, 6);
  const one = formatNpy(x, [3, 2]);
  const other = formatNpy(Float64Array.of(0, 1, 1, 0), [2, 2]);

  it.each([true, false])("takes the only array, or the one that is named; deflated %s", (deflate) => {
    expect(parse(zip({ "x.npy": one }, deflate))).toEqual({ points: { data: x, shape: [3, 2] }, remarks: [] });
    const two = zip({ "x.npy": one, "d.npy": other }, deflate);
    expect(() => parse(two)).toThrow(/one array for the content of a, got 2\. Choose by --array: x, d\./);
    expect(parse(two, { array: "x" })).toMatchObject({ points: { data: x } });
    expect(parse(two, { array: "d", format: "distance" })).toMatchObject({ n: 2, distances: Float32Array.of(1) });
    expect(() => parse(two, { array: "y" })).toThrow(
      expect.objectContaining({ name: "ConfigError", message: expect.stringMatching(/Take one of x, d/) }),
    );
  });

  it("refuses what is damaged, cut off, or holds no array", () => {
    const file = zip({ "x.npy": one }, true);
    const damaged = Buffer.from(file);
    damaged[60]! ^= 0xff;
    expect(() => parse(damaged)).toThrow(/Copy it again/);
    expect(() => parse(file.subarray(0, file.length - 30))).toThrow(/cut off/);
    expect(() => parse(zip({ "x.txt": one }, false))).toThrow(/without \.npy arrays/);
  });
});

describe(".npy as other programs write it", () => {
  function npy(descr: string, shape: string, data: Uint8Array): Buffer {
    const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${shape}, }\n`;
    const start = Buffer.from("\x93NUMPY\x01\0\0\0", "latin1");
    start.writeUInt16LE(header.length, 8);
    return Buffer.concat([start, Buffer.from(header), data]);
  }

  it.each<[string, Uint8Array, number[]]>([
    ["<f2", Buffer.from("003c00c0ff7b0100", "hex"), [1, -2, 65504, 2 ** -24]], // IEEE 754-2019, binary16
    [">f4", Buffer.from("3f800000c0000000", "hex"), [1, -2]],
    [">f8", Buffer.from("3ff0000000000000", "hex"), [1]],
    [">i2", Buffer.from("0001fffe", "hex"), [1, -2]],
    [">u4", Buffer.from("00000001", "hex"), [1]],
    [">i8", Buffer.from("fffffffffffffffe", "hex"), [-2]],
    ["=i4", Buffer.from("feffffff", "hex"), [-2]],
    ["u1", Uint8Array.of(7), [7]],
    ["<u1", Uint8Array.of(7), [7]],
    [">i1", Uint8Array.of(254), [-2]],
    ["?", Uint8Array.of(1, 0), [1, 0]],
    ["float32", Buffer.from("0000803f", "hex"), [1]],
    ["d", Buffer.from("000000000000f03f", "hex"), [1]],
  ])("reads %s", (descr, data, values) => {
    const read = parseNpy(npy(descr, `(${values.length}L,)`, data), { path: "a" });
    expect(Array.from(read.data as ArrayLike<number | bigint>, Number)).toEqual(values);
  });

  it("flattens arrays of any shape when asked", () => {
    const data = Float32Array.from({ length: 24 }, (_, i) => i);
    const cube = formatNpy(data, [2, 3, 4]);
    expect(() => parse(cube)).toThrow(/Say --flatten for 2 points of 12 coordinates/);
    expect(parse(cube, { flatten: true })).toEqual({ points: { data, shape: [2, 12] }, remarks: [] });
    const line = formatNpy(data, [24]);
    expect(() => parse(line)).toThrow(/--flatten; for the distances of SciPy's pdist --format upper-distance/);
    expect(parse(line, { flatten: true })).toEqual({ points: { data, shape: [24, 1] }, remarks: [] });
  });

  it("is known by its content whatever its name, and not read as another format", () => {
    const file = formatNpy(Float32Array.of(1, 2), [1, 2]);
    for (const path of ["a", "a.bin", "a.sparse", "a.dipha", "a.txt"])
      expect(parse(file, {}, path)).toMatchObject({ points: { shape: [1, 2] } });
    for (const format of ["sparse", "dipha", "binary"] as const)
      expect(() => parse(file, { format })).toThrow(/got "a \.npy array"\. Say --format point-cloud or distance/);
  });

  it("warns of a matrix read as points", () => {
    expect(parse(formatNpy(Float64Array.of(0, 1, 1, 0), [2, 2])).remarks).toEqual([
      expect.stringMatching(/--format distance/),
    ]);
  });
});

describe("IDX", () => {
  it("reads pictures as points, and refuses labels", () => {
    const images = Buffer.from([0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 10, 20, 30, 255]);
    expect(parseInput(new Uint8Array(images), { path: "train-images-idx3-ubyte" })).toEqual({
      points: { data: Uint8Array.of(10, 20, 30, 255), shape: [2, 2] },
      remarks: ["2 pictures of 1 × 2 bytes, read as points with coordinates from 0 to 255"],
    });
    expect(() => parse(Buffer.from([0, 0, 8, 1, 0, 0, 0, 2, 3, 7]))).toThrow(/Are these labels/);
    expect(() => parse(images, { format: "distance" })).toThrow(/an IDX file.*--format point-cloud/);
  });
});

describe("OFF", () => {
  const square = { points: { data: Float64Array.of(0, 0, 0, 1, 0, 0, 1, 1, 0), shape: [3, 3] }, remarks: [] };

  it.each([
    ["a mesh", "OFF\n# a triangle\n3 1 0\n0 0 0\n1 0 0\n1 1 0\n3 0 1 2\n"],
    [
      "sizes beside the name, colours",
      "COFF 3 1 0\n\n0 0 0 255 0 0 255\n1 0 0 0 0 0 255 # red\n1 1 0 0 0 0 255\n3 0 1 2\n",
    ],
    ["any dimension", "nOFF\r\n3 3 0 0\r\n0 0 0\r\n1 0 0\r\n1 1 0\r\n"],
  ])("reads the vertices of %s", (_, text) => {
    expect(parse(text)).toEqual(square);
    expect(parse(text, {}, "a.txt")).toEqual(square);
  });

  it.each([
    [
      "a mesh cut off",
      "OFF\n9 0 0\n0.000000 0 0\n1.000000 0 0\n1.000000 1 0\n0 1.000000 0\n0 2.000000 0\n1 2 0.000000\n",
      8,
      /9 vertices for line 8 of a, got "6"/,
    ],
    ["a word among the coordinates", "OFF\n1 0 0\n0 x 0\n", 3, /3 coordinates of vertex 0 for line 3 of a, got "x"/],
    ["sizes that are none", "OFF\n-1 0 0\n", 2, /numbers of vertices/],
    ["a size the file cannot hold", "OFF\n1000000000 0 0\n0 0 0\n", 2, /a shorter file/],
    ["no sizes", "OFF\n", 1, /the end/],
    ["a binary mesh", "OFF BINARY\n1 2", 1, /binary/],
  ])("refuses %s", (_, text, offset, message) => {
    expect(() => parse(text)).toThrow(
      expect.objectContaining({ name: "DataFormatError", offset, message: expect.stringMatching(message) }),
    );
  });
});

import { mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { parseInput, readInput } from "../../src/io/cloud-file.js";

const esc = String.fromCharCode(27);
/** The first bytes of files as their programs write them, by the documents of the formats. */
const strangers: [string, Uint8Array, RegExp][] = [
  ["PNG", Buffer.from("89504e470d0a1a0a0000000d49484452", "hex"), /a PNG picture/],
  ["JPEG", Buffer.from("ffd8ffe000104a464946000101000001", "hex"), /a JPEG picture/],
  ["PDF", Buffer.from("%PDF-1.7\n1 2 3\n"), /a PDF/],
  ["Parquet", Buffer.from("PAR1\x15\x04\x15\x10\x15\x14", "latin1"), /a Parquet file/],
  ["HDF5", Buffer.from("894844460d0a1a0a0000000000080800", "hex"), /an HDF5 file/],
  ["gzip", gzipSync("1,2\n3,4\n"), /a gzip file.*Unpack/],
  ["xz", Buffer.from("fd377a585a000004e6d6b446020021011c000000", "hex"), /an xz file/],
  ["pickle", Buffer.from("80049512000000000000005d94284b014b024b", "hex"), /a pickle/],
  ["a zip without arrays", Buffer.from(`504b0506${"00".repeat(18)}`, "hex"), /a zip file without \.npy arrays/],
  ["ELF", Buffer.from("7f454c460201010000000000000000000200", "hex"), /a program/],
  ["SQLite", Buffer.from("SQLite format 3\0\x10\0", "latin1"), /SQLite/],
  ["safetensors", Buffer.from('\x40\0\0\0\0\0\0\0{"weight":{"dtype":"F32"', "latin1"), /a safetensors file/],
  [
    "Matrix Market",
    Buffer.from("%%MatrixMarket matrix coordinate real general\n1 1 1\n1 1 0\n"),
    /a Matrix Market file/,
  ],
  ["JSON", Buffer.from("[[1,2],[3,4]]\n"), /JSON/],
  ["HTML", Buffer.from("<!DOCTYPE html>\n"), /HTML/],
  ["zeros", new Uint8Array(64), /binary data/],
  ["control characters", Buffer.from(`1,2\n${esc}[31m${esc}]0;x\x07\x01\x02\x03`, "latin1"), /binary data/],
  ["UTF-16 without its mark", Buffer.from("1,2\n3,4\n", "utf16le"), /UTF-16/],
];

describe("files that hold no points or distances", () => {
  it.each(strangers)("names %s whatever it is called, and does not repeat it", (_, bytes, name) => {
    for (const path of ["a", "a.csv", "a.npy", "a.sparse", "a.lower_distance_matrix", "a.distance_matrix"]) {
      let message = "";
      try {
        parseInput(bytes, { path });
      } catch (error) {
        expect(error).toMatchObject({ name: "DataFormatError", exitCode: 3 });
        message = (error as Error).message;
      }
      expect(message, path).toMatch(name);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: none may be printed
      expect(message).not.toMatch(/[\x00-\x1f\x7f-\x9f]/);
    }
  });

  it("refuses known files and text where float32 numbers are expected", () => {
    const path = "a.bin";
    expect(() => parseInput(Buffer.from("89504e470d0a1a0a0000000d49484452", "hex"), { path })).toThrow(/a PNG picture/);
    expect(() => parseInput(Buffer.from("1,2,3,4,5\n6,7,8,9,0\n1234"), { path })).toThrow(/got "text"/);
    // The first byte of 1.0000043 is that of a brace.
    const bytes = Buffer.from(Float32Array.of(1, 1, 1).buffer);
    bytes[0] = 0x7b;
    expect(parseInput(bytes, { path })).toMatchObject({ n: 3 });
  });

  it("calls blank files empty", () => {
    for (const path of ["a", "a.csv", "a.sparse", "a.bin"])
      for (const text of ["", ...(path === "a.bin" ? [] : [" \n\t\r\n", "\ufeff\n"])])
        expect(() => parseInput(Buffer.from(text), { path })).toThrow(/an empty file/);
  });

  it("reads UTF-16 with its mark, in both orders", () => {
    const little = Buffer.from("\ufeff1\t2\r\n3\t4\r\n", "utf16le");
    const big = Buffer.from(little).swap16();
    const right = parseInput(Buffer.from("1,2\n3,4\n"), { path: "a.txt" });
    expect(parseInput(little, { path: "a.txt" })).toEqual(right);
    expect(parseInput(big, { path: "a.txt" })).toEqual(right);
  });

  it("tells a large file by its beginning", async () => {
    const folder = await mkdtemp(join(tmpdir(), "bettina-content-"));
    try {
      const path = join(folder, "zeros.csv");
      await writeFile(path, "");
      await truncate(path, 3 * 2 ** 30);
      await expect(readInput(path)).rejects.toThrow(/binary data/);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

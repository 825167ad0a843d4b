import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DataFormatError, InputError } from "../../src/errors.js";
import { readBytes } from "../../src/io/bytes.js";
import { decompress, parseIdx } from "../../src/io/idx.js";

const path = "images";
/** Two images of 2 × 3 bytes, as the format's description lays them out. */
const file = Uint8Array.of(
  0,
  0,
  8,
  3,
  0,
  0,
  0,
  2,
  0,
  0,
  0,
  2,
  0,
  0,
  0,
  3,
  ...Array.from({ length: 12 }, (_, i) => 10 * i),
);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "bettina-idx-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("idx", () => {
  it("reads plain and gzip files", async () => {
    for (const bytes of [file, gzipSync(file)]) {
      const { data, shape } = parseIdx(await decompress(bytes, path), { path, dimensions: 3 });
      expect(shape).toEqual([2, 2, 3]);
      expect(Array.from(data)).toEqual([0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110]);
    }
  });

  it.each([
    ["a wrong magic", Buffer.from("PK\x03\x04"), {}, 0, /first four bytes.*got "504b0304"/],
    ["another element type", file.with(2, 13), {}, 2, /^Expected unsigned bytes .*got "32-bit floats"/],
    ["labels instead of images", file, { dimensions: 1 }, 3, /number of dimensions.*got 3.*swapped/],
    ["an empty file", new Uint8Array(0), {}, 0, /cut off/],
    ["a header cut off", file.subarray(0, 12), {}, 12, /header of 16 bytes/],
    ["data cut off", file.subarray(0, 27), {}, 27, /^Expected 12 bytes of data for shape 2 × 2 × 3 .*got 11\./],
    ["trailing bytes", Buffer.concat([file, Buffer.from("ab")]), {}, 28, /got "2 more bytes"/],
  ])("refuses %s with path and offset", (_, bytes, options, offset, message) => {
    expect(() => parseIdx(bytes, { ...options, path })).toThrow(
      expect.objectContaining({ name: "DataFormatError", path, offset, message: expect.stringMatching(message) }),
    );
  });

  it("refuses a truncated and a damaged gzip file", async () => {
    const packed = gzipSync(file);
    await expect(decompress(packed.subarray(0, packed.length - 9), path)).rejects.toMatchObject({
      name: "DataFormatError",
      path,
      offset: packed.length - 9,
      message: expect.stringMatching(/^Expected a whole gzip file for images, got "one cut off at byte \d+"\. Copy or/),
    });
    const damaged = Uint8Array.from(packed);
    damaged[packed.length - 6] ^= 1; // the checksum
    await expect(decompress(damaged, path)).rejects.toThrow(DataFormatError);
  });

  it("names a missing file", async () => {
    const missing = join(folder, "none");
    await expect(readBytes(missing)).rejects.toThrow(InputError);
    await expect(readBytes(missing)).rejects.toThrow(
      /^Expected a readable file for input, got ".*none" \(it does not exist\)\. /,
    );
    await expect(readBytes(folder)).rejects.toThrow(/it is a folder/);
  });
});

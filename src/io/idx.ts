/**
 * IDX files, the format of MNIST (described on the data set's home page): two zero bytes, a type, the number of
 * dimensions, their sizes as big-endian 32-bit integers, then the values. Plain or gzip-compressed.
 */
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { DataFormatError, expected } from "../errors.js";

/** Unsigned bytes with their shape, row by row. */
export interface IdxArray {
  readonly data: Uint8Array;
  readonly shape: readonly number[];
}

/** What is known about an IDX file beforehand. */
export interface IdxOptions {
  /** Name of the file, for messages. */
  readonly path: string;
  /** Number of dimensions the file must have. */
  readonly dimensions?: number;
}

const unsignedByte = 0x08;
const typeNames: Readonly<Record<number, string>> = {
  8: "unsigned bytes",
  9: "signed bytes",
  11: "16-bit integers",
  12: "32-bit integers",
  13: "32-bit floats",
  14: "64-bit floats",
};
const gunzipAsync = promisify(gunzip);

/** Whether bytes begin like a gzip file. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * The content of a gzip file; anything else is returned as it is.
 * @throws DataFormatError for a truncated or damaged gzip file
 */
export async function decompress(bytes: Uint8Array, path: string): Promise<Uint8Array> {
  if (!isGzip(bytes)) return bytes;
  try {
    const content = await gunzipAsync(bytes, { maxOutputLength: 2 ** 31 });
    return new Uint8Array(content.buffer, content.byteOffset, content.byteLength);
  } catch (cause) {
    // Zlib reports an early end of input as Z_BUF_ERROR and any damage as Z_DATA_ERROR.
    const truncated = (cause as NodeJS.ErrnoException).code === "Z_BUF_ERROR";
    throw new DataFormatError(
      expected("a whole gzip file", path, truncated ? `one cut off at byte ${bytes.length}` : "a damaged one"),
      { path, ...(truncated ? { offset: bytes.length } : {}), hint: "Copy or download it again.", cause },
    );
  }
}

/**
 * Decodes an IDX file of unsigned bytes. The result is a view of `bytes`, not a copy.
 * @throws DataFormatError, with path and byte offset (of the uncompressed content), for a wrong magic, type or number of
 *   dimensions, missing bytes, or bytes too many
 */
export function parseIdx(bytes: Uint8Array, options: IdxOptions): IdxArray {
  const { path } = options;
  const fail = (what: string, name: string, got: unknown, offset: number, hint: string): never => {
    throw new DataFormatError(expected(what, `${name} at byte ${offset} of ${path}`, got), { path, offset, hint });
  };
  const cutOff = "The file is cut off: copy or download it again.";
  if (bytes.length < 4) fail("at least 4 bytes", "the file", bytes.length, bytes.length, cutOff);
  const type = bytes[2];
  const dimensions = bytes[3];
  if (bytes[0] !== 0 || bytes[1] !== 0 || !(type in typeNames))
    fail(
      "an IDX magic such as 00000803",
      "the first four bytes",
      Buffer.from(bytes.subarray(0, 4)).toString("hex"),
      0,
      "Check that this is an IDX file.",
    );
  if (type !== unsignedByte)
    fail(typeNames[unsignedByte], "the element type", typeNames[type], 2, "Convert the file to bytes.");
  if (dimensions === 0 || (options.dimensions !== undefined && dimensions !== options.dimensions))
    fail(
      `${options.dimensions ?? "at least 1"}`,
      "the number of dimensions",
      dimensions,
      3,
      "Check that labels and images are not swapped.",
    );
  const start = 4 + 4 * dimensions;
  if (bytes.length < start) fail(`a header of ${start} bytes`, "the file", bytes.length, bytes.length, cutOff);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shape = Array.from({ length: dimensions }, (_, i) => view.getUint32(4 + 4 * i));
  const count = shape.reduce((product, size) => product * size, 1);
  if (bytes.length < start + count)
    fail(
      `${count} bytes of data for shape ${shape.join(" × ")}`,
      "the file",
      bytes.length - start,
      bytes.length,
      cutOff,
    );
  if (bytes.length > start + count)
    fail(
      "the end of the file",
      "the data",
      `${bytes.length - start - count} more bytes`,
      start + count,
      "The header and the data disagree: copy or download it again.",
    );
  return { data: bytes.subarray(start), shape };
}

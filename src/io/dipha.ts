/** DIPHA's distance matrices, by its documented file format. */
import { broken, cutOff } from "./broken.js";
import type { DistancesInput } from "./distances.js";
import { type SquareOptions, square } from "./square.js";

/** DIPHA's other types of files. */
const otherTypes: Readonly<Record<string, string>> = {
  "0": "0 (a weighted boundary matrix)",
  "1": "1 (image data)",
  "2": "2 (a persistence diagram)",
  "8": "8 (a sparse distance matrix)",
};

/**
 * DIPHA's distance matrix: three 64-bit integers - the magic 8067171840, type 7, n - and n² float64, all little-endian.
 */
export function parseDipha(bytes: Uint8Array, options: SquareOptions): DistancesInput {
  const { path } = options;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const header = (at: number): bigint => {
    if (bytes.length < at + 8) throw broken(path, bytes.length, "24 bytes of header", "the file", bytes.length, cutOff);
    return view.getBigInt64(at, true);
  };
  if (header(0) !== 8067171840n)
    throw broken(path, 0, "8067171840", "DIPHA's magic at byte 0", header(0), "Check --format.");
  const type = header(8);
  if (type !== 7n)
    throw broken(
      path,
      8,
      "7 (a distance matrix)",
      "DIPHA's type at byte 8",
      otherTypes[`${type}`] ?? type,
      "Write a distance matrix.",
    );
  const n = Number(header(16));
  if (n < 1) throw broken(path, 16, "at least one point", "the count at byte 16", n, "Write a distance matrix.");
  const size = 24 + 8 * n * n;
  if (bytes.length !== size)
    throw broken(
      path,
      Math.min(size, bytes.length),
      `${size} bytes for ${n} points`,
      "the file",
      bytes.length,
      bytes.length < size ? cutOff : "Keep one matrix per file.",
    );
  const data =
    (bytes.byteOffset + 24) % 8 === 0
      ? new Float64Array(bytes.buffer, bytes.byteOffset + 24, n * n)
      : new Float64Array(new Uint8Array(bytes.subarray(24)).buffer);
  return square(data, [n, n], options, false, (i, j) => ({
    name: `row ${i}, column ${j}`,
    offset: 24 + 8 * (n * i + j),
  }));
}

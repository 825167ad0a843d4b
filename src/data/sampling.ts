/** Choosing images: which rows have a label, and the pixels of chosen rows. */
import { ConfigError, expected } from "../errors.js";
import type { ImageSet } from "./image-set.js";

/** The rows whose label is `label`, in increasing order. */
export function rowsOfClass(labels: Uint8Array, label: number): Uint32Array {
  let count = 0;
  for (const value of labels) if (value === label) count++;
  const rows = new Uint32Array(count);
  let filled = 0;
  for (let row = 0; row < labels.length; row++) if (labels[row] === label) rows[filled++] = row;
  return rows;
}

/**
 * The pixels of the given rows, in the order given (a row may come several times): rows.length × 784 bytes.
 * @throws ConfigError for a row the set does not have
 */
export function takeRows(set: ImageSet, rows: ArrayLike<number>): Uint8Array {
  const size = set.count === 0 ? 0 : set.pixels.length / set.count;
  const pixels = new Uint8Array(rows.length * size);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    if (!Number.isInteger(row) || row < 0 || row >= set.count)
      throw new ConfigError(expected(`a row from 0 to ${set.count - 1}`, `rows[${i}]`, row), {
        hint: "Draw rows from the same set.",
      });
    pixels.set(set.pixels.subarray(row * size, (row + 1) * size), i * size);
  }
  return pixels;
}

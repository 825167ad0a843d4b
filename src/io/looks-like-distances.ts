/** Whether a table that is to be read as points is more likely a matrix of distances. */
import { roundingOf } from "./rounding.js";

/**
 * Whether numbers of shape (n, d) look like a square matrix of distances: as many rows as columns, none negative, symmetric
 * and zero on the diagonal, both to within rounding. Two readings that give the same distances, as one point or points that
 * are all 0, do not count. At most O(n²) time; ends at the first pair of entries that differ.
 * @param data row by row; Infinity is a distance, NaN is none
 */
export function looksLikeDistances(data: ArrayLike<number>, n: number, d: number): boolean {
  if (n !== d || n < 2) return false;
  const { diagonal, mirror } = roundingOf(true);
  let largest = 0;
  for (let i = 1; i < n; i++)
    for (let j = 0; j < i; j++) {
      const below = data[i * n + j];
      const above = data[j * n + i];
      if (!(below >= 0 && above >= 0)) return false;
      if (below === above) {
        if (below > largest && below < Number.POSITIVE_INFINITY) largest = below;
        continue;
      }
      largest = Math.max(largest, below, above);
      if (!(largest < Number.POSITIVE_INFINITY && Math.abs(below - above) <= mirror * largest)) return false;
    }
  if (largest === 0) return false;
  for (let i = 0; i < n; i++) if (!(Math.abs(data[i * n + i]) <= diagonal * largest)) return false;
  return true;
}

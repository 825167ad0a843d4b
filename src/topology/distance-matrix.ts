/** Distance matrices as they come in: checked, rounded to float32 and made square. */
import { expected, InputError } from "../errors.js";
import type { DistanceMatrix } from "./point-cloud.js";

/**
 * All n² distances as float32, row by row. Symmetry is judged after rounding to float32. +Infinity stands for a pair
 * that never becomes an edge.
 * @throws InputError for a wrong number of entries, a negative or NaN entry, an entry off the diagonal that differs
 *   from its mirror image, or a diagonal entry that is not 0; it names row and column
 */
export function toSquareMatrix(input: DistanceMatrix): Float32Array {
  const { distances, n } = input;
  if (!Number.isInteger(n) || n < 1)
    throw new InputError(expected("at least one point", "n", n), { hint: "Pass the number of points." });
  const condensed = (n * (n - 1)) / 2;
  if (distances.length === n * n) return checkSquare(distances, n);
  if (distances.length !== condensed)
    throw new InputError(
      expected(`${n * n} or ${condensed} distances for ${n} points`, "distances", distances.length),
      {
        hint: "Give the full square or the part below the diagonal.",
      },
    );
  const square = new Float32Array(n * n);
  for (let i = 1, at = 0; i < n; i++) {
    for (let j = 0; j < i; j++, at++) {
      const value = Math.fround(distances[at]!);
      if (!(value >= 0)) throw badEntry(i, j, distances[at]!);
      square[i * n + j] = value;
      square[j * n + i] = value;
    }
  }
  return square;
}

function checkSquare(distances: Float32Array | Float64Array, n: number): Float32Array {
  const square = Float32Array.from(distances);
  for (let i = 0; i < n; i++) {
    if (square[i * n + i] !== 0)
      throw new InputError(expected("0", `the distance of point ${i} to itself`, distances[i * n + i]), {
        hint: "The diagonal of a distance matrix is zero.",
      });
    for (let j = 0; j < i; j++) {
      const value = square[i * n + j]!;
      if (!(value >= 0)) throw badEntry(i, j, value);
      if (value !== square[j * n + i])
        throw new InputError(
          expected(
            `the same distance both ways (${distances[i * n + j]})`,
            `row ${j}, column ${i}`,
            distances[j * n + i],
          ),
          { hint: "Make the matrix symmetric." },
        );
    }
  }
  return square;
}

function badEntry(i: number, j: number, value: number): InputError {
  return new InputError(expected("a distance of at least 0", `row ${i}, column ${j}`, value), {
    hint: "Distances are never negative or NaN.",
  });
}

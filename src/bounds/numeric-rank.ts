/**
 * Numeric rank of a matrix: singular values by one-sided Jacobi rotations, counted above a tolerance.
 *
 * A rank counted this way belongs to the matrix with its small singular values set to zero: bounds that use it hold for
 * that truncated network, and for the network itself only where no singular value was discarded as rounding.
 */

import { ConfigError, expected } from "../errors.js";
import { checkFields, type Known } from "../options.js";
import { numberList } from "../shape.js";
import { requireInteger } from "./requirement.js";

/** A numeric rank with the tolerance it was counted by. */
export interface NumericRank {
  readonly rank: number;
  /** Singular values at or below it count as zero: max(rows, columns) · 2^-52 · largest. */
  readonly tolerance: number;
  /** Descending, min(rows, columns) of them. */
  readonly singularValues: Float64Array;
}

/**
 * Numeric rank of a matrix of finite numbers, row by row.
 * Cost about 10 · rows · columns · min(rows, columns).
 */
export function numericRank(matrix: {
  readonly data: ArrayLike<number>;
  readonly rows: number;
  readonly columns: number;
}): NumericRank {
  checkFields(
    matrix,
    { data: true, rows: true, columns: true } satisfies Known<typeof matrix>,
    "what numericRank is given",
  );
  const { data, rows, columns } = matrix;
  numberList(data, "data");
  requireInteger(rows, "rows", 1);
  requireInteger(columns, "columns", 1);
  if (data.length !== rows * columns) {
    throw new ConfigError(expected(`${rows * columns} entries`, "matrix data", data.length), {
      hint: "Give the matrix row by row.",
    });
  }
  const singularValues = singularValuesOf(data, rows, columns);
  const tolerance = Math.max(rows, columns) * Number.EPSILON * singularValues[0]!;
  return { rank: singularValues.filter((value) => value > tolerance).length, tolerance, singularValues };
}

/** Rotates pairs of the shorter side's vectors until all are orthogonal; their lengths are the singular values. */
function singularValuesOf(data: ArrayLike<number>, rows: number, columns: number): Float64Array {
  const count = Math.min(rows, columns);
  const length = Math.max(rows, columns);
  const vectors: Float64Array[] = [];
  for (let i = 0; i < count; i++) {
    const vector = new Float64Array(length);
    for (let j = 0; j < length; j++) vector[j] = rows <= columns ? data[i * columns + j]! : data[j * columns + i]!;
    vectors.push(vector);
  }
  if (vectors.some((vector) => vector.some((value) => !Number.isFinite(value)))) {
    throw new ConfigError(expected("finite numbers", "matrix data", "an infinity or NaN"), {
      hint: "Check the weights.",
    });
  }
  // Vectors far below the tolerance are rounding; rotating them for ever would change nothing.
  const total = vectors.reduce((sum, vector) => sum + squaredLength(vector), 0);
  const negligible = total * (1e-3 * Number.EPSILON) ** 2;
  for (let sweep = 0, rotated = true; rotated && sweep < 60; sweep++) {
    rotated = false;
    for (let i = 0; i < count; i++) {
      for (let j = i + 1; j < count; j++) if (orthogonalise(vectors[i]!, vectors[j]!, negligible)) rotated = true;
    }
  }
  const lengths = vectors.map((vector) => Math.sqrt(squaredLength(vector)));
  return Float64Array.from(lengths).sort().reverse();
}

function squaredLength(vector: Float64Array): number {
  return vector.reduce((sum, value) => sum + value * value, 0);
}

/** Makes two vectors orthogonal by a rotation of their plane; false when they were to rounding. */
function orthogonalise(a: Float64Array, b: Float64Array, negligible: number): boolean {
  let aa = 0;
  let bb = 0;
  let ab = 0;
  for (let i = 0; i < a.length; i++) {
    aa += a[i]! * a[i]!;
    bb += b[i]! * b[i]!;
    ab += a[i]! * b[i]!;
  }
  if (ab === 0 || aa <= negligible || bb <= negligible || Math.abs(ab) <= 1e-15 * Math.sqrt(aa * bb)) return false;
  const zeta = (bb - aa) / (2 * ab);
  const tangent = (zeta >= 0 ? 1 : -1) / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta));
  const cosine = 1 / Math.sqrt(1 + tangent * tangent);
  const sine = cosine * tangent;
  for (let i = 0; i < a.length; i++) {
    const x = a[i]!;
    const y = b[i]!;
    a[i] = cosine * x - sine * y;
    b[i] = sine * x + cosine * y;
  }
  return true;
}

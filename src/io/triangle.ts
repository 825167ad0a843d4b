/**
 * Triangles of distances: below or above the diagonal, with it or without, as text, .npy arrays of one dimension and Ripser's
 * binary files. A triangle with the diagonal of n points has as many numbers as one without of n + 1, so it is told by its
 * zeros and by its lines.
 */
import { broken, cutOff } from "./broken.js";
import { type Arrangement, type NumberList, parseNumbers } from "./csv.js";
import { checked, type DistancesInput } from "./distances.js";
import { looksLikeDistances } from "./looks-like-distances.js";
import { type NpyArray, toFloat } from "./npy.js";
import { roundingOf } from "./rounding.js";
import type { TextOptions } from "./text-layout.js";

/** Which triangle. */
export type TriangleFormat = "lower-distance" | "upper-distance";

/** What a reader of triangles may be told. */
export interface TriangleOptions {
  /** Name of the file, for messages. */
  readonly path: string;
  /**
   * Whether the diagonal is among the numbers. Said, nothing is inferred from zeros and lines.
   * @default with it where each line ends (below the diagonal) or begins (above it) with 0 and not all is 0; refused where
   *   zeros stand at its places but lines tell nothing; else without it
   */
  readonly diagonal?: "with" | "without" | undefined;
}

/** Numbers of a triangle, and how they stood in lines, where there were lines. */
interface Numbers {
  readonly data: Float32Array | Float64Array;
  readonly arrangement?: Arrangement;
}

/** A triangle as text. */
export function triangleOfText(
  bytes: Uint8Array,
  format: TriangleFormat,
  options: TriangleOptions & TextOptions,
): DistancesInput {
  return triangleOfList(parseNumbers(bytes, { ...options, infinity: true }), format, options);
}

/** A triangle of numbers that have been read as a list. */
export function triangleOfList(list: NumberList, format: TriangleFormat, options: TriangleOptions): DistancesInput {
  if (options.diagonal === undefined) checkLines(list, format, options.path);
  const read = triangle(list, format, format, options);
  return { ...read, remarks: [...list.remarks, ...read.remarks] };
}

/** A triangle as a .npy array of one dimension. */
export function triangleOfNpy(array: NpyArray, format: TriangleFormat, options: TriangleOptions): DistancesInput {
  if (array.shape.length !== 1)
    throw broken(
      options.path,
      undefined,
      "an array of one dimension",
      `format ${format}`,
      `shape (${array.shape})`,
      squareHint,
    );
  return triangle({ data: toFloat(array) }, format, format, options);
}

/** Ripser's binary triangle: float32, little-endian, nothing else. */
export function parseBinary(bytes: Uint8Array, options: TriangleOptions): DistancesInput {
  const { path } = options;
  if (bytes.length === 0 || bytes.length % 4 !== 0)
    throw broken(path, bytes.length, "float32 values of 4 bytes each", "the file", `${bytes.length} bytes`, cutOff);
  const data =
    bytes.byteOffset % 4 === 0
      ? new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)
      : new Float32Array(new Uint8Array(bytes).buffer);
  return triangle({ data }, "lower-distance", "binary", options);
}

/** Lines that say that the numbers are something else. */
function checkLines({ data, arrangement }: NumberList, format: TriangleFormat, path: string): void {
  const { rows, columns, growing, shrinking } = arrangement;
  if (rows < 2) return;
  if (format === "lower-distance" ? shrinking : growing)
    throw broken(
      path,
      undefined,
      `lines that ${format === "lower-distance" ? "grow, as below" : "shrink, as above"} the diagonal`,
      `format ${format}`,
      `lines that ${shrinking ? "shrink" : "grow"} by one number`,
      `Say --format ${shrinking ? "upper" : "lower"}-distance, or --diagonal without where line breaks mean nothing.`,
    );
  if (columns === rows && looksLikeDistances(data, rows, rows))
    throw broken(
      path,
      undefined,
      "a triangle",
      `format ${format}`,
      `${rows} lines of ${rows} numbers, symmetric with a diagonal of 0`,
      `Say --format distance for a square matrix of ${rows} points.`,
    );
}

function triangle(
  { data, arrangement }: Numbers,
  format: TriangleFormat,
  name: string,
  { path, diagonal }: TriangleOptions,
): DistancesInput {
  const count = data.length;
  const n = Math.round((1 + Math.sqrt(1 + 8 * count)) / 2);
  if ((n * (n - 1)) / 2 !== count || n < 2)
    throw broken(
      path,
      undefined,
      "n(n-1)/2 distances for some n ≥ 2 points",
      `format ${name}`,
      `${count} numbers`,
      squareHint,
    );
  const values = checkedTriangle(data, path, diagonal === "with" ? format : undefined);
  const found = diagonal === "without" ? undefined : diagonalOf(values, n - 1, format);
  if (diagonal === "with") {
    if (found === undefined && !values.every((value) => value === 0))
      throw broken(
        path,
        undefined,
        "0 at every place of the diagonal",
        `format ${name}`,
        `other numbers among those of ${n - 1} points`,
        "Say --diagonal without.",
      );
    return ordered(withoutDiagonal(values, n - 1, format), n - 1, format, []);
  }
  if (found === undefined) return ordered(values, n, format, []);
  const byLines = arrangement && arrangement.rows > 1 && (arrangement.growing || arrangement.shrinking);
  if (!byLines)
    throw broken(
      path,
      undefined,
      "one meaning",
      `format ${name}`,
      `zeros where the diagonal of ${n - 1} points would be`,
      `Say --diagonal with for ${n - 1} points, --diagonal without for ${n}.`,
    );
  const size = found === 0 ? "0" : `0 or of rounding size (at most ${Number(found.toPrecision(2))})`;
  return ordered(withoutDiagonal(values, n - 1, format), n - 1, format, [
    `every line ${format === "lower-distance" ? "ends" : "begins"} with a number that is ${size}, so the diagonal is there: read as ${n - 1} points, not ${n}`,
  ]);
}

/** Checked as distances; what may be the diagonal also below 0, by rounding. */
function checkedTriangle(
  data: Float32Array | Float64Array,
  path: string,
  withDiagonal: TriangleFormat | undefined,
): Float32Array {
  if (withDiagonal === undefined) return checked(data, path);
  const n = Math.round((Math.sqrt(1 + 8 * data.length) - 1) / 2);
  const values = Float64Array.from(data);
  forDiagonal(n, withDiagonal, (at) => {
    values[at] = Math.abs(values[at]!);
  });
  return checked(values, path);
}

/** Calls with the place of each diagonal entry of a triangle with the diagonal of n points. */
function forDiagonal(n: number, format: TriangleFormat, visit: (at: number) => void): void {
  for (let i = 0; i < n; i++) visit(format === "lower-distance" ? (i * (i + 3)) / 2 : i * n - (i * (i - 1)) / 2);
}

/**
 * The largest number at the places of the diagonal, where all of them are 0 to within rounding and some other number is not;
 * else undefined. Without its diagonal such a triangle would say that each point coincides with the next, and not all do.
 */
function diagonalOf(values: Float32Array, n: number, format: TriangleFormat): number | undefined {
  let most = 0;
  forDiagonal(n, format, (at) => {
    most = Math.max(most, values[at]!);
  });
  let largest = 0;
  for (const value of values) if (value > largest && value < Number.POSITIVE_INFINITY) largest = value;
  const unjoined = values.includes(Number.POSITIVE_INFINITY) && most < Number.POSITIVE_INFINITY;
  if (largest === 0) return unjoined && most === 0 ? 0 : undefined;
  return most <= roundingOf(false).diagonal * largest ? most : undefined;
}

function withoutDiagonal(values: Float32Array, n: number, format: TriangleFormat): Float32Array {
  const rest = new Float32Array((n * (n - 1)) / 2);
  let from = 0;
  let to = 0;
  const copy = (end: number) => {
    rest.set(values.subarray(from, end), to);
    to += end - from;
    from = end + 1;
  };
  forDiagonal(n, format, copy);
  copy(values.length);
  return rest;
}

/** Row by row below the diagonal. */
function ordered(values: Float32Array, n: number, format: TriangleFormat, remarks: readonly string[]): DistancesInput {
  if (format === "lower-distance") return { distances: values, n, remarks };
  const distances = new Float32Array(values.length);
  let next = 0;
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) distances[(j * (j - 1)) / 2 + i] = values[next++]!;
  return { distances, n, remarks };
}

const squareHint = "Say --format point-cloud for points, --format distance for a square matrix.";

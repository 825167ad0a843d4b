/** Square matrices of distances, from text, .npy arrays and DIPHA's files. */
import { broken } from "./broken.js";
import { parseTable, type Table } from "./csv.js";
import { allocate, checkDistance, type DistancesInput } from "./distances.js";
import { type NpyArray, toFloat } from "./npy.js";
import { roundingOf } from "./rounding.js";
import type { TextOptions } from "./text-layout.js";

/** Which of two unlike mirror images counts: the one below the diagonal, the one above, or their mean. */
export type Symmetrisation = "mean" | "lower" | "upper";

/** What a reader of a square matrix may be told. */
export interface SquareOptions {
  /** Name of the file, for messages. */
  readonly path: string;
  /**
   * @default lower, as in Ripser, where all mirror images agree to within rounding (see {@link roundingOf}); else the matrix is
   *   refused
   */
  readonly symmetrise?: Symmetrisation | undefined;
}

/** How to name an entry of a matrix in a message, and its line or byte offset. */
type Place = (row: number, column: number) => { readonly name: string; readonly offset: number | undefined };

/** A square matrix as text. */
export function squareOfText(bytes: Uint8Array, options: SquareOptions & TextOptions): DistancesInput {
  return squareOfTable(parseTable(bytes, { ...options, infinity: true }), options);
}

/** A square matrix of numbers that have been read as a table. */
export function squareOfTable({ data, shape, lines, remarks }: Table, options: SquareOptions): DistancesInput {
  const place: Place = (i, j) => ({ name: `number ${j + 1} of line ${lines[i]}`, offset: lines[i] });
  const read = square(data, shape, options, false, place);
  return { ...read, remarks: [...remarks, ...read.remarks] };
}

/** A square matrix as a .npy array. */
export function squareOfNpy(array: NpyArray, options: SquareOptions): DistancesInput {
  const data = toFloat(array);
  const place: Place = (i, j) => ({ name: `entry [${i}, ${j}]`, offset: undefined });
  return square(data, array.shape, options, data instanceof Float32Array, place);
}

/**
 * The lower triangle of a square matrix, checked against the upper one.
 * @param single whether the numbers were computed in float32
 */
export function square(
  data: Float32Array | Float64Array,
  shape: readonly number[],
  { path, symmetrise }: SquareOptions,
  single: boolean,
  place: Place,
): DistancesInput {
  const n = shape[0] ?? 0;
  if (shape.length !== 2 || shape[1] !== n || n < 1)
    throw broken(
      path,
      undefined,
      "a square matrix",
      "the distances",
      shape.join(" × "),
      "For points say --format point-cloud.",
    );
  const distances = allocate(n, path);
  let largest = 0;
  /** The two mirror images that differ most. */
  let worst = { i: 0, j: 0, difference: 0 };
  // In blocks, so that reading down a column stays in the cache.
  const block = 64;
  for (let iBlock = 0; iBlock < n; iBlock += block)
    for (let jBlock = 0; jBlock <= iBlock; jBlock += block)
      for (let i = iBlock; i < Math.min(n, iBlock + block); i++)
        for (let j = jBlock; j < Math.min(i, jBlock + block); j++) {
          const below = Math.fround(data[i * n + j]!);
          const above = Math.fround(data[j * n + i]!);
          let value = below;
          if (!(below >= 0 && below < Number.POSITIVE_INFINITY && below === above)) {
            const exactBelow = checkedEntry(data, n, i, j, path, place);
            const exactAbove = checkedEntry(data, n, j, i, path, place);
            if (below !== above) {
              const difference = Math.abs(exactBelow - exactAbove);
              if (difference > worst.difference) worst = { i, j, difference };
              if (symmetrise === "upper") value = above;
              else if (symmetrise === "mean") value = Math.fround((exactBelow + exactAbove) / 2);
            }
          }
          if (value > largest && value < Number.POSITIVE_INFINITY) largest = value;
          distances[(i * (i - 1)) / 2 + j] = value + 0; // -0 becomes 0
        }
  const rounding = roundingOf(single);
  const remarks = [
    ...checkDiagonal(data, n, path, rounding.diagonal * largest, place),
    ...checkMirror(data, n, worst, symmetrise, path, rounding.mirror * largest, place),
  ];
  return { distances, n, remarks };
}

function checkedEntry(
  data: Float32Array | Float64Array,
  n: number,
  i: number,
  j: number,
  path: string,
  place: Place,
): number {
  const value = data[i * n + j]!;
  const { name, offset } = place(i, j);
  checkDistance(value, path, name, offset);
  return value;
}

function checkDiagonal(
  data: Float32Array | Float64Array,
  n: number,
  path: string,
  rounding: number,
  place: Place,
): string[] {
  let most = 0;
  for (let i = 0; i < n; i++) {
    const size = Math.abs(data[i * n + i]!);
    if (!(size <= rounding)) {
      const { name, offset } = place(i, i);
      const hint = "The distance of a point to itself is 0; for points say --format point-cloud.";
      throw broken(path, offset, "0 on the diagonal", name, data[i * n + i], hint);
    }
    most = Math.max(most, size);
  }
  return most === 0
    ? []
    : [`the diagonal is not 0 everywhere but at most ${short(most)}, which is taken for rounding and left out`];
}

const counts = { lower: "those below the diagonal count", upper: "those above it count", mean: "their means count" };

function checkMirror(
  data: Float32Array | Float64Array,
  n: number,
  worst: { readonly i: number; readonly j: number; readonly difference: number },
  symmetrise: SquareOptions["symmetrise"],
  path: string,
  rounding: number,
  place: Place,
): string[] {
  const { i, j, difference } = worst;
  if (difference === 0) return [];
  if (symmetrise === undefined && !(difference <= rounding)) {
    const { name, offset } = place(i, j);
    const what = `${data[j * n + i]} as for ${place(j, i).name}`;
    const hint = "Distances are symmetric; say --symmetrise mean, lower or upper to choose which counts.";
    throw broken(path, offset, what, name, data[i * n + j], hint);
  }
  const most = `entries differ from their mirror images by up to ${short(difference)}`;
  return [
    symmetrise === undefined
      ? `${most}, which is taken for rounding: ${counts.lower} (--symmetrise chooses)`
      : `${most}: ${counts[symmetrise]} (--symmetrise ${symmetrise})`,
  ];
}

function short(value: number): string {
  return String(Number(value.toPrecision(2)));
}

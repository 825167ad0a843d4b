/** Point clouds from text, .npy arrays and IDX files. */
import { broken } from "./broken.js";
import { parseTable } from "./csv.js";
import { parseIdx } from "./idx.js";
import { looksLikeDistances } from "./looks-like-distances.js";
import { type NpyArray, toFloat } from "./npy.js";
import type { TextOptions } from "./text-layout.js";

/** n points in d dimensions, one row after the other; every coordinate is finite. */
export interface PointsInput {
  readonly points: {
    /** Bytes and float32 as in the .npy file, everything else in float64. */
    readonly data: Uint8Array | Float32Array | Float64Array;
    /** [n, d], both at least 1 */
    readonly shape: readonly [number, number];
  };
  /** What was done with the file that the user should know, a clause each. */
  readonly remarks: readonly string[];
}

/** What a reader of points may be told. */
export interface PointsOptions {
  /** Name of the file, for messages. */
  readonly path: string;
  /** Arrays of any shape (n, ...): each of the n parts is one point. @default only shape (n, d) */
  readonly flatten?: boolean | undefined;
  /** Whether the user has said that these are points, so that no doubt need be told. */
  readonly certain: boolean;
}

/** Points as text, one a row. */
export function pointsOfText(bytes: Uint8Array, options: PointsOptions & TextOptions): PointsInput {
  const { data, shape, lines, remarks } = parseTable(bytes, options);
  const doubts = options.certain
    ? []
    : [...doubtsOf(data, shape), ...headingDoubts(data, shape, lines, options), ...pairDoubts(data, shape)];
  return { points: { data, shape }, remarks: [...remarks, ...doubts] };
}

/** Points as an array of shape (n, d), or any shape of two sizes or more that is flattened. */
export function pointsOfNpy(array: NpyArray, { path, flatten, certain }: PointsOptions): PointsInput {
  const shape = flattened(array.shape, flatten);
  const [n = 0, d = 0] = shape;
  if (shape.length !== 2 || n < 1 || d < 1)
    throw broken(
      path,
      undefined,
      "shape (n, d) with n, d ≥ 1",
      "the array",
      `shape (${array.shape})`,
      array.shape.length === 1
        ? "One row per point: array.reshape(n, d). For points on a line say --flatten; for the distances of SciPy's pdist --format upper-distance."
        : array.shape.length > 2 && !array.shape.includes(0)
          ? `Say --flatten for ${array.shape[0]} points of ${product(array.shape.slice(1))} coordinates.`
          : "One row per point: array.reshape(n, d).",
    );
  const data = array.data instanceof Uint8Array ? array.data : toFloat(array);
  for (let i = 0; i < data.length; i++)
    if (!Number.isFinite(data[i])) {
      const name = `coordinate ${i % d} of point ${Math.floor(i / d)}`;
      throw broken(path, undefined, "a finite number", name, data[i], "Remove or repair the point.");
    }
  return { points: { data, shape: [n, d] }, remarks: certain ? [] : doubtsOf(data, [n, d]) };
}

/** An IDX file of pictures, each of which is one point. */
export function pointsOfIdx(bytes: Uint8Array, { path }: PointsOptions): PointsInput {
  const { data, shape } = parseIdx(bytes, { path });
  const [n = 0, d = 0] = flattened(shape, true);
  if (n < 1 || d < 1 || shape.length === 1)
    throw broken(
      path,
      4,
      "pictures (an array of 2 sizes or more)",
      "the IDX file",
      `shape (${shape})`,
      "Are these labels?",
    );
  return {
    points: { data, shape: [n, d] },
    remarks: [`${n} pictures of ${shape.slice(1).join(" × ")} bytes, read as points with coordinates from 0 to 255`],
  };
}

function flattened(shape: readonly number[], flatten: boolean | undefined): readonly number[] {
  return flatten && shape.length > 0 && shape.length !== 2 ? [shape[0]!, product(shape.slice(1))] : shape;
}

function product(sizes: readonly number[]): number {
  return sizes.reduce((all, size) => all * size, 1);
}

/** What else points might be. */
function doubtsOf(data: ArrayLike<number>, [n, d]: readonly [number, number]): string[] {
  if (looksLikeDistances(data, n, d))
    return [
      `read as ${n} points in ${d} dimensions, but symmetric with a diagonal of 0: for a matrix of distances say --format distance (for points --format point-cloud)`,
    ];
  if (n === 1 && d > 1)
    return [`read as one point in ${d} dimensions: points stand in rows, one number a row for points on a line`];
  return [];
}

/** A heading or a column that only counts, as data frames write them. */
function headingDoubts(
  data: Float64Array,
  [n, d]: readonly [number, number],
  lines: Uint32Array,
  { header, labels, columns }: TextOptions,
): string[] {
  const doubts: string[] = [];
  if (!header && d > 3 && n > 1 && counts(d, (k) => data[k]!))
    doubts.push(
      `line ${lines[0]} counts its columns and was read as a point: if it is a heading say --header, if not --format point-cloud`,
    );
  const from = header || !counts(d, (k) => data[k]!) ? 0 : 1;
  if (
    labels === undefined &&
    columns === undefined &&
    d > 1 &&
    n - from > 3 &&
    counts(n - from, (i) => data[(i + from) * d]!)
  )
    doubts.push(
      "the first column counts the rows and was read as a coordinate: if it is an index say --labels 1, if not --format point-cloud",
    );
  return doubts;
}

/** Whether numbers are 0, 1, 2, ... or 1, 2, 3, ... */
function counts(length: number, at: (i: number) => number): boolean {
  const first = at(0);
  if (first !== 0 && first !== 1) return false;
  for (let i = 1; i < length; i++) if (at(i) !== first + i) return false;
  return true;
}

/** Rows that may be pairs of points with their distance: i < j throughout (or j < i), and every point is mentioned. */
function pairDoubts(data: Float64Array, [n, d]: readonly [number, number]): string[] {
  if (d !== 3 || n < 3) return [];
  const seen = new Uint8Array(2 * n + 2);
  const sign = Math.sign(data[1]! - data[0]!);
  let last = 0;
  for (let row = 0; row < n; row++) {
    const [i, j, value] = [data[3 * row]!, data[3 * row + 1]!, data[3 * row + 2]!];
    const whole = Number.isInteger(i) && Number.isInteger(j) && i >= 0 && j >= 0 && i < seen.length && j < seen.length;
    if (!whole || Math.sign(j - i) !== sign || sign === 0 || !(value >= 0)) return [];
    seen[i] = 1;
    seen[j] = 1;
    last = Math.max(last, i, j);
  }
  for (let i = 1; i <= last; i++) if (!seen[i]) return [];
  return [
    "read as points in 3 dimensions, but the first two columns may number pairs of points: for `i j distance` say --format sparse (for points --format point-cloud)",
  ];
}

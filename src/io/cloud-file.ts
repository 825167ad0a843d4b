/** Point clouds and distance matrices in the file formats of the field. */
import { readBytes, standardInput } from "./bytes.js";
import { parseTable } from "./csv.js";
import {
  broken,
  type DistancesInput,
  parseBinary,
  parseDipha,
  parseSparse,
  squareOfNpy,
  squareOfText,
  triangle,
} from "./distance-file.js";
import { isNpy, type NpyArray, parseNpy, toFloat } from "./npy.js";

export type { DistancesInput } from "./distance-file.js";

/**
 * Formats of input.
 * - `point-cloud`: one point per row, as text (see {@link parseTable}) or a .npy array of shape (n, d).
 * - `distance`: a square matrix, as text or .npy; symmetric, with a zero diagonal.
 * - `lower-distance`, `upper-distance`: the triangle below or above the diagonal, without it, row by row, as text or as a
 *   .npy array of one dimension. Line breaks carry no meaning. (SciPy's pdist gives the upper triangle.)
 * - `sparse`: text, one `i j distance` per line, points counted from 0, in either order; a pair not listed is infinitely
 *   far apart. The number of points is one more than the largest index.
 * - `dipha`: DIPHA's binary distance matrix.
 * - `binary`: Ripser's binary triangle below the diagonal: float32, little-endian, nothing else.
 */
export const inputFormats = [
  "point-cloud",
  "distance",
  "lower-distance",
  "upper-distance",
  "sparse",
  "dipha",
  "binary",
] as const;

/** Name of a format of input. */
export type InputFormat = (typeof inputFormats)[number];

/** n points in d dimensions, one row after the other; every coordinate is finite. */
export interface PointsInput {
  readonly points: {
    /** Bytes and float32 as in the .npy file, everything else in float64. */
    readonly data: Uint8Array | Float32Array | Float64Array;
    /** [n, d], both at least 1 */
    readonly shape: readonly [number, number];
  };
}

/** Options of {@link readInput}. */
export interface ReadInputOptions {
  /** @default by the name, see {@link formatOfName} */
  readonly format?: InputFormat;
  readonly signal?: AbortSignal;
}

const endings: readonly (readonly [RegExp, InputFormat])[] = [
  [/[._-]lower[._-]?(distance[._-]matrix|distance|triangular)(\.(csv|tsv|txt|dat|npy))?$/i, "lower-distance"],
  [/[._-]upper[._-]?(distance[._-]matrix|distance|triangular)(\.(csv|tsv|txt|dat|npy))?$/i, "upper-distance"],
  [/[._-]distance[._-]matrix(\.(csv|tsv|txt|dat|npy))?$/i, "distance"],
  [/\.(npy|csv|tsv|txt|xyz|pts|dat|point_cloud)$/i, "point-cloud"],
  [/\.(sparse|coo|spwt)$/i, "sparse"],
  [/\.(dipha|complex)$/i, "dipha"],
  [/\.(bin|binary)$/i, "binary"],
];

const reshape = "One row per point: array.reshape(n, d).";

/**
 * The format assumed for a file when none is named: by the end of its name,
 * - `.npy`, `.csv`, `.tsv`, `.txt`, `.xyz`, `.pts`, `.dat`, `.point_cloud`: `point-cloud`;
 * - `.distance_matrix`, `.lower_distance_matrix`, `.upper_distance_matrix` (as Ripser's examples are called, also before
 *   another ending): `distance`, `lower-distance`, `upper-distance`;
 * - `.sparse`, `.coo`, `.spwt`: `sparse`; `.dipha`, `.complex`: `dipha`; `.bin`, `.binary`: `binary`;
 * - anything else, and standard input: `lower-distance`, as in Ripser.
 */
export function formatOfName(path: string): InputFormat {
  return endings.find(([pattern]) => pattern.test(path))?.[1] ?? "lower-distance";
}

/**
 * Reads points or distances from a file, or from standard input for "-". A .npy array is recognised by its first bytes
 * wherever text is expected. Linear in the size of the file, except `sparse`, which fills all n(n-1)/2 distances.
 * @throws InputError for a file that cannot be read
 * @throws DataFormatError, with path and line or byte offset, for content that breaks the format
 * @throws MemoryLimitError when the distances would not fit in memory
 */
export async function readInput(path: string, options: ReadInputOptions = {}): Promise<PointsInput | DistancesInput> {
  const format = options.format ?? formatOfName(path);
  const bytes = await readBytes(path, options);
  return parseInput(bytes, { path: path === "-" ? standardInput : path, format });
}

/**
 * Decodes points or distances; {@link readInput} without the file.
 * @param options.path name of the input, for messages
 */
export function parseInput(
  bytes: Uint8Array,
  options: { readonly path: string; readonly format: InputFormat },
): PointsInput | DistancesInput {
  const { path, format } = options;
  if (format === "dipha") return parseDipha(bytes, path);
  if (format === "binary") return parseBinary(bytes, path);
  const array = isNpy(bytes) ? parseNpy(bytes, options) : undefined;
  if (array === undefined) refuseOtherContainers(bytes, path);
  switch (format) {
    case "point-cloud":
      return { points: array ? pointsOfNpy(array, path) : pointsOfText(bytes, path) };
    case "distance":
      return array ? squareOfNpy(array, path) : squareOfText(bytes, path);
    case "lower-distance":
    case "upper-distance":
      return triangle(bytes, array, format, path);
    case "sparse":
      if (array) throw broken(path, undefined, "text with `i j distance` per line", "the content", "a .npy array", "");
      return parseSparse(bytes, path);
  }
}

function pointsOfText(bytes: Uint8Array, path: string): PointsInput["points"] {
  const { data, shape } = parseTable(bytes, { path });
  return { data, shape };
}

function pointsOfNpy(array: NpyArray, path: string): PointsInput["points"] {
  const [n, d] = array.shape;
  if (array.shape.length !== 2 || n < 1 || d < 1)
    throw broken(path, undefined, "shape (n, d) with n, d ≥ 1", "the array", `shape (${array.shape})`, reshape);
  const data = array.data instanceof Uint8Array ? array.data : toFloat(array);
  for (let i = 0; i < data.length; i++)
    if (!Number.isFinite(data[i])) {
      const name = `coordinate ${i % d} of point ${Math.floor(i / d)}`;
      throw broken(path, undefined, "a finite number", name, data[i], "Remove or repair the point.");
    }
  return { data, shape: [n, d] };
}

/** A clear word for files that are neither text nor .npy, instead of complaints about their first bytes. */
function refuseOtherContainers(bytes: Uint8Array, path: string): void {
  const name =
    bytes[0] === 0x1f && bytes[1] === 0x8b
      ? "a gzip file"
      : bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3
        ? "a zip file (.npz?)"
        : (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)
          ? "text in UTF-16"
          : undefined;
  if (name !== undefined)
    throw broken(path, 0, "text or a .npy array", "the content", name, "Unpack or convert it first.");
}

/** The formats of input, and what names of files say about them. */

/**
 * Formats of input.
 * - `point-cloud`: one point per row, as text (see {@link parseTable}), a .npy array of shape (n, d), pictures in an IDX file,
 *   or the vertices of an OFF file.
 * - `distance`: a square matrix, as text or .npy; symmetric, with a zero diagonal, both to within rounding.
 * - `lower-distance`, `upper-distance`: the triangle below or above the diagonal, row by row, as text or as a .npy array of
 *   one dimension, without the diagonal unless zeros and lines show that it is there. (SciPy's pdist gives the upper triangle.)
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

const endings: readonly (readonly [RegExp, InputFormat])[] = [
  [/[._-]lower[._-]?(distance[._-]matrix|distance|triangular)(\.(csv|tsv|txt|dat|npy|npz))?$/i, "lower-distance"],
  [/[._-]upper[._-]?(distance[._-]matrix|distance|triangular)(\.(csv|tsv|txt|dat|npy|npz))?$/i, "upper-distance"],
  [/[._-]distance[._-]matrix(\.(csv|tsv|txt|dat|npy|npz))?$/i, "distance"],
  [/\.(npy|npz|csv|tsv|txt|xyz|pts|dat|off|point_cloud)$/i, "point-cloud"],
  [/\.(sparse|spdist|coo|spwt)$/i, "sparse"],
  [/\.(dipha|complex)$/i, "dipha"],
  [/\.(bin|binary)$/i, "binary"],
];

/**
 * The format a file's name means, by its end:
 * - `.npy`, `.npz`, `.csv`, `.tsv`, `.txt`, `.xyz`, `.pts`, `.dat`, `.off`, `.point_cloud`: `point-cloud`;
 * - `.distance_matrix`, `.lower_distance_matrix`, `.upper_distance_matrix` (as Ripser's examples are called, also before
 *   another ending): `distance`, `lower-distance`, `upper-distance`;
 * - `.sparse`, `.spdist`, `.coo`, `.spwt`: `sparse`; `.dipha`, `.complex`: `dipha`; `.bin`, `.binary`: `binary`;
 * - anything else, and standard input: undefined.
 */
export function formatOfName(path: string): InputFormat | undefined {
  return endings.find(([pattern]) => pattern.test(path))?.[1];
}

/** Numbers in text of which neither the name nor the user says what they are: their lines may. */
import { broken } from "./broken.js";
import { parseNumbers } from "./csv.js";
import type { DistancesInput } from "./distances.js";
import { looksLikeDistances } from "./looks-like-distances.js";
import { type SquareOptions, squareOfText } from "./square.js";
import type { TextOptions } from "./text-layout.js";
import { type TriangleOptions, triangleOfList } from "./triangle.js";

/**
 * Distances, where the lines show which: a square that is symmetric with a diagonal of 0 is a matrix, lines that grow by one
 * number are the triangle below the diagonal, lines that shrink by one the triangle above; numbers on one line, or on lines
 * of any lengths, are the triangle below the diagonal, as in Ripser. A remark says what was inferred.
 * @throws DataFormatError, which names the meanings, for a table or a column: these may be points
 */
export function textOfUnknownFormat(
  bytes: Uint8Array,
  options: SquareOptions & TriangleOptions & TextOptions,
): DistancesInput {
  const { path } = options;
  const list = parseNumbers(bytes, { ...options, infinity: true });
  const { rows, columns, growing, shrinking } = list.arrangement;
  if (rows > 1 && columns !== undefined) {
    if (columns === rows && looksLikeDistances(list.data, rows, rows))
      return withRemark(
        squareOfText(bytes, options),
        `${rows} lines of ${rows} numbers, symmetric with a diagonal of 0: read as --format distance`,
      );
    const got = columns === 1 ? `${rows} lines of one number` : `${rows} lines of ${columns} numbers`;
    throw broken(path, undefined, "one meaning", "the content", got, meanings(rows, columns));
  }
  const upper = rows > 1 && shrinking;
  const read = triangleOfList(list, upper ? "upper-distance" : "lower-distance", options);
  if (upper) return withRemark(read, "lines that shrink by one number: read as --format upper-distance");
  // The triangles of three points are the same, and lines that grow tell.
  if ((rows > 1 && growing) || read.n <= 3) return read;
  return withRemark(
    read,
    `numbers whose lines tell nothing: read as --format lower-distance of ${read.n} points, as in Ripser`,
  );
}

/** What rows of equally many numbers might be, and how to say it. */
function meanings(rows: number, columns: number): string {
  const count = rows * columns;
  const n = Math.round((1 + Math.sqrt(1 + 8 * count)) / 2);
  const possible = [
    `point-cloud for ${rows} points in ${columns} dimension${columns === 1 ? "" : "s"}`,
    ...(rows === columns ? ["distance for a square matrix"] : []),
    ...((n * (n - 1)) / 2 === count ? [`lower-distance for the distances of ${n} points`] : []),
    ...(columns === 3 ? ["sparse for pairs with their distance"] : []),
  ];
  return `Say --format ${possible.join(", or ")}.`;
}

function withRemark(read: DistancesInput, remark: string): DistancesInput {
  return { ...read, remarks: [...read.remarks, remark] };
}

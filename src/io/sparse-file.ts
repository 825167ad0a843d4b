/** Lists of pairs of points with their distances, as text. */
import { broken } from "./broken.js";
import { parseTable } from "./csv.js";
import { allocate, checkDistance, type DistancesInput } from "./distances.js";
import { roundingOf } from "./rounding.js";
import type { TextOptions } from "./text-layout.js";

/**
 * Triplets `i j distance`.
 * @param memoryLimit most bytes for all n(n-1)/2 distances
 */
export function parseSparse(bytes: Uint8Array, options: TextOptions, memoryLimit?: number): DistancesInput {
  const { path } = options;
  const { data, shape, lines, remarks } = parseTable(bytes, { ...options, infinity: true });
  const [rows, columns] = shape;
  if (columns !== 3)
    throw broken(
      path,
      lines[0],
      "`i j distance` with 3 numbers",
      `line ${lines[0]}`,
      `${columns} numbers`,
      "Check --format.",
    );
  const { n, first } = indices(data, lines, path);
  let largest = 0;
  for (let row = 0; row < rows; row++) {
    const value = data[3 * row + 2]!;
    checkDistance(value, path, `line ${lines[row]}`, lines[row]);
    if (value > largest && value < Number.POSITIVE_INFINITY) largest = value;
  }
  const distances = allocate(n, path, memoryLimit).fill(notListed);
  for (let row = 0; row < rows; row++) {
    const i = Math.max(data[3 * row]!, data[3 * row + 1]!);
    const j = Math.min(data[3 * row]!, data[3 * row + 1]!);
    const value = data[3 * row + 2]!;
    const line = `line ${lines[row]}`;
    if (i === j) {
      if (value > roundingOf(false).diagonal * largest)
        throw broken(
          path,
          lines[row],
          "0",
          `the distance of point ${i} to itself in ${line}`,
          value,
          "Leave the line out.",
        );
      continue;
    }
    const at = (i * (i - 1)) / 2 + j;
    const rounded = Math.fround(value);
    if (distances[at] !== notListed && distances[at] !== rounded)
      throw broken(
        path,
        lines[row],
        `${distances[at]} as given before`,
        `the distance of points ${j} and ${i} in ${line}`,
        value,
        "Give every pair once.",
      );
    distances[at] = rounded + 0;
  }
  for (let at = 0; at < distances.length; at++)
    if (distances[at] === notListed) distances[at] = Number.POSITIVE_INFINITY;
  const lonely =
    first > 0
      ? [
          `no line mentions point 0, so it is isolated: points are counted from 0 (subtract 1 where they were counted from 1)`,
        ]
      : [];
  return { distances, n, remarks: [...remarks, ...lonely] };
}

/** Marks a pair that no line has given so far. */
const notListed = -1;

/** The number of points, and the first one that is mentioned. */
function indices(data: Float64Array, lines: Uint32Array, path: string): { readonly n: number; readonly first: number } {
  let last = 0;
  let first = Number.POSITIVE_INFINITY;
  for (let row = 0; row < lines.length; row++)
    for (let k = 0; k < 2; k++) {
      const index = data[3 * row + k]!;
      if (!Number.isSafeInteger(index) || index < 0)
        throw broken(
          path,
          lines[row],
          "an index counted from 0",
          `${k === 0 ? "i" : "j"} in line ${lines[row]}`,
          index,
          "Write `i j distance`.",
        );
      if (index > last) last = index;
      if (index < first) first = index;
    }
  return { n: last + 1, first };
}

/** Distance matrices in the file formats of the field: square, triangles, triplets, DIPHA's and Ripser's binaries. */
import { DataFormatError, expected, type InputError, MemoryLimitError } from "../errors.js";
import { parseNumbers, parseTable } from "./csv.js";
import { type NpyArray, toFloat } from "./npy.js";

/** The distances of n points, in float32. */
export interface DistancesInput {
  /**
   * The n(n-1)/2 distances below the diagonal, row by row: (1,0), (2,0), (2,1), ... None is negative; Infinity means that
   * the pair is never joined.
   */
  readonly distances: Float32Array;
  readonly n: number;
}

/** How to name a row of a matrix in a message, and its line or byte offset. */
type Place = (row: number) => { readonly name: string; readonly offset: number | undefined };

/** A square matrix as text. */
export function squareOfText(bytes: Uint8Array, path: string): DistancesInput {
  const { data, shape, lines } = parseTable(bytes, { path });
  return square(data, shape, path, (row) => ({ name: `line ${lines[row]}`, offset: lines[row] }));
}

/** A square matrix as a .npy array. */
export function squareOfNpy(array: NpyArray, path: string): DistancesInput {
  return square(toFloat(array), array.shape, path, (row) => ({ name: `row ${row}`, offset: undefined }));
}

/** The lower triangle of a square matrix, checked against the upper one. */
function square(
  data: Float32Array | Float64Array,
  shape: readonly number[],
  path: string,
  place: Place,
): DistancesInput {
  const [n] = shape;
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
  for (let i = 0; i < n; i++)
    if (data[i * n + i] !== 0) {
      const { name, offset } = place(i);
      const hint = "The distance of a point to itself is 0.";
      throw broken(path, offset, "0 on the diagonal", `column ${i} of ${name}`, data[i * n + i], hint);
    }
  // In blocks, so that reading down a column stays in the cache.
  const block = 64;
  for (let iBlock = 0; iBlock < n; iBlock += block)
    for (let jBlock = 0; jBlock <= iBlock; jBlock += block)
      for (let i = iBlock; i < Math.min(n, iBlock + block); i++)
        for (let j = jBlock; j < Math.min(i, jBlock + block); j++) {
          const below = Math.fround(data[i * n + j]);
          const above = Math.fround(data[j * n + i]);
          if (!(below >= 0 && below < Number.POSITIVE_INFINITY && below === above))
            checkPair(data, n, i, j, path, place);
          distances[(i * (i - 1)) / 2 + j] = below + 0; // -0 becomes 0
        }
  return { distances, n };
}

/** The slow, exact words about entries (i, j) and (j, i); passes where both are infinite. */
function checkPair(
  data: Float32Array | Float64Array,
  n: number,
  i: number,
  j: number,
  path: string,
  place: Place,
): void {
  const below = data[i * n + j];
  const above = data[j * n + i];
  checkDistance(below, path, `column ${j} of ${place(i).name}`, place(i).offset);
  checkDistance(above, path, `column ${i} of ${place(j).name}`, place(j).offset);
  if (Math.fround(below) !== Math.fround(above)) {
    const { name, offset } = place(i);
    const what = `${above} as in column ${i} of ${place(j).name}`;
    throw broken(path, offset, what, `column ${j} of ${name}`, below, "Distances are symmetric.");
  }
}

/** The triangle below or above the diagonal, as text or as a .npy array of one dimension. */
export function triangle(
  bytes: Uint8Array,
  array: NpyArray | undefined,
  format: "lower-distance" | "upper-distance",
  path: string,
): DistancesInput {
  let data: Float32Array | Float64Array;
  if (array) {
    if (array.shape.length !== 1)
      throw broken(
        path,
        undefined,
        "an array of one dimension",
        `format ${format}`,
        `shape (${array.shape})`,
        squareHint,
      );
    data = toFloat(array);
  } else {
    data = parseNumbers(bytes, { path }).data;
  }
  const n = pointsOfTriangle(data.length, path, format);
  const values = checked(data, path);
  if (format === "lower-distance") return { distances: values, n };
  const distances = new Float32Array(values.length);
  let next = 0;
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) distances[(j * (j - 1)) / 2 + i] = values[next++];
  return { distances, n };
}

const squareHint = "Say --format point-cloud for points, --format distance for a square matrix.";

/**
 * DIPHA's distance matrix (its documented file format): three 64-bit integers - the magic 8067171840, type 7, n - and
 * n² float64, all little-endian.
 */
export function parseDipha(bytes: Uint8Array, path: string): DistancesInput {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const header = (at: number): bigint => {
    if (bytes.length < at + 8) throw broken(path, bytes.length, "24 bytes of header", "the file", bytes.length, cutOff);
    return view.getBigInt64(at, true);
  };
  if (header(0) !== 8067171840n)
    throw broken(path, 0, "8067171840", "DIPHA's magic at byte 0", header(0), "Check --format.");
  if (header(8) !== 7n)
    throw broken(path, 8, "7 (a distance matrix)", "DIPHA's type at byte 8", header(8), "Write a distance matrix.");
  const n = Number(header(16));
  if (n < 1) throw broken(path, 16, "at least one point", "the count at byte 16", n, "Write a distance matrix.");
  const size = 24 + 8 * n * n;
  if (bytes.length !== size)
    throw broken(
      path,
      Math.min(size, bytes.length),
      `${size} bytes for ${n} points`,
      "the file",
      bytes.length,
      bytes.length < size ? cutOff : "Keep one matrix per file.",
    );
  const data =
    (bytes.byteOffset + 24) % 8 === 0
      ? new Float64Array(bytes.buffer, bytes.byteOffset + 24, n * n)
      : new Float64Array(bytes.slice(24).buffer);
  return square(data, [n, n], path, (row) => ({ name: `row ${row}`, offset: 24 + 8 * n * row }));
}

/** Ripser's binary triangle. */
export function parseBinary(bytes: Uint8Array, path: string): DistancesInput {
  if (bytes.length === 0 || bytes.length % 4 !== 0)
    throw broken(path, bytes.length, "float32 values of 4 bytes each", "the file", `${bytes.length} bytes`, cutOff);
  const data =
    bytes.byteOffset % 4 === 0
      ? new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)
      : new Float32Array(bytes.slice().buffer);
  const n = pointsOfTriangle(data.length, path, "binary");
  return { distances: checked(data, path), n };
}

/** Triplets `i j distance`. */
export function parseSparse(bytes: Uint8Array, path: string): DistancesInput {
  const { data, shape, lines } = parseTable(bytes, { path });
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
  let last = 0;
  for (let row = 0; row < rows; row++)
    for (let k = 0; k < 2; k++) {
      const index = data[3 * row + k];
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
    }
  const n = last + 1;
  const distances = allocate(n, path).fill(Number.POSITIVE_INFINITY);
  for (let row = 0; row < rows; row++) {
    const i = Math.max(data[3 * row], data[3 * row + 1]);
    const j = Math.min(data[3 * row], data[3 * row + 1]);
    const value = data[3 * row + 2];
    const line = `line ${lines[row]}`;
    checkDistance(value, path, line, lines[row]);
    if (i === j) {
      if (value !== 0)
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
    if (distances[at] !== Number.POSITIVE_INFINITY && distances[at] !== rounded)
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
  return { distances, n };
}

/** n with n(n-1)/2 = count. */
function pointsOfTriangle(count: number, path: string, format: string): number {
  const n = Math.round((1 + Math.sqrt(1 + 8 * count)) / 2);
  if ((n * (n - 1)) / 2 !== count || n < 2)
    throw broken(
      path,
      undefined,
      "n(n-1)/2 distances for some n ≥ 2 points",
      `format ${format}`,
      `${count} numbers`,
      squareHint,
    );
  return n;
}

const largest = 3.4028234663852886e38;

/** The same values in float32, each checked. */
function checked(data: Float32Array | Float64Array, path: string): Float32Array {
  let negativeZero = false;
  for (let i = 0; i < data.length; i++) {
    const value = data[i];
    if (!(value > 0 && value <= largest)) {
      checkDistance(value, path, `number ${i + 1}`, undefined);
      if (Object.is(value, -0)) negativeZero = true;
    }
  }
  return data instanceof Float32Array && !negativeZero ? data : Float32Array.from(data, (value) => value + 0);
}

function checkDistance(value: number, path: string, name: string, offset: number | undefined): void {
  if (!(value >= 0)) throw broken(path, offset, "a distance of at least 0", name, value, "Repair or remove it.");
  if (value > largest && value !== Number.POSITIVE_INFINITY)
    throw broken(path, offset, "a distance within float32 (below 3.4e38)", name, value, "Rescale the data.");
}

function allocate(n: number, path: string): Float32Array {
  const length = (n * (n - 1)) / 2;
  const fail = (what: string, cause?: unknown): never => {
    throw new MemoryLimitError(expected(what, path, `${n} points`), {
      hint: "Use fewer points; indices count from 0 without gaps.",
      cause,
    });
  };
  if (4 * length > 2 ** 32) fail("distances of at most 4 GiB, what WebAssembly can hold,");
  try {
    return new Float32Array(length);
  } catch (cause) {
    return fail("distances that fit in memory", cause);
  }
}

const cutOff = "The file is cut off: copy it again.";

/** A DataFormatError about `name` of the file `path`. */
export function broken(
  path: string,
  offset: number | undefined,
  what: string,
  name: string,
  got: unknown,
  hint: string,
): InputError {
  return new DataFormatError(expected(what, `${name} of ${path}`, got), {
    path,
    ...(offset === undefined ? {} : { offset }),
    hint,
  });
}

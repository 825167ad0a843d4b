/** The same points or distances as files in every format, and as every input of the API; laid out at random. */
import { parseInput } from "../../src/io/cloud-file.js";
import type { InputFormat } from "../../src/io/format-name.js";
import { formatNpy } from "../../src/io/npy.js";
import type { Random } from "../../src/random.js";
import type { PersistenceInput } from "../../src/topology/point-cloud.js";

/** An input, not read yet. */
export interface Encoded {
  /** Name of the way, for statistics and messages. */
  readonly name: string;
  /** Points it holds. */
  readonly n: number;
  /** Reads it. */
  readonly open: () => PersistenceInput;
}

/** Points with integer coordinates. */
export function encodePoints(random: Random, points: readonly (readonly number[])[]): Encoded {
  const n = points.length;
  const shape = [n, points[0]!.length] as const;
  const flat = points.flat();
  switch (random.integer(6)) {
    case 0:
      return file("point-cloud", "text", n, Buffer.from(text(random, points)));
    case 1:
      return file("point-cloud", "npy", n, formatNpy(Float32Array.from(flat), [...shape]));
    case 2:
      return { name: "rows", n, open: () => points };
    case 3:
      return { name: "bytes", n, open: () => ({ data: Uint8Array.from(flat), shape }) };
    case 4:
      return { name: "float32", n, open: () => ({ data: Float32Array.from(flat), shape }) };
    default:
      return { name: "float64", n, open: () => ({ data: Float64Array.from(flat), shape }) };
  }
}

/** A square matrix of distances. Text cannot say Infinity, except a sparse one by silence. */
export function encodeMatrix(random: Random, matrix: Float32Array, n: number): Encoded {
  const rows = Array.from({ length: n }, (_, i) => Array.from(matrix.subarray(i * n, (i + 1) * n)));
  const lower = rows.flatMap((row, i) => row.slice(0, i));
  const upper = rows.flatMap((row, i) => row.slice(i + 1));
  const finite = lower.every(Number.isFinite);
  const squareText = () => file("distance", "text", n, Buffer.from(text(random, rows)));
  const signed = matrix.map((value) => (value === 0 && random.integer(2) ? -0 : value));
  const ways: (() => Encoded)[] = [
    () => ({ name: "square float32", n, open: () => ({ distances: signed, n }) }),
    () => ({ name: "square float64", n, open: () => ({ distances: Float64Array.from(signed), n }) }),
    () => ({ name: "condensed float32", n, open: () => ({ distances: Float32Array.from(lower, minusZero), n }) }),
    () => ({ name: "condensed float64", n, open: () => ({ distances: Float64Array.from(lower), n }) }),
    () => file("dipha", "", n, dipha(n, matrix)),
    () => file("distance", "npy", n, formatNpy(Float64Array.from(matrix), [n, n])),
  ];
  if (n === 0 && random.integer(2) === 0) return squareText();
  if (finite && n > 0) ways.push(squareText);
  // A triangle of no numbers could be one point or none, so one point is never given that way.
  if (n > 1) {
    ways.push(() => file("binary", "", n, Buffer.from(Float32Array.from(lower).buffer)));
    ways.push(() => file("lower-distance", "npy", n, formatNpy(Float32Array.from(lower), [lower.length])));
    ways.push(() => file("upper-distance", "npy", n, formatNpy(Float32Array.from(upper), [upper.length])));
    if (finite) {
      ways.push(() => file("lower-distance", "text", n, Buffer.from(text(random, layOut(random, lower)))));
      ways.push(() => file("upper-distance", "text", n, Buffer.from(text(random, layOut(random, upper)))));
    }
  }
  if (random.integer(finite ? 6 : 2) === 0) {
    const sparse = encodeSparse(random, matrix, n);
    if (sparse) return sparse;
  }
  return ways[random.integer(ways.length)]!();
}

function minusZero(value: number): number {
  return value === 0 ? -0 : value;
}

/** Undefined when no line would be left. */
function encodeSparse(random: Random, matrix: Float32Array, n: number): Encoded | undefined {
  const lines: number[][] = [];
  let last = -1;
  for (let i = 0; i < n; i++) {
    // A point's distance to itself may be given; it also keeps an isolated point at the end.
    if (random.integer(10) === 0) {
      lines.push([i, i, 0]);
      last = i;
    }
    for (let j = 0; j < i; j++) {
      const value = matrix[i * n + j]!;
      if (value === Infinity) continue;
      last = i;
      lines.push(random.integer(2) ? [i, j, value] : [j, i, value]);
      // Twice the same is no contradiction.
      if (random.integer(12) === 0) lines.push([j, i, value]);
    }
  }
  if (last < 0) return undefined;
  random.shuffle(lines);
  return file("sparse", "", last + 1, Buffer.from(text(random, lines)));
}

function file(format: InputFormat, kind: string, n: number, bytes: Uint8Array): Encoded {
  return {
    name: kind ? `${format} ${kind}` : format,
    n,
    open: () => {
      // Lines of random lengths and distances of 0 would look like other triangles.
      const triangle = format === "lower-distance" || format === "upper-distance" || format === "binary";
      const input = parseInput(bytes, { path: "fuzz", format, ...(triangle ? { diagonal: "without" } : {}) });
      return "points" in input ? input.points : { distances: input.distances, n: input.n };
    },
  };
}

/** Breaks a list into lines at random places. */
function layOut(random: Random, numbers: readonly number[]): number[][] {
  const lines: number[][] = [[]];
  const often = 1 + random.integer(4);
  for (const number of numbers) {
    lines[lines.length - 1]!.push(number);
    if (random.integer(often) === 0) lines.push([]);
  }
  return lines;
}

/** Rows as text: any separator, any line ending, now and then a byte order mark, blank lines or no last line ending. */
function text(random: Random, rows: readonly (readonly number[])[]): string {
  const separator = [",", " ", "\t", ", ", "  "][random.integer(5)]!;
  const ending = random.integer(2) ? "\n" : "\r\n";
  const lines = rows.map((row) => row.map((value) => decimal(random, value)).join(separator));
  const blank = random.integer(4) === 0 ? ending : "";
  const mark = random.integer(4) === 0 ? "\ufeff" : "";
  return mark + blank + lines.join(ending + blank) + (random.integer(2) ? ending : "");
}

function decimal(random: Random, value: number): string {
  if (!Number.isInteger(value)) return String(value);
  return [`${value}`, `${value}.0`, `${value}e0`, `+${value}`, `${value}0E-1`, `${value}.`][random.integer(6)]!;
}

/** DIPHA's documented layout: three 64-bit integers (magic, type 7, n) and n² float64. */
function dipha(n: number, matrix: Float32Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(24 + 8 * n * n));
  view.setBigInt64(0, 8067171840n, true);
  view.setBigInt64(8, 7n, true);
  view.setBigInt64(16, BigInt(n), true);
  matrix.forEach((value, i) => {
    view.setFloat64(24 + 8 * i, value, true);
  });
  return new Uint8Array(view.buffer);
}

/** Choosing points: which rows have a class, chosen rows, a range of rows, all rows of a class, and moved copies of images. */
import { ConfigError, expected, InputError } from "../errors.js";
import { Random } from "../random.js";
import { aCount, aSize, fields, orNull, where } from "../shape.js";
import type { PointSet } from "./point-set.js";

/** The rows whose label is `label`, in increasing order. */
export function rowsOfClass(labels: Uint8Array, label: number): Uint32Array {
  let count = 0;
  for (const value of labels) if (value === label) count++;
  const rows = new Uint32Array(count);
  let filled = 0;
  for (let row = 0; row < labels.length; row++) if (labels[row] === label) rows[filled++] = row;
  return rows;
}

/**
 * The given rows as a set of their own, in the order given; a row may come several times. Copies.
 * @throws ConfigError for a row the set does not have
 */
export function takeRows(set: PointSet, rows: ArrayLike<number>): PointSet {
  const [count, features] = set.shape;
  const data = emptyLike(set, rows.length);
  const labels = new Uint8Array(rows.length);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    if (!Number.isInteger(row) || row < 0 || row >= count)
      throw new ConfigError(expected(`a row from 0 to ${count - 1}`, `rows[${i}]`, row), {
        hint: "Draw rows from the same set.",
      });
    data.set(set.data.subarray(row * features, (row + 1) * features), i * features);
    labels[i] = set.labels[row];
  }
  return { ...set, data, shape: [rows.length, features], labels };
}

/** The rows from `first` up to but not including `end`, as a view: nothing is copied. */
export function rowsBetween(set: PointSet, first: number, end: number): PointSet {
  const features = set.shape[1];
  const data = set.data.subarray(first * features, end * features);
  return { ...set, data, shape: [end - first, features], labels: set.labels.subarray(first, end) };
}

/** All points of a class, in the order of the set, as one cloud. The set itself is the cloud of all classes. */
export function pointsOfClass(set: PointSet, label: number): PointSet {
  setShape(set, "set");
  aCount(label, "label");
  return takeRows(set, rowsOfClass(set.labels, label));
}

/** Largest shift of a copy along rows and along columns, in pixels. */
const largestShift = 2;

const setShape = fields({
  data: where(
    "a Uint8Array or Float32Array",
    (value) => value instanceof Uint8Array || value instanceof Float32Array,
    "Pass a set that loadDataset gives.",
  ),
  shape: where("[n, d]", (value) => Array.isArray(value) && value.length === 2, "Pass for instance [4, 784]."),
  labels: where("a Uint8Array", (value) => value instanceof Uint8Array, "Pass Uint8Array.from(labels)."),
  picture: orNull(fields({ rows: aSize, columns: aSize })),
});

/**
 * Makes `count` images out of a set: first the images themselves, then copies, moved by -2..2 pixels along rows and along
 * columns and turned so that no pixel of the picture's inscribed circle moves by more than 2 pixels (after Loosli, Canu
 * and Bottou 2007, "Training invariant support vector machines using selective sampling", who also bend). Every image is
 * copied equally often, to within one. What moves in from outside is background. Image i depends only on the set, the
 * seed and i, never on `count`. Time and memory: proportional to count × features.
 * @throws InputError when the points of the set are not pictures of bytes
 * @throws ConfigError for a count that is not a positive integer, or a seed that is none
 */
export function expandImages(set: PointSet, count: number, seed: number): PointSet {
  setShape(set, "set");
  new Random(seed); // for its check
  const { picture, labels } = set;
  const [have, size] = set.shape;
  if (picture === null || !(set.data instanceof Uint8Array) || have === 0)
    throw new InputError(expected("images", "set", picture === null ? "points that are no pictures" : "none"), {
      hint: "Moved copies are made of images, e.g. of MNIST's.",
    });
  if (!Number.isSafeInteger(count) || count < 1)
    throw new ConfigError(expected("a positive integer", "count", count), { hint: "Use for instance 200000." });
  const data = new Uint8Array(count * size);
  data.set(set.data.subarray(0, Math.min(count, have) * size));
  const { rows, columns } = picture;
  const largestTurn = (2 * largestShift) / Math.min(rows, columns);
  for (let i = have; i < count; i++) {
    const random = new Random(seed, "expand", i);
    const down = random.integer(2 * largestShift + 1) - largestShift;
    const right = random.integer(2 * largestShift + 1) - largestShift;
    const turn = largestTurn * (2 * random.uniform() - 1);
    const source = (i % have) * size;
    move(set.data.subarray(source, source + size), data.subarray(i * size, (i + 1) * size), rows, columns, {
      down,
      right,
      turn,
    });
  }
  const copied = Uint8Array.from({ length: count }, (_, i) => labels[i % have]);
  return { ...set, data, shape: [count, size], labels: copied };
}

/** Turns a picture about its middle, by bilinear interpolation, then shifts it by whole pixels. */
function move(
  from: Uint8Array,
  to: Uint8Array,
  rows: number,
  columns: number,
  { down, right, turn }: { readonly down: number; readonly right: number; readonly turn: number },
): void {
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  const [middleRow, middleColumn] = [(rows - 1) / 2, (columns - 1) / 2];
  const ink = (row: number, column: number): number =>
    row < 0 || column < 0 || row >= rows || column >= columns ? 0 : from[row * columns + column];
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      // Where this pixel came from.
      const y = row - down - middleRow;
      const x = column - right - middleColumn;
      const atRow = cos * y + sin * x + middleRow;
      const atColumn = cos * x - sin * y + middleColumn;
      const [top, left] = [Math.floor(atRow), Math.floor(atColumn)];
      const [v, u] = [atRow - top, atColumn - left];
      const above = (1 - u) * ink(top, left) + u * ink(top, left + 1);
      const below = (1 - u) * ink(top + 1, left) + u * ink(top + 1, left + 1);
      to[row * columns + column] = Math.round((1 - v) * above + v * below);
    }
}

function emptyLike(set: PointSet, count: number): Uint8Array | Float32Array {
  const length = count * set.shape[1];
  return set.data instanceof Uint8Array ? new Uint8Array(length) : new Float32Array(length);
}

/** Batches made on the host. */
import type { Random } from "../random.js";
import type { LabelledPoints } from "./points.js";

/**
 * Yields row numbers without end: all rows of an epoch in random order, then all rows in a new order, and so on. A batch
 * may run over the end of an epoch: what is left of one opens the first batch of the next, so every batch is full and
 * every point is met exactly once an epoch.
 * @param skip rows left out at the beginning: those that an earlier run has met
 */
export function* epochRows(first: number, end: number, random: Random, skip = 0): Generator<number, never> {
  const rows = Uint32Array.from({ length: end - first }, (_, i) => first + i);
  for (let left = skip; ; left -= rows.length) {
    random.shuffle(rows);
    if (left < rows.length) yield* left > 0 ? rows.subarray(left) : rows;
  }
}

/**
 * Copies one batch into `points` ([m, d], scaled) and `labels` ([m, classes], one 1 a row). Both are
 * overwritten whole.
 */
export function fillBatch(
  rows: Iterator<number, unknown>,
  source: LabelledPoints,
  classes: number,
  points: Float32Array,
  labels: Float32Array,
): void {
  labels.fill(0);
  const { data, shape, scale = 1 } = source;
  const d = shape[1];
  const m = points.length / d;
  for (let i = 0; i < m; i++) {
    const row = rows.next().value as number;
    const from = row * d;
    for (let j = 0; j < d; j++) points[i * d + j] = data[from + j]! * scale;
    labels[i * classes + source.labels[row]!] = 1;
  }
}

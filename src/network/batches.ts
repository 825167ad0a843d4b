/** Batches made on the host from bytes. */
import type { Random } from "../random.js";

/**
 * Yields row numbers without end: all rows of an epoch in random order, then all rows in a new order, and so on. A batch
 * may run over the end of an epoch: what is left of one opens the first batch of the next, so every batch is full and
 * every image is met exactly once an epoch.
 */
export function* epochRows(first: number, end: number, random: Random): Generator<number, never> {
  const rows = Uint32Array.from({ length: end - first }, (_, i) => first + i);
  for (;;) {
    random.shuffle(rows);
    yield* rows;
  }
}

/**
 * Copies one batch into `images` ([m, size], pixels / 255) and `labels` ([m, classes], one 1 a row). Both are
 * overwritten whole.
 */
export function fillBatch(
  rows: Iterator<number, unknown>,
  source: { readonly pixels: Uint8Array; readonly labels: Uint8Array },
  size: number,
  classes: number,
  images: Float32Array,
  labels: Float32Array,
): void {
  labels.fill(0);
  const m = images.length / size;
  for (let i = 0; i < m; i++) {
    const row = rows.next().value as number;
    const from = row * size;
    for (let j = 0; j < size; j++) images[i * size + j] = source.pixels[from + j]! / 255;
    labels[i * classes + source.labels[row]!] = 1;
  }
}

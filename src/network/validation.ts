/** How a network does on the points held back, while it is trained. */
import type { Backend } from "./backend.js";
import { measure } from "./measure.js";
import type { LabelledPoints } from "./points.js";
import type { NetworkWeights } from "./weights.js";

/**
 * A network on the points held back. Batch norm uses the statistics of these points themselves: those of the training
 * set would take a pass over all of it, every time.
 */
export interface Validation {
  /** Steps done. */
  readonly step: number;
  /** Cross-entropy per point. */
  readonly loss: number;
  /** In [0, 1]; see {@link countRight}. */
  readonly accuracy: number;
}

/** Passes the first `heldBack` points through the network. Takes about as long as training on a third as many. */
export function validate(
  backend: Backend,
  weights: NetworkWeights,
  points: LabelledPoints,
  heldBack: number,
  step: number,
): Validation {
  const d = points.shape[1];
  const held = { ...points, data: points.data.subarray(0, heldBack * d), shape: [heldBack, d] as const };
  const work = measure(backend, weights, held, "sample");
  for (;;) {
    const { done, value } = work.next();
    if (!done) continue;
    const { logits } = value;
    const classes = weights.widths.at(-1)!;
    const right = countRight(logits, points.labels, heldBack, classes);
    return { step, loss: meanCrossEntropy(logits, points.labels, heldBack, classes), accuracy: right / heldBack };
  }
}

/**
 * The number of points whose largest logit is at their class; of equal logits the first counts, and a logit that is not a
 * number is never right.
 */
export function countRight(logits: Float32Array, labels: Uint8Array, count: number, classes: number): number {
  let right = 0;
  for (let i = 0; i < count; i++) {
    let best = 0;
    for (let c = 1; c < classes; c++) if (!(logits[i * classes + c]! <= logits[i * classes + best]!)) best = c;
    if (best === labels[i] && !Number.isNaN(logits[i * classes + best]!)) right++;
  }
  return right;
}

/** −log softmax at the class, averaged, in double precision. */
function meanCrossEntropy(logits: Float32Array, labels: Uint8Array, count: number, classes: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const row = logits.subarray(i * classes, (i + 1) * classes);
    let top = Number.NEGATIVE_INFINITY;
    for (const value of row) top = Math.max(top, value);
    let total = 0;
    for (const value of row) total += Math.exp(value - top);
    sum += Math.log(total) - (row[labels[i]!]! - top);
  }
  return sum / count;
}

/** Whether a validation beats the best so far: by a larger accuracy, or a smaller loss; equal is not better. */
export function isBetter(now: Validation, best: Validation | null, by: "accuracy" | "loss"): boolean {
  if (best === null) return true;
  return by === "accuracy" ? now.accuracy > best.accuracy : now.loss < best.loss;
}

/** Layer outputs and accuracy of a network. */
import { ConfigError, expected, InputError, throwIfAborted } from "../errors.js";
import type { Backend } from "./backend.js";
import { type Measurement, measure, type Statistics } from "./measure.js";
import { pause } from "./pause.js";
import type { NetworkWeights } from "./weights.js";

/** Images as bytes, row by row, with their classes. */
export interface LabelledImages {
  /** count × inputs bytes */
  readonly pixels: Uint8Array;
  /** count classes, counted from 0 */
  readonly labels: Uint8Array;
  readonly count: number;
}

/** Options of {@link activations} and {@link accuracy}. */
export interface MeasureOptions {
  /**
   * Which mean and variance batch norm uses. `training-set`: those of all training images, as when classifying.
   * `sample`: those of the very images passed, as the paper's code does; on images of one class the network then
   * classifies no better than chance.
   * @default "training-set"
   */
  readonly statistics?: Statistics;
}

/** The output of one layer: a point per image. */
export interface LayerOutput {
  /** Row by row. */
  readonly data: Float32Array;
  readonly shape: readonly [number, number];
}

/** What a network makes of some images. */
export interface Activations {
  /** Output of every hidden layer after its last step: after batch norm where there is one, else after the activation. */
  readonly layers: readonly LayerOutput[];
  /** Input of the softmax, [m, classes]. */
  readonly logits: LayerOutput;
}

/**
 * The outputs of all layers for m images, in the order of the images. Equal images give equal rows.
 * @param pixels m × inputs bytes, row by row
 * @throws InputError when the bytes are not a whole number of images
 * @throws ConfigError for `training-set` statistics that have not been measured
 */
export function activations(
  backend: Backend,
  weights: NetworkWeights,
  pixels: Uint8Array,
  options: MeasureOptions = {},
): Activations {
  const result = runMeasure(backend, weights, pixels, options.statistics ?? "training-set");
  const m = pixels.length / weights.widths[0]!;
  const output = (data: Float32Array): LayerOutput => ({ data, shape: [m, data.length / m] });
  return { layers: result.hidden.map(output), logits: output(result.logits) };
}

/**
 * The part of the images, in [0, 1], whose largest logit is at their class; of equal logits the first counts, and a logit
 * that is not a number is never right.
 * @throws InputError when labels and images do not match; else as {@link activations}
 */
export function accuracy(
  backend: Backend,
  weights: NetworkWeights,
  images: LabelledImages,
  options: MeasureOptions = {},
): number {
  const classes = weights.widths.at(-1)!;
  checkImages(images, weights.widths[0]!, classes);
  const { logits } = runMeasure(backend, weights, images.pixels, options.statistics ?? "training-set");
  let right = 0;
  for (let i = 0; i < images.count; i++) {
    let best = 0;
    for (let c = 1; c < classes; c++) if (!(logits[i * classes + c]! <= logits[i * classes + best]!)) best = c;
    if (best === images.labels[i] && !Number.isNaN(logits[i * classes + best]!)) right++;
  }
  return right / images.count;
}

/**
 * The network with the mean and variance of every batch norm over all the training images but those held back, measured
 * exactly by one pass with the weights as they are, layer by layer; no running average.
 * @throws InputError when labels and images do not match
 * @throws CancelledError when the signal is aborted
 */
export async function withTrainingSetStatistics(
  backend: Backend,
  weights: NetworkWeights,
  images: LabelledImages,
  options: { readonly heldBack?: number; readonly signal?: AbortSignal } = {},
): Promise<NetworkWeights> {
  const size = weights.widths[0]!;
  const heldBack = options.heldBack ?? 0;
  checkImages(images, size, weights.widths.at(-1)!);
  checkHeldBack(heldBack, images.count);
  const work = measure(backend, weights, images.pixels.subarray(heldBack * size), "sample");
  const rest = pause(options.signal);
  for (;;) {
    throwIfAborted(options.signal);
    const { done, value } = work.next();
    if (done) return value.weights;
    const turn = rest();
    if (turn) await turn;
  }
}

/** @throws InputError when the images do not fit the network or their labels */
export function checkImages(images: LabelledImages, size: number, classes: number): void {
  const { pixels, labels, count } = images;
  if (!Number.isSafeInteger(count) || count < 1) throw new InputError(expected("at least one", "images", count));
  if (pixels.length !== count * size)
    throw new InputError(expected(`${count} × ${size} bytes`, "pixels", pixels.length), {
      hint: "The first layer size has to be the number of pixels of an image.",
    });
  if (labels.length !== count) throw new InputError(expected(`${count} entries`, "labels", labels.length));
  for (let i = 0; i < count; i++)
    if (labels[i]! >= classes)
      throw new InputError(expected(`a class from 0 to ${classes - 1}`, `label of image ${i}`, labels[i]), {
        hint: "The last layer size has to be the number of classes.",
      });
}

/** @throws ConfigError when no image is left to train on */
export function checkHeldBack(heldBack: number, count: number): void {
  if (!Number.isSafeInteger(heldBack) || heldBack < 0 || heldBack >= count)
    throw new ConfigError(expected(`an integer from 0 to ${count - 1}`, "images held back", heldBack), {
      hint: `There are ${count} training images.`,
    });
}

function runMeasure(
  backend: Backend,
  weights: NetworkWeights,
  pixels: Uint8Array,
  statistics: Statistics,
): Measurement {
  if (statistics !== "training-set" && statistics !== "sample")
    throw new ConfigError(expected("training-set or sample", "statistics", statistics));
  const size = weights.widths[0]!;
  if (pixels.length === 0 || pixels.length % size !== 0)
    throw new InputError(expected(`a whole number of images of ${size} bytes`, "pixels", pixels.length));
  const unmeasured = weights.layers.some((layer) => [layer.before, layer.after].some((norm) => norm && !norm.mean));
  if (statistics === "training-set" && unmeasured)
    throw new ConfigError(expected("training-set statistics", "batch norm", null), {
      hint: "Measure them first: withTrainingSetStatistics(backend, weights, images).",
    });
  const work = measure(backend, weights, pixels, statistics);
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

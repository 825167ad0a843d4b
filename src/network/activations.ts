/** Layer outputs and accuracy of a network. */
import { ConfigError, expected, InputError, throwIfAborted } from "../errors.js";
import { listed } from "../json.js";
import { checkKeys, type Known } from "../options.js";
import { checkSignal } from "../signal.js";
import type { Backend } from "./backend.js";
import { checkBackend, checkPointsGiven, checkWeights } from "./call.js";
import { type Measurement, measure, type Statistics } from "./measure.js";
import { pause } from "./pause.js";
import type { LabelledPoints, Points } from "./points.js";
import { countRight } from "./validation.js";
import type { NetworkWeights } from "./weights.js";

/** Options of {@link activations} and {@link accuracy}. */
export interface MeasureOptions {
  /**
   * Which mean and variance batch norm uses. `training-set`: those of all training points, as when classifying.
   * `sample`: those of the very points passed, as the paper's code does; on points of one class the network then
   * classifies no better than chance.
   * @default "training-set"
   */
  readonly statistics?: Statistics;
}

const measureKeys = { statistics: true } as const satisfies Known<MeasureOptions>;

/** The output of one layer: a point for every point that went in. */
export interface LayerOutput {
  /** Row by row. */
  readonly data: Float32Array;
  readonly shape: readonly [number, number];
}

/** What a network makes of some points. */
export interface Activations {
  /** Output of every hidden layer after its last step: after batch norm where there is one, else after the activation. */
  readonly layers: readonly LayerOutput[];
  /** Input of the softmax, [m, classes]. */
  readonly logits: LayerOutput;
}

/**
 * The outputs of all layers for m points, in their order. Equal points give equal rows.
 * @throws InputError when there are no points, or they have another dimension than the network's input
 * @throws ConfigError for `training-set` statistics that have not been measured
 */
export function activations(
  backend: Backend,
  weights: NetworkWeights,
  points: Points,
  options: MeasureOptions = {},
): Activations {
  checkCall(backend, weights, points, false);
  checkKeys(options, measureKeys, "the options of activations");
  const result = runMeasure(backend, weights, points, options.statistics ?? "training-set");
  const m = points.shape[0];
  const output = (data: Float32Array): LayerOutput => ({ data: listed(data), shape: [m, data.length / m] });
  return { layers: result.hidden.map(output), logits: output(result.logits) };
}

/**
 * The part of the points, in [0, 1], whose largest logit is at their class; of equal logits the first counts, and a logit
 * that is not a number is never right.
 * @throws InputError when labels and points do not match; else as {@link activations}
 */
export function accuracy(
  backend: Backend,
  weights: NetworkWeights,
  points: LabelledPoints,
  options: MeasureOptions = {},
): number {
  checkCall(backend, weights, points, true);
  checkKeys(options, measureKeys, "the options of accuracy");
  const classes = weights.widths.at(-1)!;
  checkPoints(points, weights.widths[0]!, classes);
  const { logits } = runMeasure(backend, weights, points, options.statistics ?? "training-set");
  const count = points.shape[0];
  return countRight(logits, points.labels, count, classes) / count;
}

/**
 * The network with the mean and variance of every batch norm over all the training points but those held back, measured
 * exactly by one pass with the weights as they are, layer by layer; no running average.
 * @throws InputError when labels and points do not match
 * @throws CancelledError when the signal is aborted
 */
export async function withTrainingSetStatistics(
  backend: Backend,
  weights: NetworkWeights,
  points: LabelledPoints,
  options: { readonly heldBack?: number; readonly signal?: AbortSignal } = {},
): Promise<NetworkWeights> {
  checkCall(backend, weights, points, true);
  checkKeys(options, { heldBack: true, signal: true }, "the options of withTrainingSetStatistics");
  checkSignal(options.signal);
  const heldBack = options.heldBack ?? 0;
  checkPoints(points, weights.widths[0]!, weights.widths.at(-1)!);
  checkHeldBack(heldBack, points.shape[0]);
  const work = measure(backend, weights, pointsFrom(points, heldBack), "sample");
  const rest = pause(options.signal);
  for (;;) {
    throwIfAborted(options.signal);
    const { done, value } = work.next();
    if (done) return value.weights;
    const turn = rest();
    if (turn) await turn;
  }
}

/** @throws InputError when the points do not fit the network or their labels */
export function checkPoints(points: LabelledPoints, inputs: number, classes: number): void {
  checkShape(points, inputs);
  const { labels } = points;
  const [count] = points.shape;
  if (labels.length !== count) throw new InputError(expected(`${count} entries`, "labels", labels.length));
  for (let i = 0; i < count; i++)
    if (labels[i]! >= classes)
      throw new InputError(expected(`a class from 0 to ${classes - 1}`, `label of point ${i}`, labels[i]), {
        hint: "The last layer size has to be the number of classes.",
      });
}

function checkCall(backend: Backend, weights: NetworkWeights, points: Points, labelled: boolean): void {
  checkBackend(backend);
  checkWeights(weights);
  checkPointsGiven(points, labelled);
}

/** @throws ConfigError when no point is left to train on */
export function checkHeldBack(heldBack: number, count: number): void {
  if (!Number.isSafeInteger(heldBack) || heldBack < 0 || heldBack >= count)
    throw new ConfigError(expected(`an integer from 0 to ${count - 1}`, "points held back", heldBack), {
      hint: `There are ${count} training points.`,
    });
}

function checkShape({ data, shape: [count, d], scale = 1 }: Points, inputs: number): void {
  if (!Number.isSafeInteger(count) || count < 1) throw new InputError(expected("at least one", "points", count));
  if (d !== inputs)
    throw new InputError(expected(`points of ${inputs} numbers`, "shape[1]", d), {
      hint: "The first layer size has to be the number of coordinates of a point.",
    });
  if (data.length !== count * d) throw new InputError(expected(`${count} × ${d} numbers`, "data", data.length));
  if (!(scale > 0 && Number.isFinite(scale))) throw new InputError(expected("a positive number", "scale", scale));
}

/** The points but the first. */
function pointsFrom(points: Points, first: number): Points {
  const [count, d] = points.shape;
  return { ...points, data: points.data.subarray(first * d), shape: [count - first, d] };
}

function runMeasure(backend: Backend, weights: NetworkWeights, points: Points, statistics: Statistics): Measurement {
  if (statistics !== "training-set" && statistics !== "sample")
    throw new ConfigError(expected("training-set or sample", "statistics", statistics), { hint: "Leave it out." });
  checkShape(points, weights.widths[0]!);
  const unmeasured = weights.layers.some((layer) => [layer.before, layer.after].some((norm) => norm && !norm.mean));
  if (statistics === "training-set" && unmeasured)
    throw new ConfigError(expected("training-set statistics", "batch norm", null), {
      hint: "Measure them first: withTrainingSetStatistics(backend, weights, points).",
    });
  const work = measure(backend, weights, points, statistics);
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

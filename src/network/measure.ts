/**
 * Evaluating a network layer by layer. The matrix products run on the backend, in pieces; batch norm and activation run
 * here, with sums in double precision, so that statistics are exact and do not depend on how the points were cut.
 */
import { activateInPlace, parseActivation } from "./activation.js";
import { activateBackend, type Backend } from "./backend.js";
import { coordinates, type Points } from "./points.js";
import type { BatchNormWeights, LayerWeights, NetworkWeights } from "./weights.js";

/** Where the mean and variance of batch norm come from. */
export type Statistics = "training-set" | "sample";

/** Everything a pass over some points gives. */
export interface Measurement {
  /** Output of every hidden layer after its last step (batch norm where there is one): [m, width], row by row. */
  readonly hidden: Float32Array[];
  /** [m, classes], row by row. */
  readonly logits: Float32Array;
  /** The network with the statistics that were used. */
  readonly weights: NetworkWeights;
}

/** Rows multiplied at a time: keeps what lives on the backend below a few MiB. */
const rowsAtATime = 1024;

/**
 * Passes points through the network; yields between pieces of work, so that a caller can let other work run or
 * stop. With `sample`, batch norm uses the mean and variance of these very points at every place, and the weights
 * returned carry them: over the training points these are the training-set statistics.
 */
export function* measure(
  backend: Backend,
  weights: NetworkWeights,
  points: Points,
  statistics: Statistics,
): Generator<void, Measurement> {
  const rule = parseActivation(weights.activation);
  const count = points.shape[0];
  const hidden: Float32Array[] = [];
  const layers: LayerWeights[] = [];
  let x: Points = points;
  for (let i = 0; i < weights.layers.length; i++) {
    const layer = weights.layers[i]!;
    const outputs = weights.widths[i + 1]!;
    const y: Float32Array = yield* dense(backend, x, outputs, layer);
    if (i === weights.layers.length - 1) {
      layers.push(layer);
      return { hidden, logits: y, weights: { ...weights, layers } };
    }
    const normalise = (norm: BatchNormWeights | null) =>
      norm && batchNormInPlace(y, count, outputs, norm, statistics, weights.batchNormEpsilon);
    const before = normalise(layer.before);
    yield;
    activateInPlace(rule, y);
    const after = normalise(layer.after);
    yield;
    layers.push({ ...layer, before, after });
    hidden.push(y);
    x = { data: y, shape: [count, outputs] };
  }
  throw new RangeError("A network has at least one layer.");
}

/** x · kernel + bias for all rows. */
function* dense(backend: Backend, x: Points, outputs: number, layer: LayerWeights): Generator<void, Float32Array> {
  const { tf } = backend;
  const [count, inputs] = x.shape;
  const y = new Float32Array(count * outputs);
  for (let from = 0; from < count; from += rowsAtATime) {
    const rows = Math.min(rowsAtATime, count - from);
    const values = coordinates(x, from, rows);
    activateBackend(backend);
    tf.tidy(() => {
      const kernel = tf.tensor2d(layer.kernel, [inputs, outputs]);
      const product = tf.add(tf.matMul(tf.tensor2d(values, [rows, inputs]), kernel), tf.tensor1d(layer.bias));
      y.set(product.dataSync() as Float32Array, from * outputs);
    });
    yield;
  }
  return y;
}

/** Normalises in place and returns the batch norm with the statistics used. */
function batchNormInPlace(
  values: Float32Array,
  count: number,
  width: number,
  norm: BatchNormWeights,
  statistics: Statistics,
  epsilon: number,
): BatchNormWeights {
  const { mean, variance } = statistics === "sample" ? columnStatistics(values, count, width) : norm;
  const factor = new Float64Array(width);
  for (let j = 0; j < width; j++) factor[j] = norm.scale[j]! / Math.sqrt(variance![j]! + epsilon);
  for (let i = 0, at = 0; i < count; i++)
    for (let j = 0; j < width; j++, at++) values[at] = (values[at]! - mean![j]!) * factor[j]! + norm.shift[j]!;
  return { ...norm, mean, variance };
}

/** Mean and variance (divided by the count) of every column, by two passes in double precision. */
function columnStatistics(values: Float32Array, count: number, width: number) {
  const mean = new Float64Array(width);
  for (let i = 0, at = 0; i < count; i++) for (let j = 0; j < width; j++) mean[j]! += values[at++]!;
  for (let j = 0; j < width; j++) mean[j]! /= count;
  const variance = new Float64Array(width);
  for (let i = 0, at = 0; i < count; i++)
    for (let j = 0; j < width; j++) variance[j]! += (values[at++]! - mean[j]!) ** 2;
  for (let j = 0; j < width; j++) variance[j]! /= count;
  return { mean: Float32Array.from(mean), variance: Float32Array.from(variance) };
}

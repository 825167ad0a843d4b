/** Training by stochastic gradient descent. */
import { expected, TrainingError, throwIfAborted } from "../errors.js";
import { Random } from "../random.js";
import { checkHeldBack, checkPoints, withTrainingSetStatistics } from "./activations.js";
import { activateBackend, type Backend, type Tensor } from "./backend.js";
import { epochRows, fillBatch } from "./batches.js";
import { pause } from "./pause.js";
import type { LabelledPoints } from "./points.js";
import { fromTensors, toTensors, trainingStep } from "./step.js";
import { checkSpec, initialNetwork, type NetworkSpec, type NetworkWeights } from "./weights.js";

/** Where training stands. */
export interface TrainingProgress {
  /** Steps done. */
  readonly step: number;
  readonly steps: number;
  /** Loss per point of the last batch, before its step. */
  readonly loss: number;
}

/** Options of {@link train}. */
export interface TrainOptions {
  /** Seed of the first weights and of the order of the points. */
  readonly seed: number;
  readonly signal?: AbortSignal;
  /** Called about thirty times a second and at the end. */
  readonly onProgress?: (progress: TrainingProgress) => void;
}

/** A trained network. */
export interface Training {
  /** With training-set statistics. */
  readonly weights: NetworkWeights;
  /** Loss per point, averaged over the batches since the entry before; about a hundred entries, the last at the end. */
  readonly losses: readonly { readonly step: number; readonly loss: number }[];
}

/**
 * Trains a network and measures its training-set statistics. The same spec, points and seed give the same bits on the
 * same backend.
 *
 * Batches: the points after the first `heldBack` in random order, in a new order every epoch. What is left at the end of
 * an epoch opens the next one's first batch, so that every batch is full and every point is met once an epoch.
 * @throws TrainingError naming the step when the loss is no longer finite
 * @throws CancelledError within a tenth of a second of the signal, or a step where one takes longer
 * @throws ConfigError, InputError for a spec or points that make no sense
 */
export async function train(
  backend: Backend,
  spec: NetworkSpec,
  points: LabelledPoints,
  options: TrainOptions,
): Promise<Training> {
  checkSpec(spec);
  const size = spec.widths[0]!;
  const classes = spec.widths.at(-1)!;
  checkPoints(points, size, classes);
  const count = points.shape[0];
  checkHeldBack(spec.heldBack, count);
  throwIfAborted(options.signal);

  const { tf } = backend;
  const { batchSize, steps } = spec;
  const start = initialNetwork(spec, options.seed);
  const rows = epochRows(spec.heldBack, count, new Random(options.seed, "batches"));
  const pointBatch = new Float32Array(batchSize * size);
  const labelBatch = new Float32Array(batchSize * classes);
  const perPoint = spec.loss === "sum" ? 1 / batchSize : 1;
  const losses: { step: number; loss: number }[] = [];
  const interval = Math.max(1, Math.ceil(steps / 100));
  const rest = pause(options.signal);
  let sum = 0;
  let summed = 0;

  activateBackend(backend);
  let parameters: Tensor[] = toTensors(tf, start);
  try {
    for (let step = 1; step <= steps; step++) {
      fillBatch(rows, points, classes, pointBatch, labelBatch);
      const x = tf.tensor2d(pointBatch, [batchSize, size]);
      const y = tf.tensor2d(labelBatch, [batchSize, classes]);
      let loss: number;
      try {
        ({ parameters, loss } = trainingStep(tf, start, parameters, x, y, spec));
      } finally {
        tf.dispose([x, y]);
      }
      loss *= perPoint;
      if (!Number.isFinite(loss)) throw diverged("loss at", step, loss, spec, count);
      sum += loss;
      summed++;
      if (step % interval === 0 || step === steps) {
        losses.push({ step, loss: sum / summed });
        sum = summed = 0;
      }
      const turn = rest();
      if (turn) await turn;
      if (turn || step === steps) {
        options.onProgress?.({ step, steps, loss });
        throwIfAborted(options.signal);
        // Whoever ran meanwhile in this thread may have made another backend current.
        activateBackend(backend);
      }
    }
    const weights = fromTensors(start, parameters);
    // The loss is read before a step, so what the last step did shows here alone.
    if (!allFinite(weights)) throw diverged("weights after", steps, Number.NaN, spec, count);
    const { heldBack } = spec;
    return {
      weights: await withTrainingSetStatistics(backend, weights, points, { heldBack, signal: options.signal }),
      losses,
    };
  } finally {
    tf.dispose(parameters);
  }
}

function diverged(what: string, step: number, got: number, spec: NetworkSpec, count: number): TrainingError {
  const epoch = Math.floor(((step - 1) * spec.batchSize) / (count - spec.heldBack)) + 1;
  return new TrainingError(expected("a finite number", `${what} step ${step} of ${spec.steps} (epoch ${epoch})`, got), {
    hint: `Lower the learning rate (${spec.learningRate}) or choose another seed.`,
  });
}

function allFinite(weights: NetworkWeights): boolean {
  return weights.layers.every((layer) =>
    [layer.kernel, layer.bias, layer.before?.scale, layer.before?.shift, layer.after?.scale, layer.after?.shift].every(
      (values) => values === undefined || values.every(Number.isFinite),
    ),
  );
}

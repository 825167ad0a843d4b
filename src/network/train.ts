/** Training by gradient descent, from the first step or from where an earlier run stood. */
import { ConfigError, expected, TrainingError, throwIfAborted } from "../errors.js";
import { checkFields, type Known } from "../options.js";
import { Random } from "../random.js";
import { aFunction, aSize, maybe } from "../shape.js";
import { checkSignal } from "../signal.js";
import { checkHeldBack, checkPoints, withTrainingSetStatistics } from "./activations.js";
import { activateBackend, type Backend, type Tensor } from "./backend.js";
import { epochRows, fillBatch } from "./batches.js";
import { checkBackend, checkPointsGiven } from "./call.js";
import { checkTrainingFits } from "./estimate.js";
import { emptySlots, type Slots, slotCount } from "./optimiser.js";
import { pause } from "./pause.js";
import type { LabelledPoints } from "./points.js";
import { rateFactor } from "./schedule.js";
import { checkSpec, type NetworkSpec } from "./spec.js";
import { fromTensors, toTensors, trainingStep } from "./step.js";
import { isBetter, type Validation, validate } from "./validation.js";
import { initialNetwork, type NetworkWeights } from "./weights.js";

/** Where training stands. */
export interface TrainingProgress {
  /** Steps done. */
  readonly step: number;
  readonly steps: number;
  /** Loss per point of the last batch, before its step. */
  readonly loss: number;
  /** The last validation; null before the first, or without any. */
  readonly validation: Validation | null;
}

/** Loss per point, averaged over the batches since the entry before. */
export interface LossRecord {
  readonly step: number;
  readonly loss: number;
}

/**
 * A training between two steps: with the points it was begun on, all that is needed to go on to the same bits as without
 * the stop. Plain data: arrays and numbers.
 */
export interface TrainingState {
  readonly spec: NetworkSpec;
  readonly seed: number;
  /** Training points, held back ones included. */
  readonly points: number;
  /** Steps done. */
  readonly step: number;
  /** Without training-set statistics. */
  readonly weights: NetworkWeights;
  /** What the optimiser remembers: per running mean one array per parameter, in the order of `toTensors`. */
  readonly slots: readonly (readonly Float32Array[])[];
  readonly losses: readonly LossRecord[];
  /** Losses since the last entry of `losses`: their sum and number. */
  readonly lossSum: number;
  readonly lossCount: number;
  readonly validations: readonly Validation[];
  /** Weights of the best validation where training may stop early, else null. */
  readonly best: { readonly validation: Validation; readonly weights: NetworkWeights } | null;
}

/** Options of {@link train}. */
export interface TrainOptions {
  /** Seed of the first weights and of the order of the points. */
  readonly seed: number;
  readonly signal?: AbortSignal;
  /** Called about thirty times a second and at the end. */
  readonly onProgress?: (progress: TrainingProgress) => void;
  /** Go on from here instead of from the beginning; its spec and seed have to be the ones given. */
  readonly resume?: TrainingState;
  /** Given the state after every `checkpointEvery` steps, and waited for. */
  readonly onCheckpoint?: (state: TrainingState) => Promise<void> | void;
  /** @default a tenth of the steps */
  readonly checkpointEvery?: number;
}

const trainKeys = {
  seed: true,
  signal: true,
  onProgress: true,
  resume: true,
  onCheckpoint: true,
  checkpointEvery: true,
} as const satisfies Known<TrainOptions>;

/** A trained network. */
export interface Training {
  /** With training-set statistics. */
  readonly weights: NetworkWeights;
  /** About a hundred entries, the last at the last step done. */
  readonly losses: readonly LossRecord[];
  /** One entry per validation, in order; empty unless the spec asks for them. */
  readonly validations: readonly Validation[];
  /** Step after which the weights were taken: the best where training may stop early, else the last. */
  readonly step: number;
  /** Steps done: fewer than the spec's where it stopped early. */
  readonly stepsDone: number;
}

/**
 * Trains a network and measures its training-set statistics. The same spec, points and seed give the same bits on the
 * same backend, whatever else runs and wherever the training was stopped and taken up again.
 *
 * Batches: the points after the first `heldBack` in random order, in a new order every epoch. What is left at the end of
 * an epoch opens the next one's first batch, so that every batch is full and every point is met once an epoch.
 * @throws TrainingError naming the step when the loss is no longer finite
 * @throws CancelledError within a tenth of a second of the signal, or a step where one takes longer
 * @throws ConfigError, InputError for a spec, points or a state that make no sense, MemoryLimitError for a training that
 *   cannot fit
 */
export async function train(
  backend: Backend,
  spec: NetworkSpec,
  points: LabelledPoints,
  options: TrainOptions,
): Promise<Training> {
  checkBackend(backend);
  checkSpec(spec);
  checkPointsGiven(points, true);
  checkFields(options, trainKeys, "the options of train");
  checkSignal(options.signal);
  for (const name of ["onProgress", "onCheckpoint"] as const) maybe(aFunction)(options[name], name);
  maybe(aSize)(options.checkpointEvery, "checkpointEvery");
  checkTrainingFits(spec);
  const { widths, batchSize, steps, heldBack, optimiser = { name: "sgd" }, schedule = { name: "constant" } } = spec;
  const size = widths[0]!;
  const classes = widths.at(-1)!;
  checkPoints(points, size, classes);
  const count = points.shape[0];
  checkHeldBack(heldBack, count);
  const { seed, signal, resume, onCheckpoint } = options;
  if (resume) checkState(resume, spec, seed, count);
  throwIfAborted(signal);

  const { tf } = backend;
  const start = resume?.weights ?? initialNetwork(spec, seed);
  let done = resume?.step ?? 0;
  const rows = epochRows(heldBack, count, new Random(seed, "batches"), done * batchSize);
  const pointBatch = new Float32Array(batchSize * size);
  const labelBatch = new Float32Array(batchSize * classes);
  const perPoint = spec.loss === "sum" ? 1 / batchSize : 1;
  const losses: LossRecord[] = [...(resume?.losses ?? [])];
  const validations: Validation[] = [...(resume?.validations ?? [])];
  let best: TrainingState["best"] = resume?.best ?? null;
  const interval = Math.max(1, Math.ceil(steps / 100));
  const checkpointEvery = options.checkpointEvery ?? Math.max(1, Math.ceil(steps / 10));
  const rest = pause(signal);
  let lossSum = resume?.lossSum ?? 0;
  let lossCount = resume?.lossCount ?? 0;

  activateBackend(backend);
  let parameters: Tensor[] = toTensors(tf, start);
  let slots: Slots = resume
    ? resume.slots.map((slot) => slot.map((values, i) => tf.tensor(values, parameters[i]!.shape)))
    : emptySlots(tf, optimiser, parameters);
  try {
    while (done < steps && !hasStopped(spec, validations, best)) {
      const step = done + 1;
      fillBatch(rows, points, classes, pointBatch, labelBatch);
      const x = tf.tensor2d(pointBatch, [batchSize, size]);
      const y = tf.tensor2d(labelBatch, [batchSize, classes]);
      const learningRate = spec.learningRate * rateFactor(schedule, step, steps);
      let loss: number;
      try {
        const how = { loss: spec.loss, learningRate, optimiser, step };
        ({ parameters, slots, loss } = trainingStep(tf, start, parameters, slots, x, y, how));
      } finally {
        tf.dispose([x, y]);
      }
      done = step;
      loss *= perPoint;
      if (!Number.isFinite(loss)) throw diverged("loss at", step, loss, spec, count);
      lossSum += loss;
      lossCount++;
      if (step % interval === 0 || step === steps) {
        losses.push({ step, loss: lossSum / lossCount });
        lossSum = lossCount = 0;
      }
      const validates = spec.validateEvery !== undefined && (step % spec.validateEvery === 0 || step === steps);
      if (validates) {
        const weights = fromTensors(start, parameters);
        if (!allFinite(weights)) throw diverged("weights after", step, Number.NaN, spec, count);
        const validation = validate(backend, weights, points, heldBack, step);
        validations.push(validation);
        if (spec.earlyStop && isBetter(validation, best?.validation ?? null, spec.earlyStop.by))
          best = { validation, weights };
      }
      const turn = rest();
      if (turn) await turn;
      if (turn || step === steps) {
        options.onProgress?.({ step, steps, loss, validation: validations.at(-1) ?? null });
        throwIfAborted(signal);
      }
      if (onCheckpoint && step % checkpointEvery === 0 && step < steps)
        await onCheckpoint({
          spec,
          seed,
          points: count,
          step,
          weights: fromTensors(start, parameters),
          slots: slots.map((slot) => slot.map((tensor) => Float32Array.from(tensor.dataSync()))),
          losses: [...losses],
          lossSum,
          lossCount,
          validations: [...validations],
          best,
        });
      // Whoever ran meanwhile in this thread may have made another backend current.
      activateBackend(backend);
    }
    const last = fromTensors(start, parameters);
    // The loss is read before a step, so what the last step did shows here alone.
    if (!allFinite(last)) throw diverged("weights after", done, Number.NaN, spec, count);
    if (lossCount > 0) losses.push({ step: done, loss: lossSum / lossCount });
    const weights = await withTrainingSetStatistics(backend, best?.weights ?? last, points, {
      heldBack,
      ...(signal ? { signal } : {}),
    });
    return { weights, losses, validations, step: best?.validation.step ?? done, stepsDone: done };
  } finally {
    tf.dispose([...parameters, ...slots.flat()]);
  }
}

/** Whether the best validation lies so far back that the recipe says to stop. */
function hasStopped(spec: NetworkSpec, validations: readonly Validation[], best: TrainingState["best"]): boolean {
  if (!spec.earlyStop || best === null) return false;
  const since = validations.filter(({ step }) => step > best.validation.step).length;
  return since >= spec.earlyStop.patience;
}

/** @throws ConfigError when the state belongs to another training */
function checkState(state: TrainingState, spec: NetworkSpec, seed: number, count: number): void {
  const fail = (what: string, name: string, got: unknown): never => {
    throw new ConfigError(expected(what, name, got), { hint: "Go on with the training the state was taken of." });
  };
  const canonical = (value: NetworkSpec) =>
    JSON.stringify(value, (_, item: unknown) =>
      item !== null && typeof item === "object" && !Array.isArray(item)
        ? Object.fromEntries(Object.entries(item).sort(([one], [other]) => (one < other ? -1 : 1)))
        : item,
    );
  if (canonical(state.spec) !== canonical(spec)) fail("the spec of the state", "spec", spec);
  if (state.seed !== seed) fail(`the seed of the state, ${state.seed},`, "seed", seed);
  if (state.points !== count) fail(`the ${state.points} points of the state`, "points", count);
  if (state.slots.length !== slotCount(spec.optimiser ?? { name: "sgd" }))
    fail("the running means of the optimiser", "slots", state.slots.length);
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

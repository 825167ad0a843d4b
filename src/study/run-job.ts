/** The one code path by which a job is done: in this thread, in a worker thread, or on another machine. */
import type { Dataset } from "../data/dataset.js";
import { rowsBetween } from "../data/sampling.js";
import { throwIfAborted } from "../errors.js";
import { accuracy, activations, withTrainingSetStatistics } from "../network/activations.js";
import { parameterCount, sweepWidths } from "../network/architecture.js";
import type { Backend } from "../network/backend.js";
import { train } from "../network/train.js";
import { initialNetwork, type NetworkSpec, type NetworkWeights } from "../network/weights.js";
import type { PointCloud } from "../topology/point-cloud.js";
import type { StudyConfig } from "./config.js";
import type { JobPhase } from "./events.js";
import { type Job, specOf } from "./job.js";
import { type DistanceRecord, layerDistances, type UnitDiagrams } from "./layer-distances.js";
import { type CloudDiagrams, type CurveRecord, type Measured, measure } from "./measure.js";
import { gaussianPoints, projectPoints } from "./projection.js";
import type { MeasurementRecord, NetworkRecord, SampleRecord } from "./result.js";
import { cutOff, drawSamples, type Sample } from "./samples.js";
import type { JobIdentity, Store } from "./store.js";

/** How far a job is. */
export interface JobProgress {
  readonly phase: JobPhase;
  /** In [0, 1], by estimated work. */
  readonly done: number;
}

/** What a job took, and no result says. */
export interface JobTimes {
  /** null for jobs that train nothing. */
  readonly trainingSeconds: number | null;
}

/** What a job needs besides itself. */
export interface JobContext {
  readonly data: Dataset;
  /** Opens the training backend; only called by jobs that train. */
  readonly backend: () => Promise<Backend>;
  /** Where the result goes. */
  readonly store: Store;
  readonly identity: JobIdentity;
  /** Looked at between clouds and, while training, many times a second. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: JobProgress) => void;
}

/**
 * Does a job and writes its result to the store. The same job, data and backend give the same bytes.
 * @throws CancelledError when the signal is aborted; nothing half-written is left under a final name
 * @throws TrainingError when training ends in a loss that is not a number, and whatever else makes the job impossible
 */
export async function runJob(job: Job, context: JobContext): Promise<JobTimes> {
  const work = new Work(job, context);
  const network = job.kind === "network" ? await work.network() : null;
  if (job.kind === "input") await work.input();
  if (job.kind === "projection") await work.projection();
  if (job.kind === "gaussian") await work.gaussian();
  throwIfAborted(context.signal);
  const { samples, measurements, curves, distances } = work;
  await context.store.writeJob(
    { job: job.id, identity: context.identity, samples, network, measurements, curves, distances },
    work.clouds,
    work.weights,
  );
  return { trainingSeconds: work.trainingSeconds };
}

/** Gathers what a job measures. */
class Work {
  readonly measurements: MeasurementRecord[] = [];
  readonly curves: CurveRecord[] = [];
  readonly distances: DistanceRecord[] = [];
  readonly clouds: CloudDiagrams[] = [];
  readonly samples: SampleRecord[];
  trainingSeconds: number | null = null;
  /** The trained network; null for jobs that train nothing. */
  weights: NetworkWeights | null = null;
  private readonly drawn: readonly Sample[];
  private readonly config: StudyConfig;
  private readonly inputs = new Map<string, UnitDiagrams>();

  constructor(
    private readonly job: Job,
    private readonly context: JobContext,
  ) {
    const { config } = job;
    this.config = config;
    this.drawn = config.classes.flatMap((label) => drawSamples(config, context.data, job.id, label));
    // One draw serves all when samples are paired; the input's job records it.
    const recorded = job.kind === "gaussian" || (config.sampling.paired && job.kind !== "input") ? [] : this.drawn;
    this.samples = recorded.map(({ class: label, subsample, rows }) => ({
      job: config.sampling.paired ? null : job.id,
      class: label,
      subsample,
      rows: Array.from(rows),
    }));
  }

  async input(): Promise<void> {
    for (const sample of this.drawn) await this.measure(sample.points, "input", 0, sample);
  }

  async projection(): Promise<void> {
    const seed = this.job.seed!;
    const width = Number(this.job.width);
    for (const sample of this.drawn) {
      await this.measure(projectPoints(sample.points, width, seed), "projection", 0, sample);
    }
  }

  async gaussian(): Promise<void> {
    const seed = this.job.seed!;
    const width = Number(this.job.width);
    for (const sample of this.drawn) {
      const count = sample.rows.length;
      await this.measure(gaussianPoints(count, width, seed, sample.class, sample.subsample), "gaussian", 0, sample);
    }
  }

  async network(): Promise<NetworkRecord> {
    const { job, config } = this;
    const { data, signal, onProgress } = this.context;
    const backend = await this.context.backend();
    const widths = sweepWidths(data.features, job.width!, config.hiddenLayers, data.classes);
    const spec = specOf(config, widths, job.activation!);
    const started = performance.now();
    const training = await train(backend, spec, data.train, {
      seed: job.seed!,
      ...(signal ? { signal } : {}),
      onProgress: ({ step, steps }) => onProgress?.({ phase: "training", done: (job.trainingShare * step) / steps }),
    });
    this.trainingSeconds = (performance.now() - started) / 1000;
    this.weights = training.weights;
    const testAccuracy = await this.layers(backend, training.weights, "network");
    const start = await this.start(backend, spec);
    const untrainedTestAccuracy = config.controls.includes("untrained")
      ? await this.layers(backend, start, "untrained")
      : accuracy(backend, start, data.test, { statistics: config.batchStatistics });
    return {
      id: job.id,
      activation: spec.activation,
      width: job.width!,
      widths,
      seed: job.seed!,
      parameters: parameterCount(widths, spec.batchNorm),
      steps: training.stepsDone,
      takenAt: training.step,
      validations: training.validations,
      validationAccuracy: this.validationAccuracy(backend, training.weights),
      testAccuracy,
      untrainedTestAccuracy,
      losses: training.losses,
    };
  }

  /** On the points held back from training; null without any. */
  private validationAccuracy(backend: Backend, weights: NetworkWeights): number | null {
    const { heldBack } = this.config.training;
    if (heldBack === 0) return null;
    const points = rowsBetween(this.context.data.train, 0, heldBack);
    return accuracy(backend, weights, points, { statistics: this.config.batchStatistics });
  }

  /** The network before training, with the statistics that measuring it needs. */
  private async start(backend: Backend, spec: NetworkSpec): Promise<NetworkWeights> {
    const weights = initialNetwork(spec, this.job.seed!);
    if (this.config.batchStatistics === "sample" || spec.batchNorm === "none") return weights;
    const { data, signal } = this.context;
    return withTrainingSetStatistics(backend, weights, data.train, {
      heldBack: spec.heldBack,
      ...(signal ? { signal } : {}),
    });
  }

  /** Measures every hidden layer, class by class, and returns the accuracy on the test set. */
  private async layers(backend: Backend, weights: NetworkWeights, source: "network" | "untrained"): Promise<number> {
    const statistics = this.config.batchStatistics;
    for (const sample of this.drawn) {
      const { layers } = activations(backend, weights, sample.points, { statistics });
      const measured: UnitDiagrams[] = [];
      for (const [index, { data, shape }] of layers.entries())
        measured.push(await this.measure({ data, shape }, source, index + 1, sample));
      await this.compareLayers(source, sample, measured);
    }
    throwIfAborted(this.context.signal);
    return accuracy(backend, weights, this.context.data.test, { statistics });
  }

  /** Distances between the diagrams of consecutive layers, where the study asks for them. */
  private async compareLayers(source: "network" | "untrained", sample: Sample, layers: readonly UnitDiagrams[]) {
    const { config } = this;
    const { metrics, subsamples } = config.layerDistances;
    if (metrics.length === 0 || sample.subsample >= subsamples) return;
    let before = await this.inputDiagrams(sample);
    for (const [index, after] of layers.entries()) {
      throwIfAborted(this.context.signal);
      const where = this.place(source, index + 1, sample);
      for (const one of layerDistances(before, after, config)) this.distances.push({ ...where, ...one });
      before = after;
    }
  }

  /** The input's diagrams of a sample, once for the trained network and once for the untrained. */
  private async inputDiagrams(sample: Sample): Promise<UnitDiagrams> {
    const key = `${sample.class}/${sample.subsample}`;
    const held = this.inputs.get(key);
    if (held) return held;
    const what = { ...this.place("input", 0, sample), job: "input", width: null, activation: null, seed: null };
    const bare = { ...this.config, readouts: [], subset: { ...this.config.subset, readouts: [] } };
    const { measurement, raw } = await measure(
      sample.points,
      what,
      bare,
      cutOff(this.config, this.context.data, sample.class),
    );
    const diagrams = { diagrams: raw, unit: measurement.medianDistance };
    this.inputs.set(key, diagrams);
    return diagrams;
  }

  private place(source: Measured["measurement"]["source"], layer: number, { class: label, subsample }: Sample) {
    const { id, width, activation, seed } = this.job;
    return { source, job: id, width, activation, seed, layer, class: label, subsample };
  }

  private async measure(
    cloud: PointCloud,
    source: Measured["measurement"]["source"],
    layer: number,
    sample: Sample,
  ): Promise<UnitDiagrams> {
    throwIfAborted(this.context.signal);
    const { job, config } = this;
    const cut = cutOff(config, this.context.data, sample.class);
    const what = this.place(source, layer, sample);
    const { measurement, diagrams, curves, raw } = await measure(cloud, what, config, cut);
    this.measurements.push(measurement);
    this.clouds.push(diagrams);
    this.curves.push(curves);
    const done = job.trainingShare + (1 - job.trainingShare) * (this.measurements.length / job.clouds);
    this.context.onProgress?.({ phase: "measuring", done });
    return { diagrams: raw, unit: measurement.medianDistance };
  }
}

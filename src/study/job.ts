/** Jobs: the parts of a study that can be done in any order, on any thread, and resumed one by one. */
import type { Activation } from "../network/activation.js";
import { differentWidths, hiddenWidths, type SweepWidth, sweepWidths } from "../network/architecture.js";
import { checkTrainingFits, trainingSeconds } from "../network/estimate.js";
import type { NetworkSpec } from "../network/spec.js";
import { aSize } from "../shape.js";
import { defaultDraws } from "../topology/readout.js";
import { checkConfig, type StudyConfig } from "./config.js";

/**
 * One part of a study. `input` measures the images; `projection` a random linear projection of them; `gaussian` as many
 * points of the standard normal distribution; `network` trains one network and measures its layers before and after training.
 */
export interface Job {
  /** Name of the job and of its files: `input`, `projection-w8-s1`, `gaussian-w8-s1`, `square-w8-s1`, `relu-w64-32-16-s1`. */
  readonly id: string;
  readonly kind: "input" | "projection" | "gaussian" | "network";
  /** Of a network the hidden layers, of a control without a network its dimensions; null for the input. */
  readonly width: SweepWidth | null;
  /** null but for networks. */
  readonly activation: Activation | null;
  /** null for the input. */
  readonly seed: number | null;
  /** Number of point clouds it measures. */
  readonly clouds: number;
  /** Seconds it should take on one thread of a common machine; only the ratios matter, for order and progress. */
  readonly estimatedSeconds: number;
  /** The part of it that is training, in [0, 1]. */
  readonly trainingShare: number;
  /** The whole study's config: a job can be done with nothing else but the data set. */
  readonly config: StudyConfig;
}

/** A plan: what a study would do. */
export interface StudyPlan {
  readonly jobs: readonly Job[];
  /** Networks trained. */
  readonly networks: number;
  /** Point clouds measured. */
  readonly clouds: number;
  /** Seconds on the given number of threads of a common machine: a rough figure. */
  readonly estimatedSeconds: number;
  /** Bytes of memory at the peak, roughly: the data set once, and a training per thread. */
  readonly estimatedBytes: number;
}

/** The jobs of a study, in the order of its results: the input, then projections, Gaussian points and networks. */
export function listJobs(config: StudyConfig): Job[] {
  const samples = config.classes.length * config.sampling.subsamples;
  const job = (part: Pick<Job, "id" | "kind" | "width" | "activation" | "seed">, dimensions: number[]): Job => {
    const training = secondsOfTraining(config, part);
    const clouds =
      dimensions.reduce((sum, dimension) => sum + samples * cloudSeconds(config, part.kind, dimension), 0) +
      subsetSeconds(config, part, dimensions.length);
    return {
      ...part,
      clouds: dimensions.length * samples,
      estimatedSeconds: training + clouds,
      trainingShare: training / (training + clouds),
      config,
    };
  };
  const jobs = [job({ id: "input", kind: "input", width: null, activation: null, seed: null }, [784])];
  for (const kind of ["projection", "gaussian"] as const)
    if (config.controls.includes(kind))
      for (const width of layerWidths(config))
        for (const seed of config.seeds)
          jobs.push(job({ id: `${kind}-w${width}-s${seed}`, kind, width, activation: null, seed }, [width]));
  const passes = config.controls.includes("untrained") ? 2 : 1;
  for (const activation of config.activations)
    for (const width of config.widths) {
      const hidden = hiddenWidths(width, config.hiddenLayers);
      for (const seed of config.seeds)
        jobs.push(
          job(
            { id: `${fileName(activation)}-w${width}-s${seed}`, kind: "network", width, activation, seed },
            new Array<number[]>(passes).fill(hidden).flat(),
          ),
        );
    }
  return jobs;
}

/** Every width that a hidden layer of the study has, ascending: controls without a network are measured at each. */
function layerWidths({ widths }: StudyConfig): number[] {
  return [...new Set(widths.flatMap(differentWidths))].sort((one, other) => one - other);
}

/**
 * What a study would do, and roughly how long that takes.
 * @param threads jobs done at the same time
 * @throws MemoryLimitError for a network whose training would not fit
 */
export function planStudy(given: StudyConfig, threads = 1): StudyPlan {
  const config = checkConfig(given);
  aSize(threads, "threads");
  for (const activation of config.activations)
    for (const width of config.widths) checkTrainingFits(networkSpec(config, width, activation));
  const jobs = listJobs(config);
  const networks = jobs.filter(({ kind }) => kind === "network").length;
  const work = jobs.reduce((sum, job) => sum + job.estimatedSeconds, 0);
  const longest = jobs.reduce((most, job) => Math.max(most, job.estimatedSeconds), 0);
  const busy = Math.max(1, Math.min(threads, jobs.length));
  const layers = config.widths.flatMap((width) => hiddenWidths(width, config.hiddenLayers)).length;
  const pictures = config.classes.length + (networks * layers) / config.widths.length + 6;
  return {
    jobs,
    networks,
    clouds: jobs.reduce((sum, job) => sum + job.clouds, 0),
    estimatedSeconds: start + Math.max(longest, work / busy) + pictures * pictureSeconds,
    estimatedBytes: datasetBytes + busy * threadBytes,
  };
}

/** Loading the data and the training library, in seconds. */
const start = 3;
/** Drawing one picture of the report, in seconds. */
const pictureSeconds = 0.06;
/** MNIST decoded, Node itself, and the library that draws the report; two small studies took up to 261 MB besides a thread. */
const datasetBytes = 300e6;
/** One worker thread with the training library and a network in training. */
const threadBytes = 200e6;

/** The recipe of one network of a study. */
export function specOf(config: StudyConfig, widths: readonly number[], activation: Activation): NetworkSpec {
  const { validateEvery, earlyStop, ...training } = config.training;
  return {
    ...training,
    ...(validateEvery === null ? {} : { validateEvery }),
    ...(earlyStop === null ? {} : { earlyStop }),
    widths,
    activation,
  };
}

/** An activation's name in the names of jobs and files: `leaky-relu:0.1` is `leaky-relu_0.1`. */
function fileName(activation: Activation): string {
  return activation.replace(/[:,]/g, "_");
}

/** Numbers per point and classes, before the data are there. */
function sizes({ dataset }: StudyConfig): { features: number; classes: number; points: number } {
  const images = dataset === "auto" || dataset === "mnist" || dataset === "digits";
  return images
    ? { features: 784, classes: 10, points: dataset === "digits" ? 12_000 : 60_000 }
    : { features: 3, classes: 2, points: 12_000 };
}

/** Seconds of training and of the accuracies on one thread of a machine with two cores. */
function secondsOfTraining(
  config: StudyConfig,
  { kind, width, activation }: Pick<Job, "kind" | "width" | "activation">,
): number {
  if (kind !== "network" || width === null || activation === null) return 0;
  const { points } = sizes(config);
  // The accuracies before and after, and the statistics before.
  return trainingSeconds(networkSpec(config, width, activation), points) + points * 3.4e-5;
}

/** The recipe of one network as far as it is known before the data are there. */
function networkSpec(config: StudyConfig, width: SweepWidth, activation: Activation): NetworkSpec {
  const { features, classes } = sizes(config);
  return specOf(config, sweepWidths(features, width, config.hiddenLayers, classes), activation);
}

/** Seconds of one cloud: distances, homology, and the readouts that resample. */
function cloudSeconds(config: StudyConfig, kind: Job["kind"], dimension: number): number {
  const n = sampleSize(config);
  const { maxDim } = config.homology;
  // Voids of data, of layers too, are had in the time of loops; those of pure noise, and all above, are not.
  const higher = n ** Math.max(0, kind === "gaussian" ? maxDim - 1 : maxDim - 2);
  const resampling = config.readouts.reduce((sum, readout) => sum + readoutSeconds(readout, n), 0);
  return 3e-3 + n * n * (dimension * 6e-10 + 2.5e-7) * higher + resampling;
}

/** Seconds of what is done for some clouds only: dear readouts, and distances between the layers of a network. */
function subsetSeconds(config: StudyConfig, { kind, seed }: Pick<Job, "kind" | "seed">, layers: number): number {
  const { subset, layerDistances, sampling, classes, seeds } = config;
  const n = sampleSize(config);
  const chosen = seed === null || seeds.indexOf(seed) < subset.seeds;
  const clouds = Math.min(subset.classes, classes.length) * Math.min(subset.subsamples, sampling.subsamples);
  const dear = subset.readouts.reduce((sum, readout) => sum + readoutSeconds(readout, n), 0);
  const compared = classes.length * Math.min(layerDistances.subsamples, sampling.subsamples);
  const distances = layerDistances.metrics.length * (config.homology.maxDim + 1) * 2e-7 * n * n;
  return (chosen ? layers * clouds * dear : 0) + (kind === "network" ? layers * compared * distances : 0);
}

function readoutSeconds(readout: string, n: number): number {
  const draws = Number(/:B=(\d+)/.exec(readout)?.[1] ?? Number.NaN);
  if (readout.startsWith("fasy")) return (draws || defaultDraws.fasy) * n * n * 5e-10;
  if (readout.startsWith("bootstrap")) return (draws || defaultDraws.bootstrap) * n * n * 1.2e-7;
  return 0;
}

function sampleSize({ sampling: { perClass } }: StudyConfig): number {
  // A class of MNIST's test set has a thousand images.
  return perClass === "all" ? 1000 : (perClass ?? 200);
}

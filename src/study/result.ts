/**
 * The result of a study: exactly what `study.json` holds. Everything here is reproducible byte for byte on one backend,
 * Node major and architecture; times, host, memory and progress live in `environment.json` and `run-log.ndjson`.
 */
import type { LayerBound } from "../bounds/layer-bounds.js";
import type { DatasetName } from "../data/dataset.js";
import type { SweepWidth } from "../network/architecture.js";
import type { Validation } from "../network/validation.js";
import type { Comparison } from "../selection/comparison.js";
import type { Enclosure } from "../selection/enclosure.js";
import type { Recommendation } from "../selection/recommend.js";
import type { BettiReading } from "../topology/betti.js";
import type { StudyConfig } from "./config.js";
import type { KnownTopology } from "./known.js";
import type { StudyStatistics } from "./statistics.js";

/**
 * What was measured: the data, a trained network, the same network before training, a random projection, or as many
 * points of the standard normal distribution.
 */
export type Source = "input" | "network" | "untrained" | "projection" | "gaussian";

/** The data the study ran on. */
export interface DatasetRecord {
  /** `mnist`, or the name of data drawn by bettina. */
  readonly name: DatasetName;
  /** True when the points are not real data but drawn by bettina; the report says so in its first line. */
  readonly generated: boolean;
  /** Why this data set: "found in <which kind of place>", or why MNIST could not be had. Names no path. */
  readonly note: string;
  /** SHA-256 over the decoded points and labels of the training and the test set, in that order. */
  readonly digest: string;
  readonly trainCount: number;
  readonly testCount: number;
  readonly classes: number;
  /** Numbers per point: 784 for images. */
  readonly inputDimension: number;
}

/** What ran, so that the bytes can be had again. */
export interface VersionRecord {
  readonly bettina: string;
  /** Version of the layout shared by the host and the WebAssembly module. */
  readonly engineAbi: number;
  /** SHA-256 of the WebAssembly module. */
  readonly engineDigest: string;
  readonly tfjs: string;
  readonly nodeMajor: number;
  readonly architecture: string;
}

/** The training backend and why it was chosen. */
export interface BackendRecord {
  readonly name: "node" | "wasm" | "cpu";
  /** One line a backend: which was tried, what its probe step said. */
  readonly tried: readonly { readonly name: string; readonly outcome: string }[];
}

/** One trained network. */
export interface NetworkRecord {
  /** `square-w8-s1`; also the name of its job. */
  readonly id: string;
  readonly activation: string;
  /** The network of the sweep: the width of all its hidden layers, or every one of them, as in `64-32-16`. */
  readonly width: SweepWidth;
  /** All layer sizes, input and output included: [784, 8, 8, 8, 10]. */
  readonly widths: readonly number[];
  readonly seed: number;
  /** Number of trained numbers. */
  readonly parameters: number;
  /** Steps done: fewer than the config's where training stopped early. */
  readonly steps: number;
  /** Step after which the weights were taken: that of the best validation where training may stop early, else the last. */
  readonly takenAt: number;
  /** Loss and accuracy on the images held back while it was trained; empty unless the config asks for them. */
  readonly validations: readonly Validation[];
  /**
   * Accuracy on the training images held back, by the same statistics; the only one that may choose a width. null where
   * none are held back.
   */
  readonly validationAccuracy: number | null;
  /** Test accuracy in [0, 1] by the statistics used when measuring (see the config's `batchStatistics`). */
  readonly testAccuracy: number;
  /** Test accuracy of the same network before training. */
  readonly untrainedTestAccuracy: number;
  /** Loss per image on the training batches, every so many steps. */
  readonly losses: readonly { readonly step: number; readonly loss: number }[];
}

/**
 * Betti numbers read from one cloud's diagrams by one rule: `readout` (`count`, `ratio>1.1`, ...), `betti` by dimension
 * (null where the rule defines none) and, where there is something to say, a `note`.
 */
export type ReadoutRecord = BettiReading;

/** One point cloud measured. */
export interface MeasurementRecord {
  readonly source: Source;
  /** Job it came from: `input`, `projection-w8-s1`, `square-w8-s1`. The untrained network shares its network's job. */
  readonly job: string;
  /**
   * Of a network the hidden layers (all of them: 16, or 64-32-16), of a control without a network its dimensions: the
   * control of a layer is that of the layer's own width. null for the input.
   */
  readonly width: SweepWidth | null;
  readonly activation: string | null;
  readonly seed: number | null;
  /** 0 for the input and the projection, 1.. for hidden layers. */
  readonly layer: number;
  /** Class label of the images. */
  readonly class: number;
  /** Which sample of the class, from 0. */
  readonly subsample: number;
  /** Number of images, and how many of their images under the map are different points. */
  readonly points: number;
  readonly distinctPoints: number;
  readonly threshold: number;
  /** Median of the distances between two points: the unit of normalised scales; null of a single point. */
  readonly medianDistance: number | null;
  readonly readouts: readonly ReadoutRecord[];
}

/** Proven upper bounds for one architecture of the sweep. */
export interface BoundsRecord {
  readonly activation: string;
  readonly width: SweepWidth;
  readonly widths: readonly number[];
  /** One entry per hidden layer and dimension k: what the network can create from a convex domain (U_k). */
  readonly created: readonly LayerBound[];
  /** One entry per hidden layer and dimension k: what the layer can carry of its input (I_k). */
  readonly carried: readonly LayerBound[];
}

/** A job that failed; its message is a result too. */
export interface FailureRecord {
  readonly job: string;
  readonly code: string;
  readonly message: string;
}

/** Rows of the test set that were measured. */
export interface SampleRecord {
  /** The job that drew them; null when one draw serves the input, every layer and the controls. */
  readonly job: string | null;
  readonly class: number;
  /** Which sample of the class, from 0. */
  readonly subsample: number;
  readonly rows: readonly number[];
}

/** Everything a study found. */
export interface StudyResult {
  readonly format: "bettina-study";
  readonly formatVersion: 3;
  readonly versions: VersionRecord;
  readonly config: StudyConfig;
  /** SHA-256 of the canonical JSON of the config. */
  readonly configDigest: string;
  readonly dataset: DatasetRecord;
  readonly backend: BackendRecord;
  /** Sorted by job (as listed by the study's plan), class. */
  readonly samples: readonly SampleRecord[];
  readonly networks: readonly NetworkRecord[];
  /** Sorted by source, activation, width, seed, layer, class, subsample. */
  readonly measurements: readonly MeasurementRecord[];
  readonly bounds: readonly BoundsRecord[];
  /** Medians and intervals of everything measured. */
  readonly statistics: StudyStatistics;
  /** What choosing by accuracy alone would give, one per activation: whether topology helps. */
  readonly comparisons: readonly Comparison[];
  /** The known Betti numbers of the classes beside the measured ones; null where nobody knows them. */
  readonly known: KnownTopology | null;
  /** Classes of the first sample that surround others, in the plane and in space; what Johnson's theorem assumes. */
  readonly enclosures: readonly Enclosure[];
  readonly recommendation: Recommendation;
  readonly failures: readonly FailureRecord[];
}

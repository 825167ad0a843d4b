/** Which test points a job measures. */
import type { Dataset, PointSet } from "../data/dataset.js";
import { rowsOfClass, takeRows } from "../data/sampling.js";
import { ConfigError, expected } from "../errors.js";
import { Random } from "../random.js";
import type { StudyConfig } from "./config.js";

/** Points of one class. */
export interface Sample {
  readonly class: number;
  /** Which sample of the class, from 0. */
  readonly subsample: number;
  /** Rows of the test set, in the order drawn. */
  readonly rows: Uint32Array;
  /** The points themselves, in the same order. */
  readonly points: PointSet;
}

/**
 * The test points of one class that a job measures, sample by sample: one draw for the whole study when samples are
 * paired, else a draw of the job's own, both named by the study's seed. Without replacement the samples share no point
 * where the class has enough for that; where it has not, each is drawn from the whole class.
 */
export function drawSamples(config: StudyConfig, data: Dataset, job: string, label: number): Sample[] {
  const { paired, replacement, subsamples } = config.sampling;
  const ofClass = rowsOfClass(data.test.labels, label);
  const count = sampleSize(config, ofClass.length);
  const labels = paired ? ["sample", label] : ["sample", job, label];
  const random = new Random(config.seed, ...labels);
  const apart = !replacement && subsamples * count <= ofClass.length;
  const together = apart ? random.sample(ofClass.length, subsamples * count) : null;
  return Array.from({ length: subsamples }, (_, subsample) => {
    const own = subsample === 0 ? random : new Random(config.seed, ...labels, "subsample", subsample);
    const drawn = together
      ? together.subarray(subsample * count, (subsample + 1) * count)
      : replacement
        ? own.sampleWithReplacement(ofClass.length, count)
        : own.sample(ofClass.length, count);
    const rows = drawn.map((index) => ofClass[index]!);
    return { class: label, subsample, rows, points: takeRows(data.test, rows) };
  });
}

/** Points in a sample of a class that has so many. */
function sampleSize({ sampling: { perClass } }: StudyConfig, available: number): number {
  return perClass === null ? Math.floor(available / 5) : perClass === "all" ? available : perClass;
}

/**
 * Checks that the data set has the classes and images the config asks for.
 * @throws ConfigError
 */
export function checkSamples(config: StudyConfig, data: Dataset): void {
  const { replacement } = config.sampling;
  for (const label of config.classes) {
    const available = rowsOfClass(data.test.labels, label).length;
    const most = replacement ? Infinity : available;
    if (label >= data.classes || available === 0)
      throw new ConfigError(
        expected(`classes that the test set of ${data.name} has (${present(data)})`, "classes", label),
        {
          hint: "Leave the class out.",
        },
      );
    const count = sampleSize(config, available);
    if (count < 1 || count > most)
      throw new ConfigError(expected(`1 to ${most} test images of class ${label}`, "sampling.perClass", count), {
        hint: "Measure fewer images per class, or leave the class out.",
      });
  }
  if (data.train.shape[0] <= config.training.heldBack)
    throw new ConfigError(
      expected(`fewer than the ${data.train.shape[0]} training images`, "training.heldBack", config.training.heldBack),
      { hint: "Hold back fewer." },
    );
}

/** The classes with test points, in ascending order. */
function present({ test }: Dataset): string {
  return [...new Set(test.labels)].sort((one, other) => one - other).join(", ");
}

/**
 * Where the filtration of a class is cut: undefined for the enclosing radius, or twice the norm of the first point of
 * the input's sample, pixels counting from 0 to 1 (the paper cuts the layers' filtrations there too, whatever their scale).
 */
export function cutOff(config: StudyConfig, data: Dataset, label: number): number | undefined {
  if (config.homology.threshold === "enclosing") return undefined;
  const { points } = drawSamples(config, data, "input", label)[0]!;
  // Pixels are divided by 255, which is not quite the same as multiplying them with 1/255.
  const unit = 1 / points.scale;
  let sum = 0;
  for (const value of points.data.subarray(0, data.features)) sum += (value / unit) ** 2;
  return 2 * Math.sqrt(sum);
}

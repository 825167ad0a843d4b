/**
 * The empirical rule with error control: which widths keep the input's Betti numbers, at a confidence, by a study's
 * trainings. A training is one trial: n is the number of seeds, never of classes, layers or images.
 */
import type { SweepWidth } from "../network/architecture.js";
import { type Criterion, clopperPearsonLower, fixedSequence, keeps } from "./criterion.js";
import { collectEvidence, type Measured, median, type Run, runsOf } from "./evidence.js";

/** One width of the test. */
export interface WidthTest {
  readonly width: SweepWidth;
  /** Trainings in which every comparison of the rule held. */
  readonly kept: number;
  readonly trainings: number;
  /** One-sided lower confidence limit of the chance that a training keeps (Clopper and Pearson). */
  readonly lowerLimit: number;
  /** Fit of kept / trainings that does not decrease from a width to the next larger (isotonic, weights: trainings). */
  readonly monotoneFit: number;
  readonly accepted: boolean;
  /** Median test accuracy; null without one. */
  readonly accuracy: number | null;
  /** Runs of each control that keep too; null where it was not measured. */
  readonly projectionKept: { readonly kept: number; readonly runs: number } | null;
  readonly untrainedKept: { readonly kept: number; readonly runs: number } | null;
}

/** The test of one activation. */
export interface EmpiricalTest {
  readonly activation: string;
  readonly readout: string;
  readonly rule: Criterion["rule"];
  readonly tolerance: number;
  /** π₀: the chance of keeping that is to be shown. */
  readonly probability: number;
  readonly alpha: number;
  /** Trainings of each width planned. */
  readonly trainings: number;
  /** Trainings that would be enough if all of them kept. */
  readonly trainingsNeeded: number;
  /** Smallest accepted width; null when none is, and by any rule but `every-class`. */
  readonly acceptedWidth: SweepWidth | null;
  /** The same by the comparisons of one degree alone. */
  readonly acceptedByDegree: readonly { readonly k: number; readonly width: SweepWidth | null }[];
  readonly widths: readonly WidthTest[];
}

/** What a study gives. A `StudyResult` with its config has all of it. */
export interface EmpiricalInput {
  readonly measurements: readonly Measured[];
  readonly networks: readonly {
    readonly activation: string;
    readonly width: SweepWidth;
    readonly testAccuracy: number;
  }[];
  /** Ascending in the order of the study's decision. */
  readonly widths: readonly SweepWidth[];
  readonly seeds: readonly number[];
  readonly activation: string;
  readonly readout: string;
  readonly criterion: Criterion;
  readonly probability: number;
  readonly alpha: number;
}

/** Runs the fixed-sequence test from the largest width down. */
export function empiricalTest(input: EmpiricalInput): EmpiricalTest {
  const { measurements, activation, readout, criterion, probability, alpha, seeds, widths } = input;
  const network = collectEvidence(readout, measurements, "network", activation, widths);
  const untrained = collectEvidence(readout, measurements, "untrained", activation, widths);
  const projection = collectEvidence(readout, measurements, "projection", null, widths);
  // A training that failed keeps nothing.
  const trials = seeds.length;
  const count = (runs: readonly Run[]) => runs.filter((run) => keeps(run, criterion)).length;
  const control = (evidence: typeof network, width: SweepWidth) => {
    const runs = evidence.find((entry) => entry.width === width)?.runs;
    return runs === undefined ? null : { kept: count(runs), runs: runs.length };
  };
  // Confidence is claimed for the rule of the theory alone, as studies say: every layer and class.
  const sequence = (evidence: typeof network) =>
    criterion.rule !== "every-class"
      ? null
      : fixedSequence(
          widths.map((width) => ({ width, successes: count(runsOf(evidence, width)), trials })),
          { probability, alpha },
        );
  const acceptedWidth = sequence(network);
  const fit = isotonic(network.map(({ runs }) => count(runs) / trials));
  const degrees = [...new Set(network.flatMap(({ runs }) => runs.flatMap((run) => run.comparisons.map(({ k }) => k))))];
  return {
    activation,
    readout,
    rule: criterion.rule,
    tolerance: criterion.tolerance,
    probability,
    alpha,
    trainings: trials,
    trainingsNeeded: trainingsNeeded(probability, alpha),
    acceptedWidth,
    acceptedByDegree: degrees.map((k) => ({
      k,
      width: sequence(
        network.map(({ width, runs }) => ({
          width,
          runs: runs.map((run) => ({ ...run, comparisons: run.comparisons.filter((one) => one.k === k) })),
        })),
      ),
    })),
    widths: network.map(({ width, runs }, i) => {
      const accuracies = input.networks.filter((one) => one.activation === activation && one.width === width);
      return {
        width,
        kept: count(runs),
        trainings: trials,
        lowerLimit: clopperPearsonLower(count(runs), trials, alpha),
        monotoneFit: fit[i]!,
        accepted: acceptedWidth !== null && widths.indexOf(width) >= widths.indexOf(acceptedWidth),
        accuracy: accuracies.length === 0 ? null : median(accuracies.map(({ testAccuracy }) => testAccuracy)),
        projectionKept: control(projection, width),
        untrainedKept: control(untrained, width),
      };
    }),
  };
}

/** The least n with α^(1/n) ≥ π₀: trainings that accept a width if every one of them keeps. */
export function trainingsNeeded(probability: number, alpha: number): number {
  let n = Math.max(1, Math.floor(Math.log(alpha) / Math.log(probability)) - 1);
  while (clopperPearsonLower(n, n, alpha) < probability) n++;
  return n;
}

/** The closest sequence in the least-squares sense that does not decrease (pool adjacent violators). */
export function isotonic(values: readonly number[]): number[] {
  const blocks: { sum: number; size: number }[] = [];
  for (const value of values) {
    blocks.push({ sum: value, size: 1 });
    for (let last = blocks.at(-1)!, before = blocks.at(-2); before; last = blocks.at(-1)!, before = blocks.at(-2)) {
      if (before.sum / before.size <= last.sum / last.size) break;
      blocks.splice(-2, 2, { sum: before.sum + last.sum, size: before.size + last.size });
    }
  }
  return blocks.flatMap(({ sum, size }) => new Array<number>(size).fill(sum / size));
}

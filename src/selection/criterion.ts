/** When a training counts as keeping the input's Betti numbers, and what several trainings prove together. */
import { ConfigError, expected } from "../errors.js";
import type { SweepWidth } from "../network/architecture.js";
import { type Comparison, median, type Run } from "./evidence.js";

/** The rule of a recommendation, fixed before the run; see `StudyConfig.decision`. */
export interface Criterion {
  readonly rule: "every-class" | "median-over-classes";
  /** Fraction of the comparisons that may fall below the input all the same, in [0, 1). */
  readonly tolerance: number;
}

/** A comparison the criterion makes: of one sample of a class, or of medians over classes and samples. */
export type Judged = Omit<Comparison, "class" | "subsample"> & {
  readonly class: number | null;
  readonly subsample: number | null;
};

/** What the criterion compares in one run: every layer, class and sample, or every layer's medians over them. */
export function judged(run: Run, { rule }: Pick<Criterion, "rule">): Judged[] {
  if (rule === "every-class") return [...run.comparisons];
  const groups = new Map<string, Comparison[]>();
  for (const comparison of run.comparisons) {
    const key = `${comparison.layer}/${comparison.k}`;
    const group = groups.get(key);
    if (group) group.push(comparison);
    else groups.set(key, [comparison]);
  }
  return [...groups.values()].map((group) => ({
    layer: group[0]!.layer,
    class: null,
    subsample: null,
    k: group[0]!.k,
    input: median(group.map(({ input }) => input)),
    measured: median(group.map(({ measured }) => measured)),
  }));
}

/** Whether a run keeps the input's Betti numbers. A run without comparisons shows nothing and keeps nothing. */
export function keeps(run: Run, criterion: Criterion): boolean {
  const all = judged(run, criterion);
  const fewer = all.filter(({ input, measured }) => measured < input).length;
  return all.length > 0 && fewer <= criterion.tolerance * all.length;
}

/** The part of all comparisons, sample by sample, in which the layer measured at least the input; NaN of none. */
export function fractionKept(runs: readonly Run[]): number {
  const all = runs.flatMap(({ comparisons }) => comparisons);
  return all.filter(({ input, measured }) => measured >= input).length / all.length;
}

/**
 * The one-sided lower confidence limit of a probability after `successes` of `trials` (Clopper and Pearson 1934): the
 * root p of P(Bin(trials, p) ≥ successes) = alpha, and 0 without a success. Holds for every trials ≥ 1, no approximation.
 * @throws ConfigError for counts or a level out of range
 */
export function clopperPearsonLower(successes: number, trials: number, alpha = 0.05): number {
  if (!Number.isInteger(trials) || trials < 1)
    throw new ConfigError(expected("an integer of at least 1", "trials", trials));
  if (!Number.isInteger(successes) || successes < 0 || successes > trials)
    throw new ConfigError(expected(`an integer from 0 to ${trials}`, "successes", successes));
  if (!(alpha > 0 && alpha < 1)) throw new ConfigError(expected("a level between 0 and 1", "alpha", alpha));
  if (successes === 0) return 0;
  if (successes === trials) return alpha ** (1 / trials);
  let low = 0;
  let high = 1;
  for (let i = 0; i < 100; i++) {
    const middle = (low + high) / 2;
    if (upperTail(successes, trials, middle) < alpha) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** P(Bin(trials, p) ≥ successes). */
function upperTail(successes: number, trials: number, p: number): number {
  let sum = 0;
  let logChoose = 0;
  for (let i = 1; i <= trials; i++) {
    logChoose += Math.log((trials - i + 1) / i);
    if (i >= successes) sum += Math.exp(logChoose + i * Math.log(p) + (trials - i) * Math.log1p(-p));
  }
  return sum;
}

/** One width of a sweep for {@link fixedSequence}. */
export interface WidthTrials {
  readonly width: SweepWidth;
  readonly successes: number;
  readonly trials: number;
}

/**
 * The smallest width accepted by a fixed-sequence test from the largest down: a width is accepted while its lower limit
 * at level alpha reaches `probability`, and the first that does not ends the test. The chance that any accepted width
 * keeps with a probability below it is at most alpha, with no correction for the number of widths, in any order that was
 * fixed before the trials.
 * @param widths every width of the sweep, ascending in that order; one without a trial had no success
 * @returns null when even the largest is not accepted
 */
export function fixedSequence(
  widths: readonly WidthTrials[],
  { probability = 0.5, alpha = 0.05 }: { readonly probability?: number; readonly alpha?: number } = {},
): SweepWidth | null {
  let accepted: SweepWidth | null = null;
  for (const { width, successes, trials } of [...widths].reverse()) {
    if (clopperPearsonLower(successes, trials, alpha) < probability) break;
    accepted = width;
  }
  return accepted;
}

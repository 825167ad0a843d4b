/** Rank correlation between trainings of the same width, with a test that permutes within widths only. */
import type { SweepWidth } from "../network/architecture.js";
import { Random } from "../random.js";

/** The trainings of one width: a number and an accuracy of each, in the same order. */
export interface Stratum {
  readonly width: SweepWidth;
  readonly values: readonly number[];
  readonly accuracies: readonly number[];
}

/** Spearman's rank correlation at one width. */
export interface StratumCorrelation {
  readonly width: SweepWidth;
  readonly trainings: number;
  /** In [-1, 1]; null where either side does not vary, or of fewer than {@link leastTrainings} trainings. */
  readonly rho: number | null;
}

/** Whether a number goes with accuracy between trainings of the same width. */
export interface WithinWidths {
  readonly byWidth: readonly StratumCorrelation[];
  /** Mean of the correlations of the widths that have one; null where none has. */
  readonly mean: number | null;
  /** Widths and trainings that the mean rests on. */
  readonly widths: number;
  readonly trainings: number;
  /** Two-sided: the share of permutations within widths whose |mean| is at least as large. null as `mean`. */
  readonly pValue: number | null;
  /** `exact`: every permutation counted; `drawn`: so many, and the one observed: p = (1 + hits) / (1 + drawn). */
  readonly method: "exact" | "drawn";
  /** Permutations counted or drawn. */
  readonly permutations: number;
}

/** With three, the smallest p of one width is 1 in 3; four give 1 in 12. */
export const leastTrainings = 4;
/** Up to so many permutations all are counted. */
const mostExact = 40_320;
const drawn = 9999;
/** Means of correlations differ by rounding, or by at least one in a few thousand. */
const rounding = 1e-9;

/** Ranks from 1; equal values share the mean of their ranks. */
export function midRanks(values: readonly number[]): number[] {
  const order = values.map((_, i) => i).sort((one, other) => values[one]! - values[other]!);
  const ranks = new Array<number>(values.length);
  for (let from = 0; from < order.length; ) {
    let to = from;
    while (to < order.length && values[order[to]!] === values[order[from]!]) to++;
    for (let i = from; i < to; i++) ranks[order[i]!] = (from + to + 1) / 2;
    from = to;
  }
  return ranks;
}

/**
 * The mean over the widths of Spearman's rho between the trainings of each. Dimension, sample and controls are the same
 * for all trainings of a width, so that neither can make the correlation. Under the hypothesis that within every width
 * accuracies are exchangeable, permuting them there gives the distribution of the mean, ties included; nothing is
 * assumed between widths. Drawn permutations come from a fixed seed.
 * Cost: up to 40,320 permutations of all trainings.
 */
export function withinWidths(strata: readonly Stratum[]): WithinWidths {
  const ranked = strata.map(({ width, values, accuracies }) => {
    const [a, b] = [centred(values), centred(accuracies)];
    const scale = Math.sqrt(dot(a, a) * dot(b, b));
    const usable = values.length >= leastTrainings && scale > 0;
    return { width, trainings: values.length, a, b, scale, rho: usable ? dot(a, b) / scale : null };
  });
  const used = ranked.filter(({ rho }) => rho !== null);
  const byWidth = ranked.map(({ width, trainings, rho }) => ({ width, trainings, rho }));
  const trainings = used.reduce((sum, one) => sum + one.trainings, 0);
  const all = used.reduce((product, one) => product * factorial(one.trainings), 1);
  const method = all <= mostExact ? "exact" : "drawn";
  const base = { byWidth, widths: used.length, trainings, method } as const;
  if (used.length === 0) return { ...base, mean: null, pValue: null, permutations: 0 };
  const mean = used.reduce((sum, { rho }) => sum + rho!, 0) / used.length;
  const reached = (sum: number) => Math.abs(sum) / used.length >= Math.abs(mean) - rounding;
  if (method === "exact") {
    const rhos = used.map(({ a, b, scale }) => permutationsOf(b).map((other) => dot(a, other) / scale));
    const sums = rhos.reduce((held, own) => held.flatMap((sum) => own.map((rho) => sum + rho)), [0]);
    return { ...base, mean, pValue: sums.filter(reached).length / all, permutations: all };
  }
  const random = new Random(1, "permutations within widths");
  const shuffled = used.map(({ b }) => [...b]);
  let hits = 0;
  for (let i = 0; i < drawn; i++) {
    const sum = used.reduce((held, { a, scale }, j) => held + dot(a, random.shuffle(shuffled[j]!)) / scale, 0);
    if (reached(sum)) hits++;
  }
  return { ...base, mean, pValue: (1 + hits) / (1 + drawn), permutations: drawn };
}

/** The smallest p that trainings of these widths can give: of two opposite orders each, were there no ties. */
export function smallestP(trainings: readonly number[]): number {
  const all = trainings.reduce((product, n) => product * factorial(n), 1);
  return all <= mostExact ? 2 / all : 1 / (1 + drawn);
}

function centred(values: readonly number[]): number[] {
  // Twice the ranks: integers, so that the sums are exact.
  return midRanks(values).map((rank) => 2 * rank - (values.length + 1));
}

function dot(a: readonly number[], b: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function factorial(n: number): number {
  return n < 2 ? 1 : n * factorial(n - 1);
}

/** All n! orders of the items. */
function permutationsOf(items: readonly number[]): number[][] {
  if (items.length < 2) return [[...items]];
  return items.flatMap((item, i) =>
    permutationsOf([...items.slice(0, i), ...items.slice(i + 1)]).map((rest) => [item, ...rest]),
  );
}

/** Median and intervals of replicates. Every interval says its level and how it was made. */

/** The middle of some numbers and the part of them around it. All null when there are none. */
export interface Spread {
  readonly median: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
}

/** An interval for the median of a population, and the confidence it really has. */
export interface MedianInterval {
  /** Independent units the interval rests on: trainings, projections, or samples of the input. */
  readonly units: number;
  readonly lower: number;
  readonly upper: number;
  /** Exact confidence for a continuous population, more for one with ties; at least the level asked for. */
  readonly confidence: number;
}

/**
 * The q-quantile, linear between order statistics (type 7 of Hyndman and Fan 1996); NaN of none.
 * @param q in [0, 1]
 */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  const position = q * (sorted.length - 1);
  const below = Math.floor(position);
  const value = sorted[below];
  if (value === undefined) return Number.NaN;
  const next = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return value + (position - below) * (next - value);
}

/** The median and the percentiles that leave (1 - level) / 2 on either side: what replicates showed, no confidence. */
export function spreadOf(values: readonly number[], level = 0.9): Spread {
  if (values.length === 0) return { median: null, lower: null, upper: null };
  const tail = (1 - level) / 2;
  return { median: quantile(values, 0.5), lower: quantile(values, tail), upper: quantile(values, 1 - tail) };
}

/**
 * The shortest interval from the j-th smallest to the j-th largest of n independent units that holds the population's
 * median with probability of at least `level`: 1 - 2 P(Bin(n, 1/2) < j). No assumption on the distribution (Thompson
 * 1936). null where even the smallest and the largest are not enough: five units give 0.9375, four 0.875.
 */
export function medianInterval(values: readonly number[], level = 0.9): MedianInterval | null {
  const n = values.length;
  const sorted = [...values].sort((one, other) => one - other);
  let found: MedianInterval | null = null;
  let probability = 2 ** -n; // of Bin(n, 1/2) = j - 1
  let tail = 0; // of Bin(n, 1/2) < j
  for (let j = 1; 2 * j <= n; j++) {
    tail += probability;
    probability *= (n - j + 1) / j;
    const confidence = 1 - 2 * tail;
    if (confidence < level) break;
    found = { units: n, lower: sorted[j - 1]!, upper: sorted[n - j]!, confidence };
  }
  return found;
}

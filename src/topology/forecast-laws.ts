/**
 * How the parts of a computation grow. Seconds are those of one thread of a common machine (2026), fitted to the cases of
 * bench/forecast-cases.ts; a forecast takes only their ratios from here, and the speed of the machine, with the nature of the
 * data, from a computation of a part of the points.
 *
 * Block pass of the streaming engine (`distances`): every pair once, so much for every point in its own block, and every
 * entry that a list of the K nearest takes in. Among m points in random order the i-th newcomer enters a list with
 * probability K / i, so that m lists take in m K (1 + ln(m / K)) entries. Homology of lunes takes α m² (a few words an edge) +
 * β m³ (bits of whole rows). Over all simplices, a simplex costs a scan for its cofacets and a column its coboundary.
 */
import type { MatrixSource, PointsSource } from "../engine/engine.js";
import type { SimplexCounts } from "../engine/simplex-counts.js";
import { streamSizes } from "../engine/stream.js";

/** A number that is not known for certain: it should lie between `low` and `high`. */
export interface Range {
  readonly expected: number;
  readonly low: number;
  readonly high: number;
}

/** A range that ends the same factor below and above a number. */
export function around(expected: number, factor: number): Range {
  return { expected, low: expected / factor, high: expected * factor };
}

/** Entries that `n` lists of the `keep` nearest take in while all pairs come by in random order. */
export function listEntries(n: number, keep: number): number {
  return n * Math.min(keep, n) * (1 + Math.log(Math.max(1, n / keep)));
}

/** Seconds for one distance: a part for the pair and a part for every coordinate. */
export function pairSeconds(source: PointsSource | MatrixSource): number {
  if (source.kind === "matrix") return 2e-9;
  return 1.6e-9 + source.d * { i16: 8e-12, f32: 6e-11, f64: 7.5e-10 }[source.arithmetic];
}

/** Phases of the streaming engine, in seconds; homology of lunes takes the place of lazy cohomology where classes live long. */
export function streamLaw(n: number, source: PointsSource | MatrixSource, maxDim: number, lunes: boolean) {
  const d = source.kind === "points" ? source.d : 0;
  return {
    start: n * (1e-6 + 1e-8 * d),
    distances: pairSeconds(source) * n ** 2 + 5e-6 * n + 2.7e-8 * listEntries(n, streamSizes.keep),
    graph: 6e-6 * n ** 1.1,
    loops: maxDim === 0 ? 1e-7 * n : lunes ? luneLaw(n) : 2.8e-7 * n ** 1.35,
  };
}

/** Homology of lunes: from some 9000 points on the bits of whole rows outweigh the words of edges. */
export function luneLaw(n: number): number {
  return 4.5e-8 * n ** 2 * (1 + n / 9000);
}

/** Up to H1 beside a matrix. */
export function loopsLaw(n: number, source: PointsSource | MatrixSource, maxDim: number, lunes: boolean): number {
  const matrix = (pairSeconds(source) + 6e-9) * n ** 2;
  return maxDim === 0 ? matrix : matrix + 2e-8 * n ** 2 + 5e-6 * n + (lunes ? luneLaw(n) : 0);
}

/** On the flag complex by ranks: lunes take the longer, and most where spheres are sampled evenly. */
export function flagLaw(n: number, lunes: boolean): number {
  return 2e-5 * n + (lunes ? 1.3e-9 * n ** 3 : 1.6e-8 * n ** 2.4);
}

/** The collapse of all edges. */
export function collapseLaw(n: number): number {
  return 1.2e-9 * n ** 3;
}

/** Over all simplices, by their numbers and that of the columns. */
export function simplexLaw(n: number, { simplices, columns }: Pick<SimplexCounts, "simplices" | "columns">): number {
  let seconds = 1e-3;
  for (let dim = 1; dim < columns.length; dim++)
    seconds += 3.5e-7 * simplices[dim]! + (3e-6 + 1.4e-8 * n) * columns[dim]!;
  return seconds;
}

/** What grows like a power of n, told by two sizes, with an exponent from `least` to `most`. */
export function powerLaw(
  n: number,
  small: { readonly n: number; readonly value: number },
  large: { readonly n: number; readonly value: number },
  [least, most]: readonly [number, number],
): number {
  if (large.value === 0) return 0;
  const told = small.value > 0 ? Math.log(large.value / small.value) / Math.log(large.n / small.n) : most;
  return large.value * (n / large.n) ** Math.min(most, Math.max(least, told));
}

/** The largest whole number from `least` to `most` for which something that grows stays within a limit; `least` if none. */
export function largestWithin(least: number, most: number, limit: number, grows: (n: number) => number): number {
  let low = least;
  let high = Math.max(least, most);
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (grows(middle) <= limit) low = middle;
    else high = middle - 1;
  }
  return low;
}

/**
 * From pilots on a few points to a computation on many: how time and memory of each part grow.
 *
 * Block pass of the streaming engine (`distances`): every pair once, so much for every point in its own block, and every
 * entry that a list of the K nearest takes in. Among m points in random order the i-th newcomer enters a list with
 * probability K / i, so that m lists take in
 *
 *     E(m, K) = m K (1 + ln(m / K))        entries, and the pass takes   a m² + b m + c E(m, K).
 *
 * Passes over the same points with lists of different lengths tell c from the rest, where passes over different numbers
 * of points would hardly do so; short lists on two numbers of points tell a from b. Homology of lunes takes α m² (a few
 * words an edge) + β m³ (bits of whole rows). What is left (candidates, columns) grows like a power of m, whose exponent
 * two pilots tell.
 */

import type { PlanName } from "../engine/engine.js";

/** Time in seconds: of processors, and on the wall. */
export interface Duration {
  readonly cpu: number;
  readonly wall: number;
}

/** A computation of a part of the points, and what it took. */
export interface Pilot {
  /** Number of points. */
  readonly n: number;
  /** Plan in the highest dimension. */
  readonly plan: PlanName;
  /** Whether classes that live long had spent the budget of lazy cohomology, so that lunes took over. */
  readonly lunes: boolean;
  readonly phases: Readonly<Record<string, Duration>>;
  /** Peak of WebAssembly memory in bytes. */
  readonly memory: number;
}

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

/** A block pass: seconds for `n` points with lists of `keep` entries. */
export interface BlockPass {
  readonly n: number;
  readonly keep: number;
  readonly seconds: number;
}

/** Block passes with short lists over some of the points of the pass with long ones, and over all of them. */
export interface ShortPasses {
  readonly small: BlockPass;
  readonly large: BlockPass;
}

/** Seconds of the block pass for n points. No part is allowed to be negative, which noise would make it. */
export function blockPassSeconds(n: number, long: BlockPass, { small, large }: ShortPasses): number {
  const longer = listEntries(long.n, long.keep) - listEntries(large.n, large.keep);
  const perEntry = Math.max(0, (long.seconds - large.seconds) / longer);
  const rest = ({ n: m, keep, seconds }: BlockPass) => Math.max(0, seconds - perEntry * listEntries(m, keep)) / m;
  const steps = large.n - small.n;
  const slope = steps > 0 ? (rest(large) - rest(small)) / steps : rest(large) / large.n;
  const perPair = Math.min(Math.max(0, slope), rest(large) / large.n);
  const perPoint = rest(large) - perPair * large.n;
  return perPair * n * n + perPoint * n + perEntry * listEntries(n, long.keep);
}

/** A part of the work: seconds for `n` points. */
export interface Part {
  readonly n: number;
  readonly seconds: number;
}

/** Below this many seconds the processor's clock, which ticks in milliseconds, tells no exponent. */
const LEAST_SECONDS = 0.004;

/** What grows like a power of n with an exponent from `least` to `most`, told by two sizes. */
export function powerSeconds(n: number, small: Part, large: Part, least: number, most: number): number {
  const told =
    small.n < large.n && small.seconds > LEAST_SECONDS
      ? Math.log(large.seconds / small.seconds) / Math.log(large.n / small.n)
      : (least + most) / 2;
  const exponent = Math.min(most, Math.max(least, Number.isFinite(told) ? told : least));
  return large.seconds * (n / large.n) ** exponent;
}

/**
 * From how many points on the bits of whole rows outweigh the words of edges in homology of lunes. Annuli and tori of up
 * to 20,000 points: 9700 and 17,000; what two small pilots say is bounded by this range.
 */
const CUBIC_FROM = { least: 9500, most: 25_000 };

/** Homology of lunes: α n² + β n³ through two sizes. */
export function luneSeconds(n: number, small: Part, large: Part): number {
  const [m, M] = [small.n, large.n];
  const [t, T] = [small.seconds / m ** 2, large.seconds / M ** 2];
  // t = α + β m, so the place where both are equal, α / β, follows from two such.
  const told = (t * M - T * m) / (T - t);
  const from = T > t ? Math.min(CUBIC_FROM.most, Math.max(CUBIC_FROM.least, told)) : CUBIC_FROM.most;
  return (large.seconds * n ** 2 * (from + n)) / (M ** 2 * (from + M));
}

/** How a part of the streaming engine grows when it is neither the block pass nor homology of lunes: least, most. */
const exponents: Readonly<Record<string, readonly [number, number]>> = {
  start: [0.8, 1.2],
  // Lists of fixed length decide fewer and fewer candidates.
  graph: [1.6, 2.6],
  loops: [1, 1.6],
};

/** Every phase of the streaming engine for n points, in seconds of processor time. */
export function streamSeconds(n: number, small: Pilot, large: Pilot, short: ShortPasses, keep: number) {
  const phases: Record<string, number> = {};
  for (const [name, { cpu }] of Object.entries(large.phases)) {
    const part = { n: large.n, seconds: cpu };
    const before = { n: small.n, seconds: small.phases[name]?.cpu ?? 0 };
    if (name === "distances") phases[name] = blockPassSeconds(n, { ...part, keep }, short);
    else if (name === "loops" && large.lunes) phases[name] = luneSeconds(n, small.lunes ? before : part, part);
    else phases[name] = powerSeconds(n, before, part, ...(exponents[name] ?? ([1, 2] as const)));
  }
  return phases;
}

/** Bytes by the number of points of what is needed in any case: rows, lists, tiles. */
export type LeastBytes = (n: number) => number;

/**
 * Peak of WebAssembly memory of the streaming engine for n points. Streams and balls need more for each point the
 * denser the points lie (some n^1.25 in all; measured from 2500 to 200,000 images); lunes take 1.4 to 2 n² bytes.
 */
export function streamBytes(n: number, pilot: Pilot, least: LeastBytes): number {
  const excess = Math.max(0, pilot.memory - least(pilot.n));
  return pilot.lunes
    ? least(n) + Math.max(excess / pilot.n ** 2, LUNE_BYTES) * n * n
    : least(n) + excess * (n / pilot.n) ** 1.25;
}

/** Bytes a pair of points of the homology of lunes: block numbers, bits, lists of edges, relations. */
const LUNE_BYTES = 1.65;

/** Bytes that homology of lunes wants to be free before it begins, as the engine reckons. */
export function luneRoom(n: number): number {
  return 1.5 * n * n + 65536;
}

/** Peak of WebAssembly memory beside a distance matrix: A + B n² through two sizes. */
export function denseBytes(n: number, small: Pilot, large: Pilot): number {
  if (small.n === large.n) return (large.memory * n * n) / large.n ** 2;
  const perPair = Math.max(0, (large.memory - small.memory) / (large.n ** 2 - small.n ** 2));
  return large.memory + perPair * (n * n - large.n ** 2);
}

/** The largest number of points, at least 1, for which something that grows stays within a limit. */
export function largestWithin(most: number, limit: number, bytes: (n: number) => number): number {
  let low = 1;
  let high = most;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (bytes(middle) <= limit) low = middle;
    else high = middle - 1;
  }
  return low;
}

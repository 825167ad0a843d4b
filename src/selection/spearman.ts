/** Rank correlation with an exact test for few pairs. */
import { Random } from "../random.js";

/** Spearman's rank correlation of some pairs. */
export interface RankCorrelation {
  readonly pairs: number;
  /** In [-1, 1]; null where one side does not vary, or of fewer than three pairs. */
  readonly rho: number | null;
  /** Two-sided: the share of all pairings of the same ranks with |rho| at least as large. null as rho. */
  readonly pValue: number | null;
  /** `exact`: all permutations were counted; `drawn`: 9,999 of them, with the one observed. */
  readonly method: "exact" | "drawn";
}

/** Up to this many pairs every permutation is counted: 40,320. */
const mostExact = 8;
const draws = 9999;

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
 * Spearman's rho: the correlation of the mid-ranks, tested by permutation, so that ties need no correction. Exact up to
 * eight pairs; beyond, permutations drawn from a fixed seed, so that the same pairs give the same value.
 * Cost: n! n up to eight pairs, else 10,000 n.
 */
export function spearman(x: readonly number[], y: readonly number[]): RankCorrelation {
  const n = x.length;
  const method = n <= mostExact ? "exact" : "drawn";
  // Twice the ranks, centred: integers, so that sums are exact and equal statistics compare as equal.
  const centred = (values: readonly number[]) => midRanks(values).map((rank) => 2 * rank - (n + 1));
  const [a, b] = [centred(x), centred(y)];
  const squares = dot(a, a) * dot(b, b);
  if (n < 3 || squares === 0) return { pairs: n, rho: null, pValue: null, method };
  const observed = dot(a, b);
  const extreme = (other: readonly number[]) => Math.abs(dot(a, other)) >= Math.abs(observed);
  let count = 0;
  let all = 0;
  if (method === "exact")
    forEachPermutation(b, (permuted) => {
      all++;
      if (extreme(permuted)) count++;
    });
  else {
    const random = new Random(1, "spearman");
    const permuted = [...b];
    count = 1; // the pairing observed
    for (all = 1; all <= draws; all++) if (extreme(random.shuffle(permuted))) count++;
  }
  return { pairs: n, rho: observed / Math.sqrt(squares), pValue: count / all, method };
}

function dot(a: readonly number[], b: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** All n! orders of the items, by swapping (Heap 1963); the same array every time. */
function forEachPermutation(items: readonly number[], visit: (items: readonly number[]) => void): void {
  const held = [...items];
  const swap = (i: number, j: number) => {
    const one = held[i]!;
    held[i] = held[j]!;
    held[j] = one;
  };
  const permute = (size: number): void => {
    for (let i = 0; i < size - 1; i++) {
      permute(size - 1);
      swap(size % 2 === 0 ? i : 0, size - 1);
    }
    if (size > 1) permute(size - 1);
    else visit(held);
  };
  permute(held.length);
}

/** Paired numbers compared by their signs alone. */

/** How often one of a pair was larger, with the exact test of as many either way. */
export interface SignTest {
  readonly more: number;
  readonly equal: number;
  readonly fewer: number;
  /** Two-sided, of the pairs that differ (Dixon and Mood 1946); 1 where none does. */
  readonly pValue: number;
}

/** The sign test of differences: P(Bin(n, 1/2) as far from n/2 or farther), n the differences that are not 0. */
export function signTest(differences: readonly number[]): SignTest {
  const more = differences.filter((one) => one > 0).length;
  const fewer = differences.filter((one) => one < 0).length;
  const n = more + fewer;
  // Of Bin(n, 1/2) ≤ min(more, fewer).
  let probability = 0.5 ** n;
  let tail = 0;
  for (let i = 0; i <= Math.min(more, fewer); i++) {
    tail += probability;
    probability *= (n - i) / (i + 1);
  }
  return { more, equal: differences.length - n, fewer, pValue: Math.min(1, 2 * tail) };
}

/** Holm's step-down correction, in the order given. */
export function holm(pValues: readonly number[]): number[] {
  const order = pValues.map((_, i) => i).sort((one, other) => pValues[one]! - pValues[other]!);
  const adjusted = new Array<number>(pValues.length);
  let most = 0;
  order.forEach((at, i) => {
    most = Math.max(most, Math.min(1, (pValues.length - i) * pValues[at]!));
    adjusted[at] = most;
  });
  return adjusted;
}

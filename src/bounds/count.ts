/**
 * Non-negative integers too large to always write out.
 *
 * A count is known at once by a scaled double (mantissa · 2^exponent, relative error about 1e-15 per operation, so that
 * log10 is good to 1e-9 for any count met here) and exactly on demand: the integer is computed only when somebody asks
 * and it is short enough. Minima over many candidates therefore cost nothing but doubles.
 */

/** A non-negative integer: its size at once, its value on demand. */
export interface Count {
  /** In [1, 2), or 0 for the count 0. */
  readonly mantissa: number;
  readonly exponent: number;
  /** The integer; absent where evaluating it would cost too much. Computed once. */
  readonly value?: () => bigint;
}

const LOG10_2 = Math.log10(2);
/** Below this exponent the integer is written out at once, so that small counts are exact whatever their history. */
const SMALL = 64;

/** The count of a given integer. */
export function countOf(integer: bigint | number): Count {
  // Numbers are counted by the thousand: their integers are made on demand.
  if (typeof integer === "number" && Number.isSafeInteger(integer) && integer > 0) {
    let exponent = Math.floor(Math.log2(integer));
    // Rounding can carry log2 across an integer.
    if (2 ** exponent > integer) exponent--;
    else if (2 ** (exponent + 1) <= integer) exponent++;
    return { mantissa: integer / 2 ** exponent, exponent, value: () => BigInt(integer) };
  }
  const value = BigInt(integer);
  if (value < 0n) throw new RangeError(`Expected a non-negative integer, got ${value}.`);
  return { ...scale(value), value: () => value };
}

/** A count as it is, a number as the count of it. */
export function asCount(count: Count | number): Count {
  return typeof count === "number" ? countOf(count) : count;
}

export const ZERO: Count = countOf(0);
export const ONE: Count = countOf(1);

/** log10 of a count; -Infinity for 0. */
export function log10Of(count: Count): number {
  if (count.mantissa === 0) return Number.NEGATIVE_INFINITY;
  return Math.log10(count.mantissa) + count.exponent * LOG10_2;
}

/** log10 of a non-negative integer; -Infinity for 0. Linear in the number of digits. */
export function log10OfInteger(integer: bigint): number {
  return log10Of(countOf(integer));
}

/** The integer, or undefined when it has more than `maxDigits` decimal digits or is too costly to evaluate. */
export function exactWithin(count: Count, maxDigits: number): bigint | undefined {
  if (log10Of(count) > maxDigits + 1 || count.value === undefined) return undefined;
  const value = count.value();
  return log10Of(count) < maxDigits - 1 || value < 10n ** BigInt(maxDigits) ? value : undefined;
}

export function addCounts(a: Count, b: Count): Count {
  if (a.mantissa === 0) return b;
  if (b.mantissa === 0) return a;
  const [high, low] = a.exponent >= b.exponent ? [a, b] : [b, a];
  const shift = low.exponent - high.exponent;
  const mantissa = high.mantissa + (shift < -1074 ? 0 : low.mantissa * 2 ** shift);
  return deferredCount(
    mantissa,
    high.exponent,
    both(a, b, (x, y) => x + y),
  );
}

export function multiplyCounts(a: Count, b: Count): Count {
  if (a.mantissa === 0 || b.mantissa === 0) return ZERO;
  return deferredCount(
    a.mantissa * b.mantissa,
    a.exponent + b.exponent,
    both(a, b, (x, y) => x * y),
  );
}

export function doubleOf(count: Count): Count {
  if (count.mantissa === 0) return ZERO;
  const { value } = count;
  return deferredCount(count.mantissa, count.exponent + 1, value && (() => 2n * value()));
}

/** base^power for an integer power ≥ 0; 0^0 = 1. */
export function powerOfCount(base: Count, power: number): Count {
  if (power === 0) return ONE;
  if (base.mantissa === 0) return ZERO;
  let mantissa = 1;
  let exponent = 0;
  let squareMantissa = base.mantissa;
  let squareExponent = base.exponent;
  for (let left = power; ; ) {
    if (left % 2 === 1) {
      mantissa *= squareMantissa;
      exponent += squareExponent;
      if (mantissa >= 2) {
        mantissa /= 2;
        exponent++;
      }
    }
    left = Math.floor(left / 2);
    if (left === 0) break;
    squareMantissa *= squareMantissa;
    squareExponent *= 2;
    if (squareMantissa >= 2) {
      squareMantissa /= 2;
      squareExponent++;
    }
  }
  const { value } = base;
  return deferredCount(mantissa, exponent, value && (() => value() ** BigInt(power)));
}

/** integer^power for integers ≥ 0. */
export function powerOf(integer: bigint | number, power: number): Count {
  return powerOfCount(countOf(integer), power);
}

/** count - 1, and 0 for the count 0. */
export function lessOne(count: Count): Count {
  if (count.mantissa === 0) return ZERO;
  const { value } = count;
  return deferredCount(count.mantissa, count.exponent, value && (() => value() - 1n));
}

/** Half of the count, rounded down. */
export function halfOf(count: Count): Count {
  if (count.mantissa === 0) return ZERO;
  const { value } = count;
  return deferredCount(count.mantissa, count.exponent - 1, value && (() => value() / 2n));
}

/** The binomial coefficient C(n, k), 0 for k < 0 or k > n. O(min(k, n - k)) operations. */
export function binomial(n: number, k: number): Count {
  if (k < 0 || k > n) return ZERO;
  const few = Math.min(k, n - k);
  let mantissa = 1;
  let exponent = 0;
  for (let i = 0; i < few; i++) {
    mantissa *= (n - i) / (i + 1);
    const step = mantissa === 0 ? 0 : Math.floor(Math.log2(mantissa));
    mantissa *= 2 ** -step;
    exponent += step;
  }
  return deferredCount(mantissa, exponent, () => exactBinomial(BigInt(n), few));
}

/** The binomial coefficient C(n, k) of a large n and a small k ≥ 0. O(k) operations. */
export function binomialOfCount(n: Count, k: number): Count {
  const { value } = n;
  if (n.exponent < SMALL && value !== undefined) return countOf(exactBinomial(value(), k));
  let result: Count = ONE;
  for (let i = 1; i <= k; i++) {
    // At 2^64 and above, n - i and n are the same to a double.
    const { mantissa, exponent } = multiplyCounts(result, n);
    result = deferredCount(mantissa / i, exponent, undefined);
  }
  return deferredCount(result.mantissa, result.exponent, value && (() => exactBinomial(value(), k)));
}

/** Negative, zero or positive as a is below, equal to or above b. Exact unless both are beyond writing out. */
export function compareCounts(a: Count, b: Count): number {
  if (a.mantissa === 0 || b.mantissa === 0) return Math.sign(a.mantissa - b.mantissa);
  const gap = a.exponent - b.exponent;
  if (Math.abs(gap) > 1) return gap;
  const ratio = (a.mantissa * 2 ** gap) / b.mantissa - 1;
  // Doubles decide unless the two agree to far more digits than rounding could spoil.
  if (Math.abs(ratio) > 1e-9 || a.value === undefined || b.value === undefined || a.exponent > 400_000) return ratio;
  const difference = a.value() - b.value();
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

export function smallerCount(a: Count, b: Count): Count {
  return compareCounts(b, a) < 0 ? b : a;
}

/**
 * Sum of a series of integers given by its first term and the ratios of neighbours: term j + 1 is term j times
 * `ratio(j).numerator / ratio(j).denominator`, an exact division, for j = 0, 1, …, terms - 2.
 * Cost: `terms` double operations; the exact value, on demand, `terms` operations on big integers.
 */
export function sumOfSeries(
  first: number,
  terms: number,
  ratio: (j: number) => { readonly numerator: number; readonly denominator: number },
): Count {
  if (terms < 1 || first === 0) return ZERO;
  let term = first;
  let exponent = 0;
  let sum = first;
  for (let j = 0; j + 1 < terms; j++) {
    const { numerator, denominator } = ratio(j);
    if (numerator === 0) break;
    term *= numerator / denominator;
    if (term > 2 ** 500) {
      term *= 2 ** -500;
      sum *= 2 ** -500;
      exponent += 500;
    }
    sum += term;
  }
  return deferredCount(sum, exponent, () => {
    let exactTerm = BigInt(first);
    let total = exactTerm;
    for (let j = 0; j + 1 < terms && exactTerm !== 0n; j++) {
      const { numerator, denominator } = ratio(j);
      exactTerm = (exactTerm * BigInt(numerator)) / BigInt(denominator);
      total += exactTerm;
    }
    return total;
  });
}

/** A count for people: "1943", or "≈ 10^12.4" from 10^15 on. */
export function showCount(count: Count): string {
  if (count.exponent < 50 && count.value !== undefined) return count.value().toString();
  return `≈ 10^${Math.max(log10Of(count), 0).toFixed(log10Of(count) < 100 ? 2 : 1)}`;
}

/** C(n, k) for integers n ≥ 0, k ≥ 0, exactly. */
export function exactBinomial(n: bigint, k: number): bigint {
  if (n < BigInt(k)) return 0n;
  let result = 1n;
  for (let i = 0n; i < BigInt(k); i++) result = (result * (n - i)) / (i + 1n);
  return result;
}

/** A count from a positive scaled double that need not be normalised, and the integer's recipe where there is one. */
export function deferredCount(mantissa: number, exponent: number, recipe: (() => bigint) | undefined): Count {
  let normal = mantissa;
  let power = exponent;
  if (normal >= 2 || normal < 1) {
    const step = Math.floor(Math.log2(normal));
    normal *= 2 ** -step;
    power += step;
  }
  if (recipe === undefined) return { mantissa: normal, exponent: power };
  if (power < SMALL) return countOf(recipe());
  let known: bigint | undefined;
  return {
    mantissa: normal,
    exponent: power,
    value: () => {
      known ??= recipe();
      return known;
    },
  };
}

function both(a: Count, b: Count, combine: (x: bigint, y: bigint) => bigint): (() => bigint) | undefined {
  const x = a.value;
  const y = b.value;
  return x && y && (() => combine(x(), y()));
}

/** The leading 53 bits and the binary exponent of an integer. */
function scale(value: bigint): { mantissa: number; exponent: number } {
  if (value === 0n) return { mantissa: 0, exponent: 0 };
  const digits = value.toString(16).length;
  const drop = Math.max(0, digits * 4 - 64);
  const top = Number(value >> BigInt(drop));
  const exponent = Math.floor(Math.log2(top));
  const mantissa = top / 2 ** exponent;
  // Rounding can carry log2 across an integer; bring the mantissa back into [1, 2).
  if (mantissa >= 2) return { mantissa: mantissa / 2, exponent: exponent + drop + 1 };
  if (mantissa < 1) return { mantissa: mantissa * 2, exponent: exponent + drop - 1 };
  return { mantissa, exponent: exponent + drop };
}

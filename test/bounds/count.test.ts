import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addCounts,
  binomial,
  binomialOfCount,
  type Count,
  compareCounts,
  countOf,
  doubleOf,
  exactWithin,
  halfOf,
  lessOne,
  log10Of,
  log10OfInteger,
  multiplyCounts,
  powerOf,
  showCount,
  smallerCount,
  sumOfSeries,
  ZERO,
} from "../../src/bounds/count.js";

/** log10 by the decimal digits, an independent way. */
function log10ByDigits(value: bigint): number {
  if (value === 0n) return Number.NEGATIVE_INFINITY;
  const digits = value.toString();
  const head = digits.slice(0, 17);
  return digits.length - 1 + Math.log10(Number(head) / 10 ** (head.length - 1));
}

const integers = fc.oneof(fc.bigInt({ min: 0n, max: 100n }), fc.bigInt({ min: 0n, max: 2n ** 300n }));

/** Both sides of a count: the integer is right, and the doubles agree with it to 1e-9. */
function expectCount(count: Count, value: bigint): void {
  expect(count.value?.()).toBe(value);
  if (value === 0n) expect(log10Of(count)).toBe(Number.NEGATIVE_INFINITY);
  else expect(Math.abs(log10Of(count) - log10ByDigits(value))).toBeLessThan(1e-9);
}

describe("counts", () => {
  it("add, multiply, double, halve and lessen like big integers", () => {
    fc.assert(
      fc.property(integers, integers, (a, b) => {
        const [x, y] = [countOf(a), countOf(b)];
        expectCount(addCounts(x, y), a + b);
        expectCount(multiplyCounts(x, y), a * b);
        expectCount(doubleOf(x), 2n * a);
        expectCount(halfOf(x), a / 2n);
        expectCount(lessOne(x), a > 0n ? a - 1n : 0n);
        expectCount(smallerCount(x, y), a < b ? a : b);
        expect(Math.sign(compareCounts(x, y))).toBe(a < b ? -1 : a > b ? 1 : 0);
      }),
    );
  });

  it("raise to powers like big integers, up to tens of thousands of digits", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000 }), fc.integer({ min: 0, max: 2_000 }), (base, power) => {
        expectCount(powerOf(base, power), BigInt(base) ** BigInt(power));
      }),
      { numRuns: 50 },
    );
    expectCount(powerOf(3, 200_000), 3n ** 200_000n);
  });

  it("choose like Pascal's triangle", () => {
    let row = [1n];
    for (let n = 0; n <= 80; n++) {
      for (let k = 0; k <= n; k++) {
        expectCount(binomial(n, k), row[k]!);
        expectCount(binomialOfCount(countOf(n), k), row[k]!);
      }
      expectCount(binomial(n, n + 1), 0n);
      row = [1n, ...row.slice(1).map((value, i) => value + row[i]!), 1n];
    }
    const n = 10n ** 40n;
    expectCount(binomialOfCount(countOf(n), 3), (n * (n - 1n) * (n - 2n)) / 6n);
  });

  it("sum series: the binomial theorem", () => {
    for (const n of [0, 1, 7, 64, 3000]) {
      const ratio = (j: number) => ({ numerator: 4 * (n - j), denominator: j + 1 });
      expectCount(sumOfSeries(1, n + 1, ratio), 5n ** BigInt(n));
    }
    expect(sumOfSeries(1, 0, () => ({ numerator: 1, denominator: 1 }))).toBe(ZERO);
  });

  it("compare equal and neighbouring huge integers exactly", () => {
    const huge = multiplyCounts(powerOf(7, 5000), powerOf(2, 64));
    expect(compareCounts(huge, countOf(7n ** 5000n * 2n ** 64n))).toBe(0);
    expect(compareCounts(lessOne(huge), huge)).toBeLessThan(0);
    expect(compareCounts(huge, lessOne(huge))).toBeGreaterThan(0);
  });

  it("keep the integer up to the digit limit and no further", () => {
    expect(exactWithin(countOf(999), 3)).toBe(999n);
    expect(exactWithin(countOf(1000), 3)).toBeUndefined();
    expect(exactWithin(powerOf(10, 99_999), 100_000)).toBe(10n ** 99_999n);
    expect(exactWithin(powerOf(10, 100_000), 100_000)).toBeUndefined();
    expect(log10Of(powerOf(10, 100_000))).toBeCloseTo(100_000, 9);
  });

  it("have a short form for people, and log10 of 2^n", () => {
    expect(showCount(countOf(1943))).toBe("1943");
    expect(showCount(powerOf(10, 64))).toBe("≈ 10^64.00");
    for (const n of [0, 1, 52, 53, 54, 1023, 1024, 4099]) {
      expect(log10OfInteger(2n ** BigInt(n))).toBeCloseTo(n * Math.log10(2), 9);
    }
  });
});

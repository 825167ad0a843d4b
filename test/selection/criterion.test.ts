import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ConfigError } from "../../src/errors.js";
import { clopperPearsonLower, fixedSequence, fractionKept, judged, keeps } from "../../src/selection/criterion.js";
import { median, type Run } from "../../src/selection/evidence.js";

/** A run of layers 1, 2, ... whose classes 0, 1, ... measured so many loops, against an input of `input`. */
function run(input: number[], layers: number[][]): Run {
  return {
    seed: 1,
    comparisons: layers.flatMap((values, i) =>
      values.map((measured, label) => ({
        layer: i + 1,
        class: label,
        subsample: 0,
        k: 1,
        input: input[label]!,
        measured,
      })),
    ),
  };
}

describe("Clopper–Pearson lower limit", () => {
  // Exact values at alpha = 0.05, to six digits, from the theory (root of the binomial tail).
  it.each([
    [5, 5, 0.54928],
    [9, 10, 0.605837],
    [10, 10, 0.741134],
    [14, 14, 0.807364],
    [19, 20, 0.783894],
    [20, 20, 0.860892],
    [29, 29, 0.901855],
    [0, 7, 0],
  ])("%i of %i gives %f", (successes, trials, limit) => {
    expect(clopperPearsonLower(successes, trials)).toBeCloseTo(limit, 6);
  });

  it("is the root of the binomial tail and grows with the successes", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }), (one, other) => {
        const trials = Math.max(one, other);
        const successes = Math.min(one, other);
        const limit = clopperPearsonLower(successes, trials, 0.1);
        let tail = 0;
        let choose = 1;
        for (let i = 0; i <= trials; i++) {
          if (i >= successes) tail += choose * limit ** i * (1 - limit) ** (trials - i);
          choose = (choose * (trials - i)) / (i + 1);
        }
        expect(tail).toBeCloseTo(0.1, 9);
        expect(clopperPearsonLower(successes - 1, trials, 0.1)).toBeLessThan(limit);
      }),
    );
  });

  it("refuses counts that make no sense", () => {
    expect(() => clopperPearsonLower(3, 2)).toThrow(ConfigError);
    expect(() => clopperPearsonLower(0, 0)).toThrow(ConfigError);
    expect(() => clopperPearsonLower(1, 2, 1)).toThrow(ConfigError);
  });
});

describe("fixed sequence", () => {
  const five = (width: number, successes: number) => ({ width, successes, trials: 5 });

  it("goes from the largest down, in the order given, and stops at the first that fails", () => {
    expect(fixedSequence([five(2, 5), five(4, 4), five(8, 5), five(16, 5)])).toBe(8);
    expect(fixedSequence([five(8, 5), five(16, 4)])).toBeNull();
    const named = { width: "64-2-64", successes: 5, trials: 5 };
    expect(fixedSequence([five(2, 4), named, five(8, 5)])).toBe("64-2-64");
    expect(fixedSequence([named, five(4, 4), five(8, 5)])).toBe(8);
  });

  it("accepts nothing with four trainings, however well they go: 0.05^(1/4) = 0.473 < 0.5", () => {
    expect(fixedSequence([{ width: 8, successes: 4, trials: 4 }])).toBeNull();
  });
});

describe("criterion", () => {
  const strict = { rule: "every-class", tolerance: 0 } as const;
  const medians = { rule: "median-over-classes", tolerance: 0 } as const;

  it("asks every layer and class for at least the input's number", () => {
    expect(
      keeps(
        run(
          [3, 5],
          [
            [3, 5],
            [4, 6],
          ],
        ),
        strict,
      ),
    ).toBe(true);
    expect(
      keeps(
        run(
          [3, 5],
          [
            [3, 5],
            [4, 4],
          ],
        ),
        strict,
      ),
    ).toBe(false);
  });

  it("lets the tolerated fraction fall below", () => {
    const one = run(
      [3, 5],
      [
        [3, 5],
        [4, 4],
      ],
    ); // 1 of 4 fewer
    expect(keeps(one, { rule: "every-class", tolerance: 0.25 })).toBe(true);
    expect(keeps(one, { rule: "every-class", tolerance: 0.24 })).toBe(false);
  });

  it("compares medians over the classes when asked to", () => {
    const one = run([3, 5, 9], [[2, 5, 8]]);
    expect(judged(one, medians)).toEqual([{ layer: 1, class: null, subsample: null, k: 1, input: 5, measured: 5 }]);
    expect(keeps(one, medians)).toBe(true);
    expect(keeps(one, strict)).toBe(false);
  });

  it("keeps nothing without comparisons", () => {
    expect(keeps({ seed: 1, comparisons: [] }, strict)).toBe(false);
  });

  it("gives the share of comparisons kept", () => {
    expect(
      fractionKept([
        run(
          [3, 5],
          [
            [3, 5],
            [4, 4],
          ],
        ),
      ]),
    ).toBe(0.75);
    expect(fractionKept([])).toBeNaN();
  });
});

describe("median", () => {
  it("is the middle, or the mean of the two in the middle", () => {
    expect(median([3, 1, 10])).toBe(3);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(median([])).toBeNaN();
  });
});

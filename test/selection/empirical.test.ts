import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { empiricalTest, isotonic, trainingsNeeded } from "../../src/selection/empirical.js";
import type { Measured } from "../../src/selection/evidence.js";

/** Input b_1 = 5 in one class; each width's trainings measure the numbers given. */
function study(measured: Record<number, number[]>): Measured[] {
  const cloud = (source: Measured["source"], width: number | null, seed: number | null, b1: number): Measured => ({
    source,
    width,
    activation: source === "network" || source === "untrained" ? "relu" : null,
    seed,
    layer: source === "network" ? 1 : 0,
    class: 0,
    subsample: 0,
    readouts: [{ readout: "ratio>1.1", betti: [null, b1] }],
  });
  return [
    cloud("input", null, null, 5),
    ...Object.entries(measured).flatMap(([width, numbers]) => [
      ...numbers.map((b1, seed) => cloud("network", Number(width), seed + 1, b1)),
      cloud("projection", Number(width), 1, 5),
    ]),
  ];
}

const test = (measured: Record<number, number[]>, seeds: number, rest: object = {}) =>
  empiricalTest({
    measurements: study(measured),
    networks: [{ activation: "relu", width: 8, testAccuracy: 0.9 }],
    widths: Object.keys(measured)
      .map(Number)
      .sort((one, other) => one - other),
    seeds: Array.from({ length: seeds }, (_, i) => i + 1),
    activation: "relu",
    readout: "ratio>1.1",
    criterion: { rule: "every-class", tolerance: 0 },
    probability: 0.5,
    alpha: 0.05,
    ...rest,
  });

const all = (n: number, kept: number) => Array.from({ length: n }, (_, i) => (i < kept ? 6 : 4));

describe("the test over seeds", () => {
  it("accepts from the widest down, with the limits of theory 5.4", () => {
    const {
      widths,
      acceptedWidth,
      trainingsNeeded: needed,
    } = test({ 2: all(10, 9), 4: all(10, 3), 8: all(10, 9), 16: all(10, 10) }, 10);
    expect(widths.map(({ width, kept, accepted }) => [width, kept, accepted])).toEqual([
      [2, 9, false], // below one that failed
      [4, 3, false],
      [8, 9, true],
      [16, 10, true],
    ]);
    expect(acceptedWidth).toBe(8);
    expect(needed).toBe(5);
    expect(widths[2]!.lowerLimit).toBeCloseTo(0.605837, 6);
    expect(widths[3]!.lowerLimit).toBeCloseTo(0.741134, 6);
    expect(widths.map(({ monotoneFit }) => Number(monotoneFit.toFixed(3)))).toEqual([0.6, 0.6, 0.9, 1]);
    expect(widths[2]).toMatchObject({ accuracy: 0.9, projectionKept: { kept: 1, runs: 1 }, untrainedKept: null });
  });

  it("counts seeds, so that more classes or layers make nothing surer", () => {
    const many = study({ 8: all(3, 3) }).flatMap((one) =>
      Array.from({ length: 10 }, (_, label) => ({ ...one, class: label })),
    );
    expect(test({ 8: [] }, 3, { measurements: many })).toMatchObject({ acceptedWidth: null, trainings: 3 });
    expect(test({ 8: [] }, 3, { measurements: many }).widths[0]!.lowerLimit).toBeCloseTo(0.05 ** (1 / 3), 12);
  });

  it("takes a training that failed for one that does not keep", () => {
    expect(test({ 8: all(5, 5) }, 5).acceptedWidth).toBe(8);
    expect(test({ 8: all(5, 5) }, 6).widths[0]).toMatchObject({ kept: 5, trainings: 6, accepted: false });
  });

  it("claims nothing by medians over the classes", () => {
    const criterion = { rule: "median-over-classes", tolerance: 0 };
    expect(test({ 8: all(10, 10) }, 10, { criterion }).acceptedWidth).toBeNull();
  });

  it("needs as many trainings as theory 5.4 says", () => {
    expect(trainingsNeeded(0.5, 0.05)).toBe(5); // 0.549280
    expect(trainingsNeeded(0.8, 0.05)).toBe(14); // 0.807364
    expect(trainingsNeeded(0.9, 0.05)).toBe(29); // 0.901855
  });
});

describe("the monotone fit", () => {
  it("is the closest sequence that does not decrease", () => {
    expect(isotonic([0.1, 0.5, 0.9])).toEqual([0.1, 0.5, 0.9]);
    expect(isotonic([1, 0])).toEqual([0.5, 0.5]);
    expect(isotonic([3, 1, 2, 5, 4])).toEqual([2, 2, 2, 4.5, 4.5]);
    expect(isotonic([])).toEqual([]);
    const distance = (a: readonly number[], b: readonly number[]) => a.reduce((sum, x, i) => sum + (x - b[i]!) ** 2, 0);
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 8 }),
        fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 8, maxLength: 8 }),
        (values, other) => {
          const fit = isotonic(values);
          for (let i = 1; i < fit.length; i++) expect(fit[i]!).toBeGreaterThanOrEqual(fit[i - 1]! - 1e-12);
          const rival = other.slice(0, values.length).sort((a, b) => a - b);
          expect(distance(values, fit)).toBeLessThanOrEqual(distance(values, rival) + 1e-9);
        },
      ),
    );
  });
});

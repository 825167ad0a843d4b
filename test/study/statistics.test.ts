import { describe, expect, it } from "vitest";
import { compareWithKnown, knownSentences } from "../../src/study/known.js";
import type { MeasurementRecord, NetworkRecord } from "../../src/study/result.js";
import { summariseStudy } from "../../src/study/statistics.js";

const cloud = (what: Partial<MeasurementRecord>, ...betti: (number | null)[]): MeasurementRecord => ({
  source: "input",
  job: "input",
  width: null,
  activation: null,
  seed: null,
  layer: 0,
  class: 0,
  subsample: 0,
  points: 10,
  distinctPoints: 10,
  threshold: 1,
  medianDistance: 1,
  readouts: [{ readout: "count", betti }],
  ...what,
});

const summarise = (measurements: MeasurementRecord[], rest: object = {}) =>
  summariseStudy({ measurements, networks: [], curves: [], distances: [], scales: [], ...rest });

describe("statistics of a study", () => {
  it("take the median over classes in every replicate, then over the replicates", () => {
    // Trainings 1 to 5, two samples, classes 0 and 1: class 1 measures 10 more; training s measures 10 s + sample.
    const network = { source: "network", width: 8, activation: "relu", layer: 1 } as const;
    const measurements = [1, 2, 3, 4, 5].flatMap((seed) =>
      [0, 1].flatMap((subsample) =>
        [0, 1].map((label) =>
          cloud({ ...network, seed, subsample, class: label }, null, 10 * seed + subsample + 10 * label),
        ),
      ),
    );
    const [zero, one] = summarise(measurements).numbers;
    expect(zero).toMatchObject({
      k: 0,
      undefinedCount: 20,
      overClasses: { median: null, replicates: 0, confidence: null },
    });
    // Replicates are 15, 16, 25, 26, ..., 55, 56: median (35 + 36)/2; 5th percentile at 0.45: 15 + 0.45.
    expect(one).toMatchObject({
      source: "network",
      activation: "relu",
      width: 8,
      layer: 1,
      readout: "count",
      k: 1,
      undefinedCount: 0,
      overClasses: {
        median: 35.5,
        lower: expect.closeTo(15.45, 12),
        upper: expect.closeTo(55.55, 12),
        method: "percentiles",
        level: 0.9,
        replicates: 10,
        // Five trainings, medians 15.5 to 55.5: the smallest and the largest hold the median with 1 - 2/32.
        confidence: {
          units: 5,
          unit: "seed",
          lower: 15.5,
          upper: 55.5,
          confidence: 0.9375,
          method: "order-statistics",
        },
      },
      byClass: [
        { class: 0, clouds: 10, median: 30.5 },
        { class: 1, clouds: 10, median: 40.5 },
      ],
    });
  });

  it("let samples be the units where there is no seed", () => {
    const input = [0, 1, 2, 3, 4].map((subsample) => cloud({ subsample }, 1, subsample));
    expect(summarise(input).numbers[1]!.overClasses.confidence).toMatchObject({
      unit: "sample",
      units: 5,
      lower: 0,
      upper: 4,
    });
    // Four trainings cannot give an interval at level 0.9 however many samples each has.
    const few = [1, 2, 3, 4].flatMap((seed) =>
      [0, 1, 2].map((subsample) => cloud({ source: "projection", width: 2, seed, subsample }, 1, seed)),
    );
    expect(summarise(few).numbers[1]!.overClasses).toMatchObject({ replicates: 12, confidence: null });
  });

  it("keep places apart and sum up accuracies, curves and distances", () => {
    const measurements = [
      cloud({ class: 0 }, 1, 1),
      cloud({ class: 1 }, 1, 3),
      cloud({ source: "gaussian", width: 2, seed: 1 }, 1, 9),
    ];
    const curves = [[[3, 1]], [[5, 1]], []];
    const network = (seed: number, validationAccuracy: number | null, testAccuracy: number) =>
      ({
        activation: "relu",
        width: 2,
        seed,
        validationAccuracy,
        testAccuracy,
        untrainedTestAccuracy: 0.1,
      }) as NetworkRecord;
    const place = {
      source: "network",
      job: "n",
      width: 2,
      activation: "relu",
      layer: 1,
      class: 0,
      subsample: 0,
    } as const;
    const found = summarise(measurements, {
      curves,
      scales: [0, 1.5],
      networks: [network(1, 0.7, 0.6), network(2, 0.9, 0.8)],
      distances: [1, 2].map((seed) => ({ ...place, seed, metric: "bottleneck", k: 1, distance: seed })),
    });
    expect(found.numbers.map(({ source, k }) => `${source} ${k}`)).toEqual([
      "input 0",
      "input 1",
      "gaussian 0",
      "gaussian 1",
    ]);
    expect(found.numbers[1]!.overClasses.median).toBe(2);
    // The cloud without a unit has no curve.
    expect(found.curves).toMatchObject({
      scales: [0, 1.5],
      level: 0.9,
      places: [{ source: "input", k: 0, clouds: 2 }],
    });
    expect(found.curves!.places[0]!.median).toEqual([4, 1]);
    expect(found.curves!.places[0]!.upper).toEqual([expect.closeTo(4.9, 12), 1]);
    expect(found.accuracies).toMatchObject([
      {
        activation: "relu",
        width: 2,
        test: { median: expect.closeTo(0.7, 12), replicates: 2 },
        validation: { median: 0.8 },
      },
    ]);
    expect(found.distances).toMatchObject([{ metric: "bottleneck", k: 1, layer: 1, distance: { median: 1.5 } }]);
    const without = summarise([], { networks: [network(1, null, 0.6)] });
    expect(without.accuracies[0]!.validation).toBeNull();
    expect(without.curves).toBeNull();
  });
});

describe("known Betti numbers", () => {
  const expected = [
    { class: 0, betti: [1, 1], reason: "an annulus" },
    { class: 1, betti: [1, 2], reason: "two loops" },
  ];

  it("are compared class by class, place by place; degrees beyond those listed are 0", () => {
    const network = { source: "network", width: 8, activation: "relu", layer: 1, seed: 1 } as const;
    const found = compareWithKnown(
      [
        cloud({ class: 0 }, null, 1, 0),
        cloud({ class: 1 }, null, 2, 1),
        cloud({ ...network, class: 0 }, null, 0, 0),
        cloud({ ...network, class: 1 }, null, 3, 0),
        cloud({ ...network, class: 1, subsample: 1 }, null, 2, null),
        cloud({ source: "gaussian", width: 8, seed: 1 }, null, 1, 0),
      ],
      expected,
    )!;
    expect(
      found.places.map(({ source, k, clouds, right, fewer, more }) => [source, k, clouds, right, fewer, more]),
    ).toEqual([
      ["input", 1, 2, 2, 0, 0],
      ["input", 2, 2, 1, 0, 1],
      ["network", 1, 3, 1, 1, 1],
      ["network", 2, 2, 2, 0, 0],
    ]);
    expect(knownSentences(found, "count").slice(0, 2)).toEqual([
      "Known: b_1 = 1, 2 by class. By count the input shows it in 2 of 2 clouds.",
      "relu, width 8: b_1 right in 1 of 3 clouds (layer 1).",
    ]);
  });

  it("are not there for data that nobody knows", () => {
    expect(compareWithKnown([cloud({}, 1, 1)], null)).toBeNull();
  });
});

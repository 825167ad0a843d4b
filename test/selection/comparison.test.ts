import { describe, expect, it } from "vitest";
import { type ComparisonInput, compareWithAccuracy } from "../../src/selection/comparison.js";
import type { Measured } from "../../src/selection/evidence.js";
import { recommend } from "../../src/selection/recommend.js";
import { everyClass } from "../support/decision.js";

const widths = [2, 4, 8, 16, 32, 62];
const readout = "ratio>1.1";

interface Made {
  /** Loops of the input, and by width of the network, the projection and the Gaussian points. */
  readonly input: number;
  readonly network: readonly number[];
  readonly projection?: readonly number[];
  readonly gaussian?: readonly number[];
  /** Numbers by another readout, the same for every source. */
  readonly second?: readonly number[];
  readonly validation?: readonly (number | null)[];
  readonly test?: readonly number[];
  readonly widths?: readonly number[];
  readonly seeds?: readonly number[];
}

/** The comparison of a study with one class and one hidden layer. */
function compare(made: Made) {
  const { seeds = [1], widths: tried = widths } = made;
  const cloud = (source: Measured["source"], width: number | null, seed: number | null, loops: number): Measured => ({
    source,
    width,
    activation: source === "network" ? "relu" : null,
    seed,
    layer: source === "network" ? 1 : 0,
    class: 0,
    subsample: 0,
    readouts: [
      { readout, betti: [null, loops] },
      ...(made.second ? [{ readout: "largest-gap", betti: [null, made.second[tried.indexOf(width!)] ?? 0] }] : []),
    ],
  });
  const of = (source: Measured["source"], numbers: readonly number[] = []) =>
    numbers.flatMap((loops, i) => seeds.map((seed) => cloud(source, tried[i]!, seed, loops)));
  const measurements = [
    cloud("input", null, null, made.input),
    ...of("network", made.network),
    ...of("projection", made.projection),
    ...of("gaussian", made.gaussian),
  ];
  const networks = tried.flatMap((width, i) =>
    seeds.map((seed) => ({
      id: `relu-w${width}-s${seed}`,
      seed,
      activation: "relu",
      width,
      parameters: 100 * width,
      steps: 10,
      testAccuracy: made.test?.[i] ?? 0.5 + i / 20,
      validationAccuracy: made.validation ? made.validation[i]! : 0.5 + i / 20,
    })),
  );
  const decision = everyClass(readout);
  const recommendation = recommend({
    measurements,
    networks,
    bounds: [],
    enclosures: [],
    activations: ["relu"],
    widths: tried,
    seeds,
    readouts: [readout],
    maxDim: 1,
    decision,
  });
  const readouts = made.second ? [readout, "largest-gap"] : [readout];
  const input: ComparisonInput = {
    measurements,
    networks,
    readouts,
    batchSize: 5,
    alpha: 0.05,
    recommendation,
  };
  return compareWithAccuracy(input)[0]!;
}

describe("the choice", () => {
  it("by accuracy is the smallest width within 0.01 of the best on the images held back", () => {
    const found = compare({
      input: 5,
      network: [1, 2, 5, 6, 7, 8],
      validation: [0.5, 0.89, 0.905, 0.9, 0.91, 0.9],
      test: [0.5, 0.8, 0.81, 0.82, 0.95, 0.95],
    });
    expect(found.chosenBy).toBe("validation");
    expect(found.byAccuracy).toEqual({
      width: 8,
      testAccuracy: 0.81,
      validationAccuracy: 0.905,
      parameters: 800,
      cost: 10 * 5 * 800,
      jobs: ["relu-w8-s1"],
    });
    expect(found).toMatchObject({ outcome: "same", basis: "smallest kept", byTopology: { width: 8 } });
  });

  it("falls back to the test images where none are held back, and says so", () => {
    const found = compare({ input: 5, network: [1, 2, 5, 6, 7, 8], validation: [0.5, null, 0.9, 0.9, 0.9, 0.9] });
    expect(found).toMatchObject({ chosenBy: "test", byAccuracy: { width: 62 } });
    expect(found.sentences[0]).toContain("on the test images (none are held back)");
  });

  it.each([
    ["none", { input: 9, network: [1, 2, 5, 6, 7, 8] }, null],
    ["none", { input: 0, network: [1, 2, 5, 6, 7, 8] }, null],
    ["narrower", { input: 5, network: [1, 2, 5, 6, 7, 8] }, 8],
    ["wider", { input: 8, network: [1, 2, 5, 6, 7, 8], validation: [0.5, 0.9, 0.9, 0.9, 0.9, 0.9] }, 62],
    ["controls", { input: 5, network: [1, 2, 5, 6, 7, 8], projection: [1, 2, 5, 6, 7, 8] }, 8],
    ["controls", { input: 5, network: [1, 2, 5, 6, 7, 8], gaussian: [5, 2, 4, 4, 4, 4] }, 8],
    ["narrower", { input: 5, network: [1, 2, 5, 6, 7, 8], projection: [1, 2, 4, 6, 7, 8] }, 8],
  ] as const)("is %s", (outcome, made, width) => {
    const found = compare(made);
    expect(found.outcome).toBe(outcome);
    expect(found.byTopology?.width ?? null).toBe(width);
  });

  it("rests on confidence where there is some", () => {
    const found = compare({ input: 5, network: [1, 5, 5, 6, 7, 8], seeds: [1, 2, 3, 4, 5] });
    expect(found).toMatchObject({ basis: "confident", byTopology: { width: 4, jobs: { length: 5 } } });
  });
});

/** Trainings of two widths, all loops and accuracies given by width and seed. */
function within(loops: readonly (readonly number[])[], accuracies: readonly (readonly number[])[]) {
  const tried = loops.map((_, i) => 2 ** (i + 1));
  const seeds = loops[0]!.map((_, i) => i + 1);
  const measurements: Measured[] = [
    {
      source: "input",
      width: null,
      activation: null,
      seed: null,
      layer: 0,
      class: 0,
      subsample: 0,
      readouts: [{ readout, betti: [null, 5] }],
    },
    ...tried.flatMap((width, i) =>
      seeds.map(
        (seed, j): Measured => ({
          source: "network",
          width,
          activation: "relu",
          seed,
          layer: 1,
          class: 0,
          subsample: 0,
          readouts: [{ readout, betti: [null, loops[i]![j]!] }],
        }),
      ),
    ),
  ];
  const networks = tried.flatMap((width, i) =>
    seeds.map((seed, j) => ({
      id: `relu-w${width}-s${seed}`,
      seed,
      activation: "relu",
      width,
      parameters: width,
      steps: 1,
      testAccuracy: accuracies[i]![j]!,
      validationAccuracy: null,
    })),
  );
  const recommendation = recommend({
    measurements,
    networks,
    bounds: [],
    enclosures: [],
    activations: ["relu"],
    widths: tried,
    seeds,
    readouts: [readout],
    maxDim: 1,
    decision: everyClass(readout),
  });
  return compareWithAccuracy({
    measurements,
    networks,
    readouts: [readout],
    batchSize: 1,
    alpha: 0.05,
    recommendation,
  })[0]!;
}

describe("the correlation with accuracy between trainings of one width", () => {
  it("is not made by the widths: numbers and accuracies that rise with the width alone show none", () => {
    // Over the widths both rise; within each the orders 1 2 3 4 and 2 4 1 3 have rho 0.
    const found = within(
      [
        [1, 2, 3, 4],
        [11, 12, 13, 14],
        [21, 22, 23, 24],
      ],
      [
        [0.32, 0.34, 0.31, 0.33],
        [0.62, 0.64, 0.61, 0.63],
        [0.92, 0.94, 0.91, 0.93],
      ],
    );
    expect(found.correlations).toMatchObject([{ mean: 0, widths: 3, trainings: 12, pValue: 1, method: "exact" }]);
    expect(found).toMatchObject({ informative: [], tellable: true });
    expect(found.sentences.at(-1)).toBe(
      "None of the readouts is shown to go with accuracy; that is no proof that none does.",
    );
    expect(found.sentences.join(" ")).not.toMatch(/added nothing|Over \d+ widths/);
  });

  it("is found where it is there, with its n, and chooses no width", () => {
    // Two widths of four in the same order: 2 of 24² pairs of orders are as extreme.
    const found = within(
      [
        [1, 2, 3, 4],
        [11, 12, 13, 14],
      ],
      [
        [0.31, 0.32, 0.33, 0.34],
        [0.61, 0.62, 0.63, 0.64],
      ],
    );
    expect(found.correlations[0]).toMatchObject({ mean: 1, pValue: 2 / 576, adjustedP: 2 / 576, permutations: 576 });
    expect(found.informative).toEqual([{ readout, k: 1, layer: 1 }]);
    expect(found.sentences.join(" ")).toContain(
      "the number of loops in layer 1 by ratio>1.1 goes with accuracy most closely: mean rank correlation 1.00 (p 0.0035 by all 576 permutations within widths, 0.0035 corrected for all readouts and layers) over 2 widths, 8 trainings. That is shown at level 0.05: an association between trainings on these images, which chooses no width",
    );
  });

  it("of fewer than four trainings cannot be told, and is not called nothing", () => {
    const found = within([[1, 2, 3]], [[0.1, 0.2, 0.3]]);
    expect(found).toMatchObject({ informative: [], tellable: null, correlations: [{ mean: null, pValue: null }] });
    expect(found.sentences.at(-1)).toContain("cannot be told from 3 trainings of each width: at least 4 are needed.");
  });

  it("of four trainings of one width is found by none however strong: 2/24 is above 0.05", () => {
    const found = within([[1, 2, 3, 4]], [[0.1, 0.2, 0.3, 0.4]]);
    expect(found).toMatchObject({ tellable: false, informative: [], correlations: [{ mean: 1, pValue: 2 / 24 }] });
    expect(found.sentences.at(-1)).toBe(
      "So few trainings cannot show a correlation at level 0.05, corrected, however strong.",
    );
  });

  it("is none where nothing varies", () => {
    const found = within([[5, 5, 5, 5, 5]], [[0.1, 0.2, 0.3, 0.4, 0.5]]);
    expect(found.sentences.at(-1)).toContain("no readout varies, or accuracy does not");
  });
});

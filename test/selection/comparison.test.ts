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

describe("the correlation with accuracy", () => {
  it("is exact: six widths in order give rho 1 and p = 2/720", () => {
    const found = compare({ input: 5, network: [1, 2, 5, 6, 7, 8] });
    expect(found.correlations).toEqual([
      {
        readout,
        k: 1,
        layer: 1,
        minus: null,
        pairs: 6,
        rho: 1,
        pValue: 2 / 720,
        adjustedP: 2 / 720,
        method: "exact",
      },
    ]);
    // Without a control nothing is known to go beyond one.
    expect(found).toMatchObject({ informative: [], tellable: null, addedNothing: true });
    expect(found.sentences.at(-1)).toBe(
      "Topology added nothing to what accuracy tells: no control was measured beside which a readout could say more.",
    );
  });

  it("vanishes when a control rises as well, and then topology added nothing", () => {
    // Differences 1, 0, 1, 0, 1, 0 against 1..6: mid-ranks 5, 2, 5, 2, 5, 2.
    const found = compare({ input: 5, network: [1, 2, 5, 6, 7, 8], projection: [0, 2, 4, 6, 6, 8] });
    const minus = found.correlations.find((one) => one.minus === "projection")!;
    // Σ (rank - 3.5)(i - 3.5) = 1.5 (-2.5 + 1.5 - 0.5 - 0.5 + 1.5 - 2.5) = -4.5 over √(13.5 · 17.5).
    expect(minus.rho).toBeCloseTo(-4.5 / Math.sqrt(13.5 * 17.5), 12);
    expect(found).toMatchObject({ informative: [], tellable: true, addedNothing: true });
    expect(found.sentences.at(-1)).toBe(
      "Topology added nothing to what accuracy tells: no readout goes with accuracy whichever control is subtracted.",
    );
  });

  it("that remains with every control subtracted is information", () => {
    const flat = [1, 1, 1, 1, 1, 1];
    const found = compare({ input: 5, network: [1, 2, 5, 6, 7, 8], projection: flat, gaussian: flat });
    expect(found).toMatchObject({ informative: [{ readout, k: 1, layer: 1 }], addedNothing: false });
    expect(found.sentences.join(" ")).not.toContain("added nothing");
    // One control that explains it is enough to take it back.
    const explained = compare({
      input: 5,
      network: [1, 2, 5, 6, 7, 8],
      projection: flat,
      gaussian: [0, 2, 4, 6, 6, 8],
    });
    expect(explained.addedNothing).toBe(true);
  });

  it("is corrected by Holm over the readouts: the smallest of two p twice, the other once and no less", () => {
    // Ranks 2, 1, 3, 4, 6, 5 of the second: p = 24/720.
    const { correlations } = compare({ input: 5, network: [1, 2, 5, 6, 7, 8], second: [2, 1, 3, 4, 6, 5] });
    expect(correlations.map(({ readout: name, adjustedP }) => [name, adjustedP])).toEqual([
      [readout, expect.closeTo(4 / 720, 14)],
      ["largest-gap", expect.closeTo(24 / 720, 14)],
    ]);
  });

  it("of four widths cannot be told", () => {
    const found = compare({ input: 5, network: [1, 2, 5, 6], projection: [1, 1, 1, 1], widths: [2, 4, 8, 16] });
    expect(found).toMatchObject({ tellable: false, addedNothing: true });
    expect(found.sentences.at(-1)).toContain("so few widths cannot show");
  });
});

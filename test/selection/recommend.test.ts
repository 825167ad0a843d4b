import { describe, expect, it } from "vitest";
import { carryBounds, type LayerBound } from "../../src/bounds/layer-bounds.js";
import { smallestBound } from "../../src/selection/carry-bound.js";
import { collectEvidence, comparedDegrees, type Measured } from "../../src/selection/evidence.js";
import { type RecommendInput, recommend } from "../../src/selection/recommend.js";
import { everyClass } from "../support/decision.js";

const readout = "ratio>1.1";

/** The measurements of one cloud per class, `loops[class]` in degree 1. */
function cloud(
  what: Partial<Measured>,
  loops: (number | null)[],
  significant: number[] = loops.map(() => 0),
): Measured[] {
  return loops.map((betti, label) => ({
    source: "input",
    width: null,
    activation: null,
    seed: null,
    layer: 0,
    subsample: 0,
    ...what,
    class: label,
    readouts: [
      { readout, betti: [null, betti] },
      { readout: "universal-null@0.05", betti: [null, significant[label]!] },
      { readout: "count", betti: [200, 100 + label] },
    ],
  }));
}

type Widths = Record<number, number[][]>;

interface Evidence {
  readonly input: number[];
  readonly significant?: number[];
  /** Loops by width, layer and class. */
  readonly network: Widths;
  readonly untrained?: Widths;
  readonly projection?: Widths;
  readonly accuracies?: Record<number, number>;
  readonly seeds?: number[];
  readonly activation?: "relu" | "square";
  readonly decision?: Partial<RecommendInput["decision"]>;
}

function advise(evidence: Evidence) {
  const { seeds = [1], activation = "square", input } = evidence;
  const of = (source: "network" | "untrained" | "projection", widths: Widths = {}) =>
    Object.entries(widths).flatMap(([width, layers]) =>
      seeds.flatMap((seed) =>
        layers.flatMap((values, i) =>
          cloud(
            source === "projection"
              ? { source, width: Number(width), seed, layer: 0 }
              : { source, width: Number(width), seed, activation, layer: i + 1 },
            values,
          ),
        ),
      ),
    );
  const widths = Object.keys(evidence.network).map(Number);
  return recommend({
    measurements: [
      ...cloud({}, input, evidence.significant),
      ...of("network", evidence.network),
      ...of("untrained", evidence.untrained),
      ...of("projection", evidence.projection),
    ],
    networks: Object.entries(evidence.accuracies ?? {}).map(([width, testAccuracy]) => ({
      activation,
      width: Number(width),
      parameters: 100 * Number(width),
      testAccuracy,
      validationAccuracy: null,
    })),
    enclosures: [],
    bounds: widths.map((width) => ({
      activation,
      width,
      carried: carryBounds({ widths: [784, width, width, width], activation, maxDim: 1, dataDegree: 2 }),
    })),
    activations: [activation],
    widths,
    seeds,
    readouts: [readout, "universal-null@0.05", "count"],
    maxDim: 1,
    decision: {
      ...everyClass(readout),
      ...evidence.decision,
    },
  });
}

const low = [
  [2, 5],
  [2, 3],
];
const high = [
  [3, 9],
  [4, 5],
];

describe("recommendation", () => {
  const found = advise({
    input: [3, 5],
    network: { 2: low, 8: high, 16: low, 32: high },
    untrained: { 2: low, 8: low, 16: low, 32: high },
    projection: { 2: [[1, 1]], 8: [[3, 5]], 16: [[5, 5]], 32: [[5, 5]] },
    accuracies: { 2: 0.5, 8: 0.9, 16: 0.955, 32: 0.96 },
  });
  const [square] = found.byActivation;
  const text = found.sentences.join("\n");

  it("names the smallest width tried at which no layer measured fewer, and that wider ones did", () => {
    expect(square!.smallestKept).toBe(8);
    expect(text).toContain(
      "square: the smallest width tried at which no layer measured fewer than the input is 8, although wider networks (16) measured fewer again.",
    );
  });

  it("lists the widths at which a layer measured fewer, with the share kept", () => {
    expect(square!.measuredFewer.map(({ width, k }) => [width, k])).toEqual([
      [2, 1],
      [16, 1],
    ]);
    expect(square!.measuredFewer[0]!.text).toBe(
      "Width 2 measured fewer loops than the input in 3 of 4 comparisons of class, sample and layer (layers 1, 2; most in layer 2, class 1: 3 against 5).",
    );
    expect(text).toContain(
      "at widths 2, 16; at least the input's number was measured there in 25 %, 25 % of the comparisons.",
    );
  });

  it("says what the controls do at that width", () => {
    expect(text).toContain(
      "square: at width 8 a random linear projection of the data to that width keeps as many too: that many need neither a network nor training.",
    );
    expect(text).toContain("square: at width 8 the network before training does not keep as many.");
    expect(text).toContain(
      "Control: a random linear projection of the data, with no network, keeps the input's numbers at widths 8, 16, 32.",
    );
    expect(square).toMatchObject({ untrainedSmallestKept: 32, projectionSmallestKept: 8 });
  });

  it("says that training had no part in it when the untrained network keeps them too", () => {
    const both = advise({ input: [3, 5], network: { 8: high }, untrained: { 8: high }, projection: { 8: [[3, 5]] } });
    expect(both.sentences.join("\n")).toContain(
      "square: at width 8 a random linear projection of the data to that width and the network before training keep as many too: keeping them is not the training's doing.",
    );
  });

  it("says that so few samples show no difference from a control, and none without a control", () => {
    // Two classes, one sample each: 2 · 0.5² = 0.5 at best.
    expect(text).toContain(
      "square: beside a random map no difference can be shown: 2 samples, compared pairwise at 8 places, are too few for level 0.05.",
    );
    expect(advise({ input: [3, 5], network: { 8: high } }).sentences.join("\n")).not.toContain("beside a random map");
  });

  it("takes one chance miss for no finding, and a difference in every sample for one", () => {
    const input = [5, 5, 5, 5, 5, 5, 5, 5, 5, 5];
    const more = [6, 6, 6, 6, 6, 6, 6, 6, 6, 6];
    const missed = [6, 4, 6, 6, 6, 6, 6, 6, 6, 6];
    const same = advise({ input, network: { 8: [more] }, projection: { 8: [[5, 7, 7, 6, 6, 6, 6, 6, 6, 6]] } });
    expect(same.sentences).toContain(
      "square: on the same images the trained network and a random map differ in the number by ratio>1.1 at none of 1 places (sign test over 10 samples at level 0.05, corrected for all places; where no difference is shown there may be one).",
    );
    // 9 of 10 against the random map: 2 (1 + 10) / 1024 = 0.0215 with one place.
    const found = advise({ input, network: { 8: [missed] }, projection: { 8: [input] } });
    expect(found.sentences.join("\n")).toContain(
      "differ in the number by ratio>1.1 at 1 of 1 places: more at width 8 layer 1 in 9 (sign test over 10 samples",
    );
    const { pairings } = found.byActivation[0]!.paired;
    expect(pairings.map((one) => [one.with, one.more, one.equal, one.fewer, one.pValue])).toEqual([
      ["input", 9, 0, 1, expect.closeTo(22 / 1024, 12)],
      ["projection", 9, 0, 1, expect.closeTo(22 / 1024, 12)],
    ]);
  });

  it("puts the accuracy beside it, and the smallest width as good as the best", () => {
    expect(text).toContain(
      "square: at width 8 the test accuracy is 90.0 %; the smallest width within one point of the best accuracy is 16 (95.5 %).",
    );
  });

  it("claims no confidence from one training", () => {
    expect(found).toMatchObject({ strength: "indicative", trainings: 1 });
    expect(found.sentences[0]).toMatch(/^Indicative, one training/);
    expect(text).not.toContain("95 %)");
  });

  it("never takes 'not excluded' for 'sufficient'", () => {
    expect(found.sentences.at(-1)).toMatch(/^A width that is not excluded is not thereby sufficient/);
    expect(text.match(/\bsufficient\b|\bsuffices\b|\benough\b/g)).toHaveLength(1);
  });

  it("warns that no loop is significant", () => {
    expect(text).toContain("no class of the input has a single loop that stands out from noise");
  });

  it("also judges the other readouts, count in degree 1 only", () => {
    const counted = square!.otherReadouts.find((verdict) => verdict.readout === "count");
    expect(counted).toMatchObject({ input: [{ k: 1, median: 100.5, maximum: 101 }], smallestKept: 2 });
    const significant = square!.otherReadouts.find((verdict) => verdict.readout === "universal-null@0.05");
    expect(significant).toMatchObject({ nothingToKeep: true, smallestKept: null });
  });
});

describe("recommendation, other outcomes", () => {
  it("says when none of the widths tried keeps the numbers", () => {
    const found = advise({ input: [3, 5], network: { 2: low, 8: low }, accuracies: { 2: 0.5, 8: 0.9 } });
    expect(found.byActivation[0]!.smallestKept).toBeNull();
    expect(found.sentences).toContain(
      "square: the smallest width at which no layer measured fewer than the input: none of the widths tried.",
    );
  });

  it("mentions the medians when one class misses by chance", () => {
    const miss = [[2, 9, 9]];
    const found = advise({ input: [3, 5, 7], network: { 2: [[1, 1, 1]], 8: miss } });
    expect(found.byActivation[0]).toMatchObject({ smallestKept: null, smallestKeptByMedians: 8 });
    expect(found.sentences.join("\n")).toContain("the smallest would be 8");
    const tolerant = advise({ input: [3, 5, 7], network: { 8: miss }, decision: { tolerance: 0.4 } });
    expect(tolerant.byActivation[0]!.smallestKept).toBe(8);
    expect(tolerant.sentences.join("\n")).toContain(
      "at most 40 % of the comparisons of a layer fell below the input is 8",
    );
    const byMedian = advise({
      input: [3, 5, 7],
      network: { 2: [[1, 1, 1]], 8: miss },
      decision: { rule: "median-over-classes" },
    });
    expect(byMedian.byActivation[0]!.smallestKept).toBe(8);
    expect(byMedian.byActivation[0]!.measuredFewer[0]!.text).toBe(
      "Width 2 measured fewer loops than the input in 1 of 1 layer medians (layer 1; most in layer 1: 1 against 5).",
    );
  });

  it("does not call nothing kept when there is nothing to keep", () => {
    const found = advise({
      input: [0, 0],
      network: { 2: [[0, 0]], 8: [[1, 0]] },
      projection: { 2: [[0, 0]], 8: [[0, 0]] },
    });
    expect(found).toMatchObject({ nothingToKeep: true, byActivation: [{ smallestKept: null, measuredFewer: [] }] });
    expect(found.sentences.join("\n")).toContain(
      "there is nothing to keep, and the comparison says nothing about widths",
    );
    expect(found.sentences.join("\n")).not.toMatch(/smallest width tried|none of the widths tried\.|Control/);
  });

  it("recommends nothing when the input was not measured", () => {
    const found = advise({ input: [], network: { 2: [], 8: [] } });
    expect(found).toMatchObject({ nothingToKeep: false, byActivation: [{ smallestKept: null }] });
    expect(found.sentences.join("\n")).toContain("no width is recommended");
  });

  it("excludes widths by the carry bound, with its assumptions: 60 loops at width 2, 504 at width 3", () => {
    const found = advise({ input: [61, 10], network: { 2: [[61, 61]], 3: [[61, 61]] } });
    const [square] = found.byActivation;
    expect(square!.excludedIf.map(({ width }) => width)).toEqual([2]);
    expect(square!.excludedIf[0]!.text).toBe(
      "Width 2 is excluded if the data's true Betti numbers are at least the measured ones and what enters each layer is cut out by polynomial equations of degree at most 2 alone (no set with an inside is, and hardly ever a layer's image): it then carries at most 60 loops (isolated-layer capacity, any field), and 61 were measured in class 0.",
    );
    expect(found.sentences.join("\n")).toContain("square: width 2 is excluded if");
    expect(found.sentences.join("\n")).toContain(
      "the bound (isolated-layer capacity, any field) is 60 loops at width 2 and 504 at width 3, against at most 61 measured",
    );
    expect(found.sentences.join("\n")).toContain("typically far from attained");
    expect(advise({ input: [60, 10], network: { 2: [[61, 61]] } }).byActivation[0]!.excludedIf).toEqual([]);
  });

  it("says which widths the plain count would exclude", () => {
    const found = advise({ input: [3, 5], network: { 2: high, 3: high } });
    expect(found.byActivation[0]!.excludedIf).toEqual([]);
    expect(found.sentences.join("\n")).toContain(
      "square: were the numbers of the readout count the data's true Betti numbers, width 2 would be excluded under",
    );
  });

  it("proves that width 1 carries no loop, and knows no bound for relu", () => {
    const found = advise({ input: [3, 5], network: { 1: low, 2: high }, activation: "relu" });
    const [relu] = found.byActivation;
    expect(relu!.cannotCarry).toEqual([
      { width: 1, k: 1, text: expect.stringContaining("Width 1 cannot carry loops") },
    ]);
    expect(relu!.excludedIf).toEqual([]);
    expect(found.sentences.join("\n")).toContain("Carrying loops takes at least 2 units in every layer");
    expect(found.sentences.join("\n")).toContain("too narrow: 1.");
    const without = advise({ input: [0, 0], network: { 1: low, 2: high }, activation: "relu" });
    expect(without.sentences.join("\n")).toMatch(
      /too narrow: 1, were there any to carry \(by .* the input shows none\)\./,
    );
    expect(found.sentences.join("\n")).toContain(
      "(T1, a proof over any field, for every definable or locally Lipschitz activation)",
    );
    expect(found.sentences).toContain(
      "relu: no theorem known here bounds what such a layer can carry from 2 units on, so none excludes a width of 2 or more.",
    );
  });

  it("leaves widths that T1 excludes out of what it says about the carry bound", () => {
    const carry = (found: { sentences: readonly string[] }) =>
      found.sentences.filter((sentence) => sentence.includes("the bound (")).join("\n");
    expect(carry(advise({ input: [3, 5], network: { 1: low, 2: high } }))).toContain("is 60 loops at width 2, against");
    expect(carry(advise({ input: [3, 5], network: { 1: low } }))).toBe("");
  });

  it("counts one loop as one", () => {
    const found = advise({ input: [1, 1], network: { 2: high, 8: high } });
    expect(found.sentences.join("\n")).toContain("the input shows 1 loop per class;");
  });

  it("is confident with five trainings that all keep, from the widest down", () => {
    const found = advise({ input: [3, 5], network: { 2: low, 8: high, 16: high }, seeds: [1, 2, 3, 4, 5] });
    expect(found).toMatchObject({ strength: "confident", trainings: 5, byActivation: [{ confidentWidth: 8 }] });
    expect(found.sentences.join("\n")).toContain("square: down to width 8, more than half of all trainings");
    const four = advise({ input: [3, 5], network: { 8: high }, seeds: [1, 2, 3, 4] });
    expect(four).toMatchObject({ strength: "indicative", byActivation: [{ confidentWidth: null }] });
  });
});

describe("the bottom line", () => {
  const accuracies = { 2: 0.5, 8: 0.9, 16: 0.955, 32: 0.96 };
  const network = { 2: low, 8: high, 16: high, 32: high };
  const kept = { 2: [[3, 5]], 8: [[3, 5]], 16: [[3, 5]], 32: [[3, 5]] };
  const fewer = { 2: [[1, 1]], 8: [[1, 1]], 16: [[1, 1]], 32: [[1, 1]] };

  it("does not let topology choose where nothing stands out from noise and a projection keeps as many", () => {
    expect(advise({ input: [3, 5], network, projection: kept, accuracies }).summary).toBe(
      "In short: topology does not choose a width here. No loop of the input stands out from noise, no width is excluded by a theorem, and a random projection to width 2 already shows as many loops as the input. By accuracy, choose 16 (95.5 %).",
    );
  });

  it("does not let it choose either where the controls keep fewer of what is noise", () => {
    expect(advise({ input: [3, 5], network, projection: fewer }).summary).toBe(
      "In short: topology does not choose a width here. No loop of the input stands out from noise, no width is excluded by a theorem, and a random projection shows fewer loops up to width 8, which sample by sample is no more than chance may do.",
    );
  });

  it("names a width where loops stand out and the controls keep fewer, and how sure that is", () => {
    const significant = [3, 5];
    const untrained = { 2: low, 8: low, 16: low, 32: low };
    const evidence = { input: [3, 5], significant, network, untrained, projection: fewer, accuracies };
    expect(advise(evidence).summary).toBe(
      "In short: topology points to width 8, the smallest tried at which no layer measured fewer loops than the input. Classes of the input have up to 5 loops that stand out from noise, no width is excluded by a theorem, and a random projection and the network before training show fewer loops up to width 8, which sample by sample is no more than chance may do. One training each: an indication, no confidence. By accuracy, choose 16 (95.5 %).",
    );
    expect(advise({ ...evidence, seeds: [1, 2, 3, 4, 5] }).summary).toContain(
      "With 95 % confidence, on these images, more than half of all trainings keep as many down to width 8. By accuracy,",
    );
    expect(advise({ ...evidence, projection: kept }).summary).toMatch(
      /^In short: topology does not choose a width here\. Classes .* and a random projection to width 2 already shows as many loops as the input\. By/,
    );
    expect(advise({ ...evidence, untrained: network }).summary).toContain(
      "and before training the network already shows as many loops as the input at width 8. By",
    );
    expect(advise({ ...evidence, untrained: {}, projection: {} }).summary).toContain(
      "and no control was measured that could explain the counts. One training each",
    );
  });

  it("says that no width keeps the loops, that there are none, or that nothing was measured", () => {
    const none = { 2: low, 8: low };
    const some = advise({
      input: [3, 5],
      significant: [0, 1],
      network: none,
      projection: kept,
      accuracies: { 8: 0.9 },
    });
    expect(some.summary).toBe(
      "In short: no width tried keeps the input's loops: at every one some layer measured fewer. Some class of the input has 1 loop that stands out from noise, no width is excluded by a theorem, and a random projection to width 2 shows as many loops as the input where the networks do not. By accuracy, choose 8 (90.0 %, the widest tried).",
    );
    expect(advise({ input: [0, 0], network: { 2: [[0, 0]] }, projection: { 2: [[0, 0]] } }).summary).toBe(
      "In short: topology does not choose a width here. No loop of the input stands out from noise, and no width is excluded by a theorem.",
    );
    expect(advise({ input: [], network: { 2: [] } }).summary).toBe(
      "In short: nothing can be said about widths, for no number of the input is defined by ratio>1.1.",
    );
  });

  it("names excluded widths, proofs apart from what rests on an assumption", () => {
    const wide = [[61, 61]];
    const { summary } = advise({ input: [61, 10], network: { 1: [[0, 0]], 2: wide, 3: wide } });
    expect(summary).toContain(
      "width 1 is excluded by a theorem and a theorem excludes width 2 (square) if the data are as it assumes",
    );
  });
});

describe("evidence", () => {
  it("leaves out numbers that a readout does not define", () => {
    const measurements = [
      ...cloud({}, [3, null, 5]),
      ...cloud({ source: "network", width: 8, activation: "relu", seed: 1, layer: 1 }, [2, 2, null]),
    ];
    expect(comparedDegrees(readout, measurements)).toEqual([1]);
    expect(comparedDegrees("count", measurements)).toEqual([1]);
    expect(collectEvidence(readout, measurements, "network", "relu", [8])).toEqual([
      {
        width: 8,
        runs: [{ seed: 1, comparisons: [{ layer: 1, class: 0, subsample: 0, k: 1, input: 3, measured: 2 }] }],
      },
    ]);
    expect(collectEvidence(readout, measurements, "network", "square", [8])).toEqual([]);
  });

  it("takes only bounds that hold over every field", () => {
    const bound = (field: "any" | "char0", exact: string, log10: number | null): LayerBound => ({
      layer: 1,
      width: 8,
      k: 1,
      bound: { kind: "inequality", field, exact, log10, theorem: "", source: "", status: "proven here", trace: [] },
    });
    expect(smallestBound([bound("any", "60", 1.78), bound("char0", "6", 0.78)], 1)).toMatchObject({
      value: 60,
      shown: "60",
    });
    expect(smallestBound([bound("any", "0", null)], 1)).toMatchObject({ value: 0, shown: "0" });
    expect(smallestBound([bound("char0", "6", 0.78)], 1)).toBeNull();
  });
});

describe("several samples of a class", () => {
  it("are compared one by one, layer and input on the same images", () => {
    const samples = (what: Partial<Measured>, ...loops: number[]) =>
      loops.flatMap((betti, subsample) => cloud({ ...what, subsample }, [betti]));
    const layer = { source: "network", width: 8, activation: "relu", seed: 1, layer: 1 } as const;
    const [evidence] = collectEvidence(
      readout,
      [...samples({}, 1, 9, 5), ...samples(layer, 0, 7, 6)],
      "network",
      "relu",
      [8],
    );
    // Medians 5 and 6 would hide that two of three samples measured fewer.
    expect(
      evidence!.runs[0]!.comparisons.map(({ subsample, input, measured }) => [subsample, input, measured]),
    ).toEqual([
      [0, 1, 0],
      [1, 9, 7],
      [2, 5, 6],
    ]);
  });
});

describe("the decision's levels", () => {
  const study = (decision: object, seeds = [1, 2, 3, 4, 5]) =>
    advise({ input: [3], network: { 8: [[4]], 16: [[4]] }, seeds, decision });

  it("say how much is to be shown: five of five show one half at 0.05, not 0.6, and 0.6 at 0.1", () => {
    // 0.05^(1/5) = 0.549, 0.1^(1/5) = 0.631.
    expect(study({}).byActivation[0]!.confidentWidth).toBe(8);
    expect(study({ probability: 0.6 })).toMatchObject({
      strength: "indicative",
      byActivation: [{ confidentWidth: null }],
    });
    const loose = study({ probability: 0.6, alpha: 0.1 });
    expect(loose).toMatchObject({ strength: "confident", byActivation: [{ confidentWidth: 8 }] });
    expect(loose.sentences.join(" ")).toContain(
      "at least 60 % of all trainings keep the input's numbers (fixed-sequence test, confidence 90 %)",
    );
  });

  it("are those of the sequence too: four of five show 0.3, not one half", () => {
    // The root p of P(Bin(5, p) ≥ 4) = 0.05 is 0.3426.
    const layer = { source: "network", width: 8, activation: "relu", layer: 1 } as const;
    const of = (probability: number) =>
      recommend({
        measurements: [
          ...cloud({}, [3]),
          ...[1, 2, 3, 4, 5].flatMap((seed) => cloud({ ...layer, seed }, [seed === 5 ? 2 : 4])),
        ],
        networks: [],
        bounds: [],
        enclosures: [],
        activations: ["relu"],
        widths: [8],
        seeds: [1, 2, 3, 4, 5],
        readouts: [readout],
        maxDim: 1,
        decision: {
          readout,
          rule: "every-class",
          tolerance: 0,
          probability,
          alpha: 0.05,
          order: "narrowest",
          dataDegree: 2,
          dataInequalities: 0,
        },
      }).byActivation[0]!.confidentWidth;
    expect([of(0.3), of(0.5)]).toEqual([8, null]);
  });
});

describe("a test that cannot be applied", () => {
  const unable = (reason: "too-few-intervals" | "not-noise", source: "input" | "network") => ({
    source,
    width: source === "input" ? null : 8,
    activation: source === "input" ? null : "relu",
    seed: source === "input" ? null : 1,
    layer: source === "input" ? 0 : 1,
    subsample: 0,
    readouts: [{ readout: "universal-null@0.05", betti: [null, null], untested: [null, reason] }],
  });
  const advised = (measurements: Measured[]) =>
    recommend({
      measurements,
      networks: [],
      bounds: [],
      enclosures: [],
      activations: ["relu"],
      widths: [8],
      seeds: [1],
      readouts: ["universal-null@0.05"],
      maxDim: 1,
      decision: everyClass("universal-null@0.05"),
    });
  const tested = (label: number, betti: number): Measured => ({
    ...unable("not-noise", "input"),
    class: label,
    readouts: [{ readout: "universal-null@0.05", betti: [null, betti] }],
  });

  it("is neither 0 nor noise: with no sample tested nothing is said about widths", () => {
    const found = advised([{ ...unable("too-few-intervals", "input"), class: 0 }]);
    expect(found.nothingToKeep).toBe(false);
    expect(found.summary).toBe(
      "In short: nothing can be said about widths, for universal-null@0.05 could not be tested on the input (too few intervals to test).",
    );
    expect(found.sentences).toContain(
      "By universal-null@0.05 the loops of the one sample of the input could not be tested (too few intervals to test): that is neither 0 nor noise.",
    );
    expect(`${found.summary} ${found.sentences.join(" ")}`).not.toContain("stands out");
  });

  it("limits what is said of noise to the samples tested", () => {
    const found = advised([tested(0, 0), { ...unable("not-noise", "input"), class: 1 }]);
    expect(found.summary).toContain("No loop of the input stands out from noise in the samples that could be tested");
    expect(found.sentences.join("\n")).toContain("the loops of 1 of 2 samples of the input could not be tested");
    expect(advised([tested(0, 0), tested(1, 0)]).summary).not.toContain("could be tested");
  });

  it("leaves the comparison out in a layer, and says how many", () => {
    const found = advised([tested(0, 2), { ...unable("too-few-intervals", "network"), class: 0 }]);
    expect(found.byActivation[0]!.network).toMatchObject([{ runs: 1, keptRuns: 0, fractionKept: null }]);
    expect(found.sentences).toContain(
      "By universal-null@0.05 1 of 1 clouds of trained layers could not be tested in some degree; those comparisons count neither way.",
    );
  });
});

describe("the level", () => {
  it("is that of each activation, and of these test samples", () => {
    const five = advise({ input: [3, 5], network: { 8: high }, seeds: [1, 2, 3, 4, 5] });
    expect(five.sentences[0]).toContain("conditional on this one set of test samples");
    expect(five.sentences[0]).toContain("The level of 0.05 is that of each activation by itself.");
  });
});

describe("Johnson's theorem in the bottom line", () => {
  const enclosure = { enclosing: 1, enclosed: 0, dimension: 2, simplices: 40, birth: 0.2, inside: 50, of: 50 };
  const study = (widths: number[], surrounds: boolean) =>
    recommend({
      measurements: cloud({}, [0, 0]),
      networks: [],
      bounds: [],
      enclosures: surrounds ? [{ ...enclosure, death: 1 } as unknown as RecommendInput["enclosures"][number]] : [],
      activations: ["relu"],
      widths,
      seeds: [1],
      readouts: [readout],
      maxDim: 1,
      decision: everyClass(readout),
    }).byActivation[0]!.exclusions.flatMap(({ name, widths: excluded }) => [name, ...excluded]);

  it("excludes the widths below 3 in the plane where a class surrounds another, and none else", () => {
    expect(study([2, 3, 4], true)).toEqual(["N5", 2]);
    expect(study([3, 4], true)).toEqual(["N5"]);
    expect(study([2, 3, 4], false)).toEqual([]);
  });

  it("is said where the trainings choose no width", () => {
    const words = (surrounds: boolean) =>
      recommend({
        measurements: [
          ...cloud({}, [1, 1]),
          ...[2, 3].flatMap((width) =>
            (["network", "projection"] as const).flatMap((source) =>
              cloud(
                {
                  source,
                  width,
                  seed: 1,
                  activation: source === "network" ? "relu" : null,
                  layer: source === "network" ? 1 : 0,
                },
                [1, 1],
              ),
            ),
          ),
        ],
        networks: [],
        bounds: [],
        enclosures: surrounds ? [{ ...enclosure, death: 1 } as unknown as RecommendInput["enclosures"][number]] : [],
        activations: ["relu"],
        widths: [2, 3],
        seeds: [1],
        readouts: [readout],
        maxDim: 1,
        decision: everyClass(readout),
      }).summary;
    expect(words(true)).toContain(
      "topology excludes width 2 (relu), for one class surrounds another, and chooses none of the others.",
    );
    expect(words(true)).not.toContain("does not choose");
    expect(words(false)).toContain("topology does not choose a width here.");
    expect(words(false)).toContain("No width is excluded by a theorem".slice(1));
  });
});

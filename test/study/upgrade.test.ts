import { expect, it } from "vitest";
import { resultSchema } from "../../src/study/result-schema.js";
import { upgradeStudy } from "../../src/study/upgrade.js";
import { fixtureResult } from "../report/fixture.js";

type Result = ReturnType<typeof fixtureResult>;

const without = (value: object, ...names: string[]) =>
  Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)));

/** Advice without exclusions and the parameters beside its accuracies, as the first two formats had it. */
function bare(one: object) {
  const { accuracies, smallestAccurate } = one as Result["recommendation"]["byActivation"][number];
  return {
    ...without(one, "exclusions"),
    accuracies: accuracies.map((held) => without(held, "parameters")),
    smallestAccurate: smallestAccurate && without(smallestAccurate, "parameters"),
  };
}

/** The fixture as the second format had it. */
function second() {
  const result = JSON.parse(JSON.stringify(fixtureResult())) as Result;
  const { config, recommendation } = result;
  return {
    ...without(result, "enclosures"),
    formatVersion: 2,
    config: { ...config, decision: without(config.decision, "order") },
    recommendation: {
      ...without(recommendation, "order", "widths"),
      byActivation: recommendation.byActivation.map(bare),
    },
  };
}

/** The fixture as the first format had it. */
function first() {
  const result = JSON.parse(JSON.stringify(fixtureResult())) as ReturnType<typeof fixtureResult>;
  const { config, recommendation } = result;
  return {
    ...without(result, "statistics", "comparisons", "known", "enclosures"),
    formatVersion: 1,
    config: {
      ...without(config, "subset", "layerDistances", "curves"),
      sampling: without(config.sampling, "subsamples"),
      training: without(config.training, "optimiser", "schedule", "validateEvery", "earlyStop"),
      decision: without(config.decision, "probability", "alpha", "order"),
    },
    samples: result.samples.map((one) => without(one, "subsample")),
    networks: result.networks.map((one) => without(one, "validationAccuracy", "validations", "takenAt")),
    measurements: result.measurements.map((one) => without(one, "subsample", "medianDistance")),
    recommendation: {
      ...without(recommendation, "probability", "alpha", "gaussian", "order", "widths"),
      byActivation: recommendation.byActivation.map((one) => bare(without(one, "gaussianSmallestKept"))),
    },
  };
}

it("reads a study of the first format as one of today's, with statistics of its own numbers", () => {
  const upgraded = upgradeStudy(first()) as ReturnType<typeof fixtureResult>;
  expect(upgraded).toMatchObject({
    formatVersion: 3,
    known: null,
    comparisons: [{ chosenBy: "test" }, { chosenBy: "test" }],
  });
  const { statistics } = fixtureResult();
  expect(upgraded.statistics.numbers).toEqual(JSON.parse(JSON.stringify(statistics.numbers)));
  const widths = ({ comparisons }: typeof upgraded) => comparisons.map(({ byAccuracy }) => byAccuracy?.width);
  expect(widths(upgraded)).toEqual(
    upgraded.recommendation.byActivation.map(({ smallestAccurate }) => smallestAccurate?.width),
  );
  const shown = resultSchema.safeParse(JSON.parse(JSON.stringify(upgraded)));
  expect(shown.error).toBeUndefined();
});

it("reads a study of the second format as what this version would have written", () => {
  const now = JSON.parse(JSON.stringify(fixtureResult())) as Result;
  expect(JSON.parse(JSON.stringify(upgradeStudy(second())))).toEqual(now);
  expect(upgradeStudy(now)).toBe(now);
  // A folder of the second format is refused by version, never half read.
  expect(resultSchema.safeParse(second()).success).toBe(false);
});

it("leaves everything else as it is", () => {
  for (const value of [null, 5, {}, { format: "bettina-study", formatVersion: 4 }, { ...first(), samples: 5 }])
    expect(upgradeStudy(value)).toBe(value);
});

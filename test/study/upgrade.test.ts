import { expect, it } from "vitest";
import { resultSchema } from "../../src/study/result-schema.js";
import { upgradeStudy } from "../../src/study/upgrade.js";
import { fixtureResult } from "../report/fixture.js";

/** The fixture as the first format had it. */
function first() {
  const without = (value: object, ...names: string[]) =>
    Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)));
  const result = JSON.parse(JSON.stringify(fixtureResult())) as ReturnType<typeof fixtureResult>;
  const { config, recommendation } = result;
  return {
    ...without(result, "statistics", "comparisons", "known"),
    formatVersion: 1,
    config: {
      ...without(config, "subset", "layerDistances", "curves"),
      sampling: without(config.sampling, "subsamples"),
      training: without(config.training, "optimiser", "schedule", "validateEvery", "earlyStop"),
      decision: without(config.decision, "probability", "alpha"),
    },
    samples: result.samples.map((one) => without(one, "subsample")),
    networks: result.networks.map((one) => without(one, "validationAccuracy", "validations", "takenAt")),
    measurements: result.measurements.map((one) => without(one, "subsample", "medianDistance")),
    recommendation: {
      ...without(recommendation, "probability", "alpha", "gaussian"),
      byActivation: recommendation.byActivation.map((one) => without(one, "gaussianSmallestKept")),
    },
  };
}

it("reads a study of the first format as one of today's, with statistics of its own numbers", () => {
  const upgraded = upgradeStudy(first()) as ReturnType<typeof fixtureResult>;
  expect(upgraded).toMatchObject({
    formatVersion: 2,
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

it("leaves everything else as it is", () => {
  for (const value of [null, 5, {}, { format: "bettina-study", formatVersion: 3 }, { ...first(), samples: 5 }])
    expect(upgradeStudy(value)).toBe(value);
});

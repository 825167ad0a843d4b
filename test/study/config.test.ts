import { describe, expect, it } from "vitest";
import { ConfigError } from "../../src/errors.js";
import { trainingsNeeded } from "../../src/selection/empirical.js";
import {
  type ConfigOverrides,
  canonicalJson,
  checkConfig,
  configDigest,
  configJsonSchema,
  resolveConfig,
  withDataset,
} from "../../src/study/config.js";
import { planStudy } from "../../src/study/job.js";
import { presets } from "../../src/study/presets.js";
import { everyClass } from "../support/decision.js";

describe("presets", () => {
  it("paper follows the authors' demo", () => {
    const paper = resolveConfig("paper");
    expect(paper.preset).toBe("paper");
    expect(paper.widths).toHaveLength(31);
    expect([paper.widths[0], paper.widths[1], paper.widths[30]]).toEqual([2, 4, 62]);
    expect(paper).toMatchObject({
      hiddenLayers: 3,
      activations: ["square"],
      sampling: { perClass: null, replacement: true, paired: false },
      training: {
        initialisation: "normal",
        batchNorm: "around-activation",
        batchNormEpsilon: 1e-3,
        loss: "sum",
        learningRate: 1e-4,
        batchSize: 64,
        steps: 30 * 2000,
        heldBack: 5000,
      },
      batchStatistics: "sample",
      homology: { maxDim: 1, modulus: 11, threshold: "twice-first-norm" },
      readouts: ["paper", "paper-corrected", "count"],
    });
  });

  it("quick pairs samples and measures by training-set statistics", () => {
    expect(resolveConfig()).toMatchObject({
      preset: "quick",
      widths: [2, 4, 8, 16, 32, 62],
      activations: ["relu", "square"],
      seeds: [1],
      sampling: { perClass: 200, replacement: false, paired: true },
      batchStatistics: "training-set",
      readouts: ["count", "ratio>1.1", "universal-null@0.05"],
      controls: ["projection", "untrained"],
    });
  });

  it("pass their own checks", () => {
    for (const preset of Object.values(presets)) expect(checkConfig(preset)).toEqual(preset);
  });

  it("keep their name with another data set or seed, and lose it with any other change", () => {
    expect(resolveConfig("quick", { seeds: [5, 2], seed: 9, dataset: "digits" })).toMatchObject({
      preset: "quick",
      seeds: [2, 5],
    });
    const custom = resolveConfig("paper", { training: { steps: 10 } });
    expect(custom).toMatchObject({ preset: "custom", training: { steps: 10, learningRate: 1e-4 } });
  });
});

describe("the sound preset", () => {
  it("has what theory asks of a study", () => {
    const sound = resolveConfig("sound");
    expect(sound).toMatchObject({
      preset: "sound",
      sampling: { subsamples: 4, replacement: false, paired: true },
      batchStatistics: "training-set",
      training: { optimiser: { name: "adam" }, learningRate: 1e-3, batchSize: 64, initialisation: "he" },
      controls: ["projection", "untrained", "gaussian"],
      decision: { readout: "universal-null@0.05", rule: "every-class", probability: 0.5, alpha: 0.05 },
    });
    // Enough trainings for a statement of confidence.
    expect(sound.seeds.length).toBeGreaterThanOrEqual(trainingsNeeded(0.5, 0.05));
    // Well under an hour on two cores.
    const { estimatedSeconds, networks, clouds } = planStudy(withDataset(sound, "mnist"), 2);
    expect({ networks, clouds }).toEqual({ networks: 84, clouds: 40 * (1 + 2 * 42 + 84 * 6) });
    expect(estimatedSeconds).toBeGreaterThan(5 * 60);
    expect(estimatedSeconds).toBeLessThan(45 * 60);
  });
});

describe("config errors", () => {
  it.each([
    [{ widths: [0] }, "Expected a width from 1 to 65536 for widths[0], got 0. Use for instance --widths 2,8,32"],
    [{ widths: [2, 2.5] }, "Expected a width from 1 to 65536, or several as in 64-32-16 for widths[1], got 2.5."],
    [{ widths: [] }, "Expected at least one width for widths, got []."],
    [{ widths: [2, 2] }, "Expected at least one width, each once for widths, got [2,2]."],
    [
      { activations: ["tan"] },
      "Expected one of relu, square, tanh, identity, leaky-relu:0.01, poly:0,1,0.5 for activations[0]",
    ],
    [{ training: { optimiser: { name: "adagrad" } } }, "Expected one of sgd, momentum, adam for training.optimiser"],
    [
      { training: { earlyStop: { by: "loss", patience: 2 }, validateEvery: null } },
      "Expected a number of steps, as earlyStop is set, for training.v",
    ],
    [
      { training: { validateEvery: 5, heldBack: 0 } },
      "Expected at least 1, as validateEvery is set, for training.heldBack",
    ],
    [
      { sampling: { paired: false }, layerDistances: { metrics: ["bottleneck"] } },
      "Expected true with distances between layers for sampling.paired",
    ],
    [{ sampling: { subsamples: 0 } }, "Expected a number of subsamples of at least 1 for sampling.subsamples, got 0."],
    [{ decision: { alpha: 1 } }, "Expected a number between 0 and 1 for decision.alpha, got 1."],
    [
      { dataset: "cifar" },
      'Expected one of auto, mnist, digits, annuli, linked-tori, nested-spheres for dataset, got "cifar".',
    ],
    [{ seeds: [-1] }, "Expected a non-negative integer for seeds[0], got -1."],
    [{ classes: [10] }, "Expected a class from 0 to 9 for classes[0], got 10."],
    [
      { sampling: { perClass: 0 } },
      "Expected a number of images of at least 1, all, or null for a fifth of the class for",
    ],
    [{ training: { learningRate: Number.NaN } }, "Expected a positive number for training.learningRate, got NaN."],
    [{ training: { rate: 1 } }, 'Expected only known fields for training, got "rate".'],
    [{ homology: { modulus: 9 } }, "Expected a prime from 2 to 65521 for homology.modulus, got 9."],
    [{ readouts: ["counts"] }, 'Expected a readout for readout, got "counts". Use count'],
    [{ readouts: ["fasy@2"] }, 'Expected a level between 0 and 1 for readout, got "fasy@2".'],
    [{ readouts: ["count"] }, 'Expected one of count for decision.readout, got "universal-null@0.05".'],
    [{ decision: { tolerance: 1 } }, "Expected a fraction from 0 up to 1 for decision.tolerance, got 1."],
    [{ colour: "red" }, 'Expected only known fields for config, got "colour".'],
    [{ sampling: { perClass: 1 }, batchStatistics: "sample" }, "Expected at least 2 images per class for sampling.per"],
  ])("%j", (overrides, message) => {
    const resolve = () => resolveConfig("quick", overrides as ConfigOverrides);
    expect(resolve).toThrow(ConfigError);
    expect(resolve).toThrow(message);
  });

  it("knows which presets there are", () => {
    expect(() => resolveConfig("fast")).toThrow('Expected quick, sound, paper or shapes for preset, got "fast".');
    expect(() => resolveConfig("toString")).toThrow(ConfigError);
  });

  it("refuses what is no config at all", () => {
    expect(() => checkConfig(null)).toThrow(ConfigError);
    expect(() => checkConfig({ preset: "quick" })).toThrow(ConfigError);
  });
});

describe("digest", () => {
  it("does not depend on the order of fields", () => {
    expect(canonicalJson({ b: [1, { d: 2, c: 3 }], a: null })).toBe('{"a":null,"b":[1,{"c":3,"d":2}]}');
  });

  it("tells studies apart", () => {
    const one = resolveConfig("quick");
    expect(configDigest(one)).toMatch(/^[0-9a-f]{64}$/);
    expect(configDigest(resolveConfig("quick", { seed: 1 }))).toBe(configDigest(one));
    expect(configDigest(resolveConfig("quick", { seed: 2 }))).not.toBe(configDigest(one));
    expect(configDigest(resolveConfig("quick", { sampling: { subsamples: 2 } }))).not.toBe(configDigest(one));
    expect(configDigest(resolveConfig("quick", { subset: { classes: 2 } }))).not.toBe(configDigest(one));
  });
});

describe("fields that came later", () => {
  // The digests of the same presets before subsamples, subset, curves and the decision's levels could be set.
  it.each([
    ["quick", "mnist", "0409681386704d527b491df17ecedaf201c1191bd900083f519a1ddf1eb2b3dc"],
    ["quick", "digits", "21f2f3b4d7eb1eb9f2b5eb69c7611f9c6b067d19b09312fe5b7917e501322765"],
    ["paper", "mnist", "9b1ee02a107e00215e54837d51c0c4a1841db2b75bd6931037e1c768f131e033"],
  ] as const)("leave the digest of %s on %s as it was", (preset, dataset, digest) => {
    // As they were then: without a look at the images held back while training, and quick deciding by a ratio.
    const { training, ...rest } = presets[preset];
    const decision = preset === "quick" ? everyClass("ratio>1.1") : rest.decision;
    expect(
      configDigest(checkConfig({ ...rest, decision, dataset, training: { ...training, validateEvery: null } })),
    ).toBe(digest);
  });

  it("may be missing in a config, which then means what was done before", () => {
    const { subset, layerDistances, curves, ...old } = presets.quick;
    const { subsamples, ...sampling } = old.sampling;
    const { probability, alpha, order, ...decision } = old.decision;
    const { optimiser, schedule, validateEvery, earlyStop, ...training } = old.training;
    const meant = { ...presets.quick, training: { ...presets.quick.training, validateEvery: null } };
    expect(checkConfig({ ...old, sampling, decision, training })).toEqual(meant);
  });
});

describe("JSON Schema", () => {
  it("describes every field", () => {
    const schema = configJsonSchema() as { properties: object; additionalProperties: boolean };
    expect(Object.keys(schema.properties).sort()).toEqual(Object.keys(presets.quick).sort());
    expect(schema.additionalProperties).toBe(false);
  });
});

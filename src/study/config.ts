/** What a study does: the configuration, its checks, its presets and its digest. */
import { createHash } from "node:crypto";
import { z } from "zod";
import { type DatasetName, datasetNames } from "../data/dataset.js";
import { expectedBetti, shapeNames } from "../data/shapes.js";
import { ConfigError, expected } from "../errors.js";
import type { Activation } from "../network/activation.js";
import {
  differentWidths,
  hiddenWidths,
  narrowestWidth,
  parameterCount,
  type SweepWidth,
  sweepWidthOf,
  sweepWidths,
} from "../network/architecture.js";
import type { Optimiser } from "../network/optimiser.js";
import type { Schedule } from "../network/schedule.js";
import type { EarlyStop } from "../network/spec.js";
import { isRecord } from "../options.js";
import { parseReadout } from "../topology/readout.js";
import { complaint, configSchema, unset } from "./config-schema.js";
import { type PresetName, presetNames, presets } from "./presets.js";

/** Configuration of a study, fully resolved: every default written out. Everything in it is part of its digest. */
export interface StudyConfig {
  /** Preset it comes from; `custom` as soon as anything but the data set or the seeds differs from the preset. */
  readonly preset: PresetName | "custom";
  /** `auto` until the data are there, then which they are; see {@link withDataset}. */
  readonly dataset: "auto" | DatasetName;
  /**
   * Networks tried, by their hidden layers: 32 for `hiddenLayers` layers of 32, or a width for each, as in `64-32-16`.
   * Ascending by the narrowest layer, then by the sum; the decision's order is taken when the data are known.
   */
  readonly widths: readonly SweepWidth[];
  /** Number of hidden layers of the networks that are given by one width. */
  readonly hiddenLayers: number;
  /** `relu`, `square`, `tanh`, `identity`, `leaky-relu:0.01`, `poly:0,1,0.5`: any that can be trained. */
  readonly activations: readonly Activation[];
  /** One training per width, activation and seed, one projection per width and seed. */
  readonly seeds: readonly number[];
  /** Seed of the samples and of drawn digits; trainings and projections go by `seeds`. */
  readonly seed: number;
  /** Classes measured. */
  readonly classes: readonly number[];
  readonly sampling: {
    /** Images per class; `all`: the whole class; null: a fifth of the class, rounded down (the paper's number). */
    readonly perClass: number | "all" | null;
    /**
     * Samples of every class, each measured on its own; without replacement they share no image where the class has
     * enough of them.
     */
    readonly subsamples: number;
    readonly replacement: boolean;
    /** The same images for the input, every layer and the controls; else every job draws its own. */
    readonly paired: boolean;
  };
  readonly training: {
    readonly initialisation: "he" | "normal";
    readonly batchNorm: "none" | "after-activation" | "around-activation";
    readonly batchNormEpsilon: number;
    readonly loss: "mean" | "sum";
    readonly learningRate: number;
    readonly batchSize: number;
    readonly steps: number;
    /** Images held back from the front of the training set: they validate, and choose the width by accuracy. */
    readonly heldBack: number;
    readonly optimiser: Optimiser;
    readonly schedule: Schedule;
    /** Loss and accuracy on the images held back are taken every so many steps; null: after training only. */
    readonly validateEvery: number | null;
    /** When to stop before the last step, with the weights of the best validation; null: never. */
    readonly earlyStop: EarlyStop | null;
  };
  /** Which statistics batch norm uses when measuring. */
  readonly batchStatistics: "training-set" | "sample";
  readonly homology: {
    readonly maxDim: number;
    readonly modulus: number;
    /** `enclosing`, or the paper's cut at twice the norm of the first sampled input image, also for layers. */
    readonly threshold: "enclosing" | "twice-first-norm";
  };
  /** Names of the readouts recorded for every cloud. */
  readonly readouts: readonly string[];
  /**
   * Readouts that are too dear for every cloud: recorded for the first so many seeds, subsamples and classes only.
   */
  readonly subset: {
    readonly readouts: readonly string[];
    readonly seeds: number;
    readonly subsamples: number;
    readonly classes: number;
  };
  /**
   * Distances between the diagrams of consecutive layers, the input before the first, on the first so many subsamples;
   * takes paired samples.
   */
  readonly layerDistances: { readonly metrics: readonly DiagramMetric[]; readonly subsamples: number };
  /** Betti curves on one grid for all clouds: `points` scales from 0 to `maximum`, in median distances of each cloud. */
  readonly curves: { readonly points: number; readonly maximum: number };
  /** `gaussian`: as many points from N(0, I) in as many dimensions. */
  readonly controls: readonly ("projection" | "untrained" | "gaussian")[];
  /** The rule of the recommendation, fixed before the run. */
  readonly decision: {
    /** One of `readouts`. */
    readonly readout: string;
    /**
     * `every-class`: a training keeps the input's numbers when every layer does in every class; the only rule a
     * confidence statement is made by. `median-over-classes`: when every layer's median over the classes does not fall
     * below the input's; one class that misses by chance does not decide.
     */
    readonly rule: "every-class" | "median-over-classes";
    /** Fraction of the comparisons (class and layer, or layer) that may fall below the input all the same. */
    readonly tolerance: number;
    /** The chance of keeping that a width must be shown to have, and the level at which: a width is accepted at 1 - alpha. */
    readonly probability: number;
    readonly alpha: number;
    /**
     * From which network to which "smaller" and "larger" go, and so from which the test comes down: by the narrowest
     * hidden layer, then the number of parameters; or the other way round. Of one width for all layers both are the same.
     */
    readonly order: WidthOrder;
    /** Assumptions of the carry bound: degree and number of inequalities of the equations that cut out a layer's input. */
    readonly dataDegree: number;
    readonly dataInequalities: number;
  };
}

/** See the config's `decision.order`. */
export type WidthOrder = "narrowest" | "parameters";

/** How two diagrams are compared: the largest move of a best matching, or the root of the squares of all moves. */
export type DiagramMetric = "bottleneck" | "wasserstein";

/** Changes to a preset: any field of the config; the fields of an inner object may be given one by one. */
export type ConfigOverrides = {
  readonly [Key in keyof StudyConfig]?: StudyConfig[Key] extends readonly unknown[]
    ? StudyConfig[Key]
    : StudyConfig[Key] extends object
      ? Partial<StudyConfig[Key]>
      : StudyConfig[Key];
};

/** The presets as a reader is told of them. */
export const presetWords = presetNames.join(", ").replace(/, (\w+)$/, " or $1");

/** Only these may differ from a preset that keeps its name. */
const free = new Set(["preset", "dataset", "seed", "seeds"]);

/**
 * A preset with changes, every default written out and everything checked.
 * @throws ConfigError that names the field, for any value out of range, unknown name or unknown field
 */
export function resolveConfig(preset: string = "quick", overrides: ConfigOverrides = {}): StudyConfig {
  const base =
    preset === "custom"
      ? presets.quick
      : typeof preset === "string" && Object.hasOwn(presets, preset) && presets[preset as keyof typeof presets];
  if (!base) {
    throw new ConfigError(expected(presetWords, "preset", preset), {
      hint: `Use --preset ${presetWords}.`,
    });
  }
  if (!isRecord(overrides))
    throw new ConfigError(expected("an object with named fields", "overrides", overrides), {
      hint: "Leave it out for the preset as it is.",
    });
  const config = checkConfig(merge(base, overrides));
  const changed = Object.keys(base).some(
    (key) => !free.has(key) && canonicalJson(config[key as keyof StudyConfig]) !== canonicalJson(base[key as "widths"]),
  );
  return { ...config, preset: changed || preset === "custom" ? "custom" : base.preset };
}

/**
 * Checks a whole config, e.g. one read from a file, and returns it with widths, classes and seeds in ascending order.
 * @throws ConfigError that names the field
 */
export function checkConfig(value: unknown): StudyConfig {
  const parsed = configSchema.safeParse(value);
  if (!parsed.success) throw complaint(parsed.error.issues[0]!, value);
  const config: StudyConfig = { ...parsed.data, widths: normalWidths(parsed.data) };
  for (const readout of [...config.readouts, ...config.subset.readouts]) parseReadout(readout);
  if (!config.readouts.includes(config.decision.readout))
    throw new ConfigError(
      expected(`one of ${config.readouts.join(", ")}`, "decision.readout", config.decision.readout),
      { hint: "The recommendation compares by a readout that is recorded; add it to readouts." },
    );
  if (config.batchStatistics === "sample" && config.training.batchNorm !== "none" && config.sampling.perClass === 1)
    throw new ConfigError(expected("at least 2 images per class", "sampling.perClass", 1), {
      hint: "Batch norm by the statistics of the sample needs more than one image.",
    });
  const { earlyStop, validateEvery, heldBack } = config.training;
  if (earlyStop && validateEvery === null)
    throw new ConfigError(expected("a number of steps, as earlyStop is set,", "training.validateEvery", null), {
      hint: "Say how often to look at the images held back.",
    });
  if (validateEvery !== null && heldBack === 0)
    throw new ConfigError(expected("at least 1, as validateEvery is set,", "training.heldBack", 0), {
      hint: "Hold some training images back to validate on.",
    });
  if (config.layerDistances.metrics.length > 0 && !config.sampling.paired)
    throw new ConfigError(expected("true with distances between layers", "sampling.paired", false), {
      hint: "Layers can be compared on the same images only.",
    });
  return config;
}

/** The widths by one name each, in ascending order. */
function normalWidths({ widths, hiddenLayers }: Pick<StudyConfig, "widths" | "hiddenLayers">): SweepWidth[] {
  const named = widths.map((width) => sweepWidthOf(hiddenWidths(width, hiddenLayers), hiddenLayers));
  const tooWide = named.find((width) => Math.max(...differentWidths(width)) > 65536);
  if (tooWide !== undefined)
    throw new ConfigError(expected("widths from 1 to 65536", "widths", tooWide), { hint: "Use narrower layers." });
  const twice = named.find((width, i) => named.indexOf(width) < i);
  if (twice !== undefined) {
    const sameLayers = typeof twice === "number" && widths.includes(hiddenWidths(twice, hiddenLayers).join("-"));
    throw new ConfigError(expected("at least one width, each once", "widths", widths), {
      hint: sameLayers
        ? `${twice} stands for ${hiddenLayers} ${hiddenLayers === 1 ? "layer" : "layers"} of it: leave one of the two out.`
        : `Leave one ${twice} out.`,
    });
  }
  const sum = (width: SweepWidth) => hiddenWidths(width, hiddenLayers).reduce((all, one) => all + one, 0);
  return named.sort(
    (one, other) =>
      narrowestWidth(one) - narrowestWidth(other) || sum(one) - sum(other) || (`${one}` < `${other}` ? -1 : 1),
  );
}

/** The networks of a study on data of that many features and classes, ascending in the order of its decision. */
export function orderedWidths(config: StudyConfig, data: { readonly features: number; readonly classes: number }) {
  const { hiddenLayers, decision, training } = config;
  const measures = new Map(
    config.widths.map((width) => {
      const layers = sweepWidths(data.features, width, hiddenLayers, data.classes);
      return [width, { narrowest: narrowestWidth(width), parameters: parameterCount(layers, training.batchNorm) }];
    }),
  );
  const [first, second] =
    decision.order === "narrowest" ? (["narrowest", "parameters"] as const) : (["parameters", "narrowest"] as const);
  // Equal ones stay in the config's order, which does not depend on how it was written.
  return [...config.widths].sort((one, other) => {
    const [a, b] = [measures.get(one)!, measures.get(other)!];
    return a[first] - b[first] || a[second] - b[second];
  });
}

/** JSON with the keys of every object in alphabetical order and no white space: equal values give equal text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) =>
    item !== null && typeof item === "object" && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([one], [other]) => (one < other ? -1 : 1)))
      : item,
  );
}

/** SHA-256, in hexadecimal, of a value's canonical JSON. */
export function digestOf(value: unknown): string {
  return createHash("sha256").update(canonicalJson(value)).digest("hex");
}

/** SHA-256, in hexadecimal, of a config's canonical JSON: two studies with the same digest do the same. Fields that came
 * later count only where they say something else than was done before. */
export function configDigest(config: StudyConfig): string {
  return digestOf(withoutUnset(config, unset));
}

/** The object without the fields that hold what they mean when they are left out. */
function withoutUnset(value: object, meaning: object): object {
  const unsaid = meaning as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]: [string, unknown]) => {
      const means = unsaid[key];
      if (means === undefined) return [[key, item]];
      if (canonicalJson(item) === canonicalJson(means)) return [];
      return [[key, isObject(item) && isObject(means) ? withoutUnset(item, means) : item]];
    }),
  );
}

/**
 * The config of a study on these data: `auto` gives way to the data set's name, so that studies on different data differ
 * in their configs, digests and default folders. A preset's ten classes give way to those of a shape.
 * @throws ConfigError when the config names another data set, or the data a name that no study knows
 */
export function withDataset(config: StudyConfig, name: DatasetName): StudyConfig {
  if (!datasetNames.includes(name) || (name as string) === "auto")
    throw new ConfigError(expected(`one of ${datasetNames.slice(1).join(", ")}`, "the name of the data", name), {
      hint: "A study knows these data sets only: measure data of your own with persistence.",
    });
  // The ten digits of a preset are no wish for classes that a shape does not have.
  const shape = shapeNames.find((one) => one === name);
  const untouched = canonicalJson(config.classes) === canonicalJson(presets.quick.classes);
  const classes = shape && untouched ? expectedBetti(shape).map((one) => one.class) : config.classes;
  if (config.dataset !== "auto" && config.dataset !== name)
    throw new ConfigError(expected(`data of the data set ${config.dataset}`, "data", name), {
      hint: "Let the config's dataset be auto, or name the data's.",
    });
  return { ...config, dataset: name, classes };
}

/** The config as a JSON Schema (draft 2020-12). */
export function configJsonSchema(): object {
  return z.toJSONSchema(configSchema, { io: "input" });
}

/** The fields of `overrides` over those of `base`, one level deep. */
function merge(base: StudyConfig, overrides: ConfigOverrides): unknown {
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(overrides)) {
    const held = merged[key];
    if (value === undefined) continue;
    merged[key] = isObject(held) && isObject(value) ? { ...held, ...value } : value;
  }
  return merged;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

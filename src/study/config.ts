/** What a study does: the configuration, its checks, its presets and its digest. */
import { createHash } from "node:crypto";
import { z } from "zod";
import { ConfigError, expected } from "../errors.js";
import { parseReadout } from "../topology/readout.js";

/** Activations a study can sweep. */
export const studyActivations = ["relu", "square"] as const;

/** Configuration of a study, fully resolved: every default written out. Everything in it is part of its digest. */
export interface StudyConfig {
  /** Preset it comes from; `custom` as soon as anything but the data set or the seeds differs from the preset. */
  readonly preset: "quick" | "paper" | "custom";
  /** `auto` until the data are there, then which they are; see {@link withDataset}. */
  readonly dataset: "auto" | "mnist" | "digits";
  /** Hidden widths tried, ascending. */
  readonly widths: readonly number[];
  /** Number of hidden layers. */
  readonly hiddenLayers: number;
  readonly activations: readonly ("relu" | "square")[];
  /** One training per width, activation and seed, one projection per width and seed. */
  readonly seeds: readonly number[];
  /** Seed of the samples and of drawn digits; trainings and projections go by `seeds`. */
  readonly seed: number;
  /** Classes measured. */
  readonly classes: readonly number[];
  readonly sampling: {
    /** Images per class; null: a fifth of the class, rounded down (the paper's number). */
    readonly perClass: number | null;
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
    /** Images held back from the front of the training set. */
    readonly heldBack: number;
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
  readonly controls: readonly ("projection" | "untrained")[];
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
    /** Assumptions of the carry bound: degree and number of inequalities of the equations that cut out a layer's input. */
    readonly dataDegree: number;
    readonly dataInequalities: number;
  };
}

/** Changes to a preset: any field of the config; the fields of an inner object may be given one by one. */
export type ConfigOverrides = {
  readonly [Key in keyof StudyConfig]?: StudyConfig[Key] extends readonly unknown[]
    ? StudyConfig[Key]
    : StudyConfig[Key] extends object
      ? Partial<StudyConfig[Key]>
      : StudyConfig[Key];
};

const everyDigit = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] as const;

const quick: StudyConfig = {
  preset: "quick",
  dataset: "auto",
  widths: [2, 4, 8, 16, 32, 62],
  hiddenLayers: 3,
  activations: ["relu", "square"],
  seeds: [1],
  seed: 1,
  classes: everyDigit,
  sampling: { perClass: 200, replacement: false, paired: true },
  training: {
    initialisation: "he",
    batchNorm: "around-activation",
    batchNormEpsilon: 1e-3,
    loss: "mean",
    learningRate: 0.5,
    batchSize: 256,
    steps: 430,
    heldBack: 5000,
  },
  batchStatistics: "training-set",
  homology: { maxDim: 1, modulus: 2, threshold: "enclosing" },
  readouts: ["count", "ratio>1.1", "universal-null@0.05"],
  controls: ["projection", "untrained"],
  decision: { readout: "ratio>1.1", rule: "every-class", tolerance: 0, dataDegree: 2, dataInequalities: 0 },
};

const paper: StudyConfig = {
  ...quick,
  preset: "paper",
  dataset: "mnist",
  widths: Array.from({ length: 31 }, (_, i) => 2 * (i + 1)),
  activations: ["square"],
  sampling: { perClass: null, replacement: true, paired: false },
  training: {
    initialisation: "normal",
    batchNorm: "around-activation",
    batchNormEpsilon: 1e-3,
    loss: "sum",
    learningRate: 1e-4,
    batchSize: 64,
    steps: 60_000,
    heldBack: 5000,
  },
  batchStatistics: "sample",
  homology: { maxDim: 1, modulus: 11, threshold: "twice-first-norm" },
  readouts: ["paper", "paper-corrected", "count"],
  decision: { readout: "count", rule: "median-over-classes", tolerance: 0, dataDegree: 2, dataInequalities: 0 },
};

/**
 * The presets. `quick`: the default demonstration, under four minutes. `paper`: the protocol of the demo code of "Dive
 * into Layers" (arXiv 2109.01461) to the letter, its sampling with replacement and its unpaired samples included; only
 * the controls, which it lacks, are added beside it.
 */
export const presets: { readonly quick: StudyConfig; readonly paper: StudyConfig } = { quick, paper };

/** Only these may differ from a preset that keeps its name. */
const free = new Set(["preset", "dataset", "seed", "seeds"]);

/**
 * A preset with changes, every default written out and everything checked.
 * @throws ConfigError that names the field, for any value out of range, unknown name or unknown field
 */
export function resolveConfig(preset: string = "quick", overrides: ConfigOverrides = {}): StudyConfig {
  const base = preset === "custom" ? quick : Object.hasOwn(presets, preset) && presets[preset as keyof typeof presets];
  if (!base) {
    const hint =
      preset === "sound" ? "The preset sound is not built yet; use quick or paper." : "Use --preset quick or paper.";
    throw new ConfigError(expected("quick or paper", "preset", preset), { hint });
  }
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
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw complaint(parsed.error.issues[0]!, value);
  const config: StudyConfig = parsed.data;
  for (const readout of config.readouts) parseReadout(readout);
  if (!config.readouts.includes(config.decision.readout))
    throw new ConfigError(
      expected(`one of ${config.readouts.join(", ")}`, "decision.readout", config.decision.readout),
      { hint: "The recommendation compares by a readout that is recorded; add it to readouts." },
    );
  if (config.batchStatistics === "sample" && config.training.batchNorm !== "none" && config.sampling.perClass === 1)
    throw new ConfigError(expected("at least 2 images per class", "sampling.perClass", 1), {
      hint: "Batch norm by the statistics of the sample needs more than one image.",
    });
  return config;
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

/** SHA-256, in hexadecimal, of a config's canonical JSON: two studies with the same digest do the same. */
export function configDigest(config: StudyConfig): string {
  return digestOf(config);
}

/**
 * The config of a study on these data: `auto` gives way to the data set's name, so that studies on different data differ
 * in their configs, digests and default folders.
 * @throws ConfigError when the config names another data set
 */
export function withDataset(config: StudyConfig, name: "mnist" | "digits"): StudyConfig {
  if (config.dataset !== "auto" && config.dataset !== name)
    throw new ConfigError(expected(`data of the data set ${config.dataset}`, "data", name), {
      hint: "Let the config's dataset be auto, or name the data's.",
    });
  return { ...config, dataset: name };
}

/** The config as a JSON Schema (draft 2020-12). */
export function configJsonSchema(): object {
  return z.toJSONSchema(schema, { io: "input" });
}

// Every `error` below is the "what" of the message: Expected <what> for <path>, got <value>.
const integer = (least: number, most: number, what: string) =>
  z.int({ error: what }).min(least, { error: what }).max(most, { error: what });
const oneOf = <const Names extends readonly [string, ...string[]]>(...names: Names) =>
  z.enum(names, { error: names.length === 1 ? names[0] : `one of ${names.join(", ")}` });
const listOf = <Item extends z.ZodType<string | number>>(item: Item, what: string) =>
  z
    .array(item, { error: what })
    .min(1, { error: what })
    .refine((items) => new Set(items).size === items.length, { error: `${what}, each once` });
const sorted = <Items extends z.ZodType<readonly number[]>>(items: Items) =>
  items.transform((list) => [...list].sort((one, other) => one - other));
const object = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.strictObject(shape, { error: "an object with fields of its own" });

const seed = integer(0, Number.MAX_SAFE_INTEGER, "a non-negative integer");
const positive = z.number({ error: "a positive number" }).positive({ error: "a positive number" });
const yesOrNo = z.boolean({ error: "true or false" });

const schema = object({
  preset: oneOf("quick", "paper", "custom"),
  dataset: oneOf("auto", "mnist", "digits"),
  widths: sorted(listOf(integer(1, 65536, "a width from 1 to 65536"), "at least one width")),
  hiddenLayers: integer(1, 64, "a number of hidden layers from 1 to 64"),
  activations: listOf(oneOf(...studyActivations), "at least one activation"),
  seeds: sorted(listOf(seed, "at least one seed")),
  seed,
  classes: sorted(listOf(integer(0, 9, "a class from 0 to 9"), "at least one class")),
  sampling: object({
    perClass: integer(1, 1_000_000, "a number of images of at least 1, or null for a fifth of the class").nullable(),
    replacement: yesOrNo,
    paired: yesOrNo,
  }),
  training: object({
    initialisation: oneOf("he", "normal"),
    batchNorm: oneOf("none", "after-activation", "around-activation"),
    batchNormEpsilon: positive,
    loss: oneOf("mean", "sum"),
    learningRate: positive,
    batchSize: integer(1, 1_000_000, "a batch of at least 1 image"),
    steps: integer(0, 1_000_000_000, "a number of steps of at least 0"),
    heldBack: integer(0, 1_000_000_000, "a number of images of at least 0"),
  }),
  batchStatistics: oneOf("training-set", "sample"),
  homology: object({
    maxDim: integer(1, 8, "a dimension from 1 to 8"),
    modulus: integer(2, 65521, "a prime from 2 to 65521").refine(isPrime, { error: "a prime from 2 to 65521" }),
    threshold: oneOf("enclosing", "twice-first-norm"),
  }),
  readouts: listOf(z.string({ error: "the name of a readout" }), "at least one readout"),
  controls: z
    .array(oneOf("projection", "untrained"), { error: "a list of controls" })
    .refine((items) => new Set(items).size === items.length, { error: "a list of controls, each once" }),
  decision: object({
    readout: z.string({ error: "the name of a readout" }),
    rule: oneOf("every-class", "median-over-classes"),
    tolerance: z.number({ error: "a fraction from 0 up to 1" }).min(0, { error: "a fraction from 0 up to 1" }).lt(1, {
      error: "a fraction from 0 up to 1",
    }),
    dataDegree: integer(1, 1000, "a degree from 1 to 1000"),
    dataInequalities: integer(0, 1000, "a number of inequalities from 0 to 1000"),
  }),
});

function isPrime(value: number): boolean {
  for (let factor = 2; factor * factor <= value; factor++) if (value % factor === 0) return false;
  return value >= 2;
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

/** The first thing that is wrong, in the house's form. */
function complaint(issue: z.core.$ZodIssue, value: unknown): ConfigError {
  const path = issue.path.map(String);
  const name = issue.path.reduce<string>(
    (text, part) => (typeof part === "number" ? `${text}[${part}]` : text ? `${text}.${String(part)}` : String(part)),
    "",
  );
  if (issue.code === "unrecognized_keys") {
    const parent = name || "config";
    return new ConfigError(expected("only known fields", parent, issue.keys[0]), {
      hint: "Check the spelling; the fields are those of a study's config.json.",
    });
  }
  const got = path.reduce<unknown>((held, part) => (held as Record<string, unknown> | undefined)?.[part], value);
  const what = issue.message;
  return new ConfigError(expected(what, name || "config", got), { hint: hints[path[0] ?? ""] ?? "Change this field." });
}

const hints: Record<string, string> = {
  widths: "Use for instance --widths 2,8,32.",
  activations: "Use --activations relu, square or both.",
  classes: "Use for instance 0,1,2.",
  seeds: "Use for instance --seeds 1,2,3.",
  seed: "Use for instance --seed 1.",
  dataset: "Use --dataset auto, mnist or digits.",
};

/** The shape of a config, as zod checks it, and what is said of a value that does not fit. */
import { z } from "zod";
import { datasetNames } from "../data/dataset.js";
import { ConfigError, expected } from "../errors.js";
import { type Activation, activationNames, isActivation } from "../network/activation.js";
import { earlyStopSchema, optimiserSchema, scheduleSchema } from "../network/spec.js";
import { nearestName } from "../options.js";
import { isPrime, LARGEST_MODULUS } from "../primes.js";

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

const width = integer(1, 65536, "a width from 1 to 65536");
const widthForms = "a width from 1 to 65536, or several as in 64-32-16";
const widthOf = z.union(
  [
    width,
    z.string().regex(/^[1-9]\d{0,4}(-[1-9]\d{0,4}){1,63}$/, { error: widthForms }),
    z
      .array(width)
      .min(2)
      .max(64)
      .transform((widths) => widths.join("-")),
  ],
  { error: widthForms },
);

const seed = integer(0, Number.MAX_SAFE_INTEGER, "a non-negative integer");
const positive = z.number({ error: "a positive number" }).positive({ error: "a positive number" });
const share = z
  .number({ error: "a number between 0 and 1" })
  .gt(0, { error: "a number between 0 and 1" })
  .lt(1, { error: "a number between 0 and 1" });
const activationForms = `one of ${activationNames.join(", ")}`;
const activation = z
  .string({ error: activationForms })
  .refine(isActivation, { error: activationForms }) as z.ZodType as z.ZodType<Activation>;
const perClass = "a number of images of at least 1, all, or null for a fifth of the class";
const yesOrNo = z.boolean({ error: "true or false" });

/**
 * What a config means that leaves out fields which came later: what studies did before these could be set. They are also
 * left out of the digest, so that the name of a study outlives new fields.
 */
export const unset = {
  training: {
    optimiser: { name: "sgd" as const },
    schedule: { name: "constant" as const },
    validateEvery: null,
    earlyStop: null,
  },
  sampling: { subsamples: 1 },
  subset: {
    readouts: [] as string[],
    seeds: 1,
    subsamples: 1,
    classes: 1,
  },
  layerDistances: { metrics: [] as ("bottleneck" | "wasserstein")[], subsamples: 1 },
  curves: { points: 61, maximum: 1.5 },
  decision: { probability: 0.5, alpha: 0.05, order: "narrowest" as const },
};

/** A whole config. Fields that came later have the value that was meant before they could be set. */
export const configSchema = object({
  preset: oneOf("quick", "paper", "sound", "shapes", "custom"),
  dataset: oneOf(...datasetNames),
  widths: z.array(widthOf, { error: "at least one width" }).min(1, { error: "at least one width" }),
  hiddenLayers: integer(1, 64, "a number of hidden layers from 1 to 64"),
  activations: listOf(activation, "at least one activation"),
  seeds: sorted(listOf(seed, "at least one seed")),
  seed,
  classes: sorted(listOf(integer(0, 9, "a class from 0 to 9"), "at least one class")),
  sampling: object({
    perClass: z.union([integer(1, 1_000_000, perClass), z.literal("all")], { error: perClass }).nullable(),
    subsamples: integer(1, 10_000, "a number of subsamples of at least 1").default(unset.sampling.subsamples),
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
    optimiser: optimiserSchema.default(unset.training.optimiser),
    schedule: scheduleSchema.default(unset.training.schedule),
    validateEvery: integer(1, 1_000_000_000, "a number of steps of at least 1, or null")
      .nullable()
      .default(unset.training.validateEvery),
    earlyStop: earlyStopSchema.nullable().default(unset.training.earlyStop),
  }),
  batchStatistics: oneOf("training-set", "sample"),
  homology: object({
    maxDim: integer(1, 8, "a dimension from 1 to 8"),
    modulus: integer(2, LARGEST_MODULUS, "a prime from 2 to 65521").refine(isPrime, {
      error: "a prime from 2 to 65521",
    }),
    threshold: oneOf("enclosing", "twice-first-norm"),
  }),
  readouts: listOf(z.string({ error: "the name of a readout" }), "at least one readout"),
  subset: object({
    readouts: z.array(z.string({ error: "the name of a readout" }), { error: "a list of readouts" }),
    seeds: integer(1, 10_000, "a number of seeds of at least 1"),
    subsamples: integer(1, 10_000, "a number of subsamples of at least 1"),
    classes: integer(1, 256, "a number of classes of at least 1"),
  }).default(unset.subset),
  layerDistances: object({
    metrics: z.array(oneOf("bottleneck", "wasserstein"), { error: "a list of distances" }),
    subsamples: integer(1, 10_000, "a number of subsamples of at least 1"),
  }).default(unset.layerDistances),
  curves: object({
    points: integer(2, 10_000, "a number of scales from 2 to 10000"),
    maximum: positive,
  }).default(unset.curves),
  controls: z
    .array(oneOf("projection", "untrained", "gaussian"), { error: "a list of controls" })
    .refine((items) => new Set(items).size === items.length, { error: "a list of controls, each once" }),
  decision: object({
    readout: z.string({ error: "the name of a readout" }),
    rule: oneOf("every-class", "median-over-classes"),
    tolerance: z.number({ error: "a fraction from 0 up to 1" }).min(0, { error: "a fraction from 0 up to 1" }).lt(1, {
      error: "a fraction from 0 up to 1",
    }),
    probability: share.default(unset.decision.probability),
    alpha: share.default(unset.decision.alpha),
    order: oneOf("narrowest", "parameters").default(unset.decision.order),
    dataDegree: integer(1, 1000, "a degree from 1 to 1000"),
    dataInequalities: integer(0, 1000, "a number of inequalities from 0 to 1000"),
  }),
});

/** The first thing that is wrong, in the house's form. */
export function complaint(issue: z.core.$ZodIssue, value: unknown): ConfigError {
  const path = issue.path.map(String);
  const name = issue.path.reduce<string>(
    (text, part) => (typeof part === "number" ? `${text}[${part}]` : text ? `${text}.${String(part)}` : String(part)),
    "",
  );
  if (issue.code === "unrecognized_keys") {
    const parent = name || "config";
    const unknown = issue.keys[0]!;
    const known = fieldsAt(path);
    const near = nearestName(unknown, known);
    return new ConfigError(expected("only known fields", parent, unknown), {
      hint: near
        ? `Write ${near}.`
        : known.length > 0
          ? `Known are ${known.join(", ")}.`
          : "Check the spelling; the fields are those of a study's config.json.",
    });
  }
  const got = path.reduce<unknown>((held, part) => (held as Record<string, unknown> | undefined)?.[part], value);
  const what = issue.message;
  return new ConfigError(expected(what, name || "config", got), { hint: hints[path[0] ?? ""] ?? "Change this field." });
}

/** The names of the fields of the config, or of one of its inner objects. */
function fieldsAt(path: readonly string[]): string[] {
  let schema: unknown = configSchema;
  for (const part of path) {
    schema = schema instanceof z.ZodObject ? schema.shape[part] : undefined;
    if (schema instanceof z.ZodDefault) schema = schema.unwrap();
  }
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

const hints: Record<string, string> = {
  widths: "Use for instance --widths 2,8,32 or --widths 64-32-16,32-16-8.",
  activations: "Use for instance --activations relu,square.",
  classes: "Use for instance 0,1,2.",
  seeds: "Use for instance --seeds 1,2,3.",
  seed: "Use for instance --seed 1.",
  dataset: "Use for instance --dataset auto.",
};

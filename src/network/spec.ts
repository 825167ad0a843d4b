/** What a network is and how it is trained, as one JSON object: the type, its check, its JSON Schema. */
import { z } from "zod";
import { ConfigError, expected } from "../errors.js";
import { type Activation, activationNames, isActivation } from "./activation.js";
import type { BatchNormPlacement } from "./architecture.js";
import type { Optimiser } from "./optimiser.js";
import type { Schedule } from "./schedule.js";

/** How a network is made and trained. */
export interface NetworkSpec {
  /** Layer sizes, input and output included: [784, 8, 8, 8, 10]. */
  readonly widths: readonly number[];
  readonly activation: Activation;
  /**
   * `he`: kernels from N(0, 2 / inputs), biases 0 (He et al. 2015). `normal`: kernels and biases from N(0, 1), whatever
   * the number of inputs (the paper's code).
   */
  readonly initialisation: "he" | "normal";
  /**
   * Batch norm in every hidden layer. `none`: dense, activation. `after-activation`: dense, activation, batch norm.
   * `around-activation`: dense, batch norm, activation, batch norm (the paper's code). The output layer has none.
   */
  readonly batchNorm: BatchNormPlacement;
  /** Added to the variance before the root. */
  readonly batchNormEpsilon: number;
  /** Softmax cross-entropy averaged over the batch, or summed (then a rate means batchSize times more). */
  readonly loss: "mean" | "sum";
  /** Step size before the schedule. */
  readonly learningRate: number;
  readonly batchSize: number;
  /** Number of batches trained on, at most; 0 leaves the network as it was made. */
  readonly steps: number;
  /** Points held back from the front of the training set; they are neither trained on nor part of the statistics. */
  readonly heldBack: number;
  /** @default { name: "sgd" } */
  readonly optimiser?: Optimiser;
  /** @default { name: "constant" } */
  readonly schedule?: Schedule;
  /** Loss and accuracy on the points held back are taken every so many steps and at the end. @default never */
  readonly validateEvery?: number;
  /**
   * Stops after `patience` validations in a row without a better one, and keeps the weights of the best, the earliest of
   * equals. Needs `validateEvery` and `heldBack`. @default train to the last step and keep its weights
   */
  readonly earlyStop?: EarlyStop;
}

/** When to stop early. */
export interface EarlyStop {
  /** What is compared: the accuracy, where more is better, or the loss, where less is. */
  readonly by: "accuracy" | "loss";
  readonly patience: number;
}

/** Parts of a spec that can be left out, as they are then. */
export const specDefaults = {
  initialisation: "he",
  batchNorm: "none",
  batchNormEpsilon: 1e-3,
  loss: "mean",
  learningRate: 0.1,
  batchSize: 64,
  steps: 2000,
  heldBack: 0,
} as const satisfies Partial<NetworkSpec>;

// Every `error` below is the "what" of the message: Expected <what> for <path>, got <value>.
const integer = (least: number) => {
  const what = `an integer of at least ${least}`;
  return z.int({ error: what }).min(least, { error: what });
};
const oneOf = <const Names extends readonly [string, ...string[]]>(...names: Names) =>
  z.enum(names, { error: `one of ${names.join(", ")}` });
const positive = z.number({ error: "a positive number" }).positive({ error: "a positive number" });
const below = (what: string) => z.number({ error: what }).lt(1, { error: what });
const fromZero = below("a number of at least 0 and less than 1").min(0, {
  error: "a number of at least 0 and less than 1",
});
const fraction = below("a number between 0 and 1").gt(0, { error: "a number between 0 and 1" });

/** How parameters move; as zod checks it. */
export const optimiserSchema = z.discriminatedUnion(
  "name",
  [
    z.strictObject({ name: z.literal("sgd") }),
    z.strictObject({ name: z.literal("momentum"), momentum: fromZero.optional() }),
    z.strictObject({
      name: z.literal("adam"),
      beta1: fromZero.optional(),
      beta2: fromZero.optional(),
      epsilon: positive.optional(),
    }),
  ],
  { error: "one of sgd, momentum, adam" },
);
/** How the rate changes; as zod checks it. */
export const scheduleSchema = z.discriminatedUnion(
  "name",
  [
    z.strictObject({ name: z.literal("constant") }),
    z.strictObject({ name: z.literal("step"), every: integer(1), factor: fraction.optional() }),
    z.strictObject({ name: z.literal("cosine"), floor: fromZero.optional() }),
  ],
  { error: "one of constant, step, cosine" },
);

/** When to stop early; as zod checks it. */
export const earlyStopSchema = z.strictObject(
  { by: oneOf("accuracy", "loss"), patience: integer(1) },
  { error: "an object with by and patience" },
);

const size = "a positive integer";
const whole = z.strictObject({
  widths: z
    .array(z.int({ error: size }).min(1, { error: size }), { error: "at least two layer sizes" })
    .min(2, { error: "at least two layer sizes" }),
  activation: z
    .string({ error: "the name of an activation" })
    .refine(isActivation, { error: `one of ${activationNames.join(", ")}` }),
  initialisation: oneOf("he", "normal"),
  batchNorm: oneOf("none", "after-activation", "around-activation"),
  batchNormEpsilon: positive,
  loss: oneOf("mean", "sum"),
  learningRate: positive,
  batchSize: integer(1),
  steps: integer(0),
  heldBack: integer(0),
  optimiser: optimiserSchema.optional(),
  schedule: scheduleSchema.optional(),
  validateEvery: integer(1).optional(),
  earlyStop: earlyStopSchema.optional(),
});
const { shape } = whole;
const partial = whole.extend({
  initialisation: shape.initialisation.default(specDefaults.initialisation),
  batchNorm: shape.batchNorm.default(specDefaults.batchNorm),
  batchNormEpsilon: shape.batchNormEpsilon.default(specDefaults.batchNormEpsilon),
  loss: shape.loss.default(specDefaults.loss),
  learningRate: shape.learningRate.default(specDefaults.learningRate),
  batchSize: shape.batchSize.default(specDefaults.batchSize),
  steps: shape.steps.default(specDefaults.steps),
  heldBack: shape.heldBack.default(specDefaults.heldBack),
});

/**
 * Reads a spec from JSON; only `widths` and `activation` have to be there, the rest is as in {@link specDefaults}.
 * @throws ConfigError that names the field, for any value out of range, unknown name or unknown field
 */
export function parseSpec(value: unknown): NetworkSpec {
  return check(partial, value);
}

/**
 * Checks a recipe at the edge.
 * @throws ConfigError that names the field
 */
export function checkSpec(spec: NetworkSpec): void {
  check(whole, spec);
}

/** A spec as a JSON Schema (draft 2020-12). */
export function specJsonSchema(): object {
  return z.toJSONSchema(partial, { io: "input" });
}

function check(schema: typeof whole | typeof partial, value: unknown): NetworkSpec {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw complaint(parsed.error.issues[0]!, value);
  const spec = parsed.data as NetworkSpec;
  if (spec.earlyStop && spec.validateEvery === undefined)
    throw new ConfigError(expected("a number of steps, as earlyStop is set,", "validateEvery", undefined), {
      hint: "Say how often to look at the points held back.",
    });
  if (spec.validateEvery !== undefined && spec.heldBack === 0)
    throw new ConfigError(expected("at least 1, as validateEvery is set,", "heldBack", 0), {
      hint: "Hold some training points back to validate on.",
    });
  return spec;
}

function complaint(issue: z.core.$ZodIssue, value: unknown): ConfigError {
  const name = issue.path.reduce<string>(
    (text, part) => (typeof part === "number" ? `${text}[${part}]` : text ? `${text}.${String(part)}` : String(part)),
    "",
  );
  const got = issue.path.reduce<unknown>(
    (held, part) => (held as Record<PropertyKey, unknown> | null | undefined)?.[part],
    value,
  );
  if (issue.code === "unrecognized_keys")
    return new ConfigError(expected("only known fields", name || "spec", issue.keys[0]), {
      hint: "Check the spelling.",
    });
  const hint = hints[String(issue.path[0])] ?? "Change this field of the network's spec.";
  return new ConfigError(expected(name ? issue.message : "an object", name || "spec", got), { hint });
}

const hints: Readonly<Record<string, string>> = {
  widths: "Give layer sizes from the input to the classes, for instance [784, 64, 10].",
  activation: "A slope lies between 0 and 1; a polynomial has 2 to 17 coefficients, the last not 0.",
  optimiser: 'Use for instance {"name": "adam"}.',
  schedule: 'Use for instance {"name": "cosine"}.',
};

/** Activations: their names, on tensors for training, and on plain arrays for measuring. */
import { ConfigError, expected } from "../errors.js";
import type { Tensor, Tensor2D, TensorFlow } from "./backend.js";

/**
 * The function applied to every output of a hidden layer, by its name:
 * - `relu`: max(x, 0); `square`: x²; `tanh`; `identity`: x (a control: the whole network is then linear);
 * - `leaky-relu`: x where it is positive, else slope · x; `leaky-relu:0.1` names a slope between 0 and 1, the default is
 *   0.01 (Maas, Hannun and Ng 2013);
 * - `poly:c0,c1,...,cd`: c0 + c1 x + ... + cd x^d with d from 1 to 16 and cd ≠ 0, e.g. `poly:0,1,0.5`.
 */
export type Activation =
  | "relu"
  | "square"
  | "tanh"
  | "identity"
  | "leaky-relu"
  | `leaky-relu:${number}`
  | `poly:${string}`;

/** Names of activations without parameters, and those that take some with an example. */
export const activationNames = ["relu", "square", "tanh", "identity", "leaky-relu:0.01", "poly:0,1,0.5"] as const;

/** An activation read from its name. */
export type ActivationRule =
  | { readonly kind: "relu" | "square" | "tanh" | "identity" }
  | { readonly kind: "leaky-relu"; readonly slope: number }
  | { readonly kind: "polynomial"; readonly coefficients: readonly number[] };

const defaultSlope = 0.01;
const largestDegree = 16;

/** Whether a text names an activation. */
export function isActivation(text: unknown): text is Activation {
  return typeof text === "string" && ruleOf(text) !== undefined;
}

/**
 * Reads the name of an activation.
 * @throws ConfigError for any other text
 */
export function parseActivation(text: string): ActivationRule {
  const rule = ruleOf(text);
  if (rule === undefined)
    throw new ConfigError(expected(`one of ${activationNames.join(", ")}`, "activation", text), {
      hint: "A slope lies between 0 and 1; a polynomial has 2 to 17 coefficients, the constant first and the last not 0.",
    });
  return rule;
}

function ruleOf(text: string): ActivationRule | undefined {
  if (text === "relu" || text === "square" || text === "tanh" || text === "identity") return { kind: text };
  if (text === "leaky-relu") return { kind: "leaky-relu", slope: defaultSlope };
  const [, name, parameters = ""] = /^(leaky-relu|poly):(.+)$/.exec(text) ?? [];
  const numbers = parameters.split(",").map(decimal);
  if (name === "leaky-relu")
    return numbers.length === 1 && numbers[0]! > 0 && numbers[0]! < 1
      ? { kind: "leaky-relu", slope: numbers[0]! }
      : undefined;
  const degree = numbers.length - 1;
  const sound = degree >= 1 && degree <= largestDegree && numbers.every(Number.isFinite) && numbers[degree] !== 0;
  return name === "poly" && sound ? { kind: "polynomial", coefficients: numbers } : undefined;
}

function decimal(text: string): number {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
}

/** The activation of a whole batch. `square` is `tf.square`: `tf.pow` takes 40 times as long. */
export function activate(tf: TensorFlow, rule: ActivationRule, x: Tensor2D): Tensor2D {
  switch (rule.kind) {
    case "relu":
      return tf.relu(x);
    case "square":
      return tf.square(x);
    case "identity":
      return x;
    case "tanh":
      return withSlope(tf, x, (value) => {
        const y = tf.tanh(value);
        // d tanh = 1 − tanh²; what the gradient keeps is y, not x.
        return { value: y, kept: y, slope: (held) => tf.sub(1, tf.square(held)) };
      });
    case "leaky-relu":
      return withSlope(tf, x, (value) => ({
        value: tf.maximum(value, tf.mul(value, rule.slope)),
        kept: value,
        slope: (held) => tf.step(held, rule.slope),
      }));
    case "polynomial": {
      const { coefficients } = rule;
      const derivative = coefficients.slice(1).map((coefficient, i) => (i + 1) * coefficient);
      return withSlope(tf, x, (value) => ({
        value: horner(tf, coefficients, value),
        kept: value,
        slope: (held) => horner(tf, derivative, held),
      }));
    }
  }
}

/** A function of every element, with its derivative written out. */
function withSlope(
  tf: TensorFlow,
  x: Tensor2D,
  forward: (x: Tensor) => { readonly value: Tensor; readonly kept: Tensor; readonly slope: (kept: Tensor) => Tensor },
): Tensor2D {
  const layer = tf.customGrad((...inputs) => {
    // The library passes a function that keeps tensors for the gradient as the last argument.
    const save = inputs[1] as unknown as (kept: Tensor[]) => void;
    const { value, kept, slope } = forward(x);
    save([kept]);
    return { value, gradFunc: (dy: Tensor, saved: Tensor[]) => [tf.mul(dy, slope(saved[0]!))] };
  });
  return layer(x) as Tensor2D;
}

/** A polynomial by Horner's rule, the constant coefficient first. */
function horner(tf: TensorFlow, coefficients: readonly number[], x: Tensor): Tensor {
  let y: Tensor = tf.fill(x.shape, coefficients.at(-1)!);
  for (let k = coefficients.length - 2; k >= 0; k--) {
    y = tf.mul(y, x);
    if (coefficients[k] !== 0) y = tf.add(y, coefficients[k]!);
  }
  return y;
}

/** The activation of every element, in place: in double precision, then rounded. */
export function activateInPlace(rule: ActivationRule, values: Float32Array): void {
  switch (rule.kind) {
    case "relu":
      for (let i = 0; i < values.length; i++) if (values[i]! < 0) values[i] = 0;
      return;
    case "square":
      for (let i = 0; i < values.length; i++) values[i] = values[i]! * values[i]!;
      return;
    case "identity":
      return;
    case "tanh":
      for (let i = 0; i < values.length; i++) values[i] = Math.tanh(values[i]!);
      return;
    case "leaky-relu":
      for (let i = 0; i < values.length; i++) if (values[i]! < 0) values[i] = values[i]! * rule.slope;
      return;
    case "polynomial": {
      const { coefficients } = rule;
      const last = coefficients.length - 1;
      for (let i = 0; i < values.length; i++) {
        let y = coefficients[last]!;
        for (let k = last - 1; k >= 0; k--) y = y * values[i]! + coefficients[k]!;
        values[i] = y;
      }
    }
  }
}

/** Activations, seen by what the theorems need of them. */

import { ConfigError, expected } from "../errors.js";
import { isRecord } from "../options.js";
import type { LastActivation } from "./layer-image.js";
import { requireInteger } from "./requirement.js";

/** What is known of an activation; all of them are continuous and definable. */
export type ActivationClass =
  | { readonly kind: "affine" }
  /** A polynomial of degree ≥ 2; `even`: a pure even power up to an affine change of variable. */
  | { readonly kind: "polynomial"; readonly degree: number; readonly shape: LastActivation }
  /** Linear on pieces separated by `kinks` points; `dying`: constant zero on one side, as ReLU. */
  | {
      readonly kind: "piecewise-linear";
      readonly kinks: number;
      readonly dying: boolean;
      readonly shape: "monotone" | "injective" | "even";
    }
  /** Injective, monotone, and described by a Pfaffian chain. */
  | { readonly kind: "pfaffian"; readonly chain: "tanh" | "arctan" }
  /** Injective and monotone, with nothing else used. */
  | { readonly kind: "injective" }
  /** Nothing used. */
  | { readonly kind: "unknown" };

const CLASSES: Readonly<Record<string, ActivationClass>> = {
  linear: { kind: "affine" },
  identity: { kind: "affine" },
  square: { kind: "polynomial", degree: 2, shape: "even" },
  cube: { kind: "polynomial", degree: 3, shape: "injective" },
  relu: { kind: "piecewise-linear", kinks: 1, dying: true, shape: "monotone" },
  "leaky-relu": { kind: "piecewise-linear", kinks: 1, dying: false, shape: "injective" },
  abs: { kind: "piecewise-linear", kinks: 1, dying: false, shape: "even" },
  "hard-tanh": { kind: "piecewise-linear", kinks: 2, dying: false, shape: "monotone" },
  relu6: { kind: "piecewise-linear", kinks: 2, dying: false, shape: "monotone" },
  tanh: { kind: "pfaffian", chain: "tanh" },
  sigmoid: { kind: "pfaffian", chain: "tanh" },
  logistic: { kind: "pfaffian", chain: "tanh" },
  arctan: { kind: "pfaffian", chain: "arctan" },
  softplus: { kind: "injective" },
  elu: { kind: "injective" },
  selu: { kind: "injective" },
  gelu: { kind: "unknown" },
  silu: { kind: "unknown" },
  swish: { kind: "unknown" },
  mish: { kind: "unknown" },
};

/** The names `classifyActivation` knows, besides `polynomial-2`, `polynomial-3`, … */
export const ACTIVATION_NAMES: readonly string[] = Object.keys(CLASSES);

/**
 * What is known of an activation by its name; `polynomial-d` is any polynomial of degree d (of degree 2: a quadratic,
 * which is even up to an affine change), and so is `poly:c0,...,cd` by its coefficients; `leaky-relu:0.1` is `leaky-relu`
 * whatever its slope. Throws a ConfigError for a name it does not know.
 */
export function classifyActivation(activation: string | ActivationClass): ActivationClass {
  if (typeof activation !== "string") {
    if (!isRecord(activation) || typeof activation.kind !== "string")
      throw new ConfigError(expected("the name of an activation", "activation", activation), {
        hint: `Use for instance ${ACTIVATION_NAMES[0]}.`,
      });
    if (activation.kind === "polynomial") requireInteger(activation.degree, "activation.degree", 1);
    return activation;
  }
  const polynomial = /^polynomial-(\d+)$/.exec(activation);
  const coefficients = /^poly:([^,]+(?:,[^,]+)+)$/.exec(activation)?.[1]?.split(",");
  if (polynomial || coefficients) {
    const degree = coefficients ? coefficients.length - 1 : Number(polynomial![1]);
    requireInteger(degree, "activation degree", 1);
    return degree === 1 ? { kind: "affine" } : { kind: "polynomial", degree, shape: degree === 2 ? "even" : "general" };
  }
  const name = activation.replace(/^leaky-relu:.+$/, "leaky-relu");
  const known = Object.hasOwn(CLASSES, name) ? CLASSES[name] : undefined;
  if (known !== undefined) return known;
  throw new ConfigError(
    expected(`one of ${ACTIVATION_NAMES.join(", ")} or polynomial-<degree>`, "activation", activation),
    {
      hint: "The theorems need to know the activation's shape.",
    },
  );
}

/** Whether the activation is injective. */
export function isInjective(activation: ActivationClass): boolean {
  const { kind } = activation;
  if (kind === "polynomial" || kind === "piecewise-linear") return activation.shape === "injective";
  return kind === "affine" || kind === "pfaffian" || kind === "injective";
}

/** Whether the activation is weakly monotone. Injective continuous functions of one variable are. */
export function isMonotone(activation: ActivationClass): boolean {
  return isInjective(activation) || (activation.kind === "piecewise-linear" && activation.shape === "monotone");
}

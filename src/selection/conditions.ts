/**
 * Hard necessary conditions on architectures that are to keep given Betti numbers (N1 to N6), before any bound is
 * evaluated. Each says what it assumes; none is ever sufficient.
 */
import { type ActivationClass, classifyActivation, isInjective, isMonotone } from "../bounds/activation.js";

/** What the conditions are asked about. */
export interface ConditionsInput {
  /** b_0, b_1, … */
  readonly betti: readonly number[];
  readonly activation: string;
  readonly inputDimension: number;
  /** Dimension of the manifold the data are taken to lie on, where the caller assumes one. */
  readonly manifoldDimension?: number;
}

/** One condition and what it says here. */
export interface Condition {
  readonly name: "N1" | "N2" | "N3" | "N4" | "N5" | "N6";
  /** `proof`: no assumption beyond the Betti numbers; `hypothesis`: a proof under one it names; `model`: a consistency test. */
  readonly standing: "proof" | "hypothesis" | "model";
  /** Smallest width of every hidden layer it leaves; null when it sets none. */
  readonly leastWidth: number | null;
  /** One sentence. */
  readonly text: string;
}

/** The conditions that apply, in order. */
export function necessaryConditions(input: ConditionsInput): Condition[] {
  const { betti, inputDimension, manifoldDimension } = input;
  const activation = classifyActivation(input.activation);
  const top = betti.findLastIndex((b) => b > 0);
  const conditions: Condition[] = [];
  if (top >= 1)
    conditions.push({
      name: "N1",
      standing: "proof",
      leastWidth: top + 1,
      text: `b_${top} ≠ 0 needs at least ${top + 1} units in every hidden layer, and maps of rank at least ${top} (T1, T2: a proof for every continuous activation).`,
    });
  if ((betti[0] ?? 0) > 1)
    conditions.push({
      name: "N2",
      standing: "proof",
      leastWidth: null,
      text: `${betti[0]} components: a layer can merge them and no later one can split them again (a proof).`,
    });
  if (manifoldDimension !== undefined)
    conditions.push({
      name: "N3",
      standing: "hypothesis",
      leastWidth: manifoldDimension + 1,
      text:
        `If the data are a closed manifold of dimension ${manifoldDimension}, a layer that is one-to-one on it needs at least ${manifoldDimension + 1} units; ` +
        `${2 * manifoldDimension} always suffice for a smooth one by some smooth map (Whitney), ${2 * manifoldDimension + 1} by almost every linear map.`,
    });
  conditions.push(...torus(betti));
  if (narrow(activation))
    conditions.push({
      name: "N5",
      standing: "hypothesis",
      leastWidth: null,
      text: `If a class has to be surrounded by another in all of R^${inputDimension}, some hidden layer needs at least ${inputDimension + 1} units: with all widths ≤ ${inputDimension} no decision region of a network of (limits of) one-to-one activations has a bounded component, at any depth (Johnson 2019).`,
    });
  if (top >= 1) conditions.push(...creation(input.activation, activation));
  return conditions;
}

/** N4: whether the numbers are those of R^p × T^q, a product of lines and circles: b_k = C(b_1, k). */
function torus(betti: readonly number[]): Condition[] {
  const q = betti[1];
  if (q === undefined || q === 0) return [];
  const fits = betti.every((b, k) => b === binomial(q, k));
  const numbers = betti.map((b, k) => `b_${k} = ${b}`).join(", ");
  if (!fits)
    return [
      {
        name: "N4",
        standing: "model",
        leastWidth: null,
        text: `${numbers} is not the pattern C(${q}, k) of a torus T^${q}: the Lie-group rule (Melodia and Lenz 2020) does not apply.`,
      },
    ];
  // b_0 = 1 and b_1 = q are C(q, 0) and C(q, 1) whatever the data.
  if (betti.length <= 2)
    return [
      {
        name: "N4",
        standing: "model",
        leastWidth: null,
        text: `Whether the data look like a torus (b_k = C(b_1, k), the rule of Melodia and Lenz 2020) cannot be tested without b_2.`,
      },
    ];
  return [
    {
      name: "N4",
      standing: "model",
      leastWidth: q + 1,
      text:
        `${numbers} is consistent with a torus T^${q}: if the data are one, a one-to-one layer needs ${q + 1} units; ` +
        `the rule of Melodia and Lenz 2020 takes ${2 * q}, each circle in a plane of its own.`,
    },
  ];
}

/** Activations that are one-to-one or a uniform limit of such functions: Johnson's hypothesis. */
function narrow(activation: ActivationClass): boolean {
  return isInjective(activation) || (activation.kind === "piecewise-linear" && activation.shape === "monotone");
}

/** N6: what it takes to make loops that the data lack, and what keeps them for nothing. */
function creation(name: string, activation: ActivationClass): Condition[] {
  const proof = (text: string): Condition[] => [{ name: "N6", standing: "proof", leastWidth: null, text }];
  if (isInjective(activation))
    return proof(
      `${name} is one-to-one: a layer that loses no rank keeps every Betti number exactly, so a comparison of such layers with the input tests the sampling, not the width; only layers that lose rank change topology.`,
    );
  const even =
    (activation.kind === "polynomial" || activation.kind === "piecewise-linear") && activation.shape === "even";
  if (!even && !isMonotone(activation)) return [];
  return proof(
    `Out of a convex set of inputs one ${name} layer makes no loop${even ? "" : ", nor anything of higher degree"} (${even ? "T5" : "T4"}): ` +
      "loops that the data lack need two hidden layers at least.",
  );
}

function binomial(n: number, k: number): number {
  let value = 1;
  for (let i = 1; i <= k; i++) value = (value * (n - i + 1)) / i;
  return k > n ? 0 : Math.round(value);
}

/**
 * Hard necessary conditions on architectures that are to keep given Betti numbers (N1 to N6), before any bound is
 * evaluated. Each says what it assumes; none is ever sufficient.
 */
import { type ActivationClass, classifyActivation, isInjective, isMonotone } from "../bounds/activation.js";
import { isLimitOfInjective, leastWidthToEnclose, surrounds } from "../bounds/bounded-components.js";
import type { Enclosure } from "./enclosure.js";
import { clearest, enclosureHypothesis } from "./exclusions.js";

/** What the conditions are asked about. */
export interface ConditionsInput {
  /** b_0, b_1, … */
  readonly betti: readonly number[];
  readonly activation: string;
  readonly inputDimension: number;
  /** Outputs of the network: with two at most a class is decided by one function. */
  readonly outputs: number;
  /** Classes of the labelled sample that surround others. @default none is known */
  readonly enclosures?: readonly Enclosure[];
  /** Dimension of the manifold the data are taken to lie on, where the caller assumes one. */
  readonly manifoldDimension?: number;
}

/** One condition and what it says here. */
export interface Condition {
  readonly name: "N1" | "N2" | "N3" | "N4" | "N5" | "N6";
  /** `proof`: no assumption beyond the Betti numbers; `hypothesis`: a proof under one it names; `model`: a consistency test. */
  readonly standing: "proof" | "hypothesis" | "model";
  /** What it assumes beyond that, as a clause that follows "if"; null for a proof. */
  readonly hypothesis: string | null;
  /** Smallest width of the hidden layers that it leaves; null when it sets none. */
  readonly leastWidth: number | null;
  /** Whether every hidden layer needs as many units, or some. */
  readonly layers: "every" | "some";
  /** One sentence. */
  readonly text: string;
}

/** The conditions that apply, in order. */
export function necessaryConditions(input: ConditionsInput): Condition[] {
  const { betti, manifoldDimension } = input;
  const activation = classifyActivation(input.activation);
  const top = betti.findLastIndex((b) => b > 0);
  const conditions: Condition[] = [];
  if (top >= 1)
    conditions.push({
      name: "N1",
      standing: "proof",
      hypothesis: null,
      layers: "every",
      leastWidth: top + 1,
      text: `b_${top} ≠ 0 needs at least ${top + 1} units in every hidden layer that carries it, and maps of rank at least ${top} (T1, T2: a proof for every definable or locally Lipschitz activation).`,
    });
  if ((betti[0] ?? 0) > 1)
    conditions.push({
      name: "N2",
      standing: "proof",
      hypothesis: null,
      layers: "every",
      leastWidth: null,
      text: `${betti[0]} components: a layer can merge them and no later one can split them again (a proof).`,
    });
  if (manifoldDimension !== undefined) {
    const m = manifoldDimension;
    const hypothesis = `the data are a closed manifold of dimension ${m} and a hidden layer is one-to-one on it`;
    conditions.push({
      name: "N3",
      standing: "hypothesis",
      hypothesis,
      layers: "every",
      leastWidth: m + 1,
      text:
        m === 0
          ? "If the data are finitely many points, one unit is enough for a layer that is one-to-one on them: almost every linear map to a line is."
          : `If ${hypothesis}, that layer needs at least ${m + 1} units; ` +
            `${2 * m} always suffice for a smooth one by some smooth map (Whitney), ${2 * m + 1} by almost every linear map.`,
    });
  }
  conditions.push(...torus(betti));
  if (isLimitOfInjective(activation)) conditions.push(surrounding(input));
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
        hypothesis: null,
        layers: "every",
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
        hypothesis: null,
        layers: "every",
        leastWidth: null,
        text: `Whether the data look like a torus (b_k = C(b_1, k), the rule of Melodia and Lenz 2020) cannot be tested without b_2.`,
      },
    ];
  return [
    {
      name: "N4",
      standing: "model",
      hypothesis: `the data are a torus T^${q} and a hidden layer is one-to-one on it`,
      layers: "every",
      leastWidth: q + 1,
      text:
        `${numbers} is consistent with a torus T^${q}: if the data are one, a one-to-one layer needs ${q + 1} units; ` +
        `the rule of Melodia and Lenz 2020 takes ${2 * q}, each circle in a plane of its own.`,
    },
  ];
}

/** N5: Johnson's theorem, with the least hypothesis there is reason to name. */
function surrounding({ betti, activation, inputDimension: n, outputs, enclosures = [] }: ConditionsInput): Condition {
  const least = leastWidthToEnclose(n);
  const known = { name: "N5", standing: "hypothesis", layers: "some" } as const;
  const theorem =
    `with ${activation} and all hidden widths ≤ ${n}, no component of {F > 0} or {F < 0} is bounded at any depth, ` +
    "F one output or the difference of two (Johnson 2019)";
  const shown = clearest(enclosures);
  if (shown) {
    const hypothesis = enclosureHypothesis(shown);
    const text = `Class ${shown.enclosing} surrounds class ${shown.enclosed}: if ${hypothesis}, some hidden layer needs at least ${least} units; ${theorem}.`;
    return { ...known, hypothesis, leastWidth: least, text };
  }
  if (outputs <= 2 && surrounds(betti, n)) {
    const k = n - 1;
    const hypothesis = `a decision region {F ≥ 0} in all of R^${n} has b_${k} = ${betti[k]}`;
    return {
      ...known,
      hypothesis,
      leastWidth: least,
      text: `If ${hypothesis}, some hidden layer needs at least ${least} units, for the complement then has a bounded component; ${theorem}.`,
    };
  }
  const hypothesis = `one single class has to surround points of another in all of R^${n}`;
  const several = outputs > 2 ? " The region of one of three classes or more can be bounded without that." : "";
  const text = `If ${hypothesis}, some hidden layer needs at least ${least} units: ${theorem}.${several}`;
  return { ...known, hypothesis, leastWidth: null, text };
}

/** N6: what it takes to make loops that the data lack, and what keeps them for nothing. */
function creation(name: string, activation: ActivationClass): Condition[] {
  const condition = (text: string): Condition[] => [
    { name: "N6", standing: "proof", hypothesis: null, layers: "every", leastWidth: null, text },
  ];
  if (isInjective(activation))
    return condition(
      `${name} is one-to-one: a layer that loses no rank keeps every Betti number exactly, so a comparison of such layers with the input tests the sampling, not the width; only layers that lose rank can change topology.`,
    );
  const even =
    (activation.kind === "polynomial" || activation.kind === "piecewise-linear") && activation.shape === "even";
  if (!even && !isMonotone(activation)) return [];
  return condition(
    `Out of a convex set of inputs one ${name} layer makes no loop${even ? "" : ", nor anything of higher degree"} (${even ? "T5" : "T4"}): ` +
      "there loops need two hidden layers at least. Of another set one layer can make them: it may join the ends of a curve.",
  );
}

function binomial(n: number, k: number): number {
  let value = 1;
  for (let i = 1; i <= k; i++) value = (value * (n - i + 1)) / i;
  return k > n ? 0 : Math.round(value);
}

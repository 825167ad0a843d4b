/**
 * The inverse problem: which sizes of a family of networks the bounds do not exclude for given Betti numbers.
 *
 * Three questions, each with its own bounds, none of them sufficient:
 *   carry   every hidden layer has to pass the Betti numbers on: N1, and I_k where the activation is polynomial
 *   create  the network has to make them out of a ball of inputs: U_k of the last hidden layer
 *   region  a decision region has to have them: b_0 against linear regions, or the sum against a polynomial's degree; and
 *           where it surrounds something, Johnson's theorem (bounds/bounded-components.ts)
 * For every depth the smallest width that is not excluded is found by doubling and bisection; the sizes that no other
 * one undercuts in width, depth and parameters at once are the front.
 */
import { classifyActivation } from "../bounds/activation.js";
import { parseModularNetwork } from "../bounds/architecture.js";
import type { BoundJson } from "../bounds/bound.js";
import {
  boundedComponentTheorem,
  isLimitOfInjective,
  leastWidthToEnclose,
  surrounds,
} from "../bounds/bounded-components.js";
import { describeData } from "../bounds/carry.js";
import { formatBound } from "../bounds/format.js";
import { carryBounds, layerBounds } from "../bounds/layer-bounds.js";
import { regionBounds } from "../bounds/network-regions.js";
import { parameterCount } from "../network/architecture.js";
import type { Enclosure } from "./enclosure.js";
import { clearest, enclosureHypothesis } from "./exclusions.js";

/** A family of networks: one width for all hidden layers, and the assumptions of the carry bound. */
export interface Family {
  readonly inputDimension: number;
  readonly outputs: number;
  readonly activation: string;
  /** Smallest and largest number of hidden layers looked at. */
  readonly depths: { readonly least: number; readonly most: number };
  readonly dataDegree: number;
  readonly dataInequalities: number;
  /** The prime the Betti numbers were counted over; 0 for the rationals. */
  readonly modulus: number;
  /** Classes of the labelled sample that surround others. @default none is known */
  readonly enclosures?: readonly Enclosure[];
}

/** The three questions. */
export const questions = ["carry", "create", "region"] as const;

export type Question = (typeof questions)[number];

/** One depth of the answer to one question. */
export interface SmallestSize {
  readonly depth: number;
  /** Smallest width not excluded; null when every width up to the limit is. */
  readonly width: number | null;
  /** Trained numbers of that network, the output layer included; null without a width. */
  readonly parameters: number | null;
  /** Why the next smaller width is excluded, or why none fits; null where width 1 fits. */
  readonly because: string | null;
  /** Whether no other depth is at most as wide, as deep and as large. */
  readonly front: boolean;
}

/** The answer to one question. */
export interface InverseAnswer {
  readonly question: Question;
  readonly sizes: readonly SmallestSize[];
  /** What every exclusion here assumes, as a clause that follows "if". */
  readonly hypothesis: string;
  /** Why the question has no answer for this activation; null when it has. */
  readonly reason: string | null;
}

/** Digits of exact integers: more than any Betti number measured has. */
const digits = 40;

/** Widest network looked at. */
const widest = 4096;

/** All three questions for a family. @param betti b_0, b_1, … to be met */
export function smallestSizes(betti: readonly number[], family: Family): InverseAnswer[] {
  return questions.map((question) => {
    const reason = reasonAgainst(question, betti, family);
    const hypothesis = hypothesisOf(question, family);
    if (reason !== null) return { question, sizes: [], hypothesis, reason };
    const sizes: Omit<SmallestSize, "front">[] = [];
    for (let depth = family.depths.least; depth <= family.depths.most; depth++)
      sizes.push(smallestWidth(question, betti, depth, family));
    return { question, sizes: withFront(sizes), hypothesis, reason: null };
  });
}

/** What a question assumes, as a clause that follows "if". */
export function hypothesisOf(question: Question, family: Family): string {
  const { inputDimension, outputs, activation } = family;
  if (question === "create") return "the network has to make these b_k, k ≥ 1, out of a ball of inputs";
  if (question === "region")
    return `${outputs > 2 ? `the region of one of ${outputs} classes` : "one decision region"} in all of R^${inputDimension} has to show them`;
  const { kind } = classifyActivation(activation);
  if (kind !== "polynomial" && kind !== "affine") return "every hidden layer has to pass them on (N1 alone)";
  return `the data's true b_k are at least these, every hidden layer has to pass them on, and what enters it is ${describeData(family)}`;
}

/**
 * Why a network is excluded; null when it is not. A proof under the hypotheses of the question.
 * @param hidden widths of its hidden layers
 */
export function exclusion(
  question: Question,
  betti: readonly number[],
  hidden: readonly number[],
  family: Family,
): string | null {
  const { inputDimension, outputs, activation, dataDegree, dataInequalities, modulus } = family;
  const widths = [inputDimension, ...hidden];
  const maxDim = betti.length - 1;
  const below = (bound: BoundJson | null, target: number) =>
    bound !== null &&
    (bound.exact === undefined ? 10 ** (bound.log10 ?? -1) < target : BigInt(bound.exact) < BigInt(target));
  if (question === "region") {
    const narrow = tooNarrowToSurround(betti, hidden, family);
    if (narrow !== null) return narrow;
    const network = parseModularNetwork(`${widths.join("-")}-${outputs}:${activation}`);
    const sum = betti.reduce((all, b) => all + b, 0);
    for (const { k, bound } of regionBounds({ network, maxDim })) {
      const target = k === "sum" ? sum : (betti[k] ?? 0);
      if (!below(bound, target)) continue;
      return `${k === "sum" ? "sum of b_k" : `b_${k}`} ≤ ${formatBound(bound!)} < ${target} (${bound!.theorem})`;
    }
    return null;
  }
  const bounds =
    question === "carry"
      ? carryBounds({ widths, activation, maxDim, dataDegree, dataInequalities, maxDigits: digits })
      : layerBounds({ widths, activation, maxDim, modulus, maxDigits: digits }).filter(
          ({ layer }) => layer === hidden.length,
        );
  for (const { layer, k, bound } of bounds) {
    const target = betti[k]!;
    // Components are never created: out of a ball comes one.
    if ((question === "create" && k === 0) || !below(bound, target)) continue;
    return `b_${k} of layer ${layer} ≤ ${formatBound(bound!)} < ${target} (${bound!.theorem})`;
  }
  return null;
}

/** By doubling and bisection: every bound grows with the width. */
function smallestWidth(
  question: Question,
  betti: readonly number[],
  depth: number,
  family: Family,
): Omit<SmallestSize, "front"> {
  const why = (width: number) => exclusion(question, betti, new Array<number>(depth).fill(width), family);
  const found = (width: number, because: string | null) => {
    const widths = [family.inputDimension, ...new Array<number>(depth).fill(width), family.outputs];
    return { depth, width, parameters: parameterCount(widths), because };
  };
  let low = 0;
  let because: string | null = null;
  let high = 1;
  for (let reason = why(high); reason !== null; reason = why(high)) {
    because = reason;
    if (high >= widest) return { depth, width: null, parameters: null, because };
    low = high;
    high = Math.min(widest, 2 * high);
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    const reason = why(middle);
    if (reason === null) high = middle;
    else {
      low = middle;
      because = reason;
    }
  }
  return found(high, because === null ? null : `width ${low}: ${because}`);
}

function withFront(sizes: readonly Omit<SmallestSize, "front">[]): SmallestSize[] {
  const dominates = (one: Omit<SmallestSize, "front">, other: Omit<SmallestSize, "front">) =>
    one !== other &&
    one.width !== null &&
    other.width !== null &&
    one.width <= other.width &&
    one.depth <= other.depth &&
    one.parameters! <= other.parameters!;
  return sizes.map((size) => ({
    ...size,
    front: size.width !== null && !sizes.some((other) => dominates(other, size)),
  }));
}

/** N5, by the Betti numbers of the region or by what surrounds what in the sample; null where it excludes nothing. */
function tooNarrowToSurround(betti: readonly number[], hidden: readonly number[], family: Family): string | null {
  const { inputDimension: n, outputs, activation, enclosures = [] } = family;
  if (!isLimitOfInjective(classifyActivation(activation)) || Math.max(...hidden) >= leastWidthToEnclose(n)) return null;
  const theorem = `${boundedComponentTheorem.replace(" (", ` with all hidden widths ≤ ${n} (`)}`;
  if (outputs <= 2 && surrounds(betti, n)) return `${theorem}, and b_${n - 1} = ${betti[n - 1]} of a region needs one`;
  const shown = clearest(enclosures);
  return shown ? `${theorem}, and one is needed if ${enclosureHypothesis(shown)}` : null;
}

function reasonAgainst(question: Question, betti: readonly number[], family: Family): string | null {
  if (question !== "region") return null;
  const { activation } = family;
  const { kind } = classifyActivation(activation);
  const bounded = (kind !== "injective" && kind !== "unknown") || tooNarrowToSurround(betti, [1], family) !== null;
  return bounded ? null : `no theorem bounds the decision regions of ${activation} networks`;
}

/**
 * What a width can carry: necessary conditions on the width of a layer for the data's topology to pass through it.
 *
 * N1 (a proof): b_k ≠ 0 needs width ≥ k + 1, by T1. Isolated-layer capacity (a proof under a hypothesis): if the layer's
 * input is cut out by equations of the assumed degree, then no more than I_k passes. Neither is ever sufficient.
 */

import { ConfigError, expected } from "../errors.js";
import { checkFields, type Known } from "../options.js";
import { type BoundJson, boundToJson, settle } from "./bound.js";
import { compareCounts, countOf } from "./count.js";
import { formatBound } from "./format.js";
import { isolatedLayerDegree, isolatedLayerEstimate } from "./isolated-layer.js";
import { requireInteger, requireIntegers } from "./requirement.js";
import { smallestSize } from "./smallest-sizes.js";

/** The assumed description of what enters a polynomial layer. */
export interface CarryAssumptions {
  /** Degree d ≥ 1 of the activation. */
  readonly degree: number;
  /** Degree d0 of the equations that cut out the layer's input; up to the activation's degree it costs nothing. @default 1 */
  readonly dataDegree?: number;
  /** Number s of inequalities that cut out the layer's input. @default 0 */
  readonly dataInequalities?: number;
}

/** Smallest width whose image can have b_k ≠ 0 at all: k + 1 (N1), for every definable or locally Lipschitz activation. */
export function minimumWidthToCarry(k: number): number {
  requireInteger(k, "k", 0);
  return k + 1;
}

/** Whether a width is excluded, and why. */
export interface CarryVerdict {
  readonly excluded: boolean;
  /** `width`: a proof without hypothesis (N1); `capacity`: a proof under the hypothesis of I_k; null: not excluded. */
  readonly by: "width" | "capacity" | null;
  /** The first degree of homology that excludes the width; null when none does. */
  readonly k: number | null;
  /** The bound that excludes, under `capacity`. */
  readonly bound: BoundJson | null;
  /** One sentence for people, with its hypothesis. */
  readonly sentence: string;
  readonly trace: readonly string[];
}

/**
 * Whether layers of width `width` (input and output) are excluded, if the data's true Betti numbers are at least `betti`
 * and the layer's input is cut out as assumed.
 * @param options.betti b_0, b_1, … that must survive
 */
export function isExcludedByCarry(
  options: CarryAssumptions & { readonly width: number; readonly betti: readonly number[] },
): CarryVerdict {
  checkFields(
    options,
    { degree: true, dataDegree: true, dataInequalities: true, width: true, betti: true } satisfies Known<
      typeof options
    >,
    "what isExcludedByCarry is given",
  );
  const { width, betti } = options;
  checkAssumptions(options);
  requireInteger(width, "width", 1);
  requireIntegers(betti, "betti", 0);
  const trace: string[] = [];
  for (const [k, target] of betti.entries()) {
    if (target === 0 || width >= minimumWidthToCarry(k)) continue;
    const sentence = `Width ${width} cannot carry any b_${k}: a compact set in R^${width} has b_${k} = 0, so the width must be at least ${k + 1}.`;
    return { excluded: true, by: "width", k, bound: null, sentence, trace: [`N1: b_${k} ≠ 0 needs width ≥ ${k + 1}`] };
  }
  const hypothesis = describeHypothesis(options);
  for (const [k, target] of betti.entries()) {
    const estimate = isolatedLayerEstimate({ ...options, k, inputDimension: width, width });
    const enough = compareCounts(estimate.count, countOf(target)) >= 0;
    trace.push(...estimate.trace, `b_${k}: ${enough ? "at least" : "below"} ${target}`);
    if (enough) continue;
    const bound = boundToJson(settle(estimate));
    const sentence =
      `Width ${width} is excluded if the data's true b_${k} is at least ${target} and ${hypothesis}: ` +
      `such a layer carries at most ${formatBound(bound)}.`;
    return { excluded: true, by: "capacity", k, bound, sentence, trace };
  }
  const sentence = `Width ${width} is not excluded by these bounds, which does not mean that it is enough.`;
  return { excluded: false, by: null, k: null, bound: null, sentence, trace };
}

/**
 * Smallest width not excluded for the given Betti numbers (short name: carryWidth(beta, d)), by doubling and bisection:
 * I_k increases with the width. Narrower layers are excluded, under the hypothesis of I_k; wider ones are not excluded.
 */
export function smallestCarryWidth(options: CarryAssumptions & { readonly betti: readonly number[] }): number {
  checkFields(
    options,
    { degree: true, dataDegree: true, dataInequalities: true, betti: true } satisfies Known<typeof options>,
    "what smallestCarryWidth is given",
  );
  const { betti } = options;
  checkAssumptions(options);
  requireIntegers(betti, "betti", 0);
  // With degree 1 and no inequalities every I_k is k + 1, whatever the width.
  if (isolatedLayerDegree(options) === 1) {
    const k = betti.findIndex((target, i) => target > i + 1); // at every width
    if (k >= 0) {
      throw new ConfigError(expected(`at most ${k + 1} for an affine layer`, `betti[${k}]`, betti[k]), {
        hint: "Sets cut out by linear equations are convex; raise dataDegree.",
      });
    }
  }
  return smallestSize((width) => !isExcludedByCarry({ ...options, width }).excluded)!;
}

function describeHypothesis(assumptions: CarryAssumptions): string {
  const { dataInequalities = 0 } = assumptions;
  return `every layer's input is ${describeData({ dataDegree: isolatedLayerDegree(assumptions), dataInequalities })}`;
}

/** What is assumed of a layer's input, in words that follow "is": the hypothesis that every exclusion by I_k prints. */
export function describeData(of: { readonly dataDegree: number; readonly dataInequalities: number }): string {
  const { dataDegree, dataInequalities: s } = of;
  return s === 0
    ? `cut out by polynomial equations of degree at most ${dataDegree} alone (no set with an inside is, and hardly ever a layer's image)`
    : `cut out by polynomial equations and ${s} ${s === 1 ? "inequality" : "inequalities"} of degree at most ${dataDegree}`;
}

function checkAssumptions(assumptions: CarryAssumptions): void {
  const { degree, dataDegree = 1, dataInequalities = 0 } = assumptions;
  requireInteger(degree, "degree", 1);
  requireInteger(dataDegree, "dataDegree", 1);
  requireInteger(dataInequalities, "dataInequalities", 0);
}

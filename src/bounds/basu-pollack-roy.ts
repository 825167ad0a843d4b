/**
 * Basu–Pollack–Roy: arrangements of s polynomials of degree ≤ d on a variety V ⊂ R^k of real dimension k'.
 *
 * Over all sign conditions together, Σ b_i ≤ [Σ_{j=0}^{k'-i} C(s, j) 4^j] d (2d - 1)^(k-1) (summed from j = 0, which is
 * safe). A set given by ∧ and ∨ of P ≥ 0, P ≤ 0, P = 0 has
 * b ≤ [Σ_{i=0}^{k'} Σ_{j=0}^{k'-i} C(s+1, j) 6^j] d (2d - 1)^(k-1); its constant is recalled, not checked.
 * For one conjunction of inequalities the Milnor product or the slack lift is nearly always smaller.
 */

import { ConfigError, expected } from "../errors.js";
import { checkFields, type Known } from "../options.js";
import { type Bound, settle } from "./bound.js";
import { addCounts, type Count, multiplyCounts, sumOfSeries, ZERO } from "./count.js";
import { algebraicSetCount } from "./oleinik-petrovskii-milnor-thom.js";
import { requireInteger } from "./requirement.js";

/** s polynomials of degree ≤ d on a variety of dimension k' in R^k. */
export interface Arrangement {
  /** s ≥ 1. */
  readonly polynomials: number;
  /** d ≥ 1, also of the equations of the variety. */
  readonly degree: number;
  /** k ≥ 1. */
  readonly variables: number;
  /** k' in 0..k. @default variables (no variety) */
  readonly varietyDimension?: number;
}

/**
 * Sum of b_dim over all sign conditions of the polynomials (short name: bprSign(i, s, d, k, k')), any field.
 * @param options.dim degree of homology, 0 ≤ dim ≤ varietyDimension
 */
export function signConditionsBound(options: Arrangement & { readonly dim: number }): Bound {
  checkFields(
    options,
    { polynomials: true, degree: true, variables: true, varietyDimension: true, dim: true } satisfies Known<
      typeof options
    >,
    "what signConditionsBound is given",
  );
  const { dim, polynomials, degree, variables } = options;
  const dimension = checkArrangement(options);
  requireInteger(dim, "dim", 0);
  const factor = weightedBinomials(polynomials, 4, dimension - dim);
  return settle({
    count: multiplyCounts(factor, algebraicSetCount(degree, variables)),
    field: "any",
    theorem: "Basu–Pollack–Roy, sign conditions",
    source: "Basu, Pollack and Roy 2005, summed from j = 0",
    status: "verified",
    trace: [`Σ_{j=0}^{${dimension - dim}} C(${polynomials}, j) 4^j times OPMT(${degree}, ${variables})`],
  });
}

/** Sum of all Betti numbers of a closed Boolean formula (short name: bprClosed(s, d, k, k')); recalled, so never in a minimum. */
export function closedFormulaBound(options: Arrangement): Bound {
  checkFields(
    options,
    { polynomials: true, degree: true, variables: true, varietyDimension: true } satisfies Known<typeof options>,
    "what closedFormulaBound is given",
  );
  const { polynomials, degree, variables } = options;
  const dimension = checkArrangement(options);
  let factor: Count = ZERO;
  for (let i = 0; i <= dimension; i++) factor = addCounts(factor, weightedBinomials(polynomials + 1, 6, dimension - i));
  return settle({
    count: multiplyCounts(factor, algebraicSetCount(degree, variables)),
    field: "any",
    theorem: "Basu–Pollack–Roy, closed formulas",
    source: "Basu, Pollack and Roy; the constant from memory, the larger of two forms",
    status: "recalled",
    trace: [
      `Σ_{i ≤ ${dimension}} Σ_{j ≤ ${dimension} - i} C(${polynomials + 1}, j) 6^j times OPMT(${degree}, ${variables})`,
    ],
  });
}

/** Checks an arrangement and returns the dimension of its variety. */
export function checkArrangement(arrangement: Arrangement): number {
  const { polynomials, degree, variables, varietyDimension = variables } = arrangement;
  requireInteger(polynomials, "polynomials", 1);
  requireInteger(degree, "degree", 1);
  requireInteger(variables, "variables", 1);
  requireInteger(varietyDimension, "varietyDimension", 0);
  if (varietyDimension <= variables) return varietyDimension;
  throw new ConfigError(expected(`at most ${variables}`, "varietyDimension", varietyDimension), {
    hint: "A variety has no more dimensions than its space.",
  });
}

/** Σ_{j=0}^{last} C(n, j) weight^j. */
function weightedBinomials(n: number, weight: number, last: number): Count {
  return sumOfSeries(1, last + 1, (j) => ({ numerator: weight * (n - j), denominator: j + 1 }));
}

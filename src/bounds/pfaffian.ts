/**
 * Pfaffian sets after Khovanskii: sets described with tanh, the logistic function, arctan, exp.
 *
 * In a Pfaffian chain of length ℓ and degree α on R^n, n equations of chain degrees β_i have at most
 * 2^{ℓ(ℓ-1)/2} β_1 … β_n (β_1 + … + β_n - n + min(n, ℓ) α + 1)^ℓ non-degenerate solutions (Khovanskii). With Milnor's
 * product trick this gives for a compact S of product degree D, over any field,
 *   b(S) ≤ ½ 2^{ℓ(ℓ-1)/2} D (D + α - 1)^(n-1) [n D + (n - 1)(α - 2) + min(n, ℓ) α]^ℓ.
 * ℓ = 0, α = 0 is the compact Milnor product. An unbounded S is cut with a huge ball first: D grows by 2.
 */

import { checkFields, type Known } from "../options.js";
import { type Bound, settle } from "./bound.js";
import { type Count, countOf, halfOf, multiplyCounts, ONE, powerOf } from "./count.js";
import { requireInteger } from "./requirement.js";

/** The compact bound, unchecked; 1 for n = 0. */
export function pfaffianCount(variables: number, length: number, chainDegree: number, degree: number): Count {
  const n = variables;
  if (n === 0) return ONE;
  const inner = n * degree + (n - 1) * (chainDegree - 2) + Math.min(n, length) * chainDegree;
  return halfOf(
    multiplyCounts(
      multiplyCounts(powerOf(2, (length * (length - 1)) / 2), countOf(degree)),
      multiplyCounts(powerOf(degree + chainDegree - 1, n - 1), powerOf(Math.max(inner, 0), length)),
    ),
  );
}

/**
 * Sum of all Betti numbers of a compact Pfaffian set (short name: pfaff(n, ell, alpha, D)), any field.
 * @param options.variables n ≥ 1
 * @param options.length number ℓ ≥ 0 of functions of the chain
 * @param options.chainDegree degree α ≥ 0 of the chain
 * @param options.degree product degree D ≥ 2: twice the degree of the equations plus the degrees of the inequalities
 */
export function pfaffianSetBound(options: {
  readonly variables: number;
  readonly length: number;
  readonly chainDegree: number;
  readonly degree: number;
}): Bound {
  checkFields(
    options,
    { variables: true, length: true, chainDegree: true, degree: true } satisfies Known<typeof options>,
    "what pfaffianSetBound is given",
  );
  const { variables, length, chainDegree, degree } = options;
  requireInteger(variables, "variables", 1);
  requireInteger(length, "length", 0);
  requireInteger(chainDegree, "chainDegree", 0);
  requireInteger(degree, "degree", 2);
  return settle({
    count: pfaffianCount(variables, length, chainDegree, degree),
    field: "any",
    theorem: "Khovanskii, Milnor product over a Pfaffian chain",
    source: "derived from Khovanskii's theorem as stated by Gabrielov and Zell",
    status: "proven here",
    trace: [
      `n = ${variables} variables, chain of length ${length} and degree ${chainDegree}, product degree D = ${degree}`,
    ],
  });
}

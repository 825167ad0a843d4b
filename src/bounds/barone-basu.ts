/**
 * Barone–Basu: connected components of all sign conditions, with separate degrees for polynomials and variety.
 *
 * s polynomials of degree ≤ d on a variety V ⊂ R^k of dimension k' given by equations of degree ≤ d0: the number of
 * connected components of all sign conditions is at most Σ_{j=0}^{k'} 4^j C(s+1, j) F(j) with
 * F(j) = C(k+1, k-k'+j+1) (2 d0)^{k-k'} d^j max(2 d0, d)^{k'-j} + 2 (k - j + 1).
 */

import { checkFields, type Known } from "../options.js";
import { type Arrangement, checkArrangement } from "./basu-pollack-roy.js";
import { type Bound, settle } from "./bound.js";
import { addCounts, binomial, type Count, countOf, multiplyCounts, powerOf, ZERO } from "./count.js";
import { requireInteger } from "./requirement.js";

/**
 * Number of connected components of all sign conditions (short name: baroneBasu(s, d, d0, k, k')).
 * @param options.varietyDegree d0 ≥ 1, degree of the equations of the variety
 */
export function signConditionComponentsBound(options: Arrangement & { readonly varietyDegree: number }): Bound {
  checkFields(
    options,
    { polynomials: true, degree: true, variables: true, varietyDimension: true, varietyDegree: true } satisfies Known<
      typeof options
    >,
    "what signConditionComponentsBound is given",
  );
  const { polynomials: s, degree, varietyDegree, variables: k } = options;
  const dimension = checkArrangement(options);
  requireInteger(varietyDegree, "varietyDegree", 1);
  const larger = Math.max(2 * varietyDegree, degree);
  let count: Count = ZERO;
  for (let j = 0; j <= dimension; j++) {
    const product = [
      binomial(k + 1, k - dimension + j + 1),
      powerOf(2 * varietyDegree, k - dimension),
      powerOf(degree, j),
      powerOf(larger, dimension - j),
    ].reduce(multiplyCounts);
    const weight = multiplyCounts(powerOf(4, j), binomial(s + 1, j));
    count = addCounts(count, multiplyCounts(weight, addCounts(product, countOf(2 * (k - j + 1)))));
  }
  return settle({
    count,
    field: "any",
    theorem: "Barone–Basu",
    source: "Barone and Basu, arXiv 1104.0636",
    status: "verified",
    trace: [`s = ${s}, d = ${degree}, d0 = ${varietyDegree}, k = ${k}, k' = ${dimension}`],
  });
}

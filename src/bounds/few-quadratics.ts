/**
 * Few quadratic inequalities (Basu and Kettner 2008): polynomial growth in the number of variables.
 *
 * Let S ⊂ R^k be given by s < k inequalities of degree ≤ 2. For 0 ≤ i ≤ k - 1,
 *   b_i(S) ≤ ½ + (k - s) + ½ Σ_{j=1}^{min(s+1, k-i)} 2^j C(s+1, j) C(k, j-1).
 * An equation counts as two inequalities. The proof passes from real to complex sets by Smith's inequality, which is
 * one over Z/2; characteristic 0 follows, odd primes do not.
 */

import { ConfigError, expected } from "../errors.js";
import { checkFields, type Known } from "../options.js";
import { type Bound, settle } from "./bound.js";
import { addCounts, type Count, countOf, halfOf, sumOfSeries, ZERO } from "./count.js";
import { requireInteger } from "./requirement.js";

/** The theorem's right-hand side, unchecked; 0 for i ≥ k. O(s) operations, on big integers only for the exact value. */
export function quadraticsCount(i: number, inequalities: number, variables: number): Count {
  const terms = Math.min(inequalities + 1, variables - i);
  if (terms < 1) return ZERO;
  // Term j = 1 is 2 (s + 1); the next is 2 (s + 1 - j) / (j + 1) · (k - j + 1) / j of it.
  const sum = sumOfSeries(2 * (inequalities + 1), terms, (index) => {
    const j = index + 1;
    return { numerator: 2 * (inequalities + 1 - j) * (variables - j + 1), denominator: (j + 1) * j };
  });
  return halfOf(addCounts(sum, countOf(1 + 2 * (variables - inequalities))));
}

/**
 * b_i of a set cut out by few quadratic inequalities (short name: quad(i, s, k)), over Z/2 and in characteristic 0.
 * @param options.dim the degree of homology i, 0 ≤ i < variables
 * @param options.inequalities s ≥ 1, an equation counting twice; must be below the number of variables
 * @param options.variables k
 */
export function quadraticInequalitiesBound(options: {
  readonly dim: number;
  readonly inequalities: number;
  readonly variables: number;
}): Bound {
  checkFields(
    options,
    { dim: true, inequalities: true, variables: true } satisfies Known<typeof options>,
    "what quadraticInequalitiesBound is given",
  );
  const { dim, inequalities, variables } = options;
  requireInteger(dim, "dim", 0);
  requireInteger(inequalities, "inequalities", 1);
  requireInteger(variables, "variables", 1);
  if (inequalities >= variables || dim >= variables) {
    const name = inequalities >= variables ? "inequalities" : "dim";
    throw new ConfigError(expected(`less than the number of variables, ${variables},`, name, options[name]), {
      hint: "The theorem speaks of fewer inequalities than variables; use slackLiftBound.",
    });
  }
  return settle({
    count: quadraticsCount(dim, inequalities, variables),
    field: "mod2",
    theorem: "few quadratics (Basu–Kettner)",
    source: "Basu and Kettner, Discrete Comput. Geom. 39 (2008)",
    status: "verified",
    trace: [`b_${dim} with s = ${inequalities} quadratic inequalities in ${variables} variables`],
  });
}

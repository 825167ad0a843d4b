/**
 * Slack lift: a set cut out by equations and s weak inequalities is a retract of an algebraic set in s more variables.
 *
 * With g_j(x) = t_j² the section x ↦ (x, √g_j(x)) is continuous, so b_i(S) ≤ b_i of the lift, and
 * Oleinik–Petrovskii–Milnor–Thom bounds that: b(S) ≤ OPMT(M, n + s), M the largest degree in sight and at least 2. Any
 * field, no compactness. Beats the Milnor product for low degree and many variables.
 */

import { ConfigError, expected } from "../errors.js";
import { checkFields, type Known } from "../options.js";
import { anything, listOf } from "../shape.js";
import { type Bound, settle } from "./bound.js";
import { type BasicSet, productDegree } from "./milnor-product.js";
import { algebraicSetCount } from "./oleinik-petrovskii-milnor-thom.js";

/** Sum of all Betti numbers of a basic closed set by the slack lift (short name: slk(M, n, s)), any field; s ≥ 1. */
export function slackLiftBound(set: BasicSet): Bound {
  checkFields(
    set,
    { variables: true, equationDegree: true, inequalityDegrees: true } satisfies Known<typeof set>,
    "what slackLiftBound is given",
  );
  productDegree(set); // for its checks
  const { variables, equationDegree = 0, inequalityDegrees = [] } = set;
  listOf(anything)(inequalityDegrees, "inequalityDegrees");
  if (inequalityDegrees.length === 0) {
    throw new ConfigError(expected("at least one inequality", "inequalityDegrees", inequalityDegrees), {
      hint: "Without inequalities the set is algebraic; use algebraicSetBound.",
    });
  }
  const degree = Math.max(2, equationDegree, ...inequalityDegrees);
  const lifted = variables + inequalityDegrees.length;
  return settle({
    count: algebraicSetCount(degree, lifted),
    field: "any",
    theorem: "slack lift",
    source: "derived: retract of an algebraic set, then Oleinik–Petrovskii–Milnor–Thom",
    status: "proven here",
    trace: [
      `${variables} variables and ${inequalityDegrees.length} slack variables, degree M = ${degree}`,
      `M (2M - 1)^(${lifted} - 1)`,
    ],
  });
}

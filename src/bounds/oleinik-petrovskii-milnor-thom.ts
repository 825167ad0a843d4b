/**
 * Oleinik–Petrovskii–Milnor–Thom: the Betti numbers of an algebraic set.
 *
 * Let Z ⊂ R^n be the common zeros of any number of polynomials of degree ≤ d. Then b(Z) ≤ d (2d - 1)^(n-1), over any
 * field, with no assumption of compactness or smoothness.
 */

import { checkFields, type Known } from "../options.js";
import { type Bound, settle } from "./bound.js";
import { asCount, type Count, doubleOf, lessOne, multiplyCounts, ONE, powerOfCount } from "./count.js";
import { requireInteger } from "./requirement.js";

export const ALGEBRAIC_SET_SOURCE = "Milnor 1964, Theorem 2; Oleinik and Petrovskii 1949; Thom 1965";

/** d (2d - 1)^(n-1), and 1 for n = 0, unchecked. */
export function algebraicSetCount(degree: number | Count, variables: number): Count {
  if (variables === 0) return ONE;
  const d = asCount(degree);
  return multiplyCounts(d, powerOfCount(lessOne(doubleOf(d)), variables - 1));
}

/**
 * Sum of all Betti numbers of a real algebraic set (short name: opmt(d, n)), any field.
 * @param options.degree largest degree of the equations, ≥ 1
 * @param options.variables dimension n ≥ 0 of the ambient space
 */
export function algebraicSetBound(options: { readonly degree: number; readonly variables: number }): Bound {
  checkFields(
    options,
    { degree: true, variables: true } satisfies Known<typeof options>,
    "what algebraicSetBound is given",
  );
  const { degree, variables } = options;
  requireInteger(degree, "degree", 1);
  requireInteger(variables, "variables", 0);
  return settle({
    count: algebraicSetCount(degree, variables),
    field: "any",
    theorem: "Oleinik–Petrovskii–Milnor–Thom",
    source: ALGEBRAIC_SET_SOURCE,
    status: "verified",
    trace: [`d (2d - 1)^(n-1) with degree d = ${degree} and n = ${variables} variables`],
  });
}

/**
 * Milnor's product trick: the Betti numbers of a set cut out by equations and weak inequalities.
 *
 * Let S ⊂ R^n be given by equations of degree ≤ e and inequalities g_j ≥ 0, and let D = (2e if there are equations) +
 * the sum of deg g_j. Then b(S) ≤ ½ (2 + D)(1 + D)^(n-1), and b(S) ≤ ½ D (D - 1)^(n-1) when S is compact; any field.
 * The compact form is sharp for a ball (D = 2: 1) and for two intervals (D = 4, n = 1: 2).
 */

import { ConfigError, expected } from "../errors.js";
import { checkFields, type Known } from "../options.js";
import { anything, listOf } from "../shape.js";
import { type Bound, settle } from "./bound.js";
import { addCounts, asCount, type Count, halfOf, lessOne, multiplyCounts, ONE, powerOfCount } from "./count.js";
import { requireInteger } from "./requirement.js";

/** floor(D (D - 1)^(n-1) / 2), and 1 for n = 0, unchecked. */
export function compactProductCount(degree: number | Count, variables: number): Count {
  if (variables === 0) return ONE;
  const d = asCount(degree);
  return halfOf(multiplyCounts(d, powerOfCount(lessOne(d), variables - 1)));
}

/** floor((2 + D)(1 + D)^(n-1) / 2), and 1 for n = 0, unchecked. */
export function productCount(degree: number | Count, variables: number): Count {
  if (variables === 0) return ONE;
  const more = addCounts(asCount(degree), ONE);
  return halfOf(multiplyCounts(addCounts(more, ONE), powerOfCount(more, variables - 1)));
}

/** A set cut out by equations and weak inequalities, seen by its degrees alone. */
export interface BasicSet {
  /** Dimension n ≥ 1 of the ambient space. */
  readonly variables: number;
  /** Largest degree of the equations. @default 0 (there are none) */
  readonly equationDegree?: number;
  /** Degree of every inequality. @default [] */
  readonly inequalityDegrees?: readonly number[];
}

/** D of the theorem: twice the degree of the equations plus the degrees of the inequalities. */
export function productDegree(set: BasicSet): number {
  const { variables, equationDegree = 0, inequalityDegrees = [] } = set;
  requireInteger(variables, "variables", 1);
  requireInteger(equationDegree, "equationDegree", 0);
  listOf(anything)(inequalityDegrees, "inequalityDegrees");
  for (const [i, degree] of inequalityDegrees.entries()) requireInteger(degree, `inequalityDegrees[${i}]`, 1);
  return 2 * equationDegree + inequalityDegrees.reduce((sum, degree) => sum + degree, 0);
}

/** Sum of all Betti numbers of a compact basic set (short name: milc(D, n)), any field. Compactness is the caller's word. */
export function compactBasicSetBound(set: BasicSet): Bound {
  checkFields(
    set,
    { variables: true, equationDegree: true, inequalityDegrees: true } satisfies Known<typeof set>,
    "what compactBasicSetBound is given",
  );
  const degree = productDegree(set);
  if (degree < 2) {
    throw new ConfigError(expected("equations or inequalities that can cut out a compact set", "the set", set), {
      hint: "A set with less than two degrees in total is not compact; use basicSetBound.",
    });
  }
  return settle({
    count: compactProductCount(degree, set.variables),
    field: "any",
    theorem: "Milnor product, compact",
    source: "derived after Milnor 1964, Theorem 3",
    status: "proven here",
    trace: [`½ D (D - 1)^(n-1), rounded down, with D = ${degree} and n = ${set.variables} variables`],
  });
}

/** Sum of all Betti numbers of a basic closed set, compact or not (short name: mil(D, n)), any field. */
export function basicSetBound(set: BasicSet): Bound {
  checkFields(
    set,
    { variables: true, equationDegree: true, inequalityDegrees: true } satisfies Known<typeof set>,
    "what basicSetBound is given",
  );
  const degree = productDegree(set);
  return settle({
    count: productCount(degree, set.variables),
    field: "any",
    theorem: "Milnor product",
    source: "Milnor 1964, Theorem 3",
    status: "verified",
    trace: [`½ (2 + D)(1 + D)^(n-1), rounded down, with D = ${degree} and n = ${set.variables} variables`],
  });
}

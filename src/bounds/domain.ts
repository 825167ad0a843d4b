/** The data domain X_0 a network is fed from, seen by what the theorems need of it. */

import { ConfigError, expected } from "../errors.js";
import { type Count, countOf, ONE, smallerCount, ZERO } from "./count.js";
import { compactProductCount } from "./milnor-product.js";
import { algebraicSetCount } from "./oleinik-petrovskii-milnor-thom.js";
import { requireInteger } from "./requirement.js";

/** A compact set cut out by inequalities and equations. */
export interface SemialgebraicDomain {
  readonly kind: "semialgebraic";
  /** The hypothesis of every theorem on images; only `true` is accepted. */
  readonly compact: true;
  /** Degree of every inequality g ≥ 0. */
  readonly inequalityDegrees: readonly number[];
  /** Largest degree of the equations. @default 0 (there are none) */
  readonly equationDegree?: number;
  /** Its Betti numbers b_0, b_1, … where known; what is missing is bounded from the degrees. */
  readonly betti?: readonly number[];
}

/**
 * Where the inputs lie: a `ball` (any radius), a `cube`, a finite set of `points`, or a compact semialgebraic set. From
 * a ball or a cube, which are convex, a bound says what the network can create.
 */
export type Domain = "ball" | "cube" | { readonly kind: "points"; readonly count: number } | SemialgebraicDomain;

/** Throws a ConfigError that names the hypothesis when the domain does not meet it. */
export function checkDomain(domain: Domain): void {
  if (domain === "ball" || domain === "cube") return;
  if (typeof domain === "object" && domain.kind === "points") {
    requireInteger(domain.count, "domain.count", 1);
    return;
  }
  if (typeof domain !== "object" || domain.kind !== "semialgebraic") {
    throw new ConfigError(expected("ball, cube, points or semialgebraic", "domain", domain), {
      hint: "The theorems on layer images need a compact domain of one of these kinds.",
    });
  }
  if (domain.compact !== true) {
    throw new ConfigError(expected("a compact set", "domain", domain), {
      hint: "The theorems on layer images need a compact domain; intersect it with a ball (one inequality of degree 2).",
    });
  }
  for (const [i, degree] of domain.inequalityDegrees.entries()) requireInteger(degree, `inequalityDegrees[${i}]`, 1);
  requireInteger(domain.equationDegree ?? 0, "equationDegree", 0);
  for (const [i, betti] of (domain.betti ?? []).entries()) requireInteger(betti, `betti[${i}]`, 0);
  if (2 * (domain.equationDegree ?? 0) + degreeSum(domain) < 2) {
    throw new ConfigError(expected("equations or inequalities that can cut out a compact set", "domain", domain), {
      hint: "A set given by one linear inequality or by nothing is not compact.",
    });
  }
}

/** Whether the domain is known to be convex. */
export function isConvex(domain: Domain): boolean {
  return domain === "ball" || domain === "cube";
}

/** b_k of the domain, or a bound on it. */
export function domainBetti(domain: Domain, k: number, inputDimension: number): Count {
  if (isConvex(domain)) return k === 0 ? ONE : ZERO;
  if (typeof domain === "string") return ZERO;
  if (domain.kind === "points") return k === 0 ? countOf(domain.count) : ZERO;
  const known = domain.betti?.[k];
  if (known !== undefined) return countOf(known);
  if (k >= inputDimension) return ZERO;
  const equations = domain.equationDegree ?? 0;
  const product = compactProductCount(2 * equations + degreeSum(domain), inputDimension);
  const degree = Math.max(2, equations, ...domain.inequalityDegrees);
  return smallerCount(product, algebraicSetCount(degree, inputDimension + domain.inequalityDegrees.length));
}

/** A domain in words, for traces. */
export function describeDomain(domain: Domain): string {
  if (domain === "ball") return "a ball";
  if (domain === "cube") return "a cube";
  if (domain.kind === "points") return `${domain.count} points`;
  return `a compact set cut out by ${domain.inequalityDegrees.length} inequalities and equations of degree ${domain.equationDegree ?? 0}`;
}

/** Sum of the degrees of the inequalities. */
export function degreeSum(domain: SemialgebraicDomain): number {
  return domain.inequalityDegrees.reduce((sum, degree) => sum + degree, 0);
}

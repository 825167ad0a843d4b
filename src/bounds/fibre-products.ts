/**
 * Fibre products of a polynomial network: bounds B(p) on the Betti numbers of
 * W_p = {(x_0, …, x_p) : f(x_0) = … = f(x_p)}, the sets the descent of layer-image.ts sums over.
 *
 * In reduced coordinates a layer has as many variables as its rank, and a ball's linear image is a solid ellipsoid. For
 * every cut structure with blocks of length ≤ m all equations have degree ≤ E = d^m in N = (p+1) V(m) variables:
 *   A_m(p) = compact Milnor product of degree 2E + 2(p+1) in N variables,
 *   C_m(p) = Oleinik–Petrovskii–Milnor–Thom of degree max(2, E) in (p+1)(V(m)+1) variables (the ball's slack as sphere),
 * and, for quadratic layers, Q(p, q) = few quadratics on the graph form. B(p) is the least of all A_m and C_m.
 * Ranks may be overestimated: more coordinates than needed describe the same image.
 */

import { checkFields, type Known } from "../options.js";
import { type Bound, type Candidate, leastCandidate, settle } from "./bound.js";
import {
  addCounts,
  type Count,
  compareCounts,
  countOf,
  doubleOf,
  lessOne,
  ONE,
  powerOf,
  showCount,
  smallerCount,
  ZERO,
} from "./count.js";
import { type CutStructure, fewestCutVariables } from "./cut-structures.js";
import { checkDomain, type Domain, degreeSum, isConvex } from "./domain.js";
import { quadraticsCount } from "./few-quadratics.js";
import { compactProductCount } from "./milnor-product.js";
import { algebraicSetCount } from "./oleinik-petrovskii-milnor-thom.js";
import { requireInteger, requireIntegers } from "./requirement.js";

/** A polynomial network up to some layer. */
export interface PolynomialMap {
  /** Ranks r_1..r_l of the affine maps (or bounds on them); empty for the affine map of the first layer alone. */
  readonly ranks: readonly number[];
  /** Degree d ≥ 1 of the activation. */
  readonly degree: number;
  /** Number of equations "output of x_i = output of x_0", one per output coordinate. */
  readonly outputs: number;
  readonly domain: Exclude<Domain, { readonly kind: "points" }>;
  readonly inputDimension: number;
}

/** A_m(p) and C_m(p) for one cut structure. */
export interface CutEstimate {
  readonly cut: CutStructure;
  /** E = d^m. */
  readonly degree: Count;
  /** Compact Milnor product. */
  readonly product: Count;
  /** Oleinik–Petrovskii–Milnor–Thom on the slack lift. */
  readonly lift: Count;
}

/** A_m(p) and C_m(p) for the block lengths m = 1..l that save variables: of others a shorter one has the lower degree. */
export function cutEstimates(map: PolynomialMap, p: number): CutEstimate[] {
  const { ranks, domain, inputDimension } = map;
  // Only a ball keeps its shape under the first affine map; other domains keep their own coordinates.
  const variables = ranks.map((rank, i) => (i === 0 && domain !== "ball" ? inputDimension : rank));
  if (variables.length === 0) {
    return [
      cutEstimate(map, p, { blockLength: 0, variables: domain === "ball" ? map.outputs : inputDimension, cuts: [1] }),
    ];
  }
  const cuts: CutStructure[] = [];
  for (let m = 1; m <= variables.length; m++) {
    const cut = fewestCutVariables(variables, m);
    if (cut.variables < (cuts.at(-1)?.variables ?? Infinity)) cuts.push(cut);
  }
  return cuts.map((cut) => cutEstimate(map, p, cut));
}

function cutEstimate(map: PolynomialMap, p: number, cut: CutStructure): CutEstimate {
  const { domain, inputDimension } = map;
  const copies = p + 1;
  const degree = powerOf(map.degree, cut.blockLength);
  let slack = 1; // slack variables per copy
  let equations = degree; // largest degree of an equation
  let inequalities = 2; // sum of the degrees of the inequalities per copy
  let liftDegree = atLeast(degree, 2);
  if (domain === "cube") {
    slack = inputDimension;
    inequalities = 2 * inputDimension;
  } else if (domain !== "ball") {
    slack = domain.inequalityDegrees.length;
    equations = atLeast(degree, domain.equationDegree ?? 0);
    inequalities = degreeSum(domain);
    liftDegree = atLeast(equations, Math.max(2, ...domain.inequalityDegrees));
  }
  const productDegree = addCounts(doubleOf(equations), countOf(copies * inequalities));
  return {
    cut,
    degree,
    product: compactProductCount(productDegree, copies * cut.variables),
    lift: algebraicSetCount(liftDegree, copies * (cut.variables + slack)),
  };
}

/**
 * B(p): a bound on the sum of all Betti numbers of W_p (short name: wBound(r, d, p)), any field.
 * Cost O(l²) plus one power per cut structure that saves variables.
 */
export function fibreProductCandidate(map: PolynomialMap, p: number): Candidate {
  const estimates = cutEstimates(map, p);
  let best = estimates[0]!;
  for (const candidate of estimates) {
    if (compareCounts(least(candidate), least(best)) < 0) best = candidate;
  }
  const { cut } = best;
  const wins = compareCounts(best.product, best.lift) <= 0 ? "compact Milnor product" : "slack lift";
  return {
    count: least(best),
    field: "any",
    trace: [
      `W_${p}: keeping the variables of layers ${cut.cuts.join(", ")} (${cut.variables} a copy, degree ${showCount(best.degree)}): ` +
        `compact Milnor product ${showCount(best.product)}, slack lift ${showCount(best.lift)}`,
      `b(W_${p}) ≤ ${showCount(least(best))} by the ${wins}` +
        (estimates.length > 1 ? `, the least of ${estimates.length} cut structures` : ""),
    ],
  };
}

/** Q(p, q): b_q(W_p) by few quadratics, as a list of one candidate or none where that theorem does not apply. */
export function quadraticFibreCandidates(map: PolynomialMap, p: number, q: number): Candidate[] {
  const { ranks, degree, outputs, domain } = map;
  if (degree !== 2 || domain !== "ball" || ranks.length === 0) return [];
  const total = ranks.reduce((sum, rank) => sum + rank, 0);
  const inequalities = (p + 1) * (1 + 2 * (total - ranks[0]!)) + 2 * p * outputs;
  const variables = (p + 1) * total;
  if (inequalities >= variables || q >= variables) return [];
  const count = quadraticsCount(q, inequalities, variables);
  const line =
    `b_${q}(W_${p}) ≤ ${showCount(count)} by few quadratics: ` +
    `${inequalities} inequalities in ${variables} variables, over Z/2 and in characteristic 0`;
  return [{ count, field: "mod2", trace: [line] }];
}

/**
 * b_q of the fibre products of a map from a convex set by an affine map alone: they are convex. Else B(p), and Q(p, q)
 * where asked for.
 */
export function fibreCandidate(map: PolynomialMap, p: number, q: number, quadratics: boolean): Candidate {
  if (map.ranks.length === 0 && isConvex(map.domain)) {
    return {
      count: q === 0 ? ONE : ZERO,
      field: "any",
      trace: [`fibre products of an affine map of a convex set are convex`],
    };
  }
  const total = fibreProductCandidate(map, p);
  // One component at least, so b_q for q ≥ 1 is at most the total less 1.
  const candidates = [q === 0 ? total : { ...total, count: lessOne(total.count) }];
  if (quadratics) candidates.push(...quadraticFibreCandidates(map, p, q));
  return leastCandidate(candidates);
}

function least(estimate: CutEstimate): Count {
  return smallerCount(estimate.product, estimate.lift);
}

function atLeast(count: Count, integer: number): Count {
  return compareCounts(count, countOf(integer)) < 0 ? countOf(integer) : count;
}

/** B(p), the sum of all Betti numbers of W_p, with checks (short name: wBound(r, d, p)), any field. */
export function fibreProductBound(options: {
  /** p ≥ 1. */
  readonly p: number;
  /** Ranks r_1..r_l of the affine maps. */
  readonly ranks: readonly number[];
  /** Degree d ≥ 1 of the activation. */
  readonly degree: number;
  readonly inputDimension: number;
  /** @default "ball" */
  readonly domain?: PolynomialMap["domain"];
}): Bound {
  checkFields(
    options,
    { p: true, ranks: true, degree: true, inputDimension: true, domain: true } satisfies Known<typeof options>,
    "what fibreProductBound is given",
  );
  const { p, ranks, degree, inputDimension, domain = "ball" } = options;
  requireInteger(p, "p", 1);
  requireIntegers(ranks, "ranks", 1);
  requireInteger(degree, "degree", 1);
  requireInteger(inputDimension, "inputDimension", 1);
  checkDomain(domain);
  const candidate = fibreProductCandidate({ ranks, degree, outputs: ranks.at(-1)!, domain, inputDimension }, p);
  return settle({
    ...candidate,
    theorem: "fibre product of a polynomial network",
    source: "derived: cut structures, Milnor product, Oleinik–Petrovskii–Milnor–Thom",
    status: "proven here",
  });
}

/**
 * Truncations: facts that make a Betti number of a layer's image vanish or copy it, each exact over any field.
 *
 * T1 a compact subset of R^n has b_k = 0 for k ≥ n (Alexander duality).
 * T2 dim Y_l ≤ min(n_0, r_1, …, r_l): b_k = 0 above it; if the last activation is injective, also for k ≥ r_l.
 * T3 an injective activation after an affine map that is injective on the layer's input is a homeomorphism.
 * T4 one layer, convex domain, weakly monotone activation: fibres are convex, so b_k = 0 for k ≥ 1 (Vietoris–Begle).
 * T5 one layer, convex domain, even activation: b_1 = 0, and the image is a union of at most R = Σ_{i ≤ r} C(q, i)
 *    convex sets up to homeomorphism, so b_k ≤ C(R - 1, k + 1) (nerve theorem).
 * T6 fibres of at most m points: alternating terms of the descent with p ≥ m vanish; m = 1 is a homeomorphism.
 * T7 an affine map of rank 0 makes the image a point.
 */

import type { Estimate } from "./bound.js";
import { binomialOfCount, type Count, countOf, lessOne, ONE, showCount, ZERO } from "./count.js";
import type { Domain } from "./domain.js";
import { hyperplaneCellsCount } from "./hyperplane-cells.js";

/** What T1, T2 and T7 look at. */
export interface VanishingOptions {
  readonly k: number;
  /** Width n_l of the layer: the dimension of the space its image lies in. */
  readonly width: number;
  /** Ranks r_1..r_l, or bounds on them. */
  readonly ranks: readonly number[];
  readonly inputDimension: number;
  /** Whether the last activation is injective. */
  readonly injective?: boolean;
  readonly domain?: Domain;
}

/** m_l = min(n_0, r_1, …, r_l), 0 for a finite domain: the image has no more dimensions (T2). */
export function imageDimension(ranks: readonly number[], inputDimension: number, domain: Domain = "ball"): number {
  if (typeof domain === "object" && domain.kind === "points") return 0;
  return Math.min(inputDimension, ...ranks);
}

/** The estimate of T1, T2 or T7 where one of them settles b_k, else undefined. */
export function vanishingEstimate(options: VanishingOptions): Estimate | undefined {
  const { k, width, ranks, inputDimension, injective = false, domain } = options;
  const flat = ranks.indexOf(0);
  if (flat >= 0) {
    const count = k === 0 ? ONE : ZERO;
    return truncation("T7", "an affine map of rank 0", count, [
      `T7: layer ${flat + 1} has rank 0, so the image is a point`,
    ]);
  }
  if (k === 0) return undefined;
  if (k >= width) {
    return truncation("T1", "too few dimensions", ZERO, [
      `T1: a compact set in R^${width} has b_k = 0 for k ≥ ${width}`,
    ]);
  }
  const dimension = imageDimension(ranks, inputDimension, domain);
  if (k > dimension) {
    return truncation("T2", "too low a rank", ZERO, [
      `T2: the image has dimension ≤ ${dimension}, so b_k = 0 above it`,
    ]);
  }
  const rank = ranks.at(-1)!;
  if (injective && k >= rank) {
    return truncation("T2", "too low a rank", ZERO, [`T2: the image is homeomorphic to a compact set in R^${rank}`]);
  }
  return undefined;
}

/** T3: the bound of the layer before, copied. */
export function copiedEstimate(previous: Estimate, layer: number): Estimate {
  return {
    ...previous,
    theorem: `homeomorphic layer, copying: ${previous.theorem}`,
    trace: [
      ...previous.trace,
      `T3: layer ${layer} is injective and loses no rank, so it copies the bound of the layer before`,
    ],
  };
}

/** T4 for k ≥ 1. */
export function convexFibresEstimate(): Estimate {
  return truncation("T4", "convex fibres (Vietoris–Begle)", ZERO, [
    "T4: first layer, convex domain, monotone activation: the fibres are convex, so b_k = 0 for k ≥ 1",
  ]);
}

/**
 * T5 for k ≥ 1.
 * @param folded number q of units that fold
 * @param rank r_1
 */
export function evenFirstLayerEstimate(k: number, folded: number, rank: number): Estimate {
  if (k === 1) {
    return truncation("T5", "even activation on a convex domain", ZERO, [
      "T5: first layer, convex domain, even activation: the double point set is connected, so b_1 = 0",
    ]);
  }
  const pieces = hyperplaneCellsCount(folded, rank);
  return truncation("T5", "even activation on a convex domain (nerve)", nerveCount(pieces, k), [
    `T5: the image is a union of R ≤ ${showCount(pieces)} convex pieces up to homeomorphism: b_${k} ≤ C(R - 1, ${k + 1})`,
  ]);
}

/** b_k ≤ C(R - 1, k + 1) of a union of R convex sets, k ≥ 1. */
export function nerveCount(pieces: Count, k: number): Count {
  return binomialOfCount(lessOne(pieces), k + 1);
}

/**
 * T6: how many points a fibre of the network can have, counted in reduced coordinates of the first layer, or Infinity
 * where some later affine map is not known to be injective.
 * @param options.ranks known ranks r_1..r_l (bounds will not do)
 * @param options.widths widths n_1..n_l
 * @param options.folded q_1..q_l
 */
export function fibreSize(options: {
  readonly ranks: readonly number[];
  readonly widths: readonly number[];
  readonly folded: readonly number[];
}): number {
  const { ranks, widths, folded } = options;
  for (let layer = 1; layer < ranks.length; layer++) {
    if (ranks[layer] !== widths[layer - 1]) return Number.POSITIVE_INFINITY;
  }
  return 2 ** folded.reduce((sum, q) => sum + q, 0);
}

/** b_0 of an image: components can merge, never split. */
export function mergingEstimate(components: Count): Estimate {
  return {
    count: components,
    field: "any",
    theorem: "components can merge, never split",
    source: "a continuous image of a connected set is connected",
    status: "proven here",
    trace: [`b_0 of the domain: ${showCount(components)}`],
  };
}

function truncation(name: string, words: string, count: Count, trace: readonly string[]): Estimate {
  return { count, field: "any", theorem: `${words} (${name})`, source: "derived", status: "proven here", trace };
}

/** The image of a finite set is a finite set. */
export function finiteDomainEstimate(k: number, points: number): Estimate {
  return truncation("points", "finite domain", k === 0 ? countOf(points) : ZERO, [
    `${points} points have at most ${points} images`,
  ]);
}

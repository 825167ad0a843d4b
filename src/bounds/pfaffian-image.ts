/**
 * Images of a ball or a cube under tanh, logistic and arctan networks: the descent with Pfaffian fibre products.
 *
 * These activations are injective, so the fibre products of l layers are those of the affine map after l - 1 layers:
 * sets in (p+1) copies of the first layer's variables, given by equations of chain degree 1 over the chain of all units
 * of layers 1..l-1 in order (tanh: one function a unit, degree 2 (l - 1); arctan: two a unit, degree l + 1).
 */

import type { Candidate, Estimate } from "./bound.js";
import { type Count, lessOne, showCount, ZERO } from "./count.js";
import { descentSum } from "./descent.js";
import type { Refinement } from "./field.js";
import { pfaffianCount } from "./pfaffian.js";

/** A Pfaffian network up to layer l ≥ 2. */
export interface PfaffianImageOptions {
  /** Degree of homology, ≥ 1. */
  readonly k: number;
  readonly inputDimension: number;
  /** Widths n_1..n_l. */
  readonly widths: readonly number[];
  /** r_1, or a bound on it. */
  readonly firstRank: number;
  readonly chain: "tanh" | "arctan";
  readonly domain: "ball" | "cube";
  readonly refinement: Refinement;
  /** Every fibre has at most so many points (T6). */
  readonly fibreSize: number;
}

/** Bound on the sum of Betti numbers of the fibre product W_p of `layers` Pfaffian layers of `units` units in all. */
export function pfaffianFibreCandidate(
  options: Pick<PfaffianImageOptions, "chain" | "domain" | "inputDimension" | "firstRank">,
  p: number,
  layers: number,
  units: number,
): Candidate {
  const { chain, domain, inputDimension, firstRank } = options;
  const copies = p + 1;
  const variables = copies * (domain === "ball" ? firstRank : inputDimension);
  const length = copies * units * (chain === "tanh" ? 1 : 2);
  const chainDegree = chain === "tanh" ? 2 * layers : layers + 2;
  const degree = 2 + copies * (domain === "ball" ? 2 : 2 * inputDimension);
  const count = pfaffianCount(variables, length, chainDegree, degree);
  const line =
    `b(W_${p}) ≤ ${showCount(count)}: Pfaffian chain of length ${length} and degree ${chainDegree}, ` +
    `${variables} variables, product degree ${degree}`;
  return { count, field: "any", trace: [line] };
}

/** U_k of a Pfaffian network, unchecked and not written out. */
export function pfaffianImageEstimate(options: PfaffianImageOptions): Estimate {
  const { k, widths, chain, refinement } = options;
  const before = widths.slice(0, -1);
  const units = before.reduce((all, width) => all + width, 0);
  const trace: string[] = [];
  const total = (p: number): Count => {
    const candidate = pfaffianFibreCandidate(options, p, before.length, units);
    trace.push(...candidate.trace);
    return candidate.count;
  };
  const sum = descentSum(k, refinement, {
    domain: ZERO,
    higher: (p) => lessOne(total(p)),
    components: total,
    fibreSize: options.fibreSize,
  });
  return {
    count: sum.count,
    field: refinement === "alternating" ? "char0" : "any",
    theorem: "layer image (descent over a Pfaffian chain)",
    source: "derived: descent after Gabrielov, Vorobjov and Zell with Khovanskii's theorem",
    status: "proven here",
    trace: [`${widths.length} ${chain} layers of widths ${widths.join(", ")}`, ...trace, ...sum.trace],
  };
}

/**
 * Descent after Gabrielov, Vorobjov and Zell: Betti numbers of an image from those of fibre products.
 *
 * For a continuous map f of a compact definable X onto Y, b_k(Y) ≤ Σ_{p+q=k} b_q(W_p), any field, where
 * W_p = {(x_0, …, x_p) : f(x_0) = … = f(x_p)} and W_0 = X. Compactness is essential. Refined: `normalized` splits off
 * degenerate parts, so that b_0(W_k) - 1 replaces b_0(W_k) (any field); `alternating` counts alternating chains only, so
 * that half of it, rounded down, does (characteristic 0 or above k + 2). Components can merge, never split:
 * b_0(Y) ≤ b_0(X).
 */

import { addCounts, type Count, halfOf, lessOne, showCount } from "./count.js";
import type { Refinement } from "./field.js";

/** What the descent needs to know of the domain and the fibre products. */
export interface DescentTerms {
  /** b_k(X), or a bound. */
  readonly domain: Count;
  /** Bound on b_q(W_p), asked for p = 1..k-1 and q = k - p. */
  readonly higher: (p: number, q: number) => Count;
  /** Bound on b_0(W_p), asked for p = k. */
  readonly components: (p: number) => Count;
  /** Every fibre has at most so many points: alternating terms with p at or above it vanish. @default Infinity */
  readonly fibreSize?: number;
}

/** The sum of the theorem for k ≥ 1, with a line per term. */
export function descentSum(
  k: number,
  refinement: Refinement,
  terms: DescentTerms,
): { readonly count: Count; readonly trace: string[] } {
  const { fibreSize = Number.POSITIVE_INFINITY } = terms;
  const trace = [`b_${k} of the domain: ${showCount(terms.domain)}`];
  let count = terms.domain;
  // Alternating chains on p + 1 > fibreSize points vanish; other forms keep them, unless the map is injective.
  const vanish = (p: number) => p >= fibreSize && (refinement === "alternating" || fibreSize === 1);
  for (let p = 1; p < k; p++) {
    if (vanish(p)) continue;
    const term = terms.higher(p, k - p);
    trace.push(`b_${k - p}(W_${p}) ≤ ${showCount(term)}`);
    count = addCounts(count, term);
  }
  if (vanish(k)) {
    trace.push(
      `T6: fibres have at most ${fibreSize} point${fibreSize === 1 ? "" : "s"}, so terms from p = ${fibreSize} on vanish`,
    );
    return { count, trace };
  }
  const components = terms.components(k);
  const last =
    refinement === "none"
      ? components
      : refinement === "normalized"
        ? lessOne(components)
        : halfOf(lessOne(components));
  const form =
    refinement === "none" ? "" : refinement === "normalized" ? ", less 1" : ", less 1, halved and rounded down";
  trace.push(`b_0(W_${k}) ≤ ${showCount(components)}${form}: ${showCount(last)}`);
  return { count: addCounts(count, last), trace };
}

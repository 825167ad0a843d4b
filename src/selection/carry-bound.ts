/** What a width can carry at most, by the bounds of its layers. */
import { describeField } from "../bounds/format.js";
import type { LayerBound } from "../bounds/layer-bounds.js";

/** A carry bound, ready to compare and to print. */
export interface CarriedAtMost {
  readonly value: number;
  /** The value in words: "60", or "about 10^59.0". */
  readonly shown: string;
  /** The theorem it comes from and the coefficients it holds for. */
  readonly by: string;
}

/**
 * The least of the layers' bounds in degree k that exclude anything: proven inequalities over every field (what is
 * measured is over Z/p), not asymptotic or recalled ones. null when there is none.
 */
export function smallestBound(carried: readonly LayerBound[], k: number): CarriedAtMost | null {
  let least: CarriedAtMost | null = null;
  for (const { bound, k: degree } of carried) {
    if (degree !== k || bound === null || bound.field !== "any" || bound.kind !== "inequality") continue;
    if (bound.status === "recalled") continue;
    const value = bound.log10 === null ? 0 : bound.exact === undefined ? 10 ** bound.log10 : Number(bound.exact);
    const short = bound.exact !== undefined && bound.exact.length <= 9;
    const shown = bound.log10 === null ? "0" : short ? bound.exact! : `about 10^${bound.log10.toFixed(1)}`;
    if (least === null || value < least.value)
      least = { value, shown, by: `${bound.theorem}, ${describeField(bound.field)}` };
  }
  return least;
}

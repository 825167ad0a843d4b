/** What a width can carry at most, by the bounds of its layers. */
import type { LayerBound } from "../bounds/layer-bounds.js";

/**
 * The least of the layers' bounds in degree k that exclude anything: proven inequalities over every field (what is
 * measured is over Z/p), not asymptotic or recalled ones. null when there is none.
 */
export function smallestBound(carried: readonly LayerBound[], k: number): { value: number; shown: string } | null {
  let least: { value: number; shown: string } | null = null;
  for (const { bound, k: degree } of carried) {
    if (degree !== k || bound === null || bound.field !== "any" || bound.kind !== "inequality") continue;
    if (bound.status === "recalled") continue;
    const value = bound.log10 === null ? 0 : bound.exact === undefined ? 10 ** bound.log10 : Number(bound.exact);
    const short = bound.exact !== undefined && bound.exact.length <= 9;
    const shown = bound.log10 === null ? "0" : short ? bound.exact! : `about 10^${bound.log10.toFixed(1)}`;
    if (least === null || value < least.value) least = { value, shown };
  }
  return least;
}

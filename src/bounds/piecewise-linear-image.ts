/**
 * Images of convex domains under piecewise-linear networks.
 *
 * The image is a union of at most R compact convex sets, R the number of linear regions, so by the nerve theorem it has
 * the homotopy type of a complex on R vertices: b_k ≤ C(R - 1, k + 1) for k ≥ 1, b_0 = 1; any field. One layer with a
 * monotone activation has b_k = 0 for k ≥ 1 (T4), and T1, T2 apply.
 */

import { checkFields, type Known } from "../options.js";
import { where } from "../shape.js";
import { type Bound, type Estimate, settle } from "./bound.js";
import { type Count, countOf, ONE, showCount } from "./count.js";
import { requireInteger } from "./requirement.js";
import { nerveCount } from "./truncations.js";

/** b_k of a union of R compact convex sets, unchecked and not written out; k ≥ 1. */
export function piecewiseLinearEstimate(k: number, regions: Count): Estimate {
  return {
    count: k === 0 ? ONE : nerveCount(regions, k),
    field: "any",
    theorem: "piecewise-linear image (nerve of the linear regions)",
    source: "derived: nerve theorem; regions after Serra, Tjandraatmadja and Ramalingam 2018 or Montúfar 2017",
    status: "proven here",
    trace: [`the image is a union of R ≤ ${showCount(regions)} convex pieces: b_${k} ≤ C(R - 1, ${k + 1})`],
  };
}

/**
 * b_k of a connected union of `regions` compact convex sets (short name: plImage(k, R)), any field.
 * @param options.k degree of homology, ≥ 0; b_0 is 1 for the image of a convex domain
 * @param options.regions R ≥ 1
 */
export function piecewiseLinearImageBound(options: { readonly k: number; readonly regions: bigint | number }): Bound {
  checkFields(
    options,
    { k: true, regions: true } satisfies Known<typeof options>,
    "what piecewiseLinearImageBound is given",
  );
  requireInteger(options.k, "k", 0);
  where(
    "an integer of at least 0",
    (value) => (typeof value === "bigint" && value >= 0n) || (Number.isSafeInteger(value) && (value as number) >= 0),
    "Pass the number of linear regions.",
  )(options.regions, "regions");
  const regions = countOf(options.regions);
  return settle(piecewiseLinearEstimate(options.k, regions));
}

/** Zaslavsky: N hyperplanes cut R^δ into at most Σ_{j=0}^{δ} C(N, j) cells; exact for general position. */

import { checkFields, type Known } from "../options.js";
import { type Bound, settle } from "./bound.js";
import { type Count, powerOf, sumOfSeries } from "./count.js";
import { requireInteger } from "./requirement.js";

/** Σ_{j=0}^{δ} C(N, j), unchecked. O(min(δ, N)). */
export function hyperplaneCellsCount(hyperplanes: number, dimension: number): Count {
  if (dimension >= hyperplanes) return powerOf(2, hyperplanes);
  return sumOfSeries(1, dimension + 1, (j) => ({ numerator: hyperplanes - j, denominator: j + 1 }));
}

/** Largest number of cells of an arrangement of hyperplanes. Attained, so this is an equality for general position. */
export function hyperplaneCells(options: { readonly hyperplanes: number; readonly dimension: number }): Bound {
  checkFields(
    options,
    { hyperplanes: true, dimension: true } satisfies Known<typeof options>,
    "what hyperplaneCells is given",
  );
  const { hyperplanes, dimension } = options;
  requireInteger(hyperplanes, "hyperplanes", 0);
  requireInteger(dimension, "dimension", 0);
  return settle({
    count: hyperplaneCellsCount(hyperplanes, dimension),
    field: "any",
    theorem: "Zaslavsky",
    source: "Zaslavsky 1975",
    status: "proven here",
    trace: [`Σ_{j=0}^{${dimension}} C(${hyperplanes}, j)`],
  });
}

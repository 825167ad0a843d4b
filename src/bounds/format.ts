/** Bounds for people: short numbers, names of fields, table rows. Pure functions. */

import { aCount, aSize, fields, listOf, orNull, where } from "../shape.js";
import { type Bound, type BoundField, type BoundJson, boundShape } from "./bound.js";
import type { LayerBound } from "./layer-bounds.js";

/** Integers with more digits are shown by their size. */
const SHORT_DIGITS = 12;

/** A bound as a short number: "1943", or "≈ 10^64.87" from 13 digits on. */
export function formatBound(bound: Bound | BoundJson): string {
  boundShape(bound, "bound");
  const { exact } = bound;
  const log10 = bound.log10 ?? Number.NEGATIVE_INFINITY;
  if (exact !== undefined) {
    const digits = exact.toString();
    if (digits.length <= SHORT_DIGITS) return digits;
  }
  if (log10 === Number.NEGATIVE_INFINITY) return "0";
  return `≈ 10^${log10.toFixed(log10 < 100 ? 2 : 1)}`;
}

/** The coefficients a bound holds for, in words. */
export function describeField(field: BoundField): string {
  where(
    "any, char0 or mod2",
    (value) => value === "any" || value === "char0" || value === "mod2",
    "Pass bound.field.",
  )(field, "field");
  if (field === "any") return "any field";
  return field === "mod2" ? "Z/2 and characteristic 0" : "characteristic 0, or a prime above k + 2";
}

/** One row of a table of bounds; every cell is text. */
export interface BoundRow {
  readonly layer: string;
  readonly width: string;
  readonly k: string;
  /** "≤ 1943", "≤ ≈ 10^64.87", or "n/a". */
  readonly bound: string;
  readonly field: string;
  /** Theorem, or the reason why none applies. */
  readonly theorem: string;
  readonly source: string;
  /** Empty where there is no bound. */
  readonly status: string;
}

/** One row per layer and degree of homology, in the order given. */
export function boundRows(bounds: readonly LayerBound[]): BoundRow[] {
  listOf(fields({ layer: aSize, width: aSize, k: aCount, bound: orNull(boundShape) }))(bounds, "bounds");
  return bounds.map(({ layer, width, k, bound, reason }) => ({
    layer: String(layer),
    width: String(width),
    k: String(k),
    bound: bound === null ? "n/a" : `≤ ${formatBound(bound)}`,
    field: bound === null ? "" : describeField(bound.field),
    theorem: bound === null ? (reason ?? "no theorem applies") : bound.theorem,
    source: bound === null ? "" : bound.source,
    status: bound === null ? "" : bound.status,
  }));
}

/** What every theorem returns. */

import { withJson } from "../json.js";
import { aText, fields, maybe, orNull, where } from "../shape.js";
import { type Count, compareCounts, exactWithin, log10Of, showCount } from "./count.js";

/**
 * Coefficients for which a bound is proven: `any` field; `char0`: characteristic 0 (and, where {@link fieldOfModulus}
 * says so, a prime above k + 2); `mod2`: Z/2, and with it characteristic 0, but no odd prime.
 */
export type BoundField = "any" | "char0" | "mod2";

/** How far a statement can be trusted: proven in docs/bounds.md, checked in a source, or quoted from memory. */
export type BoundStatus = "proven here" | "verified" | "recalled";

/** An upper bound on one Betti number (or, where the theorem says so, on their sum), with where it comes from. */
export interface Bound {
  /** The bound as an integer; absent above the digit limit, where only `log10` is kept. */
  readonly exact?: bigint;
  /** log10 of the bound; -Infinity for 0. */
  readonly log10: number;
  /** `inequality` bounds hold as stated; `asymptotic` ones are shown apart and never enter a minimum. */
  readonly kind: "inequality" | "asymptotic";
  readonly field: BoundField;
  /** Name of the theorem that gave the value, in words. */
  readonly theorem: string;
  /** Paper or derivation. */
  readonly source: string;
  /** Whether the statement is proven here, verified in its source, or recalled; recalled ones never enter a minimum. */
  readonly status: BoundStatus;
  /** How the value came about, a line per step. */
  readonly trace: readonly string[];
}

/** A {@link Bound} in JSON: the integer as a decimal string. */
export interface BoundJson extends Omit<Bound, "exact" | "log10"> {
  readonly exact?: string;
  /** null stands for -Infinity (the bound is 0). */
  readonly log10: number | null;
}

/** A bound whose integer has not been written out yet: what theorems hand to one another inside this folder. */
export interface Estimate extends Pick<Bound, "field" | "theorem" | "source" | "status" | "trace"> {
  readonly count: Count;
}

/** One way to bound a quantity inside a theorem: its value, the field it needs, a line per step. */
export type Candidate = Pick<Estimate, "count" | "field" | "trace">;

/** The smallest of at least one candidate; the first of equals. */
export function leastCandidate(candidates: readonly Candidate[]): Candidate {
  return candidates.reduce((best, next) => (compareCounts(next.count, best.count) < 0 ? next : best));
}

/** Digits up to which the exact integer is kept. */
export const MAX_DIGITS = 100_000;

/** Writes an estimate out: the integer where it has at most `maxDigits` digits, and log10 always. */
export function settle(estimate: Estimate, maxDigits: number = MAX_DIGITS): Bound {
  const { count, field, theorem, source, status, trace } = estimate;
  const exact = exactWithin(count, maxDigits);
  return written({
    ...(exact === undefined ? {} : { exact }),
    log10: log10Of(count),
    kind: "inequality",
    field,
    theorem,
    source,
    status,
    trace: [...trace, `bound: ${showCount(count)}`],
  });
}

/** @throws ConfigError for what is neither a bound nor its JSON form */
export const boundShape = fields({
  log10: orNull(
    where("a number", (value) => typeof value === "number" && !Number.isNaN(value), "Pass what a bound has."),
  ),
  exact: maybe(
    where(
      "an integer",
      (value) => typeof value === "bigint" || (typeof value === "string" && /^\d+$/.test(value)),
      "Pass what a bound has.",
    ),
  ),
  theorem: aText,
});
const digits = where(
  "digits",
  (value) => typeof value === "string" && /^\d+$/.test(value),
  "Pass what boundToJson gives.",
);

/** The bound, which JSON.stringify writes as {@link boundToJson} does. */
function written(bound: Bound): Bound {
  return withJson(bound, function (this: Bound) {
    return boundToJson(this);
  });
}

/** The bound as JSON; `boundFromJson` reads it back. */
export function boundToJson(bound: Bound): BoundJson {
  boundShape(bound, "bound");
  const { exact, log10, ...rest } = bound;
  return {
    ...(exact === undefined ? {} : { exact: exact.toString() }),
    log10: log10 === Number.NEGATIVE_INFINITY ? null : log10,
    ...rest,
  };
}

/** Reads back what {@link boundToJson} wrote. */
export function boundFromJson(json: BoundJson): Bound {
  boundShape(json, "bound");
  maybe(digits)(json.exact, "bound.exact");
  const { exact, log10, ...rest } = json;
  return written({
    ...(exact === undefined ? {} : { exact: BigInt(exact) }),
    log10: log10 ?? Number.NEGATIVE_INFINITY,
    ...rest,
  });
}

/** Negative, zero or positive as `a` is below, equal to or above `b`: by the integers where both have them, else by log10. */
export function compareBounds(a: Bound, b: Bound): number {
  boundShape(a, "the first bound");
  boundShape(b, "the second bound");
  if (a.exact !== undefined && b.exact !== undefined) return a.exact < b.exact ? -1 : a.exact > b.exact ? 1 : 0;
  return a.log10 === b.log10 ? 0 : a.log10 - b.log10;
}

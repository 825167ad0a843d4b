/** What every theorem returns. */

/** Coefficients for which a bound is proven: every field, or characteristic 0 (and, where said, large characteristic). */
export type BoundField = "any" | "char0";

/** An upper bound on one Betti number, with where it comes from. */
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
  /** Paper or derivation, and whether it is proven here, verified in a source, or recalled. */
  readonly source: string;
  /** How the value came about, a line per step. */
  readonly trace: readonly string[];
}

/** Bounds for every layer of an architecture (filled in by the bounds room). */
import type { Bound } from "./bound.js";

/** A bound on b_k of one layer's output; `bound` is null where no theorem applies. */
export interface LayerBound {
  /** 1 for the first hidden layer. */
  readonly layer: number;
  readonly width: number;
  /** Degree of homology. */
  readonly k: number;
  readonly bound: BoundJson | null;
  /** Why no theorem applies, when `bound` is null. */
  readonly reason?: string;
}

/** A {@link Bound} in JSON: the integer as a decimal string. */
export interface BoundJson extends Omit<Bound, "exact" | "log10"> {
  readonly exact?: string;
  /** null stands for -Infinity (the bound is 0). */
  readonly log10: number | null;
}

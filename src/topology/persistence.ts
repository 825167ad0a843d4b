/** The front door to the engine. */
import type { Diagram } from "./diagram.js";
import type { Metric, PersistenceInput } from "./point-cloud.js";

/** Options of {@link persistence}. */
export interface PersistenceOptions {
  /** Highest homology dimension. @default 1 */
  readonly maxDim?: number;
  /** Longest edge kept (inclusive, after rounding to float32). @default the enclosing radius, which loses nothing */
  readonly threshold?: number;
  /** Coefficients Z/p, p a prime up to 65521. @default 2 */
  readonly modulus?: number;
  /** @default "euclidean" */
  readonly metric?: Metric;
  /** Keep intervals of length zero. @default false */
  readonly zeroLength?: boolean;
  readonly signal?: AbortSignal;
}

/** What {@link persistence} found. */
export interface PersistenceResult {
  /** Diagrams of dimension 0..maxDim, in order. */
  readonly diagrams: readonly Diagram[];
  readonly n: number;
  readonly maxDim: number;
  readonly modulus: number;
  readonly metric: Metric | "given";
  /** Longest edge kept. */
  readonly threshold: number;
  /** How distances were had: exact integers, float32 or float64 differences, or given as a matrix. */
  readonly distances: "i16" | "f32" | "f64" | "given";
}

/** Vietoris–Rips persistent homology of a point cloud or a distance matrix. */
export async function persistence(
  _input: PersistenceInput,
  _options: PersistenceOptions = {},
): Promise<PersistenceResult> {
  throw new Error("under construction");
}

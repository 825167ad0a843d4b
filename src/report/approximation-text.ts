/** What landmarks or a sparse filtration prove about all points, in words and in numbers. */
import { bettiBounds, type CountBounds, intervalCountBounds } from "../topology/landmark-bounds.js";
import type { PersistenceResult } from "../topology/persistence.js";
import { ratioCountBounds } from "../topology/sparse-rips.js";
import { shortNumber } from "./terminal.js";

/** How far the diagrams are from those of all points, and the counts that follow. */
export interface Approximation {
  /** `landmarks`: births and deaths are up to `error` too large; `sparse`: up to the factor `1 + error`. */
  readonly kind: "landmarks" | "sparse";
  /** Twice the covering radius, or epsilon. */
  readonly error: number;
  /** Intervals of all points, per dimension, longer than `error` or with death / birth above 1 + `error`. */
  readonly intervals: readonly CountJson[];
  /** Betti numbers of all points at the scale asked for, per dimension. */
  readonly betti?: { readonly scale: number; readonly bounds: readonly CountJson[] };
}

/** Bounds as JSON holds them: null where nothing is proven. */
export interface CountJson {
  readonly lower: number;
  readonly upper: number | null;
}

/**
 * What a result with landmarks proves about all points: every interval longer than twice the covering radius counts.
 * @param scale where Betti numbers are wanted
 */
export function landmarkApproximation(result: PersistenceResult, scale?: number): Approximation {
  const error = 2 * result.landmarks!.coveringRadius;
  const dimensions = result.diagrams.map(({ dimension }) => dimension);
  return {
    kind: "landmarks",
    error,
    intervals: dimensions.map((dimension) => json(intervalCountBounds(result, { dimension, longerThan: error }))),
    ...(scale === undefined
      ? {}
      : { betti: { scale, bounds: dimensions.map((dimension) => json(bettiBounds(result, { dimension, scale }))) } }),
  };
}

/** What a sparse filtration proves: intervals with death / birth above 1 + ε count, from dimension 1 on. */
export function sparseApproximation(result: PersistenceResult, epsilon: number): Approximation {
  return {
    kind: "sparse",
    error: epsilon,
    intervals: result.diagrams.map((diagram) =>
      diagram.dimension === 0
        ? { lower: diagram.births.length, upper: diagram.births.length }
        : json(ratioCountBounds(diagram, { epsilon, ratio: 1 + epsilon })),
    ),
  };
}

/** The guarantee in words, a line each. */
export function formatApproximation({ kind, error, intervals, betti }: Approximation): string {
  const counts = (bounds: readonly CountJson[], name: string, least = 0) =>
    bounds
      .slice(least)
      .map((bound, i) => `${name}${i + least} ${between(bound)}`)
      .join(", ");
  const amount = shortNumber(error);
  const lines =
    kind === "landmarks"
      ? [
          `Of all points: births and deaths are lower by at most ${amount} (twice the covering radius).`,
          `Intervals of all points longer than ${amount}: ${counts(intervals, "H")}.`,
        ]
      : [
          `Of all edges: births and deaths are lower by at most a factor ${shortNumber(1 + error)}.`,
          `Intervals of all edges with death / birth above ${shortNumber(1 + error)}: ${counts(intervals, "H", 1)}.`,
        ];
  if (betti)
    lines.push(`Betti numbers of all points at scale ${shortNumber(betti.scale)}: ${counts(betti.bounds, "b")}.`);
  return lines.join("\n");
}

/** The error as a picture takes it. */
export function errorOf({ kind, error }: Approximation): { readonly length: number; readonly factor: number } {
  return kind === "landmarks" ? { length: error, factor: 1 } : { length: 0, factor: 1 + error };
}

/** The error under a picture. */
export function errorInWords(found: Approximation | undefined): string[] {
  if (!found) return [];
  const amount = found.kind === "landmarks" ? shortNumber(found.error) : `a factor ${shortNumber(1 + found.error)}`;
  return [`off by up to ${amount} (shaded: may be no interval of all)`];
}

function json({ lower, upper }: CountBounds): CountJson {
  return { lower, upper: Number.isFinite(upper) ? upper : null };
}

function between({ lower, upper }: CountJson): string {
  if (upper === null) return lower === 0 ? "unknown" : `at least ${lower}`;
  return lower === upper ? `${lower}` : `${lower} to ${upper}`;
}

/**
 * Sparse Rips filtrations: fewer edges, intervals that are off by a factor of at most 1 + ε.
 *
 * Take the points in maxmin order, λ_p the distance of p to those before it (∞ for the first), and let η = ε / (2(1 + ε)),
 * so that 1 - 2η = 1 / (1 + ε). A point p has at scale α the weight
 *
 *     w_p(α) = 0 up to α = λ_p/η,  then (α - λ_p/η)/2 up to its end t_p = λ_p/(η(1 - 2η)),  then ηα.
 *
 * The relaxed complex R̂_α is the clique complex on the edges with d(p, q) + w_p(α) + w_q(α) ≤ α. Weights grow at most half
 * as fast as α, so it is a filtration, and 0 ≤ w_p(α) ≤ ηα gives R̂_α ⊂ R_α ⊂ R̂_{(1+ε)α} with the Rips complex R.
 *
 * The sparse complex F is the clique complex on those edges only that come in while neither end point has passed its end.
 * F_α and R̂_α have the same persistent homology. For both collapse to the clique complex Q_α of the points that have not
 * passed their end at α: take away the points that have, in the order of their ends. When p is next, its neighbours q in F_α
 * end no sooner, so the edge p q was there at t = t_p. Let p' be a point with λ_{p'} > ηt nearest to p; then
 * d(p, p') ≤ ηt = w_p(t) and w_{p'}(t) = 0, so d(p', q) + w_{p'}(t) + w_q(t) ≤ d(p, q) + w_p(t) + w_q(t) ≤ t: p' sees all
 * that p sees, itself included, and is still there. A vertex dominated by another may be taken away without changing the
 * homotopy type. The same holds in R̂_α, and Q_α ⊂ F_α ⊂ R̂_α.
 *
 * So births and deaths in F are those in R times a factor in [1, 1 + ε], and intervals without a partner, on either
 * side, have death / birth ≤ 1 + ε.
 *
 * After Sheehy, "Linear-size approximations to the Vietoris–Rips filtration" (2013), and Cavanna, Jahanseir, Sheehy, "A
 * geometric perspective on sparse filtrations" (2015). The edges are those of GUDHI's sparse Rips complex for the
 * parameter 2η = ε / (1 + ε); GUDHI also leaves out the higher simplices with a point that has passed its end, which by the
 * argument above changes no interval, and lets the complex here be the clique complex of its edges.
 */
import { ConfigError, expected } from "../errors.js";
import { listed } from "../json.js";
import { checkFields, checkKeys, type Known } from "../options.js";
import { checkCall } from "./call-options.js";
import { checkDiagram, countIntervals, type Diagram } from "./diagram.js";
import { pairwiseDistances, squareDistances } from "./distance-matrix.js";
import type { CountBounds } from "./landmark-bounds.js";
import { Rest, selectLandmarks } from "./landmarks.js";
import {
  checkMetric,
  type DistanceMatrix,
  isDistanceMatrix,
  lendInput,
  type Metric,
  ownInput,
  type PersistenceInput,
} from "./point-cloud.js";

/** Distances for `persistence`, Infinity for the pairs that never become an edge. */
export interface SparseRips extends DistanceMatrix {
  /** The n(n-1)/2 entries below the diagonal. */
  readonly distances: Float32Array;
  /** Intervals are off by at most the factor 1 + epsilon. */
  readonly epsilon: number;
  /** Number of edges left. */
  readonly edges: number;
}

/** Options of {@link sparseRips}. */
export interface SparseRipsOptions {
  /** To name it says that the input is points; see `persistence`. @default "euclidean" */
  readonly metric?: Metric | undefined;
  /** Draws the first point of the order. @default 1 */
  readonly seed?: number | undefined;
  /** Bytes of memory the engine may use. @default min(3.5 GiB, 80 % of free memory) */
  readonly memoryLimit?: number | undefined;
  /** Aborting it ends the call with a CancelledError. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds; the call then ends with a TimeoutError. */
  readonly timeout?: number | undefined;
}

const sparseKeys = {
  metric: true,
  seed: true,
  memoryLimit: true,
  signal: true,
  timeout: true,
} as const satisfies Known<SparseRipsOptions>;

/**
 * The sparse Rips filtration of a cloud, as a distance matrix that `persistence` takes.
 * Births and deaths of its diagrams are those of the full filtration times a factor between 1 and 1 + ε; intervals with
 * death / birth ≤ 1 + ε may come or go (see the head of this file). Use {@link ratioCountBounds} to turn counts into bounds.
 * Cost: O(n² d) time, 6 n² bytes; the number of edges is O(n) for a fixed ε and intrinsic dimension.
 * The distances are computed in the calling thread; a signal and a time-out are heeded before and after, while the points
 * are ordered and between rows. Typed arrays are copied before the call returns.
 * @param epsilon greater than 0
 * @throws ConfigError for another epsilon or a metric without the triangle inequality, InputError for bad data,
 *   CancelledError and TimeoutError when stopped
 */
export async function sparseRips(
  input: PersistenceInput,
  epsilon: number,
  options: SparseRipsOptions = {},
): Promise<SparseRips> {
  checkKeys(options, sparseKeys, "the options of sparseRips");
  if (!(typeof epsilon === "number" && epsilon > 0 && Number.isFinite(epsilon)))
    throw new ConfigError(expected("a number above 0", "epsilon", epsilon), { hint: "Use for instance 0.5." });
  checkCall(options);
  const { metric, seed = 1, memoryLimit, signal, timeout } = options;
  checkMetric(metric);
  const rest = new Rest(signal, timeout);
  if (metric === "sqeuclidean" || metric === "cosine")
    throw new ConfigError(expected("a metric with the triangle inequality", "metric", metric), {
      hint: "Use euclidean, manhattan or chebyshev.",
    });
  const own = ownInput(input, metric);
  const { distances, n } = isDistanceMatrix(own)
    ? squareDistances(own)
    : await pairwiseDistances(own, { metric, memoryLimit });
  await rest.taken();
  const { indices, radii } = await rest.part((left) =>
    selectLandmarks(lendInput({ distances, n }), { count: n, seed, signal, ...left }),
  );
  // Points that repeat others have λ = 0.
  const lambda = new Float64Array(n);
  indices.forEach((point, k) => {
    lambda[point] = radii[k]!;
  });
  const eta = epsilon / (2 * (1 + epsilon));
  const sparse = new Float32Array((n * (n - 1)) / 2);
  let edges = 0;
  for (let i = 1, at = 0; i < n; i++) {
    for (let j = 0; j < i; j++, at++) {
      const value = edgeScale(
        distances[i * n + j]!,
        Math.min(lambda[i]!, lambda[j]!),
        Math.max(lambda[i]!, lambda[j]!),
        eta,
      );
      sparse[at] = value;
      if (value < Infinity) edges++;
    }
    if (rest.due()) await rest.taken();
  }
  return { distances: listed(sparse), n, epsilon, edges };
}

/**
 * The least α with d + w_p(α) + w_q(α) ≤ α, or Infinity where one of the points ends before, for λ_p ≤ λ_q. While both
 * weights grow the difference of the two sides stands still, so the edge comes in before λ_q/η or not at all.
 */
function edgeScale(d: number, lambdaP: number, lambdaQ: number, eta: number): number {
  if (d * eta <= lambdaP) return d;
  if (2 * d * eta > lambdaP + lambdaQ) return Infinity;
  const scale = 2 * d - lambdaP / eta;
  return scale * eta * (1 - 2 * eta) <= lambdaP ? scale : Infinity;
}

/**
 * Bounds on the number of intervals of the full filtration with death / birth > ratio ≥ 1, from a diagram of dimension 1
 * or higher of a sparse one: partners have ratios that differ by a factor of at most 1 + ε. There is no upper bound for
 * a ratio below 1 + ε.
 * @throws ConfigError in dimension 0, where every ratio is infinite, or for a ratio below 1
 */
export function ratioCountBounds(
  diagram: Diagram,
  bounds: { readonly epsilon: number; readonly ratio: number },
): CountBounds {
  checkDiagram(diagram);
  checkFields(bounds, { epsilon: true, ratio: true }, "what is asked of ratioCountBounds");
  const { epsilon, ratio } = bounds;
  if (diagram.dimension < 1)
    throw new ConfigError(expected("dimension 1 or higher", "diagram.dimension", diagram.dimension));
  if (!(typeof ratio === "number" && ratio >= 1))
    throw new ConfigError(expected("a ratio of at least 1", "ratio", ratio), { hint: "Use for instance 1.5." });
  if (!(typeof epsilon === "number" && epsilon > 0))
    throw new ConfigError(expected("a number above 0", "epsilon", epsilon), {
      hint: "Pass the epsilon of the sparse filtration.",
    });
  const factor = 1 + epsilon;
  return {
    lower: countIntervals(diagram, (birth, death) => death / birth > ratio * factor),
    upper: ratio >= factor ? countIntervals(diagram, (birth, death) => death / birth > ratio / factor) : Infinity,
  };
}

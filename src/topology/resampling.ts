/** Lengths that intervals must exceed to be more than sampling error: subsampling and the bottleneck bootstrap. */
import { ConfigError, expected, InputError } from "../errors.js";
import { checkFields, checkKeys } from "../options.js";
import { Random } from "../random.js";
import { aCount, aFunction, maybe } from "../shape.js";
import type { BettiReading } from "./betti.js";
import { bottleneckDistance } from "./bottleneck.js";
import { checkCall } from "./call-options.js";
import { checkDiagrams, countIntervals, type Diagram } from "./diagram.js";
import { type BootstrapReadout, checkReadout, defaultDraws, type FasyReadout, formatReadout } from "./readout.js";
import { contextFields, type ReadoutContext } from "./readout-context.js";

/** What subsampling says of the distance between a sample and the set it was drawn from. */
export interface HausdorffConfidence {
  /** Points of a subsample: floor(n / ln n). */
  readonly subsampleSize: number;
  /** The (1 - alpha) quantile q of the largest distance of a point to a subsample. */
  readonly quantile: number;
  /** c = 2q: with asymptotic confidence 1 - alpha the Hausdorff distance is at most this. */
  readonly distance: number;
}

/**
 * The confidence interval [0, c] for the Hausdorff distance between a sample and the set it was drawn from, by
 * subsampling; see {@link FasyReadout}. O(B n m) for subsamples of m = floor(n / ln n) points.
 * @param distances all n² distances row by row
 * @throws ConfigError for fewer than 3 points, of which no proper subsample of that size exists, or bad options;
 *   InputError for distances that are not n²
 */
export function hausdorffConfidence(
  distances: Float32Array,
  n: number,
  options: { readonly seed: number; readonly alpha?: number; readonly subsamples?: number },
): HausdorffConfidence {
  checkFields(options, { seed: true, alpha: true, subsamples: true }, "the options of hausdorffConfidence");
  const { seed, alpha = 0.05, subsamples = defaultDraws.fasy } = options;
  checkCall({ seed });
  checkReadout({ rule: "fasy", alpha, subsamples });
  aCount(n, "n");
  if (!(distances instanceof Float32Array) || distances.length !== n * n)
    throw new InputError(expected(`a Float32Array of n² = ${n ** 2} numbers`, "distances", distances?.length), {
      hint: "Pass what pairwiseDistances gives.",
    });
  if (!(n >= 3)) throw new ConfigError(expected("at least 3 points", "n", n), { hint: "Take a larger sample." });
  const subsampleSize = Math.floor(n / Math.log(n));
  const random = new Random(seed, "fasy");
  const largest = new Float64Array(subsamples);
  const order = Uint32Array.from({ length: n }, (_, i) => i);
  const nearest = new Float32Array(n);
  for (let draw = 0; draw < subsamples; draw++) {
    nearest.fill(Infinity);
    // The first steps of Fisher and Yates' shuffle; the order left by the draw before is as good as any.
    for (let k = 0; k < subsampleSize; k++) {
      const other = k + random.integer(n - k);
      const chosen = order[other]!;
      order[other] = order[k]!;
      order[k] = chosen;
      const row = distances.subarray(chosen * n, chosen * n + n);
      for (let i = 0; i < n; i++) if (row[i]! < nearest[i]!) nearest[i] = row[i]!;
    }
    let most = 0;
    for (let i = 0; i < n; i++) if (nearest[i]! > most) most = nearest[i]!;
    largest[draw] = most;
  }
  const quantile = upperQuantile(largest, alpha);
  return { subsampleSize, quantile, distance: 2 * quantile };
}

/** The least value that at least a share 1 - alpha of all values does not exceed. */
function upperQuantile(values: Float64Array, alpha: number): number {
  // Rounded, so that a level such as 0.05 does not ask for one value more than it means.
  const needed = Math.ceil(Number(((1 - alpha) * values.length).toFixed(9)));
  return values.slice().sort()[Math.max(0, needed - 1)]!;
}

/** The least distance within which some point has all others: there the complex becomes a cone, and all that can die has died. */
function enclosingRadius(distances: Float32Array, n: number): number {
  let least = Infinity;
  for (let i = 0; i < n; i++) {
    let most = 0;
    for (let j = i * n; j < i * n + n; j++) if (distances[j]! > most) most = distances[j]!;
    if (most < least) least = most;
  }
  return least;
}

/** Reads diagrams by {@link FasyReadout}; null where the sampling error leaves no interval that could be significant. */
export function fasyReading(diagrams: readonly Diagram[], readout: FasyReadout, context: ReadoutContext): BettiReading {
  const name = formatReadout(readout);
  const { distances, n, seed } = complete(name, context);
  if (n < 3)
    return {
      readout: name,
      betti: diagrams.map(() => null),
      untested: diagrams.map(() => "too-few-points" as const),
      note: "fewer than 3 points cannot be subsampled",
    };
  const { alpha = 0.05, factor = 4, subsamples = defaultDraws.fasy } = readout;
  const { distance } = hausdorffConfidence(distances, n, { seed, alpha, subsamples });
  const length = factor * distance;
  const needed = `longer than ${factor}c = ${shown(length)}, c = ${shown(distance)}`;
  const longest = enclosingRadius(distances, n);
  if (length >= longest)
    return {
      readout: name,
      betti: diagrams.map(() => null),
      lengths: diagrams.map(() => length),
      untested: diagrams.map(() => "too-few-points" as const),
      note: `not tested: significant would be ${needed}, but no interval of these ${n} points could be longer than their enclosing radius ${shown(longest)}`,
    };
  const betti = diagrams.map((diagram) => significant(diagram, length));
  return {
    readout: name,
    betti,
    lengths: diagrams.map(() => length),
    note: [
      `significant: ${needed}`,
      ...(factor === 2 ? ["2c is proven for filtrations by radius, not for Rips by edge length"] : []),
      ...diagrams
        .filter(({ dimension }) => dimension > 0 && betti[dimension] === 0)
        .map(
          ({ dimension }) =>
            `0 significant in dimension ${dimension}: no interval of these ${n} points exceeds their sampling error`,
        ),
    ].join("; "),
  };
}

/**
 * For each dimension the (1 - alpha) quantile of the bottleneck distances between a diagram and those of resamples; see
 * {@link BootstrapReadout}. A resample with replacement has the diagrams of its distinct points (duplicates add
 * intervals of length zero only), so the distinct ones are computed. Infinity where resamples often have another number
 * of essential intervals, as a threshold below the enclosing radius can bring about.
 * @throws ConfigError for a context without distances, seed or the means to compute diagrams
 */
export function bootstrapQuantiles(
  diagrams: readonly Diagram[],
  context: ReadoutContext,
  options: { readonly alpha?: number; readonly resamples?: number } = {},
): number[] {
  checkDiagrams(diagrams);
  checkFields(context, contextFields, "the context");
  checkKeys(options, { alpha: true, resamples: true }, "the options of bootstrapQuantiles");
  const { alpha = 0.05, resamples = defaultDraws.bootstrap } = options;
  checkReadout({ rule: "bootstrap", alpha, resamples });
  const { distances, n, seed } = complete("bootstrap", context);
  const { diagramsOf } = context;
  maybe(aFunction)(diagramsOf, "diagramsOf");
  if (!diagramsOf)
    throw new ConfigError(expected("a way to compute diagrams", "the context of bootstrap", undefined), {
      hint: "Pass what readoutContext(points, { seed }) gives.",
    });
  const random = new Random(seed, "bootstrap");
  const found = diagrams.map(() => new Float64Array(resamples));
  for (let draw = 0; draw < resamples; draw++) {
    const chosen = Uint32Array.from(new Set(random.sampleWithReplacement(n, n))).sort();
    const size = chosen.length;
    const part = new Float32Array(size * size);
    for (let i = 0; i < size; i++)
      for (let j = 0; j < size; j++) part[i * size + j] = distances[chosen[i]! * n + chosen[j]!]!;
    const drawn = diagramsOf(part, size, diagrams.length - 1);
    diagrams.forEach((diagram, dimension) => {
      found[dimension]![draw] = bottleneckDistance(diagram, drawn[dimension]!);
    });
  }
  return found.map((values) => upperQuantile(values, alpha));
}

/** Reads diagrams by {@link BootstrapReadout}. */
export function bootstrapReading(
  diagrams: readonly Diagram[],
  readout: BootstrapReadout,
  context: ReadoutContext,
): BettiReading {
  const name = formatReadout(readout);
  const { n } = complete(name, context);
  const { alpha, resamples } = readout;
  const lengths = bootstrapQuantiles(diagrams, context, { alpha, resamples }).map((quantile) => 2 * quantile);
  return {
    readout: name,
    betti: diagrams.map((diagram, i) => significant(diagram, lengths[i]!)),
    lengths,
    note: `heuristic: resamples of ${n} points with replacement; not known to be consistent for Rips complexes`,
  };
}

/** Essential intervals count even where no length is short enough. */
function significant(diagram: Diagram, length: number): number {
  return countIntervals(diagram, (birth, death) => death === Infinity || death - birth > length);
}

function complete(
  name: string,
  { distances, n, seed }: ReadoutContext,
): { distances: Float32Array; n: number; seed: number } {
  const missing = [
    ...(distances === undefined || n === undefined ? ["the distances of the cloud"] : []),
    ...(seed === undefined ? ["a seed"] : []),
  ];
  checkCall({ seed });
  maybe(aCount)(n, "n");
  if (distances !== undefined && !(distances instanceof Float32Array && distances.length === (n ?? 0) ** 2))
    throw new InputError(expected("a Float32Array of n² numbers", `the distances of ${name}`, distances), {
      hint: "Pass what readoutContext(points, { seed }) gives.",
    });
  if (distances === undefined || n === undefined || seed === undefined)
    throw new ConfigError(expected(missing.join(" and "), `the context of ${name}`, undefined), {
      hint: "Pass what readoutContext(points, { seed }) gives.",
    });
  return { distances, n, seed };
}

function shown(value: number): string {
  return String(Number(value.toPrecision(4)));
}

/**
 * What the diagrams of landmarks prove about the diagrams of all points.
 *
 * Let L be landmarks of X with covering radius r, V_s and W_s the homology of their Rips complexes at edge length s, in
 * a metric (the triangle inequality is used). Inclusion gives V_s → W_s. Sending each point to a nearest landmark (a
 * landmark to itself) changes an edge length by at most 2r, so it gives W_s → V_{s+2r}. Both ways around, the composite
 * is contiguous to the inclusion: on L it is the identity, and in X a simplex σ of diameter s and its image span a
 * simplex of diameter at most s + 2r. So these maps commute with those of growing s:
 *
 *     V_s → W_s → V_{s+2r} → W_{s+2r}
 *
 * which, with V shifted by r, is an r-interleaving. By the isometry theorem the diagrams then have a matching under which
 *
 *     birth_L - 2r ≤ birth_X ≤ birth_L,  death_L - 2r ≤ death_X ≤ death_L,
 *
 * and intervals without a partner, on either side, are no longer than 2r. In particular d_B(Dgm L, Dgm X) ≤ 2r, and half
 * of it suffices once the landmarks' diagram is moved by r.
 *
 * All of it holds up to the rounding of distances to float32 (6e-8 of them).
 */
import { ConfigError, expected, InputError } from "../errors.js";
import { checkFields, isRecord, type Known, refuseUnless } from "../options.js";
import { type BettiReading, bettiNumbers } from "./betti.js";
import { sortedQuantile } from "./curves.js";
import { checkDiagrams, countIntervals, type Diagram } from "./diagram.js";
import { checkLandmarks, type LandmarkOptions, type Landmarks, Rest, takePoints } from "./landmarks.js";
import {
  checkOptions,
  type PersistenceOptions,
  type PersistenceResult,
  persistence,
  persistenceKeys,
} from "./persistence.js";
import { ownInput, type PersistenceInput } from "./point-cloud.js";
import { checkReadout, needsContext, parseReadout, type Readout } from "./readout.js";
import { readoutContext } from "./readout-context.js";

/** A number that lies between two bounds, both included; `upper` is Infinity where nothing is proven. */
export interface CountBounds {
  readonly lower: number;
  readonly upper: number;
}

/** The parts of a result that bounds are drawn from. */
export type LandmarkResult = Pick<PersistenceResult, "diagrams" | "threshold" | "enclosingRadius" | "metric"> & {
  readonly landmarks?: Pick<Landmarks, "coveringRadius">;
};

/**
 * Bounds on the number of intervals of all points that are longer than a length θ ≥ 0: an interval of the landmarks
 * longer than θ + 2r has a partner longer than θ, and one of all points longer than θ ≥ 2r has a partner longer than
 * θ - 2r. Below θ = 2r there is no upper bound. Where the filtration was cut, an interval alive at the cut is at least as
 * long as seen, and what is born later is unknown: then there is no upper bound either.
 * @param result of `persistence` with `landmarks`
 * @throws ConfigError for a result without landmarks, a metric without the triangle inequality, or a negative length
 */
export function intervalCountBounds(
  result: LandmarkResult,
  asked: { readonly dimension: number; readonly longerThan: number },
): CountBounds {
  checkFields(asked, { dimension: true, longerThan: true }, "what is asked of intervalCountBounds");
  const { dimension, longerThan } = asked;
  const { diagram, slack, cut } = checked(result, dimension);
  if (!(typeof longerThan === "number" && longerThan >= 0))
    throw new ConfigError(expected("a length of at least 0", "longerThan", longerThan), { hint: "Use 0 for all." });
  const end = cut ?? Infinity;
  return {
    lower: countIntervals(diagram, (birth, death) => Math.min(death, end) - birth > longerThan + slack),
    upper:
      cut === undefined && longerThan >= slack
        ? countIntervals(diagram, (birth, death) => death - birth > longerThan - slack)
        : Infinity,
  };
}

/**
 * Bounds on the persistent Betti number β_k(s, t) of all points: the classes of the Rips complex at scale s that still
 * live at t ≥ s, the rank of W_s → W_t; for t = s the Betti number at scale s.
 *
 * - Lower: V_s → W_s → W_t → V_{t+2r} is the map of the landmarks, whose rank counts intervals with birth ≤ s and
 *   death > t + 2r.
 * - Upper for t ≥ s + 2r: W_s → V_{s+2r} → V_t → W_t, so at most the intervals with birth ≤ s + 2r and death > t. For a
 *   smaller t there is none: classes that live shorter than 2r may be missed by any landmarks. In dimension 0 and for
 *   s ≥ r every point is joined to its landmark, V_s → W_s is onto, and the components of the landmarks at scale t are a
 *   bound for any t ≥ s.
 *
 * Where the filtration was cut before a scale that is needed, the lower bound is 0 (1 for components) and the upper
 * Infinity.
 * @param result of `persistence` with `landmarks`
 * @throws ConfigError for a result without landmarks, a metric without the triangle inequality, or scales out of order
 */
export function bettiBounds(
  result: LandmarkResult,
  asked: { readonly dimension: number; readonly scale: number; readonly until?: number },
): CountBounds {
  checkFields(asked, { dimension: true, scale: true, until: true }, "what is asked of bettiBounds");
  const { dimension, scale, until = scale } = asked;
  const { diagram, slack, cut } = checked(result, dimension);
  if (!(typeof scale === "number" && typeof until === "number" && scale >= 0 && until >= scale))
    throw new ConfigError(expected("0 ≤ scale ≤ until", "the scales", { scale, until }), {
      hint: "Leave until out for the Betti number at one scale.",
    });
  const known = (at: number) => cut === undefined || at <= cut;
  const rank = (from: number, to: number) => countIntervals(diagram, (birth, death) => birth <= from && death > to);
  const least = dimension === 0 ? 1 : 0;
  const upper =
    until >= scale + slack && known(until)
      ? rank(scale + slack, until)
      : dimension === 0 && scale >= slack / 2 && known(until)
        ? rank(scale, until)
        : Infinity;
  return { lower: known(until + slack) ? rank(scale, until + slack) : least, upper };
}

function checked(
  result: LandmarkResult,
  dimension: number,
): { diagram: Diagram; slack: number; cut: number | undefined } {
  const hint = "Pass what persistence gives.";
  if (!isRecord(result)) throw new InputError(expected("a result of persistence", "result", result), { hint });
  const { diagrams, landmarks, metric, threshold, enclosingRadius } = result;
  checkDiagrams(diagrams);
  for (const [name, got] of Object.entries({ threshold, enclosingRadius }))
    if (!(typeof got === "number" && got >= 0))
      throw new InputError(expected("a number of at least 0", `result.${name}`, got), { hint });
  if (landmarks && !(landmarks.coveringRadius >= 0))
    throw new InputError(expected("a number of at least 0", "the covering radius", landmarks.coveringRadius), { hint });
  if (!landmarks)
    throw new ConfigError(expected("a result with landmarks", "result", "one without"), {
      hint: "Call persistence with the option landmarks.",
    });
  if (metric === "sqeuclidean" || metric === "cosine")
    throw new ConfigError(expected("a metric with the triangle inequality", "metric", metric), {
      hint: "Use euclidean, manhattan or chebyshev.",
    });
  const diagram = diagrams[dimension];
  if (!diagram)
    throw new ConfigError(expected(`a dimension from 0 to ${diagrams.length - 1}`, "dimension", dimension), {
      hint: "Raise maxDim.",
    });
  // At and above the enclosing radius the complex is a cone: nothing is left to be seen.
  return { diagram, slack: 2 * landmarks.coveringRadius, cut: threshold < enclosingRadius ? threshold : undefined };
}

/** How far apart numbers lie. */
export interface Spread {
  readonly median: number;
  /** The 5 % and 95 % percentiles, interpolated. */
  readonly lower: number;
  readonly upper: number;
}

/** Betti numbers of several choices of landmarks. */
export interface LandmarkReplicates {
  readonly rule: "maxmin" | "random";
  readonly replicates: readonly {
    readonly seed: number;
    readonly coveringRadius: number;
    /** One for each readout, in their order. */
    readonly readings: readonly BettiReading[];
  }[];
  /** Of the covering radii. */
  readonly coveringRadius: Spread;
  /** For each readout, in their order: over the replicates, by dimension; null where the rule defines no number. */
  readonly betti: readonly { readonly readout: string; readonly spread: readonly (Spread | null)[] }[];
}

/** Options of {@link landmarkReplicates}: those of `persistence`, and what is repeated and read. */
export interface LandmarkReplicatesOptions extends Omit<PersistenceOptions, "landmarks"> {
  readonly landmarks: LandmarkOptions;
  /** How many. */
  readonly replicates: number;
  /** Rules by which Betti numbers are read, at least one. */
  readonly readouts: readonly (Readout | string)[];
  /** Told after each replicate how many are done. */
  readonly onReplicate?: (done: number) => void;
}

const replicatesKeys = {
  ...persistenceKeys,
  replicates: true,
  readouts: true,
  onReplicate: true,
} as const satisfies Known<LandmarkReplicatesOptions>;

/**
 * Reads Betti numbers from several independent choices of landmarks: the spread says how far the choice alone moves them
 * and the covering radius. It is no bound on the numbers of all points, which may lie outside; for one see
 * {@link bettiBounds}.
 * Typed arrays are copied before the call returns.
 * Cost: `replicates` times `persistence` of the landmarks and O(count n d) for the covering radius.
 * @param options those of `persistence`, a time-out for all replicates together; landmarks are drawn at `random` unless a
 *   rule is given, from the seeds landmarks.seed, landmarks.seed + 1, ...
 * @throws ConfigError for bad options, and what `persistence` throws
 */
export async function landmarkReplicates(
  input: PersistenceInput,
  options: LandmarkReplicatesOptions,
): Promise<LandmarkReplicates> {
  checkFields(options, replicatesKeys, "the options of landmarkReplicates");
  const { replicates: count, readouts, landmarks, timeout, onReplicate, ...rest } = options;
  if (!Number.isInteger(count) || count < 1)
    throw new ConfigError(expected("an integer of at least 1", "replicates", count), { hint: "Use for instance 20." });
  if (!Array.isArray(readouts) || readouts.length === 0)
    throw new ConfigError(expected("at least one rule", "readouts", readouts), {
      hint: 'Use for instance ["ratio>1.1"].',
    });
  const rules = readouts.map((readout) =>
    typeof readout === "string" ? parseReadout(readout) : checkReadout(readout),
  );
  if (landmarks === undefined)
    throw new ConfigError(expected("a number of landmarks", "landmarks", landmarks), {
      hint: "Pass for instance landmarks: { count: 100 }.",
    });
  checkLandmarks(landmarks);
  checkOptions(options);
  refuseUnless(onReplicate === undefined || typeof onReplicate === "function", {
    what: "a function",
    name: "onReplicate",
    got: onReplicate,
    hint: "Leave it out to hear nothing.",
  });
  const own = ownInput(input, rest.metric);
  const pause = new Rest(rest.signal, timeout);
  const { rule = "random" } = landmarks;
  const replicates: { seed: number; coveringRadius: number; readings: BettiReading[] }[] = [];
  for (let i = 0; i < count; i++) {
    await pause.taken();
    const seed = (landmarks.seed ?? 1) + i;
    const call = { ...rest, landmarks: { ...landmarks, rule, seed } };
    const result = await pause.part((left) => persistence(own, { ...call, ...left }));
    const { indices, coveringRadius } = result.landmarks!;
    const { metric, threshold, modulus, memoryLimit } = rest;
    const context = rules.some(needsContext)
      ? await readoutContext(takePoints(own, indices), {
          seed,
          // Named, for what is left of the points are points still.
          metric: metric ?? "euclidean",
          ...(threshold === undefined ? {} : { threshold }),
          ...(modulus === undefined ? {} : { modulus }),
          ...(memoryLimit === undefined ? {} : { memoryLimit }),
        })
      : {};
    replicates.push({ seed, coveringRadius, readings: rules.map((one) => bettiNumbers(result, one, context)) });
    onReplicate?.(i + 1);
  }
  const betti = replicates[0]!.readings.map(({ readout, betti: numbers }, at) => ({
    readout,
    spread: numbers.map((_, dimension) => {
      const values = replicates.map(({ readings }) => readings[at]!.betti[dimension] ?? null);
      return values.includes(null) ? null : spreadOf(values as number[]);
    }),
  }));
  return { rule, replicates, coveringRadius: spreadOf(replicates.map((one) => one.coveringRadius)), betti };
}

function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((one, other) => one - other);
  return {
    median: sortedQuantile(sorted, 0.5),
    lower: sortedQuantile(sorted, 0.05),
    upper: sortedQuantile(sorted, 0.95),
  };
}

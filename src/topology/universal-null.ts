/** The universal null distribution of ratios death / birth, the corrections for many intervals, and where it can be used. */
import { ConfigError, expected } from "../errors.js";
import { listed } from "../json.js";
import { aCount, where } from "../shape.js";
import type { BettiReading, Untested } from "./betti.js";
import { sortedQuantile } from "./curves.js";
import { checkDiagram, countIntervals, type Diagram, forEachInterval } from "./diagram.js";
import { formatReadout, type UniversalNullReadout } from "./readout.js";

/**
 * The p-value of each interval of positive length under the universal null distribution (see
 * {@link UniversalNullReadout}), in the diagram's order; 0 for an infinite ratio (essential, or born at 0).
 * With π = death / birth, A = 1 (Rips), λ Euler's constant and L̄ the mean of ln ln π over the finite ratios,
 * p = exp(-exp(A ln ln π - λ - A L̄)). NaN for a finite ratio that is alone: then L̄ is its own ln ln π, and the formula
 * would give 0.570 whatever the ratio is.
 * @throws InputError for what is no diagram, ConfigError in dimension 0, where every ratio is infinite
 */
export function universalNullPValues(diagram: Diagram): Float64Array {
  checkDiagram(diagram);
  if (diagram.dimension < 1)
    throw new ConfigError(expected("dimension 1 or higher", "diagram.dimension", diagram.dimension), {
      hint: "The null distribution is of ratios death / birth, and every component is born at 0.",
    });
  const logs = logsOfRatios(diagram);
  const mean = meanOf(logs);
  const alone = logs.filter((value) => value !== Infinity).length < 2;
  const values = logs.map((value) => {
    if (value === Infinity) return 0;
    return alone ? Number.NaN : Math.exp(-Math.exp(value - eulerGamma - mean));
  });
  return listed(Float64Array.from(values));
}

const checkLevel = (alpha: number): void =>
  where(
    "a number between 0 and 1",
    (value) => typeof value === "number" && value > 0 && value < 1,
    "Use for instance 0.05.",
  )(alpha, "alpha");

const eulerGamma = 0.5772156649015329;

/** ln ln (death / birth) of the intervals of positive length, in the diagram's order. */
function logsOfRatios(diagram: Diagram): number[] {
  const logs: number[] = [];
  forEachInterval(diagram, (birth, death) => {
    logs.push(Math.log(Math.log(death / birth)));
  });
  return logs;
}

/** L̄: the mean over the finite ratios. */
function meanOf(logs: readonly number[]): number {
  const finite = logs.filter((value) => value !== Infinity);
  return finite.reduce((sum, value) => sum + value, 0) / finite.length;
}

/**
 * The factor by which the logarithm of an interval's ratio must exceed that of the m - 1 others (their geometric mean)
 * for p < alpha / m, if only one of the m intervals is to be found: the tested interval is itself a part of L̄, so
 * (1 - 1/m) of its distance from the others remains, and with {@link universalNullPValues}
 *
 *     factor = exp( m / (m - 1) · (λ + ln ln(m / alpha)) ).
 *
 * At alpha = 0.05: infinite for one interval, 43 for two, 19.7 for three, 15.5 for four, 13.9 for five, least (12.0) for
 * twelve, 13.9 for a hundred, 17.7 for a thousand.
 */
export function factorToStandOut(intervals: number, alpha: number): number {
  aCount(intervals, "intervals");
  checkLevel(alpha);
  if (intervals < 2) return Infinity;
  return Math.exp((intervals / (intervals - 1)) * (eulerGamma + Math.log(Math.log(intervals / alpha))));
}

/** With as many intervals, the correction for their number costs as much as is taken for granted of the test. */
const reference = 100;

/**
 * The least number of intervals that are tested: from there on one interval need not stand out further
 * ({@link factorToStandOut}) than it has to among a hundred. 5 at alpha = 0.05. With fewer the test asks for more the
 * fewer there are, and of one interval it can say nothing at all.
 */
export function leastTested(alpha: number): number {
  checkLevel(alpha);
  const most = factorToStandOut(reference, alpha);
  let least = 2;
  while (factorToStandOut(least, alpha) > most) least++;
  return least;
}

/**
 * Half of the intervals must be born at no more than so many times the edge length below which nine in ten of the
 * components merge. The null distribution is of noise, and the intervals of noise are born where neighbours meet: in 40
 * samples each of a square, a cube, a sphere and Gaussian clouds in 3 and 20 dimensions, of 50, 100 and 200 points, the
 * middle birth was at most 1.6 times that length for loops, and 1.95 times for voids. A curve has no such intervals: the
 * voids that the Rips complexes of a bent circle in 20 dimensions have at great scales (2.5 to 11 times that length in
 * the same samples, the more points the higher) follow another law, and some of them would pass for significant. Voids of
 * a torus are born higher than noise, too (2.0 to 3.0): from some 200 points on they are not tested. The bound is chosen
 * by these samples, not proven.
 */
const farthest = 2.5;

/** Why a diagram cannot be tested; null where it can, also where it is empty. */
export function whyUntested(diagram: Diagram, components: Diagram | undefined, alpha: number): Untested | null {
  const births: number[] = [];
  forEachInterval(diagram, (birth, death) => {
    if (death / birth !== Infinity) births.push(birth);
  });
  if (births.length === 0) return null;
  if (births.length < leastTested(alpha)) return "too-few-intervals";
  const merges = Array.from(components?.deaths ?? []).filter((death) => death < Infinity && death > 0);
  if (merges.length === 0) return null;
  const quantile = (values: number[], share: number) => sortedQuantile(Float64Array.from(values).sort(), share);
  return quantile(births, 0.5) > farthest * quantile(merges, 0.9) ? "not-noise" : null;
}

/** Why a rule by ratios says nothing of components. */
export const noRatio = "no ratio in dimension 0: every component is born at 0";

/**
 * Counts the significant intervals of each dimension; null in a dimension that cannot be tested, see
 * {@link whyUntested}. O(m log m) for m intervals.
 */
export function universalNullReading(diagrams: readonly Diagram[], readout: UniversalNullReadout): BettiReading {
  const { alpha = 0.05, correction = "bonferroni" } = readout;
  const notes = [noRatio];
  const components = diagrams.find(({ dimension }) => dimension === 0);
  const untested = diagrams.map((diagram) =>
    diagram.dimension === 0 ? null : whyUntested(diagram, components, alpha),
  );
  const betti = diagrams.map((diagram, i) => {
    if (diagram.dimension === 0) return null;
    const infinite = countIntervals(diagram, (birth, death) => death / birth === Infinity);
    if (untested[i]) {
      notes.push(noteOf(untested[i], diagram, alpha));
      return null;
    }
    if (infinite > 0)
      notes.push(`${infinite} of dimension ${diagram.dimension} with an infinite ratio counted without a test`);
    // An infinite ratio has the p-value 0 and comes first; the tests are those after it.
    const tested = universalNullPValues(diagram).sort().subarray(infinite);
    return infinite + (correction === "bonferroni" ? bonferroni(tested, alpha) : benjaminiHochberg(tested, alpha));
  });
  return {
    readout: formatReadout(readout),
    betti,
    note: notes.join("; "),
    ...(untested.some((reason) => reason !== null) ? { untested } : {}),
  };
}

function noteOf(reason: Untested, diagram: Diagram, alpha: number): string {
  const number = countIntervals(diagram, (birth, death) => death / birth < Infinity);
  return reason === "too-few-intervals"
    ? `dimension ${diagram.dimension} not tested: ${number} ${number === 1 ? "interval" : "intervals"}, at least ${leastTested(alpha)} are needed`
    : `dimension ${diagram.dimension} not tested: most of its intervals are born far above the distances of neighbours, where the null distribution does not hold`;
}

/**
 * The ratio death / birth above which an interval of this diagram would be significant by the null distribution with
 * Bonferroni's correction, the others as they are; null where nothing can be tested.
 */
export function significantRatio(diagram: Diagram, components: Diagram | undefined, alpha: number): number | null {
  checkDiagram(diagram);
  if (components !== undefined) checkDiagram(components, "the diagram of components");
  checkLevel(alpha);
  if (diagram.dimension < 1 || whyUntested(diagram, components, alpha) !== null) return null;
  const finite = logsOfRatios(diagram).filter((value) => value !== Infinity);
  if (finite.length === 0) return null;
  return Math.exp(Math.exp(meanOf(finite) + eulerGamma + Math.log(Math.log(finite.length / alpha))));
}

/** Number of ascending p-values below alpha / m. */
function bonferroni(values: Float64Array, alpha: number): number {
  return values.filter((value) => value < alpha / values.length).length;
}

/**
 * Number of rejections of the step-up procedure of Benjamini and Hochberg ("Controlling the false discovery rate", 1995)
 * on ascending p-values: the largest i with p_i ≤ i alpha / m.
 */
function benjaminiHochberg(values: Float64Array, alpha: number): number {
  let i = values.length;
  while (i > 0 && values[i - 1]! > (i * alpha) / values.length) i--;
  return i;
}

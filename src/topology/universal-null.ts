/** The universal null distribution of ratios death / birth, and the corrections for many intervals. */
import { ConfigError, expected } from "../errors.js";
import type { BettiReading } from "./betti.js";
import { countIntervals, type Diagram, forEachInterval } from "./diagram.js";
import { formatReadout, type UniversalNullReadout } from "./readout.js";

/**
 * The p-value of each interval of positive length under the universal null distribution (see
 * {@link UniversalNullReadout}), in the diagram's order; 0 for an infinite ratio (essential, or born at 0).
 * With π = death / birth, A = 1 (Rips), λ Euler's constant and L̄ the mean of ln ln π over the finite ratios,
 * p = exp(-exp(A ln ln π - λ - A L̄)).
 * @throws ConfigError in dimension 0, where every ratio is infinite
 */
export function universalNullPValues(diagram: Diagram): Float64Array {
  if (diagram.dimension < 1)
    throw new ConfigError(expected("dimension 1 or higher", "diagram.dimension", diagram.dimension), {
      hint: "The null distribution is of ratios death / birth, and every component is born at 0.",
    });
  const logs: number[] = [];
  forEachInterval(diagram, (birth, death) => {
    logs.push(Math.log(Math.log(death / birth)));
  });
  const finite = logs.filter((value) => value !== Infinity);
  const mean = finite.reduce((sum, value) => sum + value, 0) / finite.length;
  return Float64Array.from(logs, (value) => (value === Infinity ? 0 : Math.exp(-Math.exp(value - eulerGamma - mean))));
}

const eulerGamma = 0.5772156649015329;

/** Why a rule by ratios says nothing of components. */
export const noRatio = "no ratio in dimension 0: every component is born at 0";

/** Counts the significant intervals of each dimension. O(m log m) for m intervals. */
export function universalNullReading(diagrams: readonly Diagram[], readout: UniversalNullReadout): BettiReading {
  const { alpha = 0.05, correction = "bonferroni" } = readout;
  const notes = [noRatio];
  const betti = diagrams.map((diagram) => {
    if (diagram.dimension === 0) return null;
    const infinite = countIntervals(diagram, (birth, death) => death / birth === Infinity);
    if (infinite > 0)
      notes.push(`${infinite} of dimension ${diagram.dimension} with an infinite ratio counted without a test`);
    // An infinite ratio has the p-value 0 and comes first; the tests are those after it.
    const tested = universalNullPValues(diagram).sort().subarray(infinite);
    return infinite + (correction === "bonferroni" ? bonferroni(tested, alpha) : benjaminiHochberg(tested, alpha));
  });
  return { readout: formatReadout(readout), betti, note: notes.join("; ") };
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

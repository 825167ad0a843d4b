/** Betti numbers read from diagrams by a named rule, and the whole Betti curve. */
import { ConfigError, expected } from "../errors.js";
import type { Diagram } from "./diagram.js";
import { checkReadout, formatReadout, parseReadout, type Readout } from "./readout.js";

/** What a rule reads. A {@link PersistenceResult} is one. */
export interface Diagrams {
  /** Diagrams of dimension 0, 1, ..., in order. */
  readonly diagrams: readonly Diagram[];
  /** Longest edge of the filtration; without it, the diagrams are taken to be complete. */
  readonly threshold?: number;
  /** At and above this scale the complex is a cone, whatever the threshold. */
  readonly enclosingRadius?: number;
}

/** Betti numbers and the rule that read them. */
export interface BettiReading {
  /** Name of the rule with its parameters, e.g. `ratio>1.1`. */
  readonly readout: string;
  /** Betti numbers of dimension 0, 1, ...; null where the rule defines none. */
  readonly betti: readonly (number | null)[];
  /** Why a number is null, or what else there is to know about the reading. */
  readonly note?: string;
}

/** A step function of the scale, constant on [scales[i], scales[i + 1]), 0 before scales[0]. */
export interface BettiCurve {
  readonly dimension: number;
  /** Where the curve changes, ascending. */
  readonly scales: Float32Array;
  /** Its value from there on; never the same twice in a row. */
  readonly values: Int32Array;
}

/**
 * Reads Betti numbers from diagrams by a rule, given as an object or by its name.
 *
 * Intervals of length zero never count, whether the diagram holds them or not. An essential interval (death = Infinity)
 * has an infinite ratio: `ratio` and `universal-null` count it as significant. The null distribution speaks of finite
 * intervals only, so an essential one enters neither its mean nor the number of tests; the note says how many there were.
 * Cost: O(m log m) for m intervals.
 * @throws ConfigError for an unknown rule or a parameter out of range
 */
export function bettiNumbers(result: Diagrams, rule: Readout | string): BettiReading {
  const readout = typeof rule === "string" ? parseReadout(rule) : checkReadout(rule);
  const name = formatReadout(readout);
  const { diagrams } = result;
  switch (readout.rule) {
    case "count":
      return { readout: name, betti: diagrams.map((diagram) => count(diagram, () => true)) };
    case "at-scale": {
      const { scale } = readout;
      if (result.enclosingRadius !== undefined && scale >= result.enclosingRadius)
        return { readout: name, betti: diagrams.map(({ dimension }) => (dimension === 0 ? 1 : 0)) };
      if (result.threshold !== undefined && scale > result.threshold)
        return {
          readout: name,
          betti: diagrams.map(() => null),
          note: `the filtration ends at ${result.threshold}, before this scale`,
        };
      return { readout: name, betti: diagrams.map((d) => count(d, (birth, death) => birth <= scale && scale < death)) };
    }
    case "ratio":
      return {
        readout: name,
        betti: diagrams.map((diagram) =>
          diagram.dimension === 0 ? null : count(diagram, (birth, death) => death / birth > readout.ratio),
        ),
        note: noRatio,
      };
    case "universal-null":
      return universalNull(diagrams, name, readout.alpha ?? 0.05);
    case "paper":
    case "paper-corrected":
      return paper(diagrams, readout.rule);
  }
}

const noRatio = "no ratio in dimension 0: every component is born at 0";

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

function universalNull(diagrams: readonly Diagram[], name: string, alpha: number): BettiReading {
  const notes = [noRatio];
  const betti = diagrams.map((diagram) => {
    if (diagram.dimension === 0) return null;
    const infinite = count(diagram, (birth, death) => death / birth === Infinity);
    const values = universalNullPValues(diagram);
    if (infinite > 0)
      notes.push(`${infinite} of dimension ${diagram.dimension} with an infinite ratio counted without a test`);
    // An infinite ratio has p = 0 and passes any level, so one pass counts both kinds.
    const level = alpha / Math.max(1, values.length - infinite);
    return values.reduce((sum, value) => sum + (value < level ? 1 : 0), 0);
  });
  return { readout: name, betti, note: notes.join("; ") };
}

/** Number of longest intervals that the demo code keeps. */
const kept = 1000;

/** The closed form of the demo's rule; see {@link PaperReadout}. */
function paper(diagrams: readonly Diagram[], rule: "paper" | "paper-corrected"): BettiReading {
  const intervals: { dimension: number; birth: number; death: number }[] = [];
  // The demo sees dimensions 0 and 1 only. Where lengths tie at the cut, the higher dimension stays, as GUDHI lists it first.
  for (const dimension of [1, 0]) {
    const diagram = diagrams[dimension];
    if (diagram) forEachInterval(diagram, (birth, death) => intervals.push({ dimension, birth, death }));
  }
  intervals.sort((one, other) => compareLengths(other.death - other.birth, one.death - one.birth));
  intervals.length = Math.min(intervals.length, kept);
  const loops = intervals.filter((interval) => interval.dimension === 1);
  const components = intervals.filter((interval) => interval.dimension === 0);
  const rest = diagrams.slice(2).map(() => null);
  const reading = (zero: number | null, one: number | null, note?: string): BettiReading => ({
    readout: rule,
    betti: diagrams.length > 1 ? [zero, one, ...rest] : [zero],
    ...(note === undefined ? {} : { note }),
  });
  if (loops.length === 0)
    return rule === "paper"
      ? reading(0, 0, "no loop: the demo then calls both numbers 0")
      : reading(components.length, 0, "no loop: every component counted");
  const firstLoop = loops.reduce((least, { birth }) => Math.min(least, birth), Infinity);
  const alive = components.filter(({ death }) => death >= firstLoop).length;
  if (rule === "paper-corrected") return reading(alive, loops.length);
  if (alive === components.length)
    return reading(null, null, "undefined: no component dies before the first loop is born, where the demo fails");
  return reading(loops.length + alive, loops.length);
}

/** Orders lengths that may both be infinite (whose difference is not a number). */
function compareLengths(one: number, other: number): number {
  return one === other ? 0 : one - other;
}

/**
 * The exact Betti curve r ↦ number of intervals with birth ≤ r < death, as a step function.
 * Cost: O(m log m) for m intervals.
 */
export function bettiCurve(diagram: Diagram): BettiCurve {
  const births = Float32Array.from(diagram.births).sort();
  const deaths = Float32Array.from(diagram.deaths).sort();
  const scales: number[] = [];
  const values: number[] = [];
  let value = 0;
  let born = 0;
  let dead = 0;
  while (born < births.length) {
    const scale = Math.min(births[born]!, deaths[dead]!);
    const before = value;
    for (; born < births.length && births[born] === scale; born++) value++;
    for (; dead < deaths.length && deaths[dead] === scale; dead++) value--;
    if (value !== before) {
      scales.push(scale);
      values.push(value);
    }
  }
  for (; dead < deaths.length && deaths[dead] !== Infinity; dead++) {
    value--;
    if (scales.at(-1) === deaths[dead]) values[values.length - 1] = value;
    else {
      scales.push(deaths[dead]!);
      values.push(value);
    }
  }
  return { dimension: diagram.dimension, scales: Float32Array.from(scales), values: Int32Array.from(values) };
}

function count(diagram: Diagram, holds: (birth: number, death: number) => boolean): number {
  let total = 0;
  forEachInterval(diagram, (birth, death) => {
    if (holds(birth, death)) total++;
  });
  return total;
}

/** Visits the intervals of positive length. */
function forEachInterval(diagram: Diagram, visit: (birth: number, death: number) => void): void {
  const { births, deaths } = diagram;
  for (let i = 0; i < births.length; i++) if (deaths[i]! > births[i]!) visit(births[i]!, deaths[i]!);
}

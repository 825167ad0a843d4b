/** Betti numbers read from diagrams by a named rule. */
import { ConfigError, expected, InputError } from "../errors.js";
import { checkKeys, isRecord } from "../options.js";
import { checkDiagrams, countIntervals, type Diagram, forEachInterval } from "./diagram.js";
import { paperReading } from "./paper-readout.js";
import { checkReadout, formatReadout, parseReadout, type Readout } from "./readout.js";
import { contextFields, type ReadoutContext } from "./readout-context.js";
import { bootstrapReading, fasyReading } from "./resampling.js";
import { artefactDimensions } from "./summaries.js";
import { noRatio, universalNullReading } from "./universal-null.js";

/** What a rule reads. A {@link PersistenceResult} is one. */
export interface Diagrams {
  /** Diagrams of dimension 0, 1, ..., in order. */
  readonly diagrams: readonly Diagram[];
  /** Longest edge of the filtration; without it, the diagrams are taken to be complete. */
  readonly threshold?: number;
  /** At and above this scale the complex is a cone, whatever the threshold. */
  readonly enclosingRadius?: number;
}

/**
 * Why a test says nothing.
 * - `too-few-intervals`: fewer than the test needs to find anything.
 * - `not-noise`: the intervals are not those of a sample of full dimension, and the null distribution does not hold.
 * - `too-few-points`: the sampling error exceeds the longest interval that these points could have.
 */
export type Untested = "too-few-intervals" | "not-noise" | "too-few-points";

/** Betti numbers and the rule that read them. */
export interface BettiReading {
  /** Name of the rule with its parameters, e.g. `ratio>1.1`. */
  readonly readout: string;
  /** Betti numbers of dimension 0, 1, ...; null where the rule defines none. */
  readonly betti: readonly (number | null)[];
  /** Why a number is null, or what else there is to know about the reading. */
  readonly note?: string;
  /**
   * By dimension, why a rule that tests could not: its number is null there, and that is not 0. Absent where all was
   * tested or the rule tests nothing.
   */
  readonly untested?: readonly (Untested | null)[];
  /** The length an interval had to exceed, by dimension, where the rule is of that kind; null where it defines none. */
  readonly lengths?: readonly (number | null)[];
}

/**
 * Reads Betti numbers from diagrams by a rule, given as an object or by its name.
 *
 * Intervals of length zero never count, whether the diagram holds them or not. An essential interval (death = Infinity)
 * is longer than any length and has an infinite ratio: every rule but `at-scale` and the paper's counts it. The null
 * distribution speaks of finite intervals only, so an essential one enters neither its mean nor the number of tests; the
 * note says how many there were.
 *
 * With a context that knows the number d of coordinates, the note says when classes of dimension d or above are counted,
 * which no set in R^d can have.
 *
 * The rules `relative-persistence`, `fasy` and `bootstrap` also read the cloud: give them the context that
 * {@link readoutContext} makes.
 *
 * Cost: O(m log m) for m intervals; `fasy` besides O(B n² / ln n), some 20 ms for 200 points and 0.3 s for 1000;
 * `bootstrap` B times persistence of 0.63 n points and a bottleneck distance, some 0.5 s for 200 points.
 * @throws InputError for what is no result, ConfigError for an unknown rule, a parameter out of range, or a context that lacks what the rule reads
 */
export function bettiNumbers(result: Diagrams, rule: Readout | string, context: ReadoutContext = {}): BettiReading {
  checkResult(result);
  checkKeys(context, contextFields, "the context");
  const readout = typeof rule === "string" ? parseReadout(rule) : checkReadout(rule);
  const reading = readBy(readout, result, context);
  const artefacts = artefactDimensions(result.diagrams, context.ambientDimension ?? Infinity);
  if (!artefacts.some((dimension) => reading.betti[dimension])) return reading;
  const artefact = `classes of dimension ${artefacts[0]} and above are artefacts of the sample in ${context.ambientDimension} coordinates`;
  return { ...reading, note: reading.note === undefined ? artefact : `${reading.note}; ${artefact}` };
}

/** @throws InputError for what is no result of `persistence` nor like one */
function checkResult(result: Diagrams): void {
  const hint = "Pass what persistence gives, after await, or { diagrams }.";
  if (!isRecord(result)) throw new InputError(expected("a result with diagrams", "result", result), { hint });
  checkDiagrams(result.diagrams, "result.diagrams");
  for (const name of ["threshold", "enclosingRadius"] as const)
    if (result[name] !== undefined && !(typeof result[name] === "number" && result[name] >= 0))
      throw new InputError(expected("a number of at least 0", `result.${name}`, result[name]), { hint });
}

function readBy(readout: Readout, result: Diagrams, context: ReadoutContext): BettiReading {
  const name = formatReadout(readout);
  const { diagrams } = result;
  switch (readout.rule) {
    case "count":
      return { readout: name, betti: diagrams.map((diagram) => countIntervals(diagram, () => true)) };
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
      return {
        readout: name,
        betti: diagrams.map((d) => countIntervals(d, (birth, death) => birth <= scale && scale < death)),
      };
    }
    case "ratio":
      return {
        readout: name,
        betti: diagrams.map((diagram) =>
          diagram.dimension === 0 ? null : countIntervals(diagram, (birth, death) => death / birth > readout.ratio),
        ),
        note: noRatio,
      };
    case "persistence":
      return longerThan(diagrams, name, readout.length);
    case "relative-persistence":
      return longerThan(diagrams, name, readout.fraction * diameter(context, name));
    case "largest-gap":
      return { readout: name, ...largestGap(diagrams) };
    case "single-linkage-gap":
      return {
        readout: name,
        betti: diagrams.map((d) => (d.dimension === 0 ? singleLinkageGap(d, readout.ratio ?? 2) : null)),
        note: "single linkage speaks of dimension 0 only",
      };
    case "universal-null":
      return universalNullReading(diagrams, readout);
    case "fasy":
      return fasyReading(diagrams, readout, context);
    case "bootstrap":
      return bootstrapReading(diagrams, readout, context);
    case "paper":
    case "paper-corrected":
      return paperReading(diagrams, readout.rule);
  }
}

/** Counts the intervals longer than a length. */
export function longerThan(diagrams: readonly Diagram[], name: string, length: number): BettiReading {
  return {
    readout: name,
    betti: diagrams.map((diagram) => countIntervals(diagram, (birth, death) => death - birth > length)),
    lengths: diagrams.map(() => length),
  };
}

function diameter({ distances }: ReadoutContext, name: string): number {
  if (!distances)
    throw new ConfigError(expected("the distances of the cloud", `the context of ${name}`, undefined), {
      hint: "Pass what readoutContext(points) gives.",
    });
  return distances.reduce((most, value) => Math.max(most, value), 0);
}

function largestGap(diagrams: readonly Diagram[]): { betti: number[]; lengths: (number | null)[] } {
  const cuts = diagrams.map((diagram) => {
    const lengths: number[] = [];
    forEachInterval(diagram, (birth, death) => lengths.push(death - birth));
    const finite = lengths.filter((length) => length < Infinity).sort((one, other) => other - one);
    const cut = widestGap([...finite, 0]);
    return { above: lengths.length - finite.length + (cut?.above ?? 0), below: cut?.lower ?? null };
  });
  return { betti: cuts.map(({ above }) => above), lengths: cuts.map(({ below }) => below) };
}

/** The widest gap between neighbours of descending values; the first, where several are as wide. */
function widestGap(values: readonly number[]): { above: number; upper: number; lower: number } | undefined {
  let found: { above: number; upper: number; lower: number } | undefined;
  for (let i = 1; i < values.length; i++) {
    const upper = values[i - 1]!;
    const lower = values[i]!;
    if (!found || upper - lower > found.upper - found.lower) found = { above: i, upper, lower };
  }
  return found;
}

function singleLinkageGap(diagram: Diagram, ratio: number): number {
  const heights: number[] = [];
  let infinite = 0;
  forEachInterval(diagram, (_, death) => {
    if (death === Infinity) infinite++;
    else heights.push(death);
  });
  const gap = widestGap(heights.sort((one, other) => other - one));
  return infinite + (gap && gap.upper > ratio * gap.lower ? gap.above : 0);
}

/** What the tests of significance say of a diagram, in words; and that they say nothing where they cannot. */
import type { BettiReading } from "../topology/betti.js";
import type { Diagram } from "../topology/diagram.js";
import { parseReadout } from "../topology/readout.js";
import { leastTested, significantRatio } from "../topology/universal-null.js";
import { shortNumber } from "./terminal.js";
import { count } from "./words.js";

/**
 * "1 loop, too few intervals to test against noise: it dies at 28.08 times its birth", "28 loops, none standing out from
 * noise (one would that lives to more than 3.59 times its birth)".
 * @param coordinates of the points; null where they are given by their distances
 */
export function standingInWords(
  diagrams: readonly Diagram[],
  dimension: number,
  test: BettiReading | undefined,
  coordinates: number | null = null,
): string {
  const diagram = diagrams[dimension]!;
  const { births } = diagram;
  const amount = `${count(births.length)} ${classes(dimension, births.length)}`;
  if (births.length === 0) return amount;
  if (coordinates !== null && dimension >= coordinates)
    return `${amount}, ${births.length === 1 ? "an artefact" : "all artefacts"} of the sample, for no set in ${coordinates} ${coordinates === 1 ? "dimension" : "dimensions"} has one`;
  const ratio = `${births.length === 1 ? "it" : "the one of the highest ratio"} ${livesTo(diagram)}`;
  switch (test?.untested?.[dimension]) {
    case "too-few-intervals":
      return `${amount}, too few intervals to test against noise: ${ratio}`;
    case "not-noise":
      return `${amount}, not to be tested against noise: ${ratio}`;
    default: {
      const number = test?.betti[dimension] ?? null;
      if (number === null) return `${amount}, not tested against noise: ${ratio}`;
      if (number > 0) return `${amount}, ${count(number)} standing out from noise`;
      const needed = significantRatio(diagram, diagrams[0], levelOf(test!));
      const bar = needed === null ? "" : ` (one would that lives to more than ${needed.toFixed(2)} times its birth)`;
      return `${amount}, none standing out from noise${bar}`;
    }
  }
}

function levelOf({ readout }: BettiReading): number {
  const rule = parseReadout(readout);
  return rule.rule === "universal-null" ? (rule.alpha ?? 0.05) : 0.05;
}

/** "loop", "voids", "classes of dimension 3". */
export function classes(dimension: number, number: number): string {
  const names: Record<number, readonly [string, string]> = { 1: ["loop", "loops"], 2: ["void", "voids"] };
  const [one, many] = names[dimension] ?? [`class of dimension ${dimension}`, `classes of dimension ${dimension}`];
  return number === 1 ? one : many;
}

/** "dies at 28.08 times its birth", of the interval with the highest ratio. */
function livesTo({ births, deaths }: Diagram): string {
  const highest = births.reduce((most, birth, i) => Math.max(most, deaths[i]! / birth), 1);
  return highest === Infinity ? "never ends" : `dies at ${highest.toFixed(2)} times its birth`;
}

/**
 * How far the tests carry, in sentences: the ratio that would stand out, or why there is none; and what the confidence
 * set of Fasy et al. says, where it was asked. Empty for a diagram without intervals.
 */
export function testsInWords(
  diagrams: readonly Diagram[],
  dimension: number,
  test: BettiReading | undefined,
  fasy: BettiReading | undefined,
): string {
  const diagram = diagrams[dimension]!;
  if (diagram.births.length === 0) return "";
  return [
    ...(test ? [nullInWords(diagrams, diagram, test)] : []),
    ...(fasy ? [fasyInWords(fasy, dimension)] : []),
  ].join(" ");
}

function nullInWords(diagrams: readonly Diagram[], diagram: Diagram, test: BettiReading): string {
  const alpha = levelOf(test);
  const amount = diagram.births.length;
  switch (test.untested?.[diagram.dimension]) {
    case "too-few-intervals":
      return `Too few intervals to test against noise: ${count(amount)}, where ${count(leastTested(alpha))} are needed.`;
    case "not-noise":
      return "Most are born far above the distances of neighbours, where noise is not, so the null distribution does not hold and nothing was tested; Rips complexes of a curve have such voids.";
    default: {
      const ratio = significantRatio(diagram, diagrams[0], alpha);
      return ratio === null
        ? ""
        : `At level ${alpha}, ${count(amount)} intervals taken together, a ratio above ${ratio.toFixed(2)} stands out from noise.`;
    }
  }
}

function fasyInWords(fasy: BettiReading, dimension: number): string {
  const needed = fasy.lengths?.[dimension];
  const length = needed === null || needed === undefined ? "" : ` of more than ${shortNumber(needed)}`;
  if (fasy.untested?.[dimension])
    return `Fasy et al.'s confidence set says nothing of so few points: it asks for a length${length}, and no interval here could be that long.`;
  const number = fasy.betti[dimension] ?? 0;
  return `By Fasy et al.'s confidence set, which asks for a length${length}, ${number === 0 ? "none is" : `${count(number)} ${number === 1 ? "is" : "are"}`} more than sampling error.`;
}

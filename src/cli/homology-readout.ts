/** `bettina homology --readout`: Betti numbers by a rule, beside the diagrams. */
import { standingInWords, testsInWords } from "../report/significance-text.js";
import { type BettiReading, bettiNumbers } from "../topology/betti.js";
import { takePoints } from "../topology/landmarks.js";
import type { PersistenceResult } from "../topology/persistence.js";
import { isDistanceMatrix, type PersistenceInput, toPointCloud } from "../topology/point-cloud.js";
import { needsContext, parseReadout } from "../topology/readout.js";
import { type ReadoutContext, readoutContext } from "../topology/readout-context.js";
import type { HomologyOptions } from "./homology-options.js";

/** Most points of which the sampling error is estimated unasked: it takes n² distances and a thousand subsamples. */
const mostSampled = 1000;

/** Whether the sampling error can be estimated, and soon. */
export function canBeSampled({ n }: PersistenceResult, { epsilon }: HomologyOptions): boolean {
  return epsilon === undefined && n > 1 && n <= mostSampled;
}

/** What rules read besides the diagrams, with the options of the call; of landmarks, themselves. */
export function contextOf(
  input: PersistenceInput,
  result: PersistenceResult,
  { metric = "euclidean", seed = 1, modulus, threshold, memoryLimit }: HomologyOptions,
): Promise<ReadoutContext> {
  return readoutContext(result.landmarks ? takePoints(input, result.landmarks.indices) : input, {
    seed,
    ...(isDistanceMatrix(input) ? {} : { metric }),
    ...(threshold === undefined ? {} : { threshold }),
    ...(modulus === undefined ? {} : { modulus }),
    ...(memoryLimit === undefined ? {} : { memoryLimit }),
  });
}

/**
 * Betti numbers by the rule asked for; where that is a test that cannot be made of so few intervals, by the confidence
 * set of Fasy et al. as well. None without --readout.
 * @param input absent where several are at work
 */
export async function readingsOf(
  result: PersistenceResult,
  input: PersistenceInput | undefined,
  options: HomologyOptions,
): Promise<readonly BettiReading[]> {
  if (options.readout === undefined) return [];
  const rule = parseReadout(options.readout);
  const coordinates = input && coordinatesOf(input);
  const context =
    input && needsContext(rule)
      ? await contextOf(input, result, options)
      : coordinates === undefined
        ? {}
        : { ambientDimension: coordinates };
  const reading = bettiNumbers(result, rule, context);
  if (rule.rule !== "universal-null" || !reading.untested || !input || !canBeSampled(result, options)) return [reading];
  return [reading, bettiNumbers(result, "fasy@0.05", await contextOf(input, result, options))];
}

function coordinatesOf(input: PersistenceInput): number | undefined {
  return isDistanceMatrix(input) ? undefined : toPointCloud(input).shape[1];
}

/** The readings in words: the numbers, and how far a test carries. */
export function formatReadings({ diagrams }: PersistenceResult, readings: readonly BettiReading[]): string {
  const [first] = readings;
  const test = readings.find(({ readout }) => readout.startsWith("universal-null"));
  const fasy = test && readings.find(({ readout }) => readout.startsWith("fasy"));
  const lines = readings.map(
    ({ readout, betti, untested }) =>
      `Betti numbers by ${readout}: ${betti.map((value, k) => `b${k} ${value ?? (untested?.[k] ? "not tested" : "–")}`).join(", ")}`,
  );
  const tests = test
    ? diagrams
        .slice(1)
        .filter(({ births }) => births.length > 0)
        .map(
          ({ dimension }) =>
            `  ${standingInWords(diagrams, dimension, test)}. ${testsInWords(diagrams, dimension, test, fasy)}`,
        )
    : [];
  // What the sentences do not say of a test: artefacts.
  const notes = test
    ? (first?.note ?? "").split("; ").filter((note) => note.includes("artefacts"))
    : [first?.note ?? ""];
  return [...lines, ...tests, ...notes.filter((note) => note !== "").map((note) => `  ${note}`)].join("\n");
}

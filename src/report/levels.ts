/** Medians and intervals as the report shows them, from a study's statistics. */

import { layerWidth, type SweepWidth } from "../network/architecture.js";
import type { StudyResult } from "../study/result.js";
import type { Place } from "../study/statistics.js";
import { spreadOf, summarise } from "./summary.js";
import { spreadText } from "./words.js";

/** What an interval speaks of. */
export type LevelBasis =
  /** Confidence interval of the median over independent trainings (or samples). */
  | "confidence"
  /** 5th to 95th percentile of the replicates: what was seen, no confidence. */
  | "replicates"
  /** The middle half of the classes of a single training. */
  | "classes";

/** A median and an interval around it. */
export interface Level {
  readonly median: number;
  readonly lower: number;
  readonly upper: number;
  readonly basis: LevelBasis;
}

/** What {@link levelOf} looks up; the input and the controls without a network have no activation. */
export type Where = Pick<Place, "source" | "activation" | "width" | "layer">;

/** Betti numbers of degree k by a readout at one place; null where nothing was measured or defined. */
export function levelOf(result: StudyResult, readout: string, k: number, where: Where): Level | null {
  const numbers = indexOf(result).get(keyOf(readout, k, where));
  if (!numbers || numbers.overClasses.median === null) return null;
  const { median, lower, upper, replicates, confidence } = numbers.overClasses;
  if (confidence) return { median, lower: confidence.lower, upper: confidence.upper, basis: "confidence" };
  if (replicates > 1) return { median, lower: lower!, upper: upper!, basis: "replicates" };
  const classes = spreadOf(numbers.byClass.map((one) => one.median));
  return {
    median,
    lower: classes?.lowerQuartile ?? median,
    upper: classes?.upperQuartile ?? median,
    basis: "classes",
  };
}

/**
 * The place of a source at one width and layer; what it does not have is left out. A control without a network stands
 * beside a layer at that layer's own width.
 */
export function placeAt(source: Where["source"], activation: string, width: SweepWidth, layer: number): Where {
  if (source === "input") return { source, activation: null, width: null, layer: 0 };
  if (source === "network" || source === "untrained") return { source, activation, width, layer };
  return { source, activation: null, width: layerWidth(width, layer) ?? null, layer: 0 };
}

/** The input's median as everywhere, and its range over all clouds in brackets: 14 (9–23); an en dash for none. */
export function inputText(result: StudyResult, readout: string, k: number): string {
  const level = levelOf(result, readout, k, placeAt("input", "", 0, 0));
  const range = summarise(result, readout, k).input;
  return level && range ? spreadText({ ...range, median: level.median }) : "–";
}

/** What the intervals of a study's trained networks speak of. */
export function basisOf(result: StudyResult): LevelBasis {
  const network = result.statistics.numbers.find(({ source }) => source === "network");
  if (network?.overClasses.confidence) return "confidence";
  return network && network.overClasses.replicates > 1 ? "replicates" : "classes";
}

/** What the intervals of a study are, in words that end a sentence: "in brackets ...". */
export function intervalWords(result: StudyResult): string {
  const one = result.statistics.numbers.find(({ source }) => source === "network")?.overClasses;
  switch (basisOf(result)) {
    case "confidence":
      return `the confidence interval of the median over ${one!.confidence!.units} trainings (${percentage(one!.confidence!.confidence)}, by order statistics)`;
    case "replicates":
      return `the 5th and 95th percentile of ${one!.replicates} replicates (trainings and samples), no confidence interval`;
    case "classes":
      return "the middle half of the classes in one training, no confidence interval";
  }
}

function percentage(share: number): string {
  return `${(100 * share).toFixed(share > 0.995 ? 1 : 0)} %`;
}

type Numbers = StudyResult["statistics"]["numbers"][number];

const indices = new WeakMap<StudyResult, Map<string, Numbers>>();

function indexOf(result: StudyResult): Map<string, Numbers> {
  const held = indices.get(result);
  if (held) return held;
  const index = new Map(result.statistics.numbers.map((one) => [keyOf(one.readout, one.k, one), one]));
  indices.set(result, index);
  return index;
}

function keyOf(readout: string, k: number, { source, activation, width, layer }: Where): string {
  return JSON.stringify([readout, k, source, activation, width, layer]);
}

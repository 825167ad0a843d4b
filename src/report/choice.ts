/** Which width a reader would choose, and what topology adds: the study's comparison in the report's words. */
import type { Comparison } from "../selection/comparison.js";
import type { StudyResult } from "../study/result.js";
import { widthsOf } from "./summary.js";

/** The comparison with accuracy of one activation; undefined where no network was trained. */
export function comparisonOf(result: StudyResult, activation: string): Comparison | undefined {
  return result.comparisons.find((one) => one.activation === activation);
}

/** The width whose pictures stand for an activation: accuracy's choice, else the widest trained, else the widest tried. */
export function chosenWidth(result: StudyResult, activation: string): StudyResult["config"]["widths"][number] {
  const trained = result.networks.filter((network) => network.activation === activation).map(({ width }) => width);
  const widths = widthsOf(result).filter((width) => trained.length === 0 || trained.includes(width));
  return comparisonOf(result, activation)?.byAccuracy?.width ?? widths[widths.length - 1]!;
}

/** Whether topology told more than accuracy does: yes or no, and why in a few words. */
export function addedWords(comparison: Comparison): { readonly answer: string; readonly why: string } {
  const { outcome, addedNothing, informative, byTopology, byAccuracy, tellable } = comparison;
  const readouts = [...new Set(informative.map(({ readout }) => readout))].join(", ");
  const correlation = !addedNothing
    ? `${readouts} goes with accuracy beyond every control`
    : tellable === false
      ? "too few widths to show a correlation beyond the controls"
      : "no readout goes with accuracy beyond its controls";
  switch (outcome) {
    case "none":
      return { answer: addedNothing ? "No" : "In part", why: `topology names no width; ${correlation}` };
    case "controls":
      return {
        answer: addedNothing ? "No" : "In part",
        why: `a control without training keeps as many at that width or a smaller one; ${correlation}`,
      };
    case "same":
      return { answer: addedNothing ? "No" : "In part", why: `both name width ${byTopology!.width}; ${correlation}` };
    case "wider":
    case "narrower":
      return {
        answer: addedNothing ? "Another width, unproven" : "Yes",
        why: `topology names ${byTopology!.width}, accuracy ${byAccuracy!.width}; ${correlation}`,
      };
  }
}

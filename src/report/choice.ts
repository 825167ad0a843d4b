/** Which width a reader would choose, and what topology adds: the study's comparison in the report's words. */
import { type Comparison, enoughTrainings } from "../selection/comparison.js";
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

/** Whether topology helped to choose: yes or no, and why in a few words. */
export function addedWords(comparison: Comparison): { readonly answer: string; readonly why: string } {
  const { outcome, informative, byTopology, byAccuracy, correlations, excluded, tellable } = comparison;
  const readouts = [...new Set(informative.map(({ readout }) => readout))].join(", ");
  const correlation =
    informative.length > 0
      ? `between trainings of one width ${readouts} goes with accuracy`
      : !enoughTrainings(correlations)
        ? "too few trainings of each width to correlate with accuracy"
        : tellable
          ? "no readout is shown to go with accuracy between trainings of one width"
          : "nothing can be shown between trainings of one width";
  const widths = [...new Set(excluded.flatMap((one) => one.widths))];
  const theorem =
    widths.length === 0
      ? ""
      : `a theorem excludes width${widths.length === 1 ? "" : "s"} ${widths.join(", ")} under its hypothesis; `;
  const no = widths.length > 0 ? "Yes, by theorem" : informative.length > 0 ? "In part" : "No";
  switch (outcome) {
    case "none":
      return { answer: no, why: `${theorem}the trainings name no width; ${correlation}` };
    case "controls":
      return {
        answer: no,
        why: `${theorem}a control without training keeps as many at the width named or a smaller one; ${correlation}`,
      };
    case "same":
      return { answer: no, why: `${theorem}both name width ${byTopology!.width}; ${correlation}` };
    case "wider":
    case "narrower":
      return {
        answer: widths.length > 0 ? no : "Another width, unproven",
        why: `${theorem}topology names ${byTopology!.width}, accuracy ${byAccuracy!.width}; ${correlation}`,
      };
  }
}

/** Every chart of a study. */
import type { StudyResult } from "../../study/result.js";
import { readoutsOf } from "../summary.js";
import { bettiChart } from "./betti-chart.js";
import { boundsChart } from "./bounds-chart.js";
import type { Chart } from "./chart.js";
import { accuracyChart, lossChart } from "./training-charts.js";

/** All charts of a study, in the order of the report. */
export function studyCharts(result: StudyResult): readonly Chart[] {
  return [
    ...[...new Set([result.config.decision.readout, "count"])]
      .filter((readout) => readoutsOf(result).includes(readout))
      .map((readout) => bettiChart(result, readout, 1)),
    ...(result.networks.length > 0 ? [accuracyChart(result), lossChart(result)] : []),
    ...(result.bounds.length > 0 ? [boundsChart(result)] : []),
  ];
}

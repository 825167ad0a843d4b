/** Every chart of a study. */
import type { StudyResult } from "../../study/result.js";
import { degreesOf, readoutsOf } from "../summary.js";
import { bettiChart } from "./betti-chart.js";
import { boundsChart } from "./bounds-chart.js";
import type { Chart } from "./chart.js";
import { choiceChart } from "./choice-chart.js";
import { curvesCharts } from "./curves-charts.js";
import { distanceCharts } from "./distance-charts.js";
import { layersChart } from "./layers-chart.js";
import { accuracyChart, lossChart } from "./training-charts.js";

/** All charts of a study, in the order of the report; those without data are left out. */
export function studyCharts(result: StudyResult): readonly Chart[] {
  const choice = choiceChart(result);
  const degrees = degreesOf(result);
  const layers = readoutsOf(result).includes("count") ? layersChart(result, "count") : null;
  const readouts = [...new Set([result.config.decision.readout, "count"])].filter((readout) =>
    readoutsOf(result).includes(readout),
  );
  return [
    ...(choice ? [choice] : []),
    ...degrees.flatMap((k) => readouts.map((readout) => bettiChart(result, readout, k))),
    ...(layers ? [layers] : []),
    ...curvesCharts(result),
    ...distanceCharts(result),
    ...(result.networks.length > 0 ? [accuracyChart(result), lossChart(result)] : []),
    ...(result.bounds.length > 0 ? [boundsChart(result)] : []),
  ];
}

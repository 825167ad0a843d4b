/** How far each layer's diagrams lie from those of the layer before. */
import type { StudyResult } from "../../study/result.js";
import type { DistanceStatistics } from "../../study/statistics.js";
import { ramp } from "../palette.js";
import { activationsOf, layersOf, widthsOf } from "../summary.js";
import { type Chart, type KeyEntry, type Panel, panelSize, round, sampleOf, seriesEncoding } from "./chart.js";

const meanings = {
  bottleneck: "the largest move of a best matching of the intervals",
  wasserstein: "2-Wasserstein, the root of the sum of the squared moves of a best matching of the intervals",
} as const;

/** One chart per metric, of loops: distance from the layer before against layer; empty where none were computed. */
export function distanceCharts(result: StudyResult): Chart[] {
  const { distances } = result.statistics;
  return (["bottleneck", "wasserstein"] as const).flatMap((metric) => {
    const own = distances.filter((one) => one.metric === metric && one.k === 1 && one.distance.median !== null);
    return own.length === 0 ? [] : [chart(result, metric, own)];
  });
}

function chart(result: StudyResult, metric: keyof typeof meanings, all: readonly DistanceStatistics[]): Chart {
  const widths = sampleOf(
    widthsOf(result).filter((width) => all.some((one) => one.width === width)),
    ramp.length,
  );
  const key = widths.map(
    (width, i): KeyEntry => ({ label: `width ${width}`, colour: ramp[i]!, shape: "circle", dash: [1, 0] }),
  );
  const layers = layersOf(result);
  const sources = (["network", "untrained"] as const).filter((source) => all.some((one) => one.source === source));
  const x = {
    field: "x",
    type: "quantitative",
    scale: { domain: [0.8, layers.length + 0.2], nice: false, zero: false },
    axis: {
      title: "step",
      values: layers,
      labelExpr: "datum.value == 1 ? 'input → 1' : (datum.value - 1) + ' → ' + datum.value",
      labelFlush: false,
    },
  };
  const top = Math.max(1e-6, ...all.map(({ distance }) => distance.upper!)) * 1.05;
  const y = {
    field: "y",
    type: "quantitative",
    // Most distances lie close together near 0 and a few far above: the root draws both apart.
    scale: { type: "sqrt", domain: [0, top], nice: false },
    axis: { title: "distance / median distance", values: rootTicks(top), format: "~r" },
  };
  const panels = activationsOf(result).flatMap((activation) =>
    sources.map((source): Panel => {
      const values = all
        .filter((one) => one.activation === activation && one.source === source && widths.includes(one.width!))
        .map(({ width, layer, distance }) => ({
          // Side by side, so that no bar hides another's.
          x: round(layer + (widths.indexOf(width!) - (widths.length - 1) / 2) * 0.035),
          y: round(distance.median!),
          low: round(distance.lower!),
          high: round(distance.upper!),
          series: `width ${width}`,
        }));
      return {
        ...panelSize,
        title: `${activation} · ${source === "network" ? "trained" : "untrained"}`,
        values,
        layer: [
          { mark: { type: "line", strokeWidth: 1.8 }, encoding: { x, y, ...seriesEncoding(key, ["color"]) } },
          {
            mark: { type: "rule", strokeWidth: 1.2, opacity: 0.6 },
            encoding: { x, y: { ...y, field: "low" }, y2: { field: "high" }, ...seriesEncoding(key, ["color"]) },
          },
          {
            mark: { type: "point", size: 30, filled: true, opacity: 1 },
            encoding: { x, y, ...seriesEncoding(key, ["color"]) },
          },
        ],
      };
    }),
  );
  return {
    name: `distances-${metric}`,
    title: `${metric === "bottleneck" ? "Bottleneck" : "Wasserstein"} distance from layer to layer`,
    caption:
      `Between the H1 diagrams of a layer and the layer before (the input, for layer 1), each in median distances of its ` +
      `cloud: ${meanings[metric]}. Points: median; bars: 5th to 95th percentile over ${result.config.seeds.length > 1 ? "classes, samples and trainings" : "classes and samples of one training"}. Mind the scale: it is that of the square root.`,
    key,
    columns: Math.max(2, sources.length),
    panels,
    table: {
      header: ["network", "width", "layer", "median", "5 %", "95 %", "replicates"],
      rows: all.map(({ activation, source, width, layer, distance }) => [
        `${activation ?? ""}${source === "network" ? "" : `, ${source}`}`,
        `${width}`,
        `${layer}`,
        distance.median!.toPrecision(3),
        distance.lower!.toPrecision(3),
        distance.upper!.toPrecision(3),
        `${distance.replicates}`,
      ]),
    },
  };
}

/** A handful of round numbers that a scale of roots spreads out: about squares of 0 to 5 fifths of the top's root. */
function rootTicks(top: number): number[] {
  const ticks = [0, 1, 2, 3, 4, 5].map((fifth) => {
    const value = top * (fifth / 5) ** 2;
    const unit = 10 ** Math.floor(Math.log10(value || 1));
    const step = [1, 2, 5].filter((one) => one * unit <= value * 1.0001).pop() ?? 0;
    return value === 0 ? 0 : Number((step * unit).toPrecision(2));
  });
  return [...new Set(ticks)];
}

/** How far each layer's diagrams lie from those of the layer before. */
import type { StudyResult } from "../../study/result.js";
import type { DistanceStatistics } from "../../study/statistics.js";
import { ramp } from "../palette.js";
import { activationsOf, layersOf } from "../summary.js";
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
    result.config.widths.filter((width) => all.some((one) => one.width === width)),
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
    axis: { title: "from the layer before to layer", values: layers, format: "d" },
  };
  const y = {
    field: "y",
    type: "quantitative",
    scale: { domain: [0, Math.max(1e-6, ...all.map(({ distance }) => distance.upper!))], nice: true },
    axis: { title: "distance / median distance", tickCount: 5 },
  };
  const panels = activationsOf(result).flatMap((activation) =>
    sources.map((source): Panel => {
      const values = all
        .filter((one) => one.activation === activation && one.source === source && widths.includes(one.width!))
        .map(({ width, layer, distance }) => ({
          x: layer,
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
      `cloud: ${meanings[metric]}. Points: median; bars: 5th to 95th percentile.`,
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

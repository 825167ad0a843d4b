/** Betti numbers against the layer, a line per width: trained beside untrained. */
import type { StudyResult } from "../../study/result.js";
import { levelOf, placeAt } from "../levels.js";
import { ramp } from "../palette.js";
import { activationsOf, layersOf, widthsOf } from "../summary.js";
import { subscript } from "../words.js";
import {
  type Chart,
  fileName,
  type KeyEntry,
  measuredKey,
  type Panel,
  panelSize,
  sampleOf,
  seriesEncoding,
  sourcesOf,
} from "./chart.js";

/** The count of degree 1 from the input (layer 0) through the layers; null where no network was measured. */
export function layersChart(result: StudyResult, readout: string): Chart | null {
  const sources = (["network", "untrained"] as const).filter((source) => sourcesOf(result).includes(source));
  if (sources.length === 0) return null;
  const widths = sampleOf(widthsOf(result), ramp.length);
  const key = widths.map(
    (width, i): KeyEntry => ({ label: `width ${width}`, colour: ramp[i]!, shape: "circle", dash: [1, 0] }),
  );
  const input = levelOf(result, readout, 1, placeAt("input", "", 0, 0));
  const cells = activationsOf(result).flatMap((activation) =>
    sources.map((source) => ({
      title: `${activation} · ${measuredKey[source].label}`,
      values: widths.flatMap((width) => [
        ...(input ? [{ x: 0, y: input.median, series: `width ${width}` }] : []),
        ...layersOf(result).flatMap((layer) => {
          const level = levelOf(result, readout, 1, placeAt(source, activation, width, layer));
          return level ? [{ x: layer, y: level.median, series: `width ${width}` }] : [];
        }),
      ]),
    })),
  );
  const top = Math.max(1, ...cells.flatMap(({ values }) => values.map(({ y }) => y)));
  const last = Math.max(...layersOf(result));
  const encoding = {
    x: {
      field: "x",
      type: "quantitative",
      scale: { domain: [0, last], nice: false },
      axis: {
        title: "layer",
        values: Array.from({ length: last + 1 }, (_, i) => i),
        labelExpr: "datum.value === 0 ? 'input' : format(datum.value, 'd')",
      },
    },
    y: {
      field: "y",
      type: "quantitative",
      scale: { domain: [0, top], nice: true },
      axis: { title: `b${subscript(1)}`, tickCount: 5, tickMinStep: 1 },
    },
  };
  const panels = cells.map(
    ({ title, values }): Panel => ({
      ...panelSize,
      title,
      values,
      layer: [
        { mark: { type: "line", strokeWidth: 2 }, encoding: { ...encoding, ...seriesEncoding(key, ["color"]) } },
        {
          mark: { type: "point", size: 30, filled: true, opacity: 1 },
          encoding: { ...encoding, ...seriesEncoding(key, ["color"]) },
        },
      ],
    }),
  );
  return {
    name: `layers-h1-${fileName(readout)}`,
    title: `Betti number b${subscript(1)} by ${readout}, layer by layer`,
    caption:
      "Medians over classes, samples and trainings; every line begins at the input's. What the untrained network shows as well is no effect of training." +
      (widths.length < widthsOf(result).length
        ? ` ${widths.length} of ${widthsOf(result).length} widths are drawn.`
        : ""),
    key,
    columns: sources.length,
    panels,
  };
}

/** Betti numbers against width, beside their controls and the input. */
import type { StudyResult } from "../../study/result.js";
import { type WidthLabel, widthAxis } from "../chart-style.js";
import { basisOf, intervalWords, type Level, levelOf, placeAt } from "../levels.js";
import { palette } from "../palette.js";
import { activationsOf, isTestedThroughout, layersOf, summarise, widthsOf } from "../summary.js";
import { subscript } from "../words.js";
import { type Chart, fileName, lines, measuredKey, type Panel, panelSize, seriesEncoding, sourcesOf } from "./chart.js";

/**
 * Betti numbers of one dimension by one readout against width: a panel per activation and layer, with the trained
 * network, its controls and the input's line.
 */
export function bettiChart(result: StudyResult, readout: string, dimension: number): Chart {
  const widths = widthsOf(result);
  const sources = sourcesOf(result);
  const key = sources.map((source) => measuredKey[source]);
  const inputSpread = summarise(result, readout, dimension).input;
  const input = levelOf(result, readout, dimension, placeAt("input", "", 0, 0));
  const cells = activationsOf(result).flatMap((activation) =>
    layersOf(result).map((layer) => {
      const values: Record<string, unknown>[] = widths.flatMap((width) =>
        [...sources].reverse().flatMap((source) => {
          const level =
            source === "input" ? null : levelOf(result, readout, dimension, placeAt(source, activation, width, layer));
          return level ? [point(level, width, measuredKey[source].label)] : [];
        }),
      );
      if (input && inputSpread)
        values.push({
          kind: "input",
          y: input.median,
          low: inputSpread.minimum,
          high: inputSpread.maximum,
          series: "input",
        });
      return { title: `${activation} · layer ${layer}`, values };
    }),
  );
  const flat = cells.every(({ values }) =>
    values.every(({ y, high, series }) => y === 0 && (!banded(series) || high === 0)),
  );
  const tops = cells.flatMap(({ values }) => values.map(({ series, y, high }) => Number(banded(series) ? high : y)));
  const x = widthAxis(widths);
  const y = {
    scale: { domain: [0, Math.max(1, ...tops)], nice: true },
    axis: { title: `b${subscript(dimension)}`, tickCount: 5, tickMinStep: 1 },
  };
  const panels = cells.map(
    (cell): Panel => ({
      ...panelSize,
      ...cell,
      layer: [
        {
          transform: [{ filter: { field: "kind", equal: "input" } }],
          mark: { type: "rect", color: palette.inputBand.light, opacity: 0.18 },
          encoding: { y: { field: "low", type: "quantitative", ...y }, y2: { field: "high" } },
        },
        {
          transform: [{ filter: { field: "kind", equal: "input" } }],
          mark: { type: "rule", strokeWidth: 1.5 },
          encoding: { y: { field: "y", type: "quantitative" }, ...seriesEncoding(key, ["color"]) },
        },
        {
          transform: [{ filter: { field: "series", equal: measuredKey.network.label } }],
          mark: { type: "area", color: palette.network.light, opacity: 0.16 },
          encoding: {
            x: { field: "x", ...x },
            y: { field: "low", type: "quantitative" },
            y2: { field: "high" },
          },
        },
        ...lines(key, widths, y),
      ],
    }),
  );
  const seeds =
    basisOf(result) === "classes"
      ? "median over the classes"
      : "median over the classes, then over samples and trainings";
  return {
    name: `betti-h${dimension}-${fileName(readout)}`,
    title: `Betti number b${subscript(dimension)} by ${readout} against width`,
    caption:
      `Lines: ${seeds}. Blue band: ${intervalWords(result)}. ` +
      "Grey line and band: the input's median and its range over the classes.",
    key,
    columns: layersOf(result).length,
    panels,
    ...(flat
      ? {
          instead: nothingDrawn(
            result,
            readout,
            dimension,
            cells.some(({ values }) => values.length > 0),
          ),
        }
      : {}),
  };
}

/** Why there is nothing to draw: zeros, or a test that could not be made, which is no zero. */
function nothingDrawn(result: StudyResult, readout: string, dimension: number, some: boolean): string {
  const name = `b${subscript(dimension)} by ${readout}`;
  if (!some) return `${name} could not be tested in any cloud, so there is nothing to draw: not even a 0.`;
  const tested = isTestedThroughout(result, readout, dimension);
  return `${name} is 0 ${tested ? "throughout" : "wherever it could be tested"}, so there is nothing to draw: in every cloud of the input, and in the median of every layer, width and control.${tested ? "" : " Clouds that could not be tested are left out."}`;
}

/** Whether the band around a series is drawn, which the scale then has to hold. */
function banded(series: unknown): boolean {
  return series === "input" || series === measuredKey.network.label;
}

function point({ median, lower, upper }: Level, x: WidthLabel, series: string): Record<string, unknown> {
  return { kind: "point", x, y: median, low: lower, high: upper, series };
}

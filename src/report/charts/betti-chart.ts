/** Betti numbers against width, beside their controls and the input. */
import type { StudyResult } from "../../study/result.js";
import { widthAxis } from "../chart-style.js";
import { palette } from "../palette.js";
import { activationsOf, findRow, layersOf, type Spread, summarise, widthsOf } from "../summary.js";
import { type Chart, fileName, lines, measuredKey, type Panel, panelSize, seriesEncoding } from "./chart.js";

/**
 * Betti numbers of one dimension by one readout against width: a panel per activation and layer, with the trained
 * network, its controls and the input's line.
 */
export function bettiChart(result: StudyResult, readout: string, dimension: number): Chart {
  const summary = summarise(result, readout, dimension);
  const widths = widthsOf(result);
  const tops = [summary.input?.maximum ?? 0, ...summary.rows.map((row) => row.spread?.upperQuartile ?? 0)];
  const x = widthAxis(widths);
  const y = {
    scale: { domain: [0, Math.max(1, ...tops)], nice: true },
    axis: { title: `b${dimension}`, tickCount: 5, tickMinStep: 1 },
  };
  const rows = (spread: Spread | null | undefined, width: number, series: string) =>
    spread
      ? [{ kind: "point", x: width, y: spread.median, low: spread.lowerQuartile, high: spread.upperQuartile, series }]
      : [];
  const panels = activationsOf(result).flatMap((activation) =>
    layersOf(result).map((layer): Panel => {
      const values: Record<string, unknown>[] = widths.flatMap((width) => [
        ...rows(findRow(summary, "projection", null, width, 0)?.spread, width, measuredKey[2]!.label),
        ...rows(findRow(summary, "untrained", activation, width, layer)?.spread, width, measuredKey[1]!.label),
        ...rows(findRow(summary, "network", activation, width, layer)?.spread, width, measuredKey[0]!.label),
      ]);
      const input = summary.input;
      if (input)
        values.push({ kind: "input", y: input.median, low: input.minimum, high: input.maximum, series: "input" });
      return {
        ...panelSize,
        title: `${activation} · layer ${layer}`,
        values,
        layer: [
          {
            transform: [{ filter: { field: "kind", equal: "input" } }],
            mark: { type: "rect", color: palette.inputBand.light, opacity: 0.18 },
            encoding: { y: { field: "low", type: "quantitative", ...y }, y2: { field: "high" } },
          },
          {
            transform: [{ filter: { field: "kind", equal: "input" } }],
            mark: { type: "rule", strokeWidth: 1.5 },
            encoding: { y: { field: "y", type: "quantitative" }, ...seriesEncoding(measuredKey, ["color"]) },
          },
          {
            transform: [{ filter: { field: "series", equal: measuredKey[0]!.label } }],
            mark: { type: "area", color: palette.network.light, opacity: 0.16 },
            encoding: {
              x: { field: "x", type: "quantitative", ...x },
              y: { field: "low", type: "quantitative" },
              y2: { field: "high" },
            },
          },
          ...lines(measuredKey, widths, y),
        ],
      };
    }),
  );
  return {
    name: `betti-h${dimension}-${fileName(readout)}`,
    title: `Betti number b${dimension} by ${readout} against width`,
    caption:
      "Lines: median over classes and seeds. Blue band: the middle half of the trained network's values. " +
      "Grey line and band: the input's median and its range over the classes.",
    key: measuredKey,
    columns: layersOf(result).length,
    panels,
  };
}

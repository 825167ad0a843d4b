/** Accuracy and loss. */
import type { StudyResult } from "../../study/result.js";
import { palette, ramp } from "../palette.js";
import { activationsOf, networksOf, spreadOf, widthsOf } from "../summary.js";
import { type Chart, type KeyEntry, lines, panelSize, seriesEncoding } from "./chart.js";

/** Test accuracy against width, trained and untrained, a line per activation. */
export function accuracyChart(result: StudyResult): Chart {
  const styles: readonly Omit<KeyEntry, "label">[] = [
    { colour: "network", shape: "circle", dash: [1, 0] },
    { colour: "created", shape: "diamond", dash: [6, 3] },
    { colour: "carried", shape: "triangle-up", dash: [2, 3] },
  ];
  const activations = activationsOf(result);
  const key = activations.map((label, i): KeyEntry => ({ label, ...styles[i % styles.length]! }));
  const widths = widthsOf(result);
  const values: Record<string, unknown>[] = activations.flatMap((activation) =>
    widths.flatMap((width) => {
      const spread = spreadOf(networksOf(result, activation, width).map(({ testAccuracy }) => testAccuracy));
      return spread ? [{ kind: "point", x: width, y: spread.median, series: activation }] : [];
    }),
  );
  values.push({ kind: "chance", y: 1 / result.dataset.classes, label: "chance" });
  const y = {
    scale: { domain: [0, 1] },
    axis: { title: "test accuracy", format: ".0%", values: [0, 0.25, 0.5, 0.75, 1] },
  };
  return {
    name: "accuracy",
    title: "Test accuracy against width",
    caption: "Median over seeds, measured with the same batch statistics as the Betti numbers.",
    key,
    columns: 1,
    panels: [
      {
        ...panelSize,
        title: "test accuracy",
        values,
        layer: [
          {
            transform: [{ filter: { field: "kind", equal: "chance" } }],
            mark: { type: "rule", color: palette.axis.light, strokeDash: [3, 3] },
            encoding: { y: { field: "y", type: "quantitative", ...y } },
          },
          {
            transform: [{ filter: { field: "kind", equal: "chance" } }],
            mark: { type: "text", align: "right", dy: -6, fontSize: 11, color: palette.muted.light },
            encoding: {
              x: { value: panelSize.width },
              y: { field: "y", type: "quantitative" },
              text: { field: "label" },
            },
          },
          ...lines(key, widths, y),
        ],
      },
    ],
  };
}

/** Training loss against steps: a panel per activation, a line per width (at most six widths), first seed. */
export function lossChart(result: StudyResult): Chart {
  const all = widthsOf(result);
  const widths =
    all.length <= ramp.length ? all : ramp.map((_, i) => all[Math.round((i * (all.length - 1)) / (ramp.length - 1))]!);
  const key = widths.map(
    (width, i): KeyEntry => ({ label: `${width}`, colour: ramp[i]!, shape: "stroke", dash: [1, 0] }),
  );
  const losses = result.networks.flatMap(({ losses }) => losses.map(({ loss }) => loss));
  const y = { scale: { domain: [0, Math.max(0.1, ...losses)], nice: true }, axis: { title: "loss", tickCount: 5 } };
  return {
    name: "loss",
    title: "Training loss against step",
    caption: `Loss per image on the training batches, seed ${result.config.seeds[0]}; colours are widths.`,
    key,
    columns: Math.max(1, activationsOf(result).length),
    panels: activationsOf(result).map((activation) => ({
      ...panelSize,
      title: `training loss · ${activation}`,
      values: widths.flatMap((width) =>
        (networksOf(result, activation, width)[0]?.losses ?? []).map(({ step, loss }) => ({
          kind: "point",
          x: step,
          y: loss,
          series: `${width}`,
        })),
      ),
      layer: [
        {
          mark: { type: "line", strokeWidth: 1.8, strokeJoin: "round" },
          encoding: {
            x: {
              field: "x",
              type: "quantitative",
              scale: { domain: [0, Math.max(1, result.config.training.steps)], nice: false },
              axis: { title: "training step", tickCount: 5 },
            },
            y: { field: "y", type: "quantitative", ...y },
            ...seriesEncoding(key, ["color"]),
          },
        },
      ],
    })),
  };
}

/** Accuracy and loss. */
import type { StudyResult } from "../../study/result.js";
import { widthAxis } from "../chart-style.js";
import { comparisonOf } from "../choice.js";
import { palette, ramp } from "../palette.js";
import { activationsOf, networksOf, widthsOf } from "../summary.js";
import { type Chart, type KeyEntry, lines, panelSize, round, sampleOf, seriesEncoding } from "./chart.js";

const styles: readonly Omit<KeyEntry, "label">[] = [
  { colour: "network", shape: "circle", dash: [1, 0] },
  { colour: "created", shape: "diamond", dash: [6, 3] },
  { colour: "carried", shape: "triangle-up", dash: [2, 3] },
  { colour: "projection", shape: "square", dash: [8, 3] },
];

/** Test accuracy against width, a line per activation, with its interval and the width that accuracy chooses. */
export function accuracyChart(result: StudyResult): Chart {
  const activations = activationsOf(result);
  const key = activations.map((label, i): KeyEntry => ({ label, ...styles[i % styles.length]! }));
  const widths = widthsOf(result);
  const several = result.config.seeds.length > 1;
  const values: Record<string, unknown>[] = result.statistics.accuracies.flatMap(({ activation, width, test }) =>
    test.median === null
      ? []
      : [
          {
            kind: "point",
            x: width,
            y: round(test.median),
            ...(several ? { low: round(test.lower!), high: round(test.upper!) } : {}),
            series: activation,
          },
        ],
  );
  for (const activation of activations) {
    const choice = comparisonOf(result, activation)?.byAccuracy;
    if (choice) values.push({ kind: "choice", x: choice.width, y: round(choice.testAccuracy) });
  }
  values.push({ kind: "chance", y: round(1 / result.dataset.classes), label: "chance" });
  const y = {
    scale: { domain: [0, 1] },
    axis: { title: "test accuracy", format: ".0%", values: [0, 0.25, 0.5, 0.75, 1] },
  };
  const x = { field: "x", ...widthAxis(widths) };
  return {
    name: "accuracy",
    title: "Test accuracy against width",
    caption:
      `Median over seeds, measured with the same batch statistics as the Betti numbers.${several ? " Bands: 5th to 95th percentile of the trainings." : ""}` +
      " Ringed: the smallest width within one point of the best accuracy.",
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
          ...(several
            ? key.map(({ label, colour }) => ({
                transform: [{ filter: { field: "series", equal: label } }],
                mark: { type: "area", color: palette[colour].light, opacity: 0.16 },
                encoding: { x, y: { field: "low", type: "quantitative", ...y }, y2: { field: "high" } },
              }))
            : []),
          ...lines(key, widths, y),
          {
            transform: [{ filter: { field: "kind", equal: "choice" } }],
            mark: {
              type: "point",
              shape: "circle",
              filled: false,
              size: 170,
              strokeWidth: 1.5,
              color: palette.ink.light,
            },
            encoding: { x, y: { field: "y", type: "quantitative", ...y } },
          },
        ],
      },
    ],
  };
}

/** Training loss against steps: a panel per activation, a line per width (at most six widths), first seed. */
export function lossChart(result: StudyResult): Chart {
  const all = widthsOf(result);
  const widths = sampleOf(all, ramp.length);
  const key = widths.map(
    (width, i): KeyEntry => ({ label: `width ${width}`, colour: ramp[i]!, shape: "stroke", dash: [1, 0] }),
  );
  const drawn = activationsOf(result).map((activation) => ({
    activation,
    networks: widths.flatMap((width) => networksOf(result, activation, width).slice(0, 1)),
  }));
  const losses = drawn.flatMap(({ networks }) => networks.flatMap((network) => network.losses.map(({ loss }) => loss)));
  const y = { scale: { domain: [0, Math.max(0.1, ...losses)], nice: true }, axis: { title: "loss", tickCount: 5 } };
  return {
    name: "loss",
    title: "Training loss against step",
    caption:
      `Loss per image on the training batches, seed ${result.config.seeds[0]}.` +
      (widths.length < all.length ? ` ${widths.length} of ${all.length} widths are drawn.` : ""),
    key,
    columns: Math.max(1, drawn.length),
    panels: drawn.map(({ activation, networks }) => ({
      ...panelSize,
      title: `training loss · ${activation}`,
      values: networks.flatMap(({ width, losses }) =>
        losses.map(({ step, loss }) => ({ kind: "point", x: step, y: round(loss), series: `width ${width}` })),
      ),
      layer: [
        {
          mark: { type: "line", strokeWidth: 1.8, strokeJoin: "round" },
          encoding: {
            x: {
              field: "x",
              type: "quantitative",
              scale: { domain: [0, Math.max(1, result.config.training.steps)], nice: false },
              axis: { title: "training step", tickCount: 5, format: "~s" },
            },
            y: { field: "y", type: "quantitative", ...y },
            ...seriesEncoding(key, ["color"]),
          },
        },
      ],
    })),
    table: {
      header: ["network", "steps", "loss at the start", "after a quarter", "after half", "at the end"],
      rows: drawn.flatMap(({ networks }) =>
        networks
          .filter(({ losses }) => losses.length > 0)
          .map(({ id, steps, losses }) => [
            id,
            `${steps}`,
            ...[0, 0.25, 0.5, 1].map((share) => losses[Math.round(share * (losses.length - 1))]!.loss.toPrecision(3)),
          ]),
      ),
    },
  };
}

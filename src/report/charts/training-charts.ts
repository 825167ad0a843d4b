/** Accuracy and loss. */
import type { NetworkRecord, StudyResult } from "../../study/result.js";
import { type ChartSpec, widthAxis } from "../chart-style.js";
import { comparisonOf } from "../choice.js";
import { palette, ramp } from "../palette.js";
import { activationsOf, networksOf, widthsOf } from "../summary.js";
import { percent } from "../words.js";
import { type Chart, type KeyEntry, lines, type Panel, panelSize, round, sampleOf, seriesEncoding } from "./chart.js";

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
      `${several ? "Median over seeds" : "One training of each width"}, measured with the same batch statistics as the Betti numbers.${several ? " Bands: 5th to 95th percentile of the trainings." : ""}` +
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

/**
 * Training against steps, a line per width (at most six widths), first seed. Two panels per activation: the loss, on the
 * training batches and, where it was taken, on the images held back; and the accuracy on the images held back.
 */
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
  const networks = drawn.flatMap((one) => one.networks);
  const validated = networks.some(({ validations }) => validations.length > 0);
  const most = (of: (network: NetworkRecord) => readonly { readonly loss: number }[]) =>
    Math.max(0.1, ...networks.flatMap((network) => of(network).map((one) => one.loss)));
  const trained = most(({ losses }) => losses);
  // A validation that diverges would press all else to the floor.
  const top = validated
    ? Math.max(
        trained,
        Math.min(
          1.5 * trained,
          most(({ validations }) => validations),
        ),
      )
    : trained;
  const loss = { scale: { domain: [0, top], nice: true }, axis: { title: "loss", tickCount: 5 } };
  const accuracy = {
    scale: { domain: [0, 1] },
    axis: { title: "accuracy, held back", format: ".0%", values: [0, 0.25, 0.5, 0.75, 1] },
  };
  const panels = drawn.flatMap(({ activation, networks: own }): Panel[] => {
    const rows = (kind: string, of: (network: NetworkRecord) => readonly { step: number; y: number }[]) =>
      own.flatMap((network) =>
        of(network).map(({ step, y }) => ({ kind, x: step, y: round(y), series: `width ${network.width}` })),
      );
    const training = rows("point", (one) => one.losses.map(({ step, loss: y }) => ({ step, y })));
    if (!validated)
      return [
        { ...panelSize, title: `training loss · ${activation}`, values: training, layer: [curve(result, key, loss)] },
      ];
    return [
      {
        ...panelSize,
        title: `loss · ${activation}`,
        values: [...training, ...rows("held back", (one) => one.validations.map(({ step, loss: y }) => ({ step, y })))],
        layer: [
          { ...curve(result, key, loss), transform: [{ filter: { field: "kind", equal: "point" } }] },
          { ...curve(result, key, loss, [5, 3]), transform: [{ filter: { field: "kind", equal: "held back" } }] },
        ],
      },
      {
        ...panelSize,
        title: `accuracy held back · ${activation}`,
        values: rows("held back", (one) => one.validations.map(({ step, accuracy: y }) => ({ step, y }))),
        layer: [
          curve(result, key, accuracy),
          { ...curve(result, key, accuracy), mark: { type: "point", size: 22, filled: true, opacity: 1 } },
        ],
      },
    ];
  });
  return {
    name: "loss",
    title: validated ? "Loss and validation accuracy against step" : "Training loss against step",
    caption:
      `Loss per image on the training batches, seed ${result.config.seeds[0]}.` +
      (validated
        ? " Dashed, and on the right: on the images held back, while training, batch norm by their own statistics."
        : "") +
      (widths.length < all.length ? ` ${widths.length} of ${all.length} widths are drawn.` : ""),
    key,
    columns: validated ? 2 : Math.max(1, drawn.length),
    panels,
    table: {
      header: [
        "network",
        "steps",
        "loss at the start",
        ...(validated ? [] : ["after a quarter"]),
        "after half",
        "at the end",
        ...(validated ? ["held back", "best", "at step"] : []),
      ],
      rows: networks
        .filter((network) => network.losses.length > 0)
        .map((network) => [
          network.id,
          `${network.steps}`,
          ...(validated ? [0, 0.5, 1] : [0, 0.25, 0.5, 1]).map((share) =>
            network.losses[Math.round(share * (network.losses.length - 1))]!.loss.toPrecision(3),
          ),
          ...(validated ? validationCells(network) : []),
        ]),
    },
  };
}

/** A line per width over the steps. */
function curve(result: StudyResult, key: readonly KeyEntry[], y: object, dash: readonly number[] = [1, 0]): ChartSpec {
  return {
    mark: {
      type: "line",
      strokeWidth: 1.8,
      strokeJoin: "round",
      ...(dash[1] === 0 ? {} : { strokeDash: dash, clip: true }),
    },
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
  };
}

/** The last and the best accuracy on the images held back, and the step after which it was best. */
function validationCells({ validations }: NetworkRecord): string[] {
  const last = validations.at(-1);
  if (!last) return ["–", "–", "–"];
  const best = validations.reduce((most, one) => (one.accuracy > most.accuracy ? one : most));
  return [percent(last.accuracy), percent(best.accuracy), `${best.step}`];
}

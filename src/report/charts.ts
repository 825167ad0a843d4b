/**
 * The charts of a study: pure functions from a result to vega-lite specifications. A chart is a row of panels of one
 * size. The report shows the panels one by one, so that they wrap on a narrow screen; the saved picture puts them side
 * by side under one legend.
 */
import type { StudyResult } from "../study/result.js";
import { type ChartSpec, chartConfig, vegaLiteSchema, widthAxis } from "./chart-style.js";
import { type ColourName, palette, ramp } from "./palette.js";
import {
  activationsOf,
  findBound,
  findRow,
  layersOf,
  networksOf,
  readoutsOf,
  type Spread,
  spreadOf,
  summarise,
  widthsOf,
} from "./summary.js";

/** How one series is drawn; the report's key and the picture's legend are made from it. */
export interface KeyEntry {
  readonly label: string;
  readonly colour: ColourName;
  readonly shape: "circle" | "square" | "triangle-up" | "diamond" | "stroke";
  /** Lengths of dashes and gaps in px; [1, 0] is a solid line. */
  readonly dash: readonly [number, number];
}

/** One panel of a chart. */
export interface Panel {
  readonly title: string;
  /** Rows of numbers drawn; every one of them also stands in a table of the report. */
  readonly values: readonly Record<string, unknown>[];
  /** The parts of a vega-lite unit or layer specification, without data, size and legend. */
  readonly layer: readonly ChartSpec[];
  readonly width: number;
  readonly height: number;
}

/** A chart: panels that share their scales. */
export interface Chart {
  /** Name of its files, without extension. */
  readonly name: string;
  readonly title: string;
  /** What is drawn and what the bands mean. */
  readonly caption: string;
  readonly key: readonly KeyEntry[];
  readonly columns: number;
  readonly panels: readonly Panel[];
}

const panelSize = { width: 268, height: 176 };

const measuredKey: readonly KeyEntry[] = [
  { label: "trained network", colour: "network", shape: "circle", dash: [1, 0] },
  { label: "untrained network", colour: "untrained", shape: "square", dash: [6, 3] },
  { label: "random projection", colour: "projection", shape: "triangle-up", dash: [2, 3] },
  { label: "input", colour: "input", shape: "stroke", dash: [1, 0] },
];

/** The specification of one panel alone, without a legend. */
export function panelSpec(panel: Panel): ChartSpec {
  return { $schema: vegaLiteSchema, config: chartConfig, ...body(panel, false) };
}

/** The specification of the whole chart: all panels side by side and a legend. */
export function chartSpec(chart: Chart): ChartSpec {
  return {
    $schema: vegaLiteSchema,
    description: `${chart.title}. ${chart.caption}`,
    config: { ...chartConfig, padding: 16 },
    title: { text: chart.title, fontSize: 15, offset: 14 },
    columns: chart.columns,
    spacing: 28,
    concat: chart.panels.map((panel) => body(panel, true)),
  };
}

function body(panel: Panel, legend: boolean): ChartSpec {
  return {
    title: panel.title,
    width: panel.width,
    height: panel.height,
    data: { values: panel.values },
    layer: panel.layer.map((part) => (legend ? part : withoutLegend(part))),
  };
}

/** The same part with the legend of every series channel switched off. */
function withoutLegend(part: ChartSpec): ChartSpec {
  const encoding = part.encoding as Record<string, object> | undefined;
  if (!encoding) return part;
  const quiet = Object.entries(encoding).map(([channel, definition]) => [
    channel,
    "scale" in definition && ["color", "shape"].includes(channel) ? { ...definition, legend: null } : definition,
  ]);
  return { ...part, encoding: Object.fromEntries(quiet) };
}

/** Colour and marker of a series, from the key, with a legend. */
function seriesEncoding(key: readonly KeyEntry[], channels: readonly ("color" | "shape")[]): object {
  const domain = key.map(({ label }) => label);
  const range = {
    color: key.map(({ colour }) => palette[colour].light),
    shape: key.map(({ shape }) => shape),
  };
  return Object.fromEntries(
    channels.map((channel) => [
      channel,
      { field: "series", type: "nominal", scale: { domain, range: range[channel] }, legend: { title: null } },
    ]),
  );
}

/** A line against width with markers for every series of a key, from rows {kind: "point", x, y, series}. */
function lines(key: readonly KeyEntry[], widths: readonly number[], y: object): ChartSpec[] {
  const x = widthAxis(widths);
  const position = { x: { field: "x", type: "quantitative", ...x }, y: { field: "y", type: "quantitative", ...y } };
  return [
    ...[...key].reverse().map(({ label, colour, dash }) => ({
      transform: [{ filter: { field: "series", equal: label } }, { filter: { field: "kind", equal: "point" } }],
      mark: { type: "line", strokeWidth: 2, strokeJoin: "round", color: palette[colour].light, strokeDash: dash },
      encoding: position,
    })),
    {
      transform: [{ filter: { field: "kind", equal: "point" } }],
      mark: { type: "point", size: widths.length > 12 ? 14 : 38, filled: true, opacity: 1 },
      encoding: { ...position, ...seriesEncoding(key, ["color", "shape"]) },
    },
  ];
}

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

const boundsKey = (readout: string): readonly KeyEntry[] => [
  { label: "bound: the network can create (U1)", colour: "created", shape: "diamond", dash: [6, 3] },
  { label: "bound: the layer can carry (I1)", colour: "carried", shape: "triangle-up", dash: [2, 3] },
  { label: `measured by ${readout}, largest class`, colour: "network", shape: "circle", dash: [1, 0] },
];

/** Bounds on b1 and the largest measured number against width, as powers of ten; a panel per activation and layer. */
export function boundsChart(result: StudyResult): Chart {
  const widths = widthsOf(result);
  const readout = readoutsOf(result).includes("count") ? "count" : result.config.decision.readout;
  const key = boundsKey(readout);
  const summary = summarise(result, readout, 1);
  const cells = activationsOf(result).flatMap((activation) =>
    layersOf(result).map((layer) => {
      const values = widths.flatMap((width) => {
        const created = findBound(result, "created", activation, width, layer, 1)?.bound;
        const carried = findBound(result, "carried", activation, width, layer, 1)?.bound;
        const measured = findRow(summary, "network", activation, width, layer)?.spread?.maximum;
        return [
          ...(created ? [{ kind: "point", x: width, y: onePlus(created.log10), series: key[0]!.label }] : []),
          ...(carried ? [{ kind: "point", x: width, y: onePlus(carried.log10), series: key[1]!.label }] : []),
          ...(measured === undefined
            ? []
            : [{ kind: "point", x: width, y: round(Math.log10(1 + measured)), series: key[2]!.label }]),
        ];
      });
      return { title: `${activation} · layer ${layer}`, values };
    }),
  );
  const highest = Math.max(3, ...cells.flatMap(({ values }) => values.map(({ y }) => y)));
  const powers = [0, 1, 3, 10, 30, 100, 300, 1000, 3000, 10000];
  const y = {
    scale: { type: "symlog", domain: [0, highest], nice: false, padding: 6 },
    axis: {
      title: "b1",
      values: powers.filter((power) => power <= highest),
      labelExpr: `${JSON.stringify(Object.fromEntries(powers.map((power) => [power, powerOfTen(power)])))}[datum.value]`,
    },
  };
  return {
    name: "bounds",
    title: "Proven upper bounds against what was measured",
    caption:
      "Powers of ten, and these on a compressed scale; bounds and counts share it, so that their distance shows. " +
      "A missing series means that no theorem applies.",
    key,
    columns: layersOf(result).length,
    panels: cells.map((cell) => ({ ...panelSize, ...cell, layer: lines(key, widths, y) })),
  };
}

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

/** 10³⁰⁰, and 0 for the power 0: of log10(1 + value). */
function powerOfTen(power: number): string {
  return power === 0 ? "0" : `10${[...String(power)].map((digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)]).join("")}`;
}

/** log10(1 + value), from log10 of the value (null: the value is 0). */
function onePlus(log10: number | null): number {
  if (log10 === null) return 0;
  return round(log10 > 15 ? log10 : Math.log10(1 + 10 ** log10));
}

/** Four decimals: far below a pixel, and the last bits of a library's log10 stay out of the saved specification. */
function round(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}

/** A readout's name as part of a file name. */
export function fileName(text: string): string {
  return text.replace(/[^a-z0-9.]+/gi, "-").replace(/^-|-$/g, "");
}

/**
 * What a chart is: a row of panels of one size. The report shows the panels one by one, so that they wrap on a narrow
 * screen; the saved picture puts them side by side under one legend.
 */
import type { Source, StudyResult } from "../../study/result.js";
import { type ChartSpec, chartConfig, vegaLiteSchema, type WidthLabel, widthAxis } from "../chart-style.js";
import { type ColourName, palette } from "../palette.js";

/** How one series is drawn; the report's key and the picture's legend are made from it. */
export interface KeyEntry {
  readonly label: string;
  readonly colour: ColourName;
  readonly shape: "circle" | "square" | "triangle-up" | "diamond" | "stroke";
  /** Lengths of dashes and gaps in px; [1, 0] is a solid line, null is no line at all: points only. */
  readonly dash: readonly [number, number] | null;
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
  /** What the report says in place of the panels, where they would show nothing but zeros. */
  readonly instead?: string;
  /** The numbers of the picture, where no table of the report holds them. */
  readonly table?: ChartTable;
}

/** A table of a picture's numbers: the first cell of a row names it. */
export interface ChartTable {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Size of a panel in px. */
export const panelSize = { width: 268, height: 176 };

/** The series of every chart that compares the trained network with its controls and the input. */
export const measuredKey = {
  network: { label: "trained network", colour: "network", shape: "circle", dash: [1, 0] },
  untrained: { label: "untrained network", colour: "untrained", shape: "square", dash: [6, 3] },
  projection: { label: "random projection", colour: "projection", shape: "triangle-up", dash: [2, 3] },
  gaussian: { label: "Gaussian null", colour: "created", shape: "diamond", dash: [8, 3] },
  input: { label: "input", colour: "input", shape: "stroke", dash: [1, 0] },
} as const satisfies Record<Source, KeyEntry>;

/** Sources of a study that were measured, in the order of {@link measuredKey}. */
export function sourcesOf(result: StudyResult): Source[] {
  const used = new Set(result.measurements.map(({ source }) => source));
  return (Object.keys(measuredKey) as Source[]).filter((source) => used.has(source));
}

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
export function seriesEncoding(key: readonly KeyEntry[], channels: readonly ("color" | "shape")[]): object {
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
export function lines(key: readonly KeyEntry[], widths: readonly WidthLabel[], y: object): ChartSpec[] {
  const x = widthAxis(widths);
  const position = { x: { field: "x", ...x }, y: { field: "y", type: "quantitative", ...y } };
  return [
    ...[...key].reverse().map(({ label, colour, dash }) => ({
      transform: [{ filter: { field: "series", equal: label } }, { filter: { field: "kind", equal: "point" } }],
      mark: {
        type: "line",
        strokeWidth: 2,
        strokeJoin: "round",
        color: palette[colour].light,
        strokeDash: dash ?? [0, 1],
      },
      encoding: position,
    })),
    {
      transform: [{ filter: { field: "kind", equal: "point" } }],
      mark: { type: "point", size: widths.length > 12 ? 14 : 38, filled: true, opacity: 1 },
      encoding: { ...position, ...seriesEncoding(key, ["color", "shape"]) },
    },
  ];
}

/** Four decimals: far below a pixel, and the last bits of a library's log10 stay out of the saved specification. */
export function round(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}

/** A readout's name as part of a file name. */
export function fileName(text: string): string {
  return text.replace(/[^a-z0-9.]+/gi, "-").replace(/^-|-$/g, "");
}

/** At most `most` items of a list, evenly spread, the first and the last among them. */
export function sampleOf<Item>(items: readonly Item[], most: number): readonly Item[] {
  if (items.length <= most) return items;
  return Array.from({ length: most }, (_, i) => items[Math.round((i * (items.length - 1)) / (most - 1))]!);
}

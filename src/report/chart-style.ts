/** What all pictures share: fonts, axes, the form of a specification, the scale of widths. */
import { palette } from "./palette.js";

/** A vega-lite specification. Plain JSON: it is saved beside its picture and can be opened in any vega-lite editor. */
export type ChartSpec = Readonly<Record<string, unknown>>;

/** Version of the grammar the specifications are written in. */
export const vegaLiteSchema = "https://vega.github.io/schema/vega-lite/v6.json";

/** Fonts of the pictures: the one bettina brings for PNG, in a browser else whatever the system's interface uses. */
export const chartFont = "Inter, system-ui, -apple-system, Segoe UI, Roboto, Helvetica, Arial, sans-serif";

/** Settings of all charts: thin grid, no frame, fonts that stay readable when a panel is 300 px wide. */
export const chartConfig = {
  aria: false,
  background: palette.paper.light,
  font: chartFont,
  padding: { left: 8, right: 12, top: 8, bottom: 8 },
  view: { stroke: null },
  axis: {
    labelColor: palette.muted.light,
    titleColor: palette.muted.light,
    titleFontWeight: "normal",
    labelFontSize: 11,
    titleFontSize: 12,
    titlePadding: 8,
    labelPadding: 5,
    labelFlush: false,
    domainColor: palette.axis.light,
    tickColor: palette.axis.light,
    gridColor: palette.grid.light,
    tickSize: 4,
  },
  axisX: { grid: false },
  axisY: { domain: false, ticks: false },
  title: {
    color: palette.ink.light,
    subtitleColor: palette.muted.light,
    fontSize: 13,
    fontWeight: 600,
    subtitleFontSize: 11,
    anchor: "start",
    frame: "group",
    offset: 10,
  },
  legend: {
    labelColor: palette.ink.light,
    labelFontSize: 12,
    labelLimit: 0,
    symbolSize: 60,
    orient: "top",
    direction: "horizontal",
    title: null,
    columnPadding: 18,
    offset: 14,
  },
} as const;

/** What stands on an axis of widths: the units of every hidden layer, or, as text, those of each: `64-32-16`. */
export type WidthLabel = number | string;

/**
 * Type, scale and axis of the widths. Numbers: by powers of two when there are few of them and they span a factor of
 * eight, else even. As soon as one is a text: side by side in the order given. Every width is a tick when at most eight
 * are given, else a handful are.
 */
export function widthAxis(widths: readonly WidthLabel[]): {
  readonly type: "quantitative" | "ordinal";
  readonly scale: object;
  readonly axis: object;
} {
  return widths.every((width) => typeof width === "number") ? numberAxis(widths) : labelAxis(widths);
}

function labelAxis(widths: readonly WidthLabel[]) {
  const letters = widths.reduce<number>((sum, width) => sum + `${width}`.length + 2, 0);
  return {
    type: "ordinal" as const,
    scale: { type: "point", domain: widths, padding: 0.3 },
    axis: { values: fewOf(widths), title: "widths of the hidden layers", labelAngle: letters > 42 ? -35 : 0 },
  };
}

function fewOf(widths: readonly WidthLabel[]): readonly WidthLabel[] {
  return widths.length <= 8 ? widths : widths.filter((_, i) => i % Math.ceil(widths.length / 7) === 0);
}

function numberAxis(widths: readonly number[]) {
  const smallest = Math.min(...widths);
  const largest = Math.max(...widths);
  const logarithmic = widths.length <= 10 && largest >= 8 * smallest;
  return {
    type: "quantitative" as const,
    scale: {
      ...(logarithmic ? { type: "log", base: 2 } : { zero: false }),
      domain: smallest === largest ? [smallest / 2, largest * 2] : [smallest, largest],
      nice: false,
      padding: 10,
    },
    axis: { values: fewOf(widths), format: "d", title: "width of the hidden layers", labelOverlap: true },
  };
}

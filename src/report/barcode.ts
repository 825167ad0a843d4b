/** Pictures of one persistence result: the barcode and the diagram. Pure functions to vega-lite specifications. */
import type { Diagram } from "../topology/diagram.js";
import { type ChartSpec, chartConfig, vegaLiteSchema } from "./chart-style.js";
import { type ColourName, palette } from "./palette.js";

/** What is drawn, and under which title. */
export interface DiagramPicture {
  readonly title: string;
  readonly subtitle?: string;
  readonly diagrams: readonly Diagram[];
  /** Longest edge kept; Infinity draws up to the largest finite value. */
  readonly threshold: number;
  /** Most intervals drawn per dimension, the longest first. @default 400 */
  readonly limit?: number;
  /** Of an approximation: births and deaths of all points are lower by up to `length`, or up to the factor `factor`. */
  readonly error?: { readonly length: number; readonly factor: number };
  /** Whether the filtration was cut at the threshold, so that what is alive there may die soon after. @default false */
  readonly cut?: boolean;
}

const colours: readonly ColourName[] = ["input", "network", "untrained", "projection"];

interface Bar {
  readonly birth: number;
  readonly death: number;
  readonly essential: boolean;
  /** Under an error: the earliest birth of the partner of all points. */
  readonly from?: number;
  /** Under an error: up to where that partner lives for certain; the birth where it need not be there at all. */
  readonly sure?: number;
}

/** Bars of one diagram, birth first, cut to the longest `limit`; essential bars end at `end`. */
function barsOf(diagram: Diagram, end: number, limit: number): Bar[] {
  const bars = Array.from(diagram.births, (birth, i): Bar => {
    const death = diagram.deaths[i]!;
    const essential = death === Number.POSITIVE_INFINITY;
    return { birth: round(birth), death: essential ? end : round(death), essential };
  });
  if (bars.length > limit) {
    bars.sort((a, b) => Number(b.essential) - Number(a.essential) || b.death - b.birth - (a.death - a.birth));
    bars.length = limit;
  }
  return bars.sort((a, b) => a.birth - b.birth || a.death - b.death);
}

/** What an error leaves of a bar. An essential bar is certain to the end unless the filtration was cut there. */
function blurred(bar: Bar, { length, factor }: NonNullable<DiagramPicture["error"]>, cut: boolean): Bar {
  const before = bar.essential && !cut ? bar.death : bar.death / factor - length;
  return {
    ...bar,
    from: round(Math.max(0, bar.birth / factor - length)),
    sure: round(Math.max(bar.birth, before)),
  };
}

/** Right end of the scale: the threshold, or the largest finite value when that is not finite or 0. */
function scaleEnd({ diagrams, threshold }: DiagramPicture): number {
  if (Number.isFinite(threshold) && threshold > 0) return round(threshold);
  let end = 0;
  for (const { births, deaths } of diagrams) {
    for (const birth of births) end = Math.max(end, birth);
    for (const death of deaths) if (death !== Number.POSITIVE_INFINITY) end = Math.max(end, death);
  }
  return end > 0 ? round(end) : 1;
}

function titleOf({ title, subtitle }: DiagramPicture): ChartSpec {
  return { text: title, ...(subtitle === undefined ? {} : { subtitle, subtitlePadding: 4 }) };
}

function heading(diagram: Diagram, shown: number): string {
  const total = diagram.births.length;
  const essential = diagram.deaths.reduce((sum, death) => sum + Number(death === Number.POSITIVE_INFINITY), 0);
  const cut = shown < total ? `, the ${shown} longest shown` : "";
  return `H${diagram.dimension}: ${total} ${total === 1 ? "interval" : "intervals"}, ${essential} essential${cut}`;
}

/**
 * The barcode: a bar from birth to death for every interval, dimension by dimension, sorted by birth. An essential bar
 * ends in an arrow at the threshold. Under an error bars are pale where all points need not have them.
 */
export function barcodeSpec(picture: DiagramPicture): ChartSpec {
  const end = scaleEnd(picture);
  const { error, cut = false } = picture;
  const drawn = picture.diagrams.map((diagram) => {
    const bars = barsOf(diagram, end, picture.limit ?? 400);
    return error ? bars.map((bar) => blurred(bar, error, cut)) : bars;
  });
  const heights = drawn.map((bars) => Math.max(leastHeight, Math.round(pitchOf(bars.length) * (bars.length + 1))));
  // A component for every point says less than the loops: they are not to take more of the page.
  if (heights.length > 1) heights[0] = Math.min(heights[0]!, heights[1]!, 90);
  const panels = picture.diagrams.map((diagram, i) => {
    const bars = drawn[i]!;
    const height = heights[i]!;
    const last = i === picture.diagrams.length - 1;
    const colour = palette[colours[diagram.dimension % colours.length]!].light;
    const x = {
      field: "birth",
      type: "quantitative",
      scale: { domain: [0, end], nice: false },
      axis: last ? { title: "edge length (diameter)", tickCount: 6 } : { labels: false, title: null, ticks: false },
    };
    const y = { field: "row", type: "quantitative", scale: { domain: [bars.length, -1], nice: false }, axis: null };
    const pitch = Math.min(pitchOf(bars.length), height / (bars.length + 1));
    // Narrow bars touch: gaps below a pixel would only flicker.
    const strokeWidth = round(pitch < 2 ? Math.max(0.5, pitch) : Math.min(2, 0.6 * pitch));
    return {
      title: { text: heading(diagram, bars.length), fontSize: 11, fontWeight: "normal", offset: 4 },
      width: 320,
      height,
      data: { values: bars.map((bar, row) => ({ ...bar, row })) },
      layer: [
        ...(error
          ? [
              {
                mark: { type: "rule", color: colour, strokeWidth, opacity: 0.3 },
                encoding: { x: { ...x, field: "from" }, x2: { field: "death" }, y },
              },
              {
                transform: [{ filter: "datum.sure > datum.birth" }],
                mark: { type: "rule", color: colour, strokeWidth },
                encoding: { x, x2: { field: "sure" }, y },
              },
            ]
          : [
              {
                mark: { type: "rule", color: colour, strokeWidth },
                encoding: { x, x2: { field: "death" }, y },
              },
            ]),
        {
          transform: [{ filter: "datum.essential" }],
          mark: { type: "point", shape: "triangle-right", filled: true, size: 50, opacity: 1, color: colour },
          encoding: { x: { ...x, field: "death" }, y },
        },
      ],
    };
  });
  return {
    $schema: vegaLiteSchema,
    config: chartConfig,
    title: titleOf(picture),
    spacing: 8,
    vconcat: panels,
  };
}

/**
 * The persistence diagram: death against birth, a point for every interval; essential ones sit on the top line, ∞. Under
 * an error the band above the diagonal is shaded whose intervals need not be there for all points.
 */
export function diagramSpec(picture: DiagramPicture): ChartSpec {
  const end = scaleEnd(picture);
  const top = end * 1.08;
  const shapes = ["circle", "diamond", "square", "triangle-up"];
  const names = picture.diagrams.map(({ dimension }) => `H${dimension}`);
  const values = picture.diagrams.flatMap((diagram, i) =>
    barsOf(diagram, end, picture.limit ?? 400).map(({ birth, death, essential }) => ({
      birth,
      death: essential ? top : death,
      series: names[i],
    })),
  );
  const x = {
    field: "birth",
    type: "quantitative",
    scale: { domain: [0, end], nice: false, padding: 4 },
    axis: { title: "birth: edge length (diameter)", tickCount: 5 },
  };
  const y = {
    field: "death",
    type: "quantitative",
    scale: { domain: [0, top], nice: false },
    axis: { title: "death", tickCount: 5 },
  };
  const legend = { title: null };
  return {
    $schema: vegaLiteSchema,
    config: chartConfig,
    title: titleOf(picture),
    width: 250,
    height: 250,
    layer: [
      ...(picture.error ? [errorBand(picture.error, end), ...errorBoxes(picture, end, top)] : []),
      {
        data: { values: [{ birth: 0, death: 0, endBirth: end, endDeath: end }] },
        mark: { type: "rule", color: palette.axis.light },
        encoding: { x, y, x2: { field: "endBirth" }, y2: { field: "endDeath" } },
      },
      {
        data: { values: [{ death: top, label: "∞" }] },
        mark: { type: "rule", color: palette.axis.light, strokeDash: [3, 3] },
        encoding: { y },
      },
      {
        data: { values: [{ death: top, label: "∞" }] },
        mark: { type: "text", align: "left", dx: 4, fontSize: 13, color: palette.muted.light },
        encoding: { x: { value: 250 }, y, text: { field: "label" } },
      },
      {
        data: { values },
        mark: { type: "point", filled: true, size: 26, opacity: 0.65 },
        encoding: {
          x,
          y,
          color: {
            field: "series",
            type: "nominal",
            scale: {
              domain: names,
              range: picture.diagrams.map(({ dimension }) => palette[colours[dimension % colours.length]!].light),
            },
            legend,
          },
          shape: {
            field: "series",
            type: "nominal",
            scale: { domain: names, range: names.map((_, i) => shapes[i % shapes.length]) },
            legend,
          },
        },
      },
    ],
  };
}

/** The region birth ≤ death ≤ factor · birth + length, cut at the end of the scale. */
function errorBand({ length, factor }: { readonly length: number; readonly factor: number }, end: number): ChartSpec {
  const leaves = (end - length) / factor;
  const births = [0, ...(leaves > 0 && leaves < end ? [leaves] : []), end];
  return {
    data: {
      values: births.map((birth) => ({ birth: round(birth), death: round(Math.min(end, factor * birth + length)) })),
    },
    mark: { type: "area", color: palette.axis.light, opacity: 0.25 },
    encoding: {
      x: { field: "birth", type: "quantitative" },
      y: { field: "death", type: "quantitative" },
      y2: { field: "birth" },
    },
  };
}

/** Most points of a diagram around which the error is drawn. */
const mostBoxes = 40;

/** Where births and deaths of all points may lie, around the points above the band; nothing when they are many. */
function errorBoxes({ diagrams, error, limit = 400 }: DiagramPicture, end: number, top: number): ChartSpec[] {
  const { length, factor } = error!;
  const boxes = diagrams.map((diagram) =>
    barsOf(diagram, end, limit)
      .filter(({ birth, death, essential }) => essential || death > factor * birth + length)
      .map(({ birth, death, essential }) => ({
        from: round(Math.max(0, birth / factor - length)),
        birth,
        low: essential ? top : round(death / factor - length),
        death: essential ? top : death,
      })),
  );
  if (boxes.reduce((sum, values) => sum + values.length, 0) > mostBoxes) return [];
  return boxes.flatMap((values, i) =>
    values.length === 0
      ? []
      : [
          {
            data: { values },
            mark: {
              type: "rect",
              color: palette[colours[diagrams[i]!.dimension % colours.length]!].light,
              opacity: 0.22,
            },
            encoding: {
              x: { field: "from", type: "quantitative" },
              x2: { field: "birth" },
              y: { field: "low", type: "quantitative" },
              y2: { field: "death" },
            },
          },
        ],
  );
}

/** Least and most height of a dimension's part in px. */
const leastHeight = 40;
const mostHeight = 170;

/** Distance between neighbouring bars in px; from 28 bars on all barcodes have the same height. */
function pitchOf(bars: number): number {
  return Math.min(6, mostHeight / (bars + 1));
}

/** Six significant digits: below a pixel, and the specification stays small. */
function round(value: number): number {
  return Number(value.toPrecision(6));
}

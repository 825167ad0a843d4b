/**
 * Persistence diagrams for reading off ratios: death / birth against birth, a panel for the input and every layer. The
 * readouts `ratio` and `universal-null` are horizontal lines in it, and layers of different scale can be compared.
 */

import type { Diagram } from "../../topology/diagram.js";
import { parseReadout } from "../../topology/readout.js";
import { significantRatio } from "../../topology/universal-null.js";
import { palette } from "../palette.js";
import { type Chart, type KeyEntry, type Panel, panelSize, round, seriesEncoding } from "./chart.js";

/** One cloud's diagrams under its title. */
export interface ScatterCloud {
  readonly title: string;
  readonly diagrams: readonly Diagram[];
}

/** What is drawn and where it is saved. */
export interface ScatterPicture {
  readonly name: string;
  readonly title: string;
  readonly clouds: readonly ScatterCloud[];
  /** Readouts of the study; those that go by ratio are drawn as lines. */
  readonly readouts: readonly string[];
  /** Most intervals drawn of a cloud, those of the highest ratios. @default all */
  readonly limit?: number;
}

const key: readonly KeyEntry[] = [
  { label: "interval", colour: "input", shape: "circle", dash: null },
  { label: "significant by the universal null", colour: "untrained", shape: "diamond", dash: null },
  { label: "universal null", colour: "untrained", shape: "stroke", dash: [1, 0] },
  { label: "ratio", colour: "projection", shape: "stroke", dash: [6, 3] },
];

type Point = {
  readonly kind: "interval";
  readonly x: number;
  readonly y: number;
  readonly series: string;
};

/** The chart: intervals of dimension 1 and above; an essential one lies on the upper edge. */
export function scatterChart({ name, title, clouds, readouts, limit = Infinity }: ScatterPicture): Chart {
  const rules = readouts.map(parseReadout);
  // With Benjamini and Hochberg's correction the ratio to reach depends on the others: no line.
  const test = rules.find((rule) => rule.rule === "universal-null" && rule.correction !== "benjamini-hochberg");
  const alpha = test?.rule === "universal-null" ? (test.alpha ?? 0.05) : 0.05;
  const tested = test !== undefined;
  const ratios = rules.flatMap((rule) => (rule.rule === "ratio" ? [rule.ratio] : []));
  const drawn = clouds.map(({ title, diagrams }) => {
    const loops = diagrams.filter(({ dimension }) => dimension > 0);
    const components = diagrams.find(({ dimension }) => dimension === 0);
    const cuts = loops.map((diagram) => (tested ? significantRatio(diagram, components, alpha) : null));
    const known = cuts.filter((cut) => cut !== null);
    return { title, loops, cuts, cut: known.length === 0 ? null : Math.min(...known) };
  });
  const finite = drawn.flatMap(({ loops, cut }) => [
    ...loops.flatMap(({ births, deaths }) =>
      Array.from(births, (birth, i) => deaths[i]! / birth).filter((ratio) => Number.isFinite(ratio)),
    ),
    ...(cut === null ? [] : [cut]),
  ]);
  // One scale for all panels, with room above the highest point for what never dies.
  const top = Math.max(1.2, ...ratios, ...finite) ** 1.06;
  const panels = drawn.map((cloud): Panel => {
    const all = cloud.loops.flatMap((diagram, i) => pointsOf(diagram, cloud.cuts[i]!, top));
    const points = all.length > limit ? highest(all, limit) : all;
    const cut = points.length < all.length ? `, the ${points.length} of the highest ratios drawn` : "";
    const count = `${all.length} ${all.length === 1 ? "interval" : "intervals"}${cut}`;
    return { ...panelSize, ...panel(points, cloud.cut, ratios, top), title: `${cloud.title}: ${count}` };
  });
  const used = key
    .filter(({ label }) => label !== "ratio" || ratios.length > 0)
    .filter((_, i) => tested || i % 3 === 0);
  return {
    name,
    title,
    caption:
      `Every loop's interval: how many times the scale of its birth it lives to (log scale), against that scale.${
        ratios.length === 0
          ? ""
          : ` Dashed: the ratio ${ratios.join(", ")}, which the readout of that name counts above.`
      }` +
      (tested
        ? ` Solid: what a ratio must reach to stand out from noise at level ${alpha} by the universal null distribution; no line where that could not be tested.`
        : ""),
    key: used,
    columns: panels.length,
    panels,
  };
}

function pointsOf({ births, deaths }: Diagram, cut: number | null, top: number): Point[] {
  return Array.from(births, (birth, i): Point => {
    const ratio = deaths[i]! / birth;
    const series = cut !== null && ratio >= cut ? key[1]!.label : key[0]!.label;
    return { kind: "interval", x: Number(birth.toPrecision(4)), y: round(Math.min(ratio, top)), series };
  }).sort((one, other) => one.series.length - other.series.length);
}

/** The points of the highest ratios, in their order. */
function highest(points: readonly Point[], limit: number): Point[] {
  const least = points.map(({ y }) => y).sort((one, other) => other - one)[limit - 1]!;
  return points.filter(({ y }) => y >= least).slice(0, limit);
}

function panel(points: readonly Point[], cut: number | null, ratios: readonly number[], top: number) {
  const births = points.map(({ x }) => x);
  const x = {
    field: "x",
    type: "quantitative",
    scale: {
      domain: births.length === 0 ? [0, 1] : [Math.min(...births), Math.max(...births)],
      nice: true,
      zero: false,
      padding: 6,
    },
    axis: { title: "birth: edge length", tickCount: 5 },
  };
  const y = {
    field: "y",
    type: "quantitative",
    scale: { type: "log", base: 2, domain: [1, round(top)], nice: false },
    axis: { title: "death ÷ birth", values: ticks(top), format: "~r" },
  };
  const lines = [
    ...ratios.map((ratio) => ({ kind: "line", y: ratio, series: key[3]!.label })),
    ...(cut === null ? [] : [{ kind: "line", y: round(cut), series: key[2]!.label }]),
  ];
  return {
    values: [...points, ...lines],
    layer: [
      ...[key[3]!, key[2]!].map(({ label, colour, dash }) => ({
        transform: [{ filter: { field: "series", equal: label } }],
        mark: { type: "rule", strokeWidth: 1.5, color: palette[colour].light, strokeDash: dash ?? [1, 0] },
        encoding: { y },
      })),
      {
        transform: [{ filter: { field: "kind", equal: "interval" } }],
        mark: { type: "point", size: 22, filled: true, opacity: 0.7 },
        encoding: { x, y, ...seriesEncoding(key.slice(0, 2), ["color", "shape"]) },
      },
    ],
  };
}

/** Round ratios from 1 to the top, a handful. */
function ticks(top: number): number[] {
  const steps =
    top < 1.35 ? [1, 1.05, 1.1, 1.2, 1.3] : top < 2.2 ? [1, 1.1, 1.25, 1.5, 2] : [1, 1.5, 2, 3, 5, 10, 30, 100];
  return steps.filter((step) => step <= top);
}

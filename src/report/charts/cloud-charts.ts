/**
 * Charts of one cloud: its Betti curves, and how many intervals are longer than any length. Under an approximation both
 * carry the band in which the numbers of all points lie.
 */
import { bettiCurve, sampleCurve } from "../../topology/curves.js";
import { countIntervals, type Diagram } from "../../topology/diagram.js";
import { bettiBounds, type CountBounds, intervalCountBounds } from "../../topology/landmark-bounds.js";
import type { PersistenceResult } from "../../topology/persistence.js";
import { ratioCountBounds } from "../../topology/sparse-rips.js";
import { type Approximation, errorOf } from "../approximation-text.js";
import type { ChartSpec } from "../chart-style.js";
import { type ColourName, palette } from "../palette.js";
import { shortNumber } from "../terminal.js";
import { subscript } from "../words.js";
import { type Chart, type ChartTable, type KeyEntry, type Panel, panelSize } from "./chart.js";

/** Steps up to which a curve is drawn step by step, and the number of scales at which one with more is drawn. */
const mostSteps = 1500;
const mostScales = 400;

/** Rows of the table of a picture. */
const rows = 12;

/** One panel: a line and, where something is proven of all points, the least and the most at the same places. */
interface Line {
  readonly diagram: Diagram;
  readonly at: readonly number[];
  readonly values: readonly number[];
  readonly bounds: readonly CountBounds[] | null;
}

/** The number of classes alive at every scale, a panel per dimension, each over the scales at which its classes live. */
export function cloudCurves(result: PersistenceResult, found?: Approximation): Chart {
  const lines = result.diagrams.map((diagram): Line => {
    const at = scalesOf(diagram, result.threshold);
    return { diagram, at, values: [...sampleCurve(bettiCurve(diagram), at)], bounds: null };
  });
  return chart({
    name: "curves",
    title: found ? `Betti curves of the ${basis(found)}` : "Betti curves",
    caption: `The Betti number of the complex at every scale${sampledWords(lines)}.`,
    found,
    lines,
    x: { title: "edge length (diameter)" },
    y: (dimension) => `b${subscript(dimension)}`,
    place: "scale",
  });
}

/**
 * The number of classes that are there at a scale and outlive the error, which is what an approximation bounds on both
 * sides: persistent Betti numbers.
 */
export function persistentCurves(result: PersistenceResult, found: Approximation): Chart {
  const { length, factor } = errorOf(found);
  const lines = result.diagrams.map((diagram): Line => {
    const at = scalesOf(diagram, result.threshold, found);
    return {
      diagram,
      at,
      values: at.map((scale) => rank(diagram, scale, factor * scale + length)),
      bounds: at.map((scale) => persistentBounds(result, diagram, found, scale)),
    };
  });
  const longer =
    found.kind === "landmarks"
      ? `at least ${shortNumber(found.error)} longer`
      : `to ${shortNumber(1 + found.error)} times that scale`;
  return chart({
    name: "persistent",
    title: "Classes that outlive the error",
    caption:
      `The number of classes that are there at a scale and live ${longer}${sampledWords(lines)}. Band: how many all points have, ` +
      `between what the ${basis(found)} prove${found.kind === "landmarks" ? "" : "s"} at least and at most. Classes that live shorter may be missed.`,
    found,
    lines,
    x: { title: "edge length (diameter)" },
    y: (dimension) => `b${subscript(dimension)}, persistent`,
    place: "scale",
  });
}

function sampledWords(lines: readonly Line[]): string {
  return lines.some(({ at }) => at.length === mostScales) ? `, drawn at ${mostScales} of its scales` : "";
}

/** Intervals born at `from` or before that live beyond `to`: the rank of the map between the two complexes. */
function rank(diagram: Diagram, from: number, to: number): number {
  return countIntervals(diagram, (birth, death) => birth <= from && death > to);
}

/** How many intervals are longer than a length, or under a sparse filtration have a higher ratio; by dimension. */
export function cloudCounts(result: PersistenceResult, found: Approximation): Chart {
  const landmarks = found.kind === "landmarks";
  const diagrams = result.diagrams.filter(({ dimension }) => landmarks || dimension > 0);
  const size = (birth: number, death: number) => (landmarks ? death - birth : death / birth);
  const least = landmarks ? 0 : 1;
  const lines = diagrams.map((diagram): Line => {
    const sizes = Array.from(diagram.births, (birth, i) => size(birth, diagram.deaths[i]!)).filter(Number.isFinite);
    const floor = landmarks ? found.error : 1 + found.error;
    const top = Math.max(floor * 1.5, ...sizes) * 1.05;
    const at = grid(least, top, 200, [floor]);
    return {
      diagram,
      at,
      values: at.map((bar) => countIntervals(diagram, (birth, death) => size(birth, death) > bar)),
      bounds: at.map((bar) =>
        landmarks
          ? intervalCountBounds(result, { dimension: diagram.dimension, longerThan: bar })
          : ratioCountBounds(diagram, { epsilon: found.error, ratio: bar }),
      ),
    };
  });
  return chart({
    name: "counts",
    title: landmarks ? "Intervals longer than a length" : "Intervals with death ÷ birth above a ratio",
    caption:
      `Line: intervals of the ${basis(found)}. Band: how many all points have, at least and at most. Left of ` +
      `${shortNumber(landmarks ? found.error : 1 + found.error)} nothing is proven from above.`,
    found,
    lines,
    x: { title: landmarks ? "length (death − birth)" : "ratio (death ÷ birth)" },
    y: (dimension) => `intervals of H${dimension}`,
    place: landmarks ? "longer than" : "above",
  });
}

/** What the band of the curves speaks of: classes there at a scale that live on for the error. */
function persistentBounds(
  result: PersistenceResult,
  diagram: Diagram,
  found: Approximation,
  scale: number,
): CountBounds {
  if (found.kind === "landmarks")
    return bettiBounds(result, { dimension: diagram.dimension, scale, until: scale + found.error });
  // F_s → R_s → R_{cs} → F_{ccs}, and R_s → F_{cs} → R_{cs}, with c = 1 + ε.
  const c = 1 + found.error;
  return { lower: rank(diagram, scale, c * c * scale), upper: rank(diagram, c * scale, c * scale) };
}

function basis({ kind }: Approximation): string {
  return kind === "landmarks" ? "landmarks" : "sparse filtration";
}

/** The steps of a diagram's curve and its bounds, or evenly spread scales where they are too many, with a margin. */
function scalesOf(diagram: Diagram, threshold: number, found?: Approximation): number[] {
  const { scales } = bettiCurve(diagram);
  const { length, factor } = found ? errorOf(found) : { length: 0, factor: 1 };
  const shifted = found
    ? [...scales].flatMap((scale) => [scale / factor - length, scale / factor ** 2 - 2 * length]).filter((at) => at > 0)
    : [];
  const first = scales[0] ?? 0;
  const last = scales[scales.length - 1] ?? 0;
  const end = Number.isFinite(threshold) ? threshold : Math.max(last * 1.05, 1);
  const margin = 0.08 * (last - first || end);
  const from = Math.max(0, Math.min(first, ...shifted) - margin);
  const to = Math.min(Math.max(end, last), last + margin);
  const steps = [...new Set([from, ...shifted, ...scales, to])].sort((one, other) => one - other);
  return steps.length <= mostSteps ? steps : grid(from, to, mostScales, []);
}

function grid(from: number, to: number, count: number, more: readonly number[]): number[] {
  const even = Array.from({ length: count }, (_, i) => from + ((to - from) * i) / (count - 1));
  return [...new Set([...even, ...more])].sort((one, other) => one - other);
}

function chart(what: {
  readonly name: string;
  readonly title: string;
  readonly caption: string;
  readonly found: Approximation | undefined;
  readonly lines: readonly Line[];
  readonly x: object;
  readonly y: (dimension: number) => string;
  /** What the first column of the table means. */
  readonly place: string;
}): Chart {
  const { found, lines } = what;
  const key: KeyEntry[] = [
    { label: found ? `the ${basis(found)}` : "all points", colour: "network", shape: "stroke", dash: [1, 0] },
    ...(lines.some(({ bounds }) => bounds)
      ? [{ label: "all points: at least, at most", colour: "untrained", shape: "stroke", dash: [5, 3] } as const]
      : []),
  ];
  return {
    name: what.name,
    title: what.title,
    caption: what.caption,
    key,
    columns: Math.min(3, lines.length),
    panels: lines.map((line) => panel(line, what.x, what.y(line.diagram.dimension))),
    table: table(lines, what.place),
  };
}

function panel({ diagram, at, values, bounds }: Line, axis: object, name: string): Panel {
  // What is not bounded from above is shaded to the top of the picture.
  const top = Math.max(1, ...values, ...(bounds ?? []).map(({ upper }) => (Number.isFinite(upper) ? upper : 0)));
  const data = at.map((scale, i) => ({
    x: Number(scale.toPrecision(6)),
    y: values[i]!,
    ...(bounds ? { low: bounds[i]!.lower, high: Math.min(top, bounds[i]!.upper), most: finite(bounds[i]!.upper) } : {}),
  }));
  const x = {
    field: "x",
    type: "quantitative",
    scale: { domain: [at[0], at[at.length - 1]], nice: false, zero: false },
    axis: { ...axis, tickCount: 5 },
  };
  const y = (field: string) => ({
    field,
    type: "quantitative",
    scale: { domain: [0, top], nice: true },
    axis: { title: name, tickCount: 5, tickMinStep: 1 },
  });
  const colour = (name: ColourName): string => palette[name].light;
  const edge = (field: string): ChartSpec => ({
    mark: { type: "line", interpolate: "step-after", strokeWidth: 1.2, strokeDash: [5, 3], color: colour("untrained") },
    encoding: { x, y: y(field) },
  });
  return {
    ...panelSize,
    title: `H${diagram.dimension}`,
    values: data,
    layer: [
      ...(bounds
        ? [
            {
              mark: { type: "area", interpolate: "step-after", color: colour("untrained"), opacity: 0.15 },
              encoding: { x, y: y("low"), y2: { field: "high" } },
            },
            edge("low"),
            edge("most"),
          ]
        : []),
      {
        mark: { type: "line", interpolate: "step-after", strokeWidth: 1.8, color: colour("network") },
        encoding: { x, y: y("y") },
      },
    ],
  };
}

/** null for Infinity: where nothing is proven from above, no line is drawn. */
function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/** A dozen places of every line. */
function table(lines: readonly Line[], place: string): ChartTable {
  return {
    header: ["dimension", place, "number", ...(lines.some(({ bounds }) => bounds) ? ["at least", "at most"] : [])],
    rows: lines.flatMap(({ diagram, at, values, bounds }) => {
      const chosen = new Set(
        Array.from({ length: Math.min(rows, at.length) }, (_, i) =>
          at.length === 1 ? 0 : Math.round((i * (at.length - 1)) / (Math.min(rows, at.length) - 1)),
        ),
      );
      return [...chosen].map((i) => [
        `H${diagram.dimension}`,
        at[i]!.toPrecision(4),
        `${values[i]}`,
        ...(bounds
          ? [`${bounds[i]!.lower}`, Number.isFinite(bounds[i]!.upper) ? `${bounds[i]!.upper}` : "not bounded"]
          : []),
      ]);
    }),
  };
}

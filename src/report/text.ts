/** Results for a terminal: tables of at most 80 columns for three layers, plain words, colour only where asked for. */

import pc from "picocolors";
import { describeField, formatBound } from "../bounds/format.js";
import type { LayerBound } from "../bounds/layer-bounds.js";
import { differentWidths, type SweepWidth } from "../network/architecture.js";
import type { Source, StudyResult } from "../study/result.js";
import { inputText, type Level, levelOf, placeAt } from "./levels.js";
import {
  activationsOf,
  layersOf,
  networksOf,
  degreesOf as possibleDegrees,
  readoutsOf,
  spreadOf,
  summarise,
  widthsOf,
} from "./summary.js";
import { draw, openTable, type TextOptions, wrap } from "./terminal.js";
import { betti, groupSentences, isBelow, percent, strengthLine } from "./words.js";

/**
 * The Betti numbers of a study as tables, one per activation, readout (the one that decides, and the count) and degree (b1,
 * and beyond it what the input has any of): median over classes and seeds by width and layer, trained and untrained,
 * beside the projection and the accuracy.
 */
export function formatStudyTable(result: StudyResult, options: TextOptions = {}): string {
  const colours = pc.createColors(options.colour ?? false);
  const readouts = readoutsOf(result).filter(
    (readout) => readout === result.config.decision.readout || readout === "count",
  );
  return readouts
    .flatMap((readout) =>
      activationsOf(result).flatMap((activation) =>
        degreesOf(result, readout).map((k) => studyTable(result, readout, k, activation, colours)),
      ),
    )
    .concat(
      colours.dim(
        wrap(
          "*: the median is below the input's. before: the same network before training. random map: a random linear " +
            "projection to the same width, with no network. Only what differs from both says something about training.",
          options.columns ?? 80,
        ),
      ),
    )
    .join("\n\n");
}

type Colours = ReturnType<typeof pc.createColors>;

/** Degree 1, and those above in which some class of the input has something by this readout. */
function degreesOf(result: StudyResult, readout: string): number[] {
  return possibleDegrees(result).filter((k) => k === 1 || (summarise(result, readout, k).input?.maximum ?? 0) > 0);
}

function studyTable(result: StudyResult, readout: string, k: number, activation: string, colours: Colours): string {
  const layers = layersOf(result);
  const at = (source: Source, width: SweepWidth, layer: number) =>
    levelOf(result, readout, k, placeAt(source, activation, width, layer));
  const input = at("input", 0, 0);
  const marked = (level: Level | null): string => {
    const text = betti(level?.median);
    return isBelow(level, input) ? colours.yellow(`${text}*`) : `${text} `;
  };
  const table = openTable(["right", "right", "right", ...layers.flatMap((): ["right", "right"] => ["right", "right"])]);
  table.push([
    "",
    "",
    "random",
    ...layers.map((layer) => ({ content: colours.bold(`layer ${layer}`), colSpan: 2, hAlign: "right" as const })),
  ]);
  table.push(["width", "accuracy", "map", ...layers.flatMap(() => ["trained", "before"])].map(colours.dim));
  for (const width of widthsOf(result)) {
    const accuracy = spreadOf(networksOf(result, activation, width).map(({ testAccuracy }) => testAccuracy));
    table.push([
      colours.bold(`${width}`),
      accuracy ? percent(accuracy.median) : "–",
      differentWidths(width)
        .map((own) => marked(at("projection", own, 0)))
        .join("/ "),
      ...layers.flatMap((layer) => [marked(at("network", width, layer)), marked(at("untrained", width, layer))]),
    ]);
  }
  const title = `${colours.bold(activation)}: b${k} by ${readout}, median over classes; input ${colours.bold(inputText(result, readout, k))}`;
  return `${title}\n${draw(table)}`;
}

/** The reasons of a recommendation, a sentence each, grouped by activation. */
export function formatReasons(result: StudyResult, options: TextOptions = {}): string {
  const colours = pc.createColors(options.colour ?? false);
  const columns = options.columns ?? 80;
  return groupSentences(result)
    .flatMap(({ heading, sentences }) => [
      ...(heading === null ? [] : [colours.bold(heading)]),
      ...sentences.map((sentence) => wrap(sentence, columns, "- ", "  ")),
    ])
    .join("\n");
}

/** The bottom line of a study, and how strong it is. */
export function formatRecommendation(result: StudyResult, options: TextOptions = {}): string {
  const colours = pc.createColors(options.colour ?? false);
  const strength = strengthLine(result);
  return [
    `${colours.bold("Recommendation")} (${strength[0]!.toLowerCase()}${strength.slice(1)})`,
    colours.bold(wrap(result.recommendation.summary, options.columns ?? 80)),
  ].join("\n");
}

/** Bounds of one architecture; the two lists have the same layers and degrees in the same order, or `carried` is empty. */
export interface ArchitectureBounds {
  readonly title: string;
  /** U_k. */
  readonly created: readonly LayerBound[];
  /** I_k. */
  readonly carried: readonly LayerBound[];
}

/**
 * Bounds as a table: a row per layer and degree, what the network can create and what the layer can carry, each with
 * a mark that names its theorem, coefficients and status below; with the steps behind each value when `explain`.
 */
export function formatBoundsTable(
  { title, created, carried }: ArchitectureBounds,
  options: TextOptions & { readonly explain?: boolean } = {},
): string {
  const colours = pc.createColors(options.colour ?? false);
  const columns = options.columns ?? 80;
  const notes: string[] = [];
  const mark = ({ bound, reason }: LayerBound): string => {
    const note = bound
      ? `${bound.theorem}. For ${describeField(bound.field)}; ${bound.status}; ${bound.source}.`
      : `${reason ?? "no theorem applies"}.`;
    if (!notes.includes(note)) notes.push(note);
    return `[${notes.indexOf(note) + 1}]`;
  };
  const value = (entry: LayerBound | undefined): string[] => [
    entry?.bound ? colours.bold(formatBound(entry.bound).replace("≈ ", "")) : "n/a",
    entry ? colours.dim(mark(entry)) : "",
  ];
  const table = openTable(["right", "right", "right", "right", "left", "right", "left"]);
  table.push(["layer", "width", "k", "creates at most", "", "carries at most", ""].map(colours.dim));
  created.forEach((entry, i) => {
    table.push([`${entry.layer}`, `${entry.width}`, `${entry.k}`, ...value(entry), ...value(carried[i])]);
  });
  const lines = [
    colours.bold(
      title
        .split("\n")
        .map((line) => wrap(line, columns))
        .join("\n"),
    ),
    draw(table),
    "",
  ];
  notes.forEach((note, i) => {
    lines.push(colours.dim(wrap(note, columns, `  [${i + 1}] `, "      ")));
  });
  if (options.explain)
    for (const [name, bounds] of [["creates", created] as const, ["carries", carried] as const])
      for (const { layer, k, bound } of bounds)
        if (bound)
          lines.push(
            "",
            colours.bold(`layer ${layer} ${name}, b${k}:`),
            ...bound.trace.map((step) => wrap(step, columns, "  · ", "    ")),
          );
  return lines.join("\n");
}

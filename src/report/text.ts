/** Results for a terminal: tables of at most 80 columns for three layers, plain words, colour only where asked for. */
import Table from "cli-table3";
import pc from "picocolors";
import { describeField, formatBound } from "../bounds/format.js";
import type { LayerBound } from "../bounds/layer-bounds.js";
import type { WidthChoice } from "../selection/comparison.js";
import { knownSentences } from "../study/known.js";
import type { Source, StudyResult } from "../study/result.js";
import type { Diagram } from "../topology/diagram.js";
import type { PersistenceResult } from "../topology/persistence.js";
import { inputText, type Level, levelOf, placeAt } from "./levels.js";
import { activationsOf, layersOf, networksOf, readoutsOf, spreadOf, widthsOf } from "./summary.js";
import { betti, duration, groupSentences, isBelow, percent, strengthLine } from "./words.js";

/** How text is laid out. */
export interface TextOptions {
  /** ANSI colours. @default false */
  readonly colour?: boolean;
  /** Columns of the terminal; words are wrapped to it. @default 80 */
  readonly columns?: number;
}

/**
 * The Betti numbers b1 of a study as tables, one per activation and readout (the one that decides, and the count):
 * median over classes and seeds by width and layer, trained and untrained, beside the projection and the accuracy.
 */
export function formatStudyTable(result: StudyResult, options: TextOptions = {}): string {
  const colours = pc.createColors(options.colour ?? false);
  const readouts = readoutsOf(result).filter(
    (readout) => readout === result.config.decision.readout || readout === "count",
  );
  return readouts
    .flatMap((readout) => activationsOf(result).map((activation) => studyTable(result, readout, activation, colours)))
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

function studyTable(result: StudyResult, readout: string, activation: string, colours: Colours): string {
  const layers = layersOf(result);
  const at = (source: Source, width: number, layer: number) =>
    levelOf(result, readout, 1, placeAt(source, activation, width, layer));
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
      marked(at("projection", width, 0)),
      ...layers.flatMap((layer) => [marked(at("network", width, layer)), marked(at("untrained", width, layer))]),
    ]);
  }
  const title = `${colours.bold(activation)}: b1 by ${readout}, median over classes; input ${colours.bold(inputText(result, readout, 1))}`;
  return `${title}\n${draw(table)}`;
}

/** The recommendation of a study in words, the bottom line first. */
export function formatRecommendation(result: StudyResult, options: TextOptions = {}): string {
  const colours = pc.createColors(options.colour ?? false);
  const title = `${colours.bold("Recommendation")} (${strengthLine(result)[0]!.toLowerCase()}${strengthLine(result).slice(1)})`;
  const columns = options.columns ?? 80;
  const lines = groupSentences(result).flatMap(({ heading, sentences }) => [
    ...(heading === null ? [] : [colours.bold(heading)]),
    ...sentences.map((sentence) => wrap(sentence, columns, "- ", "  ")),
  ]);
  return [title, colours.bold(wrap(result.recommendation.summary, columns)), ...lines].join("\n");
}

/**
 * Whether topology helped to choose a width, with what the two choices cost, and, where they are known, how often the right
 * Betti numbers were measured.
 * @param times how long the jobs took; a choice whose trainings are not among them is given without seconds
 */
export function formatComparison(
  result: StudyResult,
  times: readonly { readonly job: string; readonly trainingSeconds: number | null }[],
  options: TextOptions = {},
): string {
  const colours = pc.createColors(options.colour ?? false);
  const seconds = ({ jobs }: WidthChoice): number | null => {
    const own = times.flatMap(({ job, trainingSeconds }) => (jobs.includes(job) ? (trainingSeconds ?? []) : []));
    return own.length === 0 ? null : own.reduce((sum, one) => sum + one, 0) / own.length;
  };
  const sentences = result.comparisons.flatMap((comparison) => {
    const choices = [comparison.byAccuracy, comparison.byTopology].filter((choice) => choice !== null);
    const costs = choices.flatMap((choice, i) => {
      const took = seconds(choice);
      const again = i > 0 && choice.width === choices[0]!.width;
      return took === null || again ? [] : [`${duration(took)} at width ${choice.width}`];
    });
    const cost = costs.length === 0 ? [] : [`${comparison.activation}: one training took ${costs.join(", ")} here.`];
    return [...comparison.sentences, ...cost];
  });
  const known = result.known === null ? [] : knownSentences(result.known, result.recommendation.readout);
  return [
    colours.bold("Does topology help?"),
    ...[...sentences, ...known].map((sentence) => wrap(sentence, options.columns ?? 80, "- ", "  ")),
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
  const lines = [colours.bold(title), draw(table), ""];
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

/** Longest intervals listed per dimension by {@link formatHomology}. */
const listed = 8;

/**
 * A persistence result for people: what was computed, a line per dimension, and the longest intervals of each dimension
 * above 0. All intervals are in the JSON form.
 */
export function formatHomology(name: string, result: PersistenceResult, options: TextOptions = {}): string {
  const colours = pc.createColors(options.colour ?? false);
  const facts = [
    `${result.n} ${result.n === 1 ? "point" : "points"}`,
    result.metric === "given" ? "distances as given" : `metric ${result.metric}`,
    `edges up to ${shortNumber(result.threshold)}`,
    `coefficients in Z/${result.modulus}`,
  ];
  const table = openTable(["left", "right", "right", "left"]);
  table.push(["", "intervals", "essential", "longest that ends"].map(colours.dim));
  for (const diagram of result.diagrams) {
    const longest = byLength(diagram).find(({ death }) => Number.isFinite(death));
    table.push([
      colours.bold(`H${diagram.dimension}`),
      `${diagram.births.length}`,
      `${diagram.deaths.reduce((sum, death) => sum + Number(!Number.isFinite(death)), 0)}`,
      longest ? intervalText(longest) : "–",
    ]);
  }
  const lists = result.diagrams
    .filter(({ dimension, births }) => dimension > 0 && births.length > 0)
    .map((diagram) => {
      const shown = byLength(diagram).slice(0, listed);
      const rest = diagram.births.length - shown.length;
      return [
        colours.dim(
          `H${diagram.dimension}, ${rest > 0 ? `the ${shown.length} longest of ${diagram.births.length}` : "longest first"}:`,
        ),
        ...shown.map((interval) => `  ${intervalText(interval)}`),
      ].join("\n");
    });
  return [`${colours.bold(name)}: ${facts.join(", ")}`, draw(table), ...lists].join("\n");
}

interface Interval {
  readonly birth: number;
  readonly death: number;
}

function byLength({ births, deaths }: Diagram): Interval[] {
  const intervals = Array.from(births, (birth, i): Interval => ({ birth, death: deaths[i]! }));
  const length = ({ birth, death }: Interval): number => (Number.isFinite(death) ? death - birth : Number.MAX_VALUE);
  return intervals.sort((a, b) => length(b) - length(a) || a.birth - b.birth);
}

function intervalText({ birth, death }: Interval): string {
  return Number.isFinite(death) ? `[${shortNumber(birth)}, ${shortNumber(death)})` : `[${shortNumber(birth)}, ∞)`;
}

/** Six significant digits, the precision Ripser prints. */
export function shortNumber(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(6))) : "∞";
}

/** An empty table of this house's looks: no borders, two spaces between columns. */
export function openTable(aligns: ("left" | "right")[]): Table.Table {
  const none = "";
  return new Table({
    colAligns: aligns,
    style: { "padding-left": 0, "padding-right": 2, head: [], border: [] },
    chars: {
      top: none,
      "top-mid": none,
      "top-left": none,
      "top-right": none,
      bottom: none,
      "bottom-mid": none,
      "bottom-left": none,
      "bottom-right": none,
      left: "  ",
      "left-mid": none,
      mid: none,
      "mid-mid": none,
      right: none,
      "right-mid": none,
      middle: none,
    },
  });
}

/** The table without trailing blanks. */
export function draw(table: Table.Table): string {
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}

/** Breaks words into lines of at most `columns` characters, the first after `first`, the others after `rest`. */
export function wrap(text: string, columns: number, first = "", rest = ""): string {
  const lines: string[] = [];
  let line = first;
  let empty = true;
  // A percent sign stays with its number.
  for (const word of text.split(/ (?!%)/)) {
    if (!empty && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = rest + word;
    } else {
      line += empty ? word : ` ${word}`;
    }
    empty = false;
  }
  return [...lines, line].join("\n");
}

/** A persistence result for a terminal. */
import pc from "picocolors";
import type { Diagram } from "../topology/diagram.js";
import type { PersistenceResult } from "../topology/persistence.js";
import { draw, openTable, shortNumber, type TextOptions } from "./terminal.js";

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

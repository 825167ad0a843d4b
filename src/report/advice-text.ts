/** Advice for a terminal. */
import pc from "picocolors";
import type { Advice, FamilyAdvice } from "../selection/advice.js";
import { draw, openTable, type TextOptions, wrap } from "./terminal.js";
import { percent } from "./words.js";

/** A study's widths as a table for each activation, then the sections of advice, a sentence an item. */
export function formatAdvice(
  { families, sections, target }: Pick<Advice, "families" | "sections" | "target">,
  options: TextOptions = {},
): string {
  const colours = pc.createColors(options.colour ?? false);
  const columns = options.columns ?? 80;
  const studied = families.filter(({ rows }) => rows.length > 0);
  const tables = studied.map((advice) => {
    const title = `${advice.family.activation}: to keep ${target.betti.map((b, k) => `b_${k} = ${b}`).join(", ")}`;
    return `${colours.bold(wrap(title, columns))}\n${widthTable(advice, colours)}`;
  });
  const head = tables.length === 0 ? [] : [...tables, colours.dim(wrap(legend(studied), columns))];
  return [
    ...head,
    ...sections.map(({ heading, sentences }) =>
      [colours.bold(heading), ...sentences.map((sentence) => wrap(sentence, columns, "- ", "  "))].join("\n"),
    ),
  ].join("\n\n");
}

function widthTable({ rows }: FamilyAdvice, colours: ReturnType<typeof pc.createColors>): string {
  const table = openTable(["right", "left", "right", "right", "right", "right"]);
  table.push(["width", "bounds", "kept", "limit", "random maps", "accuracy"].map(colours.dim));
  const share = (of: { readonly kept: number; readonly runs: number } | null) =>
    of === null ? "–" : `${of.kept} of ${of.runs}`;
  for (const { width, standing, kept, lowerLimit, accepted, projectionKept, accuracy } of rows)
    table.push([
      colours.bold(`${width}`),
      standing,
      share(kept),
      lowerLimit === null ? "–" : `${accepted ? "accepted " : ""}${lowerLimit.toFixed(3)}`,
      share(projectionKept),
      accuracy === null ? "–" : percent(accuracy),
    ]);
  return draw(table);
}

/** What the columns mean, as far as they are filled. */
function legend(families: readonly FamilyAdvice[]): string {
  const rows = families.flatMap((advice) => advice.rows);
  const has = (standing: string) => rows.some((row) => row.standing === standing);
  const test = families.find((advice) => advice.test !== null)?.test;
  return [
    ...(has("excluded") ? ["excluded: a proof, if these are the data's true Betti numbers."] : []),
    ...(has("needs hypothesis") ? ["needs hypothesis: excluded only under one that is named below."] : []),
    ...(has("not excluded") ? ["not excluded: no bound speaks against it, which does not make it enough."] : []),
    ...(test
      ? [
          "kept: trainings that keep the input's numbers by the study's rule, of all; random maps: random linear maps to that width that do.",
        ]
      : []),
    ...(test && rows.some(({ lowerLimit }) => lowerLimit !== null)
      ? [
          `limit: ${percent(1 - test.alpha)} lower limit of the share of trainings that keep, each width by itself; accepted: by the test of all widths.`,
        ]
      : []),
    "–: not measured, or nothing claimed.",
  ].join(" ");
}

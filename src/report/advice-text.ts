/** Advice for a terminal. */
import pc from "picocolors";
import type { Advice } from "../selection/advice.js";
import { type TextOptions, wrap } from "./text.js";

/** The sections of advice, a sentence an item. */
export function formatAdvice({ sections }: Pick<Advice, "sections">, options: TextOptions = {}): string {
  const colours = pc.createColors(options.colour ?? false);
  const columns = options.columns ?? 80;
  return sections
    .map(({ heading, sentences }) =>
      [colours.bold(heading), ...sentences.map((sentence) => wrap(sentence, columns, "- ", "  "))].join("\n"),
    )
    .join("\n\n");
}

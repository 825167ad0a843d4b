/** Whether topology helped, for a terminal. */
import pc from "picocolors";
import type { WidthChoice } from "../selection/comparison.js";
import { knownSentences } from "../study/known.js";
import type { StudyResult } from "../study/result.js";
import { type TextOptions, wrap } from "./terminal.js";
import { duration } from "./words.js";

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

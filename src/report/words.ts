/** The sentences and number formats that the report and the terminal share. */
import type { BoundJson } from "../bounds/bound.js";
import type { StudyConfig } from "../study/config.js";
import type { DatasetRecord, Source, StudyResult } from "../study/result.js";
import { describeReadout, parseReadout } from "../topology/readout.js";
import type { Spread } from "./summary.js";

/** What each control is there to rule out. */
export const controlMeanings: readonly { readonly source: Source; readonly name: string; readonly text: string }[] = [
  {
    source: "untrained",
    name: "Untrained network",
    text:
      "The same network with its first random weights, measured on the same images. " +
      "What it shows already is no effect of training.",
  },
  {
    source: "projection",
    name: "Random projection",
    text:
      "A random linear map of the images to the same width, with no network at all. A count of intervals rises with " +
      "the dimension of the space and levels off for it too; only a difference from this line says something about the network.",
  },
  {
    source: "gaussian",
    name: "Gaussian null",
    text:
      "As many independent points of the standard normal distribution, in as many dimensions as the layer is wide: loops of " +
      "no shape at all.",
  },
  {
    source: "input",
    name: "Input",
    text:
      "The images themselves. A layer that measures fewer than the input has lost loops at this sample size; " +
      "one that measures as many has not been shown to keep them.",
  },
];

/** The first line of everything: which data, and loudly when they were generated. */
export function datasetLine(dataset: DatasetRecord): string {
  if (!dataset.generated) return `Data: ${dataset.note}`;
  if (dataset.name !== "digits") return `Generated data, ${dataset.name.replace(/-/g, " ")}: ${dataset.note}`;
  const size = `${count(dataset.trainCount)} training and ${count(dataset.testCount)} test images`;
  return `GENERATED DIGITS, NOT MNIST: ${size}. ${dataset.note}`;
}

/** What the rule of a readout is, in one sentence. */
export function readoutRule(name: string): string {
  const readout = parseReadout(name);
  const rule = describeReadout(readout);
  return readout.rule === "count"
    ? `${rule} It grows with the sample and the dimension, so read it against the controls only.`
    : rule;
}

/** The rule of the recommendation, as fixed before the run. */
export function decisionRule(decision: StudyConfig["decision"]): string {
  const unit =
    decision.rule === "every-class"
      ? "a training keeps the input's numbers when every layer does in every class"
      : "a training keeps the input's numbers when no layer's median over the classes is below the input's";
  const tolerance = decision.tolerance > 0 ? `, but for ${percent(decision.tolerance)} of the comparisons` : "";
  return `Compared by ${decision.readout}: ${unit}${tolerance}.`;
}

/** "Indicative, one training" and the like: how much weight the recommendation carries. */
export function strengthLine(result: StudyResult): string {
  const seeds = result.config.seeds.length;
  if (result.recommendation.strength === "confident") return `${seeds} trainings per width`;
  return seeds === 1 ? "Indicative, one training" : `Indicative, ${seeds} trainings per width`;
}

/** Sentences of the recommendation about one activation, or about all of them. */
export interface SentenceGroup {
  /** The activation; "In general" for what follows them; null for what comes before them. */
  readonly heading: string | null;
  readonly sentences: readonly string[];
}

/** The sentences of the recommendation in their order; those that begin with "relu: " stand together without it. */
export function groupSentences(result: StudyResult): SentenceGroup[] {
  const groups: { heading: string | null; sentences: string[] }[] = [];
  for (const sentence of result.recommendation.sentences) {
    const activation = result.config.activations.find((name) => sentence.startsWith(`${name}: `));
    const heading = activation ?? (groups.some((group) => group.heading !== null) ? "In general" : null);
    const text = activation === undefined ? sentence : capital(sentence.slice(activation.length + 2));
    const last = groups[groups.length - 1];
    if (last && last.heading === heading) last.sentences.push(text);
    else groups.push({ heading, sentences: [text] });
  }
  return groups;
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** A whole number with commas: 60,000. */
export function count(value: number): string {
  return value.toString().replace(/\B(?=(\d{3})+(?!\d))/g, ",");
}

/** A Betti number or a median of them: at most one decimal; an en dash for none. */
export function betti(value: number | null | undefined): string {
  return value === null || value === undefined ? "–" : String(Math.round(value * 10) / 10);
}

/** Whether a median is below the input's; such numbers bear a star. */
export function isBelow(level: { readonly median: number } | null, input: { readonly median: number } | null): boolean {
  return level !== null && input !== null && level.median < input.median;
}

/** Median and range: 128 (112–140), or the number alone when the range is empty. */
export function spreadText(spread: Spread | null | undefined): string {
  if (!spread) return "–";
  if (spread.minimum === spread.maximum) return betti(spread.median);
  return `${betti(spread.median)} (${betti(spread.minimum)}–${betti(spread.maximum)})`;
}

/** A share as a percentage with one decimal. */
export function percent(value: number): string {
  return `${(100 * value).toFixed(1)} %`;
}

/** A time for people: 48 s, 12 min, 3.4 h. */
export function duration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 100) return `${Math.round(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

/** Bytes for people: 512 MB, 23.5 GB. */
export function byteSize(bytes: number): string {
  return bytes < 1e9 ? `${Math.round(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}

/** A bound as mantissa and power of ten, or as the integer when that has at most seven digits. */
export function boundParts(
  bound: BoundJson,
): { readonly integer: string } | { readonly mantissa: string; readonly power: number } {
  if (bound.log10 === null) return { integer: "0" };
  if (bound.exact !== undefined && bound.exact.length <= 7) return { integer: count(Number(bound.exact)) };
  const digits = bound.exact;
  if (digits !== undefined) {
    const rounded = Math.round(Number(digits.slice(0, 6)) / 1000);
    return rounded === 1000
      ? { mantissa: "1.00", power: digits.length }
      : { mantissa: (rounded / 100).toFixed(2), power: digits.length - 1 };
  }
  const power = Math.floor(bound.log10);
  return { mantissa: (Math.floor(10 ** (bound.log10 - power) * 100) / 100).toFixed(2), power };
}

/** A degree as a subscript: ₁. */
export function subscript(degree: number): string {
  return [...String(degree)].map((digit) => "₀₁₂₃₄₅₆₇₈₉"[Number(digit)]).join("");
}

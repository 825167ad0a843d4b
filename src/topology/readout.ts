/**
 * Readouts: the named rules by which Betti numbers are read from persistence diagrams. A number without its rule means
 * nothing, so every result records the rule's name in the form written here.
 */
import { ConfigError, expected } from "../errors.js";

/** A rule and its parameters. {@link formatReadout} gives its name, {@link bettiNumbers} its reading. */
export type Readout =
  | CountReadout
  | AtScaleReadout
  | RatioReadout
  | UniversalNullReadout
  | PaperReadout
  | PaperCorrectedReadout;

/** β_k = number of intervals of dimension k. In dimension 0 that is the number of distinct points. */
export interface CountReadout {
  readonly rule: "count";
}

/** β_k = number of intervals with birth ≤ scale < death: the Betti numbers of the complex at that scale. */
export interface AtScaleReadout {
  readonly rule: "at-scale";
  /** Edge length, in the units of the distances; finite, not negative. */
  readonly scale: number;
}

/** β_k = number of intervals with death / birth > ratio, k ≥ 1 (in dimension 0 every birth is 0). Scale-free. */
export interface RatioReadout {
  readonly rule: "ratio";
  /** At least 1. */
  readonly ratio: number;
}

/**
 * β_k = number of intervals, k ≥ 1, whose ratio death / birth is too large for noise by the universal null distribution
 * (Bobrowski and Skraba, "A universal null-distribution for topological data analysis", Scientific Reports 2023), with
 * Bonferroni's correction over the diagram. Scale-free. The distribution is a conjecture that experiments support.
 */
export interface UniversalNullReadout {
  readonly rule: "universal-null";
  /** Chance of calling any interval of a pure-noise diagram significant, in (0, 1). @default 0.05 */
  readonly alpha?: number;
}

/**
 * The rule of the demo code of "Dive into Layers" (arXiv 2109.01461), bug for bug but with honest names: among the 1000
 * longest intervals, β_1 = number of H1 intervals, β_0 = β_1 + number of H0 intervals that die at or after the first
 * loop is born. (The demo calls the first "Betti 0" and the second "Betti 1".)
 */
export interface PaperReadout {
  readonly rule: "paper";
}

/** What the demo's rule means to compute: β_1 as in `paper`; β_0 = components just below the birth of the first loop. */
export interface PaperCorrectedReadout {
  readonly rule: "paper-corrected";
}

/** Names of the rules, in the order of the documentation. */
export const readoutRules = ["count", "at-scale", "ratio", "universal-null", "paper", "paper-corrected"] as const;

const forms = "count, at-scale=0.8, ratio>1.1, universal-null@0.05, paper or paper-corrected";

/** The name of a readout with its parameters, e.g. `ratio>1.1`; {@link parseReadout} reads it back. */
export function formatReadout(readout: Readout): string {
  switch (readout.rule) {
    case "at-scale":
      return `at-scale=${readout.scale}`;
    case "ratio":
      return `ratio>${readout.ratio}`;
    case "universal-null":
      return `universal-null@${readout.alpha ?? 0.05}`;
    default:
      return readout.rule;
  }
}

/**
 * Reads a readout's name: `count`, `at-scale=0.8`, `ratio>1.1`, `universal-null@0.05` (or `universal-null`), `paper`,
 * `paper-corrected`.
 * @throws ConfigError for anything else, also for parameters out of range
 */
export function parseReadout(text: string): Readout {
  const [, rule, mark, parameter] = /^([a-z-]+?)(?:([=>@])(.+))?$/.exec(text.trim()) ?? [];
  const form = `${rule}${mark ?? ""}`;
  if (form === "count" || form === "paper" || form === "paper-corrected") return { rule: form };
  if (form === "universal-null") return { rule: "universal-null", alpha: 0.05 };
  const value = parameter === undefined || parameter.trim() === "" ? Number.NaN : Number(parameter);
  if (form === "at-scale=") return checkReadout({ rule: "at-scale", scale: value }, text);
  if (form === "ratio>") return checkReadout({ rule: "ratio", ratio: value }, text);
  if (form === "universal-null@") return checkReadout({ rule: "universal-null", alpha: value }, text);
  if (rule === "fasy" || rule === "bootstrap")
    throw new ConfigError(expected("a readout this version offers", "readout", text), {
      hint: `The resampling readouts fasy and bootstrap are not built yet; use ${forms}.`,
    });
  throw new ConfigError(expected("a readout", "readout", text), { hint: `Use ${forms}.` });
}

/**
 * Checks a readout's parameters and returns it.
 * @throws ConfigError naming `shown` (or the readout itself) when a parameter is out of range
 */
export function checkReadout(readout: Readout, shown?: string): Readout {
  const complaint = (what: string) =>
    new ConfigError(expected(what, "readout", shown ?? readout), { hint: `Use ${forms}.` });
  switch (readout.rule) {
    case "at-scale":
      if (!(Number.isFinite(readout.scale) && readout.scale >= 0)) throw complaint("a scale of at least 0");
      return readout;
    case "ratio":
      if (!(Number.isFinite(readout.ratio) && readout.ratio >= 1)) throw complaint("a ratio of at least 1");
      return readout;
    case "universal-null": {
      const alpha = readout.alpha ?? 0.05;
      if (!(alpha > 0 && alpha < 1)) throw complaint("a level between 0 and 1");
      return readout;
    }
    default:
      if (!(readoutRules as readonly string[]).includes(readout.rule)) throw complaint("a readout");
      return readout;
  }
}

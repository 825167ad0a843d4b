/**
 * Readouts: the named rules by which Betti numbers are read from persistence diagrams. A number without its rule means
 * nothing, so every result records the rule's name in the form written here.
 */
import { ConfigError, expected } from "../errors.js";
import { checkFields } from "../options.js";

/** A rule and its parameters. {@link formatReadout} gives its name, {@link bettiNumbers} its reading. */
export type Readout =
  | CountReadout
  | AtScaleReadout
  | RatioReadout
  | UniversalNullReadout
  | FasyReadout
  | BootstrapReadout
  | PersistenceReadout
  | RelativePersistenceReadout
  | LargestGapReadout
  | SingleLinkageGapReadout
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
 * (Bobrowski and Skraba, "A universal null-distribution for topological data analysis", Scientific Reports 2023), with a
 * correction for the number of intervals in the diagram. Scale-free. The distribution is a conjecture that experiments
 * support, of samples from spaces of full dimension. Null (not 0) where a diagram cannot be tested: of fewer intervals than
 * `leastTested(alpha)` (5 at 0.05), or where most are not born near the distances of neighbours, as noise is.
 */
export interface UniversalNullReadout {
  readonly rule: "universal-null";
  /**
   * In (0, 1). With `bonferroni`: chance of calling any interval of a pure-noise diagram significant. With
   * `benjamini-hochberg`: expected share of noise among the intervals called significant.
   * @default 0.05
   */
  readonly alpha?: number;
  /** @default "bonferroni" */
  readonly correction?: "bonferroni" | "benjamini-hochberg";
}

/**
 * β_k = number of intervals longer than `factor` · c, where [0, c] is a confidence interval for the Hausdorff distance
 * between the sample and the set it was drawn from, by subsampling (Fasy, Lecci, Rinaldo, Wasserman, Balakrishnan, Singh,
 * "Confidence sets for persistence diagrams", Annals of Statistics 2014, theorem 3). From n points, B subsamples of
 * floor(n / ln n) points are drawn without replacement; T is the largest distance of a point to its subsample, q the
 * (1 - alpha) quantile of the T, c = 2q. The confidence is asymptotic and needs a density bounded from below on a set of
 * low dimension. Null (not 0) where the length to be exceeded is no less than the enclosing radius, so that no interval
 * could be significant: so it is of some hundred images in 784 coordinates. Needs a context with distances and a seed.
 */
export interface FasyReadout {
  readonly rule: "fasy";
  /** 1 - confidence, in (0, 1). @default 0.05 */
  readonly alpha?: number;
  /**
   * 4: an interval of a Rips complex is significant when longer than 4c = 8q, for the bottleneck distance between Rips
   * diagrams by edge length is at most twice the Hausdorff distance. 2: longer than 2c = 4q, the rule proven for
   * filtrations by radius and often used for Rips too, without that proof.
   * @default 4
   */
  readonly factor?: 4 | 2;
  /** Number B of subsamples. @default 1000 */
  readonly subsamples?: number;
}

/**
 * β_k = number of intervals longer than 2q, q the (1 - alpha) quantile of the bottleneck distance between the diagram
 * and those of B resamples of n points with replacement. A heuristic: its consistency for Rips complexes is not
 * guaranteed. Needs a context with distances and a seed.
 */
export interface BootstrapReadout {
  readonly rule: "bootstrap";
  /** In (0, 1). @default 0.05 */
  readonly alpha?: number;
  /** Number B of resamples. @default 100 */
  readonly resamples?: number;
}

/** β_k = number of intervals longer than a fixed length. */
export interface PersistenceReadout {
  readonly rule: "persistence";
  /** Length (death - birth) that must be exceeded, in the units of the distances; finite, not negative. */
  readonly length: number;
}

/** β_k = number of intervals longer than a fraction of the cloud's diameter. Scale-free. Needs a context with distances. */
export interface RelativePersistenceReadout {
  readonly rule: "relative-persistence";
  /** Share of the largest distance, from 0 to 1. */
  readonly fraction: number;
}

/**
 * β_k = number of intervals above the largest gap between neighbouring lengths (the finite lengths in order, and 0).
 * Essential intervals count besides. Scale-free, but never 0 where there is an interval: it separates long from short,
 * and does not ask whether there is anything to separate.
 */
export interface LargestGapReadout {
  readonly rule: "largest-gap";
}

/**
 * β_0 by single linkage: the components just before the merges above the largest gap between neighbouring merge heights,
 * provided that the height above the gap is more than `ratio` times the one below; else 1. Infinite intervals count as
 * components always. No other dimension. Scale-free.
 */
export interface SingleLinkageGapReadout {
  readonly rule: "single-linkage-gap";
  /** At least 1. @default 2 */
  readonly ratio?: number;
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
export const readoutRules = [
  "count",
  "at-scale",
  "ratio",
  "persistence",
  "relative-persistence",
  "largest-gap",
  "single-linkage-gap",
  "universal-null",
  "fasy",
  "bootstrap",
  "paper",
  "paper-corrected",
] as const;

const forms =
  "count, at-scale=0.8, ratio>1.1, persistence>0.5, relative-persistence>0.1, largest-gap, single-linkage-gap>2, " +
  "universal-null@0.05, universal-null-bh@0.05, fasy@0.05, bootstrap@0.05, paper or paper-corrected";

/** Subsamples of `fasy` and resamples of `bootstrap` where none are given. */
export const defaultDraws = { fasy: 1000, bootstrap: 100 } as const;

/** The parameters of each rule. */
const parameters: Readonly<Record<Readout["rule"], readonly string[]>> = {
  count: [],
  "at-scale": ["scale"],
  ratio: ["ratio"],
  persistence: ["length"],
  "relative-persistence": ["fraction"],
  "largest-gap": [],
  "single-linkage-gap": ["ratio"],
  "universal-null": ["alpha", "correction"],
  fasy: ["alpha", "factor", "subsamples"],
  bootstrap: ["alpha", "resamples"],
  paper: [],
  "paper-corrected": [],
};

/** The name of a readout with its parameters, e.g. `ratio>1.1`; {@link parseReadout} reads it back. Checked as by {@link checkReadout}. */
export function formatReadout(readout: Readout): string {
  checkReadout(readout);
  switch (readout.rule) {
    case "at-scale":
      return `at-scale=${readout.scale}`;
    case "ratio":
      return `ratio>${readout.ratio}`;
    case "persistence":
      return `persistence>${readout.length}`;
    case "relative-persistence":
      return `relative-persistence>${readout.fraction}`;
    case "single-linkage-gap":
      return `single-linkage-gap>${readout.ratio ?? 2}`;
    case "universal-null":
      return `universal-null${readout.correction === "benjamini-hochberg" ? "-bh" : ""}@${readout.alpha ?? 0.05}`;
    case "fasy": {
      const draws = readout.subsamples ?? defaultDraws.fasy;
      const factor = readout.factor === 2 ? ":2c" : "";
      return `fasy@${readout.alpha ?? 0.05}${factor}${draws === defaultDraws.fasy ? "" : `:B=${draws}`}`;
    }
    case "bootstrap": {
      const draws = readout.resamples ?? defaultDraws.bootstrap;
      return `bootstrap@${readout.alpha ?? 0.05}${draws === defaultDraws.bootstrap ? "" : `:B=${draws}`}`;
    }
    default:
      return readout.rule;
  }
}

/**
 * Reads a readout's name: `count`, `at-scale=0.8`, `ratio>1.1`, `persistence>0.5`, `relative-persistence>0.1`,
 * `largest-gap`, `single-linkage-gap>2`, `universal-null@0.05`, `universal-null-bh@0.05`, `fasy@0.05`, `bootstrap@0.05`,
 * `paper`, `paper-corrected`. What has a default may be left out (`fasy`). `:2c` sets the factor of `fasy`, `:B=500` the
 * number of its subsamples or of the resamples of `bootstrap`.
 * @throws ConfigError for anything else, also for parameters out of range
 */
export function parseReadout(text: string): Readout {
  const unknown = () => new ConfigError(expected("a readout", "readout", text), { hint: `Use ${forms}.` });
  if (typeof text !== "string") throw unknown();
  const [, rule, mark = "", parameter, more = ""] =
    /^([a-z-]+?)(?:([=>@])([^:]*))?((?::[^:]*)*)$/.exec(text.trim()) ?? [];
  const draws = /(?:^|:)B=(\d+)(?:$|:)/.exec(more)?.[1];
  const factor = /(?:^|:)2c(?:$|:)/.test(more) ? 2 : undefined;
  const rest = more.replace(/:B=\d+/, "").replace(rule === "fasy" ? /:2c/ : /$^/, "");
  if (rest !== "" || (more !== "" && rule !== "fasy" && rule !== "bootstrap")) throw unknown();
  const value = parameter === undefined || parameter.trim() === "" ? Number.NaN : Number(parameter);
  const given = mark === "" ? {} : { value };
  const alpha = given.value ?? 0.05;
  switch (`${rule}${mark}`) {
    case "count":
    case "largest-gap":
    case "paper":
    case "paper-corrected":
      return { rule: rule as "count" | "largest-gap" | "paper" | "paper-corrected" };
    case "at-scale=":
      return checkReadout({ rule: "at-scale", scale: value }, text);
    case "ratio>":
      return checkReadout({ rule: "ratio", ratio: value }, text);
    case "persistence>":
      return checkReadout({ rule: "persistence", length: value }, text);
    case "relative-persistence>":
      return checkReadout({ rule: "relative-persistence", fraction: value }, text);
    case "single-linkage-gap":
    case "single-linkage-gap>":
      return checkReadout({ rule: "single-linkage-gap", ratio: given.value ?? 2 }, text);
    case "universal-null":
    case "universal-null@":
      return checkReadout({ rule: "universal-null", alpha }, text);
    case "universal-null-bh":
    case "universal-null-bh@":
      return checkReadout({ rule: "universal-null", alpha, correction: "benjamini-hochberg" }, text);
    case "fasy":
    case "fasy@": {
      const subsamples = draws ? { subsamples: Number(draws) } : {};
      return checkReadout({ rule: "fasy", alpha, ...(factor ? { factor } : {}), ...subsamples }, text);
    }
    case "bootstrap":
    case "bootstrap@":
      return checkReadout({ rule: "bootstrap", alpha, ...(draws ? { resamples: Number(draws) } : {}) }, text);
    default:
      throw unknown();
  }
}

/**
 * Checks a readout's parameters and returns it.
 * @throws ConfigError naming `shown` (or the readout itself) when a parameter is out of range
 */
export function checkReadout(readout: Readout, shown?: string): Readout {
  const check = (holds: boolean, what: string) => {
    if (!holds) throw new ConfigError(expected(what, "readout", shown ?? readout), { hint: `Use ${forms}.` });
  };
  const level = (alpha = 0.05) => check(alpha > 0 && alpha < 1, "a level between 0 and 1");
  const draws = (count = 1) => check(Number.isInteger(count) && count >= 1 && count <= 1e6, "1 to 1000000 draws");
  check(typeof readout === "object" && readout !== null && Object.hasOwn(parameters, readout.rule), "a readout");
  const names = ["rule", ...parameters[readout.rule]].map((one) => [one, true as const] as const);
  checkFields(readout, Object.fromEntries(names), `the readout ${readout.rule}`);
  switch (readout.rule) {
    case "at-scale":
      check(Number.isFinite(readout.scale) && readout.scale >= 0, "a scale of at least 0");
      break;
    case "ratio":
      check(Number.isFinite(readout.ratio) && readout.ratio >= 1, "a ratio of at least 1");
      break;
    case "persistence":
      check(Number.isFinite(readout.length) && readout.length >= 0, "a length of at least 0");
      break;
    case "relative-persistence":
      check(readout.fraction >= 0 && readout.fraction <= 1, "a fraction from 0 to 1");
      break;
    case "single-linkage-gap":
      check(Number.isFinite(readout.ratio ?? 2) && (readout.ratio ?? 2) >= 1, "a ratio of at least 1");
      break;
    case "universal-null":
      level(readout.alpha);
      check(
        ["bonferroni", "benjamini-hochberg"].includes(readout.correction ?? "bonferroni"),
        "the correction bonferroni or benjamini-hochberg",
      );
      break;
    case "fasy":
      level(readout.alpha);
      draws(readout.subsamples);
      check([2, 4].includes(readout.factor ?? 4), "a factor of 2 or 4");
      break;
    case "bootstrap":
      level(readout.alpha);
      draws(readout.resamples);
      break;
  }
  return readout;
}

/** Whether a rule reads the points themselves, and {@link bettiNumbers} therefore needs a context. */
export function needsContext(readout: Readout): boolean {
  checkReadout(readout);
  return ["relative-persistence", "fasy", "bootstrap"].includes(readout.rule);
}

/** What a rule counts, in one or two sentences for a report. */
export function describeReadout(readout: Readout): string {
  checkReadout(readout);
  switch (readout.rule) {
    case "count":
      return "Every interval counts, however short. In dimension 0 that is the number of distinct points.";
    case "at-scale":
      return `Intervals alive at edge length ${readout.scale}: the Betti numbers of the complex at that scale.`;
    case "ratio":
      return `Intervals that die at more than ${readout.ratio} times the scale of their birth. Free of scale; none in dimension 0.`;
    case "persistence":
      return `Intervals longer than ${readout.length}.`;
    case "relative-persistence":
      return `Intervals longer than ${readout.fraction} times the diameter of the cloud. Free of scale.`;
    case "largest-gap":
      return "Intervals above the largest gap between neighbouring lengths. Free of scale; it separates long from short, and does not test whether there is anything to separate.";
    case "single-linkage-gap":
      return `Clusters before the merges above the largest gap of single linkage, where that gap spans a ratio above ${readout.ratio ?? 2}; else 1. Dimension 0 only.`;
    case "universal-null": {
      const correction =
        readout.correction === "benjamini-hochberg"
          ? "the false discovery rate held by Benjamini and Hochberg's procedure"
          : "Bonferroni's correction over the diagram";
      return `Intervals whose ratio of death to birth is too large for noise at level ${readout.alpha ?? 0.05}, by the universal null distribution of Bobrowski and Skraba with ${correction}. Free of scale; the distribution is a conjecture that experiments support. Not tested: diagrams of few intervals, and those whose intervals are not born near the distances of neighbours, as those of noise are. None in dimension 0.`;
    }
    case "fasy":
      return `Intervals longer than the sampling error allows at level ${readout.alpha ?? 0.05}, by the subsampling of Fasy et al. (${readout.factor === 2 ? "2c, the rule for filtrations by radius" : "4c, which holds for Rips by edge length"}). Asymptotic; not tested where the sample is so small that no interval could be that long.`;
    case "bootstrap":
      return `Intervals longer than twice the ${Number((1 - (readout.alpha ?? 0.05)).toFixed(9))} quantile of the bottleneck distance to the diagrams of resamples. A heuristic: not known to be consistent for Rips complexes.`;
    case "paper":
      return "The rule of the demo code of arXiv 2109.01461 with honest names: among the 1000 longest intervals, b1 is the number of H1 intervals, b0 is b1 plus the H0 intervals that die at or after the first loop is born.";
    case "paper-corrected":
      return "What the demo's rule means to compute: b1 as in paper, b0 the components just below the birth of the first loop.";
  }
}

/**
 * Statements shown beside the bounds and never used in them: asymptotic orders, whose constants are unknown, and
 * formulas quoted from memory. Lower bounds say that some weights reach them, nothing about trained ones.
 *
 * Sources: Bianchini and Scarselli 2014 (table of orders and lower bounds for decision regions), Montúfar, Pascanu, Cho
 * and Bengio 2014 (regions some ReLU network has), Ergen and Grillo 2024 (Betti numbers of ReLU decision regions).
 */

import { checkFields, type Known } from "../options.js";
import { type ActivationClass, classifyActivation } from "./activation.js";
import {
  binomialOfCount,
  type Count,
  countOf,
  log10Of,
  multiplyCounts,
  powerOf,
  powerOfCount,
  showCount,
} from "./count.js";
import { hyperplaneCellsCount } from "./hyperplane-cells.js";
import { reluRegionCounts } from "./linear-regions.js";
import { requireInteger, requireIntegers } from "./requirement.js";

/** Something quoted, with its standing. */
export interface RecalledStatement {
  /** What is bounded, e.g. "sum of Betti numbers of a decision region". */
  readonly quantity: string;
  /** `upper`: at most; `lower`: some weights reach it. */
  readonly direction: "upper" | "lower";
  /** `inequality` as quoted, or `asymptotic`: up to an unknown constant, for large sizes. */
  readonly kind: "inequality" | "asymptotic";
  /** Quoted from memory and not checked in the source. */
  readonly status: "recalled";
  /** As it stands in the source, e.g. "O((n + h)^(n + 2))". */
  readonly formula: string;
  /** log10 of what stands in the formula, without its unknown constant; null where its hypothesis fails. */
  readonly log10: number | null;
  /** The same for people: "16", or "≈ 10^12.4"; null where there is a reason against it. */
  readonly shown: string | null;
  /** Why the formula has no value here: "does not apply: …", or "not evaluated: …"; null where it has one. */
  readonly reason: string | null;
  readonly source: string;
}

/** A network with affine output behind its hidden layers. */
export interface RecalledOptions {
  readonly inputDimension: number;
  /** Hidden widths n_1..n_L. */
  readonly widths: readonly number[];
  readonly activation: string | ActivationClass;
  /** Largest degree of homology. @default 1 */
  readonly maxDim?: number;
}

/** What is quoted for a network; empty where nothing is. None of it enters a minimum. */
export function recalledStatements(options: RecalledOptions): RecalledStatement[] {
  checkFields(
    options,
    { inputDimension: true, widths: true, activation: true, maxDim: true } satisfies Known<typeof options>,
    "what recalledStatements is given",
  );
  const { inputDimension: n, widths, maxDim = 1 } = options;
  requireInteger(n, "inputDimension", 1);
  requireIntegers(widths, "widths", 1);
  requireInteger(maxDim, "maxDim", 0);
  const activation = classifyActivation(options.activation);
  const layers = widths.length;
  const h = widths.reduce((sum, width) => sum + width, 0);
  const order = (formula: string, count: Count) =>
    statement({ quantity: region, direction: "upper", kind: "asymptotic", formula, source: bianchini }, count);
  const reached = (formula: string, count: Count) =>
    statement({ quantity: region, direction: "lower", kind: "asymptotic", formula, source: bianchini }, count);
  const deeper = (power: number) => powerOf(n * layers + n, power);
  switch (activation.kind) {
    case "pfaffian": {
      const found: RecalledStatement[] = [];
      if (activation.chain === "arctan") {
        if (layers === 1) found.push(order("O((n + h)^(n + 2))", powerOf(n + h, n + 2)));
        found.push(
          order("2^(h(2h - 1)) O((nL + n)^(n + 2h))", multiplyCounts(powerOf(2, h * (2 * h - 1)), deeper(n + 2 * h))),
        );
      } else
        found.push(
          order("2^(h(h - 1)/2) O((nL + n)^(n + h))", multiplyCounts(powerOf(2, (h * (h - 1)) / 2), deeper(n + h))),
        );
      if (layers === 1) found.push(oneSigmoidLayer(n, h));
      else found.push(reached("Ω(2^(L - 1))", powerOf(2, layers - 1)));
      return found;
    }
    case "polynomial":
      return [reached("Ω(2^(L - 1))", powerOf(2, layers - 1))];
    case "piecewise-linear":
      return activation.dying ? reluStatements(n, widths, maxDim) : [];
    default:
      return [];
  }
}

/** ((h - 1)/n)^n, which need not be an integer. */
function oneSigmoidLayer(n: number, h: number): RecalledStatement {
  const base = (h - 1) / n;
  const log10 = h === 1 ? null : n * Math.log10(base);
  const shown = Number.isInteger(base) ? showCount(powerOf(base, n)) : `≈ 10^${log10!.toFixed(2)}`;
  const about = { quantity: region, direction: "lower", kind: "asymptotic", source: bianchini } as const;
  return { ...about, status: "recalled", formula: "Ω(((h - 1)/n)^n)", log10, shown, reason: null };
}

/** Regions that some ReLU network of these widths has (short name: regionsLower(n0, widths)); recalled. */
export function linearRegionsReached(options: Pick<RecalledOptions, "inputDimension" | "widths">): RecalledStatement {
  checkFields(
    options,
    { inputDimension: true, widths: true } satisfies Known<typeof options>,
    "what linearRegionsReached is given",
  );
  const { inputDimension: n, widths } = options;
  requireInteger(n, "inputDimension", 1);
  requireIntegers(widths, "widths", 1);
  const about = {
    quantity: "linear regions of a ReLU network",
    direction: "lower",
    kind: "inequality",
    formula: "∏_{l<L} ⌊n_l/n_0⌋^{n_0} · Σ_{j≤n_0} C(n_L, j)",
    source: "Montúfar, Pascanu, Cho and Bengio 2014",
  } as const;
  if (widths.some((width) => width < n))
    return withoutValue(about, "does not apply: it needs n_l ≥ n_0 in every layer");
  const last = hyperplaneCellsCount(widths.at(-1)!, n);
  const folds = widths.slice(0, -1).map((width) => powerOf(Math.floor(width / n), n));
  return statement(about, folds.reduce(multiplyCounts, last));
}

function reluStatements(n: number, widths: readonly number[], maxDim: number): RecalledStatement[] {
  const source = "Ergen and Grillo 2024";
  const regions = reluRegionCounts({ inputDimension: n, widths }).at(-1)!;
  const found = [linearRegionsReached({ inputDimension: n, widths })];
  for (let k = 1; k <= maxDim && k < n; k++) {
    const formula = `C(R, n_0 - ${k} - s), s = 0`;
    const about = {
      direction: "upper",
      kind: "inequality",
      source,
      quantity: `b_${k} of a decision region`,
      formula,
    } as const;
    found.push(
      n - k > 4096
        ? withoutValue(about, "not evaluated: the input is too large")
        : statement(about, binomialOfCount(regions, n - k)),
    );
  }
  // M = 2 ∏_{l<L} ⌊n_l / 2n_0⌋
  const folds = widths.slice(0, -1).map((width) => countOf(Math.floor(width / (2 * n))));
  const m = folds.reduce(multiplyCounts, countOf(2));
  const reached = { direction: "lower", kind: "asymptotic", source } as const;
  for (let k = 0; k <= maxDim && k < n; k++) {
    const power = k === 0 ? n : k;
    const formula = `Ω(M^${k === 0 ? "n_0" : k} n_L), M = 2 ∏_{l<L} ⌊n_l/2n_0⌋`;
    const about = { ...reached, quantity: `b_${k} of a decision region`, formula };
    const count = multiplyCounts(powerOfCount(m, power), countOf(widths.at(-1)!));
    found.push(
      count.mantissa === 0
        ? withoutValue(about, "does not apply: it needs n_l ≥ 2 n_0 before the last layer")
        : statement(about, count),
    );
  }
  return found;
}

const bianchini = "Bianchini and Scarselli 2014";
const region = "sum of Betti numbers of a decision region";

type About = Omit<RecalledStatement, "status" | "log10" | "shown" | "reason">;

function statement(about: About, count: Count): RecalledStatement {
  const log10 = log10Of(count);
  const known = { log10: Number.isFinite(log10) ? log10 : null, shown: showCount(count), reason: null };
  return { ...about, status: "recalled", ...known };
}

function withoutValue(about: About, reason: string): RecalledStatement {
  return { ...about, status: "recalled", log10: null, shown: null, reason };
}

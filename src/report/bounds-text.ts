/** The bounds of an architecture for a terminal: the table, decision regions, weights, and what is only quoted. */
import pc from "picocolors";
import { classifyActivation } from "../bounds/activation.js";
import type { ArchitectureModule } from "../bounds/architecture.js";
import { describeField, formatBound } from "../bounds/format.js";
import type { RegionBound } from "../bounds/network-regions.js";
import type { RecalledStatement } from "../bounds/recalled-statements.js";
import type { TrainedLayer } from "../bounds/trained-network.js";
import { type TextOptions, wrap } from "./terminal.js";
import { type ArchitectureBounds, formatBoundsTable } from "./text.js";

/** Everything `bettina bounds` shows. */
export interface ArchitectureReport extends ArchitectureBounds {
  /** The layers, in order. */
  readonly modules: readonly ArchitectureModule[];
  readonly regions: readonly RegionBound[];
  /** What Johnson's theorem says of it; null where it says nothing. */
  readonly surrounding: { readonly text: string } | null;
  /** Shown apart; none of it is in a bound. */
  readonly recalled: readonly RecalledStatement[];
  /** What trained weights add, when they were given. */
  readonly trained: readonly TrainedLayer[] | null;
}

/** The table of bounds and what belongs beside it. */
export function formatArchitectureBounds(
  report: ArchitectureReport,
  options: TextOptions & { readonly explain?: boolean } = {},
): string {
  const colours = pc.createColors(options.colour ?? false);
  const columns = options.columns ?? 80;
  const item = (text: string) => wrap(text, columns, "  ", "    ");
  const parts = [formatBoundsTable(report, options)];
  const { regions, surrounding, recalled, trained } = report;
  parts.push(wrap(`Layers: ${report.modules.map(describeLayer).join(", ")}.`, columns, "", "  "));
  if (regions.length > 0) {
    const lines = regions.flatMap(({ region, k, bound, reason }) => {
      const what = k === "sum" ? "sum of all b_k" : `b_${k}`;
      if (bound === null) return [item(`${region}: n/a (${reason ?? "no theorem applies"})`)];
      const steps = options.explain ? bound.trace.map((step) => wrap(step, columns, "  · ", "    ")) : [];
      const value = colours.bold(formatBound(bound).replace("≈ ", ""));
      return [
        item(`${region}: ${what} at most ${value} (${bound.theorem}; ${describeField(bound.field)}; ${bound.status})`),
        ...steps,
      ];
    });
    if (surrounding) lines.push(item(surrounding.text));
    parts.push([colours.bold("Decision regions of the output"), ...lines].join("\n"));
  }
  if (trained) parts.push([colours.bold("From the weights"), ...weightLines(trained).map(item)].join("\n"));
  if (recalled.length > 0)
    parts.push(
      [
        colours.bold("Apart: quoted from memory or asymptotic; never part of a bound above"),
        ...recalled.map((statement) => colours.dim(item(quotation(statement)))),
      ].join("\n"),
    );
  return parts.join("\n\n");
}

function quotation({ quantity, direction, formula, shown, reason, source, kind }: RecalledStatement): string {
  const value =
    reason ?? (kind === "asymptotic" ? `the expression is ${shown}, its constant unknown` : `here ${shown}`);
  return `${quantity}: ${direction === "upper" ? "at most" : "reached by some weights:"} ${formula}; ${value} (${source}; recalled)`;
}

/** One layer as it is bounded: "1 64 (relu)", "2 10 (affine output)". */
function describeLayer(module: ArchitectureModule, i: number, all: readonly ArchitectureModule[]): string {
  const own = module.kind === "layer" ? ` (${describeActivation(module.activation, i === all.length - 1)})` : "";
  return `${i + 1} ${module.text}${own}`;
}

function describeActivation(activation: string, last: boolean): string {
  if (classifyActivation(activation).kind !== "affine") return activation;
  return last ? "affine output" : "affine";
}

function weightLines(trained: readonly TrainedLayer[]): string[] {
  const lines = trained.map(({ layer, width, rank, largestRank, tolerance, margin, folded }) => {
    const ranks =
      rank === null
        ? `rank not computed (too large), at most ${largestRank}`
        : `rank ${rank} of ${largestRank} (singular values above ${tolerance!.toExponential(2)}` +
          `${margin === null ? "" : `, the smallest counted ${margin.toPrecision(2)} times that`})`;
    return `layer ${layer}: ${ranks}; ${folded} of ${width} units may fold, ${width - folded} certified not to`;
  });
  const dropped = trained.some(({ rank, largestRank }) => rank !== null && rank < largestRank);
  lines.push(
    dropped
      ? "Ranks are numeric: where singular values were dropped, the bounds hold for the network with them set to zero."
      : "No singular value was dropped: the ranks are the largest possible ones, and the bounds hold for the network itself.",
    "Folded units are counted by interval arithmetic with every rounding error added: a certificate on the domain.",
  );
  return lines;
}

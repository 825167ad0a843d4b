/** The claims of "Dive into Layers" (arXiv 2109.01461), each in figures beside its controls. Pure functions of a result. */
import type { SweepWidth } from "../network/architecture.js";
import { collectEvidence } from "../selection/evidence.js";
import type { StudyResult } from "../study/result.js";
import { levelOf, placeAt } from "./levels.js";
import { layersOf, readoutsOf, widthsOf } from "./summary.js";

/** What one kind of cloud shows of the three claims, in degree 1. */
export interface ClaimFigures {
  readonly source: "network" | "untrained" | "projection";
  /** Medians at the first and the last width, mean over the layers, and the steps from width to width that rise. */
  readonly rise: { readonly from: number; readonly to: number; readonly up: number; readonly steps: number } | null;
  /** Comparisons of one sample with the input in which the layer measured more. */
  readonly exceeds: { readonly more: number; readonly all: number };
  /** (largest − smallest) / mean of the layers' medians, by width; empty without layers, null where the mean is 0. */
  readonly spread: readonly { readonly width: SweepWidth; readonly share: number | null }[];
}

/** The claims by one readout, for the networks of one activation. */
export interface Claims {
  readonly activation: string;
  readonly readout: string;
  readonly figures: readonly ClaimFigures[];
}

/** The readouts that the claims are shown by: the paper's count, and the ratio that discounts the shortest intervals. */
export function claimReadouts(result: StudyResult): string[] {
  const used = readoutsOf(result);
  return ["count", "ratio>1.1"].filter((name) => used.includes(name));
}

/** The figures; a source that was not measured is left out. */
export function claimsOf(result: StudyResult, activation: string, readout: string): Claims {
  const widths = widthsOf(result);
  const figures = (["network", "untrained", "projection"] as const).flatMap((source): ClaimFigures[] => {
    const own = source === "projection" ? null : activation;
    const comparisons = collectEvidence(readout, result.measurements, source, own, widths).flatMap(({ runs }) =>
      runs.flatMap((run) => run.comparisons.filter(({ k }) => k === 1)),
    );
    if (comparisons.length === 0) return [];
    const levels = widths.map((width) => ({
      width,
      medians: (source === "projection" ? [1] : layersOf(result)).flatMap(
        (layer) => levelOf(result, readout, 1, placeAt(source, activation, width, layer))?.median ?? [],
      ),
    }));
    const means = levels.flatMap(({ medians }) => (medians.length === 0 ? [] : mean(medians)));
    return [
      {
        source,
        rise:
          means.length < 2
            ? null
            : {
                from: means[0]!,
                to: means.at(-1)!,
                up: means.filter((value, i) => i > 0 && value > means[i - 1]!).length,
                steps: means.length - 1,
              },
        exceeds: {
          more: comparisons.filter(({ input, measured }) => measured > input).length,
          all: comparisons.length,
        },
        spread:
          source === "projection"
            ? []
            : levels
                .filter(({ medians }) => medians.length > 1)
                .map(({ width, medians }) => ({
                  width,
                  share: mean(medians) === 0 ? null : (Math.max(...medians) - Math.min(...medians)) / mean(medians),
                })),
      },
    ];
  });
  return { activation, readout, figures };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

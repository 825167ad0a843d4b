/** The widths of a study at a glance: what the bounds exclude, what the trainings and the random maps keep, accuracy. */
import { hiddenWidths, narrowestWidth, type SweepWidth } from "../network/architecture.js";
import type { EmpiricalTest } from "./empirical.js";
import { median } from "./evidence.js";
import { enclosureExclusions } from "./exclusions.js";
import { exclusion, type Family, hypothesisOf } from "./inverse.js";

/** The sweep of a study. */
export interface Sweep {
  /** Ascending in the order of the study's decision. */
  readonly widths: readonly SweepWidth[];
  readonly hiddenLayers: number;
  readonly networks: readonly {
    readonly activation: string;
    readonly width: SweepWidth;
    readonly testAccuracy: number;
  }[];
}

/** One width of a study. */
export interface WidthRow {
  readonly width: SweepWidth;
  /**
   * `excluded`: N1, a proof if the Betti numbers are the data's. `needs hypothesis`: excluded by the carry bound, under
   * the hypothesis it names as well, or by Johnson's theorem (N5) where a class of the sample surrounds another. `not
   * excluded`: by neither.
   */
  readonly standing: "excluded" | "needs hypothesis" | "not excluded";
  /** The inequality that excludes it; null where none does. */
  readonly because: string | null;
  /** What that assumes, as a clause that follows "if"; null where nothing excludes it. */
  readonly hypothesis: string | null;
  /** Trainings that keep, of so many; null without a test. */
  readonly kept: { readonly kept: number; readonly runs: number } | null;
  /** Lower confidence limit of the share that keeps; null where no confidence is claimed. */
  readonly lowerLimit: number | null;
  readonly accepted: boolean;
  readonly projectionKept: { readonly kept: number; readonly runs: number } | null;
  /** Median test accuracy; null without a trained network. */
  readonly accuracy: number | null;
}

/** The rows in the order of the sweep, for the networks of one family as deep as the study's. */
export function widthRows(
  betti: readonly number[],
  family: Family,
  { widths, hiddenLayers, networks }: Sweep,
  test: EmpiricalTest | null,
): WidthRow[] {
  const top = betti.findLastIndex((b) => b > 0);
  return widths.map((width) => {
    const proof = narrowestWidth(width) < top + 1;
    const [surrounding] = enclosureExclusions(family.enclosures ?? [], family.activation, [width]);
    const narrow = !proof && surrounding !== undefined && surrounding.widths.length > 0;
    const because = proof
      ? `b_${top} ≠ 0 needs ${top + 1} units (N1)`
      : narrow
        ? `some hidden layer needs ${surrounding.leastWidth} units (N5)`
        : exclusion("carry", betti, hiddenWidths(width, hiddenLayers), family);
    const carried = hypothesisOf("carry", family);
    const hypothesis = proof
      ? "these are the data's true Betti numbers and every hidden layer has to pass them on"
      : narrow
        ? surrounding.hypothesis
        : carried;
    const tested = test?.widths.find((one) => one.width === width);
    const own = networks.filter((one) => one.activation === family.activation && one.width === width);
    return {
      width,
      standing: proof ? "excluded" : because === null ? "not excluded" : "needs hypothesis",
      because,
      hypothesis: because === null ? null : hypothesis,
      kept: tested ? { kept: tested.kept, runs: tested.trainings } : null,
      lowerLimit: tested && test!.rule === "every-class" ? tested.lowerLimit : null,
      accepted: tested?.accepted ?? false,
      projectionKept: tested?.projectionKept ?? null,
      accuracy: own.length === 0 ? null : median(own.map(({ testAccuracy }) => testAccuracy)),
    };
  });
}

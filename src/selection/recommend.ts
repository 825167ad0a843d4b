/** What the recommendation holds (filled in by the selection room). */

/** One finding about one width. */
export interface WidthFinding {
  readonly width: number;
  /** Degree of homology the finding speaks of. */
  readonly k: number;
  /** One sentence for people. */
  readonly text: string;
}

/** What a study recommends, in words and in numbers. */
export interface Recommendation {
  /** The readout the comparison was made by, e.g. `universal-null@0.05`. */
  readonly readout: string;
  /** `indicative` with fewer seeds than a confidence statement needs: one training per width proves nothing. */
  readonly strength: "indicative" | "confident";
  /** One per activation of the study. */
  readonly byActivation: readonly ActivationRecommendation[];
  /** Whole recommendation in plain words, a sentence a line, ready to print. */
  readonly sentences: readonly string[];
}

/** Findings for the networks of one activation. */
export interface ActivationRecommendation {
  readonly activation: string;
  /** Widths that cannot carry a Betti number of that degree at all (N1): a proof. */
  readonly cannotCarry: readonly WidthFinding[];
  /** Widths excluded if the data's true Betti numbers are at least the measured ones and the data are cut out by the assumed equations. */
  readonly excludedIf: readonly WidthFinding[];
  /** Widths at which some layer measured fewer than the input. */
  readonly measuredFewer: readonly WidthFinding[];
  /** Smallest width tried at which no layer measured fewer than the input; null: none of the widths tried. */
  readonly smallestKept: number | null;
}

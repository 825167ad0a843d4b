/**
 * Does topology help? Beside the width that Betti numbers point to stands the one that accuracy alone would choose, what
 * theorems exclude, and for every readout and layer the rank correlation with accuracy between trainings of one width.
 */

import type { SweepWidth } from "../network/architecture.js";
import { accuraciesOf, chosenBy, type Trained } from "./accuracy.js";
import { comparisonSentences } from "./comparison-sentences.js";
import { comparedDegrees, type Measured, median } from "./evidence.js";
import type { Exclusion } from "./exclusions.js";
import type { Recommendation } from "./recommend.js";
import { holm } from "./sign-test.js";
import { leastTrainings, type Stratum, smallestP, type WithinWidths, withinWidths } from "./within-widths.js";

/** The networks of one width, as a choice: what they reach and what they cost. Medians over the trainings. */
export interface WidthChoice {
  readonly width: SweepWidth;
  readonly testAccuracy: number;
  /** null where no images are held back. */
  readonly validationAccuracy: number | null;
  /** Trained numbers of one network. */
  readonly parameters: number;
  /** Parameters × images trained on: goes with the arithmetic of one training, and is the same on every machine. */
  readonly cost: number;
  /** The trainings; `environment.json` holds the seconds of each. */
  readonly jobs: readonly string[];
}

/**
 * Whether trainings of one width that measure more by a readout in one layer are also more accurate: over widths alone
 * both would rise with the width, whatever the network does.
 */
export interface AccuracyCorrelation extends WithinWidths {
  readonly readout: string;
  readonly k: number;
  readonly layer: number;
  /** p corrected by Holm over all readouts, degrees and layers; null as `pValue`. */
  readonly adjustedP: number | null;
}

/** What topology and accuracy say of the networks of one activation. */
export interface Comparison {
  readonly activation: string;
  /** Which accuracy chose: on images held back, or, where there are none, on the test images. */
  readonly chosenBy: "validation" | "test";
  /** The network with the fewest parameters within 0.01 of the best accuracy; null without a trained network. */
  readonly byAccuracy: WidthChoice | null;
  /** The width that Betti numbers point to by the decision's rule; null where they point to none. */
  readonly byTopology: WidthChoice | null;
  /** How: accepted with confidence, or the smallest at which every training kept the input's numbers. */
  readonly basis: "confident" | "smallest kept" | null;
  /**
   * `none`: topology names no width. `controls`: a control keeps as many at that width or a smaller one, so it is no
   * finding about the networks. Else how topology's network lies to accuracy's: `wider` when it has more parameters.
   */
  readonly outcome: "none" | "controls" | "same" | "wider" | "narrower";
  /** The theorems that exclude widths tried, each under its hypothesis. */
  readonly excluded: readonly { readonly name: Exclusion["name"]; readonly widths: readonly SweepWidth[] }[];
  readonly correlations: readonly AccuracyCorrelation[];
  /** Those of them that pass at the decision's level, corrected. */
  readonly informative: readonly { readonly readout: string; readonly k: number; readonly layer: number }[];
  /**
   * Whether so many trainings could show a correlation at that level at all: null with fewer than four of every width, or
   * where nothing varies between them.
   */
  readonly tellable: boolean | null;
  /** In plain words, a sentence each. */
  readonly sentences: readonly string[];
}

/** What {@link compareWithAccuracy} needs. A `StudyResult` and its config have it. */
export interface ComparisonInput {
  readonly measurements: readonly Measured[];
  readonly networks: readonly (Trained & {
    readonly id: string;
    readonly seed: number;
    readonly steps: number;
  })[];
  readonly readouts: readonly string[];
  readonly batchSize: number;
  /** Level of the correlations' tests. */
  readonly alpha: number;
  readonly recommendation: Omit<Recommendation, "sentences" | "summary">;
}

/** One comparison per activation, in the recommendation's order. Pure. */
export function compareWithAccuracy(input: ComparisonInput): Comparison[] {
  return input.recommendation.byActivation.map(({ activation }) => compare(activation, input));
}

function compare(activation: string, input: ComparisonInput): Comparison {
  const { recommendation, alpha } = input;
  const choices = choicesOf(activation, input);
  const own = recommendation.byActivation.find((one) => one.activation === activation)!;
  const byAccuracy = choices.find(({ width }) => width === own.smallestAccurate?.width) ?? null;
  const width = recommendation.nothingToKeep ? null : (own.confidentWidth ?? own.smallestKept);
  const byTopology = choices.find((choice) => choice.width === width) ?? null;
  const basis = byTopology === null ? null : own.confidentWidth === width ? "confident" : "smallest kept";
  const controls = [own.projectionSmallestKept, own.untrainedSmallestKept, own.gaussianSmallestKept];
  const rank = (of: SweepWidth) => recommendation.widths.indexOf(of);
  const explained =
    byTopology !== null && controls.some((kept) => kept !== null && rank(kept) <= rank(byTopology.width));
  const outcome =
    byTopology === null || byAccuracy === null
      ? "none"
      : explained
        ? "controls"
        : byTopology.width === byAccuracy.width
          ? "same"
          : byTopology.parameters > byAccuracy.parameters
            ? "wider"
            : "narrower";
  const correlations = correlationsOf(activation, input);
  const found = {
    activation,
    chosenBy: chosenBy(own.accuracies),
    byAccuracy,
    byTopology,
    basis,
    outcome,
    excluded: own.exclusions.flatMap(({ name, widths }) => (widths.length === 0 ? [] : [{ name, widths }])),
    correlations,
    informative: correlations
      .filter(({ adjustedP }) => adjustedP !== null && adjustedP <= alpha)
      .map(({ readout, k, layer }) => ({ readout, k, layer })),
    tellable: tellable(correlations, alpha),
  } as const;
  return { ...found, sentences: comparisonSentences(found, recommendation) };
}

/** The widths with a trained network, ascending. */
function choicesOf(activation: string, { networks, batchSize, recommendation }: ComparisonInput): WidthChoice[] {
  return accuraciesOf(networks, activation, recommendation.widths).map((one) => {
    const { width, parameters, accuracy, validation } = one;
    const trained = networks.filter((network) => network.activation === activation && network.width === width);
    return {
      width,
      testAccuracy: accuracy,
      validationAccuracy: validation,
      parameters,
      cost: median(trained.map(({ steps }) => steps * batchSize * parameters)),
      jobs: trained.map(({ id }) => id),
    };
  });
}

function correlationsOf(activation: string, input: ComparisonInput): AccuracyCorrelation[] {
  const { measurements, readouts, recommendation } = input;
  const layers = [
    ...new Set(
      measurements.flatMap((one) => (one.source === "network" && one.activation === activation ? one.layer : [])),
    ),
  ].sort((one, other) => one - other);
  const found = readouts.flatMap((readout) =>
    comparedDegrees(readout, measurements)
      .filter((k) => k > 0)
      .flatMap((k) =>
        layers.map((layer) => {
          const strata = recommendation.widths.map((width) => stratum({ activation, readout, k, layer, width }, input));
          return { readout, k, layer, ...withinWidths(strata) };
        }),
      ),
  );
  const tested = found.filter(({ pValue }) => pValue !== null);
  const adjusted = holm(tested.map(({ pValue }) => pValue!));
  return found.map((one) => ({ ...one, adjustedP: one.pValue === null ? null : adjusted[tested.indexOf(one)]! }));
}

/**
 * The trainings of one width: the mean over the samples of what a layer measures, and the test accuracy. Samples of which
 * some training defines no number are left out for all.
 */
function stratum(
  place: {
    readonly activation: string;
    readonly readout: string;
    readonly k: number;
    readonly layer: number;
    readonly width: SweepWidth;
  },
  { measurements, networks }: ComparisonInput,
): Stratum {
  const { activation, readout, k, layer, width } = place;
  const bySeed = new Map<number, Map<string, number | null>>();
  for (const one of measurements) {
    if (one.source !== "network" || one.activation !== activation || one.width !== width) continue;
    if (one.layer !== layer || one.seed === null) continue;
    const samples = bySeed.get(one.seed) ?? new Map<string, number | null>();
    bySeed.set(one.seed, samples);
    const betti = one.readouts.find((reading) => reading.readout === readout)?.betti[k];
    samples.set(`${one.class}/${one.subsample}`, betti ?? null);
  }
  const trained = networks.filter(
    (one) => one.activation === activation && one.width === width && bySeed.has(one.seed),
  );
  const all = trained.map(({ seed }) => bySeed.get(seed)!);
  const shared = [...(all[0]?.keys() ?? [])].filter((sample) => all.every((one) => (one.get(sample) ?? null) !== null));
  if (shared.length === 0) return { width, values: [], accuracies: [] };
  return {
    width,
    values: all.map((one) => shared.reduce((sum, sample) => sum + one.get(sample)!, 0) / shared.length),
    accuracies: trained.map(({ testAccuracy }) => testAccuracy),
  };
}

/** Whether the smallest p that the trainings can give would pass after the correction. */
function tellable(correlations: readonly AccuracyCorrelation[], alpha: number): boolean | null {
  const tested = correlations.filter(({ pValue }) => pValue !== null);
  if (tested.length === 0) return null;
  return tested.some(({ byWidth }) => {
    const trainings = byWidth.flatMap((one) => (one.rho === null ? [] : one.trainings));
    return tested.length * smallestP(trainings) <= alpha;
  });
}

/** Whether some width has trainings enough for a correlation. */
export function enoughTrainings(correlations: readonly AccuracyCorrelation[]): boolean {
  return correlations.some(({ byWidth }) => byWidth.some(({ trainings }) => trainings >= leastTrainings));
}

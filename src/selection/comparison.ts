/**
 * Does topology help? Beside the width that Betti numbers point to stands the one that accuracy alone would choose, and
 * for every readout the rank correlation with accuracy over the widths, with and without each control subtracted.
 */

import { layerWidth, type SweepWidth } from "../network/architecture.js";
import { accuraciesOf, chosenBy, type Trained } from "./accuracy.js";
import { comparisonSentences } from "./comparison-sentences.js";
import { comparedDegrees, type Measured, median } from "./evidence.js";
import type { Recommendation } from "./recommend.js";
import { type RankCorrelation, spearman } from "./spearman.js";

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

/** A control that is subtracted before correlating: its median in the same layer, or at the width of that layer. */
export type SubtractedControl = "projection" | "untrained" | "gaussian";

/** Rank correlation, over the widths, between the median of a readout in one layer and the median test accuracy. */
export interface AccuracyCorrelation extends RankCorrelation {
  readonly readout: string;
  readonly k: number;
  readonly layer: number;
  /** null: the readout as it is. */
  readonly minus: SubtractedControl | null;
  /** p corrected by Holm over all readouts, degrees and layers with the same control subtracted; null as `pValue`. */
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
  readonly correlations: readonly AccuracyCorrelation[];
  /** Readouts whose correlation with accuracy remains, at the decision's level, whichever control is subtracted. */
  readonly informative: readonly { readonly readout: string; readonly k: number; readonly layer: number }[];
  /** Whether so few widths could show a correlation at that level at all; null where nothing could be correlated. */
  readonly tellable: boolean | null;
  /** True when no readout is informative: accuracy alone would have told as much. */
  readonly addedNothing: boolean;
  /** In plain words, a sentence each. */
  readonly sentences: readonly string[];
}

/** What {@link compareWithAccuracy} needs. A `StudyResult` and its config have it. */
export interface ComparisonInput {
  readonly measurements: readonly Measured[];
  readonly networks: readonly (Trained & {
    readonly id: string;
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
  const correlations = correlationsOf(activation, choices, input);
  const informative = informativeOf(correlations, alpha);
  const found = {
    activation,
    chosenBy: chosenBy(own.accuracies),
    byAccuracy,
    byTopology,
    basis,
    outcome,
    correlations,
    informative,
    tellable: tellable(correlations, alpha),
    addedNothing: informative.length === 0,
  } as const;
  return { ...found, sentences: comparisonSentences(found, recommendation.readout) };
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

const controlNames = ["projection", "untrained", "gaussian"] as const;

function correlationsOf(
  activation: string,
  choices: readonly WidthChoice[],
  { measurements, readouts }: ComparisonInput,
): AccuracyCorrelation[] {
  const layers = [
    ...new Set(
      measurements.flatMap((one) => (one.source === "network" && one.activation === activation ? one.layer : [])),
    ),
  ].sort((one, other) => one - other);
  const found: Omit<AccuracyCorrelation, "adjustedP">[] = [];
  for (const readout of readouts)
    for (const k of comparedDegrees(readout, measurements)) {
      const medians = mediansBy(measurements, activation, readout, k);
      for (const layer of layers)
        for (const minus of [null, ...controlNames]) {
          const points = choices.flatMap(({ width, testAccuracy }) => {
            const value = medians.get(`network/${width}/${layer}`);
            const control = minus === null ? 0 : medians.get(controlKey(minus, width, layer));
            return value === undefined || control === undefined ? [] : [{ value: value - control, testAccuracy }];
          });
          // A control that was not measured gives no pairs.
          if (points.length === 0) continue;
          const values = points.map(({ value }) => value);
          const accuracies = points.map(({ testAccuracy }) => testAccuracy);
          found.push({ readout, k, layer, minus, ...spearman(values, accuracies) });
        }
    }
  return withHolm(found);
}

/** Where a control of a layer was measured: in the same layer, or without layers at that layer's width. */
function controlKey(minus: SubtractedControl, width: SweepWidth, layer: number): string {
  return minus === "untrained" ? `untrained/${width}/${layer}` : `${minus}/${layerWidth(width, layer)}/0`;
}

/** Median over classes, seeds and samples of every source, width and layer. */
function mediansBy(measurements: readonly Measured[], activation: string, readout: string, k: number) {
  const groups = new Map<string, number[]>();
  for (const { source, width, layer, readouts, activation: of } of measurements) {
    if (of !== null && of !== activation) continue;
    const betti = readouts.find((reading) => reading.readout === readout)?.betti[k];
    if (betti === null || betti === undefined) continue;
    const key = `${source}/${width}/${layer}`;
    const group = groups.get(key);
    if (group) group.push(betti);
    else groups.set(key, [betti]);
  }
  return new Map([...groups].map(([key, values]) => [key, median(values)]));
}

/** Holm's step-down correction among those with the same control subtracted. */
function withHolm(found: readonly Omit<AccuracyCorrelation, "adjustedP">[]): AccuracyCorrelation[] {
  const adjusted = new Map<object, number>();
  for (const minus of [null, ...controlNames]) {
    const tested = found
      .filter((one) => one.minus === minus && one.pValue !== null)
      .sort((one, other) => one.pValue! - other.pValue!);
    let most = 0;
    tested.forEach((one, i) => {
      most = Math.max(most, Math.min(1, (tested.length - i) * one.pValue!));
      adjusted.set(one, most);
    });
  }
  return found.map((one) => ({ ...one, adjustedP: adjusted.get(one) ?? null }));
}

/** Significant with every control subtracted that was measured, one at least. */
function informativeOf(correlations: readonly AccuracyCorrelation[], alpha: number) {
  return correlations
    .filter(({ minus }) => minus === null)
    .filter(({ readout, k, layer }) => {
      const rest = correlations.filter(
        (one) => one.minus !== null && one.readout === readout && one.k === k && one.layer === layer,
      );
      return rest.length > 0 && rest.every(({ adjustedP }) => adjustedP !== null && adjustedP <= alpha);
    })
    .map(({ readout, k, layer }) => ({ readout, k, layer }));
}

/** Whether the smallest p that so many pairs can give, twice one in n!, would pass after the correction. */
function tellable(correlations: readonly AccuracyCorrelation[], alpha: number): boolean | null {
  const tested = correlations.filter(({ minus, pValue }) => minus !== null && pValue !== null);
  if (tested.length === 0) return null;
  const { pairs, minus } = tested[0]!;
  const family = tested.filter((one) => one.minus === minus).length;
  let permutations = 1;
  for (let i = 2; i <= pairs; i++) permutations *= i;
  return (2 * family) / permutations <= alpha;
}

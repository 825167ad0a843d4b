/** The recommendation: from evidence and bounds to findings, width by width. Words are in `sentences.ts`. */
import type { LayerBound } from "../bounds/layer-bounds.js";
import { narrowestWidth, type SweepWidth } from "../network/architecture.js";
import { aCount, aNumber, anything, aSize, aText, fields, listOf, orNull, where } from "../shape.js";
import { accuraciesOf, smallestAccurate, type Trained, type WidthAccuracy } from "./accuracy.js";
import { smallestBound } from "./carry-bound.js";
import { type Criterion, fixedSequence, fractionKept, judged, keeps } from "./criterion.js";
import { trainingsNeeded } from "./empirical.js";
import type { Enclosure } from "./enclosure.js";
import {
  collectEvidence,
  type InputEvidence,
  inputEvidence,
  type Measured,
  median,
  type Run,
  runsOf,
  shownDegrees,
  type WidthEvidence,
} from "./evidence.js";
import { type Exclusion, enclosureExclusions } from "./exclusions.js";
import { type PairedEvidence, pairedEvidence } from "./pairs.js";
import { assumptions, describeWidth, sentencesOf } from "./sentences.js";
import { summaryOf } from "./summary.js";

/** One finding about one width. */
export interface WidthFinding {
  readonly width: SweepWidth;
  /** Degree of homology the finding speaks of. */
  readonly k: number;
  /** One sentence for people. */
  readonly text: string;
}

/** How one kind of source fared at one width, by the readout and rule of the decision. */
export interface WidthSummary {
  readonly width: SweepWidth;
  /** Runs measured (trainings; or projections). */
  readonly runs: number;
  /** Runs in which the rule was met. */
  readonly keptRuns: number;
  /** Part of all comparisons, sample by sample, in which at least the input's number was measured, in [0, 1]; null of none. */
  readonly fractionKept: number | null;
  /** Median of the numbers measured and of the input's, per degree, over layers, classes and runs. */
  readonly medians: readonly { readonly k: number; readonly input: number; readonly measured: number }[];
}

/** What a recommendation by another recorded readout would have been. */
export interface ReadoutVerdict {
  readonly readout: string;
  /** Median over the classes of the input's numbers, per degree compared. */
  readonly input: readonly { readonly k: number; readonly median: number; readonly maximum: number }[];
  /** As in {@link ActivationRecommendation}. */
  readonly smallestKept: SweepWidth | null;
  /** True when the input shows none of it in any class, so that there is nothing to keep. */
  readonly nothingToKeep: boolean;
  /** Smallest width at which a random projection meets the rule too; null: none, or not measured. */
  readonly projectionSmallestKept: SweepWidth | null;
  /** Widths excluded by the carry bound if the data's true Betti numbers are at least those of this readout. */
  readonly excludedIf: readonly SweepWidth[];
}

/** What a study recommends, in words and in numbers. */
export interface Recommendation {
  /** The readout the comparison was made by, e.g. `ratio>1.1`. */
  readonly readout: string;
  readonly rule: Criterion["rule"];
  readonly tolerance: number;
  /** The chance of keeping that an accepted width was shown to have, and the level of that test. */
  readonly probability: number;
  readonly alpha: number;
  /** What "smaller" and "larger" mean between networks: see the config's `decision.order`. */
  readonly order: "narrowest" | "parameters";
  /** The networks tried, ascending in that order: the test comes down it, and the smallest is the first in it. */
  readonly widths: readonly SweepWidth[];
  /** `confident` when enough trainings let some width be accepted at that level; else `indicative`. */
  readonly strength: "indicative" | "confident";
  /** Trainings per width and activation. */
  readonly trainings: number;
  /** True when by this readout the input shows no Betti number above 0 to keep, in any class. */
  readonly nothingToKeep: boolean;
  /** One per activation of the study. */
  readonly byActivation: readonly ActivationRecommendation[];
  /**
   * The random projections by ascending width, of networks of several widths to each of them; empty when not measured.
   */
  readonly projection: readonly WidthSummary[];
  /** Points of the standard normal distribution in as many dimensions, likewise; empty when not measured. */
  readonly gaussian: readonly WidthSummary[];
  /** The bottom line: one to four short sentences, beginning "In short:". */
  readonly summary: string;
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
  /**
   * All that theorems exclude, each with its hypothesis: N1 and the carry bound where they exclude a width, Johnson's
   * theorem where a class of the sample surrounds another, even if no width tried is as narrow.
   */
  readonly exclusions: readonly Exclusion[];
  /** Widths at which some layer measured fewer than the input, by the rule of the decision. */
  readonly measuredFewer: readonly WidthFinding[];
  /**
   * Smallest width tried at which every training met the rule; null: none of the widths tried, or nothing to keep.
   * Not a width that suffices: one at which nothing was seen missing.
   */
  readonly smallestKept: SweepWidth | null;
  /** The same for the network before training; null also when it was not measured. */
  readonly untrainedSmallestKept: SweepWidth | null;
  /** The same for random projections; null also when they were not measured. */
  readonly projectionSmallestKept: SweepWidth | null;
  /** The same for points of the standard normal distribution; null also when they were not measured. */
  readonly gaussianSmallestKept: SweepWidth | null;
  /** The same for the trained networks by medians over the classes, whatever the rule. */
  readonly smallestKeptByMedians: SweepWidth | null;
  /** Smallest width accepted with confidence by the fixed-sequence test; null when there is none. */
  readonly confidentWidth: SweepWidth | null;
  /** Trained networks by ascending width. */
  readonly network: readonly WidthSummary[];
  /** Untrained networks by ascending width; empty when not measured. */
  readonly untrained: readonly WidthSummary[];
  /** Layer by layer and sample by sample beside the input and the controls, by the decision's readout and level. */
  readonly paired: PairedEvidence;
  /** Median accuracies by ascending width. */
  readonly accuracies: readonly WidthAccuracy[];
  /**
   * The network with the fewest parameters (of one width for all layers: the smallest width) whose accuracy on the images
   * held back (on the test images, where none are) is within 0.01 of the best; null without a trained network.
   */
  readonly smallestAccurate: WidthAccuracy | null;
  /** Every other recorded readout, by the same rule. */
  readonly otherReadouts: readonly ReadoutVerdict[];
}

/** What {@link recommend} needs. A `StudyResult` has all of it. */
export interface RecommendInput {
  readonly measurements: readonly Measured[];
  readonly networks: readonly Trained[];
  /** Only the carried bounds are used. */
  readonly bounds: readonly {
    readonly activation: string;
    readonly width: SweepWidth;
    readonly carried: readonly LayerBound[];
  }[];
  /** Classes of the labelled sample that surround others; see `findEnclosures`. */
  readonly enclosures: readonly Enclosure[];
  /** Activations, in the order they are to appear. */
  readonly activations: readonly string[];
  /** Ascending in the decision's order. */
  readonly widths: readonly SweepWidth[];
  readonly seeds: readonly number[];
  readonly readouts: readonly string[];
  /** Highest degree of homology measured. */
  readonly maxDim: number;
  readonly decision: Criterion & {
    readonly readout: string;
    readonly probability: number;
    readonly alpha: number;
    readonly order: Recommendation["order"];
    readonly dataDegree: number;
    readonly dataInequalities: number;
  };
}

const sourceShape = fields({ seed: orNull(anything), activation: orNull(anything), width: orNull(anything) });
const recommendShape = fields({
  measurements: listOf(
    fields({ source: aText, layer: aCount, readouts: listOf(fields({ readout: aText, betti: listOf(anything) })) }),
  ),
  networks: listOf(sourceShape),
  bounds: listOf(fields({ activation: aText, carried: listOf(fields({})) })),
  enclosures: listOf(fields({})),
  activations: listOf(aText),
  widths: listOf(
    where("a width", (value) => typeof value === "number" || typeof value === "string", "Use for instance 32."),
  ),
  seeds: listOf(aCount),
  readouts: listOf(aText),
  maxDim: aCount,
  decision: fields({
    readout: aText,
    rule: aText,
    tolerance: aNumber,
    probability: aNumber,
    alpha: aNumber,
    order: aText,
    dataDegree: aSize,
    dataInequalities: aCount,
  }),
});

/** Draws the recommendation. Pure: the same evidence and bounds give the same words. */
export function recommend(input: RecommendInput): Recommendation {
  recommendShape(input, "the input of recommend");
  const { decision, measurements, widths } = input;
  const { readout } = decision;
  const images = inputEvidence(readout, measurements);
  const nothingToKeep = showsNothing(images);
  const projected = collectEvidence(readout, measurements, "projection", null, widths);
  const gaussian = collectEvidence(readout, measurements, "gaussian", null, widths);
  const smallest = (evidence: readonly WidthEvidence[], criterion: Criterion = decision) =>
    nothingToKeep ? null : smallestKept(evidence, criterion, input.seeds.length);

  const byActivation = input.activations.map((activation): ActivationRecommendation => {
    const network = collectEvidence(readout, measurements, "network", activation, widths);
    const untrained = collectEvidence(readout, measurements, "untrained", activation, widths);
    const accuracies = accuraciesOf(input.networks, activation, widths);
    const narrow = cannotCarry(input, images);
    const carried = excludedIf(input, images, activation);
    return {
      activation,
      cannotCarry: narrow,
      excludedIf: carried,
      exclusions: [
        ...tooNarrow(narrow, images),
        ...enclosureExclusions(input.enclosures, activation, widths),
        ...carriedTooLittle(carried, input),
      ],
      measuredFewer: nothingToKeep ? [] : network.flatMap((evidence) => measuredFewer(evidence, decision)),
      smallestKept: smallest(network),
      untrainedSmallestKept: smallest(untrained),
      projectionSmallestKept: smallest(projected),
      gaussianSmallestKept: smallest(gaussian),
      smallestKeptByMedians: smallest(network, { rule: "median-over-classes", tolerance: decision.tolerance }),
      confidentWidth:
        nothingToKeep ||
        input.seeds.length < trainingsNeeded(decision.probability, decision.alpha) ||
        decision.rule !== "every-class"
          ? null
          : fixedSequence(
              // A width of which no training was measured kept nothing, and ends the test.
              widths.map((width) => ({
                width,
                successes: runsOf(network, width).filter((run) => keeps(run, decision)).length,
                trials: input.seeds.length,
              })),
              decision,
            ),
      network: network.map((evidence) => summary(evidence, decision)),
      untrained: untrained.map((evidence) => summary(evidence, decision)),
      paired: pairedEvidence(readout, measurements, activation, widths, decision.alpha),
      accuracies,
      smallestAccurate: smallestAccurate(accuracies),
      otherReadouts: input.readouts
        .filter((name) => name !== readout)
        .map((name) => verdictBy(name, input, activation)),
    };
  });

  const findings: Omit<Recommendation, "sentences" | "summary"> = {
    readout,
    rule: decision.rule,
    tolerance: decision.tolerance,
    probability: decision.probability,
    alpha: decision.alpha,
    order: decision.order,
    widths,
    strength: byActivation.some(({ confidentWidth }) => confidentWidth !== null) ? "confident" : "indicative",
    trainings: input.seeds.length,
    nothingToKeep,
    byActivation,
    projection: projected.map((evidence) => summary(evidence, decision)),
    gaussian: gaussian.map((evidence) => summary(evidence, decision)),
  };
  return {
    ...findings,
    summary: summaryOf(findings, input, images),
    sentences: sentencesOf(findings, input, images),
  };
}

/** N1: a compact set in n dimensions has no homology in degree n or above, so b_k ≠ 0 needs a width of at least k + 1. */
function cannotCarry(input: RecommendInput, images: readonly InputEvidence[]): WidthFinding[] {
  return images.flatMap(({ k }) =>
    input.widths
      .filter((width) => k > 0 && narrowestWidth(width) < k + 1)
      .map((width) => ({ width, k, text: describeWidth.cannotCarry(width, k) })),
  );
}

/** N1 as rows, in the degrees that the input shows. */
function tooNarrow(findings: readonly WidthFinding[], images: readonly InputEvidence[]): Exclusion[] {
  return shownDegrees(images).flatMap((k): Exclusion[] => {
    const own = findings.filter((finding) => finding.k === k);
    if (own.length === 0) return [];
    return [
      {
        name: "N1",
        theorem: "too few dimensions (N1)",
        hypothesis: `the data's b_${k} is not 0, as measured, and every hidden layer has to carry it`,
        leastWidth: k + 1,
        layers: "every",
        widths: own.map(({ width }) => width),
        text: own[0]!.text,
      },
    ];
  });
}

/** The carry bound as rows, degree by degree. */
function carriedTooLittle(findings: readonly WidthFinding[], { decision }: RecommendInput): Exclusion[] {
  return [...new Set(findings.map(({ k }) => k))].map((k) => {
    const own = findings.filter((finding) => finding.k === k);
    return {
      name: "carry",
      theorem: "carry bound (I_k)",
      hypothesis: assumptions(decision),
      leastWidth: null,
      layers: "every",
      widths: own.map(({ width }) => width),
      text: own[0]!.text,
    };
  });
}

/** Theory 2.5: a width whose carry bound is below the largest Betti number measured in the input. */
function excludedIf(input: RecommendInput, images: readonly InputEvidence[], activation: string): WidthFinding[] {
  const findings: WidthFinding[] = [];
  for (const { width, carried } of input.bounds.filter((record) => record.activation === activation))
    for (const { k, values } of images) {
      const most = values.reduce((held, value) => (value.betti > held.betti ? value : held), { class: -1, betti: 0 });
      const bound = smallestBound(carried, k);
      // Where N1 already proves it, the assumptions of the bound add nothing.
      if (bound === null || narrowestWidth(width) < k + 1 || most.betti <= bound.value) continue;
      findings.push({ width, k, text: describeWidth.excludedIf(width, k, bound, most, input.decision) });
    }
  const { widths } = input;
  return findings.sort((one, other) => widths.indexOf(one.width) - widths.indexOf(other.width) || one.k - other.k);
}

function measuredFewer({ width, runs }: WidthEvidence, criterion: Criterion): WidthFinding[] {
  if (runs.every((run) => keeps(run, criterion))) return [];
  const degrees = [...new Set(runs.flatMap(({ comparisons }) => comparisons.map(({ k }) => k)))];
  return degrees.flatMap((k) => {
    const all = runs.flatMap((run) => judged(run, criterion)).filter((comparison) => comparison.k === k);
    const fewer = all.filter(({ input, measured }) => measured < input);
    if (fewer.length === 0) return [];
    return [{ width, k, text: describeWidth.measuredFewer(width, k, fewer, all.length, runs.length) }];
  });
}

function smallestKept(evidence: readonly WidthEvidence[], criterion: Criterion, seeds: number): SweepWidth | null {
  const kept = evidence.find(({ runs }) => runs.length === seeds && runs.every((run) => keeps(run, criterion)));
  return kept?.width ?? null;
}

function summary({ width, runs }: WidthEvidence, criterion: Criterion): WidthSummary {
  const fraction = fractionKept(runs);
  const degrees = [...new Set(runs.flatMap(({ comparisons }) => comparisons.map(({ k }) => k)))];
  return {
    width,
    runs: runs.length,
    keptRuns: runs.filter((run) => keeps(run, criterion)).length,
    fractionKept: Number.isNaN(fraction) ? null : fraction,
    medians: degrees.map((k) => {
      const all = runs.flatMap(({ comparisons }: Run) => comparisons.filter((comparison) => comparison.k === k));
      return { k, input: median(all.map(({ input }) => input)), measured: median(all.map((one) => one.measured)) };
    }),
  };
}

function verdictBy(readout: string, input: RecommendInput, activation: string): ReadoutVerdict {
  const { measurements, decision, seeds } = input;
  const images = inputEvidence(readout, measurements);
  const nothingToKeep = showsNothing(images);
  const smallest = (source: "network" | "projection", of: string | null) =>
    nothingToKeep
      ? null
      : smallestKept(collectEvidence(readout, measurements, source, of, input.widths), decision, seeds.length);
  return {
    readout,
    input: images.map(({ k, values }) => ({
      k,
      median: median(values.map(({ betti }) => betti)),
      maximum: values.reduce((most, { betti }) => Math.max(most, betti), 0),
    })),
    smallestKept: smallest("network", activation),
    nothingToKeep,
    projectionSmallestKept: smallest("projection", null),
    excludedIf: [...new Set(excludedIf(input, images, activation).map(({ width }) => width))],
  };
}

/** Whether the input was measured and shows no Betti number above 0. */
function showsNothing(images: readonly InputEvidence[]): boolean {
  return images.length > 0 && images.every(({ values }) => values.every(({ betti }) => betti === 0));
}

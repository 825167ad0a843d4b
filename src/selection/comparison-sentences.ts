/** In words: whether topology helped to choose a width. */
import { type AccuracyCorrelation, type Comparison, enoughTrainings, type WidthChoice } from "./comparison.js";
import type { Recommendation } from "./recommend.js";
import { inPercent, things } from "./things.js";
import { leastTrainings } from "./within-widths.js";

/** What was found, in plain words, a sentence each; the limits of what was seen are part of them. */
export function comparisonSentences(
  found: Omit<Comparison, "sentences">,
  { readout, trainings, alpha }: Pick<Recommendation, "readout" | "trainings" | "alpha">,
): string[] {
  const { activation, byAccuracy } = found;
  if (byAccuracy === null) return [`${activation}: no network was trained, so there is nothing to compare.`];
  return [
    `${activation}: accuracy alone chooses width ${described(byAccuracy)}, the smallest within one point of the best accuracy on ${found.chosenBy === "validation" ? "the images held back" : "the test images (none are held back)"}.`,
    choice(found, byAccuracy, readout),
    ...theorems(found),
    ...correlation(found, trainings, alpha),
  ];
}

function choice(found: Omit<Comparison, "sentences">, accuracy: WidthChoice, readout: string): string {
  const { outcome, byTopology, basis } = found;
  if (byTopology === null) return `Topology, by ${readout}, names no width.`;
  const how = basis === "confident" ? "accepted with confidence" : "the smallest that kept the input's numbers";
  const width = `width ${described(byTopology)} (${how})`;
  const factor = times(byTopology.cost / accuracy.cost);
  const gain = byTopology.testAccuracy - accuracy.testAccuracy;
  switch (outcome) {
    case "controls":
      return `Topology, by ${readout}, comes to ${width}, but a control keeps as many there or below: that is no finding about the networks.`;
    case "same":
      return `Topology, by ${readout}, names the same width.`;
    case "wider":
      return `Topology, by ${readout}, names ${width}: training costs ${factor} as much for ${points(gain)}.`;
    default:
      return `Topology, by ${readout}, names ${width}: training costs ${factor} as much, for ${points(gain)}.`;
  }
}

/** What theorems exclude, which no training is needed for. */
function theorems({ excluded, activation }: Omit<Comparison, "sentences">): string[] {
  return excluded.map(({ name, widths }) => {
    const which = `width${widths.length === 1 ? "" : "s"} ${widths.join(", ")}`;
    const by = { N1: "the dimension alone (N1)", N5: "Johnson's theorem (N5)", carry: "the carry bound" }[name];
    return `Before any training, ${by} excludes ${which} for ${activation}, under the hypothesis that the recommendation names.`;
  });
}

/** The strongest correlation between trainings of one width, and how much it carries. */
function correlation(
  { correlations, tellable, informative }: Omit<Comparison, "sentences">,
  trainings: number,
  alpha: number,
): string[] {
  if (correlations.length === 0) return [];
  if (!enoughTrainings(correlations))
    return [
      `Whether trainings of one width that measure more are also more accurate cannot be told from ${trainings === 1 ? "one training" : `${trainings} trainings`} of each width: at least ${leastTrainings} are needed. Over widths both rise with the width, which says nothing about topology.`,
    ];
  const tested = correlations.filter(({ mean }) => mean !== null);
  if (tested.length === 0)
    return [
      "Between trainings of one width no readout varies, or accuracy does not, so that none can go with the other.",
    ];
  const strongest = tested.reduce((most, one) =>
    one.adjustedP! < most.adjustedP! || (one.adjustedP === most.adjustedP && Math.abs(one.mean!) > Math.abs(most.mean!))
      ? one
      : most,
  );
  const { widths, trainings: n } = strongest;
  const sentences = [
    `Between trainings of the same width (dimension, images and random maps fixed) ${named(strongest)} goes with accuracy most closely: mean rank correlation ${value(strongest)} over ${widths} ${widths === 1 ? "width" : "widths"}, ${n} trainings.`,
  ];
  if (tellable === false)
    sentences.push(`So few trainings cannot show a correlation at level ${alpha}, corrected, however strong.`);
  else if (informative.length === 0)
    sentences.push("None of the readouts is shown to go with accuracy; that is no proof that none does.");
  else {
    const more = informative.length - 1;
    sentences.push(
      `That is shown${more === 0 ? "" : ` (and of ${more} more of the ${tested.length} tested)`} at level ${alpha}: an association between trainings on these images, which chooses no width and needs the trained network to be seen.`,
    );
  }
  return sentences;
}

function named({ readout, k, layer }: AccuracyCorrelation): string {
  return `the number of ${things(k)} in layer ${layer} by ${readout}`;
}

function value({ mean, pValue, adjustedP, method, permutations }: AccuracyCorrelation): string {
  const counted = permutations.toString().replace(/\B(?=(\d{3})+$)/g, ",");
  const how = method === "exact" ? `all ${counted} permutations` : `${counted} permutations drawn`;
  return `${signed(mean!)} (p ${probability(pValue!)} by ${how} within widths, ${probability(adjustedP!)} corrected for all readouts and layers)`;
}

/** A correlation with two decimals and a true minus sign. */
export function signed(rho: number): string {
  return rho
    .toFixed(2)
    .replace(/^-0\.00$/, "0.00")
    .replace("-", "−");
}

function probability(p: number): string {
  return p < 0.0001 ? "< 0.0001" : p.toPrecision(2);
}

function described({ width, testAccuracy }: WidthChoice): string {
  return `${width} with test accuracy ${inPercent(testAccuracy)}`;
}

function points(gain: number): string {
  const size = Math.abs(100 * gain).toFixed(1);
  return size === "0.0" ? "the same test accuracy" : `${size} points ${gain > 0 ? "more" : "less"} test accuracy`;
}

function times(factor: number): string {
  return factor >= 10 ? `${Math.round(factor)} times` : `${factor.toFixed(1)} times`;
}

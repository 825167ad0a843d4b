/** In words: whether topology helped to choose a width. */
import type { AccuracyCorrelation, Comparison, WidthChoice } from "./comparison.js";
import { inPercent, things } from "./things.js";

/** What was found, in plain words, a sentence each; the limits of what was seen are part of them. */
export function comparisonSentences(found: Omit<Comparison, "sentences">, readout: string): string[] {
  const { activation, byAccuracy } = found;
  if (byAccuracy === null) return [`${activation}: no network was trained, so there is nothing to compare.`];
  return [
    `${activation}: accuracy alone chooses width ${described(byAccuracy)}, the smallest within one point of the best accuracy on ${found.chosenBy === "validation" ? "the images held back" : "the test images (none are held back)"}.`,
    choice(found, byAccuracy, readout),
    ...correlation(found),
    ...(found.addedNothing ? [nothing(found)] : []),
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

/** The strongest correlation as it is, and what is left of it when controls are subtracted. */
function correlation({ correlations }: Omit<Comparison, "sentences">): string[] {
  const raw = correlations.filter(({ minus, rho }) => minus === null && rho !== null);
  if (raw.length === 0) return ["No readout varies with the width, so none can go with accuracy."];
  const strongest = raw.reduce((most, one) => (Math.abs(one.rho!) > Math.abs(most.rho!) ? one : most));
  const { readout, k, layer, pairs } = strongest;
  const left = correlations.filter(
    (one) => one.minus !== null && one.readout === readout && one.k === k && one.layer === layer,
  );
  return [
    `Over ${pairs} widths ${named(strongest)} goes with accuracy most closely: rank correlation ${value(strongest)}${left.map((one) => `; less the ${controlWords[one.minus!]}, ${value(one)}`).join("")}.`,
  ];
}

const controlWords = {
  projection: "random projection",
  untrained: "untrained network",
  gaussian: "Gaussian null",
} as const;

function nothing({ tellable, correlations, outcome }: Omit<Comparison, "sentences">): string {
  const controlled = correlations.some(({ minus }) => minus !== null);
  const why = !controlled
    ? "no control was measured beside which a readout could say more"
    : tellable === null
      ? "beside its controls no readout varies with the width"
      : tellable
        ? "no readout goes with accuracy whichever control is subtracted"
        : "so few widths cannot show whether a readout goes with accuracy beyond its controls";
  const same = outcome === "same" ? "; that both name one width may be chance" : "";
  return `Topology added nothing to what accuracy tells: ${why}${same}.`;
}

function named({ readout, k, layer }: AccuracyCorrelation): string {
  return `the number of ${things(k)} in layer ${layer} by ${readout}`;
}

function value({ rho, pValue, adjustedP }: AccuracyCorrelation): string {
  if (rho === null) return "none, for it does not vary";
  return `${rho.toFixed(2).replace("-", "−")} (p ${probability(pValue!)}, ${probability(adjustedP!)} corrected for all readouts and layers)`;
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

/** The words of a recommendation: plain, each sentence a line, none saying more than the findings do. */
import { describeData } from "../bounds/carry.js";
import { narrowestWidth, type SweepWidth } from "../network/architecture.js";
import { type CarriedAtMost, smallestBound } from "./carry-bound.js";
import type { Judged } from "./criterion.js";
import {
  type InputEvidence,
  median,
  shownDegrees,
  significanceReadout,
  untestedInput,
  untestedWords,
} from "./evidence.js";
import type { Pairing } from "./pairs.js";
import type { ActivationRecommendation, Recommendation, RecommendInput, WidthSummary } from "./recommend.js";
import { areMixed, counted, inPercent, projectedThere, thing, things } from "./things.js";

type Decision = RecommendInput["decision"];
type Findings = Omit<Recommendation, "sentences" | "summary">;

/** The words of the findings about one width. */
export const describeWidth = {
  cannotCarry: (width: SweepWidth, k: number): string => {
    const least = narrowestWidth(width);
    const own = typeof width === "number" ? "" : `its narrowest layer has ${least} unit${least === 1 ? "" : "s"}, and `;
    return `Width ${width} cannot carry ${things(k)}: ${own}a compact set in ${least} dimension${least === 1 ? "" : "s"} has no homology in degree ${k} (T1, a proof over any field).`;
  },

  excludedIf: (
    width: SweepWidth,
    k: number,
    bound: CarriedAtMost,
    most: { readonly class: number; readonly betti: number },
    decision: Decision,
  ): string =>
    `Width ${width} is excluded if ${assumptions(decision)}: it then carries at most ${bound.shown} ${things(k)} (${bound.by}), and ${most.betti} were measured in class ${most.class}.`,

  measuredFewer: (width: SweepWidth, k: number, fewer: readonly Judged[], all: number, runs: number): string => {
    const layers = [...new Set(fewer.map(({ layer }) => layer))].sort((one, other) => one - other);
    const worst = fewer.reduce((held, one) => (one.input - one.measured > held.input - held.measured ? one : held));
    const unit = worst.class === null ? "layer medians" : "comparisons of class, sample and layer";
    const sample = fewer.some(({ subsample }) => (subsample ?? 0) > 0) ? `, sample ${(worst.subsample ?? 0) + 1}` : "";
    const where = worst.class === null ? `layer ${worst.layer}` : `layer ${worst.layer}, class ${worst.class}${sample}`;
    return `Width ${width} measured fewer ${things(k)} than the input in ${fewer.length} of ${all} ${unit}${runs > 1 ? ` over ${runs} trainings` : ""} (${list(layers, "layer")}; most in ${where}: ${worst.measured} against ${worst.input}).`;
  },
} as const;

/** The whole recommendation in words. */
export function sentencesOf(findings: Findings, input: RecommendInput, images: readonly InputEvidence[]): string[] {
  const { trainings, strength } = findings;
  return [
    strength === "confident"
      ? `${trainings} trainings for each width and activation, all measured on the same images: confidence is over trainings, not over images, and conditional on this one set of test samples. The level of ${findings.alpha} is that of each activation by itself${findings.byActivation.length > 1 ? `, so that of the statements for ${findings.byActivation.length} activations some is wrong with a chance of up to ${percent(Math.min(1, findings.byActivation.length * findings.alpha))}` : ""}.`
      : trainings === 1
        ? "Indicative, one training: with one seed for each width and activation no confidence is claimed."
        : `Indicative, ${trainings} trainings for each width and activation: no confidence is claimed.`,
    ...untested(findings, input),
    rule(findings, images),
    ...order(findings),
    ...significance(findings, input),
    ...narrowest(findings, input, images),
    ...findings.byActivation.flatMap((one) => activation(one, findings, input, images)),
    ...controls(findings),
    'A width that is not excluded is not thereby sufficient: the bounds are necessary conditions, and "measured no fewer" is an observation at the widths tried.',
  ];
}

function rule({ readout, rule, tolerance, nothingToKeep }: Findings, images: readonly InputEvidence[]): string {
  if (images.length === 0)
    return `No number of the input is defined by the readout ${readout}: nothing can be compared, and no width is recommended.`;
  const compared = images.map(({ k }) => things(k)).join(" and ");
  if (nothingToKeep)
    return `By the readout ${readout} the input shows no ${compared} in any class: there is nothing to keep, and the comparison says nothing about widths.`;
  const spread = images.map(({ k, values }) => {
    const numbers = values.map(({ betti }) => betti);
    const same = numbers.every((number) => number === numbers[0]);
    return same ? counted(numbers[0]!, k) : `${range(numbers)} ${things(k)} (median ${median(numbers)})`;
  });
  const allowed = tolerance > 0 ? `, up to ${percent(tolerance)} of the comparisons aside` : "";
  const unit = rule === "every-class" ? "in every class, sample by sample," : "in the median over classes and samples";
  return `By the readout ${readout} the input shows ${spread.join(" and ")} per class; a width keeps them when every hidden layer measures at least as many ${unit}${allowed}.`;
}

/** Where the deciding readout, or the one that tests for noise, could not be applied. */
function untested({ readout }: Findings, input: RecommendInput): string[] {
  const names = [readout, significanceReadout(input.readouts)].filter((name) => name !== undefined);
  return [...new Set(names)].flatMap((name) => [
    ...untestedInput(name, input.measurements).map(
      ({ k, samples, untested: missed, reasons }) =>
        `By ${name} the ${things(k)} of ${missed === samples ? `${samples === 1 ? "the one sample" : `all ${samples} samples`}` : `${missed} of ${samples} samples`} of the input could not be tested (${reasons.map((reason) => untestedWords[reason]).join("; ")}): that is neither 0 nor noise.`,
    ),
    ...untestedLayers(name, input),
  ]);
}

function untestedLayers(name: string, { measurements }: RecommendInput): string[] {
  const layers = measurements.flatMap((one) =>
    one.source === "network" ? one.readouts.filter((record) => record.readout === name) : [],
  );
  const missed = layers.filter(({ untested: reasons }) => reasons?.some((reason) => reason !== null)).length;
  return missed === 0
    ? []
    : [
        `By ${name} ${missed} of ${layers.length} clouds of trained layers could not be tested in some degree; those comparisons count neither way.`,
      ];
}

/** What "smaller" means where networks have several widths. */
function order({ widths, order: by }: Findings): string[] {
  if (!areMixed(widths)) return [];
  const rule =
    by === "narrowest"
      ? "the width of the narrowest hidden layer, then the number of parameters"
      : "the number of parameters, then the width of the narrowest hidden layer";
  return [
    `A width such as ${widths.find((width) => typeof width === "string")} names the hidden layers one by one. Smaller and larger go by ${rule}, as fixed before the run: ${widths.join(", ")}. The smallest by accuracy is the one with the fewest parameters; controls without a network stand beside every layer at that layer's own width.`,
  ];
}

/** What the significance test says about the input, where it was recorded. */
function significance(findings: Findings, input: RecommendInput): string[] {
  const name = significanceReadout(input.readouts);
  if (name === undefined || name === findings.readout) return [];
  const verdict = findings.byActivation[0]?.otherReadouts.find(({ readout }) => readout === name);
  const degrees = verdict?.input.filter(({ k }) => k > 0) ?? [];
  if (degrees.length === 0) return [];
  const shown = degrees.filter(({ maximum }) => maximum > 0);
  return shown.length === 0
    ? [
        `By the significance test ${name} no class of the input has a single ${degrees.map(({ k }) => thing(k)).join(" or ")} that stands out from noise${inTested(name, input)}: the counts compared here describe sample size and dimension more than shape, as far as samples of this size can show.`,
      ]
    : shown.map(
        (degree) =>
          `By the significance test ${name} the input has up to ${counted(degree.maximum, degree.k)} per class that ${degree.maximum === 1 ? "stands" : "stand"} out from noise (median ${degree.median}).`,
      );
}

/** " in the samples tested", where a test could not be applied to some. */
export function inTested(name: string, { measurements }: Pick<RecommendInput, "measurements">): string {
  return untestedInput(name, measurements).length === 0 ? "" : " in the samples that could be tested";
}

function narrowest({ readout }: Findings, input: RecommendInput, images: readonly InputEvidence[]): string[] {
  const shown = shownDegrees(images);
  return Array.from({ length: input.maxDim }, (_, i) => i + 1).map((k) => {
    const narrow = input.widths.filter((width) => narrowestWidth(width) < k + 1);
    const idle = shown.includes(k) ? "" : `, were there any to carry (by ${readout} the input shows none)`;
    const tried =
      narrow.length === 0 ? "none of the widths tried is narrower" : `too narrow: ${narrow.join(", ")}${idle}`;
    return `Carrying ${things(k)} takes at least ${k + 1} units in every layer (T1, a proof over any field, for every definable or locally Lipschitz activation); ${tried}.`;
  });
}

function activation(
  one: ActivationRecommendation,
  findings: Findings,
  input: RecommendInput,
  images: readonly InputEvidence[],
): string[] {
  const name = one.activation;
  const sentences = [
    ...bounds(one, input, images),
    ...one.exclusions.filter((exclusion) => exclusion.name === "N5").map(({ text }) => `${name}: ${text}`),
  ];
  if (!findings.nothingToKeep && images.length > 0) sentences.push(...observations(one, findings, input));
  const accuracy = (width: SweepWidth) => one.accuracies.find((entry) => entry.width === width)?.accuracy;
  const best = one.smallestAccurate;
  if (best) {
    const kept = one.smallestKept === null ? undefined : accuracy(one.smallestKept);
    const own = kept === undefined ? "" : `at width ${one.smallestKept} the test accuracy is ${inPercent(kept)}; `;
    sentences.push(
      `${name}: ${own}the smallest width within one point of the best accuracy is ${best.width} (${inPercent(best.accuracy)}).`,
    );
  }
  return sentences;
}

function observations(one: ActivationRecommendation, findings: Findings, input: RecommendInput): string[] {
  const { activation: name, network } = one;
  if (network.length === 0) return [`${name}: no network was measured.`];
  const failed = network.filter(({ runs, keptRuns }) => keptRuns < runs).map(({ width }) => width);
  const sentences: string[] = [];
  if (failed.length > 0) {
    const shares = network
      .filter(({ width }) => failed.includes(width))
      .map(({ fractionKept }) => percentOf(fractionKept));
    sentences.push(
      `${name}: ${findings.rule === "every-class" ? "some layer" : "some layer's median over the classes"} measured fewer than the input at ${list(failed, "width")}; at least the input's number was measured there in ${shares.join(", ")} of the comparisons.`,
    );
  }
  const missing = input.widths.filter(
    (width) => (network.find((entry) => entry.width === width)?.runs ?? 0) < findings.trainings,
  );
  if (missing.length > 0) sentences.push(`${name}: not every training was measured at ${list(missing, "width")}.`);
  if (one.smallestKept === null) {
    const medians =
      findings.rule === "every-class" && one.smallestKeptByMedians !== null
        ? ` By medians over the classes, which one chance miss does not decide, the smallest would be ${one.smallestKeptByMedians}.`
        : "";
    sentences.push(`${name}: the smallest width at which ${met(findings)}: none of the widths tried.${medians}`);
  } else {
    const rank = (width: SweepWidth) => findings.widths.indexOf(width);
    const wider = failed.filter((width) => rank(width) > rank(one.smallestKept!));
    const again =
      wider.length > 0
        ? `, although ${areMixed(findings.widths) ? "larger" : "wider"} networks (${wider.join(", ")}) measured fewer again`
        : "";
    sentences.push(`${name}: the smallest width tried at which ${met(findings)} is ${one.smallestKept}${again}.`);
  }
  if (one.confidentWidth !== null)
    sentences.push(
      `${name}: down to width ${one.confidentWidth}, ${shareShown(findings)} of all trainings keep the input's numbers (fixed-sequence test, confidence ${percent(1 - findings.alpha)}).`,
    );
  if (one.smallestKept !== null) sentences.push(...controlsAt(one, findings));
  return [...sentences, ...agreement(one, findings)];
}

/** What the fixed-sequence test shows of an accepted width. */
export function shareShown({ probability }: Pick<Recommendation, "probability">): string {
  return probability === 0.5 ? "more than half" : `at least ${percent(probability)}`;
}

/** The rule of the decision, as something that holds at a width. */
function met({ rule, tolerance }: Findings): string {
  const layer = rule === "every-class" ? "layer" : "layer's median over the classes";
  return tolerance > 0
    ? `at most ${percent(tolerance)} of the comparisons of a ${layer} fell below the input`
    : `no ${layer} measured fewer than the input`;
}

/** What the controls say at the width recommended. */
function controlsAt(one: ActivationRecommendation, findings: Findings): string[] {
  const width = one.smallestKept!;
  const at = (list: Recommendation["projection"]) => {
    const found = list.find((entry) => entry.width === width);
    return found && found.runs > 0 ? found.keptRuns === found.runs : undefined;
  };
  const projection = at(findings.projection);
  const untrained = at(one.untrained);
  if (projection === undefined && untrained === undefined) return [];
  const same = [
    ...(projection ? [`a random linear projection of the data ${projectedThere(width)}`] : []),
    ...(untrained ? ["the network before training"] : []),
  ];
  const different = [
    ...(projection === false ? [`a random linear projection ${projectedThere(width)}`] : []),
    ...(untrained === false ? ["the network before training"] : []),
  ];
  const sentences: string[] = [];
  const point = untrained
    ? "keeping them is not the training's doing"
    : "that many need neither a network nor training";
  if (same.length > 0)
    sentences.push(
      `${one.activation}: at width ${width} ${same.join(" and ")} ${same.length > 1 ? "keep" : "keeps"} as many too: ${point}.`,
    );
  if (different.length > 0)
    sentences.push(
      `${one.activation}: at width ${width} ${different.join(" and ")} ${different.length > 1 ? "do" : "does"} not keep as many.`,
    );
  return sentences;
}

/** Where the trained network differs from its controls, sample by sample, and where that is shown. */
function agreement({ activation: name, paired }: ActivationRecommendation, { alpha, readout }: Findings): string[] {
  const controls = [
    ["projection", "a random map"],
    ["untrained", "the network before training"],
  ] as const;
  return controls.flatMap(([source, what]) => {
    const own = paired.pairings.filter((one) => one.with === source);
    if (own.length === 0) return [];
    const pairs = `${paired.samples} ${paired.samples === 1 ? "sample" : "samples"}`;
    if (!paired.tellable)
      return [
        `${name}: beside ${what} no difference can be shown: ${pairs}, compared pairwise at ${own.length} places, are too few for level ${alpha}.`,
      ];
    const shown = own.filter(({ adjustedP }) => adjustedP <= alpha);
    const where = (more: boolean) => {
      const places = shown.filter((one) => one.more > one.fewer === more);
      return places.length === 0
        ? []
        : [`${more ? "more" : "fewer"} at ${places.map((one) => placeOf(one, more)).join(", ")}`];
    };
    const found = [...where(true), ...where(false)].join("; ");
    return [
      `${name}: on the same images the trained network and ${what} differ in the number by ${readout} ${found === "" ? `at none of ${own.length} places` : `at ${shown.length} of ${own.length} places: ${found}`} (sign test over ${pairs} at level ${alpha}, corrected for all places; where no difference is shown there may be one).`,
    ];
  });
}

function placeOf({ width, layer, k, more, fewer }: Pairing, larger: boolean): string {
  return `width ${width} layer ${layer}${k === 1 ? "" : ` (b_${k})`} in ${larger ? more : fewer}`;
}

/** What the controls without a network do over all widths. */
function controls({ projection, gaussian, nothingToKeep }: Findings): string[] {
  const said = (what: string, verb: "keep" | "keeps", summaries: readonly WidthSummary[]) => {
    if (nothingToKeep || summaries.every(({ fractionKept }) => fractionKept === null)) return [];
    const kept = summaries.filter(({ runs, keptRuns }) => runs > 0 && keptRuns === runs).map(({ width }) => width);
    return [
      kept.length === 0
        ? `Control: ${what}, measured fewer than the input at every width tried.`
        : `Control: ${what}, ${verb} the input's numbers at ${list(kept, "width")}.`,
    ];
  };
  return [
    ...said("a random linear projection of the data, with no network", "keeps", projection),
    ...said("as many points of the standard normal distribution, with neither images nor network", "keep", gaussian),
  ];
}

function bounds(one: ActivationRecommendation, input: RecommendInput, images: readonly InputEvidence[]): string[] {
  const name = one.activation;
  const k = images.find((image) => image.k > 0)?.k ?? 1;
  // Of narrower ones T1 has said all there is to say.
  const rank = (width: SweepWidth) => input.widths.indexOf(width);
  const records = input.bounds
    .filter((record) => record.activation === name && narrowestWidth(record.width) > k)
    .sort((first, second) => rank(first.width) - rank(second.width));
  const narrow = records[0];
  const wide = records.at(-1);
  if (!narrow || !wide) return [];
  const least = smallestBound(narrow.carried, k);
  const most = smallestBound(wide.carried, k);
  if (!least || !most)
    return [
      `${name}: no theorem known here bounds what such a layer can carry from ${k + 1} units on, so none excludes a width of ${k + 1} or more.`,
    ];
  const values = images.find((image) => image.k === k)?.values ?? [];
  const measured = values.reduce((held, { betti }) => Math.max(held, betti), 0);
  const against = values.length === 0 ? "" : `, against at most ${measured} measured`;
  const by = least.by === most.by ? least.by : `${least.by}; then ${most.by}`;
  const loose = `the bound (${by}) is ${least.shown} ${things(k)} at width ${narrow.width}${wide === narrow ? "" : ` and ${most.shown} at width ${wide.width}`}${against}; it is an upper bound, typically far from attained`;
  const widths = [...new Set(one.excludedIf.map(({ width }) => width))];
  const others = one.otherReadouts
    .map(({ readout, excludedIf }) => ({ readout, more: excludedIf.filter((width) => !widths.includes(width)) }))
    .filter(({ more }) => more.length > 0);
  return [
    widths.length === 0
      ? `${name}: no width tried is excluded by the carry bound, even if ${assumptions(input.decision)}: ${loose}.`
      : `${name}: ${list(widths, "width")} ${widths.length === 1 ? "is" : "are"} excluded if ${assumptions(input.decision)}: ${loose}.`,
    ...others.map(
      ({ readout, more }) =>
        `${name}: were the numbers of the readout ${readout} the data's true Betti numbers, ${list(more, "width")} would be excluded${widths.length === 0 ? "" : " too"} under the same assumption.`,
    ),
  ];
}

/** The hypothesis of the carry bound, as a clause. */
export function assumptions(decision: Decision): string {
  return `the data's true Betti numbers are at least the measured ones and what enters each layer is ${describeData(decision)}`;
}

function list(numbers: readonly SweepWidth[], noun: string): string {
  return `${noun}${numbers.length === 1 ? "" : "s"} ${numbers.join(", ")}`;
}

function range(numbers: readonly number[]): string {
  const least = numbers.reduce((held, value) => Math.min(held, value), Infinity);
  const most = numbers.reduce((held, value) => Math.max(held, value), -Infinity);
  return `${least} to ${most}`;
}

/** In percent, whole. */
export function percent(fraction: number): string {
  return `${Math.round(100 * fraction)} %`;
}

/** The share of comparisons kept; "none" when there were none. */
function percentOf(fraction: number | null): string {
  return fraction === null ? "none" : percent(fraction);
}

/** The bottom line of a recommendation: one to four short sentences, each computed from the findings. */
import type { SweepWidth } from "../network/architecture.js";
import { type InputEvidence, shownDegrees, significanceReadout, untestedInput, untestedWords } from "./evidence.js";
import type { ActivationRecommendation, ReadoutVerdict, Recommendation, RecommendInput } from "./recommend.js";
import { inTested, percent, shareShown } from "./sentences.js";
import { areMixed, counted, inPercent, projectedTo, thing, things } from "./things.js";

type Findings = Omit<Recommendation, "sentences" | "summary">;

/** What the network of one activation shows about the choice of a width. */
type Outcome =
  /** No width tried keeps the input's numbers. */
  | "none"
  /** A control keeps as many at the same width or a smaller one: it takes no trained network. */
  | "controls"
  /** No control was measured. */
  | "alone"
  /** The controls measured keep fewer up to that width. */
  | "chosen";

/**
 * The bottom line. Topology is said to point to a width only where the input has loops that stand out from noise (or no
 * significance test was recorded) and the controls keep fewer.
 */
export function summaryOf(findings: Findings, input: RecommendInput, images: readonly InputEvidence[]): string {
  if (images.length === 0)
    return `In short: nothing can be said about widths, for ${undefinedBy(findings.readout, input)}.`;
  const significant = mostSignificant(findings);
  const evidence = [
    standsOut(findings, significant, images, input),
    excluded(findings, images),
    ...(findings.nothingToKeep ? [] : controls(findings, images)),
  ];
  const reasons = evidence.filter((clause) => clause !== "");
  return [
    `In short: ${verdict(findings, significant, images)}`,
    reasons.length === 0 ? "" : `${capital(listed(reasons))}.`,
    strength(findings),
    byAccuracy(findings, input),
  ]
    .filter((sentence) => sentence !== "")
    .join(" ");
}

/** Why no number of the input is defined. */
function undefinedBy(readout: string, { measurements }: RecommendInput): string {
  const reasons = [...new Set(untestedInput(readout, measurements).flatMap((one) => one.reasons))];
  return reasons.length === 0
    ? `no number of the input is defined by ${readout}`
    : `${readout} could not be tested on the input (${reasons.map((reason) => untestedWords[reason]).join("; ")})`;
}

function verdict(findings: Findings, significant: readonly Shown[] | null, images: readonly InputEvidence[]): string {
  const { byActivation, nothingToKeep } = findings;
  const what = nouns(images);
  if (byActivation.every(({ network }) => network.length === 0)) return "no network was measured.";
  if (nothingToKeep || showsNone(significant)) return noChoice(findings);
  const by = (wanted: Outcome) => byActivation.filter((one) => outcome(one, findings) === wanted);
  const chosen = [...by("chosen"), ...by("alone")];
  const none = by("none");
  if (chosen.length > 0) {
    const others = byActivation.filter((one) => !chosen.includes(one)).map(({ activation }) => activation);
    const but = others.length === 0 ? "" : `; for ${others.join(" and ")} it does not choose one`;
    return `topology points to ${widths(chosen, ({ smallestKept }) => smallestKept!)}, the smallest tried at which no layer measured fewer ${what} than the input${but}.`;
  }
  if (none.length === byActivation.length)
    return `no width tried keeps the input's ${what}: at every one some layer measured fewer.`;
  return noChoice(findings);
}

/** Where the trainings point to no width, a theorem may still exclude some by where the classes lie. */
function noChoice({ byActivation }: Findings): string {
  const excluded = byActivation.flatMap(({ activation, exclusions }) =>
    exclusions.flatMap(({ name, widths }) => (name === "N5" && widths.length > 0 ? [{ activation, widths }] : [])),
  );
  if (excluded.length === 0) return "topology does not choose a width here.";
  const named = excluded.map(({ activation, widths }) => `${count(widths)} (${activation})`).join(" and ");
  return `topology excludes ${named}, for one class surrounds another, and chooses none of the others.`;
}

/** Whether the input has anything that stands out from noise. */
function standsOut(
  findings: Findings,
  significant: readonly Shown[] | null,
  images: readonly InputEvidence[],
  input: RecommendInput,
): string {
  if (showsNone(significant))
    return `no ${significant!.map(({ k }) => thing(k)).join(" or ") || images.map(({ k }) => thing(k)).join(" or ")} of the input stands out from noise${inTested(significanceReadout([findings.readout, ...input.readouts])!, input)}`;
  if (significant !== null) {
    const shown = significant.filter(({ maximum }) => maximum > 0);
    const what = shown.map(({ k, maximum }) => counted(maximum, k)).join(" and ");
    return shown.length === 1 && shown[0]!.maximum === 1
      ? `some class of the input has ${what} that stands out from noise`
      : `classes of the input have up to ${what} that stand out from noise`;
  }
  return findings.nothingToKeep ? `the input shows no ${nouns(images)} by ${findings.readout}` : "";
}

function excluded({ byActivation }: Findings, images: readonly InputEvidence[]): string {
  // That a layer cannot carry voids excludes it only where the input has some.
  const degrees = shownDegrees(images);
  const proven = [
    ...new Set(
      byActivation.flatMap(({ cannotCarry }) =>
        cannotCarry.filter(({ k }) => degrees.includes(k)).map(({ width }) => width),
      ),
    ),
  ];
  const conditional = byActivation
    .map(({ activation, exclusions }) => ({
      activation,
      widths: [...new Set(exclusions.filter(({ name }) => name !== "N1").flatMap((exclusion) => exclusion.widths))],
    }))
    .filter((one) => one.widths.length > 0)
    .map((one) => `${count(one.widths)} (${one.activation})`);
  if (proven.length === 0 && conditional.length === 0) return "no width is excluded by a theorem";
  return [
    ...(proven.length === 0
      ? []
      : [`${count(proven)} is excluded by a theorem`.replace(/^widths(.*) is /, "widths$1 are ")]),
    ...(conditional.length === 0
      ? []
      : [`a theorem excludes ${conditional.join(" and ")} if the data are as it assumes`]),
  ].join(" and ");
}

/** What the controls show of the numbers kept. */
function controls(findings: Findings, images: readonly InputEvidence[]): string[] {
  const what = nouns(images);
  const { byActivation, projection } = findings;
  const kept = byActivation.filter(({ smallestKept }) => smallestKept !== null);
  if (kept.length === 0) {
    const width = byActivation[0]?.projectionSmallestKept ?? null;
    return width === null
      ? []
      : [`a random projection ${projectedTo(width)} shows as many ${what} as the input where the networks do not`];
  }
  if (kept.every((one) => outcome(one, findings) === "alone"))
    return ["no control was measured that could explain the counts"];
  const rank = (width: SweepWidth) => findings.widths.indexOf(width);
  const largest = Math.max(...kept.map(({ smallestKept }) => rank(smallestKept!)));
  const projected = kept[0]!.projectionSmallestKept;
  if (projected !== null && rank(projected) <= largest)
    return [`a random projection ${projectedTo(projected)} already shows as many ${what} as the input`];
  const gaussian = kept[0]!.gaussianSmallestKept;
  if (gaussian !== null && rank(gaussian) <= largest)
    return [
      `points of pure noise in ${typeof gaussian === "number" ? `${gaussian} dimensions` : `the dimensions of ${gaussian}`} already show as many ${what} as the input`,
    ];
  const untrained = kept.filter(
    ({ smallestKept, untrainedSmallestKept: width }) => width !== null && rank(width) <= rank(smallestKept!),
  );
  if (untrained.length > 0)
    return [
      `before training the network already shows as many ${what} as the input at ${widths(untrained, (one) => one.untrainedSmallestKept!)}`,
    ];
  const measured = [
    ...(projection.length > 0 ? ["a random projection"] : []),
    ...(findings.gaussian.length > 0 ? ["pure noise"] : []),
    ...(kept.some((one) => one.untrained.length > 0) ? ["the network before training"] : []),
  ];
  return [
    `${measured.length > 2 ? listed(measured) : measured.join(" and ")} ${measured.length > 1 ? "show" : "shows"} fewer ${what} up to ${widths(kept, ({ smallestKept }) => smallestKept!)}${shownSo(kept, findings)}`,
  ];
}

/** Whether the pairs show that the trained network measures more than its controls there, or chance may do it. */
function shownSo(kept: readonly ActivationRecommendation[], { alpha }: Findings): string {
  const shown = kept.every(({ paired, smallestKept }) =>
    (["projection", "untrained"] as const).every((control) => {
      const own = paired.pairings.filter((one) => one.with === control && one.width === smallestKept);
      return own.length === 0 || own.some(({ more, fewer, adjustedP }) => more > fewer && adjustedP <= alpha);
    }),
  );
  return shown ? "" : ", which sample by sample is no more than chance may do";
}

function outcome(one: ActivationRecommendation, findings: Findings): Outcome {
  const width = one.smallestKept;
  if (width === null) return "none";
  const rank = (of: SweepWidth) => findings.widths.indexOf(of);
  const controls = [one.projectionSmallestKept, one.untrainedSmallestKept, one.gaussianSmallestKept];
  if (controls.some((kept) => kept !== null && rank(kept) <= rank(width))) return "controls";
  const measured = [findings.projection, findings.gaussian, one.untrained];
  return measured.every((list) => list.length === 0) ? "alone" : "chosen";
}

/** How sure that is; nothing where no width was named. */
function strength(findings: Findings): string {
  const { byActivation, trainings } = findings;
  if (findings.strength === "confident") {
    const sure = byActivation.filter(({ confidentWidth }) => confidentWidth !== null);
    const each = sure.length > 1 ? " for each activation" : "";
    return `With ${percent(1 - findings.alpha)} confidence${each}, on these images, ${shareShown(findings)} of all trainings keep as many down to ${widths(sure, ({ confidentWidth }) => confidentWidth!)}.`;
  }
  const named = byActivation.some((one) => ["chosen", "alone"].includes(outcome(one, findings)));
  if (!named || showsNone(mostSignificant(findings))) return "";
  return trainings === 1
    ? "One training each: an indication, no confidence."
    : `${trainings} trainings each: an indication, no confidence.`;
}

/** The widths that accuracy would choose, each with its accuracy, so that a poor one shows as such. */
function byAccuracy({ byActivation }: Findings, input: RecommendInput): string {
  const best = byActivation.filter(({ smallestAccurate }) => smallestAccurate !== null);
  if (best.length === 0 || input.widths.length === 1) return "";
  const last = input.widths.at(-1);
  const remark = areMixed(input.widths) ? "the largest tried" : "the widest tried";
  const named = best.map(({ activation, smallestAccurate }) => {
    const { width, accuracy } = smallestAccurate!;
    const remarks = [
      ...(byActivation.length > 1 ? [activation] : []),
      inPercent(accuracy),
      ...(width === last ? [remark] : []),
    ];
    return `${width} (${remarks.join(", ")})`;
  });
  return `By accuracy, choose ${named.join(" or ")}.`;
}

/** The most of one degree, in a class, that stand out from noise. */
type Shown = Pick<ReadoutVerdict["input"][number], "k" | "maximum">;

/** What stands out from noise, degree by degree from 1; null where no significance test was recorded. */
function mostSignificant({ readout, byActivation, nothingToKeep }: Findings): readonly Shown[] | null {
  const first = byActivation[0];
  if (significanceReadout([readout]) !== undefined) return nothingToKeep ? [] : null;
  const verdict = first?.otherReadouts.find((other) => significanceReadout([other.readout]) !== undefined);
  const degrees = verdict?.input.filter(({ k }) => k > 0) ?? [];
  return degrees.length === 0 ? null : degrees;
}

function showsNone(significant: readonly Shown[] | null): boolean {
  return significant?.every(({ maximum }) => maximum === 0) ?? false;
}

/** "width 8", or "width 8 (relu) or 4 (square)". */
function widths(list: readonly ActivationRecommendation[], of: (one: ActivationRecommendation) => SweepWidth): string {
  const different = new Set(list.map(of)).size > 1;
  return `width ${[...new Set(list.map((one) => (different ? `${of(one)} (${one.activation})` : `${of(one)}`)))].join(" or ")}`;
}

function count(list: readonly SweepWidth[]): string {
  return `width${list.length === 1 ? "" : "s"} ${list.join(", ")}`;
}

/** What is to be kept: loops, or loops and voids; all that is compared where the input shows none of it. */
function nouns(images: readonly InputEvidence[]): string {
  const shown = shownDegrees(images);
  return (shown.length === 0 ? images.map(({ k }) => k) : shown).map(things).join(" and ");
}

function listed(clauses: readonly string[]): string {
  if (clauses.length < 3) return clauses.join(", and ");
  return `${clauses.slice(0, -1).join(", ")}, and ${clauses.at(-1)}`;
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

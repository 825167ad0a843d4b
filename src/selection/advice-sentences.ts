/** The words of advice: plain, none stronger than the theorem or the test behind it. */
import type { Advice, FamilyAdvice } from "./advice.js";
import type { EmpiricalTest } from "./empirical.js";
import type { InverseAnswer } from "./inverse.js";
import { mergingSentences } from "./merging.js";
import { areMixed, inPercent, projectedTo } from "./things.js";

type Section = Advice["sections"][number];

/** All sections, in the order they are printed. */
export function adviceSentences({ target, families }: Omit<Advice, "sections">): Section[] {
  const numbers = target.betti.map((b, k) => `b_${k} = ${b}`).join(", ");
  const single = families.length === 1;
  return [
    {
      heading: "Betti numbers to be met",
      sentences: [
        `${numbers} (${target.origin}).`,
        "All below speaks of them as if they were the data's true Betti numbers. Numbers read from a sample are statistics: they may be too large or too small.",
      ],
    },
    ...families.flatMap((advice) => {
      const { activation } = advice.family;
      const title = (text: string) => (single ? text : `${text}: ${activation}`);
      return [
        {
          heading: title("Necessary conditions"),
          sentences: advice.conditions.map(({ name, text }) => `${name}. ${text}`),
        },
        { heading: title("Sizes the bounds do not exclude"), sentences: inverse(advice) },
        { heading: title("What the trainings show"), sentences: shown(advice) },
        {
          heading: title("Where components may be lost (N2)"),
          sentences: advice.merging ? mergingSentences(advice.merging) : [],
        },
        { heading: title("How far to trust it"), sentences: trust(advice) },
      ];
    }),
  ].filter(({ sentences }) => sentences.length > 0);
}

function inverse(advice: FamilyAdvice): string[] {
  const sentences = advice.answers.map(answerText);
  sentences.push(
    "Smaller sizes are excluded under the hypothesis named; those listed and larger ones are not excluded, which does not make them enough. Parameters are weights and biases, without batch norm.",
  );
  return sentences;
}

function answerText({ question, sizes, hypothesis, reason }: InverseAnswer): string {
  const title = { carry: "To carry them", create: "To create them", region: "To have them in a decision region" }[
    question
  ];
  if (reason !== null) return `${title}: no answer, ${reason}.`;
  const list = sizes.map(({ depth, width, parameters, front }) =>
    width === null
      ? `depth ${depth}: none`
      : `depth ${depth}: width ${width}, ${parameters} parameters${front ? " (front)" : ""}`,
  );
  const because = sizes.findLast((size) => size.because !== null);
  const why = because
    ? ` At depth ${because.depth}, ${because.width === null ? `width 4096 too: ${because.because}` : because.because}.`
    : "";
  return `${title}, if ${hypothesis}: ${list.join("; ")}.${why}`;
}

function shown({ test, rows }: FamilyAdvice): string[] {
  if (test) return trainings(test);
  return rows.length === 0
    ? []
    : ["By this readout the input shows nothing, so there is nothing to keep and no training is tested."];
}

function trainings(test: EmpiricalTest): string[] {
  const { readout, rule, tolerance, probability, alpha, trainings: n, trainingsNeeded, acceptedWidth, widths } = test;
  const level = percent(1 - alpha);
  const share = percent(probability);
  const unit =
    rule === "every-class" ? "every hidden layer and class" : "the median over the classes of every hidden layer";
  const aside = tolerance > 0 ? `, up to ${percent(tolerance)} of the comparisons aside` : "";
  const sentences = widths.map(
    ({ width, kept, lowerLimit, monotoneFit, accepted, accuracy, projectionKept, untrainedKept }) =>
      `Width ${width}: ${kept} of ${n} trainings keep (${rule === "every-class" ? `lower limit ${lowerLimit.toFixed(3)}, ` : ""}monotone fit ${monotoneFit.toFixed(2)})` +
      `${accepted ? ", accepted" : ""}${accuracy === null ? "" : `; accuracy ${inPercent(accuracy)}`}` +
      `${projectionKept ? `; random maps ${projectionKept.kept} of ${projectionKept.runs}` : ""}` +
      `${untrainedKept ? `; untrained ${untrainedKept.kept} of ${untrainedKept.runs}` : ""}.`,
  );
  if (widths.length === 0) return ["No training was measured by this readout: nothing can be said."];
  if (rule !== "every-class") {
    sentences.push(
      "No confidence is claimed: the study's rule compares medians over the classes, and statements of confidence are made for the rule every-class only.",
    );
    return sentences;
  }
  if (acceptedWidth === null) {
    const widest = widths.at(-1)!;
    const why =
      n < trainingsNeeded
        ? `${n} ${n === 1 ? "training" : "trainings"} of each width cannot show it: ${trainingsNeeded} would be needed, all of them keeping`
        : `it is not shown for the ${areMixed(widths.map(({ width }) => width)) ? "largest network" : "widest width"}, ${widest.width}, where ${widest.kept} of ${n} keep (lower limit ${widest.lowerLimit.toFixed(3)})`;
    sentences.push(`No width is accepted at ${level} confidence for a share of ${share}: ${why}.`);
  } else {
    const mixed = areMixed(widths.map(({ width }) => width));
    const larger = mixed
      ? `larger network tried, in the order above; fixed sequence from the last of them`
      : "wider width tried; fixed sequence from the widest down";
    sentences.push(
      `At ${level} confidence at least ${share} of trainings of width ${acceptedWidth} keep Betti numbers at or above the input's in ${unit} measured, under readout ${readout}${aside} ` +
        `(the same holds of every ${larger}, n = ${n} seeds).`,
    );
    const at = widths.find(({ width }) => width === acceptedWidth)!;
    if (at.projectionKept && at.projectionKept.kept === at.projectionKept.runs)
      sentences.push(
        `Of the random linear maps ${projectedTo(acceptedWidth)}, ${at.projectionKept.kept} of ${at.projectionKept.runs} keep them as well: that needs neither a network nor training.`,
      );
    if (at.untrainedKept && at.untrainedKept.kept === at.untrainedKept.runs)
      sentences.push(
        `Of the untrained networks of that width, ${at.untrainedKept.kept} of ${at.untrainedKept.runs} keep them as well: it is not the training's doing.`,
      );
  }
  const byDegree = test.acceptedByDegree;
  if (byDegree.length > 1)
    sentences.push(
      `By one degree alone: ${byDegree.map(({ k, width }) => `b_${k} ${width === null ? "none" : `width ${width}`}`).join(", ")}.`,
    );
  sentences.push(
    `The confidence is over trainings on these very images, not over images or data sets, and the level is that of each activation by itself; the readout, the rule, the share of ${share} and the level count as fixed before the run, and choosing them afterwards voids the statement.`,
  );
  return sentences;
}

function trust({ looseness, sensitivity, test, rows, family }: FamilyAdvice): string[] {
  const sentences: string[] = [];
  if (looseness) {
    const { width, k, bound, log10, target } = looseness;
    const gap = log10 - Math.log10(Math.max(1, target));
    sentences.push(
      `How loose: a layer between two of width ${width} carries b_${k} ≤ ${bound} by the bound, ` +
        `${gap < 1 ? "close to" : `10^${gap.toFixed(0)} times`} the ${target} to be met. Upper bounds of this kind are typically far from attained: they are too loose to choose a width by themselves.`,
    );
  } else
    sentences.push(
      `How loose: no theorem known here bounds what one ${family.activation} layer can carry; for it only the conditions above and the bounds on what is created or separated exclude anything.`,
    );
  const { byDataDegree, excludedFrom } = sensitivity;
  const changes: string[] = [];
  if (excludedFrom)
    changes.push(`a b_${excludedFrom.k} above ${excludedFrom.moreThan} would exclude width ${excludedFrom.width} too`);
  if (byDataDegree.length > 0)
    changes.push(
      `data cut out by equations of another degree would leave other widths to carry them (${byDataDegree.map(({ dataDegree, width }) => `degree ${dataDegree}: ${width ?? "none"}`).join(", ")})`,
    );
  if (test)
    changes.push(
      test.trainings < test.trainingsNeeded
        ? `${test.trainingsNeeded} seeds or more would let the trainings speak with confidence`
        : "more seeds would sharpen the limits",
      "another readout counts other loops",
    );
  else if (rows.length > 0) changes.push("another readout counts other loops");
  else
    changes.push(
      "a study with several seeds would show which widths keep them in practice: bettina study --seeds 1,2,3,4,5",
    );
  sentences.push(`What would change the answer: ${changes.join("; ")}.`);
  return sentences;
}

function percent(fraction: number): string {
  return `${Number((100 * fraction).toFixed(1))} %`;
}

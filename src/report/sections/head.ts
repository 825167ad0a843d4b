/** The data set, then the recommendation in words and in one picture. */
import type { SweepWidth } from "../../network/architecture.js";
import type { ActivationRecommendation, WidthFinding } from "../../selection/recommend.js";
import type { EnvironmentRecord } from "../../study/manifest.js";
import type { StudyResult } from "../../study/result.js";
import { addedWords, comparisonOf } from "../choice.js";
import { html, type Insert, type Markup } from "../markup.js";
import { navigation, type SectionLink } from "../page.js";
import { count, datasetLine, decisionRule, duration, groupSentences, percent, strengthLine } from "../words.js";
import { scroll } from "./table.js";

/** Title, data set, links, recommendation. */
export function headSection(
  result: StudyResult,
  links: readonly SectionLink[],
  charts: readonly Markup[],
  environment: EnvironmentRecord | null,
): Markup {
  const { dataset, failures, recommendation } = result;
  const [name, ...rest] = datasetLine(dataset).split(":");
  const warning = dataset.generated ? html` Nothing below is a statement about MNIST.` : null;
  return html`<p class="${dataset.generated ? "data generated" : "data"}"><strong>${name}</strong>:${rest.join(":")}${warning}</p>
<h1>How wide must the hidden layers be to carry the topology of the data?</h1>
${failures.length === 0 ? null : html`<p class="generated">${failures.length} ${failures.length === 1 ? "job" : "jobs"} failed; what they would have measured is missing below. <a href="#failures">See why.</a></p>`}
${navigation(links)}
<section class="lead" id="recommendation">
<h2>Recommendation <span class="chip">${strengthLine(result)}</span></h2>
<p class="summary">${recommendation.summary}</p>
${glance(result, environment)}
${charts}
<details><summary>Every finding in words</summary>
${groupSentences(result).map(
  ({ heading, sentences }) =>
    html`${heading === null ? null : html`<h3>${heading}</h3>`}<ul>${sentences.map((sentence) => html`<li>${sentence}</li>`)}</ul>\n`,
)}</details>
<details><summary>The findings width by width</summary>
<div class="findings">${recommendation.byActivation.map(findings)}</div>
</details>
<p class="note">${decisionRule(result.config.decision)} Fixed before the run. Not excluded never means sufficient: see <a href="#controls">what the controls mean</a>.</p>
</section>`;
}

/** One row of the table at a glance: a name, and what stands under each activation. */
type Row = readonly [string, (entry: ActivationRecommendation) => Insert];

/** The recommendation in one small table: the width by topology, by its controls, by accuracy, and whether topology helped. */
function glance(result: StudyResult, environment: EnvironmentRecord | null): Markup {
  const { byActivation, readout, nothingToKeep } = result.recommendation;
  const measured = new Set(result.measurements.map(({ source }) => source));
  const width = (value: SweepWidth | null): string => (value === null ? "none" : `${value}`);
  const accuracyAt = (entry: ActivationRecommendation, at: SweepWidth | null): Insert => {
    const found = entry.accuracies.find((one) => one.width === at);
    return found ? html` <span class="range">accuracy ${percent(found.accuracy)}</span>` : null;
  };
  const control = (name: string, source: "untrained" | "projection" | "gaussian", of: Row[1]): readonly Row[] =>
    measured.has(source) ? [[name, of]] : [];
  const seconds = (jobs: readonly string[]): string => {
    const own =
      environment?.jobs.filter(({ job }) => jobs.includes(job)).map((one) => one.trainingSeconds ?? one.seconds) ?? [];
    return own.length === 0 ? "" : `, ${duration(own.sort((a, b) => a - b)[own.length >> 1]!)} a training`;
  };
  const byTopology: readonly Row[] = [
    [
      "By topology: no layer below the input",
      (entry) =>
        entry.network.length === 0
          ? "not measured"
          : [width(entry.smallestKept), accuracyAt(entry, entry.smallestKept)],
    ],
    ...(result.recommendation.strength === "confident"
      ? [["Accepted with confidence", (entry: ActivationRecommendation) => width(entry.confidentWidth)] as Row]
      : []),
    ["By topology, medians over the classes", (entry) => width(entry.smallestKeptByMedians)],
    ...control("Control: the untrained network", "untrained", (entry) => width(entry.untrainedSmallestKept)),
    ...control("Control: a random projection", "projection", (entry) => width(entry.projectionSmallestKept)),
    ...control("Control: Gaussian points", "gaussian", (entry) => width(entry.gaussianSmallestKept)),
  ];
  const rows: readonly Row[] = [
    ...(nothingToKeep
      ? [
          [
            "By topology: no layer below the input",
            () =>
              html`nothing to keep <span class="range">the input measures 0 in every class that could be read</span>`,
          ] as Row,
        ]
      : byTopology),
    [
      "Instead, by accuracy: within one point of the best",
      (entry) => {
        const choice = comparisonOf(result, entry.activation)?.byAccuracy;
        return choice
          ? html`${choice.width} <span class="range">accuracy ${percent(choice.testAccuracy)}, ${count(choice.parameters)} parameters${seconds(choice.jobs)}</span>`
          : "–";
      },
    ],
  ];
  const added: Row = [
    "Did topology help to choose?",
    (entry) => {
      const comparison = comparisonOf(result, entry.activation);
      if (!comparison) return "–";
      const { answer, why } = addedWords(comparison);
      return html`<strong>${answer}</strong> <span class="range">${why}</span>`;
    },
  ];
  return scroll(
    "Recommendation at a glance",
    html`Smallest width tried, compared by <strong>${readout}</strong>${nothingToKeep ? null : "; “none” means none of the widths tried"}`,
    html`<table class="glance compact"><thead><tr><td></td>${byActivation.map(({ activation }) => html`<th scope="col">${activation}</th>`)}</tr></thead>
<tbody>${[...rows, added].map(
      (row) =>
        html`<tr${row === added || row[0].startsWith("Instead") ? html` class="answer"` : null}><th scope="row" class="wrap">${rowName(row[0])}</th>${byActivation.map((entry) => html`<td class="wrap">${row[1](entry)}</td>`)}</tr>\n`,
    )}</tbody></table>`,
  );
}

/** "By topology: no layer below" with what follows the colon in small. */
function rowName(text: string): Markup {
  const [name, rest] = text.split(": ");
  return rest === undefined ? html`${text}` : html`${name} <span class="range">${rest}</span>`;
}

function findings(entry: ActivationRecommendation): Markup {
  const list = (title: string, items: readonly WidthFinding[]): Markup =>
    html`<dt>${title}</dt>${items.length === 0 ? html`<dd>none of the widths tried</dd>` : items.map(({ text }) => html`<dd>${text}</dd>`)}`;
  return html`<div><h3>${entry.activation}</h3><dl>
${list("Cannot carry a Betti number of that degree at all (proof)", entry.cannotCarry)}
${list("Excluded if the data are as assumed (theorem with an assumption)", entry.excludedIf)}
${list("A layer measured fewer than the input (measurement)", entry.measuredFewer)}
<dt>Smallest width tried at which none did</dt><dd>${entry.smallestKept ?? "none of the widths tried"}</dd>
</dl></div>`;
}

/** Whether topology tells more than accuracy. */
import type { AccuracyCorrelation } from "../../selection/comparison.js";
import type { StudyResult } from "../../study/result.js";
import { html, type Insert, type Markup } from "../markup.js";
import { subscript } from "../words.js";
import { scroll } from "./table.js";

const columns = [
  { minus: null, name: "as it is" },
  { minus: "projection", name: "less the projection" },
  { minus: "untrained", name: "less the untrained network" },
  { minus: "gaussian", name: "less the Gaussian null" },
] as const;

/** In words, then every rank correlation. */
export function comparisonSection(result: StudyResult): Markup {
  if (result.comparisons.length === 0) return html``;
  return html`<section id="comparison">
<h2>Does topology help to choose?</h2>
<div class="findings">${result.comparisons.map(
    ({ activation, sentences }) =>
      html`<div><h3>${activation}</h3><ul>${sentences.map((sentence) => html`<li>${withoutName(sentence, activation)}</li>`)}</ul></div>`,
  )}</div>
${result.comparisons.map(({ activation, correlations }) => table(activation, correlations))}
</section>`;
}

function withoutName(sentence: string, activation: string): string {
  const own = `${activation}: `;
  if (!sentence.startsWith(own)) return sentence;
  return sentence.charAt(own.length).toUpperCase() + sentence.slice(own.length + 1);
}

function table(activation: string, correlations: readonly AccuracyCorrelation[]): Insert {
  if (correlations.length === 0) return null;
  const used = columns.filter(({ minus }) => correlations.some((one) => one.minus === minus));
  const rows = correlations.filter(({ minus }) => minus === null);
  return html`<details><summary>Rank correlation of every readout with accuracy, ${activation}</summary>
${scroll(
  `Rank correlations, ${activation}`,
  html`Spearman's ρ over the widths between the median of a readout and the median test accuracy; below it p, corrected by Holm over all readouts, degrees and layers`,
  html`<table class="names"><thead><tr><th scope="col" class="words">readout</th>${used.map(({ name }) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${rows.map(
    ({ readout, k, layer }) =>
      html`<tr><th scope="row">${readout} <span class="range">b${subscript(k)}, layer ${layer}</span></th>${used.map(
        ({ minus }) => {
          const one = correlations.find(
            (other) => other.minus === minus && other.readout === readout && other.k === k && other.layer === layer,
          );
          return html`<td>${value(one)}</td>`;
        },
      )}</tr>\n`,
  )}</tbody></table>`,
)}</details>`;
}

function value(one: AccuracyCorrelation | undefined): Markup {
  if (!one) return html`–`;
  if (one.rho === null) return html`– <span class="range">does not vary</span>`;
  const p = one.adjustedP === null ? "" : one.adjustedP < 0.0001 ? "p < 0.0001" : `p ${one.adjustedP.toPrecision(2)}`;
  return html`${one.rho.toFixed(2).replace("-", "−")} <span class="range">${p}</span>`;
}

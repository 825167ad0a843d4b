/** Whether topology tells more than accuracy. */
import type { AccuracyCorrelation } from "../../selection/comparison.js";
import { signed } from "../../selection/comparison-sentences.js";
import type { PairedEvidence, Pairing } from "../../selection/pairs.js";
import type { StudyResult } from "../../study/result.js";
import { html, type Insert, type Markup } from "../markup.js";
import { subscript } from "../words.js";
import { scroll } from "./table.js";

/** In words, then every pairing with the input and the controls, and every correlation between trainings of one width. */
export function comparisonSection(result: StudyResult): Markup {
  if (result.comparisons.length === 0) return html``;
  const { byActivation, readout } = result.recommendation;
  return html`<section id="comparison">
<h2>Does topology help to choose?</h2>
<div class="findings">${result.comparisons.map(
    ({ activation, sentences }) =>
      html`<div><h3>${activation}</h3><ul>${sentences.map((sentence) => html`<li>${withoutName(sentence, activation)}</li>`)}</ul></div>`,
  )}</div>
${byActivation.map(({ activation, paired }) => pairs(activation, readout, paired))}
${result.comparisons.map(({ activation, correlations }) => table(activation, correlations))}
</section>`;
}

function withoutName(sentence: string, activation: string): string {
  const own = `${activation}: `;
  if (!sentence.startsWith(own)) return sentence;
  return sentence.charAt(own.length).toUpperCase() + sentence.slice(own.length + 1);
}

const besides = [
  ["input", "beside the input"],
  ["projection", "beside the random map"],
  ["untrained", "beside the untrained network"],
] as const;

function pairs(activation: string, readout: string, { pairings, samples }: PairedEvidence): Insert {
  if (pairings.length === 0) return null;
  const used = besides.filter(([source]) => pairings.some((one) => one.with === source));
  const places = pairings.filter((one) => one.with === used[0]![0]);
  return html`<details><summary>The trained network beside the input and the controls, sample by sample, ${activation}</summary>
${scroll(
  `Sample by sample, ${activation}`,
  html`By <strong>${readout}</strong>, of ${samples} ${samples === 1 ? "sample" : "samples"} of the same images: in how many the trained layer (median over trainings) measured more / as many / fewer; below it p of the sign test, corrected by Holm over all places of the column`,
  html`<table class="names"><thead><tr><th scope="col" class="words">place</th>${used.map(([, name]) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${places.map(
    ({ width, layer, k }) =>
      html`<tr><th scope="row">width ${width} <span class="range">layer ${layer}, b${subscript(k)}</span></th>${used.map(
        ([source]) =>
          html`<td>${paired(pairings.find((one) => one.with === source && one.width === width && one.layer === layer && one.k === k))}</td>`,
      )}</tr>\n`,
  )}</tbody></table>`,
)}</details>`;
}

function paired(one: Pairing | undefined): Markup {
  return one
    ? html`${one.more} / ${one.equal} / ${one.fewer} <span class="range">${probability(one.adjustedP)}</span>`
    : html`–`;
}

function table(activation: string, correlations: readonly AccuracyCorrelation[]): Insert {
  const tested = correlations.filter(({ mean }) => mean !== null);
  const widths = tested[0]?.byWidth.map(({ width }) => width) ?? [];
  if (tested.length === 0) return null;
  return html`<details><summary>Rank correlation with accuracy between trainings of one width, ${activation}</summary>
${scroll(
  `Rank correlations within widths, ${activation}`,
  html`Spearman's ρ over the trainings of one width between the mean over the samples and the test accuracy; the mean of the widths, with p by permutation within widths, corrected by Holm over all readouts, degrees and layers. A dash: it does not vary, or too few trainings.`,
  html`<table class="names"><thead><tr><th scope="col" class="words">readout</th>${widths.map((width) => html`<th scope="col">width ${width}</th>`)}<th scope="col" class="first">mean</th><th scope="col">trainings</th></tr></thead>
<tbody>${tested.map(
    ({ readout, k, layer, byWidth, mean, adjustedP, trainings }) =>
      html`<tr><th scope="row">${readout} <span class="range">b${subscript(k)}, layer ${layer}</span></th>${byWidth.map(({ rho }) => html`<td>${rho === null ? "–" : signed(rho)}</td>`)}<td class="first">${signed(mean!)} <span class="range">${probability(adjustedP!)}</span></td><td>${trainings}</td></tr>\n`,
  )}</tbody></table>`,
)}</details>`;
}

function probability(p: number): string {
  return p < 0.0001 ? "p < 0.0001" : `p ${p.toPrecision(2)}`;
}

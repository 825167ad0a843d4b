/** What the paper claims, sentence by sentence, in figures beside the controls. */
import type { StudyResult } from "../../study/result.js";
import { measuredKey } from "../charts/chart.js";
import { type ClaimFigures, type Claims, claimReadouts, claimsOf } from "../claims.js";
import { html, type Insert, type Markup } from "../markup.js";
import { activationsOf } from "../summary.js";
import { betti, count, percent } from "../words.js";
import { scroll } from "./table.js";

/** A table per activation and readout; nothing where neither count nor ratio was recorded of a network. */
export function claimsSection(result: StudyResult, charts: readonly Markup[]): Markup {
  const claims = activationsOf(result)
    .flatMap((activation) => claimReadouts(result).map((readout) => claimsOf(result, activation, readout)))
    .filter(({ figures }) => figures.some(({ source }) => source === "network"));
  if (claims.length === 0) return html``;
  return html`<section id="claims">
<h2>The paper's claims, beside controls</h2>
<p class="note">“Dive into Layers” (arXiv 2109.01461) says of b₁ that it rises with the width, that it can exceed the input's, and that it is similar across layers. A claim that a random map or an untrained network fulfils as well says nothing about what a network learns.</p>
${charts}
${claims.map(table)}
</section>`;
}

const sentences = [
  [
    "rises with the width",
    "mean of the layers' medians at the first and the last width; steps from width to width that rise",
  ],
  ["can exceed the input", "comparisons with the input on the same sample in which the layer measured more"],
  ["is similar across layers", "(largest − smallest) / mean of the layers' medians, by width"],
] as const;

function table({ activation, readout, figures }: Claims): Insert {
  const cells: readonly ((one: ClaimFigures) => Insert)[] = [
    ({ rise }) =>
      rise === null
        ? "–"
        : html`${betti(rise.from)} → ${betti(rise.to)} <span class="range">${rise.up} of ${rise.steps} steps up</span>`,
    ({ exceeds: { more, all } }) =>
      html`${count(more)} of ${count(all)} <span class="range">${percent(more / all)}</span>`,
    ({ spread, source }) =>
      spread.length === 0
        ? source === "projection"
          ? "no layers"
          : "one layer"
        : spread.map(({ width, share }) => `${width}: ${share === null ? "–" : share.toFixed(2)}`).join(", "),
  ];
  return scroll(
    `The paper's claims by ${readout}, ${activation}`,
    html`b₁ by <strong>${readout}</strong>, activation <strong>${activation}</strong>`,
    html`<table class="names"><thead><tr><th scope="col" class="words">b₁ …</th>${figures.map(({ source }) => html`<th scope="col">${measuredKey[source].label}</th>`)}</tr></thead>
<tbody>${sentences.map(
      ([claim, meaning], i) =>
        html`<tr><th scope="row" class="wrap">${claim} <span class="range">${meaning}</span></th>${figures.map((one) => html`<td class="wrap">${cells[i]!(one)}</td>`)}</tr>\n`,
    )}</tbody></table>`,
  );
}

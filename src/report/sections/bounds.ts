/** Proven upper bounds beside what was measured. */
import type { BoundJson } from "../../bounds/bound.js";
import { describeField } from "../../bounds/format.js";
import type { LayerBound } from "../../bounds/layer-bounds.js";
import type { StudyResult } from "../../study/result.js";
import { html, type Insert, type Markup } from "../markup.js";
import { activationsOf, findBound, findRow, layersOf, readoutsOf, summarise, widthsOf } from "../summary.js";
import { betti, boundParts } from "../words.js";
import { scroll } from "./table.js";

/** Proven upper bounds beside what was measured. */
export function boundsSection(result: StudyResult, charts: readonly Markup[]): Markup {
  if (result.bounds.length === 0) return html``;
  const degrees = [...new Set(result.bounds.flatMap(({ created }) => created.map(({ k }) => k)))].sort((a, b) => b - a);
  const shown = degrees.filter((k) => k === 1);
  const tables = (k: number): Insert => activationsOf(result).map((activation) => boundsTable(result, activation, k));
  const { dataDegree, dataInequalities } = result.config.decision;
  return html`<section id="bounds">
<h2>Proven upper bounds</h2>
<p class="note">U<sub>k</sub>: the largest Betti number the network can <em>create</em> at a layer from a convex domain. I<sub>k</sub>: the largest it can <em>carry</em> through the layer when the layer's input is cut out by equations of degree at most ${dataDegree}${dataInequalities > 0 ? ` and ${dataInequalities} inequalities` : ""}, an assumption about the data. Both hold for every choice of weights and are typically far from attained; a measured number above U<sub>k</sub> is no contradiction, for the data are not convex and a sample is not the space it comes from.</p>
${looseness(result)}
${charts}
${shown.map(tables)}
${degrees.filter((k) => k !== 1).map((k) => html`<details><summary>Bounds on b${k}</summary>${tables(k)}</details>`)}
</section>`;
}

/** How far the bounds lie above what was measured, in powers of ten: the honest measure of their use. */
function looseness(result: StudyResult): Markup {
  const readout = readoutsOf(result).includes("count") ? "count" : result.config.decision.readout;
  const summary = summarise(result, readout, 1);
  const gaps = activationsOf(result).flatMap((activation) =>
    widthsOf(result).flatMap((width) =>
      layersOf(result).flatMap((layer) => {
        const measured = findRow(summary, "network", activation, width, layer)?.spread?.maximum ?? 0;
        const bound = findBound(result, "carried", activation, width, layer, 1)?.bound;
        if (!bound || bound.log10 === null || measured === 0) return [];
        return [{ activation, width, layer, gap: bound.log10 - Math.log10(measured) }];
      }),
    ),
  );
  if (gaps.length === 0) return html`<p>No theorem here bounds what these layers can carry.</p>`;
  const sorted = [...gaps].sort((one, other) => one.gap - other.gap);
  const below = gaps.filter(({ gap }) => gap < 0);
  const [least, middle, most] = [sorted[0]!, sorted[sorted.length >> 1]!, sorted[sorted.length - 1]!];
  const power = (gap: number): Markup => html`10<sup>${gap.toFixed(gap < 10 ? 1 : 0).replace("-", "−")}</sup>`;
  return html`<p><strong>How loose are they?</strong> What a layer can carry at most is ${power(least.gap)} to ${power(most.gap)} times the largest number measured (median ${power(middle.gap)}; least in ${least.activation}, width ${least.width}, layer ${least.layer}). ${
    below.length === 0
      ? "No measured count exceeds its bound, so no width is excluded by one."
      : html`In ${below.length} of ${gaps.length} layers the count of all intervals exceeds the bound: there the data's true Betti numbers, if that large, could not be carried.`
  }</p>`;
}

function boundsTable(result: StudyResult, activation: string, k: number): Markup {
  const readout = readoutsOf(result).includes("count") ? "count" : result.config.decision.readout;
  const summary = summarise(result, readout, k);
  const cells = (entry: LayerBound | undefined): Markup =>
    entry?.bound
      ? html`<td class="first">${boundMarkup(entry.bound)}</td><td class="words wrap">${entry.bound.theorem}; ${describeField(entry.bound.field)}; ${entry.bound.status}</td>`
      : html`<td class="first">n/a</td><td class="words wrap">${entry?.reason ?? "not evaluated"}</td>`;
  const rows = widthsOf(result).flatMap((width) =>
    layersOf(result).map((layer) => {
      const measured = findRow(summary, "network", activation, width, layer)?.spread?.maximum;
      return html`<tr><th scope="row">${width}</th><td>${layer}</td><td>${betti(measured)}</td>${cells(findBound(result, "created", activation, width, layer, k))}${cells(findBound(result, "carried", activation, width, layer, k))}</tr>\n`;
    }),
  );
  const table = scroll(
    `Bounds on b${k}, ${activation}`,
    html`Bounds on b${k}, activation <strong>${activation}</strong>, beside the largest number measured (by ${readout})`,
    html`<table><thead><tr><th scope="col">width</th><th scope="col">layer</th><th scope="col">measured</th><th scope="col" class="first">U<sub>${k}</sub></th><th scope="col" class="words">theorem; coefficients; status</th><th scope="col" class="first">I<sub>${k}</sub></th><th scope="col" class="words">theorem; coefficients; status</th></tr></thead>
<tbody>${rows}</tbody></table>`,
  );
  return html`<details><summary>Table of bounds on b${k}, ${activation}</summary>${table}</details>`;
}

function boundMarkup(bound: BoundJson): Markup {
  const parts = boundParts(bound);
  return "integer" in parts ? html`${parts.integer}` : html`${parts.mantissa} × 10<sup>${parts.power}</sup>`;
}

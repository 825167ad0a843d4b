/** Proven upper bounds beside what was measured. */
import type { BoundJson } from "../../bounds/bound.js";
import { describeData } from "../../bounds/carry.js";
import { describeField } from "../../bounds/format.js";
import type { LayerBound } from "../../bounds/layer-bounds.js";
import type { StudyResult } from "../../study/result.js";
import { html, type Insert, type Markup } from "../markup.js";
import { activationsOf, findBound, findRow, layersOf, readoutsOf, summarise, widthsOf } from "../summary.js";
import { betti, boundParts, count } from "../words.js";
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
<p class="note">U<sub>k</sub>: the largest Betti number the network can <em>create</em> at a layer from a convex domain. I<sub>k</sub>: the largest it can <em>carry</em> through the layer when the layer's input is ${describeData({ dataDegree, dataInequalities })}, an assumption about the data. Both hold for every choice of weights and are typically far from attained; a measured number above U<sub>k</sub> is no contradiction, for the data are not convex and a sample is not the space it comes from.</p>
${looseness(result)}
${charts}
${shown.map(tables)}
${degrees.filter((k) => k !== 1).map((k) => html`<details><summary>Bounds on b${k}</summary>${tables(k)}</details>`)}
</section>`;
}

/** How far the bounds lie above what was measured, and where one lies below the input: the honest measure of their use. */
function looseness(result: StudyResult): Markup {
  const readout = countOf(result);
  const summary = summarise(result, readout, 1);
  const input = summary.input?.maximum ?? 0;
  const layers = activationsOf(result).flatMap((activation) =>
    widthsOf(result).flatMap((width) =>
      layersOf(result).flatMap((layer) => {
        const measured = findRow(summary, "network", activation, width, layer)?.spread?.maximum ?? 0;
        const bound = findBound(result, "carried", activation, width, layer, 1)?.bound;
        return bound ? [{ activation, width, layer, measured, log10: bound.log10 ?? Number.NEGATIVE_INFINITY }] : [];
      }),
    ),
  );
  const gaps = layers
    .filter(({ measured, log10 }) => measured > 0 && Number.isFinite(log10))
    .map((one) => ({ ...one, gap: one.log10 - Math.log10(one.measured) }))
    .sort((one, other) => one.gap - other.gap);
  if (gaps.length === 0) return html`<p>No theorem here bounds what these layers can carry.</p>`;
  const [least, middle, most] = [gaps[0]!, gaps[gaps.length >> 1]!, gaps[gaps.length - 1]!];
  const place = ({ activation, width, layer }: (typeof layers)[number]) =>
    `${activation}, width ${width}, layer ${layer}`;
  const below = layers.filter(({ log10 }) => input > 0 && log10 < Math.log10(input));
  const shown = below.slice(0, 4).map(place).join("; ");
  return html`<p><strong>How loose are they?</strong> What a layer can carry at most is ${times(least.gap)} to ${times(most.gap)} times the largest number measured there by ${readout} (median ${times(middle.gap)}; least in ${place(least)}). ${
    below.length === 0
      ? `No bound lies below the largest number the input shows, ${betti(input)} by ${readout}: none speaks against a width.`
      : `In ${below.length} of ${layers.length} layers the bound lies below the largest number the input shows, ${betti(input)} by ${readout} (${shown}${below.length > 4 ? "; …" : ""}): were that the data's true Betti number, these layers could not carry it.`
  }</p>`;
}

/** A factor from its power of ten: 1.3, 420, 10^28. */
function times(power: number): Markup {
  return power < 4 ? html`${count(Number((10 ** power).toPrecision(2)))}` : html`10<sup>${power.toFixed(0)}</sup>`;
}

/** The readout that bounds are held against: the count of all intervals where it was recorded. */
function countOf(result: StudyResult): string {
  return readoutsOf(result).includes("count") ? "count" : result.config.decision.readout;
}

/** A row per width and layer; theorems are numbered, and told once below. */
function boundsTable(result: StudyResult, activation: string, k: number): Markup {
  const readout = countOf(result);
  const summary = summarise(result, readout, k);
  const notes: string[] = [];
  const cells = (entry: LayerBound | undefined): Markup => {
    const note = entry?.bound
      ? `${entry.bound.theorem}; ${describeField(entry.bound.field)}; ${entry.bound.status}`
      : (entry?.reason ?? "not evaluated");
    if (!notes.includes(note)) notes.push(note);
    return html`<td class="first">${entry?.bound ? boundMarkup(entry.bound) : "n/a"} <span class="mark">[${notes.indexOf(note) + 1}]</span></td>`;
  };
  const rows = widthsOf(result).flatMap((width) =>
    layersOf(result).map((layer) => {
      const measured = findRow(summary, "network", activation, width, layer)?.spread?.maximum;
      return html`<tr><th scope="row">${width}</th><td>${layer}</td><td>${betti(measured)}</td>${cells(findBound(result, "created", activation, width, layer, k))}${cells(findBound(result, "carried", activation, width, layer, k))}</tr>\n`;
    }),
  );
  const table = scroll(
    `Bounds on b${k}, ${activation}`,
    html`Bounds on b${k}, activation <strong>${activation}</strong>, beside the largest number measured (by ${readout})`,
    html`<table><thead><tr><th scope="col">width</th><th scope="col">layer</th><th scope="col">measured</th><th scope="col" class="first">U<sub>${k}</sub></th><th scope="col" class="first">I<sub>${k}</sub></th></tr></thead>
<tbody>${rows}</tbody></table>`,
  );
  return html`<details><summary>Table of bounds on b${k}, ${activation}</summary>${table}<ol class="notes">${notes.map((note) => html`<li>${note}</li>`)}</ol></details>`;
}

function boundMarkup(bound: BoundJson): Markup {
  const parts = boundParts(bound);
  return "integer" in parts ? html`${parts.integer}` : html`${parts.mantissa} × 10<sup>${parts.power}</sup>`;
}

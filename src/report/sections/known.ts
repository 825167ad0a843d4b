/** On data whose Betti numbers are known: what they are, and how often each place measured them. */
import { differentWidths } from "../../network/architecture.js";
import type { KnownComparison } from "../../study/known.js";
import type { Source, StudyResult } from "../../study/result.js";
import { placeAt } from "../levels.js";
import { html, type Insert, type Markup } from "../markup.js";
import { activationsOf, layersOf, readoutsOf, widthsOf } from "../summary.js";
import { subscript } from "../words.js";
import { scroll } from "./table.js";

type Known = NonNullable<StudyResult["known"]>;

/** The known numbers by class, then the share of clouds in which each place measured exactly them; nothing when unknown. */
export function knownSection(result: StudyResult): Markup {
  const { known } = result;
  if (!known) return html``;
  const degrees = Array.from({ length: Math.max(...known.classes.map(({ betti }) => betti.length)) }, (_, k) => k);
  const [first, ...others] = readoutsOf(result);
  return html`<section id="known">
<h2>Measured against what is known</h2>
<p class="note">These data were sampled from spaces whose Betti numbers are known, so a readout can be right or wrong here. A layer that embeds the space has the same numbers; one that folds or glues it need not.</p>
${scroll(
  "Known Betti numbers",
  null,
  html`<table><thead><tr><th scope="col" class="words">class</th>${degrees.map((k) => html`<th scope="col">b${subscript(k)}</th>`)}<th scope="col" class="words">why</th></tr></thead>
<tbody>${known.classes.map(
    ({ class: label, betti, reason }) =>
      html`<tr><th scope="row">${label}</th>${degrees.map((k) => html`<td>${betti[k] ?? 0}</td>`)}<td class="words wrap">${reason}</td></tr>\n`,
  )}</tbody></table>`,
)}
${inputTable(known, readoutsOf(result))}
${first === undefined ? null : sharesBy(result, known, first)}
${others.map((readout) => html`<details><summary>The same by ${readout}</summary>${sharesBy(result, known, readout)}</details>`)}
</section>`;
}

/** A table per degree and activation: clouds with exactly the known number, width by width. */
function sharesBy(result: StudyResult, known: Known, readout: string): Insert {
  const degrees = [...new Set(known.places.filter((one) => one.readout === readout).map(({ k }) => k))].sort();
  return degrees.flatMap((k) =>
    activationsOf(result).map((activation) => shares(result, known, readout, k, activation)),
  );
}

function shares(result: StudyResult, known: Known, readout: string, k: number, activation: string): Markup {
  const own = known.places.filter((place) => place.readout === readout && place.k === k);
  const has = (source: Source) => own.some((place) => place.source === source);
  const untrained = has("untrained");
  const projection = has("projection");
  const layers = layersOf(result);
  const rows = widthsOf(result).map((width) => {
    const at = (source: Source, layer: number) => {
      const where = placeAt(source, activation, width, layer);
      return right(
        own.find(
          (place) =>
            place.source === source &&
            place.width === where.width &&
            place.layer === where.layer &&
            place.activation === where.activation,
        ),
      );
    };
    const maps = differentWidths(width).map((one, i) => {
      const place = own.find((held) => held.source === "projection" && held.width === one);
      return html`${i === 0 ? "" : " / "}${right(place)}`;
    });
    const cells = layers.map(
      (layer) =>
        html`<td class="first">${at("network", layer)}</td>${untrained ? html`<td>${at("untrained", layer)}</td>` : null}`,
    );
    return html`<tr><th scope="row">${width}</th>${cells}${projection ? html`<td class="first">${maps}</td>` : null}</tr>\n`;
  });
  const name = `b${subscript(k)}`;
  return scroll(
    `Clouds with the known ${name}, by ${readout}, ${activation}`,
    html`Clouds (classes, samples, seeds) with exactly the known ${name}, by <strong>${readout}</strong>, activation <strong>${activation}</strong>. Input: ${right(own.find(({ source }) => source === "input"))}.`,
    html`<table><thead><tr><th scope="col" rowspan="2">width</th>${layers.map((layer) => html`<th scope="colgroup" colspan="${untrained ? 2 : 1}">layer ${layer}</th>`)}${projection ? html`<th scope="col" rowspan="2" class="first">projection</th>` : null}</tr>
<tr>${layers.map(() => html`<th scope="col" class="first">trained</th>${untrained ? html`<th scope="col">untrained</th>` : null}`)}</tr></thead><tbody>${rows}</tbody></table>`,
  );
}

/** "3 of 40", and on which side the others lie. */
function right(place: KnownComparison | undefined): Markup {
  if (!place) return html`–`;
  const misses = [place.fewer > 0 ? `${place.fewer} fewer` : "", place.more > 0 ? `${place.more} more` : ""];
  const beside = misses.filter((text) => text !== "").join(", ");
  return html`${place.right} of ${place.clouds}${beside === "" ? null : html` <span class="range">(${beside})</span>`}`;
}

/** On the input alone, where every readout has the same chance: clouds with exactly the known numbers. */
function inputTable(known: Known, readouts: readonly string[]): Insert {
  const own = known.places.filter(({ source }) => source === "input");
  const degrees = [...new Set(own.map(({ k }) => k))].sort();
  if (own.length === 0) return null;
  return scroll(
    "How often each readout is right on the input",
    html`Clouds of the input with exactly the known number, readout by readout; a dash: the rule defines no such number`,
    html`<table class="names"><thead><tr><th scope="col" class="words">readout</th>${degrees.map((k) => html`<th scope="col">b${subscript(k)} right</th>`)}</tr></thead><tbody>${readouts.map(
      (readout) =>
        html`<tr><th scope="row">${readout}</th>${degrees.map((k) => html`<td>${right(own.find((place) => place.readout === readout && place.k === k))}</td>`)}</tr>\n`,
    )}</tbody></table>`,
  );
}

/** On data whose Betti numbers are known: what they are, and how often each place measured them. */
import type { StudyResult } from "../../study/result.js";
import { html, type Insert, type Markup } from "../markup.js";
import { activationsOf, layersOf, readoutsOf, widthsOf } from "../summary.js";
import { subscript } from "../words.js";
import { scroll } from "./table.js";

/** The known numbers by class, then the share of clouds in which each place measured exactly them; nothing when unknown. */
export function knownSection(result: StudyResult): Markup {
  const { known } = result;
  if (!known) return html``;
  const degrees = Array.from({ length: Math.max(...known.classes.map(({ betti }) => betti.length)) }, (_, k) => k);
  const [first, ...others] = readoutsOf(result);
  return html`<section id="known">
<h2>Measured against what is known</h2>
<p class="note">These data were sampled from spaces whose Betti numbers are known, so a readout can be right or wrong here.</p>
${scroll(
  "Known Betti numbers",
  null,
  html`<table><thead><tr><th scope="col" class="words">class</th>${degrees.map((k) => html`<th scope="col">b${subscript(k)}</th>`)}<th scope="col" class="words">why</th></tr></thead>
<tbody>${known.classes.map(
    ({ class: label, betti, reason }) =>
      html`<tr><th scope="row">${label}</th>${degrees.map((k) => html`<td>${betti[k] ?? 0}</td>`)}<td class="words wrap">${reason}</td></tr>\n`,
  )}</tbody></table>`,
)}
${first === undefined ? null : sharesBy(result, known, first)}
${others.map((readout) => html`<details><summary>The same by ${readout}</summary>${sharesBy(result, known, readout)}</details>`)}
</section>`;
}

/** A row per place: clouds with exactly the known number, degree by degree. */
function sharesBy(result: StudyResult, known: NonNullable<StudyResult["known"]>, readout: string): Markup {
  const own = known.places.filter((place) => place.readout === readout);
  const degrees = [...new Set(own.map(({ k }) => k))].sort((one, other) => one - other);
  const row = (name: string, matches: (place: (typeof own)[number]) => boolean): Insert => {
    const places = own.filter(matches);
    if (places.length === 0) return null;
    const cells = degrees.map((k) => {
      const place = places.find((one) => one.k === k);
      return place
        ? html`<td>${place.right} of ${place.clouds} <span class="range">${place.fewer} fewer, ${place.more} more</span></td>`
        : html`<td>–</td>`;
    });
    return html`<tr${name === "input" ? html` class="reference"` : null}><th scope="row">${name}</th>${cells}</tr>\n`;
  };
  const rows = [
    row("input", ({ source }) => source === "input"),
    ...widthsOf(result).map((width) =>
      row(`projection, width ${width}`, (place) => place.source === "projection" && place.width === width),
    ),
    ...activationsOf(result).flatMap((activation) =>
      widthsOf(result).flatMap((width) =>
        layersOf(result).flatMap((layer) =>
          (["network", "untrained"] as const).map((source) =>
            row(
              `${activation}, width ${width}, ${source === "untrained" ? "untrained, " : ""}layer ${layer}`,
              (place) =>
                place.source === source &&
                place.activation === activation &&
                place.width === width &&
                place.layer === layer,
            ),
          ),
        ),
      ),
    ),
  ];
  return scroll(
    `Clouds with the known numbers, by ${readout}`,
    html`Clouds (classes, samples, seeds) with exactly the known number, by <strong>${readout}</strong>`,
    html`<table class="names"><thead><tr><th scope="col" class="words">cloud</th>${degrees.map((k) => html`<th scope="col">b${subscript(k)} right</th>`)}</tr></thead><tbody>${rows}</tbody></table>`,
  );
}

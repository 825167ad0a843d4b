/** Betti numbers by layer and width, beside their controls and the input; curves and distances. */
import { differentWidths } from "../../network/architecture.js";
import type { Source, StudyResult } from "../../study/result.js";
import { measuredKey, sourcesOf } from "../charts/chart.js";
import { inputText, intervalWords, type Level, levelOf, placeAt } from "../levels.js";
import { html, type Insert, type Markup } from "../markup.js";
import {
  activationsOf,
  compareWithInput,
  degreesOf,
  isArtefact,
  isTestedThroughout,
  layersOf,
  readoutsOf,
  widthsOf,
} from "../summary.js";
import { betti, isBelow, percent, subscript } from "../words.js";
import { scroll } from "./table.js";

/** Betti numbers of degree 1 and above. */
export function bettiSection(result: StudyResult, charts: readonly Markup[]): Markup {
  // The first table that does not hold zeros alone stands open.
  const readouts = readoutsOf(result);
  const first = readouts.find((readout) => !isZero(result, readout)) ?? readouts[0];
  const others = readouts.filter((readout) => readout !== first);
  const degrees = degreesOf(result);
  const { maxDim } = result.config.homology;
  const { inputDimension } = result.dataset;
  const tables = (readout: string): Insert =>
    degrees.flatMap((k) => activationsOf(result).map((activation) => bettiTable(result, readout, k, activation)));
  return html`<section id="betti">
<h2>Betti numbers by layer and width</h2>
<p class="note">b₁ counts independent loops${degrees.length > 1 ? ", b₂ voids," : ""} in the Vietoris–Rips filtration of the layer's outputs, coefficients in Z/${result.config.homology.modulus}. In brackets: ${intervalWords(result)}.${maxDim > degrees.length ? ` Degree ${inputDimension} and above is left out: the data lie in ${inputDimension} dimensions, where no compact set has any (T1).` : null}</p>
${charts}
${first === undefined ? null : tables(first)}
${others.map((readout) => html`<details><summary>The same by ${readout}</summary>${tables(readout)}</details>`)}
</section>`;
}

/** Whether a readout has nothing but zeros and what could not be tested to show, in every degree from 1 on. */
function isZero(result: StudyResult, readout: string): boolean {
  return result.statistics.numbers.every(
    (one) => one.readout !== readout || one.k === 0 || one.overClasses.median === 0 || one.overClasses.median === null,
  );
}

function bettiTable(result: StudyResult, readout: string, k: number, activation: string): Markup {
  const layers = layersOf(result);
  const input = levelOf(result, readout, k, placeAt("input", activation, 0, 0));
  const cell = (level: Level | null, artefact = false): Markup => {
    if (artefact) return html`<span class="range">T1</span>`;
    const star = isBelow(level, input) ? "*" : "";
    return level && level.lower !== level.upper
      ? html`${betti(level.median)}${star} <span class="range">(${betti(level.lower)}–${betti(level.upper)})</span>`
      : html`${betti(level?.median)}${star}`;
  };
  const sources = sourcesOf(result);
  const maps = sources.filter((source) => source === "projection" || source === "gaussian");
  const untrained = sources.includes("untrained");
  const names: Partial<Record<Source, string>> = { projection: "projection", gaussian: "Gaussian" };
  const rows = widthsOf(result).map((width) => {
    const at = (source: Source, layer: number) =>
      cell(levelOf(result, readout, k, placeAt(source, activation, width, layer)), isArtefact(width, layer, k));
    const beside = (source: Source) =>
      differentWidths(width).map(
        (own, i) =>
          html`${i === 0 ? "" : " / "}${cell(levelOf(result, readout, k, placeAt(source, activation, own, 1)), own <= k)}`,
      );
    const accuracy = result.statistics.accuracies.find(
      (one) => one.activation === activation && one.width === width,
    )?.test;
    const columns = layers.map((layer) => {
      const { pairs, fewer } = compareWithInput(result, readout, k, activation, width, layer);
      return html`<td class="first">${at("network", layer)}</td><td>${pairs === 0 || isArtefact(width, layer, k) ? "–" : `${fewer}/${pairs}`}</td>${untrained ? html`<td>${at("untrained", layer)}</td>` : null}`;
    });
    return html`<tr><th scope="row">${width}</th><td>${accuracy?.median ? percent(accuracy.median) : "–"}</td>${columns}${maps.map((source, i) => html`<td${i === 0 ? html` class="first"` : null}>${beside(source)}</td>`)}</tr>\n`;
  });
  const name = `b${subscript(k)}`;
  return scroll(
    `Betti number ${name} by ${readout}, ${activation}`,
    html`${name} by <strong>${readout}</strong>, activation <strong>${activation}</strong>. Input: <strong>${inputText(result, readout, k)}</strong> (range over its clouds). “*”: the median is below the input's. “Below”: clouds (classes, samples, seeds) in which the trained layer measured fewer than the input.${isTestedThroughout(result, readout, k) ? null : " Clouds that could not be tested (too few intervals or points) are left out, “–” where that is all of them; it is not 0."}${widthsOf(result).some((width) => layers.some((layer) => isArtefact(width, layer, k))) ? ` “T1”: a layer so narrow has no ${name} at all; what a filtration shows there is an artefact.` : null}`,
    html`<table><thead><tr><th scope="col" rowspan="2">width</th><th scope="col" rowspan="2">accuracy</th>${layers.map((layer) => html`<th scope="colgroup" colspan="${untrained ? 3 : 2}">layer ${layer}</th>`)}${maps.map((source, i) => html`<th scope="col" rowspan="2"${i === 0 ? html` class="first"` : null}>${names[source]}</th>`)}</tr>
<tr>${layers.map(() => html`<th scope="col" class="first">trained</th><th scope="col">below</th>${untrained ? html`<th scope="col">untrained</th>` : null}`)}</tr></thead>
<tbody>${rows}</tbody></table>`,
  );
}

/** Betti curves; nothing when none were recorded. */
export function curvesSection(result: StudyResult, charts: readonly Markup[]): Markup {
  if (charts.length === 0) return html``;
  return html`<section id="curves">
<h2>Betti curves</h2>
<p class="note">The number of loops alive at every scale, with no rule that reads one number off: where the trained curve lies on a control's, the network has no part in it.${sourcesOf(result).includes("gaussian") ? ` ${measuredKey.gaussian.label}: as many points of the standard normal distribution in as many dimensions.` : null}</p>
${charts}
</section>`;
}

/** Distances from layer to layer; nothing when none were computed. */
export function distancesSection(charts: readonly Markup[]): Markup {
  if (charts.length === 0) return html``;
  return html`<section id="distances">
<h2>From layer to layer</h2>
<p class="note">How far the persistence diagrams move from one layer to the next, after dividing by each cloud's median distance. A small distance means that the intervals stay where they were up to scale, not that they are made of the same points.</p>
<div class="side even">${charts}</div>
</section>`;
}

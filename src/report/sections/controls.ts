/** What the controls and the readouts mean. */
import type { StudyResult } from "../../study/result.js";
import { html, type Markup } from "../markup.js";
import { readoutsOf } from "../summary.js";
import { controlMeanings, readoutRule } from "../words.js";

/** What the controls and the readouts mean. */
export function controlsSection(result: StudyResult): Markup {
  const sources = new Set(result.measurements.map(({ source }) => source));
  return html`<section id="controls">
<h2>What the controls mean</h2>
<dl class="facts">${controlMeanings.filter(({ source }) => sources.has(source)).map(({ name, text }) => html`<dt>${name}</dt><dd>${text}</dd>`)}</dl>
<h3>How Betti numbers were read</h3>
<p class="note">A diagram holds intervals; a Betti number is read from it by a rule, and means nothing without it.</p>
${readoutMeanings(readoutsOf(result), result.config.decision.readout)}
</section>`;
}

/** What each readout counts, in the words given; the one that decides is marked. */
export function readoutMeanings(
  readouts: readonly string[],
  decides?: string,
  meaning: (readout: string) => string = readoutRule,
): Markup {
  return html`<dl class="facts">${readouts.map((name) => html`<dt>${name}${name === decides ? " (decides)" : ""}</dt><dd>${meaning(name)}</dd>`)}</dl>`;
}

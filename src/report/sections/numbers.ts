/** Every Betti number, class by class. */
import type { StudyResult } from "../../study/result.js";
import type { NumberStatistics } from "../../study/statistics.js";
import { html, type Markup } from "../markup.js";
import { readoutsOf } from "../summary.js";
import { betti, subscript } from "../words.js";
import { scroll } from "./table.js";

/** A table per readout: a row per cloud, a column per class; medians where several samples or trainings were measured. */
export function numbersSection(result: StudyResult): Markup {
  const several = result.statistics.numbers.some(({ byClass }) => byClass.some(({ clouds }) => clouds > 1));
  const degrees = Array.from({ length: result.config.homology.maxDim + 1 }, (_, k) => `b${subscript(k)}`).join(" / ");
  return html`<section id="numbers">
<h2>Every number</h2>
<p class="note">${degrees} for each class${several ? ", the median over samples and trainings" : ""}; a dash means that the rule defines no such number. <a href="betti.csv">betti.csv</a> holds every cloud by itself.</p>
${readoutsOf(result).map((readout) => table(result, readout))}
</section>`;
}

function table(result: StudyResult, readout: string): Markup {
  const groups = new Map<string, NumberStatistics[]>();
  for (const one of result.statistics.numbers) {
    if (one.readout !== readout) continue;
    const name = nameOf(one);
    groups.set(name, [...(groups.get(name) ?? []), one]);
  }
  const { classes } = result.config;
  const rows = [...groups].map(([name, degrees]) => {
    const cells = classes.map((label) =>
      degrees.map(({ byClass }) => betti(byClass.find((one) => one.class === label)?.median)).join(" / "),
    );
    return html`<tr${name === "input" ? html` class="reference"` : null}><th scope="row">${name}</th>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>\n`;
  });
  return html`<details><summary>By ${readout}</summary>${scroll(
    `Betti numbers by ${readout}`,
    null,
    html`<table class="names"><thead><tr><th scope="col" class="words">cloud</th>${classes.map((label) => html`<th scope="col">${label}</th>`)}</tr></thead><tbody>${rows}</tbody></table>`,
  )}</details>`;
}

function nameOf({ source, activation, width, layer }: NumberStatistics): string {
  switch (source) {
    case "input":
      return "input";
    case "projection":
      return `projection, width ${width}`;
    case "gaussian":
      return `Gaussian, width ${width}`;
    default:
      return `${activation}, width ${width}, ${source === "untrained" ? "untrained, " : ""}layer ${layer}`;
  }
}

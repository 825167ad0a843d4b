/** Accuracy and training. */
import { hasDiverged } from "../../network/diverged.js";
import type { StudyResult } from "../../study/result.js";
import { html, type Markup } from "../markup.js";
import { count, percent } from "../words.js";
import { scroll } from "./table.js";

/** Charts, then every network; folded away when there are many. */
export function trainingSection(result: StudyResult, charts: readonly Markup[]): Markup {
  const validated = result.networks.some(({ validationAccuracy }) => validationAccuracy !== null);
  const rows = result.networks.map(
    (network) =>
      html`<tr><th scope="row">${network.id}</th><td>${network.activation}</td><td>${network.width}</td><td>${network.seed}</td><td>${percent(network.testAccuracy)}</td>${
        validated
          ? html`<td>${network.validationAccuracy === null ? "–" : percent(network.validationAccuracy)}</td>`
          : null
      }<td>${percent(network.untrainedTestAccuracy)}</td><td>${count(network.parameters)}</td><td>${count(network.steps)}</td><td>${network.losses.length === 0 ? "–" : network.losses[network.losses.length - 1]!.loss.toFixed(3)}${hasDiverged(network) ? " (diverged)" : ""}</td></tr>\n`,
  );
  const names = [
    "activation",
    "width",
    "seed",
    "test accuracy",
    ...(validated ? ["held back"] : []),
    "untrained",
    "parameters",
    "steps",
    "last loss",
  ];
  const table = scroll(
    "Trained networks",
    null,
    html`<table><thead><tr><th scope="col" class="words">network</th>${names.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead><tbody>${rows}</tbody></table>`,
  );
  return html`<section id="accuracy">
<h2>Accuracy and training</h2>
<p class="note">Measured on all ${count(result.dataset.testCount)} test images, batch norm by ${result.config.batchStatistics === "sample" ? "the statistics of the measured batch, as the paper's code does" : "the statistics of the training set"}. Compare a width's topology with what it can classify.</p>
<div class="side">${charts}</div>
${rows.length > 14 ? html`<details><summary>All ${rows.length} networks</summary>${table}</details>` : table}
</section>`;
}

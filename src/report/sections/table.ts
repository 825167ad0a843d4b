/** Tables of the report: they scroll inside their own box on a narrow screen and can be reached by keyboard. */
import type { ChartTable } from "../charts/chart.js";
import { html, type Insert, type Markup } from "../markup.js";

/** A table under its caption. */
export function scroll(label: string, caption: Insert, table: Markup): Markup {
  return html`${caption === null ? null : html`<p class="caption">${caption}</p>`}<div class="scroll" role="region" tabindex="0" aria-label="${label}">${table}</div>`;
}

/** The numbers of a picture, folded away. */
export function chartTable(title: string, { header, rows }: ChartTable): Markup {
  const [first, ...others] = header;
  return html`<details><summary>The numbers of this picture</summary>${scroll(
    `Numbers: ${title}`,
    null,
    html`<table><thead><tr><th scope="col" class="words">${first}</th>${others.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${rows.map(([name, ...cells]) => html`<tr><th scope="row">${name}</th>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>\n`)}</tbody></table>`,
  )}</details>`;
}

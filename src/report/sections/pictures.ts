/** Barcodes and persistence diagrams. */
import { html, type Markup } from "../markup.js";

/** The pictures of one network and the input, class by class. */
export interface PictureGroup {
  readonly title: string;
  readonly classes: readonly {
    readonly name: string;
    readonly barcodes: readonly Markup[];
    /** The persistence diagrams, a whole figure. */
    readonly scatter: Markup | null;
  }[];
}

/** A picture in a file beside the report. */
export interface PictureLink {
  readonly title: string;
  /** Path from the study's folder, with forward slashes. */
  readonly file: string;
}

/** The groups, the first class of the first open, and links to all files. */
export function picturesSection(groups: readonly PictureGroup[], links: readonly PictureLink[]): Markup {
  if (groups.length === 0 && links.length === 0) return html``;
  return html`<section id="barcodes">
<h2>Barcodes and persistence diagrams</h2>
<p class="note">A bar runs from the edge length at which a component (H0) or a loop (H1) appears to the one at which it merges or is filled; an arrow means that it never does up to the threshold. The diagrams below show the same loops as ratios, which do not depend on scale.</p>
${groups.map(
  ({ title, classes }, group) => html`<h3>${title}</h3>
${classes.map(
  (
    { name, barcodes, scatter },
    i,
  ) => html`<details${group === 0 && i === 0 ? html` open` : null}><summary>${name}</summary>
<div class="${`panels cols-${barcodes.length}`}">${barcodes}</div>
${scatter}</details>
`,
)}`,
)}
<details><summary>All ${links.length} pictures, as files beside this report</summary>
<ul class="links">${links.map(({ title, file }) => html`<li><a href="${file}">${title}</a></li>\n`)}</ul></details>
</section>`;
}

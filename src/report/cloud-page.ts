/** The page of one cloud: its persistent homology in words, tables and pictures. Self-contained, as the report of a study. */
import { throwIfAborted } from "../errors.js";
import { writeFileAtomic } from "../io/atomic.js";
import { type BettiReading, bettiNumbers } from "../topology/betti.js";
import { errorOf } from "./approximation-text.js";
import { barcodeSpec, type DiagramPicture, diagramSpec } from "./barcode.js";
import { type Chart, panelSpec } from "./charts/chart.js";
import { cloudCounts, cloudCurves, persistentCurves } from "./charts/cloud-charts.js";
import { scatterChart } from "./charts/scatter-chart.js";
import { type CloudPage, isCut, pageReadouts } from "./cloud.js";
import { chartMarkup, inlineSvg } from "./figure.js";
import { html, type Markup } from "./markup.js";
import { navigation, pageDocument, sectionLinks } from "./page.js";
import { renderSvg } from "./render.js";
import { cloudManifest, cloudSummary, readingsSection, replicatesSection } from "./sections/cloud.js";
import { shortNumber } from "./terminal.js";

/** Bars and points drawn of a dimension, the longest first. */
const drawn = 600;

/**
 * Writes the page of one cloud, whole or not at all. The same page gives the same bytes.
 * Cost: some 0.5 s for the pictures, whatever the number of intervals.
 * @throws BackendError when vega or vega-lite is not installed, OutputError where the file cannot be written
 */
export async function writeCloudPage(path: string, page: CloudPage, signal?: AbortSignal): Promise<void> {
  await writeFileAtomic(path, await cloudPageHtml(page, signal));
}

/** The page of one cloud as one HTML document. */
export async function cloudPageHtml(page: CloudPage, signal?: AbortSignal): Promise<string> {
  const { name, result, approximation, context } = page;
  const readouts = page.readouts ?? pageReadouts();
  const readings = readouts.map((readout): BettiReading => bettiNumbers(result, readout, context ?? {}));
  const chart = async (one: Chart): Promise<Markup> => {
    const panels: string[] = [];
    for (const panel of one.panels) {
      throwIfAborted(signal);
      panels.push(await renderSvg(panelSpec(panel)));
    }
    return chartMarkup({ chart: one, panels, folder: null }, "h3");
  };
  const picture: DiagramPicture = {
    title: name,
    subtitle: `${result.n} ${result.landmarks ? "landmarks" : "points"}, coefficients in Z/${result.modulus}`,
    diagrams: result.diagrams,
    threshold: result.threshold,
    limit: drawn,
    cut: isCut(page),
    ...(approximation ? { error: errorOf(approximation) } : {}),
  };
  const ratios = scatterChart({
    name: "ratios",
    title: "Intervals as ratios",
    clouds: result.diagrams
      .filter(({ dimension, births }) => dimension > 0 && births.length > 0)
      .map((diagram) => ({ title: `H${diagram.dimension}`, diagrams: [result.diagrams[0]!, diagram] })),
    readouts,
    limit: drawn,
  });
  const sections: readonly (readonly [string, Markup])[] = [
    ["In short", cloudSummary(page, readings)],
    ["Betti numbers", readingsSection(page, readings)],
    [
      "Diagram and barcode",
      picturesSection(page, [
        inlineSvg(await renderSvg(diagramSpec(picture)), `Persistence diagram of ${name}`),
        inlineSvg(await renderSvg(barcodeSpec(picture)), `Barcode of ${name}`),
      ]),
    ],
    [
      "Betti curves",
      html`<section id="curves"><h2>Betti curves</h2>${await chart(cloudCurves(result, approximation))}${approximation ? await chart(persistentCurves(result, approximation)) : null}</section>`,
    ],
    [
      "What is proven",
      approximation
        ? html`<section id="proven"><h2>What is proven of ${approximation.kind === "landmarks" ? "all points" : "the full filtration"}</h2>${await chart(cloudCounts(result, approximation))}</section>`
        : html``,
    ],
    ["Other landmarks", replicatesSection(page)],
    [
      "Ratios",
      ratios.panels.length > 0
        ? html`<section id="ratios"><h2>Free of scale</h2>${await chart(ratios)}</section>`
        : html``,
    ],
    ["Manifest", cloudManifest(page)],
  ];
  return pageDocument(
    `bettina: persistent homology of ${name}`,
    html`<p class="data"><strong>Persistent homology</strong> of ${name}</p>
<h1>Which holes do these points have?</h1>
${navigation(sectionLinks(sections))}
${sections.map(([, markup]) => [markup, html`\n`])}
<footer>Made by bettina ${page.versions.bettina}. This page is one file: it needs nothing beside it.</footer>`,
  );
}

/** Diagram and barcode side by side, and how to read them. */
function picturesSection({ approximation }: CloudPage, pictures: readonly Markup[]): Markup {
  const amount =
    approximation &&
    (approximation.kind === "landmarks"
      ? shortNumber(approximation.error)
      : `a factor ${shortNumber(1 + approximation.error)}`);
  return html`<section id="pictures">
<h2>Diagram and barcode</h2>
<p class="note">Every interval runs from the edge length at which a component (H0), a loop (H1) or a void (H2) appears to the one at which it merges or is filled. In the diagram it is a point, the farther above the diagonal the longer; on the line ∞ it never ends. In the barcode it is a bar, with an arrow where it never ends.</p>
${approximation ? html`<p class="note">Births and deaths are too high by up to ${amount}. The shaded band in the diagram holds what may be no interval of ${approximation.kind === "landmarks" ? "all points" : "the full filtration"}; the boxes at the points above it show where the true ones lie. A bar is full where its true partner lives for certain, pale where it may.</p>` : null}
<div class="panels cols-2 large">${pictures}</div>
</section>`;
}

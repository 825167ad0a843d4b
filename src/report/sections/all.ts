/** The sections of the report, each a pure function from a result to HTML. */
import type { BoundJson } from "../../bounds/bound.js";
import { describeField } from "../../bounds/format.js";
import type { LayerBound } from "../../bounds/layer-bounds.js";
import type { ActivationRecommendation, WidthFinding } from "../../selection/recommend.js";
import type { StudyResult } from "../../study/result.js";
import { html, type Insert, type Markup } from "../markup.js";
import {
  activationsOf,
  compareWithInput,
  findBound,
  findRow,
  layersOf,
  networksOf,
  readoutsOf,
  type Spread,
  spreadOf,
  summarise,
  widthsOf,
} from "../summary.js";
import {
  betti,
  boundParts,
  controlMeanings,
  count,
  datasetLine,
  decisionRule,
  groupSentences,
  isBelow,
  percent,
  readoutRule,
  spreadText,
  strengthLine,
} from "../words.js";

/** The data set, then the recommendation in words. */
export function headSection(result: StudyResult): Markup {
  const { dataset, failures, recommendation } = result;
  const [name, ...rest] = datasetLine(dataset).split(":");
  const warning = dataset.generated ? html` Nothing below is a statement about MNIST.` : null;
  return html`<p class="${dataset.generated ? "data generated" : "data"}"><strong>${name}</strong>:${rest.join(":")}${warning}</p>
<h1>How wide must the hidden layers be to carry the topology of the data?</h1>
${failures.length === 0 ? null : html`<p class="generated">${failures.length} ${failures.length === 1 ? "job" : "jobs"} failed; what they would have measured is missing below. <a href="#failures">See why.</a></p>`}
<nav aria-label="Sections"><a href="#recommendation">Recommendation</a><a href="#betti">Betti numbers</a><a href="#accuracy">Accuracy</a><a href="#controls">Controls and readouts</a><a href="#bounds">Bounds</a><a href="#barcodes">Barcodes</a><a href="#numbers">Every number</a><a href="#manifest">Manifest</a></nav>
<section class="lead" id="recommendation">
<h2>Recommendation <span class="chip">${strengthLine(result)}</span></h2>
<p class="summary">${recommendation.summary}</p>
${glance(result)}
${groupSentences(result).map(
  ({ heading, sentences }) =>
    html`${heading === null ? null : html`<h3>${heading}</h3>`}<ul>${sentences.map((sentence) => html`<li>${sentence}</li>`)}</ul>\n`,
)}
<p class="note">${decisionRule(result.config.decision)} Not excluded never means sufficient: see <a href="#controls">what the controls mean</a>.</p>
<details><summary>The findings behind it, width by width</summary>
<div class="findings">${recommendation.byActivation.map(findings)}</div>
</details>
</section>`;
}

/** The recommendation in one small table: the width by topology beside the widths by its controls and by accuracy. */
function glance(result: StudyResult): Markup {
  const { byActivation, readout } = result.recommendation;
  const width = (value: number | null, measured: readonly unknown[]): string =>
    value === null ? (measured.length === 0 ? "not measured" : "none") : `${value}`;
  const rows: readonly (readonly [string, (entry: ActivationRecommendation) => string])[] = [
    ["Trained network", (entry) => width(entry.smallestKept, entry.network)],
    ["Trained network, by medians over classes", (entry) => width(entry.smallestKeptByMedians, entry.network)],
    ["Control: untrained network", (entry) => width(entry.untrainedSmallestKept, entry.untrained)],
    ["Control: random projection", (entry) => width(entry.projectionSmallestKept, result.recommendation.projection)],
    [
      "Instead, by accuracy: smallest within one point of the best",
      ({ smallestAccurate: best }) => (best ? `${best.width} (${percent(best.accuracy)})` : "–"),
    ],
  ];
  return scroll(
    "Recommendation at a glance",
    html`Smallest width tried at which no layer measured fewer than the input, by <strong>${readout}</strong>; “none” means none of the widths tried`,
    html`<table><thead><tr><th></th>${byActivation.map(({ activation }) => html`<th>${activation}</th>`)}</tr></thead>
<tbody>${rows.map(([name, value]) => html`<tr><th scope="row" class="wrap">${name}</th>${byActivation.map((entry) => html`<td>${value(entry)}</td>`)}</tr>\n`)}</tbody></table>`,
  );
}

function findings(entry: ActivationRecommendation): Markup {
  const list = (title: string, items: readonly WidthFinding[]): Markup =>
    html`<dt>${title}</dt>${items.length === 0 ? html`<dd>none of the widths tried</dd>` : items.map(({ text }) => html`<dd>${text}</dd>`)}`;
  return html`<div><h3>${entry.activation}</h3><dl>
${list("Cannot carry a Betti number of that degree at all (proof)", entry.cannotCarry)}
${list("Excluded if the data are as assumed (theorem with an assumption)", entry.excludedIf)}
${list("A layer measured fewer than the input (measurement)", entry.measuredFewer)}
<dt>Smallest width tried at which none did</dt><dd>${entry.smallestKept ?? "none of the widths tried"}</dd>
</dl></div>`;
}

/** Betti numbers by layer and width, beside their controls and the input. */
export function bettiSection(result: StudyResult, charts: readonly Markup[]): Markup {
  const [first, ...others] = readoutsOf(result);
  const tables = (readout: string): Insert =>
    activationsOf(result).map((activation) => bettiTable(result, readout, 1, activation));
  return html`<section id="betti">
<h2>Betti numbers by layer and width</h2>
<p class="note">b1 counts independent loops in the Vietoris–Rips filtration of the layer's outputs, coefficients in Z/${result.config.homology.modulus}. Medians over classes and seeds, with the smallest and the largest value in brackets.</p>
${charts}
${first === undefined ? null : tables(first)}
${others.map((readout) => html`<details><summary>The same by ${readout}</summary>${tables(readout)}</details>`)}
</section>`;
}

function bettiTable(result: StudyResult, readout: string, dimension: number, activation: string): Markup {
  const summary = summarise(result, readout, dimension);
  const layers = layersOf(result);
  const cell = (spread: Spread | null | undefined): Markup => {
    const star = isBelow(spread, summary.input) ? "*" : "";
    return spread && spread.minimum !== spread.maximum
      ? html`${betti(spread.median)}${star} <span class="range">(${betti(spread.minimum)}–${betti(spread.maximum)})</span>`
      : html`${betti(spread?.median)}${star}`;
  };
  const rows = widthsOf(result).map((width) => {
    const accuracy = spreadOf(networksOf(result, activation, width).map(({ testAccuracy }) => testAccuracy));
    const columns = layers.map((layer) => {
      const { pairs, fewer } = compareWithInput(result, readout, dimension, activation, width, layer);
      return html`<td class="first">${cell(findRow(summary, "network", activation, width, layer)?.spread)}</td><td>${pairs === 0 ? "–" : `${fewer}/${pairs}`}</td><td>${cell(findRow(summary, "untrained", activation, width, layer)?.spread)}</td>`;
    });
    return html`<tr><th scope="row">${width}</th><td>${accuracy ? percent(accuracy.median) : "–"}</td><td>${cell(findRow(summary, "projection", null, width, 0)?.spread)}</td>${columns}</tr>\n`;
  });
  return scroll(
    `Betti number b${dimension} by ${readout}, ${activation}`,
    html`b${dimension} by <strong>${readout}</strong>, activation <strong>${activation}</strong>. Input: <strong>${spreadText(summary.input)}</strong>. “*”: the median is below the input's. “Below”: classes and seeds in which the trained layer measured fewer than the input.`,
    html`<table><thead><tr><th rowspan="2">width</th><th rowspan="2">accuracy</th><th rowspan="2">projection</th>${layers.map((layer) => html`<th colspan="3">layer ${layer}</th>`)}</tr>
<tr>${layers.map(() => html`<th class="first">trained</th><th>below</th><th>untrained</th>`)}</tr></thead>
<tbody>${rows}</tbody></table>`,
  );
}

/** Accuracy and training. */
export function accuracySection(result: StudyResult, charts: readonly Markup[]): Markup {
  const rows = result.networks.map(
    (network) =>
      html`<tr><th scope="row">${network.id}</th><td>${network.activation}</td><td>${network.width}</td><td>${network.seed}</td><td>${percent(network.testAccuracy)}</td><td>${percent(network.untrainedTestAccuracy)}</td><td>${count(network.parameters)}</td><td>${count(network.steps)}</td><td>${network.losses.length === 0 ? "–" : network.losses[network.losses.length - 1]!.loss.toFixed(3)}</td></tr>\n`,
  );
  const table = scroll(
    "Trained networks",
    null,
    html`<table><thead><tr><th class="words">network</th><th>activation</th><th>width</th><th>seed</th><th>test accuracy</th><th>untrained</th><th>parameters</th><th>steps</th><th>last loss</th></tr></thead><tbody>${rows}</tbody></table>`,
  );
  return html`<section id="accuracy">
<h2>Accuracy and training</h2>
<p class="note">Measured on all ${count(result.dataset.testCount)} test images, batch norm by ${result.config.batchStatistics === "sample" ? "the statistics of the measured batch, as the paper's code does" : "the statistics of the training set"}. Compare a width's topology with what it can classify.</p>
<div class="side">${charts}</div>
${rows.length > 14 ? html`<details><summary>All ${rows.length} networks</summary>${table}</details>` : table}
</section>`;
}

/** What the controls and the readouts mean. */
export function controlsSection(result: StudyResult): Markup {
  return html`<section id="controls">
<h2>What the controls mean</h2>
<dl class="facts">${controlMeanings.map(({ name, text }) => html`<dt>${name}</dt><dd>${text}</dd>`)}</dl>
<h2>How Betti numbers were read</h2>
<p class="note">A diagram holds intervals; a Betti number is read from it by a rule, and means nothing without it.</p>
<dl class="facts">${readoutsOf(result).map((name) => html`<dt>${name}${name === result.config.decision.readout ? " (decides)" : ""}</dt><dd>${readoutRule(name)}</dd>`)}</dl>
</section>`;
}

/** Proven upper bounds beside what was measured. */
export function boundsSection(result: StudyResult, charts: readonly Markup[]): Markup {
  if (result.bounds.length === 0) return html``;
  const degrees = [...new Set(result.bounds.flatMap(({ created }) => created.map(({ k }) => k)))].sort((a, b) => b - a);
  const shown = degrees.filter((k) => k === 1);
  const tables = (k: number): Insert => activationsOf(result).map((activation) => boundsTable(result, activation, k));
  const { dataDegree, dataInequalities } = result.config.decision;
  return html`<section id="bounds">
<h2>Proven upper bounds</h2>
<p class="note">U<sub>k</sub>: the largest Betti number the network can <em>create</em> at a layer from a convex domain. I<sub>k</sub>: the largest it can <em>carry</em> through the layer when the layer's input is cut out by equations of degree at most ${dataDegree}${dataInequalities > 0 ? ` and ${dataInequalities} inequalities` : ""}, an assumption about the data. Both hold for every choice of weights and are typically far from attained; a measured number above U<sub>k</sub> is no contradiction, for the data are not convex and a sample is not the space it comes from.</p>
${charts}
${shown.map(tables)}
${degrees.filter((k) => k !== 1).map((k) => html`<details><summary>Bounds on b${k}</summary>${tables(k)}</details>`)}
</section>`;
}

function boundsTable(result: StudyResult, activation: string, k: number): Markup {
  const readout = readoutsOf(result).includes("count") ? "count" : result.config.decision.readout;
  const summary = summarise(result, readout, k);
  const cells = (entry: LayerBound | undefined): Markup =>
    entry?.bound
      ? html`<td class="first">${boundMarkup(entry.bound)}</td><td class="words wrap">${entry.bound.theorem}; ${describeField(entry.bound.field)}; ${entry.bound.status}</td>`
      : html`<td class="first">n/a</td><td class="words wrap">${entry?.reason ?? "not evaluated"}</td>`;
  const rows = widthsOf(result).flatMap((width) =>
    layersOf(result).map((layer) => {
      const measured = findRow(summary, "network", activation, width, layer)?.spread?.maximum;
      return html`<tr><th scope="row">${width}</th><td>${layer}</td><td>${betti(measured)}</td>${cells(findBound(result, "created", activation, width, layer, k))}${cells(findBound(result, "carried", activation, width, layer, k))}</tr>\n`;
    }),
  );
  const table = scroll(
    `Bounds on b${k}, ${activation}`,
    html`Bounds on b${k}, activation <strong>${activation}</strong>, beside the largest number measured (by ${readout})`,
    html`<table><thead><tr><th>width</th><th>layer</th><th>measured</th><th class="first">U<sub>${k}</sub></th><th class="words">theorem; coefficients; status</th><th class="first">I<sub>${k}</sub></th><th class="words">theorem; coefficients; status</th></tr></thead>
<tbody>${rows}</tbody></table>`,
  );
  return html`<details><summary>Table of bounds on b${k}, ${activation}</summary>${table}</details>`;
}

function boundMarkup(bound: BoundJson): Markup {
  const parts = boundParts(bound);
  return "integer" in parts ? html`${parts.integer}` : html`${parts.mantissa} × 10<sup>${parts.power}</sup>`;
}

/** Barcodes: some shown, all linked. */
export function barcodeSection(
  barcodes: readonly { readonly title: string; readonly file: string; readonly picture: Markup | undefined }[],
): Markup {
  if (barcodes.length === 0) return html``;
  const shown = barcodes.filter(({ picture }) => picture !== undefined);
  return html`<section id="barcodes">
<h2>Barcodes</h2>
<p class="note">A bar runs from the edge length at which a component (H0) or a loop (H1) appears to the one at which it merges or is filled; an arrow means that it never does up to the threshold.</p>
<div class="panels">${shown.map(({ picture }) => html`<figure>${picture}</figure>\n`)}</div>
<details><summary>All ${barcodes.length} barcodes, as files beside this report</summary>
<ul class="links">${barcodes.map(({ title, file }) => html`<li><a href="${file}">${title}</a></li>\n`)}</ul></details>
</section>`;
}

/** Every Betti number of the study, by readout, cloud and class. */
export function everyNumberSection(result: StudyResult): Markup {
  const classes = result.config.classes;
  const groups = new Map<string, { name: string; byClass: Map<number, (typeof result.measurements)[number]> }>();
  for (const measurement of result.measurements) {
    const { source, job, layer } = measurement;
    const name =
      source === "input"
        ? "input"
        : source === "projection"
          ? job
          : `${job}, ${source === "untrained" ? "untrained, " : ""}layer ${layer}`;
    const group = groups.get(name) ?? { name, byClass: new Map() };
    group.byClass.set(measurement.class, measurement);
    groups.set(name, group);
  }
  const table = (readout: string): Markup => {
    const rows = [...groups.values()].map(
      ({ name, byClass }) =>
        html`<tr${name === "input" ? html` class="reference"` : null}><th scope="row">${name}</th>${classes.map(
          (label) => {
            const record = byClass.get(label)?.readouts.find((entry) => entry.readout === readout);
            const numbers = record?.betti.map(betti).join(" / ") ?? "–";
            return record?.note === undefined
              ? html`<td>${numbers}</td>`
              : html`<td title="${record.note}">${numbers}</td>`;
          },
        )}</tr>\n`,
    );
    return html`<details><summary>By ${readout}</summary>${scroll(
      `Betti numbers by ${readout}`,
      null,
      html`<table class="names"><thead><tr><th class="words">cloud</th>${classes.map((label) => html`<th>${label}</th>`)}</tr></thead><tbody>${rows}</tbody></table>`,
    )}</details>`;
  };
  return html`<section id="numbers">
<h2>Every number</h2>
<p class="note">${Array.from({ length: result.config.homology.maxDim + 1 }, (_, k) => `b${k}`).join(" / ")} for each class; a dash means that the rule defines no such number.</p>
${readoutsOf(result).map(table)}
</section>`;
}

/** Jobs that failed; nothing when none did. */
export function failuresSection(result: StudyResult): Markup {
  if (result.failures.length === 0) return html``;
  return html`<section id="failures">
<h2>Failed jobs</h2>
<p class="note">Everything else was computed; these are missing above.</p>
<dl class="facts">${result.failures.map(({ job, code, message }) => html`<dt><code>${job}</code></dt><dd>${code}: ${message}</dd>`)}</dl>
</section>`;
}

/** Versions, seeds, digests: what is needed to have the same bytes again. */
export function manifestSection(result: StudyResult): Markup {
  const { versions, config, dataset, backend } = result;
  const { training, sampling, homology } = config;
  const facts: readonly (readonly [string, string])[] = [
    ["Preset", `${config.preset}, config ${result.configDigest}`],
    ["Data set", `${dataset.name}, SHA-256 ${dataset.digest}`],
    ["Classes", config.classes.join(", ")],
    ["Widths", `${widthsOf(result).join(", ")}; ${config.hiddenLayers} hidden layers`],
    ["Activations", config.activations.join(", ")],
    ["Seeds", `trainings and projections ${config.seeds.join(", ")}; samples ${config.seed}`],
    [
      "Training",
      `${training.initialisation} initialisation, batch norm ${training.batchNorm} (epsilon ${training.batchNormEpsilon}), ` +
        `SGD at ${training.learningRate} on the ${training.loss} loss, batches of ${training.batchSize}, ` +
        `${count(training.steps)} steps, ${count(training.heldBack)} images held back`,
    ],
    [
      "Samples",
      `${sampling.perClass ?? "a fifth of the class as"} images per class ${sampling.replacement ? "with" : "without"} replacement, ` +
        `${sampling.paired ? "the same for the input, every layer and the controls" : "drawn anew by every job"}`,
    ],
    [
      "Homology",
      `dimensions 0 to ${homology.maxDim}, coefficients in Z/${homology.modulus}, threshold ${homology.threshold}`,
    ],
    ["Training backend", backend.tried.map(({ name, outcome }) => `${name}: ${outcome}`).join("; ")],
    [
      "Versions",
      `bettina ${versions.bettina}, tfjs ${versions.tfjs}, Node ${versions.nodeMajor} on ${versions.architecture}, ` +
        `engine ABI ${versions.engineAbi}, module SHA-256 ${versions.engineDigest}`,
    ],
  ];
  return html`<section id="manifest">
<h2>Manifest</h2>
<dl class="facts">${facts.map(([name, text]) => html`<dt>${name}</dt><dd>${text}</dd>`)}</dl>
</section>`;
}

/** A table under its caption; it scrolls inside its own box on a narrow screen and can be reached by keyboard. */
function scroll(label: string, caption: Insert, table: Markup): Markup {
  return html`${caption === null ? null : html`<p class="caption">${caption}</p>`}<div class="scroll" role="region" tabindex="0" aria-label="${label}">${table}</div>`;
}

/** What a reader would not expect of how the numbers were made: named, not hidden. */
import type { StudyConfig } from "../../study/config.js";
import type { StudyResult } from "../../study/result.js";
import { html, type Markup } from "../markup.js";
import { readoutsOf } from "../summary.js";

/** One quirk of a protocol. */
interface Quirk {
  readonly name: string;
  readonly text: string;
  readonly holds: (config: StudyConfig, result: StudyResult) => boolean;
}

const quirks: readonly Quirk[] = [
  {
    name: "Batch norm by the measured sample",
    text:
      "While measuring, batch norm uses the statistics of the one-class sample, not those of the training set. Measured that " +
      "way the network does not classify: on one class alone its accuracy falls to chance, so these layer outputs are not the ones behind its accuracy.",
    holds: ({ batchStatistics, training }) => batchStatistics === "sample" && training.batchNorm !== "none",
  },
  {
    name: "Samples with replacement",
    text:
      "Images are drawn with replacement, so some occur twice. A duplicate adds no interval of positive length: the number of " +
      "H0 intervals is the number of distinct images, and carries no other information.",
    holds: ({ sampling }) => sampling.replacement,
  },
  {
    name: "Unpaired samples",
    text: "The input and the layers are measured on different draws of images, so a difference between them is partly the luck of the draw.",
    holds: ({ sampling }) => !sampling.paired,
  },
  {
    name: "One cut-off for all layers",
    text:
      "The filtration is cut at twice the norm of the first sampled input image, for layers too, whatever their scale: where it cuts " +
      "below the scale of a layer, loops are missing there.",
    holds: ({ homology }) => homology.threshold === "twice-first-norm",
  },
  {
    name: "A count of all intervals",
    text:
      "The decision counts every interval, however short. Such a count mostly measures sample size and dimension: a random " +
      "projection with no network gives the same rise and plateau.",
    holds: ({ decision }) => ["count", "paper", "paper-corrected"].includes(decision.readout),
  },
  {
    name: "The demo's reading of b₀",
    text:
      "The rule “paper” adds the number of loops to b₀ and calls both numbers 0 where there is no loop; the demo prints what is " +
      "the number of H1 intervals under the name of Betti 0, and the other way round. Here they bear their right names; “paper-corrected” is what the rule means to compute.",
    holds: (_, result) => readoutsOf(result).includes("paper"),
  },
  {
    name: "Summed loss, plain normal weights",
    text: "Weights start from N(0, 1) without scaling by fan-in, and the loss is summed over the batch: the rate counts as many times as a batch has images.",
    holds: ({ training }) => training.loss === "sum" && training.initialisation === "normal",
  },
  {
    name: "One training per width",
    text: "With one seed, another seed moves a median by up to a seventh and the accuracy of the narrowest width much more; no confidence can be claimed.",
    holds: ({ seeds }) => seeds.length === 1,
  },
];

/** The quirks that hold in this study; the controls and corrected readings beside them are bettina's. */
export function protocolSection(result: StudyResult): Markup {
  const own = quirks.filter(({ holds }) => holds(result.config, result));
  if (own.length === 0) return html``;
  const paper = result.config.preset === "paper";
  return html`<section id="protocol">
<h2>${paper ? "Quirks of the paper's protocol" : "What to know of this protocol"}</h2>
<p class="note">${paper ? "This preset follows the demo code of “Dive into Layers” (arXiv 2109.01461) to the letter, and says what that means. The controls and the corrected readings beside it are added by bettina." : "Choices of this study that a reader should hold against its numbers."}</p>
<dl class="facts">${own.map(({ name, text }) => html`<dt>${name}</dt><dd>${text}</dd>`)}</dl>
</section>`;
}

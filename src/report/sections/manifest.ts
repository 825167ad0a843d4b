/** What failed, and what is needed to have the same bytes again. */
import type { StudyConfig } from "../../study/config.js";
import type { EnvironmentRecord } from "../../study/manifest.js";
import type { StudyResult } from "../../study/result.js";
import { html, type Markup } from "../markup.js";
import { widthsOf } from "../summary.js";
import { byteSize, count, duration } from "../words.js";

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
export function manifestSection(result: StudyResult, environment: EnvironmentRecord | null): Markup {
  const { versions, config, dataset, backend } = result;
  const { training, sampling, homology } = config;
  const mixed = widthsOf(result).some((width) => typeof width === "string");
  const depth = `${config.hiddenLayers} hidden layers${mixed ? " where one width is given" : ""}`;
  const facts: readonly (readonly [string, string])[] = [
    ["Preset", `${config.preset}, config ${result.configDigest}`],
    ["Data set", `${dataset.name}, SHA-256 ${dataset.digest}`],
    ["Classes", config.classes.join(", ")],
    ["Widths", `${widthsOf(result).join(", ")}; ${depth}`],
    ["Activations", config.activations.join(", ")],
    ["Seeds", `trainings and projections ${config.seeds.join(", ")}; samples ${config.seed}`],
    [
      "Training",
      `${training.initialisation} initialisation, batch norm ${training.batchNorm} (epsilon ${training.batchNormEpsilon}), ` +
        `${optimiserWords(training.optimiser)} at ${training.learningRate}${scheduleWords(training.schedule)} on the ${training.loss} loss, ` +
        `batches of ${training.batchSize}, ${count(training.steps)} steps, ${count(training.heldBack)} images held back` +
        `${training.validateEvery === null ? "" : `, validated every ${count(training.validateEvery)} steps`}` +
        `${training.earlyStop === null ? "" : `, stopped after ${training.earlyStop.patience} validations without a better ${training.earlyStop.by}`}`,
    ],
    [
      "Samples",
      `${sampling.subsamples === 1 ? "one sample" : `${sampling.subsamples} samples`} of ${perClassWords(sampling.perClass)} ${sampling.replacement ? "with" : "without"} replacement, ` +
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
    ...(environment ? machineFacts(environment) : []),
  ];
  return html`<section id="manifest">
<h2>Manifest</h2>
<dl class="facts">${facts.map(([name, text]) => html`<dt>${name}</dt><dd>${text}</dd>`)}</dl>
</section>`;
}

function optimiserWords(optimiser: StudyConfig["training"]["optimiser"]): string {
  const { name, ...rest } = optimiser;
  const title = { sgd: "SGD", momentum: "SGD with momentum", adam: "Adam" }[name];
  return `${title}${settings(rest)}`;
}

function scheduleWords(schedule: StudyConfig["training"]["schedule"]): string {
  const { name, ...rest } = schedule;
  return name === "constant" ? "" : ` (${name} schedule${settings(rest)})`;
}

/** Settings that were given, in brackets: their names as in the config. */
function settings(values: object): string {
  const given = Object.entries(values).map(([name, value]) => `${name} ${value}`);
  return given.length === 0 ? "" : ` (${given.join(", ")})`;
}

function perClassWords(perClass: StudyConfig["sampling"]["perClass"]): string {
  if (perClass === null) return "a fifth of each class";
  return perClass === "all" ? "all images of each class" : `${perClass} images per class`;
}

/** What differs from run to run; times of an interrupted study are those of its last run. */
function machineFacts(environment: EnvironmentRecord): readonly (readonly [string, string])[] {
  const { processor, cores, memoryBytes, peakMemoryBytes, runs, jobs } = environment;
  const dearest = [...jobs].sort((one, other) => other.seconds - one.seconds)[0];
  const seconds = runs.reduce((sum, run) => sum + run.seconds, 0);
  const threads = [...new Set(runs.map((run) => run.threads))].sort((one, other) => one - other);
  const minute = (text = "") => text.slice(0, 16).replace("T", " ");
  return [
    [
      "Times",
      `${duration(seconds)} for ${count(jobs.length)} ${jobs.length === 1 ? "job" : "jobs"}${runs.length > 1 ? ` in ${runs.length} runs` : ""} on ${threads.join(" or ")} ${threads.at(-1) === 1 ? "thread" : "threads"}, ` +
        `${minute(runs[0]?.startedAt)} to ${minute(runs.at(-1)?.endedAt)} UTC` +
        `${dearest ? `; the longest, ${dearest.job}, ${duration(dearest.seconds)}` : ""}`,
    ],
    [
      "Machine",
      `${processor}, ${cores} cores, ${byteSize(memoryBytes)} memory, ${byteSize(peakMemoryBytes)} used at most; Node ${environment.node} on ${environment.platform}`,
    ],
  ];
}

/** The words and tables of the page of one cloud. */
import type { BettiReading } from "../../topology/betti.js";
import type { Diagram } from "../../topology/diagram.js";
import { countIntervals } from "../../topology/diagram.js";
import { bettiBounds, intervalCountBounds } from "../../topology/landmark-bounds.js";
import { describeReadout, parseReadout } from "../../topology/readout.js";
import { ratioCountBounds } from "../../topology/sparse-rips.js";
import type { CountJson } from "../approximation-text.js";
import { type CloudPage, isCut } from "../cloud.js";
import { html, type Insert, type Markup } from "../markup.js";
import { standingInWords, testsInWords } from "../significance-text.js";
import { shortNumber } from "../terminal.js";
import { count, subscript } from "../words.js";
import { readoutMeanings } from "./controls.js";
import { scroll } from "./table.js";

/** What was measured, how exactly, and what came out, in sentences. */
export function cloudSummary(page: CloudPage, readings: readonly BettiReading[]): Markup {
  return html`<section class="lead" id="summary">
<h2>In short</h2>
<p class="summary">${[headline(page, readings)]}</p>
<ul>
<li>${[measured(page)]}</li>
<li>${[exactness(page)]}</li>
${page.result.diagrams.filter(({ dimension }) => dimension > 0).map((diagram) => html`<li>${[[longest(diagram), testsOf(page, diagram, readings)].filter((text) => text !== "").join(" ")]}</li>\n`)}</ul>
</section>`;
}

const nullTest = (readings: readonly BettiReading[]) =>
  readings.find(({ readout }) => readout.startsWith("universal-null"));

const fasyTest = (readings: readonly BettiReading[]) => readings.find(({ readout }) => readout.startsWith("fasy"));

/** What the tests say of a dimension; nothing where all classes are artefacts. */
function testsOf({ result, cloud }: CloudPage, { dimension }: Diagram, readings: readonly BettiReading[]): string {
  if (cloud.dimension !== null && dimension >= cloud.dimension) return "";
  return testsInWords(result.diagrams, dimension, nullTest(readings), fasyTest(readings));
}

/** The components that never end, and what stands out from noise. */
function headline(page: CloudPage, readings: readonly BettiReading[]): string {
  const { result, approximation } = page;
  const test = nullTest(readings);
  const essential = countIntervals(result.diagrams[0]!, (_, death) => death === Infinity);
  const pieces = `${count(essential)} ${essential === 1 ? "component" : "components"} ${isCut(page) ? `at edge length ${shortNumber(result.threshold)}` : "in the end"}`;
  const found = result.diagrams
    .filter(({ dimension }) => dimension > 0)
    .map(({ dimension }) => standingInWords(result.diagrams, dimension, test, page.cloud.dimension));
  const on =
    approximation?.kind === "landmarks"
      ? "The landmarks have"
      : approximation
        ? "The sparse filtration has"
        : "The points have";
  return `${on} ${[pieces, ...found].join("; ")}.`;
}

function measured(page: CloudPage): string {
  const { result, cloud, metric } = page;
  const n = result.landmarks?.of ?? result.n;
  const points = `${count(n)} ${n === 1 ? "point" : "points"}`;
  const where =
    cloud.dimension === null
      ? ", given by their distances"
      : ` in ${count(cloud.dimension)} dimensions, ${metric} distances`;
  const cut = isCut(page)
    ? `cut at ${shortNumber(result.threshold)}: what would happen beyond is not known`
    : result.enclosingRadius < Infinity
      ? `up to the enclosing radius ${shortNumber(result.enclosingRadius)}, from where on the complex is a cone: nothing is lost`
      : "with every edge there is: nothing is cut";
  return `${points}${where}. Vietoris–Rips filtration by edge length (a diameter, never a radius), ${cut}. Coefficients in Z/${result.modulus}.`;
}

function exactness({ result, approximation }: CloudPage): string {
  if (approximation?.kind === "landmarks") {
    const { indices, rule, seed, of, coveringRadius } = result.landmarks!;
    const chosen = rule === "maxmin" ? "each the farthest from those before" : "at random";
    return (
      `Computed on ${count(indices.length)} landmarks of the ${count(of)} points, chosen ${chosen} (seed ${seed}). Every point lies within ` +
      `${shortNumber(coveringRadius)} of a landmark, the covering radius r. So births and deaths of all points are lower than those shown by ` +
      `at most 2r = ${shortNumber(approximation.error)}, and only intervals no longer than that may come or go. The landmarks' own diagrams are exact.`
    );
  }
  if (approximation)
    return (
      `Computed on a sparse filtration with ε = ${shortNumber(approximation.error)}: most edges are left out. Births and deaths of the full filtration ` +
      `are lower than those shown by at most the factor ${shortNumber(1 + approximation.error)}, and only intervals whose death is at most that many times their birth may come or go.`
    );
  const how = {
    i16: "from whole numbers without error",
    f32: "in single precision",
    f64: "in double precision",
    given: "",
  }[result.distances];
  const distances = how === "" ? "The distances are those given" : `Distances are computed ${how}`;
  return (
    `Exact: every interval of this filtration, no point or edge left out. ${distances}, rounded to single precision once. ` +
    `The diagrams do not depend on the way of computing; taken was ${[...new Set(result.plans)].join(", ")}.`
  );
}

/** The longest interval of a dimension, and the one of the highest ratio. */
function longest({ dimension, births, deaths }: Diagram): string {
  const name = `H${dimension}`;
  const finite = Array.from(births, (birth, i) => ({ birth, death: deaths[i]! })).filter(
    ({ death }) => death < Infinity,
  );
  if (births.length === 0) return `${name}: no interval.`;
  if (finite.length === 0) return `${name}: ${count(births.length)} that never end.`;
  const best = (of: (one: { birth: number; death: number }) => number) =>
    finite.reduce((most, one) => (of(one) > of(most) ? one : most));
  const text = ({ birth, death }: { birth: number; death: number }) =>
    `from ${shortNumber(birth)} to ${shortNumber(death)} (${(death / birth).toFixed(2)} times its birth)`;
  const long = best(({ birth, death }) => death - birth);
  const ratio = best(({ birth, death }) => death / birth);
  return `${name}: the longest interval that ends lives ${text(long)}${ratio === long ? "" : `, the one of the highest ratio ${text(ratio)}`}.`;
}

/** Betti numbers by every readout; under an approximation with what follows for all points. */
export function readingsSection({ result, approximation }: CloudPage, readings: readonly BettiReading[]): Markup {
  const { diagrams } = result;
  const rows = readings.map((reading) => {
    const cells = diagrams.map(({ dimension }) => {
      const value = reading.betti[dimension] ?? null;
      const bound = approximation ? boundOf(result, approximation, reading, dimension) : null;
      const proven = approximation
        ? html` <span class="range">${bound ? boundText(bound) : "not bounded"}</span>`
        : null;
      const missing = reading.untested?.[dimension] ? "not tested" : "–";
      return html`<td>${value === null ? missing : count(value)}${value === null && !bound ? null : proven}</td>`;
    });
    return html`<tr><th scope="row">${reading.readout}</th>${cells}</tr>\n`;
  });
  const all = approximation?.kind === "landmarks" ? "all points" : "the full filtration";
  return html`<section id="betti">
<h2>Betti numbers</h2>
<p class="note">A diagram holds intervals; a Betti number is read from it by a rule, and means nothing without it. A dash: the rule defines no such number. “Not tested”: too few intervals or points, or a null distribution that does not hold; it is not 0.${approximation ? ` Below each number: what the guarantee proves of ${all} by the same rule.` : " The numbers are exact for these points; they are no estimate for the space the points may come from."}</p>
${scroll(
  "Betti numbers by readout",
  null,
  html`<table class="names compact"><thead><tr><th scope="col" class="words">readout</th>${diagrams.map(({ dimension }) => html`<th scope="col">b${subscript(dimension)}</th>`)}</tr></thead><tbody>${rows}</tbody></table>`,
)}
<h3>What they count</h3>
${readoutMeanings(
  readings.map(({ readout }) => readout),
  undefined,
  (readout) => describeReadout(parseReadout(readout)),
)}
</section>`;
}

/** What an approximation proves of a readout's number for all points; null where it proves nothing. */
export function boundOf(
  result: CloudPage["result"],
  approximation: NonNullable<CloudPage["approximation"]>,
  { readout }: BettiReading,
  dimension: number,
): CountJson | null {
  const rule = parseReadout(readout);
  const diagram = result.diagrams[dimension]!;
  const { error } = approximation;
  const known = ({ lower, upper }: { lower: number; upper: number }): CountJson | null =>
    lower === 0 && upper === Infinity ? null : { lower, upper: upper === Infinity ? null : upper };
  switch (rule.rule) {
    case "count":
      // Every distinct point is a vertex of the sparse filtration, too.
      return approximation.kind === "sparse" && dimension === 0
        ? { lower: diagram.births.length, upper: diagram.births.length }
        : null;
    case "at-scale": {
      if (approximation.kind === "landmarks") return known(bettiBounds(result, { dimension, scale: rule.scale }));
      // F_s → R_s → F_{(1+ε)s}.
      const until = rule.scale * (1 + error);
      return known({
        lower: countIntervals(diagram, (birth, death) => birth <= rule.scale && death > until),
        upper: Infinity,
      });
    }
    case "ratio": {
      if (dimension === 0) return null;
      if (approximation.kind === "sparse")
        return known(ratioCountBounds(diagram, { epsilon: error, ratio: rule.ratio }));
      // A partner is born no later and dies at most the error earlier; past a cut nothing is known.
      const end = result.threshold < result.enclosingRadius ? result.threshold : Infinity;
      const stays = (birth: number, death: number) =>
        death - birth > error && Math.min(death, end) - error > Math.max(1, rule.ratio) * birth;
      return known({ lower: countIntervals(diagram, stays), upper: Infinity });
    }
    case "persistence":
      return approximation.kind === "landmarks"
        ? known(intervalCountBounds(result, { dimension, longerThan: rule.length }))
        : null;
    default:
      return null;
  }
}

/** "3", "2 to 5", "at least 2". */
export function boundText({ lower, upper }: CountJson): string {
  if (upper === null) return `at least ${count(lower)}`;
  return lower === upper ? `exactly ${count(lower)}` : `${count(lower)} to ${count(upper)}`;
}

/** Replicates listed one by one; of more, the first. */
const mostReplicates = 100;

/** Other choices of landmarks: the spread, then each by itself; nothing where none were made. */
export function replicatesSection({ result, replicates: found }: CloudPage): Markup {
  if (!found || found.replicates.length === 0) return html``;
  const { replicates, rule, betti, coveringRadius } = found;
  const degrees = result.diagrams.map(({ dimension }) => dimension);
  const [first, last] = [replicates[0]!.seed, replicates[replicates.length - 1]!.seed];
  const listed = replicates.slice(0, mostReplicates);
  const radius = `${shortNumber(coveringRadius.median)} (${shortNumber(coveringRadius.lower)}–${shortNumber(coveringRadius.upper)})`;
  return html`<section id="replicates">
<h2>Other landmarks</h2>
<p class="note">The same by ${count(replicates.length)} ${replicates.length === 1 ? "choice" : "independent choices"} of as many landmarks by the rule ${rule} (${first === last ? `seed ${first}` : `seeds ${first} to ${last}`}): how far the choice alone moves the numbers. Median, and 5 % to 95 % in brackets; no bound on the numbers of all points. Covering radius: ${radius}.</p>
${scroll(
  "Spread over choices of landmarks",
  null,
  html`<table class="names compact"><thead><tr><th scope="col" class="words">readout</th>${degrees.map((k) => html`<th scope="col">b${subscript(k)}</th>`)}</tr></thead><tbody>${betti.map(
    ({ readout, spread }): Insert =>
      html`<tr><th scope="row">${readout}</th>${spread.map((one) => html`<td>${one ? html`${shortNumber(one.median)} <span class="range">(${shortNumber(one.lower)}–${shortNumber(one.upper)})</span>` : "–"}</td>`)}</tr>\n`,
  )}</tbody></table>`,
)}
<details><summary>${listed.length < replicates.length ? `The first ${listed.length} of them` : "Each of them"}</summary>${scroll(
    "Betti numbers of other landmarks",
    null,
    html`<table><thead><tr><th scope="col" rowspan="2">seed</th><th scope="col" rowspan="2">covering radius</th>${betti.map(({ readout }) => html`<th scope="colgroup" colspan="${degrees.length}">${readout}</th>`)}</tr>
<tr>${betti.map(() => degrees.map((k, i) => html`<th scope="col"${i === 0 ? html` class="first"` : null}>b${subscript(k)}</th>`))}</tr></thead><tbody>${listed.map(
      ({ seed, coveringRadius: radius, readings }): Insert =>
        html`<tr><th scope="row">${seed}</th><td>${shortNumber(radius)}</td>${readings.map((reading) => degrees.map((k, i) => html`<td${i === 0 ? html` class="first"` : null}>${reading.betti[k] ?? "–"}</td>`))}</tr>\n`,
    )}</tbody></table>`,
  )}</details>
</section>`;
}

/** What it takes to have the same bytes again. */
export function cloudManifest({ name, result, cloud, options, versions }: CloudPage): Markup {
  const facts: readonly (readonly [string, string])[] = [
    ["Input", name],
    ["Its numbers", `SHA-256 ${cloud.digest}, of ${cloud.type}, little-endian, row by row`],
    [
      "Options",
      options.length === 0 ? "none: all as by default" : options.map(([key, value]) => `${key} ${value}`).join(", "),
    ],
    [
      "Filtration",
      `dimensions 0 to ${result.maxDim}, coefficients in Z/${result.modulus}, threshold ${shortNumber(result.threshold)}, enclosing radius ${shortNumber(result.enclosingRadius)}`,
    ],
    [
      "Versions",
      `bettina ${versions.bettina}, Node ${versions.nodeMajor} on ${versions.architecture}, engine ABI ${versions.engineAbi}, module SHA-256 ${versions.engineDigest}`,
    ],
  ];
  return html`<section id="manifest">
<h2>Manifest</h2>
<dl class="facts">${facts.map(([key, text]) => html`<dt>${key}</dt><dd>${text}</dd>`)}</dl>
</section>`;
}

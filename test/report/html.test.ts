import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { studyCharts } from "../../src/report/charts/study-charts.js";
import { type ReportParts, reportHtml } from "../../src/report/html.js";
import { escapeHtml, html } from "../../src/report/markup.js";
import { boundParts, percent } from "../../src/report/words.js";
import type { EnvironmentRecord } from "../../src/study/manifest.js";
import { presets } from "../../src/study/presets.js";
import { fixtureResult } from "./fixture.js";

const none: ReportParts = { charts: [], networks: [], links: [], environment: null };

/** The words of a page; its fixed spaces as plain ones. */
function plain(page: string): string {
  return page.replace(/<[^>]+>/g, " ").replace(/\s+/g, " ");
}

describe("the report", () => {
  const result = fixtureResult();
  const page = reportHtml(result, none);
  const text = plain(page);

  it("says first which data it is about", () => {
    expect(/<main>\s*<p class="data">(.*?)<\/p>/.exec(page)?.[1]).toContain(
      "MNIST, 60,000 training and 10,000 test images",
    );
  });

  it("says loudly that digits were generated", () => {
    const generated = reportHtml(fixtureResult({ generated: true }), none);
    const first = /<main>\s*<p class="data generated">(.*?)<\/p>/.exec(generated)?.[1];
    expect(first).toContain("GENERATED DIGITS, NOT MNIST");
    expect(first).toContain("no server answered");
    expect(page).not.toContain("GENERATED");
  });

  it("gives the recommendation before anything else, and calls one training indicative", () => {
    expect(page.indexOf('id="recommendation"')).toBeLessThan(page.indexOf('id="betti"'));
    expect(text).toContain("Indicative, one training");
    expect(page.replaceAll("\u00a0", " ")).toContain(
      `<p class="summary">${escapeHtml(result.recommendation.summary)}</p>`,
    );
    expect(page.indexOf("<nav")).toBeLessThan(page.indexOf('id="recommendation"'));
    expect(reportHtml(fixtureResult({ seeds: [1, 2] }), none)).toContain("Indicative, 2 trainings per width");
  });

  it("holds every Betti number of every cloud, class and readout", () => {
    const section = page.slice(page.indexOf('id="numbers"'));
    for (const readout of ["count", "ratio&#62;1.1", "universal-null@0.05"]) {
      const table = section.slice(section.indexOf(`By ${readout}`)).split("</details>")[0]!;
      const rows = [...table.matchAll(/<th scope="row">([^<]*)<\/th>((?:<td[^>]*>[^<]*<\/td>)*)/g)];
      // input, 6 projections, 12 networks with 3 layers, trained and untrained
      expect(rows).toHaveLength(1 + 6 + 12 * 3 * 2);
      const cells = new Map(
        rows.map(([, name, tail]) => [name, [...tail!.matchAll(/>([^<]*)<\/td>/g)].map((m) => m[1])]),
      );
      for (const { source, activation, width, layer, class: label, readouts } of result.measurements) {
        const name =
          source === "input"
            ? "input"
            : source === "projection"
              ? `projection, width ${width}`
              : `${activation}, width ${width}, ${source === "untrained" ? "untrained, " : ""}layer ${layer}`;
        const record = readouts.find((one) => escapeHtml(one.readout) === readout)!;
        expect(cells.get(name)?.[label]).toBe(record.betti.map((value) => value ?? "–").join(" / "));
      }
    }
  });

  it("gives medians over samples and trainings where there are several", () => {
    const several = fixtureResult({ seeds: [1, 2, 3], activations: ["square"], widths: [8] });
    const section = reportHtml(several, none).split('id="numbers"')[1]!;
    const row = /By count[\s\S]*?square, width 8, layer 2<\/th>(.*)<\/tr>/.exec(section)![1]!;
    const medians = several.config.classes.map((label) => {
      const own = several.measurements.filter(
        (one) => one.source === "network" && one.layer === 2 && one.class === label,
      );
      expect(own).toHaveLength(3);
      return own.map((one) => one.readouts[0]!.betti[1]!).sort((one, other) => one - other)[1];
    });
    expect(row).toBe(medians.map((median) => `<td>200 / ${median}</td>`).join(""));
  });

  it("holds every accuracy, bound, theorem, field, and the manifest", () => {
    for (const network of result.networks) {
      expect(text).toContain(percent(network.testAccuracy));
      expect(text).toContain(percent(network.untrainedTestAccuracy));
    }
    for (const { created, carried } of result.bounds)
      for (const { bound, reason } of [...created, ...carried])
        if (bound) {
          const parts = boundParts(bound);
          expect(page).toContain(
            "integer" in parts ? parts.integer : `${parts.mantissa} × 10<sup>${parts.power}</sup>`,
          );
          expect(page).toContain(escapeHtml(bound.theorem));
        } else expect(page).toContain(escapeHtml(reason!));
    expect(text).toContain("any field; proven here");
    const { versions, configDigest, dataset } = result;
    for (const fact of [versions.bettina, versions.engineDigest, versions.tfjs, configDigest, dataset.digest])
      expect(text).toContain(fact);
    for (const { outcome } of result.backend.tried) expect(text).toContain(outcome);
  });

  it("puts the choice by accuracy next to the recommendation, and says whether topology helped", () => {
    const lead = page.slice(page.indexOf('id="recommendation"'), page.indexOf('id="betti"'));
    for (const { activation, byAccuracy, informative } of result.comparisons) {
      expect(result.config.activations).toContain(activation);
      expect(plain(lead)).toContain(`${byAccuracy!.width} accuracy ${percent(byAccuracy!.testAccuracy)}`);
      expect(informative).toEqual([]);
    }
    expect(plain(lead)).toMatch(
      /Did topology help to choose\? No the trainings name no width; too few trainings of each width/,
    );
    const section = plain(page.split('id="comparison"')[1]!);
    for (const { sentences } of result.comparisons)
      for (const sentence of sentences.slice(1)) expect(section).toContain(plain(escapeHtml(sentence)));
  });

  it("says in words, not in pictures of zeros, when the input shows nothing to keep", () => {
    const nothing = fixtureResult({ activations: ["square"], zeros: "universal-null@0.05" });
    expect(nothing.recommendation.nothingToKeep).toBe(true);
    const charts = studyCharts(nothing);
    expect(charts.find(({ name }) => name === "choice")!.panels.map(({ title }) => title)).toEqual([
      "square · test accuracy",
    ]);
    const drawn = charts.map((chart) => ({ chart, panels: chart.panels.map(() => "<svg></svg>") }));
    const words = plain(reportHtml(nothing, { ...none, charts: drawn }));
    expect(words).toContain("nothing to keep the input measures 0 in every class");
    expect(words).not.toContain("medians over the classes none");
    expect(words).toContain("b₁ by universal-null@0.05 is 0 throughout");
    expect(words).not.toContain("Betti number b₁ by universal-null@0.05 against width");
    expect(words).toContain("Betti number b₁ by count against width");
    // The table that stands open is one with numbers in it.
    const open = reportHtml(nothing, none).split('id="betti"')[1]!.split("<details>")[0]!;
    expect(plain(open)).toContain("b₁ by count , activation square");
    expect(charts.find(({ name }) => name === "betti-h1-count")!.instead).toBeUndefined();
  });

  it("tells the training as it was: optimiser, schedule, validation, samples", () => {
    expect(text).toContain(
      "SGD at 0.5 on the mean loss, batches of 256, 430 steps, 5,000 images held back, validated every 215 steps Samples",
    );
    expect(text).toContain("Samples one sample of 200 images per class without replacement");
    const { config } = result;
    const training = {
      ...config.training,
      optimiser: { name: "adam", beta1: 0.8 },
      learningRate: 0.001,
      schedule: { name: "step", every: 100, factor: 0.5 },
      validateEvery: 860,
      earlyStop: { by: "loss", patience: 3 },
    } as const;
    const sampling = { ...config.sampling, subsamples: 4, perClass: "all" } as const;
    const words = plain(reportHtml({ ...result, config: { ...config, training, sampling } }, none));
    expect(words).toContain(
      "Adam (beta1 0.8) at 0.001 (step schedule (every 100, factor 0.5)) on the mean loss, batches of 256, 430 steps, " +
        "5,000 images held back, validated every 860 steps, stopped after 3 validations without a better loss",
    );
    expect(words).toContain("4 samples of all images of each class without replacement");
  });

  it("shows curves and distances only when they were recorded, and lists only sections that are there", () => {
    expect(page).not.toMatch(/id="(curves|distances)"/);
    for (const [, target] of page.matchAll(/href="#([^"]+)"/g)) expect(page).toContain(`id="${target}"`);
    expect(page).not.toContain("Gaussian null");
    const full = fixtureResult({ full: true });
    const charts = studyCharts(full).map((chart) => ({ chart, panels: [] }));
    const all = reportHtml(full, { ...none, charts });
    expect(all).toContain('id="curves"');
    expect(all).toContain('id="distances"');
    expect(all).toContain("Gaussian null");
  });

  it("names the quirks of the paper's protocol, and only those that hold", () => {
    expect(text).toContain("One training per width");
    expect(text).not.toContain("Samples with replacement");
    const paper = {
      ...result,
      config: { ...presets.paper, widths: result.config.widths, activations: ["relu", "square"] as const },
    };
    const words = plain(reportHtml(paper, none));
    for (const name of [
      "Quirks of the paper's protocol",
      "Batch norm by the measured sample",
      "accuracy falls to chance",
      "Samples with replacement",
      "Unpaired samples",
      "One cut-off for all layers",
      "A count of all intervals",
    ])
      expect(words.replaceAll("&#39;", "'")).toContain(name);
  });

  it("sets measured numbers against known ones where there are some", () => {
    expect(page).not.toContain('id="known"');
    const place = { source: "input", activation: null, width: null, layer: 0, readout: "count", k: 1 } as const;
    const known = {
      classes: [{ class: 0, betti: [1, 2, 1], reason: "A torus." }],
      places: [{ ...place, clouds: 20, right: 17, fewer: 1, more: 2 }],
    };
    const dataset = { ...result.dataset, name: "linked-tori" as const, generated: true, note: "Points." };
    const words = plain(reportHtml({ ...result, dataset, known }, none));
    expect(words).toContain("Generated data, linked tori : Points.");
    expect(words).toContain("0 1 2 1 A torus.");
    expect(words).toContain("17 of 20 (1 fewer, 2 more)");
  });

  it("tells times and machine where they are known", () => {
    expect(text).not.toContain("Machine");
    const environment: EnvironmentRecord = {
      node: "20.20.2",
      platform: "linux",
      processor: "A processor",
      cores: 2,
      memoryBytes: 25e9,
      peakMemoryBytes: 512e6,
      threads: 2,
      startedAt: "2026-01-02T03:04:05.000Z",
      endedAt: "2026-01-02T03:06:05.000Z",
      seconds: 60,
      runs: [
        {
          startedAt: "2026-01-02T03:04:05.000Z",
          endedAt: "2026-01-02T03:05:05.000Z",
          seconds: 60,
          threads: 1,
          jobs: 5,
        },
        {
          startedAt: "2026-01-03T03:05:05.000Z",
          endedAt: "2026-01-03T03:06:05.000Z",
          seconds: 60,
          threads: 2,
          jobs: 7,
        },
      ],
      jobs: result.networks.map(({ id }) => ({ job: id, seconds: 7.25, trainingSeconds: null })),
    };
    const timed = plain(reportHtml(result, { ...none, environment }));
    expect(timed).toContain("2 min for 12 jobs in 2 runs on 1 or 2 threads, 2026-01-02 03:04 to 2026-01-03 03:06 UTC");
    expect(timed).toContain("A processor, 2 cores, 25.0 GB memory, 512 MB used at most");
    expect(timed).toContain("parameters, 7.3 s a training");
  });

  it("says how loose the bounds are", () => {
    // The fixture's carry bound of layer 2 at width 2: 2·3 + 2·3^3 = 60, and below the input's largest count, over 100.
    const words = plain(page.split('id="bounds"')[1]!);
    const input = Math.max(
      ...result.measurements.filter(({ source }) => source === "input").map(({ readouts }) => readouts[0]!.betti[1]!),
    );
    expect(input).toBeGreaterThan(100);
    const measured = Math.max(
      ...result.measurements
        .filter(
          ({ source, activation, width, layer }) =>
            `${source} ${activation} ${width} ${layer}` === "network square 2 2",
        )
        .map(({ readouts }) => readouts[0]!.betti[1]!),
    );
    expect(words).toMatch(
      new RegExp(
        `How loose are they\\? What a layer can carry at most is ${Number((60 / measured).toPrecision(2))} to 10 \\d+ times`,
      ),
    );
    expect(words).toContain(
      `In 2 of 18 layers the bound lies below the largest number the input shows, ${input} by count (square, width 2, layer 2; square, width 2, layer 3)`,
    );
  });

  it("shows failures only when there are some", () => {
    expect(page).not.toContain('id="failures"');
    const failed = reportHtml(fixtureResult({ failures: true }), none);
    expect(failed).toContain('id="failures"');
    expect(failed).toContain("got NaN. Lower the learning rate.");
  });

  it("has no script, no style attribute, no address of another machine, and a policy that forbids them", () => {
    expect(page).not.toMatch(/<script|<link|<img|<iframe|javascript:| style=| on\w+=/i);
    // A digest in base64 may hold two slashes; it is no address.
    expect(page.replace(/sha256-[\w+/=]+/, "")).not.toMatch(/https?:|\/\/[a-z]/i);
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(page)![1]!.replaceAll("&#39;", "'");
    const style = /<style>([\s\S]*)<\/style>/.exec(page)![1]!;
    const hash = createHash("sha256").update(style).digest("base64");
    expect(policy).toBe(`default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`);
    expect(style).not.toMatch(/url\(|@import|@font-face/);
  });

  it("escapes what it is given", () => {
    const evil = '</p><script>alert("1")</script>&';
    const hostile = fixtureResult({ note: evil, failures: true });
    const written = reportHtml(
      {
        ...hostile,
        failures: [{ job: evil, code: evil, message: evil }],
        recommendation: { ...hostile.recommendation, sentences: [evil] },
        backend: { name: "cpu", tried: [{ name: evil, outcome: evil }] },
      },
      { ...none, links: [{ title: evil, file: 'x" onclick="y' }] },
    );
    expect(written).not.toMatch(/<script|onclick="y/);
    expect(written.split(escapeHtml(evil)).length).toBeGreaterThan(6);
  });

  it("is the same every time", () => {
    expect(reportHtml(fixtureResult(), none)).toBe(page);
  });
});

describe("html", () => {
  it("escapes text, keeps markup, joins lists, drops nothing and null", () => {
    expect(html`<p title="${'"'}">${"<&>"}${html`<b>${1}</b>`}${["a", html`<i>`, null, undefined]}</p>`.text).toBe(
      '<p title="&#34;">&#60;&#38;&#62;<b>1</b>a<i></p>',
    );
  });
});

describe("boundParts", () => {
  const bound = (exact: string | undefined, log10: number | null) => ({
    ...(exact === undefined ? {} : { exact }),
    log10,
    kind: "inequality" as const,
    field: "any" as const,
    theorem: "",
    source: "",
    status: "proven here" as const,
    trace: [],
  });

  it("writes small integers out and large ones as mantissa and power, rounded to nearest", () => {
    expect(boundParts(bound("0", null))).toEqual({ integer: "0" });
    expect(boundParts(bound("1943", Math.log10(1943)))).toEqual({ integer: "1,943" });
    expect(boundParts(bound("384234962618", 11.58))).toEqual({ mantissa: "3.84", power: 11 });
    expect(boundParts(bound("99999999", 8))).toEqual({ mantissa: "1.00", power: 8 });
    expect(boundParts(bound(undefined, 128.5846))).toEqual({ mantissa: "3.84", power: 128 });
  });
});

import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { type ReportPictures, reportHtml } from "../../src/report/html.js";
import { escapeHtml, html } from "../../src/report/markup.js";
import { boundParts, percent } from "../../src/report/words.js";
import { fixtureResult } from "./fixture.js";

const none: ReportPictures = { charts: [], barcodes: [] };

describe("the report", () => {
  const result = fixtureResult();
  const page = reportHtml(result, none);
  const text = page.replace(/<[^>]+>/g, " ").replace(/\s+/g, " ");

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
    expect(page).toContain(`<p class="summary">${escapeHtml(result.recommendation.summary)}</p>`);
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
      for (const { source, job, layer, class: label, readouts } of result.measurements) {
        const name =
          source === "input" || source === "projection"
            ? job
            : `${job}, ${source === "untrained" ? "untrained, " : ""}layer ${layer}`;
        const record = readouts.find((one) => escapeHtml(one.readout) === readout)!;
        expect(cells.get(name)?.[label]).toBe(record.betti.map((value) => value ?? "–").join(" / "));
      }
    }
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

  it("shows failures only when there are some", () => {
    expect(page).not.toContain('id="failures"');
    const failed = reportHtml(fixtureResult({ failures: true }), none);
    expect(failed).toContain('id="failures"');
    expect(failed).toContain("got NaN. Lower the learning rate.");
  });

  it("has no script, no style attribute, no address of another machine, and a policy that forbids them", () => {
    expect(page).not.toMatch(/<script|<link|<img|<iframe|javascript:| style=| on\w+=/i);
    expect(page).not.toMatch(/https?:|\/\/[a-z]/i);
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
      { charts: [], barcodes: [{ title: evil, file: 'x" onclick="y' }] },
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

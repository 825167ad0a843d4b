import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { writeFileAtomic } from "../../src/io/atomic.js";
import { writeReport } from "../../src/report/write-report.js";
import { fixtureDiagrams, fixtureResult } from "./fixture.js";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "bettina-report-"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const result = fixtureResult({ activations: ["square"] });
/** Two widths and one class pictured: enough where pictures are not counted. */
const whole = fixtureResult({ activations: ["square"], widths: [2, 62] });
const small = { ...whole, config: { ...whole.config, classes: [0] } };
const loadDiagrams = (job: string) => fixtureDiagrams(result, job);

/** Every file below the folder with its digest. */
async function contents(folder: string): Promise<Record<string, string>> {
  const names = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const files = await Promise.all(
    names.map(async ({ parentPath, name }) => {
      const path = join(parentPath, name);
      return [
        path.slice(folder.length + 1),
        createHash("sha256")
          .update(await readFile(path))
          .digest("hex"),
      ] as const;
    }),
  );
  return Object.fromEntries(files.sort(([one], [other]) => (one < other ? -1 : 1)));
}

describe("writeReport", () => {
  it("writes the page, every chart with its specification and PNG, barcodes and diagrams", async () => {
    const seen: string[] = [];
    const written = await writeReport(directory, result, { loadDiagrams, onProgress: ({ name }) => seen.push(name) });
    const names = Object.keys(await contents(directory));
    // Accuracy chooses width 32: its network in all 10 classes, the other five in the first.
    expect(result.comparisons[0]!.byAccuracy!.width).toBe(32);
    const charts = ["accuracy", "betti-h1-count", "betti-h1-ratio-1.1", "bounds", "choice", "layers-h1-count", "loss"];
    const barcodes = 10 + 10 * 3 + 5 * 3;
    expect(written).toEqual({
      report: join(directory, "report.html"),
      pictures: charts.length + barcodes + 10 + 5,
    });
    expect(seen).toHaveLength(charts.length + 10 + 5);
    for (const chart of charts)
      expect(names).toEqual(
        expect.arrayContaining([`charts/${chart}.svg`, `charts/${chart}.vl.json`, `charts/${chart}.png`]),
      );
    for (let label = 0; label < 10; label++) expect(names).toContain(`barcodes/input-class${label}.svg`);
    for (const name of ["barcodes/square-w62-s1-layer3-class0.svg", "persistence/square-w32-s1-class9.svg"])
      expect(names).toContain(name);
    // The page and the manifest of it all.
    expect(names).toHaveLength(2 + 3 * charts.length + barcodes + 2 * 15);

    const page = await readFile(written.report, "utf8");
    for (const [, link] of page.matchAll(/href="([^"#]+)"/g)) expect([...names, "betti.csv"]).toContain(link);
    for (const [, target] of page.matchAll(/href="#([^"]+)"/g)) expect(page).toContain(`id="${target}"`);
    // The chosen network in every class; the narrowest and the widest in the first; the others only linked.
    const shown = (width: number) => page.split(`aria-label="square, width ${width}, layer 2: class`).length - 1;
    expect([2, 4, 8, 16, 32, 62].map(shown)).toEqual([1, 0, 0, 0, 10, 1]);
    expect(page.length).toBeLessThan(3_000_000);
  });

  it("stays small with 31 widths, and with many trainings", async () => {
    const wide = fixtureResult({
      activations: ["square"],
      widths: Array.from({ length: 31 }, (_, i) => 2 * i + 2),
      seeds: [1, 2],
    });
    const { report, pictures } = await writeReport(directory, wide, {
      loadDiagrams: async (job) => (job === "input" ? fixtureDiagrams(wide, job) : null),
    });
    expect(pictures).toBe(7 + 10 + 10 + 30);
    expect((await readFile(report, "utf8")).length).toBeLessThan(3_000_000);
  });

  it("says in a barcode how many of its points are distinct when images fall together", async () => {
    const measurements = small.measurements.map((one) =>
      one.job === "square-w2-s1" ? { ...one, distinctPoints: 19 } : one,
    );
    await writeReport(directory, { ...small, measurements }, { loadDiagrams });
    const barcode = (name: string) => readFile(join(directory, "barcodes", `${name}.svg`), "utf8");
    expect(await barcode("square-w2-s1-layer1-class0")).toContain("class 0, 19 distinct points of 200 images, seed 1");
    expect(await barcode("square-w62-s1-layer1-class0")).toContain("class 0, 200 images, seed 1");
  });

  it("writes the same bytes again, and reads diagrams from the folder by itself", async () => {
    await writeReport(directory, small, { loadDiagrams });
    const first = await contents(directory);
    for (const job of new Set(small.measurements.map((measurement) => measurement.job)))
      await writeFileAtomic(join(directory, "diagrams", `${job}.json`), JSON.stringify(await loadDiagrams(job)));
    await writeReport(directory, small);
    const second = Object.entries(await contents(directory)).filter(([name]) => !name.startsWith("diagrams/"));
    expect(Object.fromEntries(second)).toEqual(first);
  });

  it("removes pictures of an earlier study, and nothing else", async () => {
    for (const name of [
      "barcodes/relu-w9-s1-layer1-class0.svg",
      "persistence/relu-w9-s1-class0.svg",
      "charts/old.vl.json",
      "charts/old.png",
      "charts/notes.txt",
    ])
      await writeFileAtomic(join(directory, name), "old");
    await writeReport(directory, small, { loadDiagrams });
    const names = Object.keys(await contents(directory));
    expect(names.filter((name) => /relu-w9|old|notes/.test(name))).toEqual(["charts/notes.txt"]);
  });

  it("does without diagrams that are not there, and names the file that is broken", async () => {
    const { pictures } = await writeReport(directory, small, { loadDiagrams: async () => null });
    expect(pictures).toBe(7);
    await writeFileAtomic(join(directory, "diagrams", "input.json"), "{");
    await expect(writeReport(directory, small)).rejects.toThrow(/Expected JSON for the diagrams of input/);
    await writeFile(join(directory, "diagrams", "input.json"), "[]");
    await expect(writeReport(directory, small)).rejects.toThrow(/"clouds"/);
  });

  it("tells the times of the folder's environment.json", async () => {
    const machine = {
      processor: "Some processor",
      seconds: 42,
      startedAt: "2026-01-01T00:00",
      endedAt: "2026-01-01T00:01",
      jobs: [],
    };
    await writeFile(join(directory, "environment.json"), JSON.stringify(machine));
    const { report } = await writeReport(directory, small, { loadDiagrams: async () => null });
    expect(await readFile(report, "utf8")).toContain("Some processor");
    await writeFile(join(directory, "environment.json"), "no JSON");
    await writeReport(directory, small, { loadDiagrams: async () => null });
    expect(await readFile(report, "utf8")).not.toContain("Some processor");
  });

  it("stops when aborted, before the page is written", async () => {
    const controller = new AbortController();
    const onProgress = ({ done }: { done: number }) => {
      if (done === 2) controller.abort();
    };
    await expect(
      writeReport(directory, small, { loadDiagrams, onProgress, signal: controller.signal }),
    ).rejects.toMatchObject({ code: "CANCELLED" });
    expect(Object.keys(await contents(directory))).not.toContain("report.html");
  });

  it("names the line that installs the packages when they are missing", async () => {
    vi.resetModules();
    vi.doMock("vega-lite", () => {
      throw new Error("Cannot find package 'vega-lite'");
    });
    const { renderSvg } = await import("../../src/report/render.js");
    await expect(renderSvg({})).rejects.toMatchObject({
      exitCode: 5,
      message: expect.stringContaining("npm install vega vega-lite"),
    });
    vi.doUnmock("vega-lite");
    vi.resetModules();
  });
});

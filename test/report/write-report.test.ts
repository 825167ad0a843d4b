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
  it("writes the page, every chart with its specification, and barcodes of all classes and layers", async () => {
    const seen: string[] = [];
    const written = await writeReport(directory, result, { loadDiagrams, onProgress: ({ name }) => seen.push(name) });
    const names = Object.keys(await contents(directory));
    expect(written).toEqual({ report: join(directory, "report.html"), pictures: 5 + 10 + 6 * 3 });
    expect(seen).toHaveLength(5 + 10 + 6 * 3);
    for (const chart of ["accuracy", "betti-h1-count", "betti-h1-ratio-1.1", "bounds", "loss"])
      expect(names).toEqual(expect.arrayContaining([`charts/${chart}.svg`, `charts/${chart}.vl.json`]));
    for (let label = 0; label < 10; label++) expect(names).toContain(`barcodes/input-class${label}.svg`);
    expect(names).toContain("barcodes/square-w62-s1-layer3-class0.svg");
    expect(names).toHaveLength(1 + 10 + 28);

    const page = await readFile(written.report, "utf8");
    for (const [, link] of page.matchAll(/href="([^"#]+)"/g)) expect(names).toContain(link);
    for (const [, target] of page.matchAll(/href="#([^"]+)"/g)) expect(page).toContain(`id="${target}"`);
    // The input and the narrowest and widest networks stand in the page; three layers each.
    expect(page.match(/aria-label="(input|square, width \d+, layer \d): class 0/g)).toHaveLength(1 + 2 * 3);
  });

  it("says in a barcode how many of its points are distinct when images fall together", async () => {
    const measurements = result.measurements.map((one) =>
      one.job === "square-w2-s1" ? { ...one, distinctPoints: 19 } : one,
    );
    await writeReport(directory, { ...result, measurements }, { loadDiagrams });
    const barcode = (name: string) => readFile(join(directory, "barcodes", `${name}.svg`), "utf8");
    expect(await barcode("square-w2-s1-layer1-class0")).toContain("class 0, 19 distinct points of 200 images, seed 1");
    expect(await barcode("square-w62-s1-layer1-class0")).toContain("class 0, 200 images, seed 1");
  });

  it("writes the same bytes again, and reads diagrams from the folder by itself", async () => {
    await writeReport(directory, result, { loadDiagrams });
    const first = await contents(directory);
    for (const job of new Set(result.measurements.map((measurement) => measurement.job)))
      await writeFileAtomic(join(directory, "diagrams", `${job}.json`), JSON.stringify(await loadDiagrams(job)));
    await writeReport(directory, result);
    const second = Object.entries(await contents(directory)).filter(([name]) => !name.startsWith("diagrams/"));
    expect(Object.fromEntries(second)).toEqual(first);
  });

  it("removes pictures of an earlier study, and nothing else", async () => {
    for (const name of ["barcodes/relu-w9-s1-layer1-class0.svg", "charts/old.vl.json", "charts/notes.txt"])
      await writeFileAtomic(join(directory, name), "old");
    await writeReport(directory, result, { loadDiagrams });
    const names = Object.keys(await contents(directory));
    expect(names.filter((name) => /relu-w9|old|notes/.test(name))).toEqual(["charts/notes.txt"]);
  });

  it("does without diagrams that are not there, and names the file that is broken", async () => {
    const { pictures } = await writeReport(directory, result, { loadDiagrams: async () => null });
    expect(pictures).toBe(5);
    await writeFileAtomic(join(directory, "diagrams", "input.json"), "{");
    await expect(writeReport(directory, result)).rejects.toThrow(/Expected JSON for the diagrams of input/);
    await writeFile(join(directory, "diagrams", "input.json"), "[]");
    await expect(writeReport(directory, result)).rejects.toThrow(/"clouds"/);
  });

  it("stops when aborted, before the page is written", async () => {
    const controller = new AbortController();
    const onProgress = ({ done }: { done: number }) => {
      if (done === 2) controller.abort();
    };
    await expect(
      writeReport(directory, result, { loadDiagrams, onProgress, signal: controller.signal }),
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

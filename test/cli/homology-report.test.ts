/** `bettina homology --report`: a page beside the unchanged output, and clear refusals. */
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { run } from "./support.js";

let folder: string;
let circle: string;
let page: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "bettina-page-"));
  circle = join(folder, "circle.csv");
  page = join(folder, "page.html");
  const rows = Array.from({ length: 60 }, (_, i) => [Math.cos((i * Math.PI) / 30), Math.sin((i * Math.PI) / 30)]);
  await writeFile(circle, rows.map((row) => row.join(",")).join("\n"));
});
afterAll(() => rm(folder, { recursive: true }));

/** The page's words. */
async function words(): Promise<string> {
  const text = await readFile(page, "utf8");
  return text
    .slice(text.indexOf("<body>"))
    .replace(/<[^>]+>/g, " ")
    .replace(/\s+/g, " ");
}

describe("--report", () => {
  it("writes a page and prints what it prints without", async () => {
    const { code, stdout, stderr } = await run(["homology", circle, "--report", page]);
    expect(code).toBe(0);
    expect(stdout).toBe((await run(["homology", circle])).stdout);
    expect(stderr).toContain(`Written to ${page}`);
    const text = await words();
    expect(text).toContain("60 points in 2 dimensions, euclidean distances.");
    expect(text).toContain("The points have 1 component in the end; 1 loop, ");
    // 60 points are few enough for the readout that resamples to be computed, and too few for it to find anything.
    expect(text).toContain("fasy@0.05 not tested not tested ");
    const first = await readFile(page);
    await run(["homology", circle, "--report", page, "--threads", "1", "-q"]);
    expect(await readFile(page)).toEqual(first);
    expect((await readdir(folder)).sort()).toEqual(["circle.csv", "page.html"]);
  });

  it("names the input's numbers by their digest, and the options given", async () => {
    const matrix = join(folder, "m.lower_distance_matrix");
    await writeFile(matrix, "3\n4, 5\n");
    await run(["homology", matrix, "--report", page, "--max-dim", "2", "--modulus", "3"]);
    const text = await words();
    const { buffer } = Float64Array.of(3, 4, 5);
    const digests = [buffer, Float32Array.of(3, 4, 5).buffer].map((bytes) =>
      createHash("sha256").update(new Uint8Array(bytes)).digest("hex"),
    );
    expect(digests.some((digest) => text.includes(digest))).toBe(true);
    expect(text).toContain("--max-dim 2, --modulus 3");
    expect(text).toContain("3 points, given by their distances.");
    await rm(matrix);
  });

  it("carries the guarantee of landmarks and of a sparse filtration", async () => {
    await run(["homology", circle, "--landmarks", "20", "--scale", "0.9", "--report", page]);
    const text = await words();
    expect(text).toContain("Computed on 20 landmarks of the 60 points");
    // One component and at least the one loop, of all points at 0.9.
    expect(text).toContain("at-scale=0.9 1 exactly 1 1 at least 1");
    await run(["homology", circle, "--epsilon", "0.2", "--report", page]);
    expect(await words()).toContain("by at most the factor 1.2");
  });

  it("refuses several inputs, another kind of file, a file that would be lost, and intervals left out", async () => {
    const html = join(folder, "cloud.html");
    await writeFile(html, "1,2\n3,4\n");
    for (const [args, message] of [
      [[circle, circle, "--report", page], 'Expected one input for --report, got "2 inputs"'],
      [[circle, "--report", join(folder, "page.pdf")], "Expected a file that ends in .html or .htm for --report"],
      [[html, "--format", "point-cloud", "--report", html], "Expected another file than the input for --report"],
      [[circle, "--report", page, "--out", page], "Expected another file than --out for --report"],
      [[circle, "--report", page, "--ratio", "1.2"], "Expected no --ratio beside --report"],
    ] as const) {
      const { code, stderr } = await run(["homology", ...args]);
      expect(code).toBe(2);
      expect(stderr).toContain(message);
    }
    expect(await readFile(html, "utf8")).toBe("1,2\n3,4\n");
    await rm(html);
  });

  it("leaves an earlier page when the computation fails, and says when the file cannot be written", async () => {
    await writeFile(page, "earlier");
    expect((await run(["homology", join(folder, "none.csv"), "--report", page])).code).toBe(3);
    expect(await readFile(page, "utf8")).toBe("earlier");
    await mkdir(join(folder, "a.html"));
    const { code, stderr } = await run(["homology", circle, "--report", join(folder, "a.html")]);
    expect(code).toBeGreaterThan(0);
    expect(stderr).toContain("a.html");
  });
});

/** `bettina homology --readout`: Betti numbers by a rule, beside the diagrams. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { run } from "./support.js";

/** A regular 100-gon: one loop, from 2 sin(π / 100) to 2 sin(34 π / 100), 27.9 times its birth. */
let circle: string;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "bettina-readout-"));
  circle = join(folder, "circle.csv");
  const rows = Array.from({ length: 100 }, (_, i) => [Math.cos((i * Math.PI) / 50), Math.sin((i * Math.PI) / 50)]);
  await writeFile(circle, rows.map((row) => row.join(",")).join("\n"));
});
afterAll(() => rm(folder, { recursive: true }));

it("prints the numbers by the rule, in words and as JSON", async () => {
  const text = await run(["homology", circle, "--readout", "ratio>3"]);
  expect(text).toMatchObject({ code: 0, stdout: expect.stringMatching(/\nBetti numbers by ratio>3: b0 –, b1 1\n/) });
  const { readings } = JSON.parse((await run(["homology", circle, "--readout", "at-scale=1", "--json"])).stdout);
  expect(readings).toEqual([{ readout: "at-scale=1", betti: [1, 1] }]);
  expect(JSON.parse((await run(["homology", circle, "--json"])).stdout)).not.toHaveProperty("readings");
});

it("reads from all intervals, whatever --ratio leaves out", async () => {
  const { readings, diagrams } = JSON.parse(
    (await run(["homology", circle, "--ratio", "30", "--readout", "count", "--json"])).stdout,
  );
  expect(diagrams[1]).toEqual([]);
  expect(readings[0].betti).toEqual([100, 1]);
});

it("does not call a loop noise for being alone: gives its ratio and Fasy's verdict", async () => {
  const { stdout } = await run(["homology", circle, "--readout", "universal-null"]);
  expect(stdout).toContain("Betti numbers by universal-null@0.05: b0 –, b1 not tested\n");
  const ratio = (Math.sin(0.34 * Math.PI) / Math.sin(0.01 * Math.PI)).toFixed(2);
  expect(stdout).toContain(`1 loop, too few intervals to test against noise: it dies at ${ratio} times its birth.`);
  expect(stdout).toMatch(/Fasy et al\.'s confidence set says nothing of so few points/);
  expect(stdout).not.toContain("none standing out");
  const { readings } = JSON.parse((await run(["homology", circle, "--readout", "universal-null", "--json"])).stdout);
  expect(readings).toMatchObject([
    { readout: "universal-null@0.05", betti: [null, null], untested: [null, "too-few-intervals"] },
    { readout: "fasy@0.05", betti: [null, null], untested: ["too-few-points", "too-few-points"] },
  ]);
});

it("reads several files, and says what is an artefact", async () => {
  const { stdout } = await run(["homology", circle, circle, "--readout", "count"]);
  expect(stdout.match(/Betti numbers by count: b0 100, b1 1/g)).toHaveLength(2);
  const line = join(folder, "line.csv");
  await writeFile(line, "0\n1\n2\n5\n");
  expect((await run(["homology", line, "--readout", "count"])).stdout).toContain("Betti numbers by count: b0 4, b1 0");
});

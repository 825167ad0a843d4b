/** `bettina homology --dataset` and `--config`: what is computed on, and what is refused. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readMnist } from "../../src/data/mnist.js";
import { rowsOfClass, takeRows } from "../../src/data/sampling.js";
import { persistence } from "../../src/topology/persistence.js";
import { hasShared, sharedPath } from "../support/shared.js";
import { run } from "./support.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "bettina-config-"));
});
afterAll(() => rm(folder, { recursive: true }));

describe("--config", () => {
  const square = "0 0\n1 0\n0 1\n1 1\n";
  it("gives options the command line does not, and the command line wins", async () => {
    const cloud = join(folder, "square.csv");
    const config = join(folder, "config.json");
    await writeFile(cloud, square);
    await writeFile(config, JSON.stringify({ maxDim: 0, json: true, modulus: 3, format: "point-cloud" }));
    const { code, stdout } = await run(["homology", cloud, "--config", config, "--max-dim", "1"]);
    expect(code).toBe(0);
    const held = JSON.parse(stdout) as { diagrams: number[][][]; modulus: number };
    expect(held.modulus).toBe(3);
    expect(held.diagrams).toEqual([
      [
        [0, 1],
        [0, 1],
        [0, 1],
        [0, null],
      ],
      [[1, Number(Math.fround(Math.SQRT2).toPrecision(8))]],
    ]);
  });
  it.each([
    ['{"dimension": 2}', 2, "Expected only names of options for"],
    ['{"maxDim": -1}', 2, "Expected an integer from 0 to 1000 for --max-dim"],
    ['{"json": 1}', 2, "Expected true or false for json"],
    ['{"maxDim": {}}', 2, "Expected a number or a text for maxDim"],
    ["[1]", 2, "Expected a JSON object for"],
    ["{", 2, "Expected JSON for"],
  ])("refuses %s", async (text, code, message) => {
    const config = join(folder, "bad.json");
    await writeFile(config, text);
    const outcome = await run(["homology", "-", "--config", config]);
    expect(outcome.code).toBe(code);
    expect(outcome.stderr).toContain(message);
  });
});

describe("--dataset", () => {
  it.each([
    [["homology"], "Expected a file, - for standard input, or --dataset"],
    [["homology", "x.csv", "--class", "7"], "Expected --dataset for --class"],
    [["homology", "x.csv", "--dataset", "mnist", "--all"], "Expected no file and no --format beside --dataset"],
    [["homology", "--dataset", "mnist"], "Expected --class, --all or --sample"],
    [["homology", "--dataset", "mnist", "--all", "--class", "1"], "Expected either --class or --all"],
    [["homology", "--dataset", "mnist", "--class", "1,1"], "Expected every class once for --class"],
    [
      ["homology", "--dataset", "mnist", "--class", "1", "--barcode", "a.txt"],
      "Expected a file that ends in .svg or .png",
    ],
    [["homology", "--dataset", "mnist", "--class", "0,1", "--barcode", "a.svg"], "Expected one input for --barcode"],
  ])("%j is refused", async (args, message) => {
    const { code, stderr } = await run(args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });

  it("computes on a shape, both classes of it", async () => {
    const { code, stdout } = await run(
      ["homology", "--dataset", "annuli", "--class", "all", "--sample", "300", "--json", "--quiet"],
      {},
    );
    expect(code).toBe(0);
    const documents = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { n: number; input: string; diagrams: [number, number | null][][] });
    expect(documents.map(({ n, input }) => [n, input])).toEqual([
      [300, "annuli train, class 0, sample of 300, seed 1"],
      [300, "annuli train, class 1, sample of 300, seed 1"],
    ]);
    // One loop each, which lasts longer than any other by far: across the hole of radius 1/4, then of 3/4.
    for (const [i, hole] of [0.25, 0.75].entries()) {
      const lasting = documents[i]!.diagrams[1]!.map(([birth, death]) => death! - birth).sort((a, b) => b - a);
      expect(lasting[0]!).toBeGreaterThan(hole);
      expect(lasting[1]!).toBeLessThan(0.3 * lasting[0]!);
    }
  });

  describe.skipIf(!hasShared("data", "mnist"))("on MNIST", () => {
    const environment = { BETTINA_MNIST: sharedPath("data", "mnist") ?? "" };
    it("computes on the images of a class, pixels in [0, 1]", async () => {
      const { code, stdout } = await run(
        ["homology", "--dataset", "mnist", "--split", "test", "--class", "5,6", "--max-dim", "0", "--json", "--quiet"],
        environment,
      );
      expect(code).toBe(0);
      const documents = stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as Record<string, unknown>);
      expect(documents.map(({ n, input }) => [n, input])).toEqual([
        [892, "mnist test, class 5"],
        [958, "mnist test, class 6"],
      ]);
      const { test } = await readMnist(environment.BETTINA_MNIST, { name: "the folder" });
      const rows = rowsOfClass(test.labels, 5);
      const expected = await persistence(takeRows(test, rows), { maxDim: 0 });
      const deaths = (documents[0]!.diagrams as [number, number | null][][])[0]!.map(([, death]) => death ?? Infinity);
      expect(Float32Array.from(deaths)).toEqual(expected.diagrams[0]!.deaths);
    });
    it("draws the same sample for the same seed, another for another", async () => {
      const sample = async (seed: number) =>
        (
          await run(
            ["homology", "--dataset", "mnist", "--sample", "40", "--seed", String(seed), "--json", "--quiet"],
            environment,
          )
        ).stdout;
      const [one, again, other] = [await sample(1), await sample(1), await sample(2)];
      expect(one).toBe(again);
      expect(JSON.parse(one).diagrams).not.toEqual(JSON.parse(other).diagrams);
      expect(JSON.parse(one).n).toBe(40);
    });
    it("refuses a sample larger than the class and a class that is none", async () => {
      const large = await run(["homology", "--dataset", "mnist", "--class", "5", "--sample", "6000"], environment);
      expect(large.code).toBe(2);
      expect(large.stderr).toContain("Expected at most the 5421 points there are for --sample");
      const none = await run(["homology", "--dataset", "mnist", "--class", "10"], environment);
      expect(none.code).toBe(2);
      expect(none.stderr).toContain("Expected a class from 0 to 9 for --class");
    });
  });
});

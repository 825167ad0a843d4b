/** One input that cannot be computed ends alone; the others are answered. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Random } from "../../src/random.js";
import { hasShared, sharedPath } from "../support/shared.js";
import { run } from "./support.js";

let folder: string;
const path = (name: string) => join(folder, name);
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "bettina-failures-"));
  const random = new Random(5);
  const normal = (n: number, d: number) =>
    Array.from({ length: n }, () => Array.from({ length: d }, () => random.normal()).join()).join("\n");
  const files: Record<string, string> = {
    "two.csv": "0,0\n0,1\n",
    "far.csv": "0,0\n0,2\n",
    "words.csv": "1,2\n3,x\n",
    "infinite.csv": "0,0\n1e300,0\n",
    "zero.csv": "0,0\n0,1\n1,0\n",
    "large.csv": normal(2100, 2),
    // Up to H5 it takes minutes.
    "slow.csv": normal(200, 10),
    a: "1,2\n3,x\n",
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(path(name), text);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The finite deaths of H0 of every line, or the code of its error. */
function lines(stdout: string) {
  const documents = stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  return documents.map((document) =>
    document.error ? document.error.code : document.diagrams[0].map(([, death]: [number, number | null]) => death),
  );
}

describe("one of several inputs that fails", () => {
  it.each([1, 2])("keeps its place between the others, whatever it fails by (%i threads)", async (threads) => {
    const inputs = ["two.csv", "words.csv", "infinite.csv", "missing.csv", "large.csv", "slow.csv", "far.csv"].map(
      path,
    );
    const limits = ["--memory-limit", "10MB", "--timeout", "4", "--max-dim", "5", "--threads", `${threads}`];
    const { code, stdout, stderr } = await run(["homology", ...inputs, "--json", ...limits]);
    expect(lines(stdout)).toEqual([
      [1, null],
      "DATA_FORMAT",
      "INPUT",
      "INPUT",
      expect.stringMatching(/^(MEMORY_LIMIT|SIMPLEX_OVERFLOW)$/),
      expect.stringMatching(/^(TIMEOUT|MEMORY_LIMIT)$/),
      [2, null],
    ]);
    expect(
      stdout
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line).input),
    ).toEqual(inputs);
    // Limits (4) are worse than bad data (3).
    expect(code).toBe(4);
    const complaints = stderr.trimEnd().split("\n");
    expect(complaints).toHaveLength(5);
    complaints.forEach((line, i) => {
      expect(line).toMatch(/^bettina: .*Expected .*\.$/);
      expect(line).toContain(inputs[i + 1]!.slice(0, 60));
    });
    expect(complaints[1]).toContain(`${path("infinite.csv")}: Expected a number below 3.4e38`);
  });

  it.skipIf(!hasShared("data/faults/one-bad-file-ends-all"))(
    "is the file of the audit, in text and in JSON",
    async () => {
      const [a, b, c, d] = ["a", "b", "c", "d"].map((name) =>
        sharedPath("data/faults/one-bad-file-ends-all", `${name}.csv`),
      );
      const json = await run(["homology", a!, b!, c!, "--json"]);
      expect(json.code).toBe(3);
      expect(lines(json.stdout)).toEqual([[1, null], "DATA_FORMAT", [2, null]]);
      const text = await run(["homology", a!, b!, c!, d!]);
      expect(text.code).toBe(3);
      expect(text.stdout.match(/: 2 points/g)).toHaveLength(2);
      expect(text.stderr).toContain("d.csv: Expected a number below 3.4e38");
      expect(text.stderr.trimEnd().split("\n")).toHaveLength(2);
    },
  );

  it("is named also where its name is a word of the message, and where there is one input", async () => {
    expect((await run(["homology", path("a"), "--format", "point-cloud"])).stderr).toContain(path("a"));
    const outcome = await run(["homology", path("zero.csv"), "--metric", "cosine", "--json"]);
    expect(outcome.code).toBe(3);
    expect(outcome.stderr).toContain(`bettina: ${path("zero.csv")}: Expected `);
    expect(JSON.parse(outcome.stdout)).toMatchObject({ input: path("zero.csv"), error: { code: "INPUT" } });
    expect((await run(["homology", path("zero.csv"), "--metric", "cosine"])).stdout).toBe("");
  });

  it("stands in the file of --out too; where all fail, no file is written", async () => {
    const out = path("out.txt");
    const inputs = [path("two.csv"), path("words.csv"), path("far.csv")];
    expect((await run(["homology", ...inputs, "--out", out])).code).toBe(3);
    expect(readFileSync(out, "utf8")).toMatch(
      /two\.csv: 2 points[\s\S]*\nNot computed: Expected [^\n]* line 2 of .*words\.csv, [^\n]*\n[\s\S]*far\.csv: 2 points/,
    );
    expect((await run(["homology", ...inputs, "--json", "--out", out])).code).toBe(3);
    expect(lines(readFileSync(out, "utf8"))).toEqual([[1, null], "DATA_FORMAT", [2, null]]);
    rmSync(out);
    expect(await run(["homology", path("words.csv"), path("infinite.csv"), "--out", out])).toMatchObject({
      code: 3,
      stdout: "",
    });
    expect(existsSync(out)).toBe(false);
  });

  it("ends alone in --dry-run and --explain", async () => {
    const inputs = [path("two.csv"), path("words.csv"), path("far.csv")];
    const dry = await run(["homology", ...inputs, "--dry-run", "--json"]);
    expect(dry.code).toBe(3);
    const documents = dry.stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(documents.map(({ input, error }) => [input, error?.code])).toEqual([
      [inputs[0], undefined],
      [inputs[1], "DATA_FORMAT"],
      [inputs[2], undefined],
    ]);
    const explained = await run(["homology", ...inputs, "--explain", "--json"]);
    expect(explained.stderr.match(/nothing cut/g)).toHaveLength(2);
  });

  it("is said once where one failure ends them all, and not at all where an option does", async () => {
    const none = { BETTINA_MNIST: path("none") };
    const missing = await run(["homology", "--dataset", "mnist", "--class", "0,7", "--json"], none);
    expect(missing).toMatchObject({ code: 3 });
    expect(lines(missing.stdout)).toEqual(["INPUT", "INPUT"]);
    expect(missing.stderr.match(/^bettina:/gm)).toHaveLength(1);
    const option = await run(["homology", path("two.csv"), path("far.csv"), "--modulus", "4", "--json"]);
    expect(option).toMatchObject({ code: 2, stdout: "" });
    expect(option.stderr.trimEnd().split("\n")).toHaveLength(1);
  });
});

describe("a plan that cannot do what is asked", () => {
  it("is refused: by options before anything is read, by the input before the work", async () => {
    for (const [plan, dim] of [
      ["lazy", "2"],
      ["stream", "2"],
      ["lunes", "3"],
      ["flag", "3"],
    ] as const) {
      const { code, stderr } = await run(["homology", path("missing.csv"), "--plan", plan, "--max-dim", dim]);
      expect(code).toBe(2);
      expect(stderr).toContain(`Expected a plan that reaches dimension ${dim} for --plan, got "${plan}".`);
    }
    writeFileSync(path("d.csv"), "0,1\n1,0\n");
    for (const dry of [[], ["--dry-run"]]) {
      const matrix = ["homology", path("d.csv"), "--format", "distance", "--plan", "stream", ...dry];
      expect(await run(matrix)).toMatchObject({
        code: 2,
        stderr: expect.stringContaining("Expected points, not distances, for --plan stream, got "),
      });
    }
  });
});

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { run } from "./support.js";

let folder: string;
const files: string[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "bettina-"));
  for (let sides = 4; sides < 12; sides++) {
    const angles = Array.from({ length: sides }, (_, i) => (2 * Math.PI * i) / sides);
    files.push(join(folder, `${sides}.csv`));
    writeFileSync(files.at(-1)!, angles.map((angle) => `${Math.cos(angle)},${Math.sin(angle)}\n`).join(""));
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("homology of many files", () => {
  it("prints the same lines in the same order for every number of threads", async () => {
    const outcomes = [];
    for (const threads of ["1", "2", "3"])
      outcomes.push(await run(["homology", ...files, "--json", "--threads", threads]));
    expect(outcomes[0]!.code).toBe(0);
    const points = outcomes[0]!.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).n);
    expect(points).toEqual([4, 5, 6, 7, 8, 9, 10, 11]);
    expect(outcomes[1]).toEqual(outcomes[0]);
    expect(outcomes[2]).toEqual(outcomes[0]);
  });

  it("prints what came before a broken file, and names the file", async () => {
    const broken = join(folder, "broken.csv");
    writeFileSync(broken, "1,2\n3,x\n");
    const outcome = await run(["homology", files[0]!, broken, files[1]!, "--json", "--threads", "2"]);
    expect(outcome.code).toBe(3);
    expect(outcome.stdout.trim().split("\n").length).toBe(1);
    expect(outcome.stderr).toContain("broken.csv");
  });
});

describe("--representatives", () => {
  it("adds a cocycle and a cycle for every interval kept", async () => {
    const { stdout } = await run(["homology", files[0]!, "--json", "--representatives", "--modulus", "3"]);
    const { diagrams, representatives } = JSON.parse(stdout);
    expect(diagrams[1].length).toBe(1);
    expect(representatives[1]).toEqual([
      {
        cocycle: [expect.anything()],
        cycle: expect.arrayContaining([
          [expect.any(Number), [0, 1]],
          [expect.any(Number), [0, 3]],
        ]),
      },
    ]);
    expect(representatives[1][0].cycle.length).toBe(4);
    expect(representatives[0].at(-1)).toEqual({
      cocycle: [
        [1, [0]],
        [1, [1]],
        [1, [2]],
        [1, [3]],
      ],
      cycle: [[1, [0]]],
    });
    const few = JSON.parse((await run(["homology", files[0]!, "--json", "--representatives", "--ratio", "2"])).stdout);
    expect(few.representatives.map((list: unknown[]) => list.length)).toEqual([4, 0]);
    expect((await run(["homology", files[0]!, "--representatives"])).code).toBe(2);
  });
});

describe("--dry-run", () => {
  it("tells sizes and memory, and computes nothing", async () => {
    const text = await run(["homology", files[0]!, "--dry-run", "--memory-limit", "1KB"]);
    expect(text).toMatchObject({ code: 0, stderr: "" });
    expect(text.stdout).toMatch(/4 points in 2 dimensions, about \d+ bytes, of which .*limit 1000 bytes\)\n$/);
    const document = JSON.parse((await run(["homology", files[0]!, "--dry-run", "--json"])).stdout);
    expect(document).toMatchObject({ n: 4, d: 2, memory: { engine: expect.any(Number), copies: 64 } });
    expect((await run(["homology", files[0]!, "--dry-run", "--memory-limit", "64B"])).stdout).toContain(
      "will be refused",
    );
  });
});

describe("--plan and --explain", () => {
  it("say on standard error how every dimension was computed and why, and print the same result", async () => {
    const plain = await run(["homology", files[5]!, "--json"]);
    const automatic = await run(["homology", files[5]!, "--json", "--explain"]);
    expect(automatic.stdout).toBe(plain.stdout);
    expect(automatic.stderr).toMatch(/9 points, distances float64 differences, nothing cut.*engine memory\n/);
    expect(automatic.stderr).toMatch(/ {2}H0: .*, 9 columns; .*\n {2}H1: .*, 1 column; .+\n/);
    const asked = await run(["homology", files[5]!, "--json", "--explain", "--plan", "simplices"]);
    expect(asked.stdout).toBe(plain.stdout);
    expect(asked.stderr).toContain("H1: simplices (implicit cohomology over all simplices), 3 columns; as asked");
    expect(await run(["homology", files[5]!, "--plan", "guess"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('for plan, got "guess"'),
    });
  });
});

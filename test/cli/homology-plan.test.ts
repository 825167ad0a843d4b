import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Random } from "../../src/random.js";
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
  it("tells plan, guarantee, time and memory, and computes nothing", async () => {
    const text = await run(["homology", files[0]!, "--dry-run", "--memory-limit", "10MB"]);
    expect(text).toMatchObject({ code: 0, stderr: "" });
    expect(text.stdout).toMatch(
      /: 4 points in 2 dimensions\n +plan +\w+ \(.+\)\n +guarantee +exact\n +time +about [\d.]+ s \([\d.]+ s to [\d.]+ s\), 1 thread\n +memory +\d+ MB of engine memory \(limit 10 MB\), \d+ MB the process\n +found out +by computing 4 of the points in .+ s\n$/,
    );
    const document = JSON.parse((await run(["homology", files[0]!, "--dry-run", "--json"])).stdout);
    expect(document).toMatchObject({
      n: 4,
      d: 2,
      plan: expect.any(String),
      guarantee: "exact",
      seconds: { expected: expect.any(Number), low: expect.any(Number), high: expect.any(Number) },
      memory: { engine: { expected: expect.any(Number) }, copies: 64, process: expect.any(Number) },
      fits: true,
      longClasses: false,
    });
    const sparse = await run(["homology", files[0]!, "--dry-run", "--epsilon", "0.5"]);
    expect(sparse.stdout).toContain("at most a factor 1.5");
    const again = await run(["homology", files[0]!, "--dry-run", "--landmarks", "3", "--replicates", "7"]);
    expect(again.stdout).toMatch(/1 thread.*; then 7 more choices of landmarks, about [\d.]+ s\n/);
  });

  it.each([
    [["--memory-limit", "64B"], 4, /at most 64 bytes for the memory of 4 points/],
    [["--max-dim", "20"], 4, /number of points with maxDim 20, got 200/],
  ])("refuses what the computation refuses, in the same words: %j", async (args, code, message) => {
    const many = join(folder, "many.csv");
    writeFileSync(many, Array.from({ length: 200 }, (_, i) => `${i},${i * i}\n`).join(""));
    const file = args[0] === "--max-dim" ? many : files[0]!;
    const [told, done] = [await run(["homology", file, "--dry-run", ...args]), await run(["homology", file, ...args])];
    expect(told).toMatchObject({ code, stdout: "", stderr: expect.stringMatching(message) });
    expect(told.stderr).toBe(done.stderr);
  });

  it("says when a time-out comes before the end", async () => {
    const text = async (timeout: string) =>
      (await run(["homology", files[7]!, "--dry-run", "--timeout", timeout])).stdout;
    expect(await text("1000")).not.toContain("time-out");
    expect(await text("0.000001")).toMatch(/; the time-out of 0\.1 s will end before that, 1 thread/);
  });

  it("gives each of several inputs one thread, as the computation does", async () => {
    const random = new Random(82);
    const cloud = join(folder, "large.csv");
    writeFileSync(cloud, Array.from({ length: 2000 }, () => `${random.normal()},${random.normal()}\n`).join(""));
    const threads = async (...inputs: string[]) => {
      const { stdout } = await run(["homology", ...inputs, "--dry-run", "--json", "--threads", "2"]);
      return stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line).threads);
    };
    expect(await threads(cloud)).toEqual([2]);
    expect(await threads(cloud, files[0]!)).toEqual([1, 1]);
  });

  it("does not advise more memory where the plan that minds long classes was asked for", async () => {
    const random = new Random(83);
    const ring = join(folder, "ring.csv");
    const point = (angle: number) => `${Math.cos(angle)},${Math.sin(angle) + 0.1 * random.uniform()}\n`;
    writeFileSync(ring, Array.from({ length: 2600 }, (_, i) => point(i / 414)).join(""));
    const { stdout } = await run(["homology", ring, "--dry-run", "--plan", "stream", "--threads", "1"]);
    expect(stdout).toContain("does not mind, was not asked for: leave out --plan stream)");
  });
});

describe("long runs", () => {
  it("begin with a line that says what they should take, and are refused when memory will not do", async () => {
    const random = new Random(81);
    const cloud = join(folder, "cloud.csv");
    const points = 12_000;
    writeFileSync(cloud, Array.from({ length: points }, () => `${random.normal()},${random.normal()}\n`).join(""));
    const told = await run(["homology", cloud, "--explain", "--threads", "1"]);
    expect(told.stderr).toMatch(
      /cloud\.csv: 12000 points should take about [\d.]+ s \(.+ to .+\) and about \d+ MB, at most \d+ MB of engine memory; plan stream, 1 thread; exact\n/,
    );
    expect(told.stderr).toMatch(/cloud\.csv: took [\d.]+ s\n/);
    // What takes a second or two is not worth a pilot unless somebody asks, but what cannot fit is refused all the same.
    const refused = await run(["homology", cloud, "--memory-limit", "30MB", "--threads", "1"]);
    expect(refused).toMatchObject({ code: 4, stdout: "" });
    expect(refused.stderr).toMatch(/at most 29 MiB for the memory of 12000 points/);
    expect(refused.stderr).not.toContain("should take");
    const tight = await run(["homology", cloud, "--memory-limit", "46MB", "--threads", "1", "--explain"]);
    expect(tight).toMatchObject({ code: 4, stdout: "" });
  });
});

describe("where results are written", () => {
  it("is tried before the work: neither twice the same place, nor the input, nor one that cannot be written", async () => {
    const missing = join(folder, "no-such-cloud.csv");
    const picture = join(folder, "bars.svg");
    // The input does not exist: complaints about outputs must come before anybody looks for it.
    for (const [args, message] of [
      [["--barcode", picture, "--diagram", picture], /another file than --barcode for --diagram/],
      [["--out", picture, "--diagram", join(folder, "x", "..", "bars.svg")], /another file than --out for --diagram/],
      [["--out", missing], /another file than the input for --out/],
      [["--out", folder], /place that can be written for output.*folder/],
      [["--barcode", join(files[0]!, "bars.svg")], /place that can be written for output.*a file stands where/],
      [["--diagram", join(folder, "bars.jpg")], /ends in \.svg or \.png/],
    ] as const) {
      const { code, stderr } = await run(["homology", missing, ...args]);
      expect(stderr).toMatch(message);
      expect(code).toBe(2);
    }
    const deep = join(folder, "new", "folder", "result.json");
    expect((await run(["homology", missing, "--out", deep])).code).toBe(3);
    expect(existsSync(join(folder, "new"))).toBe(false);
    expect((await run(["homology", files[0]!, "--json", "--out", deep])).code).toBe(0);
    expect(JSON.parse(readFileSync(deep, "utf8")).n).toBe(4);
    expect(readdirSync(folder).filter((name) => name.startsWith(".bettina"))).toEqual([]);
  });

  it("is no link to the input or to another result", async () => {
    const before = readFileSync(files[0]!, "utf8");
    const link = join(folder, "link.json");
    symlinkSync(files[0]!, link);
    const lost = await run(["homology", files[0]!, "--json", "--out", link]);
    expect(lost).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining("The input would be lost.") });
    expect(readFileSync(files[0]!, "utf8")).toBe(before);
    const config = join(folder, "config.json");
    writeFileSync(config, '{"maxDim": 1}');
    const over = await run(["homology", files[0]!, "--json", "--config", config, "--out", config]);
    expect(over).toMatchObject({ code: 2, stderr: expect.stringContaining("another file than the input for --out") });
    expect(readFileSync(config, "utf8")).toBe('{"maxDim": 1}');
    const aside = join(folder, "aside");
    symlinkSync(folder, aside);
    const twice = ["--barcode", join(folder, "one.svg"), "--diagram", join(aside, "one.svg")];
    expect((await run(["homology", files[0]!, ...twice])).stderr).toContain("another file than --barcode");
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

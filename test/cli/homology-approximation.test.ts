/** `bettina homology --landmarks` and `--epsilon`: the guarantee printed holds for the diagrams of all points. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { run } from "./support.js";

let folder: string;
let circle: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "bettina-approximation-"));
  circle = join(folder, "circle.csv");
  const rows = Array.from({ length: 120 }, (_, i) => [Math.cos((i * Math.PI) / 60), Math.sin((i * Math.PI) / 60)]);
  await writeFile(circle, rows.map((row) => row.join(",")).join("\n"));
});
afterAll(() => rm(folder, { recursive: true }));

describe("--landmarks", () => {
  it("bounds the intervals and the Betti numbers of all points: one component, one loop", async () => {
    const args = ["homology", circle, "--landmarks", "30", "--scale", "1", "--json"];
    const { code, stdout } = await run(args);
    expect(code).toBe(0);
    const held = JSON.parse(stdout);
    expect(held.n).toBe(30);
    expect(held.landmarks).toMatchObject({ count: 30, of: 120, rule: "maxmin", seed: 1 });
    // 30 maxmin landmarks of a regular 120-gon leave no point more than 3 steps from one.
    expect(held.landmarks.coveringRadius).toBeLessThanOrEqual(2 * Math.sin((3 * Math.PI) / 120) + 1e-7);
    expect(held.approximation.error).toBeCloseTo(2 * held.landmarks.coveringRadius, 6);
    const whole = JSON.parse((await run(["homology", circle, "--json"])).stdout);
    for (const dimension of [0, 1]) {
      const bound = held.approximation.intervals[dimension];
      const bars = whole.diagrams[dimension] as [number, number | null][];
      const longer = bars.filter(([birth, death]) => (death ?? Infinity) - birth > held.approximation.error).length;
      expect(longer).toBeGreaterThanOrEqual(bound.lower);
      expect(longer).toBeLessThanOrEqual(bound.upper ?? Infinity);
    }
    expect(held.approximation.intervals[1].lower).toBe(1);
    expect(held.approximation.betti).toEqual({
      scale: 1,
      bounds: [
        { lower: 1, upper: 1 },
        { lower: 1, upper: null },
      ],
    });
    expect((await run(args.slice(0, -1))).stdout).toContain(
      "Betti numbers of all points at scale 1: b0 1, b1 at least 1.",
    );
  });
});

describe("--replicates", () => {
  it("tells the spread of the covering radius and of Betti numbers over choices of landmarks", async () => {
    const args = ["homology", circle, "--landmarks", "40", "--scale", "1", "--seed", "3", "--replicates", "5"];
    const { code, stdout } = await run([...args, "--json"]);
    expect(code).toBe(0);
    const { landmarks, replicates } = JSON.parse(stdout);
    expect(landmarks.rule).toBe("maxmin");
    expect(replicates.rule).toBe("random");
    expect(replicates.replicates.map(({ seed }: { seed: number }) => seed)).toEqual([3, 4, 5, 6, 7]);
    expect(replicates.betti.map(({ readout }: { readout: string }) => readout)).toEqual([
      "universal-null@0.05",
      "at-scale=1",
      "count",
    ]);
    // One loop at scale 1, whatever the choice; a component of each landmark by count.
    expect(replicates.betti[1].spread[1]).toEqual({ median: 1, lower: 1, upper: 1 });
    expect(replicates.betti[2].spread[0]).toEqual({ median: 40, lower: 40, upper: 40 });
    expect(replicates.betti[0].spread[0]).toBeNull();
    expect(replicates.coveringRadius.lower).toBeGreaterThan(landmarks.coveringRadius);
    const radii = replicates.replicates.map((one: { coveringRadius: number }) => one.coveringRadius).sort();
    expect(replicates.coveringRadius.median).toBe(radii[2]);
    const text = (await run([...args, "--readout", "ratio>2", "--landmark-rule", "maxmin"])).stdout;
    expect(text).toMatch(
      /5 choices of landmarks by the rule maxmin, seeds 3 to 7: median \(5 % to 95 %\), no bounds\./,
    );
    expect(text).toMatch(/\nBetti numbers by ratio>2: b0 –, b1 1\n/);
    expect(text).toMatch(/ {2}covering radius [\d.]+ \([\d.]+ to [\d.]+\)\n {2}by ratio>2: b0 –, b1 1 \(1 to 1\)\n$/);
  });

  it("needs landmarks, one input and a readout there is", async () => {
    for (const [args, message] of [
      [["--replicates", "3"], /--landmarks for --replicates/],
      [["--epsilon", "0.5", "--readout", "fasy"], /no --epsilon for --readout fasy/],
      [[circle, "--readout", "fasy"], /one input for --readout fasy/],
      [["--readout", "best"], /a readout for readout, got "best"/],
      [["--landmarks", "9", "--replicates", "3", "--readout", "best"], /a readout for readout, got "best"/],
      [[circle, "--landmarks", "9", "--replicates", "3"], /one input for --replicates/],
    ] as const)
      expect(await run(["homology", circle, ...args])).toMatchObject({
        code: 2,
        stderr: expect.stringMatching(message),
      });
  });
});

it("plans the memory of the landmarks, not of all points", async () => {
  const plan = async (...args: string[]) =>
    JSON.parse((await run(["homology", circle, "--dry-run", "--json", "--plan", "simplices", ...args])).stdout);
  const [all, some] = [await plan(), await plan("--landmarks", "10")];
  expect(all).toMatchObject({ n: 120, d: 2 });
  expect(some).toMatchObject({ n: 120, d: 2, landmarks: 10 });
  expect(some.memory.engine.expected).toBeLessThanOrEqual(all.memory.engine.expected);
  expect(some.guarantee).toContain("twice the covering radius");
});

describe("--epsilon", () => {
  it("finds the loop of the circle, off by at most the factor", async () => {
    const { code, stdout } = await run(["homology", circle, "--epsilon", "0.2", "--json"]);
    expect(code).toBe(0);
    const held = JSON.parse(stdout);
    expect(held.approximation).toMatchObject({ kind: "sparse", error: 0.2 });
    expect(held.approximation.intervals[1].lower).toBe(1);
    const whole = JSON.parse((await run(["homology", circle, "--json"])).stdout);
    const longest = (bars: [number, number][]) =>
      bars.reduce((one, other) => (other[1] / other[0] > one[1] / one[0] ? other : one));
    const exact = longest(whole.diagrams[1]);
    const sparse = longest(held.diagrams[1]);
    for (const end of [0, 1]) {
      expect(sparse[end]).toBeGreaterThanOrEqual(exact[end]! * (1 - 1e-6));
      expect(sparse[end]).toBeLessThanOrEqual(exact[end]! * 1.2 * (1 + 1e-6));
    }
  });
});

it.each([
  [["--landmarks", "5", "--epsilon", "1"], "Expected either --landmarks or --epsilon"],
  [["--scale", "1"], "Expected --landmarks for --scale"],
  [["--landmark-rule", "random"], "Expected --landmarks for --landmark-rule"],
  [["--landmarks", "5", "--metric", "cosine"], "Expected a metric with the triangle inequality beside --landmarks"],
  [["--epsilon", "1", "--threshold", "1"], "Expected no --threshold beside --epsilon"],
  [["--epsilon", "0"], "Expected a number above 0 for epsilon"],
])("refuses %j", async (args, message) => {
  const { code, stderr } = await run(["homology", circle, ...args]);
  expect(code).toBe(2);
  expect(stderr).toContain(message);
});

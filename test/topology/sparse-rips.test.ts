import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { CancelledError, ConfigError, TimeoutError } from "../../src/errors.js";
import { Random } from "../../src/random.js";
import { bottleneckDistance } from "../../src/topology/bottleneck.js";
import type { Diagram } from "../../src/topology/diagram.js";
import { pairwiseDistances } from "../../src/topology/distance-matrix.js";
import { selectLandmarks } from "../../src/topology/landmarks.js";
import { persistence } from "../../src/topology/persistence.js";
import { ratioCountBounds, sparseRips } from "../../src/topology/sparse-rips.js";
import { pairs } from "../support/diagrams.js";
import { gudhiPythonWith } from "../support/oracles.js";

/** Points of a noisy circle beside a denser Gaussian cloud: gaps of many sizes. */
function points(n: number, seed: number, d = 2): number[][] {
  const random = new Random(seed, "sparse");
  return Array.from({ length: n }, (_, i) => {
    const rest = Array.from({ length: d - 2 }, () => 0.1 * random.normal());
    if (i % 3 === 0) return [4 + 0.2 * random.normal(), 0.2 * random.normal(), ...rest];
    const angle = 2 * Math.PI * random.uniform();
    return [Math.cos(angle) + 0.05 * random.normal(), Math.sin(angle) + 0.05 * random.normal(), ...rest];
  });
}

/** Logarithms: a factor becomes a shift. Components are all born at 0, which stays as it is. */
function logarithmic({ dimension, births, deaths }: Diagram, factor = 1): Diagram {
  // All values are above e^-20.
  const log = (value: number) => (value === 0 ? 0 : 20 + Math.log(value * factor));
  return { dimension, births: births.map(log), deaths: deaths.map(log) };
}

describe("sparse Rips", () => {
  const cases = [0.1, 0.5, 1, 3].flatMap((epsilon) => [
    { epsilon, d: 2, maxDim: 1, n: 120 },
    { epsilon, d: 3, maxDim: 2, n: 60 },
  ]);
  it.each(cases)(
    "keeps its promise for ε = $epsilon, $n points in $d dimensions",
    async ({ epsilon, d, maxDim, n }) => {
      const cloud = points(n, 5, d);
      const sparse = await sparseRips(cloud, epsilon);
      const [exact, given] = [await persistence(cloud, { maxDim }), await persistence(sparse, { maxDim })];
      for (let k = 0; k <= maxDim; k++) {
        const [truth, found] = [exact.diagrams[k]!, given.diagrams[k]!];
        // Births and deaths grow by a factor in [1, 1 + ε]: halved in the logarithm, a shift of ln(1 + ε) / 2 both ways.
        const c = Math.log(1 + epsilon);
        const moved = k === 0 ? logarithmic(found) : logarithmic(found, (1 + epsilon) ** -0.5);
        expect(bottleneckDistance(moved, logarithmic(truth))).toBeLessThanOrEqual((k === 0 ? c : c / 2) + 1e-5);
        // Nothing lives for ever but one component: the complex ends as a cone, though edges are missing.
        expect(found.deaths.filter((death) => death === Infinity)).toHaveLength(k === 0 ? 1 : 0);
        if (k === 0) continue;
        for (const ratio of [1, 1.05, 1.2, 1.5, 2, 4, 8]) {
          const count = truth.births.filter((birth, i) => truth.deaths[i]! / birth > ratio).length;
          const { lower, upper } = ratioCountBounds(found, { epsilon, ratio });
          expect(count).toBeGreaterThanOrEqual(lower);
          expect(count).toBeLessThanOrEqual(upper);
        }
      }
      // Components: deaths in order, each off by at most the factor.
      expect(given.diagrams[0]!.deaths).toHaveLength(exact.diagrams[0]!.deaths.length);
      given.diagrams[0]!.deaths.forEach((death, i) => {
        const value = exact.diagrams[0]!.deaths[i]!;
        if (value === Infinity) return;
        expect(death / value).toBeGreaterThanOrEqual(1 - 1e-6);
        expect(death / value).toBeLessThanOrEqual(1 + epsilon + 1e-6);
      });
    },
  );

  it("has fewer edges for a larger ε, and all of them for a tiny one", async () => {
    const cloud = points(300, 2);
    const edges = await Promise.all([1e-6, 0.5, 1, 4].map(async (epsilon) => (await sparseRips(cloud, epsilon)).edges));
    expect(edges[0]).toBe((300 * 299) / 2);
    for (let i = 1; i < 4; i++) expect(edges[i]).toBeLessThan(edges[i - 1]!);
    expect(edges[3]).toBeLessThan(0.2 * edges[0]!);
  });

  it("proves a long loop", async () => {
    const sparse = await sparseRips(points(300, 3), 0.25);
    const [, loops] = (await persistence(sparse)).diagrams;
    expect(ratioCountBounds(loops!, { epsilon: 0.25, ratio: 2 })).toEqual({ lower: 1, upper: 1 });
  });

  it("takes distances and repeated points", async () => {
    const cloud = points(40, 4);
    const twice = [...cloud, ...cloud.slice(0, 10)];
    const fromMatrix = await sparseRips(await pairwiseDistances(cloud), 1);
    expect(fromMatrix).toEqual(await sparseRips(cloud, 1));
    // Which point comes first differs, so the diagrams do: the promise is the same.
    const given = await persistence(await sparseRips(twice, 0.5));
    const exact = await persistence(twice);
    const close = (k: number) => bottleneckDistance(logarithmic(given.diagrams[k]!), logarithmic(exact.diagrams[k]!));
    expect(close(0)).toBeLessThanOrEqual(Math.log(1.5) + 1e-5);
    expect(close(1)).toBeLessThanOrEqual(Math.log(1.5) + 1e-5);
  });

  it("refuses what has no promise", async () => {
    await expect(sparseRips([[0], [1]], 0)).rejects.toThrow(ConfigError);
    await expect(sparseRips([[0], [1]], Number.NaN)).rejects.toThrow(ConfigError);
    await expect(sparseRips([[0], [1]], 1, { metric: "cosine" })).rejects.toThrow("triangle inequality");
    const [zero, one] = (await persistence([[0], [1]])).diagrams;
    expect(() => ratioCountBounds(zero!, { epsilon: 1, ratio: 2 })).toThrow(ConfigError);
    expect(() => ratioCountBounds(one!, { epsilon: 1, ratio: 0.5 })).toThrow(ConfigError);
  });

  // GUDHI leaves out simplices with a point past its end, the complex here keeps them: the intervals are the same. Its
  // random first point is unknown, so its diagrams must be those of one of ours.
  const python = gudhiPythonWith("numpy");
  it.skipIf(python === undefined)(
    "has the intervals of GUDHI's sparse Rips complex for the same first point",
    async () => {
      const jobs = [0.3, 1, 2, 5].map((epsilon) => ({ epsilon, cloud: points(24, 7, 3) }));
      const input = JSON.stringify(jobs.map(({ epsilon, cloud }) => ({ cloud, sparse: epsilon / (1 + epsilon) })));
      const answers = JSON.parse(execFileSync(python!, ["-c", program], { input, encoding: "utf8" })) as Complex[];
      for (const [j, { epsilon, cloud }] of jobs.entries()) {
        const starts = new Set<number>();
        const found: Complex[] = [];
        for (let seed = 1; starts.size < 24; seed++) {
          const [first] = (await selectLandmarks(cloud, { count: 1, seed })).indices;
          if (starts.has(first!)) continue;
          starts.add(first!);
          const sparse = await sparseRips(cloud, epsilon, { seed });
          const intervals = pairs(await persistence(sparse, { maxDim: 2 }))
            .flatMap((diagram, k) => diagram.map(([birth, death]) => [k, birth, death === Infinity ? -1 : death]))
            .sort(inOrder);
          found.push({ intervals, edges: Array.from(sparse.distances.filter((value) => value < Infinity).sort()) });
        }
        const near = (one: number[], other: number[]) =>
          one.length === other.length && one.every((value, i) => Math.abs(value - other[i]!) < 1e-5);
        const theirs = answers[j]!;
        const long = theirs.intervals.filter(([, birth, death]) => death! < 0 || death! - birth! > 1e-6).sort(inOrder);
        expect(long.length).toBeGreaterThanOrEqual(24);
        const match = found.find(({ edges }) => near(edges, theirs.edges));
        expect(match).toBeDefined();
        expect(near(match!.intervals.flat(), long.flat())).toBe(true);
      }
    },
  );
});

interface Complex {
  /** [dimension, birth, death], death -1 when essential. */
  readonly intervals: number[][];
  /** Scales at which edges come in, ascending. */
  readonly edges: number[];
}

const inOrder = (one: number[], other: number[]) => one[0]! - other[0]! || one[1]! - other[1]! || one[2]! - other[2]!;

const program = `
import sys, json, gudhi
out = []
for job in json.load(sys.stdin):
    tree = gudhi.RipsComplex(points=job["cloud"], sparse=job["sparse"]).create_simplex_tree(max_dimension=3)
    bars = tree.persistence(homology_coeff_field=2, min_persistence=0)
    out.append({
        "intervals": [[d, b, -1 if e == float("inf") else e] for d, (b, e) in bars],
        "edges": sorted(f for s, f in tree.get_skeleton(1) if len(s) == 2)})
print(json.dumps(out))
`;

it("stops at a signal and at a time-out", async () => {
  const random = new Random(9, "stop");
  const cloud = { data: Float32Array.from({ length: 6000 }, () => random.normal()), shape: [3000, 2] as const };
  await expect(sparseRips(cloud, 0.5, { signal: AbortSignal.abort() })).rejects.toThrow(CancelledError);
  await expect(sparseRips(cloud, 0.5, { timeout: 0 })).rejects.toThrow(TimeoutError);
  await expect(sparseRips(cloud, 0.5, { timeout: 60_000 })).resolves.toMatchObject({ n: 3000 });
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 20);
  await expect(sparseRips(cloud, 0.5, { signal: controller.signal })).rejects.toThrow(CancelledError);
});

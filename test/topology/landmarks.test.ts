import { describe, expect, it } from "vitest";
import { CancelledError, ConfigError, TimeoutError } from "../../src/errors.js";
import { Random } from "../../src/random.js";
import { bottleneckDistance } from "../../src/topology/bottleneck.js";
import type { Diagram } from "../../src/topology/diagram.js";
import { pairwiseDistances } from "../../src/topology/distance-matrix.js";
import { bettiBounds, intervalCountBounds, landmarkReplicates } from "../../src/topology/landmark-bounds.js";
import { type LandmarkOptions, Rest, selectLandmarks, takePoints } from "../../src/topology/landmarks.js";
import { persistence } from "../../src/topology/persistence.js";
import type { Metric, PointCloud } from "../../src/topology/point-cloud.js";

function gaussian(n: number, d: number, seed: number): number[][] {
  const random = new Random(seed, "gaussian");
  return Array.from({ length: n }, () => Array.from({ length: d }, () => random.normal()));
}

function ring(n: number, noise: number, seed: number): number[][] {
  const random = new Random(seed, "ring");
  return Array.from({ length: n }, () => {
    const angle = 2 * Math.PI * random.uniform();
    const radius = 1 + noise * random.normal();
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  });
}

const clouds: Record<string, PointCloud> = {
  bytes: {
    data: Uint8Array.from({ length: 90 * 19 }, (_, i) => (i * i * 7 + i) % 251),
    shape: [90, 19],
    scale: 1 / 255,
  },
  floats: { data: Float32Array.from(gaussian(90, 7, 1).flat()), shape: [90, 7] },
  doubles: { data: Float64Array.from(gaussian(90, 5, 2).flat()), shape: [90, 5], scale: 3 },
};

describe("choosing landmarks", () => {
  const metrics: Metric[] = ["euclidean", "sqeuclidean", "manhattan", "chebyshev", "cosine"];
  const cases = Object.keys(clouds).flatMap((name) => metrics.map((metric) => ({ name, metric })));

  // By the definition, on the matrix of distances that the engine computes.
  it.each(cases)("of $name under $metric equals the definition, bit for bit", async ({ name, metric }) => {
    const cloud = clouds[name]!;
    const { distances, n } = await pairwiseDistances(cloud, { metric });
    for (const rule of ["maxmin", "random"] as const) {
      const options = { count: 20, rule, seed: 3, metric } as const;
      const { indices, radii, coveringRadius, of } = await selectLandmarks(cloud, options);
      expect(of).toBe(n);
      expect(new Set(indices).size).toBe(20);
      const toLandmarks = (point: number, many: number) =>
        Math.min(...Array.from(indices.subarray(0, many), (landmark) => distances[point * n + landmark]!));
      const all = Array.from({ length: n }, (_, i) => i);
      indices.forEach((landmark, k) => {
        expect(radii[k]).toBe(toLandmarks(landmark, k));
        if (rule === "maxmin" && k > 0) expect(radii[k]).toBe(Math.max(...all.map((i) => toLandmarks(i, k))));
      });
      expect(coveringRadius).toBe(Math.max(...all.map((i) => toLandmarks(i, 20))));
      expect(await selectLandmarks({ distances, n }, options)).toMatchObject({ coveringRadius });
    }
  });

  it("takes the farthest points of a line in turn", async () => {
    const line = Array.from({ length: 9 }, (_, i) => [i]);
    for (let seed = 1; seed < 6; seed++) {
      const { indices, radii, coveringRadius } = await selectLandmarks(line, { count: 9, seed });
      expect(indices[1]).toBe(indices[0]! <= 3 ? 8 : 0);
      for (let k = 2; k < 9; k++) expect(radii[k]!).toBeLessThanOrEqual(radii[k - 1]!);
      expect(coveringRadius).toBe(0);
      expect(Array.from(indices).sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    }
  });

  it("stops where nothing is left to cover", async () => {
    const twice = [[0], [1], [0], [1], [5]];
    expect(await selectLandmarks(twice, { count: 5 })).toMatchObject({ coveringRadius: 0, of: 5 });
    expect((await selectLandmarks(twice, { count: 5 })).indices).toHaveLength(3);
    expect((await selectLandmarks(twice, { count: 9, rule: "random" })).indices).toHaveLength(5);
    expect((await selectLandmarks([[2]], { count: 3 })).indices).toEqual(Uint32Array.of(0));
  });

  it("goes by the seed", async () => {
    const points = gaussian(50, 3, 4);
    const first = async (seed: number) => (await selectLandmarks(points, { count: 5, seed })).indices.join();
    expect(await first(1)).toBe(await first(1));
    expect(new Set(await Promise.all([1, 2, 3, 4].map(first))).size).toBeGreaterThan(1);
  });

  it("refuses bad options and can be stopped", async () => {
    await expect(selectLandmarks([[0]], { count: 0 })).rejects.toThrow(ConfigError);
    await expect(selectLandmarks([[0]], { count: 1, rule: "other" as "random" })).rejects.toThrow(ConfigError);
    const cloud = { data: new Float32Array(4e6).map((_, i) => Math.fround(Math.sin(i))), shape: [20000, 200] } as const;
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 50);
    const options = { landmarks: { count: 5000 } };
    await expect(persistence(cloud, { ...options, signal: stop.signal })).rejects.toThrow(CancelledError);
    await expect(persistence(cloud, { ...options, timeout: 50 })).rejects.toThrow(TimeoutError);
  });
});

describe("persistence of landmarks", () => {
  it("is persistence of those points", async () => {
    const points = gaussian(80, 4, 6);
    for (const input of [points, await pairwiseDistances(points)]) {
      const result = await persistence(input, { landmarks: { count: 30, seed: 2 } });
      const indices = result.landmarks!.indices;
      expect(result.n).toBe(30);
      expect(result.landmarks).toMatchObject({ of: 80, rule: "maxmin", seed: 2 });
      expect(result.diagrams).toEqual((await persistence(takePoints(input, indices))).diagrams);
    }
    const all = await persistence(points, { landmarks: { count: 500 } });
    expect(all.landmarks!.coveringRadius).toBe(0);
    expect(all.diagrams).toEqual((await persistence(points)).diagrams);
  });

  /** Exactly as many as the definition says, in the diagram of all points. */
  const rank = ({ births, deaths }: Diagram, scale: number, until: number) =>
    births.filter((birth, i) => birth <= scale && deaths[i]! > until).length;
  const longer = ({ births, deaths }: Diagram, length: number) =>
    births.filter((birth, i) => deaths[i]! - birth > length).length;

  const samples: [string, number[][]][] = [
    ["a noisy ring", ring(160, 0.05, 1)],
    ["a Gaussian cloud", gaussian(120, 3, 2)],
    ["clusters", gaussian(120, 2, 3).map(([x, y], i) => [x! + 8 * (i % 3), y!])],
  ];

  it.each(samples)("bounds what %s has", async (_, points) => {
    const full = await persistence(points);
    let tight = 0;
    for (const count of [10, 25, 60, 110])
      for (const rule of ["maxmin", "random"] as const) {
        const result = await persistence(points, { landmarks: { count, rule } });
        const r = result.landmarks!.coveringRadius;
        for (const dimension of [0, 1]) {
          const truth = full.diagrams[dimension]!;
          const { births, deaths } = result.diagrams[dimension]!;
          // The bottleneck distance: 2r, and r once the landmarks' diagram is moved by r (no births below 0).
          expect(bottleneckDistance(result.diagrams[dimension]!, truth)).toBeLessThanOrEqual(2 * r + 1e-6);
          const moved = { dimension, births: births.map((b) => b - r), deaths: deaths.map((d) => d - r) };
          expect(bottleneckDistance(moved, truth)).toBeLessThanOrEqual(r + 1e-6);
          for (let i = 0; i <= 40; i++) {
            const scale = i / 16;
            const lengths = intervalCountBounds(result, { dimension, longerThan: scale });
            expect(longer(truth, scale)).toBeGreaterThanOrEqual(lengths.lower);
            expect(longer(truth, scale)).toBeLessThanOrEqual(lengths.upper);
            for (const until of [scale, scale + r, scale + 2 * r, scale + 3 * r]) {
              const bounds = bettiBounds(result, { dimension, scale, until });
              expect(rank(truth, scale, until)).toBeGreaterThanOrEqual(bounds.lower);
              expect(rank(truth, scale, until)).toBeLessThanOrEqual(bounds.upper);
              if (bounds.lower === bounds.upper) tight++;
            }
          }
        }
      }
    expect(tight).toBeGreaterThan(100);
  });

  // A ring of 400 points by 60 landmarks: exactly one loop is longer than 4r, and one lives from 0.4 to 1.2.
  it("proves the loop of a ring", async () => {
    const result = await persistence(ring(400, 0, 5), { landmarks: { count: 60 } });
    const r = result.landmarks!.coveringRadius;
    expect(r).toBeLessThan(0.1);
    expect(intervalCountBounds(result, { dimension: 1, longerThan: 4 * r })).toEqual({ lower: 1, upper: 1 });
    expect(bettiBounds(result, { dimension: 1, scale: 0.4, until: 1.2 })).toEqual({ lower: 1, upper: 1 });
    expect(bettiBounds(result, { dimension: 0, scale: 0.3 })).toEqual({ lower: 1, upper: 1 });
    expect(bettiBounds(result, { dimension: 1, scale: 0.4 })).toEqual({ lower: 1, upper: Infinity });
  });

  it("claims nothing past a cut", async () => {
    const points = ring(160, 0.05, 1);
    const full = await persistence(points);
    const result = await persistence(points, { threshold: 1, landmarks: { count: 50 } });
    expect(result.threshold).toBe(1);
    expect(bettiBounds(result, { dimension: 1, scale: 0.9 })).toEqual({ lower: 0, upper: Infinity });
    expect(bettiBounds(result, { dimension: 0, scale: 2 })).toEqual({ lower: 1, upper: Infinity });
    const bounds = intervalCountBounds(result, { dimension: 1, longerThan: 0.3 });
    expect(bounds).toEqual({ lower: 1, upper: Infinity });
    expect(longer(full.diagrams[1]!, 0.3)).toBe(1);
    // The loop is seen to live until the cut only.
    expect(intervalCountBounds(result, { dimension: 1, longerThan: 0.9 }).lower).toBe(0);
  });

  it("refuses what proves nothing", async () => {
    const points = gaussian(20, 2, 1);
    const bounds = async (options: object) =>
      bettiBounds(await persistence(points, options), { dimension: 1, scale: 1 });
    await expect(bounds({})).rejects.toThrow("with landmarks");
    await expect(bounds({ landmarks: { count: 5 }, metric: "sqeuclidean" })).rejects.toThrow("triangle inequality");
    await expect(bounds({ landmarks: { count: 5 }, maxDim: 0 })).rejects.toThrow("dimension from 0 to 0");
    const result = await persistence(points, { landmarks: { count: 5 } });
    expect(() => bettiBounds(result, { dimension: 0, scale: 2, until: 1 })).toThrow(ConfigError);
    expect(() => intervalCountBounds(result, { dimension: 0, longerThan: -1 })).toThrow(ConfigError);
  });

  it("replicates give the spread of random choices", async () => {
    const points = ring(200, 0.02, 7);
    const options = { landmarks: { count: 60, seed: 4 }, replicates: 6 } as const;
    const told: number[] = [];
    const found = await landmarkReplicates(points, {
      ...options,
      readouts: ["ratio>2", "count"],
      timeout: 60_000,
      onReplicate: (done) => told.push(done),
    });
    const { replicates, betti, coveringRadius, rule } = found;
    expect(rule).toBe("random");
    expect(told).toEqual([1, 2, 3, 4, 5, 6]);
    expect(replicates.map(({ seed }) => seed)).toEqual([4, 5, 6, 7, 8, 9]);
    const radii = replicates.map((one) => one.coveringRadius).sort((a, b) => a - b);
    expect(new Set(radii).size).toBe(6);
    expect(coveringRadius.median).toBe((radii[2]! + radii[3]!) / 2);
    expect(coveringRadius.upper).toBeCloseTo(radii[5]! - 0.25 * (radii[5]! - radii[4]!), 12);
    expect(betti.map(({ readout }) => readout)).toEqual(["ratio>2", "count"]);
    expect(betti[0]!.spread[0]).toBeNull();
    expect(betti[0]!.spread[1]).toMatchObject({ median: 1 });
    const counts = replicates.map(({ readings }) => readings[1]!.betti[1]!).sort((a, b) => a - b);
    expect(betti[1]!.spread[1]!.median).toBe((counts[2]! + counts[3]!) / 2);
    expect(betti[1]!.spread[1]!.lower).toBeCloseTo(counts[0]! + 0.25 * (counts[1]! - counts[0]!), 12);
    const maxmin = await landmarkReplicates(points, {
      landmarks: { count: 60, rule: "maxmin" },
      replicates: 2,
      readouts: ["count"],
    });
    expect(maxmin.rule).toBe("maxmin");
    expect(maxmin.coveringRadius.upper).toBeLessThan(coveringRadius.lower);
    const tested = await landmarkReplicates(points, { ...options, readouts: ["fasy:B=50"] });
    expect(tested.replicates[0]!.readings[0]!.readout).toBe("fasy@0.05:B=50");
    // As from JavaScript.
    const none = { landmarks: undefined as unknown as LandmarkOptions };
    for (const bad of [{ replicates: 0 }, { readouts: [] }, { readouts: ["best"] }, none])
      await expect(landmarkReplicates(points, { ...options, readouts: ["count"], ...bad })).rejects.toThrow(
        ConfigError,
      );
    const late = landmarkReplicates(points, { ...options, readouts: ["count"], timeout: 0 });
    await expect(late).rejects.toThrow(TimeoutError);
  });

  it("a part that is late names all the time there was", async () => {
    const asked: (number | undefined)[] = [];
    const late = new Rest(undefined, 5000).part(async (left) => {
      asked.push(left.timeout);
      throw new TimeoutError("Expected a result within 7 ms for timeout, got none.");
    });
    await expect(late).rejects.toThrow("Expected a result within 5000 ms for timeout");
    expect(asked[0]).toBeGreaterThan(0);
    expect(asked[0]).toBeLessThanOrEqual(5000);
    const other = new Rest(undefined, undefined).part(async (left) => {
      throw new ConfigError(JSON.stringify(left));
    });
    await expect(other).rejects.toThrow(new ConfigError("{}"));
  });
});

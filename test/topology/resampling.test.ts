import { describe, expect, it } from "vitest";
import { ConfigError } from "../../src/errors.js";
import { Random } from "../../src/random.js";
import { bettiNumbers } from "../../src/topology/betti.js";
import { bottleneckDistance } from "../../src/topology/bottleneck.js";
import { persistence } from "../../src/topology/persistence.js";
import { readoutContext } from "../../src/topology/readout-context.js";
import { bootstrapQuantiles, hausdorffConfidence } from "../../src/topology/resampling.js";
import { digitImages, hasMnist } from "../support/mnist.js";

/** Points on circles of radius 1 around the given centres, evenly spaced with a little noise. */
function circles(perCircle: number, centres: readonly number[], seed: number): number[][] {
  const random = new Random(seed, "circles");
  return centres.flatMap((x) =>
    Array.from({ length: perCircle }, (_, i) => {
      const angle = (2 * Math.PI * (i + 0.3 * random.uniform())) / perCircle;
      return [x + Math.cos(angle), Math.sin(angle)];
    }),
  );
}

const line = (n: number) => Array.from({ length: n }, (_, i) => [i]);

describe("subsampling (Fasy et al.)", () => {
  // Theory.md section 7.3 d: m = floor(n / ln n).
  it.each([
    [20, 6],
    [100, 21],
    [178, 34],
    [196, 37],
    [200, 37],
    [227, 41],
    [1000, 144],
  ])("draws from %d points subsamples of %d", (n, m) => {
    const { subsampleSize } = hausdorffConfidence(new Float32Array(n * n), n, { seed: 1, subsamples: 1 });
    expect(subsampleSize).toBe(m);
  });

  // Of 3 points 0, 1, 3 on a line two are drawn (3 / ln 3 = 2.7): the third is 1, 1 or 2 away, each a third of the time.
  it("takes the quantile of the distances themselves", async () => {
    const { distances } = await readoutContext([[0], [1], [3]]);
    const quantile = (alpha: number) => hausdorffConfidence(distances, 3, { seed: 4, alpha, subsamples: 3000 });
    expect(quantile(0.05)).toEqual({ subsampleSize: 2, quantile: 2, distance: 4 });
    expect(quantile(0.3)).toEqual({ subsampleSize: 2, quantile: 2, distance: 4 });
    expect(quantile(0.37)).toEqual({ subsampleSize: 2, quantile: 1, distance: 2 });
  });

  // Directly from the definition, subsample by subsample, with the same draws.
  it("is the largest distance to the nearest point of the subsample", async () => {
    const { distances, n } = await readoutContext(circles(20, [0], 2));
    const random = new Random(9, "fasy");
    const order = Array.from({ length: n }, (_, i) => i);
    const values = Array.from({ length: 40 }, () => {
      for (let k = 0; k < 6; k++) {
        const other = k + random.integer(n - k);
        [order[k], order[other]] = [order[other]!, order[k]!];
      }
      const chosen = order.slice(0, 6);
      const rest = order.slice(6);
      return Math.max(...rest.map((x) => Math.min(...chosen.map((y) => distances[x * n + y]!))));
    }).sort((one, other) => one - other);
    // 38 of 40 values are at most the quantile: a share of 0.95.
    expect(hausdorffConfidence(distances, n, { seed: 9, subsamples: 40 }).quantile).toBe(values[37]);
  });

  it("finds a circle from 1200 points and says what it took", async () => {
    const points = circles(1200, [0], 1);
    const result = await persistence(points);
    const context = await readoutContext(points, { seed: 7 });
    const reading = bettiNumbers(result, "fasy@0.05", context);
    expect(reading.betti).toEqual([1, 1]);
    const [length] = reading.lengths!;
    expect(reading.lengths).toEqual([length, length]);
    // The circle's loop lives from the gap between neighbours to √3.
    expect(length).toBeLessThan(1.7);
    expect(reading.note).toContain("longer than 4c");
    // Half the length with the factor of filtrations by radius.
    const bold = bettiNumbers(result, "fasy@0.05:2c", context);
    expect(bold.lengths![0]).toBeCloseTo(length! / 2, 10);
    expect(bold.note).toContain("not for Rips");
    expect(bettiNumbers(result, "fasy@0.05:B=50", context).betti).toEqual([1, 1]);
  });

  it("counts no loop of a segment where one could be significant", async () => {
    const random = new Random(5, "noise");
    const points = Array.from({ length: 1000 }, () => [random.uniform()]);
    const reading = bettiNumbers(await persistence(points), "fasy", await readoutContext(points, { seed: 1 }));
    expect(reading.betti).toEqual([1, 0]);
    expect(reading.untested).toBeUndefined();
    expect(reading.note).toContain("0 significant in dimension 1: no interval of these 1000 points exceeds");
  });

  // A circle of radius 1: no two points are further apart than 2, so no interval is longer. Of 100 points 21 make a
  // subsample, which leaves gaps of far more than 2 / 8.
  it("does not speak where no interval could be long enough", async () => {
    const points = circles(100, [0], 1);
    const reading = bettiNumbers(await persistence(points), "fasy", await readoutContext(points, { seed: 1 }));
    expect(reading).toMatchObject({ betti: [null, null], untested: ["too-few-points", "too-few-points"] });
    expect(reading.lengths![1]).toBeGreaterThan(2);
    expect(reading.note).toContain("no interval of these 100 points could be longer than their enclosing radius");
  });

  it.skipIf(!hasMnist())("has no power for 200 images, and says so", async () => {
    const { data, n, d } = digitImages("test", 0, 200);
    const points = { data, shape: [n, d], scale: 1 / 255 } as const;
    const result = await persistence(points);
    const reading = bettiNumbers(result, "fasy", await readoutContext(points, { seed: 1 }));
    expect(reading).toMatchObject({ betti: [null, null], untested: ["too-few-points", "too-few-points"] });
    expect(reading.note).toContain("not tested");
  });

  it("gives the same reading for the same seed and another for another", async () => {
    const points = circles(30, [0], 3);
    const result = await persistence(points);
    const length = async (seed: number) =>
      bettiNumbers(result, "fasy@0.3:B=20", await readoutContext(points, { seed })).lengths![0];
    expect(await length(1)).toBe(await length(1));
    expect(new Set(await Promise.all([1, 2, 3, 4].map(length))).size).toBeGreaterThan(1);
  });

  it("names what its context lacks", async () => {
    const points = line(5);
    const result = await persistence(points);
    const { distances, n } = await readoutContext(points);
    expect(() => bettiNumbers(result, "fasy")).toThrow(
      "Expected the distances of the cloud and a seed for the context of fasy@0.05",
    );
    expect(() => bettiNumbers(result, "fasy", { distances, n })).toThrow("Expected a seed for the context");
    expect(() => bettiNumbers(result, "bootstrap", { distances, n, seed: 1 })).toThrow(
      "Expected a way to compute diagrams",
    );
    expect(() => bettiNumbers(result, "relative-persistence>0.1")).toThrow(ConfigError);
  });

  it("has no reading for two points", async () => {
    const points = line(2);
    const reading = bettiNumbers(await persistence(points), "fasy", await readoutContext(points, { seed: 1 }));
    expect(reading).toMatchObject({
      betti: [null, null],
      untested: ["too-few-points", "too-few-points"],
      note: expect.stringContaining("fewer than 3"),
    });
    expect(() => hausdorffConfidence(new Float32Array(4), 2, { seed: 1 })).toThrow(ConfigError);
  });
});

describe("bottleneck bootstrap", () => {
  it("is the quantile of the distances to the diagrams of resamples", async () => {
    const points = circles(12, [0, 3], 4);
    const result = await persistence(points);
    const context = await readoutContext(points, { seed: 6 });
    const random = new Random(6, "bootstrap");
    const found: number[][] = [[], []];
    for (let draw = 0; draw < 10; draw++) {
      // The resample as it was drawn, with its duplicates.
      const drawn = await persistence(Array.from(random.sampleWithReplacement(24, 24), (i) => points[i]!));
      for (const k of [0, 1]) found[k]!.push(bottleneckDistance(result.diagrams[k]!, drawn.diagrams[k]!));
    }
    const ninth = found.map((values) => values.sort((one, other) => one - other)[8]);
    expect(bootstrapQuantiles(result.diagrams, context, { alpha: 0.1, resamples: 10 })).toEqual(ninth);
    const reading = bettiNumbers(result, "bootstrap@0.1:B=10", context);
    expect(reading.lengths).toEqual(ninth.map((value) => 2 * value!));
  });

  it("finds a circle, reads no loop from noise, and says that it is a heuristic", async () => {
    const circle = circles(60, [0], 8);
    const reading = bettiNumbers(
      await persistence(circle),
      "bootstrap@0.05:B=40",
      await readoutContext(circle, { seed: 2 }),
    );
    expect(reading.betti).toEqual([1, 1]);
    expect(reading.note).toContain("heuristic");
    const random = new Random(5, "noise");
    const noise = Array.from({ length: 60 }, () => [random.normal(), random.normal()]);
    expect(
      bettiNumbers(await persistence(noise), "bootstrap:B=40", await readoutContext(noise, { seed: 2 })).betti[1],
    ).toBe(0);
  });
});

describe("lengths", () => {
  it("persistence counts what is longer, strictly; relative-persistence by the diameter", async () => {
    // Gaps 1, 2, 4 and 8 on a line: components die at them. The diameter is 15.
    const points = [[0], [1], [3], [7], [15]];
    const result = await persistence(points);
    const context = await readoutContext(points);
    expect(context.ambientDimension).toBe(1);
    const read = (name: string) => bettiNumbers(result, name, context).betti[0];
    expect([0, 1, 2, 3, 4, 8].map((length) => read(`persistence>${length}`))).toEqual([5, 4, 3, 3, 2, 1]);
    expect(read("relative-persistence>0.2")).toBe(3); // 3: 4, 8 and the essential one
    expect(bettiNumbers(result, "relative-persistence>0.2", context).lengths![0]).toBeCloseTo(3, 12);
    expect(read("relative-persistence>0.6")).toBe(1);
  });

  it("largest-gap cuts between long and short", () => {
    const diagram = (lengths: number[], dimension = 0) => ({
      dimension,
      births: new Float32Array(lengths.length).fill(2),
      deaths: Float32Array.from(lengths, (length) => 2 + length),
    });
    const read = (lengths: number[]) => bettiNumbers({ diagrams: [diagram(lengths)] }, "largest-gap");
    expect(read([0.5, 3, 4, 0.25]).betti).toEqual([2]);
    expect(read([0.5, 3, 4, 0.25]).lengths).toEqual([0.5]);
    expect(read([1, 1, 1]).betti).toEqual([3]); // the gap above 0 is the largest
    expect(read([]).betti).toEqual([0]);
    expect(read([Infinity, 4, 0.5]).betti).toEqual([2]);
    expect(read([Infinity]).betti).toEqual([1]);
  });

  it("single-linkage-gap counts clusters, 1 where no gap is wide", async () => {
    const clusters = [0, 20, 50].flatMap((x) => [0, 1, 2.25, 3.5].map((step) => [x + step]));
    const read = async (points: number[][], name = "single-linkage-gap") =>
      bettiNumbers(await persistence(points), name).betti;
    // Merge heights 26.5, 16.5 and below 1.26: the largest gap is under 16.5.
    expect(await read(clusters)).toEqual([3, null]);
    expect(await read(clusters, "single-linkage-gap>14")).toEqual([1, null]); // 16.5 / 1.25 = 13.2
    expect(await read(line(10))).toEqual([1, null]);
    expect(await read([[0], [1]])).toEqual([1, null]);
    expect(await read([[0]])).toEqual([1, null]);
  });
});

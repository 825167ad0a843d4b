/**
 * The streaming engine against the plans with a distance matrix on clouds of thousands of points, bar by bar and bit by
 * bit. They share neither the way distances are stored nor how lunes and cofacets are found.
 */
import { describe, expect, it } from "vitest";
import { Random } from "../../src/random.js";
import { type PersistenceResult, persistence } from "../../src/topology/persistence.js";
import type { PointCloud } from "../../src/topology/point-cloud.js";
import { agree } from "../support/agree.js";
import { denserInwards, reluLayer, roundShape } from "../support/clouds.js";
import { hasMnist, mixedImages } from "../support/mnist.js";

const images = (data: Uint8Array): PointCloud => ({ data, shape: [data.length / 784, 784], scale: 1 / 255 });

describe.skipIf(!hasMnist())("images stream as they do with a matrix", () => {
  it("6000 of all digits, over Z/2 and Z/3", async () => {
    const cloud = images(mixedImages(6000));
    for (const modulus of [2, 3]) {
      const { columns, diagrams } = await agree(cloud, ["stream", "lazy"], { modulus });
      // The relative neighbourhood graph has n - 1 + 7617 edges, and all loops die before the enclosing radius.
      expect(columns[1]).toBe(7617);
      expect(diagrams[0]!.births.length).toBe(6000);
      expect(diagrams[1]!.deaths.every(Number.isFinite)).toBe(true);
    }
  });

  it("3000 with two shades, whose lengths tie by the thousand", async () => {
    const binary = mixedImages(3000).map((value) => (value > 127 ? 1 : 0));
    const { diagrams } = await agree({ data: binary, shape: [3000, 784] }, ["stream", "lazy"], { modulus: 3 });
    // Squares of lengths are whole numbers up to 784.
    expect(new Set(diagrams[1]!.births).size).toBeLessThan(300);
    expect(diagrams[1]!.births.length).toBeGreaterThan(1000);
  });

  it("1500 and each of them again", async () => {
    const once = mixedImages(1500);
    const twice = new Uint8Array(2 * once.length);
    twice.set(once);
    twice.set(once, once.length);
    const { diagrams } = await agree(images(twice), ["stream", "lazy"]);
    const single = await persistence(images(once), { plan: "lazy" });
    // A point on top of another changes nothing but an interval of length zero, which is dropped.
    expect(diagrams).toEqual(single.diagrams);
  });

  it("a layer's floats, 3000 × 32 and 4000 × 8", async () => {
    const random = new Random(81, "layers");
    await agree(reluLayer(random, mixedImages(3000), 32), ["stream", "lazy"]);
    await agree(reluLayer(random, mixedImages(4000), 8), ["stream", "lazy"], { modulus: 3 });
  });
});

describe("points stream as they do with a matrix", () => {
  it("one class that lives long: an annulus and a torus, where lunes take over", async () => {
    const random = new Random(82, "round");
    const annulus = await agree(roundShape(random, 3000, 2), ["lunes", "lunes"]);
    const longest = (result: PersistenceResult) =>
      result.diagrams[1]!.deaths.map((death, i) => death - result.diagrams[1]!.births[i]!)
        .sort()
        .reverse();
    // A hole of radius 0.8 is filled at 0.8 √3, that of an inscribed triangle.
    expect(longest(annulus)[0]).toBeGreaterThan(1.2);
    expect(longest(annulus)[1]).toBeLessThan(0.2);
    const torus = await agree(roundShape(random, 3000, 3), ["lunes", "lunes"], { modulus: 3 });
    expect(longest(torus)[1]).toBeGreaterThan(0.5);
    expect(longest(torus)[2]).toBeLessThan(0.3);
  });

  it("a density that varies by 1000, every metric that streams, cut and uncut", async () => {
    const random = new Random(83, "density");
    const cloud = denserInwards(random, 3000);
    await agree(cloud, ["stream", "lazy"]);
    await agree(cloud, ["stream", "lazy"], { modulus: 3, metric: "manhattan" });
    await agree(cloud, ["stream", "lazy"], { metric: "chebyshev", threshold: 0.1 });
    const far = { ...cloud, data: Float64Array.from(cloud.data, (value) => value + 1e6) };
    await agree(far, ["stream", "lazy"], { metric: "sqeuclidean" });
  });
});

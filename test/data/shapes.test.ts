import { describe, expect, it } from "vitest";
import { loadDataset } from "../../src/data/dataset.js";
import type { PointSet } from "../../src/data/point-set.js";
import { pointsOfClass, takeRows } from "../../src/data/sampling.js";
import { expectedBetti, generateShape, type ShapeName, shapeNames } from "../../src/data/shapes.js";
import { ConfigError } from "../../src/errors.js";
import { persistence } from "../../src/topology/persistence.js";

/** The points of a class as arrays. */
async function pointsIn(shape: ShapeName, label: number, noise = 0): Promise<number[][]> {
  const { train } = await generateShape({ shape, trainCount: 20000, testCount: 2, noise });
  const { data, shape: size } = pointsOfClass(train, label);
  return Array.from({ length: size[0] }, (_, i) => Array.from(data.subarray(i * size[1], (i + 1) * size[1])));
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const near = (value: number, want: number, within: number) => expect(Math.abs(value - want)).toBeLessThan(within);

// 10,000 points a class: the mean of a number in [-1, 1] is off by 0.02 less than once in 20,000 times (Hoeffding).
describe("the area of", () => {
  it.each([
    [0, 0.25, 0.5],
    [1, 0.75, 1],
  ])("annulus %i is met evenly, from radius %d to %d", async (label, inner, outer) => {
    const points = await pointsIn("annuli", label);
    const radii = points.map(([x, y]) => Math.hypot(x!, y!));
    expect(Math.min(...radii)).toBeGreaterThan(inner - 1e-6);
    expect(Math.max(...radii)).toBeLessThan(outer + 1e-6);
    // The squared radius is uniform, and so is the angle.
    near(mean(radii.map((r) => r * r)), (inner ** 2 + outer ** 2) / 2, 0.005);
    near(radii.filter((r) => r * r < (inner ** 2 + outer ** 2) / 2).length / 10000, 0.5, 0.02);
    for (const turns of [1, 2]) {
      near(mean(points.map(([x, y]) => Math.cos(turns * Math.atan2(y!, x!)))), 0, 0.03);
      near(mean(points.map(([x, y]) => Math.sin(turns * Math.atan2(y!, x!)))), 0, 0.03);
    }
  });

  it.each([
    [0, 0.5],
    [1, 1],
  ])("sphere %i is met evenly, at radius %d", async (label, radius) => {
    const points = await pointsIn("nested-spheres", label);
    for (const point of points) near(Math.hypot(...point), radius, 1e-6);
    // Every coordinate of a uniform point is uniform: mean 0, mean square R²/3, mean fourth power R⁴/5.
    for (let axis = 0; axis < 3; axis++) {
      near(mean(points.map((point) => point[axis]!)), 0, 0.03 * radius);
      near(mean(points.map((point) => (point[axis]! / radius) ** 2)), 1 / 3, 0.02);
      near(mean(points.map((point) => (point[axis]! / radius) ** 4)), 1 / 5, 0.02);
    }
  });

  it.each([0, 1])("torus %i is met evenly", async (label) => {
    const points = await pointsIn("linked-tori", label);
    const [circle, tube] = [0.5, 0.2];
    const angles = points.map(([x, y, z]) => {
      const [u, v, w] = label === 0 ? [x! + 0.25, y!, z!] : [x! - 0.25, z!, y!];
      const out = Math.hypot(u, v) - circle;
      near(Math.hypot(out, w), tube, 1e-6);
      return { around: Math.atan2(w, out), along: Math.atan2(v, u) };
    });
    // The density of the angle around the tube is (R + r cos v) / (2πR): E cos v = r / (2R), E cos 2v = 0.
    near(mean(angles.map(({ around }) => Math.cos(around))), tube / (2 * circle), 0.03);
    near(mean(angles.map(({ around }) => Math.cos(2 * around))), 0, 0.03);
    near(mean(angles.map(({ around }) => Math.sin(around))), 0, 0.03);
    for (const turns of [1, 2]) near(mean(angles.map(({ along }) => Math.cos(turns * along))), 0, 0.03);
  });
});

/** Points far apart: each the one farthest from those before it, so that no gap stays that chance left. */
function spread(set: PointSet, count: number): PointSet {
  const [n, d] = set.shape;
  const rows = [0];
  const away = new Float64Array(n).fill(Infinity);
  while (rows.length < count) {
    const last = rows.at(-1)! * d;
    let farthest = 0;
    for (let i = 0; i < n; i++) {
      let square = 0;
      for (let j = 0; j < d; j++) square += (set.data[i * d + j]! - set.data[last + j]!) ** 2;
      away[i] = Math.min(away[i]!, square);
      if (away[i]! > away[farthest]!) farthest = i;
    }
    rows.push(farthest);
  }
  return takeRows(set, rows);
}

describe("linked tori", () => {
  it("are 1/10 apart, and each goes once through the hole of the other", async () => {
    const [first, second] = [await pointsIn("linked-tori", 0), await pointsIn("linked-tori", 1)];
    let closest = Infinity;
    for (const p of first.slice(0, 2000))
      for (const q of second.slice(0, 2000))
        closest = Math.min(closest, Math.hypot(p[0]! - q[0]!, p[1]! - q[1]!, p[2]! - q[2]!));
    expect(closest).toBeGreaterThan(0.1);
    expect(closest).toBeLessThan(0.15);
    // Near the plane of the first circle, the second torus is met inside the hole and outside of it, nowhere else.
    const away = second.filter((p) => Math.abs(p[2]!) < 0.02).map((p) => Math.hypot(p[0]! + 0.25, p[1]!));
    expect(away.filter((r) => r < 0.21).length).toBeGreaterThan(20);
    expect(away.filter((r) => r > 0.79).length).toBeGreaterThan(20);
    expect(away.filter((r) => r >= 0.21 && r <= 0.79)).toEqual([]);
  });
});

describe.each(shapeNames)("%s", (shape) => {
  it("has the Betti numbers it is said to have", async () => {
    const { test } = await generateShape({ shape, trainCount: 2, testCount: 8000 });
    for (const { class: label, betti } of expectedBetti(shape)) {
      const sphere = shape === "nested-spheres";
      const maxDim = sphere ? 2 : 1;
      const cloud = spread(pointsOfClass(test, label), sphere ? 100 : 300);
      const { diagrams } = await persistence(cloud, { maxDim });
      for (let k = 1; k <= maxDim; k++) {
        const { births, deaths } = diagrams[k]!;
        const lasting = births.map((birth, i) => deaths[i]! - birth).sort((a, b) => b - a);
        const kept = betti[k]!;
        const next = lasting[kept] ?? 0;
        // What the manifold has lasts longer than every accident of sampling; where it has nothing, nothing lasts.
        if (kept > 0) expect(lasting[kept - 1]!).toBeGreaterThan(2 * next);
        else expect(next).toBeLessThan(0.3 * (label === 0 ? 0.5 : 1));
      }
    }
  });

  it("is the same for the same seed, and a point does not depend on how many are drawn", async () => {
    const draw = (seed: number, trainCount: number) => generateShape({ shape, seed, trainCount, testCount: 10 });
    const one = await draw(1, 100);
    expect(await draw(1, 100)).toEqual(one);
    expect((await draw(2, 100)).train.data).not.toEqual(one.train.data);
    const longer = await draw(1, 1000);
    const features = one.train.shape[1];
    for (let i = 0; i < 100; i++)
      if (longer.train.labels[i] === one.train.labels[i])
        expect(longer.train.data.subarray(i * features, (i + 1) * features)).toEqual(
          one.train.data.subarray(i * features, (i + 1) * features),
        );
    expect(one.train.labels.filter((label) => label === 0).length).toBe(50);
    expect(Array.from(one.train.labels.subarray(0, 8))).not.toEqual([0, 1, 0, 1, 0, 1, 0, 1]);
  });

  it("is loaded as a data set that says what it is", async () => {
    const phases: string[] = [];
    const data = await loadDataset({
      dataset: shape,
      trainCount: 40,
      testCount: 20,
      onProgress: ({ phase }) => phases.push(phase),
    });
    const features = shape === "annuli" ? 2 : 3;
    expect(data).toMatchObject({
      name: shape,
      generated: true,
      classes: 2,
      features,
      expected: expectedBetti(shape),
      train: { shape: [40, features], scale: 1, picture: null },
      test: { shape: [20, features] },
    });
    expect(data.note).toMatch(/made here, whose Betti numbers are known\.$/);
    expect(data.digest).toMatch(/^[0-9a-f]{64}$/);
    expect(new Set(phases)).toEqual(new Set([`draw ${shape}`]));
    const noisy = await loadDataset({ dataset: shape, trainCount: 40, testCount: 20, noise: 0.01 });
    expect(noisy.note).toContain("with noise of 0.01");
    expect(noisy.digest).not.toBe(data.digest);
  });
});

describe("shapes", () => {
  it("have noise of the deviation asked for", async () => {
    const [clean, noisy] = [await pointsIn("annuli", 0), await pointsIn("annuli", 0, 0.02)];
    const off = noisy.flatMap((point, i) => point.map((value, j) => value - clean[i]![j]!));
    near(Math.sqrt(mean(off.map((value) => value * value))), 0.02, 0.0005);
    near(mean(off), 0, 0.0006);
  });

  it("refuse what makes no sense", async () => {
    const draw = (options: object) => generateShape({ shape: "annuli", ...options });
    for (const options of [
      { shape: "knot" },
      { trainCount: 3 },
      { testCount: 0 },
      { noise: 0.1 },
      { noise: Number.NaN },
      { seed: -1 },
    ])
      await expect(draw(options)).rejects.toThrow(ConfigError);
    await expect(loadDataset({ dataset: "annuli", directory: "x" })).rejects.toThrow(
      /nothing, as dataset is annuli, for directory/,
    );
    await expect(loadDataset({ dataset: "mnist", noise: 0 })).rejects.toThrow(
      /nothing, as dataset is mnist, for noise/,
    );
    await expect(loadDataset({ dataset: "digits", noise: 0 })).rejects.toThrow(
      /nothing, as dataset is digits, for noise/,
    );
    const signal = AbortSignal.abort();
    await expect(generateShape({ shape: "annuli", signal })).rejects.toMatchObject({ name: "CancelledError" });
  });
});

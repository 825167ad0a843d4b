/** Forecasts: the laws, and what is told beside what is taken. No time is asserted, machines differ; memory is exact. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { loadModule } from "../../src/engine/module.js";
import { countSimplices } from "../../src/engine/simplex-counts.js";
import { CancelledError, MemoryLimitError, SimplexOverflowError } from "../../src/errors.js";
import { Random } from "../../src/random.js";
import { checkForecast, type Forecast, type ForecastOptions, forecast } from "../../src/topology/forecast.js";
import {
  flagLaw,
  largestWithin,
  listEntries,
  loopsLaw,
  powerLaw,
  simplexLaw,
  streamLaw,
} from "../../src/topology/forecast-laws.js";
import { persistence, toRequest } from "../../src/topology/persistence.js";
import type { DistanceMatrix, PersistenceInput, PointCloud } from "../../src/topology/point-cloud.js";
import { sparseRips } from "../../src/topology/sparse-rips.js";
import { reluLayer } from "../support/clouds.js";
import { digitImages, hasMnist } from "../support/mnist.js";

function gaussian(n: number, d: number): PointCloud {
  const random = new Random(71, n, d);
  return { data: Float32Array.from({ length: n * d }, () => random.normal()), shape: [n, d] };
}

/** Golden-ratio points on an annulus or a torus. */
function shape(n: number, d: 2 | 3): PointCloud {
  const data = new Float32Array(n * d);
  for (let i = 0; i < n; i++) {
    const turn = 2 * Math.PI * (((i + 0.5) * 0.6180339887498949) % 1);
    const other = ((i + 0.5) * 0.7548776662466927) % 1;
    const tube = 2 * Math.PI * other;
    const radius = d === 2 ? Math.sqrt(0.64 + 0.36 * other) : 1 + 0.4 * Math.cos(tube);
    data.set([radius * Math.cos(turn), radius * Math.sin(turn), 0.4 * Math.sin(tube)].slice(0, d), d * i);
  }
  return { data, shape: [n, d] };
}

/** Lengths drawn at random, `density` of the pairs joined. */
function graph(n: number, density = 1): DistanceMatrix {
  const random = new Random(72, n);
  const length = () => random.uniform();
  const distances = Float32Array.from({ length: (n * (n - 1)) / 2 }, () => (length() < density ? length() : Infinity));
  return { distances, n };
}

describe("the laws of growth", () => {
  it("count the entries that lists take in", () => {
    // Every list takes its first K entries, and after i points the next with probability K / i.
    let entries = 256;
    for (let i = 257; i <= 5000; i++) entries += 256 / i;
    expect(listEntries(5000, 256) / 5000 / entries).toBeCloseTo(1, 2);
    expect(listEntries(100, 256)).toBe(100 * 100);
  });

  it("find an exponent within its bounds", () => {
    const power = (n: number) => ({ n, value: 1e-6 * n ** 1.4 });
    expect(powerLaw(1e5, power(2000), power(4000), [1, 2])).toBeCloseTo(power(1e5).value, 9);
    expect(powerLaw(8000, power(2000), power(4000), [1.5, 2])).toBeCloseTo(power(4000).value * 2 ** 1.5, 9);
    expect(powerLaw(8000, { n: 2000, value: 0 }, { n: 4000, value: 0 }, [1, 2])).toBe(0);
    expect(largestWithin(1, 5000, 9e6, (n) => n * n)).toBe(3000);
    expect(largestWithin(10, 5000, 1, (n) => n * n)).toBe(10);
  });

  it("let every part grow with n", () => {
    const source = { kind: "points", d: 16, arithmetic: "f32" } as Parameters<typeof loopsLaw>[1];
    for (const lunes of [false, true]) {
      const [now, later] = [streamLaw(4000, source, 1, lunes), streamLaw(8000, source, 1, lunes)];
      for (const name of ["start", "distances", "graph", "loops"] as const)
        expect(later[name]).toBeGreaterThan(1.9 * now[name]);
      expect(loopsLaw(8000, source, 1, lunes)).toBeGreaterThan(3 * loopsLaw(4000, source, 1, lunes));
      expect(flagLaw(2000, lunes)).toBeGreaterThan(4 * flagLaw(1000, lunes));
    }
    const counts = (k: number) => ({ simplices: [10, 100 * k, 1000 * k], columns: [0, 10 * k] });
    expect(simplexLaw(10, counts(10))).toBeGreaterThan(simplexLaw(10, counts(1)));
  });
});

describe("counts of simplices", () => {
  const count = async (input: PersistenceInput, maxDim: number, collapse = false) => {
    const random = new Random(73);
    const request = toRequest(input, { maxDim, plan: "simplices" });
    return countSimplices((await loadModule()).module, request, collapse, (below) => random.integer(below));
  };

  it("are binomial coefficients where everything is joined, and a star after the collapse", async () => {
    // At the enclosing radius all pairs of points at distance 1 are edges: C(20, k + 1) simplices of dimension k.
    const ties = { distances: new Float32Array(190).fill(1), n: 20 };
    const { simplices } = await count(ties, 3);
    for (const [dim, value] of [20, 190, 1140, 4845, 15_504].entries())
      expect(simplices[dim]! / value).toBeCloseTo(1, 6);
    // A simplex collapses to a tree.
    expect((await count(ties, 3, true)).simplices).toEqual([20, 19, 0, 0, 0]);
  });

  it("are those of the octahedron, and estimates of the columns that are reduced", async () => {
    // Opposite points are at distance 2, others at √2; a threshold of 1.5 leaves 6, 12, 8 simplices.
    const octahedron = [0, 1, 2].flatMap((axis) => [-1, 1].map((x) => [0, 1, 2].map((k) => (k === axis ? x : 0))));
    const random = new Random(74);
    const request = toRequest(octahedron, { maxDim: 2, plan: "simplices", threshold: 1.5 });
    const found = countSimplices((await loadModule()).module, request, false, (below) => random.integer(below));
    expect(found.simplices[0]).toBe(6);
    expect(found.simplices[1]).toBe(12);
    expect(found.simplices[2]! / 8).toBeCloseTo(1, 9);
    expect(found.simplices[3]).toBe(0);
    const cloud = gaussian(80, 4);
    const { columns } = await persistence(cloud, { maxDim: 3, plan: "simplices" });
    // Open simplices are columns, or the deaths of those a dimension below.
    const open = (await count(cloud, 3)).columns;
    for (const dim of [2, 3]) expect(open[dim]! / (columns[dim]! + columns[dim - 1]!)).toBeGreaterThan(0.6);
    for (const dim of [2, 3]) expect(open[dim]! / (columns[dim]! + columns[dim - 1]!)).toBeLessThan(1.6);
  });
});

/** Forecast beside the truth: memory never below it, and its high end within a factor of `most`. */
async function compare(input: PersistenceInput, options: ForecastOptions = {}, most = 2): Promise<Forecast> {
  const told = await forecast(input, options);
  const { epsilon, seed: _, ...rest } = options;
  const ready = epsilon === undefined ? input : await sparseRips(input, epsilon);
  const { memory, plans } = await persistence(ready, rest);
  expect(told.plan).toBe(plans.at(-1));
  expect(told.memory.engine.high).toBeGreaterThanOrEqual(memory);
  expect(told.memory.engine.high / memory).toBeLessThan(most);
  expect(told.memory.engine.low).toBeLessThanOrEqual(memory);
  expect(told.fits).toBe(true);
  return told;
}

/** All that may not change from one forecast to the next. */
function timeless({ n, plan, memory, fits, pointsThatFit, longClasses, pilot }: Forecast) {
  return { n, plan, engine: memory.engine, fits, pointsThatFit, longClasses, sizes: pilot.sizes };
}

describe("forecast", () => {
  it("knows of an annulus and a torus that lunes will take over", async () => {
    const { longClasses, pilot, seconds, phases, threads, memory } = await compare(shape(3500, 2));
    expect(longClasses).toBe(true);
    expect(pilot.sizes[0]).toBeLessThan(3500);
    expect(threads).toBe(1);
    expect(Object.keys(phases)).toEqual(expect.arrayContaining(["distances", "graph", "loops"]));
    expect(Object.values(phases).reduce((total, part) => total + part)).toBeCloseTo(seconds.expected, 9);
    expect(seconds.low).toBeLessThan(seconds.expected);
    expect(seconds.high).toBeGreaterThan(seconds.expected);
    expect(memory.process).toBeGreaterThan(memory.engine.expected + memory.copies);
  });

  it.skipIf(!hasMnist())("knows of images and layer outputs that their classes die early", async () => {
    const { data } = digitImages("train", 1, 4500);
    const told = await compare({ data, shape: [4500, 784], scale: 1 / 255 }, { modulus: 3 });
    expect(told.longClasses).toBe(false);
    expect(told.seconds.high).toBeLessThan(Infinity);
    const threaded = await compare(reluLayer(new Random(72), digitImages("train", 1, 3000).data, 16), { threads: 2 });
    expect(threaded.threads).toBe(2);
    expect(threaded.memory.copies).toBe(3000 * 16 * 4);
  });

  it("computes a few points in full, and knows their memory to the byte", async () => {
    const told = await compare(gaussian(1200, 3), {}, 1.0001);
    expect(told.pilot.sizes.at(-1)).toBe(1200);
    await compare(gaussian(300, 4), { maxDim: 2 }, 1.0001);
    await compare(gaussian(2600, 3), { maxDim: 0 }, 1.0001);
    await compare(gaussian(60, 4), { maxDim: 4 }, 1.0001);
    await compare(gaussian(100, 3), { zeroLength: true }, 1.0001);
    await compare(gaussian(100, 3), { representatives: true }, 1.0001);
    await compare(gaussian(200, 3), { epsilon: 0.5 }, 1.0001);
    await compare(graph(30), { maxDim: 3 }, 1.0001);
    expect((await forecast([[0]])).n).toBe(1);
    const given = await forecast({ distances: new Float32Array((80 * 79) / 2).fill(1), n: 80 }, { maxDim: 3 });
    expect(given.n).toBe(80);
    expect(given.seconds.expected).toBeGreaterThan(0);
  });

  it("counts the simplices of dimension 3 and higher, where memory follows their number and not that of the points", async () => {
    // Evenly spread points in a cube: 300 have 236,000 tetrahedra after the collapse, more than are computed for a forecast.
    const random = new Random(75);
    const cube = (n: number): PointCloud => ({
      data: Float32Array.from({ length: 4 * n }, () => random.uniform()),
      shape: [n, 4],
    });
    const told = await compare(cube(350), { maxDim: 3 }, 20);
    expect(told.plan).toBe("collapse");
    expect(told.seconds.high).toBeLessThan(Infinity);
  });

  it("says that nothing bounds lengths without geometry, where columns grow long", async () => {
    const told = await forecast(graph(100), { maxDim: 3 });
    expect(told.longClasses).toBe(true);
    expect(told.seconds.high).toBe(Infinity);
    expect(told.memory.engine.high).toBe(Infinity);
    expect(told.fits).toBe(false);
    // Measured: 80 such points take 87 MB and 100 more than a minute.
    expect(told.memory.engine.expected).toBeGreaterThan(80e6);
  });

  it("serves landmarks: chosen with all points in memory, and as far apart as they are", async () => {
    const some = await compare(gaussian(5000, 8), { landmarks: { count: 400 } });
    expect(some.n).toBe(400);
    // 32 bytes a row and 12 beside it.
    expect(some.memory.engine.expected).toBeGreaterThanOrEqual(5000 * 44);
    expect(Object.keys(some.phases)).toEqual(["landmarks", "compute"]);
    const crowd = { landmarks: { count: 10 }, memoryLimit: 200_000 };
    const refused = await forecast(gaussian(5000, 8), crowd).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(MemoryLimitError);
    await expect(persistence(gaussian(5000, 8), crowd)).rejects.toThrow((refused as Error).message);
  });

  it("tells whether a time-out leaves enough time", async () => {
    expect((await forecast(gaussian(30, 2), { timeout: 1e6 })).inTime).toBe("yes");
    expect((await forecast(gaussian(9000, 8), { timeout: 1 })).inTime).toBe("no");
    expect(await forecast(gaussian(30, 2))).not.toHaveProperty("inTime");
  });

  it.each([
    [{ landmarks: { count: 0 } }, "Expected an integer of at least 1 for landmarks.count, got 0."],
    [{ landmarks: { count: 2, rule: "some" as "random" } }, "Expected maxmin or random for landmarks.rule"],
    [{ landmarks: { count: 2 }, epsilon: 0.5 }, "Expected either landmarks or epsilon for the approximation"],
  ])("refuses %j", async (options, message) => {
    await expect(forecast(gaussian(20, 2), options)).rejects.toThrow(message);
  });

  it("says so where lunes would be needed and do not fit", async () => {
    const told = await forecast(shape(4000, 2), { memoryLimit: 32e6 });
    expect(told).toMatchObject({ plan: "stream", longClasses: true, fits: false });
    expect(told.seconds.high).toBe(Infinity);
    expect(told.memory.engine.high).toBe(Infinity);
    const asked = await forecast(shape(3000, 2), { plan: "stream" });
    expect(asked).toMatchObject({ plan: "stream", longClasses: true });
    expect(asked.seconds.high).toBe(Infinity);
  });

  it("refuses what will not fit and says how many points would", async () => {
    const cloud = gaussian(9000, 8);
    const told = await forecast(cloud, { memoryLimit: 37e6 });
    expect(told.fits).toBe(false);
    expect(() => checkForecast(told)).toThrow(MemoryLimitError);
    expect(() => checkForecast(told)).toThrow(
      new RegExp(`Expected at most 37 MB for the memory of 9000 points, .*${told.pointsThatFit} such points fit`),
    );
    expect(told.pointsThatFit).toBeGreaterThan(2500);
    const fewer = { data: cloud.data.slice(0, 8 * told.pointsThatFit), shape: [told.pointsThatFit, 8] as const };
    expect((await persistence(fewer)).memory).toBeLessThanOrEqual(37e6);
  });

  it.each([
    [gaussian(9000, 8), { memoryLimit: 1e6 }, MemoryLimitError],
    [{ distances: new Float32Array((5000 * 4999) / 2), n: 5000 }, { maxDim: 7 }, SimplexOverflowError],
    [gaussian(2000, 3), { maxDim: 8 }, SimplexOverflowError],
  ])(
    "refuses what the computation refuses before any work, with the same error: case %#",
    async (input, options, kind) => {
      const refused = await forecast(input, options).catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(kind);
      const same = await persistence(input, options).catch((error: unknown) => error);
      expect((refused as Error).message).toBe((same as Error).message);
    },
  );

  it("stops when told to and refuses bad options", async () => {
    await expect(forecast(gaussian(3000, 3), { signal: AbortSignal.abort() })).rejects.toThrow(CancelledError);
    await expect(forecast([[0]], { seed: 0.5 })).rejects.toThrow(/seed, got 0.5/);
    await expect(forecast([[0]], { maxDim: -1 })).rejects.toThrow(/maxDim, got -1/);
    const controller = new AbortController();
    setImmediate(() => controller.abort());
    await expect(forecast(gaussian(5000, 8), { signal: controller.signal })).rejects.toThrow(CancelledError);
  });
});

describe("every plan, on small inputs under any limit of memory", () => {
  const input = fc.record({
    n: fc.integer({ min: 1, max: 70 }),
    kind: fc.constantFrom("cloud", "ring", "ties", "graph", "sparse"),
    maxDim: fc.integer({ min: 0, max: 4 }),
    plan: fc.constantFrom("automatic", "simplices", "lazy", "lunes", "flag", "collapse", "stream"),
    zeroLength: fc.boolean(),
    representatives: fc.boolean(),
    cut: fc.boolean(),
    limit: fc.integer({ min: 0, max: 40 }),
  });

  it("memory is never told below what is allocated, what fits is computed, what does not is refused, twice alike", async () => {
    await fc.assert(
      fc.asyncProperty(input, async ({ n, kind, maxDim: wanted, plan, zeroLength, representatives, cut, limit }) => {
        const maxDim = kind === "ties" || kind === "graph" ? Math.min(wanted, n > 30 ? 2 : 3) : wanted;
        const cloud: PersistenceInput =
          kind === "cloud"
            ? gaussian(n, 3)
            : kind === "ring"
              ? shape(n, 2)
              : kind === "ties"
                ? { distances: new Float32Array((n * (n - 1)) / 2).fill(1), n }
                : graph(n, kind === "graph" ? 1 : 0.3);
        const served = representatives && !zeroLength ? { representatives, plan: "simplices" as const } : { plan };
        // From 64 kB on in steps of a page, or no limit.
        const memory = limit === 0 ? {} : { memoryLimit: 65536 * limit };
        const options = {
          maxDim,
          zeroLength,
          ...served,
          ...memory,
          ...(cut ? { threshold: 0.8 } : {}),
        } as ForecastOptions;
        const told = await forecast(cloud, options).catch((error: unknown) => error as Error);
        const again = await forecast(cloud, options).catch((error: unknown) => error as Error);
        const result = await persistence(cloud, options).catch((error: unknown) => error as Error);
        if (told instanceof Error) {
          expect(result).toBeInstanceOf(MemoryLimitError);
          expect(told.message).toBe((result as Error).message);
          expect((again as Error).message).toBe(told.message);
          return;
        }
        expect(timeless(again as Forecast)).toEqual(timeless(told));
        if (result instanceof Error) {
          expect(told.fits).toBe(false);
          return;
        }
        expect(told.fits).toBe(true);
        expect(told.memory.engine.high).toBeGreaterThanOrEqual(result.memory);
        expect(told.plan).toBe(
          result.plans[Math.min(maxDim, Math.max(0, zeroLength ? n - 2 : Math.floor((n - 2) / 2)))],
        );
      }),
      { numRuns: 40, seed: 76 },
    );
  }, 60_000);
});

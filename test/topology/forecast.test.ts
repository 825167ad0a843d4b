/** Forecasts: the laws on made-up pilots, plans and memory on real ones. No time is asserted, machines differ. */
import { describe, expect, it } from "vitest";
import { CancelledError, MemoryLimitError } from "../../src/errors.js";
import { Random } from "../../src/random.js";
import { checkForecast, type ForecastOptions, forecast } from "../../src/topology/forecast.js";
import {
  blockPassSeconds,
  denseBytes,
  largestWithin,
  listEntries,
  luneSeconds,
  type Pilot,
  powerSeconds,
  streamBytes,
  streamSeconds,
} from "../../src/topology/forecast-laws.js";
import { persistence } from "../../src/topology/persistence.js";
import type { PointCloud } from "../../src/topology/point-cloud.js";
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

describe("the laws of growth", () => {
  it("tell pairs, points and list entries of the block pass apart", () => {
    const pass = (n: number, keep: number) => ({
      n,
      keep,
      seconds: 5e-9 * n * n + 2e-6 * n + 4e-8 * listEntries(n, keep),
    });
    const shorts = { small: pass(1000, 32), large: pass(4000, 32) };
    for (const n of [4000, 60_000, 200_000])
      expect(blockPassSeconds(n, pass(4000, 256), shorts)).toBeCloseTo(pass(n, 256).seconds, 6);
    // Every list takes its first K entries, and after i points the next with probability K / i.
    let entries = 256;
    for (let i = 257; i <= 5000; i++) entries += 256 / i;
    expect(listEntries(5000, 256) / 5000 / entries).toBeCloseTo(1, 2);
    expect(listEntries(100, 256)).toBe(100 * 100);
  });

  it("never let noise make a part negative", () => {
    const long = { n: 4000, keep: 256, seconds: 1 };
    for (const seconds of [0.1, 0.9, 1.1])
      for (const less of [0.01, 0.2, 1]) {
        const shorts = { small: { n: 1000, keep: 32, seconds: less }, large: { n: 4000, keep: 32, seconds } };
        const [now, later] = [4000, 16_000].map((n) => blockPassSeconds(n, long, shorts));
        expect(now).toBeGreaterThanOrEqual(0.99);
        expect(later! / now!).toBeGreaterThan(3.9);
        expect(later! / now!).toBeLessThanOrEqual(16);
      }
  });

  it("find the exponent of a power within its bounds, and the cubic part of lunes", () => {
    const power = (n: number) => ({ n, seconds: 1e-6 * n ** 1.4 });
    expect(powerSeconds(1e5, power(2000), power(4000), 1, 2)).toBeCloseTo(power(1e5).seconds, 9);
    expect(powerSeconds(8000, power(2000), power(4000), 1.5, 2)).toBeCloseTo(power(4000).seconds * 2 ** 1.5, 9);
    // Too short to tell anything.
    const blink = { n: 2000, seconds: 1e-4 };
    expect(powerSeconds(8000, blink, { n: 4000, seconds: 0.01 }, 1, 2)).toBeCloseTo(0.01 * 2 ** 1.5, 9);
    const lunes = (n: number) => ({ n, seconds: 3e-8 * n ** 2 * (1 + n / 10_000) });
    expect(luneSeconds(20_000, lunes(2500), lunes(5000))).toBeCloseTo(lunes(20_000).seconds, 6);
    // Quadratic or worse than cubic: as much of a cube as was ever measured.
    const quadratic = luneSeconds(20_000, { n: 2500, seconds: 0.25 }, { n: 5000, seconds: 1 });
    expect(quadratic).toBeCloseTo((16 * (25 + 20)) / (25 + 5), 9);
    expect(luneSeconds(20_000, { n: 2500, seconds: 0.01 }, { n: 5000, seconds: 1 })).toBeCloseTo((16 * 29.5) / 14.5, 9);
  });

  it("let every part grow with n", () => {
    const pilot = (n: number, lunes: boolean): Pilot => ({
      n,
      plan: lunes ? "lunes" : "stream",
      lunes,
      phases: {
        start: { cpu: n * 1e-6, wall: 1 },
        distances: { cpu: n * n * 2e-8, wall: 1 },
        graph: { cpu: n * 1e-5, wall: 1 },
        loops: { cpu: n * 2e-5, wall: 1 },
      },
      memory: 5000 * n,
    });
    const shorts = {
      small: { n: 1000, keep: 32, seconds: 0.01 },
      large: { n: 4000, keep: 32, seconds: 0.16 },
    };
    const least = (n: number) => 4000 * n;
    for (const lunes of [false, true]) {
      const at = (n: number) => streamSeconds(n, pilot(2000, lunes), pilot(4000, lunes), shorts, 256);
      for (const [name, now] of Object.entries(at(4000))) expect(at(8000)[name]!).toBeGreaterThan(1.5 * now);
      expect(at(4000).loops).toBeCloseTo(0.08, 9);
      const bytes = [4000, 8000, 60_000].map((n) => streamBytes(n, pilot(4000, lunes), least));
      expect(bytes[1]!).toBeGreaterThan(2 * bytes[0]!);
      expect(bytes[2]! / 60_000 ** (lunes ? 2 : 1)).toBeGreaterThan(lunes ? 1.6 : 5000);
    }
    const dense = (n: number) => ({ ...pilot(n, false), memory: 1e5 + 5 * n * n });
    expect(denseBytes(3000, dense(500), dense(1000))).toBe(1e5 + 5 * 9e6);
    expect(largestWithin(5000, 1e5 + 5 * 9e6, (n) => denseBytes(n, dense(500), dense(1000)))).toBe(3000);
  });
});

/** Forecast beside the truth: the plan right, memory within a factor of 1.5. */
async function compare(cloud: PointCloud, options: ForecastOptions = {}) {
  const told = await forecast(cloud, options);
  const { memory, plans } = await persistence(cloud, options);
  expect(told.plan).toBe(plans.at(-1));
  const off = told.memory.engine.expected / memory;
  expect(off).toBeGreaterThan(1 / 1.5);
  expect(off).toBeLessThan(1.5);
  expect(told.fits).toBe(true);
  return told;
}

describe("forecast", () => {
  it("knows of an annulus and a torus that lunes will take over", async () => {
    const { longClasses, pilot, seconds, phases, threads, memory } = await compare(shape(4000, 2));
    expect(longClasses).toBe(true);
    expect(pilot.sizes).toEqual([1250, 2500]);
    expect(threads).toBe(1);
    expect(Object.keys(phases)).toEqual(expect.arrayContaining(["distances", "graph", "loops"]));
    expect(Object.values(phases).reduce((total, part) => total + part)).toBeCloseTo(seconds.expected, 9);
    expect(seconds.low).toBeLessThan(seconds.expected);
    expect(seconds.high).toBeGreaterThan(seconds.expected);
    expect(memory.process).toBeGreaterThan(memory.engine.expected + memory.copies);
    await compare(shape(4000, 3));
  });

  it.skipIf(!hasMnist())("knows of images and layer outputs that their classes die early", async () => {
    const { data } = digitImages("train", 1, 6000);
    const told = await compare({ data, shape: [6000, 784], scale: 1 / 255 }, { modulus: 3 });
    expect(told.longClasses).toBe(false);
    expect(told.seconds.high).toBeLessThan(Infinity);
    const threaded = await compare(reluLayer(new Random(72), digitImages("train", 1, 4000).data, 16), { threads: 2 });
    expect(threaded.threads).toBe(2);
    expect(threaded.memory.copies).toBe(4000 * 16 * 4);
  });

  it("serves plans with a matrix, landmarks, and matrices given", async () => {
    await compare(gaussian(1200, 3));
    await compare(gaussian(300, 4), { maxDim: 2 });
    await compare(gaussian(2600, 3), { maxDim: 0 });
    const some = await forecast(gaussian(5000, 8), { landmarks: { count: 400 } });
    expect(some.n).toBe(400);
    // Chosen with all points in memory, 32 bytes a row and 12 beside it.
    expect(some.memory.engine.expected).toBeGreaterThanOrEqual(5000 * 44);
    expect(Object.keys(some.phases)).toEqual(["landmarks", "compute"]);
    const given = await forecast({ distances: new Float32Array((80 * 79) / 2).fill(1), n: 80 }, { maxDim: 3 });
    expect(given.n).toBe(80);
    expect(given.seconds.expected).toBeGreaterThan(0);
    expect((await forecast([[0]])).n).toBe(1);
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
    expect(told).toMatchObject({ plan: "stream", longClasses: true, fits: true });
    expect(told.seconds.high).toBe(Infinity);
    expect(told.memory.engine.high).toBe(Infinity);
    const asked = await forecast(shape(3000, 2), { plan: "stream" });
    expect(asked).toMatchObject({ plan: "stream", longClasses: true });
    expect(asked.seconds.high).toBe(Infinity);
  });

  it("refuses what will not fit and says how many points would", async () => {
    const cloud = gaussian(9000, 8);
    const told = await forecast(cloud, { memoryLimit: 20e6 });
    expect(told.fits).toBe(false);
    expect(told.pointsThatFit).toBeGreaterThan(2500);
    expect(told.pointsThatFit).toBeLessThan(6000);
    expect(() => checkForecast(told)).toThrow(MemoryLimitError);
    expect(() => checkForecast(told)).toThrow(
      new RegExp(`Expected at most 20 MB for the memory of 9000 points, .*${told.pointsThatFit} such points fit`),
    );
    const fewer = { data: cloud.data.slice(0, 8 * told.pointsThatFit), shape: [told.pointsThatFit, 8] as const };
    expect((await persistence(fewer)).memory).toBeLessThan(1.2 * 20e6);
    await expect(forecast(cloud, { memoryLimit: 1e6 })).rejects.toThrow(MemoryLimitError);
  });

  it("stops when told to and refuses bad options", async () => {
    await expect(forecast(gaussian(3000, 3), { signal: AbortSignal.abort() })).rejects.toThrow(CancelledError);
    await expect(forecast([[0]], { seed: 0.5 })).rejects.toThrow(/seed, got 0.5/);
    await expect(forecast([[0]], { maxDim: -1 })).rejects.toThrow(/maxDim, got -1/);
    const controller = new AbortController();
    setImmediate(() => controller.abort());
    await expect(forecast(gaussian(5000, 8), { signal: controller.signal })).rejects.toThrow(CancelledError);
  });
});

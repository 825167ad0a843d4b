/** Threads inside one call: the same bytes for every number of them, and an orderly end whatever happens. */
import type { Worker } from "node:worker_threads";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Crew } from "../../src/engine/crew.js";
import type { EngineRequest } from "../../src/engine/engine.js";
import { EnginePool } from "../../src/engine/pool.js";
import { Random } from "../../src/random.js";
import { type PersistenceOptions, persistence } from "../../src/topology/persistence.js";
import { metrics, type PersistenceInput } from "../../src/topology/point-cloud.js";

const random = new Random(71);
const floats = (n: number, d: number) => Float32Array.from({ length: n * d }, () => random.normal());
const cloud = (n: number, d: number) => ({ data: floats(n, d), shape: [n, d] as const });

/** Distances 1 .. kinds, so that ties rule; some pairs are never joined when `gaps`. */
function ties(n: number, kinds: number, gaps = false) {
  const distances = new Float32Array((n * (n - 1)) / 2).map(() =>
    gaps && random.integer(4) === 0 ? Infinity : 1 + random.integer(kinds),
  );
  return { distances, n };
}

function circle(n: number) {
  return Array.from({ length: n }, (_, i) => [Math.cos((2 * Math.PI * i) / n), Math.sin((2 * Math.PI * i) / n)]);
}

/** Points around a circle, up to half of `width` off it. */
function annulus(n: number, width: number) {
  return Array.from({ length: n }, () => {
    const angle = 2 * Math.PI * random.uniform();
    const radius = 1 + width * (random.uniform() - 0.5);
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  });
}

const inputs: [string, PersistenceInput, PersistenceOptions][] = [
  ["1 point", [[1, 2]], {}],
  ["2 points", [[1], [3]], {}],
  ["5 points", cloud(5, 2), { maxDim: 3 }],
  ["equal points", Array.from({ length: 30 }, () => [4, 4]), {}],
  ["200 bytes", { data: Uint8Array.from({ length: 200 * 9 }, () => random.integer(256)), shape: [200, 9] }, {}],
  ["400 floats", cloud(400, 3), { maxDim: 1 }],
  ["300 doubles", Array.from({ length: 300 }, () => [random.normal() * 1e30, random.normal() * 1e30]), {}],
  ...metrics.map((metric): [string, PersistenceInput, PersistenceOptions] => [metric, cloud(150, 4), { metric }]),
  ["ties", ties(160, 3), { modulus: 3 }],
  ["ties and gaps", ties(120, 4, true), {}],
  ["ties cut", ties(160, 9), { threshold: 2 }],
  ["square matrix", { distances: Float64Array.of(0, 1, 2, 1, 0, 3, 2, 3, 0), n: 3 }, {}],
  ["a loop that lives long", circle(300), {}],
  ["a loop that spends the budget", annulus(400, 0.2), {}],
  ["the same without a budget", annulus(150, 0.2), { plan: "lazy", modulus: 5 }],
  ["lunes", cloud(200, 2), { plan: "lunes" }],
  ["flag", cloud(60, 3), { maxDim: 2 }],
  ["collapse", cloud(30, 3), { maxDim: 3 }],
  ["simplices", cloud(40, 3), { plan: "simplices", zeroLength: true }],
  ["representatives", cloud(40, 2), { representatives: true }],
];

/** A request that takes far longer than any test. */
const endless = { maxDim: 5, plan: "simplices" } as const;
const slow = cloud(200, 10);

describe("a crew", () => {
  let pool: EnginePool;
  beforeAll(() => {
    pool = new EnginePool(1);
  });
  afterAll(() => pool.close());

  it.each(inputs)("gives the same bytes with 1, 2 and 3 threads: %s", async (_, input, options) => {
    const { memory: _one, ...alone } = await persistence(input, options);
    for (const variant of ["release", "debug"] as const)
      for (const threads of [2, 3]) {
        const { memory, ...together } = await persistence(input, { ...options, threads, variant, pool });
        expect(together).toEqual(alone);
        expect(memory).toBeGreaterThan(0);
      }
  });

  it("counts the work of columns as one thread does, so that the same plan is left at the same point", async () => {
    const plans = new Map<string, number>();
    for (let round = 0; round < 40; round++) {
      // About as much work as the budget allows.
      const points = annulus(80 + round, 0.5);
      const { memory: _, ...alone } = await persistence(points);
      const { memory: _m, ...together } = await persistence(points, { threads: 2, pool });
      expect(together).toEqual(alone);
      plans.set(alone.plans[1]!, (plans.get(alone.plans[1]!) ?? 0) + 1);
    }
    expect(Math.min(plans.get("lazy") ?? 0, plans.get("lunes") ?? 0)).toBeGreaterThan(3);
  });

  it("notices in every thread that another one has grown the memory", async () => {
    // A new memory at every change of variant; each call grows it further while helpers wait or work.
    for (let round = 0; round < 60; round++) {
      const n = 40 + random.integer(300);
      const variant = random.integer(2) ? "release" : "debug";
      const options = { threads: 2 + random.integer(2), variant, pool, timeout: 20_000 } as const;
      expect((await persistence(cloud(n, 3), options)).diagrams[0]!.births.length).toBe(n);
    }
  });

  it("gives the errors one thread gives, and goes on", async () => {
    const bad = { distances: Float32Array.of(0, 1, 2, 0), n: 2 };
    await expect(persistence(bad, { threads: 2, pool })).rejects.toThrow(/the same distance both ways \(2\)/);
    const refused = persistence(cloud(600, 3), { threads: 2, pool, memoryLimit: 1_600_000 });
    await expect(refused).rejects.toMatchObject({ code: "MEMORY_LIMIT" });
    expect((await persistence([[0], [1]], { threads: 2, pool })).diagrams[0]!.deaths[0]).toBe(1);
  });

  it.each([0, 1.5, 65])("refuses %d threads", async (threads) => {
    await expect(persistence([[0]], { threads })).rejects.toThrow(/an integer from 1 to 64 for threads, got/);
  });

  it("stops on a signal and on a time-out, running or waiting, and stays usable", async () => {
    const controller = new AbortController();
    const stopped = persistence(slow, { ...endless, threads: 2, pool, signal: controller.signal });
    const waiting = persistence(slow, { ...endless, threads: 2, pool, timeout: 50 });
    await expect(waiting).rejects.toMatchObject({ code: "TIMEOUT" });
    setTimeout(() => controller.abort(), 100);
    await expect(stopped).rejects.toMatchObject({ code: "CANCELLED" });
    await expect(persistence(slow, { ...endless, threads: 2, pool, timeout: 100 })).rejects.toMatchObject({
      code: "TIMEOUT",
    });
    expect((await persistence([[0], [2]], { threads: 3, pool })).diagrams[0]!.deaths[0]).toBe(2);
  });

  it("ends a request when any of its threads dies, and stays usable", async () => {
    const crew = new Crew();
    const request = (plan: EngineRequest["plan"], n: number): EngineRequest => ({
      source: { kind: "points", data: floats(n, 10), n, d: 10, scale: 1, metric: "euclidean", arithmetic: "f32" },
      maxDim: plan === "simplices" ? 5 : 1,
      threshold: undefined,
      modulus: 2,
      zeroLength: false,
      plan,
      memoryLimit: 2 ** 30,
    });
    try {
      for (const victim of [0, 1, 2]) {
        const doomed = crew.run(request("simplices", 200), { threads: 3 });
        setTimeout(() => (crew as unknown as { workers: Worker[] }).workers[victim]!.terminate(), 150);
        await expect(doomed).rejects.toMatchObject({ code: "ENGINE" });
        expect((await crew.run(request("lazy", 50), { threads: 3 })).plans).toEqual(["lazy", "lazy"]);
      }
      const last = crew.run(request("simplices", 200), { threads: 2 });
      const after = crew.run(request("lazy", 50), { threads: 2 });
      setTimeout(() => crew.close(), 100);
      await expect(last).rejects.toMatchObject({ code: "ENGINE" });
      await expect(after).rejects.toThrow(/closed/);
    } finally {
      await crew.close();
    }
  });

  it("serves calls without a pool, also at once, and keeps the caller's data as it is", async () => {
    const points = cloud(60, 3);
    const before = points.data.slice();
    const { memory: _, ...alone } = await persistence(points);
    const calls = [1, 2, 2, 3].map((threads) => persistence(points, { threads, timeout: 60_000 }));
    for (const { memory: _m, ...together } of await Promise.all(calls)) expect(together).toEqual(alone);
    expect(points.data).toEqual(before);
  });
});

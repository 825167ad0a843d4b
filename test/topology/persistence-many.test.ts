import { describe, expect, it } from "vitest";
import { EnginePool } from "../../src/engine/pool.js";
import { Random } from "../../src/random.js";
import { persistence } from "../../src/topology/persistence.js";
import { type LazyInput, persistenceMany, persistenceSettled } from "../../src/topology/persistence-many.js";
import type { PersistenceInput } from "../../src/topology/point-cloud.js";

const random = new Random(31);
/** Clouds of very different sizes, so that later ones are done first. */
const clouds = Array.from({ length: 24 }, (_, k) => {
  const n = k % 5 === 0 ? 160 : 5 + k;
  return { data: Float32Array.from({ length: n * 3 }, () => random.normal()), shape: [n, 3] as const };
});

async function collect<T>(results: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const result of results) list.push(result);
  return list;
}

describe("persistenceMany", () => {
  it("gives what one by one gives, in order, for every number of threads, and tells how far it is", async () => {
    const alone = [];
    for (const cloud of clouds) alone.push(await persistence(cloud, { maxDim: 2 }));
    for (const threads of [1, 2, 3]) {
      const seen: number[] = [];
      const results = persistenceMany(clouds, {
        maxDim: 2,
        threads,
        onProgress: ({ done, total }) => {
          expect(total).toBe(clouds.length);
          seen.push(done);
        },
      });
      expect(await collect(results)).toEqual(alone);
      expect(seen).toEqual(clouds.map((_, i) => i + 1));
    }
  });

  it("stays calm when the caller stops while threads are at work", async () => {
    // A thread that is ended may have posted its result a moment before; that late message must reach nobody. Without
    // care for it, the uncaught error of one of these rounds ended the process.
    const clouds = Array.from({ length: 20 }, (_, k) =>
      Array.from({ length: 40 }, (__, i) => [Math.cos(i * 7.1 + k), Math.sin(i * 3.3 * (k + 1))]),
    );
    for (let round = 0; round < 60; round++) {
      let taken = 0;
      for await (const result of persistenceMany(clouds, { threads: 2 })) {
        expect(result.n).toBe(40);
        taken += 1;
        if (taken > round % 5) break;
      }
    }
  });

  it("takes inputs only as it needs them, and stops taking when the caller stops", async () => {
    let made = 0;
    let closed = false;
    async function* endless(): AsyncGenerator<PersistenceInput> {
      try {
        for (;;) {
          made += 1;
          yield [[made], [0]];
        }
      } finally {
        closed = true;
      }
    }
    const deaths: number[] = [];
    for await (const { diagrams } of persistenceMany(endless(), { threads: 2 })) {
      deaths.push(diagrams[0]!.deaths[0]!);
      if (deaths.length === 50) break;
    }
    expect(deaths).toEqual(Array.from({ length: 50 }, (_, i) => i + 1));
    expect(made).toBeLessThanOrEqual(50 + 40);
    expect(closed).toBe(true);
  });

  it.each([1, 2])("hands out what came before a broken input, then its error (%i threads)", async (threads) => {
    const inputs = [clouds[1]!, clouds[2]!, [[1, Number.NaN]], clouds[3]!];
    const results: unknown[] = [];
    const run = async () => {
      for await (const result of persistenceMany(inputs, { threads })) results.push(result);
    };
    await expect(run()).rejects.toThrow(/finite number/);
    expect(results.length).toBe(2);
    async function* failing(): AsyncGenerator<PersistenceInput> {
      yield clouds[1]!;
      throw new Error("no more");
    }
    results.length = 0;
    const late = async () => {
      for await (const result of persistenceMany(failing(), { threads })) results.push(result);
    };
    await expect(late()).rejects.toThrow("no more");
    expect(results.length).toBe(1);
  });

  it.each([1, 2])("goes on after inputs that fail, where that is asked for (%i threads)", async (threads) => {
    const alone = [await persistence(clouds[1]!), await persistence(clouds[5]!)];
    const inputs: LazyInput[] = [
      clouds[1]!,
      [[1, Number.NaN]],
      () => Promise.reject(new Error("not there")),
      async () => clouds[5]!,
    ];
    const seen: number[] = [];
    const settled = await collect(
      persistenceSettled(inputs, { threads, onProgress: ({ done }) => void seen.push(done) }),
    );
    expect(settled).toEqual([
      { status: "fulfilled", value: alone[0] },
      { status: "rejected", reason: expect.objectContaining({ code: "INPUT" }) },
      { status: "rejected", reason: expect.objectContaining({ message: "not there" }) },
      { status: "fulfilled", value: alone[1] },
    ]);
    expect(seen).toEqual([1, 2, 3, 4]);
    const controller = new AbortController();
    const stopped = persistenceSettled(
      [
        () => {
          controller.abort();
          return clouds[1]!;
        },
      ],
      { threads, signal: controller.signal },
    );
    await expect(collect(stopped)).rejects.toMatchObject({ code: "CANCELLED" });
  });

  it("refuses a number of threads that is none", async () => {
    await expect(collect(persistenceMany(clouds, { threads: 0 }))).rejects.toThrow(/at least 1 for threads, got 0/);
  });

  it("stops on a signal, leaves a pool usable, and counts a time-out from each start", async () => {
    const pool = new EnginePool(2);
    try {
      const slow = { data: Float32Array.from({ length: 2000 }, () => random.normal()), shape: [200, 10] as const };
      const controller = new AbortController();
      const stopped = collect(persistenceMany([slow, slow, slow], { maxDim: 5, pool, signal: controller.signal }));
      setTimeout(() => controller.abort(), 200);
      await expect(stopped).rejects.toMatchObject({ code: "CANCELLED" });
      await expect(collect(persistenceMany([slow], { maxDim: 5, pool, timeout: 200 }))).rejects.toMatchObject({
        code: "TIMEOUT",
      });
      const results = await collect(persistenceMany(clouds, { pool, timeout: 60_000 }));
      expect(results.length).toBe(clouds.length);
      expect(results[3]).toEqual(await persistence(clouds[3]!));
    } finally {
      await pool.close();
    }
  });
});

/** Long runs, by hand: `npm run soak`. */
import { describe, expect, it } from "vitest";
import { EnginePool } from "../../src/engine/pool.js";
import { Random } from "../../src/random.js";
import { type PersistenceOptions, persistence } from "../../src/topology/persistence.js";

const CALLS = 10_000;

/** Resident megabytes after a collection, where Node lets one ask for it. */
function resident(): number {
  globalThis.gc?.();
  return process.memoryUsage.rss() / 1e6;
}

async function growth(options: PersistenceOptions): Promise<number> {
  const random = new Random(61);
  const call = async () => {
    const n = 30 + random.integer(100);
    const data = Float32Array.from({ length: 3 * n }, () => random.normal());
    await persistence({ data, shape: [n, 3] }, { maxDim: 1 + random.integer(2), ...options });
  };
  for (let i = 0; i < 500; i++) await call();
  const before = resident();
  for (let i = 0; i < CALLS; i++) await call();
  return resident() - before;
}

describe.skipIf(!process.env.BETTINA_SOAK)(`${CALLS} calls in one process`, () => {
  it("leave memory as it was, within 50 MB: inline", { timeout: 1_800_000 }, async () => {
    const megabytes = await growth({});
    process.stdout.write(`soak: ${CALLS} calls inline, ${megabytes.toFixed(1)} MB more resident memory\n`);
    expect(megabytes).toBeLessThan(50);
  });

  it("leave memory as it was, within 50 MB: in a thread, with one signal for all", { timeout: 1_800_000 }, async () => {
    const pool = new EnginePool(1);
    try {
      const megabytes = await growth({ pool, signal: new AbortController().signal });
      process.stdout.write(`soak: ${CALLS} calls in a thread, ${megabytes.toFixed(1)} MB more resident memory\n`);
      expect(megabytes).toBeLessThan(50);
    } finally {
      await pool.close();
    }
  });
});

describe.skipIf(!process.env.BETTINA_SOAK)(`${CALLS} calls in a crew`, () => {
  it("leave memory as it was, within 50 MB: with two threads each", { timeout: 1_800_000 }, async () => {
    const pool = new EnginePool(1);
    try {
      const megabytes = await growth({ pool, threads: 2 });
      process.stdout.write(`soak: ${CALLS} calls in a crew, ${megabytes.toFixed(1)} MB more resident memory\n`);
      expect(megabytes).toBeLessThan(50);
    } finally {
      await pool.close();
    }
  });

  it("leave memory as it was, within 50 MB: without a pool, in the thread the last call left", {
    timeout: 1_800_000,
  }, async () => {
    const megabytes = await growth({ timeout: 60_000 });
    process.stdout.write(`soak: ${CALLS} calls with a time-out, ${megabytes.toFixed(1)} MB more resident memory\n`);
    expect(megabytes).toBeLessThan(50);
  });
});

describe.skipIf(!process.env.BETTINA_SOAK)("200 calls cancelled and timed out", () => {
  it("each stop at once and leave the pool usable", { timeout: 1_800_000 }, async () => {
    const random = new Random(62);
    const data = Float32Array.from({ length: 3000 }, () => random.normal());
    const cloud = { data, shape: [300, 10] as const };
    const pool = new EnginePool(2);
    let latest = 0;
    try {
      for (let i = 0; i < 200; i++) {
        const controller = new AbortController();
        const slow = { maxDim: 4, plan: "simplices", pool } as const;
        if (i % 2) {
          const start = performance.now();
          await expect(persistence(cloud, { ...slow, timeout: 100 })).rejects.toMatchObject({ code: "TIMEOUT" });
          latest = Math.max(latest, performance.now() - start - 100);
        } else {
          const call = persistence(cloud, { ...slow, signal: controller.signal });
          let start = 0;
          setTimeout(() => {
            start = performance.now();
            controller.abort();
          }, 100);
          await expect(call).rejects.toMatchObject({ code: "CANCELLED" });
          latest = Math.max(latest, performance.now() - start);
        }
        expect((await persistence([[0], [1]], { pool })).diagrams[0]!.deaths[0]).toBe(1);
      }
    } finally {
      await pool.close();
    }
    process.stdout.write(`soak: latest end of a stopped call ${latest.toFixed(1)} ms after it was stopped\n`);
    expect(latest).toBeLessThan(1000);
  });
});

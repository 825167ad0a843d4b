import { describe, expect, it } from "vitest";
import { EnginePool } from "../../src/engine/pool.js";
import { ConfigError, InputError } from "../../src/errors.js";
import { pairwiseDistances } from "../../src/topology/distance-matrix.js";
import { selectLandmarks } from "../../src/topology/landmarks.js";
import { type PersistenceOptions, persistence } from "../../src/topology/persistence.js";
import type { Metric, PersistenceInput } from "../../src/topology/point-cloud.js";
import { sparseRips } from "../../src/topology/sparse-rips.js";

/** What a caller without types may pass. */
const odd = (value: unknown) => value as PersistenceInput;
const cloud = { data: Float32Array.from({ length: 900 }, (_, i) => (i * 7919) % 1009), shape: [300, 3] } as const;

describe("input from JavaScript", () => {
  it("is refused by a message of bettina's own", async () => {
    const inputs = [undefined, null, 5, "abc", {}, { data: [1, 2], shape: [2, 1] }, { data: new Float32Array(2) }];
    for (const input of [...inputs, [[1], null], [1, 2], { distances: [1], n: 2 }])
      await expect(persistence(odd(input)), JSON.stringify(input)).rejects.toThrow(InputError);
  });

  it("with a null, as JSON writes NaN, is not read as 0", async () => {
    for (const hole of [null, "1", undefined, true])
      await expect(persistence(odd([[1], [hole]]))).rejects.toThrow(/a finite number for coordinate 0 of point 1/);
  });

  it("has options of the right type", async () => {
    for (const options of [{ threshold: null }, { threshold: "5" }, { timeout: "5" }])
      await expect(persistence([[1], [2]], options as unknown as PersistenceOptions)).rejects.toThrow(ConfigError);
    await expect(persistence([[1], [2]], { plan: "foo" as "lazy" })).rejects.toThrow(ConfigError);
  });

  it("has a known metric everywhere", async () => {
    const metric = "taxi" as Metric;
    await expect(pairwiseDistances(cloud, { metric })).rejects.toThrow(ConfigError);
    await expect(selectLandmarks(cloud, { count: 3, metric })).rejects.toThrow(ConfigError);
    await expect(sparseRips(cloud, 1, { metric })).rejects.toThrow(ConfigError);
  });
});

it("a matrix is checked before landmarks are chosen from it or edges left out", async () => {
  for (const distances of [
    [NaN, 1, 2],
    [-1, 1, 2],
    [0, 1, 2, 1, 0, 3, 2, 4, 0],
    [1, 1, 2, 1, 0, 3, 2, 3, 0],
  ]) {
    const matrix = { distances: Float32Array.from(distances), n: 3 };
    await expect(persistence(matrix, { landmarks: { count: 2 } })).rejects.toThrow(InputError);
    await expect(sparseRips(matrix, 1)).rejects.toThrow(InputError);
  }
});

it("landmarks keep to the memory limit, and say what they need", async () => {
  const choose = (memoryLimit: number) => selectLandmarks(cloud, { count: 5, memoryLimit });
  await expect(choose(Number.NaN)).rejects.toThrow(/a positive number of bytes for memoryLimit/);
  await expect(choose(1000)).rejects.toThrow(
    /at most 1000 bytes for the memory of 300 points, got "at least 8400 bytes"/,
  );
});

describe("an error thrown by onProgress", () => {
  const onProgress = () => {
    throw new RangeError("mine");
  };

  it("rejects the call, in this thread, in others and in a pool, and the next call is served", async () => {
    const pool = new EnginePool(1);
    try {
      for (const where of [{}, { threads: 2 }, { timeout: 60_000 }, { pool }, { pool, threads: 2 }]) {
        await expect(persistence(cloud, { plan: "stream", onProgress, ...where })).rejects.toThrow("mine");
        expect((await persistence(cloud, { plan: "stream", ...where })).n).toBe(300);
      }
    } finally {
      await pool.close();
    }
  });
});

it("a closed pool takes no calls, and those it was at end in an error of bettina's own", async () => {
  const pool = new EnginePool(1);
  const data = Float32Array.from({ length: 8000 }, (_, i) => Math.sin(i * i));
  const running = persistence({ data, shape: [4000, 2] }, { pool });
  const ended = expect(running).rejects.toMatchObject({ name: "EngineError" });
  await new Promise((resolve) => setTimeout(resolve, 30));
  await pool.close();
  await ended;
  await expect(persistence(cloud, { pool })).rejects.toThrow(ConfigError);
});

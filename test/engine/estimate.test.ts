/** What is refused before any work, and which way a computation goes. */
import { describe, expect, it } from "vitest";
import { prepare } from "../../src/engine/engine.js";
import { defaultMemoryLimit, leastMemory, routeOf } from "../../src/engine/estimate.js";
import { Random } from "../../src/random.js";
import { type PersistenceOptions, persistence, toRequest } from "../../src/topology/persistence.js";

const random = new Random(51);
function gaussian(n: number, d: number) {
  return { data: Float32Array.from({ length: n * d }, () => random.normal()), shape: [n, d] as const };
}

describe("the least memory", () => {
  it("has a second matrix for the plan flag where it was asked for", async () => {
    const n = 600;
    const matrix = 4 * n * n;
    expect(leastMemory({ n, rowBytes: 0, maxDim: 1, flag: true })).toBe(2 * matrix);
    expect(leastMemory({ n, rowBytes: 0, maxDim: 2 })).toBeLessThan(1.1 * matrix);
    const call = persistence(gaussian(n, 3), { plan: "flag", memoryLimit: 1.9 * matrix });
    await expect(call).rejects.toThrow(/for the memory of 600 points, got "at least 3 MiB"/);
  });

  it("lets 28,000 images with a distance matrix into 4 GiB, and refuses them below with what they need, before any work", async () => {
    const n = 28_000;
    expect(leastMemory({ n, rowBytes: 1568, maxDim: 1 })).toBeLessThan(4 * 2 ** 30 - 65536);
    const cloud = { data: new Uint8Array(n * 4), shape: [n, 4] as const };
    const refused = persistence(cloud, { plan: "lazy", memoryLimit: 2.9 * 2 ** 30 });
    await expect(refused).rejects.toThrow(/28000 points, got "at least 2\.9\d GiB"/);
    await expect(refused).rejects.toMatchObject({ code: "MEMORY_LIMIT", exitCode: 4 });
  });

  it("is allowed 3.5 GiB, or four fifths of what is free", () => {
    expect(defaultMemoryLimit()).toBeLessThanOrEqual(3.5 * 2 ** 30);
    expect(defaultMemoryLimit()).toBeGreaterThan(0);
  });
});

describe("the way of a computation", () => {
  const cases: readonly (readonly [number, PersistenceOptions, string, string])[] = [
    [60, {}, "loops", "lazy"],
    [60, { plan: "lunes" }, "loops", "lunes"],
    [60, { plan: "stream" }, "stream", "stream"],
    [60, { plan: "flag" }, "flag", "flag"],
    [60, { maxDim: 2 }, "flag", "flag"],
    [60, { maxDim: 2, plan: "lazy" }, "simplices", "simplices"],
    // Ranks and their lists, 24 n² bytes, do not fit beside the matrix.
    [200, { maxDim: 2, memoryLimit: 1_000_000 }, "simplices", "simplices"],
    [60, { maxDim: 3 }, "collapse", "collapse"],
    [60, { maxDim: 3, plan: "flag" }, "simplices", "simplices"],
    [60, { plan: "collapse" }, "collapse", "collapse"],
    [60, { zeroLength: true }, "simplices", "simplices"],
    [60, { representatives: true }, "simplices", "simplices"],
    [60, { maxDim: 0 }, "simplices", "simplices"],
    [2500, { maxDim: 0 }, "stream", "stream"],
  ];
  it.each(cases)("of %i points under %j is %s, as the kernels carry it out", async (n, options, route, plan) => {
    const cloud = gaussian(n, 4);
    expect(routeOf(prepare(toRequest(cloud, options)))).toBe(route);
    expect((await persistence(cloud, options)).plans.at(-1)).toBe(plan);
  });
});

/** Estimates against what the engine really took. Memory does not depend on the machine, so this is exact. */
import { describe, expect, it } from "vitest";
import { defaultMemoryLimit, type EstimateOptions, estimate } from "../../src/engine/estimate.js";
import { Random } from "../../src/random.js";
import { persistence } from "../../src/topology/persistence.js";
import { digitImages, hasMnist } from "../support/mnist.js";

const random = new Random(51);
function gaussian(n: number, d: number) {
  return { data: Float32Array.from({ length: n * d }, () => random.normal()), shape: [n, d] as const };
}

/** Points around a circle: the one large loop spends the budget of work, and lunes take over. */
function annulus(n: number, width: number) {
  const data = new Float32Array(2 * n);
  for (let i = 0; i < n; i++) {
    const angle = 2 * Math.PI * random.uniform();
    const radius = 1 + width * (random.uniform() - 0.5);
    data.set([radius * Math.cos(angle), radius * Math.sin(angle)], 2 * i);
  }
  return { data, shape: [n, 2] as const };
}

const cases: { n: number; d: number; options: EstimateOptions }[] = [
  { n: 10, d: 2, options: {} },
  { n: 50, d: 16, options: {} },
  { n: 200, d: 62, options: {} },
  { n: 500, d: 3, options: {} },
  { n: 1000, d: 16, options: {} },
  { n: 2000, d: 2, options: {} },
  { n: 2000, d: 2, options: { threads: 2 } },
  { n: 300, d: 4, options: { plan: "lunes" } },
  { n: 1000, d: 4, options: { plan: "lunes" } },
  { n: 2000, d: 16, options: { plan: "lunes" } },
  { n: 500, d: 3, options: { maxDim: 0 } },
  { n: 2000, d: 3, options: { maxDim: 0 } },
  { n: 500, d: 40, options: { metric: "manhattan" } },
  { n: 100, d: 3, options: { maxDim: 2 } },
  { n: 200, d: 3, options: { maxDim: 2 } },
  { n: 400, d: 5, options: { maxDim: 2 } },
  { n: 60, d: 4, options: { plan: "flag" } },
  { n: 1000, d: 4, options: { plan: "flag" } },
  { n: 40, d: 4, options: { maxDim: 3 } },
  { n: 80, d: 4, options: { maxDim: 3 } },
  { n: 50, d: 4, options: { plan: "simplices" } },
  { n: 200, d: 4, options: { plan: "simplices" } },
  { n: 100, d: 4, options: { plan: "simplices", maxDim: 2 } },
  { n: 200, d: 4, options: { representatives: true } },
  { n: 200, d: 3, options: { plan: "stream" } },
  { n: 1000, d: 2, options: { plan: "stream", maxDim: 0 } },
  { n: 3000, d: 3, options: {} },
  { n: 3000, d: 20, options: {} },
];

describe("estimate", () => {
  it.each(cases)("n = $n, d = $d, $options: within 0.5 to 1.5 of what was taken", async ({ n, d, options }) => {
    const { memory } = await persistence(gaussian(n, d), options);
    const { engine, least, total, copies } = estimate({ n, d }, options);
    expect(engine / memory).toBeGreaterThanOrEqual(0.5);
    expect(engine / memory).toBeLessThanOrEqual(1.5);
    expect(least).toBeLessThanOrEqual(memory);
    expect(total).toBe(engine + copies);
  });

  it.each([
    [200, 0.5],
    [300, 0.5],
    [600, 0.2],
    [1000, 0.5],
    [1500, 0.3],
    [2000, 1],
  ])("%i points around a circle, where lunes take over: within 0.5 to 1.5", async (n, width) => {
    const { memory, plans } = await persistence(annulus(n, width));
    expect(plans[1]).toBe("lunes");
    const { engine } = estimate({ n, d: 2 });
    expect(engine / memory).toBeGreaterThanOrEqual(0.5);
    expect(engine / memory).toBeLessThanOrEqual(1.5);
  });

  it("counts the second matrix of the plan flag where it was asked for", async () => {
    const n = 600;
    const matrix = 4 * n * n;
    expect(estimate({ n }, { plan: "flag" }).least).toBe(2 * matrix);
    expect(estimate({ n }, { maxDim: 2 }).least).toBeLessThan(1.1 * matrix);
    expect(estimate({ n }, { plan: "flag", zeroLength: true }).least).toBeLessThan(1.1 * matrix);
    const call = persistence(gaussian(n, 3), { plan: "flag", memoryLimit: 1.9 * matrix });
    await expect(call).rejects.toThrow(/for the memory of 600 points, got "at least 3 MiB"/);
  });

  it.skipIf(!hasMnist()).each([
    [1000, 1],
    [3000, 1],
    [400, 2],
  ])("%i images, maxDim %i: within 0.5 to 1.5 of what was taken", async (n, maxDim) => {
    const images = digitImages("train", 1, n);
    const { memory } = await persistence({ data: images.data, shape: [n, 784] }, { maxDim });
    const { engine } = estimate({ n, d: 784, type: "uint8" }, { maxDim });
    expect(engine / memory).toBeGreaterThanOrEqual(0.5);
    expect(engine / memory).toBeLessThanOrEqual(1.5);
  });

  it("counts the copies a thread and a conversion make", () => {
    expect(estimate({ n: 100, d: 10 }).copies).toBe(0);
    expect(estimate({ n: 100, d: 10 }, { worker: true }).copies).toBe(4000);
    expect(estimate({ n: 100 }, { worker: true }).copies).toBe(40_000);
    expect(estimate({ n: 100, d: 10, type: "uint8" }, { metric: "manhattan" }).copies).toBe(8000);
  });

  it("lets 28,000 images with a distance matrix into 4 GiB, and refuses them below with what they need, before any work", async () => {
    const n = 28_000;
    const { engine, least } = estimate({ n, d: 784, type: "uint8" }, { plan: "lazy" });
    expect(engine).toBeLessThan(4 * 2 ** 30 - 65536);
    const cloud = { data: new Uint8Array(n * 4), shape: [n, 4] as const };
    const refused = persistence(cloud, { plan: "lazy", memoryLimit: 2.9 * 2 ** 30 });
    await expect(refused).rejects.toThrow(/28000 points, got "at least 2\.9\d GiB"/);
    await expect(refused).rejects.toMatchObject({ code: "MEMORY_LIMIT", exitCode: 4 });
    expect(least).toBeGreaterThan(2.9 * 2 ** 30);
  });

  it("allows 3.5 GiB, or four fifths of what is free", () => {
    expect(defaultMemoryLimit()).toBeLessThanOrEqual(3.5 * 2 ** 30);
    expect(defaultMemoryLimit()).toBeGreaterThan(0);
  });

  it.each([
    [{ n: 0 }, /n, got 0/],
    [{ n: 2, d: 0.5 }, /d, got 0.5/],
  ])("refuses %j", (input, message) => {
    expect(() => estimate(input)).toThrow(message);
  });
});

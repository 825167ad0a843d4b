/** A memory that served before is full of what it served for: no kernel may count on zeros. */
import { describe, expect, it } from "vitest";
import { planNames } from "../../src/engine/engine.js";
import { instantiate, loadModule } from "../../src/engine/module.js";
import { Random } from "../../src/random.js";

const random = new Random(81);

/** What fills the memory before a computation. */
const patterns: Record<string, () => number> = {
  zeros: () => 0,
  ones: () => 0xffffffff,
  "small numbers": () => random.integer(8),
  noise: () => random.integer(2 ** 32),
};

/** Distances 1 .. 4 or none: ties, and vertices with few neighbours or none. */
function drawLower(n: number): Float32Array {
  return new Float32Array((n * (n - 1)) / 2).map(() => (random.integer(3) === 0 ? Infinity : 1 + random.integer(4)));
}

async function bars(lower: Float32Array, n: number, maxDim: number, plan: number, fill: () => number) {
  const kernels = instantiate(await loadModule("debug"));
  kernels.crewOpen(1);
  const mark = kernels.mark();
  const bytes = 2 ** 19;
  const dirt = new Uint32Array(bytes / 4).map(fill);
  const ptr = kernels.allocate(bytes) >>> 0;
  new Uint32Array(kernels.memory.buffer, ptr, bytes / 4).set(dirt);
  kernels.release(mark);
  const stride = kernels.matrixStride(n);
  const matrix = kernels.allocate(4 * n * stride) >>> 0;
  const rows = new Float32Array(kernels.memory.buffer, matrix, n * stride);
  for (let i = 1; i < n; i++) rows.set(lower.subarray((i * (i - 1)) / 2, (i * (i + 1)) / 2), i * stride);
  expect(kernels.mirrorLower(matrix, n)).toBe(-1);
  kernels.sealMatrix(matrix, n);
  const results = kernels.allocate(16 * (maxDim + 1)) >>> 0;
  expect(kernels.ripsPersistence(matrix, n, maxDim, 4, 3, false, plan, results)).toBe(0);
  return Array.from({ length: maxDim + 1 }, (_, dim) => {
    const [at, count, columns, done] = new Uint32Array(kernels.memory.buffer, results + 16 * dim, 4);
    return { bars: [...new Float32Array(kernels.memory.buffer, at!, 2 * count!)], columns, done };
  });
}

describe("a memory that is not empty", () => {
  it.each(planNames.map((name, plan) => [name, plan] as const))(
    "changes nothing under the plan %s",
    async (_, plan) => {
      for (let round = 0; round < 12; round++) {
        const n = 4 + random.integer(10);
        const lower = drawLower(n);
        const maxDim = 1 + (round % 3);
        const clean = await bars(lower, n, maxDim, plan, patterns.zeros!);
        for (const fill of Object.values(patterns)) expect(await bars(lower, n, maxDim, plan, fill)).toEqual(clean);
      }
    },
  );
});

import { describe, expect, it } from "vitest";
import { computeDistances, type PointsSource } from "../../src/engine/engine.js";
import { loadModule } from "../../src/engine/module.js";
import { Random } from "../../src/random.js";

const LIMIT = 2 ** 30;

/** The definition, in float64. */
function textbook(source: PointsSource): Float64Array {
  const { data, n, d, scale, metric } = source;
  const result = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let k = 0; k < d; k++) sum += (data[i * d + k]! - data[j * d + k]!) ** 2;
      result[i * n + j] = metric === "sqeuclidean" ? sum * (scale * scale) : Math.sqrt(sum) * scale;
    }
  return result;
}

describe.each(["release", "debug"] as const)("pairwise distances (%s)", (variant) => {
  it.each([1, 2, 3, 5, 95, 96, 97, 200])("bytes are exact for n = %i", async (n) => {
    const { module } = await loadModule(variant);
    const random = new Random(1, n);
    for (const d of [1, 7, 8, 9, 784]) {
      const data = Uint8Array.from({ length: n * d }, () => random.integer(256));
      const source = { kind: "points", data, n, d, scale: 1 / 255, metric: "euclidean", arithmetic: "i16" } as const;
      // The sum of squares is an integer, so the one rounding to float32 is the only one allowed.
      expect(computeDistances(module, source, LIMIT)).toEqual(Float32Array.from(textbook(source)));
      const squares = { ...source, scale: 1, metric: "sqeuclidean" } as const;
      expect(computeDistances(module, squares, LIMIT)).toEqual(Float32Array.from(textbook(squares)));
    }
  });

  it.each([1, 2, 4, 96, 100])("float32 differences agree to 2e-6 and are symmetric for n = %i", async (n) => {
    const { module } = await loadModule(variant);
    const random = new Random(2, n);
    for (const d of [1, 3, 4, 5, 62, 784]) {
      const data = Float32Array.from({ length: n * d }, () => random.normal());
      data.copyWithin(0, (n - 1) * d, n * d);
      const source = { kind: "points", data, n, d, scale: 1, metric: "euclidean", arithmetic: "f32" } as const;
      const found = computeDistances(module, source, LIMIT);
      const truth = textbook(source);
      // Counted, not asserted one by one: an assertion costs more than a distance.
      let wrong = 0;
      for (let i = 0; i < n; i++)
        for (let j = 0; j < n; j++) {
          if (found[i * n + j] !== found[j * n + i]) wrong += 1;
          if (!(Math.abs(found[i * n + j]! - truth[i * n + j]!) <= 2e-6 * truth[i * n + j]!)) wrong += 1;
        }
      expect(wrong).toBe(0);
      // Row 0 is a copy of the last row: exactly 0, not nearly.
      expect(found[n - 1]).toBe(0);
    }
  });

  it("float64 differences agree to one rounding at extreme scales", async () => {
    const { module } = await loadModule(variant);
    const random = new Random(3);
    for (const size of [1e-30, 1, 1e30]) {
      const n = 20;
      const d = 5;
      const data = Float64Array.from({ length: n * d }, () => random.normal() * size);
      const source = { kind: "points", data, n, d, scale: 1, metric: "euclidean", arithmetic: "f64" } as const;
      const found = computeDistances(module, source, LIMIT);
      const truth = textbook(source);
      for (let i = 0; i < n * n; i++)
        expect(Math.abs(found[i]! - truth[i]!)).toBeLessThanOrEqual(2 ** -23 * truth[i]! + 1e-44);
    }
  });
});

import { describe, expect, it } from "vitest";
import { distinctPoints } from "../../src/engine/distinct.js";
import type { PointsSource } from "../../src/engine/engine.js";
import { Random } from "../../src/random.js";
import { persistence } from "../../src/topology/persistence.js";

const source = (data: PointsSource["data"], d: number): PointsSource => ({
  kind: "points",
  data,
  n: data.length / d,
  d,
  scale: 1,
  metric: "euclidean",
  arithmetic: data instanceof Uint8Array ? "i16" : "f32",
});

describe("distinctPoints", () => {
  it("is the source itself where no point repeats another", () => {
    const points = source(Float32Array.of(1, 2, 2, 1, 0, -0), 2);
    expect(distinctPoints(points)).toBe(points);
  });

  it("keeps first occurrences in order, of bytes and floats, whether or not rows fall on words", () => {
    for (const d of [1, 2, 3, 4, 8]) {
      const random = new Random(7, "distinct", d);
      for (const make of [
        (values: number[]) => Uint8Array.from(values),
        (values: number[]) => Float32Array.from(values),
        (values: number[]) => Float64Array.from(values),
        // A view that begins between words.
        (values: number[]) => Uint8Array.from([0, ...values]).subarray(1),
      ]) {
        const rows = Array.from({ length: 300 }, () => Array.from({ length: d }, () => random.integer(3)));
        const expected = [...new Map(rows.map((row) => [row.join(), row])).values()];
        const found = distinctPoints(source(make(rows.flat()), d));
        expect(found.n).toBe(expected.length);
        expect([...found.data]).toEqual(expected.flat());
      }
    }
  });

  it("changes no diagram: points of which most repeat others stream as the others alone", async () => {
    const random = new Random(8, "distinct");
    const once = Float32Array.from({ length: 400 * 3 }, () => random.normal());
    const data = new Float32Array(3000 * 3);
    for (let i = 0; i < 3000; i++) {
      const from = i < 400 ? i : random.integer(400);
      data.set(once.subarray(3 * from, 3 * from + 3), 3 * i);
    }
    const single = await persistence({ data: once, shape: [400, 3] }, { plan: "simplices" });
    for (const threads of [1, 2]) {
      const found = await persistence({ data, shape: [3000, 3] }, { threads });
      expect(found.plans).toEqual(["stream", "stream"]);
      expect(found.n).toBe(3000);
      expect(found.columns[0]).toBe(400);
      expect(found.diagrams).toEqual(single.diagrams);
    }
    const equal = await persistence({ data: new Float32Array(9000).fill(2), shape: [3000, 3] });
    expect(equal.diagrams.map(({ births, deaths }) => [[...births], [...deaths]])).toEqual([
      [[0], [Number.POSITIVE_INFINITY]],
      [[], []],
    ]);
  });
});

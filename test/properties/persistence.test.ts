/** What must hold for every input, drawn by fast-check. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { persistence } from "../../src/topology/persistence.js";
import { pairs } from "../support/diagrams.js";

/** A symmetric matrix of small integers, so that ties rule. */
const matrices = fc
  .integer({ min: 1, max: 9 })
  .chain((n) =>
    fc
      .array(fc.integer({ min: 0, max: 5 }), { minLength: (n * (n - 1)) / 2, maxLength: (n * (n - 1)) / 2 })
      .map((lower) => ({ distances: Float32Array.from(lower), n })),
  );
const clouds = fc.record({ n: fc.integer({ min: 1, max: 14 }), d: fc.integer({ min: 1, max: 3 }) }).chain(({ n, d }) =>
  fc.array(fc.array(fc.integer({ min: -40, max: 40 }), { minLength: d, maxLength: d }), {
    minLength: n,
    maxLength: n,
  }),
);
const maxDim = 2;

function square({ distances, n }: { distances: Float32Array; n: number }): Float32Array {
  const full = new Float32Array(n * n);
  for (let i = 1, at = 0; i < n; i++)
    for (let j = 0; j < i; j++, at++) {
      full[i * n + j] = distances[at]!;
      full[j * n + i] = distances[at]!;
    }
  return full;
}

describe("persistence", () => {
  it("does not depend on the order of the points", async () => {
    await fc.assert(
      fc.asyncProperty(clouds, fc.infiniteStream(fc.nat()), async (points, keys) => {
        const shuffled = points
          .map((point) => ({ point, key: keys.next().value as number }))
          .sort((a, b) => a.key - b.key)
          .map(({ point }) => point);
        expect(pairs(await persistence(shuffled, { maxDim }))).toEqual(pairs(await persistence(points, { maxDim })));
      }),
    );
  });

  it("scales exactly by powers of two", async () => {
    await fc.assert(
      fc.asyncProperty(clouds, fc.integer({ min: -60, max: 60 }), async (points, exponent) => {
        const factor = 2 ** exponent;
        const scaled = await persistence(
          points.map((point) => point.map((x) => x * factor)),
          { maxDim },
        );
        const expected = pairs(await persistence(points, { maxDim })).map((intervals) =>
          intervals.map(([birth, death]) => [birth * factor, death * factor]),
        );
        expect(pairs(scaled)).toEqual(expected);
      }),
    );
  });

  it("is the same from the square matrix, the lower triangle and the points", async () => {
    await fc.assert(
      fc.asyncProperty(matrices, async (lower) => {
        const full = { distances: square(lower), n: lower.n };
        expect(pairs(await persistence(full, { maxDim }))).toEqual(pairs(await persistence(lower, { maxDim })));
      }),
    );
  });

  it("under a threshold is the truncation of the full diagram", async () => {
    await fc.assert(
      fc.asyncProperty(matrices, fc.integer({ min: 0, max: 6 }), async (matrix, threshold) => {
        const full = pairs(await persistence(matrix, { maxDim }));
        const cut = full.map((intervals) =>
          intervals
            .filter(([birth]) => birth <= threshold)
            .map(([birth, death]) => [birth, death > threshold ? Infinity : death] as const)
            .sort((a, b) => a[0] - b[0] || (a[1] === b[1] ? 0 : a[1] - b[1])),
        );
        expect(pairs(await persistence(matrix, { maxDim, threshold }))).toEqual(cut);
      }),
    );
  });

  it("ignores duplicates of points", async () => {
    await fc.assert(
      fc.asyncProperty(clouds, fc.nat(), async (points, which) => {
        const more = [...points, points[which % points.length]!];
        expect(pairs(await persistence(more, { maxDim }))).toEqual(pairs(await persistence(points, { maxDim })));
      }),
    );
  });

  it("has the Euler characteristic of the complex at every scale", async () => {
    await fc.assert(
      fc.asyncProperty(
        matrices.filter(({ n }) => n <= 7),
        fc.integer({ min: 0, max: 5 }),
        async (matrix, scale) => {
          const { n } = matrix;
          const full = square(matrix);
          let simplices = 0;
          for (let set = 1; set < 1 << n; set++) {
            const vertices = [...Array(n).keys()].filter((v) => set & (1 << v));
            const within = vertices.every((i) => vertices.every((j) => i === j || full[i * n + j]! <= scale));
            if (within) simplices += vertices.length % 2 ? 1 : -1;
          }
          const { diagrams } = await persistence(matrix, { maxDim: 5, threshold: 6 });
          const betti = diagrams.map(
            ({ births, deaths }) => births.filter((birth, i) => birth <= scale && scale < deaths[i]!).length,
          );
          expect(betti.reduce((sum, count, dim) => sum + (dim % 2 ? -count : count), 0)).toBe(simplices);
        },
      ),
    );
  });

  it("kills components at the weights of a minimum spanning tree (Kruskal)", async () => {
    await fc.assert(
      fc.asyncProperty(matrices, async ({ distances, n }) => {
        const edges: { i: number; j: number; length: number }[] = [];
        for (let i = 1, at = 0; i < n; i++) for (let j = 0; j < i; j++) edges.push({ i, j, length: distances[at++]! });
        edges.sort((a, b) => a.length - b.length);
        const component = [...Array(n).keys()];
        const weights: number[] = [];
        for (const { i, j, length } of edges) {
          if (component[i] === component[j]) continue;
          const [from, to] = [component[i]!, component[j]!];
          component.forEach((c, v) => {
            if (c === from) component[v] = to;
          });
          weights.push(length);
        }
        const { diagrams } = await persistence({ distances, n }, { maxDim: 0, zeroLength: true });
        expect([...diagrams[0]!.deaths]).toEqual([...weights, Infinity]);
      }),
    );
  });
});

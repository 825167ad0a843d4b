/** What must hold for every input, drawn by fast-check. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { planNames } from "../../src/engine/engine.js";
import { parseInput } from "../../src/io/cloud-file.js";
import type { DistancesInput } from "../../src/io/distances.js";
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

/**
 * Whether two diagrams can be matched with no interval moving further than `most`, the rest matched with the diagonal
 * (augmenting paths in the graph of allowed pairs).
 */
function withinBottleneck(a: [number, number][], b: [number, number][], most: number): boolean {
  const short = ([birth, death]: [number, number]) => (death - birth) / 2 <= most;
  const near = (x: [number, number], y: [number, number]) =>
    Math.abs(x[0] - y[0]) <= most && (x[1] === y[1] || Math.abs(x[1] - y[1]) <= most);
  // Left: a, then one diagonal place for each of b. Right: b, then one diagonal place for each of a.
  const size = a.length + b.length;
  const allowed = (i: number, j: number): boolean => {
    if (i < a.length) return j < b.length ? near(a[i]!, b[j]!) : short(a[i]!);
    return j < b.length ? short(b[j]!) : true;
  };
  const partner = new Array<number>(size).fill(-1);
  const place = (i: number, seen: Set<number>): boolean => {
    for (let j = 0; j < size; j++) {
      if (seen.has(j) || !allowed(i, j)) continue;
      seen.add(j);
      if (partner[j]! < 0 || place(partner[j]!, seen)) {
        partner[j] = i;
        return true;
      }
    }
    return false;
  };
  return Array.from({ length: size }, (_, i) => i).every((i) => place(i, new Set()));
}

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

  it("is the same from the square matrix, the lower triangle, the upper one and a sparse list, also with gaps", async () => {
    await fc.assert(
      fc.asyncProperty(matrices, fc.infiniteStream(fc.nat(3)), async (drawn, gaps) => {
        const distances = drawn.distances.map((value) => (gaps.next().value === 0 ? Infinity : value));
        const lower = { distances, n: drawn.n };
        const full = square(lower);
        const { n } = lower;
        const expected = pairs(await persistence(lower, { maxDim }));
        expect(pairs(await persistence({ distances: full, n }, { maxDim }))).toEqual(expected);
        // A point's distance to itself keeps the last point, should it be isolated.
        const lines = [`${n - 1} ${n - 1} 0`];
        for (let i = 0; i < n; i++)
          for (let j = i + 1; j < n; j++) if (full[i * n + j]! < Infinity) lines.push(`${i} ${j} ${full[i * n + j]}`);
        const sparse = parseInput(Buffer.from(lines.join("\n")), { path: "sparse", format: "sparse" });
        const { distances: read } = sparse as DistancesInput;
        expect(pairs(await persistence({ distances: read, n }, { maxDim }))).toEqual(expected);
      }),
    );
  });

  it("is the same by every plan and build", async () => {
    await fc.assert(
      fc.asyncProperty(clouds, fc.constantFrom(2, 3, 5), async (points, modulus) => {
        const expected = pairs(await persistence(points, { maxDim, modulus }));
        for (const plan of planNames)
          for (const variant of ["release", "debug"] as const)
            expect(pairs(await persistence(points, { maxDim, modulus, plan, variant })), plan).toEqual(expected);
      }),
      { numRuns: 40 },
    );
  });

  it("moves no further than the distances do: bottleneck stability", async () => {
    await fc.assert(
      fc.asyncProperty(
        matrices,
        fc.integer({ min: 0, max: 8 }),
        fc.infiniteStream(fc.integer()),
        async (matrix, size, noise) => {
          // Eighths are exact in float32. The whole filtration is compared: a cut would not be stable.
          const most = size / 8;
          const step = () => (Number(noise.next().value) % (size + 1)) / 8;
          const moved = { distances: matrix.distances.map((value) => Math.max(0, value + step())), n: matrix.n };
          const [before, after] = [await persistence(matrix, { maxDim }), await persistence(moved, { maxDim })];
          for (let dim = 0; dim <= maxDim; dim++)
            expect(withinBottleneck(pairs(before)[dim]!, pairs(after)[dim]!, most)).toBe(true);
        },
      ),
    );
  });

  it("begins one loop for every edge of the relative neighbourhood graph off a spanning forest", async () => {
    await fc.assert(
      fc.asyncProperty(
        matrices,
        fc.infiniteStream(fc.nat()),
        fc.double({ min: 0, max: 1, noNaN: true }),
        async (matrix, keys, part) => {
          // Different lengths, so that no loop has length zero: with ties the count includes those.
          const { n } = matrix;
          const order = Array.from(matrix.distances, (_, i) => ({ i, key: keys.next().value as number }));
          order.sort((a, b) => a.key - b.key || a.i - b.i);
          const distances = new Float32Array(order.length);
          order.forEach(({ i }, length) => {
            distances[i] = length + 1;
          });
          const threshold = Math.floor(part * order.length);
          const full = square({ distances, n });
          let graph = 0;
          for (let i = 0; i < n; i++)
            for (let j = 0; j < i; j++) {
              const length = full[i * n + j]!;
              const inLune = (k: number) =>
                k !== i && k !== j && full[i * n + k]! < length && full[j * n + k]! < length;
              if (length <= threshold && ![...Array(n).keys()].some(inLune)) graph += 1;
            }
          for (const plan of planNames) {
            const { diagrams } = await persistence({ distances, n }, { maxDim: 1, threshold, plan });
            const components = diagrams[0]!.deaths.filter((death) => death === Infinity).length;
            expect(diagrams[1]!.births.length, plan).toBe(graph - (n - components));
          }
        },
      ),
    );
  });

  it("counts the same loops with those of length zero where distances tie", async () => {
    await fc.assert(
      fc.asyncProperty(matrices, async ({ distances, n }) => {
        const full = square({ distances, n });
        // Rank by (length, larger vertex, smaller vertex); the count does not depend on how ties are broken.
        const rank = (i: number, j: number): number => full[i * n + j]! * n * n + Math.max(i, j) * n + Math.min(i, j);
        let graph = 0;
        for (let i = 0; i < n; i++)
          for (let j = 0; j < i; j++) {
            const inLune = (k: number) => k !== i && k !== j && Math.max(rank(i, k), rank(j, k)) < rank(i, j);
            if (![...Array(n).keys()].some(inLune)) graph += 1;
          }
        const threshold = Math.max(0, ...distances);
        const lazy = await persistence({ distances, n }, { maxDim: 1, plan: "lazy", threshold });
        const enclosing = lazy.threshold === threshold;
        const loops = lazy.diagrams[1]!.births.length;
        expect(loops).toBeLessThanOrEqual(graph - (n - 1));
        // The columns of this plan are these births, those of length zero included.
        if (enclosing && n >= 4) expect(lazy.columns[1]).toBe(graph - (n - 1));
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

/** Spaces whose Vietoris–Rips complexes are known exactly. */
import { describe, expect, it } from "vitest";
import type { PlanName } from "../../src/engine/engine.js";
import { persistence } from "../../src/topology/persistence.js";
import { pairs } from "../support/diagrams.js";

/** All distances between the vertices of a graph, by breadth-first search. */
function graphDistances(n: number, neighbours: (v: number) => number[]): { distances: Float32Array; n: number } {
  const distances = new Float32Array(n * n).fill(Infinity);
  for (let start = 0; start < n; start++) {
    distances[start * n + start] = 0;
    const queue = [start];
    for (const v of queue)
      for (const w of neighbours(v))
        if (distances[start * n + w] === Infinity) {
          distances[start * n + w] = distances[start * n + v]! + 1;
          queue.push(w);
        }
  }
  return { distances, n };
}

/** Grid points round a torus or a Klein bottle, each joined to the eight around it. */
function surface(across: number, along: number, twisted: boolean): { distances: Float32Array; n: number } {
  const number = (i: number, j: number): number => {
    const wrapped = ((i % across) + across) % across;
    const turned = twisted && wrapped !== i ? -j : j;
    return wrapped * along + (((turned % along) + along) % along);
  };
  return graphDistances(across * along, (v) => {
    const i = Math.floor(v / along);
    const j = v % along;
    return [-1, 0, 1].flatMap((a) => [-1, 0, 1].map((b) => number(i + a, j + b))).filter((w) => w !== v);
  });
}

const essential = async (input: { distances: Float32Array; n: number }, modulus: number, plan: PlanName) => {
  const { diagrams } = await persistence(input, { maxDim: 2, threshold: 1, modulus, plan });
  return diagrams.map(({ deaths }) => deaths.filter((death) => death === Infinity).length);
};
const repeated = (count: number, interval: [number, number]) => Array.from({ length: count }, () => interval);

describe.each(["lazy", "lunes", "flag", "collapse", "simplices"] as const)("loops by the plan %s", (plan) => {
  it.each([
    [2, false, 2],
    [3, false, 2],
    [2, true, 2],
    [3, true, 1],
    [65521, true, 1],
  ])("over Z/%i, twisted %s: %i", async (modulus, twisted, loops) => {
    const { diagrams } = await persistence(surface(8, 9, twisted), { maxDim: 1, threshold: 1, modulus, plan });
    expect(diagrams[1]!.deaths.filter((death) => death === Infinity).length).toBe(loops);
  });
});

describe.each(["automatic", "simplices", "flag", "lunes", "collapse"] as const)("by the plan %s", (plan) => {
  it.each([2, 3, 7])("a torus has two loops and a void over Z/%i", async (modulus) => {
    expect(await essential(surface(6, 7, false), modulus, plan)).toEqual([1, 2, 1]);
    // The product of two five-cycles under the maximum: complexes are products, and a five-cycle is a circle on [1, 2).
    const distances = Float32Array.from({ length: 625 }, (_, at) => {
      const [v, w] = [Math.floor(at / 25), at % 25];
      const round = (a: number, b: number) => Math.min((a - b + 5) % 5, (b - a + 5) % 5);
      return Math.max(round(Math.floor(v / 5), Math.floor(w / 5)), round(v % 5, w % 5));
    });
    expect(pairs(await persistence({ distances, n: 25 }, { maxDim: 2, modulus, plan }))).toEqual([
      [...repeated(24, [0, 1]), [0, Infinity]],
      repeated(2, [1, 2]),
      repeated(1, [1, 2]),
    ]);
  });

  it("a Klein bottle has torsion: its void and one loop are seen over Z/2 only", async () => {
    expect(await essential(surface(6, 7, true), 2, plan)).toEqual([1, 2, 1]);
    expect(await essential(surface(6, 7, true), 3, plan)).toEqual([1, 1, 0]);
    expect(await essential(surface(7, 6, true), 65521, plan)).toEqual([1, 1, 0]);
  });

  it.each([
    [2, false, [1, 0, 2]],
    [3, false, [1, 0, 2]],
    [251, false, [1, 0, 2]],
    [2, true, [1, 0, 2]],
    [3, true, [1, 0, 1]],
    [65521, true, [1, 0, 1]],
  ])("a suspension moves loops up to voids: over Z/%i, twisted %s", async (modulus, twisted, betti) => {
    // Two more points, joined to all others but not to each other.
    const { distances, n } = surface(6, 7, twisted);
    const suspended = Float32Array.from({ length: (n + 2) ** 2 }, (_, at) => {
      const [i, j] = [Math.floor(at / (n + 2)), at % (n + 2)];
      if (i < n && j < n) return distances[i * n + j]!;
      return i === j ? 0 : i >= n && j >= n ? 2 : 1;
    });
    expect(await essential({ distances: suspended, n: n + 2 }, modulus, plan)).toEqual(betti);
  });

  it("an icosahedron is a sphere, then its longer diagonals make a sphere of dimension 5", async () => {
    const golden = (1 + Math.sqrt(5)) / 2;
    const corners = [0, 1, 2].flatMap((axis) =>
      [1, -1].flatMap((a) =>
        [golden, -golden].map((b) => {
          const point = [0, 0, 0];
          point[axis] = a;
          point[(axis + 1) % 3] = b;
          return point;
        }),
      ),
    );
    const edge = 2;
    const diagonal = Math.fround(2 * golden);
    const far = Math.fround(2 * Math.sqrt(1 + golden ** 2));
    expect(pairs(await persistence(corners, { maxDim: 5, plan }))).toEqual([
      [...repeated(11, [0, edge]), [0, Infinity]],
      [],
      [[edge, diagonal]],
      [],
      [],
      [[diagonal, far]],
    ]);
  });

  it.each([
    [2, 1, 0],
    [3, 5, 1],
    [4, 17, 9],
  ])(
    "the cube of dimension %i under the Hamming distance has %i loops, then %i three-spheres",
    async (k, loops, spheres) => {
      // Scale 1: the graph, k 2^(k-1) - 2^k + 1 loops. Scale 2: a wedge of three-spheres (Adams and Adamaszek, "On
      // Vietoris–Rips complexes of hypercube graphs", 2022). Scale 3 and more: no homology in dimensions 1 to 3 for k ≤ 4.
      const n = 2 ** k;
      const cube = graphDistances(n, (v) => Array.from({ length: k }, (_, bit) => v ^ (1 << bit)));
      const { diagrams } = await persistence(cube, { maxDim: 3, plan });
      expect(pairs({ diagrams })).toEqual([
        [...repeated(n - 1, [0, 1]), [0, Infinity]],
        repeated(loops, [1, 2]),
        [],
        repeated(spheres, [2, 3]),
      ]);
    },
  );
});

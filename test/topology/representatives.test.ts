/** Representatives judged by exact linear algebra on the complexes themselves. */
import { describe, expect, it } from "vitest";
import type { Chain } from "../../src/engine/representatives.js";
import { Random } from "../../src/random.js";
import { type PersistenceResult, persistence } from "../../src/topology/persistence.js";
import { apply, boundaries, level, rank, transpose } from "../reference/chains.js";
import { referenceEnclosingRadius } from "../reference/persistence.js";

/** A chain as a row over the simplices of a level; simplices that are not in it are dropped. */
function row(chain: Chain, dim: number, numberOf: ReadonlyMap<string, number>, length: number): number[] {
  const result = new Array<number>(length).fill(0);
  chain.coefficients.forEach((coefficient, i) => {
    const number = numberOf.get(Array.from(chain.vertices.subarray(i * (dim + 1), (i + 1) * (dim + 1))).join());
    if (number !== undefined) result[number] = coefficient;
  });
  return result;
}

function diameters(chain: Chain, dim: number, matrix: ArrayLike<number>, n: number): number[] {
  return Array.from(chain.coefficients, (_, i) => {
    const vertices = Array.from(chain.vertices.subarray(i * (dim + 1), (i + 1) * (dim + 1)));
    return Math.max(0, ...vertices.flatMap((v) => vertices.filter((w) => w < v).map((w) => matrix[v * n + w]!)));
  });
}

/** Checks everything the documentation promises, at every scale at which something happens. */
function judge(result: PersistenceResult, matrix: Float32Array, n: number): void {
  const { modulus, threshold } = result;
  const scales = [...new Set([0, ...matrix])].filter((value) => value <= threshold).sort((a, b) => a - b);
  result.diagrams.forEach(({ births, deaths, representatives }, dim) => {
    const { cocycles, cycles } = representatives!;
    expect(cocycles.length).toBe(births.length);
    expect(cycles.length).toBe(births.length);
    births.forEach((birth, i) => {
      for (const chain of [cocycles[i]!, cycles[i]!]) {
        expect(chain.vertices.length).toBe(chain.coefficients.length * (dim + 1));
        expect(chain.coefficients.every((value) => value >= 1 && value < modulus)).toBe(true);
      }
      expect(Math.min(...diameters(cocycles[i]!, dim, matrix, n))).toBe(birth);
      expect(Math.max(...diameters(cycles[i]!, dim, matrix, n))).toBe(birth);
    });
    for (const scale of scales) {
      const below = dim > 0 ? level(matrix, n, dim - 1, scale) : undefined;
      const here = level(matrix, n, dim, scale);
      const above = level(matrix, n, dim + 1, scale);
      const count = here.simplices.length;
      const up = boundaries(above, here, modulus);
      const coboundary = transpose(up, count);
      const down = below ? boundaries(here, below, modulus) : undefined;
      const aliveCocycles: number[][] = [];
      const aliveCycles: number[][] = [];
      births.forEach((birth, i) => {
        const cocycle = row(cocycles[i]!, dim, here.numberOf, count);
        const cycle = row(cycles[i]!, dim, here.numberOf, count);
        const closed = apply(cocycle, coboundary, modulus).every((value) => value === 0);
        if (birth <= scale && scale < deaths[i]!) {
          expect(closed, "a cocycle while it lives").toBe(true);
          aliveCocycles.push(cocycle);
          aliveCycles.push(cycle);
        }
        if (scale === deaths[i]) expect(closed, "no cocycle at its death").toBe(false);
        if (birth <= scale && down) expect(apply(cycle, down, modulus).every((value) => value === 0)).toBe(true);
        if (scale === deaths[i])
          expect(rank([...up, cycle], modulus), "a boundary at its death").toBe(rank(up, modulus));
      });
      // Independent modulo coboundaries and boundaries, and as many as there are classes: bases.
      const images = down ? transpose(down, below!.simplices.length) : [];
      const betti = count - (down ? rank(down, modulus) : 0) - rank(up, modulus);
      expect(aliveCocycles.length).toBe(betti);
      expect(rank([...images, ...aliveCocycles], modulus)).toBe(rank(images, modulus) + betti);
      expect(rank([...up, ...aliveCycles], modulus)).toBe(rank(up, modulus) + betti);
    }
  });
}

describe("representatives", () => {
  it.each([2, 3, 5])("are bases of homology and cohomology at every scale, over Z/%i", async (modulus) => {
    const random = new Random(41, modulus);
    for (let round = 0; round < 60; round++) {
      const n = 2 + random.integer(8);
      const kinds = 1 + random.integer(6);
      const matrix = new Float32Array(n * n);
      for (let i = 0; i < n; i++)
        for (let j = 0; j < i; j++) {
          let value = round % 3 === 0 ? Math.min(i - j, n - i + j) : 1 + random.integer(kinds);
          if (round % 4 === 1) value = i >> 1 === j >> 1 ? 5 : 1 + random.integer(2);
          if (random.integer(12) === 0) value = 0;
          matrix[i * n + j] = value;
          matrix[j * n + i] = value;
        }
      const threshold = round % 5 === 0 ? 2 : referenceEnclosingRadius(matrix, n);
      const result = await persistence(
        { distances: matrix, n },
        { maxDim: 2, modulus, threshold, representatives: true },
      );
      judge(result, matrix, n);
      const { diagrams } = await persistence({ distances: matrix, n }, { maxDim: 2, modulus, threshold });
      expect(result.diagrams.map(({ births, deaths }) => ({ births, deaths }))).toEqual(
        diagrams.map(({ births, deaths }) => ({ births, deaths })),
      );
    }
  });

  it("go round a circle once, and come the same from a thread", async () => {
    const points = Array.from({ length: 12 }, (_, i) => [Math.cos((Math.PI * i) / 6), Math.sin((Math.PI * i) / 6)]);
    const inline = await persistence(points, { representatives: true });
    const [cycle] = inline.diagrams[1]!.representatives!.cycles;
    expect(cycle!.coefficients.length).toBe(12);
    const sides = new Set(Array.from({ length: 12 }, (_, i) => [i, (i + 1) % 12].sort((a, b) => a - b).join()));
    for (let i = 0; i < 12; i++) expect(sides.delete(cycle!.vertices.subarray(2 * i, 2 * i + 2).join())).toBe(true);
    const threaded = await persistence(points, { representatives: true, signal: new AbortController().signal });
    expect(threaded).toEqual(inline);
  });

  it("find the loops of two circles, each in its own half", async () => {
    const loop = (at: number) =>
      Array.from({ length: 20 }, (_, i) => [at + Math.cos((Math.PI * i) / 10), Math.sin((Math.PI * i) / 10)]);
    const { diagrams } = await persistence([...loop(-5), ...loop(5)], { representatives: true });
    const { births, deaths, representatives } = diagrams[1]!;
    const long = Array.from(births.keys()).filter((i) => deaths[i]! - births[i]! > 0.5);
    const halves = long.map((i) => {
      const { vertices } = representatives!.cycles[i]!;
      return vertices.every((v) => v < 20) ? "left" : vertices.every((v) => v >= 20) ? "right" : "both";
    });
    expect(halves.sort()).toEqual(["left", "right"]);
  });

  it("refuse what they cannot be had with", async () => {
    const points = [[0], [1]];
    await expect(persistence(points, { representatives: true, zeroLength: true })).rejects.toThrow(
      /zeroLength, got true/,
    );
    await expect(persistence(points, { representatives: true, plan: "lazy" })).rejects.toThrow(/plan, got "lazy"/);
    expect((await persistence(points)).diagrams[0]!.representatives).toBeUndefined();
  });
});

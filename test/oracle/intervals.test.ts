/** Barcodes equal to Ripser's and GUDHI's (independent native programs) wherever they are installed. */
import { describe, expect, it } from "vitest";
import { computeDistances, type PointsSource, planNames } from "../../src/engine/engine.js";
import { loadModule } from "../../src/engine/module.js";
import { parseInput } from "../../src/io/cloud-file.js";
import { Random } from "../../src/random.js";
import { persistence } from "../../src/topology/persistence.js";
import { referenceEnclosingRadius } from "../reference/persistence.js";
import { pairs } from "../support/diagrams.js";
import { digitImages, hasMnist } from "../support/mnist.js";
import {
  gudhiIntervals,
  hasGudhi,
  isInstalled,
  type OracleDiagrams,
  ripserIntervals,
  ripserSparseIntervals,
} from "../support/oracles.js";

const LIMIT = 2 ** 30;

/** A distance matrix whose entries are exact in six digits, so that Ripser's output can be compared exactly. */
function sixDigits(matrix: Float32Array): Float32Array {
  return matrix.map((value) => Number(value.toPrecision(6)));
}

async function matrixOf(source: PointsSource): Promise<Float32Array> {
  return computeDistances((await loadModule()).module, source, LIMIT);
}

function floatPoints(data: Float32Array, n: number, d: number): PointsSource {
  return { kind: "points", data, n, d, scale: 1, metric: "euclidean", arithmetic: "f32" };
}

async function inputs(): Promise<{ name: string; matrix: Float32Array; n: number; maxDim: number }[]> {
  const random = new Random(21);
  const cloud = (n: number, d: number, draw: () => number) =>
    matrixOf(floatPoints(Float32Array.from({ length: n * d }, draw), n, d));
  const normal = () => random.normal();
  const grid = () => random.integer(4);
  const list = [
    { name: "random, d = 2", matrix: sixDigits(await cloud(120, 2, normal)), n: 120, maxDim: 2 },
    { name: "random, d = 8", matrix: sixDigits(await cloud(80, 8, normal)), n: 80, maxDim: 2 },
    { name: "tied: a grid with duplicates", matrix: sixDigits(await cloud(70, 3, grid)), n: 70, maxDim: 2 },
    { name: "collinear", matrix: sixDigits(await cloud(60, 1, normal)), n: 60, maxDim: 2 },
    { name: "all equal", matrix: new Float32Array(900), n: 30, maxDim: 1 },
  ];
  if (hasMnist()) {
    const images = digitImages("test", 4, 150);
    const matrix = await matrixOf({
      ...images,
      kind: "points",
      scale: 1 / 255,
      metric: "euclidean",
      arithmetic: "i16",
    });
    list.push({ name: "MNIST, digit 4", matrix: sixDigits(matrix), n: 150, maxDim: 1 });
  }
  return list;
}

/** What the oracle prints, as float32. */
function rounded(diagrams: OracleDiagrams): OracleDiagrams {
  return diagrams.map((intervals) => intervals.map(([birth, death]) => [Math.fround(birth), Math.fround(death)]));
}

describe.skipIf(!isInstalled("ripser"))("Ripser", () => {
  it("agrees on random, tied, duplicate, collinear and MNIST inputs", async () => {
    for (const { name, matrix, n, maxDim } of await inputs()) {
      const found = await persistence({ distances: matrix, n }, { maxDim });
      expect(pairs(found), name).toEqual(rounded(ripserIntervals(matrix, n, { maxDim })));
    }
  });

  it("agrees by every plan", async () => {
    for (const { name, matrix, n, maxDim } of (await inputs()).filter((input) => input.n <= 120)) {
      const oracle = rounded(ripserIntervals(matrix, n, { maxDim }));
      for (const plan of planNames)
        for (const highest of [1, 2])
          expect(
            pairs(await persistence({ distances: matrix, n }, { maxDim: highest, plan })),
            `${name}, ${plan}`,
          ).toEqual(
            oracle.slice(0, highest + 1).concat(Array.from({ length: Math.max(0, highest - maxDim) }, () => [])),
          );
    }
  });

  it("agrees on sparse lists of edges, where missing pairs are never joined", async () => {
    const random = new Random(22);
    for (const [n, share] of [
      [60, 0.5],
      [120, 0.15],
      [200, 0.05],
    ] as const) {
      const lines: string[] = [];
      for (let i = 0; i < n; i++)
        for (let j = 0; j < i; j++)
          if (random.uniform() < share || i - j === 1)
            lines.push(`${i} ${j} ${(random.uniform() + 0.5).toPrecision(6)}`);
      const text = `${random.shuffle(lines).join("\n")}\n`;
      const input = parseInput(Buffer.from(text), { path: "edges", format: "sparse" });
      if (!("distances" in input)) throw new Error("not distances");
      const { distances, n: read } = input;
      expect(pairs(await persistence({ distances, n: read }, { maxDim: 2 })), `n = ${n}`).toEqual(
        rounded(ripserSparseIntervals(text, 2)),
      );
    }
  });

  it("agrees under a threshold", async () => {
    for (const { name, matrix, n, maxDim } of await inputs()) {
      const threshold = Number((0.6 * referenceEnclosingRadius(matrix, n)).toPrecision(6));
      const found = await persistence({ distances: matrix, n }, { maxDim, threshold });
      // Ripser reads the threshold as float32 and keeps edges up to and including it, as we do.
      expect(pairs(found), name).toEqual(rounded(ripserIntervals(matrix, n, { maxDim, threshold })));
    }
  });

  it.skipIf(!hasMnist())("agrees relatively to 1e-5 on the distances as they are, 600 images", async () => {
    const images = digitImages("train", 1, 600);
    const points = { ...images, kind: "points", scale: 1 / 255, metric: "euclidean", arithmetic: "i16" } as const;
    const matrix = await matrixOf(points);
    const found = pairs(await persistence({ data: images.data, shape: [600, 784], scale: 1 / 255 }));
    const oracle = ripserIntervals(matrix, 600, { maxDim: 1 });
    for (const dim of [0, 1]) {
      const both = [found[dim]!, oracle[dim]!].map((intervals) => sortLoosely(intervals));
      expect(both[0]!.length).toBe(both[1]!.length);
      both[0]!.forEach(([birth, death], i) => {
        expect(Math.abs(birth - both[1]![i]![0])).toBeLessThanOrEqual(1e-5 * birth);
        if (death !== Infinity) expect(Math.abs(death - both[1]![i]![1])).toBeLessThanOrEqual(1e-5 * death);
      });
    }
  });
});

/** Sorted by what is left after rounding to 5 digits, so that two nearly equal births do not swap their deaths. */
function sortLoosely(intervals: readonly [number, number][]): [number, number][] {
  const key = (x: number) => (x === Infinity ? x : Number(x.toPrecision(6)));
  return [...intervals].sort((a, b) => key(a[0]) - key(b[0]) || (a[1] === b[1] ? 0 : key(a[1]) - key(b[1])));
}

describe.skipIf(!isInstalled("ripser-coeff"))("Ripser over other fields", () => {
  it.each([3, 11])("agrees over Z/%i", async (modulus) => {
    for (const { name, matrix, n, maxDim } of (await inputs()).slice(0, 4)) {
      const found = await persistence({ distances: matrix, n }, { maxDim, modulus });
      expect(pairs(found), name).toEqual(rounded(ripserIntervals(matrix, n, { maxDim, modulus })));
    }
  });
});

describe.skipIf(!hasGudhi())("GUDHI", () => {
  it("agrees, over Z/2 and Z/11", async () => {
    for (const { name, matrix, n, maxDim } of (await inputs()).filter((input) => input.n <= 80)) {
      for (const modulus of [2, 11]) {
        const threshold = referenceEnclosingRadius(matrix, n);
        const found = await persistence({ distances: matrix, n }, { maxDim, modulus, threshold });
        expect(pairs(found), name).toEqual(rounded(gudhiIntervals(matrix, n, { maxDim, modulus, threshold })));
      }
    }
  });
});

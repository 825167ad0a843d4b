/**
 * Homology of lunes where its blocks, helpers and floods all come into play, which the small instances of the fuzzing
 * do not reach, against the reduction over all simplices: another algorithm with nothing in common but the field.
 */
import { describe, expect, it } from "vitest";
import { Random } from "../../src/random.js";
import { persistence } from "../../src/topology/persistence.js";

type Input = Parameters<typeof persistence>[0];

function matrixOf(n: number, length: (i: number, j: number) => number): Input {
  const distances = new Float32Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < i; j++) distances[i * n + j] = distances[j * n + i] = Math.fround(length(i, j));
  return { distances, n };
}

function cloudOf(n: number, d: number, point: () => number[]): Input {
  return { data: Float32Array.from(Array.from({ length: n }, point).flat()), shape: [n, d] };
}

const random = new Random(6, "lunes");
const angle = () => 2 * Math.PI * random.uniform();

const inputs: { name: string; input: Input; threshold?: number }[] = [
  {
    name: "an annulus of 300 points",
    input: cloudOf(300, 2, () => {
      const [t, r] = [angle(), Math.sqrt(0.49 + 0.51 * random.uniform())];
      return [r * Math.cos(t), r * Math.sin(t)];
    }),
  },
  {
    name: "a torus of 300 points",
    input: cloudOf(300, 3, () => {
      const [u, v] = [angle(), angle()];
      return [(2 + Math.cos(v)) * Math.cos(u), (2 + Math.cos(v)) * Math.sin(u), Math.sin(v)];
    }),
  },
  {
    name: "a ring of lattice points, most distances shared by many pairs",
    input: cloudOf(300, 3, () => {
      const t = angle();
      return [Math.round(5 * Math.cos(t)), Math.round(5 * Math.sin(t)), Math.floor(4 * random.uniform())];
    }),
  },
  { name: "160 points, lengths 1 to 5 at random", input: matrixOf(160, () => 1 + Math.floor(5 * random.uniform())) },
  { name: "110 points, random lengths", input: matrixOf(110, () => random.uniform()) },
  { name: "110 points, random lengths up to 0.3", input: matrixOf(110, () => random.uniform()), threshold: 0.3 },
  { name: "150 points, all lengths 1", input: matrixOf(150, () => 1) },
  {
    name: "two circles far apart",
    input: cloudOf(240, 2, () => {
      const t = angle();
      return [Math.cos(t) + (random.uniform() < 0.5 ? 0 : 40), Math.sin(t)];
    }),
  },
];

describe("homology of lunes", () => {
  for (const { name, input, threshold } of inputs)
    for (const modulus of [2, 3])
      it(`agrees on ${name}, over Z/${modulus}`, async () => {
        const options = { maxDim: 1, modulus, ...(threshold === undefined ? {} : { threshold }) };
        const found = await persistence(input, { ...options, plan: "lunes" });
        const expected = await persistence(input, { ...options, plan: "simplices" });
        expect(found.plans[1]).toBe("lunes");
        expect(found.diagrams).toEqual(expected.diagrams);
      });
});

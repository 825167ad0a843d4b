import { describe, expect, it } from "vitest";
import { ConfigError } from "../../src/errors.js";
import { bettiNumbers } from "../../src/topology/betti.js";
import type { Diagram } from "../../src/topology/diagram.js";
import { persistence } from "../../src/topology/persistence.js";
import { readoutContext } from "../../src/topology/readout-context.js";
import {
  artefactDimensions,
  bettiCap,
  flagBettiCap,
  persistenceEntropy,
  totalPersistence,
} from "../../src/topology/summaries.js";

function diagram(intervals: [number, number][]): Diagram {
  return {
    dimension: 1,
    births: Float32Array.from(intervals, ([birth]) => birth),
    deaths: Float32Array.from(intervals, ([, death]) => death),
  };
}

describe("summaries", () => {
  // Theory.md section 7.3 h: the ten points on a circle of section 7.1.
  it("total persistence and entropy of a circle's components", async () => {
    const angles = [0, 3, 7, 10, 14, 18, 21, 26, 29, 33].map((step) => (step * Math.PI) / 18);
    const [components] = (await persistence(angles.map((angle) => [Math.cos(angle), Math.sin(angle)]))).diagrams;
    expect(totalPersistence(components!)).toBeCloseTo(5.324351598, 6);
    expect(persistenceEntropy(components!)).toBeCloseTo(2.187526364, 6);
  });

  it("leave out essential intervals and those of length zero", () => {
    const bars = diagram([
      [1, 3],
      [2, 2],
      [0, Infinity],
      [4, 5],
    ]);
    expect(totalPersistence(bars)).toBe(3);
    expect(totalPersistence(bars, 2)).toBe(5);
    expect(persistenceEntropy(bars)).toBeCloseTo(Math.log(3) - (2 / 3) * Math.log(2), 12);
    expect(() => totalPersistence(bars, 0)).toThrow(ConfigError);
  });

  it("entropy is 0 for one interval or none, ln m for m alike", () => {
    expect(persistenceEntropy(diagram([]))).toBe(0);
    expect(persistenceEntropy(diagram([[1, 2]]))).toBe(0);
    const alike = Array.from({ length: 8 }, (_, i): [number, number] => [i, i + 1]);
    expect(persistenceEntropy(diagram(alike))).toBeCloseTo(Math.log(8), 12);
  });
});

describe("caps", () => {
  it("hold for any complex: C(n-1, k+1)", () => {
    expect([0, 1, 2, 3, 4].map((k) => bettiCap(5, k))).toEqual([5n, 6n, 4n, 1n, 0n]);
    expect(bettiCap(200, 1)).toBe(19701n);
    expect(() => bettiCap(0, 1)).toThrow(ConfigError);
  });

  it("of flag complexes are those of balanced joins (theory.md section 7.2)", () => {
    expect(flagBettiCap(200, 1)).toBe(9801n);
    expect(flagBettiCap(200, 2)).toBe(283140n);
    expect(flagBettiCap(196, 1)).toBe(9409n);
    expect(flagBettiCap(5, 0)).toBe(5n);
    expect(flagBettiCap(3, 1)).toBe(0n);
  });

  // K(4,5): nine points, opposite sides at distance 1, the same side at 2.
  it("of flag complexes are reached", async () => {
    const distances = Float32Array.from({ length: 81 }, (_, at) => {
      const [i, j] = [Math.floor(at / 9), at % 9];
      return i === j ? 0 : i < 4 === j < 4 ? 2 : 1;
    });
    const { diagrams } = await persistence({ distances, n: 9 });
    expect(BigInt(diagrams[1]!.births.length)).toBe(flagBettiCap(9, 1));
  });
});

// The hexagon: at √3 its Rips complex is an octahedron, a sphere, though the points lie in the plane.
it("classes in the dimension of the space are artefacts", async () => {
  const points = Array.from({ length: 6 }, (_, i) => [Math.cos((i * Math.PI) / 3), Math.sin((i * Math.PI) / 3)]);
  const { diagrams } = await persistence(points, { maxDim: 2 });
  expect(diagrams[2]!.births[0]).toBeCloseTo(Math.sqrt(3), 6);
  expect(artefactDimensions(diagrams, 2)).toEqual([2]);
  expect(artefactDimensions(diagrams, 3)).toEqual([]);
  const context = await readoutContext(points);
  expect(bettiNumbers({ diagrams }, "count", context)).toMatchObject({
    betti: [6, 1, 1],
    note: "classes of dimension 2 and above are artefacts of the sample in 2 coordinates",
  });
  expect(bettiNumbers({ diagrams }, "count").note).toBeUndefined();
  expect(bettiNumbers({ diagrams }, "ratio>3", context).note).not.toContain("artefacts");
});

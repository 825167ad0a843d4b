import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { looksLikeDistances } from "../../src/io/looks-like-distances.js";

describe("a table that looks like a matrix of distances", () => {
  const distancesOf = (points: readonly (readonly number[])[]) =>
    points.flatMap((x) => points.map((y) => Math.hypot(...x.map((value, k) => value - y[k]!))));

  it("is the matrix of any points that do not all coincide", () => {
    const cloud = fc.array(fc.tuple(fc.nat(100), fc.nat(100)), { minLength: 2, maxLength: 8 });
    fc.assert(
      fc.property(cloud, (points) => {
        const differ = points.some(([x, y]) => x !== points[0]![0] || y !== points[0]![1]);
        expect(looksLikeDistances(distancesOf(points), points.length, points.length)).toBe(differ);
      }),
    );
  });

  it("may be off by what rounding leaves, and hold pairs that are never joined", () => {
    // arccos(1 - 2^-53) = 1.5e-8 where the angle is 0.
    expect(looksLikeDistances([1.5e-8, 1, 2, 1, 0, 3, 2, 3, 2e-8], 3, 3)).toBe(true);
    expect(looksLikeDistances([0, 1, 2, 1, 0, 3, 2.00001, 3, 0], 3, 3)).toBe(true);
    expect(looksLikeDistances([0, 1, Infinity, 1, 0, 3, Infinity, 3, 0], 3, 3)).toBe(true);
    expect(looksLikeDistances(Float32Array.of(0, 5, 5, 0), 2, 2)).toBe(true);
    expect(looksLikeDistances(Uint8Array.of(0, 5, 5, 0), 2, 2)).toBe(true);
  });

  it.each<[string, number[], number, number]>([
    ["a table that is not square", [0, 1, 1, 0, 2, 2], 3, 2],
    ["an entry unlike its mirror image", [0, 1, 2, 1, 0, 3, 2.1, 3, 0], 3, 3],
    ["a diagonal of ones, as of correlations", [1, 0.5, 0.5, 1], 2, 2],
    ["a negative entry", [0, -1, -1, 0], 2, 2],
    ["a NaN", [0, NaN, NaN, 0], 2, 2],
    ["a NaN on the diagonal", [NaN, 1, 1, 0], 2, 2],
    ["one infinite entry only", [0, Infinity, 1, 0], 2, 2],
    ["zeros, the same distances either way", [0, 0, 0, 0], 2, 2],
    ["one point", [0], 1, 1],
  ])("is not %s", (_, data, n, d) => {
    expect(looksLikeDistances(data, n, d)).toBe(false);
  });
});

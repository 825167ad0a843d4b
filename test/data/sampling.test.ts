import { describe, expect, it } from "vitest";
import { rowsOfClass, takeRows } from "../../src/data/sampling.js";

const labels = Uint8Array.of(1, 0, 1, 2, 1);
const pixels = Uint8Array.from({ length: 5 * 784 }, (_, i) => Math.floor(i / 784) * 10 + (i % 784 === 0 ? 1 : 0));
const set = { pixels, labels, count: 5 };

describe("sampling", () => {
  it("finds the rows of a class in order", () => {
    expect(rowsOfClass(labels, 1)).toEqual(Uint32Array.of(0, 2, 4));
    expect(rowsOfClass(labels, 9)).toEqual(new Uint32Array(0));
  });

  it("takes rows in the order given, also twice, as a copy", () => {
    const taken = takeRows(set, [4, 0, 4]);
    expect(taken.length).toBe(3 * 784);
    expect([taken[0], taken[1], taken[784], taken[785], taken[1568], taken[2351]]).toEqual([41, 40, 1, 0, 41, 40]);
    taken.fill(0);
    expect(pixels[4 * 784]).toBe(41);
  });

  it("refuses rows the set does not have", () => {
    for (const row of [5, -1, 0.5, Number.NaN])
      expect(() => takeRows(set, [0, row])).toThrow(/^Expected a row from 0 to 4 for rows\[1\], got /);
  });
});

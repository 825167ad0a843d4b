import { describe, expect, it } from "vitest";
import { sha256 } from "../../src/data/mnist.js";
import { imageSet, type PointSet } from "../../src/data/point-set.js";
import { expandImages, pointsOfClass, rowsBetween, rowsOfClass, takeRows } from "../../src/data/sampling.js";
import { InputError } from "../../src/errors.js";

const labels = Uint8Array.of(1, 0, 1, 2, 1);
const pixels = Uint8Array.from({ length: 5 * 784 }, (_, i) => Math.floor(i / 784) * 10 + (i % 784 === 0 ? 1 : 0));
const set = imageSet(pixels, labels, { rows: 28, columns: 28 });

describe("sampling", () => {
  it("finds the rows of a class in order", () => {
    expect(rowsOfClass(labels, 1)).toEqual(Uint32Array.of(0, 2, 4));
    expect(rowsOfClass(labels, 9)).toEqual(new Uint32Array(0));
  });

  it("takes rows in the order given, also twice, as a copy", () => {
    const { data, ...taken } = takeRows(set, [4, 0, 4]);
    expect(taken).toEqual({
      shape: [3, 784],
      labels: Uint8Array.of(1, 1, 1),
      scale: 1 / 255,
      picture: { rows: 28, columns: 28 },
    });
    expect([data[0], data[1], data[784], data[785], data[1568], data[2351]]).toEqual([41, 40, 1, 0, 41, 40]);
    data.fill(0);
    expect(pixels[4 * 784]).toBe(41);
  });

  it("takes floats as floats", () => {
    const data = Float32Array.of(0.1, 0.2, 0.3, 0.4);
    const floats: PointSet = { data, shape: [2, 2], scale: 1, labels: Uint8Array.of(0, 1), picture: null };
    expect(takeRows(floats, [1])).toEqual({
      data: data.slice(2),
      shape: [1, 2],
      scale: 1,
      labels: Uint8Array.of(1),
      picture: null,
    });
  });

  it("takes a range of rows without copying", () => {
    const range = rowsBetween(set, 1, 3);
    expect(range).toEqual(takeRows(set, [1, 2]));
    expect(range.data.buffer).toBe(set.data.buffer);
  });

  it("takes a class as one cloud", () => {
    expect(pointsOfClass(set, 1)).toEqual(takeRows(set, [0, 2, 4]));
    expect(pointsOfClass(set, 9).shape).toEqual([0, 784]);
  });

  it("refuses rows the set does not have", () => {
    for (const row of [5, -1, 0.5, Number.NaN])
      expect(() => takeRows(set, [0, row])).toThrow(/^Expected a row from 0 to 4 for rows\[1\], got /);
  });

  it("refuses images that do not fit their labels", () => {
    expect(() => imageSet(pixels, labels.subarray(1), { rows: 28, columns: 28 })).toThrow(
      "Expected 4 × 784 bytes for pixels, got 3920.",
    );
  });
});

describe("moved copies of images", () => {
  const picture = { rows: 28, columns: 28 };
  /** A disc of radius 4 around row 12.5, column 15.5, with a soft edge, and a single point of ink. */
  const disc = Uint8Array.from({ length: 784 }, (_, p) => {
    const away = Math.hypot(Math.floor(p / 28) - 12.5, (p % 28) - 15.5);
    return Math.round(255 * Math.min(1, Math.max(0, 4.5 - away)));
  });
  const dot = new Uint8Array(784);
  dot[10 * 28 + 13] = 255;
  const two = imageSet(Uint8Array.from([...disc, ...dot]), Uint8Array.of(7, 3), picture);
  const imageOf = (from: PointSet, i: number) => from.data.subarray(i * 784, (i + 1) * 784) as Uint8Array;
  const centre = (image: Uint8Array) => {
    let [mass, down, right] = [0, 0, 0];
    image.forEach((ink, p) => {
      mass += ink;
      down += ink * Math.floor(p / 28);
      right += ink * (p % 28);
    });
    return { mass, down: down / mass, right: right / mass };
  };

  it("come after the images themselves, with their classes, and do not depend on how many are made", () => {
    const many = expandImages(two, 101, 5);
    expect(many).toMatchObject({ shape: [101, 784], scale: 1 / 255, picture });
    expect(many.data.subarray(0, 2 * 784)).toEqual(two.data);
    expect(Array.from(many.labels)).toEqual(Array.from({ length: 101 }, (_, i) => (i % 2 === 0 ? 7 : 3)));
    const fewer = expandImages(two, 40, 5);
    expect(many.data.subarray(0, 40 * 784)).toEqual(fewer.data);
    expect(expandImages(two, 40, 6).data).not.toEqual(fewer.data);
    expect(expandImages(two, 1, 5).data).toEqual(disc);
  });

  it("keep the ink and move it by at most four pixels, hardly ever alike", () => {
    const many = expandImages(two, 2000, 1);
    const start = centre(disc);
    const shifts = { down: new Set<number>(), right: new Set<number>() };
    const seen = new Set<string>();
    for (let i = 2; i < 2000; i += 2) {
      const { mass, down, right } = centre(imageOf(many, i));
      // Interpolation on a smooth edge keeps the mass; a disc has no direction, so only its middle moves.
      expect(Math.abs(mass / start.mass - 1)).toBeLessThan(0.02);
      // At 2.8 pixels from the middle of the picture a turn by at most 1/7 moves it by at most 0.3.
      for (const [axis, moved] of [
        ["down", down - start.down],
        ["right", right - start.right],
      ] as const) {
        expect(Math.abs(moved - Math.round(moved))).toBeLessThan(0.4);
        shifts[axis].add(Math.round(moved));
      }
      seen.add(sha256(imageOf(many, i)));
    }
    for (const axis of ["down", "right"] as const)
      expect([...shifts[axis]].sort((a, b) => a - b)).toEqual([-2, -1, 0, 1, 2]);
    // A disc hides a small turn.
    expect(seen.size).toBeGreaterThan(950);
  });

  it("turn both ways by up to a seventh", () => {
    // Two dots on a line through the middle: the angle between them is the turn, whatever the shift.
    const line = new Uint8Array(784);
    for (const column of [7, 8, 19, 20]) for (const row of [13, 14]) line[row * 28 + column] = 255;
    const many = expandImages(imageSet(line, Uint8Array.of(0), picture), 300, 2);
    const turns = Array.from({ length: 299 }, (_, i) => {
      const image = imageOf(many, i + 1);
      const half = (from: number) => centre(image.map((ink, p) => (p % 28 >= from && p % 28 < from + 14 ? ink : 0)));
      const middle = Math.round(centre(image).right + 0.5);
      const [left, right] = [half(middle - 14), half(middle)];
      return Math.atan2(right.down - left.down, right.right - left.right);
    });
    expect(Math.max(...turns)).toBeGreaterThan(0.12);
    expect(Math.max(...turns)).toBeLessThan(0.15);
    expect(Math.min(...turns)).toBeLessThan(-0.12);
    expect(Math.min(...turns)).toBeGreaterThan(-0.15);
  });

  it("are made of images only", () => {
    const points: PointSet = { ...two, data: new Float32Array(2 * 784), picture: null };
    expect(() => expandImages(points, 10, 1)).toThrow(InputError);
    for (const count of [0, -1, 1.5]) expect(() => expandImages(two, count, 1)).toThrow(/a positive integer for count/);
    expect(() => expandImages(two, 3, -1)).toThrow(/a non-negative integer for seed/);
  });
});

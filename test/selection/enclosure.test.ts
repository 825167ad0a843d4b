/** Which class of a sample surrounds another: against shapes whose inside has a formula, and exact degenerate cases. */
import { describe, expect, it } from "vitest";
import { leastWidthToEnclose, surrounds } from "../../src/bounds/bounded-components.js";
import { rowsOfClass, takeRows } from "../../src/data/sampling.js";
import { generateShape, type ShapeName } from "../../src/data/shapes.js";
import { Random } from "../../src/random.js";
import { type Hypersurface, isSurrounded } from "../../src/selection/crossings.js";
import { type ClassSample, findEnclosures } from "../../src/selection/enclosure.js";
import { enclosureExclusions } from "../../src/selection/exclusions.js";

/** Rows of numbers as the sample of a class. */
function sample(label: number, rows: readonly (readonly number[])[]): ClassSample {
  const d = rows[0]!.length;
  return { class: label, points: { data: Float64Array.from(rows.flat()), shape: [rows.length, d] } };
}

async function shapeSamples(shape: ShapeName, perClass: number): Promise<ClassSample[]> {
  const { test } = await generateShape({ shape, trainCount: 2, testCount: 2 * perClass });
  return [0, 1].map((label) => ({ class: label, points: takeRows(test, rowsOfClass(test.labels, label)) }));
}

describe("the parity of crossings", () => {
  const square: Hypersurface = [
    [
      [0, 0],
      [2, 0],
    ],
    [
      [2, 0],
      [2, 2],
    ],
    [
      [2, 2],
      [0, 2],
    ],
    [
      [0, 2],
      [0, 0],
    ],
  ];
  /** The faces of a tetrahedron with a corner at the origin. */
  const corners = [
    [0, 0, 0],
    [4, 0, 0],
    [0, 4, 0],
    [0, 0, 4],
  ];
  const tetrahedron: Hypersurface = corners.map((_, left) => corners.filter((__, i) => i !== left));

  it("is exact below corners, along edges and through vertices", () => {
    for (const [point, inside] of [
      [[1, 1], true],
      [[1, 3], false],
      [[0.5, 1], true],
      [[2, -1], false], // below a vertical edge
      [[0, -1], false],
      [[0, 1], null],
      [[1, 0], null],
      [[2, 2], null],
      [[2 + 2 ** -51, 1], false],
      [[2 - 2 ** -52, 1], true],
    ] as const)
      expect([point, isSurrounded(point, square)]).toEqual([point, inside]);
    for (const [point, inside] of [
      [[1, 1, 1], true],
      [[1, 1, -1], false], // below the diagonal edge's plane and the bottom
      [[0, 0, -1], false], // below a corner
      [[2, 2, -1], false],
      [[4 / 3, 4 / 3, 4 / 3 + 2 ** -50], false],
      [[0.5, 0.5, 3 - 2 ** -50], true],
      [[0.5, 0.5, 3 + 2 ** -50], false],
      [[1, 1, 2], null],
      [[1, 1, 0], null],
    ] as const)
      expect([point, isSurrounded(point, tetrahedron)]).toEqual([point, inside]);
  });

  it("decides by integers where doubles cannot", () => {
    // The line through (0, 0) and (3, 1) at x = 3·2^53 passes 2^53; in doubles the difference is lost.
    const far = 3 * 2 ** 53;
    const triangle: Hypersurface = [
      [
        [0, 0],
        [2 * far, 2 ** 54],
      ],
      [
        [2 * far, 2 ** 54],
        [0, 2 ** 54],
      ],
      [
        [0, 2 ** 54],
        [0, 0],
      ],
    ];
    expect(isSurrounded([far, 2 ** 53], triangle)).toBeNull();
    expect(isSurrounded([far, 2 ** 53 + 2], triangle)).toBe(true);
    expect(isSurrounded([far, 2 ** 53 - 1], triangle)).toBe(false);
  });

  it("agrees with the winding of random polygons, and with half-spaces of random tetrahedra", () => {
    const random = new Random(5, "crossings");
    for (let round = 0; round < 300; round++) {
      const n = 3 + random.integer(6);
      const polygon = Array.from({ length: n }, () => [random.integer(9), random.integer(9)]);
      const edges = polygon.map((corner, i) => [corner, polygon[(i + 1) % n]!]);
      const point = [random.integer(9), random.integer(9)];
      const inside = isSurrounded(point, edges);
      if (inside === null) continue;
      // The angle turned through, in whole turns.
      const angle = ([x, y]: number[]) => Math.atan2(y! - point[1]!, x! - point[0]!);
      const turned = edges.reduce((sum, [a, b]) => {
        const step = angle(b!) - angle(a!);
        return sum + step - 2 * Math.PI * Math.round(step / (2 * Math.PI));
      }, 0);
      expect(inside).toBe(Math.abs(Math.round(turned / (2 * Math.PI))) % 2 === 1);
    }
    let undecided = 0;
    for (let round = 0; round < 300; round++) {
      const draw = () => [random.integer(7), random.integer(7), random.integer(7)] as const;
      const four = [draw(), draw(), draw(), draw()];
      const volume = (a: readonly number[], b: readonly number[], c: readonly number[], d: readonly number[]) => {
        const [u, v, w] = [b, c, d].map((x) => x.map((value, i) => value - a[i]!)) as number[][];
        return (
          u![0]! * (v![1]! * w![2]! - v![2]! * w![1]!) -
          u![1]! * (v![0]! * w![2]! - v![2]! * w![0]!) +
          u![2]! * (v![0]! * w![1]! - v![1]! * w![0]!)
        );
      };
      const point = draw();
      const whole = volume(...(four as [never, never, never, never]));
      const parts = four.map((_, left) =>
        volume(...(four.map((corner, i) => (i === left ? point : corner)) as [never, never, never, never])),
      );
      const surrounded = isSurrounded(
        point,
        four.map((_, left) => four.filter((__, i) => i !== left)),
      );
      if (surrounded === null) undecided++;
      else if (whole !== 0) expect(surrounded).toBe(parts.every((part) => part * whole > 0));
      else expect(surrounded).toBe(false);
    }
    expect(undecided).toBeLessThan(150);
  });
});

describe("a class that surrounds another", () => {
  it("is the outer of two annuli and of two spheres, and neither of two linked tori", async () => {
    for (const [shape, dimension, perClass] of [
      ["annuli", 2, 200],
      ["annuli", 2, 800],
      ["nested-spheres", 3, 200],
    ] as const) {
      const found = await findEnclosures(await shapeSamples(shape, perClass));
      expect(found, shape).toMatchObject([{ enclosing: 1, enclosed: 0, dimension, inside: perClass, of: perClass }]);
      expect(found[0]!.death!).toBeGreaterThan(2 * found[0]!.birth);
    }
    expect(await findEnclosures(await shapeSamples("linked-tori", 300))).toEqual([]);
  });

  it("is not an open ring, nor one beside the other, nor a ring through the other's points", async () => {
    const random = new Random(3, "rings");
    const ring = (n: number, from: number, to: number, at = 0) =>
      Array.from({ length: n }, (_, i) => {
        const angle = from + ((to - from) * i) / n;
        const radius = 1 + 0.05 * random.uniform();
        return [at + radius * Math.cos(angle), radius * Math.sin(angle)];
      });
    const disc = (n: number, radius: number, at = 0) =>
      Array.from({ length: n }, () => {
        const r = radius * Math.sqrt(random.uniform());
        const angle = 2 * Math.PI * random.uniform();
        return [at + r * Math.cos(angle), r * Math.sin(angle)];
      });
    const closed = ring(60, 0, 2 * Math.PI);
    const of = async (...rows: number[][][]) => await findEnclosures(rows.map((row, i) => sample(i, row)));
    expect(await of(closed, disc(50, 0.5))).toMatchObject([{ enclosing: 0, enclosed: 1, inside: 50, of: 50 }]);
    expect(await of(ring(60, 0.6, 2 * Math.PI), disc(50, 0.3))).toEqual([]);
    expect(await of(closed, disc(50, 0.5, 3))).toEqual([]);
    // Points all along the ring: every network that is right there puts the other class on it.
    expect(await of(closed, [...disc(50, 0.5), ...ring(60, 0, 2 * Math.PI)])).toEqual([]);
    // One stray point of forty is no class inside; three classes, of which the middle one surrounds and is surrounded.
    expect(await of(closed, [[0, 0.1], ...disc(39, 0.5, 3)])).toEqual([]);
    const outer = closed.map(([x, y]) => [3 * x!, 3 * y!]);
    const three = await of(disc(30, 0.5), closed, outer);
    expect(three.map(({ enclosing, enclosed }) => [enclosing, enclosed])).toEqual([
      [1, 0],
      [2, 0],
      [2, 1],
    ]);
  });

  it("is looked for in the plane and in space, among classes", async () => {
    const rows = Array.from({ length: 20 }, (_, i) => [i, i * i, 0, 1]);
    expect(await findEnclosures([sample(0, rows), sample(1, rows)])).toEqual([]);
    expect(await findEnclosures([sample(0, [[1, 2]])])).toEqual([]);
    expect(await findEnclosures([])).toEqual([]);
  });
});

describe("what it excludes", () => {
  const enclosure = {
    enclosing: 1,
    enclosed: 0,
    dimension: 2,
    simplices: 122,
    birth: 0.152,
    death: 1.35,
    inside: 200,
    of: 200,
  };

  it("are widths without a hidden layer of n + 1 units, for limits of one-to-one activations", () => {
    const [row] = enclosureExclusions([enclosure], "relu", [1, 2, "2-2", "2-3-2", 3, 8]);
    expect(row).toMatchObject({ name: "N5", leastWidth: 3, layers: "some", widths: [1, 2, "2-2"] });
    expect(row!.text).toContain("Johnson 2019");
    expect(row!.hypothesis).toMatch(/^the network puts every point of a closed curve of 122 edges .* 200 of 200/);
    expect(enclosureExclusions([{ ...enclosure, dimension: 3 }], "tanh", [3, 4])[0]!.widths).toEqual([3]);
    for (const activation of ["square", "abs", "polynomial-3", "gelu"])
      expect(enclosureExclusions([enclosure], activation, [1, 2])).toEqual([]);
    expect(enclosureExclusions([], "relu", [1, 2])).toEqual([]);
  });

  it("take b_(n-1) of a region, or two components on the line", () => {
    expect([1, 2, 3].map(leastWidthToEnclose)).toEqual([2, 3, 4]);
    expect(surrounds([1, 1], 2)).toBe(true);
    expect(surrounds([4, 0], 2)).toBe(false);
    expect(surrounds([1], 1)).toBe(false);
    expect(surrounds([2], 1)).toBe(true);
    expect(surrounds([1, 2, 1], 3)).toBe(true);
    expect(surrounds([1, 2], 3)).toBe(false);
  });
});

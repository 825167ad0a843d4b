/**
 * The necessary conditions N1 to N4 against curves, points and products of spaces that are counted exactly. A condition
 * that such a network or space breaks is false. `npm run soak` draws fifty times as many.
 */
import { describe, expect, it } from "vitest";
import { Random } from "../../src/random.js";
import { necessaryConditions } from "../../src/selection/conditions.js";
import { exclusion } from "../../src/selection/inverse.js";
import { type Counted, mergingOf } from "../../src/selection/merging.js";
import { type Bend, type Cell, curve, drawLayers, through, vertex } from "../support/cells.js";

const rounds = process.env.BETTINA_SOAK ? 50 : 1;
const patient = { timeout: 1_800_000 };
const bends = ["relu", "abs", "leaky-relu"] as const;

const condition = (name: string, betti: readonly number[], rest: object = {}) =>
  necessaryConditions({ betti, activation: "relu", inputDimension: 2, outputs: 1, ...rest }).find(
    (one) => one.name === name,
  );
const drawPoint = (random: Random, dimension: number) =>
  vertex(...Array.from({ length: dimension }, () => random.integer(25) - 12));
/** A closed polygon, or a path, through random corners. */
function drawPath(random: Random, dimension: number, corners: number, closed: boolean): Cell[] {
  const own = Array.from({ length: corners }, () => drawPoint(random, dimension));
  return own.slice(closed ? 0 : 1).map((end, i) => [closed ? own.at(i - 1)! : own[i]!, end]);
}
/** What a study would record of exact numbers of components, layer by layer. */
const recorded = (components: readonly number[]): Counted[] =>
  components.map((b0, layer) => ({
    source: layer === 0 ? "input" : "network",
    width: layer === 0 ? null : 2,
    activation: layer === 0 ? null : "relu",
    seed: layer === 0 ? null : 1,
    layer,
    class: 0,
    subsample: 0,
    points: 100,
    distinctPoints: b0,
    readouts: [{ readout: "at-scale=1", betti: [b0] }],
  }));

describe("necessary conditions hold of", () => {
  it("curves, layer by layer: what is kept (N1), and where components are lost for good (N2)", patient, () => {
    const random = new Random(31, "curves");
    const seen = { lost: 0, later: 0, loops: 0 };
    for (let round = 0; round < 150 * rounds; round++) {
      const hidden = Array.from({ length: 1 + random.integer(3) }, () => 1 + random.integer(3));
      const bend: Bend = bends[random.integer(3)]!;
      let cells = Array.from({ length: 1 + random.integer(3) }, () =>
        drawPath(random, 2, 2 + random.integer(3), random.integer(2) === 0),
      ).flat();
      const betti = [curve(cells).betti];
      for (const layer of drawLayers(random, [2, ...hidden], 3)) {
        cells = through(cells, layer, bend);
        betti.push(curve(cells).betti);
      }
      const what = `2-${hidden.join("-")}@${bend}`;
      const components = betti.map(([b0]) => b0);
      for (let l = 1; l < components.length; l++) expect(components[l], what).toBeLessThanOrEqual(components[l - 1]!);
      const first = components.findIndex((b0) => b0 < components[0]!);
      const found = mergingOf({
        measurements: recorded(components),
        activation: "relu",
        widths: [2],
        readouts: ["at-scale=1"],
        paired: true,
      });
      for (const losses of [found.images, found.atScale[0]!.widths])
        expect(losses[0]!.first?.layer ?? -1, what).toBe(first);
      expect(condition("N2", betti[0]!) !== undefined, what).toBe(components[0]! > 1);
      if (first > 0) seen[first > 1 ? "later" : "lost"]++;
      betti.slice(1).forEach((own, l) => {
        const width = condition("N1", own)?.leastWidth ?? 1;
        expect(hidden[l], what).toBeGreaterThanOrEqual(width);
        seen.loops = Math.max(seen.loops, own[1]);
      });
      const kept = [0, 1].map((k) => Math.min(...betti.map((own) => own[k]!)));
      const family = {
        inputDimension: 2,
        outputs: 2,
        activation: bend,
        depths: { least: 1, most: 1 },
        dataDegree: 2,
        dataInequalities: 0,
        modulus: 2,
      };
      expect(exclusion("carry", kept, hidden, family), what).toBeNull();
    }
    expect(seen.lost).toBeGreaterThan(5);
    expect(seen.later).toBeGreaterThan(2);
    expect(seen.loops).toBeGreaterThan(2);
  });

  it("closed curves and points that a layer maps one to one (N3)", patient, () => {
    const random = new Random(32, "one to one");
    const oneToOne = [0, 0, 0, 0];
    const drawn = [0, 0, 0, 0];
    for (let round = 0; round < 300 * rounds; round++) {
      const width = 1 + random.integer(3);
      const polygon = drawPath(random, 3, 3 + random.integer(3), true);
      const before = curve(polygon);
      if (!before.unbroken || before.edges !== before.vertices || before.vertices !== polygon.length) continue;
      drawn[width]!++;
      const [layer] = drawLayers(random, [3, width], 5);
      const cells = through(polygon, layer!, bends[random.integer(3)]!);
      const after = curve(cells);
      if (!after.unbroken || after.edges !== cells.length || after.vertices !== cells.length) continue;
      oneToOne[width]!++;
      expect(width).toBeGreaterThanOrEqual(condition("N3", [1, 1], { manifoldDimension: 1 })!.leastWidth!);
    }
    expect(drawn[1]).toBeGreaterThan(10);
    // Two units, the least that N3 leaves, are reached; so it could not ask for more.
    expect(oneToOne[2]).toBeGreaterThan(2);
    for (let round = 0; round < 40 * rounds; round++) {
      // Three units, 2 m + 1, are enough for almost every linear map; one for points.
      const polygon = drawPath(random, 5, 6, true);
      const image = curve(through(polygon, drawLayers(random, [5, 3], 10 ** 6)[0]!, "linear"));
      expect(image).toMatchObject({ betti: [1, 1], vertices: 6, edges: 6, unbroken: true });
      const points = Array.from({ length: 8 }, (_, i): Cell => [vertex(i, random.integer(99), random.integer(99))]);
      expect(curve(through(points, drawLayers(random, [3, 1], 10 ** 6)[0]!, "linear")).betti).toEqual([8, 0]);
    }
    expect(condition("N3", [8], { manifoldDimension: 0 })!.leastWidth).toBe(1);
  });

  it("products of lines and circles, and of other spaces (N4)", patient, () => {
    const random = new Random(33, "products");
    const seen = { tori: 0, others: 0, untold: 0 };
    for (let round = 0; round < 100 * rounds; round++) {
      const chosen = Array.from({ length: 1 + random.integer(3) }, () => names[random.integer(names.length)]!);
      const betti = bettiOf(chosen.map((name) => factors[name]).reduce(product));
      const torus = chosen.every((name) => name === "circle" || name === "interval");
      const circles = chosen.filter((name) => name === "circle").length;
      const found = condition("N4", betti);
      if ((betti[1] ?? 0) === 0) {
        expect(found, chosen.join(" × ")).toBeUndefined();
        continue;
      }
      expect(found!.standing).toBe("model");
      if (!torus) {
        seen.others++;
        // It may have the numbers of a torus: the hypothesis is then what says that it need not be one.
        if (found!.leastWidth !== null) expect(found!.hypothesis).toMatch(/^the data are a torus/);
        continue;
      }
      expect(found!.text, chosen.join(" × ")).not.toMatch(/is not the pattern/);
      if (betti.length <= 2) {
        seen.untold++;
        expect(found!.leastWidth).toBeNull();
      } else {
        seen.tori++;
        expect(found!.leastWidth).toBe(circles + 1);
      }
    }
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(3);
  });
});

/** A cell complex over Z/2: of every cell its dimension and the cells of its boundary. */
type Complex = readonly { readonly dim: number; readonly boundary: readonly number[] }[];
const factors: Record<string, Complex> = {
  circle: [
    { dim: 0, boundary: [] },
    { dim: 0, boundary: [] },
    { dim: 1, boundary: [0, 1] },
    { dim: 1, boundary: [0, 1] },
  ],
  interval: [
    { dim: 0, boundary: [] },
    { dim: 0, boundary: [] },
    { dim: 1, boundary: [0, 1] },
  ],
  "two points": [
    { dim: 0, boundary: [] },
    { dim: 0, boundary: [] },
  ],
  sphere: [
    { dim: 0, boundary: [] },
    { dim: 2, boundary: [] },
  ],
  "two circles with a common point": [
    { dim: 0, boundary: [] },
    { dim: 1, boundary: [] },
    { dim: 1, boundary: [] },
  ],
};
// Lines and circles twice, so that products of them alone are not rare.
const names = [...Object.keys(factors), "circle", "circle", "interval"];

function product(one: Complex, other: Complex): Complex {
  const at = (i: number, j: number) => i * other.length + j;
  return one.flatMap((a, i) =>
    other.map((b, j) => ({
      dim: a.dim + b.dim,
      boundary: [...a.boundary.map((face) => at(face, j)), ...b.boundary.map((face) => at(i, face))],
    })),
  );
}

/** Betti numbers over Z/2 up to the dimension of the complex, from ranks of its boundaries. */
function bettiOf(complex: Complex): number[] {
  const top = Math.max(...complex.map(({ dim }) => dim));
  const rank = (dim: number) => {
    const rows: bigint[] = [];
    for (const cell of complex) {
      if (cell.dim !== dim) continue;
      let row = cell.boundary.reduce((all, face) => all ^ (1n << BigInt(face)), 0n);
      for (const other of rows) if ((row ^ other) < row) row ^= other;
      if (row !== 0n) {
        rows.push(row);
        rows.sort((a, b) => (a > b ? -1 : 1));
      }
    }
    return rows.length;
  };
  return Array.from({ length: top + 1 }, (_, k) => {
    const cells = complex.filter(({ dim }) => dim === k).length;
    return cells - rank(k) - rank(k + 1);
  });
}

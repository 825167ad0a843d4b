/**
 * Bounds against piecewise linear networks on the plane, whose regions and images are counted exactly, cell by cell, in
 * integers. A bound below the truth is a bug in a theorem or in its use. `npm run soak` draws fifty times as many.
 */
import { describe, expect, it } from "vitest";
import { layerBounds, modularBounds, parseModularNetwork, regionBounds } from "../../src/bounds/index.js";
import { Random } from "../../src/random.js";
import { exclusion, type Family } from "../../src/selection/inverse.js";
import {
  type Bend,
  bettiOfPlanarImage,
  bettiOfRegion,
  drawLayers,
  type Layer,
  square,
  through,
} from "../support/cells.js";

const rounds = process.env.BETTINA_SOAK ? 50 : 1;
const patient = { timeout: 1_800_000 };
const bends = ["relu", "abs", "leaky-relu"] as const;
/** All corners of all cells lie far inside, so a region shows here what it has in all of the plane. */
const everywhere = square(-1e9, 1e9);

const run = (cells: Parameters<typeof through>[0], layers: readonly Layer[], bend: Bend, last: Bend) =>
  layers.reduce((all, layer, l) => through(all, layer, l === layers.length - 1 ? last : bend), cells);
const integers = (rows: readonly (readonly number[])[]): Layer => rows.map((row) => row.map(BigInt));
const exactOf = (bound: { readonly exact?: string } | null | undefined) => BigInt(bound!.exact!);
const family = (widths: readonly number[], activation: string): Family => ({
  inputDimension: 2,
  outputs: widths.at(-1)!,
  activation,
  depths: { least: 1, most: 1 },
  dataDegree: 2,
  dataInequalities: 0,
  modulus: 2,
});
const draw = (random: Random, outputs: number) => {
  const hidden = Array.from({ length: 1 + random.integer(2) }, () => 1 + random.integer(4));
  const widths = [2, ...hidden, outputs];
  return { bend: bends[random.integer(3)]!, hidden, widths, layers: drawLayers(random, widths, 3) };
};

describe("the counts themselves, where the answer is worked by hand", () => {
  const positive = [0n, 1n];
  const negative = [0n, -1n];

  it("of a triangle around the origin: units x, y - x, -x - y", () => {
    const layers = [
      integers([
        [0, 1, 0],
        [0, -1, 1],
        [0, -1, -1],
      ]),
      integers([[-1, 1, 1, 1]]),
    ];
    const cells = run([square(-3, 3)], layers, "relu", "linear");
    expect(cells).toHaveLength(6);
    expect(bettiOfRegion(cells, [negative])).toEqual([1, 0]);
    expect(bettiOfRegion(cells, [positive])).toEqual([1, 1]);
  });

  it("of the square folded in thirds, and twice in halves", () => {
    const fold = (m: number) =>
      integers(
        [0, 1].flatMap((axis) => Array.from({ length: m }, (_, i) => [-i, axis === 0 ? m : 0, axis === 1 ? m : 0])),
      );
    const signs = (m: number) => Array.from({ length: m }, (_, i) => (i === 0 ? 1 : i % 2 === 1 ? -2 : 2));
    const none = (m: number) => new Array<number>(m).fill(0);
    const read = (m: number) =>
      integers([
        [0, ...signs(m), ...none(m)],
        [0, ...none(m), ...signs(m)],
      ]);
    const last = integers([[-1, 2, 2]]);
    const again = integers([
      [0, 2, -4, 0, 0],
      [-1, 2, -4, 0, 0],
      [0, 0, 0, 2, -4],
      [-1, 0, 0, 2, -4],
    ]);
    const thirds = run([square(0, 1)], [fold(3), read(3), last], "relu", "linear");
    expect(thirds).toHaveLength(9);
    expect(bettiOfRegion(thirds, [negative])).toEqual([4, 0]);
    expect(bettiOfRegion(thirds, [positive])).toEqual([1, 1]);
    const halves = run([square(0, 1)], [fold(2), again, read(2), last], "relu", "linear");
    expect(halves).toHaveLength(16);
    expect(bettiOfRegion(halves, [negative])).toEqual([9, 0]);
    expect(bettiOfRegion(halves, [positive])).toEqual([1, 1]);
  });

  it("of an image that closes a loop", () => {
    const layers = [
      integers([
        [2, -1, -1],
        [0, 2, 2],
        [-4, -2, -1],
      ]),
      integers([
        [5, 2, 1, 1],
        [4, 0, -2, -2],
      ]),
    ];
    const cells = run([square(-3, 3)], layers, "relu", "relu");
    expect(bettiOfPlanarImage(cells)).toEqual([1, 1]);
    expect(bettiOfPlanarImage([square(0, 1), square(1, 2), square(3, 4)])).toEqual([2, 0]);
  });
});

describe("bounds hold of", () => {
  it("regions of the plane: {F ≥ 0}, {F ≤ 0} and one of three classes", patient, () => {
    const random = new Random(21, "planar regions");
    const most = { one: [0, 0], three: [0, 0] };
    for (let round = 0; round < 150 * rounds; round++) {
      const outputs = round % 2 === 0 ? 1 : 3;
      const { bend, hidden, widths, layers } = draw(random, outputs);
      const cells = run([everywhere], layers, bend, "linear");
      const found =
        outputs === 1
          ? [bettiOfRegion(cells, [[0n, 1n]]), bettiOfRegion(cells, [[0n, -1n]])]
          : [
              bettiOfRegion(cells, [
                [0n, 1n, -1n, 0n],
                [0n, 1n, 0n, -1n],
              ]),
            ];
      const what = `${widths.join("-")}:${bend}`;
      const bounds = regionBounds({ network: parseModularNetwork(what) });
      expect(
        bounds.map(({ k }) => k),
        what,
      ).toEqual(expect.arrayContaining([0, 1]));
      for (const betti of found) {
        const top = most[outputs === 1 ? "one" : "three"];
        betti.forEach((b, k) => {
          top[k] = Math.max(top[k]!, b);
        });
        for (const { k, bound } of bounds) {
          const truth = k === "sum" ? betti[0] + betti[1] : betti[k]!;
          expect(exactOf(bound), `${what} b_${k}`).toBeGreaterThanOrEqual(BigInt(truth));
        }
        expect(exclusion("region", betti, hidden, family(widths, bend)), what).toBeNull();
      }
    }
    // A fuzz that only sees discs would prove nothing.
    expect(most.one[0]).toBeGreaterThan(2);
    expect(most.one[1]).toBeGreaterThan(0);
    expect(most.three[0]).toBeGreaterThan(1);
  });

  it("images of a square in the plane, and one layer that bends makes no loop of it (T4, T5, N6)", patient, () => {
    const random = new Random(22, "planar images");
    let most = 0;
    for (let round = 0; round < 150 * rounds; round++) {
      const drawn = draw(random, 2);
      const single = round % 5 === 0;
      const layers = single ? drawLayers(random, [2, 2], 3) : drawn.layers;
      const widths = single ? [2, 2] : drawn.widths;
      const { bend } = drawn;
      const last = single || random.integer(2) === 0 ? bend : "linear";
      const [b0, b1] = bettiOfPlanarImage(run([square(-3, 3)], layers, bend, last));
      most = Math.max(most, b1);
      const what = `${widths.join("-")}${last === "linear" ? "" : `@${bend}`}:${bend}`;
      expect(b0, what).toBe(1);
      if (single) expect(b1, what).toBe(0);
      const bounds = layerBounds({ widths, activation: bend, outputActivation: last });
      expect(exactOf(bounds.findLast(({ k }) => k === 1)!.bound), what).toBeGreaterThanOrEqual(BigInt(b1));
      const modular = modularBounds({ network: parseModularNetwork(what) });
      expect(exactOf(modular.findLast(({ k }) => k === 1)!.bound), what).toBeGreaterThanOrEqual(BigInt(b1));
      if (last !== "linear")
        expect(exclusion("create", [1, b1], widths.slice(1), family(widths, bend)), what).toBeNull();
    }
    expect(most).toBeGreaterThan(0);
  });
});

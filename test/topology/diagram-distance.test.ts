import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ConfigError } from "../../src/errors.js";
import { Random } from "../../src/random.js";
import { bottleneckDistance } from "../../src/topology/bottleneck.js";
import type { Diagram } from "../../src/topology/diagram.js";
import { persistence } from "../../src/topology/persistence.js";
import { wassersteinDistance } from "../../src/topology/wasserstein.js";
import { gudhiPythonWith } from "../support/oracles.js";
import { projectRoot } from "../support/shared.js";

const projectPath = (name: string) => join(projectRoot, name);
type Pair = readonly [number, number];
const inf = Infinity;

function diagram(intervals: readonly Pair[], dimension = 1): Diagram {
  return {
    dimension,
    births: Float32Array.from(intervals, ([birth]) => birth),
    deaths: Float32Array.from(intervals, ([, death]) => death),
  };
}

/** Both distances by trying every matching: each interval of `a` goes to one of `b` left over or to the diagonal. */
function byBruteForce(a: readonly Pair[], b: readonly Pair[], order: number): number {
  const join = (one: number, other: number) => (order === inf ? Math.max(one, other) : one + other ** order);
  const toDiagonal = ([birth, death]: Pair) => (death - birth) / 2;
  const best = (i: number, left: readonly Pair[]): number => {
    if (i === a.length) return left.reduce((sum, pair) => join(sum, toDiagonal(pair)), 0);
    const [birth, death] = a[i]!;
    let least = join(best(i + 1, left), toDiagonal(a[i]!));
    left.forEach(([otherBirth, otherDeath], j) => {
      const cost = Math.max(Math.abs(birth - otherBirth), Math.abs(death - otherDeath));
      least = Math.min(least, join(best(i + 1, left.toSpliced(j, 1)), cost));
    });
    return least;
  };
  const value = best(0, b);
  return order === inf ? value : value ** (1 / order);
}

/** Intervals on a grid of eighths: many ties and duplicates, all exact in float32. */
const gridPair = fc
  .tuple(fc.integer({ min: 0, max: 16 }), fc.integer({ min: 1, max: 12 }))
  .map(([birth, length]): Pair => [birth / 8, (birth + length) / 8]);
const gridPairs = fc.array(gridPair, { maxLength: 5 });
const anyPairs = fc.array(
  fc.tuple(gridPair, fc.boolean()).map(([[birth, death], essential]): Pair => [birth, essential ? inf : death]),
  { maxLength: 14 },
);

describe("distances between diagrams", () => {
  it("bottleneck equals the best of all matchings, exactly", () => {
    fc.assert(
      fc.property(gridPairs, gridPairs, (a, b) => {
        expect(bottleneckDistance(diagram(a), diagram(b))).toBe(byBruteForce(a, b, inf));
      }),
      { numRuns: 400 },
    );
  });

  it.each([1, 2, 3])("Wasserstein of order %d equals the best of all matchings", (order) => {
    fc.assert(
      fc.property(gridPairs, gridPairs, (a, b) => {
        expect(wassersteinDistance(diagram(a), diagram(b), { order })).toBeCloseTo(byBruteForce(a, b, order), 12);
      }),
      { numRuns: 300 },
    );
  });

  // One interval moved by (1, 0.5), and one of length 1 to the diagonal.
  it("has the values of a worked example", () => {
    const a = diagram([[0, 4]]);
    const b = diagram([
      [1, 4.5],
      [6, 7],
    ]);
    expect(bottleneckDistance(a, b)).toBe(1);
    expect(wassersteinDistance(a, b, { order: 1 })).toBeCloseTo(1.5, 14);
    expect(wassersteinDistance(a, b)).toBeCloseTo(Math.sqrt(1.25), 14);
    // Straight lines: √(1 + 0.25) and 1/√2.
    expect(wassersteinDistance(a, b, { order: 2, ground: "euclidean" })).toBeCloseTo(Math.sqrt(1.25 + 0.5), 14);
  });

  it("matches essential intervals among themselves", () => {
    const a = diagram([
      [0, inf],
      [3, inf],
      [1, 2],
    ]);
    const b = diagram([
      [2, inf],
      [0.5, inf],
    ]);
    expect(bottleneckDistance(a, b)).toBe(1);
    expect(wassersteinDistance(a, b, { order: 1 })).toBeCloseTo(0.5 + 1 + 0.5, 14);
    expect(bottleneckDistance(a, diagram([[0, inf]]))).toBe(inf);
    expect(wassersteinDistance(a, diagram([[0, inf]]))).toBe(inf);
  });

  it("ignores intervals of length zero and takes empty diagrams", () => {
    expect(bottleneckDistance(diagram([]), diagram([[1, 1]]))).toBe(0);
    expect(bottleneckDistance(diagram([]), diagram([[1, 4]]))).toBe(1.5);
    expect(wassersteinDistance(diagram([]), diagram([]))).toBe(0);
    expect(wassersteinDistance(diagram([[1, 4]]), diagram([]))).toBe(1.5);
  });

  it("are symmetric, 0 on the diagonal, and fulfil the triangle inequality", () => {
    const distances = [
      (a: Diagram, b: Diagram) => bottleneckDistance(a, b),
      (a: Diagram, b: Diagram) => wassersteinDistance(a, b, { order: 2 }),
      (a: Diagram, b: Diagram) => wassersteinDistance(a, b, { order: 1, ground: "euclidean" }),
    ];
    fc.assert(
      fc.property(anyPairs, anyPairs, anyPairs, (x, y, z) => {
        const [a, b, c] = [diagram(x), diagram(y), diagram(z)];
        for (const distance of distances) {
          expect(distance(a, a)).toBe(0);
          const direct = distance(a, c);
          const back = distance(c, a);
          expect(direct === back || Math.abs(direct - back) < 1e-12).toBe(true);
          expect(direct).toBeLessThanOrEqual(distance(a, b) + distance(b, c) + 1e-12);
        }
      }),
      { numRuns: 150 },
    );
  });

  it("bottleneck is below Wasserstein of any order, which falls with the order", () => {
    fc.assert(
      fc.property(gridPairs, gridPairs, (x, y) => {
        const [a, b] = [diagram(x), diagram(y)];
        const orders = [1, 2, 4].map((order) => wassersteinDistance(a, b, { order }));
        expect(orders[0]! + 1e-12).toBeGreaterThanOrEqual(orders[1]!);
        expect(orders[1]! + 1e-12).toBeGreaterThanOrEqual(orders[2]!);
        expect(orders[2]! + 1e-12).toBeGreaterThanOrEqual(bottleneckDistance(a, b));
      }),
      { numRuns: 100 },
    );
  });

  it("does not depend on the unit, however small or large", () => {
    const a: Pair[] = [
      [0.25, 1],
      [0.5, 2],
    ];
    const b: Pair[] = [[0.375, 1.75]];
    const value = wassersteinDistance(diagram(a), diagram(b), { order: 8 });
    for (const unit of [2 ** 100, 2 ** -100]) {
      const scaled = (pairs: Pair[]) => diagram(pairs.map(([birth, death]): Pair => [unit * birth, unit * death]));
      expect(wassersteinDistance(scaled(a), scaled(b), { order: 8 }) / unit).toBeCloseTo(value, 12);
      expect(bottleneckDistance(scaled(a), scaled(b)) / unit).toBe(bottleneckDistance(diagram(a), diagram(b)));
    }
  });

  // Stability: a correspondence that changes no distance by more than e moves Rips diagrams by at most e.
  it("Rips diagrams move by no more than the distances do", async () => {
    const random = new Random(3, "stability");
    for (const dimension of [0, 1]) {
      const before = Array.from({ length: 60 }, () => [random.normal(), random.normal(), random.normal()]);
      const after = before.map((point) => point.map((value) => value + 0.05 * random.normal()));
      let most = 0;
      for (let i = 0; i < 60; i++)
        for (let j = 0; j < i; j++) {
          const distance = (points: number[][]) => Math.hypot(...points[i]!.map((value, k) => value - points[j]![k]!));
          most = Math.max(most, Math.abs(distance(before) - distance(after)));
        }
      const [one, other] = [await persistence(before), await persistence(after)];
      const moved = bottleneckDistance(one.diagrams[dimension]!, other.diagrams[dimension]!);
      expect(moved).toBeGreaterThan(0);
      expect(moved).toBeLessThanOrEqual(most + 1e-6);
    }
  });

  it("refuses diagrams of different dimensions and wrong orders", () => {
    const [zero, one] = [diagram([[0, 1]], 0), diagram([[0, 1]], 1)];
    expect(() => bottleneckDistance(zero, one)).toThrow(ConfigError);
    expect(() => wassersteinDistance(zero, one)).toThrow(ConfigError);
    expect(() => wassersteinDistance(one, one, { order: 0.5 })).toThrow(ConfigError);
    expect(() => wassersteinDistance(one, one, { ground: "other" as "euclidean" })).toThrow(ConfigError);
  });
});

interface Case {
  readonly a: [number, number | null][];
  readonly b: [number, number | null][];
  readonly bottleneck: number;
  readonly wasserstein1: number;
  readonly wasserstein2: number;
  readonly wasserstein2Euclidean: number;
}

const toDiagram = (pairs: [number, number | null][]) =>
  diagram(pairs.map(([birth, death]): Pair => [birth, death ?? inf]));

function expectCase({ a, b, ...values }: Case): void {
  const [one, other] = [toDiagram(a), toDiagram(b)];
  const close = (got: number, value: number) => expect(Math.abs(got - value)).toBeLessThan(1e-6 * Math.max(1, value));
  close(bottleneckDistance(one, other), values.bottleneck);
  close(wassersteinDistance(one, other, { order: 1 }), values.wasserstein1);
  close(wassersteinDistance(one, other, { order: 2 }), values.wasserstein2);
  close(wassersteinDistance(one, other, { order: 2, ground: "euclidean" }), values.wasserstein2Euclidean);
}

describe("GUDHI", () => {
  const { cases } = JSON.parse(readFileSync(projectPath("test/topology/diagram-distances.json"), "utf8")) as {
    cases: Case[];
  };
  it("gave the same distances for the diagrams kept here", () => {
    expect(cases.length).toBeGreaterThanOrEqual(40);
    for (const one of cases) expectCase(one);
  });

  const python = gudhiPythonWith("ot");
  it.skipIf(python === undefined)("gives the same distances for 300 random pairs of diagrams", () => {
    const random = new Random(11, "gudhi");
    const draw = (size: number, kind: number): [number, number | null][] =>
      Array.from({ length: size }, () => {
        const birth = kind === 0 ? random.integer(8) / 4 : kind === 1 ? Math.fround(random.uniform()) : 0;
        const length = kind === 0 ? (1 + random.integer(8)) / 4 : 2 ** -8 + random.uniform();
        return [birth, Math.fround(birth + length)];
      });
    const pairs = Array.from({ length: 300 }, (_, i) => {
      const essential = i % 4 === 0 ? [[i / 300, null] as [number, null]] : [];
      const a = draw(random.integer(40), i % 3);
      const b = draw(random.integer(40), i % 3);
      return {
        a: [...a, ...a.slice(0, i % 5), ...essential],
        b: [...b, ...essential.map(([x]): [number, null] => [x + 0.5, null])],
      };
    });
    const text = execFileSync(python!, [projectPath("test/topology/diagram-distances.py")], {
      input: JSON.stringify(pairs),
      maxBuffer: 1 << 26,
    });
    const answers = JSON.parse(String(text)) as Case[];
    expect(answers).toHaveLength(300);
    answers.forEach((answer, i) => {
      expectCase({ ...answer, ...pairs[i]! });
    });
  });
});

/**
 * Bounds against explicit networks whose Betti numbers are known exactly: drawn with integer weights and counted in
 * rational arithmetic, without floating point, or built so that a formula gives them. A bound below the truth is a bug in
 * a theorem or in its use. `npm run soak` draws fifty times as many.
 */
import { describe, expect, it } from "vitest";
import { layerBounds, modularBounds, parseModularNetwork, regionBounds } from "../../src/bounds/index.js";
import { Random } from "../../src/random.js";
import { exclusion, type Family } from "../../src/selection/inverse.js";

const rounds = process.env.BETTINA_SOAK ? 50 : 1;

/** A rational number; the denominator is positive. */
interface Rational {
  readonly n: bigint;
  readonly d: bigint;
}
const gcd = (a: bigint, b: bigint): bigint => (b === 0n ? (a < 0n ? -a : a) : gcd(b, a % b));
const rational = (n: bigint, d = 1n): Rational => {
  const divisor = gcd(n, d) * (d < 0n ? -1n : 1n);
  return { n: n / divisor, d: d / divisor };
};
const plus = (a: Rational, b: Rational) => rational(a.n * b.d + b.n * a.d, a.d * b.d);
const times = (a: Rational, b: Rational) => rational(a.n * b.n, a.d * b.d);
const minus = (a: Rational, b: Rational) => plus(a, { n: -b.n, d: b.d });
const over = (a: Rational, b: Rational) => rational(a.n * b.d, a.d * b.n);
const sign = ({ n }: Rational) => (n > 0n ? 1 : n < 0n ? -1 : 0);
const compare = (a: Rational, b: Rational) => sign(minus(a, b));
const key = ({ n, d }: Rational) => `${n}/${d}`;

/** A function of one variable, linear between knots: values at sorted knots, and slopes before and after them. */
interface Pieces {
  readonly knots: readonly Rational[];
  readonly values: readonly Rational[];
}

type Activation = "relu" | "abs" | "leaky-relu";
const bend = (activation: Activation, x: Rational): Rational =>
  sign(x) >= 0
    ? x
    : activation === "relu"
      ? rational(0n)
      : activation === "abs"
        ? { n: -x.n, d: x.d }
        : times(x, rational(1n, 4n));

interface Drawn {
  readonly widths: number[];
  readonly activation: Activation;
  /** Weights and bias of each unit, layer by layer. */
  readonly layers: readonly (readonly { readonly weights: readonly bigint[]; readonly bias: bigint }[])[];
}

function draw(random: Random, widths: number[], activation: Activation): Drawn {
  const integer = () => BigInt(random.integer(9) - 4);
  const layers = widths.slice(1).map((width, l) =>
    Array.from({ length: width }, () => ({
      weights: Array.from({ length: widths[l]! }, integer),
      bias: integer(),
    })),
  );
  return { widths, activation, layers };
}

/** The image of every layer from the interval between the outer knots: all coordinates over common knots. */
function walk({ layers, activation }: Drawn, from: bigint, to: bigint, lastBends: boolean): Pieces[][] {
  let knots = [rational(from), rational(to)];
  let units: Rational[][] = [knots.slice()];
  return layers.map((layer, l) => {
    let affine = layer.map(({ weights, bias }) =>
      knots.map((_, i) =>
        weights.reduce((sum, weight, j) => plus(sum, times(rational(weight), units[j]![i]!)), rational(bias)),
      ),
    );
    if (lastBends || l < layers.length - 1) {
      const zeros = affine.flatMap((values) => crossings(knots, values));
      [knots, affine] = refine(knots, affine, zeros);
      affine = affine.map((values) => values.map((value) => bend(activation, value)));
    }
    units = affine;
    return units.map((values) => ({ knots, values }));
  });
}

/** Where a piecewise linear function changes sign between knots. */
function crossings(knots: readonly Rational[], values: readonly Rational[]): Rational[] {
  return knots.slice(1).flatMap((right, i) => {
    const [a, b] = [values[i]!, values[i + 1]!];
    if (sign(a) * sign(b) >= 0) return [];
    return [plus(knots[i]!, times(minus(right, knots[i]!), over(a, minus(a, b))))];
  });
}

/** The same functions over more knots. */
function refine(knots: readonly Rational[], all: Rational[][], more: readonly Rational[]): [Rational[], Rational[][]] {
  const merged = new Map([...knots, ...more].map((knot) => [key(knot), knot]));
  const sorted = [...merged.values()].sort(compare);
  const values = all.map((own) =>
    sorted.map((knot) => {
      const i = Math.max(
        1,
        knots.findIndex((other) => compare(other, knot) >= 0),
      );
      const share = over(minus(knot, knots[i - 1]!), minus(knots[i]!, knots[i - 1]!));
      return plus(own[i - 1]!, times(share, minus(own[i]!, own[i - 1]!)));
    }),
  );
  return [sorted, values];
}

type Corner = readonly [Rational, Rational];

/** b_1 of a polyline in the plane: edges − corners + 1 of the arrangement of its segments, which is connected. */
function loopsOfPolyline(corners: readonly Corner[]): number {
  const name = ([x, y]: Corner) => `${key(x)},${key(y)}`;
  const segments = corners
    .slice(1)
    .map((end, i) => [corners[i]!, end] as const)
    .filter(([start, end]) => name(start) !== name(end));
  const points = segments.map((segment) => [...segment]);
  const cross = (o: Corner, a: Corner, b: Corner) =>
    minus(times(minus(a[0], o[0]), minus(b[1], o[1])), times(minus(a[1], o[1]), minus(b[0], o[0])));
  const between = (x: Rational, a: Rational, b: Rational) => compare(x, a) * compare(x, b) <= 0;
  const holds = ([a, b]: readonly [Corner, Corner], p: Corner) =>
    sign(cross(a, b, p)) === 0 && between(p[0], a[0], b[0]) && between(p[1], a[1], b[1]);
  segments.forEach((one, i) => {
    segments.forEach((other, j) => {
      for (const end of other) if (holds(one, end)) points[i]!.push(end);
      if (j <= i) return;
      const [s, t] = [cross(one[0], one[1], other[0]), cross(one[0], one[1], other[1])];
      if (sign(s) * sign(t) >= 0) return;
      const share = over(s, minus(s, t));
      const at = (axis: 0 | 1) => plus(other[0][axis], times(share, minus(other[1][axis], other[0][axis])));
      const meeting: Corner = [at(0), at(1)];
      if (!holds(one, meeting)) return;
      points[i]!.push(meeting);
      points[j]!.push(meeting);
    });
  });
  const vertices = new Set<string>();
  const edges = new Set<string>();
  for (const own of points) {
    const along = own.toSorted((a, b) => compare(a[0], b[0]) || compare(a[1], b[1])).map(name);
    const different = along.filter((point, i) => point !== along[i - 1]);
    for (const point of different) vertices.add(point);
    for (const [i, point] of different.slice(1).entries()) edges.add(`${different[i]} ${point}`);
  }
  return segments.length === 0 ? 0 : edges.size - vertices.size + 1;
}

/** Components of the closed set on the line where all functions are at least 0; beyond the outer knots nothing happens. */
function components(knots: readonly Rational[], functions: readonly (readonly Rational[])[]): number {
  const zeros = functions.flatMap((values) => crossings(knots, values));
  const [fine, all] = refine(
    knots,
    functions.map((values) => [...values]),
    zeros,
  );
  const inside = (values: readonly Rational[]) => values.every((value) => sign(value) >= 0);
  const at = fine.map((_, i) => inside(all.map((values) => values[i]!)));
  const open = fine.slice(1).map((_, i) => inside(all.map((values) => plus(values[i]!, values[i + 1]!))));
  let count = at[0] ? 1 : 0;
  for (let i = 1; i < fine.length; i++) {
    if (open[i - 1] && !at[i - 1]) throw new Error("the set is closed");
    if (at[i] && !open[i - 1]) count++;
  }
  return count;
}

const activations = ["relu", "abs", "leaky-relu"] as const;
/** The largest b_1 seen, and how many were checked: a fuzz that only sees zeros would prove nothing. */
const seen = { loops: 0, components: 0, classes: 0 };
const sizes = (random: Random, depth: number, most: number) =>
  Array.from({ length: depth }, () => 1 + random.integer(most));

const exactOf = (bound: { readonly exact?: string } | null | undefined) => BigInt(bound!.exact!);
const family = (widths: readonly number[], activation: string, rest: Partial<Family> = {}): Family => ({
  inputDimension: widths[0]!,
  outputs: widths.at(-1)!,
  activation,
  depths: { least: 1, most: 1 },
  dataDegree: 2,
  dataInequalities: 0,
  modulus: 2,
  ...rest,
});

describe("bounds hold of", () => {
  const patient = { timeout: 1_800_000 };

  it("polylines: images of an interval in the plane, layer by layer", patient, () => {
    const random = new Random(11, "polylines");
    for (let round = 0; round < 400 * rounds; round++) {
      const activation = activations[random.integer(3)]!;
      const bends = random.integer(2) === 0;
      const widths = [1, ...sizes(random, random.integer(3), 4), 2];
      const drawn = draw(random, widths, activation);
      const image = walk(drawn, -4n, 4n, bends).at(-1)!;
      const corners = image[0]!.values.map((x, i): Corner => [x, image[1]!.values[i]!]);
      const loops = loopsOfPolyline(corners);
      seen.loops = Math.max(seen.loops, loops);
      const what = `${widths.join("-")}${bends ? `@${activation}` : ""}:${activation}`;
      const outputActivation = bends ? activation : "linear";
      const at = layerBounds({ widths, activation, outputActivation }).findLast(({ k }) => k === 1)!.bound;
      expect(exactOf(at), what).toBeGreaterThanOrEqual(BigInt(loops));
      const modular = modularBounds({ network: parseModularNetwork(what) }).findLast(({ k }) => k === 1)!.bound;
      expect(exactOf(modular), what).toBeGreaterThanOrEqual(BigInt(loops));
      if (bends) expect(exclusion("create", [1, loops], widths.slice(1), family(widths, activation))).toBeNull();
    }
    expect(seen.loops).toBeGreaterThan(3);
  });

  it("regions on the line: {F ≥ 0} of one output, and of one of several classes", patient, () => {
    const random = new Random(12, "regions");
    for (let round = 0; round < 600 * rounds; round++) {
      const activation = activations[random.integer(3)]!;
      const classes = 1 + random.integer(4);
      const hidden = sizes(random, 1 + random.integer(3), 4);
      const widths = [1, ...hidden, classes];
      const outputs = walk(draw(random, widths, activation), -100n, 100n, false).at(-1)!;
      const [first, ...others] = outputs.map(({ values }) => values);
      const differences = classes === 1 ? [first!] : others.map((other) => first!.map((x, i) => minus(x, other[i]!)));
      const found = components(outputs[0]!.knots, differences);
      seen[classes > 2 ? "classes" : "components"] = Math.max(seen[classes > 2 ? "classes" : "components"], found);
      const what = `${widths.join("-")}:${activation}`;
      const [bound] = regionBounds({ network: parseModularNetwork(what) });
      expect(exactOf(bound!.bound), what).toBeGreaterThanOrEqual(BigInt(found));
      if (found > 0) expect(exclusion("region", [found], hidden, family(widths, activation)), what).toBeNull();
    }
    expect(seen.components).toBeGreaterThan(3);
    expect(seen.classes).toBeGreaterThan(2);
  });

  it("classes of squares: F_0 = 0, F_j = -s_j (x - a_j)(x - b_j), two hidden units", patient, () => {
    const random = new Random(13, "squares");
    let most = 0;
    for (let round = 0; round < 600 * rounds; round++) {
      const classes = 2 + random.integer(5);
      // x and x² are affine in (x + 1)² and x², so two squares make every quadratic.
      const factors = Array.from({ length: classes - 1 }, () => ({
        s: random.integer(4) === 0 ? -1 : 1,
        a: random.integer(40),
        b: random.integer(40),
      }));
      // Class 0 is where all s (x - a)(x - b) ≥ 0: constant between integers, so looked at there and half-way.
      const inside = (twice: number) => factors.every(({ s, a, b }) => s * (twice - 2 * a) * (twice - 2 * b) >= 0);
      let found = 0;
      for (let twice = -3; twice < 84; twice++) if (inside(twice) && !inside(twice - 1)) found++;
      if (inside(-4)) found++;
      most = Math.max(most, found);
      const [bound] = regionBounds({ network: parseModularNetwork(`1-2-${classes}:square`) });
      expect(exactOf(bound!.bound)).toBeGreaterThanOrEqual(BigInt(found));
      if (found > 0) expect(exclusion("region", [found], [2], family([1, 2, classes], "square"))).toBeNull();
    }
    expect(most).toBeGreaterThanOrEqual(3);
  });

  it("nodal curves: t ↦ (T_m(t), T_n(t)) meets itself (m - 1)(n - 1) / 2 times", () => {
    for (let m = 2; m <= 9; m++)
      for (let n = m + 1; n <= 9; n++) {
        if (gcd(BigInt(m), BigInt(n)) !== 1n) continue;
        // All double points lie in [-1, 1] × [-1, 1] and are ordinary, so each closes a loop of its own.
        const loops = ((m - 1) * (n - 1)) / 2;
        const what = `1-${n + 1}-2:polynomial-${n}`;
        const bound = modularBounds({ network: parseModularNetwork(what) }).findLast(({ k }) => k === 1)!.bound;
        expect(exactOf(bound), what).toBeGreaterThanOrEqual(BigInt(loops));
        for (const field of ["any", "char0"] as const) {
          const own = layerBounds({
            widths: [1, n + 1, 2],
            activation: `polynomial-${n}`,
            outputActivation: "linear",
            field,
          });
          expect(exactOf(own.at(-1)!.bound), `${what} ${field}`).toBeGreaterThanOrEqual(BigInt(loops));
        }
      }
  });

  it("Chebyshev polynomials: {T ≥ 0} of degree 2^l has 2^(l - 1) + 1 components, and the bound is attained", () => {
    for (let l = 1; l <= 10; l++) {
      const [bound] = regionBounds({ network: parseModularNetwork(`1${"-1".repeat(l)}-1:square`) });
      expect(exactOf(bound!.bound)).toBe(2n ** BigInt(l - 1) + 1n);
    }
  });

  it("folds: every coordinate folded M times in all, F = Σ r(x_i) - ½ on the unit cube", patient, () => {
    const random = new Random(14, "folds");
    for (let round = 0; round < 200 * rounds; round++) {
      const n = 1 + random.integer(4);
      const folds = Array.from({ length: 1 + random.integer(3) }, () => 1 + random.integer(5));
      const product = folds.reduce((all, one) => all * one, 1);
      const hidden = [...folds.map((one) => one * n), n];
      const below = Math.floor((product + 2) / 2) ** n;
      const around = n === 1 ? 0 : Math.floor((product - 1) / 2) ** n;
      const what = `${n}-${hidden.join("-")}-1:relu`;
      const regions = regionBounds({ network: parseModularNetwork(what), maxDim: n });
      expect(exactOf(regions[0]!.bound), what).toBeGreaterThanOrEqual(BigInt(below));
      if (n > 1) expect(exactOf(regions[n - 1]!.bound), what).toBeGreaterThanOrEqual(BigInt(around));
      const betti = [1, ...new Array<number>(n).fill(0)];
      if (n > 1) betti[n - 1] = around;
      expect(exclusion("region", betti, hidden, family([n, ...hidden, 1], "relu")), what).toBeNull();
    }
  });

  it("simplices around a point: F = Σ r(a_i · x) - 1 with n + 1 units is bounded, with n none is (N5)", () => {
    for (let n = 1; n <= 6; n++) {
      const at = (width: number) => exclusion("region", surrounding(n), [width], family([n, width, 1], "relu"));
      expect(at(n + 1)).toBeNull();
      expect(at(n)).toMatch(/N5; Johnson 2019/);
      expect(exclusion("region", surrounding(n), [n], family([n, n, 1], "abs"))).toBeNull();
    }
    function surrounding(n: number): number[] {
      // {F ≥ 0}: the space around a simplex; on the line two rays.
      return n === 1 ? [2] : [1, ...new Array<number>(n - 2).fill(0), 1];
    }
  });
});

describe("the counts themselves", () => {
  const of = (rows: readonly (readonly [number, number])[]) =>
    loopsOfPolyline(rows.map(([x, y]): Corner => [rational(BigInt(x)), rational(BigInt(y))]));
  it("are right where anybody can count", () => {
    expect(
      of([
        [0, 0],
        [2, 0],
        [2, 2],
        [0, 0],
      ]),
    ).toBe(1);
    expect(
      of([
        [0, 0],
        [2, 0],
        [0, 0],
        [1, 0],
      ]),
    ).toBe(0);
    expect(
      of([
        [0, 0],
        [4, 4],
        [4, 0],
        [0, 4],
      ]),
    ).toBe(1);
    expect(
      of([
        [0, 0],
        [4, 0],
        [4, 2],
        [2, 2],
        [2, -2],
        [0, -2],
        [0, 0],
      ]),
    ).toBe(2);
    const line = [-2n, 0n, 2n].map((n) => rational(n));
    // |x| - 1 ≥ 0, and with x ≥ 0 as well.
    const values = [1n, -1n, 1n].map((n) => rational(n));
    expect(components(line, [values])).toBe(2);
    expect(components(line, [values, line])).toBe(1);
  });
});

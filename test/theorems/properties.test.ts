/** What must hold of the bounds whatever the network. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Count, countOf, log10OfInteger } from "../../src/bounds/count.js";
import { descentSum } from "../../src/bounds/descent.js";
import {
  compactBasicSetBound,
  type Domain,
  fewestCutVariables,
  fibreProductBound,
  isolatedLayerBound,
  type LayerImageOptions,
  layerBounds,
  layerImageBound,
  linearRegions,
  linearRegionsProduct,
  smallestCarryWidth,
} from "../../src/bounds/index.js";

const ranks = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 });
const last = fc.constantFrom("general", "even", "injective" as const);
const degree = fc.integer({ min: 1, max: 5 });
const dim = fc.integer({ min: 0, max: 4 });
const refinement = fc.constantFrom("none", "normalized", "alternating" as const);
const folded = fc.integer({ min: 0, max: 9 });
const domain = fc.constantFrom<Domain>("ball", "cube", {
  kind: "semialgebraic",
  compact: true,
  inequalityDegrees: [2, 2, 4],
  equationDegree: 2,
} as const);

const options: fc.Arbitrary<LayerImageOptions> = fc.record({
  k: dim,
  ranks,
  last,
  degree,
  refinement,
  folded,
  domain,
  inputDimension: fc.integer({ min: 1, max: 12 }),
  quadratics: fc.constant("off" as const),
});

const value = (of: LayerImageOptions) => layerImageBound(of).exact!;

describe("images of layers", () => {
  it("grow with every rank, the degree and the folded units", () => {
    fc.assert(
      fc.property(options, fc.nat(4), (of, at) => {
        const least = value(of);
        const wider = of.ranks.map((rank, i) => (i === at % of.ranks.length ? rank + 1 : rank));
        expect(value({ ...of, ranks: wider, width: wider.at(-1)! })).toBeGreaterThanOrEqual(least);
        expect(value({ ...of, degree: of.degree + 1 })).toBeGreaterThanOrEqual(least);
        expect(value({ ...of, folded: of.folded! + 1 })).toBeGreaterThanOrEqual(least);
      }),
      { numRuns: 300 },
    );
  });

  it("grow with the depth at constant width", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 5 }), options, (width, layers, of) => {
        const deep = (depth: number) => value({ ...of, ranks: new Array(depth).fill(width), inputDimension: 12 });
        expect(deep(layers + 1)).toBeGreaterThanOrEqual(deep(layers));
      }),
    );
  });

  it("vanish from the width on, and above the dimension", () => {
    fc.assert(
      fc.property(options, (of) => {
        const width = of.ranks.at(-1)!;
        const dimension = Math.min(of.inputDimension, ...of.ranks);
        if (of.k >= 1 && (of.k >= width || of.k > dimension)) expect(value(of)).toBe(0n);
      }),
    );
  });

  it("are no larger in characteristic 0 than over any field, and there than without refinement", () => {
    fc.assert(
      fc.property(options, (of) => {
        const any = value({ ...of, refinement: "normalized" });
        expect(value({ ...of, refinement: "alternating" })).toBeLessThanOrEqual(any);
        expect(any).toBeLessThanOrEqual(value({ ...of, refinement: "none" }));
      }),
    );
  });

  it("are no larger for an even or injective last layer than for any", () => {
    fc.assert(
      fc.property(options, (of) => {
        const general = value({ ...of, last: "general" });
        expect(value({ ...of, last: "even" })).toBeLessThanOrEqual(general);
        expect(value({ ...of, last: "injective" })).toBeLessThanOrEqual(general);
      }),
    );
  });

  it("are only sharpened by few quadratics", () => {
    fc.assert(
      fc.property(options, fc.integer({ min: 1, max: 80 }), (of, first) => {
        const funnel = { ...of, degree: 2, ranks: [first, ...of.ranks], domain: "ball" as const, inputDimension: 99 };
        const off = value(funnel);
        const outer = value({ ...funnel, quadratics: "image" });
        expect(outer).toBeLessThanOrEqual(off);
        expect(value({ ...funnel, quadratics: "everywhere" })).toBeLessThanOrEqual(outer);
      }),
    );
  });

  it("keep components, and everything when fibres are single points", () => {
    fc.assert(
      fc.property(options, fc.array(fc.nat(5), { minLength: 5, maxLength: 5 }), (of, betti) => {
        const known = { kind: "semialgebraic", compact: true, inequalityDegrees: [2], betti } as const;
        expect(value({ ...of, k: 0, domain: known })).toBe(BigInt(betti[0]!));
        const bound = value({ ...of, domain: known, fibreSize: 1 });
        const dimension = Math.min(of.inputDimension, ...of.ranks);
        const vanishes = of.k >= of.ranks.at(-1)! || of.k > dimension;
        expect(bound).toBe(of.k > 0 && vanishes ? 0n : BigInt(betti[of.k]!));
      }),
    );
  });

  it("agree with their log10 to 1e-9", () => {
    fc.assert(
      fc.property(options, (of) => {
        const { exact, log10 } = layerImageBound(of);
        if (exact === 0n) expect(log10).toBe(Number.NEGATIVE_INFINITY);
        else expect(Math.abs(log10 - log10OfInteger(exact!))).toBeLessThan(1e-9);
      }),
    );
  });
});

describe("the descent", () => {
  const sum = (components: number, how: "none" | "normalized" | "alternating", fibreSize = Number.POSITIVE_INFINITY) =>
    Number(
      descentSum(1, how, {
        domain: countOf(0),
        higher: (): Count => countOf(0),
        components: () => countOf(components),
        fibreSize,
      }).count.value!(),
    );

  it("is attained by an interval with m pairs of points glued, and by the nodal cubic", () => {
    // The double points of m gluings are the diagonal and 2 m isolated pairs; the image has m loops.
    for (let m = 0; m <= 5; m++) expect(sum(1 + 2 * m, "alternating")).toBe(m);
    expect([sum(3, "none"), sum(3, "normalized"), sum(3, "alternating")]).toEqual([3, 2, 1]);
  });

  it("drops terms that small fibres kill, for alternating chains only", () => {
    const dims = descentSum(3, "alternating", {
      domain: countOf(5),
      higher: (p) => countOf(10 ** p),
      components: () => countOf(2001),
      fibreSize: 2,
    });
    expect(dims.count.value!()).toBe(15n); // p = 2, 3 vanish
    const kept = descentSum(3, "normalized", {
      domain: countOf(5),
      higher: (p) => countOf(10 ** p),
      components: () => countOf(2001),
      fibreSize: 2,
    });
    expect(kept.count.value!()).toBe(2115n);
    expect(sum(7, "normalized", 1)).toBe(0);
  });
});

describe("cut structures", () => {
  /** Least number of variables by trying every subset of the layers that contains the first. */
  function byEnumeration(variables: readonly number[], blockLength: number): number {
    const layers = variables.length;
    let least = Number.POSITIVE_INFINITY;
    for (let set = 1; set < 2 ** layers; set += 2) {
      const cuts = variables.flatMap((_, i) => ((set >> i) & 1 ? [i] : []));
      const ends = [...cuts.slice(1), layers];
      if (cuts.some((cut, i) => ends[i]! - cut > blockLength)) continue;
      least = Math.min(
        least,
        cuts.reduce((sum, cut) => sum + variables[cut]!, 0),
      );
    }
    return least;
  }

  it("are the cheapest of all", () => {
    const variables = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 9 });
    fc.assert(
      fc.property(variables, (of) => {
        const layers = of.length;
        let before = Number.POSITIVE_INFINITY;
        for (let m = 1; m <= layers + 1; m++) {
          const found = fewestCutVariables(of, m);
          expect(found.variables).toBe(byEnumeration(of, m));
          expect(found.cuts.reduce((sum, cut) => sum + of[cut - 1]!, 0)).toBe(found.variables);
          expect(found.cuts[0]).toBe(1);
          expect(found.variables).toBeLessThanOrEqual(before);
          before = found.variables;
        }
        expect(fewestCutVariables(of, 1).variables).toBe(of.reduce((sum, r) => sum + r, 0));
        expect(fewestCutVariables(of, layers).variables).toBe(of[0]);
      }),
    );
  });

  it("keep whole fibre products growing with p", () => {
    fc.assert(
      fc.property(ranks, degree, fc.integer({ min: 1, max: 4 }), (of, d, p) => {
        const bound = (copies: number) =>
          fibreProductBound({ p: copies, ranks: of, degree: d, inputDimension: 784 }).exact!;
        expect(bound(p + 1)).toBeGreaterThanOrEqual(bound(p));
      }),
    );
  });
});

it("a compact set given by one quadric has the Betti numbers of a ball", () => {
  for (let variables = 1; variables <= 50; variables++) {
    expect(compactBasicSetBound({ variables, inequalityDegrees: [2] }).exact).toBe(1n);
  }
});

describe("linear regions", () => {
  /** The index-set form: sum over j_l ≤ min(n_0, n_1 - j_1, …, n_{l-1} - j_{l-1}, n_l) of the product of C(n_l, j_l). */
  function byEnumeration(dimension: number, widths: readonly number[]): bigint {
    const [width, ...rest] = widths;
    if (width === undefined) return 1n;
    let sum = 0n;
    let choose = 1n;
    for (let j = 0; j <= Math.min(dimension, width); j++) {
      sum += choose * byEnumeration(Math.min(dimension, width - j), rest);
      choose = (choose * BigInt(width - j)) / BigInt(j + 1);
    }
    return sum;
  }
  const widths = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 });

  it("are the sum over the index set, below the product, and agree with their log10", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), widths, (inputDimension, of) => {
        const { exact, log10 } = linearRegions({ inputDimension, widths: of });
        expect(exact).toBe(byEnumeration(inputDimension, of));
        expect(exact!).toBeLessThanOrEqual(linearRegionsProduct({ inputDimension, widths: of }).exact!);
        expect(Math.abs(log10 - log10OfInteger(exact!))).toBeLessThan(1e-9);
      }),
      { numRuns: 300 },
    );
  });

  it("shrink with the ranks", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), widths, fc.nat(3), fc.nat(8), (inputDimension, of, at, drop) => {
        const full = of.map((width, i) => Math.min(width, i === 0 ? inputDimension : of[i - 1]!));
        const fewer = full.map((rank, i) => (i === at ? Math.max(0, rank - drop) : rank));
        const regions = linearRegions({ inputDimension, widths: of }).exact!;
        expect(linearRegions({ inputDimension, widths: of, ranks: full }).exact!).toBe(regions);
        expect(linearRegions({ inputDimension, widths: of, ranks: fewer }).exact!).toBeLessThanOrEqual(regions);
      }),
    );
  });

  it("of a few hundred units are exact, and of wide networks known by size", () => {
    const wide = linearRegions({ inputDimension: 4096, widths: [600, 600, 600] });
    expect(wide.exact).toBe(byLayers(4096, [600, 600, 600]));
    expect(Math.abs(wide.log10 - log10OfInteger(wide.exact!))).toBeLessThan(1e-9);
  });

  /** The recursion as written: f_{l-1}(δ) = Σ_j C(n_l, j) f_l(min(δ, n_l - j)), backwards. */
  function byLayers(inputDimension: number, of: readonly number[]): bigint {
    const most = Math.max(inputDimension, ...of);
    let after: bigint[] = new Array(most + 1).fill(1n);
    for (const width of of.toReversed()) {
      const row = [1n];
      for (let j = 0; j < width; j++) row.push((row[j]! * BigInt(width - j)) / BigInt(j + 1));
      after = after.map((_, dimension) => {
        let sum = 0n;
        for (let j = 0; j <= Math.min(dimension, width); j++) sum += row[j]! * after[Math.min(dimension, width - j)]!;
        return sum;
      });
    }
    return after[inputDimension]!;
  }
});

describe("isolated layers", () => {
  it("carry more with every argument", () => {
    const layer = fc.record({
      k: dim,
      inputDimension: fc.integer({ min: 1, max: 20 }),
      degree,
      dataDegree: degree,
      dataInequalities: fc.nat(4),
    });
    const carried = (of: Parameters<typeof isolatedLayerBound>[0]) => isolatedLayerBound(of).exact!;
    fc.assert(
      fc.property(layer, (of) => {
        const least = carried(of);
        for (const name of ["k", "inputDimension", "degree", "dataDegree", "dataInequalities"] as const) {
          expect(carried({ ...of, [name]: of[name] + 1 })).toBeGreaterThanOrEqual(least);
        }
      }),
    );
  });

  it("need more width for more topology", () => {
    const betti = fc.array(fc.nat(100_000), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(betti, fc.nat(2), fc.integer({ min: 2, max: 4 }), (of, at, d) => {
        const width = smallestCarryWidth({ betti: of, degree: d });
        const more = of.map((b, i) => (i === at ? 10 * b + 1 : b));
        expect(smallestCarryWidth({ betti: more, degree: d })).toBeGreaterThanOrEqual(width);
      }),
    );
  });
});

describe("whole networks", () => {
  it("of width 4096 and depth 32 get every bound", () => {
    for (const activation of ["square", "relu", "tanh"]) {
      const bounds = layerBounds({ widths: [784, ...new Array(32).fill(4096)], activation });
      expect(bounds.length).toBe(64);
      const sizes = bounds.filter(({ k }) => k === 1).map(({ bound }) => bound!.log10 ?? 0);
      expect(sizes.toSorted((a, b) => a - b)).toEqual(sizes);
      expect(sizes.at(-1)).toBeGreaterThan(10_000);
    }
  });
});

describe("finite sets", () => {
  it("have no more images than points, counted exactly through integer networks", () => {
    const integer = fc.integer({ min: -3, max: 3 });
    const point = fc.tuple(integer, integer);
    const network = fc.array(fc.array(integer, { minLength: 6, maxLength: 6 }), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(fc.array(point, { minLength: 1, maxLength: 30 }), network, (points, layers) => {
        // Layers of two units: four weights and two constants each, then the square.
        let images: (readonly number[])[] = points;
        const distinct = () => new Set(images.map((image) => image.join())).size;
        const count = distinct();
        const domain: Domain = { kind: "points", count };
        const widths = [2, ...layers.map(() => 2)];
        const bounds = layerBounds({ widths, activation: "square", domain });
        let before = count;
        for (const [i, [a, b, c, d, e, f]] of layers.entries()) {
          images = images.map(([x, y]) => [(a! * x! + b! * y! + e!) ** 2, (c! * x! + d! * y! + f!) ** 2]);
          const merged = distinct();
          expect(merged).toBeLessThanOrEqual(before);
          expect(merged).toBeLessThanOrEqual(
            Number(bounds.find(({ layer, k }) => layer === i + 1 && k === 0)!.bound!.exact),
          );
          expect(bounds.find(({ layer, k }) => layer === i + 1 && k === 1)!.bound!.exact).toBe("0");
          before = merged;
        }
      }),
    );
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { smallestCarryWidth } from "../../src/bounds/index.js";
import { advise } from "../../src/selection/advice.js";
import { necessaryConditions } from "../../src/selection/conditions.js";
import { exclusion, type Family, smallestSizes } from "../../src/selection/inverse.js";

const family = (changes: Partial<Family> = {}): Family => ({
  inputDimension: 784,
  outputs: 10,
  activation: "square",
  depths: { least: 1, most: 4 },
  dataDegree: 2,
  dataInequalities: 0,
  modulus: 0,
  ...changes,
});
const widths = (betti: number[], question: string, changes: Partial<Family> = {}) =>
  smallestSizes(betti, family(changes))
    .find((answer) => answer.question === question)!
    .sizes.map(({ width }) => width);

describe("smallest sizes", () => {
  it("to carry: the widths of theory 5.2, from the second layer on", () => {
    const cases: [number[], number[]][] = [
      [
        [1, 10],
        [2, 2, 2],
      ],
      [
        [10, 100],
        [3, 2, 2],
      ],
      [
        [1, 1000],
        [4, 3, 2],
      ],
      [
        [1, 1_000_000],
        [7, 5, 4],
      ],
      [
        [1, 0, 1],
        [3, 3, 3],
      ],
      [
        [200, 9801],
        [6, 4, 4],
      ],
    ];
    for (const [betti, expected] of cases)
      expected.forEach((width, i) => {
        const activation = ["square", "polynomial-3", "polynomial-4"][i]!;
        const dataDegree = i + 2;
        // Of one layer, whose input is the data's own space, only N1 is left.
        const [one, ...deeper] = widths(betti, "carry", { activation, dataDegree });
        expect(one).toBe(betti.length);
        expect(deeper, `${betti} ${activation}`).toEqual([width, width, width]);
        expect(smallestCarryWidth({ betti, degree: i + 2, dataDegree })).toBe(width);
      });
  });

  it("to create: the widths of theory 5.2", () => {
    expect(widths([1, 100], "create")).toEqual([null, 2, 2, 2]);
    expect(widths([7, 100], "create")).toEqual([null, 2, 2, 2]); // components are the data's, not the network's
    expect(widths([1, 1000], "create").slice(0, 3)).toEqual([null, 3, 2]);
    expect(widths([1, 1_000_000], "create").slice(0, 3)).toEqual([null, 5, 3]);
    expect(widths([1, 0, 1], "create").slice(0, 3)).toEqual([3, 3, 3]);
  });

  it("to have in a region: ReLU widths of theory 5.2", () => {
    const of = { activation: "relu", inputDimension: 2, depths: { least: 1, most: 3 } };
    expect(widths([9], "region", of)).toEqual([4, 2, 2]);
    expect(widths([100], "region", of)).toEqual([14, 4, 3]);
  });

  it("are the first that is not excluded, and no wider one is excluded again", () => {
    const betti = fc.tuple(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 0, max: 20_000 }));
    const question = fc.constantFrom("carry", "create", "region" as const);
    fc.assert(
      fc.property(
        betti,
        question,
        fc.constantFrom("square", "relu", "cube"),
        fc.integer({ min: 1, max: 3 }),
        (target, asked, activation, depth) => {
          const of = family({ activation, inputDimension: 5, depths: { least: depth, most: depth } });
          const { sizes } = smallestSizes(target, of).find((answer) => answer.question === asked)!;
          const { width } = sizes[0]!;
          const why = (w: number) => exclusion(asked, target, new Array<number>(depth).fill(w), of);
          if (width === null) return;
          expect(why(width)).toBeNull();
          if (width > 1) expect(why(width - 1)).toMatch(/ < \d+ \(/);
          for (const more of [1, 2, 7]) expect(why(width + more)).toBeNull();
        },
      ),
      { numRuns: 60 },
    );
  });

  it("put on the front what nothing undercuts, and count the parameters of the whole network", () => {
    const answers = smallestSizes([1, 1_000_000], family({ depths: { least: 2, most: 5 } }));
    for (const { sizes } of answers)
      for (const one of sizes) {
        if (one.width === null) continue;
        const undercut = sizes.some(
          (other) => other.depth < one.depth && other.width! <= one.width! && other.parameters! <= one.parameters!,
        );
        expect(one.front).toBe(!undercut);
        const w = one.width;
        expect(one.parameters).toBe(785 * w + (one.depth - 1) * (w + 1) * w + (w + 1) * 10);
      }
    const create = answers.find(({ question }) => question === "create")!.sizes;
    expect(create.filter(({ front }) => front).length).toBeGreaterThan(1);
  });
});

describe("necessary conditions", () => {
  const of = (betti: number[], activation = "relu", rest: object = {}) =>
    necessaryConditions({ betti, activation, inputDimension: 10, outputs: 1, ...rest });
  const named = (conditions: ReturnType<typeof of>, name: string) => conditions.find((one) => one.name === name);

  it("N1 by the highest degree present", () => {
    expect(named(of([1, 3]), "N1")!.leastWidth).toBe(2);
    expect(named(of([1, 0, 2, 0]), "N1")!.leastWidth).toBe(3);
    expect(named(of([4]), "N1")).toBeUndefined();
    expect(named(of([4]), "N2")!.text).toContain("4 components");
  });

  it("N3 under the manifold assumed", () => {
    const condition = named(of([1, 2, 1], "tanh", { manifoldDimension: 2 }), "N3")!;
    expect(condition).toMatchObject({ leastWidth: 3, standing: "hypothesis" });
    expect(condition.text).toMatch(/4 always suffice.*5 by almost every linear map/);
  });

  it("N4 tests the torus's pattern, and says when it cannot", () => {
    expect(named(of([1, 2, 1]), "N4")!.text).toMatch(/consistent with a torus T\^2.* needs 3 units.*takes 4/);
    expect(named(of([1, 3, 3, 1]), "N4")!.leastWidth).toBe(4);
    expect(named(of([1, 2, 0]), "N4")!.text).toContain("is not the pattern C(2, k)");
    expect(named(of([2, 2, 1]), "N4")!.text).toContain("is not the pattern");
    expect(named(of([1, 5]), "N4")).toMatchObject({
      leastWidth: null,
      text: expect.stringContaining("cannot be tested without b_2"),
    });
    expect(named(of([1, 0, 1]), "N4")).toBeUndefined();
  });

  it("N5 and N6 for the activations their theorems speak of", () => {
    for (const activation of ["relu", "tanh", "leaky-relu", "cube"])
      expect(named(of([1, 1], activation), "N5")!.text).toContain("at least 11 units");
    for (const activation of ["square", "abs", "gelu"]) expect(named(of([1, 1], activation), "N5")).toBeUndefined();
    expect(named(of([1, 1], "square"), "N6")!.text).toMatch(/no loop \(T5\)/);
    expect(named(of([1, 1], "relu"), "N6")!.text).toMatch(/nor anything of higher degree \(T4\)/);
    expect(named(of([1, 1], "tanh"), "N6")!.text).toContain("one-to-one");
    for (const activation of ["gelu", "polynomial-3"]) expect(named(of([1, 1], activation), "N6")).toBeUndefined();
  });
});

describe("advice", () => {
  const advice = (betti: number[], changes: Partial<Family> = {}) =>
    advise({ target: { betti, origin: "given by hand" }, families: [family({ modulus: 2, ...changes })], tests: [] });
  const text = (of: ReturnType<typeof advise>) => of.sections.flatMap(({ sentences }) => sentences).join("\n");

  it("states every hypothesis, and never that a size is enough", () => {
    const words = text(advice([1, 100]));
    expect(words).toContain(
      "if the data's true b_k are at least these, every hidden layer has to pass them on, and what enters it is cut out by " +
        "polynomial equations of degree at most 2 alone (no set with an inside is, and hardly ever a layer's image): " +
        "depth 1: width 2, 1600 parameters (front); depth 2: width 3,",
    );
    expect(words).toContain("not excluded, which does not make them enough");
    expect(words).not.toMatch(/guarantee|sufficient size|will keep|optimal/i);
  });

  it("says how loose the bounds are and what would change the answer", () => {
    const { families } = advice([1, 100]);
    // Theory 2.5: log10 I_1 of width 64 is 60.8954; width 3 carries at most 504.
    expect(families[0]!.looseness).toMatchObject({ width: 64, k: 1, target: 100 });
    expect(families[0]!.looseness!.log10).toBeCloseTo(60.8954, 4);
    expect(families[0]!.sensitivity.excludedFrom).toEqual({ width: 3, k: 1, moreThan: "504" });
    const words = text(advice([1, 100]));
    expect(words).toContain("10^59 times the 100 to be met");
    expect(words).toContain("a b_1 above 504 would exclude width 3 too");
    expect(text(advice([1, 505]))).toContain("depth 2: width 4");
    expect(text(advice([1, 100], { activation: "tanh" }))).toContain(
      "no theorem known here bounds what one tanh layer can carry",
    );
  });

  it("refuses what makes no sense", () => {
    expect(() => advice([])).toThrow(/Betti numbers/);
    expect(() => advice([0, 1])).toThrow(/b_0/);
    expect(() => advice([1, -1])).toThrow(/integers of at least 0/);
    expect(() => advice([1, 1], { activation: "wobble" })).toThrow(/activation/);
    expect(() => advice([1, 1], { depths: { least: 3, most: 2 } })).toThrow(/depth/);
  });
});

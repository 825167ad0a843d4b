/** Exact values worked out with big integers beside the statements of the theorems (theory-cases.json), all of them. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as bounds from "../../src/bounds/index.js";
import { type Bound, layerImageBound } from "../../src/bounds/index.js";

interface TheoryCase {
  readonly fn: string;
  readonly args: number[];
  readonly expected: string;
}

const cases: TheoryCase[] = JSON.parse(readFileSync(new URL("./theory-cases.json", import.meta.url), "utf8"));

/** The number after `name=` in a label. */
function labelled(label: string, name: string): number | undefined {
  const found = new RegExp(`\\b${name}=(\\d+)`).exec(label);
  return found ? Number(found[1]) : undefined;
}

/** A network's case: the input's dimension and the widths. */
const network = (args: readonly unknown[]) => ({ inputDimension: args[0] as number, widths: args[1] as number[] });

const byName: Record<string, (args: number[], label: string) => Bound | number> = {
  opmt: ([degree, variables]) => bounds.algebraicSetBound({ degree, variables }),
  mil: ([total, variables]) => bounds.basicSetBound({ variables, inequalityDegrees: [total] }),
  milc: ([total, variables]) => bounds.compactBasicSetBound({ variables, inequalityDegrees: [total] }),
  slk: ([degree, variables, s]) => bounds.slackLiftBound({ variables, inequalityDegrees: new Array(s).fill(degree) }),
  bprSign: ([dim, polynomials, degree, variables, varietyDimension]) =>
    bounds.signConditionsBound({ dim, polynomials, degree, variables, varietyDimension }),
  bprClosed: ([polynomials, degree, variables, varietyDimension]) =>
    bounds.closedFormulaBound({ polynomials, degree, variables, varietyDimension }),
  baroneBasu: ([polynomials, degree, varietyDegree, variables, varietyDimension]) =>
    bounds.signConditionComponentsBound({ polynomials, degree, varietyDegree, variables, varietyDimension }),
  quad: ([dim, inequalities, variables]) => bounds.quadraticInequalitiesBound({ dim, inequalities, variables }),
  cutMinVars: (ranks, label) => bounds.fewestCutVariables(ranks, labelled(label, "m")!).variables,
  wBound: (ranks, label) =>
    bounds.fibreProductBound({ ranks, degree: labelled(label, "d")!, p: labelled(label, "p")!, inputDimension: 784 }),
  U: (ranks, label) => {
    const last = /last=(\w+)/.exec(label)![1] as "general" | "even" | "injective";
    const folded = labelled(label, "q");
    return layerImageBound({
      k: labelled(label, "k")!,
      inputDimension: labelled(label, "n0") ?? 784,
      ranks,
      width: labelled(label, "nl") ?? ranks.at(-1)!,
      degree: labelled(label, "d")!,
      last,
      ...(folded === undefined ? {} : { folded }),
      refinement: label.includes("anyField") ? "normalized" : "alternating",
      // The values were worked out without few quadratics on the pieces of an even layer; see few-quadratics.test.ts.
      quadratics: label.includes("quad=true") ? "image" : "off",
    });
  },
  isolated: ([k, inputDimension, degree, dataDegree, dataInequalities]) =>
    bounds.isolatedLayerBound({ k, inputDimension, degree, dataDegree, dataInequalities }),
  polyRegion: ([inputDimension, degree, layers]) => bounds.polynomialRegionBound({ inputDimension, degree, layers }),
  tanhRegion: ([inputDimension, units, layers]) =>
    bounds.pfaffianRegionBound({ activation: "tanh", inputDimension, units, layers }),
  arctanRegion: ([inputDimension, units, layers]) =>
    bounds.pfaffianRegionBound({ activation: "arctan", inputDimension, units, layers }),
  pfaff: ([variables, length, chainDegree, degree]) =>
    bounds.pfaffianSetBound({ variables, length, chainDegree, degree }),
  regions: (args) => bounds.linearRegions(network(args)),
  regionsProduct: (args) => bounds.linearRegionsProduct(network(args)),
  plImage: ([k, regions]) => bounds.piecewiseLinearImageBound({ k, regions }),
  // Copies of a module's variables in an algebraic set of its degree.
  moduleBound: (_, label) =>
    bounds.algebraicSetBound({
      degree: labelled(label, "M")!,
      variables: (labelled(label, "p")! + 1) * labelled(label, "V")!,
    }),
};

describe("the theory's worked values", () => {
  it("has 125 cases, and a function for every one", () => {
    expect(cases.length).toBe(125);
    const missing = cases.filter(({ fn }) => byName[fn.split(/[ (]/)[0]!] === undefined);
    expect(missing).toEqual([]);
  });

  for (const { fn, args, expected } of cases) {
    it(`${fn} ${JSON.stringify(args)} = ${expected.length > 30 ? `${expected.slice(0, 27)}...` : expected}`, () => {
      const result = byName[fn.split(/[ (]/)[0]!]!(args, fn);
      expect(typeof result === "number" ? String(result) : result.exact?.toString()).toBe(expected);
    });
  }
});

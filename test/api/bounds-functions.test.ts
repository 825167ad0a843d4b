/** Every function of bettina/bounds, called wrongly in every way, ends in a BettinaError. */
import { describe, expect, it } from "vitest";
import * as bounds from "../../src/bounds/index.js";
import { faults, type Row } from "../support/wrong-calls.js";

const arrangement = { polynomials: 2, degree: 2, variables: 2 };
const network = bounds.parseModularNetwork("4-3-2:relu");
const cells = bounds.hyperplaneCells({ hyperplanes: 3, dimension: 2 });
const modules = [
  { kind: "ball", variables: 2 },
  { kind: "polynomial", degree: 2, rank: 2 },
];
const convolution = { inChannels: 1, outChannels: 1, height: 3, width: 3, kernelHeight: 2, kernelWidth: 2 };
const norm = null;
const trained = {
  widths: [2, 2, 2],
  activation: "relu",
  batchNormEpsilon: 1e-3,
  layers: [1, 2].map(() => ({ kernel: [1, 0, 0, 1], bias: [0, 0], before: norm, after: norm })),
};
const piecewise = { inputDimension: 2, widths: [3, 2] };
const one = (options: object): Row => ({ args: [options], options: [0] });

const rows: Record<string, Row> = {
  algebraicSetBound: one({ degree: 2, variables: 2 }),
  basicSetBound: one({ variables: 2, equationDegree: 2 }),
  boundFromJson: { args: [bounds.boundToJson(cells)] },
  boundRows: { args: [bounds.layerBounds({ widths: [4, 2], activation: "square" })], fine: { 0: [[]] } },
  boundToJson: { args: [cells] },
  carryBounds: one({ widths: [4, 2], activation: "square" }),
  circularConvolutionRank: one({ ...convolution, kernel: [1, 0, 0, 1] }),
  classifyActivation: { args: ["relu"] },
  closedFormulaBound: one(arrangement),
  compactBasicSetBound: one({ variables: 2, equationDegree: 2 }),
  compareBounds: { args: [cells, cells] },
  convolutionRank: one(convolution),
  describeField: { args: ["any"] },
  fewestCutVariables: { args: [[3, 2, 3], 1] },
  fibreProductBound: one({ p: 1, ranks: [2], degree: 2, inputDimension: 2 }),
  fieldOfModulus: { args: [3, 1] },
  formatBound: { args: [cells] },
  hyperplaneCells: one({ hyperplanes: 3, dimension: 2 }),
  isExcludedByCarry: one({ width: 2, betti: [1, 1], degree: 2 }),
  isLimitOfInjective: { args: [bounds.classifyActivation("relu")] },
  isolatedLayerBound: one({ k: 1, inputDimension: 3, degree: 2 }),
  layerBounds: one({ widths: [4, 2], activation: "square" }),
  layerImageBound: one({ k: 1, inputDimension: 2, ranks: [2], degree: 2 }),
  leastWidthToEnclose: { args: [2] },
  linearRegions: one(piecewise),
  linearRegionsProduct: one(piecewise),
  linearRegionsReached: one(piecewise),
  minimumWidthToCarry: { args: [1] },
  modularBounds: one({ network }),
  moduleAccount: { args: [modules] },
  moduleImageBound: one({ modules, k: 1 }),
  numericRank: one({ data: [1, 0, 0, 1], rows: 2, columns: 2 }),
  parseModularNetwork: { args: ["4-3-2:relu"] },
  pfaffianRegionBound: one({ activation: "tanh", inputDimension: 2, units: 3, layers: 1 }),
  pfaffianSetBound: one({ variables: 2, length: 1, chainDegree: 1, degree: 2 }),
  piecewiseLinearImageBound: one({ k: 1, regions: 4 }),
  polynomialClassRegionBound: one({ inputDimension: 2, degree: 2, layers: 1, classes: 3 }),
  polynomialRegionBound: one({ inputDimension: 2, degree: 2, layers: 1 }),
  quadraticInequalitiesBound: one({ dim: 1, inequalities: 1, variables: 3 }),
  recalledStatements: one({ ...piecewise, activation: "relu" }),
  regionBounds: one({ network }),
  reluRegionBound: one({ ...piecewise, k: 1 }),
  signConditionComponentsBound: one({ ...arrangement, varietyDegree: 2 }),
  signConditionsBound: one({ ...arrangement, dim: 1 }),
  slackLiftBound: one({ variables: 2, inequalityDegrees: [2] }),
  smallestCarryWidth: one({ betti: [1, 1], degree: 2 }),
  smallestCreateWidth: one({ betti: [1, 1], activation: "square", layers: 1 }),
  smallestPolynomialRegionDepth: one({ bettiSum: 3, inputDimension: 2, degree: 2 }),
  smallestReluRegionWidth: one({ components: 3, inputDimension: 2, layers: 1 }),
  surroundingStatement: { args: [network] },
  surrounds: { args: [[1, 1], 2] },
  thresholdRegionBound: one({ inputDimension: 2, units: 3 }),
  trainedLayers: { args: [trained, { radius: 1 }], options: [1], optional: [1] },
};

const functions = Object.entries(bounds).filter(([, value]) => typeof value === "function") as unknown as [
  string,
  (...args: unknown[]) => unknown,
][];

describe("every function of bettina/bounds", () => {
  it("has a row in this table", () => {
    expect(functions.map(([name]) => name).filter((name) => !(name in rows))).toEqual([]);
    expect(Object.keys(rows).filter((name) => !(name in bounds))).toEqual([]);
  });

  it.each(functions.filter(([name]) => name in rows))("%s refuses wrong calls as such", async (name, call) => {
    expect(() => call(...rows[name]!.args)).not.toThrow();
    expect(await faults(call, rows[name]!)).toEqual([]);
  });
});

/**
 * Proven upper bounds on Betti numbers: of semialgebraic and Pfaffian sets, of images of network layers, of linear
 * regions. The package export `bettina/bounds`; no dependencies, pure big-integer arithmetic.
 */

export { ACTIVATION_NAMES, type ActivationClass, classifyActivation } from "./activation.js";
export { type ArchitectureModule, type ModularNetwork, parseModularNetwork } from "./architecture.js";
export { signConditionComponentsBound } from "./barone-basu.js";
export { type Arrangement, closedFormulaBound, signConditionsBound } from "./basu-pollack-roy.js";
export {
  type Bound,
  type BoundField,
  type BoundJson,
  type BoundStatus,
  boundFromJson,
  boundToJson,
  compareBounds,
} from "./bound.js";
export { boundedComponentTheorem, isLimitOfInjective, leastWidthToEnclose, surrounds } from "./bounded-components.js";
export {
  type CarryAssumptions,
  type CarryVerdict,
  isExcludedByCarry,
  minimumWidthToCarry,
  smallestCarryWidth,
} from "./carry.js";
export {
  type Convolution,
  type ConvolutionRank,
  circularConvolutionRank,
  convolutionRank,
} from "./convolution-rank.js";
export { type CutStructure, fewestCutVariables } from "./cut-structures.js";
export {
  type PfaffianActivation,
  pfaffianRegionBound,
  polynomialClassRegionBound,
  polynomialRegionBound,
  reluRegionBound,
  thresholdRegionBound,
} from "./decision-regions.js";
export type { Domain, SemialgebraicDomain } from "./domain.js";
export { quadraticInequalitiesBound } from "./few-quadratics.js";
export { fibreProductBound, type PolynomialMap } from "./fibre-products.js";
export { fieldOfModulus, type Refinement } from "./field.js";
export { type BoundRow, boundRows, describeField, formatBound } from "./format.js";
export { hyperplaneCells } from "./hyperplane-cells.js";
export { type IsolatedLayer, isolatedLayerBound } from "./isolated-layer.js";
export {
  type CarryBoundsOptions,
  carryBounds,
  type LayerBound,
  type LayerBoundsOptions,
  layerBounds,
} from "./layer-bounds.js";
export { type LastActivation, type LayerImageOptions, layerImageBound } from "./layer-image.js";
export { linearRegions, linearRegionsProduct, type PiecewiseLinearNetwork } from "./linear-regions.js";
export { type BasicSet, basicSetBound, compactBasicSetBound } from "./milnor-product.js";
export { type ModularBoundsOptions, modularBounds } from "./modular-bounds.js";
export { type ModuleAccount, moduleAccount, moduleImageBound, type NetworkModule } from "./modules.js";
export { type RegionBound, regionBounds, surroundingStatement } from "./network-regions.js";
export { type NumericRank, numericRank } from "./numeric-rank.js";
export { algebraicSetBound } from "./oleinik-petrovskii-milnor-thom.js";
export { pfaffianSetBound } from "./pfaffian.js";
export { piecewiseLinearImageBound } from "./piecewise-linear-image.js";
export {
  linearRegionsReached,
  type RecalledOptions,
  type RecalledStatement,
  recalledStatements,
} from "./recalled-statements.js";
export { slackLiftBound } from "./slack-lift.js";
export { smallestCreateWidth, smallestPolynomialRegionDepth, smallestReluRegionWidth } from "./smallest-sizes.js";
export {
  type TrainedBatchNorm,
  type TrainedDomain,
  type TrainedLayer,
  type TrainedNetwork,
  trainedLayers,
} from "./trained-network.js";

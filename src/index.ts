/** The public API of bettina. Bounds also stand alone as `bettina/bounds`. */
export { isolatedLayerBound } from "./bounds/isolated-layer.js";
export { carryBounds, type LayerBound, layerBounds } from "./bounds/layer-bounds.js";
export { type Dataset, type ExpectedBetti, loadDataset, type PointSet } from "./data/dataset.js";
export { expandImages, pointsOfClass } from "./data/sampling.js";
export { EnginePool } from "./engine/pool.js";
export type { Chain, Representatives } from "./engine/representatives.js";
export * from "./errors.js";
export { type Activations, accuracy, activations, withTrainingSetStatistics } from "./network/activations.js";
export { parameterCount, parseArchitecture } from "./network/architecture.js";
export { type Backend, openBackend } from "./network/backend.js";
export { loadNetwork, saveNetwork } from "./network/checkpoint.js";
export { trainingSeconds } from "./network/estimate.js";
export { type NetworkSpec, parseSpec, specJsonSchema } from "./network/spec.js";
export { type Training, type TrainingState, type TrainOptions, train } from "./network/train.js";
export { loadTraining, saveTraining } from "./network/training-state.js";
export { initialNetwork, type NetworkWeights } from "./network/weights.js";
export { type Advice, type AdviceInput, advise } from "./selection/advice.js";
export { type Recommendation, recommend } from "./selection/recommend.js";
export { type ConfigOverrides, configJsonSchema, resolveConfig, type StudyConfig } from "./study/config.js";
export type { StudyEvent } from "./study/events.js";
export { planStudy } from "./study/job.js";
export { gaussianPoints, projectPoints } from "./study/projection.js";
export type { StudyResult } from "./study/result.js";
export { resultJsonSchema } from "./study/result-schema.js";
export { type RunStudyOptions, runStudy } from "./study/run-study.js";
export { type BettiReading, bettiNumbers, type Diagrams, type Untested } from "./topology/betti.js";
export { bottleneckDistance } from "./topology/bottleneck.js";
export {
  type BettiCurve,
  bettiCurve,
  type CurveBand,
  curveBand,
  curveIntegral,
  curveL1Distance,
  medianPairwiseDistance,
  normaliseCurve,
  type ScaleRange,
  sampleCurve,
  scaleGrid,
} from "./topology/curves.js";
export { type Diagram, type DiagramJson, diagramFromJson, diagramToJson } from "./topology/diagram.js";
export { pairwiseDistances } from "./topology/distance-matrix.js";
export { checkForecast, type Forecast, type ForecastOptions, forecast, type Range } from "./topology/forecast.js";
export {
  bettiBounds,
  type CountBounds,
  intervalCountBounds,
  type LandmarkReplicates,
  type LandmarkResult,
  landmarkReplicates,
  type Spread,
} from "./topology/landmark-bounds.js";
export { type LandmarkOptions, type Landmarks, selectLandmarks, takePoints } from "./topology/landmarks.js";
export { type PersistenceOptions, type PersistenceResult, persistence } from "./topology/persistence.js";
export {
  type LazyInput,
  type PersistenceManyOptions,
  persistenceMany,
  persistenceSettled,
} from "./topology/persistence-many.js";
export type { DistanceMatrix, Metric, PersistenceInput, PointCloud } from "./topology/point-cloud.js";
export {
  checkReadout,
  describeReadout,
  formatReadout,
  needsContext,
  parseReadout,
  type Readout,
  readoutRules,
} from "./topology/readout.js";
export { type ReadoutContext, type ReadoutContextOptions, readoutContext } from "./topology/readout-context.js";
export { bootstrapQuantiles, type HausdorffConfidence, hausdorffConfidence } from "./topology/resampling.js";
export { ratioCountBounds, type SparseRips, sparseRips } from "./topology/sparse-rips.js";
export {
  artefactDimensions,
  bettiCap,
  flagBettiCap,
  persistenceEntropy,
  totalPersistence,
} from "./topology/summaries.js";
export { factorToStandOut, leastTested, significantRatio, universalNullPValues } from "./topology/universal-null.js";
export { type WassersteinOptions, wassersteinDistance } from "./topology/wasserstein.js";

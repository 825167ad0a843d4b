/** The public API of bettina. */
export { EnginePool } from "./engine/pool.js";
export * from "./errors.js";
export { type Diagram, type DiagramJson, diagramFromJson, diagramToJson } from "./topology/diagram.js";
export { pairwiseDistances } from "./topology/distance-matrix.js";
export { type PersistenceOptions, type PersistenceResult, persistence } from "./topology/persistence.js";
export type { DistanceMatrix, Metric, PersistenceInput, PointCloud } from "./topology/point-cloud.js";

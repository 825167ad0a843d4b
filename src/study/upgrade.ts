/** Reading what earlier versions wrote. */
import { compareWithAccuracy } from "../selection/comparison.js";
import { configSchema } from "./config-schema.js";
import type { MeasurementRecord, NetworkRecord, SampleRecord, StudyResult } from "./result.js";
import { summariseStudy } from "./statistics.js";

/**
 * A study of format version 1 in the form of version 2: one sample per class, no validation accuracy, no curves and
 * distances; statistics and comparisons drawn from its measurements. Anything else comes back as it is.
 */
export function upgradeStudy(value: unknown): unknown {
  const old = value as Partial<Omit<StudyResult, "formatVersion">> & { readonly formatVersion?: unknown };
  if (typeof value !== "object" || value === null || old.format !== "bettina-study" || old.formatVersion !== 1)
    return value;
  const parsed = configSchema.safeParse(old.config);
  const lists = [old.samples, old.networks, old.measurements];
  const advised = old.recommendation?.byActivation;
  if (!parsed.success || !lists.every(isListOfObjects) || !isListOfObjects(advised)) return value;
  const config = parsed.data;
  const samples = old.samples!.map((one): SampleRecord => ({ ...one, subsample: 0 }));
  const networks = old.networks!.map(
    (one): NetworkRecord => ({
      ...one,
      takenAt: one.steps,
      validations: [],
      validationAccuracy: null,
    }),
  );
  const measurements = old.measurements!.map(
    (one): MeasurementRecord => ({ ...one, subsample: 0, medianDistance: null }),
  );
  const recommendation = {
    ...old.recommendation!,
    probability: config.decision.probability,
    alpha: config.decision.alpha,
    gaussian: [],
    byActivation: advised!.map((one) => ({ ...one, gaussianSmallestKept: null })),
  };
  return {
    ...old,
    formatVersion: 2,
    config,
    samples,
    networks,
    measurements,
    statistics: summariseStudy({ measurements, networks, curves: [], distances: [], scales: [] }),
    comparisons: compareWithAccuracy({
      measurements,
      networks,
      readouts: config.readouts,
      batchSize: config.training.batchSize,
      alpha: config.decision.alpha,
      recommendation,
    }),
    known: null,
    recommendation,
  };
}

function isListOfObjects(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === "object" && item !== null);
}

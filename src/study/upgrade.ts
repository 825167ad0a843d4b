/** Reading what earlier versions wrote. */
import type { SweepWidth } from "../network/architecture.js";
import type { WidthAccuracy } from "../selection/accuracy.js";
import { compareWithAccuracy } from "../selection/comparison.js";
import { configSchema } from "./config-schema.js";
import type { MeasurementRecord, NetworkRecord, SampleRecord, StudyResult } from "./result.js";
import { summariseStudy } from "./statistics.js";

/**
 * A study of format version 1 or 2 in the form of version 3. Both knew one width for all hidden layers only, so that
 * their order is that of the widths. Anything else comes back as it is.
 */
export function upgradeStudy(value: unknown): unknown {
  return fromSecond(fromFirst(value));
}

/** The order of the networks, which there was no choice of, and the parameters beside the accuracies. */
function fromSecond(value: unknown): unknown {
  const old = value as Partial<Omit<StudyResult, "formatVersion">> & { readonly formatVersion?: unknown };
  if (typeof value !== "object" || value === null || old.format !== "bettina-study" || old.formatVersion !== 2)
    return value;
  const parsed = configSchema.safeParse(old.config);
  const advised = old.recommendation?.byActivation;
  if (!parsed.success || !isListOfObjects(old.networks) || !isListOfObjects(advised)) return value;
  const config = parsed.data;
  const widths = config.widths.map(Number).sort((one, other) => one - other);
  const parameters = (activation: string, width: SweepWidth) =>
    old.networks!.find((one) => one.activation === activation && one.width === width)?.parameters ?? 0;
  const byActivation = advised!.map((one) => {
    const counted = (accuracy: WidthAccuracy): WidthAccuracy => ({
      ...accuracy,
      parameters: parameters(one.activation, accuracy.width),
    });
    const { smallestAccurate } = one;
    return {
      ...one,
      exclusions: [],
      accuracies: one.accuracies.map(counted),
      smallestAccurate: smallestAccurate && counted(smallestAccurate),
    };
  });
  const { order } = config.decision;
  return {
    ...old,
    formatVersion: 3,
    config: { ...config, widths },
    enclosures: [],
    recommendation: { ...old.recommendation!, order, widths, byActivation },
  };
}

/**
 * Version 1 in the form of version 2: one sample per class, no validation accuracy, no curves and distances; statistics
 * and comparisons drawn from its measurements.
 */
function fromFirst(value: unknown): unknown {
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
    order: config.decision.order,
    widths: config.widths.map(Number).sort((one, other) => one - other),
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

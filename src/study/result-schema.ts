/** The shape of `study.json`, as zod checks it and as a JSON Schema. A test holds it equal to the types of result.ts. */
import { z } from "zod";
import { datasetNames } from "../data/dataset.js";
import { configSchema } from "./config-schema.js";

const number = z.number();
const count = z.int().min(0);
const share = z.number().min(0).max(1);
const numbers = z.array(number);
const orNull = <Item extends z.ZodType>(item: Item) => item.nullable();
const digest = z.string().regex(/^[0-9a-f]*$/);

/** The hidden layers of a network of the sweep. */
const sweepWidth = z.union([count, z.string().regex(/^\d+(-\d+)+$/)]);

const place = {
  source: z.enum(["input", "network", "untrained", "projection", "gaussian"]),
  activation: orNull(z.string()),
  width: orNull(sweepWidth),
  layer: count,
};

const readout = z.strictObject({
  readout: z.string(),
  betti: z.array(orNull(count)),
  note: z.string().optional(),
  lengths: z.array(orNull(number)).optional(),
  untested: z.array(orNull(z.enum(["too-few-intervals", "not-noise", "too-few-points"]))).optional(),
});

const layerBound = z.strictObject({
  layer: count,
  name: z.string().optional(),
  width: count,
  k: count,
  bound: orNull(
    z.strictObject({
      exact: z.string().optional(),
      log10: orNull(number),
      kind: z.string(),
      field: z.string(),
      theorem: z.string(),
      source: z.string(),
      status: z.string(),
      trace: z.array(z.string()),
    }),
  ),
  reason: z.string().optional(),
});

const spread = { median: orNull(number), lower: orNull(number), upper: orNull(number) };
const interval = z.strictObject({
  ...spread,
  method: z.literal("percentiles"),
  level: share,
  replicates: count,
  confidence: orNull(
    z.strictObject({
      units: count,
      lower: number,
      upper: number,
      confidence: share,
      method: z.literal("order-statistics"),
      unit: z.enum(["seed", "sample"]),
    }),
  ),
});

const statistics = z.strictObject({
  numbers: z.array(
    z.strictObject({
      ...place,
      readout: z.string(),
      k: count,
      overClasses: interval,
      byClass: z.array(z.strictObject({ class: count, clouds: count, ...spread })),
      undefinedCount: count,
    }),
  ),
  accuracies: z.array(
    z.strictObject({
      activation: z.string(),
      width: sweepWidth,
      test: interval,
      validation: orNull(interval),
      untrained: interval,
    }),
  ),
  curves: orNull(
    z.strictObject({
      scales: numbers,
      level: share,
      places: z.array(
        z.strictObject({ ...place, k: count, clouds: count, median: numbers, lower: numbers, upper: numbers }),
      ),
    }),
  ),
  distances: z.array(
    z.strictObject({ ...place, metric: z.enum(["bottleneck", "wasserstein"]), k: count, distance: interval }),
  ),
});

const choice = z.strictObject({
  width: sweepWidth,
  testAccuracy: share,
  validationAccuracy: orNull(share),
  parameters: count,
  cost: number,
  jobs: z.array(z.string()),
});
const comparison = z.strictObject({
  activation: z.string(),
  chosenBy: z.enum(["validation", "test"]),
  byAccuracy: orNull(choice),
  byTopology: orNull(choice),
  basis: orNull(z.enum(["confident", "smallest kept"])),
  outcome: z.enum(["none", "controls", "same", "wider", "narrower"]),
  excluded: z.array(z.strictObject({ name: z.enum(["N1", "N5", "carry"]), widths: z.array(sweepWidth) })),
  correlations: z.array(
    z.strictObject({
      readout: z.string(),
      k: count,
      layer: count,
      byWidth: z.array(z.strictObject({ width: sweepWidth, trainings: count, rho: orNull(number) })),
      mean: orNull(number),
      widths: count,
      trainings: count,
      pValue: orNull(share),
      adjustedP: orNull(share),
      method: z.enum(["exact", "drawn"]),
      permutations: count,
    }),
  ),
  informative: z.array(z.strictObject({ readout: z.string(), k: count, layer: count })),
  tellable: orNull(z.boolean()),
  sentences: z.array(z.string()),
});

const finding = z.strictObject({ width: sweepWidth, k: count, text: z.string() });
const exclusion = z.strictObject({
  name: z.enum(["N1", "N5", "carry"]),
  theorem: z.string(),
  hypothesis: z.string(),
  leastWidth: orNull(count),
  layers: z.enum(["every", "some"]),
  widths: z.array(sweepWidth),
  text: z.string(),
});
const widthSummary = z.strictObject({
  width: sweepWidth,
  runs: count,
  keptRuns: count,
  fractionKept: orNull(share),
  medians: z.array(z.strictObject({ k: count, input: number, measured: number })),
});
const widthAccuracy = z.strictObject({
  width: sweepWidth,
  parameters: count,
  accuracy: share,
  validation: orNull(share),
});
const recommendation = z.strictObject({
  readout: z.string(),
  rule: z.enum(["every-class", "median-over-classes"]),
  tolerance: share,
  probability: share,
  alpha: share,
  order: z.enum(["narrowest", "parameters"]),
  widths: z.array(sweepWidth),
  strength: z.enum(["indicative", "confident"]),
  trainings: count,
  nothingToKeep: z.boolean(),
  byActivation: z.array(
    z.strictObject({
      activation: z.string(),
      cannotCarry: z.array(finding),
      excludedIf: z.array(finding),
      exclusions: z.array(exclusion),
      measuredFewer: z.array(finding),
      smallestKept: orNull(sweepWidth),
      untrainedSmallestKept: orNull(sweepWidth),
      projectionSmallestKept: orNull(sweepWidth),
      gaussianSmallestKept: orNull(sweepWidth),
      smallestKeptByMedians: orNull(sweepWidth),
      confidentWidth: orNull(sweepWidth),
      network: z.array(widthSummary),
      untrained: z.array(widthSummary),
      paired: z.strictObject({
        pairings: z.array(
          z.strictObject({
            width: sweepWidth,
            layer: count,
            k: count,
            with: z.enum(["input", "projection", "untrained"]),
            more: count,
            equal: count,
            fewer: count,
            pValue: share,
            adjustedP: share,
          }),
        ),
        samples: count,
        tellable: z.boolean(),
      }),
      accuracies: z.array(widthAccuracy),
      smallestAccurate: orNull(widthAccuracy),
      otherReadouts: z.array(
        z.strictObject({
          readout: z.string(),
          input: z.array(z.strictObject({ k: count, median: number, maximum: number })),
          smallestKept: orNull(sweepWidth),
          nothingToKeep: z.boolean(),
          projectionSmallestKept: orNull(sweepWidth),
          excludedIf: z.array(sweepWidth),
        }),
      ),
    }),
  ),
  projection: z.array(widthSummary),
  gaussian: z.array(widthSummary),
  summary: z.string(),
  sentences: z.array(z.string()),
});

const known = z.strictObject({
  classes: z.array(z.strictObject({ class: count, betti: z.array(count), reason: z.string() })),
  places: z.array(
    z.strictObject({ ...place, readout: z.string(), k: count, clouds: count, right: count, fewer: count, more: count }),
  ),
});

/** A whole `study.json`. */
export const resultSchema = z.strictObject({
  format: z.literal("bettina-study"),
  formatVersion: z.literal(3),
  versions: z.strictObject({
    bettina: z.string(),
    engineAbi: count,
    engineDigest: digest,
    tfjs: z.string(),
    nodeMajor: count,
    architecture: z.string(),
  }),
  config: configSchema,
  configDigest: digest,
  dataset: z.strictObject({
    name: z.enum(datasetNames).exclude(["auto"]),
    generated: z.boolean(),
    note: z.string(),
    digest: z.string(),
    trainCount: count,
    testCount: count,
    classes: count,
    inputDimension: count,
  }),
  backend: z.strictObject({
    name: z.enum(["node", "wasm", "cpu"]),
    tried: z.array(z.strictObject({ name: z.string(), outcome: z.string() })),
  }),
  samples: z.array(z.strictObject({ job: orNull(z.string()), class: count, subsample: count, rows: z.array(count) })),
  networks: z.array(
    z.strictObject({
      id: z.string(),
      activation: z.string(),
      width: sweepWidth,
      widths: z.array(count),
      seed: count,
      parameters: count,
      steps: count,
      takenAt: count,
      validations: z.array(z.strictObject({ step: count, loss: number, accuracy: share })),
      validationAccuracy: orNull(share),
      testAccuracy: share,
      untrainedTestAccuracy: share,
      losses: z.array(z.strictObject({ step: count, loss: number })),
    }),
  ),
  measurements: z.array(
    z.strictObject({
      ...place,
      job: z.string(),
      seed: orNull(count),
      class: count,
      subsample: count,
      points: count,
      distinctPoints: count,
      threshold: number,
      medianDistance: orNull(number),
      readouts: z.array(readout),
    }),
  ),
  bounds: z.array(
    z.strictObject({
      activation: z.string(),
      width: sweepWidth,
      widths: z.array(count),
      created: z.array(layerBound),
      carried: z.array(layerBound),
    }),
  ),
  statistics,
  comparisons: z.array(comparison),
  known: orNull(known),
  enclosures: z.array(
    z.strictObject({
      enclosing: count,
      enclosed: count,
      dimension: count,
      simplices: count,
      birth: number,
      death: orNull(number),
      inside: count,
      of: count,
    }),
  ),
  recommendation,
  failures: z.array(z.strictObject({ job: z.string(), code: z.string(), message: z.string() })),
});

/** A study's result, `study.json`, as a JSON Schema (draft 2020-12). */
export function resultJsonSchema(): object {
  return z.toJSONSchema(resultSchema, { io: "input" });
}

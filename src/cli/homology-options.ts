/** The options of `bettina homology`: what they are, which go together, and the call they make. */
import { availableParallelism } from "node:os";
import { MOST_THREADS } from "../engine/crew.js";
import type { PlanName } from "../engine/engine.js";
import { ConfigError, expected } from "../errors.js";
import { type InputFormat, inputFormats } from "../io/format-name.js";
import type { PersistenceOptions } from "../topology/persistence.js";
import { isDistanceMatrix, type Metric, type PersistenceInput } from "../topology/point-cloud.js";
import { needsContext, parseReadout } from "../topology/readout.js";
import { shapeOf } from "./homology-forecast.js";
import type { InputOptions } from "./homology-inputs.js";
import type { CliIo } from "./io.js";

/** Options of `bettina homology`, as parsed. */
export interface HomologyOptions extends InputOptions {
  readonly config?: string;
  readonly format?: string;
  readonly maxDim?: number;
  readonly threshold?: number;
  readonly modulus?: number;
  readonly metric?: Metric;
  readonly plan?: string;
  readonly threads?: number;
  readonly explain?: boolean;
  readonly dryRun?: boolean;
  readonly representatives?: boolean;
  /** Number of landmarks. */
  readonly landmarks?: number;
  readonly landmarkRule?: "maxmin" | "random";
  /** Number of choices of landmarks whose numbers are compared. */
  readonly replicates?: number;
  /** How Betti numbers are read, of the input and of replicates. */
  readonly readout?: string;
  /** Error of a sparse filtration. */
  readonly epsilon?: number;
  /** With landmarks: where Betti numbers of all points are bounded. */
  readonly scale?: number;
  readonly ratio?: number;
  readonly json?: boolean;
  readonly ndjson?: boolean;
  readonly out?: string;
  readonly barcode?: string;
  readonly diagram?: string;
  /** Page of the cloud. */
  readonly report?: string;
  readonly timeout?: number;
  readonly memoryLimit?: number;
  /** Print stacks of errors. */
  readonly debug?: boolean;
}

/** Options of every call. */
export function callOptions(options: HomologyOptions, io: CliIo): Omit<PersistenceOptions, "onProgress"> {
  const { landmarks: count, landmarkRule: rule, seed } = options;
  return {
    signal: io.signal,
    ...(options.maxDim === undefined ? {} : { maxDim: options.maxDim }),
    ...(options.threshold === undefined ? {} : { threshold: options.threshold }),
    ...(options.modulus === undefined ? {} : { modulus: options.modulus }),
    // Named, for what is read as points is said to be points; a matrix among them is remarked on when it is read.
    metric: options.metric ?? "euclidean",
    ...(options.representatives === undefined ? {} : { representatives: options.representatives }),
    ...(options.plan === undefined ? {} : { plan: options.plan as PlanName }),
    ...(options.timeout === undefined ? {} : { timeout: options.timeout * 1000 }),
    ...(options.memoryLimit === undefined ? {} : { memoryLimit: options.memoryLimit }),
    ...(count === undefined
      ? {}
      : { landmarks: { count, ...(rule ? { rule } : {}), ...(seed === undefined ? {} : { seed }) } }),
  };
}

/** Threads of one call for an input that has all of them to itself. */
export function threadsFor(
  input: PersistenceInput,
  { threads = availableParallelism(), landmarks }: HomologyOptions,
): number {
  const { n } = shapeOf(input);
  return Math.min(n, landmarks ?? n) < worthThreads ? 1 : Math.min(threads, MOST_THREADS);
}

/** Below this number of points a second thread takes longer to start than it saves. */
const worthThreads = 2000;

/** Options that do not go together. */
export function checkApproximation(options: HomologyOptions, inputs: number): void {
  const { landmarks, landmarkRule, replicates, epsilon, scale, metric, threshold } = options;
  if (landmarks !== undefined && epsilon !== undefined)
    throw new ConfigError(expected("either --landmarks or --epsilon", "the approximation", "both"), {
      hint: "Leave one out.",
    });
  for (const [name, value] of [
    ["--landmark-rule", landmarkRule],
    ["--scale", scale],
    ["--replicates", replicates],
  ] as const)
    if (value !== undefined && landmarks === undefined)
      throw new ConfigError(expected("--landmarks", name, "no --landmarks"), {
        hint: "Use for instance --landmarks 500.",
      });
  if (replicates !== undefined && inputs > 1)
    throw new ConfigError(expected("one input", "--replicates", `${inputs} inputs`), { hint: "Take one at a time." });
  checkReadoutServes(options, inputs);
  const approximate = landmarks === undefined ? (epsilon === undefined ? undefined : "--epsilon") : "--landmarks";
  if (approximate && (metric === "sqeuclidean" || metric === "cosine"))
    throw new ConfigError(expected(`a metric with the triangle inequality beside ${approximate}`, "--metric", metric), {
      hint: "Use euclidean, manhattan or chebyshev.",
    });
  if (epsilon !== undefined && threshold !== undefined)
    throw new ConfigError(expected("no --threshold beside --epsilon", "--threshold", threshold), {
      hint: "A cut sparse filtration proves nothing about the full one.",
    });
}

/** Rules that read the points themselves need them all at hand. */
function checkReadoutServes({ readout, epsilon }: HomologyOptions, inputs: number): void {
  if (readout === undefined || !needsContext(parseReadout(readout))) return;
  const hint = "Use a rule that reads diagrams alone, for instance ratio>1.1.";
  if (inputs > 1) throw new ConfigError(expected("one input", `--readout ${readout}`, `${inputs} inputs`), { hint });
  if (epsilon !== undefined)
    throw new ConfigError(expected("no --epsilon", `--readout ${readout}`, `--epsilon ${epsilon}`), { hint });
}

/** Highest dimension of plans that have one. */
const reach: Readonly<Record<string, number>> = { lazy: 1, stream: 1, lunes: 2, flag: 2 };

/** Refuses a plan that another would silently stand in for, as far as options say it. */
export function checkPlan({ plan, maxDim = 1, epsilon }: HomologyOptions): void {
  const highest = reach[plan ?? ""];
  if (highest !== undefined && maxDim > highest)
    throw new ConfigError(expected(`a plan that reaches dimension ${maxDim}`, "--plan", plan), {
      hint: `Leave it out, or ask for --max-dim ${highest} at most.`,
    });
  if (plan === "stream" && epsilon !== undefined)
    throw new ConfigError(expected("a plan for the edges of a sparse filtration", "--plan", plan), {
      hint: "Leave out --plan or --epsilon.",
    });
}

/** The same, as far as only the input says it. */
export function checkPlanServes(input: PersistenceInput, { plan }: HomologyOptions): void {
  if (plan === "stream" && isDistanceMatrix(input))
    throw new ConfigError(expected("points, not distances,", "--plan stream", "a distance matrix"), {
      hint: "Leave --plan out.",
    });
}

/** The format named, where it is known. */
export function checkFormat(format: string | undefined): InputFormat | undefined {
  if (format === undefined) return undefined;
  const known = inputFormats.find((name) => name === format);
  if (known === undefined)
    throw new ConfigError(expected(`one of ${inputFormats.join(", ")}`, "--format", format), {
      hint: "Use for instance --format point-cloud.",
    });
  return known;
}

/** Random instances of persistence, small enough for the textbook reduction and as nasty as can be. */
import { type PlanName, planNames } from "../../src/engine/engine.js";
import type { Variant } from "../../src/engine/module.js";
import { Random } from "../../src/random.js";
import type { Metric } from "../../src/topology/point-cloud.js";
import { type Encoded, encodeMatrix, encodePoints } from "./encode.js";

/** One instance: an input, the distances it stands for, and options. */
export interface Instance {
  /** Bytes of a file and its format, or an input of the API. */
  readonly encoded: Encoded;
  readonly n: number;
  /** All n² distances in float32, row by row; Infinity where a pair is never joined. */
  readonly matrix: Float32Array;
  readonly metric: Metric;
  readonly maxDim: number;
  /** Undefined for the default. */
  readonly threshold: number | undefined;
  readonly modulus: number;
  readonly zeroLength: boolean;
  readonly plan: PlanName;
  readonly variant: Variant;
  /** In a worker thread instead of this one. */
  readonly worker: boolean;
  /** Threads inside the call. */
  readonly threads: 1 | 2;
}

const metrics = ["euclidean", "sqeuclidean", "manhattan", "chebyshev"] as const;

/** The instance with this number; the same seed and number give the same instance. */
export function drawInstance(seed: number, number: number): Instance {
  const random = new Random(seed, "fuzz", number);
  const dims = random.integer(20);
  const maxDim = dims < 2 ? 0 : dims < 11 ? 1 : dims < 17 ? 2 : 3;
  // Signs and ties show in larger complexes; those are cheap to judge up to dimension 1.
  const size = random.integer(100);
  const small = maxDim <= 1 ? 40 : 70;
  const n =
    size < 1 ? 0 : size < small ? 1 + random.integer(7) : size < 90 ? 6 + random.integer(5) : 10 + random.integer(3);
  const fromPoints = n > 0 && random.integer(4) === 0;
  const metric = fromPoints ? metrics[random.integer(metrics.length)]! : "euclidean";
  const points = fromPoints ? drawPoints(random, n) : undefined;
  const drawn = points ? distancesOf(points, metric) : drawMatrix(random, n);
  const encoded = points ? encodePoints(random, points) : encodeMatrix(random, drawn, n);
  // A sparse file ends with its largest index: isolated points after it do not exist.
  const kept = encoded.n;
  const matrix = Float32Array.from({ length: kept * kept }, (_, at) => drawn[Math.floor(at / kept) * n + (at % kept)]!);
  return {
    encoded,
    n: kept,
    matrix,
    metric,
    maxDim,
    threshold: drawThreshold(random, matrix),
    modulus: [2, 2, 3, 5, 7, 251][random.integer(6)]!,
    zeroLength: random.integer(6) === 0,
    plan: planNames[random.integer(planNames.length)]!,
    variant: random.integer(4) === 0 ? "debug" : "release",
    worker: random.integer(64) === 0,
    // A message to another thread costs more than all the rest of an instance.
    threads: random.integer(24) === 0 ? 2 : 1,
  };
}

/** The API's view of an instance, on one line, to be pasted. */
export function describeInstance(instance: Instance): string {
  const { encoded, n, matrix, metric, maxDim, threshold, modulus, zeroLength, plan, variant, worker, threads } =
    instance;
  const lower: number[] = [];
  for (let i = 1; i < n; i++) for (let j = 0; j < i; j++) lower.push(matrix[i * n + j]!);
  const cut = threshold === undefined ? "" : `threshold: ${threshold}, `;
  return (
    `persistence({ distances: Float32Array.of(${lower.join(", ")}), n: ${n} }, { maxDim: ${maxDim}, ${cut}` +
    `modulus: ${modulus}, zeroLength: ${zeroLength}, plan: "${plan}", variant: "${variant}", threads: ${threads} }) ` +
    `from ${encoded.name}, ${metric}${worker ? ", in a worker" : ""}`
  );
}

/** Ties, zeros, gaps, near-spheres, and a few matrices without any ties. */
function drawMatrix(random: Random, n: number): Float32Array {
  const matrix = new Float32Array(n * n);
  const kinds = 1 + random.integer(5);
  const zeros = random.integer(3) === 0;
  const gaps = random.integer(3) === 0;
  const family = random.integer(8);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < i; j++) {
      let value = 1 + random.integer(kinds);
      if (family === 0 || family === 7) value = random.uniform();
      // Cross-polytopes and cycles with some pairs redrawn: homology that lives.
      else if (family === 1 && random.integer(8) > 0) value = i >> 1 === j >> 1 ? 5 : 1 + random.integer(2);
      else if (family === 2 && random.integer(8) > 0) value = Math.min(i - j, n - i + j);
      else if (family === 3) value = 1 + (((i ^ j) * 7) % 5);
      if (zeros && random.integer(5) === 0) value = 0;
      if (gaps && random.integer(4) === 0) value = Infinity;
      matrix[i * n + j] = value;
      matrix[j * n + i] = value;
    }
  return matrix;
}

/** Points with small integer coordinates, some of them twice. */
function drawPoints(random: Random, n: number): number[][] {
  const d = 1 + random.integer(4);
  const side = 2 + random.integer(4);
  const points = Array.from({ length: n }, () => Array.from({ length: d }, () => random.integer(side)));
  if (n > 1 && random.integer(3) === 0) points[random.integer(n)] = [...points[random.integer(n)]!];
  return points;
}

function distancesOf(points: readonly (readonly number[])[], metric: Metric): Float32Array {
  const n = points.length;
  return Float32Array.from({ length: n * n }, (_, at) => {
    const x = points[Math.floor(at / n)]!;
    const differences = points[at % n]!.map((value, k) => Math.abs(value - x[k]!));
    const squares = differences.reduce((sum, value) => sum + value * value, 0);
    if (metric === "manhattan") return differences.reduce((sum, value) => sum + value, 0);
    if (metric === "chebyshev") return Math.max(...differences);
    return metric === "sqeuclidean" ? squares : Math.sqrt(squares);
  });
}

/** None, infinity, exactly a distance that occurs, half-way between, or 0. */
function drawThreshold(random: Random, matrix: Float32Array): number | undefined {
  const some = matrix.length > 0 ? matrix[random.integer(matrix.length)]! : 1;
  switch (random.integer(8)) {
    case 0:
      return Infinity;
    case 1:
    case 2:
    case 3:
      return some;
    case 4:
      return random.integer(6) + 0.5;
    case 5:
      return random.integer(3) === 0 ? 0 : some;
    default:
      return undefined;
  }
}

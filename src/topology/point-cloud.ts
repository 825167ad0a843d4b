/** Point clouds: the shape data has when it enters the engine. */
import { type MetricName, metricNames } from "../engine/engine.js";
import { ConfigError, expected, InputError } from "../errors.js";
import { looksLikeDistances } from "../io/looks-like-distances.js";
import { nearestName } from "../options.js";

/**
 * Distances the engine computes from points x and y, with sums and maxima over the coordinates:
 * - `euclidean`: √Σ(x−y)², `sqeuclidean`: Σ(x−y)², `manhattan`: Σ|x−y|, `chebyshev`: max|x−y|;
 * - `cosine`: 1 − cos of the angle between x and y, in [0, 2]; parallel vectors (to within 5e-15) are at distance 0. A
 *   vector of length 0 has no angle and is refused.
 *
 * `sqeuclidean` and `cosine` break the triangle inequality, which nothing here needs. Distances are float32: one below
 * 1.2e-38 has fewer digits, and one below 7e-46 is 0. Where that matters, scale the coordinates up.
 */
export const metrics = metricNames;

/** Name of a metric. */
export type Metric = MetricName;

/** @throws ConfigError unless it is the name of a metric, or left out */
export function checkMetric(metric: Metric | undefined): void {
  if (metric !== undefined && !metrics.includes(metric))
    throw new ConfigError(expected(`one of ${metrics.join(", ")}`, "metric", metric), { hint: "Choose one of them." });
}

/**
 * n points in d dimensions, one row after the other. Bytes (pixels) are measured by exact integer arithmetic; floats
 * by direct differences. `scale` multiplies every coordinate (1/255 turns pixels into [0, 1]) without losing exactness:
 * distances are those of the scaled coordinates, rounded once.
 */
export interface PointCloud {
  readonly data: Uint8Array | Float32Array | Float64Array;
  /** [n, d] */
  readonly shape: readonly [number, number];
  /** @default 1 */
  readonly scale?: number;
}

/** A symmetric matrix of distances: all n² entries row by row, or the n(n-1)/2 below the diagonal row by row. */
export interface DistanceMatrix {
  readonly distances: Float32Array | Float64Array;
  readonly n: number;
}

/** What {@link persistence} accepts. Rows of numbers are read as a point cloud in float64. */
export type PersistenceInput = PointCloud | DistanceMatrix | readonly (readonly number[])[];

const forms = "Pass rows of numbers, { data, shape: [n, d] } or { distances, n }.";

/**
 * Whether an input is a distance matrix.
 * @throws InputError for what is neither that nor a cloud nor rows, as it comes from JavaScript, or both
 */
export function isDistanceMatrix(input: PersistenceInput): input is DistanceMatrix {
  if (typeof input !== "object" || input === null)
    throw new InputError(expected("points or distances", "input", input), { hint: forms });
  if (Array.isArray(input) || !("distances" in input)) return false;
  if ("data" in input)
    throw new InputError(expected("points or distances", "input", "both data and distances"), { hint: forms });
  return true;
}

/** Inputs whose arrays nobody else writes to. */
const owned = new WeakSet<object>();

/**
 * The input as it is now, checked, in arrays that nobody else has: the caller may write to theirs as soon as they have the
 * promise. An input that is owned already is returned as it is. O(n d), or O(n²) for distances.
 * @param metric as it was given: whoever names one says that these are points
 * @throws InputError for bad data, or for rows or a square cloud of three points or more that look like a distance matrix
 *   (symmetric, zero on the diagonal, not zero elsewhere, nothing negative) when no metric was named; ConfigError for a bad
 *   scale
 */
export function ownInput(input: PersistenceInput, metric?: Metric): PointCloud | DistanceMatrix {
  if (owned.has(input)) return input as PointCloud | DistanceMatrix;
  const own = isDistanceMatrix(input) ? ownMatrix(input) : ownCloud(input, metric);
  owned.add(own);
  return own;
}

/**
 * Says that nobody will write to an input's arrays until all calls with it have ended: then they need not be copied, nor
 * checked for looking like a distance matrix.
 */
export function lendInput<Input extends PersistenceInput>(input: Input): Input {
  owned.add(input);
  return input;
}

function ownMatrix({ distances, n }: DistanceMatrix): DistanceMatrix {
  checkDistances({ distances, n });
  return { distances: copyOf(distances), n };
}

function ownCloud(input: PointCloud | readonly (readonly number[])[], metric: Metric | undefined): PointCloud {
  checkMetric(metric);
  const { data, shape, scale } = shapedCloud(input);
  // Rows were copied when they were read.
  const own = { data: Array.isArray(input) ? data : copyOf(data), shape, ...(scale === undefined ? {} : { scale }) };
  const [n, d] = shape;
  if (metric === undefined && n >= 3 && looksLikeDistances(own.data, n, d))
    throw new InputError(expected("points", "input", `${n} rows that look like a distance matrix`), {
      hint: 'Pass { distances, n } if they are distances, or the option metric: "euclidean" if they are points.',
    });
  return checkFinite(own);
}

/** A copy with a buffer of its own, whatever the other was: a view, shared memory, a Buffer, from another realm. */
function copyOf<Data extends Uint8Array | Float32Array | Float64Array>(data: Data): Data {
  const kinds = { Uint8Array, Float32Array, Float64Array };
  return new kinds[arrayKind(data) as keyof typeof kinds](data) as Data;
}

/**
 * Turns rows of numbers into a point cloud and checks any other cloud.
 * @throws InputError for ragged rows, no points, or numbers that are not finite, ConfigError for a bad scale
 */
export function toPointCloud(input: PointCloud | readonly (readonly number[])[]): PointCloud {
  return checkFinite(shapedCloud(input));
}

/** Everything about a cloud but its numbers. */
function shapedCloud(input: PointCloud | readonly (readonly number[])[]): PointCloud {
  if (typeof input !== "object" || input === null || !(Array.isArray(input) || "data" in input))
    throw new InputError(expected("points", "input", input), { hint: forms });
  if (Array.isArray(input)) return fromRows(input);
  const cloud = input as PointCloud;
  const { data, shape, scale } = cloud;
  for (const key of Object.keys(cloud))
    if (!["data", "shape", "scale"].includes(key) && nearestName(key, ["scale"]))
      throw new ConfigError(expected("scale", "a field of the points", key), { hint: "Write scale." });
  if (!Array.isArray(shape) || shape.length !== 2)
    throw new InputError(expected("[n, d]", "shape", shape), { hint: "Pass for instance shape: [4, 2]." });
  const [n, d] = shape as readonly [number, number];
  if (!Number.isSafeInteger(n) || n < 1)
    throw new InputError(expected("at least one point", "points", n), { hint: "Pass [n, d] with n ≥ 1." });
  if (!Number.isSafeInteger(d) || d < 1)
    throw new InputError(expected("at least one coordinate", "shape[1]", d), { hint: "Pass [n, d] with d ≥ 1." });
  const kind = arrayKind(data);
  if (kind !== "Uint8Array" && kind !== "Float32Array" && kind !== "Float64Array")
    throw new InputError(expected("a Uint8Array, Float32Array or Float64Array", "data", kind ?? data), {
      hint:
        kind === "Uint8ClampedArray"
          ? "Pass new Uint8Array(data)."
          : kind?.startsWith("Big")
            ? "Pass Float64Array.from(data, Number)."
            : kind === undefined && !Array.isArray(data)
              ? forms
              : "Pass Float64Array.from(data).",
    });
  if (data.length !== n * d)
    throw new InputError(expected(`${n} × ${d} = ${n * d} numbers`, "data", data.length), {
      hint:
        data.buffer.byteLength === 0
          ? "Its buffer is empty: was it transferred to a thread?"
          : "Check shape against data.length.",
    });
  if (scale !== undefined && !(typeof scale === "number" && scale > 0 && Number.isFinite(scale)))
    throw new ConfigError(expected("a positive number", "scale", scale), {
      hint: "Leave it out to take coordinates as they are.",
    });
  return cloud;
}

function checkFinite(cloud: PointCloud): PointCloud {
  const { data, shape } = cloud;
  if (arrayKind(data) === "Uint8Array") return cloud;
  const d = shape[1];
  for (let i = 0; i < data.length; i++)
    if (!Number.isFinite(data[i]))
      throw new InputError(expected("a finite number", `coordinate ${i % d} of point ${Math.floor(i / d)}`, data[i]), {
        hint: "Remove or repair the point.",
      });
  return cloud;
}

function fromRows(rows: readonly (readonly number[])[]): PointCloud {
  const d = rows[0]?.length ?? 0;
  if (rows.length === 0)
    throw new InputError(expected("at least one point", "points", 0), { hint: "Pass rows of numbers." });
  const numbers = typeof rows[0] === "number" ? "Points are rows: pass [[x, y], …], or [[x], …] on a line." : undefined;
  if (numbers) throw new InputError(expected("rows of numbers", "input", rows), { hint: numbers });
  if (!(d >= 1))
    throw new InputError(expected("at least one coordinate", "point 0", rows[0]), { hint: "Pass rows of numbers." });
  const data = new Float64Array(rows.length * d);
  // By index: a hole in an array is no row.
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    if (row?.length !== d)
      throw new InputError(expected(`${d} coordinates as in point 0`, `point ${i}`, row?.length ?? row), {
        hint: "Give every point the same number of coordinates.",
      });
    for (let k = 0; k < d; k++) {
      const value: unknown = row[k];
      // A null, as JSON writes NaN, must not become 0, nor "1" a number that nobody has looked at.
      if (typeof value !== "number")
        throw new InputError(expected("a finite number", `coordinate ${k} of point ${i}`, value), {
          hint:
            typeof value === "string" || typeof value === "bigint"
              ? "Convert it: Number(value)."
              : "Remove or repair the point.",
        });
      data[i * d + k] = value;
    }
  }
  return { data, shape: [rows.length, d] };
}

/**
 * Checks the form of a distance matrix, and that float32 can hold every number of it; the engine checks the rest.
 * O(n²) for float64.
 * @throws InputError for a wrong number or kind of entries, or a finite one above the largest float32
 */
export function checkDistances({ distances, n }: DistanceMatrix): void {
  if (!Number.isSafeInteger(n) || n < 1)
    throw new InputError(expected("at least one point", "n", n), { hint: "Pass the number of points." });
  const kind = arrayKind(distances);
  if (kind !== "Float32Array" && kind !== "Float64Array")
    throw new InputError(expected("a Float32Array or Float64Array", "distances", kind ?? distances), {
      hint: Array.isArray(distances)
        ? Array.isArray(distances[0])
          ? "Pass Float64Array.from(distances.flat())."
          : "Pass Float64Array.from(distances)."
        : "Pass for instance Float64Array.from(distances).",
    });
  const condensed = (n * (n - 1)) / 2;
  if (distances.length !== n * n && distances.length !== condensed)
    throw new InputError(
      expected(`${n * n} or ${condensed} distances for ${n} points`, "distances", distances.length),
      { hint: "Give the full square or the part below the diagonal." },
    );
  if (kind === "Float32Array") return;
  for (let i = 0; i < distances.length; i++)
    if (distances[i]! < Infinity && Math.fround(distances[i]!) === Infinity)
      throw new InputError(expected("a number below 3.4e38, the largest float32,", `distances[${i}]`, distances[i]), {
        hint: "Scale the distances down, or write Infinity for a pair that is never joined.",
      });
}

const tagOfTypedArray = Object.getOwnPropertyDescriptor(
  Object.getPrototypeOf(Uint8Array.prototype),
  Symbol.toStringTag,
)!.get!;

/** The name of a typed array's kind, also of a subclass or from another realm; undefined for anything else. */
export function arrayKind(value: unknown): string | undefined {
  return tagOfTypedArray.call(value) as string | undefined;
}

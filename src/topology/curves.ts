/** Betti curves: exact step functions of the scale, and what is done with several of them. */
import { ConfigError, expected, InputError } from "../errors.js";
import { listed } from "../json.js";
import { checkFields, checkKeys, isRecord, refuseUnless } from "../options.js";
import { checkCall } from "./call-options.js";
import { checkDiagram, type Diagram } from "./diagram.js";
import { type DistanceOptions, distanceKeys, pairwiseDistances, squareDistances } from "./distance-matrix.js";
import { isDistanceMatrix, ownInput, type PersistenceInput } from "./point-cloud.js";

/** A step function of the scale, constant on [scales[i], scales[i + 1]), 0 before scales[0]. */
export interface BettiCurve {
  readonly dimension: number;
  /** Where the curve changes, ascending. */
  readonly scales: Float32Array | Float64Array;
  /** Its value from there on; never the same twice in a row. */
  readonly values: Int32Array;
}

/**
 * The exact Betti curve r ↦ number of intervals with birth ≤ r < death, as a step function.
 * Cost: O(m log m) for m intervals.
 * @throws InputError for what is no diagram
 */
export function bettiCurve(diagram: Diagram): BettiCurve {
  checkDiagram(diagram);
  const births = Float32Array.from(diagram.births).sort();
  const deaths = Float32Array.from(diagram.deaths).sort();
  const scales: number[] = [];
  const values: number[] = [];
  let value = 0;
  let born = 0;
  let dead = 0;
  while (born < births.length) {
    const scale = Math.min(births[born]!, deaths[dead]!);
    const before = value;
    for (; born < births.length && births[born] === scale; born++) value++;
    for (; dead < deaths.length && deaths[dead] === scale; dead++) value--;
    if (value !== before) {
      scales.push(scale);
      values.push(value);
    }
  }
  for (; dead < deaths.length && deaths[dead] !== Infinity; dead++) {
    value--;
    if (scales.at(-1) === deaths[dead]) values[values.length - 1] = value;
    else {
      scales.push(deaths[dead]!);
      values.push(value);
    }
  }
  return {
    dimension: diagram.dimension,
    scales: listed(Float32Array.from(scales)),
    values: listed(Int32Array.from(values)),
  };
}

/**
 * The same curve with every scale divided by a unit, e.g. by {@link medianPairwiseDistance}, so that curves of clouds of
 * different extent share one axis.
 * @throws ConfigError for a unit that is not a positive number
 */
export function normaliseCurve(curve: BettiCurve, unit: number): BettiCurve {
  checkCurve(curve, "curve");
  if (!(typeof unit === "number" && unit > 0 && Number.isFinite(unit)))
    throw new ConfigError(expected("a positive number", "unit", unit), {
      hint: "The median distance is 0 where more than half of all pairs are duplicates; take another unit there.",
    });
  return { ...curve, scales: listed(Float64Array.from(curve.scales, (scale) => scale / unit)) };
}

/**
 * The values of a curve at given scales, in ascending order.
 * Cost: O(scales + steps).
 * @throws ConfigError for scales that do not ascend
 */
export function sampleCurve(curve: BettiCurve, scales: ArrayLike<number>): Int32Array {
  checkCurve(curve, "curve");
  checkNumbers(scales, "scales");
  const values = listed(new Int32Array(scales.length));
  let step = -1;
  for (let i = 0; i < scales.length; i++) {
    const scale = scales[i]!;
    if (i > 0 && !(scale >= scales[i - 1]!))
      throw new ConfigError(expected("ascending numbers", `scales[${i}]`, scale), { hint: "Sort the scales." });
    while (step + 1 < curve.scales.length && curve.scales[step + 1]! <= scale) step++;
    values[i] = step < 0 ? 0 : curve.values[step]!;
  }
  return values;
}

/**
 * `count` scales at equal distances, from `from` to `to`, both included.
 * @throws ConfigError for fewer than two scales or an empty range
 */
export function scaleGrid(grid: { readonly from?: number; readonly to: number; readonly count: number }): Float64Array {
  checkFields(grid, { from: true, to: true, count: true }, "the grid");
  const { from = 0, to, count } = grid;
  refuseUnless(Number.isFinite(from), {
    what: "a finite number",
    name: "from",
    got: from,
    hint: "Leave it out for 0.",
  });
  if (!Number.isInteger(count) || count < 2)
    throw new ConfigError(expected("an integer of at least 2", "count", count), { hint: "Use for instance 201." });
  if (!(typeof to === "number" && to > from && Number.isFinite(to - from)))
    throw new ConfigError(expected(`a number above ${from}`, "to", to), { hint: "Use for instance 1.5." });
  return listed(Float64Array.from({ length: count }, (_, i) => from + ((to - from) * i) / (count - 1)));
}

/** Pointwise summary of several curves on one grid. */
export interface CurveBand {
  readonly median: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/**
 * The pointwise median of sampled curves and a band between two percentiles, by linear interpolation between order
 * statistics.
 * @param samples values of each curve on the same grid, see {@link sampleCurve}
 * @param levels the percentiles of the band, from 0 to 1; by default 0.05 and 0.95
 * @throws ConfigError for no curves, curves of different length, or levels out of range
 */
export function curveBand(
  samples: readonly ArrayLike<number>[],
  levels: { readonly lower?: number; readonly upper?: number } = {},
): CurveBand {
  checkKeys(levels, { lower: true, upper: true }, "the levels");
  const { lower = 0.05, upper = 0.95 } = levels;
  if (!Array.isArray(samples) || samples.length === 0)
    throw new ConfigError(expected("at least one curve", "samples", samples), { hint: "Pass what sampleCurve gives." });
  samples.forEach((sample, i) => {
    checkNumbers(sample, `samples[${i}]`);
  });
  const length = samples[0]!.length;
  for (const [name, got] of Object.entries({ lower, upper }))
    refuseUnless(typeof got === "number", { what: "a number", name, got, hint: "Leave it out." });
  for (const sample of samples)
    if (sample.length !== length)
      throw new ConfigError(expected(`${length} values`, "every curve", sample.length), {
        hint: "Sample all curves on the same grid.",
      });
  if (!(lower >= 0 && lower <= upper && upper <= 1))
    throw new ConfigError(expected("0 ≤ lower ≤ upper ≤ 1", "levels", { lower, upper }), {
      hint: "Leave them out for 0.05 and 0.95.",
    });
  const numbers = () => listed(new Float64Array(length));
  const band = { median: numbers(), lower: numbers(), upper: numbers() };
  for (let i = 0; i < length; i++) {
    const values = Float64Array.from(samples, (sample) => sample[i]!).sort();
    band.median[i] = sortedQuantile(values, 0.5);
    band.lower[i] = sortedQuantile(values, lower);
    band.upper[i] = sortedQuantile(values, upper);
  }
  return band;
}

/** The quantile of ascending values by linear interpolation (type 7 of Hyndman and Fan, as in R and NumPy). */
export function sortedQuantile(values: ArrayLike<number>, level: number): number {
  const at = level * (values.length - 1);
  const below = values[Math.floor(at)]!;
  const above = values[Math.ceil(at)]!;
  return below === above ? below : below + (at - Math.floor(at)) * (above - below);
}

/** Part of the axis a curve is integrated over. */
export interface ScaleRange {
  /** @default 0 */
  readonly from?: number;
  /** @default Infinity */
  readonly to?: number;
}

/**
 * The exact integral of a curve; Infinity where essential intervals are left and the range has no end. Over everything
 * and without essential intervals it is the total persistence. O(steps).
 */
export function curveIntegral(curve: BettiCurve, range: ScaleRange = {}): number {
  checkCurve(curve, "curve");
  return curveDistance(curve, { ...curve, scales: new Float64Array(0), values: new Int32Array(0) }, range, (d) => d);
}

/**
 * The exact L1 distance of two curves, the integral of |one - other|; Infinity where they end at different values and the
 * range has no end. O(steps).
 */
export function curveL1Distance(one: BettiCurve, other: BettiCurve, range: ScaleRange = {}): number {
  checkCurve(one, "the first curve");
  checkCurve(other, "the second curve");
  return curveDistance(one, other, range, Math.abs);
}

/** Integral of a function, 0 at 0, of the difference of two curves. */
function curveDistance(
  one: BettiCurve,
  other: BettiCurve,
  range: ScaleRange,
  weigh: (difference: number) => number,
): number {
  checkKeys(range, { from: true, to: true }, "the range");
  const { from = 0, to = Infinity } = range;
  if (!(Number.isFinite(from) && typeof to === "number" && to >= from))
    throw new ConfigError(expected("from ≤ to", "the range", { from, to }), { hint: "Leave it out for everything." });
  let total = 0;
  let at = from;
  let i = 0;
  let j = 0;
  let difference = 0;
  while (at < to) {
    for (; i < one.scales.length && one.scales[i]! <= at; i++) difference += step(one, i);
    for (; j < other.scales.length && other.scales[j]! <= at; j++) difference -= step(other, j);
    const next = Math.min(one.scales[i] ?? Infinity, other.scales[j] ?? Infinity, to);
    // Infinity · 0 is not a number.
    if (difference !== 0) total += weigh(difference) * (next - at);
    at = next;
  }
  return total;
}

/** By how much a curve rises at its step number i. */
function step({ values }: BettiCurve, i: number): number {
  return values[i]! - (i === 0 ? 0 : values[i - 1]!);
}

/**
 * The exact median of the n(n-1)/2 distances between the points of a cloud, duplicates counted; of an even number the
 * mean of the two in the middle. O(n² d) time for points, n² float32 numbers of memory.
 * @throws InputError for bad data or fewer than two points
 */
export async function medianPairwiseDistance(input: PersistenceInput, options: DistanceOptions = {}): Promise<number> {
  checkKeys(options, distanceKeys, "the options of medianPairwiseDistance");
  checkCall(options);
  const own = ownInput(input, options.metric);
  const { distances, n } = isDistanceMatrix(own) ? squareDistances(own) : await pairwiseDistances(own, options);
  return medianOfMatrix(distances, n);
}

/** @throws InputError for what is no curve */
function checkCurve(curve: BettiCurve, name: string): void {
  if (!isRecord(curve)) throw new InputError(expected("a curve", name, curve), { hint: "Pass what bettiCurve gives." });
  const { scales, values } = curve;
  checkNumbers(scales, `the scales of ${name}`);
  checkNumbers(values, `the values of ${name}`);
  if (scales.length !== values.length)
    throw new InputError(
      expected(`${scales.length} numbers, as many as scales,`, `the values of ${name}`, values.length),
      {
        hint: "Pass what bettiCurve gives.",
      },
    );
}

/** @throws InputError for what is no array of numbers, NaN among them */
function checkNumbers(numbers: ArrayLike<number>, name: string): void {
  const is = Array.isArray(numbers) || (ArrayBuffer.isView(numbers) && "length" in numbers);
  if (!is)
    throw new InputError(expected("an array of numbers", name, numbers), { hint: "Use for instance [0, 0.5, 1]." });
  for (let i = 0; i < numbers.length; i++)
    if (typeof numbers[i] !== "number" || Number.isNaN(numbers[i]))
      throw new InputError(expected("a number", `${name} at ${i}`, numbers[i]), { hint: "Leave it out." });
}

/**
 * {@link medianPairwiseDistance} of a square matrix row by row. O(n²).
 * @throws ConfigError for fewer than two points
 */
export function medianOfMatrix(distances: ArrayLike<number>, n: number): number {
  if (!(n >= 2))
    throw new ConfigError(expected("at least two points", "n", n), { hint: "One point has no distances." });
  const values = new Float32Array((n * (n - 1)) / 2);
  for (let i = 1, filled = 0; i < n; i++) for (let j = 0; j < i; j++) values[filled++] = distances[i * n + j]!;
  const middle = values.length >> 1;
  const upper = select(values, middle);
  if (values.length % 2 === 1) return upper;
  // After the selection everything before the middle is at most the middle.
  let lower = 0;
  for (let i = 0; i < middle; i++) lower = Math.max(lower, values[i]!);
  return (lower + upper) / 2;
}

/** Puts the k-th smallest value at place k, smaller ones before it and larger ones after it (Hoare's selection). */
function select(values: Float32Array, k: number): number {
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const pivot = middleOf(values[low]!, values[(low + high) >> 1]!, values[high]!);
    let i = low;
    let j = high;
    while (i <= j) {
      while (values[i]! < pivot) i++;
      while (values[j]! > pivot) j--;
      if (i <= j) {
        const held = values[i]!;
        values[i++] = values[j]!;
        values[j--] = held;
      }
    }
    if (k <= j) high = j;
    else if (k >= i) low = i;
    else break;
  }
  return values[k]!;
}

function middleOf(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}

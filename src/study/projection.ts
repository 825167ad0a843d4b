/** Controls without a network: what a random linear map does to the points, and points that are pure noise. */
import { listed } from "../json.js";
import { refuseUnless } from "../options.js";
import { Random } from "../random.js";
import { type PointCloud, toPointCloud } from "../topology/point-cloud.js";

/** Points in float32, as both controls make them. */
type Points = PointCloud & { readonly data: Float32Array };

/**
 * Projects points onto `width` random directions: independent normal coefficients of variance 1 / width, so that
 * distances keep their mean square (Johnson and Lindenstrauss 1984). Sums run in float64 in one fixed order, so the
 * same points, width and seed give the same bits.
 * @param points a cloud, or rows of numbers
 * @param width number of directions, at least 1
 * @returns as many points in `width` dimensions: `persistence` takes them as they are
 * @throws InputError for bad points, ConfigError for a bad width or seed
 */
export function projectPoints(
  points: PointCloud | readonly (readonly number[])[],
  width: number,
  seed: number,
): Points {
  const { data, shape, scale = 1 } = toPointCloud(points);
  const [count, size] = shape;
  checkCount(width, "width");
  const random = new Random(seed, "projection", width);
  const directions = new Float64Array(size * width);
  const deviation = 1 / ((1 / scale) * Math.sqrt(width));
  for (let i = 0; i < directions.length; i++) directions[i] = deviation * random.normal();
  const projected = new Float32Array(count * width);
  const sums = new Float64Array(width);
  for (let point = 0; point < count; point++) {
    sums.fill(0);
    for (let i = 0; i < size; i++) {
      const value = data[point * size + i]!;
      if (value === 0) continue; // four pixels in five of an image
      const row = i * width;
      for (let unit = 0; unit < width; unit++) sums[unit]! += value * directions[row + unit]!;
    }
    projected.set(sums, point * width);
  }
  return { data: listed(projected), shape: [count, width] };
}

/**
 * As many points of the standard normal distribution in `width` dimensions. Every class and sample has points of its own.
 * @param label number of the class
 * @param subsample number of the sample
 * @returns the points: `persistence` takes them as they are
 * @throws ConfigError for arguments that are no integers of at least 1 (count, width) or 0 (the others)
 */
export function gaussianPoints(count: number, width: number, seed: number, label = 0, subsample = 0): Points {
  checkCount(count, "count");
  checkCount(width, "width");
  for (const [name, got] of Object.entries({ label, subsample }))
    refuseUnless(Number.isSafeInteger(got) && got >= 0, {
      what: "an integer of at least 0",
      name,
      got,
      hint: "Leave it out for 0.",
    });
  const random = new Random(seed, "gaussian", width, label, subsample);
  const points = new Float32Array(count * width);
  for (let i = 0; i < points.length; i++) points[i] = random.normal();
  return { data: listed(points), shape: [count, width] };
}

function checkCount(got: number, name: string): void {
  refuseUnless(Number.isSafeInteger(got) && got >= 1, {
    what: "an integer of at least 1",
    name,
    got,
    hint: "Use for instance 8.",
  });
}

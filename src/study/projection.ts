/** Controls without a network: what a random linear map does to the points, and points that are pure noise. */
import { Random } from "../random.js";
import type { PointCloud } from "../topology/point-cloud.js";

/**
 * Projects points onto `width` random directions: independent normal coefficients of variance 1 / width, so that
 * distances keep their mean square (Johnson and Lindenstrauss 1984). Sums run in float64 in one fixed order, so the
 * same points, width and seed give the same bits.
 * @returns count × width numbers, point by point
 */
export function projectPoints({ data, shape, scale = 1 }: PointCloud, width: number, seed: number): Float32Array {
  const [count, size] = shape;
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
  return projected;
}

/**
 * As many points of the standard normal distribution in `width` dimensions. Every class and sample has points of its own.
 * @returns count × width numbers, point by point
 */
export function gaussianPoints(count: number, width: number, seed: number, label: number, subsample: number) {
  const random = new Random(seed, "gaussian", width, label, subsample);
  const points = new Float32Array(count * width);
  for (let i = 0; i < points.length; i++) points[i] = random.normal();
  return points;
}

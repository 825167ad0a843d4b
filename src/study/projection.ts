/** Controls without a network: what a random linear map does to the images, and points that are pure noise. */
import { Random } from "../random.js";

/**
 * Projects images onto `width` random directions: independent normal coefficients of variance 1 / width, so that
 * distances keep their mean square (Johnson and Lindenstrauss 1984). Pixels count from 0 to 1. Sums run in float64 in
 * one fixed order, so the same images, width and seed give the same bits.
 * @param pixels count × size bytes, image by image
 * @returns count × width numbers, image by image
 */
export function projectImages(pixels: Uint8Array, size: number, width: number, seed: number): Float32Array {
  const random = new Random(seed, "projection", width);
  const directions = new Float64Array(size * width);
  const deviation = 1 / (255 * Math.sqrt(width));
  for (let i = 0; i < directions.length; i++) directions[i] = deviation * random.normal();
  const count = pixels.length / size;
  const projected = new Float32Array(count * width);
  const sums = new Float64Array(width);
  for (let image = 0; image < count; image++) {
    sums.fill(0);
    for (let pixel = 0; pixel < size; pixel++) {
      const ink = pixels[image * size + pixel]!;
      if (ink === 0) continue; // four pixels in five
      const row = pixel * width;
      for (let unit = 0; unit < width; unit++) sums[unit]! += ink * directions[row + unit]!;
    }
    projected.set(sums, image * width);
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

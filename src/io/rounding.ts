/** How much of a computed distance may be rounding. */

/**
 * As parts of the largest distance: how far from 0 the distance of a point to itself, and how far from each other two
 * computations of one distance may be and still be taken for rounding. A root of a difference of squares, or an arccos,
 * makes the root of the machine's precision out of 0.
 * @param single whether the numbers are float32
 */
export function roundingOf(single: boolean): { readonly diagonal: number; readonly mirror: number } {
  return single ? { diagonal: 1e-3, mirror: 1e-5 } : { diagonal: 1e-6, mirror: 1e-6 };
}

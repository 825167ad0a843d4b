/** Labelled points of any dimension; images are points whose coordinates are pixels. */
import { expected, InputError } from "../errors.js";

/** Rows and columns of a picture; its pixels run row by row. */
export interface Picture {
  readonly rows: number;
  readonly columns: number;
}

/**
 * Points with their classes, in one fixed order. A set is also a point cloud: `persistence(set)` takes it as it is.
 */
export interface PointSet {
  /** count × features numbers, point by point. Bytes of an image: 0 is background, 255 full ink. */
  readonly data: Uint8Array | Float32Array;
  /** [count, features] */
  readonly shape: readonly [number, number];
  /** What every number of `data` is multiplied by to give a coordinate: 1/255 for pixels, else 1. */
  readonly scale: number;
  /** One class per point, counted from 0. */
  readonly labels: Uint8Array;
  /** How a point is seen as a picture; null where it is none. */
  readonly picture: Picture | null;
}

/** Full ink is 1. */
const pixelScale = 1 / 255;

/**
 * A set of images of one size.
 * @param pixels count × rows × columns bytes
 * @throws InputError when pixels, labels and picture do not fit together
 */
export function imageSet(pixels: Uint8Array, labels: Uint8Array, picture: Picture): PointSet {
  const size = picture.rows * picture.columns;
  if (pixels.length !== labels.length * size)
    throw new InputError(expected(`${labels.length} × ${size} bytes`, "pixels", pixels.length), {
      hint: "Give one label an image.",
    });
  return { data: pixels, shape: [labels.length, size], scale: pixelScale, labels, picture };
}

/** Labelled images. */

/** Images of one size with their labels, in file order. */
export interface ImageSet {
  /** count × 784 bytes, image by image, row by row; 0 is background, 255 full ink. */
  readonly pixels: Uint8Array;
  /** One class from 0 to 9 per image. */
  readonly labels: Uint8Array;
  readonly count: number;
}

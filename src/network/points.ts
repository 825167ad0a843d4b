/** Points as they enter a network. */

/**
 * Points in d dimensions, row by row, as a point cloud or a data set holds them. What a network sees is `data · scale`,
 * rounded to float32: bytes of images come with a scale of 1/255.
 */
export interface Points {
  readonly data: Uint8Array | Float32Array;
  /** [count, d] */
  readonly shape: readonly [number, number];
  /** @default 1 */
  readonly scale?: number;
}

/** Points with their classes. */
export interface LabelledPoints extends Points {
  /** One class per point, counted from 0. */
  readonly labels: Uint8Array;
}

/** The coordinates of `count` points from point `first` on: [count, d], row by row. Floats of scale 1 are not copied. */
export function coordinates({ data, shape, scale = 1 }: Points, first: number, count: number): Float32Array {
  const part = data.subarray(first * shape[1], (first + count) * shape[1]);
  if (part instanceof Float32Array && scale === 1) return part;
  const values = new Float32Array(part.length);
  for (let i = 0; i < part.length; i++) values[i] = part[i]! * scale;
  return values;
}

/** Small nets and images for the tests of this room. */
import type { LabelledPoints, Points } from "../../src/network/points.js";
import type { BatchNormWeights, NetworkSpec, NetworkWeights } from "../../src/network/weights.js";
import { Random } from "../../src/random.js";
import type { ReferenceNetwork, ReferenceNorm } from "./reference.js";

/** A small recipe; every field can be overridden. */
export function smallSpec(changes: Partial<NetworkSpec> = {}): NetworkSpec {
  return {
    widths: [6, 5, 4, 3],
    activation: "square",
    initialisation: "he",
    batchNorm: "around-activation",
    batchNormEpsilon: 1e-3,
    loss: "mean",
    learningRate: 0.1,
    batchSize: 8,
    steps: 20,
    heldBack: 0,
    ...changes,
  };
}

/** Random bytes as pixels, with random labels; the first pixels lean on the label, so there is something to learn. */
export function randomImages(count: number, size: number, classes: number, seed = 1): TestImages {
  const random = new Random(seed, "test images");
  const labels = Uint8Array.from({ length: count }, () => random.integer(classes));
  const pixels = Uint8Array.from({ length: count * size }, (_, at) => {
    const leaning = at % size === labels[Math.floor(at / size)] ? 128 : 0;
    return random.integer(128) + leaning;
  });
  return imagesOf(pixels, labels);
}

/** Images of bytes. */
export interface TestImages extends LabelledPoints {
  readonly data: Uint8Array;
}

/** Pixels with labels, as a network takes them. */
export function imagesOf(data: Uint8Array, labels: Uint8Array): TestImages {
  return { data, shape: [labels.length, data.length / labels.length], scale: 1 / 255, labels };
}

/** Pixels alone. */
export function pointsOf(data: Uint8Array, size: number): Points {
  return { data, shape: [data.length / size, size], scale: 1 / 255 };
}

/** Rows as arrays of pixels / 255. */
export function rowsOf(pixels: Uint8Array, size: number): number[][] {
  return Array.from({ length: pixels.length / size }, (_, i) =>
    Array.from(pixels.subarray(i * size, (i + 1) * size), (byte) => byte / 255),
  );
}

/** The same network in double precision. */
export function toReference(weights: NetworkWeights): ReferenceNetwork {
  const norm = (of: BatchNormWeights | null): ReferenceNorm | null =>
    of && { scale: Array.from(of.scale), shift: Array.from(of.shift) };
  return {
    activation: weights.activation,
    epsilon: weights.batchNormEpsilon,
    layers: weights.layers.map((layer, index) => {
      const outputs = weights.widths[index + 1]!;
      return {
        kernel: Array.from({ length: weights.widths[index]! }, (_, i) =>
          Array.from(layer.kernel.subarray(i * outputs, (i + 1) * outputs)),
        ),
        bias: Array.from(layer.bias),
        before: norm(layer.before),
        after: norm(layer.after),
      };
    }),
  };
}

/** Every trained number of a network in one list, in one order for both kinds. */
export function flatten(layers: readonly FlatLayer[]): number[] {
  return layers
    .flatMap((layer) => [
      ...(layer.kernel as Iterable<number | number[]>),
      ...layer.bias,
      ...(layer.before ? [...layer.before.scale, ...layer.before.shift] : []),
      ...(layer.after ? [...layer.after.scale, ...layer.after.shift] : []),
    ])
    .flat() as number[];
}

interface FlatNorm {
  scale: Iterable<number>;
  shift: Iterable<number>;
}

interface FlatLayer {
  kernel: Iterable<number> | number[][];
  bias: Iterable<number>;
  before: FlatNorm | null;
  after: FlatNorm | null;
}

/** Largest absolute difference of two lists of the same length. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i]! - b[i]!);
    if (!(difference <= largest)) largest = difference;
  }
  return largest;
}

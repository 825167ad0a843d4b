/** The front door to image data: MNIST where it can be had, else digits made here; always said which. */
import { ConfigError, expected } from "../errors.js";
import { generateDigits } from "./digits.js";
import type { ImageSet } from "./image-set.js";
import { type Mnist, mnistCacheDirectory, readMnist, sha256 } from "./mnist.js";
import { DownloadError, type DownloadFailure, fetchMnist } from "./mnist-download.js";

export type { ImageSet } from "./image-set.js";

/** Data sets by name; `auto` is `mnist` where it can be had, else `digits`. */
export const datasetNames = ["auto", "mnist", "digits"] as const;

/** Images of the ten digits, split into training and test. */
export interface Dataset {
  readonly name: "mnist" | "digits";
  /** Whether the images were made here instead of written by people. */
  readonly generated: boolean;
  /** One sentence for people: which data these are and, after a fallback, why. Names no path and no host. */
  readonly note: string;
  /** SHA-256, in hexadecimal, over training pixels, training labels, test pixels and test labels, in this order. */
  readonly digest: string;
  readonly rows: 28;
  readonly columns: 28;
  readonly classes: 10;
  readonly train: ImageSet;
  readonly test: ImageSet;
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
  /** Seed of the generated digits. @default 1 */
  readonly seed?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (event: DatasetProgress) => void;
  /** Where BETTINA_MNIST, BETTINA_MNIST_URL and BETTINA_CACHE are looked up. @default process.env */
  readonly environment?: NodeJS.ProcessEnv;
}

/**
 * Loads a data set. MNIST is looked for in `directory`, then `$BETTINA_MNIST`, then the user's cache, then downloaded into
 * that cache. A folder that was named (the first two) must hold all of MNIST, sound: there is no silent way past it.
 * `auto` falls back to generated digits only when no folder was named and the download failed; `mnist` never does.
 * @throws ConfigError for an unknown data set, a folder or address together with `digits`, or an address that is none
 * @throws InputError, DataFormatError for files that are missing, damaged or not MNIST's
 * @throws DownloadError (an InputError) when `mnist` could not be downloaded
 * @throws CancelledError when the signal is aborted
 */
export async function loadDataset(options: LoadDatasetOptions): Promise<Dataset> {
  const { dataset, signal, onProgress } = options;
  const environment = options.environment ?? process.env;
  if (!datasetNames.includes(dataset))
    throw new ConfigError(expected(`one of ${datasetNames.join(", ")}`, "dataset", dataset), {
      hint: "Use for instance --dataset auto.",
    });
  if (dataset === "digits") {
    const extra = options.directory !== undefined ? "directory" : options.url !== undefined ? "url" : undefined;
    if (extra !== undefined)
      throw new ConfigError(expected("nothing, as dataset is digits,", extra, options[extra]), {
        hint: "Leave it out, or use --dataset mnist.",
      });
    return await digits(options, "Generated digits, as asked for; not written by people.");
  }

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
    ...described(train, test),
  };
}

async function digits(options: LoadDatasetOptions, note: string): Promise<Dataset> {
  const { train, test } = await generateDigits({
    seed: options.seed ?? 1,
    signal: options.signal,
    onProgress: (done, total) => options.onProgress?.({ phase: "draw digits", done, total }),
  });
  return { name: "digits", generated: true, note, ...described(train, test) };
}

function described(train: ImageSet, test: ImageSet): Omit<Dataset, "name" | "generated" | "note"> {
  const digest = sha256(train.pixels, train.labels, test.pixels, test.labels);
  return { digest, rows: 28, columns: 28, classes: 10, train, test };
}

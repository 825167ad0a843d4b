/**
 * MNIST (LeCun, Cortes, Burges): 60,000 training and 10,000 test images of handwritten digits, 28×28 bytes. Located in a
 * folder, decoded, and checked against the SHA-256 of its four uncompressed files.
 */
import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import envPaths from "env-paths";
import { DataFormatError, expected, InputError, throwIfAborted } from "../errors.js";
import { readBytes } from "../io/bytes.js";
import { decompress, parseIdx } from "../io/idx.js";
import { imageSet, type PointSet } from "./point-set.js";

/** One of MNIST's four files. */
export interface MnistFile {
  /** Its name as published, without ".gz". */
  readonly name: string;
  readonly split: "train" | "test";
  readonly content: "images" | "labels";
  /** SHA-256 of the uncompressed file, in hexadecimal. */
  readonly sha256: string;
}

/** The four files of MNIST. */
export const mnistFiles: readonly MnistFile[] = [
  {
    name: "train-images-idx3-ubyte",
    split: "train",
    content: "images",
    sha256: "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
  },
  {
    name: "train-labels-idx1-ubyte",
    split: "train",
    content: "labels",
    sha256: "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
  },
  {
    name: "t10k-images-idx3-ubyte",
    split: "test",
    content: "images",
    sha256: "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
  },
  {
    name: "t10k-labels-idx1-ubyte",
    split: "test",
    content: "labels",
    sha256: "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
  },
];

/** MNIST in memory. */
export interface Mnist {
  readonly train: PointSet;
  readonly test: PointSet;
}

/** Where each of the four files was found. */
export interface MnistLocation {
  readonly directory: string;
  /** In the order of {@link mnistFiles}; undefined where the folder lacks the file. */
  readonly paths: readonly (string | undefined)[];
}

/** Side of an image in pixels. */
const side = 28;

/**
 * The folder in which downloads are kept: `$BETTINA_CACHE`, else the user's cache folder of the operating system (on
 * Linux `$XDG_CACHE_HOME` or ~/.cache), each followed by "mnist".
 */
export function mnistCacheDirectory(environment: NodeJS.ProcessEnv = process.env): string {
  return join(environment.BETTINA_CACHE || envPaths("bettina", { suffix: "" }).cache, "mnist");
}

/**
 * Looks for MNIST's files in a folder, under their published names and the usual variants ("train-images.idx3-ubyte"),
 * plain or with ".gz". Reads nothing.
 */
export async function locateMnist(directory: string): Promise<MnistLocation> {
  const paths = await Promise.all(
    mnistFiles.map(async ({ name }) => {
      for (const variant of [name, name.replace("-idx", ".idx")])
        for (const ending of ["", ".gz"]) {
          const path = join(directory, variant + ending);
          if (await isFile(path)) return path;
        }
      return undefined;
    }),
  );
  return { directory, paths };
}

/** Whether none of the four files is missing. */
export function isComplete(location: MnistLocation): boolean {
  return location.paths.every((path) => path !== undefined);
}

/**
 * Reads MNIST from a folder.
 * @param name how the folder was named by the user, for messages, e.g. "--data"
 * @throws InputError when a file is missing, or when the files are sound but not MNIST's (another data set under its
 *   names)
 * @throws DataFormatError when a file is truncated or damaged, or labels and images do not match
 */
export async function readMnist(
  directory: string,
  options: { readonly name?: string; readonly signal?: AbortSignal } = {},
): Promise<Mnist> {
  const location = await locateMnist(directory);
  const missing = mnistFiles.filter((_, i) => location.paths[i] === undefined).map((file) => file.name);
  if (missing.length > 0)
    throw new InputError(expected("a folder with MNIST's four files", options.name ?? "the data folder", directory), {
      hint: `Missing there: ${missing.join(", ")} (plain or .gz).`,
    });
  const contents: Uint8Array[] = [];
  for (const path of location.paths as string[]) {
    throwIfAborted(options.signal);
    contents.push(await decompress(await readBytes(path, options), path));
  }
  return decodeMnist(contents, location.paths as string[]);
}

/**
 * Decodes MNIST's four uncompressed files, given in the order of {@link mnistFiles}. The shape of the files is judged
 * before their digests, so that a damaged file is named as what it is.
 * @param paths names of the files, for messages
 * @throws as {@link readMnist}
 */
export function decodeMnist(contents: readonly Uint8Array[], paths: readonly string[]): Mnist {
  const train = decodeSplit(contents[0], contents[1], paths[0], paths[1]);
  const test = decodeSplit(contents[2], contents[3], paths[2], paths[3]);
  mnistFiles.forEach((file, i) => {
    const digest = sha256(contents[i]);
    if (digest !== file.sha256)
      throw new InputError(expected(`SHA-256 ${file.sha256}`, `the uncompressed content of ${paths[i]}`, digest), {
        hint: "This is not MNIST, or it was changed: name another folder, or let MNIST be downloaded.",
      });
  });
  return { train, test };
}

/** SHA-256 of the parts one after the other, in hexadecimal. */
export function sha256(...parts: readonly Uint8Array[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
}

function decodeSplit(imageBytes: Uint8Array, labelBytes: Uint8Array, imagePath: string, labelPath: string): PointSet {
  const images = parseIdx(imageBytes, { path: imagePath, dimensions: 3 });
  const labels = parseIdx(labelBytes, { path: labelPath, dimensions: 1 });
  const [count, rows, columns] = images.shape;
  if (rows !== side || columns !== side)
    throw new DataFormatError(
      expected(`${side} × ${side} pixels`, `the images of ${imagePath}`, `${rows} × ${columns}`),
      {
        path: imagePath,
        offset: 8,
        hint: "Check that these are MNIST's files.",
      },
    );
  if (labels.shape[0] !== count)
    throw new DataFormatError(
      expected(`${count} labels, one for each image of ${imagePath}`, labelPath, `${labels.shape[0]} labels`),
      { path: labelPath, offset: 4, hint: "Take labels and images from the same set." },
    );
  const wrong = labels.data.findIndex((label) => label > 9);
  if (wrong >= 0)
    throw new DataFormatError(expected("a class from 0 to 9", `label ${wrong} of ${labelPath}`, labels.data[wrong]), {
      path: labelPath,
      offset: 8 + wrong,
      hint: "Check that these are MNIST's files.",
    });
  // Copies, so that the headers in front of the views do not travel with them to other threads.
  return imageSet(images.data.slice(), labels.data.slice(), { rows, columns });
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

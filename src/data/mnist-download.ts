/** MNIST from public mirrors into the user's cache: checked before it gets its name, so that what is there is sound. */
import { join } from "node:path";
import { CancelledError, DataFormatError, expected, InputError, throwIfAborted } from "../errors.js";
import { writeFileAtomic } from "../io/atomic.js";
import { readBytes } from "../io/bytes.js";
import { decompress, isGzip } from "../io/idx.js";
import { decodeMnist, locateMnist, type Mnist, type MnistFile, mnistFiles, sha256 } from "./mnist.js";

/** Public mirrors of MNIST's four gzip files, tried in this order. */
export const mnistMirrors: readonly string[] = [
  "https://storage.googleapis.com/cvdf-datasets/mnist",
  "https://ossci-datasets.s3.amazonaws.com/mnist",
  "https://raw.githubusercontent.com/fgnt/mnist/master",
];

/** Why MNIST could not be downloaded. */
export type DownloadFailure = "no-answer" | "refused" | "interrupted" | "not-mnist";

/** Every mirror failed. The hint says what else can be done. */
export class DownloadError extends InputError {
  override readonly code: string = "DOWNLOAD";
  /** How the mirror that got furthest failed. */
  readonly failure: DownloadFailure;

  constructor(message: string, details: { readonly failure: DownloadFailure; readonly cause?: unknown }) {
    super(message, {
      hint: "Get MNIST's four files yourself and name their folder with --data or BETTINA_MNIST, or set another address with BETTINA_MNIST_URL.",
      cause: details.cause,
    });
    this.failure = details.failure;
  }
}

/** Options of {@link fetchMnist}. */
export interface FetchMnistOptions {
  /** Folder the files are kept in. */
  readonly directory: string;
  /** Where to download from: the address of a folder with the four files as `<name>.gz`. @default {@link mnistMirrors} */
  readonly mirrors?: readonly string[];
  /** Milliseconds until a server must have answered. @default 5000 */
  readonly connectTimeout?: number;
  /** Milliseconds a download may stand still. @default 15000 */
  readonly stallTimeout?: number;
  readonly signal?: AbortSignal;
  /** `done` and `total` are bytes; `total` is null where the server does not say. */
  readonly onProgress?: (event: { phase: string; done: number; total: number | null }) => void;
}

/** What {@link fetchMnist} gives. */
export interface FetchedMnist extends Mnist {
  /** How many of the four files were downloaded rather than found. */
  readonly downloaded: number;
  /** Whether downloaded files could be written for the next time. */
  readonly kept: boolean;
}

/** Larger than any of the four files, compressed or not: a server that sends more is cut off. */
const largestFile = 64 * 1024 * 1024;

/**
 * MNIST from the cache folder; what is missing or damaged there is downloaded from the first mirror that has it. Each file
 * is judged by the SHA-256 of its uncompressed content before it is written, and written atomically.
 * @throws DownloadError when no mirror gave a file
 * @throws CancelledError when the signal is aborted
 */
export async function fetchMnist(options: FetchMnistOptions): Promise<FetchedMnist> {
  const { directory, signal } = options;
  const location = await locateMnist(directory);
  // A mirror that failed is not asked again, and the one that answered last is asked first.
  const mirrors = [...(options.mirrors ?? mnistMirrors)];
  const contents: Uint8Array[] = [];
  const paths: string[] = [];
  let downloaded = 0;
  let kept = true;
  for (const [i, file] of mnistFiles.entries()) {
    throwIfAborted(signal);
    const path = location.paths[i];
    const found = path === undefined ? undefined : await readCached(path, file, signal);
    if (found !== undefined) {
      contents.push(found);
      paths.push(path as string);
      continue;
    }
    const { bytes, content } = await downloadFile(file, mirrors, options);
    // A damaged file under the plain name would hide the sound one with .gz, so the name found is written anew.
    const name = path ?? join(directory, isGzip(bytes) ? `${file.name}.gz` : file.name);
    try {
      await writeFileAtomic(name, name.endsWith(".gz") ? bytes : content);
    } catch {
      kept = false;
    }
    contents.push(content);
    paths.push(name);
    downloaded++;
  }
  return { ...decodeMnist(contents, paths), downloaded, kept };
}

/** The uncompressed content of a cached file, or undefined where it is not sound. */
async function readCached(
  path: string,
  file: MnistFile,
  signal: AbortSignal | undefined,
): Promise<Uint8Array | undefined> {
  try {
    const content = await decompress(await readBytes(path, { signal }), path);
    return sha256(content) === file.sha256 ? content : undefined;
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

async function downloadFile(
  file: MnistFile,
  mirrors: string[],
  options: FetchMnistOptions,
): Promise<{ readonly bytes: Uint8Array; readonly content: Uint8Array }> {
  const failures: { readonly mirror: string; readonly failure: DownloadFailure; readonly cause: Error }[] = [];
  while (mirrors.length > 0) {
    const url = `${mirrors[0].replace(/\/+$/, "")}/${file.name}.gz`;
    try {
      const bytes = await download(url, file, options);
      const content = await decompress(bytes, url);
      const digest = sha256(content);
      if (digest === file.sha256) return { bytes, content };
      throw new DataFormatError(expected(`SHA-256 ${file.sha256}`, `the uncompressed content of ${url}`, digest), {
        path: url,
      });
    } catch (cause) {
      if (options.signal?.aborted) throw new CancelledError("Cancelled.", { cause: options.signal.reason });
      if (!(cause instanceof Failure || cause instanceof DataFormatError)) throw cause;
      failures.push({ mirror: mirrors[0], failure: cause instanceof Failure ? cause.kind : "not-mnist", cause });
      mirrors.shift();
    }
  }
  const order: readonly DownloadFailure[] = ["not-mnist", "interrupted", "refused", "no-answer"];
  const { failure } = failures.toSorted((a, b) => order.indexOf(a.failure) - order.indexOf(b.failure))[0];
  const reasons = failures.map(({ mirror, cause }) => `${mirror}: ${cause.message}`).join("; ");
  throw new DownloadError(`Expected ${file.name}.gz from a mirror of MNIST, got none (${reasons}).`, {
    failure,
    cause: failures[0].cause,
  });
}

/** A download that failed in a way the server did not say itself. */
class Failure extends Error {
  constructor(
    readonly kind: DownloadFailure,
    message: string,
    cause?: unknown,
  ) {
    super(message, { cause });
  }
}

/** The body of a GET request, however the server has encoded it for transport. */
async function download(url: string, file: MnistFile, options: FetchMnistOptions): Promise<Uint8Array> {
  const abort = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const within = (milliseconds: number, failure: Failure): void => {
    clearTimeout(timer);
    timer = setTimeout(() => abort.abort(failure), milliseconds);
  };
  const stall = (): void =>
    within(options.stallTimeout ?? 15000, new Failure("interrupted", "the download stood still"));
  const signal = options.signal ? AbortSignal.any([options.signal, abort.signal]) : abort.signal;
  const pieces: Uint8Array[] = [];
  let done = 0;
  let answered = false;
  try {
    within(options.connectTimeout ?? 5000, new Failure("no-answer", "no answer in time"));
    const response = await fetch(url, { signal, redirect: "follow" });
    if (!response.ok || response.body === null) {
      await response.body?.cancel();
      throw new Failure("refused", `the server answered ${response.status}`);
    }
    answered = true;
    // With a transport encoding the length counts other bytes than those that arrive here.
    const length = response.headers.has("content-encoding")
      ? Number.NaN
      : Number(response.headers.get("content-length"));
    const total = length > 0 ? length : null;
    const phase = `download ${file.name}`;
    options.onProgress?.({ phase, done, total });
    stall();
    for await (const piece of response.body) {
      stall();
      pieces.push(piece);
      done += piece.length;
      if (done > largestFile) throw new Failure("not-mnist", `more than ${largestFile} bytes arrived`);
      options.onProgress?.({ phase, done, total });
    }
    return Buffer.concat(pieces);
  } catch (error) {
    if (abort.signal.aborted) throw abort.signal.reason;
    if (error instanceof Failure) throw error;
    throw new Failure(answered ? "interrupted" : "no-answer", reasonOf(error), error);
  } finally {
    clearTimeout(timer);
    abort.abort();
  }
}

/** fetch hides the system's words one or two causes deep. */
function reasonOf(cause: unknown): string {
  let error = cause;
  while (error instanceof Error && error.cause instanceof Error) error = error.cause;
  return error instanceof Error ? error.message || error.name : String(error);
}

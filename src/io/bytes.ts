/** Whole files, of any size up to a limit, as bytes. */
import { constants, fstatSync, type Stats } from "node:fs";
import { type FileHandle, open, stat } from "node:fs/promises";
import { isatty } from "node:tty";
import { CancelledError, expected, InputError, MemoryLimitError, ResourceError, throwIfAborted } from "../errors.js";
import { readPipe } from "./pipe.js";

/** Name of standard input in messages. */
export const standardInput = "standard input";

/** One system call reads at most 2 GiB, and a cancelled read should end soon: so files are read in pieces. */
const PIECE = 64 * 1024 * 1024;
/** Enough to tell what a file is. */
const START = 64 * 1024;
const GIB = 1024 ** 3;
/** Largest file that is read, in bytes: more than any input of which the distances could be held. */
export const LARGEST_FILE = 4 * GIB;
/** Most bytes read from what has no size of its own: a pipe, standard input, a file of /proc. */
export const LARGEST_PIPE = GIB;

/** Options of {@link readBytes}. */
export interface ReadBytesOptions {
  readonly signal?: AbortSignal;
  /** Sees the first bytes, at most 64 KiB, before the rest is read; throws for what need not be read. */
  readonly onStart?: (start: Uint8Array) => void;
}

/**
 * The bytes of a file, or of standard input for "-". The result owns its memory and starts at offset 0 of its buffer,
 * so that a typed array can view it without a copy.
 * @throws InputError when the file is missing, a folder, a device (but a terminal, or the empty one), a pipe nobody writes
 *   to within three seconds, or not readable
 * @throws ResourceError above 4 GiB, or 1 GiB from a pipe
 * @throws MemoryLimitError when it does not fit in memory
 * @throws CancelledError when the signal is aborted
 */
export async function readBytes(path: string, options: ReadBytesOptions = {}): Promise<Uint8Array> {
  throwIfAborted(options.signal);
  if (path === "-") {
    refuseDevice(standardInputStat(), 0, standardInput);
    return collect(process.stdin, standardInput, options);
  }
  let handle: FileHandle | undefined;
  try {
    const before = await stat(path);
    if (before.isDirectory()) throw Object.assign(new Error("it is a folder"), { code: "EISDIR" });
    const pipe = before.isFIFO();
    // Opening a pipe, or some devices, would wait where no signal reaches.
    const wait = pipe || before.isCharacterDevice() || before.isBlockDevice() ? (constants.O_NONBLOCK ?? 0) : 0;
    handle = await open(path, constants.O_RDONLY | wait);
    refuseDevice(before, handle.fd, path);
    if (pipe || (before.isCharacterDevice() && !isNull(before)))
      return await collect(readPipe(handle, path, options.signal), path, options);
    const { size } = await handle.stat();
    // A terminal or a file of /proc has no size of its own.
    if (!before.isFile() || size === 0)
      return await collect(handle.createReadStream({ autoClose: false }), path, options);
    if (size > LARGEST_FILE)
      throw tooLong(path, LARGEST_FILE, `${size} bytes`, "Use fewer points, or a binary format.");
    return await readWhole(handle, size, path, options);
  } catch (cause) {
    throw readError(path, cause);
  } finally {
    await handle?.close();
  }
}

async function readWhole(
  handle: FileHandle,
  size: number,
  path: string,
  { signal, onStart }: ReadBytesOptions,
): Promise<Uint8Array> {
  if (onStart && size > START) {
    const start = new Uint8Array(START);
    const { bytesRead } = await handle.read(start, 0, START, 0);
    onStart(start.subarray(0, bytesRead));
  }
  const bytes = allocate(size, path);
  let filled = 0;
  while (filled < size) {
    throwIfAborted(signal);
    const { bytesRead } = await handle.read(bytes, filled, Math.min(PIECE, size - filled), filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  const whole = filled === size ? bytes : bytes.slice(0, filled);
  if (size <= START) onStart?.(whole);
  return whole;
}

/** Where standard input is closed there is nothing to say. */
function standardInputStat(): Stats | undefined {
  try {
    return fstatSync(0);
  } catch {
    return undefined;
  }
}

/** Refuses devices, most of which have no end. */
function refuseDevice(found: Stats | undefined, fd: number, name: string): void {
  if (!found?.isCharacterDevice() && !found?.isBlockDevice()) return;
  if (found.isCharacterDevice() && (isatty(fd) || isNull(found))) return;
  throw new InputError(`${expected("a file or a pipe", "input", name).slice(0, -1)} (it is a device).`, {
    hint: "Copy what is wanted of it to a file.",
  });
}

/** Linux's /dev/null, and Windows' NUL, end at once. */
function isNull(found: Stats): boolean {
  return process.platform === "win32" || (process.platform === "linux" && found.rdev === 0x103);
}

/** Turns a system error about reading `path` into an InputError; other errors pass unchanged. */
function readError(path: string, cause: unknown): unknown {
  const code = (cause as NodeJS.ErrnoException | undefined)?.code;
  if (cause instanceof InputError || typeof code !== "string" || !/^E[A-Z]+$/.test(code)) return cause;
  const reason =
    code === "ENOENT"
      ? "it does not exist"
      : code === "EISDIR"
        ? "it is a folder"
        : code === "EACCES" || code === "EPERM"
          ? "it may not be read"
          : code;
  return new InputError(`${expected("a readable file", "input", path).slice(0, -1)} (${reason}).`, {
    hint: "Check the path.",
    cause,
  });
}

async function collect(
  stream: AsyncIterable<Uint8Array>,
  name: string,
  { signal, onStart }: ReadBytesOptions,
): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  const cancelled = new Promise<never>((_, reject) => {
    signal?.addEventListener("abort", () => reject(new CancelledError("Cancelled.", { cause: signal.reason })), {
      once: true,
    });
  });
  cancelled.catch(() => undefined);
  const iterator = stream[Symbol.asyncIterator]();
  for (;;) {
    const next = await Promise.race([iterator.next(), cancelled]);
    if (next.done) break;
    if (length === 0) onStart?.(next.value.subarray(0, START));
    pieces.push(next.value);
    length += next.value.length;
    if (length > LARGEST_PIPE) {
      iterator.return?.().catch(() => undefined);
      throw tooLong(name, LARGEST_PIPE, "more", "Write it to a file first, which may hold 4 GiB.");
    }
  }
  const bytes = allocate(length, name);
  let filled = 0;
  for (const piece of pieces) {
    bytes.set(piece, filled);
    filled += piece.length;
  }
  return bytes;
}

function tooLong(name: string, limit: number, got: string, hint: string): ResourceError {
  return new ResourceError(expected(`at most ${limit / GIB} GiB`, name, got), { hint });
}

function allocate(length: number, path: string): Uint8Array {
  try {
    return new Uint8Array(length);
  } catch (cause) {
    throw new MemoryLimitError(expected("input that fits in memory", path, `${length} bytes`), {
      hint: "Use fewer points, or a machine with more memory.",
      cause,
    });
  }
}

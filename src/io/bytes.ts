/** Whole files, of any size, as bytes. */
import { type FileHandle, open } from "node:fs/promises";
import { CancelledError, expected, InputError, MemoryLimitError, throwIfAborted } from "../errors.js";

/** Name of standard input in messages. */
export const standardInput = "standard input";

/** One system call reads at most 2 GiB, and a cancelled read should end soon: so files are read in pieces. */
const PIECE = 64 * 1024 * 1024;

/**
 * The bytes of a file, or of standard input for "-". The result owns its memory and starts at offset 0 of its buffer,
 * so that a typed array can view it without a copy.
 * @throws InputError when the file is missing, a folder or not readable
 * @throws MemoryLimitError when it does not fit in memory
 * @throws CancelledError when the signal is aborted
 */
export async function readBytes(path: string, options: { readonly signal?: AbortSignal } = {}): Promise<Uint8Array> {
  throwIfAborted(options.signal);
  if (path === "-") return collect(process.stdin, options.signal);
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, "r");
    const stat = await handle.stat();
    // A pipe or a file of /proc has no size of its own.
    if (!stat.isFile() || stat.size === 0) {
      if (stat.isDirectory()) throw Object.assign(new Error("it is a folder"), { code: "EISDIR" });
      return await collect(handle.createReadStream({ autoClose: false }), options.signal);
    }
    const bytes = allocate(stat.size, path);
    let filled = 0;
    while (filled < bytes.length) {
      throwIfAborted(options.signal);
      const { bytesRead } = await handle.read(bytes, filled, Math.min(PIECE, bytes.length - filled), filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return filled === bytes.length ? bytes : bytes.slice(0, filled);
  } catch (cause) {
    throw readError(path, cause);
  } finally {
    await handle?.close();
  }
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

async function collect(stream: AsyncIterable<Uint8Array>, signal: AbortSignal | undefined): Promise<Uint8Array> {
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
    pieces.push(next.value);
    length += next.value.length;
  }
  const bytes = allocate(length, standardInput);
  let filled = 0;
  for (const piece of pieces) {
    bytes.set(piece, filled);
    filled += piece.length;
  }
  return bytes;
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

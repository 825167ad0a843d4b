/** Named pipes, read without ever waiting where no signal reaches. */
import type { FileHandle } from "node:fs/promises";
import { setImmediate, setTimeout } from "node:timers/promises";
import { expected, InputError, throwIfAborted } from "../errors.js";

/** How long to wait for somebody to open the other end, in milliseconds. */
const PATIENCE = 3000;
/** Longest rest between two looks, in milliseconds. */
const LONGEST_REST = 20;
const PIECE = 64 * 1024;

/**
 * The pieces that come through a pipe opened with O_NONBLOCK, until its writers close it. Reading from one that has no
 * writer gives nothing, from one whose writer is silent EAGAIN: so the two can be told apart.
 * @throws InputError when nobody has written after three seconds
 * @throws CancelledError when the signal is aborted
 */
export async function* readPipe(
  handle: FileHandle,
  path: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  const started = performance.now();
  let writerSeen = false;
  let rest = 0;
  for (;;) {
    throwIfAborted(signal);
    const piece = new Uint8Array(PIECE);
    const read = await handle.read(piece, 0, PIECE, null).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "EAGAIN") return undefined;
      throw error;
    });
    if (read && read.bytesRead > 0) {
      writerSeen = true;
      rest = 0;
      yield piece.subarray(0, read.bytesRead);
      continue;
    }
    if (read && writerSeen) return;
    if (!read) writerSeen = true;
    else if (performance.now() - started > PATIENCE)
      throw new InputError(
        `${expected("a pipe somebody writes to", "input", path).slice(0, -1)} (nobody did for ${PATIENCE / 1000} s).`,
        { hint: "Start the writer first, or write to a file." },
      );
    if (rest === 0) await setImmediate();
    else await setTimeout(rest);
    rest = Math.min(LONGEST_REST, 2 * rest + 1);
  }
}

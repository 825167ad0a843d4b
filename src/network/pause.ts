/** Letting the event loop run during long synchronous work. */
import { setImmediate } from "node:timers/promises";
import { throwIfAborted } from "../errors.js";

/** Longest stretch of work between two looks at the event loop, in milliseconds. */
const stretch = 30;

/**
 * Makes a function to be called after every piece of work. It returns undefined unless 30 ms have passed since the event
 * loop last ran, else a promise to wait for. (To await the undefined as well would let other work in at every piece.)
 * @throws CancelledError from the promise, when the signal is aborted
 */
export function pause(signal?: AbortSignal): () => Promise<void> | undefined {
  let last = performance.now();
  const rest = async () => {
    await setImmediate();
    throwIfAborted(signal);
    last = performance.now();
  };
  return () => (performance.now() - last > stretch ? rest() : undefined);
}

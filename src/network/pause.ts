/** Letting the event loop run during long synchronous work. */
import { setImmediate } from "node:timers/promises";
import { throwIfAborted } from "../errors.js";

/** Longest stretch of work between two looks at the event loop, in milliseconds. */
const stretch = 30;

/**
 * Makes a function to be called after every piece of work. It returns at once unless 30 ms have passed since the event
 * loop last ran; then it lets it run and answers whether it did.
 * @throws CancelledError from the function made, when the signal is aborted
 */
export function pause(signal?: AbortSignal): () => Promise<boolean> | false {
  let last = performance.now();
  const rest = async () => {
    await setImmediate();
    throwIfAborted(signal);
    last = performance.now();
    return true;
  };
  return () => performance.now() - last > stretch && rest();
}

/** Many clouds at once: every core busy, results in the order of the inputs. */
import { availableParallelism } from "node:os";
import { EnginePool } from "../engine/pool.js";
import { throwIfAborted } from "../errors.js";
import { type PersistenceOptions, type PersistenceResult, persistence } from "./persistence.js";
import type { PersistenceInput } from "./point-cloud.js";

/** Options of {@link persistenceMany}: those of {@link persistence} hold for each input; `timeout` counts from its start. */
export interface PersistenceManyOptions extends Omit<PersistenceOptions, "onProgress"> {
  /** Worker threads; ignored when a pool is given. @default the number of cores */
  readonly threads?: number;
  /** Told after each result how many there are; `total` is undefined for inputs that come one by one. */
  readonly onProgress?: (event: { readonly done: number; readonly total: number | undefined }) => void;
}

/** Results kept while an earlier input is still at work, per thread. */
const AHEAD = 16;

/**
 * Persistent homology of many inputs, as {@link persistence} of each one by one would give it, byte for byte, whatever
 * the number of threads. Inputs are taken as they are needed: a generator may make them on the way. With one thread and
 * neither signal nor time-out everything runs in the calling thread.
 * @returns the results in the order of the inputs, each as soon as it and all before it are there
 * @throws the error of the first input that fails, after the results of all inputs before it; CancelledError when the
 *   signal is aborted
 */
export async function* persistenceMany(
  inputs: Iterable<PersistenceInput> | AsyncIterable<PersistenceInput>,
  options: PersistenceManyOptions = {},
): AsyncGenerator<PersistenceResult, void, undefined> {
  const { threads = availableParallelism(), onProgress, ...each } = options;
  const total = Array.isArray(inputs) ? inputs.length : undefined;
  let done = 0;
  const finished = (result: PersistenceResult): PersistenceResult => {
    done += 1;
    onProgress?.({ done, total });
    return result;
  };
  // Threads run what `variant` is not: only the release build.
  const inline = options.variant === "debug";
  if (!options.pool && (inline || (threads === 1 && !options.signal && options.timeout === undefined))) {
    for await (const input of inputs) yield finished(await persistence(input, each));
    return;
  }
  const pool = options.pool ?? new EnginePool(threads);
  // A thread that ends should find its next input waiting, but a time-out must not count the wait.
  const most = pool.threads + (options.timeout === undefined ? 1 : 0);
  const running = new Set<Promise<unknown>>();
  const queue: { readonly result: Promise<PersistenceResult>; settled: boolean }[] = [];
  const iterator = Symbol.asyncIterator in inputs ? inputs[Symbol.asyncIterator]() : inputs[Symbol.iterator]();
  let failure: { readonly error: unknown } | undefined;
  try {
    for (;;) {
      throwIfAborted(options.signal);
      while (running.size >= most) await Promise.race(running);
      let next: IteratorResult<PersistenceInput, unknown>;
      try {
        next = await iterator.next();
      } catch (error) {
        // The inputs before it still count.
        failure = { error };
        break;
      }
      if (next.done) break;
      const result = persistence(next.value, { ...each, pool });
      const entry = { result, settled: false };
      const end = () => {
        entry.settled = true;
        running.delete(settling);
      };
      const settling: Promise<void> = result.then(end, end);
      running.add(settling);
      queue.push(entry);
      while (queue[0]?.settled || queue.length >= AHEAD * pool.threads) yield finished(await queue.shift()!.result);
    }
    while (queue.length > 0) yield finished(await queue.shift()!.result);
    if (failure) throw failure.error;
  } finally {
    await iterator.return?.();
    if (pool !== options.pool) await pool.close();
    for (const { result } of queue) result.catch(() => {});
  }
}

/** Many clouds at once: every core busy, results in the order of the inputs. */
import { availableParallelism } from "node:os";
import { EnginePool } from "../engine/pool.js";
import { ConfigError, expected, throwIfAborted } from "../errors.js";
import { checkKeys, type Known } from "../options.js";
import { checkCall } from "./call-options.js";
import {
  checkOptions,
  type PersistenceOptions,
  type PersistenceResult,
  persistence,
  persistenceKeys,
} from "./persistence.js";
import type { PersistenceInput } from "./point-cloud.js";

/** Options of {@link persistenceMany}: those of {@link persistence} hold for each input; `timeout` counts from its start. */
export interface PersistenceManyOptions extends Omit<PersistenceOptions, "onProgress"> {
  /** Worker threads; ignored when a pool is given. @default the number of cores */
  readonly threads?: number;
  /** Told after each result how many there are; `total` is undefined for inputs that come one by one. */
  readonly onProgress?: (event: { readonly done: number; readonly total: number | undefined }) => void;
}

const manyKeys = persistenceKeys satisfies Known<PersistenceManyOptions>;

/** Results kept while an earlier input is still at work, per thread. */
const AHEAD = 16;

/** An input, or a function that makes it when its turn comes. */
export type LazyInput = PersistenceInput | (() => PersistenceInput | Promise<PersistenceInput>);

/**
 * Persistent homology of many inputs, as {@link persistence} of each one by one would give it, byte for byte, whatever
 * the number of threads. Inputs are taken as they are needed: a generator may make them on the way. With one thread and
 * neither signal nor time-out everything runs in the calling thread. The typed arrays of an input are copied when it is
 * taken, before the next one is.
 * @returns the results in the order of the inputs, each as soon as it and all before it are there
 * @throws ConfigError for bad or unknown options, or for inputs that are not several; the error of the first input that
 *   fails, after the results of all inputs before it (to have the others, use {@link persistenceSettled}); CancelledError
 *   when the signal is aborted
 */
export async function* persistenceMany(
  inputs: Iterable<PersistenceInput> | AsyncIterable<PersistenceInput>,
  options: PersistenceManyOptions = {},
): AsyncGenerator<PersistenceResult, void, undefined> {
  for await (const settled of persistenceSettled(inputs, options)) {
    if (settled.status === "rejected") throw settled.reason;
    yield settled.value;
  }
}

/**
 * {@link persistenceMany} where an input that fails ends alone: in its place stands its error, as `Promise.allSettled`
 * would give it, and the others are answered. A function that throws while it makes its input is such a failure too.
 * @returns results and errors in the order of the inputs
 * @throws CancelledError when the signal is aborted; what the inputs' iterator throws, after the results of all before
 */
export async function* persistenceSettled(
  inputs: Iterable<LazyInput> | AsyncIterable<LazyInput>,
  options: PersistenceManyOptions = {},
): AsyncGenerator<PromiseSettledResult<PersistenceResult>, void, undefined> {
  checkKeys(options, manyKeys, "the options of persistenceMany");
  if (
    typeof inputs !== "object" ||
    inputs === null ||
    !(Symbol.asyncIterator in inputs || Symbol.iterator in inputs) ||
    ArrayBuffer.isView(inputs)
  )
    throw new ConfigError(expected("several inputs, an array of them or a generator,", "inputs", inputs), {
      hint: "For one input call persistence.",
    });
  const { threads = availableParallelism(), onProgress, ...each } = options;
  checkOptions(each);
  checkCall({ onProgress });
  const { signal } = options;
  const total = Array.isArray(inputs) ? inputs.length : undefined;
  let done = 0;
  const finished = (settled: PromiseSettledResult<PersistenceResult>): PromiseSettledResult<PersistenceResult> => {
    if (settled.status === "rejected") throwIfAborted(signal);
    done += 1;
    onProgress?.({ done, total });
    return settled;
  };
  // Threads run what `variant` is not: only the release build.
  const inline = options.variant === "debug";
  if (!options.pool && (inline || (threads === 1 && !signal && options.timeout === undefined))) {
    for await (const input of inputs)
      yield finished(await settle(async () => await persistence(await made(input), each)));
    return;
  }
  const pool = options.pool ?? new EnginePool(threads);
  // A thread that ends should find its next input waiting, but a time-out must not count the wait.
  const most = pool.threads + (options.timeout === undefined ? 1 : 0);
  const running = new Set<Promise<unknown>>();
  const queue: { readonly result: Promise<PromiseSettledResult<PersistenceResult>>; settled: boolean }[] = [];
  const iterator = Symbol.asyncIterator in inputs ? inputs[Symbol.asyncIterator]() : inputs[Symbol.iterator]();
  let failure: { readonly error: unknown } | undefined;
  try {
    for (;;) {
      throwIfAborted(signal);
      while (running.size >= most) await Promise.race(running);
      let next: IteratorResult<LazyInput, unknown>;
      try {
        next = await iterator.next();
      } catch (error) {
        // The inputs before it still count.
        failure = { error };
        break;
      }
      if (next.done) break;
      // Made one after the other: two large files are not read at the same time.
      const input = await settle(async () => await made(next.value as LazyInput));
      const result =
        input.status === "rejected"
          ? Promise.resolve(input)
          : settle(async () => await persistence(input.value, { ...each, pool }));
      const entry = { result, settled: false };
      const settling: Promise<void> = result.then(() => {
        entry.settled = true;
        running.delete(settling);
      });
      running.add(settling);
      queue.push(entry);
      while (queue[0]?.settled || queue.length >= AHEAD * pool.threads) yield finished(await queue.shift()!.result);
    }
    while (queue.length > 0) yield finished(await queue.shift()!.result);
    if (failure) throw failure.error;
  } finally {
    await iterator.return?.();
    if (pool !== options.pool) await pool.close();
  }
}

async function made(input: LazyInput): Promise<PersistenceInput> {
  return typeof input === "function" ? await input() : input;
}

/** What a piece of work came to; never rejects. */
async function settle<Value>(work: () => Promise<Value>): Promise<PromiseSettledResult<Value>> {
  try {
    return { status: "fulfilled", value: await work() };
  } catch (reason) {
    return { status: "rejected", reason };
  }
}

/** Threads inside one call: a first thread that computes a request, and helpers that share its memory. */
import { fileURLToPath } from "node:url";
import { MessageChannel, Worker } from "node:worker_threads";
import { CancelledError, ConfigError, EngineError, expected, TimeoutError } from "../errors.js";
import type { CrewLine, CrewReply, CrewTask } from "./crew-worker.js";
import type { EngineRequest, EngineResponse } from "./engine.js";
import { unpackFailure } from "./failure.js";
import { loadModule, type Variant } from "./module.js";
import type { Progress } from "./stream.js";

/** Most threads one call may have; the same number stands in assembly/crew.ts. */
export const MOST_THREADS = 64;

/** A shared memory that has grown beyond this many bytes is given back after the call, and its threads with it. */
const KEPT_BYTES = 2 ** 29;

/** How a request is run and may be stopped. */
export interface CrewOptions {
  /** Threads of this call, 1 to 64. @default 1 */
  readonly threads?: number | undefined;
  /** @default "release" */
  readonly variant?: Variant | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds after which the request ends with a TimeoutError; waiting for earlier requests counts. */
  readonly timeout?: number | undefined;
  /** Whether the data of the request may be handed over to the thread, and are gone here, in place of a copy. @default false */
  readonly handOver?: boolean | undefined;
  /** Told how far the computation is. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/**
 * Threads that compute one request at a time, together; further requests wait. They are started when first needed, kept
 * until `close`, and do not keep the process alive while idle. The result does not depend on their number.
 */
export class Crew {
  /** The first thread, then its helpers. */
  private workers: Worker[] = [];
  private last: Promise<unknown> = Promise.resolve();
  private readonly ending = new Set<Promise<unknown>>();
  private closed = false;

  /**
   * Runs a request, after those before it.
   * @throws what `onProgress` throws, ConfigError for a number of threads out of range, CancelledError when the signal is aborted, TimeoutError when
   *   the time-out passes, EngineError when a thread dies or the crew is closed; the crew stays usable (unless closed)
   */
  async run(request: EngineRequest, options: CrewOptions = {}): Promise<EngineResponse> {
    const { threads = 1, variant = "release", signal, timeout, onProgress, handOver = false } = options;
    if (!Number.isInteger(threads) || threads < 1 || threads > MOST_THREADS)
      throw new ConfigError(expected(`an integer from 1 to ${MOST_THREADS}`, "threads", threads), {
        hint: "One thread a core is best.",
      });
    const signals = [...(signal ? [signal] : []), ...(timeout === undefined ? [] : [AbortSignal.timeout(timeout)])];
    const stop = AbortSignal.any(signals);
    const stopped = () =>
      signal?.aborted
        ? new CancelledError("Cancelled.", { cause: signal.reason })
        : new TimeoutError(expected(`a result within ${timeout} ms`, "timeout", "none so far"), {
            hint: "Raise the time-out.",
          });
    const before = this.last;
    const { promise, resolve, reject } = withResolvers<EngineResponse>();
    const onStop = () => reject(stopped());
    if (stop.aborted) onStop();
    stop.addEventListener("abort", onStop, { once: true });
    const turn = before.then(async () => {
      if (stop.aborted) return;
      const { module } = await loadModule(variant, threads > 1);
      if (stop.aborted) return;
      const progress = onProgress !== undefined;
      const task = { module, variant, request, threads, progress };
      resolve(await this.compute(task, { given: promise, onProgress, handOver }));
    });
    this.last = turn.catch(reject);
    try {
      return await promise;
    } finally {
      stop.removeEventListener("abort", onStop);
    }
  }

  /** Ends all threads; running and waiting requests fail. */
  async close(): Promise<void> {
    this.closed = true;
    this.end();
    await Promise.all(this.ending);
  }

  /** Ends the threads of now; later requests start new ones. */
  private end(): void {
    for (const worker of this.workers) {
      const ended: Promise<unknown> = worker.terminate().finally(() => this.ending.delete(ended));
      this.ending.add(ended);
    }
    this.workers = [];
  }

  /** Starts threads until there are `threads`, and connects them. */
  private start(threads: number): void {
    while (this.workers.length < threads) {
      // Compiled code, also when this file itself runs from its source.
      // What a call leaves behind in JavaScript is little: a small nursery is swept often and never grows.
      const worker = new Worker(fileURLToPath(new URL("../../dist/engine/crew-entry.cjs", import.meta.url)), {
        resourceLimits: { maxYoungGenerationSizeMb: 12 },
      });
      // A thread that dies between requests is missed by the next one.
      worker.on("error", () => {});
      worker.on("exit", () => {
        if (this.workers.includes(worker)) this.end();
      });
      worker.unref();
      const [first] = this.workers;
      if (first) {
        const { port1, port2 } = new MessageChannel();
        first.postMessage({ to: "helper", port: port1 } satisfies CrewLine, [port1]);
        worker.postMessage({ to: "first", port: port2 } satisfies CrewLine, [port2]);
      }
      this.workers.push(worker);
    }
  }

  /** Has the threads compute one request; ends them when one fails or `given`, the caller's promise, is rejected first. */
  private async compute(
    task: CrewTask,
    {
      given,
      onProgress,
      handOver,
    }: Pick<CrewOptions, "onProgress" | "handOver"> & { readonly given: Promise<unknown> },
  ): Promise<EngineResponse> {
    if (this.closed) throw new EngineError("The threads were closed before the request was begun.");
    this.start(task.threads);
    const workers = this.workers.slice(0, task.threads);
    const first = workers[0]!;
    const { promise, resolve, reject } = withResolvers<Exclude<CrewReply, { progress: Progress }>>();
    const onExit = () => reject(new EngineError("A thread of the engine ended before the result was there."));
    for (const worker of workers) {
      worker.ref();
      worker.on("error", reject);
      worker.on("exit", onExit);
    }
    const onMessage = (reply: CrewReply) => {
      if (!("progress" in reply)) return resolve(reply);
      try {
        onProgress?.(reply.progress);
      } catch (error) {
        // Thrown here it would end the process; the call it was made for can be caught.
        reject(error);
      }
    };
    first.on("message", onMessage);
    given.catch(reject);
    // After a stop or a failure nobody knows what state the threads are in: the next request gets new ones.
    let usable = false;
    try {
      const { source } = task.request;
      // One copy that is handed over costs less than a message that is written and read.
      // (The slice of a Buffer is no copy.)
      const data = handOver
        ? source.data
        : source.data instanceof Uint8Array
          ? new Uint8Array(source.data)
          : source.data.slice();
      first.postMessage({ ...task, request: { ...task.request, source: { ...source, data } } }, [
        data.buffer as ArrayBuffer,
      ]);
      const reply = await promise;
      if ("failure" in reply) {
        const failure = unpackFailure(reply.failure);
        usable = !(failure instanceof EngineError);
        throw failure;
      }
      usable = task.threads === 1 || reply.response.memory <= KEPT_BYTES;
      return reply.response;
    } finally {
      first.off("message", onMessage);
      for (const worker of workers) {
        worker.off("error", reject);
        worker.off("exit", onExit);
        worker.unref();
      }
      if (!usable) this.end();
    }
  }
}

function withResolvers<T>() {
  let resolve!: (value: T) => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<T>((one, other) => {
    resolve = one;
    reject = other;
  });
  return { promise, resolve, reject };
}

/** A crew without work that the next call may have, and the timer that will close it. */
let idle: { readonly crew: Crew; readonly timer: NodeJS.Timeout } | undefined;

/** How long an idle crew is kept, in milliseconds. */
const KEPT_IDLE = 2000;

/**
 * Runs one request in threads of its own: those the last such call has left, when they are free, else new ones. They are
 * kept for a moment, do not keep the process alive, and end with it. As {@link Crew.run}.
 */
export async function runInCrew(request: EngineRequest, options: CrewOptions): Promise<EngineResponse> {
  const crew = idle?.crew ?? new Crew();
  clearTimeout(idle?.timer);
  idle = undefined;
  try {
    return await crew.run(request, options);
  } finally {
    if (idle) void crew.close();
    else {
      const timer = setTimeout(() => {
        idle = undefined;
        void crew.close();
      }, KEPT_IDLE);
      timer.unref();
      idle = { crew, timer };
    }
  }
}

/** Worker threads for computations that must be cancellable: a tight WebAssembly loop only stops with its thread. */
import { fileURLToPath } from "node:url";
import { MessageChannel } from "node:worker_threads";
import { Piscina } from "piscina";
import { BettinaError, CancelledError, ConfigError, EngineError, expected, TimeoutError } from "../errors.js";
import { Crew, type CrewOptions } from "./crew.js";
import type { EngineRequest, EngineResponse } from "./engine.js";
import { unpackFailure } from "./failure.js";
import { loadModule } from "./module.js";
import type { Progress } from "./stream.js";
import type { WorkerReply, WorkerTask } from "./worker.js";

/** Threads that run requests. Close it when done; idle threads do not keep the process alive for long. */
export class EnginePool {
  /** Number of worker threads. */
  readonly threads: number;
  private readonly pool: Piscina<WorkerTask, WorkerReply>;
  private crew: Crew | undefined;
  private closed = false;

  /**
   * @param threads number of worker threads
   * @throws ConfigError unless it is an integer of at least 1
   */
  constructor(threads: number) {
    if (!Number.isInteger(threads) || threads < 1)
      throw new ConfigError(expected("an integer of at least 1", "threads", threads), {
        hint: "Leave it out to use every core.",
      });
    this.threads = threads;
    this.pool = new Piscina({
      // Compiled code, also when this file itself runs from its source.
      filename: fileURLToPath(new URL("../../dist/engine/worker-entry.cjs", import.meta.url)),
      minThreads: 0,
      maxThreads: threads,
      idleTimeout: 200,
    });
    // A thread that is ended may have posted its result a moment before; the pool reports that late message as an
    // error of its own. Nobody waits for it any more, and every failure of a task rejects that task.
    this.pool.on("error", () => {});
  }

  /**
   * Runs a request in a thread; one that wants several of its own in a crew that the pool keeps besides its threads, one
   * such request at a time.
   * @throws what `onProgress` throws, ConfigError for a closed pool, EngineError when a thread ends, CancelledError when the signal is aborted, TimeoutError when the time-out passes; the pool stays usable
   */
  async run(request: EngineRequest, options: CrewOptions = {}): Promise<EngineResponse> {
    if (this.closed)
      throw new ConfigError(expected("an open pool", "pool", "one that was closed"), { hint: "Make a new one." });
    // The caller may write to the data as soon as this returns, and a thread may be long in coming.
    return this.runOwn(options.handOver ? request : copied(request), { ...options, handOver: true });
  }

  private async runOwn(request: EngineRequest, options: CrewOptions): Promise<EngineResponse> {
    if (options.threads !== undefined && options.threads !== 1) {
      this.crew ??= new Crew();
      return this.crew.run(request, options);
    }
    const { signal, timeout, onProgress } = options;
    const { module } = await loadModule();
    const signals = [...(signal ? [signal] : []), ...(timeout === undefined ? [] : [AbortSignal.timeout(timeout)])];
    const channel = onProgress && new MessageChannel();
    // An error thrown in an event would end the process: it stops the request and is thrown to the caller.
    let thrown: { readonly error: unknown } | undefined;
    const failed = new AbortController();
    if (channel) signals.push(failed.signal);
    channel?.port1.on("message", (progress: Progress) => {
      if (thrown) return;
      try {
        onProgress!(progress);
      } catch (error) {
        thrown = { error };
        failed.abort();
      }
    });
    const task = channel ? { module, request, progress: channel.port2 } : { module, request };
    try {
      const reply = await this.pool.run(task, {
        signal: AbortSignal.any(signals),
        transferList: [...(channel ? [channel.port2] : []), request.source.data.buffer as ArrayBuffer],
      });
      if ("response" in reply) return reply.response;
      throw unpackFailure(reply.failure);
    } catch (error) {
      if (thrown) throw thrown.error;
      if (error instanceof BettinaError) throw error;
      if (signal?.aborted) throw new CancelledError("Cancelled.", { cause: signal.reason });
      if (signals.some((one) => one.aborted))
        throw new TimeoutError(expected(`a result within ${timeout} ms`, "timeout", "none so far"), {
          hint: "Raise the time-out.",
        });
      throw new EngineError("A thread of the engine ended before the result was there.", { cause: error });
    } finally {
      channel?.port1.close();
    }
  }

  /** Ends all threads; running requests fail. */
  async close(): Promise<void> {
    this.closed = true;
    await Promise.all([this.pool.destroy(), this.crew?.close()]);
  }
}

/** @throws ConfigError for what is no request */
function copied(request: EngineRequest): EngineRequest {
  const source: Partial<EngineRequest["source"]> | undefined = request?.source;
  const data = source?.data;
  if (!ArrayBuffer.isView(data))
    throw new ConfigError(expected("a request with points or distances", "request", request), {
      hint: "Call persistence with the option pool.",
    });
  // The slice of a Buffer is no copy.
  const own = data instanceof Uint8Array ? new Uint8Array(data) : data.slice();
  return { ...request, source: { ...request.source, data: own } as EngineRequest["source"] };
}

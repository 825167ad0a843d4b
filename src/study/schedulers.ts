/** Where jobs are done: in this thread or in worker threads. Results do not depend on it. */
import { existsSync } from "node:fs";
import { MessageChannel } from "node:worker_threads";
import { Piscina } from "piscina";
import type { Dataset, PointSet } from "../data/dataset.js";
import { BackendError, BettinaError, CancelledError, throwIfAborted } from "../errors.js";
import { type Backend, openBackend } from "../network/backend.js";
import type { Job } from "./job.js";
import type { BackendRecord, FailureRecord } from "./result.js";
import { type JobProgress, type JobTimes, runJob } from "./run-job.js";
import { type JobIdentity, Store } from "./store.js";
import type { WorkerData, WorkerMessage, WorkerReply, WorkerTask } from "./worker.js";

/** Which training backend to open: one of them, or the first that works. */
export type BackendChoice = "auto" | "node" | "wasm" | "cpu";

/** A backend that was opened. */
export interface OpenedBackend extends BackendRecord {
  readonly tfjsVersion: string;
}

/** Does jobs. Close it when done. */
export interface Scheduler {
  /** Number of jobs it does at the same time. */
  readonly threads: number;
  /** Opens the training backend, and says which it is. */
  openBackend(choice: BackendChoice): Promise<OpenedBackend>;
  /**
   * Does a job.
   * @returns what it took when its files are written, else why it failed
   * @throws CancelledError when the signal is aborted
   */
  run(job: Job, identity: JobIdentity, options: RunOptions): Promise<JobTimes | FailureRecord>;
  close(): Promise<void>;
}

/** How a job may be stopped, and who hears about it. */
export interface RunOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: JobProgress) => void;
}

/** Does jobs one after the other in this thread. An aborted signal stops training and measuring between two steps. */
export class InlineScheduler implements Scheduler {
  readonly threads = 1;
  private backend: Promise<Backend> | undefined;
  private readonly store: Store;

  constructor(
    private readonly data: Dataset,
    directory: string,
    saveWeights = false,
  ) {
    this.store = new Store(directory, saveWeights);
  }

  async openBackend(choice: BackendChoice): Promise<OpenedBackend> {
    this.backend = openBackend({ prefer: choice });
    const { name, tried, tfjsVersion } = await this.backend;
    return { name, tried, tfjsVersion };
  }

  async run(job: Job, identity: JobIdentity, { signal, onProgress }: RunOptions): Promise<JobTimes | FailureRecord> {
    const { data, store } = this;
    const backend = () => (this.backend ??= openBackend());
    try {
      return await runJob(job, {
        data,
        backend,
        store,
        identity,
        ...(signal ? { signal } : {}),
        ...(onProgress ? { onProgress } : {}),
      });
    } catch (error) {
      throwIfAborted(signal);
      return failureOf(job, error);
    }
  }

  async close(): Promise<void> {}
}

/**
 * Does jobs in worker threads. Each opens the training library once; the images lie once in memory that all share. An
 * aborted signal ends the threads at once, whatever they do.
 */
export class ThreadScheduler implements Scheduler {
  private readonly pool: Piscina<WorkerTask, WorkerReply>;
  private choice: BackendChoice = "auto";

  /** @param threads number of worker threads, at least 1 */
  constructor(
    data: Dataset,
    directory: string,
    readonly threads: number,
    saveWeights = false,
  ) {
    // Compiled code, also when this file itself runs from its source.
    const worker = new URL("../../dist/study/worker-entry.cjs", import.meta.url);
    if (!existsSync(worker))
      throw new BackendError("Expected the compiled worker dist/study/worker-entry.cjs, found none.", {
        hint: "Run npm run build.",
      });
    this.pool = new Piscina({
      filename: worker.href,
      minThreads: threads,
      maxThreads: threads,
      idleTimeout: 60_000,
      workerData: { data: shareDataset(data), directory, saveWeights } satisfies WorkerData,
    });
    // The late message of a thread that was ended meanwhile is no failure: nobody waits for it any more.
    this.pool.on("error", () => {});
  }

  async openBackend(choice: BackendChoice): Promise<OpenedBackend> {
    const reply = await this.pool.run({ kind: "open-backend", choice });
    if (reply.kind === "failed") throw new BackendError(reply.message);
    if (reply.kind !== "backend") throw new Error(`unexpected reply ${reply.kind}`);
    // All threads take the one that worked in the first.
    this.choice = reply.backend.name;
    return reply.backend;
  }

  async run(job: Job, identity: JobIdentity, { signal, onProgress }: RunOptions): Promise<JobTimes | FailureRecord> {
    throwIfAborted(signal);
    const { port1, port2 } = new MessageChannel();
    port1.on("message", (progress: WorkerMessage) => onProgress?.(progress));
    try {
      const reply = await this.pool.run(
        { kind: "job", job, identity, choice: this.choice, port: port2 },
        { transferList: [port2], ...(signal ? { signal } : {}) },
      );
      if (reply.kind === "done") return { trainingSeconds: reply.trainingSeconds };
      if (reply.kind !== "failed") throw new Error(`unexpected reply ${reply.kind}`);
      return { job: job.id, code: reply.code, message: reply.message };
    } catch (error) {
      if (signal?.aborted) throw new CancelledError("Cancelled.", { cause: signal.reason });
      // The thread itself died: out of memory, or a native library crashed.
      return failureOf(job, error);
    } finally {
      port1.close();
    }
  }

  async close(): Promise<void> {
    await this.pool.destroy();
  }
}

/** What a failed job leaves. */
export function failureOf(job: Job, error: unknown): FailureRecord {
  const code = error instanceof BettinaError ? error.code : "INTERNAL";
  return { job: job.id, code, message: error instanceof Error ? error.message : String(error) };
}

/** The data set with its bytes in shared memory, copied once. */
function shareDataset(data: Dataset): Dataset {
  const shared = <Values extends Uint8Array | Float32Array>(values: Values): Values => {
    if (values.buffer instanceof SharedArrayBuffer) return values;
    const memory = new SharedArrayBuffer(values.byteLength);
    const copy = values instanceof Uint8Array ? new Uint8Array(memory) : new Float32Array(memory);
    copy.set(values);
    return copy as Values;
  };
  const share = (set: PointSet): PointSet => ({ ...set, data: shared(set.data), labels: shared(set.labels) });
  return { ...data, train: share(data.train), test: share(data.test) };
}

/** The worker thread's side of {@link ThreadScheduler}: one job in, its files written, a word back. */
import { type MessagePort, workerData } from "node:worker_threads";
import type { Dataset } from "../data/dataset.js";
import { BettinaError } from "../errors.js";
import { type Backend, openBackend } from "../network/backend.js";
import type { Job } from "./job.js";
import { type JobProgress, type JobTimes, runJob } from "./run-job.js";
import type { BackendChoice, OpenedBackend } from "./schedulers.js";
import { type JobIdentity, Store } from "./store.js";

/** What every worker is given when it starts. */
export interface WorkerData {
  /** Its bytes lie in shared memory. */
  readonly data: Dataset;
  readonly directory: string;
  readonly saveWeights: boolean;
}

/** What a worker is asked to do. */
export type WorkerTask =
  | { readonly kind: "open-backend"; readonly choice: BackendChoice }
  | {
      readonly kind: "job";
      readonly job: Job;
      readonly identity: JobIdentity;
      readonly choice: BackendChoice;
      /** Where progress goes. */
      readonly port: MessagePort;
    };

/** What a worker says while it works. */
export type WorkerMessage = JobProgress;

/** What a worker answers: error objects lose their class between threads, so a failure travels as its parts. */
export type WorkerReply =
  | ({ readonly kind: "done" } & JobTimes)
  | { readonly kind: "backend"; readonly backend: OpenedBackend }
  | { readonly kind: "failed"; readonly code: string; readonly message: string };

let opened: Promise<Backend> | undefined;

/** Progress messages closer together than this are left out. */
const millisecondsBetweenMessages = 50;

export default async function run(task: WorkerTask): Promise<WorkerReply> {
  const { data, directory, saveWeights } = workerData as WorkerData;
  try {
    if (task.kind === "open-backend") {
      opened = openBackend({ prefer: task.choice });
      const { name, tried, tfjsVersion } = await opened;
      return { kind: "backend", backend: { name, tried, tfjsVersion } };
    }
    const { job, identity, choice, port } = task;
    let last = Number.NEGATIVE_INFINITY;
    const times = await runJob(job, {
      data,
      backend: () => (opened ??= openBackend({ prefer: choice })),
      store: new Store(directory, saveWeights),
      identity,
      onProgress: (progress) => {
        const now = performance.now();
        if (now - last < millisecondsBetweenMessages) return;
        last = now;
        port.postMessage(progress);
      },
    });
    port.close();
    return { kind: "done", ...times };
  } catch (error) {
    if (task.kind === "job") task.port.close();
    const code = error instanceof BettinaError ? error.code : "INTERNAL";
    return { kind: "failed", code, message: error instanceof Error ? error.message : String(error) };
  }
}

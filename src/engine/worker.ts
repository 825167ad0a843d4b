/** The worker thread's side of the pool: one request in, one response out, by the same function as inline. */
import type { MessagePort } from "node:worker_threads";
import { compute, type EngineRequest, type EngineResponse } from "./engine.js";
import { type FailureMessage, packFailure } from "./failure.js";

/** What the pool posts: the compiled module comes along, so that a worker never compiles. */
export interface WorkerTask {
  readonly module: WebAssembly.Module;
  readonly request: EngineRequest;
  /** Where to report how far the computation is. */
  readonly progress?: MessagePort;
}

/** Either a response or a failure that the host turns back into the error it was. */
export type WorkerReply = { readonly response: EngineResponse } | { readonly failure: FailureMessage };

export default function run({ module, request, progress }: WorkerTask): WorkerReply {
  try {
    return { response: compute(module, request, undefined, progress && ((event) => progress.postMessage(event))) };
  } catch (error) {
    return { failure: packFailure(error) };
  }
}

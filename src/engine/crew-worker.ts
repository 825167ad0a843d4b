/** A thread of a crew: the first one computes requests, the others help it. */
import { type MessagePort, parentPort } from "node:worker_threads";
import type { Kernels } from "./abi.js";
import { compute, type EngineRequest, type EngineResponse, type SharedWork } from "./engine.js";
import { type FailureMessage, packFailure } from "./failure.js";
import { instantiate, sharedMemory, type Variant } from "./module.js";
import type { Progress } from "./stream.js";

/** To the first thread: a request. */
export interface CrewTask {
  /** Built with threads when, and only when, `threads` is above 1. */
  readonly module: WebAssembly.Module;
  readonly variant: Variant;
  readonly request: EngineRequest;
  readonly threads: number;
  /** Whether to report how far the computation is. */
  readonly progress: boolean;
}

/** To any thread: the line to another one. The first gets one to each helper, in order, and each helper one to it. */
export interface CrewLine {
  readonly to: "first" | "helper";
  readonly port: MessagePort;
}

/** What the first thread answers a request with, after any number of reports. */
export type CrewReply =
  | { readonly response: EngineResponse }
  | { readonly failure: FailureMessage }
  | { readonly progress: Progress };

/** From the first thread to a helper: a session has begun. */
interface CrewCall {
  /** Given when it is another one than last time. */
  readonly place?: { readonly module: WebAssembly.Module; readonly memory: WebAssembly.Memory };
  readonly session: number;
  readonly thread: number;
}

/** Where sessions take place. A message hands over a module as another object each time, so variants are compared. */
let place: CrewCall["place"];
let variantThere: Variant | undefined;
/** Lines to the helpers, and how many of them know the place. */
const helpers: MessagePort[] = [];
let told = 0;

function run({ module, variant, request, threads, progress }: CrewTask): CrewReply {
  const tell = progress ? (event: Progress) => parentPort!.postMessage({ progress: event }) : undefined;
  try {
    if (threads === 1) return { response: compute(module, request, undefined, tell) };
    // One memory serves all requests of a variant: what it has grown to is used again.
    if (!place || variantThere !== variant) {
      place = { module, memory: sharedMemory() };
      variantThere = variant;
      told = 0;
    }
    return { response: compute(place.module, request, shared(place, threads), tell) };
  } catch (error) {
    return { failure: packFailure(error) };
  }
}

function shared(where: NonNullable<CrewCall["place"]>, threads: number): SharedWork {
  const call = (session: number) => {
    for (let thread = 1; thread < threads; thread++) {
      const message: CrewCall = thread > told ? { place: where, session, thread } : { session, thread };
      helpers[thread - 1]!.postMessage(message);
    }
    told = Math.max(told, threads - 1);
  };
  return { memory: where.memory, threads, call };
}

/** A helper's instance. It only ever runs phases, which take their globals from arguments, so it serves every session. */
let kernels: Kernels | undefined;

function help({ place, session, thread }: CrewCall): void {
  if (place) kernels = instantiate(place, place.memory);
  kernels!.crewHelp(session, thread);
}

parentPort!.on("message", (message: CrewTask | CrewLine) => {
  if (!("port" in message)) parentPort!.postMessage(run(message));
  else if (message.to === "helper") helpers.push(message.port);
  else message.port.on("message", help);
});

/** Pilots: computations of a few of the points, timed phase by phase. */
import { RESULT_RECORD } from "../engine/abi.js";
import { runInCrew } from "../engine/crew.js";
import { type EngineRequest, openSession, type PlanName, planNames } from "../engine/engine.js";
import { instantiate, loadModule } from "../engine/module.js";
import { computeStream, type Progress, streamSizes } from "../engine/stream.js";
import type { BlockPass, Duration, Pilot } from "./forecast-laws.js";

/** Adds up the time between reports, phase by phase. */
class Stopwatch {
  readonly phases: Record<string, Duration> = {};
  private phase = "start";
  private wall = performance.now();
  private cpu = process.cpuUsage();

  /** Ends the phase of now and begins another. */
  turn(next: string): void {
    if (next === this.phase) return;
    const wall = performance.now();
    const cpu = process.cpuUsage(this.cpu);
    const before = this.phases[this.phase];
    this.phases[this.phase] = {
      wall: (before?.wall ?? 0) + (wall - this.wall) / 1000,
      cpu: (before?.cpu ?? 0) + (cpu.user + cpu.system) / 1e6,
    };
    this.phase = next;
    this.wall = wall;
    this.cpu = process.cpuUsage();
  }
}

/** Thrown out of a report to end a pilot that has told what it was to tell. */
const enough = new Error("enough");

/** Lists of nearest points so short that filling them takes next to no time. */
const SHORT_LIST = 32;

/**
 * Runs the streaming engine in this thread, whatever the number of points, with a budget of work.
 * @param upTo given, the pilot ends where this phase would begin, and lists are short
 */
function streamHere(module: WebAssembly.Module, request: EngineRequest, watch: Stopwatch, upTo?: string): Pilot {
  const kernels = instantiate({ module });
  openSession(kernels, 1, request.memoryLimit);
  const sizes = upTo === undefined ? streamSizes : { ...streamSizes, keep: SHORT_LIST, room: (3 * SHORT_LIST) / 2 };
  const onProgress = ({ phase }: Progress): void => {
    watch.turn(phase);
    if (phase === upTo) throw enough;
  };
  let plan: PlanName = "stream";
  try {
    const { maxDim, memoryLimit: limit } = request;
    const { resultsPtr } = computeStream(kernels, { request, maxDim, limit }, onProgress, sizes);
    plan = planNames[new Uint32Array(kernels.memory.buffer, resultsPtr + RESULT_RECORD * maxDim, 4)[3]!]!;
  } catch (error) {
    if (error !== enough) throw error;
  } finally {
    kernels.crewClose();
  }
  watch.turn("end");
  return {
    n: request.source.n,
    plan,
    lunes: plan === "lunes",
    phases: watch.phases,
    memory: kernels.memoryPeak() >>> 0,
  };
}

/** The pilot of the streaming engine in one thread. */
export async function streamPilot(request: EngineRequest): Promise<Pilot> {
  const { module } = await loadModule();
  return streamHere(module, request, new Stopwatch());
}

/** The block pass alone, with short lists, in seconds of processor time. */
export async function shortBlockPass(request: EngineRequest): Promise<BlockPass> {
  const { module } = await loadModule();
  const { phases } = streamHere(module, request, new Stopwatch(), "graph");
  return { n: request.source.n, keep: SHORT_LIST, seconds: phases.distances!.cpu };
}

/**
 * The pilot of a whole request in threads of its own, by any plan.
 * @throws TimeoutError after `timeout` milliseconds, CancelledError
 */
export async function crewPilot(
  request: EngineRequest,
  {
    threads,
    signal,
    timeout,
  }: { readonly threads: number; readonly signal?: AbortSignal | undefined; readonly timeout?: number },
): Promise<Pilot> {
  const watch = new Stopwatch();
  const onProgress = ({ phase }: Progress): void => watch.turn(phase);
  const { plans, memory } = await runInCrew(request, { threads, signal, timeout, onProgress });
  watch.turn("end");
  const plan = plans.at(-1)!;
  return { n: request.source.n, plan, lunes: plan === "lunes", phases: watch.phases, memory };
}

/** Options that every long call has: how it may be stopped, what it may use. */
import { MOST_THREADS } from "../engine/crew.js";
import type { Variant } from "../engine/module.js";
import { EnginePool } from "../engine/pool.js";
import { throwIfAborted } from "../errors.js";
import { refuseUnless } from "../options.js";
import { checkSignal } from "../signal.js";

/** Those of them that are looked at here. */
export interface CallOptions {
  readonly memoryLimit?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly timeout?: number | undefined;
  readonly pool?: EnginePool | undefined;
  readonly threads?: number | undefined;
  readonly onProgress?: unknown;
  readonly variant?: Variant | undefined;
  readonly seed?: number | undefined;
}

/**
 * @throws ConfigError for an option that is given and is none of what it can be, CancelledError when the signal is aborted
 *   already
 */
export function checkCall(options: CallOptions): void {
  const { memoryLimit, signal, timeout, pool, threads, onProgress, variant, seed } = options;
  refuseUnless(typeof (timeout ?? 0) === "number" && (timeout ?? 0) >= 0 && timeout !== null, {
    what: "a number of milliseconds of at least 0",
    name: "timeout",
    got: timeout,
    hint: "Leave it out to wait for as long as it takes.",
  });
  refuseUnless(memoryLimit === undefined || (typeof memoryLimit === "number" && memoryLimit > 0), {
    what: "a positive number of bytes",
    name: "memoryLimit",
    got: memoryLimit,
    hint: "Leave it out for as much as there is.",
  });
  refuseUnless(threads === undefined || (Number.isInteger(threads) && threads >= 1 && threads <= MOST_THREADS), {
    what: `an integer from 1 to ${MOST_THREADS}`,
    name: "threads",
    got: threads,
    hint: "One thread a core is best.",
  });
  refuseUnless(seed === undefined || (Number.isSafeInteger(seed) && seed >= 0), {
    what: "a non-negative integer",
    name: "seed",
    got: seed,
    hint: "Use for instance 1.",
  });
  refuseUnless(pool === undefined || pool instanceof EnginePool, {
    what: "an EnginePool",
    name: "pool",
    got: pool,
    hint: "Pass new EnginePool(threads).",
  });
  refuseUnless(onProgress === undefined || typeof onProgress === "function", {
    what: "a function",
    name: "onProgress",
    got: onProgress,
    hint: "Leave it out to hear nothing.",
  });
  refuseUnless(variant === undefined || variant === "release" || variant === "debug", {
    what: '"release" or "debug"',
    name: "variant",
    got: variant,
    hint: "Leave it out.",
  });
  checkSignal(signal);
  throwIfAborted(signal);
}

/**
 * Threads inside one call. In the module built with threads (`ASC_FEATURE_THREADS`) several instances share one memory:
 * the first runs the computation, the others wait in `crewHelp` and take part in its phases. A phase is a number of
 * independent tasks; whoever is free takes the next one, and the phase ends when all are done. In a module without
 * threads a phase is a plain loop, and everything else here compiles to nothing.
 *
 * To add a phase, write two functions at the top level of a kernel and call `runPhase(open, task, tasks)`:
 *
 *     function openRows(): bool { useMatrix(argument(0), argument(1)); return true; }
 *     function takeRows(task: usize, thread: usize): bool { ...; return true; }
 *     setArgument(0, matrix); setArgument(1, n);
 *     if (!runPhase(openRows, takeRows, tasks)) return STATUS_OUT_OF_MEMORY;
 *
 *   - Globals belong to an instance. What a task needs travels through `setArgument`; `open` is called once in every
 *     instance that takes part, the first included, before its first task, and turns arguments into globals. The
 *     functions themselves travel as their numbers in the table, which are the same in every instance.
 *   - Any instance may allocate: a lock guards the arena (arena.ts). `mark` and `release` are for the first instance,
 *     outside of phases; so what others allocate in a phase is given back by a mark of the first instance.
 *   - Tasks of one phase must not write where others read or write. Each thread may keep one address or number for the
 *     first instance by `leave`, to be read by `left` after the phase; 0 for threads that took no part.
 *   - `false` from `open` or `task` means that memory ran out: no further task is begun and `runPhase` is false.
 *   - Which thread does what, and how many there are, is chance. Results must not depend on it: write each task's result
 *     to its own place, or sort what was gathered.
 *
 * The descriptor lies at the bottom of the heap, where an instance that has not yet noticed that memory has grown may
 * still use atomic instructions; every field is a u32:
 *
 *     +0   lock, end, limit and pages of the arena (arena.ts)
 *     +16  session: raised by every call of `crewOpen` and `crewClose`; helpers of another one go away
 *     +20  threads, the first instance included
 *     +24  phase: raised when one begins; helpers wait for it to change
 *     +28  1 while a phase takes helpers
 *     +32  helpers inside the phase; the first instance waits for 0
 *     +36  number of `open` in the table       +40  number of `task`
 *     +44  tasks                                +48  1 once memory ran out
 *     +64  next task (alone in its cache line)
 *     +128 arguments, 16 × 8 bytes
 *     +256 what each thread has left, u32 × 64
 */
import { adoptMemory, DESCRIPTOR, openArena } from "./arena";

const SESSION: usize = 16;
const THREADS: usize = 20;
const PHASE: usize = 24;
const TAKING: usize = 28;
const INSIDE: usize = 32;
const OPEN: usize = 36;
const TASK: usize = 40;
const TASKS: usize = 44;
const FAILED: usize = 48;
const NEXT: usize = 64;
const ARGUMENTS: usize = 128;
const LEFT: usize = 256;

/** Threads one call may use. */
const MOST_THREADS: usize = 64;

/** Prepares an instance for a phase from its arguments; false when memory does not suffice. */
export type Open = () => bool;
/** Does one task of a phase; false when memory does not suffice. */
export type Task = (task: usize, thread: usize) => bool;

@inline
function argumentPlace(i: usize): usize {
  return DESCRIPTOR + ARGUMENTS + (i << 3);
}

@inline
function leftPlace(thread: usize): usize {
  return DESCRIPTOR + LEFT + (thread << 2);
}

/** Argument i of the phase, 0 <= i < 16. */
@inline
export function argument<T>(i: usize): T {
  return load<T>(argumentPlace(i));
}

/** Sets argument i of the next phase. */
@inline
export function setArgument<T>(i: usize, value: T): void {
  store<T>(argumentPlace(i), value);
}

/** Keeps a value for the first instance. */
@inline
export function leave(thread: usize, value: u32): void {
  store<u32>(leftPlace(thread), value);
}

/** What a thread left in the last phase, 0 when it took no part. */
@inline
export function left(thread: usize): u32 {
  return load<u32>(leftPlace(thread));
}

/** Threads that may take part, this one included. */
@inline
export function crewThreads(): usize {
  return ASC_FEATURE_THREADS ? <usize>load<u32>(DESCRIPTOR, THREADS) : 1;
}

/** Rows of one task, such that every thread gets some sixteen tasks and no task is long. */
export function rowsOfTask(n: usize): usize {
  return max<usize>(1, min<usize>(32, n / (crewThreads() << 4)));
}

/**
 * Does the tasks 0 .. tasks - 1 in this instance and in all that help; returns when all are done, false when memory ran
 * out.
 */
export function runPhase(open: Open, task: Task, tasks: usize): bool {
  const threads = crewThreads();
  for (let t: usize = 0; t < threads; t++) leave(t, 0);
  if (!ASC_FEATURE_THREADS) {
    if (!open()) return false;
    for (let i: usize = 0; i < tasks; i++) if (!task(i, 0)) return false;
    return true;
  } else {
    const d = DESCRIPTOR;
    store<u32>(d, open.index, OPEN);
    store<u32>(d, task.index, TASK);
    store<u32>(d, <u32>tasks, TASKS);
    atomic.store<u32>(d, 0, FAILED);
    atomic.store<u32>(d, 0, NEXT);
    const shared = threads > 1 && tasks > 1;
    if (shared) {
      atomic.store<u32>(d, 1, TAKING);
      atomic.add<u32>(d, 1, PHASE);
      atomic.notify(d + PHASE, -1);
    }
    work(0);
    if (shared) {
      // Who comes from now on finds the door closed; who is inside is waited for.
      atomic.store<u32>(d, 0, TAKING);
      while (true) {
        const inside = atomic.load<i32>(d, INSIDE);
        if (inside == 0) break;
        atomic.wait<i32>(d + INSIDE, inside, -1);
      }
      adoptMemory();
    }
    return atomic.load<u32>(d, FAILED) == 0;
  }
}

/** Takes tasks until there are none left. */
function work(thread: usize): void {
  const d = DESCRIPTOR;
  const tasks = load<u32>(d, TASKS);
  const task = load<u32>(d, TASK);
  if (!call_indirect<bool>(load<u32>(d, OPEN))) {
    atomic.store<u32>(d, 1, FAILED);
    return;
  }
  while (atomic.load<u32>(d, FAILED) == 0) {
    const next = atomic.add<u32>(d, 1, NEXT);
    if (next >= tasks) return;
    if (!call_indirect<bool>(task, <usize>next, thread)) atomic.store<u32>(d, 1, FAILED);
  }
}

/**
 * Begins a session in the first instance: an empty arena and up to `threads` threads. Returns the session's number, which
 * helpers must be given, 0 without threads, -1 without memory. Comes before any other call.
 */
export function crewOpen(threads: i32): i32 {
  if (!openArena()) return -1;
  if (!ASC_FEATURE_THREADS) return 0;
  else {
    store<u32>(DESCRIPTOR, <u32>max<usize>(1, min<usize>(<usize>threads, MOST_THREADS)), THREADS);
    atomic.store<u32>(DESCRIPTOR, 0, TAKING);
    return atomic.add<i32>(DESCRIPTOR, 1, SESSION) + 1;
  }
}

/** Ends the session: helpers leave `crewHelp`. */
export function crewClose(): void {
  if (!ASC_FEATURE_THREADS) return;
  else {
    atomic.add<i32>(DESCRIPTOR, 1, SESSION);
    atomic.add<u32>(DESCRIPTOR, 1, PHASE);
    atomic.notify(DESCRIPTOR + PHASE, -1);
  }
}

/** Helps the first instance as thread number `thread`, from 1, until the session ends. */
export function crewHelp(session: i32, thread: i32): void {
  if (!ASC_FEATURE_THREADS) return;
  else {
    const d = DESCRIPTOR;
    while (true) {
      const phase = atomic.load<i32>(d, PHASE);
      // First in, then a look whether the door is open: the first instance closes it and then looks who is inside.
      atomic.add<u32>(d, 1, INSIDE);
      const stays = atomic.load<i32>(d, SESSION) == session;
      if (stays && atomic.load<u32>(d, TAKING) == 1) {
        adoptMemory();
        work(<usize>thread);
      }
      if (atomic.sub<u32>(d, 1, INSIDE) == 1) atomic.notify(d + INSIDE, -1);
      if (!stays) return;
      atomic.wait<i32>(d + PHASE, phase, -1);
    }
  }
}

/**
 * Marks on points, left by a walk through one ball for a walk through another. Every thread has its own:
 *
 *     +0   u32 number of the walk in work, u32 points remembered, unused
 *     +16  u32 points remembered, MOST_REMEMBERED of them
 *     +48  u32 number of the walk that marked it, u32 key, a point
 */
import { allocate } from "./arena";
import { crewThreads } from "./crew";
import { entryKey, entryVertex, streamPlan } from "./stream-plan";
import { ballOf, ballSize } from "./stream-lists";

const MOST_REMEMBERED: u32 = 8;
const HEADER: usize = 16 + ((<usize>MOST_REMEMBERED) << 2);

let own: usize = 0;
let stamps: usize = 0;
let stampNow: u32 = 0;

@inline
function bytesOfThread(): usize {
  return HEADER + (streamPlan().n << 3);
}

/** Room for the marks of all threads; false without memory. */
export function prepareStamps(): bool {
  const bytes = bytesOfThread() * crewThreads();
  const ptr = allocate(bytes);
  if (ptr == 0) return false;
  memory.fill(ptr, 0, bytes);
  streamPlan().stamps = ptr;
  useStamps(0);
  return true;
}

/** Makes the marks of a thread the ones in work. An instance serves several computations: each task begins with this. */
export function useStamps(thread: usize): void {
  own = streamPlan().stamps + thread * bytesOfThread();
  stamps = own + HEADER;
  stampNow = load<u32>(own);
}

/** Begins a walk: no point is marked. */
export function newStamps(): void {
  stampNow += 1;
  if (stampNow == 0) {
    memory.fill(stamps, 0, streamPlan().n << 3);
    stampNow = 1;
  }
  store<u32>(own, stampNow);
}

/** Marks a point with a key. */
@inline
export function stamp(k: usize, key: u32): void {
  store<u32>(stamps + (k << 3), stampNow);
  store<u32>(stamps + (k << 3), key, 4);
}

/** True when a point is marked. */
@inline
export function stamped(k: usize): bool {
  return load<u32>(stamps + (k << 3)) == stampNow;
}

/** The key a point is marked with. */
@inline
export function stampedKey(k: usize): u32 {
  return load<u32>(stamps + (k << 3), 4);
}

/** Marks the points of the ball of u, and no others, with their keys. */
export function stampBall(u: usize): void {
  newStamps();
  const ball = ballOf(u);
  const size = ballSize(u);
  for (let i: usize = 0; i < size; i++) {
    const entry = load<u64>(ball + (i << 3));
    stamp(entryVertex(entry), entryKey(entry));
  }
}

/** Number of points remembered since the last `forgetPoints`. */
@inline
export function rememberedCount(): usize {
  return <usize>load<u32>(own, 4);
}

/** Point i of those, the last one first. */
@inline
export function rememberedPoint(i: usize): usize {
  return <usize>load<u32>(own + 16 + (i << 2));
}

/** Forgets the points remembered. */
export function forgetPoints(): void {
  store<u32>(own, 0, 4);
}

/** Remembers a point in front of the last few. */
export function rememberPoint(k: usize): void {
  const count = min(load<u32>(own, 4) + 1, MOST_REMEMBERED);
  store<u32>(own, count, 4);
  memory.copy(own + 20, own + 16, ((<usize>count) - 1) << 2);
  store<u32>(own + 16, <u32>k);
}

/**
 * A bump arena over the linear memory, above everything static; the only place that grows memory.
 *
 *     0 ... __heap_base | crew's descriptor | block | block | ... | top ... memory.size()
 *
 * Blocks are aligned to 16 bytes. Nothing is freed one by one: `release(mark)` gives back all that came after a mark.
 * A failed growth is an address of 0, never a trap.
 *
 * In the module with threads every instance may allocate. The state of the arena then lies in the shared memory, in the
 * first fields of the crew's descriptor (crew.ts), and a lock guards it:
 *
 *     +0 u32 1 while an instance is inside    +4 u32 top    +8 u32 limit    +12 u32 pages    +52 u32 highest top so far
 */

const PAGE: usize = 65536;
/** The last page stays unused, so that an end address never wraps to 0. */
const END: usize = 0xffff0000;

/** Address of the crew's descriptor. */
export const DESCRIPTOR: usize = (__heap_base + 63) & ~63;
/** Where blocks begin. */
const START: usize = DESCRIPTOR + 512;

const TOP: usize = 4;
const LIMIT: usize = 8;
const PAGES: usize = 12;
const PEAK: usize = 52;

let ownTop: usize = START;
let ownLimit: usize = END;
let ownPeak: usize = START;

@inline
function top(): usize {
  return ASC_FEATURE_THREADS ? <usize>load<u32>(DESCRIPTOR, TOP) : ownTop;
}

@inline
function setTop(value: usize): void {
  if (ASC_FEATURE_THREADS) {
    store<u32>(DESCRIPTOR, <u32>value, TOP);
    if (value > <usize>load<u32>(DESCRIPTOR, PEAK)) store<u32>(DESCRIPTOR, <u32>value, PEAK);
  } else {
    ownTop = value;
    if (value > ownPeak) ownPeak = value;
  }
}

/** Bytes of memory the computation has needed so far, in whole pages; a memory that was used before may be larger. */
export function memoryPeak(): usize {
  const highest = ASC_FEATURE_THREADS ? <usize>load<u32>(DESCRIPTOR, PEAK) : ownPeak;
  return (highest + PAGE - 1) & ~(PAGE - 1);
}

@inline
function limit(): usize {
  return ASC_FEATURE_THREADS ? <usize>load<u32>(DESCRIPTOR, LIMIT) : ownLimit;
}

@inline
function lock(): void {
  if (ASC_FEATURE_THREADS) {
    while (atomic.cmpxchg<i32>(DESCRIPTOR, 0, 1) != 0) atomic.wait<i32>(DESCRIPTOR, 1, -1);
    adoptMemory();
  }
}

@inline
function unlock(): void {
  if (ASC_FEATURE_THREADS) {
    atomic.store<i32>(DESCRIPTOR, 0);
    atomic.notify(DESCRIPTOR, 1);
  }
}

/**
 * Makes this instance notice how far others have grown the memory; before, filling or copying the new part would trap.
 * A function may keep the size it began with, for as long as it waits for others: reading the size again and again is
 * no way to learn the new one, growing by nothing is.
 */
export function adoptMemory(): void {
  if (ASC_FEATURE_THREADS) if (<u32>memory.size() < atomic.load<u32>(DESCRIPTOR, PAGES)) memory.grow(0);
}

/** Empties the arena and lifts its limit; false without memory. For the first instance, when no other is at work. */
export function openArena(): bool {
  if (ASC_FEATURE_THREADS) {
    store<u32>(DESCRIPTOR, <u32>END, LIMIT);
    store<u32>(DESCRIPTOR, <u32>memory.size(), PAGES);
    store<u32>(DESCRIPTOR, 0, PEAK);
    atomic.store<i32>(DESCRIPTOR, 0);
  } else ownLimit = END;
  setTop(START);
  return reach(START);
}

/** Sets the highest address the arena may reach, in bytes; at most 4 GiB less one page. */
export function setMemoryLimit(bytes: usize): void {
  const value = bytes < END ? bytes : END;
  if (ASC_FEATURE_THREADS) store<u32>(DESCRIPTOR, <u32>value, LIMIT);
  else ownLimit = value;
}

/** Bytes that can still be allocated below the limit, if the machine has them. */
export function available(): usize {
  return limit() > top() ? limit() - top() : 0;
}

/** Makes sure that memory reaches `end`. */
function reach(end: usize): bool {
  if (end > limit()) return false;
  const have = <usize>memory.size();
  const need = (end + PAGE - 1) / PAGE;
  if (need <= have) return true;
  // Growing by an eighth keeps the number of growths small; when that much is not to be had, exactly what is needed.
  const most = limit() / PAGE;
  const generous = min(max(need, have + have / 8), max(need, most));
  if (!grow(generous - have) && !grow(need - have)) return false;
  return true;
}

function grow(pages: usize): bool {
  const before = memory.grow(<i32>pages);
  if (before < 0) return false;
  if (ASC_FEATURE_THREADS) store<u32>(DESCRIPTOR, <u32>before + <u32>pages, PAGES);
  return true;
}

/** A block of `bytes` bytes, aligned to 16; 0 when memory cannot grow that far. Its content is not cleared. */
export function allocate(bytes: usize): usize {
  lock();
  const ptr = take(bytes);
  unlock();
  return ptr;
}

function take(bytes: usize): usize {
  const start = (top() + 15) & ~15;
  const end = start + bytes;
  if (end < start || !reach(end)) return 0;
  setTop(end);
  return start;
}

/** Makes a block larger: in place when it is the last one, else by a copy. 0 on failure; the old block stays valid. */
export function enlarge(ptr: usize, oldBytes: usize, newBytes: usize): usize {
  lock();
  const last = ptr + oldBytes == top();
  const place = last ? ptr : (top() + 15) & ~15;
  const end = place + newBytes;
  const fits = end >= place && reach(end);
  if (fits) setTop(end);
  unlock();
  if (!fits) return 0;
  if (!last) memory.copy(place, ptr, oldBytes);
  return place;
}

/** The present end of the arena, for `release`. */
export function mark(): usize {
  return top();
}

/** Gives back every block allocated after `to` was marked. */
export function release(to: usize): void {
  setTop(to);
}

/**
 * A bump arena over the linear memory, above everything static; the only place that grows memory.
 *
 *     0 ... __heap_base | block | block | ... | top ... memory.size()
 *
 * Blocks are aligned to 16 bytes. Nothing is freed one by one: `release(mark)` gives back all that came after a mark.
 * A failed growth is an address of 0, never a trap.
 */

const PAGE: usize = 65536;
/** The last page stays unused, so that an end address never wraps to 0. */
const END: usize = 0xffff0000;

let top: usize = (__heap_base + 15) & ~15;
let limit: usize = END;

/** Sets the highest address the arena may reach, in bytes; at most 4 GiB less one page. */
export function setMemoryLimit(bytes: usize): void {
  limit = bytes < END ? bytes : END;
}

/** Bytes that can still be allocated below the limit, if the machine has them. */
export function available(): usize {
  return limit > top ? limit - top : 0;
}

/** Makes sure that memory reaches `end`. */
function reach(end: usize): bool {
  if (end > limit) return false;
  const have = <usize>memory.size();
  const need = (end + PAGE - 1) / PAGE;
  if (need <= have) return true;
  // Growing by an eighth keeps the number of growths small; when that much is not to be had, exactly what is needed.
  const most = limit / PAGE;
  const generous = min(max(need, have + have / 8), max(need, most));
  if (memory.grow(<i32>(generous - have)) >= 0) return true;
  return memory.grow(<i32>(need - have)) >= 0;
}

/** A block of `bytes` bytes, aligned to 16; 0 when memory cannot grow that far. Its content is not cleared. */
export function allocate(bytes: usize): usize {
  const start = (top + 15) & ~15;
  const end = start + bytes;
  if (end < start || !reach(end)) return 0;
  top = end;
  return start;
}

/** Makes a block larger: in place when it is the last one, else by a copy. 0 on failure; the old block stays valid. */
export function enlarge(ptr: usize, oldBytes: usize, newBytes: usize): usize {
  if (ptr + oldBytes == top) {
    const end = ptr + newBytes;
    if (end < ptr || !reach(end)) return 0;
    top = end;
    return ptr;
  }
  const moved = allocate(newBytes);
  if (moved != 0) memory.copy(moved, ptr, oldBytes);
  return moved;
}

/** The present end of the arena, for `release`. */
export function mark(): usize {
  return top;
}

/** Gives back every block allocated after `to` was marked. */
export function release(to: usize): void {
  top = to;
}

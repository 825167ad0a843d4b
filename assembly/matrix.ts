/**
 * The distance matrix every kernel reads: n rows of `stride` f32, stride = n rounded up to a multiple of 4.
 *
 *     row i:  d(i,0) d(i,1) ... +Inf at column i ... d(i,n-1) | +Inf padding up to the stride
 *
 * The infinite diagonal and padding make a vertex fail every comparison with a threshold, so that scans over whole
 * rows need no test for "is this one of my own vertices".
 */
import { LANES } from "./abi";
import { argument, crewThreads, leave, left, rowsOfTask, runPhase, setArgument } from "./crew";

let base: usize = 0;
let count: usize = 0;
let rowBytes: usize = 0;

/** Entries of a row, padding included. */
export function matrixStride(n: usize): usize {
  return (n + LANES - 1) & ~(LANES - 1);
}

/** Makes a matrix the current one. */
export function useMatrix(ptr: usize, n: usize): void {
  base = ptr;
  count = n;
  rowBytes = matrixStride(n) << 2;
}

/** Writes the infinite diagonal and padding of the matrix at `ptr`. */
export function sealMatrix(ptr: usize, n: usize): void {
  const stride = matrixStride(n);
  for (let i: usize = 0; i < n; i++) {
    const row = ptr + ((i * stride) << 2);
    store<f32>(row + (i << 2), Infinity);
    for (let k = n; k < stride; k++) store<f32>(row + (k << 2), Infinity);
  }
}

/** Rows and columns of a block that both stay in cache while a matrix is compared with its mirror image. */
const BLOCK: usize = 64;

/**
 * Checks a matrix as it came in, before it is sealed: entries not negative and not NaN, zero diagonal, symmetric; -0
 * becomes 0. Returns the number i · n + j of the first entry that breaks a rule, i ≥ j, else -1. O(n²), in a crew.
 */
export function checkSquare(ptr: usize, n: usize): f64 {
  return compareWithMirror(ptr, n, false);
}

/** As {@link checkSquare} for a matrix of which only the part below the diagonal has been written; copies it above. */
export function mirrorLower(ptr: usize, n: usize): f64 {
  return compareWithMirror(ptr, n, true);
}

function compareWithMirror(ptr: usize, n: usize, copy: bool): f64 {
  setArgument(0, ptr);
  setArgument(1, n);
  setArgument(2, <u32>copy);
  runPhase(openMatrix, compareRows, (n + BLOCK - 1) / BLOCK);
  return <f64>leastLeft() - 1;
}

/** Every phase on a matrix begins with its address and the number of points. */
export function openMatrix(): bool {
  useMatrix(argument<usize>(0), argument<usize>(1));
  return true;
}

/** A block of rows against the mirror image of its part below the diagonal; leaves the first bad entry's number + 1. */
function compareRows(task: usize, thread: usize): bool {
  const n = count;
  const copy = argument<u32>(2) != 0;
  // Later blocks are longer: they come first.
  const top = ((n - 1) / BLOCK - task) * BLOCK;
  let bad: u32 = u32.MAX_VALUE;
  for (let side: usize = 0; side <= top; side += BLOCK) {
    const endI = min(top + BLOCK, n);
    for (let i = top; i < endI; i++) {
      const line = row(i);
      const endJ = min(min(side + BLOCK, n), i + 1);
      for (let j = side; j < endJ; j++) {
        const at = line + (j << 2);
        const mirror = row(j) + (i << 2);
        if (i == j) {
          if (!copy && load<f32>(at) != 0) bad = min(bad, <u32>(i * n + j));
          continue;
        }
        const value = load<f32>(at);
        if (copy) store<f32>(mirror, value + 0);
        const right = value >= 0 && (copy || value == load<f32>(mirror));
        if (!right) bad = min(bad, <u32>(i * n + j));
        // -0 has another bit pattern than 0 and would sort elsewhere.
        if (value == 0) {
          store<f32>(at, 0);
          store<f32>(mirror, 0);
        }
      }
    }
  }
  if (bad != u32.MAX_VALUE) leaveLeast(thread, bad + 1);
  return true;
}

/** Leaves a positive value unless a smaller one is there. */
@inline
function leaveLeast(thread: usize, value: u32): void {
  const known = left(thread);
  if (known == 0 || value < known) leave(thread, value);
}

/** The least positive value that was left, or 0. */
function leastLeft(): u32 {
  let least: u32 = 0;
  const threads = crewThreads();
  for (let t: usize = 0; t < threads; t++) {
    const value = left(t);
    if (value != 0 && (least == 0 || value < least)) least = value;
  }
  return least;
}

@inline
export function points(): usize {
  return count;
}

@inline
export function bytesPerRow(): usize {
  return rowBytes;
}

/** Address of row i. */
@inline
export function row(i: usize): usize {
  return base + i * rowBytes;
}

/** d(i, j) for i ≠ j. */
@inline
export function distance(i: usize, j: usize): f32 {
  return load<f32>(row(i) + (j << 2));
}

/**
 * The enclosing radius: the least, over the points, of the largest distance to another point; 0 for one point. At and
 * above it the complex is a cone, so nothing is lost by cutting there. O(n²), in a crew.
 */
export function enclosingRadius(ptr: usize, n: usize): f32 {
  setArgument(0, ptr);
  setArgument(1, n);
  const rows = rowsOfTask(n);
  setArgument(2, rows);
  runPhase(openMatrix, farthestOfRows, (n + rows - 1) / rows);
  return reinterpret<f32>(leastLeft() - 1);
}

/** Leaves the bits of the least of the rows' largest distances, plus one: lengths order like their bits. */
function farthestOfRows(task: usize, thread: usize): bool {
  const rows = argument<usize>(2);
  const end = min((task + 1) * rows, count);
  for (let i = task * rows; i < end; i++) {
    const line = row(i);
    // All but the four entries around the diagonal and those at the padding.
    const hole = (i << 2) & ~15;
    const whole = (count << 2) & ~15;
    let most = f32x4.splat(0);
    for (let at: usize = 0; at < min(hole, whole); at += 16) most = f32x4.pmax(most, v128.load(line + at));
    for (let at = hole + 16; at < whole; at += 16) most = f32x4.pmax(most, v128.load(line + at));
    let farthest = max(
      max(f32x4.extract_lane(most, 0), f32x4.extract_lane(most, 1)),
      max(f32x4.extract_lane(most, 2), f32x4.extract_lane(most, 3)),
    );
    for (let j = hole >> 2; j < min((hole >> 2) + 4, count); j++) if (j != i) farthest = max(farthest, distance(i, j));
    for (let j = whole >> 2; j < count; j++) if (j != i) farthest = max(farthest, distance(i, j));
    leaveLeast(thread, reinterpret<u32>(farthest) + 1);
  }
  return true;
}

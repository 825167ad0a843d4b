/**
 * The streaming engine: H0 and H1 of points without a distance matrix. Its state stands in one record in memory, so
 * that several instances of the module over the same memory can work on it.
 *
 * Lengths are compared as *keys*, unsigned 32-bit integers below 2^31 that grow with the length:
 *
 *     i16   the squared distance, an exact integer below 2^29
 *     f32   the bits of the squared distance, a float that is not negative
 *     f64   the bits of the length itself
 *
 * The length is a monotone function of the key, the very one the dense plan computes (distances.ts). Two keys may round
 * to one length; ordering edges by key then refines their order by length, which leaves the bars as they are once
 * births and deaths are turned into lengths and what has become empty is dropped.
 *
 * An *entry* is key << 32 | vertex. Edges are ranked by (key, larger vertex, smaller vertex); among the edges at one
 * vertex that is the order of their entries, so the lune of (u, w) holds the k with
 * entry(u,k) < entry(u,w) at u and entry(w,k) < entry(w,u) at w.
 */
import { METRIC_COSINE, METRIC_EUCLIDEAN, METRIC_SQEUCLIDEAN } from "./abi";
import { distanceF64, dotI16, squareF32 } from "./distances";

/** Rows of i16. */
export const ARITHMETIC_I16: i32 = 0;
/** Rows of f32. */
export const ARITHMETIC_F32: i32 = 1;
/** Rows of f64. */
export const ARITHMETIC_F64: i32 = 2;

/** No key of a distance is larger: the bits of +Infinity. */
export const INFINITE_KEY: u32 = 0x7f800000;
/** Stands for a vertex's distance to itself: above every key. */
export const OWN_KEY: u32 = 0x7fffffff;

/** What the stages share. */
@unmanaged
export class StreamPlan {
  /**
   * Points, and their rows in the order of the blocks, padded with zeros to 16 bytes; room for `SPARE_ROWS` more, copies
   * of rows that are to be compared with all.
   */
  n: usize;
  rows: usize;
  rowBytes: usize;
  arithmetic: i32;
  metric: i32;
  scale: f64;
  /** i16: squared lengths of the rows, i32 a point. */
  norms: usize;
  /** i16: which groups of 8 coordinates are not all zero in a triple of rows, `maskWords` u64 a triple; 0 without. */
  masks: usize;
  maskWords: usize;
  /** Blocks, their first points (u32 a block and one more), and the size of the largest. */
  blocks: usize;
  starts: usize;
  widest: usize;
  /** Nearest points inside the block, by entry: u32 number in the block and u32 key, `near` of each a point. */
  near: usize;
  nearIds: usize;
  nearKeys: usize;
  /** The nearest points of all: u64 entries, `room` a point, of which `keep` stay; lengths; the worst entry kept. */
  keep: usize;
  room: usize;
  lists: usize;
  lengths: usize;
  worst: usize;
  /** Key of the worst entry kept, u32 a point, and the largest key met. */
  limits: usize;
  farthest: usize;
  /** Edges with a larger key are never candidates. */
  cut: u32;
  /** Work spaces of the block pass, `workBytes` of each thread. */
  works: usize;
  workBytes: usize;
  /** After the pass (stream-lists.ts, stream-stamps.ts): memory the lists have left, and how much of it is borrowed. */
  borrowed: usize;
  freeEnd: usize;
  balls: usize;
  lines: usize;
  stamps: usize;
}

let plan: StreamPlan = changetype<StreamPlan>(0);

/** The plan in work. */
@inline
export function streamPlan(): StreamPlan {
  return plan;
}

/** Makes the plan at an address the one in work. */
export function useStreamPlan(address: usize): void {
  plan = changetype<StreamPlan>(address);
}

/** Address of a row. */
@inline
export function streamRow(i: usize): usize {
  return plan.rows + i * plan.rowBytes;
}

/** Key of the distance of two points. O(d). */
export function keyBetween(i: usize, j: usize): u32 {
  const a = streamRow(i);
  const b = streamRow(j);
  if (plan.arithmetic == ARITHMETIC_I16)
    return load<u32>(plan.norms + (i << 2)) + load<u32>(plan.norms + (j << 2)) - 2 * <u32>dotI16(a, b, plan.rowBytes);
  if (plan.arithmetic == ARITHMETIC_F32) return reinterpret<u32>(squareF32(a, b, plan.rowBytes));
  return reinterpret<u32>(lengthF64(a, b));
}

/** Length of two rows of f64, as distances.ts stores it. */
@inline
export function lengthF64(a: usize, b: usize): f32 {
  const value = distanceF64(a, b, plan.rowBytes, plan.metric);
  if (plan.metric == METRIC_EUCLIDEAN) return <f32>(Math.sqrt(value) * plan.scale);
  if (plan.metric == METRIC_SQEUCLIDEAN) return <f32>(value * (plan.scale * plan.scale));
  if (plan.metric == METRIC_COSINE) return <f32>(value * 0.5);
  return <f32>(value * plan.scale);
}

/** The length that a key stands for: bit-equal to the entry of the distance matrix. */
export function lengthOfKey(key: u32): f32 {
  if (plan.arithmetic == ARITHMETIC_F64) return reinterpret<f32>(key);
  const square = plan.arithmetic == ARITHMETIC_I16 ? <f64>key : <f64>reinterpret<f32>(key);
  return plan.metric == METRIC_EUCLIDEAN
    ? <f32>(Math.sqrt(square) * plan.scale)
    : <f32>(square * (plan.scale * plan.scale));
}

/** The largest key whose length is at most the threshold; the threshold is not negative. */
export function largestKey(threshold: f32): u32 {
  let low: u32 = 0;
  let high: u32 = INFINITE_KEY;
  while (low < high) {
    const middle = low + ((high - low + 1) >> 1);
    if (lengthOfKey(middle) <= threshold) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The entry of an edge at one of its ends. */
@inline
export function entryOf(key: u32, vertex: usize): u64 {
  return ((<u64>key) << 32) | (<u64>vertex);
}

/** Key of an entry. */
@inline
export function entryKey(entry: u64): u32 {
  return <u32>(entry >> 32);
}

/** Vertex of an entry. */
@inline
export function entryVertex(entry: u64): usize {
  return <usize>(<u32>entry);
}

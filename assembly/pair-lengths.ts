/**
 * The length of one pair of points, wherever it comes from: read from the square matrix. Whatever is
 * computed here is bit-equal to the entry the matrix has or would have.
 */
import { distance } from "./matrix";

/** Length of the edge between two different points; +Infinity when it never enters. */
@inline
export function pairLength(i: usize, j: usize): f32 {
  return distance(i, j);
}

/**
 * The rank of the edge (i, j) of this length as one number: length, then larger vertex, then smaller vertex. Lengths
 * are not negative, so their bit patterns order like the numbers. n ≤ 65,536.
 */
@inline
export function rankKey(length: f32, i: usize, j: usize): u64 {
  return (<u64>reinterpret<u32>(length) << 32) | (<u64>max(i, j) << 16) | <u64>min(i, j);
}

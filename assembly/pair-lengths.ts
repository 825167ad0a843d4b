/**
 * Where stage M has its lengths from: the square matrix, or points, whose lengths are computed again when they are
 * needed. Any numbers will do that grow with the length and are floats that are not negative, such as the keys of
 * stream-plan.ts taken for bit patterns: threshold, births and intervals are then in the same numbers.
 *
 *     tile     the lengths between two ranges of vertices, row by row, `tileStride` bytes a row
 *     starts   u32 × (ranges + 1), the first vertex of each range, and n
 */
import { distance, points } from "./matrix";

/** Computes the length of one pair. */
export type PairFunction = (i: usize, j: usize) => f32;

/** Computes the lengths between `rows` vertices from `i0` on and `columns` vertices from `j0` on. */
export type TileFunction = (tile: usize, i0: usize, rows: usize, j0: usize, columns: usize) => void;

let tiled: bool = false;
let count: usize = 0;
let pair: PairFunction | null = null;
let fill: TileFunction | null = null;
let starts: usize = 0;
let ranges: usize = 0;
let stride: usize = 0;

/** Takes lengths from the matrix in use. */
export function useLengthsOfMatrix(): void {
  tiled = false;
  count = points();
}

/**
 * Takes lengths from points. Vertices that are near to each other should have near numbers.
 * @param rangesPtr first vertices of the ranges whose tiles may be asked for, and n
 * @param bytes of a row of a tile, at least four times the longest range
 */
export function useLengthsOfPoints(
  n: usize,
  ofPair: PairFunction,
  ofTile: TileFunction,
  rangesPtr: usize,
  rangeCount: usize,
  bytes: usize,
): void {
  tiled = true;
  count = n;
  pair = ofPair;
  fill = ofTile;
  starts = rangesPtr;
  ranges = rangeCount;
  stride = bytes;
}

/** Number of points. */
@inline
export function vertexCount(): usize {
  return count;
}

/** Whether lengths come from points, tile by tile. */
@inline
export function comesInTiles(): bool {
  return tiled;
}

/** Number of ranges. */
@inline
export function rangeCount(): usize {
  return ranges;
}

/** First vertex of a range, n for the one after the last. */
@inline
export function rangeStart(range: usize): usize {
  return <usize>load<u32>(starts + (range << 2));
}

/** Bytes of a row of a tile. */
@inline
export function lengthStride(): usize {
  return stride;
}

/** Fills a tile with the lengths between two ranges. */
export function fillLengths(tile: usize, i: usize, j: usize): void {
  const i0 = rangeStart(i);
  const j0 = rangeStart(j);
  fill!(tile, i0, rangeStart(i + 1) - i0, j0, rangeStart(j + 1) - j0);
}

/** Length of the edge between two different points; above every threshold when it never enters. */
@inline
export function pairLength(i: usize, j: usize): f32 {
  return tiled ? pair!(i, j) : distance(i, j);
}

/**
 * The rank of the edge (i, j) of this length as one number: length, then larger vertex, then smaller vertex. Lengths
 * are not negative, so their bit patterns order like the numbers. n ≤ 65,536.
 */
@inline
export function rankKey(length: f32, i: usize, j: usize): u64 {
  return (<u64>reinterpret<u32>(length) << 32) | (<u64>max(i, j) << 16) | <u64>min(i, j);
}

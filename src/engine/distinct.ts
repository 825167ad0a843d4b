/** Points that repeat others: they change no interval of positive length, but fill lists of nearest points and tables. */
import type { PointsSource } from "./engine.js";

/**
 * The points without those whose coordinates are, bit by bit, those of an earlier one, in their order; the source itself
 * when there are none. Diagrams without intervals of length zero are the same. O(n d).
 */
export function distinctPoints(source: PointsSource): PointsSource {
  const { data, n, d } = source;
  const rows = rowWords(data, n, d);
  const words = rows.length / n;
  // Open addressing, at most half full: number of a first occurrence + 1, or 0.
  const mask = 2 ** Math.ceil(Math.log2(2 * n + 1)) - 1;
  const slots = new Uint32Array(mask + 1);
  const first = new Uint32Array(n);
  let found = 0;
  for (let i = 0; i < n; i++) {
    let slot = hash(rows, i * words, words) & mask;
    while (slots[slot] !== 0 && !same(rows, (slots[slot]! - 1) * words, i * words, words)) slot = (slot + 1) & mask;
    if (slots[slot] !== 0) continue;
    slots[slot] = i + 1;
    first[found++] = i;
  }
  if (found === n) return source;
  const kept = data.slice(0, found * d);
  for (let i = 0; i < found; i++) kept.set(data.subarray(first[i]! * d, (first[i]! + 1) * d), i * d);
  return { ...source, data: kept, n: found };
}

/** The bits of the coordinates, in words of four bytes where rows begin and end on such. */
function rowWords(data: PointsSource["data"], n: number, d: number): Uint8Array | Uint32Array {
  const { buffer, byteOffset, BYTES_PER_ELEMENT } = data;
  const bytes = d * BYTES_PER_ELEMENT;
  return (byteOffset | bytes) & 3
    ? new Uint8Array(buffer, byteOffset, n * bytes)
    : new Uint32Array(buffer, byteOffset, (n * bytes) / 4);
}

/** FNV-1a over words, and a last mix, since what differs in high bits alone would else fall together. */
function hash(rows: Uint8Array | Uint32Array, at: number, words: number): number {
  let state = 0x811c9dc5;
  for (let i = at; i < at + words; i++) {
    state = Math.imul(state ^ rows[i]!, 0x01000193);
    state ^= state >>> 15;
  }
  return (state ^ (state >>> 13)) >>> 0;
}

function same(rows: Uint8Array | Uint32Array, a: number, b: number, words: number): boolean {
  for (let i = 0; i < words; i++) if (rows[a + i] !== rows[b + i]) return false;
  return true;
}

/** Intervals as they leave the engine. */
import type { RawIntervals } from "./engine.js";

/** Copies (birth, death) pairs out of WebAssembly memory, sorted by birth, then death. */
export function sortIntervals(pairs: Float32Array): RawIntervals {
  const count = pairs.length / 2;
  // Non-negative floats order like their bit patterns, and two of those make one exact 64-bit key.
  const bits = new Uint32Array(pairs.buffer, pairs.byteOffset, pairs.length);
  const keys = new BigUint64Array(count);
  for (let i = 0; i < count; i++) keys[i] = (BigInt(bits[2 * i]!) << 32n) | BigInt(bits[2 * i + 1]!);
  keys.sort();
  const births = new Uint32Array(count);
  const deaths = new Uint32Array(count);
  for (let i = 0; i < count; i++) {
    births[i] = Number(keys[i]! >> 32n);
    deaths[i] = Number(keys[i]! & 0xffffffffn);
  }
  return { births: new Float32Array(births.buffer), deaths: new Float32Array(deaths.buffer) };
}

/**
 * The one source of randomness. A generator is named by a seed and a path of labels, so that every part of a study
 * draws from a stream of its own and adding a part never shifts the numbers of another.
 */
import { ConfigError, expected } from "./errors.js";

/**
 * A seeded stream of pseudo-random numbers: sfc32 (Chris Doty-Humphrey's small fast counter generator, 128 bits of
 * state), seeded by hashing the seed and the labels. The same seed and labels give the same numbers everywhere.
 */
export class Random {
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;
  private spare: number | undefined;
  private readonly path: string;

  /**
   * @param seed a non-negative integer up to 2^53 - 1
   * @param labels names of the stream, e.g. `"sample", 3`
   * @throws ConfigError for any other seed
   */
  constructor(seed: number, ...labels: (string | number)[]) {
    if (!Number.isSafeInteger(seed) || seed < 0)
      throw new ConfigError(expected("a non-negative integer", "seed", seed), { hint: "Use for instance --seed 1." });
    this.path = [seed, ...labels].map((part) => JSON.stringify(part)).join("/");
    this.a = hash(this.path, 0x9e3779b9);
    this.b = hash(this.path, 0x243f6a88);
    this.c = hash(this.path, 0xb7e15162);
    for (let i = 0; i < 16; i++) this.uint32();
  }

  /** An integer in [0, 2^32). */
  uint32(): number {
    const sum = (((this.a + this.b) | 0) + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** A number in [0, 1) with 53 random bits. */
  uniform(): number {
    const high = this.uint32() >>> 5;
    const low = this.uint32() >>> 6;
    return (high * 67108864 + low) / 9007199254740992;
  }

  /** An integer in [0, bound), every one equally likely. `bound` is an integer in [1, 2^32]. */
  integer(bound: number): number {
    const limit = 4294967296 - (4294967296 % bound);
    for (;;) {
      const value = this.uint32();
      if (value < limit) return value % bound;
    }
  }

  /** A standard normal number (Marsaglia's polar method). */
  normal(): number {
    if (this.spare !== undefined) {
      const value = this.spare;
      this.spare = undefined;
      return value;
    }
    for (;;) {
      const u = 2 * this.uniform() - 1;
      const v = 2 * this.uniform() - 1;
      const s = u * u + v * v;
      if (s >= 1 || s === 0) continue;
      const factor = Math.sqrt((-2 * Math.log(s)) / s);
      this.spare = v * factor;
      return u * factor;
    }
  }

  /** Shuffles in place (Fisher–Yates) and returns the same array. */
  shuffle<T extends { length: number; [index: number]: unknown }>(items: T): T {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      const held = items[i];
      items[i] = items[j];
      items[j] = held;
    }
    return items;
  }

  /** The numbers 0..n-1 in random order. */
  permutation(n: number): Uint32Array {
    return this.shuffle(Uint32Array.from({ length: n }, (_, i) => i));
  }

  /** `count` different numbers of 0..n-1, in random order. */
  sample(n: number, count: number): Uint32Array {
    if (count > n) throw new ConfigError(expected(`at most ${n}`, "sample size", count));
    return this.permutation(n).slice(0, count);
  }

  /** `count` numbers of 0..n-1, each drawn anew. */
  sampleWithReplacement(n: number, count: number): Uint32Array {
    return Uint32Array.from({ length: count }, () => this.integer(n));
  }
}

/** 32-bit FNV-1a over UTF-16 code units with a chosen start, finished by the mixer of MurmurHash3. */
function hash(text: string, start: number): number {
  let h = start | 0;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}

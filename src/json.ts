/** What JSON.stringify makes of numbers: lists, where JavaScript writes a typed array as an object of digits. */

/** Arrays of numbers that results hold. */
export type Numbers = Uint8Array | Uint32Array | Int32Array | Float32Array | Float64Array;

/**
 * The same array, which JSON.stringify writes as a list: float32 as the shortest decimals that read back the same, Infinity
 * as null. What it is told by is not enumerable and goes with this very array: a copy or a thread loses it.
 */
export function listed<Array extends Numbers>(numbers: Array): Array {
  return withJson(numbers, toList);
}

/** The same object, which JSON.stringify writes as what a function makes of it. */
export function withJson<Value extends object>(value: Value, toJSON: (this: Value) => unknown): Value {
  return Object.defineProperty(value, "toJSON", {
    value: toJSON,
    writable: true,
    configurable: true,
    enumerable: false,
  });
}

function toList(this: Numbers): number[] {
  return this instanceof Float32Array ? Array.from(this, shortest) : Array.from(this);
}

/** The shortest decimal that rounds to this float32: 0.1 and not 0.10000000149011612. */
export function shortest(value: number): number {
  for (let digits = 6; digits <= 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}

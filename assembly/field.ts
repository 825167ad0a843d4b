/** Arithmetic in Z/p, p prime and at most 65521, on u32: products stay below 2^32. */

let p: u32 = 2;

/** Sets the prime. */
export function setModulus(prime: u32): void {
  p = prime;
}

/** The prime. */
export function modulus(): u32 {
  return p;
}

/** a + b. */
@inline
export function add(a: u32, b: u32): u32 {
  const sum = a + b;
  return sum >= p ? sum - p : sum;
}

/** -a. */
@inline
export function negate(a: u32): u32 {
  return a == 0 ? 0 : p - a;
}

/** a · b. */
@inline
export function multiply(a: u32, b: u32): u32 {
  return p == 2 ? a & b : (a * b) % p;
}

/** 1 / a for a ≠ 0, as a^(p-2) (Fermat). */
export function inverse(a: u32): u32 {
  let result: u32 = 1;
  let base = a;
  for (let exponent = p - 2; exponent > 0; exponent >>= 1) {
    if (exponent & 1) result = multiply(result, base);
    base = multiply(base, base);
  }
  return result;
}

/** a or -a: the sign (-1)^position of a vertex inserted at that position. */
@inline
export function signed(a: u32, position: i32): u32 {
  return position & 1 ? negate(a) : a;
}

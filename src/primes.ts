/** Primes, as moduli of coefficients. */

/** Largest prime the engine computes with: products of two residues stay below 2^32. */
export const LARGEST_MODULUS = 65521;

/** Whether a number is a prime. O(√value). */
export function isPrime(value: number): boolean {
  if (!Number.isSafeInteger(value)) return false;
  for (let factor = 2; factor * factor <= value; factor++) if (value % factor === 0) return false;
  return value >= 2;
}

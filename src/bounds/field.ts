/** Which field of coefficients a bound may be compared with. */

import { ConfigError, expected } from "../errors.js";
import { isPrime } from "../primes.js";
import type { BoundField } from "./bound.js";
import { requireInteger } from "./requirement.js";

/**
 * How the descent of layer-image.ts treats the group that permutes the factors of a fibre product: `none` (the plain
 * spectral sequence), `normalized` (degenerate parts split off; any field) or `alternating` (only alternating chains
 * count; characteristic 0 or a prime above k + 2).
 */
export type Refinement = "none" | "normalized" | "alternating";

/**
 * The form of the bounds that may be compared with Betti numbers counted over Z/modulus.
 * @param modulus a prime, or 0 for the rationals
 * @param k the largest degree of homology compared
 * @returns `char0` when the alternating form holds (0, or a prime above k + 2), else `any`
 */
export function fieldOfModulus(modulus: number, k: number): "any" | "char0" {
  requireInteger(modulus, "modulus", 0);
  requireInteger(k, "k", 0);
  if (modulus !== 0 && !isPrime(modulus)) {
    throw new ConfigError(expected("a prime or 0", "modulus", modulus), {
      hint: "Give the prime of the coefficients.",
    });
  }
  return modulus === 0 || modulus > k + 2 ? "char0" : "any";
}

/** The field of a bound made from two: the narrower one. */
export function narrowerField(a: BoundField, b: BoundField): BoundField {
  if (a === "any") return b;
  if (b === "any" || a === b) return a;
  return "char0";
}

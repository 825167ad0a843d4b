/** Hypotheses of the theorems as checks: what fails is named in the error. */

import { ConfigError, expected } from "../errors.js";

/** Throws a ConfigError unless `value` is a safe integer ≥ `least`. */
export function requireInteger(value: number, name: string, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  throw new ConfigError(expected(least === 0 ? "an integer ≥ 0" : `an integer ≥ ${least}`, name, value));
}

/** Throws a ConfigError unless every entry is a safe integer ≥ `least` and there is at least one, or may be none. */
export function requireIntegers(values: readonly number[], name: string, least: number, mayBeEmpty = false): void {
  if (!Array.isArray(values) || (values.length === 0 && !mayBeEmpty)) {
    throw new ConfigError(expected("at least one integer", name, values));
  }
  for (const [i, value] of values.entries()) requireInteger(value, `${name}[${i}]`, least);
}

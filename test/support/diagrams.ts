/** Diagrams in the shape tests compare: pairs of numbers, sorted. */
import type { PersistenceResult } from "../../src/topology/persistence.js";
import type { ReferenceInterval } from "../reference/persistence.js";

/** Pairs [birth, death] of every dimension; death Infinity when essential. */
export function pairs(result: Pick<PersistenceResult, "diagrams">): [number, number][][] {
  return result.diagrams.map(({ births, deaths }) => Array.from(births, (birth, i) => [birth, deaths[i]!]));
}

/** The same shape for the textbook reference. */
export function referencePairs(diagrams: readonly (readonly ReferenceInterval[])[]): [number, number][][] {
  return diagrams.map((diagram) => diagram.map(({ birth, death }) => [birth, death]));
}

/** Pairs whose length is more than `least`. */
export function longer(
  intervals: readonly (readonly [number, number])[],
  least: number,
): (readonly [number, number])[] {
  return intervals.filter(([birth, death]) => death - birth > least);
}

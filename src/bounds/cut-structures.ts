/**
 * Cut structures: which layers' variables to keep when the graph of a deep polynomial map is written by equations.
 *
 * Keeping the (reduced) variables of the layers 1 = s_1 < … < s_t, every equation runs from one cut to the next, so its
 * degree is d to the length of the block. V(m) is the least number of variables when every block has length ≤ m: m = l
 * keeps the first layer only (direct form), m = 1 keeps all of them (graph form).
 */

import { requireInteger, requireIntegers } from "./requirement.js";

/** The cheapest cuts for one block length. */
export interface CutStructure {
  /** Longest block allowed, m ≥ 1. */
  readonly blockLength: number;
  /** V(m): the number of variables per copy. */
  readonly variables: number;
  /** The layers kept, from 1, ascending. */
  readonly cuts: readonly number[];
}

/**
 * Least number of variables over all cut structures whose blocks have length ≤ `blockLength` (short name:
 * cutMinVars(r, m)). Dynamic programming over a sliding minimum, O(l).
 * @param variables variables of layers 1..l, in order
 * @param blockLength m ≥ 1
 */
export function fewestCutVariables(variables: readonly number[], blockLength: number): CutStructure {
  requireIntegers(variables, "variables", 0);
  requireInteger(blockLength, "blockLength", 0);
  const layers = variables.length;
  const best: number[] = [];
  const previous: number[] = [];
  // Cuts that may still be the cheapest before the next, cheapest first; of equals the earliest.
  const candidates: number[] = [];
  let first = 0;
  for (let cut = 0; cut <= layers; cut++) {
    while (first < candidates.length && candidates[first]! < cut - blockLength) first++;
    const from = cut === 0 ? -1 : candidates[first]!;
    previous.push(from);
    if (cut === layers) break;
    best.push((from < 0 ? 0 : best[from]!) + variables[cut]!);
    while (candidates.length > first && best[candidates.at(-1)!]! > best[cut]!) candidates.pop();
    candidates.push(cut);
  }
  const cuts: number[] = [];
  for (let cut = previous[layers]!; cut >= 0; cut = previous[cut]!) cuts.push(cut + 1);
  return { blockLength, variables: best[previous[layers]!]!, cuts: cuts.reverse() };
}

/**
 * Cut structures: which layers' variables to keep when the graph of a deep polynomial map is written by equations.
 *
 * Keeping the (reduced) variables of the layers 1 = s_1 < … < s_t, every equation runs from one cut to the next, so its
 * degree is d to the length of the block. V(m) is the least number of variables when every block has length ≤ m: m = l
 * keeps the first layer only (direct form), m = 1 keeps all of them (graph form).
 */

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
 * cutMinVars(r, m)). Dynamic programming, O(l · m).
 * @param variables variables of layers 1..l, in order
 * @param blockLength m ≥ 1
 */
export function fewestCutVariables(variables: readonly number[], blockLength: number): CutStructure {
  const layers = variables.length;
  const best: number[] = [variables[0]!];
  const previous: number[] = [-1];
  for (let cut = 1; cut < layers; cut++) {
    let from = Math.max(0, cut - blockLength);
    for (let i = from + 1; i < cut; i++) if (best[i]! < best[from]!) from = i;
    best.push(best[from]! + variables[cut]!);
    previous.push(from);
  }
  let last = Math.max(0, layers - blockLength);
  for (let i = last + 1; i < layers; i++) if (best[i]! < best[last]!) last = i;
  const cuts: number[] = [];
  for (let cut = last; cut >= 0; cut = previous[cut]!) cuts.push(cut + 1);
  return { blockLength, variables: best[last]!, cuts: cuts.reverse() };
}

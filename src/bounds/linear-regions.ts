/**
 * Linear regions of piecewise-linear networks.
 *
 * ReLU (Serra, Tjandraatmadja and Ramalingam 2018): on a piece whose image has dimension ≤ δ a layer of n units makes at
 * most C(n, j) cells with exactly n - j active units, j ≤ δ, and a cell's image has dimension ≤ min(δ, n - j). So
 * R = f_0(n_0), f_{l-1}(δ) = Σ_{j=0}^{min(δ, n_l)} C(n_l, j) f_l(min(δ, n_l - j)), f_L = 1. Evaluated forwards here: the
 * number of pieces of each dimension after each layer, which gives R for every depth at once.
 * Any piecewise-linear activation (Montúfar 2017): Π_l Σ_{j ≤ m_{l-1}} C(c n_l, j), m the least width so far and c the
 * kinks of the activation. ReLU's sharper count uses that dead units lose dimensions; leaky ones do not.
 */

import { checkFields, type Known } from "../options.js";
import { type Bound, type Estimate, settle } from "./bound.js";
import { addCounts, type Count, deferredCount, multiplyCounts, ONE, ZERO } from "./count.js";
import { hyperplaneCellsCount } from "./hyperplane-cells.js";
import { requireInteger, requireIntegers } from "./requirement.js";

/** A piecewise-linear network. */
export interface PiecewiseLinearNetwork {
  /** n_0 ≥ 1. */
  readonly inputDimension: number;
  /** Hidden widths n_1..n_L. */
  readonly widths: readonly number[];
  /** Ranks of the affine maps, where known: they cap the dimensions. */
  readonly ranks?: readonly number[];
}

/** Steps of big-integer work beyond which only log10 of R is kept: a fraction of a second. */
const MAX_WORK = 2e8;

/** R after every layer, for ReLU. Cost O(Σ n_l) doubles; exact values on demand where they are not too costly. */
export function reluRegionCounts(network: PiecewiseLinearNetwork): Count[] {
  const { widths, inputDimension } = network;
  const sizes = countRegions(network, COUNTS);
  let affordable = 0;
  let work = 0;
  let bits = 0;
  let dimension = inputDimension;
  for (const width of widths) {
    dimension = Math.min(dimension, width);
    bits += width;
    work += dimension * (width / 64 + 1) * (bits / 64 + 1);
    if (work > MAX_WORK) break;
    affordable++;
  }
  let integers: bigint[] | undefined;
  return sizes.map((size, i) => {
    if (i >= affordable) return size;
    return deferredCount(size.mantissa, size.exponent, () => {
      integers ??= countRegions({ ...network, widths: widths.slice(0, affordable) }, INTEGERS);
      return integers[i]!;
    });
  });
}

/**
 * The product form after every layer, for any piecewise-linear activation with `kinks` kinks a unit.
 * @param folded units a layer whose kinks may lie inside their range: the others make no hyperplane. Default: all
 */
export function productRegionCounts(
  network: PiecewiseLinearNetwork,
  kinks = 1,
  folded: readonly number[] = network.widths,
): Count[] {
  const { widths, ranks } = network;
  let dimension = network.inputDimension;
  let product: Count = ONE;
  return widths.map((width, i) => {
    dimension = Math.min(dimension, ranks?.[i] ?? dimension);
    product = multiplyCounts(product, hyperplaneCellsCount(kinks * Math.min(width, folded[i]!), dimension));
    dimension = Math.min(dimension, width);
    return product;
  });
}

/** Most linear regions of a ReLU network, by the recursion (short name: regions(n0, widths)). */
export function linearRegions(network: PiecewiseLinearNetwork): Bound {
  checkFields(
    network,
    { inputDimension: true, widths: true, ranks: true } satisfies Known<typeof network>,
    "what linearRegions is given",
  );
  checkNetwork(network);
  return settle(
    regionEstimate(
      network,
      reluRegionCounts(network).at(-1)!,
      "Serra recursion",
      "Serra, Tjandraatmadja and Ramalingam 2018",
    ),
  );
}

/** Most linear regions of a piecewise-linear network, by the product (short name: regionsProduct(n0, widths)). */
export function linearRegionsProduct(network: PiecewiseLinearNetwork & { readonly kinks?: number }): Bound {
  checkFields(
    network,
    { inputDimension: true, widths: true, ranks: true, kinks: true } satisfies Known<typeof network>,
    "what linearRegionsProduct is given",
  );
  checkNetwork(network);
  const { kinks = 1 } = network;
  requireInteger(kinks, "kinks", 1);
  return settle(
    regionEstimate(network, productRegionCounts(network, kinks).at(-1)!, "product of arrangements", "Montúfar 2017"),
  );
}

/** Throws a ConfigError for a network that is none. */
export function checkNetwork(network: PiecewiseLinearNetwork): void {
  requireInteger(network.inputDimension, "inputDimension", 1);
  requireIntegers(network.widths, "widths", 1);
}

function regionEstimate(network: PiecewiseLinearNetwork, count: Count, theorem: string, source: string): Estimate {
  const trace = [`input of dimension ${network.inputDimension}, widths ${network.widths.join(", ")}`];
  return {
    count,
    field: "any",
    theorem: `linear regions: ${theorem}`,
    source: `${source}; derived`,
    status: "proven here",
    trace,
  };
}

/** The arithmetic the count of regions runs in: doubles with a wide exponent, or big integers. */
interface Arithmetic<T> {
  readonly zero: T;
  readonly one: T;
  readonly add: (a: T, b: T) => T;
  readonly multiply: (a: T, b: T) => T;
  /** value · numerator / denominator, an exact division. */
  readonly scale: (value: T, numerator: number, denominator: number) => T;
}

const COUNTS: Arithmetic<Count> = {
  zero: ZERO,
  one: { mantissa: 1, exponent: 0 },
  add: addCounts,
  multiply: multiplyCounts,
  scale: ({ mantissa, exponent }, numerator, denominator) =>
    deferredCount((mantissa * numerator) / denominator, exponent, undefined),
};

const INTEGERS: Arithmetic<bigint> = {
  zero: 0n,
  one: 1n,
  add: (a, b) => a + b,
  multiply: (a, b) => a * b,
  scale: (value, numerator, denominator) => (value * BigInt(numerator)) / BigInt(denominator),
};

/** Number of pieces after each layer. */
function countRegions<T>(network: PiecewiseLinearNetwork, arithmetic: Arithmetic<T>): T[] {
  const { zero, one, add, multiply, scale } = arithmetic;
  const { inputDimension, widths, ranks } = network;
  // pieces[δ]: pieces whose image has dimension ≤ δ (each counted once, at its own δ).
  let pieces: T[] = [];
  for (let dim = 0; dim < inputDimension; dim++) pieces.push(zero);
  pieces.push(one);
  return widths.map((width, layer) => {
    const cap = Math.min(ranks?.[layer] ?? pieces.length - 1, pieces.length - 1);
    const own = pieces.slice(0, cap + 1);
    for (let dim = cap + 1; dim < pieces.length; dim++) own[cap] = add(own[cap]!, pieces[dim]!);
    // above[δ]: pieces of dimension ≥ δ after the affine map.
    const above = own.slice();
    for (let dim = cap - 1; dim >= 0; dim--) above[dim] = add(above[dim]!, above[dim + 1]!);
    const top = Math.min(cap, width);
    const next: T[] = new Array(top + 1).fill(zero);
    let choose = one; // C(width, t)
    let chooseSum = zero; // Σ_{j < t} C(width, j)
    const sums: T[] = []; // Σ_{j ≤ t} C(width, j)
    const chosen: T[] = [];
    for (let t = 0; t <= top; t++) {
      chooseSum = add(chooseSum, choose);
      sums.push(chooseSum);
      chosen.push(choose);
      choose = t < width ? scale(choose, width - t, t + 1) : zero;
    }
    for (let t = 0; t <= top; t++) {
      // Cells with enough active units keep the dimension of their piece.
      const keep = multiply(own[t]!, sums[Math.min(t, width - t)]!);
      // Cells with exactly t active units (j = width - t ≤ δ) drop higher pieces to dimension t.
      const from = Math.max(t + 1, width - t);
      next[t] = from <= cap ? add(keep, multiply(chosen[t]!, above[from]!)) : keep;
    }
    pieces = next;
    return next.reduce(add, zero);
  });
}

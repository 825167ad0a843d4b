/**
 * The inverse problem: the smallest sizes that the bounds do not exclude.
 *
 * Each search is a doubling and a bisection over a bound that does not decrease with the size. Sizes below the answer
 * are excluded; the answer and those above are not excluded, which never means that they are enough.
 */

import { checkFields, type Known } from "../options.js";
import { compareCounts, countOf, powerOf } from "./count.js";
import type { Domain } from "./domain.js";
import { layerEstimate, networkOf } from "./layer-estimate.js";
import { reluRegionCounts } from "./linear-regions.js";
import { productCount } from "./milnor-product.js";
import { requireInteger, requireIntegers } from "./requirement.js";

/** Smallest size ≥ 1 that fits, by doubling and bisection; null when none up to `limit` does. */
export function smallestSize(fits: (size: number) => boolean, limit = 2 ** 20): number | null {
  if (fits(1)) return 1;
  let low = 1; // does not fit
  let high = 2;
  while (!fits(high)) {
    if (high >= limit) return null;
    low = high;
    high *= 2;
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (fits(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/**
 * Smallest width w such that `layers` layers of width w are not excluded from creating these Betti numbers out of the
 * domain (short name: createWidth(beta, L)); null where no width can, as for b_1 from a ball by one layer.
 * @param options.betti b_0, b_1, …; b_0 is never created, so it is not looked at
 * @param options.inputDimension n_0. @default the width tried
 */
export function smallestCreateWidth(options: {
  readonly betti: readonly number[];
  readonly activation: string;
  readonly layers: number;
  readonly inputDimension?: number;
  readonly modulus?: number;
  readonly domain?: Domain;
}): number | null {
  checkFields(
    options,
    { betti: true, activation: true, layers: true, inputDimension: true, modulus: true, domain: true } satisfies Known<
      typeof options
    >,
    "what smallestCreateWidth is given",
  );
  const { betti, activation, layers, inputDimension, modulus, domain } = options;
  requireIntegers(betti, "betti", 0);
  requireInteger(layers, "layers", 1);
  if (inputDimension !== undefined) requireInteger(inputDimension, "inputDimension", 1);
  const maxDim = betti.length - 1;
  const fits = (width: number) => {
    const network = networkOf({
      widths: [inputDimension ?? width, ...new Array<number>(layers).fill(width)],
      activation,
      maxDim,
      ...(modulus === undefined ? {} : { modulus }),
      ...(domain === undefined ? {} : { domain }),
    });
    return betti.every((target, k) => {
      if (k === 0 || target === 0) return true;
      const estimate = layerEstimate(network, layers, k);
      return estimate === undefined || compareCounts(estimate.count, countOf(target)) >= 0;
    });
  };
  return smallestSize(fits, 2 ** 14);
}

/** Smallest width of `layers` ReLU layers whose linear regions R are at least b_0 of a decision region; null for none. */
export function smallestReluRegionWidth(options: {
  readonly components: number;
  readonly inputDimension: number;
  readonly layers: number;
}): number | null {
  checkFields(
    options,
    { components: true, inputDimension: true, layers: true } satisfies Known<typeof options>,
    "what smallestReluRegionWidth is given",
  );
  const { components, inputDimension, layers } = options;
  requireInteger(components, "components", 1);
  requireInteger(inputDimension, "inputDimension", 1);
  requireInteger(layers, "layers", 1);
  const target = countOf(components);
  return smallestSize((width) => {
    const regions = reluRegionCounts({ inputDimension, widths: new Array<number>(layers).fill(width) });
    return compareCounts(regions.at(-1)!, target) >= 0;
  });
}

/** Smallest number of polynomial layers of degree ≥ 2 whose decision regions may have these Betti numbers in sum. */
export function smallestPolynomialRegionDepth(options: {
  readonly bettiSum: number;
  readonly inputDimension: number;
  readonly degree: number;
}): number {
  checkFields(
    options,
    { bettiSum: true, inputDimension: true, degree: true } satisfies Known<typeof options>,
    "what smallestPolynomialRegionDepth is given",
  );
  const { bettiSum, inputDimension, degree } = options;
  requireInteger(bettiSum, "bettiSum", 1);
  requireInteger(inputDimension, "inputDimension", 1);
  requireInteger(degree, "degree", 2);
  const target = countOf(bettiSum);
  let layers = 1;
  while (compareCounts(productCount(powerOf(degree, layers), inputDimension), target) < 0) layers++;
  return layers;
}

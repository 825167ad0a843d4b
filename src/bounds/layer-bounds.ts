/**
 * Bounds for every layer of an architecture: the front door of this folder.
 *
 * `widths[0]` is the dimension of the input and every later entry is a layer that ends in the activation, but for the
 * last where `outputActivation` says that it is affine, as in what `parseArchitecture` reads. Biases, dense maps and batch norm (inference mode or
 * fixed statistics) are affine: before the activation batch norm is part of the layer's own affine map; after it, with
 * scales ≠ 0, it is a homeomorphism and never changes a Betti number.
 */

import { checkFields, type Known } from "../options.js";
import { type ActivationClass, isInjective } from "./activation.js";
import { type BoundJson, boundToJson, type Estimate, MAX_DIGITS, settle } from "./bound.js";
import { compareCounts } from "./count.js";
import type { Domain } from "./domain.js";
import type { Refinement } from "./field.js";
import { isolatedLayerEstimate } from "./isolated-layer.js";
import {
  activationsOf,
  domainEstimate,
  isHomeomorphic,
  layerEstimate,
  networkOf,
  reasonAgainst,
} from "./layer-estimate.js";
import { requireInteger, requireIntegers } from "./requirement.js";
import { copiedEstimate, vanishingEstimate } from "./truncations.js";

export type { BoundJson } from "./bound.js";

/** A bound on b_k of one layer's output; `bound` is null where no theorem applies. */
export interface LayerBound {
  /** 1 for the first hidden layer. */
  readonly layer: number;
  /** The module as written, in networks of mixed modules. */
  readonly name?: string;
  readonly width: number;
  /** Degree of homology. */
  readonly k: number;
  readonly bound: BoundJson | null;
  /** Why no theorem applies, when `bound` is null. */
  readonly reason?: string;
}

/** An architecture, and the question asked of it. */
export interface LayerBoundsOptions {
  /** Input dimension, then the width of every layer, the output included where `outputActivation` is given. */
  readonly widths: readonly number[];
  /** One of ACTIVATION_NAMES, `polynomial-<degree>`, or a description. */
  readonly activation: string | ActivationClass;
  /** Of the last layer: `linear` for an affine output, as networks are trained with. @default the activation */
  readonly outputActivation?: string | ActivationClass;
  /** Largest degree of homology. @default 1 */
  readonly maxDim?: number;
  /** The prime the Betti numbers are counted over; 0 for the rationals. @default 2, or 0 with field `char0` */
  readonly modulus?: number;
  /** `char0` allows the alternating form. @default fieldOfModulus(modulus, maxDim) */
  readonly field?: "any" | "char0";
  /** @default "alternating" for `char0`, else "normalized" */
  readonly refinement?: Refinement;
  /** Compact set the inputs lie in. From a convex one the bounds say what the network can create. @default "ball" */
  readonly domain?: Domain;
  /**
   * Ranks r_1..r_L of the affine maps, when known (of trained weights: those of the truncated network). Without them
   * min(n_l, n_{l-1}) bounds the rank and no theorem that needs an injective map is used. That of an affine output may be
   * left out.
   */
  readonly ranks?: readonly number[];
  /** Units per layer whose fold point may lie inside their range, certified. @default all */
  readonly folded?: readonly number[];
  /** Digits up to which exact integers are kept. @default 100000 */
  readonly maxDigits?: number;
}

const layerKeys = {
  widths: true,
  activation: true,
  outputActivation: true,
  maxDim: true,
  modulus: true,
  field: true,
  refinement: true,
  domain: true,
  ranks: true,
  folded: true,
  maxDigits: true,
} as const satisfies Known<LayerBoundsOptions>;
const carryKeys = {
  widths: true,
  activation: true,
  outputActivation: true,
  maxDim: true,
  dataDegree: true,
  dataInequalities: true,
  maxDigits: true,
} as const satisfies Known<CarryBoundsOptions>;

/**
 * Every layer's bound on what the network can create from the domain (U_k), for k = 0..maxDim, layer by layer.
 * Throws a ConfigError that names the option or the hypothesis for a bad width, rank, activation or domain.
 * Cost O(layers³ · maxDim²) powers of doubles, and the exact integers up to `maxDigits`.
 */
export function layerBounds(options: LayerBoundsOptions): LayerBound[] {
  checkFields(options, layerKeys, "the options of layerBounds");
  const { widths, maxDim = 1, maxDigits = MAX_DIGITS } = options;
  const network = networkOf(options);
  const reason = reasonAgainst(network);
  const result: LayerBound[] = [];
  const previous: (Estimate | undefined)[] = [];
  for (let k = 0; k <= maxDim; k++) previous.push(domainEstimate(network, k));
  for (let layer = 1; layer < widths.length; layer++) {
    for (let k = 0; k <= maxDim; k++) {
      let estimate = layerEstimate(network, layer, k);
      const before = previous[k];
      if (before !== undefined && isHomeomorphic(network, layer)) {
        const better = estimate === undefined || compareCounts(before.count, estimate.count) <= 0;
        if (better) estimate = copiedEstimate(before, layer);
      }
      previous[k] = estimate;
      result.push(record(layer, widths[layer]!, k, estimate, reason, maxDigits));
    }
  }
  return result;
}

/** An architecture and the assumed description of what enters each of its layers. */
export interface CarryBoundsOptions {
  /** Input dimension, then the width of every layer, the output included where `outputActivation` is given. */
  readonly widths: readonly number[];
  readonly activation: string | ActivationClass;
  /** Of the last layer: `linear` for an affine output. @default the activation */
  readonly outputActivation?: string | ActivationClass;
  /** @default 1 */
  readonly maxDim?: number;
  /** Degree d0 of the equations and inequalities that cut out each layer's input. @default 1 */
  readonly dataDegree?: number;
  /** Number s of inequalities that cut out each layer's input. @default 0 */
  readonly dataInequalities?: number;
  /** Digits up to which exact integers are kept. @default 100000 */
  readonly maxDigits?: number;
}

/**
 * Every layer's isolated capacity (I_k), for k = 0..maxDim: the most it can carry of an input cut out as assumed,
 * whatever came before. Polynomial activations only; of others T1 and T2 alone are known, and where neither applies they
 * get null and the reason. Holds over any field.
 */
export function carryBounds(options: CarryBoundsOptions): LayerBound[] {
  checkFields(options, carryKeys, "the options of carryBounds");
  const { widths, maxDim = 1, dataDegree = 1, dataInequalities = 0, maxDigits = MAX_DIGITS } = options;
  requireIntegers(widths, "widths", 1);
  requireInteger(maxDim, "maxDim", 0);
  requireInteger(dataDegree, "dataDegree", 1);
  requireInteger(dataInequalities, "dataInequalities", 0);
  const { hidden, output } = activationsOf(options);
  const reason = "the isolated-layer capacity is proven for polynomial activations only";
  const result: LayerBound[] = [];
  for (let layer = 1; layer < widths.length; layer++) {
    const width = widths[layer]!;
    const inputDimension = widths[layer - 1]!;
    const activation = layer === widths.length - 1 ? output : hidden;
    const degree = activation.kind === "polynomial" ? activation.degree : activation.kind === "affine" ? 1 : undefined;
    const injective = isInjective(activation);
    for (let k = 0; k <= maxDim; k++) {
      const estimate =
        degree === undefined
          ? vanishingEstimate({ k, width, ranks: [Math.min(width, inputDimension)], inputDimension, injective })
          : isolatedLayerEstimate({ k, inputDimension, width, degree, dataDegree, dataInequalities });
      result.push(record(layer, width, k, estimate, reason, maxDigits));
    }
  }
  return result;
}

function record(
  layer: number,
  width: number,
  k: number,
  estimate: Estimate | undefined,
  reason: string,
  maxDigits: number,
): LayerBound {
  if (estimate === undefined) return { layer, width, k, bound: null, reason };
  return { layer, width, k, bound: boundToJson(settle(estimate, maxDigits)) };
}

/**
 * What the weights of a trained network add to its bounds: ranks of the affine maps and units that cannot fold.
 *
 * Ranks are numeric (numeric-rank.ts): the tolerance is reported, and where a singular value was dropped the bounds hold
 * for the network with those values set to zero. A unit is unfolded when interval arithmetic proves that its fold point
 * (0, for a square and for ReLU; see activation-range.ts) lies outside its range on the whole domain: every rounding error is bounded and added,
 * so the count of folded units is a certificate, never an estimate from data.
 *
 * Batch norm is folded into the affine maps: u_l = A_l z_{l-1} + b_l, with A_l = before_l · W_l · after_{l-1}.
 */

import { ConfigError, expected } from "../errors.js";
import { checkKeys, type Known } from "../options.js";
import { aNumber, aSize, aText, fields, listOf, numberList, orNull } from "../shape.js";
import { rangeRule } from "./activation-range.js";
import { numericRank } from "./numeric-rank.js";

/** Batch norm with the statistics it classifies by: y = scale · (x − mean) / √(variance + epsilon) + shift. */
export interface TrainedBatchNorm {
  readonly scale: ArrayLike<number>;
  readonly shift: ArrayLike<number>;
  readonly mean: ArrayLike<number> | null;
  readonly variance: ArrayLike<number> | null;
}

/** A dense network with its weights; the last layer is the output and has no activation. */
export interface TrainedNetwork {
  /** n_0..n_L and the outputs. */
  readonly widths: readonly number[];
  /** `relu`, `square`, `tanh`, `identity`, `leaky-relu:0.1` or `poly:0,1,0.5`. */
  readonly activation: string;
  readonly batchNormEpsilon: number;
  readonly layers: readonly {
    /** [inputs, outputs], row by row. */
    readonly kernel: ArrayLike<number>;
    readonly bias: ArrayLike<number>;
    readonly before: TrainedBatchNorm | null;
    readonly after: TrainedBatchNorm | null;
  }[];
}

/** The inputs a certificate speaks of: the unit cube (pixels from 0 to 1), or a ball around its centre. */
export interface TrainedDomain {
  /** @default "ball" */
  readonly kind?: "ball" | "cube";
  /** Radius of the ball. @default √n₀ / 2, the ball around the unit cube */
  readonly radius?: number;
}

/** What is known of one hidden layer. */
export interface TrainedLayer {
  /** 1 for the first hidden layer. */
  readonly layer: number;
  readonly width: number;
  /** Numeric rank of A_l; null where computing it would take too long. */
  readonly rank: number | null;
  /** min(n_l, n_{l-1}). */
  readonly largestRank: number;
  /** Singular values at or below it counted as zero; null without a rank. */
  readonly tolerance: number | null;
  /** The smallest singular value counted, over the tolerance; null without a rank, or for rank 0. */
  readonly margin: number | null;
  /** Units whose fold point may lie inside their range on the domain; the others do not fold, by certificate. */
  readonly folded: number;
}

/** Products of sizes above which a rank is not computed: some ten seconds. */
const MAX_RANK_WORK = 1e9;

const normShape = orNull(
  fields({ scale: numberList, shift: numberList, mean: orNull(numberList), variance: orNull(numberList) }),
);
const trainedShape = fields({
  widths: listOf(aSize),
  activation: aText,
  batchNormEpsilon: aNumber,
  layers: listOf(fields({ kernel: numberList, bias: numberList, before: normShape, after: normShape })),
});

/**
 * Ranks and folded units of every hidden layer. Cost n_l n_{l-1} a layer, and about ten times
 * n_l n_{l-1} min(n_l, n_{l-1}) for its rank.
 * @throws ConfigError for another activation, batch norm without statistics, or a radius that is none
 */
export function trainedLayers(network: TrainedNetwork, domain: TrainedDomain = {}): TrainedLayer[] {
  trainedShape(network, "network");
  checkKeys(domain, { kind: true, radius: true } satisfies Known<TrainedDomain>, "the domain");
  const { widths, activation, layers } = network;
  const rule = rangeRule(activation);
  let box = inputBox(widths[0]!, domain);
  return layers.slice(0, -1).map((_, i) => {
    const [inputs, outputs] = [widths[i]!, widths[i + 1]!];
    const map = affineMap(network, i);
    const range = rangeOf(map, box);
    const image = { low: new Float64Array(outputs), high: new Float64Array(outputs), radius: null };
    let folded = 0;
    for (let unit = 0; unit < outputs; unit++) {
      const own = { low: range.low[unit]!, high: range.high[unit]! };
      if (rule.folds(own)) folded++;
      const values = rule.image(own);
      image.low[unit] = values.low;
      image.high[unit] = values.high;
    }
    box = image;
    const largestRank = Math.min(inputs, outputs);
    const known = { layer: i + 1, width: outputs, largestRank, folded };
    if (inputs * outputs * largestRank > MAX_RANK_WORK) return { ...known, rank: null, tolerance: null, margin: null };
    const { rank, tolerance, singularValues } = numericRank({ data: map.matrix, rows: outputs, columns: inputs });
    return { ...known, rank, tolerance, margin: rank === 0 ? null : singularValues[rank - 1]! / tolerance };
  });
}

/** A box of inputs, or the ball of that radius around its middle. */
interface Box {
  readonly low: Float64Array;
  readonly high: Float64Array;
  readonly radius: number | null;
}

function inputBox(inputs: number, { kind = "ball", radius }: TrainedDomain): Box {
  if (radius !== undefined && !(typeof radius === "number" && radius > 0 && Number.isFinite(radius))) {
    throw new ConfigError(expected("a positive number", "radius", radius), {
      hint: "The theorems on layer images need a compact domain: a ball of finite radius, or the cube.",
    });
  }
  const half = kind === "cube" ? null : (radius ?? (Math.sqrt(inputs) / 2) * (1 + 4 * Number.EPSILON));
  return { low: new Float64Array(inputs), high: new Float64Array(inputs).fill(1), radius: half };
}

/** A_l (outputs × inputs, row by row) and b_l of a hidden layer. */
interface AffineMap {
  readonly matrix: Float64Array;
  readonly constant: Float64Array;
  /** Sum of the sizes of the terms that each entry of `constant` was added up from. */
  readonly terms: Float64Array;
}

/** The affine map of hidden layer i, counted from 0. */
function affineMap(network: TrainedNetwork, i: number): AffineMap {
  const { widths, layers, batchNormEpsilon } = network;
  const [inputs, outputs] = [widths[i]!, widths[i + 1]!];
  const { kernel, bias, before } = layers[i]!;
  const previous = i === 0 ? null : layers[i - 1]!.after;
  const into = previous && affineNorm(previous, inputs, batchNormEpsilon);
  const own = before && affineNorm(before, outputs, batchNormEpsilon);
  const matrix = new Float64Array(inputs * outputs);
  const constant = new Float64Array(outputs);
  const terms = new Float64Array(outputs);
  for (let unit = 0; unit < outputs; unit++) {
    const factor = own ? own.factor[unit]! : 1;
    let sum = bias[unit]!;
    let size = Math.abs(sum);
    for (let j = 0; j < inputs; j++) {
      const weight = kernel[j * outputs + unit]!;
      matrix[unit * inputs + j] = factor * weight * (into ? into.factor[j]! : 1);
      if (into) {
        sum += weight * into.shift[j]!;
        size += Math.abs(weight) * into.terms[j]!;
      }
    }
    constant[unit] = factor * sum + (own ? own.shift[unit]! : 0);
    terms[unit] = Math.abs(factor) * size + (own ? own.terms[unit]! : 0);
  }
  return { matrix, constant, terms };
}

function affineNorm(norm: TrainedBatchNorm, units: number, epsilon: number) {
  const { scale, shift, mean, variance } = norm;
  if (mean === null || variance === null) {
    throw new ConfigError(expected("training-set statistics", "batch norm", null), {
      hint: "By the statistics of a sample the network is another one for every sample; measure those of the training set.",
    });
  }
  const factor = Float64Array.from({ length: units }, (_, j) => scale[j]! / Math.sqrt(variance[j]! + epsilon));
  const each = (of: (j: number) => number) => Float64Array.from({ length: units }, (_, j) => of(j));
  return {
    factor,
    shift: each((j) => shift[j]! - factor[j]! * mean[j]!),
    terms: each((j) => Math.abs(shift[j]!) + Math.abs(factor[j]! * mean[j]!)),
  };
}

/**
 * The range of every unit of A z + b on the box or ball, widened by more than all rounding: a sum of n products in
 * doubles, each factor the result of a few operations, is off by less than (n + 8) 2^-52 times the sum of their sizes.
 * Three such sums are behind a range.
 */
function rangeOf({ matrix, constant, terms }: AffineMap, { low, high, radius }: Box) {
  const inputs = low.length;
  const units = constant.length;
  const range = { low: new Float64Array(units), high: new Float64Array(units) };
  for (let unit = 0; unit < units; unit++) {
    let middle = constant[unit]!;
    let reach = 0;
    let squares = 0;
    let size = terms[unit]!;
    for (let j = 0; j < inputs; j++) {
      const entry = matrix[unit * inputs + j]!;
      middle += entry * ((low[j]! + high[j]!) / 2);
      reach += Math.abs(entry) * ((high[j]! - low[j]!) / 2);
      squares += entry * entry;
      size += Math.abs(entry) * Math.max(Math.abs(low[j]!), Math.abs(high[j]!));
    }
    if (radius !== null) reach = radius * Math.sqrt(squares);
    const slack = 3 * (inputs + 8) * Number.EPSILON * (size + reach);
    range.low[unit] = middle - reach - slack;
    range.high[unit] = middle + reach + slack;
  }
  return range;
}

/**
 * Decision regions S = {x ∈ R^n : F(x) ≥ 0} of a network F with affine output, after Bianchini and Scarselli.
 *
 * Polynomial activation of degree r, l layers: F has degree r^l, so Milnor's product gives ½ (2 + r^l)(1 + r^l)^(n-1);
 * sharp for n = 1, r = 2 (Chebyshev polynomials). tanh and logistic: Pfaffian with h functions, degree 2L, D = 3 (affine
 * output and a huge ball; (c - 1) + 2 for the region of one of c classes); an activation with σ' = P(σ), deg P = q: degree qL; arctan: 2h functions, degree L + 2.
 * Threshold units, one layer: b_0 ≤ number of cells of h hyperplanes. Piecewise linear: nerve of the regions.
 */

import { ConfigError, expected } from "../errors.js";
import { checkFields, type Known } from "../options.js";
import { aCount, fields } from "../shape.js";
import { type Bound, settle } from "./bound.js";
import { countOf, multiplyCounts, powerOf, showCount, smallerCount } from "./count.js";
import { hyperplaneCellsCount } from "./hyperplane-cells.js";
import { checkNetwork, type PiecewiseLinearNetwork, reluRegionCounts } from "./linear-regions.js";
import { productCount } from "./milnor-product.js";
import { algebraicSetCount } from "./oleinik-petrovskii-milnor-thom.js";
import { pfaffianCount } from "./pfaffian.js";
import { requireInteger } from "./requirement.js";
import { nerveCount } from "./truncations.js";

/** Sum of Betti numbers of {F ≥ 0} for a polynomial network (short name: polyRegion(n, r, l)), any field. */
export function polynomialRegionBound(options: {
  readonly inputDimension: number;
  /** Degree r ≥ 1 of the activation. */
  readonly degree: number;
  /** Hidden layers l ≥ 1. */
  readonly layers: number;
}): Bound {
  checkFields(
    options,
    { inputDimension: true, degree: true, layers: true } satisfies Known<typeof options>,
    "what polynomialRegionBound is given",
  );
  const { inputDimension, degree, layers } = options;
  requireInteger(inputDimension, "inputDimension", 1);
  requireInteger(degree, "degree", 1);
  requireInteger(layers, "layers", 1);
  return settle({
    count: productCount(powerOf(degree, layers), inputDimension),
    field: "any",
    theorem: "polynomial decision region (Milnor product)",
    source: "derived; Bianchini and Scarselli 2014 have the same row",
    status: "proven here",
    trace: [`{F ≥ 0} with F of degree ${degree}^${layers} in ${inputDimension} variables`],
  });
}

/**
 * Sum of Betti numbers of a softmax class region {F_c ≥ F_j for all j} of a polynomial network: the smaller of Milnor's
 * product and the slack lift, any field.
 * @param options.classes number of classes, ≥ 2
 */
export function polynomialClassRegionBound(options: {
  readonly inputDimension: number;
  readonly degree: number;
  readonly layers: number;
  readonly classes: number;
}): Bound {
  checkFields(
    options,
    { inputDimension: true, degree: true, layers: true, classes: true } satisfies Known<typeof options>,
    "what polynomialClassRegionBound is given",
  );
  const { inputDimension, degree, layers, classes } = options;
  requireInteger(inputDimension, "inputDimension", 1);
  requireInteger(degree, "degree", 1);
  requireInteger(layers, "layers", 1);
  requireInteger(classes, "classes", 2);
  const each = powerOf(degree, layers);
  const product = productCount(multiplyCounts(each, countOf(classes - 1)), inputDimension);
  const lift = algebraicSetCount(degree === 1 ? 2 : each, inputDimension + classes - 1);
  return settle({
    count: smallerCount(product, lift),
    field: "any",
    theorem: "polynomial class region (Milnor product or slack lift)",
    source: "derived",
    status: "proven here",
    trace: [
      `${classes - 1} inequalities of degree ${degree}^${layers} in ${inputDimension} variables`,
      `Milnor product ${showCount(product)}, slack lift ${showCount(lift)}`,
    ],
  });
}

/** A Pfaffian activation: by name, or by the degree q of P in σ' = P(σ) (tanh and logistic: 2). */
export type PfaffianActivation = "tanh" | "logistic" | "arctan" | { readonly derivativeDegree: number };

/**
 * Sum of Betti numbers of {F ≥ 0} (short names: tanhRegion(n, h, L), arctanRegion(n, h, L)), or of the region of one of
 * several classes, any field.
 */
export function pfaffianRegionBound(options: {
  readonly activation: PfaffianActivation;
  readonly inputDimension: number;
  /** Hidden units h ≥ 1 in total. */
  readonly units: number;
  /** Hidden layers L ≥ 1. */
  readonly layers: number;
  /** Outputs: one for {F ≥ 0}, c for {F_c ≥ F_j for all j}. @default 1 */
  readonly classes?: number;
}): Bound {
  checkFields(
    options,
    { activation: true, inputDimension: true, units: true, layers: true, classes: true } satisfies Known<
      typeof options
    >,
    "what pfaffianRegionBound is given",
  );
  const { activation, inputDimension, units, layers, classes = 1 } = options;
  requireInteger(inputDimension, "inputDimension", 1);
  requireInteger(units, "units", 1);
  requireInteger(layers, "layers", 1);
  requireInteger(classes, "classes", 1);
  const { length, chainDegree } = chainOf(activation, units, layers);
  // As many inequalities of degree 1 in the chain's functions as there are differences, and a huge ball.
  const degree = Math.max(1, classes - 1) + 2;
  return settle({
    count: pfaffianCount(inputDimension, length, chainDegree, degree),
    field: "any",
    theorem: "Pfaffian decision region",
    source: "derived from Khovanskii's theorem as stated by Gabrielov and Zell",
    status: "proven here",
    trace: [`chain of length ${length} and degree ${chainDegree}, n = ${inputDimension}, product degree ${degree}`],
  });
}

/** Number of connected components of {F ≥ 0} for one layer of h threshold units, any field. */
export function thresholdRegionBound(options: { readonly inputDimension: number; readonly units: number }): Bound {
  checkFields(
    options,
    { inputDimension: true, units: true } satisfies Known<typeof options>,
    "what thresholdRegionBound is given",
  );
  const { inputDimension, units } = options;
  requireInteger(inputDimension, "inputDimension", 1);
  requireInteger(units, "units", 1);
  return settle({
    count: hyperplaneCellsCount(units, inputDimension),
    field: "any",
    theorem: "threshold decision region (Zaslavsky), components",
    source: "derived: the region is a union of cells of the arrangement",
    status: "proven here",
    trace: [`cells of ${units} hyperplanes in R^${inputDimension}`],
  });
}

/** b_k of {F ≤ 0} or {F ≥ 0} for a ReLU network with affine output, any field. */
export function reluRegionBound(options: PiecewiseLinearNetwork & { readonly k: number }): Bound {
  checkFields(
    options,
    { inputDimension: true, widths: true, ranks: true, k: true } satisfies Known<typeof options>,
    "what reluRegionBound is given",
  );
  const { k, inputDimension } = options;
  checkNetwork(options);
  requireInteger(k, "k", 0);
  const regions = reluRegionCounts(options).at(-1)!;
  return settle({
    count: k === 0 ? regions : k >= inputDimension ? countOf(0) : nerveCount(regions, k),
    field: "any",
    theorem: "ReLU decision region (nerve of the linear regions)",
    source: "derived: nerve theorem, Serra, Tjandraatmadja and Ramalingam 2018",
    status: "proven here",
    trace: [`a union of R ≤ ${showCount(regions)} closed convex pieces in R^${inputDimension}`],
  });
}

function chainOf(
  activation: PfaffianActivation,
  units: number,
  layers: number,
): { readonly length: number; readonly chainDegree: number } {
  if (activation === "arctan") return { length: 2 * units, chainDegree: layers + 2 };
  if (activation === "tanh" || activation === "logistic") return { length: units, chainDegree: 2 * layers };
  if (typeof activation !== "object") {
    throw new ConfigError(expected("tanh, logistic, arctan or a derivative's degree", "activation", activation), {
      hint: "The theorem needs the activation's Pfaffian chain.",
    });
  }
  fields({ derivativeDegree: aCount })(activation, "activation");
  requireInteger(activation.derivativeDegree, "derivativeDegree", 0);
  return { length: units, chainDegree: activation.derivativeDegree * layers };
}

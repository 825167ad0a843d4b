/**
 * Narrow networks have no bounded decision region (Johnson 2019, "Deep, Skinny Neural Networks are not Universal
 * Approximators").
 *
 * Let F be one affine output, or the difference of two, behind hidden layers of at most n units each, n the input's
 * dimension, with an activation that is a uniform limit of one-to-one functions (every weakly monotone one is). Then no
 * component of {F > 0} or {F < 0} is bounded, at any depth. Proof: give every layer n units and move matrices and
 * activation a little, so that all layers are one-to-one; then R^n → R^n is open (invariance of domain), and so is F,
 * which therefore has no maximum inside. On a bounded component of {F > 0} with F = m at some point, a function within
 * m / 3 of F on its closure would have one. So a class that surrounds another needs a hidden layer of n + 1 units, which
 * ReLU attains: {Σ r(a_i · x) < 1} for n + 1 vectors that span R^n positively.
 *
 * Of three classes or more it says nothing of {F_c > F_j for all j}, which may be bounded, but still this: where one
 * class takes a closed hypersurface and another a point inside it, the difference of these two has a bounded component.
 */
import { type ActivationClass, classifyActivation, isMonotone } from "./activation.js";
import { requireInteger, requireIntegers } from "./requirement.js";

/** Name and source of the theorem. */
export const boundedComponentTheorem = "no bounded component (N5; Johnson 2019)";

/** Whether the theorem speaks of the activation: it is weakly monotone, hence a uniform limit of one-to-one functions. */
export function isLimitOfInjective(activation: ActivationClass): boolean {
  return isMonotone(classifyActivation(activation));
}

/**
 * Units that some hidden layer must have, n + 1, for a component of {F > 0} or {F < 0} in R^n to be bounded; attained by
 * ReLU, proven here.
 * @throws ConfigError unless n is a positive integer
 */
export function leastWidthToEnclose(inputDimension: number): number {
  requireInteger(inputDimension, "inputDimension", 1);
  return inputDimension + 1;
}

/**
 * Whether a decision region {F ≥ 0} in R^n with these Betti numbers needs a bounded component of its complement: by
 * duality b_(n-1) > 0 for n ≥ 2, and more than one component on the line.
 * @param betti b_0, b_1, …
 */
export function surrounds(betti: readonly number[], inputDimension: number): boolean {
  requireIntegers(betti, "betti", 0);
  requireInteger(inputDimension, "inputDimension", 1);
  return (betti[inputDimension - 1] ?? 0) > (inputDimension === 1 ? 1 : 0);
}

/**
 * Isolated-layer capacity I_k: what one polynomial layer can carry of its input's topology.
 *
 * If the layer's input X ⊂ R^n is any compact set cut out by equations of degree ≤ d0 and s inequalities of degree ≤ d0,
 * and the layer is polynomial of degree d, then over any field
 *   b_k(f(X)) ≤ I_k = Σ_{p=0}^{k} OPMT(M, (p+1)(n+s)),   M = max(d, d0), and at least 2 if s ≥ 1
 * (descent, slack lift, Oleinik–Petrovskii–Milnor–Thom). The data enter through d0 and s only, which are assumptions.
 */

import { checkFields, type Known } from "../options.js";
import { type Bound, type Estimate, settle } from "./bound.js";
import { addCounts, type Count, showCount, ZERO } from "./count.js";
import { algebraicSetCount } from "./oleinik-petrovskii-milnor-thom.js";
import { requireInteger } from "./requirement.js";
import { vanishingEstimate } from "./truncations.js";

/** One layer and the assumed description of its input. */
export interface IsolatedLayer {
  /** Dimension n ≥ 1 of the layer's input. */
  readonly inputDimension: number;
  /** Width of the layer; T1 and T2 apply when given. */
  readonly width?: number;
  /** Degree d ≥ 1 of the activation. */
  readonly degree: number;
  /** Degree d0 ≥ 1 of the equations and inequalities that cut out the input. @default 1 */
  readonly dataDegree?: number;
  /** Number s ≥ 0 of inequalities. @default 0 */
  readonly dataInequalities?: number;
}

/** M of the theorem: equations of the data may have up to this degree at no cost. */
export function isolatedLayerDegree(layer: Pick<IsolatedLayer, "degree" | "dataDegree" | "dataInequalities">): number {
  const { degree, dataDegree = 1, dataInequalities = 0 } = layer;
  return Math.max(degree, dataDegree, dataInequalities > 0 ? 2 : 1);
}

const isolatedKeys = {
  inputDimension: true,
  width: true,
  degree: true,
  dataDegree: true,
  dataInequalities: true,
  k: true,
} as const satisfies Known<IsolatedLayer & { readonly k: number }>;

/** I_k, with T1 and T2 where the width is given (short name: isolated(k, nIn, d, d0, s)), any field. Proven; O(k). */
export function isolatedLayerBound(options: IsolatedLayer & { readonly k: number }): Bound {
  checkFields(options, isolatedKeys, "the options of isolatedLayerBound");
  const { k, inputDimension, width, degree, dataDegree = 1, dataInequalities = 0 } = options;
  requireInteger(k, "k", 0);
  requireInteger(inputDimension, "inputDimension", 1);
  if (width !== undefined) requireInteger(width, "width", 1);
  requireInteger(degree, "degree", 1);
  requireInteger(dataDegree, "dataDegree", 1);
  requireInteger(dataInequalities, "dataInequalities", 0);
  return settle(isolatedLayerEstimate(options));
}

/** I_k, unchecked and not written out. */
export function isolatedLayerEstimate(options: IsolatedLayer & { readonly k: number }): Estimate {
  const { k, inputDimension, width, dataInequalities = 0 } = options;
  if (width !== undefined) {
    const ranks = [Math.min(width, inputDimension)];
    const vanishing = vanishingEstimate({ k, width, ranks, inputDimension });
    if (vanishing !== undefined) return vanishing;
  }
  const degree = isolatedLayerDegree(options);
  const trace = [
    `input in R^${inputDimension} cut out by equations of degree ≤ ${degree}` +
      (dataInequalities > 0 ? ` and ${dataInequalities} inequalities` : "") +
      `; a layer of degree ${options.degree}`,
  ];
  let count: Count = ZERO;
  for (let p = 0; p <= k; p++) {
    const variables = (p + 1) * (inputDimension + dataInequalities);
    const term = algebraicSetCount(degree, variables);
    trace.push(`p = ${p}: OPMT(${degree}, ${variables}) = ${showCount(term)}`);
    count = addCounts(count, term);
  }
  return {
    count,
    field: "any",
    theorem: "isolated-layer capacity",
    source: "derived: descent after Gabrielov, Vorobjov and Zell with Oleinik–Petrovskii–Milnor–Thom",
    status: "proven here",
    trace,
  };
}

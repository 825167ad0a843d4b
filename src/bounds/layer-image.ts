/**
 * The main bound U_k: Betti numbers of the image of a compact domain under l layers of a polynomial network.
 *
 * Descent (descent.ts) with bounds β_0(p) on b_0(W_p) and β(p, q) on b_q(W_p):
 *   U_0 = b_0(X),   U_k = b_k(X) + Σ_{p=1}^{k-1} β(p, k-p) + floor((β_0(k) - 1) / 2),   any field: β_0(k) - 1.
 * B(p) and Q(p, q) (fibre-products.ts) bound W_p whatever the last activation. If it is `even` (a pure even power up to an
 * affine change of variable, so every quadratic), outputs agree exactly when the last affine images agree up to the
 * signs of the folded units: W_p is a union of 2^{q p} sets like the fibre products Z(p) of the map before the last
 * activation. If it is `injective`, W_p is that fibre product.
 */

import { checkFields, type Known } from "../options.js";
import { type Bound, type BoundField, type Candidate, type Estimate, leastCandidate, settle } from "./bound.js";
import { type Count, compareCounts, multiplyCounts, powerOf, showCount } from "./count.js";
import { descentSum } from "./descent.js";
import { checkDomain, type Domain, describeDomain, domainBetti, isConvex } from "./domain.js";
import { fibreCandidate, type PolynomialMap } from "./fibre-products.js";
import { narrowerField, type Refinement } from "./field.js";
import { requireInteger, requireIntegers } from "./requirement.js";
import {
  convexFibresEstimate,
  evenFirstLayerEstimate,
  finiteDomainEstimate,
  mergingEstimate,
  nerveCount,
  vanishingEstimate,
} from "./truncations.js";

/** Shape of the last activation; see the head of this file. */
export type LastActivation = "general" | "even" | "injective";

/** A polynomial network up to layer l, and the question asked of it. */
export interface LayerImageOptions {
  /** Degree of homology, ≥ 0. */
  readonly k: number;
  /** Dimension n_0 of the input. */
  readonly inputDimension: number;
  /** Ranks r_1..r_l of the affine maps, or bounds on them. */
  readonly ranks: readonly number[];
  /** Width n_l of the last layer. @default the last rank */
  readonly width?: number;
  /** Degree d ≥ 1 of the activation. */
  readonly degree: number;
  /** @default "general" */
  readonly last?: LastActivation;
  /** Number q_l of units of layer l whose fold point lies inside their range (for `even`). @default width */
  readonly folded?: number;
  /** @default "normalized" (any field) */
  readonly refinement?: Refinement;
  /** @default "ball" */
  readonly domain?: Domain;
  /**
   * Where the theorem on few quadratics may be used: nowhere, on W_p itself, or on the pieces Z(p) too. It holds over
   * Z/2 and in characteristic 0 only.
   * @default "everywhere"
   */
  readonly quadratics?: "off" | "image" | "everywhere";
  /** Every fibre of the network has at most so many points (T6). @default Infinity */
  readonly fibreSize?: number;
}

/** U_k with checks: see the head of the file (short name: layerImageBound, U_k). Cost O(k l²). */
export function layerImageBound(options: LayerImageOptions): Bound {
  checkFields(
    options,
    {
      k: true,
      inputDimension: true,
      ranks: true,
      width: true,
      degree: true,
      last: true,
      folded: true,
      refinement: true,
      domain: true,
      quadratics: true,
      fibreSize: true,
    } satisfies Known<typeof options>,
    "what layerImageBound is given",
  );
  const { k, inputDimension, ranks, width, degree, folded, domain = "ball" } = options;
  requireInteger(k, "k", 0);
  requireInteger(inputDimension, "inputDimension", 1);
  requireIntegers(ranks, "ranks", 0);
  requireInteger(degree, "degree", 1);
  if (width !== undefined) requireInteger(width, "width", 1);
  if (folded !== undefined) requireInteger(folded, "folded", 0);
  checkDomain(domain);
  return settle(layerImageEstimate(options));
}

/** U_k, unchecked and not written out. */
export function layerImageEstimate(options: LayerImageOptions): Estimate {
  const { k, inputDimension, ranks, degree, last = "general", refinement = "normalized", domain = "ball" } = options;
  const width = options.width ?? ranks.at(-1)!;
  const folded = Math.min(options.folded ?? width, width);
  if (typeof domain === "object" && domain.kind === "points") return finiteDomainEstimate(k, domain.count);
  const vanishing = vanishingEstimate({ k, width, ranks, inputDimension, injective: last === "injective", domain });
  if (vanishing !== undefined) return vanishing;
  const base = domainBetti(domain, k, inputDimension);
  if (k === 0) return mergingEstimate(base);
  const convexFirst = ranks.length === 1 && isConvex(domain);
  if (convexFirst && last === "injective") return convexFibresEstimate();
  if (convexFirst && last === "even" && k === 1) return evenFirstLayerEstimate(k, folded, ranks[0]!);

  const map: PolynomialMap = { ranks, degree, outputs: width, domain, inputDimension };
  const fibres = fibreBounds(map, last, folded, options.quadratics ?? "everywhere");
  const used: Candidate[] = [];
  const use = (candidate: Candidate): Count => {
    used.push(candidate);
    return candidate.count;
  };
  const sum = descentSum(k, refinement, {
    domain: base,
    higher: (p, q) => use(fibres.higher(p, q)),
    components: (p) => use(fibres.components(p)),
    fibreSize: options.fibreSize ?? Number.POSITIVE_INFINITY,
  });
  const descent: Estimate = {
    count: sum.count,
    field: used.reduce((field: BoundField, { field: other }) => narrowerField(field, other), fieldOf(refinement)),
    theorem: "layer image (Gabrielov–Vorobjov–Zell descent)",
    source: "derived: descent, Oleinik–Petrovskii–Milnor–Thom, Milnor products, few quadratics",
    status: "proven here",
    trace: [
      `${ranks.length} layer${ranks.length > 1 ? "s" : ""} of degree ${degree}, ranks ${ranks.join(", ")}, from ${describeDomain(domain)}`,
      ...used.flatMap(({ trace }) => trace),
      ...sum.trace,
    ],
  };
  if (!(convexFirst && last === "even")) return descent;
  const nerve = evenFirstLayerEstimate(k, folded, ranks[0]!);
  return compareCounts(nerve.count, descent.count) < 0 ? nerve : descent;
}

/** Bounds β_0(p) on b_0(W_p) and β(p, q) on b_q(W_p), q ≥ 1. */
interface FibreBounds {
  readonly components: (p: number) => Candidate;
  readonly higher: (p: number, q: number) => Candidate;
}

function fibreBounds(
  map: PolynomialMap,
  last: LastActivation,
  folded: number,
  quadratics: "off" | "image" | "everywhere",
): FibreBounds {
  const { ranks } = map;
  const before: PolynomialMap = { ...map, ranks: ranks.slice(0, -1) };
  const whole = (p: number, q: number) => fibreCandidate(map, p, q, quadratics !== "off");
  const piece = (p: number, q: number) => fibreCandidate(before, p, q, quadratics === "everywhere");
  return {
    components(p) {
      if (last === "general") return whole(p, 0);
      const { count, field, trace } = piece(p, 0);
      if (last === "injective") {
        const line = `injective last layer: W_${p} is the fibre product of the map before it`;
        return leastCandidate([whole(p, 0), { count, field, trace: [line, ...trace] }]);
      }
      const split = multiplyCounts(powerOf(2, folded * p), count);
      const line =
        `even last layer with ${folded} folded units: W_${p} is a union of 2^${folded * p} pieces of ` +
        `${showCount(count)} components at most, ${showCount(split)} together; a piece:`;
      return leastCandidate([whole(p, 0), { count: split, field, trace: [line, ...trace] }]);
    },
    higher(p, q) {
      const candidates = [whole(p, q)];
      if (last === "injective") candidates.push(piece(p, q));
      if (last === "even" && ranks.length === 1 && isConvex(map.domain)) {
        const line = `W_${p} is a union of 2^${folded * p} convex sets, so b_${q} ≤ C(2^${folded * p} - 1, ${q + 1})`;
        candidates.push({ count: nerveCount(powerOf(2, folded * p), q), field: "any", trace: [line] });
      }
      return leastCandidate(candidates);
    },
  };
}

function fieldOf(refinement: Refinement): BoundField {
  return refinement === "alternating" ? "char0" : "any";
}

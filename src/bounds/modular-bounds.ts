/**
 * Bounds for networks of mixed modules: convolutions, pooling, residual blocks, activations that change on the way.
 *
 * A convolution is an affine map of the rank that convolution-rank.ts gives; average pooling belongs to the affine map
 * that follows. After every module the least of the bounds that apply is taken:
 *   - T1, T2, T4 and T5 as for plain networks, with the least rank so far as the image's dimension;
 *   - all activations polynomial, no pooling: U_k of layer-image.ts with the largest degree (a degree may be overstated);
 *   - all modules piecewise linear: the nerve of the linear pieces. A module that bends along N hyperplanes cuts a piece
 *     whose image has dimension δ into at most Σ_{j ≤ δ} C(N, j): N = kinks · units, or units · w(w-1)/2 for a maximum of
 *     w; for ReLU alone Serra's recursion where it is smaller. In a residual sum x + F(x) the pieces are those of F;
 *   - the graph form of modules.ts, with the degree of every signal followed through residual sums.
 * All of it from a ball or a cube, over any field or in characteristic 0 (alternating form).
 */

import { ConfigError, expected } from "../errors.js";
import { checkFields, type Known } from "../options.js";
import { isMonotone } from "./activation.js";
import { type ArchitectureModule, activationOf, type ModularNetwork, networkShape } from "./architecture.js";
import { boundToJson, type Estimate, MAX_DIGITS, settle } from "./bound.js";
import { type Count, compareCounts, lessOne, multiplyCounts, ONE, smallerCount, ZERO } from "./count.js";
import { descentSum } from "./descent.js";
import { checkDomain, isConvex } from "./domain.js";
import { fieldOfModulus, type Refinement } from "./field.js";
import { hyperplaneCellsCount } from "./hyperplane-cells.js";
import type { LayerBound } from "./layer-bounds.js";
import { layerImageEstimate } from "./layer-image.js";
import { reluRegionCounts } from "./linear-regions.js";
import { algebraicSetCount } from "./oleinik-petrovskii-milnor-thom.js";
import { piecewiseLinearEstimate } from "./piecewise-linear-image.js";
import { requireInteger } from "./requirement.js";
import { convexFibresEstimate, evenFirstLayerEstimate, mergingEstimate, vanishingEstimate } from "./truncations.js";

/** A network of modules, and the question asked of it. */
export interface ModularBoundsOptions {
  readonly network: ModularNetwork;
  /** Largest degree of homology. @default 1 */
  readonly maxDim?: number;
  /** As in `layerBounds`. @default 2, or 0 with field `char0` */
  readonly modulus?: number;
  /** @default fieldOfModulus(modulus, maxDim) */
  readonly field?: "any" | "char0";
  /** @default "ball" */
  readonly domain?: "ball" | "cube";
  /** Digits up to which exact integers are kept. @default 100000 */
  readonly maxDigits?: number;
}

/**
 * What the network can create from the domain, after every module, for k = 0..maxDim (short name: moduleBound(modules,
 * k), with T1 and T2). A residual block is one module.
 * @throws ConfigError for a domain that is neither ball nor cube, a field the modulus does not allow
 */
export function modularBounds(options: ModularBoundsOptions): LayerBound[] {
  checkFields(
    options,
    { network: true, maxDim: true, modulus: true, field: true, domain: true, maxDigits: true } satisfies Known<
      typeof options
    >,
    "what modularBounds is given",
  );
  const { network, maxDim = 1, domain = "ball", maxDigits = MAX_DIGITS } = options;
  networkShape(options.network, "network");
  requireInteger(maxDim, "maxDim", 0);
  checkDomain(domain);
  if (!isConvex(domain))
    throw new ConfigError(expected("ball or cube", "domain", domain), {
      hint: "Images of mixed modules are bounded from a compact convex domain only.",
    });
  const modulus = options.modulus ?? (options.field === "char0" ? 0 : 2);
  const field = options.field ?? fieldOfModulus(modulus, maxDim);
  if (field === "char0" && fieldOfModulus(modulus, maxDim) === "any")
    throw new ConfigError(expected(`"any" with modulus ${modulus}`, "field", field), {
      hint: "The form for characteristic 0 holds for a prime above maxDim + 2 or for modulus 0 only.",
    });
  const question = {
    domain,
    inputDimension: network.inputDimension,
    refinement: (field === "char0" ? "alternating" : "normalized") as Refinement,
    quadratics: modulus === 0 || modulus === 2,
  };
  const walk = new Walk(network, domain);
  return network.modules.flatMap((module, i) => {
    walk.pass(module);
    return Array.from({ length: maxDim + 1 }, (_, k): LayerBound => {
      const place = { layer: i + 1, name: module.text, width: module.outputs, k };
      const estimate = walk.estimate(k, question);
      return estimate === undefined
        ? { ...place, bound: null, reason: "no theorem for networks that mix this activation with others" }
        : { ...place, bound: boundToJson(settle(estimate, maxDigits)) };
    });
  });
}

interface Question {
  readonly domain: "ball" | "cube";
  readonly inputDimension: number;
  readonly refinement: Refinement;
  readonly quadratics: boolean;
}

/** Graph form: variables a copy, largest degree of an equation, degree of the signal in the variables kept. */
interface Account {
  readonly form: "pairwise" | "joint";
  readonly variables: number;
  readonly degree: number;
  readonly signal: number;
  /** Whether the signal holds polynomials that an affine map behind it may turn into variables. */
  readonly polynomial: boolean;
}

/** Units up to which Serra's recursion is tried: it costs as many steps as there are, for every layer again. */
const MAX_SERRA_UNITS = 200_000;

/** What is known after the modules passed so far. */
class Walk {
  /** Bound on the dimension of the image. */
  private dimension: number;
  private width: number;
  /** Modules that are not affine, and the first of them as long as it is also the last module passed. */
  private bent = 0;
  private only: ArchitectureModule | null = null;
  private onlyRank = 0;
  /** Convex pieces on which all is affine; null from the first module that is not piecewise linear. */
  private pieces: Count | null = ONE;
  /** Widths and ranks of ReLU layers, while nothing else has bent. */
  private relu: { readonly widths: number[]; readonly ranks: number[] } | null = { widths: [], ranks: [] };
  /** Ranks of the affine maps and degree of polynomial layers, while there was nothing else. */
  private chain: { readonly ranks: number[]; degree: number; last: "general" | "even" | "injective" } | null;
  /** Whether the last module was average pooling, which the chain has not met yet. */
  private pooled = false;
  private accounts: readonly Account[] | null;

  constructor(
    private readonly network: ModularNetwork,
    domain: "ball" | "cube",
  ) {
    const { inputDimension, modules } = network;
    this.dimension = this.width = inputDimension;
    this.chain = { ranks: [], degree: 1, last: "injective" };
    const first = modules.find(({ kind }) => kind !== "average-pool");
    const rank = first?.kind === "layer" ? Math.min(first.rank, first.inputs) : inputDimension;
    const variables = domain === "ball" ? rank + 1 : 2 * inputDimension;
    const start = { variables, degree: 2, signal: 1, polynomial: false };
    this.accounts = [
      { form: "pairwise", ...start },
      { form: "joint", ...start },
    ];
  }

  /** Goes through one module. */
  pass(module: ArchitectureModule): void {
    const { kind, outputs } = module;
    this.only = null;
    if (kind === "residual") {
      this.passBlock(module.block);
    } else if (kind === "average-pool") {
      this.dimension = Math.min(this.dimension, outputs);
      this.pooled = true;
    } else if (kind === "layer") {
      this.passLayer(module);
    } else {
      const { window, inputs } = module;
      if (window > 1) {
        this.bend(module, inputs);
        this.cut((outputs * window * (window - 1)) / 2, this.dimension);
        this.relu = this.chain = null;
        this.account((account) => ({
          ...account,
          variables: account.variables + outputs * (account.form === "joint" ? 1 + window : 3 * (window - 1)),
          degree: Math.max(account.degree, account.signal, account.form === "joint" ? window : 2),
          signal: 1,
          polynomial: false,
        }));
      }
      this.dimension = Math.min(this.dimension, outputs);
    }
    this.width = outputs;
  }

  private passLayer(module: Extract<ArchitectureModule, { kind: "layer" }>): void {
    const { outputs } = module;
    const activation = activationOf(module);
    const rank = Math.min(module.rank, this.dimension);
    // Behind a polynomial the affine map's coordinates are kept as variables, so that degrees do not multiply.
    this.account((account) =>
      account.polynomial
        ? {
            ...account,
            variables: account.variables + module.rank,
            degree: Math.max(account.degree, account.signal),
            signal: 1,
            polynomial: false,
          }
        : account,
    );
    if (activation.kind !== "affine") this.bend(module, rank);
    switch (activation.kind) {
      case "affine":
        break;
      case "polynomial": {
        const { degree, shape } = activation;
        this.pieces = this.relu = null;
        this.account((account) => ({ ...account, signal: account.signal * degree, polynomial: true }));
        if (this.chain) this.chain.degree = Math.max(this.chain.degree, degree);
        if (this.chain) this.chain.last = shape;
        break;
      }
      case "piecewise-linear": {
        const before = this.pieces;
        this.cut(activation.kinks * outputs, rank);
        if (activation.dying && this.relu && before) {
          this.relu.widths.push(outputs);
          this.relu.ranks.push(rank);
          const { inputDimension } = this.network;
          const units = this.relu.widths.reduce((sum, width) => sum + width, inputDimension);
          if (units <= MAX_SERRA_UNITS) {
            const counts = reluRegionCounts({ inputDimension, ...this.relu });
            this.pieces = smallerCount(this.pieces!, counts.at(-1)!);
          }
        } else this.relu = null;
        this.chain = null;
        this.account((account) => ({
          ...account,
          variables: account.variables + 2 * activation.kinks * outputs,
          degree: Math.max(account.degree, account.signal),
          signal: 2,
          polynomial: false,
        }));
        break;
      }
      default:
        this.pieces = this.relu = this.chain = this.accounts = null;
    }
    // An affine layer between polynomial ones is one of degree 1, which the largest degree covers. Coordinates have to
    // hold the affine map's whole image: its rank, not the dimension of what enters it.
    if (this.chain) this.chain.ranks.push(module.rank);
    this.pooled = false;
    if (this.chain && activation.kind === "affine") this.chain.last = "injective";
    this.dimension = Math.min(rank, outputs);
  }

  /** y = x + F(x): F's pieces and variables; the sum has the degree of the larger and the dimension of x. */
  private passBlock(block: readonly ArchitectureModule[]): void {
    const { dimension } = this;
    const before = this.accounts;
    for (const inner of block) this.pass(inner);
    // A sum with the identity is no elementwise function: what holds of a first layer or of a chain does not hold of it.
    this.only = this.chain = this.relu = null;
    this.dimension = dimension;
    this.accounts =
      this.accounts?.map((account, i) => ({
        ...account,
        signal: Math.max(account.signal, before![i]!.signal),
        polynomial: account.polynomial || before![i]!.polynomial,
      })) ?? null;
  }

  private bend(module: ArchitectureModule, rank: number): void {
    this.bent++;
    this.only = this.bent === 1 ? module : null;
    this.onlyRank = rank;
  }

  private cut(hyperplanes: number, dimension: number): void {
    if (this.pieces) this.pieces = multiplyCounts(this.pieces, hyperplaneCellsCount(hyperplanes, dimension));
  }

  private account(change: (account: Account) => Account): void {
    this.accounts = this.accounts?.map(change) ?? null;
  }

  /** The least bound on b_k after the modules passed, or undefined where none applies. */
  estimate(k: number, question: Question): Estimate | undefined {
    const { domain, inputDimension, refinement, quadratics } = question;
    const { width, dimension, bent, only } = this;
    const vanishing = vanishingEstimate({ k, width, ranks: [dimension], inputDimension });
    if (vanishing) return vanishing;
    if (k === 0) return mergingEstimate(ONE);
    if (bent === 0) return { ...convexFibresEstimate(), theorem: "affine image of a convex set" };
    if (bent === 1 && only?.kind === "layer") {
      const activation = activationOf(only);
      if (isMonotone(activation)) return convexFibresEstimate();
      const even =
        (activation.kind === "polynomial" || activation.kind === "piecewise-linear") && activation.shape === "even";
      if (even && k === 1) return evenFirstLayerEstimate(k, only.outputs, this.onlyRank);
    }
    const found: Estimate[] = [];
    if (this.pieces) found.push(piecewiseLinearEstimate(k, this.pieces));
    if (this.chain && this.chain.ranks.length > 0) {
      const { degree } = this.chain;
      const ranks = this.pooled ? [...this.chain.ranks, width] : this.chain.ranks;
      const last = this.pooled ? "injective" : this.chain.last;
      const map = { k, inputDimension, ranks, width, degree, last, folded: width, refinement, domain } as const;
      found.push(layerImageEstimate({ ...map, quadratics: quadratics ? "everywhere" : "off" }));
    }
    for (const account of this.accounts ?? []) found.push(graphEstimate(k, account, refinement));
    if (found.length === 0) return undefined;
    return found.reduce((best, next) => (compareCounts(next.count, best.count) < 0 ? next : best));
  }
}

/** The descent over the graph form. */
function graphEstimate(k: number, { variables, degree, signal }: Account, refinement: Refinement): Estimate {
  const most = Math.max(degree, signal);
  const total = (p: number) => algebraicSetCount(most, (p + 1) * variables);
  const sum = descentSum(k, refinement, { domain: ZERO, higher: (p) => lessOne(total(p)), components: total });
  return {
    count: sum.count,
    field: refinement === "alternating" ? "char0" : "any",
    theorem: "image of a network of modules (graph form)",
    source: "derived: retracts, descent, Oleinik–Petrovskii–Milnor–Thom",
    status: "proven here",
    trace: [`${variables} variables a copy, degree ${most}`, ...sum.trace],
  };
}

/** One layer of a network of one activation: which theorem bounds it, and why none does. */

import { ConfigError, expected } from "../errors.js";
import { type ActivationClass, classifyActivation, isInjective, isMonotone } from "./activation.js";
import type { Estimate } from "./bound.js";
import { type Count, smallerCount } from "./count.js";
import { checkDomain, type Domain, domainBetti, isConvex } from "./domain.js";
import { fieldOfModulus, type Refinement } from "./field.js";
import type { LayerBoundsOptions } from "./layer-bounds.js";
import { layerImageEstimate } from "./layer-image.js";
import { productRegionCounts, reluRegionCounts } from "./linear-regions.js";
import { pfaffianImageEstimate } from "./pfaffian-image.js";
import { piecewiseLinearEstimate } from "./piecewise-linear-image.js";
import { requireInteger, requireIntegers } from "./requirement.js";
import {
  convexFibresEstimate,
  evenFirstLayerEstimate,
  fibreSize,
  finiteDomainEstimate,
  mergingEstimate,
  vanishingEstimate,
} from "./truncations.js";

/** A network with every default resolved. */
export interface Network {
  readonly inputDimension: number;
  /** n_1..n_L. */
  readonly widths: readonly number[];
  /** r_1..r_L, or bounds on them. */
  readonly ranks: readonly number[];
  /** Of so many layers from the first on `ranks` are the ranks themselves. */
  readonly ranksKnown: number;
  /** q_1..q_L. */
  readonly folded: readonly number[];
  readonly activation: ActivationClass;
  /** Whether the last layer is an affine output. */
  readonly affineOutput: boolean;
  readonly domain: Domain;
  readonly refinement: Refinement;
  /** Whether theorems over Z/2 may be used. */
  readonly quadratics: boolean;
  /** Linear regions after each layer that bends; empty unless piecewise linear. */
  readonly regions: readonly Count[];
}

/** Checks the options and resolves their defaults. */
export function networkOf(options: LayerBoundsOptions): Network {
  const { widths: all, maxDim = 1, domain = "ball" } = options;
  requireIntegers(all, "widths", 1);
  if (all.length < 2) {
    throw new ConfigError(expected("the input's dimension and at least one layer", "widths", all), {
      hint: "For instance [784, 64, 64].",
    });
  }
  requireInteger(maxDim, "maxDim", 0);
  checkDomain(domain);
  const { hidden: activation, output } = activationsOf(options);
  const affineOutput = output.kind === "affine" && activation.kind !== "affine";
  const modulus = options.modulus ?? (options.field === "char0" ? 0 : 2);
  const proven = fieldOfModulus(modulus, maxDim);
  const field = options.field ?? proven;
  if (field === "char0" && proven === "any") {
    throw new ConfigError(expected(`"any" with modulus ${modulus} and maxDim ${maxDim}`, "field", field), {
      hint: "The form for characteristic 0 holds for a prime above maxDim + 2 or for modulus 0 only.",
    });
  }
  const [inputDimension, ...widths] = all as [number, ...number[]];
  const most = widths.map((width, i) => Math.min(width, all[i]!));
  // An affine output may be left out of what is known layer by layer.
  const perLayer = (values: readonly number[] | undefined, name: string, limits: readonly number[]) => {
    if (values === undefined) return limits;
    requireIntegers(values, name, 0, affineOutput && widths.length === 1);
    const whole = affineOutput && values.length === limits.length - 1 ? [...values, limits.at(-1)!] : values;
    checkPerLayer(whole, name, limits);
    return whole;
  };
  const ranks = perLayer(options.ranks, "ranks", most);
  const folded = perLayer(options.folded, "folded", widths);
  const refinement = options.refinement ?? (field === "char0" ? "alternating" : "normalized");
  if (refinement === "alternating" && proven === "any") {
    throw new ConfigError(expected(`"none" or "normalized" with modulus ${modulus}`, "refinement", refinement), {
      hint: "Alternating chains need characteristic 0 or a prime above maxDim + 2.",
    });
  }
  let regions: Count[] = [];
  if (activation.kind === "piecewise-linear") {
    const bending = affineOutput ? widths.slice(0, -1) : widths;
    const network = { inputDimension, widths: bending, ranks };
    regions = productRegionCounts(network, activation.kinks, folded);
    // Both forms hold for ReLU; the product is the smaller one only where units are known not to fold.
    if (activation.dying) regions = reluRegionCounts(network).map((count, i) => smallerCount(count, regions[i]!));
  }
  const quadratics = modulus === 0 || modulus === 2;
  const ranksKnown = options.ranks?.length ?? 0;
  const shape = { inputDimension, widths, ranks, ranksKnown, folded };
  return { ...shape, activation, affineOutput, domain, refinement, quadratics, regions };
}

/**
 * The activations of the hidden layers and of the last one.
 * @throws ConfigError for an output that is neither affine nor ends in the activation
 */
export function activationsOf({ activation, outputActivation = activation }: ActivationOptions): {
  readonly hidden: ActivationClass;
  readonly output: ActivationClass;
} {
  const hidden = classifyActivation(activation);
  const output = classifyActivation(outputActivation);
  if (output.kind !== "affine" && JSON.stringify(output) !== JSON.stringify(hidden))
    throw new ConfigError(expected("linear or the activation itself", "outputActivation", outputActivation), {
      hint: "Networks that mix activations are bounded by modularBounds.",
    });
  return { hidden, output };
}

type ActivationOptions = Pick<LayerBoundsOptions, "activation" | "outputActivation">;

/** The activation of a layer, counted from 1. */
function activationOf({ activation, affineOutput, widths }: Network, layer: number): ActivationClass {
  return affineOutput && layer === widths.length ? { kind: "affine" } : activation;
}

/** The bound on b_k of the domain, as the layer before the first. */
export function domainEstimate(network: Network, k: number): Estimate {
  const { domain, inputDimension } = network;
  if (typeof domain === "object" && domain.kind === "points") return finiteDomainEstimate(k, domain.count);
  return { ...mergingEstimate(domainBetti(domain, k, inputDimension)), theorem: "Betti number of the domain" };
}

/** T3: whether the layer is a homeomorphism onto its image, by its known rank. */
export function isHomeomorphic(network: Network, layer: number): boolean {
  const { ranks, ranksKnown, widths, inputDimension } = network;
  const before = layer === 1 ? inputDimension : widths[layer - 2]!;
  return layer <= ranksKnown && isInjective(activationOf(network, layer)) && ranks[layer - 1] === before;
}

/** The least bound on b_k of the layer's output from its own theorems, or undefined where none applies. */
export function layerEstimate(network: Network, layer: number, k: number): Estimate | undefined {
  const { inputDimension, activation, domain, refinement } = network;
  const own = activationOf(network, layer);
  // The image of an affine output is that of the layers before it, seen through an affine map.
  const output = own !== activation;
  if (typeof domain === "object" && domain.kind === "points") return finiteDomainEstimate(k, domain.count);
  const ranks = network.ranks.slice(0, layer);
  const widths = network.widths.slice(0, layer);
  const width = widths.at(-1)!;
  const folded = network.folded.slice(0, layer);
  const vanishing = vanishingEstimate({ k, width, ranks, inputDimension, injective: isInjective(own), domain });
  if (vanishing !== undefined) return vanishing;
  if (k === 0) return mergingEstimate(domainBetti(domain, 0, inputDimension));
  const convex = isConvex(domain);
  const affine = own.kind === "affine" && (layer === 1 || !output);
  if (convex && affine) return { ...convexFibresEstimate(), theorem: "affine image of a convex set" };
  if (convex && layer === 1 && isMonotone(own)) return convexFibresEstimate();

  switch (affine ? own.kind : activation.kind) {
    case "affine":
    case "polynomial":
      return layerImageEstimate({
        k,
        inputDimension,
        ranks,
        width,
        degree: affine || activation.kind !== "polynomial" ? 1 : activation.degree,
        last: own.kind === "polynomial" ? own.shape : "injective",
        folded: folded.at(-1)!,
        refinement,
        domain,
        quadratics: network.quadratics ? "everywhere" : "off",
        fibreSize: fibreSizeOf(network, layer),
      });
    case "piecewise-linear":
      if (!convex) return undefined;
      if (layer === 1 && own.kind === "piecewise-linear" && own.shape === "even")
        return evenFirstLayerEstimate(k, width, ranks[0]!);
      return piecewiseLinearEstimate(k, network.regions[layer - (output ? 2 : 1)]!);
    case "pfaffian":
      if (activation.kind !== "pfaffian") return undefined;
      if (domain !== "ball" && domain !== "cube") return undefined;
      return pfaffianImageEstimate({
        k,
        inputDimension,
        widths,
        firstRank: ranks[0]!,
        chain: activation.chain,
        domain,
        refinement,
        fibreSize: fibreSizeOf(network, layer),
      });
    default:
      return undefined;
  }
}

/** Why `layerEstimate` finds no theorem where it finds none. */
export function reasonAgainst(network: Network): string {
  const { activation, domain } = network;
  if (activation.kind === "piecewise-linear" || activation.kind === "pfaffian") {
    if (!isConvex(domain)) return "images of this activation are bounded from a ball or a cube only";
  }
  if (activation.kind === "injective")
    return "no theorem for this activation beyond the first layer unless no layer loses rank";
  return "no theorem applies to this activation";
}

/** T6, in the reduced coordinates of a ball's first layer. */
function fibreSizeOf(network: Network, layer: number): number {
  const { activation, ranksKnown, domain } = network;
  if (layer > ranksKnown || domain !== "ball") return Number.POSITIVE_INFINITY;
  const even = activation.kind === "polynomial" && activation.shape === "even";
  if (!even && !isInjective(activation)) return Number.POSITIVE_INFINITY;
  return fibreSize({
    ranks: network.ranks.slice(0, layer),
    widths: network.widths.slice(0, layer),
    folded: even ? network.folded.slice(0, activationOf(network, layer) === activation ? layer : layer - 1) : [],
  });
}

function checkPerLayer(values: readonly number[], name: string, limits: readonly number[]): void {
  if (values.length !== limits.length) {
    throw new ConfigError(expected(`${limits.length} entries, one a layer,`, name, values), {
      hint: "The first entry of widths is the input and has none.",
    });
  }
  for (const [i, value] of values.entries()) {
    const limit = limits[i]!;
    if (value <= limit) continue;
    throw new ConfigError(expected(`at most ${limit}`, `${name}[${i}]`, value), {
      hint: "A rank is at most the width of its layer and of the layer before; no more units fold than there are.",
    });
  }
}

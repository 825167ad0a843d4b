/** `bettina bounds`: what an architecture can create and carry, with the theorem behind every number. */
import { type ModularNetwork, parseModularNetwork } from "../../bounds/architecture.js";
import { describeData } from "../../bounds/carry.js";
import type { Domain } from "../../bounds/domain.js";
import { carryBounds, type LayerBound, layerBounds } from "../../bounds/layer-bounds.js";
import { modularBounds } from "../../bounds/modular-bounds.js";
import { regionBounds, surroundingStatement } from "../../bounds/network-regions.js";
import { recalledStatements } from "../../bounds/recalled-statements.js";
import { type TrainedLayer, trainedLayers } from "../../bounds/trained-network.js";
import { ConfigError, expected } from "../../errors.js";
import { loadNetwork } from "../../network/checkpoint.js";
import type { NetworkWeights } from "../../network/weights.js";
import { printable } from "../../printable.js";
import { formatArchitectureBounds } from "../../report/bounds-text.js";
import { EXIT_OK } from "../exit-codes.js";
import { type CliIo, textOptions } from "../io.js";

/** Options of `bettina bounds`, as parsed. */
export interface BoundsOptions {
  readonly maxDim?: number;
  readonly field?: "any" | "char0";
  readonly domain?: Domain;
  readonly dataDegree?: number;
  readonly dataInequalities?: number;
  readonly weights?: string;
  readonly radius?: number;
  readonly explain?: boolean;
  readonly json?: boolean;
}

/** Evaluates and prints the bounds of one architecture. */
export async function bounds(architecture: string | undefined, options: BoundsOptions, io: CliIo): Promise<number> {
  const weights = options.weights === undefined ? null : await loadNetwork(options.weights);
  if (architecture === undefined && weights === null)
    throw new ConfigError("Expected an architecture or --weights, got neither.", {
      hint: "Use for instance: bettina bounds 784-64-64-10:square",
    });
  if (weights === null && options.radius !== undefined)
    throw new ConfigError(expected("--weights", "--radius", options.radius), {
      hint: "Only the weights of a network say which units a ball of that radius folds.",
    });
  const own = weights && architectureOf(weights);
  const text = architecture ?? own!;
  const network = parseModularNetwork(text);
  if (
    own &&
    architecture !== undefined &&
    JSON.stringify(parseModularNetwork(own).plain) !== JSON.stringify(network.plain)
  )
    throw new ConfigError(expected(`${own}, as the weights have it,`, "architecture", architecture), {
      hint: "Leave the architecture out: --weights knows it.",
    });
  const { maxDim = 1, field = "any", dataDegree = 2, dataInequalities = 0, domain = "ball" } = options;
  const trained = weights && certificate(weights, domain, options.radius);
  const created = createdBy(network, { maxDim, field, domain }, trained);
  const { plain, modules } = network;
  const carried = plain ? carryBounds({ ...plain, maxDim, dataDegree, dataInequalities }) : [];
  const regions = regionBounds({ network, maxDim });
  const surrounding = surroundingStatement(network);
  const { widths, activation, outputActivation } = plain ?? { widths: null, activation: null, outputActivation: null };
  const hidden = plain ? plain.widths.slice(1, plain.outputActivation === "linear" ? -1 : undefined) : [];
  const recalled =
    hidden.length > 0
      ? recalledStatements({ inputDimension: widths![0]!, widths: hidden, activation: activation!, maxDim })
      : [];
  if (options.json) {
    const assumptions = { domain, dataDegree, dataInequalities };
    const { parameters } = network;
    const answer = {
      architecture: text,
      widths,
      activation,
      outputActivation,
      parameters,
      modules,
      maxDim,
      field,
      assumptions,
    };
    io.stdout.write(
      `${JSON.stringify({ ...answer, created, carried, regions, surrounding, recalled, trained }, null, 2)}\n`,
    );
    return EXIT_OK;
  }
  const from = domain === "ball" || domain === "cube" ? `a ${domain} of inputs` : "a finite set of inputs";
  const title =
    `Upper bounds on b_k of every layer of ${printable(text)}\n` +
    `(creates: from ${from}` +
    (plain ? `; carries: of an input ${describeData({ dataDegree, dataInequalities })})` : ")");
  const print = { ...textOptions(io), explain: options.explain === true };
  io.stdout.write(
    `${formatArchitectureBounds({ title, modules, created, carried, regions, surrounding, recalled, trained }, print)}\n`,
  );
  return EXIT_OK;
}

function createdBy(
  network: ModularNetwork,
  question: { maxDim: number; field: "any" | "char0"; domain: Domain },
  trained: readonly TrainedLayer[] | null,
): LayerBound[] {
  if (network.plain === null) {
    // A finite set stays one, but then there is nothing to bound: modularBounds says so.
    return modularBounds({ network, ...question, domain: question.domain as "ball" | "cube" });
  }
  if (trained === null) return layerBounds({ ...network.plain, ...question });
  const ranks = trained.map(({ rank }) => rank);
  const known = ranks.every((rank): rank is number => rank !== null);
  const folded = trained.map((layer) => layer.folded);
  return layerBounds({ ...network.plain, ...question, folded, ...(known ? { ranks } : {}) });
}

/** Ranks and folded units on the domain that the bounds start from. */
function certificate(weights: NetworkWeights, domain: Domain, radius: number | undefined): TrainedLayer[] {
  if (domain !== "ball" && domain !== "cube")
    throw new ConfigError(expected("ball or cube with --weights", "--domain", domain), {
      hint: "Units are certified not to fold on a compact convex domain.",
    });
  if (domain === "cube" && radius !== undefined)
    throw new ConfigError(expected("--domain ball", "--radius", radius), { hint: "The cube is the unit cube." });
  return trainedLayers(weights, { kind: domain, ...(radius === undefined ? {} : { radius }) });
}

/** The network of the weights, written in one line. */
function architectureOf({ widths, activation }: NetworkWeights): string {
  if (widths.length < 3)
    throw new ConfigError(expected("at least one hidden layer", "weights", widths), {
      hint: "A network without hidden layers is an affine map and creates nothing.",
    });
  return `${widths.join("-")}:${activation}`;
}

/** Decision regions of a whole network: which theorem bounds them, from the architecture alone. */

import { checkFields, type Known } from "../options.js";
import { type ActivationClass, classifyActivation } from "./activation.js";
import { type ModularNetwork, networkShape } from "./architecture.js";
import { type BoundJson, boundToJson, settle } from "./bound.js";
import { boundedComponentTheorem, isLimitOfInjective, leastWidthToEnclose } from "./bounded-components.js";
import { type Count, countOf, showCount } from "./count.js";
import {
  pfaffianRegionBound,
  polynomialClassRegionBound,
  polynomialRegionBound,
  reluRegionBound,
} from "./decision-regions.js";
import { productRegionCounts } from "./linear-regions.js";
import { requireInteger } from "./requirement.js";
import { nerveCount } from "./truncations.js";

/** A bound on the region where one output of the network is the largest, or is positive. */
export interface RegionBound {
  /** `{F ≥ 0}` for one affine output, or `{F_c ≥ F_j for all j}` for several. */
  readonly region: string;
  /** `sum` of all Betti numbers, or one degree. */
  readonly k: number | "sum";
  readonly bound: BoundJson | null;
  readonly reason?: string;
}

/**
 * Bounds for the decision regions of a network with an affine output, in all of R^{n_0}: {F ≥ 0} for one output, the
 * regions of the classes for several.
 */
export function regionBounds(options: {
  readonly network: ModularNetwork;
  /** Highest degree of homology, where degrees are bounded one by one. @default 1 */
  readonly maxDim?: number;
}): RegionBound[] {
  checkFields(options, { network: true, maxDim: true } satisfies Known<typeof options>, "what regionBounds is given");
  networkShape(options.network, "network");
  const { network, maxDim = 1 } = options;
  requireInteger(maxDim, "maxDim", 0);
  const classes = network.modules.at(-1)!.outputs;
  const region = classes === 1 ? "{F ≥ 0}" : `{F_c ≥ F_j for all j}, ${classes} classes`;
  const none = (reason: string): RegionBound[] => [{ region, k: "sum", bound: null, reason }];
  if (network.plain === null) return none("regions are bounded for dense networks with one activation");
  const { activation: name, outputActivation } = network.plain;
  if (classifyActivation(outputActivation).kind !== "affine")
    return none("regions are those of an affine output, and the last layer has an activation");
  const [inputDimension, ...all] = network.plain.widths as [number, ...number[]];
  const widths = all.slice(0, -1);
  // Without hidden layers the outputs are affine: one layer that does not bend says as much.
  const activation: ActivationClass = widths.length === 0 ? { kind: "affine" } : classifyActivation(name);
  const layers = Math.max(1, widths.length);
  const narrow = narrowNetworkBound(activation, inputDimension, widths, classes);
  const top = inputDimension - 1;
  const sum = (bound: Parameters<typeof boundToJson>[0]): RegionBound[] => [
    { region, k: "sum", bound: boundToJson(bound) },
    ...(narrow && top <= maxDim ? [{ region, k: top, bound: narrow }] : []),
  ];
  if (activation.kind === "polynomial" || activation.kind === "affine") {
    const degree = activation.kind === "affine" ? 1 : activation.degree;
    const shape = { inputDimension, degree, layers };
    return sum(classes === 1 ? polynomialRegionBound(shape) : polynomialClassRegionBound({ ...shape, classes }));
  }
  if (activation.kind === "piecewise-linear") {
    // A class region meets every linear piece in a convex set as well.
    return Array.from({ length: maxDim + 1 }, (_, k): RegionBound => {
      if (narrow && k === top) return { region, k, bound: narrow };
      if (activation.dying) return { region, k, bound: boundToJson(reluRegionBound({ inputDimension, widths, k })) };
      const pieces = productRegionCounts({ inputDimension, widths }, activation.kinks).at(-1)!;
      return { region, k, bound: nerveOfPieces(pieces, inputDimension, k) };
    });
  }
  if (activation.kind === "pfaffian") {
    const units = widths.reduce((all, width) => all + width, 0);
    return sum(pfaffianRegionBound({ activation: activation.chain, inputDimension, units, layers, classes }));
  }
  if (narrow && top <= maxDim) return [{ region, k: top, bound: narrow }];
  return none(`no theorem for the regions of ${name}`);
}

/**
 * Johnson's theorem (bounded-components.ts): what the hidden widths say of classes that surround others; null where it
 * does not apply: mixed modules, no hidden layer, no affine output, an activation that is no limit of one-to-one functions.
 */
export function surroundingStatement(network: ModularNetwork): {
  /** Units that some hidden layer must have for a class to surround another. */
  readonly leastWidth: number;
  /** Whether no hidden layer has as many, so that none can. */
  readonly excluded: boolean;
  /** One sentence. */
  readonly text: string;
} | null {
  networkShape(network, "network");
  const { plain } = network;
  if (plain === null || plain.widths.length < 3) return null;
  if (classifyActivation(plain.outputActivation).kind !== "affine") return null;
  if (!isLimitOfInjective(classifyActivation(plain.activation))) return null;
  const [inputDimension, ...all] = plain.widths as [number, ...number[]];
  const leastWidth = leastWidthToEnclose(inputDimension);
  const excluded = Math.max(...all.slice(0, -1)) < leastWidth;
  const what = all.at(-1) === 1 ? "{F > 0} or {F < 0}" : "{F_c > F_j} of two classes";
  const text = excluded
    ? `No component of ${what} is bounded, for no hidden layer has ${leastWidth} units: no class surrounds another single one (N5; Johnson 2019).`
    : `Some hidden layer has ${leastWidth} units or more, without which no component of ${what} could be bounded (N5; Johnson 2019).`;
  return { leastWidth, excluded, text };
}

/** b_{n-1} of {F ≥ 0} where no component of {F < 0} is bounded; on the line, one component. */
function narrowNetworkBound(
  activation: ActivationClass,
  inputDimension: number,
  widths: readonly number[],
  classes: number,
): BoundJson | null {
  if (classes > 2 || !isLimitOfInjective(activation) || Math.max(...widths) > inputDimension) return null;
  return boundToJson(
    settle({
      count: countOf(inputDimension === 1 ? 1 : 0),
      field: "any",
      theorem: boundedComponentTheorem,
      source: "Johnson 2019; derived: invariance of domain, duality",
      status: "proven here",
      trace: [`all hidden widths ≤ ${inputDimension}: the complement of the region has no bounded component`],
    }),
  );
}

function nerveOfPieces(pieces: Count, inputDimension: number, k: number): BoundJson {
  return boundToJson(
    settle({
      count: k === 0 ? pieces : k >= inputDimension ? countOf(0) : nerveCount(pieces, k),
      field: "any",
      theorem: "piecewise-linear decision region (nerve of the linear regions)",
      source: "derived: nerve theorem, Montúfar 2017",
      status: "proven here",
      trace: [`a union of at most ${showCount(pieces)} closed convex pieces in R^${inputDimension}`],
    }),
  );
}

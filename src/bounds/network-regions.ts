/** Decision regions of a whole network: which theorem bounds them, from the architecture alone. */

import { classifyActivation } from "./activation.js";
import type { ModularNetwork } from "./architecture.js";
import { type BoundJson, boundToJson, settle } from "./bound.js";
import { type Count, countOf, showCount } from "./count.js";
import {
  pfaffianRegionBound,
  polynomialClassRegionBound,
  polynomialRegionBound,
  reluRegionBound,
} from "./decision-regions.js";
import { productRegionCounts } from "./linear-regions.js";
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
 * Bounds for the decision regions of an affine output behind the network, in all of R^{n_0}.
 * @param options.classes number of outputs; 1 for {F ≥ 0} @default 1
 */
export function regionBounds(options: {
  readonly network: ModularNetwork;
  readonly maxDim?: number;
  readonly classes?: number;
}): RegionBound[] {
  const { network, maxDim = 1, classes = 1 } = options;
  const region = classes === 1 ? "{F ≥ 0}" : `{F_c ≥ F_j for all j}, ${classes} classes`;
  const none = (reason: string): RegionBound[] => [{ region, k: "sum", bound: null, reason }];
  if (network.plain === null) return none("regions are bounded for dense networks with one activation");
  const [inputDimension, ...widths] = network.plain.widths as [number, ...number[]];
  const name = network.plain.activation;
  const activation = classifyActivation(name);
  const layers = widths.length;
  const sum = (bound: Parameters<typeof boundToJson>[0]): RegionBound[] => [
    { region, k: "sum", bound: boundToJson(bound) },
  ];
  if (activation.kind === "polynomial" || activation.kind === "affine") {
    const degree = activation.kind === "affine" ? 1 : activation.degree;
    const shape = { inputDimension, degree, layers };
    return sum(classes === 1 ? polynomialRegionBound(shape) : polynomialClassRegionBound({ ...shape, classes }));
  }
  if (activation.kind === "piecewise-linear") {
    // A class region meets every linear piece in a convex set as well.
    return Array.from({ length: maxDim + 1 }, (_, k): RegionBound => {
      if (activation.dying) return { region, k, bound: boundToJson(reluRegionBound({ inputDimension, widths, k })) };
      const pieces = productRegionCounts({ inputDimension, widths }, activation.kinks).at(-1)!;
      return { region, k, bound: nerveOfPieces(pieces, inputDimension, k) };
    });
  }
  if (activation.kind === "pfaffian") {
    if (classes > 1) return none("class regions of this activation are bounded for one output only");
    const units = widths.reduce((all, width) => all + width, 0);
    return sum(pfaffianRegionBound({ activation: activation.chain, inputDimension, units, layers }));
  }
  return none(`no theorem for the regions of ${name}`);
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

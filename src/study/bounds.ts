/** The proven bounds beside a study's measurements: one record per activation and width. */
import { carryBounds, layerBounds } from "../bounds/layer-bounds.js";
import type { Dataset } from "../data/dataset.js";
import { sweepWidths } from "../network/architecture.js";
import type { StudyConfig } from "./config.js";
import type { BoundsRecord } from "./result.js";

/**
 * What every network of the sweep can create from a convex domain, and what each of its layers can carry, for the
 * hidden layers and every degree measured, over the field of the measurement.
 */
export function boundsOf(config: StudyConfig, data: Pick<Dataset, "features" | "classes">): BoundsRecord[] {
  const { maxDim, modulus } = config.homology;
  const { dataDegree, dataInequalities } = config.decision;
  return config.activations.flatMap((activation) =>
    config.widths.map((width) => {
      const widths = sweepWidths(data.features, width, config.hiddenLayers, data.classes);
      const hidden = widths.slice(0, -1);
      return {
        activation,
        width,
        widths,
        created: layerBounds({ widths: hidden, activation, maxDim, modulus }),
        carried: carryBounds({ widths: hidden, activation, maxDim, dataDegree, dataInequalities }),
      };
    }),
  );
}

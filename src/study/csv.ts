/** `betti.csv`: one row per Betti number, for spreadsheets and data frames. */
import { layerWidth } from "../network/architecture.js";
import type { MeasurementRecord } from "./result.js";

/**
 * The columns of `betti.csv`, in order, and what they mean. Empty fields: a width, activation or seed that the source
 * does not have; a Betti number that the readout does not define.
 */
export const bettiColumns = {
  source:
    "network (trained), untrained (the same network before training), projection (random, linear), gaussian (standard normal points) or input",
  activation: "relu, square, ...; empty for the input and the controls without a network",
  width:
    "units of every hidden layer (64-32-16 where they differ), or dimensions of the projection; empty for the input",
  seed: "seed of the training or projection; empty for the input",
  layer: "hidden layer counted from 1; 0 for the input and projections",
  units: "units of that layer, or dimensions of the projection; empty for the input",
  class: "class label of the images",
  subsample: "which sample of the class, from 0",
  dimension: "degree k of homology: 0 components, 1 loops, ...",
  readout: "rule by which the number was read from the persistence diagram",
  betti: "the Betti number by that rule; empty where the rule defines none",
  points: "images measured",
  distinct_points: "different points among their images under the map",
} as const;

/**
 * The rows of `betti.csv`, in the order of the measurements, with a heading; lines end in a line feed, and what has a
 * comma in it (poly:0,1,0.5) stands in double quotes.
 */
export function formatBettiCsv(measurements: readonly MeasurementRecord[]): string {
  const lines = [Object.keys(bettiColumns).join(",")];
  for (const {
    source,
    activation,
    width,
    seed,
    layer,
    class: label,
    subsample,
    points,
    distinctPoints,
    readouts,
  } of measurements)
    for (const { readout, betti } of readouts)
      betti.forEach((value, dimension) => {
        const row: Record<keyof typeof bettiColumns, string | number | null> = {
          source,
          activation,
          width,
          seed,
          layer,
          units: width === null ? null : layerWidth(width, layer)!,
          class: label,
          subsample,
          dimension,
          readout,
          betti: value,
          points,
          distinct_points: distinctPoints,
        };
        lines.push(
          Object.values(row)
            .map((field) => quoted(`${field ?? ""}`))
            .join(","),
        );
      });
  return `${lines.join("\n")}\n`;
}

function quoted(field: string): string {
  return field.includes(",") ? `"${field}"` : field;
}

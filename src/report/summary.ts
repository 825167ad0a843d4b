/** What tables and charts show of a study: medians and ranges over classes and seeds. Pure functions of the result. */
import type { LayerBound } from "../bounds/layer-bounds.js";
import { hiddenWidths, layerWidth, type SweepWidth } from "../network/architecture.js";
import { fractionKept } from "../selection/criterion.js";
import { collectEvidence } from "../selection/evidence.js";
import type { MeasurementRecord, NetworkRecord, Source, StudyResult } from "../study/result.js";

/** Five numbers about a list of Betti numbers, of which `count` were defined and `undefinedCount` were not. */
export interface Spread {
  readonly minimum: number;
  readonly lowerQuartile: number;
  readonly median: number;
  readonly upperQuartile: number;
  readonly maximum: number;
  readonly count: number;
  readonly undefinedCount: number;
}

/** The spread of one kind of cloud; null when nothing was measured or nothing was defined. */
export interface SummaryRow {
  readonly source: Exclude<Source, "input">;
  /** null for the controls without a network. */
  readonly activation: string | null;
  readonly width: SweepWidth;
  /** Hidden layer from 1; 0 for the controls without layers. */
  readonly layer: number;
  readonly spread: Spread | null;
}

/** Betti numbers of one dimension by one readout, over classes and seeds. */
export interface Summary {
  readonly readout: string;
  readonly dimension: number;
  readonly input: Spread | null;
  readonly rows: readonly SummaryRow[];
}

/** One layer of the networks of one activation and width against the input, class by class and seed by seed. */
export interface Comparison {
  /** Pairs in which both numbers are defined. */
  readonly pairs: number;
  /** Pairs in which the layer measured fewer than the input. */
  readonly fewer: number;
}

/** The spread of the numbers that are not null; quartiles by linear interpolation. */
export function spreadOf(values: readonly (number | null)[]): Spread | null {
  const sorted = values.filter((value) => value !== null).sort((a, b) => a - b);
  if (sorted.length === 0) return null;
  const at = (share: number): number => {
    const position = share * (sorted.length - 1);
    const below = Math.floor(position);
    const next = sorted[Math.min(below + 1, sorted.length - 1)]!;
    return sorted[below]! + (position - below) * (next - sorted[below]!);
  };
  return {
    minimum: sorted[0]!,
    lowerQuartile: at(0.25),
    median: at(0.5),
    upperQuartile: at(0.75),
    maximum: sorted[sorted.length - 1]!,
    count: sorted.length,
    undefinedCount: values.length - sorted.length,
  };
}

/** The Betti number of one measurement by one readout; null when the rule does not define it or was not applied. */
export function bettiNumber(measurement: MeasurementRecord, readout: string, dimension: number): number | null {
  return measurement.readouts.find((record) => record.readout === readout)?.betti[dimension] ?? null;
}

/** Sums up the Betti numbers of one dimension by one readout. */
export function summarise(result: StudyResult, readout: string, dimension: number): Summary {
  const groups = new Map<string, { row: Omit<SummaryRow, "spread">; values: (number | null)[] }>();
  const input: (number | null)[] = [];
  for (const measurement of result.measurements) {
    const value = bettiNumber(measurement, readout, dimension);
    if (measurement.source === "input") {
      input.push(value);
      continue;
    }
    const row = {
      source: measurement.source,
      activation: measurement.activation,
      width: measurement.width ?? 0,
      layer: measurement.layer,
    };
    const key = JSON.stringify(row);
    const group = groups.get(key) ?? { row, values: [] };
    group.values.push(value);
    groups.set(key, group);
  }
  return {
    readout,
    dimension,
    input: spreadOf(input),
    rows: [...groups.values()].map(({ row, values }) => ({ ...row, spread: spreadOf(values) })),
  };
}

/** The row of a summary, or undefined when no such cloud was measured. */
export function findRow(
  summary: Summary,
  source: SummaryRow["source"],
  activation: string | null,
  width: SweepWidth,
  layer: number,
): SummaryRow | undefined {
  return summary.rows.find(
    (row) =>
      row.source === source &&
      (row.activation === null
        ? row.width === layerWidth(width, layer)
        : row.width === width && row.activation === activation && row.layer === layer),
  );
}

/** In how many clouds a layer measured fewer than the input of the same class and sample. */
export function compareWithInput(
  result: StudyResult,
  readout: string,
  dimension: number,
  activation: string,
  width: SweepWidth,
  layer: number,
): Comparison {
  const input = inputNumbers(result, readout, dimension);
  let pairs = 0;
  let fewer = 0;
  for (const measurement of result.measurements) {
    if (measurement.source !== "network" || measurement.activation !== activation) continue;
    if (measurement.width !== width || measurement.layer !== layer) continue;
    const value = bettiNumber(measurement, readout, dimension);
    const reference = input.get(cloudKey(measurement));
    if (value === null || reference === null || reference === undefined) continue;
    pairs++;
    if (value < reference) fewer++;
  }
  return { pairs, fewer };
}

const inputs = new WeakMap<StudyResult, Map<string, ReadonlyMap<string, number | null>>>();

/** The input's numbers by class and sample, looked up once. */
function inputNumbers(result: StudyResult, readout: string, dimension: number): ReadonlyMap<string, number | null> {
  const held = inputs.get(result) ?? new Map<string, ReadonlyMap<string, number | null>>();
  inputs.set(result, held);
  const key = `${dimension} ${readout}`;
  const found =
    held.get(key) ??
    new Map(
      result.measurements
        .filter(({ source }) => source === "input")
        .map((measurement) => [cloudKey(measurement), bettiNumber(measurement, readout, dimension)]),
    );
  held.set(key, found);
  return found;
}

function cloudKey({ class: label, subsample }: MeasurementRecord): string {
  return `${label} ${subsample}`;
}

/** Share of the comparisons with the input, class by class and layer by layer, in which a source keeps its number. */
export function keptShares(
  result: StudyResult,
  source: Exclude<Source, "input">,
  activation: string,
): readonly { readonly width: SweepWidth; readonly share: number }[] {
  const own = source === "network" || source === "untrained";
  const { readout } = result.config.decision;
  return collectEvidence(readout, result.measurements, source, own ? activation : null, widthsOf(result))
    .map(({ width, runs }) => ({ width, share: fractionKept(runs) }))
    .filter(({ share }) => !Number.isNaN(share));
}

/** Activations of the study in the order of the config. */
export function activationsOf(result: StudyResult): readonly string[] {
  return result.config.activations;
}

/** Widths of the study, smallest first. */
export function widthsOf(result: StudyResult): readonly SweepWidth[] {
  return result.recommendation.widths;
}

/** The numbers from 1 to that of the last hidden layer of the deepest network. */
export function layersOf({ config }: StudyResult): readonly number[] {
  const depths = config.widths.map((width) => hiddenWidths(width, config.hiddenLayers).length);
  return Array.from({ length: Math.max(...depths) }, (_, i) => i + 1);
}

/**
 * Degrees from 1 in which the data can have any homology: below their dimension, for a compact set in n dimensions has
 * none in degree n or above (T1). What a filtration shows there is an artefact of the sample.
 */
export function degreesOf({ config, dataset }: StudyResult): readonly number[] {
  const most = Math.min(config.homology.maxDim, dataset.inputDimension - 1);
  return Array.from({ length: Math.max(0, most) }, (_, i) => i + 1);
}

/** The same at one width: in a layer of w units degree w and above is an artefact too. */
export function isArtefact(width: SweepWidth, layer: number, k: number): boolean {
  return (layerWidth(width, layer) ?? Number.POSITIVE_INFINITY) <= k;
}

/** Readouts in the order shown: the one that decides first, then `count`, then the rest as configured. */
export function readoutsOf(result: StudyResult): readonly string[] {
  const used = new Set(result.measurements.flatMap(({ readouts }) => readouts.map(({ readout }) => readout)));
  const first = [result.config.decision.readout, "count"].filter((name) => used.has(name));
  return [...new Set([...first, ...used])];
}

/** Networks of one activation and width, by seed. */
export function networksOf(result: StudyResult, activation: string, width: SweepWidth): readonly NetworkRecord[] {
  return result.networks.filter((network) => network.activation === activation && network.width === width);
}

/** A bound of one architecture, layer and degree; undefined when none was evaluated. */
export function findBound(
  result: StudyResult,
  kind: "created" | "carried",
  activation: string,
  width: SweepWidth,
  layer: number,
  k: number,
): LayerBound | undefined {
  return result.bounds
    .find((record) => record.activation === activation && record.width === width)
    ?.[kind].find((entry) => entry.layer === layer && entry.k === k);
}

/** Whether a readout gave a number for every cloud that was measured; a test may have been impossible in some. */
export function isTestedThroughout(result: StudyResult, readout: string, dimension: number): boolean {
  return result.measurements.every(({ readouts }) =>
    readouts.every((record) => record.readout !== readout || record.betti[dimension] !== null),
  );
}

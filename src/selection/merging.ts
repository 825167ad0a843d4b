/**
 * N2 in a study: b_0 cannot be regained once lost, so the first layer that loses some is the one to know. What can be
 * said of it are sampled statements: images that a layer gives the same values, and components of the samples at one
 * scale where a readout fixes the scale.
 */
import type { SweepWidth } from "../network/architecture.js";
import { comparedDegrees, type Measured } from "./evidence.js";

/** A measurement with its points counted; a `MeasurementRecord` is one. */
export interface Counted extends Measured {
  readonly points: number;
  readonly distinctPoints: number;
}

/** A loss seen in the networks of one width. */
export interface FirstLoss {
  readonly width: SweepWidth;
  /** Networks measured. */
  readonly trainings: number;
  /** Networks with the loss, in any layer and class. */
  readonly affected: number;
  /** The first layer with the loss, and the networks that have it there; null where none has any. */
  readonly first: { readonly layer: number; readonly trainings: number } | null;
  /** The worst layer and class: what is left, and of how many; null where nothing is lost. */
  readonly worst: { readonly layer: number; readonly class: number; readonly left: number; readonly of: number } | null;
}

/** What a study says about N2 for the networks of one activation. */
export interface Merging {
  readonly activation: string;
  /**
   * `input`: every layer is compared with the input, which the same images measured. `layer before`: samples are not
   * paired, so a layer is compared with the one before it and layer 1 with nothing.
   */
  readonly comparedWith: "input" | "layer before";
  /** Images given equal values, by distinct points, width by width. */
  readonly images: readonly FirstLoss[];
  /** Components of the samples at one scale, for every readout that fixes the scale. */
  readonly atScale: readonly { readonly readout: string; readonly widths: readonly FirstLoss[] }[];
}

/** What {@link mergingOf} needs. A `StudyResult` and its config have it. */
export interface MergingInput {
  readonly measurements: readonly Counted[];
  readonly activation: string;
  /** Ascending; the result is in their order. */
  readonly widths: readonly SweepWidth[];
  readonly readouts: readonly string[];
  readonly paired: boolean;
}

/** Finds the first layers at which the networks of one activation have fewer distinct points, or fewer components at a scale. */
export function mergingOf({ measurements, activation, widths, readouts, paired }: MergingInput): Merging {
  const distinct = (one: Counted) => one.distinctPoints;
  const losses = (of: (one: Counted) => number | null) => firstLosses(measurements, activation, widths, paired, of);
  return {
    activation,
    comparedWith: paired ? "input" : "layer before",
    images: losses(distinct),
    atScale: readouts
      .filter((readout) => readout.startsWith("at-scale=") && comparedDegrees(readout, measurements).includes(0))
      .map((readout) => ({
        readout,
        widths: losses((one) => one.readouts.find((reading) => reading.readout === readout)?.betti[0] ?? null),
      })),
  };
}

function firstLosses(
  measurements: readonly Counted[],
  activation: string,
  sweep: readonly SweepWidth[],
  paired: boolean,
  of: (one: Counted) => number | null,
): FirstLoss[] {
  const networks = measurements.filter((one) => one.source === "network" && one.activation === activation);
  const sample = (one: Counted) => `${one.class}/${one.subsample}`;
  const inputs = new Map(measurements.filter(({ source }) => source === "input").map((one) => [sample(one), of(one)]));
  const key = (one: Counted, layer: number) => `${one.width}/${one.seed}/${sample(one)}/${layer}`;
  const layers = new Map(networks.map((one) => [key(one, one.layer), of(one)]));
  return sweep.flatMap((width) => {
    const own = networks.filter((one) => one.width === width);
    if (own.length === 0) return [];
    const losses = own.flatMap((one) => {
      const before = paired ? inputs.get(sample(one)) : layers.get(key(one, one.layer - 1));
      const left = of(one);
      if (before === null || before === undefined || left === null || left >= before) return [];
      return [{ seed: one.seed, layer: one.layer, class: one.class, left, of: before }];
    });
    const seeds = (list: readonly { readonly seed: number | null }[]) => new Set(list.map(({ seed }) => seed)).size;
    const layer = Math.min(...losses.map((loss) => loss.layer));
    const worst = losses.reduce<(typeof losses)[number] | null>(
      (most, loss) => (most === null || loss.left * most.of < most.left * loss.of ? loss : most),
      null,
    );
    return [
      {
        width,
        trainings: seeds(own),
        affected: seeds(losses),
        first: worst === null ? null : { layer, trainings: seeds(losses.filter((loss) => loss.layer === layer)) },
        worst: worst === null ? null : { layer: worst.layer, class: worst.class, left: worst.left, of: worst.of },
      },
    ];
  });
}

/** In words; the limits of what was seen are part of them. */
export function mergingSentences({ images, atScale, comparedWith }: Merging): string[] {
  if (images.length === 0) return ["N2. No network was measured: nothing can be said about components."];
  const merged = images.filter(({ first }) => first !== null);
  const kept = images.filter(({ first }) => first === null).map(({ width }) => width);
  const against = comparedWith === "input" ? "the input" : "the layer before";
  const sentences = merged.map(
    (loss) => `Width ${loss.width}: images merged, first ${at(loss, `distinct points than ${against}`)}.`,
  );
  if (kept.length > 0)
    sentences.push(
      `${named(kept)}: no layer measured has fewer distinct points than ${against}. That no two of these images were merged does not show that the data's components are kept.`,
    );
  if (comparedWith === "layer before")
    sentences.push(
      "What layer 1 merges cannot be said: the samples of this study are not paired, so the input was measured on other images.",
    );
  if (merged.length > 0)
    sentences.push(
      "Images merged: different images measured have the same values in that layer, to the last bit of single precision, and no later layer can tell them apart. It is a statement about these images: those merged may well lie in one component, and components that met without two of these images falling together are not seen.",
    );
  for (const { readout, widths } of atScale) sentences.push(...scaleSentences(readout, widths, against));
  if (atScale.length === 0)
    sentences.push(
      "Of components nothing more can be said: no readout of this study counts them at one scale in the input and in the layers (at-scale=… would).",
    );
  return sentences;
}

function scaleSentences(readout: string, widths: readonly FirstLoss[], against: string): string[] {
  const fewer = widths.filter(({ first }) => first !== null);
  const rest = widths.filter(({ first }) => first === null).map(({ width }) => width);
  return [
    ...fewer.map(
      (loss) => `Width ${loss.width}, by ${readout}: fewer components first ${at(loss, `than ${against}`)}.`,
    ),
    ...(rest.length > 0
      ? [`${named(rest)}, by ${readout}: no layer measured has fewer components than ${against}.`]
      : []),
    `${readout} counts the components of a sample at that one distance. A layer may shrink or stretch all distances, so fewer at it does not show that components of the data merged, nor as many that they were kept.`,
  ];
}

function at({ first, worst, trainings }: FirstLoss, fewer: string): string {
  const share = `${first!.trainings} of ${trainings} ${trainings === 1 ? "training" : "trainings"}`;
  const { layer, left, of } = worst!;
  return `at layer ${first!.layer} (${share} with fewer ${fewer} there; at worst ${left} of ${of} left, class ${worst!.class}, layer ${layer})`;
}

function named(widths: readonly SweepWidth[]): string {
  return `Width${widths.length === 1 ? "" : "s"} ${widths.join(", ")}`;
}

/** Layers beside the input and the controls, sample by sample: the same images, and at each width the same dimension. */
import { layerWidth, type SweepWidth } from "../network/architecture.js";
import { comparedDegrees, type Measured, median } from "./evidence.js";
import { holm, type SignTest, signTest } from "./sign-test.js";

/** What a layer of trained networks is paired with. */
export type PairedWith = "input" | "projection" | "untrained";

/** One layer of one width beside one other cloud of the same images. */
export interface Pairing extends SignTest {
  readonly width: SweepWidth;
  readonly layer: number;
  /** Degree of homology. */
  readonly k: number;
  readonly with: PairedWith;
  /** p corrected by Holm over all widths, layers and degrees beside the same. */
  readonly adjustedP: number;
}

/** The pairings of one activation. */
export interface PairedEvidence {
  readonly pairings: readonly Pairing[];
  /** Samples of the input by class and draw: the pairs of one pairing, where all are defined. */
  readonly samples: number;
  /** Whether so many samples could show a difference at the level, were it the same in all of them. */
  readonly tellable: boolean;
}

/**
 * Compares sample by sample (a sample is one draw of one class) the median over the trainings of a layer with the number
 * of the input, with the median of the random maps to that width, and with that of the untrained networks. A pair in which
 * either is not defined is left out. The unit of the sign test is the sample, so it speaks of images, for the trainings
 * made; confidence over trainings is another question.
 * @param alpha level after correction
 */
export function pairedEvidence(
  readout: string,
  measurements: readonly Measured[],
  activation: string,
  sweep: readonly SweepWidth[],
  alpha: number,
): PairedEvidence {
  const samples = new Set(
    measurements.flatMap((one) => (one.source === "input" ? `${one.class}/${one.subsample}` : [])),
  ).size;
  const layers = [
    ...new Set(
      measurements.flatMap((one) => (one.source === "network" && one.activation === activation ? one.layer : [])),
    ),
  ].sort((one, other) => one - other);
  const found = comparedDegrees(readout, measurements).flatMap((k) => {
    const numbers = numbersBySample(readout, k, measurements, activation);
    return sweep.flatMap((width) =>
      layers.flatMap((layer) => {
        const own = numbers.get(`network/${width}/${layer}`);
        return (["input", "projection", "untrained"] as const).flatMap((other) => {
          const beside = numbers.get(placeOf(other, width, layer));
          if (own === undefined || beside === undefined) return [];
          const differences = [...own].flatMap(([sample, values]) => {
            const others = beside.get(sample);
            return others === undefined ? [] : [median(values) - median(others)];
          });
          return differences.length === 0 ? [] : [{ width, layer, k, with: other, ...signTest(differences) }];
        });
      }),
    );
  });
  const pairings = (["input", "projection", "untrained"] as const).flatMap((other) => {
    const own = found.filter((one) => one.with === other);
    const adjusted = holm(own.map(({ pValue }) => pValue));
    return own.map((one, i) => ({ ...one, adjustedP: adjusted[i]! }));
  });
  const family = Math.max(
    1,
    ...(["projection", "untrained", "input"] as const).map((other) => found.filter((one) => one.with === other).length),
  );
  return { pairings, samples, tellable: family * 2 * 0.5 ** samples <= alpha };
}

function placeOf(source: PairedWith, width: SweepWidth, layer: number): string {
  if (source === "input") return "input";
  return source === "untrained" ? `untrained/${width}/${layer}` : `projection/${layerWidth(width, layer)}/0`;
}

/** Numbers by place, then by sample; those of all seeds. */
function numbersBySample(readout: string, k: number, measurements: readonly Measured[], activation: string) {
  const places = new Map<string, Map<string, number[]>>();
  for (const one of measurements) {
    if (one.activation !== null && one.activation !== activation) continue;
    const betti = one.readouts.find((record) => record.readout === readout)?.betti[k];
    if (betti === null || betti === undefined) continue;
    const place = one.source === "input" ? "input" : `${one.source}/${one.width}/${one.layer}`;
    const bySample = places.get(place) ?? new Map<string, number[]>();
    places.set(place, bySample);
    const sample = `${one.class}/${one.subsample}`;
    bySample.set(sample, [...(bySample.get(sample) ?? []), betti]);
  }
  return places;
}

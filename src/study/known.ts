/** On data whose Betti numbers are known: how often each place measured the right number. */
import type { ExpectedBetti } from "../data/dataset.js";
import type { MeasurementRecord } from "./result.js";
import type { Place } from "./statistics.js";

/** How often one place measured the known number, in one degree by one readout. */
export interface KnownComparison extends Place {
  readonly readout: string;
  readonly k: number;
  /** Clouds for which the readout defines a number. */
  readonly clouds: number;
  /** Clouds, over classes, samples and seeds, with exactly the known number. */
  readonly right: number;
  readonly fewer: number;
  readonly more: number;
}

/** The known Betti numbers beside the measured ones. */
export interface KnownTopology {
  readonly classes: readonly ExpectedBetti[];
  /** In the order of the measurements. */
  readonly places: readonly KnownComparison[];
}

/** Compares every measurement with what is known of its class; null where nothing is. Degrees above those listed are 0. */
export function compareWithKnown(
  measurements: readonly MeasurementRecord[],
  expected: readonly ExpectedBetti[] | null,
): KnownTopology | null {
  if (expected === null) return null;
  const places = new Map<string, { -readonly [Key in keyof KnownComparison]: KnownComparison[Key] }>();
  for (const { source, activation, width, layer, class: label, readouts } of measurements) {
    // Points of pure noise have no class.
    const known = source === "gaussian" ? undefined : expected.find((one) => one.class === label);
    if (known === undefined) continue;
    for (const { readout, betti } of readouts)
      betti.forEach((value, k) => {
        if (value === null) return;
        const place = { source, activation, width, layer, readout, k };
        const key = JSON.stringify(place);
        const held = places.get(key) ?? { ...place, clouds: 0, right: 0, fewer: 0, more: 0 };
        places.set(key, held);
        const right = known.betti[k] ?? 0;
        held.clouds++;
        if (value === right) held.right++;
        else if (value < right) held.fewer++;
        else held.more++;
      });
  }
  return { classes: expected, places: [...places.values()] };
}

/** In words, by one readout, degree by degree: the input, then every layer of the trained networks by width. */
export function knownSentences({ classes, places }: KnownTopology, readout: string): string[] {
  const own = places.filter((place) => place.readout === readout);
  const degrees = [...new Set(own.map(({ k }) => k))].sort((one, other) => one - other);
  return degrees.flatMap((k) => {
    const at = own.filter((place) => place.k === k);
    const input = at.find(({ source }) => source === "input");
    const numbers = classes.map((one) => one.betti[k] ?? 0).join(", ");
    const networks = at.filter(({ source }) => source === "network");
    const activations = [...new Set(networks.map(({ activation }) => activation))];
    return [
      `Known: b_${k} = ${numbers} by class. By ${readout} the input shows it in ${share(input)}.`,
      ...activations.flatMap((activation) => {
        // In the order of the measurements: ascending.
        const widths = [...new Set(networks.map(({ width }) => width))];
        return widths.map((width) => {
          const layers = networks.filter((place) => place.activation === activation && place.width === width);
          return `${activation}, width ${width}: b_${k} right in ${layers.map((place) => `${share(place)} (layer ${place.layer})`).join(", ")}.`;
        });
      }),
    ];
  });
}

function share(place: KnownComparison | undefined): string {
  return place === undefined ? "no sample" : `${place.right} of ${place.clouds} clouds`;
}

/** `bettina homology --replicates`: how far the choice of landmarks alone moves the numbers. */
import { shortNumber } from "../report/terminal.js";
import { type LandmarkReplicates, landmarkReplicates, type Spread } from "../topology/landmark-bounds.js";
import type { LandmarkOptions } from "../topology/landmarks.js";
import type { PersistenceOptions } from "../topology/persistence.js";
import type { PersistenceInput } from "../topology/point-cloud.js";

/** What is asked for. */
export interface ReplicateOptions {
  readonly replicates: number;
  /** A rule by which Betti numbers are read; given none, those that need no parameter and the scale, where there is one. */
  readonly readout?: string | undefined;
  readonly scale?: number | undefined;
}

/** Chooses landmarks again and again and reads the Betti numbers of each choice. */
export function replicatesOf(
  input: PersistenceInput,
  call: Omit<PersistenceOptions, "landmarks" | "onProgress"> & { readonly landmarks: LandmarkOptions },
  { replicates, readout, scale }: ReplicateOptions,
  onReplicate: (done: number) => void,
): Promise<LandmarkReplicates> {
  const usual = ["universal-null@0.05", ...(scale === undefined ? [] : [`at-scale=${scale}`]), "count"];
  return landmarkReplicates(input, {
    ...call,
    replicates,
    readouts: readout === undefined ? usual : [readout],
    onReplicate,
  });
}

/** The replicates in words, a line each. */
export function formatReplicates({ rule, replicates, coveringRadius, betti }: LandmarkReplicates): string {
  const [first, last] = [replicates[0]!.seed, replicates.at(-1)!.seed];
  const seeds = first === last ? `seed ${first}` : `seeds ${first} to ${last}`;
  return [
    `${replicates.length} ${replicates.length === 1 ? "choice" : "choices"} of landmarks by the rule ${rule}, ${seeds}: median (5 % to 95 %), no bounds.`,
    `  covering radius ${spread(coveringRadius)}`,
    ...betti.map(
      ({ readout, spread: numbers }) =>
        `  by ${readout}: ${numbers.map((number, k) => `b${k} ${number ? spread(number) : "–"}`).join(", ")}`,
    ),
  ].join("\n");
}

function spread({ median, lower, upper }: Spread): string {
  return `${shortNumber(median)} (${shortNumber(lower)} to ${shortNumber(upper)})`;
}

/** The replicates as `--json` holds them. */
export function replicatesToJson({ rule, replicates, coveringRadius, betti }: LandmarkReplicates): object {
  return {
    rule,
    coveringRadius,
    betti,
    replicates: replicates.map(({ seed, coveringRadius: radius, readings }) => ({
      seed,
      coveringRadius: radius,
      betti: readings.map((reading) => reading.betti),
    })),
  };
}

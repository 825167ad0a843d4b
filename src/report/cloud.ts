/** What stands on the page of one cloud: the result, what it proves, and where it came from. */
import { createHash } from "node:crypto";
import type { VersionRecord } from "../study/result.js";
import type { LandmarkReplicates } from "../topology/landmark-bounds.js";
import type { PersistenceResult } from "../topology/persistence.js";
import { isDistanceMatrix, type PersistenceInput, toPointCloud } from "../topology/point-cloud.js";
import type { ReadoutContext } from "../topology/readout-context.js";
import type { Approximation } from "./approximation-text.js";

/** What is known of the numbers that went in. */
export interface CloudRecord {
  /** Number of coordinates; null for a distance matrix. */
  readonly dimension: number | null;
  /** SHA-256 of the numbers, row by row, in hexadecimal. */
  readonly digest: string;
  /** What the numbers are: "uint8", "float32" or "float64". */
  readonly type: string;
}

/** Everything on the page of one cloud. */
export interface CloudPage {
  /** What was measured: a file, or a class of a data set. */
  readonly name: string;
  readonly cloud: CloudRecord;
  /** Metric of the cloud in words. */
  readonly metric: string;
  readonly result: PersistenceResult;
  /** What landmarks or a sparse filtration prove about all points. */
  readonly approximation?: Approximation;
  /** Other random choices of landmarks. */
  readonly replicates?: LandmarkReplicates;
  /** Readouts by name, in the order shown. @default {@link pageReadouts} */
  readonly readouts?: readonly string[];
  /** What some readouts read besides the diagrams. */
  readonly context?: ReadoutContext;
  /** Longest edge asked for; absent where nothing was to be cut. */
  readonly threshold?: number;
  /** Options that were given, as on the command line. */
  readonly options: readonly (readonly [string, string])[];
  readonly versions: Omit<VersionRecord, "tfjs">;
}

/** Rules that need nothing but the diagrams; at a scale, too, where one was asked for. */
export function pageReadouts(scale?: number): readonly string[] {
  const at = scale === undefined ? [] : [`at-scale=${scale}`];
  return ["universal-null@0.05", ...at, "ratio>1.1", "largest-gap", "single-linkage-gap>2", "count"];
}

/** Digest, type and dimension of an input's numbers. O(n d). */
export function cloudRecord(input: PersistenceInput): CloudRecord {
  const matrix = isDistanceMatrix(input);
  const cloud = matrix ? undefined : toPointCloud(input);
  const numbers = matrix ? input.distances : cloud!.data;
  const type = numbers instanceof Uint8Array ? "uint8" : numbers instanceof Float32Array ? "float32" : "float64";
  const bytes = new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
  return { dimension: cloud ? cloud.shape[1] : null, digest: createHash("sha256").update(bytes).digest("hex"), type };
}

/** Whether a threshold was asked for that leaves something out. */
export function isCut({ threshold = Infinity, result }: Pick<CloudPage, "threshold" | "result">): boolean {
  return threshold < result.enclosingRadius;
}

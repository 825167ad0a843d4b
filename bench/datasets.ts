/** Clouds to time. MNIST is read from beside the project and never copied into it. */
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { gunzipSync } from "node:zlib";
import { type DistanceMatrix, type PointCloud, pairwiseDistances } from "bettina";

/** A named cloud. */
export interface NamedCloud {
  readonly name: string;
  readonly cloud: PointCloud;
}

/** n points of a fixed pseudo-random cloud in [0, 1)^d (a golden-ratio lattice: no random source needed). */
export function latticeCloud(n: number, d: number): NamedCloud {
  const data = new Float32Array(n * d);
  const primes = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29];
  for (let i = 0; i < n; i++) for (let k = 0; k < d; k++) data[i * d + k] = ((i + 1) * Math.sqrt(primes[k]!)) % 1;
  return { name: `lattice, d = ${d}, n = ${n}`, cloud: { data, shape: [n, d] } };
}

/** The first n images of a digit, as bytes, in file order; undefined where MNIST is absent. */
export function mnistCloud(digit: number, n: number, split: "train" | "test" = "train"): NamedCloud | undefined {
  const folder = process.env.BETTINA_MNIST ?? resolve(process.env.BETTINA_SHARED ?? "../shared", "data", "mnist");
  const stem = split === "train" ? "train" : "t10k";
  if (!existsSync(join(folder, `${stem}-images-idx3-ubyte.gz`))) return undefined;
  const read = (name: string, header: number) => gunzipSync(readFileSync(join(folder, name))).subarray(header);
  const pixels = read(`${stem}-images-idx3-ubyte.gz`, 16);
  const labels = read(`${stem}-labels-idx1-ubyte.gz`, 8);
  const data = new Uint8Array(n * 784);
  for (let row = 0, taken = 0; taken < n && row < labels.length; row++)
    if (labels[row] === digit) data.set(pixels.subarray(row * 784, (row + 1) * 784), 784 * taken++);
  return { name: `MNIST digit ${digit}, n = ${n}`, cloud: { data, shape: [n, 784], scale: 1 / 255 } };
}

/** A distance matrix to time, with what is known about it. */
export interface NamedMatrix {
  readonly name: string;
  readonly matrix: DistanceMatrix;
  readonly maxDim: number;
  readonly threshold: number | null;
  /** Number of intervals per dimension by other engines, null where unknown. */
  readonly expected: readonly number[] | null;
  /** User seconds of Debian's Ripser on another machine, null where it was not run to the end. */
  readonly peerSeconds: number | null;
}

/** What `sets.json` says of a set. */
interface SetRecord {
  readonly set: string;
  readonly kind?: "points" | "distances";
  readonly file?: string;
  readonly maxDim: number;
  readonly threshold: number | null;
  readonly intervals: Record<string, number>;
  readonly userSeconds: Record<string, number>;
}

/** Every set beside the project, MNIST included, as float32 distance matrices; empty where there are none. */
export async function benchmarkSets(): Promise<NamedMatrix[]> {
  const folder = resolve(process.env.BETTINA_SHARED ?? "../shared", "data", "sets");
  if (!existsSync(join(folder, "sets.json"))) return [];
  const records = JSON.parse(readFileSync(join(folder, "sets.json"), "utf8")) as SetRecord[];
  const found: NamedMatrix[] = [];
  for (const record of records) {
    const matrix = record.file ? await readSet(join(folder, record.file), record.kind!) : await mnistSet(record.set);
    if (!matrix) continue;
    const counts = Object.entries(record.intervals ?? {}).sort(([a], [b]) => Number(a) - Number(b));
    found.push({
      name: record.set,
      matrix,
      maxDim: record.maxDim,
      threshold: record.threshold,
      expected: counts.length > record.maxDim ? counts.map(([, count]) => count) : null,
      peerSeconds: record.userSeconds["ripser 1.2.1 (Debian)"] ?? null,
    });
  }
  return found;
}

async function mnistSet(name: string): Promise<DistanceMatrix | undefined> {
  const parts = /^mnist_c(\d)_(train|test)(\d+)$/.exec(name);
  if (!parts) return undefined;
  const named = mnistCloud(Number(parts[1]), Number(parts[3]), parts[2] as "train" | "test");
  return named && pairwiseDistances(named.cloud);
}

/** A float32 npy file of points or of a full distance matrix. */
async function readSet(file: string, kind: "points" | "distances"): Promise<DistanceMatrix> {
  const bytes = readFileSync(file);
  const start = 10 + bytes.readUInt16LE(8);
  const shape = /\(([^)]*)\)/
    .exec(bytes.toString("latin1", 10, start))![1]!
    .split(",")
    .map(Number);
  const data = new Float32Array(bytes.buffer.slice(bytes.byteOffset + start, bytes.byteOffset + bytes.length));
  return kind === "points"
    ? pairwiseDistances({ data, shape: [shape[0]!, shape[1]!] })
    : { distances: data, n: shape[0]! };
}

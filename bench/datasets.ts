/** Clouds to time. MNIST is read from beside the project and never copied into it. */
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { gunzipSync } from "node:zlib";
import { type PointCloud, pairwiseDistances } from "bettina";

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

/** The first n training images of a digit, as bytes; undefined where MNIST is absent. */
export function mnistCloud(digit: number, n: number): NamedCloud | undefined {
  const folder = process.env.BETTINA_MNIST ?? resolve(process.env.BETTINA_SHARED ?? "../shared", "data", "mnist");
  if (!existsSync(join(folder, "train-images-idx3-ubyte.gz"))) return undefined;
  const read = (name: string, header: number) => gunzipSync(readFileSync(join(folder, name))).subarray(header);
  const pixels = read("train-images-idx3-ubyte.gz", 16);
  const labels = read("train-labels-idx1-ubyte.gz", 8);
  const data = new Uint8Array(n * 784);
  for (let row = 0, taken = 0; taken < n && row < labels.length; row++)
    if (labels[row] === digit) data.set(pixels.subarray(row * 784, (row + 1) * 784), 784 * taken++);
  return { name: `MNIST digit ${digit}, n = ${n}`, cloud: { data, shape: [n, 784], scale: 1 / 255 } };
}

/**
 * Writes the distances of a cloud as a DIPHA distance matrix (three i64: magic, kind 7, n; then n² float64) into a
 * temporary folder. Debian's Ripser 1.2.1 reads one number too many from its own binary format, and text would time
 * its parser.
 */
export async function writeDiphaDistances({ cloud }: NamedCloud): Promise<string> {
  const { distances, n } = await pairwiseDistances(cloud);
  const bytes = new ArrayBuffer(24 + 8 * n * n);
  new BigInt64Array(bytes, 0, 3).set([8067171840n, 7n, BigInt(n)]);
  new Float64Array(bytes, 24).set(distances);
  const file = join(mkdtempSync(join(tmpdir(), "bettina-bench-")), "distances.dipha");
  writeFileSync(file, new Uint8Array(bytes));
  return file;
}

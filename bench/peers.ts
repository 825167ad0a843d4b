/** Programs to compare with, as Debian has them, and the files they read. */
import { closeSync, openSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { DistanceMatrix } from "bettina";

/** Ripser, on a DIPHA distance matrix that is written into the folder: 8 n² bytes. */
export function ripserCommand(
  folder: string,
  matrix: DistanceMatrix,
  maxDim: number,
  threshold: number | null = null,
): string[] {
  const cut = threshold === null ? [] : ["--threshold", String(threshold)];
  return ["ripser", "--format", "dipha", "--dim", String(maxDim), ...cut, writeDiphaMatrix(folder, matrix)];
}

/** GUDHI's command-line tool with edge collapse, on a semicolon-separated lower triangle written into the folder. */
export function gudhiCommand(folder: string, matrix: DistanceMatrix, maxDim: number, threshold: number): string[] {
  return [
    "gudhi-distance-matrix-edge-collapse-rips-persistence",
    writeLowerCsv(folder, matrix),
    ...["-r", String(threshold * 1.000001), "-d", String(maxDim + 1), "-p", "2", "-m", "0"],
    ...["-o", join(folder, "gudhi.out")],
  ];
}

/**
 * Writes distances as a DIPHA distance matrix (three i64: magic, kind 7, n; then n² float64). Debian's Ripser 1.2.1
 * reads one number too many from its own binary format, and text would time its parser.
 */
function writeDiphaMatrix(folder: string, { distances, n }: DistanceMatrix): string {
  const file = join(folder, "distances.dipha");
  const output = openSync(file, "w");
  writeSync(output, new BigInt64Array([8067171840n, 7n, BigInt(n)]));
  // Row by row: the whole would be 8 n² bytes more of memory.
  for (let i = 0; i < n; i++) writeSync(output, Float64Array.from(distances.subarray(i * n, (i + 1) * n)));
  closeSync(output);
  return file;
}

/** Writes the lower triangle as text, a row a line, semicolons between: the form of GUDHI's tools. */
function writeLowerCsv(folder: string, { distances, n }: DistanceMatrix): string {
  const lines = Array.from({ length: n }, (_, i) => Array.from(distances.subarray(i * n, i * n + i)).join(";"));
  const file = join(folder, "distances.csv");
  writeFileSync(file, `${lines.join("\n")}\n`);
  return file;
}

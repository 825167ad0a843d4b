/** Independent programs that compute the same intervals; tests that need one are skipped where it is not installed. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** True when the program can be started. */
export function isInstalled(program: string, ...args: string[]): boolean {
  return spawnSync(program, args.length ? args : ["--help"], { stdio: "ignore" }).error === undefined;
}

/** True when Python can import GUDHI. */
export function hasGudhi(): boolean {
  return ["/usr/bin/python3", "python3"].some((python) => gudhiPython(python));
}

/** A Python that can import GUDHI and another module (`ot` for Wasserstein distances), where there is one. */
export function gudhiPythonWith(other: string): string | undefined {
  const imports = `import gudhi, ${other}`;
  return ["/usr/bin/python3", "python3"].find(
    (python) => spawnSync(python, ["-c", imports], { stdio: "ignore" }).status === 0,
  );
}

function gudhiPython(python: string): boolean {
  return spawnSync(python, ["-c", "import gudhi"], { stdio: "ignore" }).status === 0;
}

/** Intervals by dimension, sorted by birth, then death. */
export type OracleDiagrams = [number, number][][];

/** The lower triangle of a full square matrix as text that loses nothing. */
export function lowerTriangle(matrix: ArrayLike<number>, n: number): string {
  const lines: string[] = [];
  for (let i = 1; i < n; i++) {
    const line: string[] = [];
    for (let j = 0; j < i; j++) line.push(String(matrix[i * n + j]));
    lines.push(line.join(","));
  }
  return `${lines.join("\n")}\n`;
}

/**
 * Intervals by Ripser (`ripser`, or `ripser-coeff` for other fields than Z/2). It prints 6 significant digits.
 */
export function ripserIntervals(
  matrix: ArrayLike<number>,
  n: number,
  { maxDim, modulus = 2, threshold }: { maxDim: number; modulus?: number; threshold?: number },
): OracleDiagrams {
  const folder = mkdtempSync(join(tmpdir(), "ripser-"));
  try {
    const file = join(folder, "matrix.lower_distance_matrix");
    writeFileSync(file, lowerTriangle(matrix, n));
    const args = ["--format", "lower-distance", "--dim", String(maxDim)];
    if (threshold !== undefined) args.push("--threshold", String(threshold));
    if (modulus !== 2) args.push("--modulus", String(modulus));
    const text = execFileSync(modulus === 2 ? "ripser" : "ripser-coeff", [...args, file], {
      encoding: "utf8",
      maxBuffer: 1 << 28,
    });
    return parseRipser(text, maxDim);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Intervals by Ripser of a sparse list of edges: lines `i j distance`, no edge but those. */
export function ripserSparseIntervals(lines: string, maxDim: number): OracleDiagrams {
  const folder = mkdtempSync(join(tmpdir(), "ripser-"));
  try {
    const file = join(folder, "edges.txt");
    writeFileSync(file, lines);
    const args = ["--format", "sparse", "--dim", String(maxDim), file];
    return parseRipser(execFileSync("ripser", args, { encoding: "utf8", maxBuffer: 1 << 28 }), maxDim);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function parseRipser(text: string, maxDim: number): OracleDiagrams {
  const diagrams: OracleDiagrams = Array.from({ length: maxDim + 1 }, () => []);
  let dim = -1;
  for (const line of text.split("\n")) {
    const header = /persistence intervals in dim (\d+)/.exec(line);
    if (header) dim = Number(header[1]);
    const interval = /^\s*\[([^,]+),\s*([^)]*)\)/.exec(line);
    if (interval && dim >= 0 && dim <= maxDim)
      diagrams[dim]!.push([Number(interval[1]), interval[2]!.trim() === "" ? Infinity : Number(interval[2])]);
  }
  return diagrams.map(sortPairs);
}

/** Intervals by GUDHI's Rips complex and simplex tree, in float64, through Python. */
export function gudhiIntervals(
  matrix: ArrayLike<number>,
  n: number,
  { maxDim, modulus = 2, threshold }: { maxDim: number; modulus?: number; threshold: number },
): OracleDiagrams {
  const python = ["/usr/bin/python3", "python3"].find(gudhiPython)!;
  const program = [
    "import sys, json, gudhi",
    "job = json.load(sys.stdin)",
    "rips = gudhi.RipsComplex(distance_matrix=job['rows'], max_edge_length=job['threshold'])",
    "tree = rips.create_simplex_tree(max_dimension=job['maxDim'] + 1)",
    "bars = tree.persistence(homology_coeff_field=job['modulus'], min_persistence=0)",
    "print(json.dumps([[d, b, None if e == float('inf') else e] for d, (b, e) in bars]))",
  ].join("\n");
  const rows = Array.from({ length: n }, (_, i) => Array.from({ length: i }, (__, j) => matrix[i * n + j]));
  const text = execFileSync(python, ["-c", program], {
    input: JSON.stringify({ rows, threshold, maxDim, modulus }),
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  const diagrams: OracleDiagrams = Array.from({ length: maxDim + 1 }, () => []);
  for (const [dim, birth, death] of JSON.parse(text) as [number, number, number | null][])
    if (dim <= maxDim && (death ?? Infinity) > birth) diagrams[dim]!.push([birth, death ?? Infinity]);
  return diagrams.map(sortPairs);
}

function sortPairs(intervals: [number, number][]): [number, number][] {
  return intervals.sort((a, b) => a[0] - b[0] || (a[1] === b[1] ? 0 : a[1] - b[1]));
}

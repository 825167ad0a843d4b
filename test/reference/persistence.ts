/**
 * The textbook algorithm, kept apart from everything the engine does: list every simplex, sort the filtration, reduce
 * the boundary matrix column by column from the left (Edelsbrunner, Letscher, Zomorodian 2002; Zomorodian and Carlsson
 * 2005 for Z/p). No clearing, no cohomology, no shortcuts; cubic in the number of simplices.
 */

/** An interval of the reference; `death` is Infinity for an essential class. */
export interface ReferenceInterval {
  readonly birth: number;
  readonly death: number;
}

/** What the reference needs to know. */
export interface ReferenceOptions {
  readonly maxDim: number;
  /** Longest edge kept; Infinity keeps every finite edge. */
  readonly threshold: number;
  readonly modulus: number;
  readonly zeroLength?: boolean;
}

interface Simplex {
  readonly vertices: readonly number[];
  readonly value: number;
}

/** Intervals of dimension 0..maxDim of the Rips filtration of a full square matrix, each sorted by birth, death. */
export function referencePersistence(
  matrix: ArrayLike<number>,
  n: number,
  { maxDim, threshold, modulus, zeroLength = false }: ReferenceOptions,
): ReferenceInterval[][] {
  const simplices = listSimplices(matrix, n, maxDim + 1, threshold);
  simplices.sort(
    (a, b) => a.value - b.value || a.vertices.length - b.vertices.length || compare(a.vertices, b.vertices),
  );
  const position = new Map(simplices.map(({ vertices }, i) => [vertices.join(), i]));
  const diagrams: ReferenceInterval[][] = Array.from({ length: maxDim + 1 }, () => []);
  const columnOfPivot = new Map<number, Map<number, number>>();
  const killed = new Set<number>();
  const creators: number[] = [];
  simplices.forEach(({ vertices, value }, i) => {
    const column = boundary(vertices, position, modulus);
    let pivot = lowest(column);
    while (pivot >= 0 && columnOfPivot.has(pivot)) {
      const other = columnOfPivot.get(pivot)!;
      const factor = modulus - ((column.get(pivot)! * invert(other.get(pivot)!, modulus)) % modulus);
      for (const [row, coefficient] of other) {
        const sum = ((column.get(row) ?? 0) + factor * coefficient) % modulus;
        if (sum === 0) column.delete(row);
        else column.set(row, sum);
      }
      pivot = lowest(column);
    }
    if (pivot < 0) {
      creators.push(i);
      return;
    }
    columnOfPivot.set(pivot, column);
    killed.add(pivot);
    const born = simplices[pivot]!;
    const dim = born.vertices.length - 1;
    if (dim <= maxDim && (zeroLength || value > born.value)) diagrams[dim]!.push({ birth: born.value, death: value });
  });
  for (const i of creators) {
    const { vertices, value } = simplices[i]!;
    const dim = vertices.length - 1;
    if (dim <= maxDim && !killed.has(i)) diagrams[dim]!.push({ birth: value, death: Infinity });
  }
  for (const diagram of diagrams)
    diagram.sort((a, b) => a.birth - b.birth || (a.death === b.death ? 0 : a.death - b.death));
  return diagrams;
}

/** The least, over the points, of the largest distance to another point. */
export function referenceEnclosingRadius(matrix: ArrayLike<number>, n: number): number {
  let radius = Infinity;
  for (let i = 0; i < n; i++) {
    let farthest = 0;
    for (let j = 0; j < n; j++) if (j !== i) farthest = Math.max(farthest, matrix[i * n + j]!);
    radius = Math.min(radius, farthest);
  }
  return radius;
}

function listSimplices(matrix: ArrayLike<number>, n: number, topDim: number, threshold: number): Simplex[] {
  const found: Simplex[] = [];
  const extend = (vertices: number[], value: number): void => {
    found.push({ vertices, value });
    if (vertices.length > topDim) return;
    for (let k = vertices[vertices.length - 1]! + 1; k < n; k++) {
      const widest = Math.max(value, ...vertices.map((v) => matrix[v * n + k]!));
      if (widest <= threshold && widest < Infinity) extend([...vertices, k], widest);
    }
  };
  for (let v = 0; v < n; v++) extend([v], 0);
  return found;
}

function boundary(vertices: readonly number[], position: Map<string, number>, modulus: number): Map<number, number> {
  const column = new Map<number, number>();
  if (vertices.length === 1) return column;
  vertices.forEach((_, i) => {
    const facet = position.get(vertices.filter((__, j) => j !== i).join())!;
    column.set(facet, i % 2 === 0 ? 1 : modulus - 1);
  });
  return column;
}

function lowest(column: Map<number, number>): number {
  let low = -1;
  for (const row of column.keys()) if (row > low) low = row;
  return low;
}

function invert(a: number, modulus: number): number {
  for (let b = 1; b < modulus; b++) if ((a * b) % modulus === 1) return b;
  throw new Error(`${a} has no inverse mod ${modulus}`);
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return 0;
}

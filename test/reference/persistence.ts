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

/** Simplices are sets of vertices, written as bits; all have fewer than 20. */
const MOST_POINTS = 20;

/** Intervals of dimension 0..maxDim of the Rips filtration of a full square matrix, each sorted by birth, death. */
export function referencePersistence(
  matrix: ArrayLike<number>,
  n: number,
  { maxDim, threshold, modulus, zeroLength = false }: ReferenceOptions,
): ReferenceInterval[][] {
  if (n > MOST_POINTS) throw new Error(`The reference takes at most ${MOST_POINTS} points, not ${n}.`);
  const { sets, values, sizes } = filtration(matrix, n, maxDim + 2, threshold);
  const count = sets.length;
  const position = new Int32Array(2 ** n);
  sets.forEach((set, i) => {
    position[set] = i;
  });
  const diagrams: ReferenceInterval[][] = Array.from({ length: maxDim + 1 }, () => []);
  // Finished columns, by their lowest row: rows and coefficients.
  const rowsOf: (number[] | undefined)[] = new Array(count);
  const coefficientsOf: (number[] | undefined)[] = new Array(count);
  const killed = new Uint8Array(count);
  const creators: number[] = [];
  const work = new Int32Array(count);
  for (let column = 0; column < count; column++) {
    let low = -1;
    let sign = 1;
    if (sizes[column]! > 1)
      for (let vertex = 0; vertex < n; vertex++) {
        const bit = 1 << vertex;
        if ((sets[column]! & bit) === 0) continue;
        const row = position[sets[column]! ^ bit]!;
        work[row] = sign === 1 ? 1 : modulus - 1;
        if (row > low) low = row;
        sign = -sign;
      }
    while (low >= 0) {
      const rows = rowsOf[low];
      if (rows === undefined) break;
      const coefficients = coefficientsOf[low]!;
      // The lowest row of a finished column comes first and has coefficient 1.
      const factor = modulus - work[low]!;
      for (let i = 0; i < rows.length; i++) work[rows[i]!] = (work[rows[i]!]! + factor * coefficients[i]!) % modulus;
      while (low >= 0 && work[low] === 0) low--;
    }
    if (low < 0) {
      creators.push(column);
      continue;
    }
    const unit = invert(work[low]!, modulus);
    const rows: number[] = [];
    const coefficients: number[] = [];
    for (let row = low; row >= 0; row--)
      if (work[row] !== 0) {
        rows.push(row);
        coefficients.push((work[row]! * unit) % modulus);
        work[row] = 0;
      }
    rowsOf[low] = rows;
    coefficientsOf[low] = coefficients;
    killed[low] = 1;
    const dim = sizes[low]! - 1;
    const birth = values[low]!;
    const death = values[column]!;
    if (dim <= maxDim && (zeroLength || death > birth)) diagrams[dim]!.push({ birth, death });
  }
  for (const i of creators)
    if (sizes[i]! - 1 <= maxDim && !killed[i]) diagrams[sizes[i]! - 1]!.push({ birth: values[i]!, death: Infinity });
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

/** Every simplex of at most `mostVertices` vertices, by value, then size, then set. */
function filtration(
  matrix: ArrayLike<number>,
  n: number,
  mostVertices: number,
  threshold: number,
): { sets: number[]; values: number[]; sizes: number[] } {
  const found: { set: number; value: number; size: number }[] = [];
  const extend = (set: number, vertices: readonly number[], value: number): void => {
    found.push({ set, value, size: vertices.length });
    if (vertices.length === mostVertices) return;
    for (let k = vertices[vertices.length - 1]! + 1; k < n; k++) {
      let widest = value;
      for (const v of vertices) widest = Math.max(widest, matrix[v * n + k]!);
      if (widest <= threshold && widest < Infinity) extend(set | (1 << k), [...vertices, k], widest);
    }
  };
  for (let v = 0; v < n; v++) extend(1 << v, [v], 0);
  found.sort((a, b) => a.value - b.value || a.size - b.size || a.set - b.set);
  return {
    sets: found.map(({ set }) => set),
    values: found.map(({ value }) => value),
    sizes: found.map(({ size }) => size),
  };
}

function invert(a: number, modulus: number): number {
  for (let b = 1; b < modulus; b++) if ((a * b) % modulus === 1) return b;
  throw new Error(`${a} has no inverse mod ${modulus}`);
}

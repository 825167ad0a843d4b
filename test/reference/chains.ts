/** Exact linear algebra on chains over Z/p, independent of the engine: complexes as lists, ranks by elimination. */

/** The simplices of one dimension of a Rips complex at a scale, each by its increasing vertices, and their numbers. */
export interface Level {
  readonly simplices: readonly (readonly number[])[];
  readonly numberOf: ReadonlyMap<string, number>;
}

/** All simplices with `dim + 1` vertices whose edges are at most `scale` long. */
export function level(matrix: ArrayLike<number>, n: number, dim: number, scale: number): Level {
  const simplices: number[][] = [];
  const extend = (vertices: number[]): void => {
    if (vertices.length === dim + 1) {
      simplices.push(vertices);
      return;
    }
    for (let k = (vertices.at(-1) ?? -1) + 1; k < n; k++)
      if (vertices.every((v) => matrix[v * n + k]! <= scale)) extend([...vertices, k]);
  };
  extend([]);
  return { simplices, numberOf: new Map(simplices.map((vertices, i) => [vertices.join(), i])) };
}

/** Rows: the boundaries of the simplices of `upper`, in terms of those of `lower`. */
export function boundaries(upper: Level, lower: Level, modulus: number): number[][] {
  return upper.simplices.map((vertices) => {
    const row = new Array<number>(lower.simplices.length).fill(0);
    vertices.forEach((_, left) => {
      const facet = lower.numberOf.get(vertices.filter((__, i) => i !== left).join())!;
      row[facet] = left % 2 ? modulus - 1 : 1;
    });
    return row;
  });
}

/** Columns become rows. */
export function transpose(rows: readonly (readonly number[])[], columns: number): number[][] {
  return Array.from({ length: columns }, (_, j) => rows.map((row) => row[j]!));
}

/** Row · matrix over Z/p. */
export function apply(row: readonly number[], matrix: readonly (readonly number[])[], modulus: number): number[] {
  const result = new Array<number>(matrix[0]?.length ?? 0).fill(0);
  row.forEach((factor, i) => {
    if (factor !== 0)
      matrix[i]!.forEach((value, j) => {
        result[j] = (result[j]! + factor * value) % modulus;
      });
  });
  return result;
}

/** Rank over Z/p by Gaussian elimination. */
export function rank(rows: readonly (readonly number[])[], modulus: number): number {
  const work = rows.map((row) => [...row]);
  const columns = work[0]?.length ?? 0;
  let found = 0;
  for (let column = 0; column < columns && found < work.length; column++) {
    const pivot = work.findIndex((row, i) => i >= found && row[column] !== 0);
    if (pivot < 0) continue;
    [work[found], work[pivot]] = [work[pivot]!, work[found]!];
    const top = work[found]!;
    let inverse = 1;
    while ((top[column]! * inverse) % modulus !== 1) inverse++;
    for (let i = found + 1; i < work.length; i++) {
      const row = work[i]!;
      if (row[column] === 0) continue;
      const factor = modulus - ((row[column]! * inverse) % modulus);
      for (let j = column; j < columns; j++) row[j] = (row[j]! + factor * top[j]!) % modulus;
    }
    found++;
  }
  return found;
}

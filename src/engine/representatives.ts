/**
 * Representatives of intervals: cocycles as the kernels wrote them, and cycles, found here by reducing the boundaries of
 * the simplices that kill (U. Bauer, "Ripser", 2021, "involuted homology" after M. Čufar and Ž. Virk 2021): cohomology has
 * told which simplices kill what, so no boundary is reduced in vain.
 */
import { EngineError } from "../errors.js";
import { REPRESENTATIVES_RECORD } from "./abi.js";

/** A chain or cochain: a sum of simplices of one dimension with coefficients in Z/p. */
export interface Chain {
  /** The vertices of each simplex in increasing order, dim + 1 numbers after another, counted as in the input. */
  readonly vertices: Uint32Array;
  /** 1 .. p-1, one for each simplex; simplices are oriented by increasing vertices. */
  readonly coefficients: Uint32Array;
}

/** Representatives of the intervals of one dimension, in the order of the intervals. */
export interface Representatives {
  readonly cocycles: readonly Chain[];
  readonly cycles: readonly Chain[];
}

/** What the kernels left behind. */
export interface RepresentativesRequest {
  readonly buffer: ArrayBuffer;
  /** Address of the records. */
  readonly recordsPtr: number;
  /** Address of the matrix, and entries of its rows. */
  readonly matrixPtr: number;
  readonly stride: number;
  readonly n: number;
  readonly maxDim: number;
  readonly threshold: number;
  readonly modulus: number;
}

interface Simplex {
  readonly vertices: readonly number[];
  readonly diameter: number;
}

interface Term {
  readonly simplex: Simplex;
  readonly coefficient: number;
}

/** Terms from the last simplex of the filtration to the first. */
type Terms = readonly Term[];

/** A reduced boundary and the simplices it is the boundary of. */
interface Reduced {
  readonly boundary: Terms;
  readonly filling: Terms;
}

/**
 * Representatives of every dimension, in the order in which the kernels wrote the intervals; those of dimension 0 by
 * increasing death. Cost: as the matrix reduction of homology, worst case cubic in the number of columns.
 */
export function readRepresentatives(request: RepresentativesRequest): Representatives[] {
  const { buffer, recordsPtr, matrixPtr, stride, n, maxDim, threshold, modulus } = request;
  const matrix = new Float32Array(buffer, matrixPtr, n * stride);
  const distance = (i: number, j: number): number => matrix[i * stride + j]!;
  const reduction = new BoundaryReduction(n, modulus, distance);
  const forest = joins(n, threshold, distance);
  const result: Representatives[] = [componentsOf(n, forest, modulus)];
  let killed = new Map<string, Reduced>();
  for (const edge of forest) {
    const reduced = reduction.reduce(edge, killed, false);
    killed.set(keyOf(reduced.boundary[0]!.simplex), reduced);
  }
  for (let dim = 1; dim <= maxDim; dim++) {
    const record = new Uint32Array(buffer, recordsPtr + dim * REPRESENTATIVES_RECORD, REPRESENTATIVES_RECORD / 4);
    const [startsPtr, count, termsPtr, termCount, pairsPtr, pairCount] = record as unknown as number[];
    const starts = new Uint32Array(buffer, startsPtr, count);
    const terms = new Uint32Array(buffer, termsPtr, termCount! * (dim + 2));
    const cocycles = Array.from(starts, (start, i): Chain => {
      const end = starts[i + 1] ?? termCount!;
      const coefficients = Uint32Array.from({ length: end - start }, (_, t) => terms[(start + t) * (dim + 2)]!);
      const vertices = new Uint32Array((end - start) * (dim + 1));
      for (let t = 0; t < end - start; t++) {
        const at = (start + t) * (dim + 2);
        vertices.set(terms.subarray(at + 1, at + dim + 2), t * (dim + 1));
      }
      return { vertices, coefficients };
    });
    const pairs = new Uint32Array(buffer, pairsPtr, pairCount! * (2 * dim + 3));
    const { cycles, found } = cyclesOf(dim, pairs, killed, reduction);
    result.push({ cocycles, cycles });
    killed = found;
  }
  return result;
}

/** Cycles of one dimension, in the order of the pairs that are intervals, and the reduced boundaries for the next one. */
function cyclesOf(
  dim: number,
  pairs: Uint32Array,
  killed: Map<string, Reduced>,
  reduction: BoundaryReduction,
): { cycles: Chain[]; found: Map<string, Reduced> } {
  const length = 2 * dim + 3;
  const list = Array.from({ length: pairs.length / length }, (_, i) => {
    const numbers = Array.from(pairs.subarray(i * length, (i + 1) * length));
    const birth = reduction.simplex(numbers.slice(0, dim + 1));
    const death = numbers[dim + 1] === 0xffffffff ? undefined : reduction.simplex(numbers.slice(dim + 1));
    return { birth, death };
  });
  const found = new Map<string, Reduced>();
  const deaths = list.flatMap(({ death }) => (death ? [death] : [])).sort(compareSimplices);
  for (const death of deaths) {
    const reduced = reduction.reduce(death, found, true);
    found.set(keyOf(reduced.boundary[0]!.simplex), reduced);
  }
  const cycles: Chain[] = [];
  for (const { birth, death } of list) {
    if (death && death.diameter === birth.diameter) continue;
    const own = death ? found.get(keyOf(birth)) : reduction.reduce(birth, killed, dim > 1);
    if (!own || (!death && own.boundary.length > 0))
      throw new EngineError(`Expected a cycle for the simplex ${keyOf(birth)}, found none.`);
    cycles.push(toChain(death ? own.boundary : own.filling));
  }
  return { cycles, found };
}

/** Boundaries over Z/p, reduced one at a time. */
class BoundaryReduction {
  constructor(
    private readonly n: number,
    private readonly modulus: number,
    private readonly distance: (i: number, j: number) => number,
  ) {}

  simplex(vertices: readonly number[]): Simplex {
    let diameter = 0;
    for (let i = 1; i < vertices.length; i++)
      for (let j = 0; j < i; j++) diameter = Math.max(diameter, this.distance(vertices[i]!, vertices[j]!));
    return { vertices, diameter };
  }

  /**
   * Adds reduced boundaries to that of a simplex until its last facet kills nothing yet, or nothing is left.
   * @param apparent whether facets may be in an apparent pair that is not in the table
   */
  reduce(simplex: Simplex, table: ReadonlyMap<string, Reduced>, apparent: boolean): Reduced {
    let boundary = this.boundaryOf(simplex);
    let filling: Terms = [{ simplex, coefficient: 1 }];
    const own = keyOf(simplex);
    while (boundary.length > 0) {
      const last = boundary[0]!;
      let other = table.get(keyOf(last.simplex));
      if (!other) {
        const cofacet = apparent ? this.apparentCofacet(last.simplex) : undefined;
        if (!cofacet || keyOf(cofacet) === own) break;
        other = { boundary: this.boundaryOf(cofacet), filling: [{ simplex: cofacet, coefficient: 1 }] };
      }
      const factor =
        this.modulus - ((last.coefficient * invert(other.boundary[0]!.coefficient, this.modulus)) % this.modulus);
      boundary = this.add(boundary, other.boundary, factor);
      filling = this.add(filling, other.filling, factor);
    }
    return { boundary, filling };
  }

  private boundaryOf({ vertices }: Simplex): Terms {
    return vertices
      .map((_, left) => ({
        simplex: this.simplex(vertices.filter((__, i) => i !== left)),
        coefficient: left % 2 ? this.modulus - 1 : 1,
      }))
      .sort((a, b) => compareSimplices(b.simplex, a.simplex));
  }

  /** a + factor · b */
  private add(a: Terms, b: Terms, factor: number): Terms {
    const sum: Term[] = [];
    let i = 0;
    let j = 0;
    while (i < a.length || j < b.length) {
      const order = i === a.length ? -1 : j === b.length ? 1 : compareSimplices(a[i]!.simplex, b[j]!.simplex);
      if (order > 0) {
        sum.push(a[i++]!);
        continue;
      }
      const { simplex, coefficient } = b[j++]!;
      const total = (factor * coefficient + (order === 0 ? a[i++]!.coefficient : 0)) % this.modulus;
      if (total !== 0) sum.push({ simplex, coefficient: total });
    }
    return sum;
  }

  /** The cofacet with which this simplex is in an apparent pair: its first of equal diameter, if this is its last facet. */
  private apparentCofacet(simplex: Simplex): Simplex | undefined {
    const { vertices, diameter } = simplex;
    for (let k = 0; k < this.n; k++) {
      if (vertices.includes(k) || vertices.some((v) => this.distance(v, k) > diameter)) continue;
      const joined = [...vertices, k].sort((a, b) => a - b);
      const facet = joined.findIndex(
        (_, left) => this.simplex(joined.filter((__, i) => i !== left)).diameter === diameter,
      );
      return joined[facet] === k ? { vertices: joined, diameter } : undefined;
    }
    return undefined;
  }
}

/** The edges that join components, in the order of the filtration (Kruskal's algorithm on Prim's tree, O(n²)). */
function joins(n: number, threshold: number, distance: (i: number, j: number) => number): Simplex[] {
  const best = Array.from({ length: n }, (): Simplex | undefined => undefined);
  const open = new Set(Array.from({ length: n }, (_, v) => v));
  const edges: Simplex[] = [];
  let current = 0;
  open.delete(0);
  while (open.size > 0) {
    let next = -1;
    for (const v of open) {
      const vertices = v < current ? [v, current] : [current, v];
      const offer = { vertices, diameter: distance(v, current) };
      if (best[v] === undefined || compareSimplices(offer, best[v]) < 0) best[v] = offer;
      if (next < 0 || compareSimplices(best[v]!, best[next]!) < 0) next = v;
    }
    if (best[next]!.diameter <= threshold) edges.push(best[next]!);
    open.delete(next);
    current = next;
  }
  return edges.sort(compareSimplices);
}

/**
 * Dimension 0: the component with the larger least vertex dies. Its cocycle is 1 on its vertices as of just before, its
 * cycle is that least vertex less the least vertex of the component it joins.
 */
function componentsOf(n: number, edges: readonly Simplex[], modulus: number): Representatives {
  const members = Array.from({ length: n }, (_, v) => [v]);
  const component = Array.from({ length: n }, (_, v) => v);
  const cocycles: Chain[] = [];
  const cycles: Chain[] = [];
  const indicator = (vertices: readonly number[]): Chain => ({
    vertices: Uint32Array.from(vertices).sort(),
    coefficients: new Uint32Array(vertices.length).fill(1),
  });
  for (const { vertices, diameter } of edges) {
    const [a, b] = vertices.map((v) => component[v]!) as [number, number];
    const [older, younger] = a < b ? [a, b] : [b, a];
    if (diameter > 0) {
      cocycles.push(indicator(members[younger]!));
      cycles.push({ vertices: Uint32Array.of(older, younger), coefficients: Uint32Array.of(modulus - 1, 1) });
    }
    for (const v of members[younger]!) component[v] = older;
    members[older]!.push(...members[younger]!);
    members[younger] = [];
  }
  members.forEach((list, least) => {
    if (list.length === 0) return;
    cocycles.push(indicator(list));
    cycles.push(indicator([least]));
  });
  return { cocycles, cycles };
}

function toChain(terms: Terms): Chain {
  return {
    vertices: Uint32Array.from(terms.flatMap(({ simplex }) => simplex.vertices)),
    coefficients: Uint32Array.from(terms, ({ coefficient }) => coefficient),
  };
}

function keyOf({ vertices }: Simplex): string {
  return vertices.join();
}

/** Order of the filtration within a dimension: diameter, then index, which is by the largest vertex first. */
function compareSimplices(a: Simplex, b: Simplex): number {
  if (a.diameter !== b.diameter) return a.diameter - b.diameter;
  for (let i = a.vertices.length - 1; i >= 0; i--) {
    const difference = a.vertices[i]! - b.vertices[i]!;
    if (difference !== 0) return difference;
  }
  return 0;
}

/** 1 / a in Z/p, as a^(p-2) (Fermat). */
function invert(a: number, modulus: number): number {
  let result = 1;
  let base = a;
  for (let exponent = modulus - 2; exponent > 0; exponent = Math.floor(exponent / 2)) {
    if (exponent % 2 === 1) result = (result * base) % modulus;
    base = (base * base) % modulus;
  }
  return result;
}

/**
 * How much work the plans `simplices` and `collapse` will have: a simplex costs them a scan for its cofacets, a column a
 * reduction. The edges are exact, after the collapse where there is one; higher simplices are estimated from random ones.
 */
import { MemoryLimitError } from "../errors.js";
import { STATUS_OK } from "./abi.js";
import { type EngineRequest, openMatrix, openSession, prepare } from "./engine.js";
import { instantiate } from "./module.js";

/** Simplices of a filtration up to its threshold, by dimension from 0 to one above the highest homology. */
export interface SimplexCounts {
  readonly simplices: readonly number[];
  /** Those of the dimensions of homology that are in no apparent pair: columns, or deaths of the dimension below. */
  readonly columns: readonly number[];
  /** Bytes of WebAssembly memory in use before the reduction, and at the peak so far. */
  readonly before: number;
  readonly peak: number;
}

/** Random simplices drawn for each estimate. */
const DRAWN = 4000;

/**
 * Counts the simplices of a request. O(n²) and, with `collapse`, what the collapse takes.
 * @param integer an integer from 0 to below its argument
 * @throws what the computation throws before its reduction
 */
export function countSimplices(
  module: WebAssembly.Module,
  request: EngineRequest,
  collapse: boolean,
  integer: (below: number) => number,
): SimplexCounts {
  const { maxDim, limit } = prepare(request);
  const { n } = request.source;
  const kernels = instantiate({ module });
  openSession(kernels, 1, limit);
  try {
    const { matrixPtr, threshold } = openMatrix(kernels, request);
    const before = kernels.memoryPeak() >>> 0;
    if (collapse && kernels.collapseMatrix(matrixPtr, n, threshold) !== STATUS_OK)
      throw new MemoryLimitError("Expected room for the edges, got none.");
    const stride = kernels.matrixStride(n);
    const lengths = new Float32Array(kernels.memory.buffer, matrixPtr, n * stride);
    return { ...drawn({ lengths, stride, n, threshold }, maxDim, integer), before, peak: kernels.memoryPeak() >>> 0 };
  } finally {
    kernels.crewClose();
  }
}

/** A matrix of lengths, with rows `stride` apart; pairs above the threshold are no edges. */
interface Lengths {
  readonly lengths: Float32Array;
  readonly stride: number;
  readonly n: number;
  readonly threshold: number;
}

/**
 * Draws simplices vertex by vertex, each among those that see all before it, and weighs each by the number of choices
 * there were: the mean of the weights over (k + 1)! is the number of simplices (Knuth, "Estimating the efficiency of
 * backtrack programs", 1975).
 */
function drawn(graph: Lengths, maxDim: number, integer: (below: number) => number) {
  const { lengths, stride, n, threshold } = graph;
  const words = Math.ceil(n / 32);
  const adjacent = new Uint32Array(n * words);
  let edges = 0;
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++)
      if (i !== j && lengths[i * stride + j]! <= threshold) {
        adjacent[i * words + (j >> 5)]! |= 1 << (j & 31);
        edges += 0.5;
      }
  const sums = new Float64Array(maxDim + 2);
  const open = new Float64Array(maxDim + 2);
  const common = new Uint32Array(words);
  const simplex: number[] = [];
  for (let draw = 0; draw < DRAWN; draw++) {
    common.fill(0xffffffff);
    if (n & 31) common[words - 1] = 2 ** (n & 31) - 1;
    simplex.length = 0;
    let weight = 1;
    for (let dim = 0; dim <= maxDim + 1; dim++) {
      let choices = 0;
      for (let w = 0; w < words; w++) choices += bits(common[w]!);
      if (choices === 0) break;
      const vertex = place(common, integer(choices));
      simplex.push(vertex);
      weight *= choices / (dim + 1);
      sums[dim]! += weight;
      for (let w = 0; w < words; w++) common[w]! &= adjacent[vertex * words + w]!;
      if (dim > 0 && dim <= maxDim && isOpen(graph, simplex)) open[dim]! += weight;
    }
  }
  const simplices = Array.from(sums, (sum) => sum / DRAWN);
  // Known exactly.
  const known = simplices.map((count, dim) => (dim === 0 ? n : dim === 1 ? edges : count));
  const columns = Array.from(open.subarray(0, maxDim + 1), (sum, dim) =>
    simplices[dim] === 0 ? 0 : (known[dim]! * sum) / DRAWN / simplices[dim]!,
  );
  return { simplices: known, columns };
}

function bits(word: number): number {
  let x = word - ((word >>> 1) & 0x55555555);
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333);
  return Math.imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** The number of the bit that has `before` set bits before it. */
function place(words: Uint32Array, before: number): number {
  let left = before;
  for (let w = 0; ; w++) {
    const count = bits(words[w]!);
    if (left >= count) {
      left -= count;
      continue;
    }
    let word = words[w]!;
    for (; left > 0; left--) word &= word - 1;
    return 32 * w + 31 - Math.clz32(word & -word);
  }
}

/** Whether a simplex is in no apparent pair, as the kernels judge. O(n) at worst. */
function isOpen(graph: Lengths, simplex: readonly number[]): boolean {
  const vertices = [...simplex].sort((a, b) => a - b);
  const diameter = diameterOf(graph, vertices, -1);
  const cofacet = firstCofacet(graph, vertices, diameter);
  if (cofacet && sameBut(cofacet, lastFacet(graph, cofacet, diameter), vertices)) return false;
  if (vertices.length === 2) return true;
  const out = lastFacet(graph, vertices, diameter);
  if (out < 0) return true;
  const first = firstCofacet(
    graph,
    vertices.filter((_, i) => i !== out),
    diameter,
  );
  return !first?.every((v, i) => v === vertices[i]);
}

/** Whether leaving out one of the vertices gives the others. */
function sameBut(vertices: readonly number[], out: number, others: readonly number[]): boolean {
  return out >= 0 && vertices.filter((_, i) => i !== out).every((v, i) => v === others[i]);
}

function diameterOf({ lengths, stride }: Lengths, vertices: readonly number[], without: number): number {
  let widest = 0;
  for (let i = 1; i < vertices.length; i++)
    for (let j = 0; j < i; j++)
      if (i !== without && j !== without) widest = Math.max(widest, lengths[vertices[i]! * stride + vertices[j]!]!);
  return widest;
}

/** The first cofacet of the same diameter. */
function firstCofacet({ lengths, stride, n }: Lengths, vertices: readonly number[], diameter: number) {
  for (let k = 0; k < n; k++) {
    if (vertices.includes(k) || !vertices.every((v) => lengths[v * stride + k]! <= diameter)) continue;
    return [...vertices, k].sort((a, b) => a - b);
  }
  return undefined;
}

/** Position of the vertex whose leaving out gives the last facet of the same diameter, or -1. */
function lastFacet(graph: Lengths, vertices: readonly number[], diameter: number): number {
  return vertices.findIndex((_, out) => diameterOf(graph, vertices, out) === diameter);
}

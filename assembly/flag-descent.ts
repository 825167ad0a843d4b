/**
 * Cycles written in critical simplices. In the lune of an edge e = (i, j), every triangle (e; k) but the critical ones and
 * that of the lune's centre stands for the other faces of the tetrahedron (e, k, parent of k), nearer to it or earlier. The
 * triangle of the centre is 0, because its coefficients cancel in every cycle, and e itself stands for the other edges
 * of that triangle. Edges without a lune are classes of H1 or lie in the forest and are 0.
 *
 *     centre        a vertex as near to both ends as any, so that the cycles shrink fast
 *     parent of k   the centre where k is joined to it; else the first vertex of the lune joined to k and to the
 *                   centre; else the first one joined to k, if it is smaller than k; without any, (e; k) is critical
 *
 *     blocks    n rows of u8, padded to 16: block of each edge, 255 even ones by number, so that most centres are found
 *               sixteen vertices at a time; all ones where there is no edge
 *     via       u32 × edges: 0 until asked for, else the centre plus 1, FOREST, or LOOP | class of H1
 *     critical  hash table: triangle (number << 32 | k) -> class of H2; critical ones that are not in it are 0
 *     heap      terms of the cycle, the latest simplex on top: number << 32 | k << 16 | coefficient, k = 0 for an edge
 */
import { allocate, enlarge } from "./arena";
import { add, negate, signed } from "./field";
import { ABSENT, edges, largerEnd, rankLine, rankOf, rankRowBytes, smallerEnd, vertices } from "./flag-complex";
import { findKey, firstOf, insertKey, KeyTable, newKeyTable } from "./keys";
import { addToRelation, Relations } from "./relations";

/** No vertex. */
export const NOBODY: usize = usize.MAX_VALUE;

const LOOP: u32 = 0x80000000;
const FOREST: u32 = 0x40000000;

let via: usize = 0;
let blocks: usize = 0;
let blockRow: usize = 0;
let heap: usize = 0;
let heapLength: usize = 0;
let heapRoom: usize = 0;
let critical: KeyTable | null = null;

/** Starts without critical triangles; false when memory does not suffice. */
export function prepareDescent(): bool {
  via = allocate((edges() + 1) << 2);
  blockRow = (vertices() + 15) & ~15;
  blocks = allocate(vertices() * blockRow);
  heapRoom = 1024;
  heapLength = 0;
  heap = allocate(heapRoom << 3);
  critical = newKeyTable(256);
  if (via == 0 || blocks == 0 || heap == 0 || critical === null) return false;
  memory.fill(via, 0, (edges() + 1) << 2);
  fillBlocks();
  return true;
}

/** Says that an edge has no lune and joins two components. */
export function setForest(number: usize): void {
  store<u32>(via + (number << 2), FOREST);
}

/** Says that an edge has no lune and gives birth to this class of H1. */
export function setLoop(number: usize, index: u32): void {
  store<u32>(via + (number << 2), LOOP | index);
}

/** Says that the critical triangle (edge; k) gives birth to this class of H2; false when memory does not suffice. */
export function setCritical(number: usize, k: usize, index: u32): bool {
  return insertKey(critical!, (<u64>number << 32) | <u64>k, index, 0);
}

/** Blocks of edges, at most 255. */
const BLOCKS: usize = 255;

/** Fills `blocks`. O(n²). */
function fillBlocks(): void {
  const n = vertices();
  const most = edges() + 1;
  memory.fill(blocks, 0xff, n * blockRow);
  for (let number: usize = 1; number < most; number++) {
    const block = <u8>(<u64>number * BLOCKS / <u64>most);
    const i = largerEnd(number);
    const j = smallerEnd(number);
    store<u8>(blocks + i * blockRow + j, block);
    store<u8>(blocks + j * blockRow + i, block);
  }
}

/** A vertex of the lune of an edge, which is not empty, as near to both ends as any, but for rounding. O(n), once an edge. */
export function centreOf(number: usize): usize {
  const known = <usize>load<u32>(via + (number << 2));
  if (known != 0) return known - 1;
  const i = largerEnd(number);
  const j = smallerEnd(number);
  const a = blocks + i * blockRow;
  const b = blocks + j * blockRow;
  let least = i8x16.splat(-1);
  for (let at: usize = 0; at < blockRow; at += 16) least = i8x16.min_u(least, i8x16.max_u(v128.load(a + at), v128.load(b + at)));
  least = i8x16.min_u(least, i8x16.shuffle(least, least, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
  least = i8x16.min_u(least, i8x16.shuffle(least, least, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11));
  let block: u8 = 255;
  for (let lanes = i32x4.extract_lane(least, 0), lane = 0; lane < 4; lane++, lanes >>= 8) block = min(block, <u8>lanes);
  const centre = block < load<u8>(a + j) ? inBlock(a, b, block) : nearest(number);
  store<u32>(via + (number << 2), <u32>(centre + 1));
  return centre;
}

/** First vertex the later of whose edges to both ends lies in this block. There must be one. */
@inline
function inBlock(a: usize, b: usize, block: u8): usize {
  const wanted = i8x16.splat(block);
  let at: usize = 0;
  let hits: i32 = 0;
  for (; !hits; at += 16) hits = i8x16.bitmask(i8x16.eq(i8x16.max_u(v128.load(a + at), v128.load(b + at)), wanted));
  return at - 16 + <usize>ctz(hits);
}

/** The vertex nearest to both ends. */
function nearest(number: usize): usize {
  const a = rankLine(largerEnd(number));
  const b = rankLine(smallerEnd(number));
  const end = rankRowBytes();
  let least = i32x4.splat(ABSENT);
  for (let at: usize = 0; at < end; at += 16) least = i32x4.min_s(least, i32x4.max_s(v128.load(a + at), v128.load(b + at)));
  const value = min(
    min(i32x4.extract_lane(least, 0), i32x4.extract_lane(least, 1)),
    min(i32x4.extract_lane(least, 2), i32x4.extract_lane(least, 3)),
  );
  // That edge joins the vertex to one of the ends.
  const x = largerEnd(<usize>value);
  const y = smallerEnd(<usize>value);
  return x == largerEnd(number) || x == smallerEnd(number) ? y : x;
}

/** Parent of k in the lune of an edge, k not joined to its centre; NOBODY when the triangle is critical. O(n). */
function parentOfFar(number: usize, k: usize, centre: usize): usize {
  const a = rankLine(largerEnd(number));
  const b = rankLine(smallerEnd(number));
  const c = rankLine(k);
  const d = rankLine(centre);
  const end = rankRowBytes();
  const limit = i32x4.splat(<i32>number);
  let first = NOBODY;
  for (let at: usize = 0; at < end; at += 16) {
    const most = i32x4.max_s(i32x4.max_s(v128.load(a + at), v128.load(b + at)), v128.load(c + at));
    const joined = i32x4.lt_s(most, limit);
    if (!v128.any_true(joined)) continue;
    const hits = i32x4.bitmask(v128.and(joined, i32x4.lt_s(v128.load(d + at), limit)));
    if (hits) return (at >> 2) + <usize>ctz(hits);
    if (first == NOBODY) first = (at >> 2) + <usize>ctz(i32x4.bitmask(joined));
  }
  return first < k ? first : NOBODY;
}

/** Adds a multiple of the triangle (a, b, c) to the cycle; false when memory does not suffice. */
function addTriangle(a: usize, b: usize, c: usize, coefficient: u32): bool {
  const ab = rankOf(a, b);
  const bc = rankOf(b, c);
  const ca = rankOf(c, a);
  const number = max(max(ab, bc), ca);
  const opposite = number == ab ? c : number == bc ? a : b;
  return addTerm((<u64>number << 32) | (<u64>opposite << 16) | coefficient);
}

/** Adds a multiple of the edge (a, b) to the cycle; false when memory does not suffice. */
@inline
function addEdge(a: usize, b: usize, coefficient: u32): bool {
  return addTerm((<u64>rankOf(a, b) << 32) | coefficient);
}

function addTerm(term: u64): bool {
  if (heapLength == heapRoom) {
    const moved = enlarge(heap, heapRoom << 3, heapRoom << 4);
    if (moved == 0) return false;
    heap = moved;
    heapRoom <<= 1;
  }
  let hole = heapLength;
  heapLength += 1;
  while (hole > 0) {
    const parent = (hole - 1) >> 1;
    const above = load<u64>(heap + (parent << 3));
    if (above >= term) break;
    store<u64>(heap + (hole << 3), above);
    hole = parent;
  }
  store<u64>(heap + (hole << 3), term);
  return true;
}

function takeTerm(): u64 {
  const top = load<u64>(heap);
  heapLength -= 1;
  const moving = load<u64>(heap + (heapLength << 3));
  let hole: usize = 0;
  for (;;) {
    let child: usize = (hole << 1) + 1;
    if (child >= heapLength) break;
    let largest = load<u64>(heap + (child << 3));
    if (child + 1 < heapLength && load<u64>(heap + ((child + 1) << 3)) > largest) {
      child += 1;
      largest = load<u64>(heap + (child << 3));
    }
    if (largest <= moving) break;
    store<u64>(heap + (hole << 3), largest);
    hole = child;
  }
  store<u64>(heap + (hole << 3), moving);
  return top;
}

/** 1 when x lies below y, else 0. */
@inline
function below(x: usize, y: usize): i32 {
  return x < y ? 1 : 0;
}

/** Adds a multiple of the faces of (i, j, k, l) to the cycle, without (i, j, k) and, where `whole` is false, (i, j, l). */
function addFaces(i: usize, j: usize, k: usize, l: usize, coefficient: u32, whole: bool): bool {
  // The face without a vertex has the sign (-1)^(vertices below that one); i > j.
  const placeI = below(k, i) + below(l, i) + 1;
  const placeJ = below(k, j) + below(l, j);
  const placeK = below(i, k) + below(j, k) + below(l, k);
  if (whole && !addTriangle(i, j, l, signed(coefficient, placeK))) return false;
  return addTriangle(j, k, l, signed(coefficient, placeI)) && addTriangle(i, k, l, signed(coefficient, placeJ));
}

/** Takes all terms of the latest simplex off the heap; their sum, its coefficient being 0 when they cancel. */
function takeTerms(): u64 {
  const term = takeTerm();
  let coefficient = <u32>term & 0xffff;
  while (heapLength > 0 && load<u64>(heap) >> 16 == term >> 16) coefficient = add(coefficient, <u32>takeTerm() & 0xffff);
  return (term & ~0xffff) | coefficient;
}

/**
 * Adds the boundary of the tetrahedron (edge, k, l), written in classes of H2, to the relation in work. False when memory
 * does not suffice.
 */
export function addTetrahedron(number: usize, k: usize, l: usize, voids: Relations): bool {
  const i = largerEnd(number);
  const j = smallerEnd(number);
  heapLength = 0;
  const placeL = below(i, l) + below(j, l) + below(k, l);
  if (!addTriangle(i, j, k, signed(1, placeL)) || !addFaces(i, j, k, l, 1, true)) return false;
  while (heapLength > 0) {
    const term = takeTerms();
    const coefficient = <u32>term & 0xffff;
    if (coefficient != 0 && !replaceTriangle(<usize>(term >> 32), <usize>(term >> 16) & 0xffff, coefficient, voids))
      return false;
  }
  return true;
}

/** Replaces a multiple of the triangle (edge; k) by what it stands for. */
function replaceTriangle(number: usize, k: usize, coefficient: u32, voids: Relations): bool {
  const centre = centreOf(number);
  if (k == centre) return true;
  let parent = centre;
  if (rankOf(k, centre) >= <i32>number) {
    parent = parentOfFar(number, k, centre);
    if (parent == NOBODY) {
      const known = findKey(critical!, (<u64>number << 32) | <u64>k);
      if (known != 0) addToRelation(voids, firstOf(known), coefficient);
      return true;
    }
  }
  const i = largerEnd(number);
  const j = smallerEnd(number);
  const place = below(i, parent) + below(j, parent) + below(k, parent);
  return addFaces(i, j, k, parent, negate(signed(coefficient, place)), parent != centre);
}

/**
 * Adds the boundary of the triangle (edge; k), written in classes of H1, to the relation in work. False when memory does
 * not suffice.
 */
export function addTriangleBoundary(number: usize, k: usize, loops: Relations): bool {
  heapLength = 0;
  if (!addSides(number, k, 1) || !addTerm((<u64>number << 32) | signed(1, placeOn(number, k)))) return false;
  while (heapLength > 0) {
    const term = takeTerms();
    const coefficient = <u32>term & 0xffff;
    if (coefficient == 0) continue;
    const edge = <usize>(term >> 32);
    const known = load<u32>(via + (edge << 2));
    if (known == FOREST) continue;
    if (known & LOOP) {
      addToRelation(loops, known & ~LOOP, coefficient);
      continue;
    }
    const centre = centreOf(edge);
    if (!addSides(edge, centre, negate(signed(coefficient, placeOn(edge, centre))))) return false;
  }
  return true;
}

/** Place of k among the vertices of the triangle (edge; k). */
@inline
function placeOn(number: usize, k: usize): i32 {
  return below(largerEnd(number), k) + below(smallerEnd(number), k);
}

/** Adds a multiple of the edges of (edge; k) at k to the cycle. */
function addSides(number: usize, k: usize, coefficient: u32): bool {
  const i = largerEnd(number);
  const j = smallerEnd(number);
  return addEdge(j, k, signed(coefficient, below(k, i) + 1)) && addEdge(i, k, signed(coefficient, below(k, j)));
}

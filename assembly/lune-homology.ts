/**
 * Stage M: H1 by homology of lunes, for classes that live long. Edges enter in order of rank. When (i, j) enters, the
 * complex gains its join with the flag complex on its lune, so the components of the lune tell everything: none, the
 * edge kills a component or gives birth; one, nothing changes; c, there are c - 1 relations among the births, and in
 * each the youngest class left dies (lune-relations.ts). (Mayer–Vietoris for adding an edge and its lune; Vietoris–Rips
 * complexes are flag complexes.)
 *
 * Edges come in blocks of neighbouring ranks (lune-blocks.ts). Within a block order does not matter for telling that a
 * lune has one component, which is almost always so and told by bits (lune-components.ts); only the relations found are
 * sorted. Blocks in which no class is alive are passed over, and the end is the death of the last class.
 *
 * Relation found, 16 bytes: u64 rank of the edge, u32 higher place << 16 | lower place, u32 a place of the first
 * component << 16 | a place of another one.
 */
import { allocate, enlarge } from "./arena";
import { luneOrder } from "./lune-order";
import { addInterval, Intervals } from "./intervals";
import { blockCount, edgesOfBlock, numberEdges, numbersOf, rankOf, sizeOfBlock } from "./lune-blocks";
import {
  certify,
  enterHigh,
  enterLow,
  firstComponent,
  nextComponent,
  openPlace,
  prepareLunes,
} from "./lune-components";
import { declareBirth, declareForest, isDead, NO_MEMORY, NOTHING_DIES, prepareRelations, relate } from "./lune-relations";
import { vertexCount } from "./pair-lengths";
import { edgeLength, largerVertex, RankedEdges, rankedEdge, smallerVertex } from "./ranked-edges";

const RELATION: usize = 16;

let found: usize = 0;
let foundLength: usize = 0;
let foundRoom: usize = 0;

/**
 * Whether this stage can take n points in `room` bytes: a pair of vertices is one u32 here, and the block numbers, the
 * bits and the lists of edges take some 1.4 n² bytes.
 */
export function lunesFit(n: usize, room: usize): bool {
  return n <= 65536 && (<u64>n * n * 3) / 2 + 65536 <= <u64>room;
}

/**
 * Computes H1 from the lengths in use (pair-lengths.ts). `births` in order of rank; `forest` the edges of the spanning forest. False when memory does not
 * suffice. O(n³ / 128) bit operations at most, and mostly a few words an edge.
 */
export function homologyOfLunes(threshold: f32, births: RankedEdges, forest: RankedEdges, intervals: Intervals): bool {
  const n = vertexCount();
  const total = births.length;
  const vertex = allocate(n << 2);
  const place = allocate(n << 2);
  foundLength = 0;
  foundRoom = 1024;
  found = allocate(foundRoom * RELATION);
  if (vertex == 0 || place == 0 || found == 0 || !luneOrder(threshold, vertex)) return false;
  for (let p: usize = 0; p < n; p++) store<u32>(place + (<usize>load<u32>(vertex + (p << 2)) << 2), <u32>p);
  if (!numberEdges(threshold, vertex, place) || !prepareLunes(n)) return false;
  if (!prepareRelations(total, forest.length, vertex)) return false;
  for (let b: u32 = 0; b < total; b++) {
    const edge = rankedEdge(births, b);
    if (!declareBirth(placeOf(place, largerVertex(edge)), placeOf(place, smallerVertex(edge)), b)) return false;
  }
  for (let f: u32 = 0; f < forest.length; f++) {
    const edge = rankedEdge(forest, f);
    if (!declareForest(placeOf(place, largerVertex(edge)), placeOf(place, smallerVertex(edge)))) return false;
  }
  let born: u32 = 0;
  let deaths: u32 = 0;
  const blocks = blockCount();
  for (let block: u32 = 0; block < blocks && deaths < total; block++) {
    const edges = edgesOfBlock(block);
    const size = sizeOfBlock(block);
    enterHigh(edges, size);
    for (; born < total; born++) {
      const edge = rankedEdge(births, born);
      const line = numbersOf(placeOf(place, largerVertex(edge)));
      if (<u32>load<u8>(line + placeOf(place, smallerVertex(edge))) > block) break;
    }
    if (deaths < born) {
      if (!findRelations(edges, size)) return false;
      sortRelations();
      for (let r: usize = 0; r < foundLength; r++) {
        const at = found + r * RELATION;
        const pair = load<u32>(at, 8);
        const ends = load<u32>(at, 12);
        const dead = relate(<usize>(pair >> 16), <usize>(pair & 0xffff), <usize>(ends >> 16), <usize>(ends & 0xffff));
        if (dead == NO_MEMORY) return false;
        if (dead == NOTHING_DIES) continue;
        deaths += 1;
        const birth = edgeLength(rankedEdge(births, dead));
        const length = reinterpret<f32>(<u32>(load<u64>(at) >> 32));
        if (length > birth && !addInterval(intervals, birth, length)) return false;
      }
    }
    enterLow(edges, size);
  }
  for (let b: u32 = 0; b < total; b++)
    if (!isDead(b) && !addInterval(intervals, edgeLength(rankedEdge(births, b)), Infinity)) return false;
  return true;
}

@inline
function placeOf(place: usize, v: u32): usize {
  return <usize>load<u32>(place + (<usize>v << 2));
}

/** Finds the relations of the edges of a block; false when memory does not suffice. */
function findRelations(edges: usize, size: usize): bool {
  foundLength = 0;
  let e: usize = 0;
  while (e < size) {
    const from = edges + (e << 2);
    const p = <usize>load<u16>(from, 2);
    let run: usize = 1;
    while (e + run < size && <usize>load<u16>(from + (run << 2), 2) == p) run += 1;
    e += run;
    const rest = certify(p, from, run);
    for (let i: usize = 0; i < rest; i++) {
      const q = openPlace(i);
      const first = firstComponent(p, q);
      if (first == usize.MAX_VALUE) continue;
      const rank = rankOf(p, q);
      for (;;) {
        const other = nextComponent();
        if (other == usize.MAX_VALUE) break;
        if (!addRelation(rank, (<u32>p << 16) | <u32>q, (<u32>first << 16) | <u32>other)) return false;
      }
    }
  }
  return true;
}

function addRelation(rank: u64, pair: u32, ends: u32): bool {
  if (foundLength == foundRoom) {
    const moved = enlarge(found, foundRoom * RELATION, foundRoom * 2 * RELATION);
    if (moved == 0) return false;
    found = moved;
    foundRoom *= 2;
  }
  const at = found + foundLength * RELATION;
  store<u64>(at, rank);
  store<u32>(at, pair, 8);
  store<u32>(at, ends, 12);
  foundLength += 1;
  return true;
}

/** Heap sort by rank. Relations of the same edge commute. */
function sortRelations(): void {
  for (let start = foundLength >> 1; start > 0; start--) sift(start - 1, foundLength);
  for (let end = foundLength; end > 1; end--) {
    const last = found + (end - 1) * RELATION;
    const first = v128.load(found);
    v128.store(found, v128.load(last));
    v128.store(last, first);
    sift(0, end - 1);
  }
}

function sift(start: usize, length: usize): void {
  const moving = v128.load(found + start * RELATION);
  const rank = load<u64>(found + start * RELATION);
  let hole = start;
  for (;;) {
    let child: usize = (hole << 1) + 1;
    if (child >= length) break;
    if (child + 1 < length && load<u64>(found + (child + 1) * RELATION) > load<u64>(found + child * RELATION)) child += 1;
    if (load<u64>(found + child * RELATION) <= rank) break;
    v128.store(found + hole * RELATION, v128.load(found + child * RELATION));
    hole = child;
  }
  v128.store(found + hole * RELATION, moving);
}

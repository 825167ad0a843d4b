/**
 * H0, H1 and H2 by homology of lunes, one edge after the other, on the flag complex by ranks. When e = (i, j) enters, the
 * complex gains its join with the flag complex on its lune. An empty lune: the edge joins two components or gives birth
 * in H1. Components of the lune can kill in H1 or give birth in H2; loops of it can kill in H2. The cost does not depend
 * on how long classes live.
 *
 * A lune is built up vertex by vertex: first its centre (flag-descent.ts), then the neighbours of the centre, then the
 * far vertices by number. Until the far ones it is a cone. A far vertex k that meets nothing of what is there begins a
 * component, and the triangle (e; k) is critical: its boundary is a relation in H1, and where that kills nothing the
 * triangle gives birth in H2. Any other meets its parent first, and for each further component that it meets, a in it,
 * the boundary of the tetrahedron (e, k, a) is a relation in H2. All other tetrahedra pair up with triangles or among
 * themselves one dimension higher (discrete Morse theory; Vietoris–Rips complexes are flag complexes), so these
 * relations generate all. A critical triangle that kills can be taken as 0 in H2: it never is the youngest of a cycle.
 *
 *     adjacent  n rows of bits: edges entered so far
 *     lune, far, present, link, reached: a row of bits each
 */
import { allocate } from "./arena";
import { join, separate } from "./components";
import { edges, largerEnd, lengthOf, smallerEnd, vertices } from "./flag-complex";
import {
  addTetrahedron,
  addTriangleBoundary,
  centreOf,
  NOBODY,
  prepareDescent,
  setCritical,
  setForest,
  setLoop,
} from "./flag-descent";
import { addInterval, Intervals } from "./intervals";
import { addKey, keyAt, Keys, newKeys } from "./keys";
import { addClass, birthOf, endRelation, lives, newRelations, NO_MEMORY, NOTHING, Relations } from "./relations";

let adjacent: usize = 0;
let words: usize = 0;
let lune: usize = 0;
let far: usize = 0;
let present: usize = 0;
let link: usize = 0;
let reached: usize = 0;

/** Far vertices that begin a component. */
let criticals: Keys | null = null;

/** Far vertices that meet several components, and one vertex of each but the first: k << 16 | a. */
let crossings: Keys | null = null;

@inline
function bits(v: usize): usize {
  return adjacent + v * words;
}

@inline
function setBit(set: usize, v: usize): void {
  const at = set + ((v >> 6) << 3);
  store<u64>(at, load<u64>(at) | ((<u64>1) << (v & 63)));
}

@inline
function clearBit(set: usize, v: usize): void {
  const at = set + ((v >> 6) << 3);
  store<u64>(at, load<u64>(at) & ~((<u64>1) << (v & 63)));
}

/** First vertex of a set, or NOBODY. */
@inline
function firstOfSet(set: usize): usize {
  for (let at: usize = 0; at < words; at += 8) {
    const word = load<u64>(set + at);
    if (word) return (at << 3) + <usize>ctz(word);
  }
  return NOBODY;
}

/** First vertex three sets share, or NOBODY. */
@inline
function firstOfThree(x: usize, y: usize, z: usize): usize {
  for (let at: usize = 0; at < words; at += 8) {
    const word = load<u64>(x + at) & load<u64>(y + at) & load<u64>(z + at);
    if (word) return (at << 3) + <usize>ctz(word);
  }
  return NOBODY;
}

/** True when `apex`, one of what is present and joined to k, is joined to all the others of those. */
@inline
function linkIsCone(k: usize, apex: usize): bool {
  const line = bits(k);
  const seen = bits(apex);
  // The apex itself is not in its row.
  setBit(seen, apex);
  let some = i64x2.splat(0);
  for (let at: usize = 0; at < words; at += 16) {
    const both = v128.and(v128.load(present + at), v128.load(line + at));
    some = v128.or(some, v128.andnot(both, v128.load(seen + at)));
  }
  clearBit(seen, apex);
  return !v128.any_true(some);
}

/** Makes `target` what two sets share; false when that is nothing. */
@inline
function intersect(target: usize, set: usize, other: usize): bool {
  let some = i64x2.splat(0);
  for (let at: usize = 0; at < words; at += 16) {
    const both = v128.and(v128.load(set + at), v128.load(other + at));
    v128.store(target + at, both);
    some = v128.or(some, both);
  }
  return v128.any_true(some);
}

/** True when v is joined to every other vertex of the lune. */
@inline
function covers(v: usize): bool {
  const line = bits(v);
  for (let at: usize = 0; at < words; at += 8) {
    let rest = load<u64>(lune + at) & ~load<u64>(line + at);
    if (at >> 3 == v >> 6) rest &= ~((<u64>1) << (v & 63));
    if (rest) return false;
  }
  return true;
}

/** Splits the lune into its centre with neighbours, `present`, and `far`; false when there are no far vertices. */
function split(centre: usize): bool {
  const line = bits(centre);
  for (let at: usize = 0; at < words; at += 16) {
    const all = v128.load(lune + at);
    const near = v128.and(all, v128.load(line + at));
    v128.store(present + at, near);
    v128.store(far + at, v128.andnot(all, near));
  }
  setBit(present, centre);
  clearBit(far, centre);
  return firstOfSet(far) != NOBODY;
}

/** Takes the component of `from` out of `link`. */
function takeComponent(from: usize): void {
  clearBit(link, from);
  let line = bits(from);
  let some = i64x2.splat(0);
  let left = i64x2.splat(0);
  for (let at: usize = 0; at < words; at += 16) {
    const all = v128.load(link + at);
    const joined = v128.and(all, v128.load(line + at));
    const rest = v128.andnot(all, joined);
    v128.store(reached + at, joined);
    v128.store(link + at, rest);
    some = v128.or(some, joined);
    left = v128.or(left, rest);
  }
  if (!v128.any_true(some)) return;
  // What is reached is followed once and then forgotten.
  while (v128.any_true(left)) {
    const x = firstOfSet(reached);
    if (x == NOBODY) return;
    clearBit(reached, x);
    line = bits(x);
    left = i64x2.splat(0);
    for (let at: usize = 0; at < words; at += 16) {
      const all = v128.load(link + at);
      const joined = v128.and(all, v128.load(line + at));
      const rest = v128.andnot(all, joined);
      v128.store(reached + at, v128.or(v128.load(reached + at), joined));
      v128.store(link + at, rest);
      left = v128.or(left, rest);
    }
  }
}

/** Adds the far vertices to what is present and lists the criticals, and the crossings where asked for. */
function addFar(centre: usize, cross: bool): bool {
  criticals!.length = 0;
  crossings!.length = 0;
  for (let at: usize = 0; at < words; at += 8) {
    for (let rest = load<u64>(far + at); rest; rest &= rest - 1) {
      const k = (at << 3) + <usize>ctz(rest);
      let parent = firstOfThree(present, bits(k), bits(centre));
      if (parent != NOBODY && (!cross || linkIsCone(k, parent))) {
        setBit(present, k);
        continue;
      }
      const meets = intersect(link, present, bits(k));
      setBit(present, k);
      if (!meets) {
        if (!addKey(criticals!, k)) return false;
        continue;
      }
      if (!cross) continue;
      if (parent == NOBODY) parent = firstOfSet(link);
      takeComponent(parent);
      for (let a = firstOfSet(link); a != NOBODY; a = firstOfSet(link)) {
        if (!addKey(crossings!, (<u64>k << 16) | <u64>a)) return false;
        takeComponent(a);
      }
    }
  }
  return true;
}

/** Ends a relation at an edge of this length: whether a class dies, or no memory. */
function endAt(length: f32, relations: Relations, intervals: Intervals): i32 {
  const dead = endRelation(relations);
  if (dead < 0) return dead;
  const birth = birthOf(relations, dead);
  return birth == length || addInterval(intervals, birth, length) ? dead : NO_MEMORY;
}

/** What the edge of a lune with far vertices does; false when memory does not suffice. */
function enterLune(
  number: usize,
  centre: usize,
  loops: Relations,
  loopIntervals: Intervals,
  voids: Relations | null,
  voidIntervals: Intervals,
): bool {
  const length = lengthOf(number);
  const cross = voids !== null && voids.alive > 0;
  if (!addFar(centre, cross)) return false;
  for (let c: u32 = 0; c < criticals!.length; c++) {
    const k = <usize>keyAt(criticals!, c);
    if (loops.alive > 0) {
      if (!addTriangleBoundary(number, k, loops)) return false;
      const dead = endAt(length, loops, loopIntervals);
      if (dead == NO_MEMORY) return false;
      if (dead != NOTHING) continue;
    }
    if (voids !== null && !(setCritical(number, k, voids.count) && addClass(voids, length))) return false;
  }
  if (voids === null || voids.alive == 0) return true;
  if (!cross) {
    // What was just born may die at once.
    split(centre);
    if (!addFar(centre, true)) return false;
  }
  for (let c: u32 = 0; c < crossings!.length && voids.alive > 0; c++) {
    const crossing = keyAt(crossings!, c);
    if (!addTetrahedron(number, <usize>(crossing >> 16), <usize>crossing & 0xffff, voids)) return false;
    if (endAt(length, voids, voidIntervals) == NO_MEMORY) return false;
  }
  return true;
}

/** Adds the intervals of the classes that live for ever. */
function addEssential(relations: Relations, intervals: Intervals): bool {
  for (let c: u32 = 0; c < relations.count; c++)
    if (lives(relations, c) && !addInterval(intervals, birthOf(relations, c), Infinity)) return false;
  return true;
}

/** Classes of H1 and H2 that were met, those of length zero among them. */
export let loopClasses: u32 = 0;
export let voidClasses: u32 = 0;

/**
 * Adds the intervals of H0 and H1 and, for maxDim 2, of H2; buildRanks comes first. False when memory does not suffice.
 * O(n³ / 128) word operations and the relations: those of H2 are about as many as classes of H2 and H3 together.
 */
export function homologyByLunes(
  maxDim: i32,
  components: Intervals,
  loopIntervals: Intervals,
  voidIntervals: Intervals,
): bool {
  const n = vertices();
  words = ((n + 127) >> 7) << 4;
  adjacent = allocate(n * words);
  lune = allocate(words);
  far = allocate(words);
  present = allocate(words);
  link = allocate(words);
  reached = allocate(words);
  criticals = newKeys(64);
  crossings = newKeys(64);
  const loops = newRelations();
  const voids = maxDim >= 2 ? newRelations() : null;
  if (adjacent == 0 || lune == 0 || far == 0 || present == 0 || link == 0 || reached == 0) return false;
  if (criticals === null || crossings === null || loops === null || (maxDim >= 2 && voids === null)) return false;
  if (!prepareDescent() || !separate(n)) return false;
  memory.fill(adjacent, 0, n * words);
  let left = n;
  for (let number: usize = 1; number <= edges(); number++) {
    const i = largerEnd(number);
    const j = smallerEnd(number);
    const a = bits(i);
    const b = bits(j);
    if (intersect(lune, a, b)) {
      // A lune that is a cone changes nothing, whatever its apex.
      if (!covers(firstOfSet(lune))) {
        const centre = centreOf(number);
        if (split(centre) && !enterLune(number, centre, loops, loopIntervals, voids, voidIntervals)) return false;
      }
    } else if (join(i, j)) {
      setForest(number);
      left -= 1;
      const death = lengthOf(number);
      if (death > 0 && !addInterval(components, 0, death)) return false;
    } else {
      setLoop(number, loops.count);
      if (!addClass(loops, lengthOf(number))) return false;
    }
    setBit(a, j);
    setBit(b, i);
  }
  for (; left > 0; left--) if (!addInterval(components, 0, Infinity)) return false;
  loopClasses = loops.count;
  if (!addEssential(loops, loopIntervals)) return false;
  if (voids === null) return true;
  voidClasses = voids.count;
  return addEssential(voids, voidIntervals);
}

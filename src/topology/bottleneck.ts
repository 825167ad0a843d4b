/** The bottleneck distance between two diagrams, exact. */
import { ConfigError, expected } from "../errors.js";
import { Random } from "../random.js";
import { checkDiagram, type Diagram, forEachInterval } from "./diagram.js";

/** Finite intervals by ascending birth, and the births of the essential ones, ascending. */
export interface SplitDiagram {
  readonly births: Float64Array;
  readonly deaths: Float64Array;
  readonly essential: Float64Array;
}

/** Splits a diagram into its finite and its essential intervals; those of length zero are left out. O(m log m). */
export function splitDiagram(diagram: Diagram): SplitDiagram {
  const finite: { birth: number; death: number }[] = [];
  const essential: number[] = [];
  forEachInterval(diagram, (birth, death) => {
    if (death === Infinity) essential.push(birth);
    else finite.push({ birth, death });
  });
  finite.sort((one, other) => one.birth - other.birth || one.death - other.death);
  return {
    births: Float64Array.from(finite, ({ birth }) => birth),
    deaths: Float64Array.from(finite, ({ death }) => death),
    essential: Float64Array.from(essential).sort(),
  };
}

/** @throws InputError unless both are diagrams, ConfigError unless they are of one dimension. O(m). */
export function checkSameDimension(one: Diagram, other: Diagram): void {
  checkDiagram(one, "the first diagram");
  checkDiagram(other, "the second diagram");
  if (one.dimension !== other.dimension)
    throw new ConfigError(
      expected(`dimension ${one.dimension} as of the first`, "the second diagram", other.dimension),
      {
        hint: "Compare diagrams of the same dimension.",
      },
    );
}

/**
 * The bottleneck distance: the least t such that some matching moves every interval by at most t, where moving
 * [b, d) to [b', d') costs max(|b - b'|, |d - d'|) and matching it to the diagonal (d - b) / 2. Essential intervals are
 * matched among themselves, in the order of their births; Infinity where their numbers differ.
 *
 * The value is exact: one of the costs themselves, found by testing costs. A test asks whether all intervals longer than
 * 2t of either diagram have partners within t; by the theorem of Mendelsohn and Dulmage that splits into one bipartite
 * matching a side (Hopcroft and Karp), with no node for the diagonal.
 * Cost: O(log m) tests of O(m² √m) at most for m intervals; a few milliseconds for 200, some seconds for 10,000.
 * Memory O(m).
 * @throws InputError for what is no diagram, ConfigError for diagrams of different dimensions
 */
export function bottleneckDistance(one: Diagram, other: Diagram): number {
  checkSameDimension(one, other);
  const a = splitDiagram(one);
  const b = splitDiagram(other);
  if (a.essential.length !== b.essential.length) return Infinity;
  const essential = a.essential.reduce((most, birth, i) => Math.max(most, Math.abs(birth - b.essential[i]!)), 0);
  return Math.max(essential, finiteBottleneck(a, b));
}

function finiteBottleneck(a: SplitDiagram, b: SplitDiagram): number {
  const test = new MatchingTest(a, b);
  const halves = Float64Array.from([0, ...halfLengths(a), ...halfLengths(b)]).sort();
  // The least half length that suffices; the largest does, for then everything may go to the diagonal.
  let first = 0;
  let last = halves.length - 1;
  while (first < last) {
    const middle = (first + last) >> 1;
    if (test.suffices(halves[middle]!)) last = middle;
    else first = middle + 1;
  }
  let high = halves[last]!;
  if (last === 0) return high;
  // Strictly between two half lengths the intervals that need a partner stay the same: only their distances to others
  // are left as candidates. A random one of those left is tested until none is.
  let low = halves[last - 1]!;
  const random = new Random(0, "bottleneck");
  for (;;) {
    const left = candidates(a, b, low, high);
    if (left === 0) return high;
    const tried = candidates(a, b, low, high, random.integer(left));
    if (test.suffices(tried)) high = tried;
    else low = tried;
  }
}

function halfLengths({ births, deaths }: SplitDiagram): Float64Array {
  return births.map((birth, i) => (deaths[i]! - birth) / 2);
}

/** The cost of moving interval i of one diagram to interval j of the other. */
function cost(a: SplitDiagram, i: number, b: SplitDiagram, j: number): number {
  return Math.max(Math.abs(a.births[i]! - b.births[j]!), Math.abs(a.deaths[i]! - b.deaths[j]!));
}

/** Counts the costs strictly between low and high; with a number, finds the cost of that number. */
function candidates(a: SplitDiagram, b: SplitDiagram, low: number, high: number, wanted = -1): number {
  let count = 0;
  let start = 0;
  for (let i = 0; i < a.births.length; i++) {
    while (start < b.births.length && a.births[i]! - b.births[start]! >= high) start++;
    for (let j = start; j < b.births.length && b.births[j]! - a.births[i]! < high; j++) {
      const value = cost(a, i, b, j);
      if (value > low && value < high && count++ === wanted) return value;
    }
  }
  return count;
}

/** Answers whether a distance suffices; keeps its work space. */
class MatchingTest {
  private readonly partnerOfLeft: Int32Array;
  private readonly partnerOfRight: Int32Array;
  private readonly level: Int32Array;
  private readonly queue: Int32Array;
  /** Where the search from each left node goes on. */
  private readonly next: Int32Array;
  private readonly path: Int32Array;

  constructor(
    private readonly a: SplitDiagram,
    private readonly b: SplitDiagram,
  ) {
    const most = Math.max(a.births.length, b.births.length);
    this.partnerOfLeft = new Int32Array(most);
    this.partnerOfRight = new Int32Array(most);
    this.level = new Int32Array(most);
    this.queue = new Int32Array(most);
    this.next = new Int32Array(most);
    this.path = new Int32Array(most);
  }

  suffices(distance: number): boolean {
    return this.covers(this.a, this.b, distance) && this.covers(this.b, this.a, distance);
  }

  /** Whether all intervals of `left` longer than twice the distance can have partners of their own in `right`. */
  private covers(left: SplitDiagram, right: SplitDiagram, distance: number): boolean {
    const { partnerOfLeft, partnerOfRight } = this;
    const free: number[] = [];
    partnerOfRight.fill(-1, 0, right.births.length);
    for (let i = 0; i < left.births.length; i++) {
      partnerOfLeft[i] = -1;
      if ((left.deaths[i]! - left.births[i]!) / 2 <= distance) continue;
      // A first matching, greedy.
      let found = -1;
      for (let j = firstWithin(left, i, right, distance); j < right.births.length; j++) {
        if (right.births[j]! - left.births[i]! > distance) break;
        if (partnerOfRight[j] === -1 && cost(left, i, right, j) <= distance) {
          found = j;
          break;
        }
      }
      if (found < 0) free.push(i);
      else {
        partnerOfLeft[i] = found;
        partnerOfRight[found] = i;
      }
    }
    let unmatched = free;
    while (unmatched.length > 0) {
      if (!this.layers(left, right, distance, unmatched)) return false;
      const still = unmatched.filter((i) => !this.augment(left, right, distance, i));
      // A phase that finds no path at all has found that there is none.
      if (still.length === unmatched.length) return false;
      unmatched = still;
    }
    return true;
  }

  /** Breadth first from the unmatched left nodes; false when no free right node is within reach. */
  private layers(left: SplitDiagram, right: SplitDiagram, distance: number, roots: readonly number[]): boolean {
    const { level, queue, partnerOfRight, next } = this;
    level.fill(-1, 0, left.births.length);
    let filled = 0;
    for (const root of roots) {
      level[root] = 0;
      queue[filled++] = root;
    }
    let reached = false;
    for (let read = 0; read < filled; read++) {
      const i = queue[read]!;
      const start = firstWithin(left, i, right, distance);
      next[i] = start;
      for (let j = start; j < right.births.length && right.births[j]! - left.births[i]! <= distance; j++) {
        if (cost(left, i, right, j) > distance) continue;
        const owner = partnerOfRight[j]!;
        if (owner < 0) reached = true;
        else if (level[owner] === -1) {
          level[owner] = level[i]! + 1;
          queue[filled++] = owner;
        }
      }
    }
    return reached;
  }

  /** Depth first along the layers, without recursion; switches the path it finds. */
  private augment(left: SplitDiagram, right: SplitDiagram, distance: number, root: number): boolean {
    const { level, next, path, partnerOfLeft, partnerOfRight } = this;
    let depth = 0;
    path[0] = root;
    while (depth >= 0) {
      const i = path[depth]!;
      const j = next[i]!;
      if (j >= right.births.length || right.births[j]! - left.births[i]! > distance) {
        // Dead end: no other path of this phase may come through.
        level[i] = -2;
        depth--;
        if (depth >= 0) next[path[depth]!]!++;
        continue;
      }
      if (cost(left, i, right, j) > distance) {
        next[i]!++;
        continue;
      }
      const owner = partnerOfRight[j]!;
      if (owner < 0) {
        for (; depth >= 0; depth--) {
          const node = path[depth]!;
          partnerOfLeft[node] = next[node]!;
          partnerOfRight[next[node]!] = node;
          // Used up in this phase.
          level[node] = -2;
        }
        return true;
      }
      if (level[owner] === level[i]! + 1) path[++depth] = owner;
      else next[i]!++;
    }
    return false;
  }
}

/** The first interval of `right` whose birth is at most `distance` below that of interval i of `left`. */
function firstWithin(left: SplitDiagram, i: number, right: SplitDiagram, distance: number): number {
  let low = 0;
  let high = right.births.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (left.births[i]! - right.births[middle]! > distance) low = middle + 1;
    else high = middle;
  }
  return low;
}

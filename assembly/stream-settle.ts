/**
 * Decides the edges that the filter has left open, in rounds: of each, one ball is made larger, and then it is judged
 * again. Rows of distances are computed `SPARE_ROWS` at a time: copies behind the points are compared with all of them
 * by tiles, which reads the points once. A round is work for all threads.
 *
 *     chosen   u32 points whose balls the round makes larger
 *     keys     u32 `SPARE_ROWS` rows of keys, `keyBytes` each
 */
import { SPARE_ROWS } from "./abi";
import { argument, runPhase, setArgument } from "./crew";
import { edgeLength, largerVertex, RankedEdges, rankedEdge, smallerVertex } from "./ranked-edges";
import { workOf, workTile } from "./stream-blocks";
import { hubOf, judge, markHub, OPEN, TAKEN } from "./stream-filter";
import { borrow, enlargeBallFromKeys, useBalls } from "./stream-lists";
import { streamPlan, useStreamPlan } from "./stream-plan";
import { newStamps, stamp, stamped, useStamps } from "./stream-stamps";
import { copyRow, fillTile, maskTriples, tileStride } from "./stream-tiles";

let counts: usize = 0;
let chosen: usize = 0;
let keys: usize = 0;

/** Makes room; false without memory. */
export function prepareRounds(): bool {
  const n = streamPlan().n;
  counts = borrow(n << 2);
  chosen = borrow(n << 2);
  keys = borrow(SPARE_ROWS * keyBytes());
  return counts != 0 && chosen != 0 && keys != 0;
}

/** Bytes of a row of keys: whole groups of four. */
@inline
function keyBytes(): usize {
  return ((streamPlan().n + 3) & ~3) << 2;
}

/**
 * Ends a round, or the filter, and begins the next: drops edges that are none, and chooses a point of each that is open,
 * so that few points serve them all. Returns how many points, 0 when every edge is decided. `again` is false the first
 * time, when open edges have just been judged.
 */
export function beginRound(edges: RankedEdges, again: bool): u32 {
  useStamps(0);
  let left: u32 = 0;
  for (let i: u32 = 0; i < edges.length; i++) {
    const edge = rankedEdge(edges, i);
    let outcome = load<u32>(edge, 12);
    if (again && outcome == OPEN) {
      const u = <usize>hubOf(edge, counts);
      markHub(u);
      outcome = judge(u, <usize>smallerVertex(edge) + <usize>largerVertex(edge) - u, reinterpret<u32>(edgeLength(edge)));
    }
    if (outcome == TAKEN) continue;
    const place = rankedEdge(edges, left);
    v128.store(place, v128.load(edge));
    store<u32>(place, outcome, 12);
    left += 1;
  }
  edges.length = left;
  memory.fill(counts, 0, streamPlan().n << 2);
  for (let i: u32 = 0; i < left; i++) {
    const edge = rankedEdge(edges, i);
    if (load<u32>(edge, 12) != OPEN) continue;
    const a = counts + (<usize>smallerVertex(edge) << 2);
    const b = counts + (<usize>largerVertex(edge) << 2);
    store<u32>(a, load<u32>(a) + 1);
    store<u32>(b, load<u32>(b) + 1);
  }
  newStamps();
  let length: usize = 0;
  for (let i: u32 = 0; i < left; i++) {
    const edge = rankedEdge(edges, i);
    if (load<u32>(edge, 12) != OPEN) continue;
    const u = <usize>hubOf(edge, counts);
    if (stamped(u)) continue;
    stamp(u, 0);
    store<u32>(chosen + (length << 2), <u32>u);
    length += 1;
  }
  return <u32>length;
}

/** Makes the balls of the chosen points from `from` to `to` larger, in all threads; false without memory. O(n d) each. */
export function enlargeChosen(from: u32, to: u32): bool {
  const plan = streamPlan();
  const rows = min(SPARE_ROWS, plan.widest);
  setArgument<u32>(0, <u32>changetype<usize>(plan));
  setArgument<u32>(1, <u32>keys);
  for (let done = <usize>from; done < <usize>to; done += rows) {
    const taken = min(rows, <usize>to - done);
    for (let i: usize = 0; i < taken; i++) copyRow(<usize>load<u32>(chosen + ((done + i) << 2)), plan.n + i);
    maskTriples(plan.n, plan.n + taken);
    setArgument<u32>(2, <u32>(chosen + (done << 2)));
    setArgument<u32>(3, <u32>taken);
    if (!runPhase(openRows, takeKeys, plan.blocks) || !runPhase(openRows, takeBall, taken)) return false;
  }
  return true;
}

function openRows(): bool {
  useStreamPlan(argument<u32>(0));
  return true;
}

/** Keys of the rows with one block of points. */
function takeKeys(block: usize, thread: usize): bool {
  const plan = streamPlan();
  const taken = <usize>argument<u32>(3);
  const low = <usize>load<u32>(plan.starts + (block << 2));
  const size = <usize>load<u32>(plan.starts + (block << 2), 4) - low;
  const tile = workTile(workOf(thread));
  const stride = tileStride();
  fillTile(tile, plan.n, taken, low, size);
  for (let i: usize = 0; i < taken; i++)
    memory.copy(<usize>argument<u32>(1) + i * keyBytes() + (low << 2), tile + i * stride, size << 2);
  return true;
}

function takeBall(row: usize, thread: usize): bool {
  useBalls(0, thread);
  const u = <usize>load<u32>(<usize>argument<u32>(2) + (row << 2));
  return enlargeBallFromKeys(u, <usize>argument<u32>(1) + row * keyBytes());
}

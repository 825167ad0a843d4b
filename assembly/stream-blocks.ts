/**
 * The block pass: every pair of blocks once. A step computes the tile of keys between two blocks, offers each pair to
 * the lists of nearest points of both, and finds the candidates for the relative neighbourhood graph: the edges (u, w)
 * with no vertex in the lune among the `near` nearest of u in its block and the `near` nearest of w in its own. Their
 * distances to the other end stand in the tile.
 *
 * Steps come in phases; no two steps of a phase touch one block. Phase 0 takes each block with itself and lists its
 * near points; phases 1, 2, ... take pairs as in a round-robin tournament. What comes out does not depend on the order
 * of steps inside a phase, nor on who does them.
 *
 * Work space of one thread:
 *
 *     +0   u32 candidates | u32 room for candidates | u32 their address | unused
 *     +16  largest keys met by the columns of the tile, u32 each
 *     ...  tile (stream-tiles.ts)
 *
 * Candidate, 16 bytes: u32 smaller vertex, u32 larger vertex, u32 key, unused (as in ranked-edges.ts).
 */
import { allocate, enlarge } from "./arena";
import { argument, crewThreads, runPhase, setArgument } from "./crew";
import { entryOf, OWN_KEY, streamPlan, useStreamPlan } from "./stream-plan";
import { pushEntry } from "./stream-lists";
import { fillTile, sealTile, tileStride } from "./stream-tiles";

/** Blocks, made even: with an odd number one block has no partner in each phase. */
@inline
function seats(): u32 {
  return (<u32>streamPlan().blocks + 1) & ~1;
}

/** Phases of the pass. */
export function streamPhases(): u32 {
  return streamPlan().blocks == 1 ? 1 : seats();
}

/** Steps of a phase. */
export function stepsOfPhase(phase: u32): u32 {
  return phase == 0 ? <u32>streamPlan().blocks : seats() >> 1;
}

/** Makes a work space for every thread; false without memory. */
export function openWorks(): bool {
  const plan = streamPlan();
  const stride = tileStride();
  plan.workBytes = 16 + stride + plan.widest * stride;
  plan.works = allocate(plan.workBytes * crewThreads());
  if (plan.works == 0) return false;
  for (let thread: usize = 0; thread < crewThreads(); thread++) memory.fill(workOf(thread), 0, 16);
  return true;
}

/** Work space of a thread. */
@inline
export function workOf(thread: usize): usize {
  return streamPlan().works + thread * streamPlan().workBytes;
}

/** Place for a tile in a work space. */
@inline
export function workTile(work: usize): usize {
  return work + 16 + tileStride();
}

/** Number of candidates in a work space. */
@inline
export function workCount(work: usize): u32 {
  return load<u32>(work);
}

/** Address of the candidates of a work space. */
@inline
export function workCandidates(work: usize): usize {
  return <usize>load<u32>(work, 8);
}

/** Forgets the candidates of a work space. */
export function clearWork(work: usize): void {
  store<u32>(work, 0);
}

/** Adds a candidate; false without memory. */
function addCandidate(work: usize, smaller: usize, larger: usize, key: u32): bool {
  const count = load<u32>(work);
  const room = load<u32>(work, 4);
  if (count == room) {
    const wanted: u32 = room == 0 ? 256 : room * 2;
    const moved =
      room == 0 ? allocate(<usize>wanted << 4) : enlarge(workCandidates(work), <usize>room << 4, <usize>wanted << 4);
    if (moved == 0) return false;
    store<u32>(work, wanted, 4);
    store<u32>(work, <u32>moved, 8);
  }
  const out = workCandidates(work) + (<usize>count << 4);
  store<u32>(out, <u32>smaller);
  store<u32>(out, <u32>larger, 4);
  store<u32>(out, key, 8);
  store<u32>(out, 0, 12);
  store<u32>(work, count + 1);
  return true;
}

@inline
function blockStart(block: usize): usize {
  return <usize>load<u32>(streamPlan().starts + (block << 2));
}

function openStep(): bool {
  useStreamPlan(argument<u32>(0));
  phaseNow = argument<u32>(1);
  return true;
}

function takeStep(task: usize, thread: usize): bool {
  const work = workOf(thread);
  if (phaseNow == 0) {
    const start = blockStart(task);
    return diagonal(start, blockStart(task + 1) - start, work);
  }
  const first = firstBlock(phaseNow, <u32>task);
  const second = secondBlock(phaseNow, <u32>task);
  return max(first, second) >= streamPlan().blocks || pair(min(first, second), max(first, second), work);
}

let phaseNow: u32 = 0;

/** Does all steps of a phase, by all threads; false without memory. */
export function streamPhase(phase: u32): bool {
  setArgument<u32>(0, <u32>changetype<usize>(streamPlan()));
  setArgument<u32>(1, phase);
  return runPhase(openStep, takeStep, <usize>stepsOfPhase(phase));
}

/** Circle method: the last seat stays, the others move on by one place each phase. */
@inline
function firstBlock(phase: u32, step: u32): usize {
  const turning = seats() - 1;
  return <usize>((phase - 1 + step) % turning);
}

@inline
function secondBlock(phase: u32, step: u32): usize {
  const turning = seats() - 1;
  if (step == 0) return <usize>turning;
  return <usize>((phase - 1 + turning - step) % turning);
}

/** A block with itself: near points, lists, candidates. */
function diagonal(start: usize, size: usize, work: usize): bool {
  const plan = streamPlan();
  const stride = tileStride();
  const tile = workTile(work);
  fillTile(tile, start, size, start, size);
  sealTile(tile, size);
  for (let u: usize = 0; u < size; u++) {
    listNear(tile + u * stride, start + u, size);
    let farthest = load<u32>(plan.farthest + ((start + u) << 2));
    for (let w: usize = 0; w < size; w++) {
      if (w == u) continue;
      const key = load<u32>(tile + u * stride + (w << 2));
      farthest = max(farthest, key);
      pushEntry(start + u, entryOf(key, start + w));
    }
    store<u32>(plan.farthest + ((start + u) << 2), farthest);
  }
  for (let u: usize = 0; u + 1 < size; u++) if (!strike(tile, stride, u, start, start, u + 1, size, work)) return false;
  return true;
}

/** The least entries of a row of the block's own tile, sorted. */
function listNear(line: usize, u: usize, size: usize): void {
  const plan = streamPlan();
  const near = plan.near;
  const ids = plan.nearIds + ((u * near) << 2);
  const keys = plan.nearKeys + ((u * near) << 2);
  let length: usize = 0;
  for (let w: usize = 0; w < size; w++) {
    const key = load<u32>(line + (w << 2));
    if (key == OWN_KEY) continue;
    if (length == near && key >= load<u32>(keys + ((near - 1) << 2))) continue;
    if (length < near) length += 1;
    let hole = length - 1;
    // Equal keys stay in the order of their vertices.
    while (hole > 0 && load<u32>(keys + ((hole - 1) << 2)) > key) {
      store<u32>(keys + (hole << 2), load<u32>(keys + ((hole - 1) << 2)));
      store<u32>(ids + (hole << 2), load<u32>(ids + ((hole - 1) << 2)));
      hole--;
    }
    store<u32>(keys + (hole << 2), key);
    store<u32>(ids + (hole << 2), <u32>w);
  }
  // A point of a small block repeats no one: a key above all strikes nothing.
  for (let i = length; i < near; i++) {
    store<u32>(keys + (i << 2), OWN_KEY);
    store<u32>(ids + (i << 2), 0);
  }
}

/** Two different blocks. */
function pair(first: usize, second: usize, work: usize): bool {
  const plan = streamPlan();
  const stride = tileStride();
  const tile = workTile(work);
  const i0 = blockStart(first);
  const rows = blockStart(first + 1) - i0;
  const j0 = blockStart(second);
  const columns = blockStart(second + 1) - j0;
  fillTile(tile, i0, rows, j0, columns);
  const far = work + 16;
  memory.fill(far, 0, stride);
  for (let u: usize = 0; u < rows; u++) offerRow(tile + u * stride, i0 + u, j0, columns, far);
  for (let w: usize = 0; w < columns; w++) {
    const at = plan.farthest + ((j0 + w) << 2);
    store<u32>(at, max(load<u32>(at), load<u32>(far + (w << 2))));
  }
  for (let u: usize = 0; u < rows; u++) if (!strike(tile, stride, u, i0, j0, 0, columns, work)) return false;
  return true;
}

/** Offers a row of a tile to the lists of both sides and to the largest keys. */
function offerRow(line: usize, u: usize, j0: usize, columns: usize, far: usize): void {
  const plan = streamPlan();
  const limits = plan.limits + (j0 << 2);
  let limit = v128.load32_splat(plan.limits + (u << 2));
  let most = i32x4.splat(0);
  for (let at: usize = 0; at < columns << 2; at += 16) {
    const keys = v128.load(line + at);
    most = i32x4.max_s(most, keys);
    v128.store(far + at, i32x4.max_s(v128.load(far + at), keys));
    const below = i32x4.bitmask(i32x4.le_s(keys, limit));
    let hits = below | i32x4.bitmask(i32x4.le_s(keys, v128.load(limits + at)));
    while (hits) {
      const lane = <usize>ctz(hits);
      hits &= hits - 1;
      const w = (at >> 2) + lane;
      if (w >= columns) break;
      const key = load<u32>(line + (w << 2));
      pushEntry(u, entryOf(key, j0 + w));
      pushEntry(j0 + w, entryOf(key, u));
    }
    if (below) limit = v128.load32_splat(plan.limits + (u << 2));
  }
  const farthest = plan.farthest + (u << 2);
  const largest = max(
    max(i32x4.extract_lane(most, 0), i32x4.extract_lane(most, 1)),
    max(i32x4.extract_lane(most, 2), i32x4.extract_lane(most, 3)),
  );
  store<u32>(farthest, max(load<u32>(farthest), <u32>largest));
}

/** Adds the candidates (u, w) of a row of a tile, w from `from` on; false without memory. */
function strike(
  tile: usize,
  stride: usize,
  u: usize,
  i0: usize,
  j0: usize,
  from: usize,
  columns: usize,
  work: usize,
): bool {
  const plan = streamPlan();
  const near = plan.near;
  const ids = plan.nearIds + (((i0 + u) * near) << 2);
  const keys = plan.nearKeys + (((i0 + u) * near) << 2);
  const line = tile + u * stride;
  const cut = i32x4.splat(<i32>plan.cut);
  const end = near << 2;
  for (let at = (from & ~15) << 2; at < columns << 2; at += 64) {
    const t0 = v128.load(line + at);
    const t1 = v128.load(line + at, 16);
    const t2 = v128.load(line + at, 32);
    const t3 = v128.load(line + at, 48);
    let a0 = i32x4.le_s(t0, cut);
    let a1 = i32x4.le_s(t1, cut);
    let a2 = i32x4.le_s(t2, cut);
    let a3 = i32x4.le_s(t3, cut);
    for (let i: usize = 0; i < end; i += 4) {
      const reach = v128.load32_splat(keys + i);
      const other = tile + <usize>load<u32>(ids + i) * stride + at;
      a0 = v128.andnot(a0, i32x4.gt_s(t0, i32x4.max_s(reach, v128.load(other))));
      a1 = v128.andnot(a1, i32x4.gt_s(t1, i32x4.max_s(reach, v128.load(other, 16))));
      a2 = v128.andnot(a2, i32x4.gt_s(t2, i32x4.max_s(reach, v128.load(other, 32))));
      a3 = v128.andnot(a3, i32x4.gt_s(t3, i32x4.max_s(reach, v128.load(other, 48))));
      if (!v128.any_true(v128.or(v128.or(a0, a1), v128.or(a2, a3)))) break;
    }
    let hits =
      i32x4.bitmask(a0) | (i32x4.bitmask(a1) << 4) | (i32x4.bitmask(a2) << 8) | (i32x4.bitmask(a3) << 12);
    while (hits) {
      const w = (at >> 2) + <usize>ctz(hits);
      hits &= hits - 1;
      if (w >= columns) break;
      if (w < from || survivesNot(tile, stride, u, w, i0, j0)) continue;
      const key = load<u32>(line + (w << 2));
      if (!addCandidate(work, min(i0 + u, j0 + w), max(i0 + u, j0 + w), key)) return false;
    }
  }
  return true;
}

/** True when a near point of u or of w lies in the lune of (u, w), by rank. */
function survivesNot(tile: usize, stride: usize, u: usize, w: usize, i0: usize, j0: usize): bool {
  const plan = streamPlan();
  const near = plan.near;
  const line = tile + u * stride;
  const key = load<u32>(line + (w << 2));
  const atU = entryOf(key, j0 + w);
  const atW = entryOf(key, i0 + u);
  let list = (j0 + w) * near;
  for (let i = list; i < list + near; i++) {
    const q = <usize>load<u32>(plan.nearIds + (i << 2));
    if (entryOf(load<u32>(plan.nearKeys + (i << 2)), j0 + q) >= atW) break;
    if (entryOf(load<u32>(line + (q << 2)), j0 + q) < atU) return true;
  }
  list = (i0 + u) * near;
  for (let i = list; i < list + near; i++) {
    const p = <usize>load<u32>(plan.nearIds + (i << 2));
    if (entryOf(load<u32>(plan.nearKeys + (i << 2)), i0 + p) >= atU) break;
    if (entryOf(load<u32>(tile + p * stride + (w << 2)), i0 + p) < atW) return true;
  }
  return false;
}

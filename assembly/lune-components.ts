/**
 * Components of lunes, from bits. While the edges of one block are in work, each place has two rows of bits:
 *
 *     low    the place itself and the ends of its edges of earlier blocks: they are in the complex
 *     high   those and the ends of its edges of this block: nothing else can be
 *
 * For an edge (p, q) of the block, low(p) ∩ low(q) is inside the lune and the lune inside high(p) ∩ high(q). An edge
 * is certified when some k of the inner set has every x of the outer one in low(k): the lune is joined to k, has one
 * component, and nothing changes. This is tested for all edges of a place at once: what k lacks of high(p),
 * high(p) ∖ low(k), must miss high(q). Good k are central or near to p; each place keeps a short list of them, the
 * one that lacks least first. What is not certified is flooded, first through the inner set alone, then exactly.
 *
 *     lows, highs   n rows of bits
 *     helpers       u16 × HELPERS a place
 *     lacking       what k lacks: 32 bytes a piece, 128 bits and (u32) where they belong
 *     shared        low(p) ∩ low(k)
 */
import { allocate } from "./arena";
import { numbersBytes, numbersOf, rankOf } from "./lune-blocks";

/** Places tried as k: the most central ones and near ones. The first few serve together. */
const HELPERS: usize = 24;
const CENTRAL_HELPERS: usize = 12;
const FIRST_HELPERS: usize = 4;
/** Edges at a place that pay for trying better helpers. */
const WORTH_A_CHALLENGE: usize = 4;

let n: usize = 0;
let rowBytes: usize = 0;
let lows: usize = 0;
let highs: usize = 0;
let helpers: usize = 0;
let lacking: usize = 0;
let lackingAll: usize = 0;
let common: usize = 0;
let shared: usize = 0;
let open: usize = 0;

/** Rows of the helpers in work: k and three y. */
let hub: usize = 0;
let spokeA: usize = 0;
let spokeB: usize = 0;
let spokeC: usize = 0;

/** Counts challenges. */
let turn: usize = 0;

let inner: usize = 0;
let outer: usize = 0;
let reached: usize = 0;
let left: usize = 0;
let later: usize = 0;

/** Rank of the edge in work. */
let edgeRank: u64 = 0;

@inline
function low(p: usize): usize {
  return lows + p * rowBytes;
}

@inline
function high(p: usize): usize {
  return highs + p * rowBytes;
}

@inline
function has(row: usize, p: usize): bool {
  return ((load<u8>(row + (p >> 3)) >> (<u8>p & 7)) & 1) != 0;
}

@inline
function put(row: usize, p: usize): void {
  store<u8>(row + (p >> 3), load<u8>(row + (p >> 3)) | (<u8>1 << (<u8>p & 7)));
}

@inline
function drop(row: usize, p: usize): void {
  store<u8>(row + (p >> 3), load<u8>(row + (p >> 3)) & ~(<u8>1 << (<u8>p & 7)));
}

/** Rows without edges, and helpers by the block numbers; false without memory. O(n²). */
export function prepareLunes(count: usize): bool {
  n = count;
  rowBytes = ((n + 127) >> 7) << 4;
  lows = allocate(n * rowBytes);
  highs = allocate(n * rowBytes);
  helpers = allocate((n * HELPERS) << 1);
  lacking = allocate(rowBytes << 1);
  lackingAll = allocate(rowBytes << 1);
  shared = allocate(rowBytes);
  common = allocate(rowBytes);
  open = allocate(n << 1);
  inner = allocate(rowBytes);
  outer = allocate(rowBytes);
  reached = allocate(rowBytes);
  left = allocate(rowBytes);
  later = allocate(rowBytes);
  if (lackingAll == 0 || common == 0) return false;
  if (lows == 0 || highs == 0 || helpers == 0 || lacking == 0 || shared == 0 || open == 0) return false;
  if (inner == 0 || outer == 0 || reached == 0 || left == 0 || later == 0) return false;
  memory.fill(lows, 0, n * rowBytes);
  memory.fill(highs, 0, n * rowBytes);
  for (let p: usize = 0; p < n; p++) {
    put(low(p), p);
    put(high(p), p);
    findHelpers(p);
  }
  return true;
}

/** Helpers of a place: the most central ones, then those with the least block numbers. */
function findHelpers(p: usize): void {
  const to = helpers + ((p * HELPERS) << 1);
  const line = numbersOf(p);
  const end = numbersBytes();
  let filled = min(CENTRAL_HELPERS, n);
  for (let i: usize = 0; i < filled; i++) store<u16>(to + (i << 1), <u16>i);
  const first = filled;
  let worst: u8 = 255;
  for (let at: usize = 0; at < end; at += 16) {
    let hits = i8x16.bitmask(i8x16.lt_u(v128.load(line + at), i8x16.splat(<i8>worst)));
    while (hits) {
      const q = at + <usize>ctz(hits);
      hits &= hits - 1;
      const number = load<u8>(line + q);
      if (number >= worst) continue;
      let i = filled < HELPERS ? filled : HELPERS - 1;
      while (i > first && load<u8>(line + <usize>load<u16>(to + ((i - 1) << 1))) > number) {
        store<u16>(to + (i << 1), load<u16>(to + ((i - 1) << 1)));
        i -= 1;
      }
      store<u16>(to + (i << 1), <u16>q);
      if (filled < HELPERS) filled += 1;
      if (filled == HELPERS) worst = load<u8>(line + <usize>load<u16>(to + ((HELPERS - 1) << 1)));
    }
  }
  // Too few neighbours: a place is no help to itself, and no harm.
  for (; filled < HELPERS; filled++) store<u16>(to + (filled << 1), <u16>p);
}

/** Lets edges enter `high`, or `low` as well once their block is done. */
export function enterHigh(edges: usize, count: usize): void {
  enter(highs, edges, count);
}

/** See {@link enterHigh}. */
export function enterLow(edges: usize, count: usize): void {
  enter(lows, edges, count);
}

function enter(rows: usize, edges: usize, count: usize): void {
  for (let e: usize = 0; e < count; e++) {
    const pair = load<u32>(edges + (e << 2));
    const p = <usize>(pair >> 16);
    const q = <usize>(pair & 0xffff);
    put(rows + p * rowBytes, q);
    put(rows + q * rowBytes, p);
  }
}

/**
 * Certifies edges of the block that share their higher place p. Returns how many are left; their lower places are at
 * {@link openPlace}.
 */
export function certify(p: usize, edges: usize, count: usize): usize {
  for (let e: usize = 0; e < count; e++) store<u16>(open + (e << 1), load<u16>(edges + (e << 2)));
  const list = helpers + ((p * HELPERS) << 1);
  if (count >= WORTH_A_CHALLENGE) challenge(p, list);
  const own = high(p);
  const entered = low(p);
  let rest = count;
  for (let h: usize = 0; h < HELPERS && rest > 0; h++) {
    if (!gather(p, list, h)) continue;
    let end = lacking;
    let endOfAll = lackingAll;
    for (let at: usize = 0; at < rowBytes; at += 16) {
      const line = v128.load(hub + at);
      const a = v128.load(spokeA + at);
      const b = v128.load(spokeB + at);
      const c = v128.load(spokeC + at);
      const piece = v128.andnot(v128.load(own + at), line);
      v128.store(shared + at, v128.and(v128.load(entered + at), line));
      v128.store(common + at, v128.and(v128.and(line, a), v128.and(b, c)));
      v128.store(end, piece);
      store<u32>(end, <u32>at, 16);
      end += v128.any_true(piece) ? 32 : 0;
      const none = v128.andnot(piece, v128.or(a, v128.or(b, c)));
      v128.store(endOfAll, none);
      store<u32>(endOfAll, <u32>at, 16);
      endOfAll += v128.any_true(none) ? 32 : 0;
    }
    let kept: usize = 0;
    for (let i: usize = 0; i < rest; i++) {
      const q = <usize>load<u16>(open + (i << 1));
      store<u16>(open + (kept << 1), <u16>q);
      const done = has(common, q) ? isCovered(q, lackingAll, endOfAll) : has(hub, q) && isCovered(q, lacking, end);
      kept += done ? 0 : 1;
    }
    rest = kept;
  }
  return rest;
}

/** Sets up helper h of p as k and the first helpers as y; false when it is of no use yet. */
function gather(p: usize, list: usize, h: usize): bool {
  const k = <usize>load<u16>(list + (h << 1));
  const entered = low(p);
  if (k == p || !has(entered, k)) return false;
  hub = low(k);
  spokeA = spoke(p, entered, load<u16>(list, 2));
  spokeB = spoke(p, entered, load<u16>(list, 4));
  spokeC = spoke(p, entered, load<u16>(list, 6));
  return true;
}

@inline
function spoke(p: usize, entered: usize, y: usize): usize {
  return y != p && has(entered, y) && has(hub, y) ? low(y) : hub;
}

/** Puts a helper in turn in the place of one of the first ones when it serves better. */
function challenge(p: usize, list: usize): void {
  turn += 1;
  const one = list + ((turn % FIRST_HELPERS) << 1);
  const two = list + ((FIRST_HELPERS + (turn % (HELPERS - FIRST_HELPERS))) << 1);
  const before = shortfall(p, list);
  exchange(one, two);
  if (shortfall(p, list) >= before) exchange(one, two);
}

@inline
function exchange(one: usize, two: usize): void {
  const helper = load<u16>(one);
  store<u16>(one, load<u16>(two));
  store<u16>(two, helper);
}

/** What the first helpers together lack of high(p), and twice the edges of the block at p they say nothing about. */
function shortfall(p: usize, list: usize): u32 {
  if (!gather(p, list, 0)) return u32.MAX_VALUE;
  const own = high(p);
  const entered = low(p);
  let sum = i16x8.splat(0);
  for (let at: usize = 0; at < rowBytes; at += 16) {
    const all = v128.load(own + at);
    const line = v128.load(hub + at);
    const a = v128.load(spokeA + at);
    const b = v128.load(spokeB + at);
    const c = v128.load(spokeC + at);
    const lacks = v128.andnot(all, v128.or(v128.or(line, a), v128.or(b, c)));
    const missed = v128.andnot(v128.andnot(all, v128.load(entered + at)), v128.and(v128.and(line, a), v128.and(b, c)));
    const bytes = i8x16.add(i8x16.popcnt(lacks), i8x16.shl(i8x16.popcnt(missed), 1));
    sum = i16x8.add(sum, i16x8.extadd_pairwise_i8x16_u(bytes));
  }
  const halves = i32x4.extadd_pairwise_i16x8_u(sum);
  return (
    i32x4.extract_lane(halves, 0) +
    i32x4.extract_lane(halves, 1) +
    (i32x4.extract_lane(halves, 2) + i32x4.extract_lane(halves, 3))
  );
}

/** Whether all that is listed misses high(q) or is joined to k by way of one more place. */
@inline
function isCovered(q: usize, list: usize, end: usize): bool {
  const other = high(q);
  for (let piece = list; piece < end; piece += 32) {
    const at = <usize>load<u32>(piece, 16);
    const missing = v128.and(v128.load(piece), v128.load(other + at));
    if (!v128.any_true(missing)) continue;
    let x = at << 3;
    let word = i64x2.extract_lane(missing, 0);
    for (; word; word &= word - 1) if (!isLinked(x + <usize>ctz(word), q)) return false;
    x += 64;
    word = i64x2.extract_lane(missing, 1);
    for (; word; word &= word - 1) if (!isLinked(x + <usize>ctz(word), q)) return false;
  }
  return true;
}

/** Whether some y of the inner set is joined to k and to x by edges of earlier blocks. */
function isLinked(x: usize, q: usize): bool {
  const a = low(x);
  const b = low(q);
  for (let at: usize = 0; at < rowBytes; at += 16)
    if (v128.any_true(v128.and(v128.load(shared + at), v128.and(v128.load(a + at), v128.load(b + at))))) return true;
  return false;
}

/** Lower place of the i-th edge that the last call of `certify` left. */
@inline
export function openPlace(i: usize): usize {
  return <usize>load<u16>(open + (i << 1));
}

/** First place of a set, or usize.MAX_VALUE when it is empty. */
@inline
function firstOf(set: usize): usize {
  for (let at: usize = 0; at < rowBytes; at += 8) {
    const word = load<u64>(set + at);
    if (word) return (at << 3) + <usize>ctz(word);
  }
  return usize.MAX_VALUE;
}

/** Whether (p, q), an edge of this block or an earlier one, ranks below the edge in work. */
@inline
function entered(p: usize, q: usize): bool {
  return has(low(p), q) || rankOf(p, q) < edgeRank;
}

/**
 * First place of the lune of the edge (p, q) of this block when the lune has several components, which `nextComponent`
 * then walks; usize.MAX_VALUE when it has one or none. O(n² / 128) bit operations, mostly O(n / 128).
 */
export function firstComponent(p: usize, q: usize): usize {
  let some = i64x2.splat(0);
  let inside = i64x2.splat(0);
  const lowP = low(p);
  const lowQ = low(q);
  const highP = high(p);
  const highQ = high(q);
  for (let at: usize = 0; at < rowBytes; at += 16) {
    const sure = v128.and(v128.load(lowP + at), v128.load(lowQ + at));
    const maybe = v128.and(v128.load(highP + at), v128.load(highQ + at));
    v128.store(inner + at, sure);
    v128.store(outer + at, maybe);
    inside = v128.or(inside, sure);
    some = v128.or(some, maybe);
  }
  drop(outer, p);
  drop(outer, q);
  if (v128.any_true(inside)) {
    const first = firstOf(inner);
    memory.copy(left, outer, rowBytes);
    memory.fill(reached, 0, rowBytes);
    drop(left, first);
    put(reached, first);
    absorb(low(first));
    flood(false);
    if (firstOf(later) == usize.MAX_VALUE) return usize.MAX_VALUE;
  }
  edgeRank = rankOf(p, q);
  // Now exactly: which of the outer set are in the lune, and how they hang together.
  let any = false;
  for (let at: usize = 0; at < rowBytes; at += 8) {
    let word = load<u64>(outer + at) & ~load<u64>(inner + at);
    while (word) {
      const x = (at << 3) + <usize>ctz(word);
      word &= word - 1;
      if (entered(p, x) && entered(q, x)) put(inner, x);
    }
    any = any || load<u64>(inner + at) != 0;
  }
  if (!any) return usize.MAX_VALUE;
  const first = firstOf(inner);
  memory.copy(left, inner, rowBytes);
  memory.fill(reached, 0, rowBytes);
  drop(left, first);
  put(reached, first);
  absorb(low(first));
  flood(true);
  return firstOf(later) == usize.MAX_VALUE ? usize.MAX_VALUE : first;
}

/** A place of the next component of the lune in work, usize.MAX_VALUE when there is none. */
export function nextComponent(): usize {
  const first = firstOf(later);
  if (first == usize.MAX_VALUE) return first;
  memory.copy(left, later, rowBytes);
  memory.fill(reached, 0, rowBytes);
  drop(left, first);
  put(reached, first);
  absorb(low(first));
  flood(true);
  return first;
}

/** Moves what `line` joins out of `left` and `later`, and what of it is in the lune for sure into `reached`. */
@inline
function absorb(line: usize): void {
  for (let at: usize = 0; at < rowBytes; at += 16) {
    const joined = v128.and(v128.load(line + at), v128.load(outer + at));
    const passing = v128.and(joined, v128.load(inner + at));
    v128.store(reached + at, v128.or(v128.load(reached + at), passing));
    v128.store(left + at, v128.andnot(v128.load(left + at), joined));
    v128.store(later + at, v128.andnot(v128.load(later + at), joined));
  }
}

/** Whether x is joined to what is reached. */
function touches(x: usize, exactly: bool): bool {
  const line = low(x);
  for (let at: usize = 0; at < rowBytes; at += 16)
    if (v128.any_true(v128.and(v128.load(line + at), v128.load(reached + at)))) return true;
  if (!exactly) return false;
  const wide = high(x);
  for (let at: usize = 0; at < rowBytes; at += 8) {
    let word = load<u64>(wide + at) & load<u64>(reached + at);
    while (word) {
      const y = (at << 3) + <usize>ctz(word);
      word &= word - 1;
      if (entered(x, y)) return true;
    }
  }
  return false;
}

/**
 * Moves every place of `left` that is joined to `reached` over; what cannot be joined ends up in `later`. Not exactly:
 * through edges of earlier blocks and places of the inner set only.
 */
function flood(exactly: bool): void {
  memory.fill(later, 0, rowBytes);
  let progress = true;
  while (progress) {
    progress = false;
    for (;;) {
      const x = firstOf(left);
      if (x == usize.MAX_VALUE) break;
      drop(left, x);
      if (!touches(x, exactly)) {
        put(later, x);
        continue;
      }
      if (!has(inner, x)) continue;
      progress = true;
      put(reached, x);
      absorb(low(x));
    }
    if (!progress) break;
    // What was put off may touch what was reached since.
    memory.copy(left, later, rowBytes);
    memory.fill(later, 0, rowBytes);
    if (firstOf(left) == usize.MAX_VALUE) break;
  }
}

/**
 * Keys of all pairs of two blocks, `stride` bytes a row of the first block:
 *
 *     tile + a · stride + 4 b    key between point a of block I and point b of block J
 *
 * Rows are filled up to 16 entries with the last key again, so that maxima over whole rows are right.
 *
 * i16: |x|² + |y|² - 2 x·y, and x·y needs only the groups of 8 coordinates in which neither side is zero. `masks` says
 * for every triple of rows which groups are not all zero; of images, few are.
 */
import { SPARE_ROWS } from "./abi";
import { allocate } from "./arena";
import { dotI16 } from "./distances";
import { ARITHMETIC_F32, ARITHMETIC_I16, keyBetween, OWN_KEY, streamPlan, streamRow } from "./stream-plan";

/** Rows of either block that are worked on together: their triples stay in cache. */
const PATCH: usize = 96;

/** Bytes of a row of a tile: whole groups of 16 entries. */
@inline
export function tileStride(): usize {
  return ((streamPlan().widest + 15) & ~15) << 2;
}

/** Squared lengths of the rows of i16; false without memory. */
export function measureRows(): bool {
  const plan = streamPlan();
  if (plan.arithmetic != ARITHMETIC_I16) return true;
  if (plan.norms == 0) plan.norms = allocate((plan.n + SPARE_ROWS) << 2);
  if (plan.norms == 0) return false;
  for (let i: usize = 0; i < plan.n; i++)
    store<i32>(plan.norms + (i << 2), dotI16(streamRow(i), streamRow(i), plan.rowBytes));
  return true;
}

/** Masks of the rows of i16; false without memory. Triples are counted from the first point of a block. */
export function maskRows(): bool {
  const plan = streamPlan();
  if (plan.arithmetic != ARITHMETIC_I16) return true;
  const n = plan.n;
  plan.maskWords = ((plan.rowBytes >> 4) + 63) >> 6;
  plan.masks = allocate(((n + SPARE_ROWS) * plan.maskWords) << 3);
  if (plan.masks == 0) return false;
  for (let i: usize = 0; i < n; i++) maskRow(i);
  for (let block: usize = 0; block < plan.blocks; block++)
    maskTriples(<usize>load<u32>(plan.starts + (block << 2)), <usize>load<u32>(plan.starts + (block << 2), 4));
  return true;
}

function maskRow(i: usize): void {
  const plan = streamPlan();
  const line = streamRow(i);
  const mask = plan.masks + ((i * plan.maskWords) << 3);
  memory.fill(mask, 0, plan.maskWords << 3);
  for (let at: usize = 0; at < plan.rowBytes; at += 16) {
    if (!v128.any_true(v128.load(line + at))) continue;
    const word = mask + ((at >> 10) << 3);
    store<u64>(word, load<u64>(word) | ((<u64>1) << (<u64>(at >> 4) & 63)));
  }
}

/** Joins the masks of each triple of rows from `low` on in the first of them. */
export function maskTriples(low: usize, high: usize): void {
  const plan = streamPlan();
  if (plan.arithmetic != ARITHMETIC_I16) return;
  const step = plan.maskWords << 3;
  for (let i = low; i + 2 < high; i += 3) {
    for (let word: usize = 0; word < plan.maskWords; word++) {
      const at = plan.masks + ((i * plan.maskWords + word) << 3);
      store<u64>(at, load<u64>(at) | load<u64>(at + step) | load<u64>(at + (step << 1)));
    }
  }
}

/** Copies a row to a place behind the points. */
export function copyRow(from: usize, to: usize): void {
  const plan = streamPlan();
  memory.copy(streamRow(to), streamRow(from), plan.rowBytes);
  if (plan.arithmetic != ARITHMETIC_I16) return;
  store<i32>(plan.norms + (to << 2), load<i32>(plan.norms + (from << 2)));
  maskRow(to);
}

/** Fills a tile with the keys between the blocks from `i0` and `j0` of `rows` and `columns` points. */
export function fillTile(tile: usize, i0: usize, rows: usize, j0: usize, columns: usize): void {
  const plan = streamPlan();
  const stride = tileStride();
  const arithmetic = plan.arithmetic;
  for (let top: usize = 0; top < rows; top += PATCH) {
    const bottom = min(top + PATCH, rows);
    for (let left: usize = 0; left < columns; left += PATCH) {
      const right = min(left + PATCH, columns);
      for (let a = top; a < bottom; a += 3) {
        for (let b = left; b < right; b += 3) {
          const whole = a + 3 <= bottom && b + 3 <= right;
          const out = tile + a * stride + (b << 2);
          if (whole && arithmetic == ARITHMETIC_I16) tileI16(out, stride, i0 + a, j0 + b);
          else if (whole && arithmetic == ARITHMETIC_F32) tileF32(out, stride, i0 + a, j0 + b);
          else {
            for (let x = a; x < min(a + 3, bottom); x++)
              for (let y = b; y < min(b + 3, right); y++)
                store<u32>(tile + x * stride + (y << 2), keyBetween(i0 + x, j0 + y));
          }
        }
      }
    }
  }
  const padded = stride >> 2;
  for (let a: usize = 0; a < rows; a++) {
    const line = tile + a * stride;
    const last = load<u32>(line + ((columns - 1) << 2));
    for (let b = columns; b < padded; b++) store<u32>(line + (b << 2), last);
  }
}

/** Marks the diagonal of the tile of a block with itself. */
export function sealTile(tile: usize, rows: usize): void {
  const stride = tileStride();
  for (let a: usize = 0; a < rows; a++) store<u32>(tile + a * stride + (a << 2), OWN_KEY);
}

/** The sums of four vectors, one a lane. */
@inline
function sums(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = i32x4.add(i32x4.shuffle(a, b, 0, 1, 4, 5), i32x4.shuffle(a, b, 2, 3, 6, 7));
  const cd = i32x4.add(i32x4.shuffle(c, d, 0, 1, 4, 5), i32x4.shuffle(c, d, 2, 3, 6, 7));
  return i32x4.add(i32x4.shuffle(ab, cd, 0, 2, 4, 6), i32x4.shuffle(ab, cd, 1, 3, 5, 7));
}

function tileI16(out: usize, stride: usize, i: usize, j: usize): void {
  const plan = streamPlan();
  const bytes = plan.rowBytes;
  const a0 = plan.rows + i * bytes;
  const b0 = plan.rows + j * bytes;
  const words = plan.maskWords;
  const left = plan.masks + ((i * words) << 3);
  const right = plan.masks + ((j * words) << 3);
  let s00 = i32x4.splat(0);
  let s01 = s00;
  let s02 = s00;
  let s10 = s00;
  let s11 = s00;
  let s12 = s00;
  let s20 = s00;
  let s21 = s00;
  let s22 = s00;
  for (let word: usize = 0; word < words; word++) {
    let groups = load<u64>(left + (word << 3)) & load<u64>(right + (word << 3));
    while (groups) {
      const at = ((<usize>ctz(groups)) + (word << 6)) << 4;
      groups &= groups - 1;
      const x = a0 + at;
      const y = b0 + at;
      const x0 = v128.load(x);
      const x1 = v128.load(x + bytes);
      const x2 = v128.load(x + (bytes << 1));
      const y0 = v128.load(y);
      s00 = i32x4.add(s00, i32x4.dot_i16x8_s(x0, y0));
      s10 = i32x4.add(s10, i32x4.dot_i16x8_s(x1, y0));
      s20 = i32x4.add(s20, i32x4.dot_i16x8_s(x2, y0));
      const y1 = v128.load(y + bytes);
      s01 = i32x4.add(s01, i32x4.dot_i16x8_s(x0, y1));
      s11 = i32x4.add(s11, i32x4.dot_i16x8_s(x1, y1));
      s21 = i32x4.add(s21, i32x4.dot_i16x8_s(x2, y1));
      const y2 = v128.load(y + (bytes << 1));
      s02 = i32x4.add(s02, i32x4.dot_i16x8_s(x0, y2));
      s12 = i32x4.add(s12, i32x4.dot_i16x8_s(x1, y2));
      s22 = i32x4.add(s22, i32x4.dot_i16x8_s(x2, y2));
    }
  }
  const nj = plan.norms + (j << 2);
  const n0 = load<i32>(nj);
  const n1 = load<i32>(nj, 4);
  const n2 = load<i32>(nj, 8);
  const ni = plan.norms + (i << 2);
  const zero = i32x4.splat(0);
  const columns = i32x4.replace_lane(i32x4.replace_lane(i32x4.replace_lane(zero, 0, n0), 1, n1), 2, n2);
  store3(out, i32x4.add(columns, v128.load32_splat(ni)), sums(s00, s01, s02, zero));
  store3(out + stride, i32x4.add(columns, v128.load32_splat(ni, 4)), sums(s10, s11, s12, zero));
  store3(out + (stride << 1), i32x4.add(columns, v128.load32_splat(ni, 8)), sums(s20, s21, s22, zero));
}

@inline
function store3(out: usize, norms: v128, dots: v128): void {
  const keys = i32x4.sub(norms, i32x4.shl(dots, 1));
  v128.store64_lane(out, keys, 0);
  v128.store32_lane(out, keys, 2, 8);
}

@inline
function squareDifference(x: v128, y: v128): v128 {
  const difference = f32x4.sub(x, y);
  return f32x4.mul(difference, difference);
}

/** The same order of additions as in distances.ts, so the sums are bit-equal. */
@inline
function putF32(out: usize, v: v128): void {
  store<f32>(
    out,
    f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3)),
  );
}

function tileF32(out: usize, stride: usize, i: usize, j: usize): void {
  const plan = streamPlan();
  const bytes = plan.rowBytes;
  const a0 = plan.rows + i * bytes;
  const a1 = a0 + bytes;
  const a2 = a1 + bytes;
  const b0 = plan.rows + j * bytes;
  const b1 = b0 + bytes;
  const b2 = b1 + bytes;
  let s00 = f32x4.splat(0);
  let s01 = s00;
  let s02 = s00;
  let s10 = s00;
  let s11 = s00;
  let s12 = s00;
  let s20 = s00;
  let s21 = s00;
  let s22 = s00;
  for (let at: usize = 0; at < bytes; at += 16) {
    const x0 = v128.load(a0 + at);
    const x1 = v128.load(a1 + at);
    const x2 = v128.load(a2 + at);
    const y0 = v128.load(b0 + at);
    s00 = f32x4.add(s00, squareDifference(x0, y0));
    s10 = f32x4.add(s10, squareDifference(x1, y0));
    s20 = f32x4.add(s20, squareDifference(x2, y0));
    const y1 = v128.load(b1 + at);
    s01 = f32x4.add(s01, squareDifference(x0, y1));
    s11 = f32x4.add(s11, squareDifference(x1, y1));
    s21 = f32x4.add(s21, squareDifference(x2, y1));
    const y2 = v128.load(b2 + at);
    s02 = f32x4.add(s02, squareDifference(x0, y2));
    s12 = f32x4.add(s12, squareDifference(x1, y2));
    s22 = f32x4.add(s22, squareDifference(x2, y2));
  }
  putF32(out, s00);
  putF32(out + 4, s01);
  putF32(out + 8, s02);
  putF32(out + stride, s10);
  putF32(out + stride + 4, s11);
  putF32(out + stride + 8, s12);
  putF32(out + (stride << 1), s20);
  putF32(out + (stride << 1) + 4, s21);
  putF32(out + (stride << 1) + 8, s22);
}

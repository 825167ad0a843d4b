/**
 * Whether a closed hypersurface surrounds a point: the parity of its crossings with a ray, exactly.
 *
 * The ray goes along the last axis; it is shifted by (ε) in the plane and (ε, ε²) in space, for an infinitely small ε, so
 * that it meets no corner and no edge. Signs of determinants are taken in doubles where their error bounds allow
 * (Shewchuk 1997), else in big integers: coordinates are doubles, and so integers over a power of two.
 */

/** A point of the plane or of space. */
export type Point = readonly number[];

/** Corners of the edges (in the plane) or triangles (in space) of a cycle over Z/2. */
export type Hypersurface = readonly (readonly Point[])[];

/**
 * Whether a ray from the point crosses the hypersurface an odd number of times, which then separates the point from
 * infinity; null where the point lies on it, or in space in the plane and the box of a triangle, which is not looked into.
 * Cost: linear in the number of simplices.
 */
export function isSurrounded(point: Point, hypersurface: Hypersurface): boolean | null {
  let odd = false;
  for (const simplex of hypersurface) {
    const crossed = simplex.length === 2 ? crossesEdge(point, simplex) : crossesTriangle(point, simplex);
    if (crossed === null) return null;
    if (crossed) odd = !odd;
  }
  return odd;
}

function crossesEdge(point: Point, [a, b]: readonly Point[]): boolean | null {
  const turn = orientation(a!, b!, point);
  if (turn === 0 && isInBox(point, [a!, b!])) return null;
  const [x] = point as [number];
  const [left, right] = [a![0]! <= x, b![0]! <= x];
  if (left === right) return false;
  // Below the edge seen from left to right.
  return turn < 0 === left;
}

function crossesTriangle(point: Point, corners: readonly Point[]): boolean | null {
  const [a, b, c] = corners as [Point, Point, Point];
  const side = volumeSign(a, b, c, point);
  if (side === 0 && isInBox(point, corners)) return null;
  const turn = shiftedOrientation(a, b, point);
  if (turn === 0 || turn !== shiftedOrientation(b, c, point) || turn !== shiftedOrientation(c, a, point)) return false;
  // A triangle that turns left seen from above has its normal upwards.
  return side * turn < 0;
}

function isInBox(point: Point, corners: readonly Point[]): boolean {
  return point.every(
    (x, axis) => x >= Math.min(...corners.map((c) => c[axis]!)) && x <= Math.max(...corners.map((c) => c[axis]!)),
  );
}

/** The sign of {@link orientation} for the point moved by (ε, ε²); 0 only where both corners lie above each other. */
function shiftedOrientation(a: Point, b: Point, point: Point): number {
  return orientation(a, b, point) || Math.sign(a[1]! - b[1]!) || Math.sign(b[0]! - a[0]!);
}

/** 2^-53, and what may be lost where products underflow. */
const epsilon = Number.EPSILON / 2;
const underflow = 1e-290;

/** Sign of (b − a) × (p − a) in the first two coordinates: 1 where p lies to the left of a → b. */
function orientation(a: Point, b: Point, p: Point): number {
  const one = (b[0]! - a[0]!) * (p[1]! - a[1]!);
  const other = (b[1]! - a[1]!) * (p[0]! - a[0]!);
  const value = one - other;
  if (Math.abs(value) > (3 + 16 * epsilon) * epsilon * (Math.abs(one) + Math.abs(other)) + underflow)
    return Math.sign(value);
  const [ax, ay, bx, by, px, py] = [a[0]!, a[1]!, b[0]!, b[1]!, p[0]!, p[1]!].map(integer) as bigint[];
  return signOf((bx! - ax!) * (py! - ay!) - (by! - ay!) * (px! - ax!));
}

/** Sign of the determinant of b − a, c − a, p − a. */
function volumeSign(a: Point, b: Point, c: Point, p: Point): number {
  const rows = [b, c, p].map((row) => row.map((x, axis) => x - a[axis]!));
  const terms = expansion(rows as number[][]);
  const value = terms.reduce((sum, [one, two]) => sum + (one - two), 0);
  const size = terms.reduce((sum, [one, two]) => sum + Math.abs(one) + Math.abs(two), 0);
  // Shewchuk's constant is 7 + 56 ε; the order of the operations here differs, so twice that.
  if (Math.abs(value) > 16 * epsilon * size + underflow) return Math.sign(value);
  const origin = a.map(integer);
  const exact = [b, c, p].map((row) => row.map((x, axis) => integer(x) - origin[axis]!));
  const [[bx, by, bz], [cx, cy, cz], [px, py, pz]] = exact as [bigint[], bigint[], bigint[]];
  return signOf(bx! * (cy! * pz! - cz! * py!) - by! * (cx! * pz! - cz! * px!) + bz! * (cx! * py! - cy! * px!));
}

/** The six products of a determinant, as three differences. */
function expansion(rows: number[][]): [number, number][] {
  const [[bx, by, bz], [cx, cy, cz], [px, py, pz]] = rows as [number[], number[], number[]];
  return [
    [bx! * cy! * pz!, bx! * cz! * py!],
    [by! * cz! * px!, by! * cx! * pz!],
    [bz! * cx! * py!, bz! * cy! * px!],
  ];
}

function signOf(value: bigint): number {
  return value > 0n ? 1 : value < 0n ? -1 : 0;
}

const view = new DataView(new ArrayBuffer(8));

/** A double times 2^1074, which makes every one of them an integer. */
function integer(value: number): bigint {
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const exponent = (bits >> 52n) & 0x7ffn;
  const fraction = bits & 0xfffffffffffffn;
  const size = exponent === 0n ? fraction : (fraction | 0x10000000000000n) << (exponent - 1n);
  return bits >> 63n === 1n ? -size : size;
}

/**
 * Exact Betti numbers of what small piecewise linear networks with integer weights make of segments and polygons.
 *
 * Every vertex is a vector of integers in homogeneous coordinates: [w, point…] and [w, values…], the number being the
 * entry over w > 0. A cell is the list of its vertices, in cyclic order; it is cut where a unit changes sign, so every
 * unit is linear on every cell, and cutting mixes vertices without a division. Nothing is rounded and nothing is shared
 * with the bounds that are tested.
 */
import type { Random } from "../../src/random.js";

type Vector = readonly bigint[];
export interface Vertex {
  /** Homogeneous coordinates in the input. */
  readonly point: Vector;
  /** Homogeneous coordinates in the layer reached. */
  readonly values: Vector;
}
export type Cell = readonly Vertex[];
export type Bend = "relu" | "abs" | "leaky-relu" | "linear";
/** Weights and bias of each unit: [bias, weight…]. */
export type Layer = readonly Vector[];

const magnitude = (x: bigint) => (x < 0n ? -x : x);
function reduced(vector: Vector): Vector {
  let divisor = 0n;
  for (const entry of vector)
    for (let [a, b] = [divisor, magnitude(entry)]; ; [a, b] = [b, a % b])
      if (b === 0n) {
        divisor = a;
        break;
      }
  return divisor === 1n ? vector : vector.map((entry) => entry / divisor);
}
const mixed = (p: Vector, a: bigint, q: Vector, b: bigint) =>
  reduced(p.map((entry, i) => entry * a * q[0]! + q[i]! * b * p[0]!));
export const dot = (a: Vector, b: Vector) => a.reduce((sum, entry, i) => sum + entry * b[i]!, 0n);
const name = (vector: Vector) => vector.join(",");

export const vertex = (...point: number[]): Vertex => {
  const at = [1n, ...point.map(BigInt)];
  return { point: at, values: at };
};
export const square = (from: number, to: number): Cell => [
  vertex(from, from),
  vertex(to, from),
  vertex(to, to),
  vertex(from, to),
];

/** The part of a cell where a linear form of the values is at least 0; empty where it is negative throughout. */
function kept(cell: Cell, form: Vector): Cell {
  const at = cell.map(({ values }) => dot(form, values));
  const out: Vertex[] = [];
  cell.forEach((p, i) => {
    const j = (i + 1) % cell.length;
    const q = cell[j]!;
    if (at[i]! >= 0n) out.push(p);
    if (!((at[i]! > 0n && at[j]! < 0n) || (at[i]! < 0n && at[j]! > 0n))) return;
    // The form is a number over w: of p at[i] / p.values[0].
    const [a, b] = [magnitude(at[j]!) * p.values[0]!, magnitude(at[i]!) * q.values[0]!];
    out.push({ point: mixed(p.point, a, q.point, b), values: mixed(p.values, a, q.values, b) });
  });
  return out.filter(
    (one, i) => i === 0 || (name(one.point) !== name(out[i - 1]!.point) && name(one.point) !== name(out[0]!.point)),
  );
}
const cut = (cells: readonly Cell[], form: Vector) =>
  cells.flatMap((cell) => {
    const signs = cell.map(({ values }) => dot(form, values));
    if (!signs.some((x) => x > 0n) || !signs.some((x) => x < 0n)) return [cell];
    return [
      kept(cell, form),
      kept(
        cell,
        form.map((x) => -x),
      ),
    ];
  });

/** Cells and values behind one layer. */
export function through(cells: readonly Cell[], layer: Layer, bend: Bend): Cell[] {
  const fine = bend === "linear" ? cells : layer.reduce(cut, cells);
  const bent = (x: bigint) =>
    bend === "leaky-relu" ? (x > 0n ? 4n * x : x) : x >= 0n || bend === "linear" ? x : bend === "abs" ? -x : 0n;
  return fine.map((cell) =>
    cell.map(({ point, values }) => ({
      point,
      // Leaky ReLU has slope ¼ below 0, so everything is counted in quarters.
      values: reduced([
        bend === "leaky-relu" ? 4n * values[0]! : values[0]!,
        ...layer.map((unit) => bent(dot(unit, values))),
      ]),
    })),
  );
}

/** Integer weights and biases between -most and most. */
export function drawLayers(random: Random, widths: readonly number[], most: number): Layer[] {
  const integer = () => BigInt(random.integer(2 * most + 1) - most);
  return widths
    .slice(1)
    .map((width, l) => Array.from({ length: width }, () => Array.from({ length: widths[l]! + 1 }, integer)));
}

function componentsOf(vertices: Iterable<string>, edges: Iterable<readonly [string, string]>): number {
  const above = new Map<string, string>();
  for (const one of vertices) above.set(one, one);
  const root = (one: string): string => (above.get(one) === one ? one : root(above.get(one)!));
  for (const [a, b] of edges) above.set(root(a), root(b));
  return [...above].filter(([one, other]) => one === other).length;
}

/** b_0 and b_1 of the part of the plane's cells where all linear forms of the values are at least 0. */
export function bettiOfRegion(cells: readonly Cell[], forms: readonly Vector[]): [number, number] {
  const inside = ({ values }: Vertex) => forms.every((form) => dot(form, values) >= 0n);
  const vertices = new Set<string>();
  const edges = new Map<string, readonly [string, string]>();
  let faces = 0;
  for (const cell of forms.reduce(cut, cells)) {
    if (cell.every(inside)) faces++;
    cell.forEach((p, i) => {
      if (!inside(p)) return;
      const q = cell[(i + 1) % cell.length]!;
      vertices.add(name(p.point));
      if (inside(q)) {
        const [a, b] = [name(p.point), name(q.point)].sort() as [string, string];
        edges.set(`${a} ${b}`, [a, b]);
      }
    });
  }
  const b0 = componentsOf(vertices, edges.values());
  return [b0, b0 - (vertices.size - edges.size + faces)];
}

const cross = ([aw, ax, ay]: Vector, [bw, bx, by]: Vector): Vector => [
  ax! * by! - ay! * bx!,
  ay! * bw! - aw! * by!,
  aw! * bx! - ax! * bw!,
];
const opposite = (form: Vector) => form.map((x) => -x);

/** A convex set in the plane: its corners, and linear forms that are at least 0 on it alone. */
interface Convex {
  readonly cell: Cell;
  readonly forms: readonly Vector[];
}
function convex(corners: readonly Vector[]): Convex {
  const own = [...new Map(corners.map((corner) => [name(corner), corner])).values()];
  const at = (values: Vector): Vertex => ({ point: values, values });
  const [a] = own as [Vector];
  const off = own.find((other) => other !== a);
  const across = off && cross(a, off);
  const third = across && own.find((other) => dot(across, other) !== 0n);
  if (third) {
    const lines = own.map((p, i) => cross(p, own[(i + 1) % own.length]!));
    const forms = lines.map((form) => (own.some((corner) => dot(form, corner) < 0n) ? opposite(form) : form));
    return { cell: own.map(at), forms };
  }
  // Along a line, by the coordinate that changes most plainly: any that changes.
  const axis = off && off[1]! * a[0]! !== a[1]! * off[0]! ? 1 : 2;
  const along = own.toSorted((p, q) => (p[axis]! * q[0]! < q[axis]! * p[0]! ? -1 : 1));
  const [first, last] = [along[0]!, along.at(-1)!];
  const beyond = (limit: Vector, i: number): Vector => [-limit[i]!, i === 1 ? limit[0]! : 0n, i === 2 ? limit[0]! : 0n];
  if (off === undefined) return { cell: [at(a)], forms: [1, 2].flatMap((i) => [beyond(a, i), opposite(beyond(a, i))]) };
  return {
    cell: [at(first), at(last)],
    forms: [across!, opposite(across!), beyond(first, axis), opposite(beyond(last, axis))],
  };
}

/** b_0 and b_1 of the union of the cells' images in the plane, by the nerve of these convex sets. */
export function bettiOfPlanarImage(cells: readonly Cell[]): [number, number] {
  const all = new Map<string, Convex>();
  for (const cell of cells) {
    const corners = cell.map(({ values }) => values);
    all.set(corners.map(name).sort().join(" "), convex(corners));
  }
  const sets = [...all.values()];
  const meet = (cell: Cell, { forms }: Convex) =>
    forms.reduce((rest, form) => (rest.length ? kept(rest, form) : rest), cell);
  const pairs = new Map<
    string,
    { readonly bit: bigint; readonly ends: readonly [string, string]; readonly cell: Cell }
  >();
  for (let j = 1; j < sets.length; j++)
    for (let i = 0; i < j; i++) {
      const cell = meet(sets[i]!.cell, sets[j]!);
      if (cell.length > 0) pairs.set(`${i} ${j}`, { bit: 1n << BigInt(pairs.size), ends: [`${i}`, `${j}`], cell });
    }
  const b0 = componentsOf(
    sets.map((_, i) => `${i}`),
    [...pairs.values()].map(({ ends }) => ends),
  );
  // The rank over Z/2 of the boundaries of all triangles.
  const pivots = new Map<number, bigint>();
  for (let k = 2; k < sets.length; k++)
    for (let j = 1; j < k; j++)
      for (let i = 0; i < j; i++) {
        const [ij, ik, jk] = [pairs.get(`${i} ${j}`), pairs.get(`${i} ${k}`), pairs.get(`${j} ${k}`)];
        if (!ij || !ik || !jk || meet(ij.cell, sets[k]!).length === 0) continue;
        let row = ij.bit ^ ik.bit ^ jk.bit;
        while (row !== 0n) {
          const top = row.toString(2).length;
          const pivot = pivots.get(top);
          if (pivot === undefined) {
            pivots.set(top, row);
            break;
          }
          row ^= pivot;
        }
      }
  return [b0, pairs.size - sets.length + b0 - pivots.size];
}

/**
 * What a finite union of segments and points in any dimension looks like, by the arrangement of its pieces; unbroken if
 * all are segments that meet in ends alone.
 */
export function curve(cells: readonly Cell[]): {
  betti: [number, number];
  vertices: number;
  edges: number;
  unbroken: boolean;
} {
  const segments = cells.map((cell) => cell.map(({ values }) => values));
  const points = segments.map((segment) => new Map(segment.map((point) => [name(point), point])));
  const less = (p: Vector, q: Vector) => {
    for (let i = 1; i < p.length; i++) {
      const difference = p[i]! * q[0]! - q[i]! * p[0]!;
      if (difference !== 0n) return difference < 0n ? -1 : 1;
    }
    return 0;
  };
  const step = (p: Vector, q: Vector) => p.slice(1).map((x, i) => q[i + 1]! * p[0]! - x * q[0]!);
  const parallel = (u: Vector, v: Vector) => u.every((x, i) => v.every((y, j) => x * y === u[j]! * v[i]!));
  const on = (point: Vector, [a, b]: readonly Vector[]) =>
    b === undefined || name(a!) === name(b)
      ? name(point) === name(a!)
      : parallel(step(a!, b), step(a!, point)) && less(point, a!) * less(point, b) <= 0;
  segments.forEach((one, i) => {
    segments.forEach((other, j) => {
      if (i === j) return;
      for (const end of other) if (on(end, one)) points[i]!.set(name(end), end);
      if (j < i || one.length < 2 || other.length < 2) return;
      const [u, v, from] = [step(one[0]!, one[1]!), step(other[0]!, other[1]!), step(one[0]!, other[0]!)];
      for (let x = 0; x < u.length; x++)
        for (let y = 0; y < x; y++) {
          const minor = u[x]! * v[y]! - u[y]! * v[x]!;
          if (minor === 0n) continue;
          // one[0] + s u meets other[0] + t v in these two coordinates; whether in all is then looked at. Steps are scaled:
          // u by w of both ends of one, from by w of one[0] and other[0].
          const shift = from[x]! * v[y]! - from[y]! * v[x]!;
          const s = [shift * one[1]![0]!, minor * other[0]![0]!] as const;
          const [top, bottom] = s[1] < 0n ? [-s[0], -s[1]] : s;
          if (top < 0n || top > bottom) return;
          const meeting = mixed(one[0]!, bottom - top, one[1]!, top);
          if (!on(meeting, other)) return;
          points[i]!.set(name(meeting), meeting);
          points[j]!.set(name(meeting), meeting);
          return;
        }
    });
  });
  const edges = new Map<string, readonly [string, string]>();
  const vertices = new Set<string>();
  for (const own of points) {
    const along = [...own.values()].sort(less).map(name);
    for (const point of along) vertices.add(point);
    for (const [i, point] of along.slice(1).entries()) edges.set(`${along[i]} ${point}`, [along[i]!, point]);
  }
  const b0 = componentsOf(vertices, edges.values());
  return {
    betti: [b0, b0 - vertices.size + edges.size],
    vertices: vertices.size,
    edges: edges.size,
    unbroken: points.every(({ size }) => size === 2),
  };
}

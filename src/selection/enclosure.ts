/**
 * Which classes of labelled points surround another: the hypothesis of Johnson's theorem (bounds/bounded-components.ts),
 * looked for in a sample of the plane or of space.
 *
 * A class surrounds another where a closed curve of edges, or a closed surface of triangles, between its sample points
 * has points of the other inside. Candidates are the cycles of intervals of degree n − 1 that live at least as long again as they
 * were old at birth; whether a point lies inside is decided exactly (crossings.ts). A network that gives the class the
 * whole hypersurface, and the other class one point inside, has a bounded decision region. Nobody knows that of a network
 * beforehand: it stays a hypothesis, one that is stated only where it is likely. All corners, middles of edges and
 * centres of the hypersurface have a point of the class nearest of all the sample; and its longest edge, which closes it,
 * is at most twice as long as the gap of the sample that is closed next to last, so that it bridges no opening.
 */
import { throwIfAborted } from "../errors.js";
import { persistence } from "../topology/persistence.js";
import type { PointCloud } from "../topology/point-cloud.js";
import { type Hypersurface, isSurrounded, type Point } from "./crossings.js";

/** Sample points of one class. */
export interface ClassSample {
  readonly class: number;
  readonly points: PointCloud;
}

/** A class that surrounds another in a sample. */
export interface Enclosure {
  /** The class around. */
  readonly enclosing: number;
  /** The class inside. */
  readonly enclosed: number;
  /** Dimension n of the input: 2 or 3. */
  readonly dimension: number;
  /** Edges or triangles of the hypersurface between points of the class around. */
  readonly simplices: number;
  /** Length of the longest edge: where the interval is born. */
  readonly birth: number;
  /** Where the interval dies; null where it does not. */
  readonly death: number | null;
  /** Sample points of the class inside that lie inside, and all of them. */
  readonly inside: number;
  readonly of: number;
}

/** An interval stands out from here on: death over birth. */
const leastRatio = 2;
/** The longest edge over the gap of the sample before: of random points on a ring a closed one is beyond it in 3 %. */
const mostLeap = 2;
/** Share of a class's sample that has to lie inside: less may be mislabelled points. */
const leastShare = 0.05;
/** Points of a class looked at: voids of more take minutes. */
const mostPoints = 800;
/** Cycles of a class looked at, the longest-lived first. */
const mostCycles = 8;

/**
 * The pairs of classes of which one surrounds the other, by class; of several hypersurfaces around the same class that
 * with most points inside. Empty in other dimensions than 2 and 3, where nothing is looked for. Points beyond the first
 * 800 of a class are left out. Cost: homology of degree n − 1 of every class, at most some seconds.
 * @throws CancelledError when the signal is aborted
 */
export async function findEnclosures(
  samples: readonly ClassSample[],
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<Enclosure[]> {
  const dimension = samples[0]?.points.shape[1] ?? 0;
  if ((dimension !== 2 && dimension !== 3) || samples.length < 2) return [];
  const clouds = samples.map((sample) => ({ class: sample.class, points: pointsOf(sample.points) }));
  const found: Enclosure[] = [];
  for (const { class: enclosing, points } of clouds) {
    throwIfAborted(signal);
    const others = clouds.filter((other) => other.class !== enclosing);
    const best = new Map<number, Enclosure>();
    for (const { hypersurface, birth, death } of await hypersurfaces(points, dimension)) {
      const candidates = others.flatMap((other) => {
        const inside = other.points.filter((point) => isSurrounded(point, hypersurface) === true).length;
        return inside < leastShare * other.points.length || inside <= (best.get(other.class)?.inside ?? 0)
          ? []
          : [{ other, inside }];
      });
      const rest = others.flatMap((other) => other.points);
      if (candidates.length === 0 || !isNearest(hypersurface, points, rest)) continue;
      for (const { other, inside } of candidates)
        best.set(other.class, {
          enclosing,
          enclosed: other.class,
          dimension,
          simplices: hypersurface.length,
          birth,
          death: Number.isFinite(death) ? death : null,
          inside,
          of: other.points.length,
        });
    }
    found.push(...best.values());
  }
  return found;
}

function pointsOf({ data, shape: [n, d], scale = 1 }: PointCloud): Point[] {
  return Array.from({ length: Math.min(n, mostPoints) }, (_, i) =>
    Array.from(data.subarray(i * d, (i + 1) * d), (x) => x * scale),
  );
}

/** Cycles of degree n − 1 that stand out, longest-lived first. */
async function hypersurfaces(points: readonly Point[], dimension: number) {
  const degree = dimension - 1;
  const { diagrams } = await persistence(points, { maxDim: degree });
  const { births, deaths } = diagrams[degree]!;
  const closed = diagrams[degree - 1]!.deaths.toSorted();
  // On a curve the last gap is closed by the birth itself; on a surface a loop dies there too.
  const gapBefore = (birth: number) => closed.filter((death) => death <= birth).at(-degree) ?? 0;
  const chosen = Array.from(births, (birth, i) => ({ birth, death: deaths[i]! }))
    .filter(({ birth, death }) => birth > 0 && death >= leastRatio * birth && birth <= mostLeap * gapBefore(birth))
    .sort((one, other) => other.death / other.birth - one.death / one.birth)
    .slice(0, mostCycles);
  const found: { hypersurface: Hypersurface; birth: number; death: number }[] = [];
  for (const { birth, death } of chosen) {
    // Cut where it is born, the interval is essential, and few simplices have to be reduced for its cycle.
    const cut = await persistence(points, { maxDim: degree, threshold: birth, representatives: true });
    const { births: at, representatives } = cut.diagrams[degree]!;
    for (const [i, { vertices, coefficients }] of representatives!.cycles.entries()) {
      if (at[i] !== birth) continue;
      const hypersurface = Array.from(coefficients, (_, simplex) =>
        Array.from(vertices.subarray(simplex * dimension, (simplex + 1) * dimension), (v) => points[v]!),
      );
      found.push({ hypersurface, birth, death });
    }
  }
  return found;
}

/** Whether corners, middles of edges and centres of all simplices are nearer to the class than to any other. */
function isNearest(hypersurface: Hypersurface, own: readonly Point[], others: readonly Point[]): boolean {
  const nearest = (of: readonly Point[], point: Point) => {
    let least = Infinity;
    for (const other of of) {
      let sum = 0;
      for (let axis = 0; axis < point.length; axis++) sum += (point[axis]! - other[axis]!) ** 2;
      if (sum < least) least = sum;
    }
    return least;
  };
  const places = hypersurface.flatMap((corners) => [
    ...corners,
    ...corners.flatMap((corner, i) => corners.slice(0, i).map((other) => middle([corner, other]))),
    middle(corners),
  ]);
  return places.every((place) => nearest(own, place) < nearest(others, place));
}

function middle(corners: readonly Point[]): Point {
  return corners[0]!.map((_, axis) => corners.reduce((sum, corner) => sum + corner[axis]!, 0) / corners.length);
}

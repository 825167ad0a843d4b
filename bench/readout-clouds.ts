/** Clouds whose holes are known, in the plane, in space and in twenty coordinates; and circles of turned images. */
import { gaussianPoints, type PointCloud } from "bettina";

/** A shape and the Betti numbers of the space it is drawn from. */
export interface KnownShape {
  readonly name: string;
  /** b1, b2. */
  readonly betti: readonly [number, number];
  /** Normal numbers that a point takes. */
  readonly draws: number;
  readonly point: (normal: readonly number[]) => number[];
}

/** A number uniform in [0, 1) from two normal ones: the squared radius of a normal point is exponential. */
function uniform(x: number, y: number): number {
  return Math.exp(-(x * x + y * y) / 2);
}

const angle = (x: number, y: number) => Math.atan2(y, x);

function onSphere(normal: readonly number[]): number[] {
  const length = Math.hypot(...normal);
  return normal.map((value) => value / length);
}

/** The shapes; all samples are uniform by length, area or volume, but for the normal ones. */
export const knownShapes: readonly KnownShape[] = [
  { name: "circle", betti: [1, 0], draws: 2, point: onSphere },
  {
    name: "annulus",
    betti: [1, 0],
    draws: 4,
    point: ([a, b, c, d]) => {
      const radius = Math.sqrt(0.25 + 0.75 * uniform(a!, b!));
      const turn = angle(c!, d!);
      return [radius * Math.cos(turn), radius * Math.sin(turn)];
    },
  },
  { name: "sphere", betti: [0, 1], draws: 3, point: onSphere },
  {
    name: "torus",
    betti: [2, 1],
    draws: 64,
    // Radii 1 and 0.4; by area, so that an angle around the tube is kept with a chance that grows with the radius there.
    point: (normal) => {
      let i = 2;
      let tube = angle(normal[i]!, normal[i + 1]!);
      while (i + 6 < normal.length && 1.4 * uniform(normal[i + 2]!, normal[i + 3]!) > 1 + 0.4 * Math.cos(tube)) {
        i += 4;
        tube = angle(normal[i]!, normal[i + 1]!);
      }
      const around = angle(normal[0]!, normal[1]!);
      const radius = 1 + 0.4 * Math.cos(tube);
      return [radius * Math.cos(around), radius * Math.sin(around), 0.4 * Math.sin(tube)];
    },
  },
  { name: "square", betti: [0, 0], draws: 4, point: ([a, b, c, d]) => [uniform(a!, b!), uniform(c!, d!)] },
  {
    name: "cube",
    betti: [0, 0],
    draws: 6,
    point: ([a, b, c, d, e, f]) => [uniform(a!, b!), uniform(c!, d!), uniform(e!, f!)],
  },
  { name: "normal in 2", betti: [0, 0], draws: 2, point: (normal) => [...normal] },
  { name: "normal in 3", betti: [0, 0], draws: 3, point: (normal) => [...normal] },
  { name: "normal in 20", betti: [0, 0], draws: 20, point: (normal) => [...normal] },
];

/** How a shape lies. */
export const places = ["own", "turned", "noisy", "bent"] as const;

/** Coordinates of the surrounding space, where it is not the shape's own. */
const surrounding = 20;

/**
 * Points of a shape: in its own coordinates; `turned` by a random rotation into twenty; `noisy`, turned and with normal
 * noise of deviation 0.02 in each of the twenty; `bent`, with waves 0.35 sin(2 a · x + b) as further coordinates, a normal.
 */
export function drawShape(shape: KnownShape, place: (typeof places)[number], n: number, seed: number): PointCloud {
  const normal = gaussianPoints(n, shape.draws, seed, 0, 0).data;
  const points = Array.from({ length: n }, (_, i) =>
    shape.point([...normal.subarray(i * shape.draws, (i + 1) * shape.draws)]),
  );
  const own = points[0]!.length;
  if (place === "own" || own === surrounding) return { data: Float64Array.from(points.flat()), shape: [n, own] };
  const data = new Float64Array(n * surrounding);
  if (place === "bent") {
    const waves = gaussianPoints(surrounding, own + 1, seed, 1, 0).data;
    points.forEach((point, i) => {
      for (let k = 0; k < surrounding; k++) {
        const wave = point.reduce((sum, x, j) => sum + 2 * waves[k * (own + 1) + j]! * x, 0);
        // Any phase is as likely as any other, nearly: the normal number is wide beside a turn.
        data[i * surrounding + k] = point[k] ?? 0.35 * Math.sin(wave + 20 * waves[k * (own + 1) + own]!);
      }
    });
    return { data, shape: [n, surrounding] };
  }
  const axes = orthonormal(gaussianPoints(own, surrounding, seed, 2, 0).data, own);
  const noise = gaussianPoints(n, surrounding, seed, 3, 0).data;
  points.forEach((point, i) => {
    for (let k = 0; k < surrounding; k++)
      data[i * surrounding + k] =
        point.reduce((sum, x, j) => sum + x * axes[j]![k]!, 0) +
        (place === "noisy" ? 0.02 * noise[i * surrounding + k]! : 0);
  });
  return { data, shape: [n, surrounding] };
}

/** Gram and Schmidt. */
function orthonormal(numbers: Float32Array, count: number): number[][] {
  const axes: number[][] = [];
  for (let i = 0; i < count; i++) {
    let axis = [...numbers.subarray(i * surrounding, (i + 1) * surrounding)];
    for (const other of axes) {
      const along = axis.reduce((sum, x, k) => sum + x * other[k]!, 0);
      axis = axis.map((x, k) => x - along * other[k]!);
    }
    const length = Math.hypot(...axis);
    axes.push(axis.map((x) => x / length));
  }
  return axes;
}

/** An image of 28 by 28 bytes, turned around its middle; pixels between those given are interpolated, outside is black. */
export function turnedImage(image: ArrayLike<number>, turn: number): Uint8Array {
  const side = 28;
  const middle = (side - 1) / 2;
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  const at = (row: number, column: number) =>
    row < 0 || column < 0 || row >= side || column >= side ? 0 : image[row * side + column]!;
  return Uint8Array.from({ length: side * side }, (_, i) => {
    const [y, x] = [Math.floor(i / side) - middle, (i % side) - middle];
    const row = middle + cos * y - sin * x;
    const column = middle + sin * y + cos * x;
    const [top, left] = [Math.floor(row), Math.floor(column)];
    const [down, right] = [row - top, column - left];
    return Math.round(
      (1 - down) * ((1 - right) * at(top, left) + right * at(top, left + 1)) +
        down * ((1 - right) * at(top + 1, left) + right * at(top + 1, left + 1)),
    );
  });
}

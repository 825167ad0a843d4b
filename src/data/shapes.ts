/**
 * Two-class data of known topology, made here: every class is sampled uniformly, by area, from a manifold whose Betti
 * numbers are known. All of them lie in the unit ball around the origin.
 *
 * - annuli (d = 2): radii 1/4..1/2 (class 0) and 3/4..1 (class 1) around the origin.
 * - linked tori (d = 3): the surfaces at distance 0.2 from two circles of radius 1/2, one in the plane z = 0 around
 *   (-1/4, 0, 0) (class 0), one in the plane y = 0 around (1/4, 0, 0) (class 1). The circles form a Hopf link and are 1/2
 *   apart everywhere, so the surfaces are 1/10 apart.
 * - nested spheres (d = 3): the spheres of radius 1/2 (class 0) and 1 (class 1) around the origin.
 */
import { setImmediate } from "node:timers/promises";
import { ConfigError, expected, throwIfAborted } from "../errors.js";
import { Random } from "../random.js";
import type { PointSet } from "./point-set.js";

/** Shapes by name. */
export const shapeNames = ["annuli", "linked-tori", "nested-spheres"] as const;

/** Name of a shape. */
export type ShapeName = (typeof shapeNames)[number];

/** The Betti numbers of the space that a class was sampled from. */
export interface ExpectedBetti {
  readonly class: number;
  /** b_0, b_1, ... up to the dimension of the surrounding space less one; those above are 0. Over every field. */
  readonly betti: readonly number[];
  /** Why, in one sentence. */
  readonly reason: string;
}

/** Options of {@link generateShape}. */
export interface GenerateShapeOptions {
  readonly shape: ShapeName;
  /** A non-negative integer; the same seed gives the same bytes. @default 1 */
  readonly seed?: number;
  /** Training points, a multiple of 2. @default 12000 */
  readonly trainCount?: number;
  /** Test points, a multiple of 2. @default 4000 */
  readonly testCount?: number;
  /**
   * Standard deviation of the normal noise on every coordinate, from 0 to 0.02: the classes are 1/10 apart or more, so up
   * to there their Betti numbers still mean something. @default 0
   */
  readonly noise?: number;
  readonly signal?: AbortSignal;
  /** Points drawn so far and in all. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** What is known of a shape. */
interface Shape {
  readonly features: number;
  /** One entry per class. */
  readonly expected: readonly ExpectedBetti[];
  /** Draws one point of a class. */
  readonly draw: (label: number, random: Random, point: Float64Array) => void;
}

/** Most noise that leaves the classes apart. */
const mostNoise = 0.02;
/** Points drawn between two looks at the signal. */
const batch = 2000;
/** Circles of the tori, and the distance of the surface from them. */
const torus = { circle: 0.5, tube: 0.2, offset: 0.25 };

const shapes: Readonly<Record<ShapeName, Shape>> = {
  annuli: {
    features: 2,
    expected: [0, 1].map((label) => ({
      class: label,
      betti: [1, 1],
      reason: "An annulus shrinks to a circle: connected, one loop.",
    })),
    draw: (label, random, point) => {
      const [inner, outer] = label === 0 ? [0.25, 0.5] : [0.75, 1];
      // The area up to a radius grows with its square.
      const radius = Math.sqrt(inner ** 2 + (outer ** 2 - inner ** 2) * random.uniform());
      const angle = 2 * Math.PI * random.uniform();
      point[0] = radius * Math.cos(angle);
      point[1] = radius * Math.sin(angle);
    },
  },
  "linked-tori": {
    features: 3,
    expected: [0, 1].map((label) => ({
      class: label,
      betti: [1, 2, 1],
      reason:
        "The surface of a torus: connected, one loop around the tube and one along it, one cavity; that the two are linked changes neither.",
    })),
    draw: (label, random, point) => {
      const { circle, tube, offset } = torus;
      const along = 2 * Math.PI * random.uniform();
      // The area at an angle around the tube is proportional to the distance from the torus' axis: draw and reject.
      let around: number;
      do around = 2 * Math.PI * random.uniform();
      while ((circle + tube) * random.uniform() > circle + tube * Math.cos(around));
      const radius = circle + tube * Math.cos(around);
      const [x, inPlane, across] = [radius * Math.cos(along), radius * Math.sin(along), tube * Math.sin(around)];
      point[0] = label === 0 ? x - offset : x + offset;
      point[1] = label === 0 ? inPlane : across;
      point[2] = label === 0 ? across : inPlane;
    },
  },
  "nested-spheres": {
    features: 3,
    expected: [0, 1].map((label) => ({
      class: label,
      betti: [1, 0, 1],
      reason: "A sphere: connected, every loop on it shrinks to a point, one cavity.",
    })),
    draw: (label, random, point) => {
      const radius = label === 0 ? 0.5 : 1;
      // The area between two heights is proportional to their difference (Archimedes).
      const height = 2 * random.uniform() - 1;
      const angle = 2 * Math.PI * random.uniform();
      const ring = Math.sqrt(1 - height * height);
      point[0] = radius * ring * Math.cos(angle);
      point[1] = radius * ring * Math.sin(angle);
      point[2] = radius * height;
    },
  },
};

/** The Betti numbers of the spaces that the classes of a shape are sampled from, one entry per class. */
export function expectedBetti(shape: ShapeName): readonly ExpectedBetti[] {
  return shapes[shape].expected;
}

/**
 * Draws a shape, both classes equally often and in random order. A point depends only on the seed, its split, its number
 * and its class; classes depend on the counts too.
 * @throws ConfigError for an unknown shape, or a seed, a count or a noise that is not allowed
 * @throws CancelledError when the signal is aborted
 */
export async function generateShape(
  options: GenerateShapeOptions,
): Promise<{ readonly train: PointSet; readonly test: PointSet }> {
  const { shape, seed = 1, trainCount = 12000, testCount = 4000, noise = 0, signal, onProgress } = options;
  if (!shapeNames.includes(shape))
    throw new ConfigError(expected(`one of ${shapeNames.join(", ")}`, "shape", shape), {
      hint: "Use for instance annuli.",
    });
  if (!(noise >= 0 && noise <= mostNoise))
    throw new ConfigError(expected(`a number from 0 to ${mostNoise}`, "noise", noise), {
      hint: "More would mix the classes, which lie 1/10 apart.",
    });
  const { features, draw } = shapes[shape];
  const total = trainCount + testCount;
  const drawSplit = async (split: string, name: string, count: number, before: number): Promise<PointSet> => {
    if (!Number.isSafeInteger(count) || count < 2 || count % 2 !== 0)
      throw new ConfigError(expected("a positive multiple of 2", name, count), {
        hint: "Each class comes equally often.",
      });
    const labels = new Random(seed, shape, split, "labels").shuffle(
      Uint8Array.from({ length: count }, (_, i) => i % 2),
    );
    const data = new Float32Array(count * features);
    const point = new Float64Array(features);
    for (let i = 0; i < count; i++) {
      if (i % batch === 0) {
        onProgress?.(before + i, total);
        await setImmediate();
        throwIfAborted(signal);
      }
      const random = new Random(seed, shape, split, i);
      draw(labels[i], random, point);
      if (noise > 0) for (let j = 0; j < features; j++) point[j] += noise * random.normal();
      data.set(point, i * features);
    }
    return { data, shape: [count, features], scale: 1, labels, picture: null };
  };
  const train = await drawSplit("train", "trainCount", trainCount, 0);
  const test = await drawSplit("test", "testCount", testCount, trainCount);
  onProgress?.(total, total);
  return { train, test };
}

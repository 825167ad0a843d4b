/**
 * Images of digits made here, for machines where MNIST cannot be had: 28×28 bytes like MNIST's, drawn as a pen would.
 * A skeleton is bent by a smooth random field, slanted, turned and stretched, scaled into the middle 20×20 pixels as
 * MNIST's digits were, and traced by a round pen of changing width.
 */
import { setImmediate } from "node:timers/promises";
import { ConfigError, expected, throwIfAborted } from "../errors.js";
import { Random } from "../random.js";
import { type DigitStyle, digitStyles, type Stroke } from "./digit-skeletons.js";
import { imageSet, type PointSet } from "./point-set.js";

/** Options of {@link generateDigits}. */
export interface GenerateDigitsOptions {
  /** A non-negative integer; the same seed gives the same bytes. @default 1 */
  readonly seed?: number;
  /** Training images, a multiple of 10. @default 12000 */
  readonly trainCount?: number;
  /** Test images, a multiple of 10. @default 4000 */
  readonly testCount?: number;
  readonly signal?: AbortSignal;
  /** Images drawn so far and in all. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** Side of an image in pixels. */
const side = 28;
/** Side of the square in the middle that a digit fills, as in MNIST. */
const box = 20;
/** Straight pieces per span between two control points. */
const pieces = 7;
/** Images drawn between two looks at the signal. */
const batch = 500;

/**
 * Draws handwritten-like digits, every class equally often and in random order. An image depends only on the seed, its
 * split and its number, not on how many are drawn; labels depend on the count too.
 * @throws ConfigError for a seed or a count that is not allowed
 * @throws CancelledError when the signal is aborted
 */
export async function generateDigits(
  options: GenerateDigitsOptions = {},
): Promise<{ readonly train: PointSet; readonly test: PointSet }> {
  const { seed = 1, trainCount = 12000, testCount = 4000, signal, onProgress } = options;
  const total = trainCount + testCount;
  const draw = async (split: string, name: string, count: number, before: number): Promise<PointSet> => {
    if (!Number.isInteger(count) || count < 10 || count % 10 !== 0)
      throw new ConfigError(expected("a positive multiple of 10", name, count), {
        hint: "Each class comes equally often.",
      });
    const labels = new Random(seed, "digits", split, "labels").shuffle(
      Uint8Array.from({ length: count }, (_, i) => i % 10),
    );
    const pixels = new Uint8Array(count * side * side);
    for (let i = 0; i < count; i++) {
      if (i % batch === 0) {
        onProgress?.(before + i, total);
        await setImmediate();
        throwIfAborted(signal);
      }
      const image = pixels.subarray(i * side * side, (i + 1) * side * side);
      drawDigit(labels[i], new Random(seed, "digits", split, i), image);
    }
    return imageSet(pixels, labels, { rows: side, columns: side });
  };
  const train = await draw("train", "trainCount", trainCount, 0);
  const test = await draw("test", "testCount", testCount, trainCount);
  onProgress?.(total, total);
  return { train, test };
}

/** Draws one digit into 784 zero bytes. */
function drawDigit(label: number, random: Random, image: Uint8Array): void {
  const style = choose(digitStyles[label], random);
  const bend = randomField(random, 0.05 * Math.exp(0.4 * random.normal()));
  const place = randomAffine(random);
  const curves = style.strokes.map((stroke) => place(smooth(bend(stroke))));
  const radius = Math.min(2.1, Math.max(0.75, 1.25 * Math.exp(0.25 * random.normal())));
  fitIntoBox(curves, box - 2 * radius, random);
  const ink = new Float64Array(side * side);
  for (const curve of curves) trace(curve, radius, random, ink);
  const darkness = 0.88 + 0.12 * random.uniform();
  for (let p = 0; p < ink.length; p++)
    if (ink[p] > 0)
      image[p] = Math.round(255 * Math.min(1, Math.max(0, ink[p] * darkness * (1 + 0.06 * random.normal()))));
}

function choose(styles: readonly DigitStyle[], random: Random): DigitStyle {
  let left = random.uniform() * styles.reduce((sum, style) => sum + style.weight, 0);
  for (const style of styles) {
    left -= style.weight;
    if (left < 0) return style;
  }
  return styles[styles.length - 1];
}

/**
 * Moves control points by a smooth random field, so that strokes which meet still meet, and a little each on its own, as
 * a hand does. `amplitude` is a part of the height.
 */
function randomField(random: Random, amplitude: number): (stroke: Stroke) => number[] {
  const waves = Array.from({ length: 6 }, () => ({
    x: 1.1 * random.normal(),
    y: 1.1 * random.normal(),
    phase: 2 * Math.PI * random.uniform(),
    size: amplitude * random.normal(),
  }));
  return (stroke) => {
    const moved = [...stroke];
    for (let i = 0; i < stroke.length; i += 2) {
      const [x, y] = [stroke[i], stroke[i + 1]];
      waves.forEach((wave, k) => {
        moved[i + (k & 1)] += wave.size * Math.sin(2 * Math.PI * (wave.x * x + wave.y * y) * 0.5 + wave.phase);
      });
      // A corner is two equal points: they stay equal.
      const corner = i >= 2 && stroke[i - 2] === x && stroke[i - 1] === y;
      moved[i] = corner ? moved[i - 2] : moved[i] + 0.2 * amplitude * random.normal();
      moved[i + 1] = corner ? moved[i - 1] : moved[i + 1] + 0.2 * amplitude * random.normal();
    }
    return moved;
  };
}

/** A Catmull–Rom spline through the control points, as a polyline: x and y in turn. */
function smooth(points: readonly number[]): Float64Array {
  const count = points.length / 2;
  const curve = new Float64Array(2 * ((count - 1) * pieces + 1));
  const at = (i: number, axis: number): number => points[2 * Math.min(count - 1, Math.max(0, i)) + axis];
  let filled = 0;
  for (let i = 0; i + 1 < count; i++)
    for (let piece = 0; piece < pieces; piece++) {
      const t = piece / pieces;
      for (let axis = 0; axis < 2; axis++) {
        const [p0, p1, p2, p3] = [at(i - 1, axis), at(i, axis), at(i + 1, axis), at(i + 2, axis)];
        curve[filled++] =
          p1 + 0.5 * t * (p2 - p0 + t * (2 * p0 - 5 * p1 + 4 * p2 - p3 + t * (3 * (p1 - p2) + p3 - p0)));
      }
    }
  curve[filled++] = at(count - 1, 0);
  curve[filled] = at(count - 1, 1);
  return curve;
}

/** Slants, turns and stretches; digits are about two thirds as wide as high. */
function randomAffine(random: Random): (curve: Float64Array) => Float64Array {
  const turn = 0.1 * random.normal();
  const slant = 0.12 + 0.2 * random.normal();
  const width = 0.72 * Math.exp(0.18 * random.normal());
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  return (curve) => {
    for (let i = 0; i < curve.length; i += 2) {
      const y = curve[i + 1] - 0.5;
      const x = (curve[i] - 0.5) * width - slant * y;
      curve[i] = cos * x - sin * y;
      curve[i + 1] = sin * x + cos * y;
    }
    return curve;
  };
}

/** Scales curves so that their longer side is about `size` pixels and puts their centre of mass near the image's. */
function fitIntoBox(curves: readonly Float64Array[], size: number, random: Random): void {
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  let [mass, massX, massY] = [0, 0, 0];
  for (const curve of curves)
    for (let i = 0; i < curve.length; i += 2) {
      const [x, y] = [curve[i], curve[i + 1]];
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
      if (i === 0) continue;
      const length = Math.hypot(x - curve[i - 2], y - curve[i - 1]);
      mass += length;
      massX += (length * (x + curve[i - 2])) / 2;
      massY += (length * (y + curve[i - 1])) / 2;
    }
  const scale = (size * (0.94 + 0.06 * random.uniform())) / Math.max(right - left, bottom - top);
  const shiftX = side / 2 + 0.4 * random.normal() - (scale * massX) / mass;
  const shiftY = side / 2 + 0.4 * random.normal() - (scale * massY) / mass;
  for (const curve of curves)
    for (let i = 0; i < curve.length; i += 2) {
      curve[i] = scale * curve[i] + shiftX;
      curve[i + 1] = scale * curve[i + 1] + shiftY;
    }
}

/** Darkens the pixels near a polyline: full ink within the pen's radius, falling to none over about a pixel. */
function trace(curve: Float64Array, radius: number, random: Random, ink: Float64Array): void {
  const soft = 1.3;
  const phase = 2 * Math.PI * random.uniform();
  const beat = 1 + 2 * random.uniform();
  const pressure = 0.2 * random.uniform();
  for (let i = 2; i < curve.length; i += 2) {
    const [x0, y0, x1, y1] = [curve[i - 2], curve[i - 1], curve[i], curve[i + 1]];
    const [dx, dy] = [x1 - x0, y1 - y0];
    const lengthSquared = dx * dx + dy * dy;
    const pen = radius * (1 + pressure * Math.sin(phase + (2 * Math.PI * beat * i) / curve.length));
    const reach = pen + soft / 2;
    // The centre of pixel (row, column) is at (column + ½, row + ½).
    const firstColumn = Math.max(0, Math.floor(Math.min(x0, x1) - reach - 0.5));
    const lastColumn = Math.min(side - 1, Math.ceil(Math.max(x0, x1) + reach - 0.5));
    const firstRow = Math.max(0, Math.floor(Math.min(y0, y1) - reach - 0.5));
    const lastRow = Math.min(side - 1, Math.ceil(Math.max(y0, y1) + reach - 0.5));
    for (let row = firstRow; row <= lastRow; row++)
      for (let column = firstColumn; column <= lastColumn; column++) {
        const [px, py] = [column + 0.5 - x0, row + 0.5 - y0];
        const along = lengthSquared === 0 ? 0 : Math.min(1, Math.max(0, (px * dx + py * dy) / lengthSquared));
        const [nx, ny] = [px - along * dx, py - along * dy];
        const value = Math.min(1, (reach - Math.sqrt(nx * nx + ny * ny)) / soft);
        const pixel = row * side + column;
        if (value > ink[pixel]) ink[pixel] = value;
      }
  }
}

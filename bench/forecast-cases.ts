/** Computations of every plan, size and kind of input, to hold forecasts against. */
import { type DistanceMatrix, type ForecastOptions, type PointCloud, pairwiseDistances } from "bettina";
import { mnistCloud } from "./datasets.js";
import { shapeCloud } from "./scale-clouds.js";

/** A computation that can be forecast. */
export interface ForecastCase {
  readonly name: string;
  readonly options: ForecastOptions;
  /** The input, undefined where its data are absent. */
  readonly make: () => Promise<PointCloud | DistanceMatrix | undefined> | PointCloud | DistanceMatrix | undefined;
}

/** Square roots of primes, whose squared multiples modulo 1 look random: no random source is needed. */
const roots: readonly number[] = (() => {
  const primes: number[] = [];
  for (let p = 2; primes.length < 128; p++) if (primes.every((q) => p % q !== 0)) primes.push(p);
  return primes.map(Math.sqrt);
})();

/** Coordinate k of point i, spread evenly over [0, 1). */
const even = (i: number, k: number): number => ((((i + 1) * (i + 1)) % 2 ** 31) * roots[k]!) % 1;

function cloudOf(n: number, d: number, row: (i: number) => readonly number[]): PointCloud {
  const data = new Float32Array(n * d);
  for (let i = 0; i < n; i++) data.set(row(i), i * d);
  return { data, shape: [n, d] };
}

const cube = (n: number, d: number) => cloudOf(n, d, (i) => Array.from({ length: d }, (_, k) => even(i, k)));

/** Sums of twelve: as good as normal. */
function normal(i: number, k: number): number {
  const [one, other] = [even(i, 2 * k) || 0.5, even(i, 2 * k + 1)];
  return Math.sqrt(-2 * Math.log(one)) * Math.cos(2 * Math.PI * other);
}

const gaussian = (n: number, d: number) => cloudOf(n, d, (i) => Array.from({ length: d }, (_, k) => normal(i, k)));

/** Ten tight clusters. */
const clusters = (n: number, d: number) =>
  cloudOf(n, d, (i) => Array.from({ length: d }, (_, k) => 10 * even(i % 10, k) + 0.5 * normal(i, k)));

const sphere = (n: number) =>
  cloudOf(n, 3, (i) => {
    const point = [normal(i, 0), normal(i, 1), normal(i, 2)];
    const length = Math.hypot(...point);
    return point.map((x) => x / length);
  });

/** The flat torus in four dimensions. */
const flatTorus = (n: number) =>
  cloudOf(n, 4, (i) => [even(i, 0), even(i, 1)].flatMap((t) => [Math.cos(2 * Math.PI * t), Math.sin(2 * Math.PI * t)]));

const digit = (n: number, number = 1) => mnistCloud(number, n)?.cloud;

/** Pixels as floats from 0 to 1. */
function digitFloats(n: number): PointCloud | undefined {
  const cloud = digit(n);
  return cloud && { data: Float32Array.from(cloud.data as Uint8Array, (x) => x / 255), shape: cloud.shape };
}

/** Images under a linear map with entries +1 and -1, and relu: like the output of a layer. */
function layer(n: number, width: number): PointCloud | undefined {
  const cloud = digit(n);
  if (!cloud) return undefined;
  return cloudOf(n, width, (i) => {
    const row = (cloud.data as Uint8Array).subarray(784 * i, 784 * i + 784);
    return Array.from({ length: width }, (_, k) => {
      let sum = 0;
      for (let p = 0; p < 784; p++) sum += even(p * width + k, 0) < 0.5 ? row[p]! : -row[p]!;
      return Math.max(0, sum / 255);
    });
  });
}

const matrix = (cloud: PointCloud | undefined) => cloud && pairwiseDistances(cloud);

/** Lengths without any geometry. */
function graph(n: number, from: number): DistanceMatrix {
  const distances = new Float32Array((n * (n - 1)) / 2);
  for (let at = 0; at < distances.length; at++) {
    const value = even(at, 1);
    distances[at] = value < from ? value : Infinity;
  }
  return { distances, n };
}

/** Every point at distance 1 from every other. */
const ties = (n: number): DistanceMatrix => ({ distances: new Float32Array((n * (n - 1)) / 2).fill(1), n });

function of(name: string, make: ForecastCase["make"], options: ForecastOptions = {}): ForecastCase {
  return { name, make, options };
}

/** All cases, by plan; those of more than some ten seconds last. */
export const forecastCases: readonly ForecastCase[] = [
  of("digit 1, 3000 byte images", () => digit(3000)),
  of("digit 1, 6000 byte images", () => digit(6000)),
  of("digit 1, 6000 float images", () => digitFloats(6000)),
  of("layer of width 32, 6000 points", () => layer(6000, 32)),
  of("normal in R³, 10,000", () => gaussian(10_000, 3)),
  of("normal in R³, 10,000, two threads", () => gaussian(10_000, 3), { threads: 2 }),
  of("normal in R⁸, 15,000", () => gaussian(15_000, 8)),
  of("normal in R¹⁶, 10,000, H0", () => gaussian(10_000, 16), { maxDim: 0 }),
  of("normal in R¹⁶, 4000, manhattan", () => gaussian(4000, 16), { metric: "manhattan" }),
  of("clusters in R¹⁶, 8000", () => clusters(8000, 16)),
  of("square, 20,000", () => cube(20_000, 2)),
  of("cube in R³, 8000, threshold 0.05", () => cube(8000, 3), { threshold: 0.05 }),
  of("annulus, 6000", () => shapeCloud("annulus", 6000)),
  of("torus, 12,000", () => shapeCloud("torus", 12_000)),
  of("torus, 5000, two threads", () => shapeCloud("torus", 5000), { threads: 2 }),
  of("3000 landmarks of 30,000 in R⁸", () => gaussian(30_000, 8), { landmarks: { count: 3000 } }),
  of("normal in R³, 100", () => gaussian(100, 3)),
  of("normal in R³, 1000", () => gaussian(1000, 3)),
  of("normal in R⁸, 2400", () => gaussian(2400, 8)),
  of("digit 0, 1000 byte images", () => digit(1000, 0)),
  of("annulus, 1000", () => shapeCloud("annulus", 1000)),
  of("annulus, 2400", () => shapeCloud("annulus", 2400)),
  of("square, 2000, lunes asked", () => cube(2000, 2), { plan: "lunes" }),
  of("graph of 400 points", () => graph(400, 1)),
  of("sparse graph of 4000 points", () => graph(4000, 0.02)),
  of("matrix of 5000 points in R³", () => matrix(gaussian(5000, 3))),
  of("matrix of a torus, 3000", () => matrix(shapeCloud("torus", 3000))),
  of("normal in R³, 1500, ε = 0.5", () => gaussian(1500, 3), { epsilon: 0.5 }),
  of("digit 1, 400 images, H2", () => digit(400), { maxDim: 2 }),
  of("digit 0, 1500 images, H2", () => digit(1500, 0), { maxDim: 2 }),
  of("normal in R⁴, 600, H2", () => gaussian(600, 4), { maxDim: 2 }),
  of("sphere, 300, H2", () => sphere(300), { maxDim: 2 }),
  of("sphere, 1200, H2", () => sphere(1200), { maxDim: 2 }),
  of("flat torus, 1000, H2, threshold 0.6", () => flatTorus(1000), { maxDim: 2, threshold: 0.6 }),
  of("graph of 150 points, H2", () => graph(150, 1), { maxDim: 2 }),
  of("normal in R³, 1500, flag asked, H1", () => gaussian(1500, 3), { plan: "flag" }),
  of("normal in R⁴, 100, H3", () => gaussian(100, 4), { maxDim: 3 }),
  of("cube in R⁴, 300, H3", () => cube(300, 4), { maxDim: 3 }),
  of("sphere, 200, H3", () => sphere(200), { maxDim: 3 }),
  of("flat torus, 500, H3, threshold 0.8", () => flatTorus(500), { maxDim: 3, threshold: 0.8 }),
  of("digit 1, 400 images, H3", () => digit(400), { maxDim: 3 }),
  of("normal in R⁸, 100, H4", () => gaussian(100, 8), { maxDim: 4 }),
  of("normal in R¹⁶, 50, H5", () => gaussian(50, 16), { maxDim: 5 }),
  of("graph of 24 points, H5", () => graph(24, 1), { maxDim: 5 }),
  of("graph of 40 points, H3", () => graph(40, 1), { maxDim: 3 }),
  of("40 points at distance 1, H4", () => ties(40), { maxDim: 4 }),
  of("square, 600, simplices asked", () => cube(600, 2), { plan: "simplices" }),
  of("normal in R⁴, 150, simplices asked, H2", () => gaussian(150, 4), { plan: "simplices", maxDim: 2 }),
  of("annulus, 400, representatives", () => shapeCloud("annulus", 400), { representatives: true }),
  of("normal in R³, 100, length zero, H2", () => gaussian(100, 3), { zeroLength: true, maxDim: 2 }),
  of("60 points at distance 1, length zero, H3", () => ties(60), { zeroLength: true, maxDim: 3 }),
  of("cube in R⁴, 500, H3", () => cube(500, 4), { maxDim: 3 }),
  of("square, 60,000", () => cube(60_000, 2)),
  of("all digits, 20,000 byte images", () => allDigits(20_000)),
  of("all digits, 54,210 byte images", () => allDigits(54_210)),
];

function allDigits(n: number): PointCloud | undefined {
  const parts = Array.from({ length: 10 }, (_, number) => digit(n / 10, number));
  if (parts.some((part) => part === undefined)) return undefined;
  const [rows, d] = [parts.reduce((sum, part) => sum + part!.shape[0], 0), 784];
  const data = new Uint8Array(rows * d);
  let at = 0;
  for (const part of parts) {
    data.set(part!.data as Uint8Array, at);
    at += part!.data.length;
  }
  return { data, shape: [rows, d], scale: 1 / 255 };
}

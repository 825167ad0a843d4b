/** Point clouds that several tests draw. */
import type { Random } from "../../src/random.js";
import type { PointCloud } from "../../src/topology/point-cloud.js";

/** Random points of an annulus in the plane (d = 2) or of a torus in space (d = 3): classes that live long. */
export function roundShape(random: Random, n: number, d: 2 | 3): PointCloud {
  const data = new Float32Array(n * d);
  for (let i = 0; i < n; i++) {
    const turn = 2 * Math.PI * random.uniform();
    const other = random.uniform();
    const tube = 2 * Math.PI * other;
    const radius = d === 2 ? Math.sqrt(0.64 + 0.36 * other) : 1 + 0.4 * Math.cos(tube);
    data.set([radius * Math.cos(turn), radius * Math.sin(turn), 0.4 * Math.sin(tube)].slice(0, d), d * i);
  }
  return { data, shape: [n, d] };
}

/** Points of every scale from 1 down to a tenth around a centre, as many of each: in space their density varies by 1000. */
export function denserInwards(random: Random, n: number): PointCloud {
  const data = new Float32Array(3 * n);
  for (let i = 0; i < n; i++) {
    const point = [random.normal(), random.normal(), random.normal()];
    const scale = 10 ** -random.uniform() / Math.hypot(...point);
    data.set(
      point.map((x) => scale * x),
      3 * i,
    );
  }
  return { data, shape: [n, 3] };
}

/** Images under a random ReLU map to `width` floats, as the outputs of a layer are. */
export function reluLayer(random: Random, pixels: Uint8Array, width: number): PointCloud {
  const n = pixels.length / 784;
  const weights = Float64Array.from({ length: 784 * width }, () => random.normal() / 28);
  const data = new Float32Array(n * width);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < width; j++) {
      let sum = 0;
      for (let k = 0; k < 784; k++) sum += (pixels[784 * i + k]! / 255) * weights[784 * j + k]!;
      data[width * i + j] = Math.max(0, sum);
    }
  return { data, shape: [n, width] };
}

/** What the public functions on networks are given, as it may come from JavaScript. */
import { aNumber, anything, aSize, aText, fields, floats, listOf, orNull, where } from "../shape.js";
import type { Backend } from "./backend.js";
import type { NetworkWeights } from "./weights.js";

const backendShape = fields({
  name: aText,
  tf: where(
    "TensorFlow.js",
    (value) => typeof (value as { getBackend?: unknown } | null | undefined)?.getBackend === "function",
    "Pass what openBackend gives.",
  ),
});

const normShape = orNull(fields({ scale: floats, shift: floats, mean: orNull(floats), variance: orNull(floats) }));

const weightsShape = fields({
  widths: listOf(aSize),
  activation: aText,
  batchNormEpsilon: aNumber,
  layers: listOf(fields({ kernel: floats, bias: floats, before: normShape, after: normShape })),
});

const pointsShape = fields({
  data: where(
    "a Uint8Array or Float32Array",
    (value) => value instanceof Uint8Array || value instanceof Float32Array,
    "Pass Float32Array.from(data).",
  ),
  shape: where("[n, d]", (value) => Array.isArray(value) && value.length === 2, "Pass for instance [4, 2]."),
  scale: anything,
});
const labelsShape = fields({
  labels: where("a Uint8Array", (value) => value instanceof Uint8Array, "Pass Uint8Array.from(labels)."),
});

/** @throws ConfigError for what `openBackend` does not give */
export function checkBackend(backend: Backend): void {
  backendShape(backend, "backend");
  where(
    "node, wasm or cpu",
    (name) => name === "node" || name === "wasm" || name === "cpu",
    "Pass what openBackend gives.",
  )(backend.name, "backend.name");
}

/** @throws ConfigError for what is no network, or has another number of layers or weights than its widths say */
export function checkWeights(weights: NetworkWeights): void {
  weightsShape(weights, "weights");
  const { widths, layers } = weights;
  const check = (count: number, name: string, got: number) =>
    where(
      `${count}, as the widths say,`,
      (value) => value === count,
      "Pass what train or initialNetwork gives.",
    )(got, name);
  check(widths.length - 1, "the number of layers", layers.length);
  layers.forEach(({ kernel, bias }, i) => {
    check(widths[i]! * widths[i + 1]!, `the weights of layer ${i + 1}`, kernel.length);
    check(widths[i + 1]!, `the biases of layer ${i + 1}`, bias.length);
  });
}

/** @throws ConfigError for what are no points, or have no labels where those are needed */
export function checkPointsGiven(points: unknown, labelled: boolean): void {
  pointsShape(points, "points");
  if (labelled) labelsShape(points, "points");
}

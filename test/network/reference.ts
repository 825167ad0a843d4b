/**
 * A fully connected network in double precision, written from the textbook and sharing no code with src/network: sums
 * over single images and units, batch norm's gradient by way of the mean and the variance (Ioffe and Szegedy 2015,
 * section 3), gradients checked by finite differences in reference.test.ts.
 */

export interface ReferenceNorm {
  scale: number[];
  shift: number[];
}

export interface ReferenceLayer {
  /** kernel[i][j] from input i to output j */
  kernel: number[][];
  bias: number[];
  before: ReferenceNorm | null;
  after: ReferenceNorm | null;
}

export interface ReferenceNetwork {
  activation: string;
  epsilon: number;
  layers: ReferenceLayer[];
}

interface NormTrace {
  input: number[][];
  mean: number[];
  variance: number[];
}

interface LayerTrace {
  input: number[][];
  before: NormTrace | null;
  activated: number[][];
  after: NormTrace | null;
}

/** Outputs of every layer (the last: logits) for a batch, by its own statistics, with all that went on in between. */
export function forward(network: ReferenceNetwork, batch: number[][]): { outputs: number[][][]; traces: LayerTrace[] } {
  const outputs: number[][][] = [];
  const traces: LayerTrace[] = [];
  let x = batch;
  network.layers.forEach((layer, index) => {
    const last = index === network.layers.length - 1;
    const input = x;
    let y = x.map((row) =>
      layer.bias.map((b, j) => row.reduce((sum, value, i) => sum + value * layer.kernel[i]![j]!, b)),
    );
    let before: NormTrace | null = null;
    let after: NormTrace | null = null;
    if (!last && layer.before) {
      before = trace(y);
      y = normalise(before, layer.before, network.epsilon);
    }
    const activated = y;
    if (!last) y = y.map((row) => row.map((v) => activationOf(network.activation).value(v)));
    if (!last && layer.after) {
      after = trace(y);
      y = normalise(after, layer.after, network.epsilon);
    }
    traces.push({ input, before, activated, after });
    outputs.push(y);
    x = y;
  });
  return { outputs, traces };
}

/** An activation and its derivative, one by one; checked against each other by finite differences. */
export function activationOf(name: string): { value: (x: number) => number; slope: (x: number) => number } {
  const known: Record<string, { value: (x: number) => number; slope: (x: number) => number }> = {
    relu: { value: (x) => Math.max(x, 0), slope: (x) => (x > 0 ? 1 : 0) },
    square: { value: (x) => x * x, slope: (x) => 2 * x },
    identity: { value: (x) => x, slope: () => 1 },
    tanh: { value: Math.tanh, slope: (x) => 1 / Math.cosh(x) ** 2 },
    "leaky-relu": { value: (x) => (x > 0 ? x : x / 100), slope: (x) => (x > 0 ? 1 : 0.01) },
    "leaky-relu:0.3": { value: (x) => (x > 0 ? x : 0.3 * x), slope: (x) => (x > 0 ? 1 : 0.3) },
    "poly:0,1,0.5": { value: (x) => x + x ** 2 / 2, slope: (x) => 1 + x },
    "poly:-0.25,0.5,0,0.125": { value: (x) => -0.25 + x / 2 + x ** 3 / 8, slope: (x) => 0.5 + 0.375 * x * x },
    "poly:1,2": { value: (x) => 1 + 2 * x, slope: () => 2 },
  };
  return known[name]!;
}

/** Cross-entropy of a batch. */
export function loss(logits: number[][], labels: number[], reduction: "mean" | "sum"): number {
  const each = logits.map((row, i) => -Math.log(softmax(row)[labels[i]!]!));
  const sum = each.reduce((a, b) => a + b, 0);
  return reduction === "mean" ? sum / each.length : sum;
}

/** The gradient of the loss, in the shape of the network. */
export function gradient(
  network: ReferenceNetwork,
  batch: number[][],
  labels: number[],
  reduction: "mean" | "sum",
): ReferenceLayer[] {
  const { outputs, traces } = forward(network, batch);
  const weight = reduction === "mean" ? 1 / batch.length : 1;
  let dy = outputs.at(-1)!.map((row, i) => softmax(row).map((p, c) => weight * (p - (c === labels[i] ? 1 : 0))));
  const gradients: ReferenceLayer[] = [];
  for (let index = network.layers.length - 1; index >= 0; index--) {
    const layer = network.layers[index]!;
    const { input, before, activated, after } = traces[index]!;
    let afterGradient: ReferenceNorm | null = null;
    let beforeGradient: ReferenceNorm | null = null;
    if (index < network.layers.length - 1) {
      if (after) [dy, afterGradient] = normBackward(after, layer.after!, dy, network.epsilon);
      dy = dy.map((row, i) =>
        row.map((d, j) => {
          const z = activated[i]![j]!;
          return d * activationOf(network.activation).slope(z);
        }),
      );
      if (before) [dy, beforeGradient] = normBackward(before, layer.before!, dy, network.epsilon);
    }
    const upstream = dy;
    gradients.unshift({
      kernel: layer.kernel.map((row, i) =>
        row.map((_, j) => upstream.reduce((sum, d, image) => sum + input[image]![i]! * d[j]!, 0)),
      ),
      bias: layer.bias.map((_, j) => upstream.reduce((sum, d) => sum + d[j]!, 0)),
      before: beforeGradient,
      after: afterGradient,
    });
    dy = upstream.map((d) => layer.kernel.map((row) => row.reduce((sum, k, j) => sum + k * d[j]!, 0)));
  }
  return gradients;
}

/** One step of gradient descent, in place. */
export function descend(
  network: ReferenceNetwork,
  batch: number[][],
  labels: number[],
  reduction: "mean" | "sum",
  rate: number,
): void {
  const gradients = gradient(network, batch, labels, reduction);
  const step = (values: number[], slopes: number[]) => {
    for (let i = 0; i < values.length; i++) values[i]! -= rate * slopes[i]!;
  };
  network.layers.forEach((layer, index) => {
    const g = gradients[index]!;
    layer.kernel.forEach((row, i) => {
      step(row, g.kernel[i]!);
    });
    step(layer.bias, g.bias);
    for (const place of ["before", "after"] as const) {
      const norm = layer[place];
      const slope = g[place];
      if (!norm || !slope) continue;
      step(norm.scale, slope.scale);
      step(norm.shift, slope.shift);
    }
  });
}

function trace(input: number[][]): NormTrace {
  const m = input.length;
  const mean = input[0]!.map((_, j) => input.reduce((sum, row) => sum + row[j]!, 0) / m);
  const variance = mean.map((mu, j) => input.reduce((sum, row) => sum + (row[j]! - mu) ** 2, 0) / m);
  return { input, mean, variance };
}

function normalise({ input, mean, variance }: NormTrace, norm: ReferenceNorm, epsilon: number): number[][] {
  return input.map((row) =>
    row.map((v, j) => (norm.scale[j]! * (v - mean[j]!)) / Math.sqrt(variance[j]! + epsilon) + norm.shift[j]!),
  );
}

function normBackward(
  { input, mean, variance }: NormTrace,
  norm: ReferenceNorm,
  dy: number[][],
  epsilon: number,
): [number[][], ReferenceNorm] {
  const m = input.length;
  const dx = input.map((row) => row.slice());
  const slope: ReferenceNorm = { scale: [], shift: [] };
  for (let j = 0; j < mean.length; j++) {
    const deviation = Math.sqrt(variance[j]! + epsilon);
    let dScale = 0;
    let dShift = 0;
    let dVariance = 0;
    let dMean = 0;
    for (let i = 0; i < m; i++) {
      const centred = input[i]![j]! - mean[j]!;
      const dHat = dy[i]![j]! * norm.scale[j]!;
      dScale += (dy[i]![j]! * centred) / deviation;
      dShift += dy[i]![j]!;
      dVariance += dHat * centred * -0.5 * deviation ** -3;
      dMean -= dHat / deviation;
    }
    for (let i = 0; i < m; i++) {
      const centred = input[i]![j]! - mean[j]!;
      dx[i]![j] = (dy[i]![j]! * norm.scale[j]!) / deviation + (dVariance * 2 * centred) / m + dMean / m;
    }
    slope.scale.push(dScale);
    slope.shift.push(dShift);
  }
  return [dx, slope];
}

function softmax(row: number[]): number[] {
  const top = Math.max(...row);
  const exponentials = row.map((v) => Math.exp(v - top));
  const total = exponentials.reduce((a, b) => a + b, 0);
  return exponentials.map((e) => e / total);
}

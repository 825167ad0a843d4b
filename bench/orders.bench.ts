/**
 * The same points in ten orders: as they come, eight shuffled, and sorted by mean distance, on which engines that lean
 * on the order of their input lose most. Prints wall and user times, and of user times the slowest over the fastest, for data whose loops die
 * early (lazy) and data with one long class (lunes). `--ripser` times Debian's Ripser on the same orders.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type DistanceMatrix, pairwiseDistances, persistence } from "bettina";
import { benchmarkSets, mnistCloud } from "./datasets.js";
import { time, timeProgram } from "./harness.js";
import { ripserCommand } from "./peers.js";

const { values: options } = parseArgs({
  options: { n: { type: "string", default: "3000" }, ripser: { type: "boolean", default: false } },
});
const digits = mnistCloud(1, Number(options.n));
const matrices = [
  ...(digits ? [{ name: digits.name, matrix: await pairwiseDistances(digits.cloud) }] : []),
  ...(await benchmarkSets()).filter(({ name }) => name === "annulus_r2_1000" || name === "klein_900"),
];
for (const { name, matrix } of matrices) {
  console.log(name);
  const found: number[] = [];
  const others: number[] = [];
  for (const [label, order] of ordersOf(matrix)) {
    const permuted = permute(matrix, order);
    const { user, median } = await time({ name: label, run: () => persistence(permuted) }, 3);
    found.push(user!);
    const peer = options.ripser ? timeRipser(permuted) : undefined;
    if (peer !== undefined) others.push(peer);
    console.log(
      `  ${label.padEnd(26)} ${median.toFixed(0).padStart(7)} ms, user ${user!.toFixed(0).padStart(6)} ms${peer === undefined ? "" : `   ripser ${peer.toFixed(0)} ms`}`,
    );
  }
  console.log(`  slowest / fastest ${(Math.max(...found) / Math.min(...found)).toFixed(2)}`);
  if (others.length > 0) console.log(`  ripser's          ${(Math.max(...others) / Math.min(...others)).toFixed(2)}`);
}

function timeRipser(matrix: DistanceMatrix): number | undefined {
  const folder = mkdtempSync(join(tmpdir(), "bettina-bench-"));
  const timing = timeProgram("ripser", ripserCommand(folder, matrix, 1), 1);
  rmSync(folder, { recursive: true });
  return timing?.user;
}

function* ordersOf({ distances, n }: DistanceMatrix): Generator<[string, Uint32Array]> {
  const given = Uint32Array.from({ length: n }, (_, i) => i);
  yield ["as it comes", given];
  for (let seed = 1; seed <= 7; seed++) yield [`shuffled, seed ${seed}`, shuffled(given, seed)];
  const means = Array.from({ length: n }, (_, i) => meanOf(distances, i * n, n));
  const rising = given.slice().sort((i, j) => means[i]! - means[j]!);
  yield ["mean distance, rising", rising];
  yield ["mean distance, falling", rising.slice().reverse()];
}

function meanOf(values: ArrayLike<number>, from: number, count: number): number {
  let sum = 0;
  for (let i = from; i < from + count; i++) sum += values[i]!;
  return sum / count;
}

/** Fisher–Yates by a linear congruential generator: enough for an order, and the same everywhere. */
function shuffled(order: Uint32Array, seed: number): Uint32Array {
  const result = order.slice();
  let state = seed;
  for (let i = result.length - 1; i > 0; i--) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const j = Math.floor((state / 2 ** 32) * (i + 1));
    [result[i], result[j]] = [result[j]!, result[i]!];
  }
  return result;
}

function permute({ distances, n }: DistanceMatrix, order: Uint32Array): DistanceMatrix {
  const permuted = new Float32Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) permuted[i * n + j] = distances[order[i]! * n + order[j]!]!;
  return { distances: permuted, n };
}

/**
 * The n-curve: H0 and H1 of the first n training images of MNIST, all digits mixed, from pixels, no distance matrix
 * given. Wall and user time, memory, time of each phase, and the exponents fitted to them. Beyond 60,000 images moved
 * copies are added. `--sizes 1000,2000,...`, `--threads 1,2`, `--layer 8,32,62` measures ReLU projections of all images
 * to those widths (floats, as layer outputs are) instead, `--shape annulus|torus` points with one long class,
 * `--peers` adds Debian's Ripser from the same distances up to n = 6000, `--save FILE` writes the rows as JSON.
 * Every size runs in a process of its own, so that the peak of memory is its own.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { resourceUsage } from "node:process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { estimate, expandImages, loadDataset, type PointCloud, pairwiseDistances, persistence } from "bettina";
import { writeDiphaMatrix } from "./datasets.js";
import { timeProgram } from "./harness.js";

interface Row {
  readonly n: number;
  readonly d: number;
  readonly threads: number;
  readonly plan: string;
  readonly columns: number;
  readonly intervals: readonly number[];
  /** Seconds. */
  readonly wall: number;
  readonly user: number;
  readonly phases: Readonly<Record<string, number>>;
  /** Megabytes. */
  readonly engine: number;
  readonly estimated: number;
  readonly peak: number;
}

const { values: options } = parseArgs({
  options: {
    sizes: { type: "string", default: "1000,2000,4000,6000,12000,24000,60000" },
    threads: { type: "string", default: "1" },
    layer: { type: "string" },
    shape: { type: "string" },
    plan: { type: "string", default: "automatic" },
    peers: { type: "boolean", default: false },
    save: { type: "string" },
    one: { type: "string" },
  },
});
if (options.one) await measureOne(JSON.parse(options.one) as { n: number; threads: number; width?: number });
else await measureAll();

async function measureAll(): Promise<void> {
  const sizes = options.sizes.split(",").map(Number);
  const widths = options.layer?.split(",").map(Number);
  const rows: Row[] = [];
  for (const threads of options.threads.split(",").map(Number))
    for (const [n, width] of widths
      ? widths.map((w) => [60_000, w] as const)
      : sizes.map((n) => [n, undefined] as const)) {
      const row = inProcess({ n, threads, ...(width === undefined ? {} : { width }) });
      if (!row) continue;
      rows.push(row);
      const phases = Object.entries(row.phases).map(([phase, seconds]) => `${phase} ${seconds.toFixed(2)}`);
      console.log(
        `n ${row.n}  d ${row.d}  threads ${row.threads}  ${row.plan}  wall ${row.wall.toFixed(2)} s  user ${row.user.toFixed(2)} s  (${phases.join(", ")})  engine ${row.engine} MB, estimated ${row.estimated}, process ${row.peak} MB  columns ${row.columns}, bars ${row.intervals.join(" ")}`,
      );
    }
  for (const threads of new Set(rows.map((row) => row.threads)))
    fitExponents(rows.filter((row) => row.threads === threads));
  if (options.peers) for (const n of sizes.filter((n) => n <= 6000)) await peer(n);
  if (options.save)
    writeFileSync(
      options.save,
      `${JSON.stringify({ node: process.version, cpu: cpus()[0]?.model ?? "unknown", rows }, null, 1)}\n`,
    );
}

function inProcess(one: object): Row | undefined {
  const script = fileURLToPath(import.meta.url);
  const rest = [
    ...(options.shape ? ["--shape", options.shape] : []),
    ...["--plan", options.plan, "--one", JSON.stringify(one)],
  ];
  const { stdout, status, stderr } = spawnSync(process.execPath, [script, ...rest], { encoding: "utf8" });
  if (status === 0) return JSON.parse(stdout) as Row;
  console.log(`${JSON.stringify(one)} ended with ${status}: ${stderr.trim().split("\n").at(-1)}`);
  return undefined;
}

async function measureOne({ n, threads, width }: { n: number; threads: number; width?: number }): Promise<void> {
  const cloud = options.shape ? shape(options.shape, n) : await images(n, width);
  const type = cloud.data instanceof Uint8Array ? "uint8" : "float32";
  const expected = estimate({ n, d: cloud.shape[1], type }, { threads });
  const phases: Record<string, number> = {};
  let phase = "start";
  let since = performance.now();
  const turn = (next: string): void => {
    const now = performance.now();
    phases[phase] = (phases[phase] ?? 0) + (now - since) / 1000;
    phase = next;
    since = now;
  };
  const before = process.cpuUsage();
  const start = performance.now();
  const result = await persistence(cloud, {
    threads,
    plan: options.plan as "automatic",
    memoryLimit: 3.9 * 2 ** 30,
    onProgress: ({ phase: now }) => now !== phase && turn(now),
  });
  turn("end");
  const row: Row = {
    n,
    d: cloud.shape[1],
    threads,
    plan: result.plans.at(-1)!,
    columns: result.columns.at(-1)!,
    intervals: result.diagrams.map(({ births }) => births.length),
    wall: (performance.now() - start) / 1000,
    user: process.cpuUsage(before).user / 1e6,
    phases,
    engine: Math.round(result.memory / 1e6),
    estimated: Math.round(expected.engine / 1e6),
    peak: Math.round(resourceUsage().maxRSS / 1024),
  };
  process.stdout.write(JSON.stringify(row));
}

/** The first n training images, or a ReLU projection of them to `width` floats. */
async function images(n: number, width: number | undefined): Promise<PointCloud> {
  const directory = process.env.BETTINA_MNIST ?? resolve(process.env.BETTINA_SHARED ?? "../shared", "data", "mnist");
  const { train } = await loadDataset({ dataset: "mnist", directory });
  const all = n > train.shape[0] ? expandImages(train, n, 1) : train;
  const pixels = (all.data as Uint8Array).subarray(0, n * 784);
  if (width === undefined) return { data: pixels, shape: [n, 784], scale: 1 / 255 };
  // A linear congruential generator: weights need no better randomness, and are the same everywhere.
  let state = 1;
  const weights = Float64Array.from({ length: 784 * width }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state / 2 ** 32 - 0.5) / 14;
  });
  const data = new Float32Array(n * width);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < width; j++) {
      let sum = 0;
      for (let k = 0; k < 784; k++) sum += (pixels[i * 784 + k]! / 255) * weights[j * 784 + k]!;
      data[i * width + j] = Math.max(0, sum);
    }
  return { data, shape: [n, width] };
}

/** Golden-ratio points on an annulus in the plane, or on a torus in space: one or two classes that live long. */
function shape(name: string, n: number): PointCloud {
  const d = name === "torus" ? 3 : 2;
  const data = new Float32Array(n * d);
  for (let i = 0; i < n; i++) {
    const turn = 2 * Math.PI * (((i + 0.5) * 0.6180339887498949) % 1);
    const other = ((i + 0.5) * 0.7548776662466927) % 1;
    if (d === 2) {
      const radius = Math.sqrt(0.64 + 0.36 * other);
      data.set([radius * Math.cos(turn), radius * Math.sin(turn)], 2 * i);
    } else {
      const tube = 2 * Math.PI * other;
      const radius = 1 + 0.4 * Math.cos(tube);
      data.set([radius * Math.cos(turn), radius * Math.sin(turn), 0.4 * Math.sin(tube)], 3 * i);
    }
  }
  return { data, shape: [n, d] };
}

/** Least squares of log seconds against log n, phase by phase, over the sizes from 4000 on. */
function fitExponents(rows: readonly Row[]): void {
  const large = rows.filter(({ n, plan }) => n >= 4000 && plan === rows.at(-1)!.plan);
  if (new Set(large.map(({ n }) => n)).size < 2) return;
  const series: Record<string, (row: Row) => number> = { wall: (row) => row.wall, user: (row) => row.user };
  for (const phase of Object.keys(large.at(-1)!.phases)) series[phase] = (row) => row.phases[phase] ?? Number.NaN;
  series["engine memory"] = (row) => row.engine;
  const found = Object.entries(series).map(([name, value]) => {
    const points = large.map((row) => [Math.log(row.n), Math.log(value(row))] as const);
    const meanX = points.reduce((sum, [x]) => sum + x, 0) / points.length;
    const meanY = points.reduce((sum, [, y]) => sum + y, 0) / points.length;
    const slope =
      points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) /
      points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
    return `${name} n^${slope.toFixed(2)}`;
  });
  console.log(`fitted, ${rows[0]!.threads} thread(s), n ≥ 4000: ${found.join(", ")}`);
}

async function peer(n: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "bettina-bench-"));
  const file = writeDiphaMatrix(folder, await pairwiseDistances(await images(n, undefined)));
  const timing = timeProgram("ripser", ["ripser", "--format", "dipha", "--dim", "1", file], 1);
  rmSync(folder, { recursive: true });
  console.log(
    timing
      ? `ripser, n ${n}: user ${(timing.user! / 1000).toFixed(2)} s, ${timing.peak} MB`
      : `ripser, n ${n}: could not run`,
  );
}

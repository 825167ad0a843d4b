/**
 * The n-curve: H0 and H1 of the first n training images of MNIST, all digits mixed, from pixels, no distance matrix
 * given. Wall and user time, memory, time of each phase, and the exponents fitted to them. Beyond 60,000 images moved
 * copies are added. `--sizes 1000,2000,...`, `--threads 1,2`, `--layer 8,32,62` measures the layers of networks of those
 * widths and random projections instead (floats, `--sizes` images, 60,000 by default; trained for `--steps`, 0 for untrained), `--shape
 * annulus|torus` points with one long class, `--save FILE` writes the rows as JSON. Every size runs in a process of its
 * own, so that the peak of memory is its own; peers.bench.ts measures what other programs do.
 */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { resourceUsage } from "node:process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { bettiNumbers, forecast, type PointCloud, persistence } from "bettina";
import { type CloudsToMeasure, cloudsToMeasure } from "./scale-clouds.js";

interface Row {
  readonly what: string;
  readonly n: number;
  readonly d: number;
  readonly threads: number;
  readonly plan: string;
  readonly columns: number;
  readonly intervals: readonly number[];
  /** b1 by some readouts. */
  readonly loops: Readonly<Record<string, number | null>>;
  /** Seconds. */
  readonly wall: number;
  readonly user: number;
  readonly phases: Readonly<Record<string, number>>;
  /** Megabytes. */
  readonly engine: number;
  readonly peak: number;
  /** What `forecast` says of the same call: seconds, megabytes. */
  readonly told: { readonly plan: string; readonly wall: number; readonly cpu: number; readonly engine: number };
}

const readouts = ["ratio>1.1", "universal-null@0.05"];

/** What one process measures, and with how many threads. */
interface Run extends CloudsToMeasure {
  readonly threads: number;
}

const { values: options } = parseArgs({
  options: {
    sizes: { type: "string" },
    threads: { type: "string", default: "1" },
    layer: { type: "string" },
    steps: { type: "string", default: "5160" },
    shape: { type: "string" },
    plan: { type: "string", default: "automatic" },
    save: { type: "string" },
    one: { type: "string" },
  },
});
if (options.one) await measureRun(JSON.parse(options.one) as Run);
else measureAll();

function measureAll(): void {
  const sizes = (options.sizes ?? (options.layer ? "60000" : "1000,2000,4000,6000,12000,24000,60000"))
    .split(",")
    .map(Number);
  const widths = options.layer?.split(",").map(Number) ?? [undefined];
  const rows: Row[] = [];
  for (const threads of options.threads.split(",").map(Number))
    for (const n of sizes)
      for (const width of widths) {
        const { shape } = options;
        const layers = width === undefined ? {} : { width, steps: Number(options.steps) };
        for (const row of inProcess({ n, threads, ...layers, ...(shape === undefined ? {} : { shape }) })) {
          rows.push(row);
          print(row);
        }
      }
  for (const threads of new Set(rows.map((row) => row.threads)))
    fitExponents(rows.filter((row) => row.threads === threads));
  if (options.save)
    writeFileSync(
      options.save,
      `${JSON.stringify({ node: process.version, cpu: cpus()[0]?.model ?? "unknown", rows }, null, 1)}\n`,
    );
}

function print(row: Row): void {
  const phases = Object.entries(row.phases).map(([phase, seconds]) => `${phase} ${seconds.toFixed(2)}`);
  console.log(
    `n ${row.n}  d ${row.d}  ${row.what}  threads ${row.threads}  ${row.plan}  wall ${row.wall.toFixed(2)} s  user ${row.user.toFixed(2)} s  (${phases.join(", ")})  engine ${row.engine} MB, process ${row.peak} MB  forecast: ${row.told.plan}, wall ${row.told.wall.toFixed(2)} s, cpu ${row.told.cpu.toFixed(2)} s, engine ${row.told.engine} MB  columns ${row.columns}, bars ${row.intervals.join(" ")}, ${readouts.map((readout) => `${readout} ${row.loops[readout]}`).join(", ")}`,
  );
}

function inProcess(run: Run): Row[] {
  const script = fileURLToPath(import.meta.url);
  const { stdout, status, stderr } = spawnSync(
    process.execPath,
    [script, "--plan", options.plan, "--one", JSON.stringify(run)],
    { encoding: "utf8" },
  );
  if (status === 0) return JSON.parse(stdout) as Row[];
  console.log(`${JSON.stringify(run)} ended with ${status}: ${/^\w*Error: .*$/m.exec(stderr)?.[0] ?? stderr.trim()}`);
  return [];
}

async function measureRun(run: Run): Promise<void> {
  const rows: Row[] = [];
  for (const { what, cloud } of await cloudsToMeasure(run)) rows.push(await measure(what, cloud, run.threads));
  process.stdout.write(JSON.stringify(rows));
}

async function measure(what: string, cloud: PointCloud, threads: number): Promise<Row> {
  const [n, d] = cloud.shape;
  const call = { threads, plan: options.plan as "automatic", memoryLimit: 3.9 * 2 ** 30 };
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
    ...call,
    onProgress: ({ phase: now }) => now !== phase && turn(now),
  });
  turn("end");
  const row = {
    what,
    n,
    d,
    threads,
    plan: result.plans.at(-1)!,
    columns: result.columns.at(-1)!,
    intervals: result.diagrams.map(({ births }) => births.length),
    loops: Object.fromEntries(readouts.map((readout) => [readout, bettiNumbers(result, readout).betti[1] ?? null])),
    wall: (performance.now() - start) / 1000,
    user: process.cpuUsage(before).user / 1e6,
    phases,
    engine: Math.round(result.memory / 1e6),
    peak: Math.round(resourceUsage().maxRSS / 1024),
  };
  // Afterwards, so that its own memory is not in the peak.
  const { plan, seconds, cpuSeconds: cpu, memory } = await forecast(cloud, call);
  return { ...row, told: { plan, wall: seconds.expected, cpu, engine: Math.round(memory.engine.expected / 1e6) } };
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

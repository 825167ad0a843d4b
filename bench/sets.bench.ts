/**
 * The benchmark sets beside the project and MNIST, from the same float32 distances, bettina warm in this process and
 * every peer found on PATH as a whole process: median and minimum, ratio, peak memory. `--only PATTERN` picks rows by
 * name, `--save FILE` writes a JSON summary that compare.ts reads, `--samples N` sets the number of runs (3).
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { persistence } from "bettina";
import { benchmarkSets, type NamedMatrix } from "./datasets.js";
import { programVersion, type Timing, time, timeProgram } from "./harness.js";
import { gudhiCommand, ripserCommand } from "./peers.js";

/** One row of the summary. Times in milliseconds; ratios are of user CPU time, peer to bettina. */
interface Row {
  readonly set: string;
  readonly n: number;
  readonly maxDim: number;
  readonly intervals: readonly number[];
  readonly agrees: boolean | null;
  readonly plan: string;
  readonly bettina: Timing;
  readonly memory: number;
  readonly peers: readonly (Timing & { readonly ratio: number })[];
}

const { values: options } = parseArgs({
  options: {
    only: { type: "string", default: "" },
    save: { type: "string" },
    samples: { type: "string", default: "3" },
    "no-peers": { type: "boolean", default: false },
  },
});
const samples = Number(options.samples);
const pattern = new RegExp(options.only);
/** Peers stop being asked where they would take minutes. */
const patience = { ripser: 60_000, gudhi: 30_000 };

const rows: Row[] = [];
for (const named of await benchmarkSets()) {
  if (!pattern.test(named.name)) continue;
  const row = await measure(named);
  rows.push(row);
  print(row);
}
if (options.save) {
  const summary = {
    node: process.version,
    cpu: cpus()[0]?.model ?? "unknown",
    peers: { ripser: programVersion("ripser"), gudhi: programVersion("gudhi-utils") },
    samples,
    rows,
  };
  writeFileSync(options.save, `${JSON.stringify(summary, round, 1)}\n`);
}

async function measure({ name, matrix, maxDim, threshold, expected, peerSeconds }: NamedMatrix): Promise<Row> {
  const run = () => persistence(matrix, { maxDim, ...(threshold === null ? {} : { threshold }) });
  const result = await run();
  const intervals = result.diagrams.map(({ births }) => births.length);
  const bettina = await time({ name: "bettina", run }, samples);
  // The kernel counts user time in ticks: below some of them the wall time is the better measure. Peers are whole
  // processes, their start included.
  const own = bettina.user! >= 50 ? bettina.user! : bettina.median;
  const peers: (Timing & { ratio: number })[] = [];
  if (!options["no-peers"]) {
    const folder = mkdtempSync(join(tmpdir(), "bettina-bench-"));
    const add = (timing: Timing | undefined) => {
      if (timing) peers.push({ ...timing, ratio: timing.user! / own });
    };
    if (peerSeconds === null || peerSeconds * 1000 < patience.ripser) {
      const command = ripserCommand(folder, matrix, maxDim, threshold);
      add(timeProgram("ripser", command, (peerSeconds ?? 0) > 5 ? 1 : samples));
    }
    if (matrix.n <= 400 && (peerSeconds ?? 0) * 10_000 < patience.gudhi)
      add(timeProgram("gudhi", gudhiCommand(folder, matrix, maxDim, result.threshold), 1));
    rmSync(folder, { recursive: true });
  }
  return {
    set: name,
    n: matrix.n,
    maxDim,
    intervals,
    agrees: expected === null ? null : expected.join() === intervals.join(),
    plan: result.plans.at(-1)!,
    bettina,
    memory: Math.round(result.memory / 2 ** 20),
    peers,
  };
}

function print({ set, n, maxDim, agrees, plan, bettina, memory, peers }: Row): void {
  const mark = agrees === null ? "" : agrees ? "intervals as known" : "INTERVALS DIFFER";
  console.log(`${set} (n = ${n}, H${maxDim}, ${plan}, ${memory} MiB) ${mark}`);
  console.log(
    `  bettina  user   ${format(bettina.user!)}  wall ${format(bettina.median)}, least ${format(bettina.min)}`,
  );
  for (const { name, user, peak, ratio } of peers)
    console.log(`  ${name.padEnd(8)} user   ${format(user!)}  ${ratio.toFixed(1)} times as long, ${peak} MB`);
}

function format(milliseconds: number): string {
  return milliseconds < 1000 ? `${milliseconds.toFixed(1)} ms` : `${(milliseconds / 1000).toFixed(2)} s`;
}

function round(_: string, value: unknown): unknown {
  return typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value;
}

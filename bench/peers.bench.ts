/**
 * What other programs do with the first n training images of MNIST, all digits mixed: H0 and H1 from a file of their
 * distances, one run each, within limits. `--sizes 1000,2000,...`, `--programs ripser,gudhi`, `--seconds` of CPU
 * (1800) and `--memory` in GB (20) a run, `--save FILE` writes the rows as JSON.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { pairwiseDistances, persistence } from "bettina";
import { type ProgramRun, programVersion, runProgram } from "./harness.js";
import { gudhiCommand, ripserCommand } from "./peers.js";
import { cloudsToMeasure } from "./scale-clouds.js";

const { values: options } = parseArgs({
  options: {
    sizes: { type: "string", default: "1000,2000,4000,6000,12000" },
    programs: { type: "string", default: "ripser,gudhi" },
    seconds: { type: "string", default: "1800" },
    memory: { type: "string", default: "20" },
    save: { type: "string" },
  },
});
const limits = { seconds: Number(options.seconds), memory: Number(options.memory) * 1e9 };
const programs = options.programs.split(",").map((name) => {
  if (name === "ripser" || name === "gudhi") return name;
  throw new TypeError(`Expected ripser or gudhi for --programs, got ${name}.`);
});
const rows: (ProgramRun & { readonly program: string; readonly n: number })[] = [];
// A program that has stopped at one size is not asked for a larger one.
const stopped = new Set<string>();
for (const n of options.sizes.split(",").map(Number)) {
  if (stopped.size === programs.length) break;
  const [{ cloud }] = await cloudsToMeasure({ n });
  const matrix = await pairwiseDistances(cloud);
  for (const program of programs) {
    if (stopped.has(program)) continue;
    const folder = mkdtempSync(join(tmpdir(), "bettina-bench-"));
    const command =
      program === "ripser"
        ? ripserCommand(folder, matrix, 1)
        : gudhiCommand(folder, matrix, 1, (await persistence(matrix, { maxDim: 0 })).threshold);
    const run = runProgram(command, limits);
    rmSync(folder, { recursive: true });
    if (run.end !== "done") stopped.add(program);
    rows.push({ program, n, ...run });
    console.log(
      `${program} n ${n}: ${run.end}, user ${(run.user / 1000).toFixed(2)} s, wall ${(run.wall / 1000).toFixed(2)} s, ${run.peak} MB`,
    );
  }
}
if (options.save) {
  const versions = { ripser: programVersion("ripser"), gudhi: programVersion("gudhi-utils") };
  writeFileSync(options.save, `${JSON.stringify({ versions, limits, rows }, null, 1)}\n`);
}

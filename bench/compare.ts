/**
 * Compares two summaries written by `sets.bench --save`: `compare.js BEFORE AFTER...`. Ratios to a peer measured in the
 * same run are compared, not seconds, so that machines and their load matter less; of several AFTER files the best
 * counts. Ends with 1 when a ratio fell by more than a quarter.
 */
import { readFileSync } from "node:fs";

interface Summary {
  readonly rows: readonly {
    readonly set: string;
    readonly maxDim: number;
    readonly peers: readonly { readonly name: string; readonly ratio: number }[];
  }[];
}

/** A ratio may fall to this part of what it was; below it, the change is reported as a loss. */
const TOLERANCE = 0.75;

const [beforeFile, ...afterFiles] = process.argv.slice(2);
if (!beforeFile || afterFiles.length === 0) {
  console.error("Expected two or more files, BEFORE and AFTER. Write them with sets.bench.js --save.");
  process.exit(2);
}
const before = ratios(beforeFile);
const after = afterFiles.map(ratios);
let lost = 0;
for (const [key, old] of before) {
  const found = after.map((ratiosOf) => ratiosOf.get(key)).filter((ratio) => ratio !== undefined);
  if (found.length === 0) continue;
  const best = Math.max(...found);
  const change = best / old;
  const mark = change < TOLERANCE ? "LOST" : change > 1 / TOLERANCE ? "gained" : "";
  if (change < TOLERANCE) lost++;
  console.log(`${key.padEnd(40)} ${old.toFixed(1).padStart(8)} -> ${best.toFixed(1).padStart(8)}  ${mark}`);
}
console.log(lost ? `${lost} ratios fell by more than a quarter` : "no ratio fell by more than a quarter");
process.exitCode = lost ? 1 : 0;

function ratios(file: string): Map<string, number> {
  const { rows } = JSON.parse(readFileSync(file, "utf8")) as Summary;
  return new Map(
    rows.flatMap(({ set, maxDim, peers }) =>
      peers.map(({ name, ratio }) => [`${set} H${maxDim} against ${name}`, ratio] as const),
    ),
  );
}

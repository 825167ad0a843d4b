/** Distances, and H0 + H1 of a distance matrix and of points, beside Ripser where it is installed. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pairwiseDistances, persistence } from "bettina";
import { latticeCloud, mnistCloud, type NamedCloud } from "./datasets.js";
import { sample, type Timing, timeProgram } from "./harness.js";
import { ripserCommand } from "./peers.js";

const clouds: NamedCloud[] = [200, 1000].flatMap((n) => {
  const digits = mnistCloud(1, n);
  return [latticeCloud(n, 8), ...(digits ? [digits] : [])];
});

const rows: { cloud: string; timings: Timing[] }[] = [];
for (const named of clouds) {
  const matrix = await pairwiseDistances(named.cloud);
  const timings = await sample(named.name, [
    { name: "distances", run: () => pairwiseDistances(named.cloud) },
    { name: "H0 + H1 from distances", run: () => persistence(matrix) },
    { name: "H0 + H1 from points", run: () => persistence(named.cloud) },
  ]);
  const folder = mkdtempSync(join(tmpdir(), "bettina-bench-"));
  const peer = timeProgram("ripser, whole process", ripserCommand(folder, matrix, 1));
  rmSync(folder, { recursive: true });
  rows.push({ cloud: named.name, timings: peer ? [...timings, peer] : timings });
}

console.log();
for (const { cloud, timings } of rows) {
  console.log(cloud);
  const own = timings.find(({ name }) => name === "H0 + H1 from distances")!;
  for (const { name, median, min, samples, user } of timings) {
    const ratio =
      user === undefined
        ? ""
        : `   user ${user.toFixed(0)} ms, ${(user / own.median).toFixed(1)} times bettina's median`;
    console.log(
      `  ${name.padEnd(24)} median ${median.toFixed(2).padStart(9)} ms   min ${min.toFixed(2).padStart(9)} ms   ${samples} samples${ratio}`,
    );
  }
}
console.log(`\npeak memory of this process ${rows.at(-1)!.timings[0]!.peak} MB, Node ${process.version}`);

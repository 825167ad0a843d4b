/** What both halves of the fuzzing share: seed and size from the surroundings. */
import { expect, it } from "vitest";
import { fuzz } from "./run.js";

/** 100,000 a run, or `BETTINA_FUZZ_COUNT`; a million in `npm run soak`. */
const total = process.env.BETTINA_SOAK ? 1_000_000 : Number(process.env.BETTINA_FUZZ_COUNT ?? 100_000);

/** A new seed every run, printed; `BETTINA_FUZZ=seed:number` runs one instance, `BETTINA_FUZZ=seed` a whole run. */
const [seed, only] = (process.env.BETTINA_FUZZ ?? `${Math.floor(Date.now() / 1000)}`).split(":").map(Number);

/** Declares the test of one half of the instances; two files, so that two processes share the work. */
export function fuzzHalf(half: 0 | 1): void {
  const from = only ?? (half * total) / 2;
  const to = only === undefined ? from + total / 2 : only + 1;
  it(`seed ${seed}, instances ${from} to ${to - 1}, agree with the textbook reduction`, {
    timeout: 7_200_000,
  }, async () => {
    const tally = await fuzz(seed!, from, to);
    const lines = [...tally].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, times]) => `${name}: ${times}`);
    process.stdout.write(`fuzz seed ${seed}, instances ${from} to ${to - 1}: ${lines.join(", ")}\n`);
    if (only === undefined)
      for (const name of ["no points", "in a worker", "debug", "2 threads, release", "2 threads, debug"])
        expect(tally.get(name)).toBeGreaterThan(0);
  });
}

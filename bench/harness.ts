/**
 * How benchmarks are timed; the only file that imports benny. Short functions are sampled by benny; runs of seconds and
 * other programs are timed here, a fixed number of times. Figures are for comparison within one run on one machine.
 */
import { spawnSync } from "node:child_process";
import { resourceUsage } from "node:process";
import benny from "benny";

/** One timed thing. Times in milliseconds. */
export interface Timing {
  readonly name: string;
  readonly median: number;
  readonly min: number;
  readonly samples: number;
  /** User CPU milliseconds of the whole process, for programs. */
  readonly user?: number;
  /** Peak resident memory in megabytes: of the program, or of this process so far. */
  readonly peak: number;
}

/** A function to time; it may be asynchronous. */
export interface Case {
  readonly name: string;
  readonly run: () => unknown;
}

/** Samples short functions with benny, after a warm-up, in one suite. */
export async function sample(title: string, cases: readonly Case[]): Promise<Timing[]> {
  for (const { run } of cases) for (let i = 0; i < 5; i++) await run();
  const summary = await benny.suite(
    title,
    ...cases.map(({ name, run }) =>
      benny.add(
        name,
        async () => {
          await run();
        },
        { minSamples: 10, maxTime: 2 },
      ),
    ),
    benny.cycle(),
  );
  return summary.results.map(({ name, details, samples }) => ({
    name,
    median: details.median * 1000,
    min: details.min * 1000,
    samples,
    peak: peakMemory(),
  }));
}

/** Times runs of seconds: one warm-up, then `samples` runs. */
export async function time({ name, run }: Case, samples = 3): Promise<Timing> {
  await run();
  const times: number[] = [];
  for (let i = 0; i < samples; i++) {
    const start = performance.now();
    await run();
    times.push(performance.now() - start);
  }
  return { name, median: median(times), min: Math.min(...times), samples, peak: peakMemory() };
}

/** Times a program, or returns undefined when it is not installed. Output is thrown away. */
export function timeProgram(name: string, command: readonly string[], samples = 3): Timing | undefined {
  const times: number[] = [];
  const user: number[] = [];
  let peak = 0;
  for (let i = 0; i < samples; i++) {
    const start = performance.now();
    const { error, status, stderr } = spawnSync(
      "bash",
      ["-c", 'TIMEFORMAT="%U %S"; time "$@" > /dev/null', "bash", ...command],
      { encoding: "utf8" },
    );
    if (error || status !== 0) return undefined;
    times.push(performance.now() - start);
    const line = stderr.trim().split("\n").at(-1) ?? "";
    user.push(Number(line.split(" ")[0]) * 1000);
    peak = Math.max(peak, 0);
  }
  return { name, median: median(times), min: Math.min(...times), samples, user: median(user), peak };
}

/** The middle value, or the mean of the two middle values. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function peakMemory(): number {
  return Math.round(resourceUsage().maxRSS / 1024);
}

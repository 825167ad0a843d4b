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
  /** User CPU milliseconds, median: of all threads of this process, or of the program. */
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
  const user: number[] = [];
  for (let i = 0; i < samples; i++) {
    const start = performance.now();
    const before = process.cpuUsage();
    await run();
    user.push(process.cpuUsage(before).user / 1000);
    times.push(performance.now() - start);
  }
  return { name, median: median(times), min: Math.min(...times), samples, user: median(user), peak: peakMemory() };
}

/** Times a program, or returns undefined when it is not installed or fails. Output is thrown away. */
export function timeProgram(name: string, command: readonly string[], samples = 3): Timing | undefined {
  const times: number[] = [];
  const user: number[] = [];
  let peak = 0;
  for (let i = 0; i < samples; i++) {
    const start = performance.now();
    // A child of a child: its peak memory and CPU time can be read without those of other children.
    const { error, status, stderr } = spawnSync(process.execPath, ["-e", childScript, JSON.stringify(command)], {
      encoding: "utf8",
      stdio: ["ignore", "ignore", "pipe"],
    });
    if (error || status !== 0) return undefined;
    times.push(performance.now() - start);
    const usage = JSON.parse(stderr.trim().split("\n").at(-1)!) as { user: number; peak: number };
    user.push(usage.user);
    peak = Math.max(peak, usage.peak);
  }
  return { name, median: median(times), min: Math.min(...times), samples, user: median(user), peak };
}

/** Runs a command through the shell's `time`, which knows the user seconds, and reads the peak from the kernel. */
const childScript = `
const { spawn } = require("node:child_process");
const { readFileSync } = require("node:fs");
const command = JSON.parse(process.argv[1]);
const shell = spawn("bash", ["-c", 'TIMEFORMAT="%U"; time "$@" > /dev/null', "bash", ...command], { stdio: ["ignore", "ignore", "pipe"] });
let text = "";
let peak = 0;
shell.stderr.on("data", (chunk) => { text += chunk; });
const watch = setInterval(() => {
  try {
    const children = readFileSync("/proc/" + shell.pid + "/task/" + shell.pid + "/children", "utf8").trim().split(" ");
    for (const child of children.filter(Boolean)) {
      const line = /VmHWM:\\s+(\\d+)/.exec(readFileSync("/proc/" + child + "/status", "utf8"));
      if (line) peak = Math.max(peak, Number(line[1]) / 1024);
    }
  } catch {}
}, 5);
shell.on("exit", (code) => {
  clearInterval(watch);
  const user = Number(text.trim().split("\\n").at(-1)) * 1000;
  process.stderr.write("\\n" + JSON.stringify({ user, peak: Math.round(peak) }));
  process.exitCode = code ?? 1;
});
`;

/** Version of a Debian package, or undefined where it is not installed. */
export function programVersion(debianPackage: string): string | undefined {
  const { stdout, status } = spawnSync("dpkg-query", ["-W", debianPackage], { encoding: "utf8" });
  return status === 0 ? stdout.trim().split("\t")[1] : undefined;
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

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
  const runs: ProgramRun[] = [];
  for (let i = 0; i < samples; i++) {
    const run = runProgram(command);
    if (run.end !== "done") return undefined;
    runs.push(run);
  }
  const times = runs.map(({ wall }) => wall);
  return {
    name,
    median: median(times),
    min: Math.min(...times),
    samples,
    user: median(runs.map(({ user }) => user)),
    peak: Math.max(...runs.map(({ peak }) => peak)),
  };
}

/** One run of a program and how it ended. Times in milliseconds, peak resident memory in megabytes. */
export interface ProgramRun {
  readonly end: "done" | "out of time" | "out of memory" | "failed";
  readonly wall: number;
  readonly user: number;
  readonly peak: number;
}

/** What a program may take. */
export interface ProgramLimits {
  /** CPU seconds. */
  readonly seconds: number;
  /** Address space, in bytes. */
  readonly memory: number;
}

/** Runs a program, within limits if they are given (through util-linux' prlimit). Output is thrown away. */
export function runProgram(command: readonly string[], limits?: ProgramLimits): ProgramRun {
  const whole = limits ? ["prlimit", `--cpu=${limits.seconds}`, `--as=${limits.memory}`, ...command] : command;
  const start = performance.now();
  // A child of a child: its peak memory and CPU time can be read without those of other children.
  const { error, stderr } = spawnSync(process.execPath, ["-e", childScript, JSON.stringify(whole)], {
    encoding: "utf8",
    stdio: ["ignore", "ignore", "pipe"],
  });
  const wall = performance.now() - start;
  const last = stderr?.trim().split("\n").at(-1);
  if (error || !last) return { end: "failed", wall, user: Number.NaN, peak: Number.NaN };
  const { user, peak, code, memory } = JSON.parse(last) as {
    user: number;
    peak: number;
    code: number;
    memory: boolean;
  };
  const outOfTime = limits !== undefined && code !== 0 && user >= 999 * limits.seconds;
  return {
    end: code === 0 ? "done" : outOfTime ? "out of time" : memory ? "out of memory" : "failed",
    wall,
    user,
    peak,
  };
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
  const memory = /bad_alloc|MemoryError|cannot allocate/i.test(text);
  process.stderr.write("\\n" + JSON.stringify({ user, peak: Math.round(peak), code: code ?? 1, memory }));
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

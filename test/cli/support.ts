/** Running the program: in this process with collected output, or as a process of its own. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { runProgram } from "../../src/cli/program.js";

/** What a run left behind. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line in this process. */
export async function run(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Outcome> {
  let stdout = "";
  let stderr = "";
  const code = await runProgram(args, {
    stdout: {
      write: (text) => {
        stdout += text;
      },
    },
    stderr: {
      write: (text) => {
        stderr += text;
      },
    },
    environment: { NO_COLOR: "1", ...environment },
    signal: new AbortController().signal,
  });
  return { code, stdout, stderr };
}

/** The built program. */
export const main = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

/** Whether the program has been built; `npm test` does. */
export const built = existsSync(main);

/** Options of {@link start}. */
export interface StartOptions {
  readonly input?: string;
  readonly cwd?: string;
  readonly environment?: NodeJS.ProcessEnv;
  /** Called with each piece of standard output. */
  readonly onStdout?: (text: string, kill: (signal: NodeJS.Signals) => void) => void;
  /** Called once the process runs. */
  readonly onStarted?: (kill: (signal: NodeJS.Signals) => void) => void;
}

/** Runs the built program as a process. */
export function start(args: readonly string[], options: StartOptions = {}): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [main, ...args], {
      cwd: options.cwd,
      // Whatever goes wrong, nothing is left running.
      timeout: 100_000,
      killSignal: "SIGKILL",
      env: { PATH: process.env.PATH, HOME: process.env.HOME, NO_COLOR: "1", ...options.environment },
    });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      options.onStdout?.(text, (signal) => child.kill(signal));
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    options.onStarted?.((signal) => child.kill(signal));
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code: code ?? (signal ? -1 : 0), stdout, stderr }));
    child.stdin.on("error", () => {});
    child.stdin.end(options.input ?? "");
  });
}

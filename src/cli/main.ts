#!/usr/bin/env node
/** The edge of the process: signals, broken pipes, exit codes. Everything else is in program.ts. */
import { writeError } from "../io/atomic.js";
import { complain } from "./complain.js";
import { EXIT_INTERNAL, EXIT_INTERRUPTED, EXIT_RESOURCE, EXIT_TERMINATED } from "./exit-codes.js";
import { runProgram } from "./program.js";

const args = process.argv.slice(2);
const debug = args.includes("--debug");
const controller = new AbortController();
let interruptedBy: number | undefined;

/** A first signal asks the work to end, a second one ends it; either way it is over within two seconds. */
function interrupt(code: number): void {
  if (interruptedBy !== undefined) process.exit(interruptedBy);
  interruptedBy = code;
  controller.abort();
  setTimeout(() => process.exit(code), 1500).unref();
}
process.on("SIGINT", () => interrupt(EXIT_INTERRUPTED));
process.on("SIGTERM", () => interrupt(EXIT_TERMINATED));

for (const stream of [process.stdout, process.stderr])
  stream.on("error", (error: NodeJS.ErrnoException) => {
    // Whoever read us has seen enough (bettina ... | head).
    if (error.code === "EPIPE") process.exit(0);
    complain(writeError("standard output", error), { stderr: process.stderr, environment: process.env }, debug);
    process.exit(error.code === "ENOSPC" ? EXIT_RESOURCE : EXIT_INTERNAL);
  });

function crash(error: unknown): void {
  complain(error, { stderr: process.stderr, environment: process.env }, debug);
  process.exit(EXIT_INTERNAL);
}
process.on("uncaughtException", crash);
process.on("unhandledRejection", crash);

const code = await runProgram(args, {
  stdout: process.stdout,
  stderr: process.stderr,
  environment: process.env,
  signal: controller.signal,
});
// Pipes may still hold text; exit when it has gone, and do not wait for idle threads.
// A write that failed is told one turn later.
process.stdout.write("", () => process.stderr.write("", () => setImmediate(() => process.exit(interruptedBy ?? code))));

/** How the program says what went wrong. */
import { BettinaError, DataFormatError } from "../errors.js";
import { printable, printableLines } from "../printable.js";
import { EXIT_INTERNAL } from "./exit-codes.js";
import { type CliIo, wantsColour } from "./io.js";

/**
 * Writes what went wrong, in one line, and says which exit code it means. The stack follows when debugging.
 * @param about the input it is about, named before the message unless the message names it
 */
export function complain(
  error: unknown,
  io: Pick<CliIo, "stderr" | "environment">,
  debug: boolean,
  about?: string,
): number {
  const known = error instanceof BettinaError;
  const name = wantsColour(io.stderr, io.environment) ? "\u001b[31mbettina:\u001b[39m" : "bettina:";
  io.stderr.write(`${name} ${inWords(error, about)}\n`);
  if (debug && error instanceof Error) {
    io.stderr.write(`${printableLines(error.stack ?? "")}\n`);
    for (let cause = error.cause; cause instanceof Error; cause = cause.cause)
      io.stderr.write(`caused by ${printableLines(cause.stack ?? cause.message)}\n`);
  } else if (!known) io.stderr.write("Run again with --debug to see where.\n");
  return known ? error.exitCode : EXIT_INTERNAL;
}

/** What went wrong with one input, in one line that names it. */
export function inWords(error: unknown, about?: string): string {
  const message = printable(error instanceof Error ? error.message : String(error));
  const whole = error instanceof BettinaError ? message : `internal error: ${message}`;
  if (about === undefined || names(error, whole, printable(about))) return whole;
  return `${printable(about)}: ${whole}`;
}

/** Whether a message names an input so that nobody can take it for another word. */
function names(error: unknown, message: string, name: string): boolean {
  const quoted = message.includes(`"${name}"`);
  return quoted || (error instanceof DataFormatError && printable(error.path) === name && message.includes(name));
}

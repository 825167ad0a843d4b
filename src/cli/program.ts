/**
 * The program: its commands (each defined in definitions/, carried out in commands/) and its complaints. Pure: streams,
 * environment and signal are handed in, the exit code is handed back. A command's own module is loaded when it runs, so
 * that none pays for what another needs.
 */
import { readFileSync } from "node:fs";
import { Command, CommanderError, Option } from "commander";
import { ConfigError, expected } from "../errors.js";
import { printableLines } from "../printable.js";
import { complain } from "./complain.js";
import { addBounds } from "./definitions/bounds.js";
import { addData } from "./definitions/data.js";
import { addDoctor } from "./definitions/doctor.js";
import { addHomology } from "./definitions/homology.js";
import { addMeasure } from "./definitions/measure.js";
import { addRecommend } from "./definitions/recommend.js";
import { addReport } from "./definitions/report.js";
import { addStudy } from "./definitions/study.js";
import { addTrain } from "./definitions/train.js";
import { EXIT_OK, EXIT_USAGE, exitCodesHelp } from "./exit-codes.js";
import { type CliIo, wantsColour } from "./io.js";

/**
 * Runs one command line.
 * @param args the arguments after the program's name
 * @returns the exit code; complaints have been written to `io.stderr`
 */
export async function runProgram(args: readonly string[], io: CliIo): Promise<number> {
  let code = EXIT_OK;
  const program = buildProgram(io, (value) => {
    code = value;
  });
  try {
    await program.parseAsync([...args], { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_OK : EXIT_USAGE;
    return complain(error, io, args.includes("--debug"));
  }
}

/** Builds the commands. `exit` is told the exit code of the command that ran. */
export function buildProgram(io: CliIo, exit: (code: number) => void): Command {
  const program = new Command("bettina")
    .description(
      "How much topology does a neural network carry?\nBetti numbers of data and layers, proven upper bounds, and an honest choice of width.",
    )
    .version(version(), "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .option("--debug", "print the stack of an error")
    .showSuggestionAfterError()
    .showHelpAfterError("Run it with --help to see its options.")
    .addHelpText(
      "after",
      `\n${exitCodesHelp}\n\nStart with:  bettina study     (needs no data: MNIST is found, downloaded, or digits are drawn)`,
    );
  for (const add of [
    addStudy,
    addTrain,
    addMeasure,
    addHomology,
    addBounds,
    addRecommend,
    addReport,
    addData,
    addDoctor,
  ])
    add(program, io, exit);
  settle(program, io);
  return program;
}

/** The same streams, no process exit and `--debug`, for every command. */
function settle(command: Command, io: CliIo): void {
  command.exitOverride().configureOutput({
    writeOut: (text) => io.stdout.write(text),
    writeErr: (text) => io.stderr.write(text),
    // The command line is quoted.
    outputError: (text, write) => write(printableLines(text)),
    getOutHelpWidth: () => Math.min(100, io.stdout.columns ?? 80),
    getErrHelpWidth: () => Math.min(100, io.stderr.columns ?? 80),
    getOutHasColors: () => wantsColour(io.stdout, io.environment),
    getErrHasColors: () => wantsColour(io.stderr, io.environment),
  });
  refuseSecondValues(command);
  for (const child of command.commands) {
    if (!child.options.some(({ long }) => long === "--debug"))
      child.addOption(new Option("--debug", "print the stack of an error").hideHelp());
    child.showSuggestionAfterError().showHelpAfterError("Run it with --help to see its options.");
    settle(child, io);
  }
}

/** An option with two different values has no meaning: the last would win in silence. */
function refuseSecondValues(command: Command): void {
  const given = new Map<string, string>();
  for (const option of command.options)
    command.on(`option:${option.name()}`, (value: string | null) => {
      const name = option.attributeName();
      const written = value ?? (option.negate ? "off" : "on");
      const before = given.get(name);
      if (before !== undefined && before !== written)
        throw new ConfigError(expected("one value", `--${option.name()}`, `${before} and ${written}`), {
          hint: "Give it once.",
        });
      given.set(name, written);
    });
}

/** The version in package.json. */
export function version(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}

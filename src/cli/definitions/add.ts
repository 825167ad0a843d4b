/** What adds a command to the program. */
import type { Command } from "commander";
import type { CliIo } from "../io.js";

/** Adds one command; `exit` is told the exit code when the command has run. */
export type Add = (program: Command, io: CliIo, exit: (code: number) => void) => void;

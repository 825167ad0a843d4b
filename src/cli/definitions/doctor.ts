/** The options and the help text of `bettina doctor`. */
import type { Add } from "./add.js";

/** Adds the command. */
export const addDoctor: Add = (program, io, exit) => {
  program
    .command("doctor")
    .description("check this machine: Node, SIMD, memory, training backends, data, optional packages")
    .option("--json", "print one JSON document")
    .action(async (options) => {
      const { doctor } = await import("../commands/doctor.js");
      exit(await doctor(options, io));
    });
};

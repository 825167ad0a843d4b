/** The options and the help text of `bettina report`. */
import type { Add } from "./add.js";

/** Adds the command. */
export const addReport: Add = (program, io, exit) => {
  program
    .command("report")
    .description("rebuild the report and the pictures of a study's folder, or print its tables")
    .argument("<dir>", "folder of a study")
    .option("--text", "print the tables and the recommendation; write nothing")
    .option("-q, --quiet", "no progress")
    .addHelpText("after", "\nExample:\n  bettina report runs/quick-1a2b3c4d")
    .action(async (directory: string, options) => {
      const { report } = await import("../commands/report.js");
      exit(await report(directory, options, io));
    });
};

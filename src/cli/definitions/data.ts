/** The options and the help text of `bettina data`. */
import type { Add } from "./add.js";

/** Adds the command. */
export const addData: Add = (program, io, exit) => {
  const data = program
    .command("data")
    .description("show which data set a study would use; fetch and verify MNIST")
    .addHelpText(
      "after",
      `
MNIST is looked for in --data, in $BETTINA_MNIST, in the user's cache; else it is downloaded into the cache.

Examples:
  bettina data
  bettina data fetch
  bettina data verify --data ~/mnist`,
    );
  const run = async (action: "show" | "fetch" | "verify", options: object): Promise<void> => {
    const module = await import("../commands/data.js");
    exit(await module.data(action, options, io));
  };
  data
    .command("show", { isDefault: true })
    .description("where MNIST was looked for and what a study would use (the default)")
    .option("--data <dir>", "folder that holds MNIST's four files")
    .option("--json", "print one JSON document")
    .action((options) => run("show", options));
  data
    .command("fetch")
    .description("download MNIST into the user's cache and verify it")
    .option("--url <address>", "a folder with the four .gz files (default: $BETTINA_MNIST_URL, else public mirrors)")
    .option("-q, --quiet", "no progress")
    .action((options) => run("fetch", options));
  data
    .command("verify")
    .description("read MNIST and compare it with its published digests")
    .option("--data <dir>", "folder that holds MNIST's four files")
    .option("--json", "print one JSON document")
    .action((options) => run("verify", options));
};

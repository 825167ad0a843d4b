/** `--config`: options of a command from a JSON file, read as the command line would read them. */
import type { Command } from "commander";
import { ConfigError, expected } from "../errors.js";
import { readJsonObject } from "./json-file.js";

/**
 * Sets the options that a JSON object gives and the command line does not. Its names are those of the options in camel
 * case (`maxDim` for `--max-dim`); lists may be arrays, and a flag is true or false.
 * @throws InputError when the file cannot be read, ConfigError when it is not a JSON object, for an unknown name
 *   or for a value the option refuses, CancelledError when the signal is aborted
 */
export async function applyConfigFile(command: Command, path: string, signal: AbortSignal): Promise<void> {
  const given = await readJsonObject("--config", path, 'Write for instance {"maxDim": 2}.', signal);
  for (const [name, value] of Object.entries(given)) {
    const option = command.options.find((held) => held.attributeName() === name);
    if (option === undefined || name === "config")
      throw new ConfigError(expected("only names of options", path, name), {
        hint: "Use camel case, for instance maxDim for --max-dim.",
      });
    const flag = !option.required && !option.optional;
    const fits = flag ? typeof value === "boolean" : isPlain(value) || (Array.isArray(value) && value.every(isPlain));
    if (!fits)
      throw new ConfigError(expected(flag ? "true or false" : "a number or a text", `${name} in ${path}`, value), {
        hint: "Write it as on the command line.",
      });
    if (command.getOptionValueSource(name) === "cli" || value === false) continue;
    const written = flag ? value : String(value);
    command.setOptionValueWithSource(
      name,
      option.parseArg && !flag ? option.parseArg(String(written), undefined) : written,
      "config",
    );
  }
}

function isPlain(value: unknown): boolean {
  return typeof value === "string" || typeof value === "number";
}

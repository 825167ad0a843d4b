/** JSON files that stand for options. */
import { ConfigError, expected } from "../errors.js";
import { readBytes } from "../io/bytes.js";

/**
 * The object in the file of an option; a byte order mark is fine.
 * @param option for messages, e.g. `--config`
 * @param hint what the file should hold
 * @throws InputError when the file cannot be read, ConfigError when it holds no JSON object, CancelledError when the
 *   signal is aborted
 */
export async function readJsonObject(
  option: string,
  path: string,
  hint: string,
  signal: AbortSignal,
): Promise<Record<string, unknown>> {
  const name = `${option} (${path})`;
  const text = Buffer.from(await readBytes(path, { signal })).toString("utf8");
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\ufeff/, ""));
  } catch (cause) {
    throw new ConfigError(expected("JSON", name, text.slice(0, 60)), { cause, hint });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new ConfigError(expected("a JSON object", name, value), { hint });
  return value as Record<string, unknown>;
}

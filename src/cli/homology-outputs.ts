/** Where `bettina homology` writes: every place is tried before the work, not after it. */
import { realpath } from "node:fs/promises";
import { basename, dirname, extname, join, resolve } from "node:path";
import { ConfigError, expected } from "../errors.js";
import { checkWritable } from "../io/atomic.js";

/** Options that name a file to be written. */
export interface OutputOptions {
  readonly out?: string;
  readonly barcode?: string;
  readonly diagram?: string;
  readonly report?: string;
}

const names = ["out", "barcode", "diagram", "report"] as const;

/** How the files of each picture end, the usual one first. */
const endings = { barcode: [".svg", ".png"], diagram: [".svg", ".png"], report: [".html", ".htm"] } as const;

/**
 * Refuses places that cannot be written, that are named twice, or that are read.
 * @param inputs the files that are read: data and --config
 * @param count number of inputs: a picture or page shows one
 * @throws ConfigError
 */
export async function checkOutputs(options: OutputOptions, inputs: readonly string[], count: number): Promise<void> {
  const taken = new Map<string, string>();
  const read = new Set(await Promise.all(inputs.map(placeOf)));
  for (const name of names) {
    const path = options[name];
    if (path === undefined) continue;
    if (name !== "out") checkPicture(name, path, count);
    const place = await placeOf(path);
    if (read.has(place))
      throw new ConfigError(expected("another file than the input", `--${name}`, path), {
        hint: "The input would be lost.",
      });
    const other = taken.get(place);
    if (other !== undefined)
      throw new ConfigError(expected(`another file than --${other}`, `--${name}`, path), {
        hint: "One would be lost.",
      });
    taken.set(place, name);
    await checkWritable(path);
  }
}

/** Where a path leads, through all links; files and folders need not be there yet. */
async function placeOf(path: string): Promise<string> {
  const whole = resolve(path);
  return await realpath(whole).catch(async () =>
    dirname(whole) === whole ? whole : join(await placeOf(dirname(whole)), basename(whole)),
  );
}

function checkPicture(name: keyof typeof endings, path: string, count: number): void {
  if (count > 1)
    throw new ConfigError(expected("one input", `--${name}`, `${count} inputs`), {
      hint: `${name === "report" ? "Write one page" : "Draw one picture"} at a time.`,
    });
  const [usual, other] = endings[name];
  if (![usual, other].some((ending) => ending === extname(path).toLowerCase()))
    throw new ConfigError(expected(`a file that ends in ${usual} or ${other}`, `--${name}`, path), {
      hint: `Use for instance --${name} ${name === "report" ? "page" : "picture"}${usual}.`,
    });
}

/** Calls a public function in every wrong way that JavaScript allows, one argument or field at a time. */
import { BettinaError } from "../../src/errors.js";

/** A right call, and what else is right. */
export interface Row {
  readonly args: readonly unknown[];
  /** Numbers of arguments that are objects of options: an unknown name in them is refused. */
  readonly options?: readonly number[];
  /** Values that an argument may well be, by its number: they are not tried. */
  readonly fine?: Readonly<Record<number, readonly unknown[]>>;
  /** Numbers of arguments that may be left out. */
  readonly optional?: readonly number[];
  /** Whether fields of arguments are changed one by one as well. @default true */
  readonly fields?: boolean;
}

const wrong = [null, undefined, Number.NaN, -1.5, "?", true, [], {}, [null], () => 1, Symbol("x"), 1n];

/** What each wrong call came to, where it did not come to a BettinaError. */
export async function faults(call: (...args: unknown[]) => unknown, row: Row): Promise<string[]> {
  const { args, options = [], fine = {}, optional = [], fields = true } = row;
  const found: string[] = [];
  const attempt = async (what: string, changed: unknown[], mustThrow = true) => {
    try {
      await settled(call(...changed));
      if (mustThrow) found.push(`${what}: accepted`);
    } catch (error) {
      if (!(error instanceof BettinaError)) found.push(`${what}: ${error}`);
    }
  };
  for (const [i, arg] of args.entries()) {
    for (const value of wrong) {
      const right = value === undefined && optional.includes(i);
      const may = fine[i]?.some((one) => JSON.stringify(one) === text(value)) ?? false;
      const isEmpty = options.includes(i) && optional.includes(i) && text(value) === "{}";
      const changed = args.map((one, k) => (k === i ? value : one));
      if (!right && !may && !isEmpty) await attempt(`argument ${i} ${text(value)}`, changed);
    }
    if (options.includes(i)) {
      const changed = args.map((one, k) => (k === i ? { ...(one as object), unheardOf: 1 } : one));
      await attempt(`argument ${i} with an unknown name`, changed);
    }
    if (!fields || typeof arg !== "object" || arg === null || ArrayBuffer.isView(arg)) continue;
    for (const key of Object.keys(arg))
      for (const value of wrong) {
        const changed = { ...arg, [key]: value };
        if (Array.isArray(arg)) continue;
        await attempt(
          `${key} ${text(value)}`,
          args.map((one, k) => (k === i ? changed : one)),
          false,
        );
      }
  }
  return found;
}

function text(value: unknown): string | undefined {
  if (typeof value === "function") return "() => 1";
  if (typeof value === "symbol" || typeof value === "bigint" || value === undefined || Number.isNaN(value))
    return String(value);
  return JSON.stringify(value);
}

/** Waits for promises and goes through generators. */
async function settled(value: unknown): Promise<void> {
  if (typeof value === "object" && value !== null && Symbol.asyncIterator in value)
    for await (const _ of value as AsyncIterable<unknown>) return;
  await value;
}

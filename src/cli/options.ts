/** Readers of option values. Each throws a ConfigError that names the option. */
import type { Domain } from "../bounds/domain.js";
import type { datasetNames } from "../data/dataset.js";
import { ConfigError, expected } from "../errors.js";
import type { Schedule } from "../network/schedule.js";

/** The names of data sets: said here too, so that no command loads the data to know its options. */
export const datasetWords = [
  "auto",
  "mnist",
  "digits",
  "annuli",
  "linked-tori",
  "nested-spheres",
] as const satisfies typeof datasetNames;

/** An integer of at least `least` and, where given, at most `most`. */
export function integer(name: string, least = 0, most?: number): (text: string) => number {
  return (text) => {
    const value = /^[+-]?\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
    if (!Number.isSafeInteger(value) || value < least || value > (most ?? Infinity))
      throw new ConfigError(
        expected(
          most === undefined || value < least || Number.isNaN(value)
            ? `an integer of at least ${least}`
            : `an integer from ${least} to ${most}`,
          name,
          text,
        ),
        {
          hint: `Use for instance ${name} ${Math.max(least, 2)}.`,
        },
      );
    return value;
  };
}

/** A path: anything but nothing at all. */
export function path(name: string): (text: string) => string {
  return (text) => {
    if (text === "")
      throw new ConfigError(expected("a path", name, text), { hint: `Use for instance ${name} result.` });
    return text;
  };
}

/** A number of at least `least`; `inf` and `infinity` where `infinite`. */
export function number(name: string, least: number, infinite = false): (text: string) => number {
  return (text) => {
    const value = infinite && /^inf(inity)?$/i.test(text.trim()) ? Number.POSITIVE_INFINITY : decimal(text);
    if (!(value >= least) || (!infinite && !Number.isFinite(value)))
      throw new ConfigError(expected(`a number of at least ${least}${infinite ? ", or inf," : ""}`, name, text), {
        hint: `Use for instance ${name} 1.5.`,
      });
    return value;
  };
}

function decimal(text: string): number {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text.trim()) ? Number(text) : Number.NaN;
}

/** One of several words. */
export function oneOf<const Words extends readonly string[]>(
  name: string,
  words: Words,
): (text: string) => Words[number] {
  return (text) => {
    if (!words.includes(text))
      throw new ConfigError(expected(`one of ${words.join(", ")}`, name, text), {
        hint: `Use for instance ${name} ${words[0]}.`,
      });
    return text;
  };
}

/** Integers of at least `least`, separated by commas. */
export function integers(name: string, least = 0): (text: string) => number[] {
  const read = integer(name, least);
  return (text) => list(text).map(read);
}

/** Class labels separated by commas, or `all`. */
export function classes(name: string): (text: string) => number[] | "all" {
  const read = integers(name);
  return (text) => {
    if (text.trim() === "all") return "all";
    const labels = read(text);
    if (new Set(labels).size < labels.length)
      throw new ConfigError(expected("every class once", name, text), { hint: `Use for instance ${name} 0,7.` });
    return labels;
  };
}

/** Activations separated by commas; the numbers after `poly:` belong to it. */
export function activationList(text: string): string[] {
  const names: string[] = [];
  for (const part of list(text)) {
    const last = names.at(-1);
    if (last?.startsWith("poly:") && /^[-+.\d]/.test(part)) names[names.length - 1] = `${last},${part}`;
    else names.push(part);
  }
  return names;
}

/** A number of images per class, or `all`. */
export function perClass(name: string): (text: string) => number | "all" {
  const read = integer(name, 1);
  return (text) => (text.trim() === "all" ? "all" : read(text));
}

/** Words separated by commas; each must be one of `words`. */
export function words<const Words extends readonly string[]>(
  name: string,
  known: Words,
): (text: string) => Words[number][] {
  const read = oneOf(name, known);
  return (text) => list(text).map(read);
}

/** What stands between commas. */
export function list(text: string): string[] {
  return text.split(",").map((part) => part.trim());
}

/** Bytes: `2GB`, `512MiB`, `1e9`. Units count in powers of 1000, with an i in powers of 1024. */
export function bytes(name: string): (text: string) => number {
  const units: Record<string, number> = {
    "": 1,
    b: 1,
    k: 1e3,
    kb: 1e3,
    m: 1e6,
    mb: 1e6,
    g: 1e9,
    gb: 1e9,
    ki: 2 ** 10,
    kib: 2 ** 10,
    mi: 2 ** 20,
    mib: 2 ** 20,
    gi: 2 ** 30,
    gib: 2 ** 30,
  };
  return (text) => {
    const [, amount, unit] = /^([\d.]+(?:e\d+)?)\s*([a-z]*)$/i.exec(text.trim()) ?? [];
    const value = decimal(amount ?? "") * (units[(unit ?? "?").toLowerCase()] ?? Number.NaN);
    if (!(value >= 1))
      throw new ConfigError(expected("an amount of memory", name, text), { hint: `Use for instance ${name} 2GB.` });
    return Math.floor(value);
  };
}

/** A domain that the theorems on layer images can start from. */
export function compactDomain(name: string): (text: string) => Domain {
  return (text) => {
    if (text === "ball" || text === "cube") return text;
    const count = Number(/^points:(\d+)$/.exec(text)?.[1]);
    if (!(count >= 1))
      throw new ConfigError(expected("ball, cube or points:<n>", name, text), {
        hint: "The theorems on layer images need a compact domain: on all of R^n they fail.",
      });
    return { kind: "points", count };
  };
}

/** A number strictly between 0 and 1. */
export function fraction(name: string): (text: string) => number {
  return (text) => {
    const value = decimal(text);
    if (!(value > 0 && value < 1))
      throw new ConfigError(expected("a number between 0 and 1", name, text), {
        hint: `Use for instance ${name} 0.8.`,
      });
    return value;
  };
}

/** Positive integers from one to another: `1-4`, or `3` alone. */
export function range(name: string): (text: string) => { readonly least: number; readonly most: number } {
  return (text) => {
    const [, first, last] = /^(\d+)(?:-(\d+))?$/.exec(text.trim()) ?? [];
    const least = Number(first);
    const most = Number(last ?? first);
    if (!(least >= 1 && most >= least && most <= 64))
      throw new ConfigError(expected("a range within 1-64", name, text), { hint: `Use for instance ${name} 1-4.` });
    return { least, most };
  };
}

/** A schedule of the learning rate: `constant`, `cosine`, `step:<steps>` or `step:<steps>:<factor>`. */
export function schedule(name: string): (text: string) => Schedule {
  return (text) => {
    if (text === "constant" || text === "cosine") return { name: text };
    const [, every, factor] = /^step:(\d+)(?::([\d.e-]+))?$/.exec(text) ?? [];
    if (every !== undefined)
      return { name: "step", every: Number(every), ...(factor === undefined ? {} : { factor: Number(factor) }) };
    throw new ConfigError(expected("constant, cosine or step:<steps>[:<factor>]", name, text), {
      hint: `Use for instance ${name} step:1000:0.5.`,
    });
  };
}

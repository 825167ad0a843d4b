/** Readers of option values. Each throws a ConfigError that names the option. */
import type { Domain } from "../bounds/domain.js";
import type { datasetNames } from "../data/dataset.js";
import { ConfigError, expected } from "../errors.js";
import type { Schedule } from "../network/schedule.js";
import { isPrime, LARGEST_MODULUS } from "../primes.js";

/** The names of data sets: said here too, so that no command loads the data to know its options. */
export const datasetWords = [
  "auto",
  "mnist",
  "digits",
  "annuli",
  "linked-tori",
  "nested-spheres",
] as const satisfies typeof datasetNames;

/**
 * An integer from `least` to `most`.
 * @param most by default what a number of JavaScript can hold exactly
 * @param also words that are right too, for messages, e.g. `, or all,`
 */
export function integer(name: string, least = 0, most = Number.MAX_SAFE_INTEGER, also = ""): (text: string) => number {
  return (text) => {
    const value = whole(text);
    if (Number.isSafeInteger(value) && value >= least && value <= most) return value + 0;
    // A bound that nobody meets is not worth its words until somebody does.
    const upper = value > most || most < Number.MAX_SAFE_INTEGER;
    throw new ConfigError(
      expected(`an integer ${upper ? `from ${least} to ${most}` : `of at least ${least}`}${also}`, name, text),
      { hint: `Use for instance ${name} ${Math.min(most, Math.max(least, 2))}.` },
    );
  };
}

/** An integer however written (`2.0`, `1e3`), NaN for other text; exact where it is a safe one. */
function whole(text: string): number {
  return /^[+-]?\d+(\.0*)?(e\+?\d+)?$/i.test(text.trim()) ? Number(text) : Number.NaN;
}

/**
 * A prime that coefficients are counted modulo.
 * @param rationals 0 is right too, for the rationals, and primes may be of any size
 */
export function modulus(name: string, rationals = false): (text: string) => number {
  const most = rationals ? Number.MAX_SAFE_INTEGER : LARGEST_MODULUS;
  return (text) => {
    const value = whole(text);
    if ((value <= most && isPrime(value)) || (rationals && value === 0)) return value + 0;
    const what = `a prime from 2 to ${most}${rationals ? ", or 0 for the rationals," : ""}`;
    throw new ConfigError(expected(what, name, text), { hint: `Use for instance ${name} 3.` });
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
    if (infinite && /^\+?inf(inity)?$/i.test(text.trim())) return Number.POSITIVE_INFINITY;
    const value = decimal(text);
    if (value >= least && Number.isFinite(value)) return value + 0;
    const range = value === Infinity ? `from ${least} to ${Number.MAX_VALUE}` : `of at least ${least}`;
    throw new ConfigError(expected(`a number ${range}${infinite ? ", or inf," : ""}`, name, text), {
      hint: `Use for instance ${name} 1.5.`,
    });
  };
}

/** A decimal number, NaN for other text. What is not 0 is never read as 0. */
function decimal(text: string): number {
  const written = text.trim();
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(written)) return Number.NaN;
  const value = Number(written);
  if (value !== 0 || !/[1-9]/.test(written.replace(/e.*$/i, ""))) return value;
  return written.startsWith("-") ? -Number.MIN_VALUE : Number.MIN_VALUE;
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

/** Names or numbers of columns separated by commas, none of them empty. */
export function columnList(name: string): (text: string) => string[] {
  return (text) => {
    const found = list(text);
    if (found.includes(""))
      throw new ConfigError(expected("columns separated by commas", name, text), {
        hint: `Use for instance ${name} 1,3.`,
      });
    return found;
  };
}

/** Class labels separated by commas, or `all`. */
export function classes(name: string): (text: string) => number[] | "all" {
  const read = integer(name, 0, undefined, ", or all,");
  return (text) => {
    if (text.trim() === "all") return "all";
    const labels = list(text).map(read);
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
  const read = integer(name, 1, undefined, ", or all,");
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
    if (!(value >= 1 && value < Infinity))
      throw new ConfigError(expected("an amount of memory, at least one byte,", name, text), {
        hint: `Use for instance ${name} 2GB.`,
      });
    return Math.floor(value);
  };
}

/** A domain that the theorems on layer images can start from. */
export function compactDomain(name: string): (text: string) => Domain {
  return (text) => {
    if (text === "ball" || text === "cube") return text;
    const count = Number(/^points:(\d+)$/.exec(text)?.[1]);
    if (!(count >= 1 && Number.isSafeInteger(count)))
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
      throw new ConfigError(expected("a number above 0 and below 1", name, text), {
        hint: `Use for instance ${name} 0.8.`,
      });
    return value;
  };
}

/** Positive integers from one to another: `1-4`, or `3` alone. */
export function range(name: string): (text: string) => { readonly least: number; readonly most: number } {
  return (text) => {
    const [, first = "", last = first] = /^([^-]*)(?:-([^-]*))?$/.exec(text.trim()) ?? [];
    const [least, most] = [whole(first), whole(last)];
    if (!(least >= 1 && most >= least && most <= 64))
      throw new ConfigError(expected("an integer from 1 to 64 or a range of them, the smaller first,", name, text), {
        hint: `Use for instance ${name} 1-4.`,
      });
    return { least, most };
  };
}

/** A schedule of the learning rate: `constant`, `cosine`, `step:<steps>` or `step:<steps>:<factor>`. */
export function schedule(name: string): (text: string) => Schedule {
  return (text) => {
    if (text === "constant" || text === "cosine") return { name: text };
    const [, every, factor] = /^step:(\d+)(?::(.+))?$/.exec(text) ?? [];
    const steps = Number(every);
    const by = factor === undefined ? {} : { factor: decimal(factor) };
    if (steps >= 1 && Number.isSafeInteger(steps) && Number.isFinite(by.factor ?? 1))
      return { name: "step", every: steps, ...by };
    throw new ConfigError(expected("constant, cosine or step:<steps>[:<factor>]", name, text), {
      hint: `Use for instance ${name} step:1000:0.5.`,
    });
  };
}

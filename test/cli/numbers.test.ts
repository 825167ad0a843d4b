/** What is said of a wrong number is true of it, for every option of every command that reads one. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Command, Option } from "commander";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildProgram } from "../../src/cli/program.js";
import { ConfigError } from "../../src/errors.js";
import { run } from "./support.js";

const sink = { write: () => true };
const io = { stdout: sink, stderr: sink, environment: {}, signal: new AbortController().signal };

/** Every option with a reader, as `command --name`. */
function options(command: Command, name = ""): [string, Option][] {
  const own = command.options
    .filter(({ parseArg }) => parseArg)
    .map((option): [string, Option] => [`${name}${option.long}`, option]);
  return [...own, ...command.commands.flatMap((child) => options(child, `${name}${child.name()} `))];
}

/** What the reader of an option makes of a text: its value, or the error. */
function read({ parseArg }: Option, text: string): unknown {
  try {
    return parseArg!(text, undefined);
  } catch (error) {
    return error;
  }
}

const holdsNumbers = (value: unknown): boolean =>
  typeof value === "number" ||
  (typeof value === "object" && value !== null && !(value instanceof Error) && Object.values(value).some(holdsNumbers));
const samples = ["7", "0.5", "1-4", "2GB", "points:3", "step:100:0.5"];
const numeric = options(buildProgram(io, () => {})).filter(([, option]) =>
  samples.some((sample) => holdsNumbers(read(option, sample))),
);

/** Texts that are no numbers, too large, too small, of another script or another notation. */
const odd = [
  ["", Number.NaN],
  [" ", Number.NaN],
  ["x", Number.NaN],
  ["NaN", Number.NaN],
  ["nan", Number.NaN],
  ["0x10", Number.NaN],
  ["0b1", Number.NaN],
  ["1_000", Number.NaN],
  ["1 000", Number.NaN],
  ["1'000", Number.NaN],
  ["٣", Number.NaN],
  ["３", Number.NaN],
  ["½", Number.NaN],
  ["+", Number.NaN],
  ["1e", Number.NaN],
  ["--1", Number.NaN],
  ["1.2.3", Number.NaN],
  ["null", Number.NaN],
  ["true", Number.NaN],
  ["7n", Number.NaN],
  ["-Infinity", -Infinity],
  ["-1", -1],
  ["-3", -3],
  ["-0", 0],
  ["0", 0],
  ["1", 1],
  ["4", 4],
  ["1e3", 1000],
  ["2.0", 2],
  ["1.5", 1.5],
  ["1e400", Infinity],
  ["-1e400", -Infinity],
  ["1e-400", Number.MIN_VALUE],
  ["65537", 65537],
  ["1000000007", 1000000007],
  ["9007199254740993", 2 ** 53],
  ["9223372036854775783", 2 ** 63],
  ["1".repeat(40), Number("1".repeat(40))],
] as const;

/** Whether a complaint would be wrong about a value; null for one whose words the test does not know. */
function isFalse(what: string, value: number): boolean | null {
  const prime = (n: number) => {
    if (!Number.isSafeInteger(n) || n < 2) return false;
    for (let i = 2; i * i <= n; i++) if (n % i === 0) return false;
    return true;
  };
  const [, kind, atLeast, from, most] =
    /^(an integer|a number|a prime) (?:of at least ([^\s,]+)|from ([^\s,]+) to ([^\s,]+))/.exec(what) ?? [];
  const least = atLeast ?? from;
  if (kind !== undefined) {
    const inside = value >= Number(least) && value <= Number(most ?? Number.MAX_VALUE);
    if (kind === "an integer") return inside && Number.isInteger(value);
    return kind === "a prime" ? (inside && prime(value)) || (what.includes("or 0") && value === 0) : inside;
  }
  if (what === "a number above 0 and below 1") return value > 0 && value < 1;
  if (what.startsWith("an amount of memory")) return value >= 1 && value < Infinity;
  if (what.startsWith("an integer from 1 to 64 or a range"))
    return Number.isInteger(value) && value >= 1 && value <= 64;
  if (what.startsWith("ball, cube or points") || what.startsWith("constant, cosine or step")) return false;
  return null;
}

describe("every option that reads numbers", () => {
  it("is found", () => {
    const names = numeric.map(([name]) => name);
    expect(names.length).toBeGreaterThanOrEqual(58);
    for (const name of ["homology --modulus", "study --seeds", "train --learning-rate", "bounds --domain"])
      expect(names).toContain(name);
  });

  it.each(numeric)("%s takes what is a number and says what is true of what it refuses", (name, option) => {
    for (const [text, value] of odd) {
      const found = read(option, text);
      if (!(found instanceof Error)) {
        // What was taken is what was written.
        const [held] = Array.isArray(found) ? found : [found];
        if (typeof held === "number" && !name.endsWith("--memory-limit"))
          expect(Object.is(held, value), `${name} ${text}: ${held}`).toBe(true);
        continue;
      }
      expect(found, `${name} ${text}`).toBeInstanceOf(ConfigError);
      const [, what, where, got] =
        /^Expected (.+?),? for (--\S+), got ("(?:.*)")\. [A-Z][^\n]+\.$|^Expected/.exec(found.message) ?? [];
      expect(where, found.message).toBe(option.long);
      expect([text, text.trim()].map((said) => JSON.stringify(said))).toContain(got);
      expect(isFalse(what!, value), `${name} ${text}: ${found.message}`).toBe(false);
    }
  });
});

describe("numbers inside other words", () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "bettina-numbers-"));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));
  const wrong = ["", "x", "NaN", "0x10", "-3", "1e400", "٣", "9".repeat(30)];

  it("are read or refused in the house's form: widths, architectures, activations, readouts, files of options", async () => {
    const file = join(directory, "config.json");
    for (const text of wrong) {
      const commands = [
        ["study", "--dry-run", "--dataset", "digits", "--widths", text],
        ["study", "--dry-run", "--dataset", "digits", "--widths", `8-${text}-8`],
        ["study", "--dry-run", "--dataset", "digits", "--activations", `leaky-relu:${text}x`],
        [
          "study",
          "--dry-run",
          "--dataset",
          "digits",
          "--activations",
          `poly:0,${Number.isFinite(Number(text || "x")) ? "x" : text}`,
        ],
        ["study", "--dry-run", "--dataset", "digits", "--readouts", `ratio>${text.startsWith("9") ? "9x" : text}`],
        ["study", "--dry-run", "--dataset", "digits", "--schedule", `step:${text}`],
        ["train", `784-${text}-10:relu`, "--dry-run"],
        ["bounds", `784-${text}:relu`],
        ["homology", "--config", file],
      ];
      await writeFile(file, JSON.stringify({ maxDim: text === "" ? null : text }));
      for (const args of commands) {
        const outcome = await run(args);
        expect(outcome, args.join(" ")).toMatchObject({ code: 2, stdout: "" });
        expect(outcome.stderr, args.join(" ")).toMatch(/^bettina: Expected [^\n]* for [^\n]*, got [^\n]*\.\n$/);
      }
    }
    for (const json of [
      '{"maxDim": 1e400}',
      '{"maxDim": 1.5}',
      '{"maxDim": -1}',
      '{"modulus": 9223372036854775783}',
      '{"modulus": 1}',
    ]) {
      await writeFile(file, json);
      const outcome = await run(["homology", file, "--config", file]);
      expect(outcome.code, json).toBe(2);
      expect(outcome.stderr).toMatch(
        /^bettina: Expected (an integer from 0 to 1000 for --max-dim|an integer of at least 0 for --max-dim|a prime from 2 to 65521 for --modulus), got "/,
      );
    }
  });

  it("says a prime of every modulus that is none", async () => {
    for (const modulus of ["1", "0", "-3", "4", "65537", "9223372036854775783", "2.5", ""])
      for (const command of [
        ["homology", "x.csv"],
        ["measure", "x"],
      ]) {
        const outcome = await run([...command, "--modulus", modulus]);
        expect(outcome.code).toBe(2);
        expect(outcome.stderr).toBe(
          `bettina: Expected a prime from 2 to 65521 for --modulus, got "${modulus}". Use for instance --modulus 3.\n`,
        );
      }
    expect((await run(["recommend", "--betti", "1,2", "--input-dim", "3", "--modulus", "4"])).stderr).toContain(
      "or 0 for the rationals, for --modulus",
    );
  });
});

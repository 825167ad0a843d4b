/** The shape of the house: imports go down only, no stray barrels, no second source of randomness, no printing. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { projectRoot } from "./support/shared.js";

const source = join(projectRoot, "src");
const floors: Record<string, number> = {
  "printable.ts": -1,
  "primes.ts": -1,
  "errors.ts": 0,
  "random.ts": 0.5,
  "options.ts": 0.5,
  "json.ts": 0.5,
  "shape.ts": 0.7,
  "signal.ts": 0.7,
  engine: 1,
  io: 1,
  topology: 2,
  network: 2,
  data: 2,
  bounds: 2,
  selection: 3,
  study: 4,
  report: 5,
  cli: 6,
  "index.ts": 7,
};
/** The entry file of each package export; nothing else only passes on what others export. */
const entries = ["index.ts", join("bounds", "index.ts")];

const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
const text = (name: string) => readFileSync(join(source, name), "utf8");
const room = (name: string) => name.split(/[\\/]/)[0]!;
/** The code alone: comments and strings may speak of anything. */
const code = (name: string) => text(name).replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");

function imports(name: string): string[] {
  const found = [...text(name).matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)].map(([, path]) => path!);
  return found.map((path) => relative(source, resolve(source, dirname(name), path)).replace(/\.js$/, ".ts"));
}

describe("the house", () => {
  it("knows every room", () => {
    expect(files.map(room).filter((name) => floors[name] === undefined)).toEqual([]);
    expect(files.length).toBeGreaterThan(30);
  });

  it("imports only from the same room or from lower floors", () => {
    const climbing = files.flatMap((name) =>
      imports(name)
        .filter((target) => room(target) !== room(name) && floors[room(target)]! >= floors[room(name)]!)
        .map((target) => `${name} -> ${target}`),
    );
    expect(climbing).toEqual([]);
  });

  it("has no barrel but the package exports", () => {
    const rest = (name: string) => code(name).replace(/(export|import) [^;]*? from "[^"]*";/g, "");
    const barrels = files.filter((name) => rest(name).trim() === "");
    expect(barrels.filter((name) => !entries.includes(name))).toEqual([]);
  });

  it("draws random numbers from src/random.ts only", () => {
    expect(files.filter((name) => /Math\.random|randomBytes|getRandomValues|randomUUID/.test(code(name)))).toEqual([]);
  });

  it("prints only in cli/", () => {
    const printing = files.filter((name) => /\bconsole\.|process\.std(out|err)\.write/.test(code(name)));
    expect(printing.filter((name) => room(name) !== "cli")).toEqual([]);
  });

  it("loads tfjs in one file, vega in one file and benny in one file", () => {
    const users = (pattern: RegExp) =>
      files.filter((name) => pattern.test(code(name).replace(/import type[^;]*;|typeof import\([^)]*\)/g, "")));
    expect(users(/["']@tensorflow\/tfjs/)).toEqual([join("network", "backend.ts")]);
    expect(users(/import\(["']vega(-lite)?["']\)|from ["']vega(-lite)?["']/)).toEqual([join("report", "render.ts")]);
    const bench = readdirSync(join(projectRoot, "bench")).filter((name) => name.endsWith(".ts"));
    expect(
      bench.filter((name) => /["']benny["']/.test(readFileSync(join(projectRoot, "bench", name), "utf8"))),
    ).toEqual(["harness.ts"]);
  });
});

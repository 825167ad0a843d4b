import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import * as exported from "../../src/bounds/index.js";
import { projectRoot } from "../support/shared.js";

const docs = readFileSync(join(projectRoot, "docs", "bounds.md"), "utf8");
const files = readdirSync(join(projectRoot, "src", "bounds"));

describe("docs/bounds.md", () => {
  it("names every function that gives a bound, and only files that exist", () => {
    const bounds = Object.keys(exported).filter((name) =>
      /(?<!^format)(?<!^compare)Bounds?$|^linearRegions|^smallest|Rank$|Layers$|Statements$/.test(name),
    );
    expect(bounds.length).toBeGreaterThan(25);
    expect(bounds.filter((name) => !docs.includes(`\`${name}\``))).toEqual([]);
    const named = [...docs.matchAll(/`(?:src\/[a-z]+\/)?([a-z-]+\.ts)`/g)].map(([, name]) => name!);
    const selection = readdirSync(join(projectRoot, "src", "selection"));
    expect(named.filter((name) => !files.includes(name) && !selection.includes(name))).toEqual([]);
  });

  it("shows pictures that are there and small", () => {
    const pictures = [...docs.matchAll(/\]\((bounds-[a-z-]+\.svg)\)/g)].map(([, name]) => name!);
    const drawn = readdirSync(join(projectRoot, "docs")).filter((name) => /^bounds-.*\.svg$/.test(name));
    expect(pictures.sort()).toEqual(drawn.sort());
    for (const name of drawn) {
      const path = join(projectRoot, "docs", name);
      expect(statSync(path).size).toBeLessThan(100_000);
      expect(readFileSync(path, "utf8")).toMatch(/^<svg [\s\S]*<\/svg>\n$/);
    }
  });
});

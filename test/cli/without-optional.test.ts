/** An installation without the optional packages: what is missing is said before the work, and homology works. */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { projectRoot } from "../support/shared.js";
import { run } from "./support.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "bettina-small-"));
  for (const part of ["dist", "build", "package.json"])
    cpSync(join(projectRoot, part), join(folder, part), { recursive: true });
  const { dependencies } = JSON.parse(readFileSync(join(projectRoot, "package.json"), "utf8"));
  for (const name of Object.keys(dependencies)) {
    const place = join(folder, "node_modules", name);
    mkdirSync(dirname(place), { recursive: true });
    symlinkSync(join(projectRoot, "node_modules", name), place);
  }
  writeFileSync(join(folder, "square.csv"), "0,0\n1,0\n1,1\n0,1\n");
});
afterAll(() => rmSync(folder, { recursive: true }));

function bettina(...args: string[]) {
  return spawnSync(process.execPath, [join(folder, "dist/cli/main.js"), ...args], {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1", BETTINA_CACHE: join(folder, "cache"), BETTINA_MNIST: "" },
  });
}

describe("without the optional packages", () => {
  it("homology works, and doctor remarks what is missing", () => {
    const { status, stdout } = bettina("homology", "square.csv", "--json");
    expect(status).toBe(0);
    const [[birth, death]] = JSON.parse(stdout).diagrams[1];
    expect(birth).toBe(1);
    expect(death).toBeCloseTo(Math.SQRT2, 6);
    const doctor = bettina("doctor", "--json");
    expect(doctor.status).toBe(0);
    const states = Object.fromEntries(
      JSON.parse(doctor.stdout).findings.map(({ name, state }: { name: string; state: string }) => [name, state]),
    );
    expect(states).toMatchObject({ engine: "ok", "backend wasm": "missing", vega: "missing" });
  });

  it("pictures, training and studies are refused before anything is computed, drawn or written", () => {
    const cases: [string[], string, string][] = [
      [["homology", "square.csv", "--json", "--report", "page.html"], "npm install vega vega-lite", "page.html"],
      [["homology", "square.csv", "--json", "--barcode", "bars.png"], "npm install vega vega-lite", "bars.png"],
      [["study", "--dataset", "digits", "--out", "study"], "npm install @tensorflow/tfjs", "study"],
      [["train", "784-8-10:relu", "--dataset", "digits", "--out", "net"], "npm install @tensorflow/tfjs", "net"],
    ];
    for (const [args, line, written] of cases) {
      const { status, stdout, stderr } = bettina(...args);
      expect(status, args.join(" ")).toBe(5);
      expect(stdout).toBe("");
      expect(stderr).toMatch(/^bettina: Expected [^\n]*\.?[^\n]*\n$/);
      expect(stderr).toContain(line);
      expect(existsSync(join(folder, written))).toBe(false);
    }
  });
});

describe("a place that cannot be written", () => {
  it("is refused before data are drawn", async () => {
    const below = join(folder, "square.csv", "x");
    for (const args of [
      ["study", "--dataset", "digits", "--out", below],
      ["train", "784-8-10:relu", "--dataset", "digits", "--out", below],
    ]) {
      const { code, stdout, stderr } = await run(args);
      expect({ code, stdout }, args.join(" ")).toEqual({ code: 2, stdout: "" });
      expect(stderr).toMatch(/^bettina: Expected a place that can be written for output, [^\n]*\n$/);
    }
  });
});

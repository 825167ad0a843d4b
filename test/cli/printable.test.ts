/** Nothing from outside reaches a terminal with control characters in it. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { complain } from "../../src/cli/complain.js";
import { ProgressLine } from "../../src/cli/output.js";
import { ConfigError, DataFormatError, expected } from "../../src/errors.js";
import { printable, printableLines } from "../../src/printable.js";
import { escapeHtml } from "../../src/report/markup.js";
import { fixtureResult } from "../report/fixture.js";
import { writeStudy } from "./study-folder.js";
import { run } from "./support.js";

/** Clears the screen, sets the title, turns the text round, begins a line; DEL and C1's CSI. */
const nasty = "a\u001b[2J\u001b]0;x\u0007\u202eb\rc\u007f\u009bd";
const tame = "a\\u001b[2J\\u001b]0;x\\u0007\\u202eb\\rc\\u007f\\u009bd";

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "bettina-printable-"));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

/** What must not be in text for a terminal. */
const raw = /[^\P{Cc}\n]|[\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

describe("printable text", () => {
  it("writes controls, separators and marks of direction as JSON would, and nothing else", () => {
    expect(printable(nasty)).toBe(tame);
    expect(printable("tab\tline\n\u2028\u2066")).toBe("tab\\tline\\n\\u2028\\u2066");
    expect(printable("half \ud800, whole \ud83d\ude00, ß 日本 العربية e\u0301 \\u001b")).toBe(
      "half \\ud800, whole \ud83d\ude00, ß 日本 العربية e\u0301 \\u001b",
    );
    expect(printableLines("a\n\tb\r\n")).toBe("a\n\tb\\r\n");
    for (const text of [nasty, "a\\nb"]) expect(printable(printable(text))).toBe(printable(text));
  });

  it("is what every error says, in one line", () => {
    const error = new ConfigError(expected("a\nname", nasty, nasty), { hint: `Not ${nasty}.` });
    expect(error.message).toBe(`Expected a\\nname for ${tame}, got "${tame}". Not ${tame}.`);
    expect(error.message.endsWith(error.hint!)).toBe(true);
    expect(new DataFormatError(`x in ${nasty}.`, { path: nasty }).path).toBe(nasty);
    const written: string[] = [];
    const io = { stderr: { write: (text: string) => written.push(text) }, environment: { NO_COLOR: "1" } };
    complain(Object.assign(new Error(nasty), { stack: nasty, cause: new Error(nasty) }), io, true);
    expect(written.join("")).not.toMatch(raw);
  });

  it("is what progress, pages and pictures show", () => {
    const written: string[] = [];
    const line = new ProgressLine({ write: (text: string) => written.push(text) }, {}, false);
    line.update(nasty, 0.5);
    line.say(nasty);
    expect(written).toEqual([`50 %, ${tame}\n`, `${tame}\n`]);
    expect(escapeHtml(`<${nasty}>\n`)).toBe(`&#60;${tame}&#62;\n`);
  });
});

describe("names of files with control characters", () => {
  it("are escaped in results, remarks, forecasts, pictures, pages and complaints, and whole in JSON", async () => {
    const file = join(directory, `${nasty}.csv`);
    await writeFile(file, "0,0\n1,0\n0,1\n1,1\n");
    const commands = [
      [file],
      [file, "--explain"],
      [file, "--dry-run"],
      [file, file],
      [file, "--out", join(directory, `${nasty}.txt`)],
      [file, "--barcode", join(directory, `${nasty}.svg`), "--report", join(directory, `${nasty}.html`)],
      [`${file}-missing`],
      [file, "--barcode", join(directory, `${nasty}.gif`)],
      [file, `--${nasty}`],
      [file, "--metric", nasty],
    ];
    for (const args of commands) {
      const { stdout, stderr } = await run(["homology", ...args]);
      expect(stdout + stderr, JSON.stringify(args)).toContain(tame.slice(0, 20));
      expect(stdout + stderr, JSON.stringify(args)).not.toMatch(raw);
    }
    for (const ending of ["svg", "html", "txt"])
      expect(await readFile(join(directory, `${nasty}.${ending}`), "utf8")).not.toMatch(raw);
    const { stdout } = await run(["homology", file, "--json"]);
    expect(stdout.trimEnd()).not.toMatch(/[^\P{Cc}\n\u007f-\u009f]/u);
    expect(JSON.parse(stdout).input).toBe(file);
  });

  it("are escaped by every other command", async () => {
    const folder = join(directory, nasty);
    for (const args of [
      ["report", folder],
      ["recommend", folder],
      ["measure", folder],
      ["data", "--data", folder],
      ["data", "verify", "--data", folder],
      ["bounds", "--weights", folder],
      ["bounds", nasty],
      ["train", nasty],
      ["train", "--spec", folder],
      ["study", "--config", folder],
      ["study", "--dry-run", "--dataset", "digits", "--out", folder],
      ["study", "--dry-run", "--readouts", nasty],
      [nasty],
    ]) {
      const { stdout, stderr } = await run(args);
      expect(stdout + stderr, JSON.stringify(args)).toContain(tame.slice(0, 20));
      expect(stdout + stderr, JSON.stringify(args)).not.toMatch(raw);
    }
  });

  it("are escaped in a study's folder that says them", async () => {
    const fixture = fixtureResult({ generated: true });
    const dataset = { ...fixture.dataset, note: nasty };
    await writeStudy(directory, { ...fixture, dataset });
    const { stdout, code } = await run(["report", directory, "--text"]);
    expect(code).toBe(0);
    expect(stdout).not.toMatch(raw);
  });
});

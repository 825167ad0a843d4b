import { describe, expect, it } from "vitest";
import { backendLine } from "../../src/cli/commands/study.js";
import { wantsColour } from "../../src/cli/io.js";
import { bytes, number } from "../../src/cli/options.js";
import { duration, memory, ProgressLine, roughly } from "../../src/cli/output.js";

function sink(isTTY: boolean) {
  const written: string[] = [];
  return { written, isTTY, columns: 60, write: (text: string) => written.push(text) };
}

describe("the progress line", () => {
  it("is one line on a terminal, never wider than it, and goes away", () => {
    let time = 0;
    const terminal = sink(true);
    const progress = new ProgressLine(terminal, { NO_COLOR: "1" }, false, () => time);
    progress.update("training square-w62-s1, which has a rather long name", 0.5, 75);
    time += 50; // too soon: not drawn
    progress.update("training", 0.6, 60);
    time += 100;
    progress.update("training", 0.75, 8);
    progress.clear();
    progress.clear();
    expect(terminal.written).toHaveLength(3);
    expect(terminal.written[0]).toContain("50 %  1 min 15 s left");
    expect(terminal.written[1]).toContain("75 %  8 s left  training");
    for (const text of terminal.written) expect(text.replace("\r\u001b[2K", "").length).toBeLessThan(60);
    expect(terminal.written[2]).toBe("\r\u001b[2K");
  });

  it("is a plain line now and then elsewhere", () => {
    let time = 0;
    const pipe = sink(false);
    const progress = new ProgressLine(pipe, {}, false, () => time);
    for (let i = 0; i <= 100; i++) {
      time += 1000;
      progress.update("working", i / 100, 100 - i);
    }
    progress.clear();
    expect(pipe.written.length).toBeGreaterThan(8);
    expect(pipe.written.length).toBeLessThan(14);
    expect(pipe.written[1]).toMatch(/^10 %, 1 min 30 s left, working\n$/);
    expect(pipe.written.join("")).not.toContain("\u001b");
  });

  it("is nothing when quiet", () => {
    const terminal = sink(true);
    const progress = new ProgressLine(terminal, {}, true);
    progress.update("working", 0.5, 1);
    progress.say("a remark");
    progress.clear();
    expect(terminal.written).toEqual([]);
  });
});

describe("the line about the backend", () => {
  const wasm = { name: "wasm", outcome: "works: a training step gave the right numbers (with SIMD)" };
  const missing = "@tensorflow/tfjs-node is not installed: its install script has to download a native library";

  it("does not look like a failure when all is as usual", () => {
    expect(backendLine({ name: "wasm", tried: [{ name: "node", outcome: missing }, wasm] })).toBe(
      "Training backend: wasm, with SIMD (bettina doctor lists the others)",
    );
    expect(backendLine({ name: "wasm", tried: [wasm] })).toBe(
      "Training backend: wasm, with SIMD (bettina doctor lists the others)",
    );
  });

  it("says why an installed backend, or one that belongs to every installation, was passed over", () => {
    expect(
      backendLine({ name: "wasm", tried: [{ name: "node", outcome: "does not work: invalid ELF header" }, wasm] }),
    ).toBe("Training backend: wasm, with SIMD; passed over node: does not work: invalid ELF header");
    const tried = [
      { name: "node", outcome: missing },
      { name: "wasm", outcome: "@tensorflow/tfjs-backend-wasm is not installed" },
      { name: "cpu", outcome: "works: a training step gave the right numbers (plain JavaScript)" },
    ];
    expect(backendLine({ name: "cpu", tried })).toBe(
      "Training backend: cpu, plain JavaScript; passed over wasm: @tensorflow/tfjs-backend-wasm is not installed",
    );
  });
});

describe("colours", () => {
  it("follow NO_COLOR, FORCE_COLOR and the terminal", () => {
    expect(wantsColour(sink(true), {})).toBe(true);
    expect(wantsColour(sink(false), {})).toBe(false);
    expect(wantsColour(sink(true), { NO_COLOR: "1" })).toBe(false);
    expect(wantsColour(sink(true), { TERM: "dumb" })).toBe(false);
    expect(wantsColour(sink(false), { FORCE_COLOR: "1" })).toBe(true);
    expect(wantsColour(sink(false), { FORCE_COLOR: "1", NO_COLOR: "1" })).toBe(false);
  });
});

describe("units", () => {
  it("of time and memory", () => {
    expect([0.4, 59.4, 60, 3599, 3600, 5400].map(duration)).toEqual([
      "0 s",
      "59 s",
      "1 min 0 s",
      "59 min 59 s",
      "1 h 0 min",
      "1 h 30 min",
    ]);
    expect([1, 43.4, 94, 96, 2268, 9000].map(roughly)).toEqual([
      "5 s",
      "45 s",
      "95 s",
      "2 minutes",
      "38 minutes",
      "2.5 hours",
    ]);
    expect([1, 575e6, 1.44e9].map(memory)).toEqual(["1 MB", "575 MB", "1.4 GB"]);
  });

  it("of options", () => {
    const limit = bytes("--memory-limit");
    expect(["2GB", "512MiB", "1e9", "1.5 kb", "7"].map(limit)).toEqual([2e9, 512 * 2 ** 20, 1e9, 1500, 7]);
    for (const wrong of ["", "GB", "-1", "2 apples", "0"]) expect(() => limit(wrong)).toThrow(/amount of memory/);
    const length = number("--threshold", 0, true);
    expect(["0", "1.5", ".5", "2e-3", "inf", "Infinity"].map(length)).toEqual([0, 1.5, 0.5, 0.002, Infinity, Infinity]);
    for (const wrong of ["", "x", "-0.1", "0x10", "1,5", "NaN"]) expect(() => length(wrong)).toThrow(/--threshold/);
  });
});

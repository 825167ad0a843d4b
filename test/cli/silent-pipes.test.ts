/** Pipes that give nothing: the program ends by itself where nobody writes, and when it is told to where somebody could. */
import { type ChildProcessByStdio, spawn, spawnSync } from "node:child_process";
import { constants } from "node:fs";
import { type FileHandle, mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { built, main } from "./support.js";

type Program = ChildProcessByStdio<Writable, null, Readable>;

/** The program at work, and how it will have ended. Its standard input is open and silent. */
function begin(args: readonly string[]): { child: Program; ended: Promise<{ code: number | null; stderr: string }> } {
  const child = spawn(process.execPath, [main, ...args], {
    stdio: ["pipe", "ignore", "pipe"],
    timeout: 60_000,
    killSignal: "SIGKILL",
    env: { PATH: process.env.PATH, HOME: process.env.HOME, NO_COLOR: "1" },
  });
  const ended = new Promise<{ code: number | null; stderr: string }>((resolve, reject) => {
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    child.stdin.on("error", () => {});
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stderr }));
  });
  return { child, ended };
}

/** The writing end of a pipe, which can be opened as soon as the program has opened the other. */
async function writer(pipe: string): Promise<FileHandle> {
  for (;;)
    try {
      return await open(pipe, constants.O_WRONLY | constants.O_NONBLOCK);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENXIO") throw error;
      await setTimeout(5);
    }
}

describe.skipIf(!built || process.platform === "win32")("silent pipes", { timeout: 90_000 }, () => {
  let directory: string;
  let pipe: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "bettina-pipes-"));
    pipe = join(directory, "pipe");
    expect(spawnSync("mkfifo", [pipe]).status).toBe(0);
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  it("refuses one that nobody writes to", async () => {
    const { code, stderr } = await begin(["homology", pipe]).ended;
    expect(code).toBe(3);
    expect(stderr).toContain(`Expected a pipe somebody writes to for input, got "${pipe}" (nobody did for 3 s).`);
  });

  for (const [signal, code, args] of [
    ["SIGTERM", 143, ["homology"]],
    ["SIGINT", 130, ["homology", "--config"]],
    ["SIGTERM", 143, ["recommend", "--input-dim", "3"]],
    ["SIGTERM", 143, ["study", "--config"]],
    ["SIGINT", 130, ["train", "--spec"]],
  ] as const)
    it(`ends on ${signal} while ${args.join(" ")} waits for a writer that says nothing`, async () => {
      const { child, ended } = begin([...args, pipe]);
      const held = await writer(pipe);
      try {
        child.kill(signal);
        expect(await ended).toEqual({ code, stderr: "bettina: Cancelled.\n" });
      } finally {
        await held.close();
      }
    });

  for (const [signal, code] of [
    ["SIGTERM", 143],
    ["SIGINT", 130],
  ] as const)
    it(`ends on ${signal} while recommend waits for the rest of standard input`, async () => {
      const { child, ended } = begin(["recommend", "-", "--input-dim", "3"]);
      // More than fits between two processes: it is taken when the program reads.
      child.stdin.write(" ".repeat(2 ** 22), () => child.kill(signal));
      expect(await ended).toEqual({ code, stderr: "bettina: Cancelled.\n" });
    });
});

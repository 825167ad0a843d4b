import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeError, writeFileAtomic } from "../../src/io/atomic.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "bettina-atomic-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("writeFileAtomic", () => {
  it("makes parents, replaces whole files and leaves nothing else behind", async () => {
    const path = join(folder, "a", "b", "file.txt");
    await writeFileAtomic(path, "first, and longer");
    await writeFileAtomic(path, "second ü");
    expect(await readFile(path, "utf8")).toBe("second ü");
    expect(await readdir(join(folder, "a", "b"))).toEqual(["file.txt"]);
  });

  it("writes just the bytes of a view", async () => {
    const path = join(folder, "view");
    await writeFileAtomic(path, Uint8Array.of(1, 2, 3, 4).subarray(1, 3));
    expect(Array.from(await readFile(path))).toEqual([2, 3]);
  });

  it("is never seen half-written", async () => {
    const path = join(folder, "watched");
    const contents = ["a", "b"].map((letter) => letter.repeat(2_000_000));
    await writeFileAtomic(path, contents[0]);
    let writing = true;
    const writer = (async () => {
      for (let i = 0; i < 20; i++) await writeFileAtomic(path, contents[i & 1]);
      writing = false;
    })();
    while (writing) expect(contents.includes(await readFile(path, "utf8"))).toBe(true);
    await writer;
  });

  it("keeps the old file and no temporary one when it fails", async () => {
    const target = join(folder, "occupied");
    await mkdir(join(target, "inside"), { recursive: true });
    await expect(writeFileAtomic(target, "x")).rejects.toThrow();
    expect((await readdir(folder)).filter((name) => name.startsWith("occupied"))).toEqual(["occupied"]);
    await writeFile(join(folder, "file"), "kept");
    await expect(writeFileAtomic(join(folder, "file", "below"), "x")).rejects.toThrow();
    expect(await readFile(join(folder, "file"), "utf8")).toBe("kept");
  });

  it("says in the house's words what cannot be written", async () => {
    await mkdir(join(folder, "taken"));
    await writeFile(join(folder, "plain"), "kept");
    const cases: [string, RegExp][] = [
      [
        join(folder, "taken"),
        /^Expected a place that can be written for output, got ".*taken" \(it is a folder\)\. Name/,
      ],
      [join(folder, "plain", "x"), /a file stands where a folder is needed/],
      [join(folder, "x".repeat(300)), /the name is too long/],
      ["", /it is a folder/],
    ];
    for (const [path, message] of cases)
      await expect(writeFileAtomic(path, "x")).rejects.toMatchObject({
        exitCode: 2,
        message: expect.stringMatching(message),
      });
    expect(writeError("x", Object.assign(new Error(), { code: "ENOSPC" }))).toMatchObject({
      exitCode: 4,
      message: 'Expected room on the disk for output, got "x" (ENOSPC). Free some space, or name another place.',
    });
    const other = new TypeError("x");
    expect(writeError("x", other)).toBe(other);
  });

  it.skipIf(process.platform !== "linux")("ends where a folder takes no folders and says it is missing", async () => {
    // mkdir(path, { recursive: true }) of Node 20 tries this for ever.
    await expect(writeFileAtomic("/proc/bettina/folder/file", "x")).rejects.toThrow(/no file can be made there/);
  });

  it("writes into a pipe or a device and leaves it what it is", async () => {
    const pipe = join(folder, "pipe");
    if (spawnSync("mkfifo", [pipe]).status !== 0) return;
    const read = readFile(pipe, "utf8");
    await writeFileAtomic(pipe, "through");
    expect(await read).toBe("through");
    expect((await stat(pipe)).isFIFO()).toBe(true);
  });
});

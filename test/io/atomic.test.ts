import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeFileAtomic } from "../../src/io/atomic.js";

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
});

import { spawn, spawnSync } from "node:child_process";
import { mkdtemp, open, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LARGEST_FILE, readBytes } from "../../src/io/bytes.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "bettina-bytes-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function pipe(name: string): string {
  const path = join(folder, name);
  expect(spawnSync("mkfifo", [path]).status).toBe(0);
  return path;
}

describe.skipIf(process.platform === "win32")("bytes of what is no plain file", () => {
  it.each(["/dev/zero", "/dev/urandom"])("refuses %s, which has no end", async (device) => {
    await expect(readBytes(device)).rejects.toMatchObject({
      name: "InputError",
      exitCode: 3,
      message: expect.stringMatching(/it is a device/),
    });
  });

  it("reads the empty device and files of /proc", async () => {
    expect(await readBytes("/dev/null")).toEqual(new Uint8Array(0));
    if (process.platform === "linux") expect((await readBytes("/proc/self/stat")).length).toBeGreaterThan(10);
  });

  it("refuses a pipe nobody writes to, and can be cancelled meanwhile", async () => {
    const path = pipe("silent");
    await expect(readBytes(path)).rejects.toMatchObject({
      name: "InputError",
      message: expect.stringMatching(/a pipe somebody writes to .*nobody did for 3 s/),
    });
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 50);
    await expect(readBytes(path, { signal: controller.signal })).rejects.toMatchObject({ name: "CancelledError" });
  }, 20_000);

  it("waits for a writer that is there but slow, and reads to its end", async () => {
    const path = pipe("slow");
    // Opened for reading too, so that this end does not wait for the other.
    const writer = await open(path, "r+");
    const reading = readBytes(path);
    await new Promise((resolve) => setTimeout(resolve, 3500));
    await writer.write("1,2\n");
    await new Promise((resolve) => setTimeout(resolve, 100));
    await writer.write("3,4\n");
    await writer.close();
    expect(Buffer.from(await reading).toString()).toBe("1,2\n3,4\n");
  }, 20_000);

  it("reads megabytes through a pipe as they were written", async () => {
    const path = pipe("long");
    const child = spawn("sh", ["-c", `seq 1 300000 > ${path}`]);
    const text = Buffer.from(await readBytes(path)).toString();
    expect(text).toBe(Array.from({ length: 300_000 }, (_, i) => `${i + 1}\n`).join(""));
    if (child.exitCode === null) await new Promise((resolve) => child.once("exit", resolve));
  }, 20_000);
});

describe("bytes of large files", () => {
  it("refuses a file above 4 GiB unread", async () => {
    const path = join(folder, "large");
    await writeFile(path, "");
    // A hole: nothing is stored.
    await truncate(path, LARGEST_FILE + 1);
    await expect(readBytes(path)).rejects.toMatchObject({
      name: "ResourceError",
      exitCode: 4,
      message: expect.stringMatching(/^Expected at most 4 GiB for .*got "4294967297 bytes"/),
    });
  });

  it("shows the beginning before it reads the rest", async () => {
    const path = join(folder, "middling");
    await writeFile(path, "");
    await truncate(path, 3 * 2 ** 30);
    const seen: number[] = [];
    const stop = new Error("seen enough");
    await expect(
      readBytes(path, {
        onStart: (start) => {
          seen.push(start.length);
          throw stop;
        },
      }),
    ).rejects.toBe(stop);
    expect(seen).toEqual([65536]);
    await writeFile(path, "abc");
    await readBytes(path, { onStart: (start) => seen.push(start.length) });
    expect(seen).toEqual([65536, 3]);
  });
});

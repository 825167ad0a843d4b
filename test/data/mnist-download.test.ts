import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { mnistFiles, sha256 } from "../../src/data/mnist.js";
import { DownloadError, fetchMnist } from "../../src/data/mnist-download.js";
import { hasShared, sharedPath } from "../support/shared.js";
import { serve, type TestServer } from "./server.js";
import { smallMnist } from "./small-mnist.js";

let folder: string;
let server: TestServer | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "bettina-download-"));
});
afterEach(async () => {
  await server?.close();
  server = undefined;
  await rm(folder, { recursive: true, force: true });
});

/** Starts the one server of a test. */
async function start(answer: (name: string, response: ServerResponse) => unknown): Promise<string> {
  server = await serve(answer);
  return server.url;
}

const real = async (name: string): Promise<Buffer> => readFile(sharedPath("data", "mnist", name) as string);

describe("a download of MNIST that fails", () => {
  const small = gzipSync(smallMnist()[0]);
  it.each<[string, DownloadError["failure"], RegExp, (name: string, response: ServerResponse) => unknown]>([
    ["wrong digest", "not-mnist", /SHA-256 ba891046/, (_, response) => response.end(small)],
    ["a page instead of the file", "not-mnist", /SHA-256/, (_, response) => response.end("<html>log in</html>")],
    ["a gzip file cut off", "not-mnist", /a whole gzip file/, (_, response) => response.end(small.subarray(0, 30))],
    ["404", "refused", /the server answered 404/, (_, response) => response.writeHead(404).end("none")],
    ["500", "refused", /the server answered 500/, (_, response) => response.writeHead(500).end()],
    ["no answer", "no-answer", /no answer in time/, () => undefined],
    [
      "a stall after the head",
      "interrupted",
      /the download stood still/,
      (_, response) => response.writeHead(200, { "content-length": 1000 }).flushHeaders(),
    ],
    [
      "a stall after some bytes",
      "interrupted",
      /the download stood still/,
      (_, response) => response.writeHead(200, { "content-length": 1000 }).write("abc"),
    ],
    [
      "a connection that breaks",
      "interrupted",
      /./,
      (_, response) => {
        response.writeHead(200, { "content-length": 1000 });
        response.write("abc", () => response.destroy());
      },
    ],
    [
      "more bytes than MNIST has",
      "not-mnist",
      /more than 67108864 bytes/,
      (_, response) => {
        const piece = Buffer.alloc(1 << 20);
        const pour = (): void => {
          while (!response.destroyed && response.write(piece));
        };
        response.on("drain", pour);
        pour();
      },
    ],
  ])("says why: %s", async (_, failure, reason, answer) => {
    const url = await start(answer);
    // Short only where the time-out is the point, so that a busy machine does not change the outcome.
    const error = await fetchMnist({
      directory: folder,
      mirrors: [url],
      connectTimeout: failure === "no-answer" ? 300 : 10_000,
      stallTimeout: failure === "interrupted" ? 300 : 10_000,
    }).catch((caught) => caught);
    expect(error).toBeInstanceOf(DownloadError);
    expect(error).toMatchObject({ failure, exitCode: 3, code: "DOWNLOAD" });
    expect(error.message).toMatch(/^Expected train-images-idx3-ubyte\.gz from a mirror of MNIST, got none \(http:/);
    expect(error.message).toMatch(reason);
    expect(error.hint).toMatch(/--data or BETTINA_MNIST/);
    expect(await readdir(folder)).toEqual([]);
  });

  it("tries every mirror once and reports the one that got furthest", async () => {
    const url = await start((_, response) => response.writeHead(403).end());
    const gone = await serve(() => undefined);
    await gone.close();
    const error = await fetchMnist({ directory: folder, mirrors: [gone.url, `${url}/a/`, `${url}/b`] }).catch((e) => e);
    expect(error).toMatchObject({ failure: "refused" });
    expect(error.message).toMatch(/ECONNREFUSED.*403.*403/);
    expect(server?.requests).toEqual(["/mnist/a/train-images-idx3-ubyte.gz", "/mnist/b/train-images-idx3-ubyte.gz"]);
  });

  it("ends soon when cancelled, before and during", async () => {
    const url = await start((_, response) => response.writeHead(200, { "content-length": 1000 }).write("abc"));
    const controller = new AbortController();
    const fetched = fetchMnist({
      directory: folder,
      mirrors: [url, url],
      signal: controller.signal,
      onProgress: ({ done }) => done > 0 && controller.abort(),
    });
    await expect(fetched).rejects.toMatchObject({ name: "CancelledError", exitCode: 130 });
    expect(server?.requests.length).toBe(1);
    const before = fetchMnist({ directory: folder, mirrors: [url], signal: AbortSignal.abort() });
    await expect(before).rejects.toMatchObject({ name: "CancelledError" });
    expect(server?.requests.length).toBe(1);
    expect(await readdir(folder)).toEqual([]);
  });
});

describe.skipIf(!hasShared("data", "mnist"))("a download of MNIST", () => {
  it("keeps what was checked, reports its bytes, and is not repeated", async () => {
    const url = await start(async (name, response) => {
      const bytes = await real(name);
      response.writeHead(200, { "content-length": bytes.length }).end(bytes);
    });
    const directory = join(folder, "cache", "mnist");
    const events: { phase: string; done: number; total: number | null }[] = [];
    const mnist = await fetchMnist({ directory, mirrors: [url], onProgress: (event) => events.push(event) });
    expect(mnist).toMatchObject({
      downloaded: 4,
      kept: true,
      train: { shape: [60000, 784] },
      test: { shape: [10000, 784] },
    });
    expect((await readdir(directory)).sort()).toEqual(mnistFiles.map(({ name }) => `${name}.gz`).sort());
    for (const { name } of mnistFiles) {
      // Buffer.equals, as comparing megabytes by toEqual takes minutes.
      expect((await readFile(join(directory, `${name}.gz`))).equals(await real(`${name}.gz`))).toBe(true);
      const last = events.findLast((event) => event.phase === `download ${name}`);
      expect(last?.done).toBe(last?.total);
    }
    const again = await fetchMnist({ directory, mirrors: [url] });
    expect(again.downloaded).toBe(0);
    expect(server?.requests.length).toBe(4);
  });

  it("takes the next mirror in the middle, and files a server unpacks on the way", async () => {
    const url = await start(async (name, response) => {
      if (name.startsWith("t10k") && server?.requests.at(-1)?.includes("/first/")) response.writeHead(404).end();
      else if (name.startsWith("train-labels")) response.end(gunzipSync(await real(name)));
      else if (name.startsWith("t10k")) response.writeHead(200, { "content-encoding": "gzip" }).end(await real(name));
      else response.end(await real(name));
    });
    const mnist = await fetchMnist({ directory: folder, mirrors: [`${url}/first`, `${url}/second`] });
    expect(mnist.downloaded).toBe(4);
    expect((await readdir(folder)).sort()).toEqual([
      "t10k-images-idx3-ubyte",
      "t10k-labels-idx1-ubyte",
      "train-images-idx3-ubyte.gz",
      "train-labels-idx1-ubyte",
    ]);
    for (const [i, { name, sha256: digest }] of mnistFiles.entries())
      if (i > 0) expect(sha256(await readFile(join(folder, name)))).toBe(digest);
    expect((await fetchMnist({ directory: folder, mirrors: [] })).downloaded).toBe(0);
  });

  it("replaces damaged files of the cache and fetches only what is missing", async () => {
    const url = await start(async (name, response) => response.end(await real(name)));
    const [trainImages, trainLabels, testImages, testLabels] = mnistFiles.map(({ name }) => name);
    await writeFile(join(folder, `${trainImages}.gz`), await real(`${trainImages}.gz`));
    await writeFile(join(folder, `${trainLabels}.gz`), (await real(`${trainLabels}.gz`)).subarray(0, 1000));
    await writeFile(join(folder, testLabels), "damaged");
    const mnist = await fetchMnist({ directory: folder, mirrors: [url] });
    expect(mnist.downloaded).toBe(3);
    expect(server?.requests.map((path) => path.split("/").at(-1))).toEqual([
      `${trainLabels}.gz`,
      `${testImages}.gz`,
      `${testLabels}.gz`,
    ]);
    expect(sha256(await readFile(join(folder, testLabels)))).toBe(mnistFiles[3].sha256);
    expect((await fetchMnist({ directory: folder, mirrors: [] })).downloaded).toBe(0);
  });

  it("goes on in memory where the cache cannot be written", async () => {
    const url = await start(async (name, response) => response.end(await real(name)));
    await writeFile(join(folder, "file"), "not a folder");
    const mnist = await fetchMnist({ directory: join(folder, "file", "mnist"), mirrors: [url] });
    expect(mnist).toMatchObject({ downloaded: 4, kept: false, test: { shape: [10000, 784] } });
  });
});

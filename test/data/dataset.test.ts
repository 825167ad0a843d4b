import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadDataset } from "../../src/data/dataset.js";
import { sha256 } from "../../src/data/mnist.js";
import { hasShared, sharedPath } from "../support/shared.js";
import { serve, type TestServer } from "./server.js";
import { smallMnist, writeFiles } from "./small-mnist.js";

let folder: string;
let server: TestServer;
let environment: NodeJS.ProcessEnv;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "bettina-dataset-"));
  server = await serve((_, response) => response.writeHead(404).end());
  environment = { BETTINA_CACHE: join(folder, "cache"), BETTINA_MNIST_URL: server.url };
});
afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

describe("loadDataset", () => {
  it("falls back to generated digits under auto, and says why without a path or an address", async () => {
    const phases = new Set<string>();
    const data = await loadDataset({ dataset: "auto", environment, onProgress: ({ phase }) => phases.add(phase) });
    expect(data).toMatchObject({ name: "digits", generated: true, classes: 10, features: 784 });
    expect(data.note).toBe(
      "MNIST was not found on this machine and could not be downloaded (the servers did not hand it out), so these are generated digits, not written by people.",
    );
    expect([data.train.shape, data.test.shape]).toEqual([
      [12000, 784],
      [4000, 784],
    ]);
    expect(data.train).toMatchObject({ scale: 1 / 255, picture: { rows: 28, columns: 28 } });
    const [train, test] = [data.train.data as Uint8Array, data.test.data as Uint8Array];
    expect(data.digest).toBe(sha256(train, data.train.labels, test, data.test.labels));
    expect([...phases]).toEqual(["read mnist", "draw digits"]);
    // The same digits as when they are asked for, and others for another seed.
    const asked = await loadDataset({ dataset: "digits", environment });
    expect(asked.digest).toBe(data.digest);
    expect(asked.note).not.toMatch(/MNIST/);
    expect((await loadDataset({ dataset: "digits", seed: 2, environment })).digest).not.toBe(data.digest);
  });

  it("never falls back under mnist", async () => {
    await expect(loadDataset({ dataset: "mnist", environment })).rejects.toMatchObject({
      name: "DownloadError",
      exitCode: 3,
    });
  });

  it("never passes over a folder that was named", async () => {
    const none = join(folder, "none");
    for (const dataset of ["auto", "mnist"] as const) {
      await expect(loadDataset({ dataset, directory: none, environment })).rejects.toThrow(/for the data folder, got/);
      const named = { ...environment, BETTINA_MNIST: none };
      await expect(loadDataset({ dataset, environment: named })).rejects.toThrow(/for BETTINA_MNIST, got/);
      await writeFiles(
        folder,
        smallMnist().map((file) => gzipSync(file).subarray(0, -8)),
        ".gz",
      );
      await expect(loadDataset({ dataset, directory: folder, environment })).rejects.toMatchObject({
        name: "DataFormatError",
        message: expect.stringMatching(/cut off/),
      });
    }
    expect(server.requests).toEqual([]);
  });

  it("does not take a cancelled download for a failed one", async () => {
    const options = { dataset: "auto", environment, signal: AbortSignal.abort() } as const;
    await expect(loadDataset(options)).rejects.toMatchObject({ name: "CancelledError" });
  });

  it("refuses what makes no sense", async () => {
    await expect(loadDataset({ dataset: "fashion" as "auto" })).rejects.toThrow(
      /^Expected one of auto, mnist, digits, annuli, linked-tori, nested-spheres for dataset/,
    );
    await expect(loadDataset({ dataset: "digits", directory: folder })).rejects.toMatchObject({ exitCode: 2 });
    await expect(loadDataset({ dataset: "digits", url: server.url })).rejects.toMatchObject({ exitCode: 2 });
    for (const url of ["", "mirror", "file:///tmp"])
      await expect(loadDataset({ dataset: "auto", url, environment })).rejects.toMatchObject({ exitCode: 2 });
    await expect(loadDataset({ dataset: "digits", seed: -1 })).rejects.toMatchObject({ exitCode: 2 });
  });

  it.skipIf(!hasShared("data", "mnist"))("reads MNIST from the folder named first", async () => {
    const directory = sharedPath("data", "mnist") as string;
    const data = await loadDataset({ dataset: "auto", directory, environment: { BETTINA_MNIST: folder } });
    const same = await loadDataset({ dataset: "mnist", environment: { ...environment, BETTINA_MNIST: directory } });
    expect(data).toMatchObject({
      name: "mnist",
      generated: false,
      train: { shape: [60000, 784] },
      test: { shape: [10000, 784] },
    });
    // hashlib.sha256 over the four files without their headers, in the documented order.
    expect(data.digest).toBe("06b0d1f124c4e5fa796686ade41a9b778edacc8622f2195a352ef479ad44fc16");
    expect(same.digest).toBe(data.digest);
    expect(data.note).toMatch(/^MNIST, 60,000 training and 10,000 test images/);
    expect(server.requests).toEqual([]);
    expect(await readdir(folder)).toEqual([]);
  });
});

import { mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  isComplete,
  locateMnist,
  type Mnist,
  mnistCacheDirectory,
  mnistFiles,
  readMnist,
} from "../../src/data/mnist.js";
import { rowsOfClass, takeRows } from "../../src/data/sampling.js";
import { parseNpy } from "../../src/io/npy.js";
import { hasShared, sharedPath } from "../support/shared.js";
import { idx, smallMnist, writeFiles } from "./small-mnist.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "bettina-mnist-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("MNIST in a folder", () => {
  it("is complete only with all four files, under their usual names", async () => {
    expect(isComplete(await locateMnist(folder))).toBe(false);
    expect(isComplete(await locateMnist(join(folder, "none")))).toBe(false);
    const files = smallMnist();
    await writeFiles(folder, [files[0], files[1], undefined, files[3]], ".gz");
    expect((await locateMnist(folder)).paths.map((path) => path !== undefined)).toEqual([true, true, false, true]);
    await symlink(join(folder, "elsewhere"), join(folder, "t10k-images.idx3-ubyte"));
    expect(isComplete(await locateMnist(folder))).toBe(false);
    await writeFiles(folder, [undefined, undefined, files[2]]);
    expect(isComplete(await locateMnist(folder))).toBe(true);
  });

  it("names every missing file", async () => {
    const files = smallMnist();
    await writeFiles(folder, [files[0], undefined, undefined, files[3]]);
    await expect(readMnist(folder, { name: "--data" })).rejects.toMatchObject({
      name: "InputError",
      exitCode: 3,
      message: expect.stringMatching(
        /^Expected a folder with MNIST's four files for --data, got ".*"\. Missing there: train-labels-idx1-ubyte, t10k-images-idx3-ubyte \(plain or \.gz\)\.$/,
      ),
    });
  });

  const files = smallMnist();
  const packed = gzipSync(files[0]);
  it.each<[string, number, Uint8Array, string, number | undefined, RegExp]>([
    [
      "labels and images that do not match",
      1,
      idx([3], [0, 1, 2]),
      "DataFormatError",
      4,
      /^Expected 2 labels, one for each image of .*train-images-idx3-ubyte.*got "3 labels"/,
    ],
    ["a wrong magic", 2, Buffer.from("not an IDX file"), "DataFormatError", 0, /magic/],
    ["labels in place of images", 2, files[3], "DataFormatError", 3, /number of dimensions/],
    [
      "a truncated gzip file",
      0,
      packed.subarray(0, packed.length - 8),
      "DataFormatError",
      packed.length - 8,
      /cut off/,
    ],
    ["a truncated plain file", 0, files[0].subarray(0, 1000), "DataFormatError", 1000, /cut off/],
    [
      "images of another size",
      2,
      idx([1, 20, 28], new Uint8Array(560)),
      "DataFormatError",
      8,
      /^Expected 28 × 28 pixels .*"20 × 28"/,
    ],
    ["a class beyond 9", 3, idx([1], [10]), "DataFormatError", 8, /^Expected a class from 0 to 9 for label 0/],
    [
      "another data set under MNIST's names",
      3,
      files[3],
      "InputError",
      undefined,
      /^Expected SHA-256 ba891046e6505d7a.*got "[0-9a-f]{64}"\. This is not MNIST/,
    ],
  ])("refuses %s", async (_, position, content, name, offset, message) => {
    await writeFiles(folder, files.with(position, Buffer.from(content)));
    await expect(readMnist(folder)).rejects.toMatchObject({
      name,
      exitCode: 3,
      message: expect.stringMatching(message),
      ...(offset === undefined ? {} : { offset, path: join(folder, mnistFiles[position].name) }),
    });
  });

  it("is cached where the user's caches are", () => {
    expect(mnistCacheDirectory({ BETTINA_CACHE: folder })).toBe(join(folder, "mnist"));
    expect(mnistCacheDirectory({})).toMatch(/bettina.*mnist$/i);
  });
});

describe.skipIf(!hasShared("data", "mnist"))("MNIST itself", () => {
  let mnist: Mnist;
  const directory = sharedPath("data", "mnist") as string;

  it("has 60,000 and 10,000 images with the known number of each class", async () => {
    mnist = await readMnist(directory);
    const counts = (labels: Uint8Array) => Array.from({ length: 10 }, (_, label) => rowsOfClass(labels, label).length);
    expect(mnist.train.shape).toEqual([60000, 784]);
    expect(mnist.train.data.length).toBe(60000 * 784);
    expect(mnist.test.data.length).toBe(10000 * 784);
    // Counted by Python's collections.Counter over the label files.
    expect(counts(mnist.train.labels)).toEqual([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]);
    expect(counts(mnist.test.labels)).toEqual([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
    // A fifth of each class: the sample sizes of the paper's experiment.
    expect(counts(mnist.test.labels).map((count) => Math.floor(count / 5))).toEqual([
      196, 227, 206, 202, 196, 178, 191, 205, 194, 201,
    ]);
  });

  it.skipIf(!hasShared("data", "reference"))(
    "gives the clouds NumPy drew from the same rows, pixel for pixel",
    async () => {
      const folder = sharedPath("data", "reference") as string;
      const drawn = JSON.parse(await readFile(join(folder, "sample_indices.json"), "utf8"));
      let compared = 0;
      for (const label of ["0", "4"])
        for (const [mode, rows] of Object.entries(drawn[label]) as [string, number[]][]) {
          expect(rows.every((row) => mnist.test.labels[row] === Number(label))).toBe(true);
          const name = `input_${mode === "repl" ? "A" : "C"}_c${label}.npy`;
          const { data, shape } = parseNpy(await readFile(join(folder, name)), { path: name });
          expect(shape).toEqual([rows.length, 784]);
          const pixels = Float32Array.from(takeRows(mnist.test, rows).data, (byte) => byte / 255);
          expect(pixels.findIndex((value, i) => value !== data[i])).toBe(-1);
          expect(pixels.length).toBe(data.length);
          compared++;
        }
      expect(compared).toBe(4);
    },
  );
});

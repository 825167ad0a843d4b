import { describe, expect, it } from "vitest";
import { generateDigits } from "../../src/data/digits.js";
import { sha256 } from "../../src/data/mnist.js";
import type { PointSet } from "../../src/data/point-set.js";
import { rowsOfClass } from "../../src/data/sampling.js";

const pixelsOf = (set: PointSet) => set.data as Uint8Array;
const image = (set: PointSet, row: number) => pixelsOf(set).subarray(row * 784, (row + 1) * 784);

/** Share of test images whose nearest training image (squared Euclidean distance) is of the same class. */
function nearestNeighbourAccuracy(train: PointSet, test: PointSet): number {
  let right = 0;
  for (let row = 0; row < test.shape[0]; row++) {
    const query = image(test, row);
    let best = Infinity;
    let label = -1;
    for (let other = 0; other < train.shape[0]; other++) {
      let sum = 0;
      for (let p = 0, at = other * 784; p < 784 && sum < best; p++, at++) sum += (query[p] - train.data[at]) ** 2;
      if (sum < best) {
        best = sum;
        label = train.labels[other];
      }
    }
    if (label === test.labels[row]) right++;
  }
  return right / test.shape[0];
}

describe("generated digits", () => {
  it("are the same for the same seed and different for another", async () => {
    const options = { trainCount: 200, testCount: 100 };
    const digest = async (seed: number) => {
      const { train, test } = await generateDigits({ seed, ...options });
      return sha256(pixelsOf(train), train.labels, pixelsOf(test), test.labels);
    };
    expect(await digest(1)).toBe(await digest(1));
    expect(await digest(2)).not.toBe(await digest(1));
  });

  it("have as many of each class, shuffled, and no image twice", async () => {
    const { train, test } = await generateDigits({ trainCount: 1000, testCount: 500 });
    for (const set of [train, test]) {
      expect(set.data.length).toBe(set.shape[0] * 784);
      for (let label = 0; label < 10; label++) expect(rowsOfClass(set.labels, label).length).toBe(set.shape[0] / 10);
      expect(Array.from(set.labels.subarray(0, 10))).not.toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    }
    const seen = new Set<string>();
    for (const set of [train, test]) for (let row = 0; row < set.shape[0]; row++) seen.add(sha256(image(set, row)));
    expect(seen.size).toBe(1500);
  });

  it("look like MNIST in the large: ink in the middle, a black rim, grey edges", async () => {
    const { train } = await generateDigits({ trainCount: 1000, testCount: 10 });
    let ink = 0;
    let rim = 0;
    let [massX, massY] = [0, 0];
    for (let row = 0; row < train.shape[0]; row++) {
      const pixels = image(train, row);
      let dark = 0;
      pixels.forEach((value, p) => {
        const [x, y] = [p % 28, Math.floor(p / 28)];
        if (value > 0) dark++;
        ink += value;
        massX += value * (x + 0.5);
        massY += value * (y + 0.5);
        if (x === 0 || y === 0 || x === 27 || y === 27) rim += value;
      });
      expect(dark).toBeGreaterThan(25); // the thinnest 1 of MNIST has about 30 pixels with ink
      expect(dark).toBeLessThan(400);
    }
    // MNIST's mean is 33.3 of 255; its digits are centred by mass.
    expect(ink / train.data.length).toBeGreaterThan(20);
    expect(ink / train.data.length).toBeLessThan(45);
    expect(massX / ink).toBeCloseTo(14, 0);
    expect(massY / ink).toBeCloseTo(14, 0);
    expect(rim / ink).toBeLessThan(1e-3);
    const grey = pixelsOf(train).filter((value) => value > 0 && value < 200).length;
    expect(grey / pixelsOf(train).filter((value) => value > 0).length).toBeGreaterThan(0.2);
  });

  it("can be told apart, but not perfectly", async () => {
    const { train, test } = await generateDigits({ trainCount: 3000, testCount: 300 });
    const accuracy = nearestNeighbourAccuracy(train, test);
    expect(accuracy).toBeGreaterThan(0.88);
    expect(accuracy).toBeLessThan(1);
  });

  it("report progress up to the end, and stop when cancelled", async () => {
    const events: number[] = [];
    await generateDigits({ trainCount: 1000, testCount: 500, onProgress: (done, total) => events.push(done / total) });
    expect(events).toEqual([...events].sort((a, b) => a - b));
    expect(events.at(-1)).toBe(1);
    const controller = new AbortController();
    const drawn = generateDigits({ signal: controller.signal, onProgress: (done) => done > 0 && controller.abort() });
    await expect(drawn).rejects.toMatchObject({ name: "CancelledError" });
  });

  it("refuse counts that are no multiples of ten", async () => {
    for (const trainCount of [0, -10, 15, Number.NaN])
      await expect(generateDigits({ trainCount })).rejects.toThrow(
        /^Expected a positive multiple of 10 for trainCount/,
      );
  });
});

/** A data set small enough for tests: ten classes of noisy blobs, drawn here. */
import { type Dataset, datasetDigest, type PointSet } from "../../src/data/dataset.js";
import { imageSet } from "../../src/data/point-set.js";
import { Random } from "../../src/random.js";
import { type ConfigOverrides, resolveConfig, type StudyConfig } from "../../src/study/config.js";

/** Images of each class in the training and in the test set: 30 and 15. */
export function smallDataset(seed = 1): Dataset {
  const train = blobs(300, new Random(seed, "train"));
  const test = blobs(150, new Random(seed, "test"));
  return {
    name: "digits",
    generated: true,
    note: "blobs, drawn for a test",
    digest: datasetDigest(train, test),
    classes: 10,
    features: 784,
    expected: null,
    train,
    test,
  };
}

function blobs(count: number, random: Random): PointSet {
  const pixels = new Uint8Array(count * 784);
  const labels = Uint8Array.from({ length: count }, (_, image) => image % 10);
  for (let image = 0; image < count; image++) {
    const angle = (2 * Math.PI * labels[image]!) / 10;
    const column = 13.5 + 8 * Math.cos(angle) + random.normal();
    const row = 13.5 + 8 * Math.sin(angle) + random.normal();
    for (let y = 0; y < 28; y++)
      for (let x = 0; x < 28; x++) {
        const ink = 255 * Math.exp(-((x - column) ** 2 + (y - row) ** 2) / 8) + 8 * random.uniform();
        pixels[image * 784 + y * 28 + x] = Math.min(255, Math.round(ink));
      }
  }
  return imageSet(pixels, labels, { rows: 28, columns: 28 });
}

/** A study of a few hundred milliseconds on the small data: 4 jobs, 2 classes. */
export function smallConfig(overrides: ConfigOverrides = {}): StudyConfig {
  return resolveConfig("quick", {
    dataset: "digits",
    widths: [2, 4],
    activations: ["square"],
    hiddenLayers: 2,
    classes: [3, 7],
    sampling: { perClass: 12 },
    training: { steps: 12, batchSize: 20, heldBack: 10, learningRate: 0.1 },
    ...overrides,
  });
}

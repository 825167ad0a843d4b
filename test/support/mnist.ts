/** MNIST beside the project, read without the code under test. */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { hasShared, sharedPath } from "./shared.js";

/** Whether MNIST lies beside the project. */
export function hasMnist(): boolean {
  return hasShared("data", "mnist", "t10k-images-idx3-ubyte.gz");
}

/** The first n training images, all digits mixed, in file order, as bytes. */
export function mixedImages(n: number): Uint8Array {
  const file = readFileSync(sharedPath("data", "mnist", "train-images-idx3-ubyte.gz")!);
  return Uint8Array.from(gunzipSync(file).subarray(16, 16 + 784 * n));
}

/** The first n images of a digit, in file order, as bytes. */
export function digitImages(
  split: "train" | "test",
  digit: number,
  n: number,
): { data: Uint8Array; n: number; d: number } {
  const stem = split === "train" ? "train" : "t10k";
  const read = (name: string, header: number) =>
    gunzipSync(readFileSync(sharedPath("data", "mnist", `${stem}-${name}.gz`)!)).subarray(header);
  const pixels = read("images-idx3-ubyte", 16);
  const labels = read("labels-idx1-ubyte", 8);
  const data = new Uint8Array(n * 784);
  for (let row = 0, taken = 0; taken < n; row++)
    if (labels[row] === digit) data.set(pixels.subarray(row * 784, (row + 1) * 784), 784 * taken++);
  return { data, n, d: 784 };
}

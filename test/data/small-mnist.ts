/** Files with MNIST's names and format, but few images: for what must fail before the content matters. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { mnistFiles } from "../../src/data/mnist.js";

/** An IDX file of unsigned bytes, by the format's description. */
export function idx(shape: readonly number[], data: ArrayLike<number>): Buffer {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header[2] = 8;
  header[3] = shape.length;
  shape.forEach((size, i) => {
    header.writeUInt32BE(size, 4 + 4 * i);
  });
  return Buffer.concat([header, Uint8Array.from(data)]);
}

/** The four files, in order: two training images of classes 0 and 1, one test image of class 2. */
export function smallMnist(): Buffer[] {
  return [
    idx([2, 28, 28], new Uint8Array(1568)),
    idx([2], [0, 1]),
    idx([1, 28, 28], new Uint8Array(784)),
    idx([1], [2]),
  ];
}

/** Writes the four files (undefined: left out) into a folder under MNIST's names. */
export async function writeFiles(
  folder: string,
  contents: readonly (Uint8Array | undefined)[],
  ending = "",
): Promise<void> {
  await Promise.all(
    contents.map((content, i) => content && writeFile(join(folder, mnistFiles[i].name + ending), content)),
  );
}

/** The streaming engine against the plan with a matrix at a size that the other tests have no time for. */
import { describe, expect, it } from "vitest";
import { agree } from "../support/agree.js";
import { hasMnist, mixedImages } from "../support/mnist.js";

describe.skipIf(!process.env.BETTINA_SOAK || !hasMnist())("12,000 images of all digits", () => {
  it.each([2, 3])("stream as they do with a matrix, over Z/%i", { timeout: 1_800_000 }, async (modulus) => {
    const cloud = { data: mixedImages(12_000), shape: [12_000, 784], scale: 1 / 255 } as const;
    const { columns } = await agree(cloud, ["stream", "lazy"], { modulus });
    // Edges of the relative neighbourhood graph besides those of a spanning tree; nothing ties.
    expect(columns[1]).toBe(16_973);
  });
});

/**
 * The clouds of the paper's experiment with barcodes made by numpy and GUDHI 3.7.1 (float64 distances, field Z/11, cut
 * at `maxe`). Near-duplicate images may differ by 1e-7 there, so bars shorter than 1e-3 are left aside.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseNpy } from "../../src/io/npy.js";
import { persistence } from "../../src/topology/persistence.js";
import { longer, pairs } from "../support/diagrams.js";
import { sharedPath } from "../support/shared.js";

const folder = sharedPath("data", "reference");
const clouds = folder
  ? readdirSync(folder)
      .filter((name) => name.endsWith(".npy"))
      .map((name) => name.slice(0, -4))
  : [];

describe.skipIf(clouds.length === 0)("reference clouds", () => {
  it("are all there", () => expect(clouds.length).toBe(46));

  it.each(clouds)("%s", async (name) => {
    const { data, shape } = parseNpy(readFileSync(join(folder!, `${name}.npy`)), { path: name });
    const { maxe } = JSON.parse(readFileSync(join(folder!, `${name}.json`), "utf8")) as { maxe: number };
    const bars = readFileSync(join(folder!, `${name}.bars.csv`), "utf8")
      .trim()
      .split("\n")
      .filter((line) => /^\d/.test(line))
      .map(
        (line) => line.split(",").map((cell) => (cell === "inf" ? Infinity : Number(cell))) as [number, number, number],
      );
    const result = pairs(
      await persistence(
        { data: data as Float32Array, shape: [shape[0]!, shape[1]!] },
        { maxDim: 1, modulus: 11, threshold: maxe },
      ),
    );
    const tolerance = 2e-5;
    for (const dim of [0, 1]) {
      const expected = longer(
        bars.filter((bar) => bar[0] === dim).map(([, birth, death]) => [birth, death] as const),
        1e-3,
      );
      const found = longer(result[dim]!, 1e-3);
      // A bar within the tolerance of the cut of 1e-3 may fall on either side of it.
      expect(Math.abs(found.length - expected.length)).toBeLessThanOrEqual(
        expected.filter(([birth, death]) => death - birth < 1e-3 + 2 * tolerance).length,
      );
      for (const [birth, death] of expected) {
        const partner = found.find(
          ([b, d]) =>
            Math.abs(b - birth) <= tolerance * Math.max(1, birth) &&
            (d === death || Math.abs(d - death) <= tolerance * Math.max(1, death)),
        );
        if (death - birth > 1e-3 + 2 * tolerance) expect(partner, `bar ${birth}, ${death}`).toBeDefined();
      }
    }
  });
});

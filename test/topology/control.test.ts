/** The control of README's own-network recipe: random projections and noise go into persistence as they come. */
import { describe, expect, it } from "vitest";
import { gaussianPoints, projectPoints } from "../../src/study/projection.js";
import { medianPairwiseDistance } from "../../src/topology/curves.js";
import { persistence } from "../../src/topology/persistence.js";

const circle = Array.from({ length: 12 }, (_, i) => [Math.cos((i * Math.PI) / 6), Math.sin((i * Math.PI) / 6)]);

describe("controls", () => {
  it("are clouds of as many points and so many dimensions", async () => {
    const projected = projectPoints(circle, 3, 1);
    expect(projected.shape).toEqual([12, 3]);
    expect((await persistence(projected)).n).toBe(12);
    const noise = gaussianPoints(200, 3, 1);
    expect(noise.shape).toEqual([200, 3]);
    expect((await persistence(noise)).n).toBe(200);
    // The distance of two standard normal points of R³ is √2 χ₃, whose median is √2 · 1.538 (χ² with three degrees: 2.366).
    expect(Math.abs((await medianPairwiseDistance(noise)) - Math.SQRT2 * 1.538)).toBeLessThan(0.15);
  });

  it("depend on the seed alone, and on the scale as distances do", async () => {
    expect(projectPoints(circle, 2, 7)).toEqual(projectPoints(circle, 2, 7));
    expect(projectPoints(circle, 2, 7)).not.toEqual(projectPoints(circle, 2, 8));
    expect(gaussianPoints(5, 2, 7)).toEqual(gaussianPoints(5, 2, 7, 0, 0));
    expect(gaussianPoints(5, 2, 7)).not.toEqual(gaussianPoints(5, 2, 7, 1));
    const bytes = { data: Uint8Array.of(0, 0, 255, 0), shape: [2, 2] as const };
    const [whole, scaled] = [bytes, { ...bytes, scale: 1 / 255 }].map((cloud) => projectPoints(cloud, 2, 1).data);
    expect(whole!.every((value, i) => Math.abs(scaled![i]! * 255 - value) < 1e-3)).toBe(true);
  });

  it("refuse what they cannot use", () => {
    for (const width of [0, -1, 1.5, Number.NaN, "2", undefined])
      expect(() => projectPoints(circle, width as number, 1)).toThrow("an integer of at least 1 for width");
    for (const seed of [-1, 0.5, undefined, "1"])
      expect(() => projectPoints(circle, 2, seed as number)).toThrow("for seed");
    expect(() => projectPoints([[Number.NaN]], 2, 1)).toThrow("a finite number");
    expect(() => gaussianPoints(0, 2, 1)).toThrow("an integer of at least 1 for count");
    expect(() => gaussianPoints(2, 2, 1, -1)).toThrow("an integer of at least 0 for label");
  });
});

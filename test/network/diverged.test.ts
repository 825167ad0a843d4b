import { describe, expect, it } from "vitest";
import { divergedWords, hasDiverged, uniformLoss } from "../../src/network/diverged.js";

describe("a training that diverged", () => {
  const ended = (loss: number, classes = 10) => ({ losses: [{ loss: 1 }, { loss }], widths: [784, 8, classes] });

  it("ends above ten times the loss of a uniform guess, ln(classes)", () => {
    // ln 10 = 2.302585..., ln 2 = 0.693147...
    expect(uniformLoss({ widths: [784, 10] })).toBe(Math.LN10);
    for (const [loss, classes, diverged] of [
      [0.01, 10, false],
      [2.4, 10, false],
      [23.02, 10, false],
      [23.03, 10, true],
      [444_236, 10, true],
      [Number.NaN, 10, true],
      [6.93, 2, false],
      [6.94, 2, true],
    ] as const)
      expect(hasDiverged(ended(loss, classes)), `${loss} of ${classes} classes`).toBe(diverged);
    expect(hasDiverged({ losses: [], widths: [784, 10] })).toBe(false);
  });

  it("is told with both losses", () => {
    expect(divergedWords(ended(444_236))).toBe("diverged: its loss ends at 444,236, where a uniform guess has 2.30");
    expect(divergedWords(ended(31.25))).toContain("ends at 31.3,");
  });
});

import { describe, expect, it } from "vitest";
import { divergedSentences, withoutDiverged } from "../../src/study/diverged.js";
import { fixtureResult } from "../report/fixture.js";

describe("trainings of a study that diverged", () => {
  const { networks, measurements } = fixtureResult();
  const [first, ...others] = networks;
  const hot = { ...first!, losses: [{ step: 1, loss: 444_236 }] };

  it("are named in a sentence for each activation, and nothing is said where there are none", () => {
    expect(divergedSentences(networks)).toEqual([]);
    const own = networks.filter(({ activation }) => activation === hot.activation).length;
    const [sentence, ...more] = divergedSentences([hot, ...others]);
    expect(more).toEqual([]);
    expect(sentence).toBe(
      `1 of ${own} trainings with ${hot.activation} diverged and is no evidence for any width (${hot.id} diverged: its loss ends at 444,236, where a uniform guess has 2.30). Lower the learning rate.`,
    );
  });

  it("are left out of the evidence, their untrained networks and all other sources are not", () => {
    const left = withoutDiverged([hot, ...others], measurements);
    expect(left.networks).toEqual(others);
    const gone = measurements.filter((one) => !left.measurements.includes(one));
    expect(gone.length).toBeGreaterThan(0);
    expect(gone.every(({ source, job }) => source === "network" && job === hot.id)).toBe(true);
    expect(left.measurements.some(({ source, job }) => source === "network" && job === hot.id)).toBe(false);
    expect(withoutDiverged(networks, measurements).measurements).toEqual(measurements);
  });
});

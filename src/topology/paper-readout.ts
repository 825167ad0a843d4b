/** The rule of the paper's demo code, in closed form. */
import type { BettiReading } from "./betti.js";
import { type Diagram, forEachInterval } from "./diagram.js";

/** Number of longest intervals that the demo code keeps. */
const kept = 1000;

/** The closed form of the demo's rule; see {@link PaperReadout}. O(m log m) for m intervals. */
export function paperReading(diagrams: readonly Diagram[], rule: "paper" | "paper-corrected"): BettiReading {
  const intervals: { dimension: number; birth: number; death: number }[] = [];
  // The demo sees dimensions 0 and 1 only. Where lengths tie at the cut, the higher dimension stays, as GUDHI lists it first.
  for (const dimension of [1, 0]) {
    const diagram = diagrams[dimension];
    if (diagram) forEachInterval(diagram, (birth, death) => intervals.push({ dimension, birth, death }));
  }
  intervals.sort((one, other) => compareLengths(other.death - other.birth, one.death - one.birth));
  intervals.length = Math.min(intervals.length, kept);
  const loops = intervals.filter((interval) => interval.dimension === 1);
  const components = intervals.filter((interval) => interval.dimension === 0);
  const rest = diagrams.slice(2).map(() => null);
  const reading = (zero: number | null, one: number | null, note?: string): BettiReading => ({
    readout: rule,
    betti: diagrams.length > 1 ? [zero, one, ...rest] : [zero],
    ...(note === undefined ? {} : { note }),
  });
  if (loops.length === 0)
    return rule === "paper"
      ? reading(0, 0, "no loop: the demo then calls both numbers 0")
      : reading(components.length, 0, "no loop: every component counted");
  const firstLoop = loops.reduce((least, { birth }) => Math.min(least, birth), Infinity);
  const alive = components.filter(({ death }) => death >= firstLoop).length;
  if (rule === "paper-corrected") return reading(alive, loops.length);
  if (alive === components.length)
    return reading(null, null, "undefined: no component dies before the first loop is born, where the demo fails");
  return reading(loops.length + alive, loops.length);
}

/** Orders lengths that may both be infinite (whose difference is not a number). */
function compareLengths(one: number, other: number): number {
  return one === other ? 0 : one - other;
}

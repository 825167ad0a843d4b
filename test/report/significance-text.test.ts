/** What is said of clouds whose holes are known: never that they are noise where nothing was tested. */
import { describe, expect, it } from "vitest";
import { Random } from "../../src/random.js";
import { standingInWords, testsInWords } from "../../src/report/significance-text.js";
import { bettiNumbers } from "../../src/topology/betti.js";
import type { Diagram } from "../../src/topology/diagram.js";
import { persistence } from "../../src/topology/persistence.js";
import { readoutContext } from "../../src/topology/readout-context.js";
import { universalNullPValues } from "../../src/topology/universal-null.js";

const turn = (random: Random) => 2 * Math.PI * random.uniform();

const shapes: Record<string, (random: Random) => number[]> = {
  circle: (random) => {
    const angle = turn(random);
    return [Math.cos(angle), Math.sin(angle)];
  },
  annulus: (random) => {
    const angle = turn(random);
    const radius = Math.sqrt(0.25 + 0.75 * random.uniform());
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  },
  sphere: (random) => {
    const [x, y, z] = [random.normal(), random.normal(), random.normal()];
    const length = Math.hypot(x, y, z);
    return [x / length, y / length, z / length];
  },
  torus: (random) => {
    let tube = turn(random);
    while (1.4 * random.uniform() > 1 + 0.4 * Math.cos(tube)) tube = turn(random);
    const around = turn(random);
    const radius = 1 + 0.4 * Math.cos(tube);
    return [radius * Math.cos(around), radius * Math.sin(around), 0.4 * Math.sin(tube)];
  },
};

/** By dimension: "few" and "far" are not tested, a number stands out, "artefact" cannot be there. */
type Verdict = "few" | "far" | "artefact" | "nothing" | number;

/**
 * Sentences about a shape: [n, of loops, of voids]. A circle has one interval of H1 and no other at any n (Adamaszek and
 * Adams 2017), so nothing can be tested; a sphere has one void and next to no noise beside it. The loops of the annulus
 * stand out from 100 points on; those of the torus do not yet at 400, and the sentence says how far they would have to.
 */
const told: Record<string, readonly (readonly [number, Verdict, Verdict])[]> = {
  circle: [
    [20, "few", "artefact"],
    [50, "few", "artefact"],
    [100, "few", "artefact"],
    [400, "few", "artefact"],
  ],
  annulus: [
    [20, "few", "artefact"],
    [50, 0, "artefact"],
    [100, 1, "artefact"],
    [400, 1, "artefact"],
  ],
  sphere: [
    [20, "few", "few"],
    [50, 0, "few"],
    [100, 0, "few"],
    [400, 0, "few"],
  ],
  torus: [
    [20, "nothing", "nothing"],
    [50, 0, "few"],
    [100, 0, 0],
    [400, 0, "far"],
  ],
};

const highest = ({ births, deaths }: Diagram) =>
  births.reduce((most, birth, i) => Math.max(most, deaths[i]! / birth), 1);

function expected(diagram: Diagram, verdict: Verdict): RegExp {
  const { dimension } = diagram;
  const m = diagram.births.length;
  const words = dimension === 1 ? (m === 1 ? "loop" : "loops") : m === 1 ? "void" : "voids";
  const ratio = highest(diagram).toFixed(2).replace(".", "\\.");
  const which = m === 1 ? "it" : "the one of the highest ratio";
  switch (verdict) {
    case "nothing":
      return new RegExp(`^0 ${words}$`);
    case "few":
      return new RegExp(
        `^${m} ${words}, too few intervals to test against noise: ${which} dies at ${ratio} times its birth$`,
      );
    case "far":
      return new RegExp(`^${m} ${words}, not to be tested against noise: ${which} dies at ${ratio} times its birth$`);
    case "artefact":
      return m === 0
        ? /^0 voids$/
        : new RegExp(`^${m} ${words}, (an artefact|all artefacts) of the sample, for no set in 2 dimensions has one$`);
    case 0:
      return new RegExp(
        `^${m} ${words}, none standing out from noise \\(one would that lives to more than .* its birth\\)$`,
      );
    default:
      return new RegExp(`^${m} ${words}, ${verdict} standing out from noise$`);
  }
}

describe("the sentence about", () => {
  for (const [name, cases] of Object.entries(told))
    it.each(cases)(`a ${name} of %i points`, async (n, loops, voids) => {
      const random = new Random(1, name, n);
      const points = Array.from({ length: n }, () => shapes[name]!(random));
      const { diagrams, ...rest } = await persistence(points, { maxDim: 2 });
      const test = bettiNumbers({ diagrams, ...rest }, "universal-null");
      const fasy = bettiNumbers({ diagrams, ...rest }, "fasy", await readoutContext(points, { seed: 1 }));
      for (const [dimension, verdict] of [
        [1, loops],
        [2, voids],
      ] as const) {
        const text = standingInWords(diagrams, dimension, test, points[0]!.length);
        expect(text).toMatch(expected(diagrams[dimension]!, verdict));
        const m = diagrams[dimension]!.births.length;
        if (m < 5) expect(text).not.toContain("standing out");
        // "None" is said only of at least five tested intervals, and with the ratio that would have been enough.
        if (verdict === 0) {
          const needed = Number(/more than ([\d.]+) times/.exec(text)![1]);
          expect(needed).toBeGreaterThanOrEqual(Number(highest(diagrams[dimension]!).toFixed(2)));
          expect(Math.min(...universalNullPValues(diagrams[dimension]!))).toBeGreaterThanOrEqual(0.05 / m);
        }
        if (m > 0)
          expect(testsInWords(diagrams, dimension, test, fasy)).toMatch(
            /Fasy et al\.'s confidence set says nothing of so few points/,
          );
      }
    });
});

describe("what the tests say", () => {
  const diagram = (dimension: number, intervals: [number, number][]): Diagram => ({
    dimension,
    births: Float32Array.from(intervals, ([birth]) => birth),
    deaths: Float32Array.from(intervals, ([, death]) => death),
  });
  const components = diagram(0, [
    [0, 1],
    [0, 1],
    [0, Infinity],
  ]);

  // Of one loop the formula would give p = 0.570 whatever it is.
  it("never calls a loop noise for being alone", () => {
    for (const death of [1.01, 28, 1e6]) {
      const diagrams = [components, diagram(1, [[1, death]])];
      const text = standingInWords(diagrams, 1, bettiNumbers({ diagrams }, "universal-null"));
      expect(text).toMatch(/^1 loop, too few intervals to test against noise: it dies at [\d.]+ times its birth$/);
      expect(testsInWords(diagrams, 1, bettiNumbers({ diagrams }, "universal-null"), undefined)).toBe(
        "Too few intervals to test against noise: 1, where 5 are needed.",
      );
    }
  });

  it("says that nothing was tested where no test was asked", () => {
    const diagrams = [components, diagram(1, [[1, Infinity]]), diagram(2, [])];
    expect(standingInWords(diagrams, 1, undefined)).toBe("1 loop, not tested against noise: it never ends");
    expect(standingInWords(diagrams, 2, undefined)).toBe("0 voids");
    expect(testsInWords(diagrams, 1, undefined, undefined)).toBe("");
  });

  it("gives Fasy's verdict where there is one", () => {
    const points = Array.from({ length: 1200 }, (_, i) => {
      const angle = (2 * Math.PI * i) / 1200;
      return [Math.cos(angle), Math.sin(angle)];
    });
    return persistence(points).then(async (result) => {
      const fasy = bettiNumbers(result, "fasy", await readoutContext(points, { seed: 1 }));
      expect(testsInWords(result.diagrams, 1, bettiNumbers(result, "universal-null"), fasy)).toMatch(
        /^Too few intervals to test against noise: 1, where 5 are needed\. By Fasy et al\.'s confidence set, which asks for a length of more than [\d.]+, 1 is more than sampling error\.$/,
      );
    });
  });
});

/**
 * Bounds against networks of tanh, arctan and sigmoid on the line. The components counted are certain: between two points
 * of a region lies one outside, by values that differ from 0 by far more than all rounding.
 */
import { describe, expect, it } from "vitest";
import { parseModularNetwork, regionBounds } from "../../src/bounds/index.js";
import { Random } from "../../src/random.js";
import { exclusion } from "../../src/selection/inverse.js";

const rounds = process.env.BETTINA_SOAK ? 50 : 1;
const activations: Readonly<Record<string, (x: number) => number>> = {
  tanh: Math.tanh,
  arctan: Math.atan,
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
};
/** Weights are at most 9 and layers at most 5 wide, so the rounding of three layers stays below 1e-10. */
const certain = 1e-8;

function componentsAtLeast(inside: (x: number) => number): number {
  let count = 0;
  let within = false;
  for (let i = -1200; i <= 1200; i++) {
    const least = inside(i / 100);
    if (least > certain && !within) count++;
    if (Math.abs(least) > certain) within = least > 0;
  }
  return count;
}

describe("bounds hold of", () => {
  it("regions of smooth networks on the line: {F ≥ 0} and one of two or three classes", { timeout: 1_800_000 }, () => {
    const random = new Random(41, "smooth");
    const most = [0, 0, 0, 0];
    for (let round = 0; round < 300 * rounds; round++) {
      const name = Object.keys(activations)[random.integer(3)]!;
      const bend = activations[name]!;
      const outputs = 1 + random.integer(3);
      const hidden = Array.from({ length: 1 + random.integer(2) }, () => 1 + random.integer(5));
      const widths = [1, ...hidden, outputs];
      const layers = widths
        .slice(1)
        .map((width, l) =>
          Array.from({ length: width }, () => Array.from({ length: widths[l]! + 1 }, () => random.integer(19) - 9)),
        );
      const found = componentsAtLeast((x) => {
        let values = [x];
        layers.forEach((layer, l) => {
          const next = layer.map((unit) => values.reduce((sum, value, j) => sum + unit[j + 1]! * value, unit[0]!));
          values = l === layers.length - 1 ? next : next.map(bend);
        });
        const [first, ...others] = values as [number, ...number[]];
        return others.length === 0 ? first : Math.min(...others.map((other) => first - other));
      });
      most[outputs] = Math.max(most[outputs]!, found);
      const what = `${widths.join("-")}:${name}`;
      for (const { bound } of regionBounds({ network: parseModularNetwork(what) }))
        expect(BigInt(bound!.exact!), what).toBeGreaterThanOrEqual(BigInt(found));
      const family = {
        inputDimension: 1,
        outputs,
        activation: name,
        depths: { least: 1, most: 1 },
        dataDegree: 2,
        dataInequalities: 0,
        modulus: 2,
      };
      if (found > 0) expect(exclusion("region", [found], hidden, family), what).toBeNull();
    }
    for (const count of most.slice(1)) expect(count).toBeGreaterThanOrEqual(2);
  });
});

/** What theorems exclude, as rows: the theorem, what it assumes, how many units it asks for, the widths it leaves out. */
import { classifyActivation } from "../bounds/activation.js";
import { boundedComponentTheorem, isLimitOfInjective, leastWidthToEnclose } from "../bounds/bounded-components.js";
import { differentWidths, type SweepWidth } from "../network/architecture.js";
import type { Enclosure } from "./enclosure.js";

/** Widths that a theorem excludes under a hypothesis. */
export interface Exclusion {
  /** `N1`: too few dimensions; `N5`: no bounded component (Johnson 2019); `carry`: the carry bound. */
  readonly name: "N1" | "N5" | "carry";
  readonly theorem: string;
  /** What it assumes, as a clause that follows "if". */
  readonly hypothesis: string;
  /** Units that `layers` must have; null where the theorem names no number of its own. */
  readonly leastWidth: number | null;
  /** Whether every hidden layer must have as many, or some. */
  readonly layers: "every" | "some";
  /** The widths tried that it excludes, in the order of the sweep. */
  readonly widths: readonly SweepWidth[];
  /** One sentence. */
  readonly text: string;
}

/** The hypothesis of Johnson's theorem on what a sample shows, as a clause. */
export function enclosureHypothesis({
  enclosing,
  enclosed,
  dimension,
  simplices,
  birth,
  inside,
  of,
}: Enclosure): string {
  const surface =
    dimension === 2
      ? `closed curve of ${simplices} edges between its sample points`
      : `closed surface of ${simplices} triangles between its sample points`;
  return (
    `the network puts every point of a ${surface} (no edge longer than ${birth.toPrecision(3)}) into class ${enclosing}, ` +
    `and into class ${enclosed} at least one of its ${inside} of ${of} sample points inside`
  );
}

/** The pair of classes that speaks for all: that with the largest share of the class inside; undefined of none. */
export function clearest(enclosures: readonly Enclosure[]): Enclosure | undefined {
  return enclosures.toSorted((one, other) => other.inside / other.of - one.inside / one.of)[0];
}

/** Johnson's theorem on the classes that surround others, one row for all of them; none where it does not apply. */
export function enclosureExclusions(
  enclosures: readonly Enclosure[],
  activation: string,
  widths: readonly SweepWidth[],
): Exclusion[] {
  const first = clearest(enclosures);
  if (first === undefined || !isLimitOfInjective(classifyActivation(activation))) return [];
  const { dimension } = first;
  const leastWidth = leastWidthToEnclose(dimension);
  const excluded = widths.filter((width) => Math.max(...differentWidths(width)) < leastWidth);
  const hypothesis = enclosureHypothesis(first);
  const named =
    excluded.length === 0
      ? "none of the widths tried is as narrow"
      : `excluded then: width${excluded.length === 1 ? "" : "s"} ${excluded.join(", ")}`;
  return [
    {
      name: "N5",
      theorem: boundedComponentTheorem,
      hypothesis,
      leastWidth,
      layers: "some",
      widths: excluded,
      text:
        `Class ${first.enclosing} surrounds class ${first.enclosed}: if ${hypothesis}, some hidden layer needs at least ${leastWidth} units, ` +
        `at any depth (Johnson 2019, a proof for ${activation}); ${named}.`,
    },
  ];
}

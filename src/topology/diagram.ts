/** Persistence diagrams: what the engine returns and everything else reads. */
import type { Chain, Representatives } from "../engine/representatives.js";

/**
 * The intervals of one dimension, sorted by birth, then death. An interval is [birth, death); one that is alive at the
 * threshold is essential and has `death = Infinity`. Values are float32 edge lengths (diameters).
 */
export interface Diagram {
  /** Homology dimension. */
  readonly dimension: number;
  /** Birth of each interval. */
  readonly births: Float32Array;
  /** Death of each interval, in the order of `births`; `Infinity` for essential classes. */
  readonly deaths: Float32Array;
  /** A cocycle and a cycle for each interval, in the order of `births`, where they were asked for. */
  readonly representatives?: Representatives;
}

/** Visits the intervals of positive length, in order. */
export function forEachInterval({ births, deaths }: Diagram, visit: (birth: number, death: number) => void): void {
  for (let i = 0; i < births.length; i++) if (deaths[i]! > births[i]!) visit(births[i]!, deaths[i]!);
}

/** Number of intervals of positive length for which a condition holds. */
export function countIntervals(diagram: Diagram, holds: (birth: number, death: number) => boolean): number {
  let total = 0;
  forEachInterval(diagram, (birth, death) => {
    if (holds(birth, death)) total++;
  });
  return total;
}

/** The form a diagram has in JSON: `[birth, death]` pairs, death null when essential. */
export type DiagramJson = [birth: number, death: number | null][];

/** Turns a diagram into its JSON form; the numbers are the shortest decimals that read back as the same float32. */
export function diagramToJson(diagram: Diagram): DiagramJson {
  const { births, deaths } = diagram;
  return Array.from(births, (birth, i) => [shortest(birth), deaths[i] === Infinity ? null : shortest(deaths[i]!)]);
}

/** The form representatives have in JSON: for each interval a cocycle and a cycle, terms `[coefficient, vertices]`. */
export interface RepresentativeJson {
  readonly cocycle: [coefficient: number, vertices: number[]][];
  readonly cycle: [coefficient: number, vertices: number[]][];
}

/** Turns the representatives of a diagram into their JSON form, in the order of the intervals. */
export function representativesToJson({ dimension, representatives }: Diagram): RepresentativeJson[] {
  const terms = ({ coefficients, vertices }: Chain): [number, number[]][] =>
    Array.from(coefficients, (coefficient, i) => [
      coefficient,
      Array.from(vertices.subarray(i * (dimension + 1), (i + 1) * (dimension + 1))),
    ]);
  if (!representatives) return [];
  const { cocycles, cycles } = representatives;
  return cocycles.map((cocycle, i) => ({ cocycle: terms(cocycle), cycle: terms(cycles[i]!) }));
}

/** Reads a diagram back from its JSON form. */
export function diagramFromJson(dimension: number, intervals: DiagramJson): Diagram {
  return {
    dimension,
    births: Float32Array.from(intervals, ([birth]) => birth),
    deaths: Float32Array.from(intervals, ([, death]) => death ?? Infinity),
  };
}

/** The shortest decimal that rounds to this float32: 0.1 and not 0.10000000149011612. */
function shortest(value: number): number {
  for (let digits = 6; digits <= 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}

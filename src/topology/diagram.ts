/** Persistence diagrams: what the engine returns and everything else reads. */
import type { RawIntervals } from "../engine/engine.js";
import type { Chain, Representatives } from "../engine/representatives.js";
import { expected, InputError } from "../errors.js";
import { listed, shortest, withJson } from "../json.js";
import { isRecord } from "../options.js";

/**
 * The intervals of one dimension, sorted by birth, then death. An interval is [birth, death); one that is alive at the
 * threshold is essential and has `death = Infinity`. Values are float32 edge lengths (diameters). JSON.stringify writes a
 * diagram that came from here as {@link diagramToJson} does.
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

/** A diagram of intervals as the engine gives them. */
export function makeDiagram(dimension: number, intervals: RawIntervals): Diagram {
  const { births, deaths, representatives } = intervals;
  const diagram: Diagram = {
    dimension,
    births: listed(births),
    deaths: listed(deaths),
    ...(representatives ? { representatives } : {}),
  };
  for (const { vertices, coefficients } of [...(representatives?.cocycles ?? []), ...(representatives?.cycles ?? [])]) {
    listed(vertices);
    listed(coefficients);
  }
  return withJson(diagram, function (this: Diagram) {
    return diagramToJson(this);
  });
}

/**
 * Checks a diagram as it comes from JavaScript. O(m).
 * @param name what to call it in the message
 * @throws InputError unless births and deaths are as many numbers, no birth is infinite, none is NaN, and no death comes
 *   before its birth
 */
export function checkDiagram(diagram: Diagram, name = "diagram"): void {
  const hint = "Pass one of result.diagrams, or { dimension, births, deaths }.";
  const found: unknown = diagram;
  if (!isRecord(found)) throw new InputError(expected("a diagram", name, found), { hint });
  const { dimension, births, deaths } = diagram;
  if (!Number.isInteger(dimension) || dimension < 0)
    throw new InputError(expected("an integer of at least 0", `${name}.dimension`, dimension), { hint });
  for (const [key, numbers] of Object.entries({ births, deaths }))
    if (!Array.isArray(numbers) && !(ArrayBuffer.isView(numbers) && "length" in numbers))
      throw new InputError(expected("an array of numbers", `${name}.${key}`, numbers), { hint });
  if (births.length !== deaths.length)
    throw new InputError(expected(`${births.length} numbers, as many as births,`, `${name}.deaths`, deaths.length), {
      hint: "Every interval has a birth and a death.",
    });
  for (let i = 0; i < births.length; i++) {
    const [birth, death] = [births[i], deaths[i]];
    if (!Number.isFinite(birth))
      throw new InputError(expected("a finite number", `${name}.births[${i}]`, birth), {
        hint: "Leave the interval out.",
      });
    if (!(typeof death === "number" && death >= birth!))
      throw new InputError(expected(`a number of at least its birth ${birth}`, `${name}.deaths[${i}]`, death), {
        hint: "Write Infinity for a class that never dies.",
      });
  }
}

/** @throws InputError unless it is an array of diagrams of dimension 0, 1, …, each as {@link checkDiagram} wants it */
export function checkDiagrams(diagrams: readonly Diagram[], name = "diagrams"): void {
  if (!Array.isArray(diagrams))
    throw new InputError(expected("an array of diagrams", name, diagrams), {
      hint: "Pass what persistence gives, or { diagrams: [{ dimension: 0, births, deaths }] }.",
    });
  for (let i = 0; i < diagrams.length; i++) {
    checkDiagram(diagrams[i], `${name}[${i}]`);
    if (diagrams[i].dimension !== i)
      throw new InputError(expected(`dimension ${i}`, `${name}[${i}]`, diagrams[i].dimension), {
        hint: "Give the diagrams of dimension 0, 1, … in order.",
      });
  }
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
  checkDiagram(diagram);
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

/**
 * Reads a diagram back from its JSON form.
 * @throws InputError for what is none, and for what is no diagram, as NaN or a death before its birth
 */
export function diagramFromJson(dimension: number, intervals: DiagramJson): Diagram {
  const pair = (one: unknown): boolean =>
    Array.isArray(one) &&
    one.length === 2 &&
    typeof one[0] === "number" &&
    (one[1] === null || typeof one[1] === "number");
  if (!Array.isArray(intervals) || !intervals.every(pair))
    throw new InputError(expected("pairs [birth, death], death null when essential,", "intervals", intervals), {
      hint: "Pass what diagramToJson gave.",
    });
  const diagram = makeDiagram(dimension, {
    births: Float32Array.from(intervals, ([birth]) => birth),
    deaths: Float32Array.from(intervals, ([, death]) => death ?? Infinity),
  });
  checkDiagram(diagram);
  return diagram;
}

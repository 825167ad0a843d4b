/** Advice on a family of networks: conditions, the sizes the bounds leave, and what a study's trainings show. */
import { classifyActivation } from "../bounds/activation.js";
import { formatBound } from "../bounds/format.js";
import { isolatedLayerBound } from "../bounds/isolated-layer.js";
import { ConfigError, expected } from "../errors.js";
import { checkFields, type Known } from "../options.js";
import { aCount, anything, aSize, aText, fields, listOf, maybe } from "../shape.js";
import { adviceSentences } from "./advice-sentences.js";
import { type Condition, necessaryConditions } from "./conditions.js";
import type { EmpiricalTest } from "./empirical.js";
import { type Family, type InverseAnswer, smallestSizes } from "./inverse.js";
import type { Merging } from "./merging.js";
import { type Sweep, type WidthRow, widthRows } from "./width-table.js";

/** Betti numbers to be met, and where they come from. */
export interface Target {
  /** b_0, b_1, … */
  readonly betti: readonly number[];
  /** In words: "given by hand", "readout ratio>1.1, largest over 10 classes". */
  readonly origin: string;
}

/** What {@link advise} needs. */
export interface AdviceInput {
  readonly target: Target;
  /** One family per activation. */
  readonly families: readonly Family[];
  readonly manifoldDimension?: number;
  /** Tests of a study's trainings; empty without a study. */
  readonly tests: readonly EmpiricalTest[];
  /** The widths of a study, for the table. */
  readonly sweep?: Sweep;
  /** What a study says about N2, one per activation. */
  readonly merging?: readonly Merging[];
}

const adviceKeys = {
  target: true,
  families: true,
  manifoldDimension: true,
  tests: true,
  sweep: true,
  merging: true,
} as const satisfies Known<AdviceInput>;

const adviceShape = fields({
  target: fields({ betti: listOf(anything), origin: aText }),
  families: listOf(
    fields({
      inputDimension: aSize,
      outputs: aSize,
      activation: aText,
      depths: fields({ least: aSize, most: aSize }),
      dataDegree: aSize,
      dataInequalities: aCount,
      modulus: aCount,
    }),
  ),
  tests: listOf(fields({ activation: aText })),
  manifoldDimension: maybe(aCount),
  merging: maybe(listOf(fields({ activation: aText }))),
});

/** How far a carry bound is above what was measured. */
export interface Looseness {
  readonly width: number;
  readonly k: number;
  /** I_k of a layer between two of that width. */
  readonly bound: string;
  readonly log10: number;
  readonly target: number;
}

/** What would give another answer. */
export interface Sensitivity {
  /** Smallest carry width at the largest depth, by the assumed degree of the data's equations; null where none fits. */
  readonly byDataDegree: readonly { readonly dataDegree: number; readonly width: number | null }[];
  /** b_k that the width not excluded could no longer carry. */
  readonly excludedFrom: { readonly width: number; readonly k: number; readonly moreThan: string } | null;
}

/** Advice for one activation. */
export interface FamilyAdvice {
  readonly family: Family;
  readonly conditions: readonly Condition[];
  readonly answers: readonly InverseAnswer[];
  /** null where the activation has no carry bound. */
  readonly looseness: Looseness | null;
  readonly sensitivity: Sensitivity;
  readonly test: EmpiricalTest | null;
  /** The widths of the study at a glance; empty without a study of this activation. */
  readonly rows: readonly WidthRow[];
  /** null without a study of this activation. */
  readonly merging: Merging | null;
}

/** The whole advice. */
export interface Advice {
  readonly format: "bettina-advice";
  readonly formatVersion: 1;
  readonly target: Target;
  readonly families: readonly FamilyAdvice[];
  /** Ready to print, a sentence a line, grouped. */
  readonly sections: readonly { readonly heading: string; readonly sentences: readonly string[] }[];
}

/**
 * Draws the advice. Pure.
 * @throws ConfigError for Betti numbers or a family that make no sense, an unknown activation
 */
export function advise(input: AdviceInput): Advice {
  checkFields(input, adviceKeys, "the input of advise");
  adviceShape(input, "the input of advise");
  const { target, tests, sweep, manifoldDimension } = input;
  const { betti } = target;
  if (betti.length === 0 || betti.some((b) => !Number.isSafeInteger(b) || b < 0))
    throw new ConfigError(expected("integers of at least 0, b_0 first,", "Betti numbers", betti), {
      hint: "Use for instance --betti 1,100.",
    });
  if (betti[0] === 0)
    throw new ConfigError(expected("at least 1", "b_0", 0), { hint: "Data that are there have a component." });
  const families = input.families.map((family): FamilyAdvice => {
    const { activation, inputDimension } = family;
    checkFamily(family);
    const { outputs, enclosures = [] } = family;
    const condition = { betti, activation, inputDimension, outputs, enclosures };
    const test = tests.find((one) => one.activation === activation) ?? null;
    const merging = input.merging?.find((one) => one.activation === activation) ?? null;
    return {
      family,
      conditions: necessaryConditions(
        manifoldDimension === undefined ? condition : { ...condition, manifoldDimension },
      ),
      answers: smallestSizes(betti, family),
      looseness: looseness(betti, family),
      sensitivity: sensitivity(betti, family),
      test,
      rows: sweep && merging ? widthRows(betti, family, sweep, test) : [],
      merging,
    };
  });
  const findings = { format: "bettina-advice" as const, formatVersion: 1 as const, target, families };
  return { ...findings, sections: adviceSentences(findings) };
}

function checkFamily({ depths, inputDimension, outputs }: Family): void {
  for (const [name, value] of Object.entries({ "input dimension": inputDimension, outputs, depth: depths.least }))
    if (!Number.isSafeInteger(value) || value < 1) throw new ConfigError(expected("a positive integer", name, value));
  if (!(depths.most >= depths.least && depths.most <= 64))
    throw new ConfigError(expected(`a depth from ${depths.least} to 64`, "depth", depths.most), {
      hint: "Use for instance --depth 1-4.",
    });
}

/** The activation's degree as a polynomial, or null. */
function degreeOf({ activation }: Family): number | null {
  const known = classifyActivation(activation);
  return known.kind === "polynomial" ? known.degree : known.kind === "affine" ? 1 : null;
}

function looseness(betti: readonly number[], family: Family): Looseness | null {
  const degree = degreeOf(family);
  const k = betti.findLastIndex((b) => b > 0);
  if (degree === null) return null;
  const width = 64;
  const { dataDegree, dataInequalities } = family;
  const bound = isolatedLayerBound({ k, inputDimension: width, width, degree, dataDegree, dataInequalities });
  return { width, k, bound: formatBound(bound), log10: bound.log10, target: betti[k]! };
}

function sensitivity(betti: readonly number[], family: Family): Sensitivity {
  const degree = degreeOf(family);
  if (degree === null) return { byDataDegree: [], excludedFrom: null };
  const carry = (dataDegree: number) => {
    const { most } = family.depths;
    const one = { ...family, dataDegree, depths: { least: most, most } };
    return smallestSizes(betti, one).find(({ question }) => question === "carry")?.sizes[0]?.width ?? null;
  };
  const degrees = [...new Set([2, 4, 8, 16, family.dataDegree])].sort((one, other) => one - other);
  const width = carry(family.dataDegree);
  const k = betti.findLastIndex((b) => b > 0);
  const { dataDegree, dataInequalities } = family;
  const excludedFrom =
    width === null || width <= k || k < 1
      ? null
      : {
          width,
          k,
          moreThan: formatBound(
            isolatedLayerBound({ k, inputDimension: width, width, degree, dataDegree, dataInequalities }),
          ),
        };
  return { byDataDegree: degrees.map((of) => ({ dataDegree: of, width: carry(of) })), excludedFrom };
}

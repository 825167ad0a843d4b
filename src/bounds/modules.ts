/**
 * Networks of mixed modules in graph form: every module adds variables and has a degree; all lifts are retracts.
 *
 * With V variables a copy and degree M in all, b(W_p) ≤ OPMT(M, (p+1) V), which the descent turns into a bound on the
 * image. Affine maps, average pooling, residual sums and flattening are substituted: no variables. Any field.
 */

import { ConfigError, expected } from "../errors.js";
import { checkFields, type Known } from "../options.js";
import { aText, fields, listOf } from "../shape.js";
import { type Bound, settle } from "./bound.js";
import { lessOne, ZERO } from "./count.js";
import { descentSum } from "./descent.js";
import type { Refinement } from "./field.js";
import { algebraicSetCount } from "./oleinik-petrovskii-milnor-thom.js";
import { requireInteger } from "./requirement.js";

/** A module of a network, from its input on. */
export type NetworkModule =
  /** The data's domain: a ball or a cube; `variables` r_1 for a ball (the rank of the first map), n_0 for a cube. */
  | { readonly kind: "ball" | "cube"; readonly variables: number }
  /** A polynomial activation of `degree` followed by an affine map of rank `rank`; after ReLU its degree doubles. */
  | { readonly kind: "polynomial"; readonly degree: number; readonly rank: number }
  | { readonly kind: "relu" | "abs"; readonly units: number }
  /** Hard-tanh, clip: two ReLUs a unit. */
  | { readonly kind: "clip"; readonly units: number }
  /** Max-pooling: one equation of degree `window` a unit (`joint`), or a tree of pairs of degree 2 (`pairwise`). */
  | {
      readonly kind: "max-pool";
      readonly units: number;
      readonly window: number;
      readonly form?: "joint" | "pairwise";
    };

/** V and M of a list of modules. */
export interface ModuleAccount {
  /** Variables a copy. */
  readonly variables: number;
  /** Largest degree of an equation. */
  readonly degree: number;
}

/** Variables and degree of a network given module by module; the first must be the domain. */
export function moduleAccount(modules: readonly NetworkModule[]): ModuleAccount {
  listOf(fields({ kind: aText }))(modules, "modules");
  const [first] = modules;
  if (first === undefined || (first.kind !== "ball" && first.kind !== "cube")) {
    throw new ConfigError(expected("a ball or a cube first", "modules", modules), {
      hint: "The theorem needs a compact domain.",
    });
  }
  let variables = 0;
  let degree = 2;
  let inputDegree = 1; // degree of a module's input in the variables kept so far
  for (const [i, module] of modules.entries()) {
    if (i > 0 && (module.kind === "ball" || module.kind === "cube")) {
      throw new ConfigError(expected("one domain only", `modules[${i}]`, module), { hint: "A network has one input." });
    }
    const account = accountOf(module, `modules[${i}]`);
    variables += account.variables;
    // A polynomial of squares has twice its degree; other modules state equations of their own.
    degree = Math.max(degree, module.kind === "polynomial" ? account.degree * inputDegree : account.degree);
    // A maximum over trees of one input is that input, with no variable of its own.
    if (module.kind === "max-pool" && module.window === 1 && module.form !== "joint") continue;
    inputDegree = module.kind === "relu" || module.kind === "abs" || module.kind === "clip" ? 2 : 1;
  }
  return { variables, degree };
}

/**
 * U_k of a network of modules, k ≥ 1, from a ball or a cube (short name: moduleBound(modules, k)); T1 and T2 are left to
 * the caller, who knows the widths.
 */
export function moduleImageBound(options: {
  readonly modules: readonly NetworkModule[];
  readonly k: number;
  /** @default "normalized" (any field) */
  readonly refinement?: Refinement;
}): Bound {
  checkFields(
    options,
    { modules: true, k: true, refinement: true } satisfies Known<typeof options>,
    "what moduleImageBound is given",
  );
  const { modules, k, refinement = "normalized" } = options;
  requireInteger(k, "k", 1);
  const { variables, degree } = moduleAccount(modules);
  const total = (p: number) => algebraicSetCount(degree, (p + 1) * variables);
  const sum = descentSum(k, refinement, { domain: ZERO, higher: (p) => lessOne(total(p)), components: total });
  return settle({
    count: sum.count,
    field: refinement === "alternating" ? "char0" : "any",
    theorem: "image of a network of modules (graph form)",
    source: "derived: retracts, descent, Oleinik–Petrovskii–Milnor–Thom",
    status: "proven here",
    trace: [`${variables} variables a copy, degree ${degree}`, ...sum.trace],
  });
}

function accountOf(module: NetworkModule, name: string): ModuleAccount {
  switch (module.kind) {
    case "ball":
    case "cube":
      requireInteger(module.variables, `${name}.variables`, 1);
      return { variables: module.kind === "ball" ? module.variables + 1 : 2 * module.variables, degree: 2 };
    case "polynomial":
      requireInteger(module.degree, `${name}.degree`, 1);
      requireInteger(module.rank, `${name}.rank`, 0);
      return { variables: module.rank, degree: module.degree };
    case "relu":
    case "abs":
    case "clip":
      requireInteger(module.units, `${name}.units`, 1);
      return { variables: (module.kind === "clip" ? 4 : 2) * module.units, degree: 2 };
    case "max-pool": {
      const { units, window, form = "pairwise" } = module;
      requireInteger(units, `${name}.units`, 1);
      requireInteger(window, `${name}.window`, 1);
      if (form === "joint") return { variables: (1 + window) * units, degree: Math.max(2, window) };
      return { variables: 3 * (window - 1) * units, degree: 2 };
    }
    default:
      throw new ConfigError(expected("a known module", name, module), { hint: "See NetworkModule." });
  }
}

/** Says in words how a result was computed and why that way. */
import type { PlanName } from "../engine/engine.js";
import type { PersistenceResult } from "./persistence.js";

/** What each plan does. */
export const ways: Record<PlanName, string> = {
  automatic: "chosen by the engine",
  simplices: "implicit cohomology over all simplices",
  lazy: "relative neighbourhood graph, Kruskal, lazy cohomology",
  lunes: "homology of lunes, edge after edge",
  flag: "edges by number, triangles by their longest edge, lazy cohomology",
  collapse: "edge collapse, then implicit cohomology over the simplices left",
  stream: "no distance matrix: blocks of distances, relative neighbourhood graph, Kruskal, lazy cohomology",
};

/**
 * A line for the input and one for each dimension: the plan carried out, why, and how many columns had to be reduced.
 * @param asked the plan asked for, where there was one
 */
export function explainPlan(name: string, result: PersistenceResult, asked: string = "automatic"): string {
  const { n, maxDim, threshold, enclosingRadius, columns, plans, memory, distances } = result;
  const how = { i16: "exact integers", f32: "float32 differences", f64: "float64 differences", given: "given" }[
    distances
  ];
  const cut =
    threshold < enclosingRadius
      ? `cut at ${threshold}`
      : `nothing cut: at the enclosing radius, ${threshold}, the complex is a cone`;
  const lines = plans.map((plan, dim) => {
    const work = `${columns[dim]} ${columns[dim] === 1 ? "column" : "columns"}`;
    // A flag complex with homology in degree k has at least 2k + 2 vertices (the cross-polytope).
    if (n < 2 * dim + 2 && dim > 0 && columns[dim] === 0)
      return `  H${dim}: nothing to do: ${n} points have no homology in this degree`;
    return `  H${dim}: ${plan} (${ways[plan]}), ${work}; ${reason(plan, asked, maxDim)}`;
  });
  return [
    `${name}: ${n} ${n === 1 ? "point" : "points"}, distances ${how}, ${cut}; ${Math.ceil(memory / 1e6)} MB of engine memory`,
    ...lines,
  ].join("\n");
}

function reason(plan: PlanName, asked: string, maxDim: number): string {
  if (plan === asked) return "as asked";
  if (asked !== "automatic")
    return `${asked} was asked for, but does not serve dimensions up to ${maxDim} of this input`;
  switch (plan) {
    case "lazy":
      return "only edges with an empty lune can join components or begin a loop, and loops here die early";
    case "stream":
      return "exact like the others, and the faster way from 2500 points on, in memory that grows as the points do";
    case "lunes":
      return "classes that live long had spent the budget of lazy cohomology";
    case "flag":
      return "up to dimension 2 only triangles that are first in their lune need a column";
    case "collapse":
      return "from dimension 3 on fewer edges are worth the time they take to remove";
    default:
      return "the general way: intervals of length zero, representatives, or more points than the others take";
  }
}

/** One cloud by two ways, bar by bar and bit by bit. */
import { expect } from "vitest";
import type { PlanName } from "../../src/engine/engine.js";
import { type PersistenceOptions, type PersistenceResult, persistence } from "../../src/topology/persistence.js";
import type { PointCloud } from "../../src/topology/point-cloud.js";

/** The first interval in which two results differ, in words. */
function difference(one: PersistenceResult, other: PersistenceResult): string | undefined {
  for (const [dim, { births, deaths }] of one.diagrams.entries()) {
    const there = other.diagrams[dim]!;
    if (births.length !== there.births.length)
      return `${births.length} and ${there.births.length} intervals in dimension ${dim}`;
    const at = births.findIndex((birth, i) => birth !== there.births[i] || deaths[i] !== there.deaths[i]);
    if (at >= 0)
      return `dimension ${dim}, interval ${at}: [${births[at]}, ${deaths[at]}) and [${there.births[at]}, ${there.deaths[at]})`;
  }
  return undefined;
}

/** Asserts that a cloud has the same bars by `plans`: the way that is taken by itself, and one with a matrix. */
export async function agree(cloud: PointCloud, plans: readonly [PlanName, PlanName], options: PersistenceOptions = {}) {
  const [way, dense] = plans;
  const streamed = await persistence(cloud, options);
  const other = await persistence(cloud, { ...options, plan: dense });
  expect([streamed.plans[0], streamed.plans[1], other.plans[1]]).toEqual(["stream", way, dense]);
  expect(difference(streamed, other)).toBeUndefined();
  expect([streamed.threshold, streamed.enclosingRadius]).toEqual([other.threshold, other.enclosingRadius]);
  // Not the columns: points are numbered otherwise, and among edges of one length numbers decide which come first.
  return streamed;
}

/** Differential fuzzing: every way in, every plan, every build, against the textbook reduction in test/reference. */
import { EnginePool } from "../../src/engine/pool.js";
import { BettinaError } from "../../src/errors.js";
import { type PersistenceOptions, type PersistenceResult, persistence } from "../../src/topology/persistence.js";
import { referenceEnclosingRadius, referencePersistence } from "../reference/persistence.js";
import { describeInstance, drawInstance, type Instance } from "./instance.js";

/** How often each way in, plan and build was taken. */
export type Tally = Map<string, number>;

/**
 * Runs the instances `from` .. `to` - 1 of a seed.
 * @throws Error at the first instance that differs, with a line that reproduces it
 */
export async function fuzz(seed: number, from: number, to: number): Promise<Tally> {
  const tally: Tally = new Map();
  const count = (name: string) => tally.set(name, (tally.get(name) ?? 0) + 1);
  const pool = new EnginePool(1);
  try {
    for (let number = from; number < to; number++) {
      const instance = drawInstance(seed, number);
      const complaint = await check(instance, pool, count);
      if (complaint !== undefined)
        throw new Error(
          `${complaint}\n  again: BETTINA_FUZZ=${seed}:${number} npx vitest run test/fuzz\n  ${describeInstance(instance)}`,
        );
    }
  } finally {
    await pool.close();
  }
  return tally;
}

/** In this thread, in the pool's, or in the crew that the pool keeps; a worker of the pool knows the release build only. */
function where(
  { worker, threads, variant }: Instance,
  pool: EnginePool,
  options: PersistenceOptions,
): PersistenceOptions {
  if (threads > 1) return { ...options, pool, threads, variant };
  return worker ? { ...options, pool } : { ...options, variant };
}

async function check(instance: Instance, pool: EnginePool, count: (name: string) => void): Promise<string | undefined> {
  const { encoded, n, matrix, metric, maxDim, threshold, modulus, zeroLength, plan, variant, worker, threads } =
    instance;
  count(`input ${encoded.name}`);
  let found: PersistenceResult;
  try {
    const options = { metric, maxDim, modulus, zeroLength, plan, ...(threshold === undefined ? {} : { threshold }) };
    found = await persistence(encoded.open(), where(instance, pool, options));
  } catch (error) {
    if (n === 0 && error instanceof BettinaError && error.exitCode === 3 && /^Expected .+, got /.test(error.message)) {
      count("no points");
      return undefined;
    }
    return `failed with ${error}`;
  }
  if (n === 0) return "no points were not refused";
  count(`asked for ${plan}`);
  found.plans.forEach((done, dim) => {
    if (dim > 0 && dim < n) count(`dimension ${dim} by ${done}`);
  });
  count(threads > 1 ? `${threads} threads, ${variant}` : worker ? "in a worker" : variant);
  if (found.n !== n) return `expected ${n} points, got ${found.n}`;
  // At the enclosing radius the complex is a cone; what comes later is nothing but intervals of length zero.
  const cut = Math.min(
    threshold === undefined ? Infinity : Math.fround(threshold),
    referenceEnclosingRadius(matrix, n),
  );
  const expected = referencePersistence(matrix, n, { maxDim, threshold: cut, modulus, zeroLength });
  const shown = JSON.stringify(
    expected.map((intervals) => intervals.map(({ birth, death }) => [birth, String(death)])),
  );
  const got = JSON.stringify(
    found.diagrams.map(({ births, deaths }) => Array.from(births, (birth, i) => [birth, String(deaths[i])])),
  );
  return shown === got ? undefined : `expected ${shown}, got ${got}`;
}

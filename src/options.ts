/**
 * Options as they come from JavaScript, where no compiler has looked at them: what is unknown is refused and not
 * overlooked, for an option misspelt is a wrong answer in silence.
 */
import { ConfigError, expected } from "./errors.js";

/** The names of options that a function knows. Written with `satisfies Known<Options>`, it cannot drift from the type. */
export type Known<Options> = Readonly<Record<keyof Options, true>>;

/**
 * What the words of other packages (ripser.py, GUDHI, giotto-tda, scikit-learn) and near words mean here, the likeliest
 * first. Written without case, `_` and `-`.
 */
const otherWords: Readonly<Record<string, readonly string[]>> = {
  abort: ["signal"],
  abortsignal: ["signal"],
  coeff: ["modulus"],
  coefficient: ["modulus"],
  coefficients: ["modulus"],
  cocycles: ["representatives"],
  cores: ["threads"],
  cutoff: ["threshold"],
  cycles: ["representatives"],
  dim: ["maxDim", "dimension"],
  dimension: ["maxDim"],
  dist: ["metric"],
  distance: ["metric"],
  dococycles: ["representatives"],
  exponent: ["order"],
  field: ["modulus"],
  homologycoefffield: ["modulus"],
  homologydimensions: ["maxDim"],
  internalp: ["ground"],
  k: ["dimension"],
  limit: ["memoryLimit"],
  maxdimension: ["maxDim"],
  maxdistance: ["threshold"],
  maxedgelength: ["threshold"],
  maxfiltration: ["threshold"],
  maxmemory: ["memoryLimit"],
  maxscale: ["threshold", "to"],
  memory: ["memoryLimit"],
  nlandmarks: ["landmarks", "count"],
  njobs: ["threads"],
  nperm: ["landmarks", "count"],
  nthreads: ["threads"],
  p: ["order", "modulus"],
  points: ["landmarks", "count"],
  prime: ["modulus"],
  progress: ["onProgress"],
  q: ["order"],
  r: ["scale"],
  radius: ["threshold", "scale"],
  randomseed: ["seed"],
  randomstate: ["seed"],
  subsample: ["landmarks", "count"],
  subsamples: ["resamples"],
  thresh: ["threshold"],
  time: ["timeout"],
  timelimit: ["timeout"],
  workers: ["threads"],
};

/** What is no option here, and what to do instead. */
const elsewhere: Readonly<Record<string, string>> = {
  distances: "Pass a distance matrix as the input: { distances, n }.",
  distancematrix: "Pass a distance matrix as the input: { distances, n }.",
  precomputed: "Pass a distance matrix as the input: { distances, n }.",
  minpersistence: 'Read the diagrams by a rule: bettiNumbers(result, "persistence>0.5").',
  reducedhomology: "Homology of dimension 0 is unreduced here.",
  sparse: "Pass what sparseRips(points, epsilon) gives as the input.",
  epsilon: "Pass what sparseRips(points, epsilon) gives as the input.",
};

/**
 * Refuses what is no object of options, and names that are not known. What is undefined counts as left out. Methods and
 * symbols are no options; accessors and inherited names are.
 * @param value as it came; undefined passes
 * @param known the names there are
 * @param name whose options they are, for the message: "the options of persistence"
 * @throws ConfigError that says the nearest right name, or all names there are
 */
export function checkKeys(value: unknown, known: Readonly<Record<string, true>>, name: string): void {
  if (value === undefined) return;
  if (!isRecord(value))
    throw new ConfigError(expected("an object with named fields", name, value), {
      hint: value === null ? "Leave it out for the defaults." : `Use for instance { ${Object.keys(known)[0]}: … }.`,
    });
  for (const key of namesOf(value)) {
    if (Object.hasOwn(known, key) || value[key] === undefined) continue;
    const near = nearestName(key, Object.keys(known));
    const hint = near ? `Write ${near}.` : (elsewhere[plain(key)] ?? `Known are ${Object.keys(known).join(", ")}.`);
    throw new ConfigError(expected("a known name", name, key), { hint });
  }
}

/**
 * As {@link checkKeys} for an object that must be there.
 * @throws ConfigError also for undefined
 */
export function checkFields(value: unknown, known: Readonly<Record<string, true>>, name: string): void {
  if (value === undefined)
    throw new ConfigError(expected("an object with named fields", name, value), {
      hint: `Use for instance { ${Object.keys(known)[0]}: … }.`,
    });
  checkKeys(value, known, name);
}

/** @throws ConfigError unless it holds; `what` was expected for `name` */
export function refuseUnless(
  holds: boolean,
  {
    what,
    name,
    got,
    hint,
  }: { readonly what: string; readonly name: string; readonly got: unknown; readonly hint: string },
): void {
  if (!holds) throw new ConfigError(expected(what, name, got), { hint });
}

/** Whether a value is an object with named fields: no array, function, promise, map, date and the like. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && Object.prototype.toString.call(value) === "[object Object]";
}

/**
 * The known name that was most likely meant: one that differs in case, `_` or `-` alone, the word for it elsewhere, or one
 * within two typing errors (one for names of up to four letters; two letters exchanged are one). Undefined where none is near.
 */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const same = known.find((one) => plain(one) === plain(name));
  if (same) return same;
  const word = Object.hasOwn(otherWords, plain(name)) ? otherWords[plain(name)] : undefined;
  const meant = word?.find((one) => known.includes(one));
  if (meant) return meant;
  let found: { readonly name: string; readonly errors: number } | undefined;
  for (const one of known) {
    const errors = typingErrors(plain(name), plain(one));
    const most = Math.min(name.length, one.length) <= 4 ? 1 : 2;
    if (errors <= most && errors < (found?.errors ?? Infinity)) found = { name: one, errors };
  }
  return found?.name;
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[_-]/g, "");
}

/** Own names, inherited ones that are enumerable, and accessors of classes. */
function namesOf(value: object): Set<string> {
  const names = new Set<string>();
  for (const key in value) names.add(key);
  for (let at = Object.getPrototypeOf(value); at !== null && Object.getPrototypeOf(at) !== null; ) {
    for (const [key, { get }] of Object.entries(Object.getOwnPropertyDescriptors(at))) if (get) names.add(key);
    at = Object.getPrototypeOf(at);
  }
  return names;
}

/** Letters to insert, delete or replace, and neighbours to exchange, to make one name of the other. */
function typingErrors(one: string, other: string): number {
  // Optimal string alignment, row by row.
  let before: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, j) => j);
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    for (let j = 1; j <= other.length; j++) {
      const same = one[i - 1] === other[j - 1] ? 0 : 1;
      let least = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + same);
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1])
        least = Math.min(least, before[j - 2]! + 1);
      row.push(least);
    }
    before = last;
    last = row;
  }
  return last[other.length]!;
}

/**
 * What pilots say of a computation, by the way it goes through the kernels. How many points a pilot has follows from laws
 * and counts, never from a clock: the same input is told the same, but for the speed of the machine.
 */
import { setImmediate } from "node:timers/promises";
import type { EngineRequest, PlanName } from "../engine/engine.js";
import { defaultMemoryLimit, leastMemory, type Route, takesStream } from "../engine/estimate.js";
import { loadModule } from "../engine/module.js";
import { rowBytesOf } from "../engine/rows.js";
import { countSimplices, type SimplexCounts } from "../engine/simplex-counts.js";
import { streamSizes } from "../engine/stream.js";
import { throwIfAborted } from "../errors.js";
import { Random } from "../random.js";
import {
  around,
  collapseLaw,
  flagLaw,
  largestWithin,
  loopsLaw,
  luneLaw,
  powerLaw,
  type Range,
  simplexLaw,
  streamLaw,
} from "./forecast-laws.js";
import { type Pilot, runPilot, total } from "./forecast-pilot.js";

/** A computation to forecast. */
export interface Job {
  /** Number of points. */
  readonly n: number;
  readonly route: Exclude<Route, "stream"> | "stream";
  /** The request itself, in everything but the points of an approximation. */
  readonly request: EngineRequest;
  /** The request for so many of the points, n at most. */
  readonly draw: (count: number) => Promise<EngineRequest>;
  /** Highest dimension that can have an interval. */
  readonly maxDim: number;
  /** Bytes of WebAssembly memory. */
  readonly limit: number;
  readonly threads: number;
  readonly seed: number;
  readonly signal: AbortSignal | undefined;
  /** Whether `draw` gives other points than n landmarks would be, unless it is asked for all n: landmarks lie evenly. */
  readonly approximate: boolean;
}

/** What was found out. */
export interface Found {
  readonly plan: PlanName;
  /** Seconds of processors, and on the wall, by phase. */
  readonly phases: Readonly<Record<string, { readonly cpu: number; readonly wall: number }>>;
  /** How far off the time may be, below and above; Infinity where nothing bounds it. */
  readonly off: { readonly low: number; readonly high: number };
  readonly memory: Range;
  /** Bytes for fewer points than there are, up to the high end. */
  readonly bytes: (n: number) => number;
  readonly longClasses: boolean;
  /** Numbers of points of the pilots, ascending. */
  readonly sizes: readonly number[];
}

/** Seconds, by the laws, that pilots may take in any case, and which part of a long computation. */
const LEAST_BUDGET = 0.3;
const PART = 0.05;

/** Points of the largest pilot: all where they are few. */
function pilotSize(n: number, least: number, law: (n: number) => number): number {
  const size = largestWithin(Math.min(n, least), n, Math.max(LEAST_BUDGET, PART * law(n)), law);
  // Nearly all: then rather all.
  return size > 0.8 * n ? n : size;
}

/** How much more landmarks may need than as many points drawn at random. */
const EVEN = 1.5;

/** How far off: little for all points, and the more the fewer of them a pilot had. */
function offFor(n: number, size: number): number {
  return size === n ? 1.3 : 1.4 * (n / size) ** 0.2;
}

/** Memory that does not stand in the way of a pilot. */
const plenty = (request: EngineRequest): EngineRequest => ({ ...request, memoryLimit: defaultMemoryLimit() });

/** Lets others run. */
async function pause(signal: AbortSignal | undefined): Promise<void> {
  await setImmediate();
  throwIfAborted(signal);
}

/** Bytes that homology of lunes wants to be free before it begins, and at most takes. */
const luneRoom = (n: number): number => 1.5 * n * n + 65536;
const LUNE_BYTES = 1.9;

/** H0 and H1 of points without a matrix. */
export async function streamFound(job: Job): Promise<Found> {
  const { n, request, draw, maxDim, limit, threads, signal } = job;
  const { source, plan: asked } = request;
  // With a budget of work, even where the plan to come has none: it tells whether classes live long.
  const ask = async (count: number): Promise<EngineRequest> => ({
    ...plenty(await draw(count)),
    plan: "automatic",
    maxDim: Math.min(maxDim, Math.max(0, Math.floor((count - 2) / 2))),
  });
  const alone = { threads: 1, signal, streaming: true };
  // The first run of code is slower than all later ones; and where few points have long classes, many do.
  const first = await runPilot(await ask(Math.min(n, 600)), alone);
  await pause(signal);
  const law = (m: number): number => sum(streamLaw(m, source, maxDim, first.plan === "lunes"));
  const size = pilotSize(n, 600, law);
  // A crew chooses the plan by the number of points.
  const crew = threads > 1 && takesStream({ n: size, points: true, maxDim });
  if (crew) await runPilot({ ...(await ask(Math.min(n, 300))), plan: "stream" }, { threads, signal });
  const pilot = await runPilot(await ask(size), crew ? { threads, signal } : alone);
  const longClasses = pilot.plan === "lunes";
  const rowBytes = rowBytesOf(source);
  const least = (count: number, helpers = threads): number =>
    leastMemory({ n: count, rowBytes, maxDim, streaming: true }) +
    helpers * 4 * Math.min(count, streamSizes.block) ** 2;
  const lunes = longClasses && asked === "automatic" && n <= 65536 && luneRoom(n) + least(n) <= limit;
  const unbounded = longClasses && !lunes;
  const exact = size === n && !unbounded;
  // Streams and balls need more for each point the denser the points lie.
  const excess = Math.max(600 * size, pilot.memory - least(size, crew ? threads : 1));
  const grown = (count: number): number =>
    longClasses && !unbounded
      ? least(count) + Math.max((excess * count ** 2) / size ** 2, LUNE_BYTES * count ** 2)
      : least(count) + (longClasses ? 600 * count : excess * (count / size) ** 1.25);
  const expected = size === n && threads === 1 && !unbounded ? pilot.memory : grown(n);
  // Bits and relations of homology of lunes vary more than lists do.
  const spread = (longClasses ? 1.5 : 1.35) * (job.approximate ? EVEN : 1);
  const margin = exact ? (threads > 1 ? 1.25 : 1) : spread;
  const whole = { large: streamLaw(size, source, maxDim, longClasses), all: streamLaw(n, source, maxDim, longClasses) };
  const { cpu, wall } = total(pilot);
  const phases: Record<string, { cpu: number; wall: number }> = {};
  for (const [name, took] of Object.entries(pilot.phases)) {
    const key = name as keyof typeof whole.all;
    // Threads are started once, however many points there are.
    const seconds =
      key === "start" ? took.cpu + whole.all.start - whole.large.start : took.cpu * (whole.all[key] / whole.large[key]);
    // Phases too short to tell take as long on the wall as the whole.
    const share = crew && took.cpu > 0.05 ? took.wall / took.cpu : crew || cpu === 0 ? wall / (cpu || 1) : 1;
    phases[name] = { cpu: seconds, wall: seconds * Math.max(share, 1 / threads) };
  }
  const off = offFor(n, size) * (job.approximate && !exact ? EVEN : 1);
  return {
    plan: lunes ? "lunes" : "stream",
    phases,
    off: { low: off, high: unbounded ? Infinity : off },
    memory: unbounded ? { ...around(expected, 1.35), high: Infinity } : around(expected, margin),
    bytes: (count) => margin * grown(count),
    longClasses,
    sizes: [size],
  };
}

/** Sizes of pilots, each some times the one before, up to `most`. */
function ladder(most: number, times: number): number[] {
  const sizes = [most];
  while (sizes[0]! > 90) sizes.unshift(Math.ceil(sizes[0]! / times));
  return sizes;
}

/** Beside a matrix: up to H1, or on the flag complex by ranks. */
export async function matrixFound({ n, route, request, draw, maxDim, limit, threads, signal }: Job): Promise<Found> {
  const flag = route === "flag";
  const law = (m: number, lunes: boolean): number =>
    flag ? flagLaw(m, lunes) : loopsLaw(m, request.source, maxDim, lunes);
  const pilots: Pilot[] = [];
  for (const size of ladder(
    pilotSize(n, 100, (m) => law(m, true)),
    2,
  )) {
    pilots.push(await runPilot(plenty(await draw(size)), { threads, signal }));
    await pause(signal);
    if (size < n && manyBirths(pilots.at(-1)!)) break;
  }
  const large = pilots.at(-1)!;
  const small = pilots.at(-2) ?? large;
  const size = large.n;
  const births = powerLaw(n, at(small, birthsOf(small)), at(large, birthsOf(large)), [1, 2]);
  // Loops that need more cursor moves than the budget of lazy cohomology, by some 15 moves each.
  const shifts = !flag && size < n && request.plan === "automatic" && births > 6 * n && 15 * births > n ** 2 / 32;
  const longClasses = large.plan === "lunes" || shifts;
  const matrix = 4 * n * Math.ceil(n / 4) * 4;
  const fits = flag || matrix + 64 * n + luneRoom(n) <= limit;
  const unbounded = longClasses && !fits && request.plan !== "lunes";
  const { cpu, wall } = total(large);
  let seconds = (cpu * law(n, longClasses)) / law(size, longClasses);
  if (shifts && large.plan !== "lunes") seconds = cpu * (n / size) ** 2 + 2 * luneLaw(n);
  // Births without geometry: relations are long, and each costs more than the one before.
  const many = large.plan === "lunes" && birthsOf(large) > 2.5 * size;
  if (many) seconds = cpu * (n / size) ** (flag ? 4.4 : 3.7);
  const plan = longClasses && !unbounded ? "lunes" : large.plan === "lunes" ? (flag ? "flag" : "lazy") : large.plan;
  const perPair = small.n === size ? 0 : Math.max(0, (large.memory - small.memory) / (size ** 2 - small.n ** 2));
  const bytes = (count: number): number =>
    small.n === size ? (large.memory * count ** 2) / size ** 2 : large.memory + perPair * (count ** 2 - size ** 2);
  const exact = size === n && !unbounded;
  const expected = bytes(n);
  const off = offFor(n, size) * (exact ? 1 : 1.2);
  const unsure = many ? (n / size) ** 1.5 : 1;
  // Where all points were not tried, lunes may have to take over.
  const most = (count: number): number =>
    exact && threads === 1
      ? bytes(count)
      : Math.max(1.4 * bytes(count), maxDim === 0 ? 0 : (flag ? 40 : 8.5) * count ** 2 + 1e6);
  return {
    plan,
    phases: { compute: { cpu: seconds, wall: cpu > 0 ? (seconds * wall) / cpu : seconds } },
    off: { low: off * unsure, high: unbounded ? Infinity : off * unsure },
    memory: {
      expected,
      low: exact && threads === 1 ? expected : expected / 1.5,
      high: unbounded ? Infinity : most(n),
    },
    bytes: most,
    longClasses,
    sizes: pilots.map(({ n: points }) => points),
  };
}

const at = ({ n }: Pilot, value: number) => ({ n, value });
const birthsOf = ({ columns }: Pilot): number => columns[1] ?? 0;

/** Whether twice the points would keep homology of lunes busy with relations for longer than a pilot may take. */
function manyBirths(pilot: Pilot): boolean {
  const births = birthsOf(pilot);
  return pilot.plan === "lunes" && births > 2.5 * pilot.n && 2e-11 * (3.3 * births) ** 3 > LEAST_BUDGET;
}

/** Bytes a column from which on the columns are long, and grow with the number of points in a way that nobody knows. */
const LONG_COLUMN = 700;

/**
 * Over all simplices, after the collapse of edges where it pays. Simplices and columns are counted: of all points where the
 * collapse is a matter of a moment, else of as many as that. Pilots tell what a column takes.
 */
export async function simplicesFound(job: Job): Promise<Found> {
  const { n, route, request, draw, maxDim, seed, signal } = job;
  const collapse = route === "collapse";
  const { module } = await loadModule();
  const random = new Random(seed, "simplices");
  const count = async (size: number): Promise<Counted> => {
    const part = await draw(size);
    // Under the limit itself: what it refuses of all points is refused now.
    const asked = size === n ? part : plenty(part);
    const counts = countSimplices(module, asked, collapse, (below) => random.integer(below));
    await pause(signal);
    return { n: size, request: asked, ...counts, law: simplexLaw(size, counts) + (collapse ? collapseLaw(size) : 0) };
  };
  const counting = (m: number): number =>
    (collapse ? collapseLaw(m) : 4e-8 * m ** 2) + 2e-9 * m * 4000 * (maxDim + 1) * 0.1;
  const counted = pilotSize(n, 60, counting);
  const known = await count(counted);
  const all = counted === n ? known : extrapolated(n, await count(Math.ceil(counted / 2)), known, maxDim);
  const general = request.representatives === true;
  let pilot: Pilot | undefined;
  let last: Counted | undefined;
  const sizes: number[] = [];
  const budget = Math.max(LEAST_BUDGET, PART * all.law);
  // Numbers of simplices leap: small steps come closer to the budget.
  for (const size of ladder(counted, 1.4)) {
    const now = size === counted ? known : await count(size);
    if (now.law * (general ? 3 : 1) > budget && pilot) break;
    pilot = await runPilot(
      { ...now.request, maxDim: Math.min(maxDim, highestOf(size, request)) },
      { threads: 1, signal },
    );
    last = now;
    sizes.push(size);
    await pause(signal);
    if (size < n && !general && columnBytes(pilot, now, false) > LONG_COLUMN) break;
  }
  const exact = last!.n === n;
  const { cpu, wall } = total(pilot!);
  // A pilot of a moment tells little of the speed.
  const speed = exact ? cpu / last!.law : Math.min(5, Math.max(0.4, cpu / last!.law));
  const longer = general ? n / last!.n : 1;
  const perColumn = columnBytes(pilot!, last!, request.zeroLength) * longer ** 2;
  const long = !exact && !general && perColumn > LONG_COLUMN;
  const seconds = all.law * speed * longer * (long ? (all.law / last!.law) ** 0.3 : 1);
  const units = unitsOf(all, request.zeroLength);
  // The more columns, the longer they are.
  const more = Math.max(1, units / unitsOf(last!, request.zeroLength));
  const expected = exact ? pilot!.memory : Math.max(all.peak, all.before + 70_000 + perColumn * more ** 0.3 * units);
  const off = exact ? 1.3 : 1.5 * (counted === n ? 1 : n / counted) * (all.law / last!.law) ** 0.1;
  const highest = all.before + 200_000 + Math.max(5 * perColumn, 320) * more ** 0.6 * units;
  const high = exact
    ? expected
    : long
      ? Infinity
      : Math.max(1.1 * all.peak, highest * (counted === n ? 1 : (n / counted) ** 2));
  return {
    plan: pilot!.plan,
    phases: { compute: { cpu: seconds, wall: cpu > 0 ? (seconds * wall) / cpu : seconds } },
    off: { low: off, high: long ? Infinity : off },
    memory: { expected, low: exact ? expected : Math.min(expected, Math.max(all.before, expected / 4)), high },
    // The number of simplices grows like that power of the number of points.
    bytes: (m) => ((Number.isFinite(high) ? high : expected) * m ** (maxDim + 1)) / n ** (maxDim + 1),
    longClasses: long,
    sizes,
  };
}

/** Counts of some of the points. */
interface Counted extends SimplexCounts {
  readonly n: number;
  readonly request: EngineRequest;
  /** Seconds by the laws. */
  readonly law: number;
}

/** Highest dimension that so many points can have an interval in. */
function highestOf(n: number, { zeroLength }: EngineRequest): number {
  return Math.max(0, zeroLength ? n - 2 : Math.floor((n - 2) / 2));
}

/** What takes memory: columns, and intervals of length zero where they are kept. */
function unitsOf({ columns, simplices, n }: Counted, zeroLength: boolean): number {
  return n + sum(columns) + (zeroLength ? sum(simplices.slice(1, -1)) : 0);
}

function columnBytes(pilot: Pilot, counts: Counted, zeroLength: boolean): number {
  // The room of the collapse is given back, and used again.
  if (pilot.memory <= counts.peak) return 0;
  return Math.max(0, pilot.memory - counts.before - 70_000) / unitsOf(counts, zeroLength);
}

/** Counts of all points from those of two parts; with what is sure of the memory. */
function extrapolated(n: number, small: Counted, large: Counted, maxDim: number): Counted {
  const grown = (pick: (counts: Counted) => readonly number[]): number[] =>
    pick(large).map((value, dim) =>
      powerLaw(n, { n: small.n, value: pick(small)[dim] ?? 0 }, { n: large.n, value }, [1, maxDim + 2]),
    );
  const simplices = grown((counts) => counts.simplices);
  const columns = grown((counts) => counts.columns);
  const square = (bytes: number): number => (bytes * n ** 2) / large.n ** 2;
  return {
    n,
    request: large.request,
    simplices,
    columns,
    before: square(large.before),
    peak: square(large.peak),
    law: simplexLaw(n, { simplices, columns }) + (large.law - simplexLaw(large.n, large)) * (n / large.n) ** 3,
  };
}

/** The sum of numbers, or of the values of a record. */
export function sum(values: Readonly<Record<string, number>> | readonly number[]): number {
  return Object.values(values).reduce((total: number, value: number) => total + value, 0);
}

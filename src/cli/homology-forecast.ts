/** What `bettina homology` says before the work: plan, guarantee, time, memory. */
import { shortNumber } from "../report/terminal.js";
import { ways } from "../topology/explain.js";
import { type Forecast, type ForecastOptions, likelySeconds } from "../topology/forecast.js";
import { isDistanceMatrix, type PersistenceInput, toPointCloud } from "../topology/point-cloud.js";
import { memory, roughly } from "./output.js";

/** What stands for the result's distance to the truth. */
export function guarantee({ landmarks, epsilon }: ForecastOptions): string {
  if (landmarks)
    return "births and deaths of all points are lower by at most twice the covering radius, which comes with the result";
  if (epsilon !== undefined)
    return `births and deaths of the full filtration are lower by at most a factor ${shortNumber(1 + epsilon)}`;
  return "exact";
}

/** Number of points and, for a cloud, of coordinates. */
export function shapeOf(input: PersistenceInput): { readonly n: number; readonly d?: number } {
  if (isDistanceMatrix(input)) return { n: input.n };
  const [n, d] = toPointCloud(input).shape;
  return { n, d };
}

/**
 * A forecast in words, a line each; for `--dry-run`.
 * @param replicates more choices of landmarks, each of which takes as long
 */
export function forecastInWords(
  name: string,
  input: PersistenceInput,
  told: Forecast,
  options: ForecastOptions,
  replicates?: number,
): string {
  const { n, d } = shapeOf(input);
  const { plan, threads, pilot, fits } = told;
  const { limit, process } = told.memory;
  const points = `${n} ${n === 1 ? "point" : "points"}${d === undefined ? "" : ` in ${d} dimensions`}`;
  const tight = fits ? "" : `: may not suffice; some ${told.pointsThatFit} such points fit`;
  return [
    `${name}: ${points}${options.landmarks ? `, ${told.n} landmarks` : ""}`,
    `  plan       ${plan} (${ways[plan]})`,
    `  guarantee  ${guarantee(options)}`,
    `  time       ${timeInWords(told, options)}, ${threads} ${threads === 1 ? "thread" : "threads"}${phasesInWords(told)}${replicatesInWords(told, replicates)}`,
    `  memory     ${memoryInWords(told)} of engine memory (limit ${memory(limit)}${tight}), ${memory(process)} the process`,
    `  found out  by computing ${pilot.sizes.join(" and ")} of the points in ${seconds(pilot.seconds)}`,
  ].join("\n");
}

/**
 * The line a long run begins with.
 * @param replicates as for {@link forecastInWords}
 */
export function announcement(name: string, told: Forecast, options: ForecastOptions, replicates?: number): string {
  const { plan, threads } = told;
  return `${name}: ${told.n} points should take ${timeInWords(told, options)} and ${memoryInWords(told)} of engine memory; plan ${plan}, ${threads} ${threads === 1 ? "thread" : "threads"}; ${guarantee(options)}${replicatesInWords(told, replicates)}`;
}

function memoryInWords({ memory: { engine } }: Forecast): string {
  if (engine.high === Infinity) return `at least ${memory(engine.expected)}`;
  return memory(engine.high) === memory(engine.expected)
    ? memory(engine.expected)
    : `about ${memory(engine.expected)}, at most ${memory(engine.high)}`;
}

function timeInWords(
  told: Forecast,
  { plan = "automatic", timeout }: Pick<ForecastOptions, "plan" | "timeout">,
): string {
  const { expected, low, high } = told.seconds;
  if (timeout !== undefined && told.inTime !== "yes") {
    const late = told.inTime === "no" ? "will end before" : "may end before";
    return `${timeInWords(told, { plan })}; the time-out of ${seconds(timeout / 1000)} ${late} that`;
  }
  if (high === Infinity && told.plan !== "stream" && told.plan !== "lazy")
    return `at least ${seconds(expected)}, and nothing bounds it (columns grow long: take fewer points or a lower dimension or threshold)`;
  if (high === Infinity) {
    const why =
      plan === "automatic"
        ? "has not memory enough: take landmarks or a sample, or raise the memory limit up to 4 GiB"
        : `was not asked for: leave out --plan ${plan}`;
    return `at least ${seconds(expected)} and may run out of memory (classes live long, and the plan lunes, which does not mind, ${why})`;
  }
  return `about ${seconds(expected)} (${seconds(low)} to ${seconds(high)})`;
}

/** A replicate is one more computation on as many landmarks. */
function replicatesInWords({ seconds: { expected } }: Forecast, replicates: number | undefined): string {
  if (replicates === undefined) return "";
  return `; then ${replicates} more ${replicates === 1 ? "choice" : "choices"} of landmarks, about ${seconds(replicates * expected)}`;
}

function phasesInWords({ phases, seconds: { expected } }: Forecast): string {
  // Phases of less than a second are told in tenths that no longer add up.
  if (expected < 1) return "";
  const large = Object.entries(phases).filter(([, time]) => time > 0.02 * expected);
  return large.length > 1 ? `: ${large.map(([name, time]) => `${name} ${seconds(time)}`).join(", ")}` : "";
}

/** An estimate for people, also of little time. */
function seconds(time: number): string {
  if (time < 0.1) return "0.1 s";
  return time < 20 ? `${time < 9.95 ? time.toFixed(1) : Math.round(time)} s` : roughly(time);
}

/** Seconds by the laws from which on a call is announced: pilots then cost a twentieth of it. Also where somebody asks. */
const LONG = 6;
const LONG_ENOUGH = 0.5;
/** Points from which on simplices are counted before they are computed with. */
const MANY = 500;

/**
 * Whether a call takes long enough for a forecast to be worth the time it costs; told from sizes.
 * @param asked somebody wants to know: then calls of a moment are enough
 */
export function worthForecast(input: PersistenceInput, options: ForecastOptions, asked = false): boolean {
  const seconds = likelySeconds(input, options);
  if (seconds !== undefined) return seconds >= (asked ? LONG_ENOUGH : LONG);
  const { n } = shapeOf(input);
  return Math.min(n, options.landmarks?.count ?? n) >= (asked ? MANY / 4 : MANY);
}

/**
 * Forecasts beside the truth: every case of forecast-cases.ts is forecast, twice, then computed. Times are user seconds of all
 * processors, the least of some runs; memory is what the engine allocated. `--only WORDS` takes the cases whose name has
 * them, `--most SECONDS` leaves out runs that should take longer, `--truth FILE` takes measured values from a file saved
 * before, `--save FILE` writes the rows as JSON.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { type Forecast, type ForecastOptions, forecast, type PersistenceInput, persistence, sparseRips } from "bettina";
import { type ForecastCase, forecastCases } from "./forecast-cases.js";

/** What a computation took. */
interface Truth {
  readonly plan: string;
  readonly seconds: number;
  readonly memory: number;
}

/** A case, what was told of it and what came of it. */
interface Row {
  readonly name: string;
  readonly n: number;
  readonly told: { readonly plan: string; readonly low: number; readonly seconds: number; readonly high: number };
  /** Bytes. */
  readonly memory: { readonly low: number; readonly expected: number; readonly high: number };
  /** User seconds that the forecast took. */
  readonly cost: number;
  /** Whether a second forecast told the same but for the time. */
  readonly same: boolean;
  readonly truth: Truth;
}

const { values: options } = parseArgs({
  options: {
    only: { type: "string", default: "" },
    most: { type: "string", default: "60" },
    truth: { type: "string" },
    save: { type: "string" },
  },
});

const known = options.truth ? (JSON.parse(readFileSync(options.truth, "utf8")) as Row[]) : [];
const rows: Row[] = [];
console.log(
  "| case | plan | forecast, s | took, s | ratio | forecast, MB | took, MB | of the forecast's high | forecast cost, s |",
);
console.log("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
for (const one of forecastCases.filter(({ name }) => name.includes(options.only))) {
  const row = await measure(one);
  if (!row) continue;
  rows.push(row);
  console.log(line(row));
  if (options.save) writeFileSync(options.save, `${JSON.stringify(rows, null, 1)}\n`);
}
const off = rows.map(({ told, truth }) => Math.max(told.seconds / truth.seconds, truth.seconds / told.seconds));
console.log(
  `\n${rows.length} cases; time within a factor 2: ${off.filter((x) => x <= 2).length}, 3: ${off.filter((x) => x <= 3).length}, worst ${Math.max(...off).toFixed(1)}.`,
);
console.log(`Memory above the high end: ${rows.filter(({ memory, truth }) => truth.memory > memory.high).length}.`);
console.log(
  `Plan otherwise: ${
    rows
      .filter(({ told, truth }) => told.plan !== truth.plan)
      .map(({ name }) => name)
      .join("; ") || "none"
  }.`,
);
console.log(
  `Told otherwise the second time: ${
    rows
      .filter(({ same }) => !same)
      .map(({ name }) => name)
      .join("; ") || "none"
  }.`,
);

async function measure({ name, make, options: asked }: ForecastCase): Promise<Row | undefined> {
  const input = await make();
  if (!input) return undefined;
  const before = process.cpuUsage();
  const told = await forecast(input, asked);
  const { user } = process.cpuUsage(before);
  const again = await forecast(input, asked);
  const truth = known.find((row) => row.name === name)?.truth ?? (await run(input, asked));
  if (!truth) return undefined;
  const { low, expected, high } = told.seconds;
  const share = told.cpuSeconds / expected;
  return {
    name,
    n: told.n,
    told: { plan: told.plan, low: low * share, seconds: told.cpuSeconds, high: high * share },
    memory: told.memory.engine,
    cost: user / 1e6,
    same: JSON.stringify(timeless(told)) === JSON.stringify(timeless(again)),
    truth,
  };
}

/** What may not change from one forecast to the next. */
function timeless({ plan, memory, fits, longClasses, pilot }: Forecast) {
  return { plan, engine: memory.engine, fits, longClasses, sizes: pilot.sizes };
}

/** The least of three runs, of fewer when they are long. */
async function run(
  input: PersistenceInput,
  { epsilon, seed: _, ...rest }: ForecastOptions,
): Promise<Truth | undefined> {
  let best: Truth | undefined;
  let spent = 0;
  for (let i = 0; i < 8 && (i < 3 || spent < 0.5) && (i === 0 || spent < 8); i++) {
    const before = process.cpuUsage();
    const ready = epsilon === undefined ? input : await sparseRips(input, epsilon);
    const { memory, plans } = await persistence(ready, rest);
    const { user, system } = process.cpuUsage(before);
    const seconds = (user + system) / 1e6;
    spent += seconds;
    if (!best || seconds < best.seconds) best = { plan: plans.at(-1)!, seconds, memory };
  }
  return best;
}

function line({ name, told, memory, cost, truth }: Row): string {
  const time = (x: number) => (x < 0.1 ? x.toFixed(3) : x < 10 ? x.toFixed(2) : x.toFixed(1));
  const mega = (x: number) => (x / 1e6).toFixed(x < 1e7 ? 1 : 0);
  const cells = [
    name,
    told.plan === truth.plan ? told.plan : `${told.plan}, was ${truth.plan}`,
    `${time(told.seconds)} (${time(told.low)}–${time(told.high)})`,
    time(truth.seconds),
    (told.seconds / truth.seconds).toFixed(2),
    `${mega(memory.expected)} (${mega(memory.low)}–${mega(memory.high)})`,
    mega(truth.memory),
    `${Math.round((100 * truth.memory) / memory.high)} %`,
    time(cost),
  ];
  return `| ${cells.join(" | ")} |`;
}

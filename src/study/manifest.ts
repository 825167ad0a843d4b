/** What ran, and on what: the reproducible part goes into `study.json`, the rest into `environment.json`. */
import { readFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import type { Dataset } from "../data/dataset.js";
import { ABI_VERSION } from "../engine/abi.js";
import { loadModule } from "../engine/module.js";
import type { DatasetRecord, VersionRecord } from "./result.js";

/** Versions that are known before a training backend is opened. */
export async function coreVersions(): Promise<Omit<VersionRecord, "tfjs">> {
  const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
    version: string;
  };
  return {
    bettina: version,
    engineAbi: ABI_VERSION,
    engineDigest: (await loadModule()).digest,
    nodeMajor: Number(process.versions.node.split(".")[0]),
    architecture: process.arch,
  };
}

/** The record of a data set. */
export function datasetRecord(data: Dataset): DatasetRecord {
  const { name, generated, note, digest, train, test, classes, features } = data;
  return {
    name,
    generated,
    note,
    digest,
    trainCount: train.shape[0],
    testCount: test.shape[0],
    classes,
    inputDimension: features,
  };
}

/** How long a job took. */
export interface JobSeconds {
  readonly job: string;
  readonly seconds: number;
  /** null for jobs that train nothing. */
  readonly trainingSeconds: number | null;
}

/** One run of a study: from its start to its end or its interruption. */
export interface RunRecord {
  readonly startedAt: string;
  /** The last thing that is known of it, where it was interrupted. */
  readonly endedAt: string;
  readonly seconds: number;
  readonly threads: number;
  /** Jobs finished in it. */
  readonly jobs: number;
}

/**
 * The runs of a study by its log. What an interruption cut off is not in it, and showing a finished study is no run.
 * @param log entries of `run-log.ndjson`
 */
export function runsOf(log: readonly object[]): RunRecord[] {
  type Entry = { at: string; type: string; threads?: number; shown?: boolean };
  const runs: { -readonly [Key in keyof RunRecord]: RunRecord[Key] }[] = [];
  for (const { at, type, threads, shown } of log as Entry[]) {
    if (type === "study-start") runs.push({ startedAt: at, endedAt: at, seconds: 0, threads: threads!, jobs: 0 });
    const run = runs.at(-1);
    if (run === undefined || shown) continue;
    run.endedAt = at;
    run.seconds = (Date.parse(at) - Date.parse(run.startedAt)) / 1000;
    if (type === "job-end") run.jobs++;
  }
  return runs;
}

/** What is worth knowing about a run and differs from run to run: the content of `environment.json`. */
export interface EnvironmentRecord {
  readonly node: string;
  readonly platform: string;
  readonly processor: string;
  readonly cores: number;
  readonly memoryBytes: number;
  /** Highest resident memory of the process, threads included. */
  readonly peakMemoryBytes: number;
  /** Of the last run, as are the times below. */
  readonly threads: number;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly seconds: number;
  /** Every run that worked on the study, the last included. */
  readonly runs: readonly RunRecord[];
  /** Seconds of every job of the study, those of earlier runs by `run-log.ndjson`; in the order of the plan. */
  readonly jobs: readonly JobSeconds[];
}

/** The machine, as `environment.json` records it; names no user, host or path. */
export function machine(): Pick<
  EnvironmentRecord,
  "node" | "platform" | "processor" | "cores" | "memoryBytes" | "peakMemoryBytes"
> {
  const processors = cpus();
  return {
    node: process.versions.node,
    platform: process.platform,
    processor: processors[0]?.model.trim() ?? "unknown",
    cores: processors.length,
    memoryBytes: totalmem(),
    peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
  };
}

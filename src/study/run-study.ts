/** A whole study: from a config to a folder of results. */

import { availableParallelism } from "node:os";
import { checkDataset } from "../data/check-dataset.js";
import { type Dataset, loadDataset } from "../data/dataset.js";
import { CancelledError, throwIfAborted } from "../errors.js";
import type { SweepWidth } from "../network/architecture.js";
import { checkFields, type Known } from "../options.js";
import { compareWithAccuracy } from "../selection/comparison.js";
import { type Enclosure, findEnclosures } from "../selection/enclosure.js";
import { recommend } from "../selection/recommend.js";
import { aCount, aFunction, aText, maybe } from "../shape.js";
import { checkSignal } from "../signal.js";
import { boundsOf } from "./bounds.js";
import { checkConfig, configDigest, orderedWidths, type StudyConfig, withDataset } from "./config.js";
import { formatBettiCsv } from "./csv.js";
import { divergedSentences, withoutDiverged } from "./diverged.js";
import { type JobEndEvent, ProgressMeter, type StudyEvent } from "./events.js";
import { type Job, planStudy } from "./job.js";
import { compareWithKnown } from "./known.js";
import { coreVersions, datasetRecord, type EnvironmentRecord, type JobSeconds, machine, runsOf } from "./manifest.js";
import { curveScales } from "./measure.js";
import type { BackendRecord, FailureRecord, MeasurementRecord, StudyResult, VersionRecord } from "./result.js";
import { checkSamples, drawSamples } from "./samples.js";
import { type BackendChoice, InlineScheduler, type Scheduler, ThreadScheduler } from "./schedulers.js";
import { summariseStudy } from "./statistics.js";
import {
  type FolderState,
  type JobIdentity,
  type JobRecord,
  OtherStudyError,
  pretty,
  Store,
  StoreError,
} from "./store.js";

/** Options of {@link runStudy}. */
export interface RunStudyOptions {
  /** Folder of the study; made when missing. See `store.ts` for what it holds. */
  readonly directory: string;
  /** The data; else they are loaded as the config says. */
  readonly data?: Dataset;
  /** Where to look for MNIST, and where to download it from; see `loadDataset`. */
  readonly source?: { readonly directory?: string; readonly url?: string };
  /**
   * Worker threads; 0 does everything in this thread. Results do not depend on it.
   * @default the number of processors
   */
  readonly threads?: number;
  /** @default "auto" */
  readonly backend?: BackendChoice;
  /** Aborting it ends the study with a CancelledError; finished jobs are kept. */
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: StudyEvent) => void;
  /**
   * Finished jobs found in the folder are not done again, and a finished study is shown. `true` also tries the failed
   * jobs of a finished study again; `false` does every job again.
   */
  readonly resume?: boolean;
  /** Begin anew: remove the study that the folder holds, of this config and data or others. @default false */
  readonly force?: boolean;
  /** Keep every trained network in `weights/<job>/`. Not part of the config: results do not depend on it. @default false */
  readonly saveWeights?: boolean;
}

const runStudyKeys = {
  directory: true,
  data: true,
  source: true,
  threads: true,
  backend: true,
  signal: true,
  onEvent: true,
  resume: true,
  force: true,
  saveWeights: true,
} as const satisfies Known<RunStudyOptions>;

/**
 * Runs a study, or goes on with an interrupted one, and writes its folder. The result is that of `study.json`: the same
 * bytes for the same config, data, backend, Node major and architecture, whatever the threads and interruptions.
 *
 * A job that fails is recorded in `failures` and the others go on.
 * @throws ConfigError for a wrong config or a folder that holds another study or one on other data
 * @throws InputError, BackendError when data or training backend cannot be had, MemoryLimitError for networks too large to
 *   be trained
 * @throws CancelledError when the signal is aborted
 */
export async function runStudy(config: StudyConfig, options: RunStudyOptions): Promise<StudyResult> {
  checkFields(options, runStudyKeys, "the options of runStudy");
  aText(options.directory, "directory");
  maybe(aCount)(options.threads, "threads");
  maybe(aFunction)(options.onEvent, "onEvent");
  checkSignal(options.signal);
  const run = new StudyRun(checkConfig(config), options);
  try {
    return await run.go();
  } finally {
    await run.close();
  }
}

const nothing: FolderState = { manifest: null, faults: [] };

class StudyRun {
  private digest: string;
  private store: Store;
  private readonly startedAt = new Date();
  private readonly clock = performance.now();
  private scheduler: Scheduler | undefined;

  constructor(
    private config: StudyConfig,
    private readonly options: RunStudyOptions,
  ) {
    this.digest = configDigest(config);
    this.store = new Store(options.directory, options.saveWeights);
  }

  async go(): Promise<StudyResult> {
    const { options } = this;
    const { signal } = options;
    throwIfAborted(signal);
    if (options.data !== undefined) checkDataset(options.data);
    const data = options.data ?? (await this.load());
    const config = withDataset(this.config, data.name);
    this.config = config;
    this.digest = configDigest(config);
    // Before anything is written: what cannot be done leaves no folder.
    checkSamples(config, data);
    const { jobs, clouds } = planStudy(config);
    const core = await coreVersions();
    const held = await this.store.holds(config, data.digest).catch((error: unknown) => {
      if (options.force && error instanceof OtherStudyError) return false;
      throw error;
    });
    const anew = !held || options.force === true;
    const { manifest, faults } = anew ? nothing : await this.store.state(this.digest, data.digest);
    // Before the folder is opened: showing writes nothing.
    const shown = manifest !== null && faults.length === 0 ? await this.finished(data, core) : undefined;
    if (shown) {
      const failures = shown.failures.length;
      this.tell({ type: "study-end", shown: true, failures, seconds: this.elapsed(), fraction: 1, etaSeconds: 0 });
      return shown;
    }
    // A folder that keeps networks goes on keeping them: they were among its results.
    const saveWeights = options.saveWeights ?? (!anew && (await this.store.keepsWeights()));
    this.store = new Store(options.directory, saveWeights);
    const { store } = this;
    await store.open(config, data.digest, options.force);
    if (faults.length > 0) this.tell({ type: "damaged", files: faults });

    const threads = options.threads ?? availableParallelism();
    const scheduler =
      threads === 0
        ? new InlineScheduler(data, options.directory, saveWeights)
        : new ThreadScheduler(data, options.directory, Math.min(threads, jobs.length), saveWeights);
    this.scheduler = scheduler;
    const { tfjsVersion, ...backend } = await scheduler.openBackend(options.backend ?? "auto");
    throwIfAborted(signal);
    const versions: VersionRecord = { ...core, tfjs: tfjsVersion };
    const identities = new Map(jobs.map((job) => [job.id, identityOf(job, this.digest, data, versions, backend)]));

    const records = new Map<string, JobRecord>();
    // Its own digest may have been changed along with it; the manifest's was not.
    const changed = new Set(faults.map(({ name }) => name));
    if (options.resume !== false)
      for (const { id } of jobs) {
        if (changed.has(`jobs/${id}.json`)) continue;
        const record = await store.readJob(id, identities.get(id)!);
        if (record) records.set(id, record);
      }
    const pending = jobs.filter(({ id }) => !records.has(id));
    const work = (list: readonly Job[]) => list.reduce((sum, job) => sum + job.estimatedSeconds, 0);
    const meter = new ProgressMeter(work(jobs), work(jobs) - work(pending));
    await store.withdraw();
    this.tell({
      type: "study-start",
      jobs: jobs.length,
      finished: records.size,
      clouds,
      threads: scheduler.threads,
      dataset: datasetRecord(data),
      backend,
      ...meter.progress(),
    });
    const failures = await this.runJobs(pending, identities, scheduler, meter);

    for (const { id } of pending) {
      const record = await store.readJob(id, identities.get(id)!);
      if (record) records.set(id, record);
      else if (!failures.some(({ job }) => job === id))
        failures.push({ job: id, code: "INTERNAL", message: "The job's files were gone when the study ended." });
    }
    const enclosures = await findEnclosures(
      config.classes.map((label) => ({ class: label, points: drawSamples(config, data, "input", label)[0]!.points })),
      { signal },
    );
    const result = this.assemble(jobs, records, failures, enclosures, data, versions, backend);
    await store.write("betti.csv", formatBettiCsv(result.measurements));
    await this.logged;
    const log = await store.readLog();
    await store.write("environment.json", pretty(this.environment(scheduler.threads, jobs, log)));
    await store.write("study.json", pretty(result));
    // Last: who finds it takes the study for finished.
    await store.seal(this.digest, data.digest, [...records.keys()]);
    this.tell({
      type: "study-end",
      shown: false,
      failures: failures.length,
      seconds: this.elapsed(),
      fraction: 1,
      etaSeconds: 0,
    });
    await this.logged;
    return result;
  }

  async close(): Promise<void> {
    await this.scheduler?.close();
    await this.logged;
    // Threads that were ended while writing leave temporary files.
    await this.store.close();
  }

  private load(): Promise<Dataset> {
    const { source, signal } = this.options;
    return loadDataset({
      dataset: this.config.dataset,
      seed: this.config.seed,
      ...source,
      ...(signal ? { signal } : {}),
      onProgress: (event) => this.tell({ type: "data", ...event }),
    });
  }

  /** The result of an earlier run that has nothing left to do. */
  private async finished(data: Dataset, core: Omit<VersionRecord, "tfjs">): Promise<StudyResult | undefined> {
    const { resume, backend } = this.options;
    if (resume === false) return undefined;
    const result = await this.store.readStudy();
    if (!result || (resume && result.failures.length > 0)) return undefined;
    if (result.configDigest !== this.digest || result.dataset.digest !== data.digest) return undefined;
    if (backend !== undefined && backend !== "auto" && backend !== result.backend.name) return undefined;
    for (const [key, value] of Object.entries(core))
      if (result.versions[key as keyof VersionRecord] !== value) return undefined;
    for (const job of planStudy(this.config).jobs) {
      if (result.failures.some((failure) => failure.job === job.id)) continue;
      const identity = identityOf(job, this.digest, data, result.versions, result.backend);
      if (!(await this.store.readJob(job.id, identity))) return undefined;
    }
    return result;
  }

  /** Does the jobs, longest first so that the threads end together, and returns those that failed. */
  private async runJobs(
    pending: readonly Job[],
    identities: ReadonlyMap<string, JobIdentity>,
    scheduler: Scheduler,
    meter: ProgressMeter,
  ): Promise<FailureRecord[]> {
    const { signal } = this.options;
    const failures: FailureRecord[] = [];
    const queue = [...pending].sort((one, other) => other.estimatedSeconds - one.estimatedSeconds);
    // The first error ends the other threads' jobs too.
    const stop = new AbortController();
    const both = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
    const worker = async (): Promise<void> => {
      for (let job = queue.shift(); job; job = queue.shift()) {
        throwIfAborted(both);
        const { id, estimatedSeconds } = job;
        const started = performance.now();
        this.tell({ type: "job-start", job: id, ...meter.progress() });
        const outcome = await scheduler.run(job, identities.get(id)!, {
          signal: both,
          onProgress: ({ phase, done }) => {
            meter.advance(id, done * estimatedSeconds);
            this.tell({ type: "job-progress", job: id, phase, done, ...meter.progress() });
          },
        });
        meter.finish(id, estimatedSeconds);
        const seconds = (performance.now() - started) / 1000;
        if ("code" in outcome && outcome.code === "STORE") throw new StoreError(outcome.message);
        if ("code" in outcome) {
          failures.push(outcome);
          this.tell({ type: "job-failed", ...outcome, ...meter.progress() });
        } else this.tell({ type: "job-end", job: id, seconds, ...outcome, ...meter.progress() });
      }
    };
    const workers = Array.from({ length: scheduler.threads }, () =>
      worker().catch((error: unknown) => {
        stop.abort(error);
        throw error;
      }),
    );
    const outcomes = await Promise.allSettled(workers);
    if (signal?.aborted) throw new CancelledError("Cancelled.", { cause: signal.reason });
    for (const outcome of outcomes) if (outcome.status === "rejected") throw stop.signal.reason;
    return failures.sort((one, other) => (one.job < other.job ? -1 : 1));
  }

  private assemble(
    jobs: readonly Job[],
    records: ReadonlyMap<string, JobRecord>,
    failures: readonly FailureRecord[],
    enclosures: readonly Enclosure[],
    data: Dataset,
    versions: VersionRecord,
    backend: BackendRecord,
  ): StudyResult {
    const { config } = this;
    const widths = orderedWidths(config, data);
    const done = jobs.flatMap(({ id }) => records.get(id) ?? []);
    const networks = done.flatMap(({ network }) => network ?? []);
    const measured = done
      .flatMap((record) => record.measurements.map((measurement, i) => ({ measurement, curves: record.curves[i]! })))
      .sort((one, other) => byPlace(one.measurement, other.measurement, widths));
    const measurements = measured.map(({ measurement }) => measurement);
    const statistics = summariseStudy({
      measurements,
      networks,
      curves: measured.map(({ curves }) => curves),
      distances: done.flatMap(({ distances }) => distances),
      scales: curveScales(config),
    });
    const bounds = boundsOf(config, data);
    const evidence = withoutDiverged(networks, measurements);
    const found = recommend({ ...config, widths, maxDim: config.homology.maxDim, ...evidence, bounds, enclosures });
    const recommendation = { ...found, sentences: [...found.sentences, ...divergedSentences(networks)] };
    const { batchSize } = config.training;
    const { alpha } = config.decision;
    const { readouts } = config;
    return {
      format: "bettina-study",
      formatVersion: 3,
      versions,
      config,
      configDigest: this.digest,
      dataset: datasetRecord(data),
      backend,
      samples: done.flatMap(({ samples }) => samples),
      networks,
      measurements,
      bounds,
      statistics,
      comparisons: compareWithAccuracy({ ...evidence, readouts, batchSize, alpha, recommendation }),
      known: compareWithKnown(measurements, data.expected),
      enclosures,
      recommendation,
      failures,
    };
  }

  private environment(threads: number, plan: readonly Job[], log: readonly object[]): EnvironmentRecord {
    const last = new Map<string, JobSeconds>();
    for (const entry of log as Partial<JobEndEvent>[])
      if (entry.type === "job-end")
        last.set(entry.job!, {
          job: entry.job!,
          seconds: entry.seconds!,
          trainingSeconds: entry.trainingSeconds ?? null,
        });
    return {
      ...machine(),
      threads,
      startedAt: this.startedAt.toISOString(),
      endedAt: new Date().toISOString(),
      seconds: this.elapsed(),
      runs: runsOf(log),
      jobs: plan.flatMap(({ id }) => last.get(id) ?? []),
    };
  }

  private logged: Promise<void> = Promise.resolve();

  private tell(event: StudyEvent): void {
    // Progress within jobs would fill the log; what it says is soon out of date anyway.
    // A study that is shown is not written to, and what is damaged belongs to no run before this one.
    const shown = event.type === "study-end" && event.shown;
    if (!shown && event.type !== "job-progress" && event.type !== "data" && event.type !== "damaged") {
      const line = { at: new Date().toISOString(), ...event };
      this.logged = this.logged.then(() => this.store.log(line)).catch(() => {});
    }
    this.options.onEvent?.(event);
  }

  private elapsed(): number {
    return (performance.now() - this.clock) / 1000;
  }
}

function identityOf(
  { kind }: Job,
  configDigest: string,
  data: Dataset,
  versions: VersionRecord,
  backend: BackendRecord,
): JobIdentity {
  const { bettina, engineDigest, nodeMajor, architecture, tfjs } = versions;
  const trains = kind === "network";
  return {
    configDigest,
    datasetDigest: data.digest,
    bettina,
    engineDigest,
    nodeMajor,
    architecture,
    backend: trains ? backend.name : null,
    tfjs: trains ? tfjs : null,
  };
}

const sourceOrder = ["input", "network", "untrained", "projection", "gaussian"] as const;

/** Source, activation, width (of networks in the order given), seed, layer, class, subsample. */
function byPlace(one: MeasurementRecord, other: MeasurementRecord, widths: readonly SweepWidth[]): number {
  const rank = ({ source, width }: MeasurementRecord) =>
    width === null ? 0 : source === "network" || source === "untrained" ? widths.indexOf(width) : Number(width);
  const text = (value: string | null, against: string | null) => {
    const [first, second] = [value ?? "", against ?? ""];
    return first < second ? -1 : first > second ? 1 : 0;
  };
  return (
    sourceOrder.indexOf(one.source) - sourceOrder.indexOf(other.source) ||
    text(one.activation, other.activation) ||
    rank(one) - rank(other) ||
    (one.seed ?? 0) - (other.seed ?? 0) ||
    one.layer - other.layer ||
    one.class - other.class ||
    one.subsample - other.subsample
  );
}
